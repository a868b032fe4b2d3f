/* identity_store_role.c - SQL about roles, posts and signers. */
#include "identity_store.h"

#include "db/db.h"

/* ---- roles ---- */

enum err role_store_put(struct cx *cx, const struct role *r, bool *changed)
{
    TRY(db_exec(cx,
                "insert into identity_role (code, title, about, sort) values ($1, $2, $3, $4)"
                " on conflict (code) do update set title = excluded.title, about = excluded.about,"
                " sort = excluded.sort where identity_role.title <> excluded.title"
                " or identity_role.about <> excluded.about or identity_role.sort <> excluded.sort",
                V(r->code), V(r->title), V(r->about), V(r->sort)));
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
                 "select code, title, about, sort from identity_role order by sort, code"));
    while (*n < max && db_next(&rows))
        out[(*n)++] = (struct role){db_str(&rows, 0), db_str(&rows, 1), db_str(&rows, 2),
                                    (int)db_int(&rows, 3)};
    return rows.err;
}

/* ---- posts ---- */

enum err post_store_add(struct cx *cx, struct post *p)
{
    return db_insert(
        cx, &p->id,
        "insert into identity_post (account, role, unit, from_day, to_day, acting_for, order_no, given_by)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        V(p->account), V(p->role), V(p->unit), V(p->from_day), V(p->to_day),
        V_OR_NULL(p->acting_for), V(p->order_no), V_OR_NULL(cx->actor->account));
}

enum err post_store_end(struct cx *cx, int64_t id)
{
    TRY(db_exec(cx, "update identity_post set ended_at = $1 where id = $2 and ended_at = 0",
                V(cx->now), V(id)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT, T("Vai trò này đã được thu hồi trước đó."));
    return OK;
}

/* In force today. */
#define IN_FORCE " p.ended_at = 0 and p.from_day <= $1 and (p.to_day = 0 or p.to_day >= $1) "

/* unscoped: what an account may do decides the scope of others */
enum err post_store_of(struct cx *cx, int64_t account, int64_t unit, struct post *out, size_t max,
                       size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(
        cx, &rows,
        "select p.id, p.account, p.role, p.unit, p.from_day, p.to_day, p.acting_for, p.order_no, r.title"
        " from identity_post p join identity_role r on r.code = p.role"
        " where" IN_FORCE
        "and p.account = $2 and ($3 = 0 or p.unit = $3) order by p.unit, r.sort, p.id",
        V(day_of(cx->now)), V(account), V(unit)));
    while (*n < max && db_next(&rows))
        out[(*n)++] = (struct post){
            .id = db_int(&rows, 0),
            .account = db_int(&rows, 1),
            .role = db_str(&rows, 2),
            .unit = db_int(&rows, 3),
            .from_day = db_int(&rows, 4),
            .to_day = db_int(&rows, 5),
            .acting_for = db_int(&rows, 6),
            .order_no = db_str(&rows, 7),
            .role_title = db_str(&rows, 8),
        };
    return rows.err;
}

/* unscoped: what an account may do decides the scope of others */
enum err post_store_rights(struct cx *cx, int64_t account, int64_t unit, struct role_right *out,
                           size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(
        cx, &rows,
        "select rr.right_name, rr.scope from identity_post p join identity_role_right rr on rr.role = p.role"
        " where" IN_FORCE "and p.account = $2 and p.unit = $3"
        " union select right_name, scope from identity_role_right where role = 'cong_dan'",
        V(day_of(cx->now)), V(account), V(unit)));
    return take_rights(&rows, out, max, n);
}

static enum err take_ids(struct db_rows *rows, int64_t *ids, size_t max, size_t *n)
{
    while (*n < max && db_next(rows))
        ids[(*n)++] = db_int(rows, 0);
    return rows->err;
}

/* unscoped: whom to notify; nothing of it is shown */
enum err post_store_who_may(struct cx *cx, struct str right, int64_t unit, int64_t *accounts,
                            size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(cx, &rows,
                 "select distinct p.account from identity_post p"
                 " join identity_role_right rr on rr.role = p.role and rr.right_name = $2"
                 " join identity_account a on a.id = p.account and a.closed = 0"
                 " where" IN_FORCE "and p.unit = $3 order by p.account",
                 V(day_of(cx->now)), V(right), V(unit)));
    return take_ids(&rows, accounts, max, n);
}

/* unscoped: a count of who is left; nothing of it is shown */
enum err post_store_with_role(struct cx *cx, struct str role, int64_t unit, int64_t *accounts,
                              size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(cx, &rows,
                 "select distinct p.account from identity_post p"
                 " join identity_account a on a.id = p.account and a.closed = 0"
                 " where" IN_FORCE "and p.role = $2 and p.unit = $3 order by p.account",
                 V(day_of(cx->now)), V(role), V(unit)));
    return take_ids(&rows, accounts, max, n);
}

/* At this unit, in force or still to begin. */
/* unscoped: who holds a post when a unit ends; nothing of it is shown */
enum err post_store_at(struct cx *cx, int64_t unit, struct post *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select id, account, role, unit, from_day, to_day, acting_for, order_no"
        " from identity_post where unit = $1 and ended_at = 0 and (to_day = 0 or to_day >= $2)"
        " order by id limit $3",
        V(unit), V(day_of(cx->now)), V(max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        out[*n] = (struct post){
            .id = db_int(&rows, 0),
            .account = db_int(&rows, 1),
            .role = db_str(&rows, 2),
            .unit = db_int(&rows, 3),
            .from_day = db_int(&rows, 4),
            .to_day = db_int(&rows, 5),
            .acting_for = db_int(&rows, 6),
            .order_no = db_str(&rows, 7),
        };
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

/* unscoped: a count for whoever sets the province up */
enum err identity_officers(struct cx *cx, int64_t *n)
{
    const int64_t today = day_of(cx->now);
    return db_one_int(cx, n,
                      "select count(distinct account) from identity_post where ended_at = 0"
                      " and from_day <= $1 and (to_day = 0 or to_day >= $2)",
                      V(today), V(today));
}
