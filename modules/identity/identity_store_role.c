/* identity_store_role.c - SQL about roles, posts and signers. */
#include "identity_store.h"

#include "db/db.h"

/* ---- roles ---- */

enum err role_store_put(struct cx *cx, const struct role *r, bool *changed)
{
    TRY(db_exec(cx,
                "insert into identity_role (code, title, about, sort, two_persons, second_factor)"
                " values ($1, $2, $3, $4, $5, $6)"
                " on conflict (code) do update set title = excluded.title, about = excluded.about,"
                " sort = excluded.sort, two_persons = excluded.two_persons,"
                " second_factor = excluded.second_factor"
                " where identity_role.title <> excluded.title"
                " or identity_role.about <> excluded.about or identity_role.sort <> excluded.sort"
                " or identity_role.two_persons <> excluded.two_persons"
                " or identity_role.second_factor <> excluded.second_factor",
                V(r->code), V(r->title), V(r->about), V(r->sort), V((int)r->two_persons),
                V((int)r->second_factor)));
    *changed = db_changed(cx) != 0;
    return OK;
}

enum err role_store_right_put(struct cx *cx, struct str role, struct str right, struct str scope,
                              bool *changed)
{
    TRY(db_exec(cx,
                "insert into identity_role_right (role, right_name, scope) values ($1, $2, $3)"
                " on conflict (role, right_name) do update set scope = excluded.scope"
                " where identity_role_right.scope <> excluded.scope",
                V(role), V(right), V(scope)));
    *changed = db_changed(cx) != 0;
    return OK;
}

enum err role_store_right_drop(struct cx *cx, struct str role, struct str right)
{
    return db_exec(cx, "delete from identity_role_right where role = $1 and right_name = $2",
                   V(role), V(right));
}

static enum err take_rights(struct db_rows *rows, struct role_right *out, size_t max, size_t *n)
{
    while (*n < max && db_next(rows))
        out[(*n)++] = (struct role_right){db_str(rows, 0), db_str(rows, 1)};
    return rows->err;
}

enum err role_store_rights(struct cx *cx, struct str role, struct role_right *out, size_t max,
                           size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(
        cx, &rows,
        "select right_name, scope from identity_role_right where role = $1 order by right_name",
        V(role)));
    return take_rights(&rows, out, max, n);
}

enum err role_store_list(struct cx *cx, struct role *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(cx, &rows,
                 "select code, title, about, sort, two_persons, second_factor from identity_role"
                 " order by sort, code"));
    while (*n < max && db_next(&rows))
        out[(*n)++] =
            (struct role){db_str(&rows, 0),      db_str(&rows, 1),      db_str(&rows, 2),
                          (int)db_int(&rows, 3), db_int(&rows, 4) != 0, db_int(&rows, 5) != 0};
    return rows.err;
}

/* ---- signers ---- */

enum err authority_store_add(struct cx *cx, struct str cert)
{
    return db_exec(cx, "insert into identity_authority (id, cert, made_at) values (1, $1, $2)",
                   VB(cert), V(cx->now));
}

enum err authority_store_find(struct cx *cx, struct str *cert)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select cert from identity_authority where id = 1"));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *cert = db_bytes(&rows, 0);
    return OK;
}

enum err signer_store_add(struct cx *cx, int64_t account, struct str cert, struct str private)
{
    return db_exec(
        cx,
        "insert into identity_signer (account, cert, private, made_at) values ($1, $2, $3, $4)"
        " on conflict (account) do update set cert = excluded.cert, private = excluded.private,"
        " made_at = excluded.made_at",
        V(account), VB(cert), VB(private), V(cx->now));
}

/* unscoped: the key that signs, for the account that approved */
enum err signer_store_find(struct cx *cx, int64_t account, struct str *cert, struct str *private)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select cert, private from identity_signer where account = $1",
                 V(account)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *cert = db_bytes(&rows, 0);
    *private = db_bytes(&rows, 1);
    return OK;
}

/* unscoped: all that keyd has not adopted; what the vault seals begins with 1, a handle with k */
enum err signer_store_old(struct cx *cx, struct signer_row *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(cx, &rows,
                 "select account, private from identity_signer where private < $1"
                 " order by account limit $2",
                 VB(S("k")), V((int64_t)max)));
    while (*n < max && db_next(&rows))
        out[(*n)++] = (struct signer_row){db_int(&rows, 0), db_bytes(&rows, 1)};
    return rows.err;
}

enum err signer_store_adopted(struct cx *cx, int64_t account, struct str was, struct str handle)
{
    return db_exec(cx,
                   "update identity_signer set private = $1 where account = $2 and private = $3",
                   VB(handle), V(account), VB(was));
}
