/* onestop_store_day.c - SQL about closed days of a counter. */
#include "db/db.h"
#include "onestop_ledger.h"

#define COLUMNS                                                                                    \
    "id, unit, day, closed_at, closed_by, accepted, returned, receipts, dong, reopened_at,"        \
    " reopened_by, reason, begins_at"

static struct day_closing row_from(struct db_rows *r)
{
    return (struct day_closing){
        .id = db_int(r, 0),
        .unit = db_int(r, 1),
        .day = db_int(r, 2),
        .closed_at = db_int(r, 3),
        .closed_by = db_int(r, 4),
        .accepted = db_int(r, 5),
        .returned = db_int(r, 6),
        .receipts = db_int(r, 7),
        .dong = db_int(r, 8),
        .reopened_at = db_int(r, 9),
        .reopened_by = db_int(r, 10),
        .reason = db_str(r, 11),
        .begins_at = db_int(r, 12),
    };
}

/* unscoped: the unit is bound */
enum err onestop_store_day_closed(struct cx *cx, int64_t unit, int64_t day, struct day_closing *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from onestop_day_close"
                 " where unit = $1 and day = $2 and reopened_at = 0",
                 V(unit), V(day)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = row_from(&r);
    return OK;
}

/* unscoped: the unit is bound */
enum err onestop_store_days_closed(struct cx *cx, int64_t unit, int64_t from, int64_t to,
                                   struct day_closing *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from onestop_day_close where unit = $1"
                 " and day >= $2 and day <= $3 and reopened_at = 0 order by day limit $4",
                 V(unit), V(from), V(to), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = row_from(&r);
    return r.err;
}

/* unscoped: the unit is bound */
enum err onestop_store_day_closings(struct cx *cx, int64_t unit, int64_t day,
                                    struct day_closing *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from onestop_day_close where unit = $1 and day = $2"
                 " order by id desc limit $3",
                 V(unit), V(day), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = row_from(&r);
    return r.err;
}

enum err onestop_store_day_close(struct cx *cx, struct day_closing *c)
{
    enum err e = db_insert(
        cx, &c->id,
        "insert into onestop_day_close (unit, day, closed_at, closed_by, accepted, returned,"
        " receipts, dong, begins_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " on conflict (unit, day) where reopened_at = 0 do nothing returning id",
        V(c->unit), V(c->day), V(c->closed_at), V(c->closed_by), V(c->accepted), V(c->returned),
        V(c->receipts), V(c->dong), V(c->begins_at));
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_CONFLICT, T("Sổ ngày này đã khóa. Tải lại trang để xem."));
    return e;
}

enum err onestop_store_day_reopen(struct cx *cx, const struct day_closing *c)
{
    TRY(db_exec(cx,
                "update onestop_day_close set reopened_at = $1, reopened_by = $2, reason = $3"
                " where id = $4 and reopened_at = 0",
                V(cx->now), V(cx->actor->account), V(c->reason), V(c->id)));
    return db_changed(cx) == 1
               ? OK
               : fail(cx, ERR_CONFLICT, T("Sổ ngày này vừa được mở lại. Tải lại trang để xem."));
}
