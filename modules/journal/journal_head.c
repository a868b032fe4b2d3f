/* journal_head.c - signed heads of the log and the witness file outside of the database. */
#include "journal_head.h"

#include "journal_store_log.h"
#include "log/log.h"
#include "vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines of the witness file, oldest first; the key stands before the heads it signed:
 *   key <key id> <SubjectPublicKeyInfo, base64url>
 *   head <key id> <size> <root hex> <at> <signature, base64url> */
#define LINE_BYTES 1024
#define PAGE 64
#define TEXT_HEADS 50 /* of a letter */

struct str journal_head_text(struct cx *cx, const struct journal_head *h)
{
    return str_fmt(cx->arena, "tinhso journal head\n%.*s\n%lld\n%.*s\n%lld\n", F(h->key_id),
                   (long long)h->size, F(str_hex(cx->arena, HASH_STR(h->root))), (long long)h->at);
}

static struct str key_id_of(struct cx *cx, struct str public_der)
{
    struct hash h = sha256(public_der);
    return str_hex(cx->arena, HASH_STR(h));
}

enum err journal_make_head(struct cx *cx, struct journal_head *out)
{
    struct journal_tree tree;
    struct journal_head last = {0};
    *out = (struct journal_head){0};
    TRY(journal_tree_now(cx, &tree));
    enum err e = journal_head_last(cx, &last);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (tree.size == last.size)
        return OK;
    struct key *k;
    TRY(vault_key(cx, S("journal"), &k));
    /* Later than the last even when the clock went back: the witness file goes by time. */
    int64_t at = cx->now > last.at ? cx->now : last.at + 1;
    struct journal_head h = {.size = tree.size, .root = tree.root, .at = at};
    struct str der;
    e = key_public_der(cx, k, &der);
    if (e == OK) {
        h.key_id = key_id_of(cx, der);
        e = key_sign(cx, k, journal_head_text(cx, &h), &h.signature);
    }
    key_free(k);
    if (e == OK)
        *out = h;
    return e;
}

enum err journal_sign_head(struct cx *cx)
{
    struct journal_head h;
    TRY(journal_make_head(cx, &h));
    return h.size ? journal_head_store(cx, &h) : OK;
}

struct str journal_witness_path(struct cx *cx)
{
    struct str otherwise = str_fmt(cx->arena, "%.*s/witness/heads.log", F(cx->env->data_dir));
    return cx->env->settings ? setting(cx->env->settings, S("witness.path"), otherwise) : otherwise;
}

/* ---- reading the file ---- */

static bool head_line(struct cx *cx, struct str rest, struct journal_head *h)
{
    struct str size, root, at, signature, bytes;
    bool cut = str_cut(rest, ' ', &h->key_id, &rest) && str_cut(rest, ' ', &size, &rest) &&
               str_cut(rest, ' ', &root, &rest) && str_cut(rest, ' ', &at, &signature);
    if (!cut || !str_int(size, &h->size) || !str_int(at, &h->at) ||
        !str_unhex(cx->arena, root, &bytes))
        return false;
    if (bytes.n != HASH_BYTES || !str_unbase64url(cx->arena, signature, &h->signature))
        return false;
    memcpy(h->root.b, bytes.p, HASH_BYTES);
    return h->size > 0;
}

bool witness_line_read(struct cx *cx, struct str line, struct witness_line *out)
{
    struct str word, rest;
    *out = (struct witness_line){0};
    if (!str_cut(line, ' ', &word, &rest))
        return false;
    if (str_eq(word, S("head"))) {
        out->is_head = true;
        return head_line(cx, rest, &out->head);
    }
    struct str der;
    return str_eq(word, S("key")) && str_cut(rest, ' ', &out->head.key_id, &der) &&
           str_unbase64url(cx->arena, der, &out->public_der);
}

enum err witness_each(struct cx *cx, FILE *f, off_t *whole, witness_fn *fn, void *state)
{
    char bytes[LINE_BYTES];
    *whole = 0;
    for (int64_t number = 1; fgets(bytes, sizeof bytes, f); number++) {
        struct str s = str_c(bytes);
        if (s.n == 0 || s.p[s.n - 1] != '\n') {
            if (feof(f))
                break; /* torn by a crash while it was written */
            return fail(cx, ERR_INVALID, T("Dòng %lld của tệp nhân chứng không đọc được."),
                        (long long)number);
        }
        struct arena_mark here = arena_here(cx->arena);
        struct witness_line line;
        if (!witness_line_read(cx, str_until(s, s.n - 1), &line))
            return fail(cx, ERR_INVALID, T("Dòng %lld của tệp nhân chứng không đọc được."),
                        (long long)number);
        *whole += (off_t)s.n;
        TRY(fn(cx, state, number, &line));
        arena_back(cx->arena, here);
    }
    return ferror(f) ? fail(cx, ERR_IO, "cannot read the witness file") : OK;
}

/* ---- appending to it ---- */

struct tail {
    int64_t at; /* of the last head */
    char key_id[2 * HASH_BYTES];
    bool has_key;
};

static enum err note_tail(struct cx *, void *state, int64_t, const struct witness_line *line)
{
    struct tail *t = state;
    if (line->is_head)
        t->at = line->head.at;
    else if (line->head.key_id.n == sizeof t->key_id) {
        memcpy(t->key_id, line->head.key_id.p, sizeof t->key_id);
        t->has_key = true;
    }
    return OK;
}

