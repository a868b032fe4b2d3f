/* statistic_store_read.c - reading the counts, and whether they contradict each other. */
#include "statistic_store.h"

#define SUMS                                                                                       \
    "sum(counter), sum(online), sum(post), sum(away), sum(early), sum(on_time), sum(late),"        \
    " sum(withdrawn), sum(refused), sum(returned)"
#define FLOW_COLUMNS                                                                               \
    "counter, online, post, away, early, on_time, late, withdrawn, refused, returned"

static struct statistic_flows flows_from(struct db_rows *r, int column)
{
    struct statistic_flows f;
    for (int i = 0; i < FLOWS; i++)
        f.n[i] = db_int(r, column + i);
    return f;
}

static enum err keyed(struct db_rows *r, struct flows_row *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = (struct flows_row){.key = db_int(r, 0), .in = flows_from(r, 1)};
    return r->err;
}

enum err statistic_store_months(struct cx *cx, int64_t unit, bool alone, int from, int to,
                                struct flows_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select month, " FLOW_COLUMNS " from statistic_month where unit = $1 and tree = $2"
                 " and procedure = '' and month >= $3 and month <= $4 order by month limit $5",
                 V(unit), V(!alone), V(from), V(to), V(max)));
    return keyed(&r, out, max, n);
}

enum err statistic_store_days(struct cx *cx, int64_t unit, bool alone, int64_t from, int64_t to,
                              struct flows_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select day, " FLOW_COLUMNS " from statistic_day where unit = $1 and tree = $2"
                 " and day >= $3 and day <= $4 order by day limit $5",
                 V(unit), V(!alone), V(from), V(to), V(max)));
    return keyed(&r, out, max, n);
}

enum err statistic_store_procedures(struct cx *cx, const struct statistic_query *q,
                                    struct flows_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select p.code, p.name, p.field_code, p.field_name, " SUMS
        " from statistic_month m join statistic_procedure p on p.code = m.procedure"
        " where m.unit = $1 and m.tree = $2 and m.procedure <> '' and m.month >= $3 and m.month <= $4"
        " group by p.code, p.name, p.field_code, p.field_name order by p.code limit $5",
        V(q->unit), V(!q->alone), V(q->from), V(q->to), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct flows_row){.procedure = db_str(&r, 0),
                                     .name = db_str(&r, 1),
                                     .field_code = db_str(&r, 2),
                                     .field_name = db_str(&r, 3),
                                     .in = flows_from(&r, 4)};
    return r.err;
}

enum err statistic_store_units(struct cx *cx, int from, int to, struct flows_row *out, size_t max,
                               size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select unit, " SUMS " from statistic_month where procedure = '' and tree = 1"
                 " and month >= $1 and month <= $2 group by unit order by unit limit $3",
                 V(from), V(to), V(max)));
    return keyed(&r, out, max, n);
}

/* ---- now ---- */

enum err statistic_store_now(struct cx *cx, int64_t unit, bool alone, struct now_row *out,
                             size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select state, standing, n from statistic_now where unit = $1 and tree = $2"
                 " and procedure = '' and n <> 0 order by state, standing limit $3",
                 V(unit), V(!alone), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct now_row){.unit = unit,
                                   .state = db_int(&r, 0),
                                   .standing = (int)db_int(&r, 1),
                                   .n = db_int(&r, 2)};
    return r.err;
}

enum err statistic_store_now_of_procedures(struct cx *cx, int64_t unit, bool alone,
                                           struct now_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select procedure, state, standing, n from statistic_now"
                 " where unit = $1 and tree = $2 and procedure <> '' and n <> 0"
                 " order by procedure, state, standing limit $3",
                 V(unit), V(!alone), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct now_row){.unit = unit,
                                   .procedure = db_str(&r, 0),
                                   .state = db_int(&r, 1),
                                   .standing = (int)db_int(&r, 2),
                                   .n = db_int(&r, 3)};
    return r.err;
}

