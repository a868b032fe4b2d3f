/* subject.c - one key for each person or organisation; sealing, opening, erasing. */
#include "vault_inside.h"

#include "db/db.h"
#include "kept/kept.h"

struct str wrap_about(struct cx *cx, int64_t subject, struct str tag)
{
    return str_fmt(cx->arena, "vault_subject.wrapped:%lld:%.*s", (long long)subject,
                   F(str_hex(cx->arena, tag)));
}

enum err wrap(struct cx *cx, const struct wrapped *row, struct str key, struct str *bytes)
{
    unsigned char master[KEY_BYTES];
    TRY(master_get(cx, GENERATION_OF(*row), master));
    *bytes = seal(cx, (struct str){(char *)master, KEY_BYTES},
                  wrap_about(cx, row->subject, row->tag), key);
    wipe(master, sizeof master);
    return OK;
}

enum err unwrap(struct cx *cx, const struct wrapped *w, unsigned char key[KEY_BYTES])
{
    unsigned char master[KEY_BYTES];
    struct str plain;
    TRY(master_get(cx, GENERATION_OF(*w), master));
    const enum err e = unseal(cx, (struct str){(char *)master, KEY_BYTES},
                              wrap_about(cx, w->subject, w->tag), w->bytes, &plain);
    wipe(master, sizeof master);
    TRY(e);
    if (plain.n != KEY_BYTES)
        return fail(cx, ERR_IO, "key of subject %lld has a wrong length", (long long)w->subject);
    memcpy(key, plain.p, KEY_BYTES);
    wipe((void *)(uintptr_t)plain.p, plain.n);
    return OK;
}

/* Wrapped by this generation, if that is what the row says. */
static enum err put_key(struct cx *cx, const struct wrapped *row, struct str key)
{
    struct str bytes;
    TRY(wrap(cx, row, key, &bytes));
    return db_exec(cx,
                   "update vault_subject set wrapped = $1"
                   " where id = $2 and coalesce(generation, 1) = $3",
                   VB(bytes), V(row->subject), V(GENERATION_OF(*row)));
}

/* Another node may have begun a new generation since we looked: then the row says so. */
static enum err put_key_as_the_row_says(struct cx *cx, struct wrapped *row, struct str key)
{
    struct vault *v = vault_of(cx);
    row->generation = v->current;
    TRY(put_key(cx, row, key));
    if (db_changed(cx) == 1)
        return OK;
    TRY(db_one_int(cx, &row->generation,
                   "select coalesce(generation, 1) from vault_subject where id = $1",
                   V(row->subject)));
    TRY(put_key(cx, row, key));
    MUST(db_changed(cx) == 1);
    v->current = row->generation;
    return OK;
}

/* By which master key new ones are wrapped: one process has SQLite's file and knows; else the rows
 * of this transaction say it. */
static enum err insert_row(struct cx *cx, struct wrapped *row)
{
    if (!db_is_postgres(cx))
        return db_insert(cx, &row->subject,
                         "insert into vault_subject (tag, wrapped, made_at, generation)"
                         " values ($1, $2, $3, $4) returning id",
                         VB(row->tag), VB(S("-")), V(cx->now), V(vault_of(cx)->current));
    return db_insert(
        cx, &row->subject,
        "/* postgresql */ insert into vault_subject (tag, wrapped, made_at, generation)"
        " values ($1, $2, $3, (select max(id) from vault_master where used_at > 0))"
        " returning id",
        VB(row->tag), VB(S("-")), V(cx->now));
}

/* The row is written first without its key: the key is sealed to the row's id. */
enum err vault_subject_new(struct cx *cx, int64_t *subject)
{
    struct wrapped row = {.tag = random_bytes(cx, TAG_BYTES)};
    struct str key = random_bytes(cx, KEY_BYTES);
    TRY(insert_row(cx, &row));
    const enum err e = put_key_as_the_row_says(cx, &row, key);
    wipe((void *)(uintptr_t)key.p, key.n);
    cache_drop(vault_of(cx), row.subject); /* the id may be one that was given out and undone */
    *subject = row.subject;
    return e;
}

static enum err erased(struct cx *cx, struct str order_no)
{
    return fail(cx, ERR_NOT_FOUND, T("Đã xóa theo quyết định %.*s."), F(order_no));
}

/* A writer's transaction knows itself by its snapshot's number, which is never used again. */
static int64_t own_transaction(const struct cx *cx)
{
    return db_is_reader(cx) ? 0 : -db_snapshot(cx);
}

