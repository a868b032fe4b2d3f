/* rotate.c - a new generation of the master key: made, stated, taken into use; keys wrapped anew;
 * the old one retired. Each function is a step that may be the last before a power cut. */
#include "vault_inside.h"

#include "db/db.h"

#include <unistd.h>

/* ---- a new one ---- */

static enum err make_or_settle(struct cx *cx, int dir, const char *name)
{
    unsigned char key[KEY_BYTES];
    enum err e = key_read(cx, dir, name, key);
    wipe(key, sizeof key);
    if (e == ERR_NOT_FOUND)
        return key_write(cx, dir, name);
    return e == OK ? key_settle(cx, dir, name) : e; /* of a try that was cut off */
}

enum err vault_master_make(struct cx *cx, int64_t generation, struct str *print)
{
    unsigned char key[KEY_BYTES];
    int dir;
    TRY(key_dir(cx, false, &dir));
    const enum err e = make_or_settle(cx, dir, master_name(cx, generation));
    close(dir);
    TRY(e);
    master_forget(vault_of(cx), generation); /* what is in the file counts */
    TRY(master_get(cx, generation, key));
    *print = master_print(cx, key);
    wipe(key, sizeof key);
    return OK;
}

enum err vault_master_state(struct cx *cx, int64_t generation, struct str print)
{
    return db_exec(cx,
                   "insert into vault_master (id, print, made_at, used_at) values ($1, $2, $3, 0)",
                   V(generation), V(print), V(cx->now));
}

enum err vault_master_use(struct cx *cx, int64_t generation)
{
    TRY(db_exec(cx, "update vault_master set used_at = $1 where id = $2 and used_at = 0",
                V(cx->now), V(generation)));
    return db_changed(cx) == 1 ? OK : fail(cx, ERR_CONFLICT, "vault_master was changed meanwhile");
}

/* ---- keys wrapped anew ---- */

static enum err take_some(struct cx *cx, int64_t after, struct wrapped *out, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select id, tag, wrapped, generation from vault_subject where id > $1"
                 " order by id limit $2",
                 V(after), V(VAULT_REWRAP_MAX)));
    for (*n = 0; *n < VAULT_REWRAP_MAX && db_next(&rows); ++*n)
        out[*n] = (struct wrapped){.subject = db_int(&rows, 0),
                                   .tag = db_bytes(&rows, 1),
                                   .bytes = db_bytes(&rows, 2),
                                   .generation = db_int(&rows, 3)};
    return rows.err;
}

static enum err wrap_anew(struct cx *cx, const struct wrapped *old, int64_t to)
{
    unsigned char key[KEY_BYTES];
    struct wrapped new = *old;
    new.generation = to;
    TRY(unwrap(cx, old, key));
    const enum err e = wrap(cx, &new, (struct str){(char *)key, KEY_BYTES}, &new.bytes);
    wipe(key, sizeof key);
    TRY(e);
    return db_exec(cx,
                   "update vault_subject set wrapped = $1, generation = $2"
                   " where id = $3 and wrapped = $4",
                   VB(new.bytes), V(to), V(old->subject), VB(old->bytes));
}

/* Erased by a program from before generations: the row still names one. */
static enum err let_go(struct cx *cx, const struct wrapped *erased)
{
    return db_exec(cx,
                   "update vault_subject set generation = null where id = $1 and wrapped is null",
                   V(erased->subject));
}

enum err vault_rewrap_some(struct cx *cx, struct vault_rewrap *r)
{
    struct wrapped *some = NEW_N(cx->arena, struct wrapped, VAULT_REWRAP_MAX);
    size_t n;
    TRY(take_some(cx, r->after, some, &n));
    for (size_t i = 0; i < n; i++) {
        const bool erased = some[i].bytes.n == 0;
        if (erased && some[i].generation)
            TRY(let_go(cx, &some[i]));
        if (erased || GENERATION_OF(some[i]) == r->to)
            continue;
        TRY(wrap_anew(cx, &some[i], r->to));
        r->done++;
    }
    r->end = n == 0;
    r->after = n ? some[n - 1].subject : r->after;
    return OK;
}

/* ---- the old one ---- */

enum err vault_wrapped_by(struct cx *cx, int64_t generation, int64_t *keys)
{
    return db_one_int(cx, keys,
                      "select count(*) from vault_subject"
                      " where wrapped is not null and coalesce(generation, 1) = $1",
                      V(generation));
}

/* From before keyd, and nobody took them there since. */
static enum err holds_signing_keys(struct cx *cx, bool *holds)
{
    auto_rows rows = {0};
    *holds = false;
    TRY(db_query(cx, &rows, "select sealed from vault_key"));
    while (db_next(&rows))
        *holds |= !keyd_is_handle(db_bytes(&rows, 0));
    return rows.err;
}

enum err vault_master_retire(struct cx *cx, int64_t generation)
{
    bool signs;
    TRY(holds_signing_keys(cx, &signs));
    if (signs && generation == 1)
        return fail(
            cx, ERR_CONFLICT,
            T("Khóa ký còn nằm dưới khóa chủ đầu tiên. Chạy tinhso-keyd rồi làm lại: khóa ký sẽ chuyển sang đó."));
    /* The foreign key answers for what other nodes do meanwhile. */
    return db_exec(cx, "delete from vault_master where id = $1", V(generation));
}
