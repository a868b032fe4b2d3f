/* journal_verify.c - proves the whole log from its rows and names the first bad record.
 *
 * Walks positions in pages. From each row it computes leaf and nodes anew, keeping one node per
 * level; every stored node, every signed head (of the database and of the witness file) and every
 * payload is compared on the way. What it finds first is what the report names. */
#include "journal_head.h"
#include "journal_store_log.h"
#include "journal_store.h"
#include "db/db.h"
#include "vault/vault.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE 100
#define RESTORES_MAX 64

/* A head of the witness file; its signature is checked when it is read. */
struct witnessed {
    int64_t size, at, line;
    struct hash root;
};
struct restore {
    int64_t position, at;
};

struct walk {
    struct cx *cx;
    const struct journal_check *check;
    struct journal_report *report;
    struct key *key;
    struct str key_id, public_der;
    struct hash node[MERKLE_PROOF_MAX]; /* the latest left subtree of each level: all that is */
    uint64_t index[MERKLE_PROOF_MAX];   /* needed for what follows, and for the root */
    struct journal_head head;           /* the next of the database; size 0: none left */
    struct arena *heads_arena;
    VEC(struct witnessed) heads;
    size_t next_head;
    VEC(struct witnessed) lost; /* not of this log: forgiven only by a later restore */
    struct restore restores[RESTORES_MAX];
    size_t restores_n;
};

/* ---- findings ---- */

[[gnu::format(printf, 4, 5)]] static void bad(struct walk *w, int64_t position, int64_t event,
                                              const char *format, ...)
{
    if (!w->report->sound)
        return; /* the first one counts */
    va_list args;
    va_start(args, format);
    w->report->what = str_vfmt(w->heads_arena, format, args);
    va_end(args);
    w->report->sound = false;
    w->report->bad_position = position;
    w->report->bad_event = event;
}

[[gnu::format(printf, 2, 3)]] static void note(struct walk *w, const char *format, ...)
{
    if (!w->check->note)
        return;
    va_list args;
    va_start(args, format);
    w->check->note(w->check->state, str_vfmt(w->cx->arena, format, args));
    va_end(args);
}

/* ---- heads of the database ---- */

static bool head_signed(struct walk *w, const struct journal_head *h)
{
    return str_eq(h->key_id, w->key_id) &&
           key_verify(w->key, journal_head_text(w->cx, h), h->signature);
}

static enum err next_head(struct walk *w)
{
    size_t n;
    struct journal_head h;
    TRY(journal_store_log_heads(w->cx, w->head.size, INT64_MIN, &h, 1, &n));
    if (n == 0) {
        w->head = (struct journal_head){.size = INT64_MAX};
        return OK;
    }
    if (!w->key || !head_signed(w, &h))
        bad(w, 0, 0, T("journal_head %lld: chữ ký không đúng"), (long long)h.size);
    w->head = (struct journal_head){.size = h.size, .at = h.at, .root = h.root};
    return OK;
}

static enum err node_here(void *from, int level, uint64_t index, struct hash *out)
{
    struct walk *w = from;
    MUST(w->index[level] == index);
    *out = w->node[level];
    return OK;
}

static enum err compare_heads(struct walk *w, int64_t size)
{
    bool database = w->head.size == size;
    bool witness = w->next_head < w->heads.n && w->heads.p[w->next_head].size == size;
    if (!database && !witness)
        return OK;
    struct hash root;
    TRY(merkle_root((uint64_t)size, node_here, w, &root));
    for (; w->next_head < w->heads.n && w->heads.p[w->next_head].size == size; w->next_head++) {
        w->report->witnessed++;
        if (memcmp(root.b, w->heads.p[w->next_head].root.b, HASH_BYTES) != 0)
            *vec_add(w->heads_arena, &w->lost) = w->heads.p[w->next_head];
    }
    if (!database)
        return OK;
    w->report->heads++;
    if (memcmp(root.b, w->head.root.b, HASH_BYTES) != 0)
        bad(w, size, 0, T("journal_head %lld: gốc cây khác với gốc tính lại từ các sự kiện"),
            (long long)size);
    return next_head(w);
}

/* ---- one row ---- */

static enum err compare_node(void *state, int level, uint64_t index, const struct hash *h)
{
    struct walk *w = state;
    if (index % 2 == 0) {
        w->node[level] = *h;
        w->index[level] = index;
    }
    if (level == 0)
        return OK; /* the caller compared the leaf */
    struct hash stored;
    enum err e = journal_store_log_hash(w->cx, level, index, &stored);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || memcmp(stored.b, h->b, HASH_BYTES) != 0)
        bad(w, (int64_t)((index + 1) << level), 0, T("journal_node tầng %d số %llu: %s"), level,
            (unsigned long long)index,
            e == OK ? T("khác với giá trị tính lại từ các sự kiện") : T("bị mất"));
    return OK;
}