enum err statistic_store_now_of_units(struct cx *cx, struct now_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select unit, state, standing, n from statistic_now"
                 " where procedure = '' and tree = 1 and n <> 0 order by unit, state, standing"
                 " limit $1",
                 V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct now_row){.unit = db_int(&r, 0),
                                   .state = db_int(&r, 1),
                                   .standing = (int)db_int(&r, 2),
                                   .n = db_int(&r, 3)};
    return r.err;
}

#define LATE_AND_SOON                                                                              \
    "coalesce(sum(case when due_at < $1 then n else 0 end), 0),"                                   \
    " coalesce(sum(case when due_at < $1 then 0 else n end), 0)"

enum err statistic_store_due(struct cx *cx, int64_t unit, bool alone, int64_t until,
                             struct due_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " LATE_AND_SOON " from statistic_due where unit = $2 and tree = $3"
                 " and procedure = '' and due_at < $4",
                 V(cx->now), V(unit), V(!alone), V(until)));
    *out = (struct due_row){.unit = unit};
    if (db_next(&r)) {
        out->late = db_int(&r, 0);
        out->soon = db_int(&r, 1);
    }
    return r.err;
}

enum err statistic_store_due_of_procedures(struct cx *cx, int64_t unit, bool alone, int64_t until,
                                           struct due_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select procedure, " LATE_AND_SOON " from statistic_due where unit = $2"
                 " and tree = $3 and procedure <> '' and due_at < $4 group by procedure"
                 " order by procedure limit $5",
                 V(cx->now), V(unit), V(!alone), V(until), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct due_row){
            .unit = unit, .procedure = db_str(&r, 0), .late = db_int(&r, 1), .soon = db_int(&r, 2)};
    return r.err;
}

enum err statistic_store_due_of_units(struct cx *cx, int64_t until, struct due_row *out, size_t max,
                                      size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select unit, " LATE_AND_SOON " from statistic_due where procedure = ''"
                 " and tree = 1 and due_at < $2 group by unit order by unit limit $3",
                 V(cx->now), V(until), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] =
            (struct due_row){.unit = db_int(&r, 0), .late = db_int(&r, 1), .soon = db_int(&r, 2)};
    return r.err;
}

enum err statistic_store_late_of_procedures(struct cx *cx, const struct statistic_query *q,
                                            struct flows_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select p.code, p.field_code, p.field_name, sum(m.late) from statistic_month m"
                 " join statistic_procedure p on p.code = m.procedure"
                 " where m.unit = $1 and m.tree = $2 and m.procedure <> '' and m.month >= $3"
                 " and m.month <= $4 and m.late > 0 group by p.code, p.field_code, p.field_name"
                 " order by p.code limit $5",
                 V(q->unit), V(!q->alone), V(q->from), V(q->to), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n) {
        out[*n] = (struct flows_row){
            .procedure = db_str(&r, 0), .field_code = db_str(&r, 1), .field_name = db_str(&r, 2)};
        out[*n].in.n[FLOW_LATE] = db_int(&r, 3);
    }
    return r.err;
}

enum err statistic_store_fields(struct cx *cx, struct flows_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select code, field_code, field_name from statistic_procedure order by code"
                 " limit $1",
                 V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct flows_row){
            .procedure = db_str(&r, 0), .field_code = db_str(&r, 1), .field_name = db_str(&r, 2)};
    return r.err;
}

/* ---- contradictions ---- */

static enum err first_of(struct cx *cx, struct db_rows *r, const char *what, struct str *finding)
{
    if (finding->n == 0 && db_next(r))
        *finding = str_fmt(cx->arena, "%s: unit %lld, tree %lld, procedure '%.*s': %lld and %lld",
                           what, (long long)db_int(r, 0), (long long)db_int(r, 1), F(db_str(r, 2)),
                           (long long)db_int(r, 3), (long long)db_int(r, 4));
    return r->err;
}