static enum err key_of(struct cx *cx, int64_t subject, unsigned char key[KEY_BYTES])
{
    MUST(subject > 0);
    struct vault *v = vault_of(cx);
    int64_t erasures;
    TRY(kept_number(cx, "vault", &erasures));
    const int64_t own = own_transaction(cx);
    if (cache_get(v, cx->env, subject, erasures, key) ||
        (own && cache_get(v, cx->env, subject, own, key)))
        return OK;
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select tag, wrapped, made_at, erased_by, generation from vault_subject"
                 " where id = $1",
                 V(subject)));
    if (!db_next(&rows))
        return rows.err ? rows.err : fail(cx, ERR_IO, "no vault subject %lld", (long long)subject);
    if (db_null(&rows, 1)) {
        cache_drop(v, subject);
        return erased(cx, db_str(&rows, 3));
    }
    const struct wrapped w = {.subject = subject,
                              .generation = db_int(&rows, 4),
                              .tag = db_bytes(&rows, 0),
                              .bytes = db_bytes(&rows, 1)};
    TRY(unwrap(cx, &w, key));
    if (erasures || db_int(&rows, 2) + CACHE_AGE_MS < cx->env->clock(cx->env))
        cache_put(v, cx->env, subject, erasures, key);
    else if (own)
        cache_put(v, cx->env, subject, own, key);
    return OK;
}

enum err vault_seal(struct cx *cx, int64_t subject, struct str about, struct str plain,
                    struct str *sealed)
{
    *sealed = S("");
    if (plain.n == 0)
        return OK;
    unsigned char key[KEY_BYTES];
    TRY(key_of(cx, subject, key));
    *sealed = seal(cx, (struct str){(char *)key, KEY_BYTES}, about, plain);
    wipe(key, sizeof key);
    return OK;
}

enum err vault_open_sealed(struct cx *cx, int64_t subject, struct str about, struct str sealed,
                           struct str *plain)
{
    *plain = S("");
    if (sealed.n == 0)
        return OK;
    unsigned char key[KEY_BYTES];
    TRY(key_of(cx, subject, key));
    enum err e = unseal(cx, (struct str){(char *)key, KEY_BYTES}, about, sealed, plain);
    wipe(key, sizeof key);
    return e;
}

enum err vault_subject_key(struct cx *cx, int64_t subject, struct str *key)
{
    unsigned char bytes[KEY_BYTES];
    TRY(key_of(cx, subject, bytes));
    *key = str_dup(cx->arena, (struct str){(char *)bytes, KEY_BYTES});
    wipe(bytes, sizeof bytes);
    return OK;
}

enum err vault_erased_by(struct cx *cx, int64_t subject, struct str *order_no)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select erased_at, erased_by from vault_subject where id = $1",
                 V(subject)));
    if (!db_next(&rows))
        return rows.err ? rows.err
                        : fail(cx, ERR_NOT_FOUND, T("Không có chủ thể dữ liệu %lld."),
                               (long long)subject);
    *order_no = db_int(&rows, 0) ? db_str(&rows, 1) : S("");
    return OK;
}

enum err vault_erased_after(struct cx *cx, int64_t after, int64_t *subjects, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select id from vault_subject where erased_at > 0 and id > $1 order by id limit $2",
        V(after), V((int64_t)max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        subjects[*n] = db_int(&rows, 0);
    return rows.err;
}

/* ---- erasing ---- */

enum err destroy_key(struct cx *cx, int64_t subject, struct str tag, struct str order_no,
                     int64_t at)
{
    TRY(db_exec(cx,
                "update vault_subject set wrapped = null, generation = null, erased_at = $1,"
                " erased_by = $2 where id = $3 and tag = $4 and wrapped is not null",
                V(at), V(order_no), V(subject), VB(tag)));
    cache_drop(vault_of(cx), subject);
    return OK;
}

enum err vault_erase(struct cx *cx, int64_t subject, struct str order_no)
{
    struct str number = str_trim(order_no);
    if (number.n == 0)
        return fail(cx, ERR_INVALID, T("Nhập số quyết định xóa dữ liệu."));
    struct str before, tag;
    TRY(vault_erased_by(cx, subject, &before));
    if (before.n)
        return fail(cx, ERR_CONFLICT, T("Dữ liệu này đã xóa theo quyết định %.*s."), F(before));
    {
        auto_rows rows = {0};
        TRY(db_query(cx, &rows, "select tag from vault_subject where id = $1", V(subject)));
        MUST(db_next(&rows));
        tag = db_bytes(&rows, 0);
    }
    TRY(destroy_key(cx, subject, tag, number, cx->now));
    MUST(db_changed(cx) == 1);
    return OK;
}