static enum err payload_gone(struct walk *w, const struct event_record *e)
{
    struct str order;
    TRY(journal_store_order(w->cx, e->payload_subject, &order));
    if (e->payload_subject == 0 || order.n == 0) {
        bad(w, e->position, e->id,
            T("journal_payload của sự kiện %lld: nội dung bị mất, không có quyết định xóa"),
            (long long)e->id);
        return OK;
    }
    w->report->erased++;
    note(w, T("Sự kiện %lld: nội dung đã xóa theo quyết định %.*s."), (long long)e->id, F(order));
    return OK;
}

static enum err check_payload(struct walk *w, const struct event_record *e, const struct body *b)
{
    if (!e->has_payload) {
        if (b->present)
            bad(w, e->position, e->id,
                T("journal_payload của sự kiện %lld: sự kiện này không có nội dung"),
                (long long)e->id);
        return OK;
    }
    struct str payload;
    enum err err = journal_body_open(w->cx, e, b, &payload);
    if (err == ERR_NOT_FOUND)
        return payload_gone(w, e);
    if (err == OK)
        w->report->payloads++;
    else
        bad(w, e->position, e->id, T("journal_payload của sự kiện %lld: nội dung đã bị sửa"),
            (long long)e->id);
    return err == ERR_BUSY ? err : OK;
}

static void remember_restore(struct walk *w, const struct event_record *e)
{
    if (!str_eq(e->kind, RESTORED_KIND) || w->restores_n == RESTORES_MAX)
        return;
    w->restores[w->restores_n++] = (struct restore){e->position, e->at};
    note(w, T("Vị trí %lld: dữ liệu được khôi phục từ bản sao lưu lúc %.*s."),
         (long long)e->position, F(time_vi(w->cx->arena, e->at)));
}

static enum err check_row(struct walk *w, struct log_row *row)
{
    int64_t position = w->report->size + 1;
    if (row->position != position) {
        bad(w, position, 0, T("journal_position %lld: bị mất"), (long long)position);
        return OK;
    }
    if (!row->has_event) {
        bad(w, position, row->event_id, T("journal_event %lld (vị trí %lld): bị mất"),
            (long long)row->event_id, (long long)position);
        return OK;
    }
    row->event.position = position;
    struct hash leaf = merkle_leaf(journal_leaf_bytes(w->cx, &row->event));
    if (!str_eq(HASH_STR(leaf), row->leaf)) {
        bad(w, position, row->event_id,
            T("journal_event %lld (vị trí %lld): đã bị sửa, hoặc dòng journal_position của nó đã bị sửa"),
            (long long)row->event_id, (long long)position);
        return OK;
    }
    TRY(merkle_append((uint64_t)position - 1, &leaf, node_here, compare_node, w));
    if (!w->check->skip_payloads)
        TRY(check_payload(w, &row->event, &row->body));
    remember_restore(w, &row->event);
    w->report->size = position;
    return compare_heads(w, position);
}

/* The last page and what is checked after it see one snapshot. */
static enum err walk_log(struct walk *w)
{
    struct log_row *rows = NEW_N(w->cx->arena, struct log_row, PAGE);
    for (size_t n = PAGE; n == PAGE && w->report->sound;) {
        struct arena_mark here = arena_here(w->cx->arena);
        TRY(journal_store_log(w->cx, w->report->size, rows, PAGE, &n));
        for (size_t i = 0; i < n && w->report->sound; i++)
            TRY(check_row(w, &rows[i]));
        arena_back(w->cx->arena, here);
        if (n == PAGE)
            db_rest(w->cx); /* what was walked cannot change lawfully; writers need the snapshot's
                               room */
    }
    return OK;
}

/* ---- the witness file ---- */

static enum err take_witness_line(struct cx *cx, void *state, int64_t number,
                                  const struct witness_line *line)
{
    struct walk *w = state;
    if (!line->is_head) {
        if (!str_eq(line->public_der, w->public_der))
            bad(w, 0, 0,
                T("Dòng %lld của tệp nhân chứng: khóa ký khác với khóa trong cơ sở dữ liệu"),
                (long long)number);
        return OK;
    }
    const struct journal_head *h = &line->head;
    if (!w->key || !head_signed(w, h)) {
        bad(w, 0, 0, T("Dòng %lld của tệp nhân chứng: chữ ký không đúng"), (long long)number);
        return OK;
    }
    if (arena_room(w->heads_arena) < 4 * (w->heads.n + 64) * sizeof(struct witnessed))
        return fail(cx, ERR_LIMIT, T("Tệp nhân chứng quá dài: %zu đầu nhật ký."), w->heads.n);
    *vec_add(w->heads_arena, &w->heads) = (struct witnessed){h->size, h->at, number, h->root};
    return OK;
}

static int by_size(const void *a, const void *b)
{
    const struct witnessed *x = a, *y = b;
    return x->size < y->size ? -1 : x->size > y->size;
}

