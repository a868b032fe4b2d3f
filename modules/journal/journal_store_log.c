/* journal_store_log.c - the sequencer and the Merkle log: journal_position, journal_node,
 * journal_head. */
#include "journal_store_log.h"

#include "journal_store.h"

#define PAGE 32 /* events held in memory at once */

/* ---- the leaf ---- */

/* Netstrings: "5:hello,". Anybody can compute it again with any tool. */
static void put_text(struct buf *b, struct str s)
{
    buf_int(b, (int64_t)s.n);
    buf_byte(b, ':');
    buf_add(b, s);
    buf_byte(b, ',');
}

static void put_int(struct buf *b, int64_t v)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        digits[--at] = '-';
    put_text(b, (struct str){digits + at, sizeof digits - at});
}

struct str journal_leaf_bytes(struct cx *cx, const struct event_record *e)
{
    struct buf b = {.arena = cx->arena, .limit = 64 * 1024};
    put_text(&b, S("tinhso-event-1"));
    put_int(&b, e->id);
    put_int(&b, e->at);
    put_int(&b, e->tx);
    put_text(&b, e->kind);
    put_text(&b, e->subject_kind);
    put_int(&b, e->subject_id);
    put_text(&b, e->subject_code);
    put_int(&b, e->unit);
    put_text(&b, e->from_state);
    put_text(&b, e->to_state);
    put_int(&b, e->actor_account);
    put_int(&b, e->actor_unit);
    put_int(&b, e->actor_system);
    put_text(&b, e->purpose);
    put_text(&b, e->request_id);
    put_text(&b, e->note_public);
    put_int(&b, e->payload_subject);
    put_text(&b, e->has_payload ? str_hex(cx->arena, HASH_STR(e->commitment)) : S(""));
    return buf_str(&b); /* a row too long for it was not written by us: its leaf will differ */
}

/* ---- rows of the log ---- */

static struct hash hash_from(struct str bytes)
{
    struct hash h = {{0}};
    if (bytes.n == HASH_BYTES)
        memcpy(h.b, bytes.p, HASH_BYTES);
    return h;
}

/* unscoped: hashes alone */
enum err journal_store_log_hash(struct cx *cx, int level, uint64_t index, struct hash *out)
{
    auto_rows rows = {0};
    if (level == 0)
        TRY(db_query(cx, &rows, "select leaf from journal_position where position = $1",
                     V((int64_t)index + 1)));
    else
        TRY(db_query(cx, &rows, "select hash from journal_node where level = $1 and idx = $2",
                     V(level), V((int64_t)index)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = hash_from(db_bytes(&rows, 0));
    return OK;
}

enum err journal_store_log_fetch(void *from, int level, uint64_t index, struct hash *out)
{
    struct cx *cx = from;
    enum err e = journal_store_log_hash(cx, level, index, out);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_IO, "journal_node level %d index %llu is missing", level,
                    (unsigned long long)index);
    return e;
}

/* unscoped: a count */
enum err journal_store_log_size(struct cx *cx, int64_t *size)
{
    return db_one_int(cx, size, "select coalesce(max(position), 0) from journal_position");
}

enum err journal_store_log_levels(struct cx *cx, struct level_count out[LEVELS_MAX], size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select level, count(*), max(idx) from journal_node group by level order by level limit $1",
        V(LEVELS_MAX)));
    for (*n = 0; *n < LEVELS_MAX && db_next(&rows); ++*n)
        out[*n] = (struct level_count){db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2)};
    return rows.err;
}

/* ---- the sequencer ---- */

/* Appending needs only the latest left node of each level: kept here, read from the rows once. */
struct appender {
    struct cx *cx;
    int64_t event_id;
    struct hash left[MERKLE_PROOF_MAX];
    uint64_t index[MERKLE_PROOF_MAX];
    bool known[MERKLE_PROOF_MAX];
};

static void keep(struct appender *a, int level, uint64_t index, const struct hash *h)
{
    if (index % 2)
        return;
    a->left[level] = *h;
    a->index[level] = index;
    a->known[level] = true;
}

static enum err left_node(void *state, int level, uint64_t index, struct hash *out)
{
    struct appender *a = state;
    if (!a->known[level] || a->index[level] != index) {
        TRY(journal_store_log_fetch(a->cx, level, index, out));
        keep(a, level, index, out);
    }
    *out = a->left[level];
    return OK;
}

static enum err store(void *state, int level, uint64_t index, const struct hash *h)
{
    struct appender *a = state;
    keep(a, level, index, h);
    if (level == 0)
        return db_exec(
            a->cx, "insert into journal_position (position, event_id, leaf) values ($1, $2, $3)",
            V((int64_t)index + 1), V(a->event_id), VB(HASH_STR(*h)));
    return db_exec(a->cx, "insert into journal_node (level, idx, hash) values ($1, $2, $3)",
                   V(level), V((int64_t)index), VB(HASH_STR(*h)));
}

