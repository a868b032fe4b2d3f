/* identity_store_asked.c - SQL about what waits for a second administrator. */
#include "identity_store.h"

#include "db/db.h"

#define ASKED_COLUMNS                                                                              \
    "q.id, q.version, q.account, q.role, q.unit, q.unit_path, q.post, q.from_day, q.to_day,"       \
    " q.order_no, q.asked_by, q.asked_at, q.state, q.decided_by, q.decided_at, r.title"

static const struct db_scope_columns reach = {.unit = "q.unit", .unit_path = "q.unit_path"};

static struct asked_row asked_from(struct db_rows *r)
{
    return (struct asked_row){
        .id = db_int(r, 0),
        .version = db_int(r, 1),
        .post = {.account = db_int(r, 2),
                 .role = db_str(r, 3),
                 .unit = db_int(r, 4),
                 .unit_path = db_str(r, 5),
                 .id = db_int(r, 6),
                 .from_day = db_int(r, 7),
                 .to_day = db_int(r, 8),
                 .order_no = db_str(r, 9),
                 .role_title = db_str(r, 15)},
        .asked_by = db_int(r, 10),
        .asked_at = db_int(r, 11),
        .state = (int)db_int(r, 12),
        .decided_by = db_int(r, 13),
        .decided_at = db_int(r, 14),
    };
}

enum err asked_store_add(struct cx *cx, const struct post *p, bool *fresh)
{
    TRY(db_exec(
        cx,
        "insert into identity_asked (version, account, role, unit, unit_path, post, from_day,"
        " to_day, order_no, asked_by, asked_at, state)"
        " values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)"
        " on conflict (account, role, unit, post) where state = 1 do nothing",
        V(p->account), V(p->role), V(p->unit), V(p->unit_path), V(p->id), V(p->from_day),
        V(p->to_day), V(p->order_no), V(cx->actor->account), V(cx->now)));
    *fresh = db_changed(cx) == 1;
    return OK;
}

static void select_asked(struct cx *cx, struct db_text *q)
{
    db_text_start(cx, q);
    DB_ADD(q, "select " ASKED_COLUMNS
              " from identity_asked q join identity_role r on r.code = q.role where q.state >= 1");
    db_scope(cx, q, &reach);
}

enum err asked_store_list(struct cx *cx, struct asked_row *out, size_t max, size_t *n)
{
    struct db_text q;
    select_asked(cx, &q);
    DB_ADD(&q, " and q.state = 1 order by q.id limit $", V((int64_t)max));
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query_text(cx, &rows, &q));
    for (; *n < max && db_next(&rows); ++*n)
        out[*n] = asked_from(&rows);
    return rows.err;
}

enum err asked_store_find(struct cx *cx, int64_t id, struct asked_row *out)
{
    struct db_text q;
    select_asked(cx, &q);
    DB_ADD(&q, " and q.id = $", V(id));
    auto_rows rows = {0};
    TRY(db_query_text(cx, &rows, &q));
    if (!db_next(&rows))
        return rows.err ? rows.err
                        : fail(cx, ERR_NOT_FOUND,
                               T("Không tìm thấy đề nghị này. Tải lại trang để xem."));
    *out = asked_from(&rows);
    return OK;
}

enum err asked_store_decide(struct cx *cx, const struct asked_row *a, int state)
{
    TRY(db_exec(cx,
                "update identity_asked set version = version + 1, state = $1, decided_by = $2,"
                " decided_at = $3 where id = $4 and version = $5 and state = 1",
                V(state), V(cx->actor->account), V(cx->now), V(a->id), V(a->version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT, T("Đề nghị này đã có người quyết định. Tải lại trang."));
    return OK;
}
