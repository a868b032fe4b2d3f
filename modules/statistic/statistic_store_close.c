/* statistic_store_close.c - SQL about closed periods: written once, read ever after. */
#include "statistic_close.h"

#define PERIOD_COLUMNS                                                                             \
    "id, unit, unit_code, unit_name, from_month, to_month, counted_at, closed_at, closed_by,"      \
    " closed_by_name, sha256, signed_at, file_sha256"

static struct closed_period period_from(struct db_rows *r)
{
    return (struct closed_period){
        .id = db_int(r, 0),
        .unit = db_int(r, 1),
        .unit_code = db_str(r, 2),
        .unit_name = db_str(r, 3),
        .from = (int)db_int(r, 4),
        .to = (int)db_int(r, 5),
        .counted_at = db_int(r, 6),
        .closed_at = db_int(r, 7),
        .closed_by = db_int(r, 8),
        .closed_by_name = db_str(r, 9),
        .sha256 = db_str(r, 10),
        .signed_at = db_int(r, 11),
        .file_sha256 = db_str(r, 12),
    };
}

enum err statistic_store_period_add(struct cx *cx, struct closed_period *p, int64_t ends_at)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "insert into statistic_period (unit, unit_code, unit_name, from_month, to_month,"
                 " ends_at, counted_at, closed_at, closed_by, closed_by_name, sha256, signed_at,"
                 " file_sha256) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '')"
                 " on conflict (unit, from_month, to_month) do nothing returning id",
                 V(p->unit), V(p->unit_code), V(p->unit_name), V(p->from), V(p->to), V(ends_at),
                 V(p->counted_at), V(p->closed_at), V(p->closed_by), V(p->closed_by_name),
                 V(p->sha256)));
    if (db_next(&r))
        p->id = db_int(&r, 0);
    else if (r.err == OK)
        return fail(cx, ERR_CONFLICT, T("Số liệu của kỳ này đã được chốt. Tải lại trang để xem."));
    return r.err;
}

enum err statistic_store_frozen_add(struct cx *cx, int64_t period, size_t line,
                                    const struct frozen_line *l)
{
    return db_exec(
        cx,
        "insert into statistic_frozen (period, line, kind, code, name, field_code, field_name,"
        " carried, online, counter, post, away, early, on_time, late, open, soon, overdue, paused,"
        " refused, withdrawn, to_return, returned) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        V(period), V(line), V(l->kind), V(l->code), V(l->name), V(l->field_code), V(l->field_name),
        V(l->n[0]), V(l->n[1]), V(l->n[2]), V(l->n[3]), V(l->n[4]), V(l->n[5]), V(l->n[6]),
        V(l->n[7]), V(l->n[8]), V(l->n[9]), V(l->n[10]), V(l->n[11]), V(l->n[12]), V(l->n[13]),
        V(l->n[14]), V(l->n[15]));
}

enum err statistic_store_period(struct cx *cx, int64_t unit, int from, int to,
                                struct closed_period *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " PERIOD_COLUMNS " from statistic_period"
                 " where unit = $1 and from_month = $2 and to_month = $3",
                 V(unit), V(from), V(to)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = period_from(&r);
    return OK;
}

enum err statistic_store_period_by_id(struct cx *cx, int64_t id, struct closed_period *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " PERIOD_COLUMNS " from statistic_period where id = $1", V(id)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = period_from(&r);
    return OK;
}

enum err statistic_store_periods(struct cx *cx, int64_t unit, struct closed_period *out, size_t max,
                                 size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " PERIOD_COLUMNS " from statistic_period where unit = $1"
                 " order by from_month desc, to_month limit $2",
                 V(unit), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = period_from(&r);
    return r.err;
}

enum err statistic_store_frozen(struct cx *cx, int64_t period, struct frozen_line *out, size_t max,
                                size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select kind, code, name, field_code, field_name, carried, online, counter, post,"
                 " away, early, on_time, late, open, soon, overdue, paused, refused, withdrawn,"
                 " to_return, returned from statistic_frozen where period = $1 order by line"
                 " limit $2",
                 V(period), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n) {
        struct frozen_line *l = &out[*n];
        *l = (struct frozen_line){.kind = db_str(&r, 0),
                                  .code = db_str(&r, 1),
                                  .name = db_str(&r, 2),
                                  .field_code = db_str(&r, 3),
                                  .field_name = db_str(&r, 4)};
        for (int i = 0; i < FROZEN_NUMBERS; i++)
            l->n[i] = db_int(&r, 5 + i);
    }
    return r.err;
}

enum err statistic_store_period_signed(struct cx *cx, int64_t id, struct str pdf, struct str sha256)
{
    TRY(db_exec(cx,
                "update statistic_period set signed_at = $1, file_sha256 = $2"
                " where id = $3 and signed_at = 0",
                V(cx->now), V(sha256), V(id)));
    if (db_changed(cx) != 1)
        return OK; /* an earlier attempt signed it */
    return db_exec(cx, "insert into statistic_period_file (period, pdf) values ($1, $2)", V(id),
                   VB(pdf));
}

enum err statistic_store_period_file(struct cx *cx, int64_t id, struct str *pdf)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select pdf from statistic_period_file where period = $1", V(id)));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Số liệu của kỳ này chưa ký xong. Tải lại sau ít phút."));
    *pdf = db_bytes(&r, 0);
    return OK;
}

enum err statistic_store_stood(struct cx *cx, struct str path, int64_t at, int64_t after,
                               struct counted_case *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    struct str end = str_fmt(cx->arena, "%.*s0", F(str_until(path, path.n - 1)));
    TRY(db_query(cx, &r,
                 "select dossier, path, procedure, state, accepted_at, due_at, released_at,"
                 " returned_at, ended_at from statistic_case where path >= $1 and path < $2"
                 " and accepted_at > 0 and accepted_at < $3 and (ended_at = 0 or ended_at >= $3)"
                 " and (returned_at = 0 or returned_at >= $3) and dossier > $4"
                 " order by dossier limit $5",
                 V(path), V(end), V(at), V(after), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct counted_case){
            .dossier = db_int(&r, 0),
            .path = db_str(&r, 1),
            .procedure = db_str(&r, 2),
            .state = (enum dossier_state)db_int(&r, 3),
            .accepted_at = db_int(&r, 4),
            .due_at = db_int(&r, 5),
            .released_at = db_int(&r, 6),
            .returned_at = db_int(&r, 7),
            .ended_at = db_int(&r, 8),
        };
    return r.err;
}
