/* calendar_store.c - the only file that speaks SQL about calendar_* tables. */
#include "calendar_store.h"

#include "db/db.h"

#define SESSION_COLUMNS "unit, weekday, from_minute, to_minute, valid_from, valid_to"
#define DAY_COLUMNS "unit, day, kind, note, basis"

static enum err all_sessions(struct db_rows *r, struct session_row *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = (struct session_row){
            .unit = db_int(r, 0),
            .weekday = (int)db_int(r, 1),
            .from_minute = (int)db_int(r, 2),
            .to_minute = (int)db_int(r, 3),
            .valid_from = db_int(r, 4),
            .valid_to = db_int(r, 5),
        };
    return r->err;
}

static enum err all_days(struct db_rows *r, struct day_row *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = (struct day_row){
            .unit = db_int(r, 0),
            .day = db_int(r, 1),
            .kind = db_str(r, 2),
            .note = db_str(r, 3),
            .basis = db_str(r, 4),
        };
    return r->err;
}

enum err calendar_store_sessions(struct cx *cx, struct str unit_path, struct session_row *out,
                                 size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " SESSION_COLUMNS " from calendar_session"
                 " where unit is null or $1 like '%/' || cast(unit as text) || '/%'"
                 " order by weekday, from_minute limit $2",
                 V(unit_path), V(max)));
    return all_sessions(&r, out, max, n);
}

enum err calendar_store_days(struct cx *cx, struct str unit_path, int64_t from, int64_t to,
                             struct day_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select " DAY_COLUMNS " from calendar_day"
        " where day between $1 and $2 and (unit is null or $3 like '%/' || cast(unit as text) || '/%')"
        " order by day, id limit $4",
        V(from), V(to), V(unit_path), V(max)));
    return all_days(&r, out, max, n);
}

enum err calendar_store_own_sessions(struct cx *cx, int64_t unit, struct session_row *out,
                                     size_t max, size_t *n)
{
    auto_rows r = {0};
    if (unit)
        TRY(db_query(cx, &r,
                     "select " SESSION_COLUMNS " from calendar_session where unit = $1"
                     " order by weekday, from_minute limit $2",
                     V(unit), V(max)));
    else
        TRY(db_query(cx, &r,
                     "select " SESSION_COLUMNS " from calendar_session where unit is null"
                     " order by weekday, from_minute limit $1",
                     V(max)));
    return all_sessions(&r, out, max, n);
}

enum err calendar_store_own_days(struct cx *cx, int64_t unit, int64_t from, int64_t to,
                                 struct day_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    if (unit)
        TRY(db_query(cx, &r,
                     "select " DAY_COLUMNS " from calendar_day"
                     " where unit = $1 and day between $2 and $3 order by day, id limit $4",
                     V(unit), V(from), V(to), V(max)));
    else
        TRY(db_query(cx, &r,
                     "select " DAY_COLUMNS " from calendar_day"
                     " where unit is null and day between $1 and $2 order by day, id limit $3",
                     V(from), V(to), V(max)));
    return all_days(&r, out, max, n);
}

enum err calendar_store_drop_sessions(struct cx *cx, int64_t unit)
{
    if (unit)
        return db_exec(cx, "delete from calendar_session where unit = $1", V(unit));
    return db_exec(cx, "delete from calendar_session where unit is null");
}

enum err calendar_store_drop_days(struct cx *cx, int64_t unit, int64_t from, int64_t to)
{
    if (unit)
        return db_exec(cx, "delete from calendar_day where unit = $1 and day between $2 and $3",
                       V(unit), V(from), V(to));
    return db_exec(cx, "delete from calendar_day where unit is null and day between $1 and $2",
                   V(from), V(to));
}

enum err calendar_store_end_sessions(struct cx *cx, int64_t unit, int64_t from_day)
{
    if (unit) {
        TRY(db_exec(cx, "delete from calendar_session where unit = $1 and valid_from >= $2",
                    V(unit), V(from_day)));
        return db_exec(cx,
                       "update calendar_session set valid_to = $1"
                       " where unit = $2 and (valid_to = 0 or valid_to >= $3)",
                       V(from_day - 1), V(unit), V(from_day));
    }
    TRY(db_exec(cx, "delete from calendar_session where unit is null and valid_from >= $1",
                V(from_day)));
    return db_exec(cx,
                   "update calendar_session set valid_to = $1"
                   " where unit is null and (valid_to = 0 or valid_to >= $2)",
                   V(from_day - 1), V(from_day));
}

enum err calendar_store_session_add(struct cx *cx, const struct session_row *s)
{
    return db_exec(
        cx,
        "insert into calendar_session (unit, weekday, from_minute, to_minute, valid_from, valid_to)"
        " values ($1, $2, $3, $4, $5, $6)",
        V_OR_NULL(s->unit), V(s->weekday), V(s->from_minute), V(s->to_minute), V(s->valid_from),
        V(s->valid_to));
}

enum err calendar_store_day_add(struct cx *cx, const struct day_row *d)
{
    return db_exec(
        cx, "insert into calendar_day (unit, day, kind, note, basis) values ($1, $2, $3, $4, $5)",
        V_OR_NULL(d->unit), V(d->day), V(d->kind), V(d->note), V(d->basis));
}