static enum err append_page(struct appender *a, int64_t *size, struct event_mark *mark,
                            int64_t horizon, size_t max, size_t *n)
{
    struct event_record *events = NEW_N(a->cx->arena, struct event_record, max);
    TRY(journal_store_unsequenced(a->cx, *mark, horizon, events, max, n));
    for (size_t i = 0; i < *n; i++) {
        struct hash leaf = merkle_leaf(journal_leaf_bytes(a->cx, &events[i]));
        a->event_id = events[i].id;
        TRY(merkle_append((uint64_t)*size, &leaf, left_node, store, a));
        ++*size;
        *mark = (struct event_mark){events[i].tx, events[i].id};
    }
    return OK;
}

/* Everything below the horizon has ended, so nothing can appear before what was taken: the last
 * sequenced event is all the state there is. */
enum err journal_sequence_some(struct cx *cx, size_t max, size_t *n)
{
    struct appender a = {.cx = cx};
    struct event_mark mark;
    int64_t size, horizon = INT64_MAX;
    *n = 0;
    TRY(journal_store_last_mark(cx, &mark, &size));
    if (db_is_postgres(cx))
        TRY(db_horizon(cx, &horizon));
    size_t got = PAGE;
    while (*n < max && got == PAGE) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(append_page(&a, &size, &mark, horizon, PAGE, &got));
        *n += got;
        arena_back(cx->arena, here);
    }
    return OK;
}

enum err journal_sequence(struct cx *cx)
{
    size_t n;
    return journal_sequence_some(cx, SIZE_MAX, &n);
}

/* ---- trees and proofs ---- */

enum err journal_tree_at(struct cx *cx, int64_t size, struct journal_tree *out)
{
    int64_t now;
    TRY(journal_store_log_size(cx, &now));
    if (size < 0 || size > now)
        return fail(cx, ERR_NOT_FOUND, T("Nhật ký chưa có %lld sự kiện."), (long long)size);
    out->size = size;
    return merkle_root((uint64_t)size, journal_store_log_fetch, cx, &out->root);
}

enum err journal_tree_now(struct cx *cx, struct journal_tree *out)
{
    int64_t size;
    TRY(journal_store_log_size(cx, &size));
    return journal_tree_at(cx, size, out);
}

static enum err check_size(struct cx *cx, int64_t inner, int64_t size)
{
    int64_t now;
    TRY(journal_store_log_size(cx, &now));
    if (inner < 1 || inner > size || size > now)
        return fail(cx, ERR_NOT_FOUND, T("Nhật ký không có vị trí %lld trong %lld sự kiện."),
                    (long long)inner, (long long)size);
    return OK;
}

enum err journal_inclusion(struct cx *cx, int64_t position, int64_t size, struct hash *leaf,
                           struct merkle_proof *out)
{
    TRY(check_size(cx, position, size));
    TRY(journal_store_log_fetch(cx, 0, (uint64_t)position - 1, leaf));
    return merkle_inclusion((uint64_t)position - 1, (uint64_t)size, journal_store_log_fetch, cx,
                            out);
}

enum err journal_consistency(struct cx *cx, int64_t old_size, int64_t size,
                             struct merkle_proof *out)
{
    TRY(check_size(cx, old_size, size));
    return merkle_consistency((uint64_t)old_size, (uint64_t)size, journal_store_log_fetch, cx, out);
}

/* ---- heads ---- */

static struct journal_head head_from(struct db_rows *r)
{
    return (struct journal_head){
        .size = db_int(r, 0),
        .root = hash_from(db_bytes(r, 1)),
        .at = db_int(r, 2),
        .key_id = db_str(r, 3),
        .signature = db_bytes(r, 4),
    };
}

enum err journal_head_store(struct cx *cx, const struct journal_head *h)
{
    return db_exec(
        cx,
        "insert into journal_head (size, root, at, key_id, signature) values ($1, $2, $3, $4, $5)"
        " on conflict (size) do nothing",
        V(h->size), VB(HASH_STR(h->root)), V(h->at), V(h->key_id), VB(h->signature));
}

enum err journal_head_last(struct cx *cx, struct journal_head *out)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select size, root, at, key_id, signature from journal_head order by size desc limit 1"));
    if (!db_next(&rows))
        return rows.err ? rows.err : fail(cx, ERR_NOT_FOUND, T("Nhật ký chưa có đầu ký."));
    *out = head_from(&rows);
    return OK;
}

enum err journal_store_log_heads(struct cx *cx, int64_t after, int64_t since,
                                 struct journal_head *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select size, root, at, key_id, signature from journal_head"
                 " where size > $1 and at > $2 order by size limit $3",
                 V(after), V(since), V(max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        out[*n] = head_from(&rows);
    return rows.err;
}