/* tồn + tiếp nhận = đã giải quyết + rút + từ chối + đang giải quyết + tạm dừng, over all time. */
static enum err balance(struct cx *cx, struct str *finding)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select a.unit, a.tree, a.procedure, a.unended, coalesce(b.unended, 0) from"
        " (select unit, tree, procedure, sum(counter + online + post - early - on_time - late"
        "   - withdrawn - refused) as unended from statistic_month group by unit, tree, procedure) a"
        " left join (select unit, tree, procedure, sum(n) as unended from statistic_now"
        "   where standing in (1, 2) group by unit, tree, procedure) b"
        " on b.unit = a.unit and b.tree = a.tree and b.procedure = a.procedure"
        " where a.unended <> coalesce(b.unended, 0) limit 1"));
    return first_of(cx, &r, "carried + received <> ended + open + paused", finding);
}

/* sớm + đúng + trễ = đã giải quyết, and the same of withdrawn and refused. */
static enum err endings(struct cx *cx, struct str *finding)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select a.unit, a.tree, a.procedure, a.ended, coalesce(b.ended, 0) from"
        " (select unit, tree, procedure, sum(early + on_time + late) * 1000000"
        "   + sum(withdrawn) * 1000 + sum(refused) as ended"
        "   from statistic_month group by unit, tree, procedure) a"
        " left join (select unit, tree, procedure, sum(case standing when 3 then n * 1000000"
        "   when 4 then n * 1000 when 5 then n else 0 end) as ended"
        "   from statistic_now group by unit, tree, procedure) b"
        " on b.unit = a.unit and b.tree = a.tree and b.procedure = a.procedure"
        " where a.ended <> coalesce(b.ended, 0) limit 1"));
    return first_of(cx, &r, "early + on time + late <> resolved", finding);
}

static enum err parts(struct cx *cx, struct str *finding)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select a.unit, a.tree, '', a.received, a.parts from"
                 " (select unit, tree, month, sum(case procedure when '' then 1 else 0 end *"
                 "   (counter + online + post + early + on_time + late)) as received,"
                 "   sum(case procedure when '' then 0 else 1 end *"
                 "   (counter + online + post + early + on_time + late)) as parts"
                 "   from statistic_month group by unit, tree, month) a"
                 " where a.received <> a.parts limit 1"));
    return first_of(cx, &r, "a month is not the sum of its procedures", finding);
}

static enum err days(struct cx *cx, struct str *finding)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select a.unit, a.tree, '', a.n, coalesce(b.n, 0) from"
                 " (select unit, tree, sum(counter + online + post + early + on_time + late"
                 "   + withdrawn + refused + returned) as n from statistic_month"
                 "   where procedure = '' group by unit, tree) a"
                 " left join (select unit, tree, sum(counter + online + post + early + on_time"
                 "   + late + withdrawn + refused + returned) as n from statistic_day"
                 "   group by unit, tree) b on b.unit = a.unit and b.tree = a.tree"
                 " where a.n <> coalesce(b.n, 0) limit 1"));
    return first_of(cx, &r, "the days are not the months", finding);
}

static enum err running(struct cx *cx, struct str *finding)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select a.unit, a.tree, a.procedure, a.n, coalesce(b.n, 0) from"
                 " (select unit, tree, procedure, sum(n) as n from statistic_now"
                 "   where standing = 1 group by unit, tree, procedure) a"
                 " left join (select unit, tree, procedure, sum(n) as n from statistic_due"
                 "   group by unit, tree, procedure) b"
                 " on b.unit = a.unit and b.tree = a.tree and b.procedure = a.procedure"
                 " where a.n <> coalesce(b.n, 0) limit 1"));
    return first_of(cx, &r, "in time + late <> open", finding);
}

static enum err below_nothing(struct cx *cx, struct str *finding)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select unit, tree, procedure, n, state from statistic_now where n < 0"
                 " union all select unit, tree, procedure, n, 0 from statistic_due where n < 1"
                 " limit 1"));
    return first_of(cx, &r, "a count below nothing", finding);
}

enum err statistic_store_contradiction(struct cx *cx, struct str *finding)
{
    *finding = S("");
    TRY(balance(cx, finding));
    TRY(endings(cx, finding));
    TRY(parts(cx, finding));
    TRY(days(cx, finding));
    TRY(running(cx, finding));
    return below_nothing(cx, finding);
}