static enum err read_witness(struct walk *w)
{
    if (w->check->head_file.n == 0)
        return OK;
    FILE *f = fopen(str_z(w->cx->arena, w->check->head_file), "re");
    if (!f)
        return fail(w->cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %.*s: %s",
                    F(w->check->head_file), strerror(errno));
    off_t whole;
    enum err e = witness_each(w->cx, f, &whole, take_witness_line, w);
    fclose(f);
    if (e == OK && w->heads.n)
        qsort(w->heads.p, w->heads.n, sizeof *w->heads.p, by_size);
    return e;
}

/* A restore at position p, later than the head was signed, is why the log no longer has it. It
 * does not clear anybody: it is told, and the witness file shows how much was lost. */
static bool lost_by_restore(const struct walk *w, const struct witnessed *h)
{
    for (size_t i = 0; i < w->restores_n; i++)
        if (w->restores[i].at > h->at && w->restores[i].position <= h->size)
            return true;
    return false;
}

static void judge_witness(struct walk *w)
{
    for (; w->next_head < w->heads.n; w->next_head++) {
        w->report->witnessed++;
        *vec_add(w->heads_arena, &w->lost) = w->heads.p[w->next_head];
    }
    for (size_t i = 0; i < w->lost.n; i++) {
        const struct witnessed *h = &w->lost.p[i];
        if (lost_by_restore(w, h))
            note(w,
                 T("Dòng %lld của tệp nhân chứng: đầu nhật ký %lld sự kiện đã mất khi khôi phục."),
                 (long long)h->line, (long long)h->size);
        else if (h->size > w->report->size)
            bad(w, w->report->size + 1, 0,
                T("Nhật ký bị cắt đuôi: có %lld sự kiện, tệp nhân chứng dòng %lld có %lld"),
                (long long)w->report->size, (long long)h->line, (long long)h->size);
        else
            bad(w, h->size, 0,
                T("Nhật ký đã bị viết lại: %lld sự kiện đầu không cho ra gốc cây ở dòng %lld của tệp nhân chứng"),
                (long long)h->size, (long long)h->line);
    }
}

/* ---- what stands beside the log ---- */

static enum err check_extra_nodes(struct walk *w)
{
    struct level_count levels[LEVELS_MAX];
    size_t n;
    TRY(journal_store_log_levels(w->cx, levels, &n));
    for (size_t i = 0; i < n; i++) {
        int64_t level = levels[i].level;
        int64_t expected = level < 1 || level > 62 ? 0 : w->report->size >> level;
        if (levels[i].n != expected)
            bad(w, 0, 0,
                T("journal_node tầng %lld số %lld: thừa, nhật ký chỉ có %lld nút ở tầng này"),
                (long long)level, (long long)levels[i].last_index, (long long)expected);
    }
    return OK;
}

/* Not sequenced yet is lawful for events newer than the last that was. An older one was slipped in.
 */
static enum err check_waiting(struct walk *w)
{
    struct event_mark last;
    int64_t size, id;
    TRY(journal_store_last_mark(w->cx, &last, &size));
    TRY(journal_store_waiting(w->cx, last, &w->report->waiting, &id));
    if (id)
        bad(w, 0, id, T("journal_event %lld: không có vị trí trong nhật ký, đã bị chèn vào"),
            (long long)id);
    return OK;
}

static enum err check_rest(struct walk *w)
{
    if (w->head.size != INT64_MAX)
        bad(w, w->report->size + 1, 0,
            T("Nhật ký bị cắt đuôi: có %lld sự kiện, journal_head có %lld"),
            (long long)w->report->size, (long long)w->head.size);
    judge_witness(w);
    TRY(check_extra_nodes(w));
    return check_waiting(w);
}

/* ---- the whole ---- */

static enum err load_key(struct walk *w)
{
    enum err e = vault_key(w->cx, S("journal"), &w->key);
    if (e == ERR_NOT_FOUND)
        return OK; /* never started: then there may be no heads either */
    TRY(e);
    TRY(key_public_der(w->cx, w->key, &w->public_der));
    struct hash id = sha256(w->public_der);
    w->key_id = str_hex(w->cx->arena, HASH_STR(id));
    return OK;
}

static enum err verify(struct walk *w)
{
    TRY(load_key(w));
    TRY(read_witness(w));
    TRY(next_head(w));
    TRY(walk_log(w));
    return w->report->sound ? check_rest(w) : OK;
}

enum err journal_verify(struct cx *cx, const struct journal_check *c, struct journal_report *out)
{
    *out = (struct journal_report){.sound = true};
    struct walk w = {
        .cx = cx, .check = c, .report = out, .heads_arena = arena_new((size_t)64 << 20)};
    if (!w.heads_arena)
        return fail(cx, ERR_IO, "no memory");
    enum err e = verify(&w);
    out->what = str_dup(cx->arena, out->what);
    key_free(w.key);
    arena_free(w.heads_arena);
    return e;
}