static enum err put_line(struct cx *cx, int fd, struct str line)
{
    return write(fd, line.p, line.n) == (ssize_t)line.n
               ? OK
               : fail(cx, ERR_IO, "cannot write the witness file: %s", strerror(errno));
}

static struct str key_line(struct cx *cx, struct str key_id, struct str der)
{
    return str_fmt(cx->arena, "key %.*s %.*s\n", F(key_id), F(str_base64url(cx->arena, der)));
}

static struct str line_of_head(struct cx *cx, const struct journal_head *h)
{
    return str_fmt(cx->arena, "head %.*s %lld %.*s %lld %.*s\n", F(h->key_id), (long long)h->size,
                   F(str_hex(cx->arena, HASH_STR(h->root))), (long long)h->at,
                   F(str_base64url(cx->arena, h->signature)));
}

static enum err put_key(struct cx *cx, int fd, const struct journal_head *h, struct tail *t)
{
    if (t->has_key && str_eq(h->key_id, (struct str){t->key_id, sizeof t->key_id}))
        return OK;
    struct key *k;
    struct str der;
    TRY(vault_key(cx, S("journal"), &k));
    enum err e = key_public_der(cx, k, &der);
    key_free(k);
    TRY(e);
    if (!str_eq(h->key_id, key_id_of(cx, der)) || h->key_id.n != sizeof t->key_id)
        return OK; /* signed with a key we no longer have: the head goes alone */
    memcpy(t->key_id, h->key_id.p, sizeof t->key_id);
    t->has_key = true;
    return put_line(cx, fd, key_line(cx, h->key_id, der));
}

static enum err put_head(struct cx *cx, int fd, const struct journal_head *h, struct tail *t)
{
    TRY(put_key(cx, fd, h, t));
    return put_line(cx, fd, line_of_head(cx, h));
}

/* By time and not by size: after a restore the log is shorter than the last witnessed head. */
static enum err put_missing(struct cx *cx, int fd, struct tail *t, bool *grew)
{
    struct journal_head *heads = NEW_N(cx->arena, struct journal_head, PAGE);
    int64_t after = 0, seen = t->at;
    for (size_t n = PAGE; n == PAGE;) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(journal_store_log_heads(cx, after, seen, heads, PAGE, &n));
        for (size_t i = 0; i < n; i++) {
            TRY(put_head(cx, fd, &heads[i], t));
            after = heads[i].size;
            *grew = true;
        }
        arena_back(cx->arena, here);
    }
    return OK;
}

static enum err bring_up_to_date(struct cx *cx, FILE *f, bool *grew)
{
    struct tail t = {0};
    off_t whole;
    TRY(witness_each(cx, f, &whole, note_tail, &t));
    int fd = fileno(f);
    if (ftruncate(fd, whole) != 0 || lseek(fd, 0, SEEK_END) < 0)
        return fail(cx, ERR_IO, "cannot write the witness file: %s", strerror(errno));
    TRY(put_missing(cx, fd, &t, grew));
    return *grew && fsync(fd) != 0
               ? fail(cx, ERR_IO, "cannot fsync the witness file: %s", strerror(errno))
               : OK;
}

enum err journal_witness(struct cx *cx)
{
    struct str path = journal_witness_path(cx);
    const char *folder = dirname((char *)(uintptr_t)str_dup(cx->arena, path).p);
    if (!folder_make(folder, 0755))
        return fail(cx, ERR_IO, "cannot make %s: %s", folder, strerror(errno));
    int fd = open(str_z(cx->arena, path), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail(cx, ERR_IO, "cannot open %.*s: %s", F(path), strerror(errno));
    FILE *f = flock(fd, LOCK_EX) == 0 ? fdopen(fd, "r+") : NULL;
    if (!f) {
        close(fd);
        return fail(cx, ERR_IO, "cannot lock %.*s: %s", F(path), strerror(errno));
    }
    bool grew = false;
    enum err e = bring_up_to_date(cx, f, &grew);
    fclose(f);
    if (e == OK && grew)
        log_event(LOG_INFO, "journal.witness");
    if (e == OK && grew && !folder_sync(folder))
        e = fail(cx, ERR_IO, "cannot fsync %s: %s", folder, strerror(errno));
    return e;
}

/* ---- the same lines for a witness elsewhere ---- */

enum err journal_witness_text(struct cx *cx, int64_t since, struct str *text, int64_t *last_at)
{
    struct journal_head *heads = NEW_N(cx->arena, struct journal_head, TEXT_HEADS);
    struct buf b = {.arena = cx->arena, .limit = (size_t)TEXT_HEADS * LINE_BYTES};
    struct key *k;
    struct str der;
    size_t n;
    *last_at = 0;
    *text = S("");
    TRY(journal_store_log_heads(cx, 0, since, heads, TEXT_HEADS, &n));
    if (n == 0)
        return OK;
    TRY(vault_key(cx, S("journal"), &k));
    const enum err e = key_public_der(cx, k, &der);
    key_free(k);
    TRY(e);
    buf_add(&b, key_line(cx, key_id_of(cx, der), der));
    for (size_t i = 0; i < n; i++) {
        buf_add(&b, line_of_head(cx, &heads[i]));
        *last_at = heads[i].at > *last_at ? heads[i].at : *last_at;
    }
    MUST(!b.full);
    *text = buf_str(&b);
    return OK;
}
