/* identity_store_post.c - SQL about posts: who has which role at which unit, from when to when. */
#include "identity_store.h"

#include "db/db.h"

#define POST_COLUMNS                                                                               \
    "p.id, p.account, p.role, p.unit, p.from_day, p.to_day, p.acting_for, p.order_no, r.title,"    \
    " p.unit_path, p.given_at, p.given_by, p.ended_at, p.ended_by"
#define POST_FROM " from identity_post p join identity_role r on r.code = p.role "

static struct post post_from(struct db_rows *r)
{
    return (struct post){
        .id = db_int(r, 0),
        .account = db_int(r, 1),
        .role = db_str(r, 2),
        .unit = db_int(r, 3),
        .from_day = db_int(r, 4),
        .to_day = db_int(r, 5),
        .acting_for = db_int(r, 6),
        .order_no = db_str(r, 7),
        .role_title = db_str(r, 8),
        .unit_path = db_str(r, 9),
        .given_at = db_int(r, 10),
        .given_by = db_int(r, 11),
        .ended_at = db_int(r, 12),
        .ended_by = db_int(r, 13),
    };
}

static enum err take_posts(struct db_rows *rows, struct post *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(rows); ++*n)
        out[*n] = post_from(rows);
    return rows->err;
}

enum err post_store_add(struct cx *cx, struct post *p)
{
    return db_insert(
        cx, &p->id,
        "insert into identity_post (account, role, unit, unit_path, from_day, to_day, acting_for,"
        " order_no, given_by, given_at, changed_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning id",
        V(p->account), V(p->role), V(p->unit), V(p->unit_path), V(p->from_day), V(p->to_day),
        V_OR_NULL(p->acting_for), V(p->order_no), V_OR_NULL(cx->actor->account), V(cx->now));
}

enum err post_store_end(struct cx *cx, int64_t id)
{
    TRY(db_exec(cx,
                "update identity_post set ended_at = $1, ended_by = $2, changed_at = $1"
                " where id = $3 and ended_at = 0",
                V(cx->now), V_OR_NULL(cx->actor->account), V(id)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT,
                    T("Vai trò này đã được thu hồi trước đó. Tải lại trang để xem."));
    return OK;
}

enum err post_store_moved(struct cx *cx, int64_t unit, struct str path)
{
    TRY(db_exec(cx, "update identity_post set unit_path = $1 where unit = $2", V(path), V(unit)));
    return db_exec(cx, "update identity_asked set unit_path = $1 where unit = $2", V(path),
                   V(unit));
}

/* In force today. */
#define IN_FORCE " p.ended_at = 0 and p.from_day <= $1 and (p.to_day = 0 or p.to_day >= $1) "

/* unscoped: what an account may do decides the scope of others */
enum err post_store_of(struct cx *cx, int64_t account, int64_t unit, struct post *out, size_t max,
                       size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(cx, &rows,
                 "select " POST_COLUMNS POST_FROM " where" IN_FORCE
                 "and p.account = $2 and ($3 = 0 or p.unit = $3) order by p.unit, r.sort, p.id",
                 V(day_of(cx->now)), V(account), V(unit)));
    return take_posts(&rows, out, max, n);
}

/* ---- for whoever manages roles ---- */

static const struct db_scope_columns reach = {.unit = "p.unit", .unit_path = "p.unit_path"};

static enum err read_posts(struct cx *cx, const struct db_text *q, struct post *out, size_t max,
                           size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query_text(cx, &rows, q));
    return take_posts(&rows, out, max, n);
}

enum err post_store_history(struct cx *cx, int64_t account, struct post *out, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " POST_COLUMNS POST_FROM "where p.account = $", V(account));
    db_scope(cx, &q, &reach);
    DB_ADD(&q, " order by p.from_day desc, p.id desc limit $", V((int64_t)max));
    return read_posts(cx, &q, out, max, n);
}

enum err post_store_current(struct cx *cx, int64_t account, struct post *out, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q,
           "select " POST_COLUMNS POST_FROM "where p.account = $ and p.ended_at = 0"
           " and (p.to_day = 0 or p.to_day >= $)",
           V(account), V(day_of(cx->now)));
    db_scope(cx, &q, &reach);
    DB_ADD(&q, " order by p.unit, r.sort, p.id limit $", V((int64_t)max));
    return read_posts(cx, &q, out, max, n);
}

enum err post_store_changes(struct cx *cx, struct post *out, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " POST_COLUMNS POST_FROM "where p.changed_at > 0");
    db_scope(cx, &q, &reach);
    DB_ADD(&q, " order by p.changed_at desc, p.id desc limit $", V((int64_t)max));
    return read_posts(cx, &q, out, max, n);
}

enum err post_store_holders(struct cx *cx, struct str role, int64_t unit, struct post *out,
                            size_t max, size_t *n)
{
    struct db_text q;
    const int64_t today = day_of(cx->now);
    db_text_start(cx, &q);
    DB_ADD(&q,
           "select " POST_COLUMNS POST_FROM
           "join identity_account a on a.id = p.account and a.closed = 0"
           " where p.ended_at = 0 and p.from_day <= $ and (p.to_day = 0 or p.to_day >= $)"
           " and p.role = $ and p.unit = $",
           V(today), V(today), V(role), V(unit));
    db_scope(cx, &q, &reach);
    DB_ADD(&q, " order by p.id limit $", V((int64_t)max));
    return read_posts(cx, &q, out, max, n);
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
    while (*n < max && db_next(&rows))
        out[(*n)++] = (struct role_right){db_str(&rows, 0), db_str(&rows, 1)};
    return rows.err;
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
    *n = 0;
    TRY(db_query(cx, &rows,
                 "select " POST_COLUMNS POST_FROM
                 "where p.unit = $1 and p.ended_at = 0 and (p.to_day = 0 or p.to_day >= $2)"
                 " order by p.id limit $3",
                 V(unit), V(day_of(cx->now)), V(max)));
    return take_posts(&rows, out, max, n);
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
