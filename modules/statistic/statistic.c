/* statistic.c - what the counts say: lines of the table of section 14, months, weeks, states. */
#include "statistic_inside.h"

#define NOW_MAX 4096 /* rows of what stands now: states of 300 units, or of 300 procedures */
#define PROCEDURES_MAX 1000
#define MONTHS_MAX 600

/* Due later today, as the officers' lists say it. */
static int64_t end_of_today(const struct cx *cx)
{
    return (day_of(cx->now) + 1) * 24 * HOUR_MS - 7 * HOUR_MS;
}

int64_t statistic_received(const struct statistic_flows *f)
{
    return f->n[FLOW_COUNTER] + f->n[FLOW_ONLINE] + f->n[FLOW_POST];
}

int64_t statistic_resolved(const struct statistic_flows *f)
{
    return f->n[FLOW_EARLY] + f->n[FLOW_ON_TIME] + f->n[FLOW_LATE];
}

int64_t statistic_ended(const struct statistic_flows *f)
{
    return statistic_resolved(f) + f->n[FLOW_WITHDRAWN] + f->n[FLOW_REFUSED];
}

int statistic_share(int64_t n, int64_t of)
{
    return of > 0 ? (int)(n * 1000 / of) : -1;
}

static void add_flows(struct statistic_flows *to, const struct statistic_flows *f)
{
    for (int i = 0; i < FLOWS; i++)
        to->n[i] += f->n[i];
}

static void add_now(struct statistic_now *to, const struct now_row *r)
{
    to->open += r->standing == STANDING_OPEN ? r->n : 0;
    to->paused += r->standing == STANDING_PAUSED ? r->n : 0;
    to->waiting += r->state == DOSSIER_WAITING ? r->n : 0;
    to->to_return += r->state == DOSSIER_RELEASED ? r->n : 0;
}

/* ---- one unit ---- */

enum err statistic_total(struct cx *cx, const struct statistic_query *q, struct statistic_line *out)
{
    struct flows_row *months = NEW_N(cx->arena, struct flows_row, MONTHS_MAX);
    struct now_row *now = NEW_N(cx->arena, struct now_row, 64);
    struct due_row due;
    size_t n;
    *out = (struct statistic_line){.unit = q->unit};
    TRY(statistic_store_months(cx, q->unit, q->alone, 0, q->to, months, MONTHS_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        if (months[i].key >= q->from)
            add_flows(&out->in, &months[i].in);
        else
            out->carried += statistic_received(&months[i].in) - statistic_ended(&months[i].in);
    }
    TRY(statistic_store_now(cx, q->unit, q->alone, now, 64, &n));
    for (size_t i = 0; i < n; i++)
        add_now(&out->now, &now[i]);
    TRY(statistic_store_due(cx, q->unit, q->alone, end_of_today(cx), &due));
    out->now.late = due.late;
    out->now.soon = due.soon;
    return OK;
}

enum err statistic_states(struct cx *cx, int64_t unit, bool alone,
                          int64_t by_state[DOSSIER_CANCELLED + 1])
{
    struct now_row now[64];
    size_t n;
    for (int s = 0; s <= DOSSIER_CANCELLED; s++)
        by_state[s] = 0;
    TRY(statistic_store_now(cx, unit, alone, now, 64, &n));
    for (size_t i = 0; i < n; i++)
        if (now[i].state <= DOSSIER_CANCELLED)
            by_state[now[i].state] += now[i].n;
    return OK;
}

/* ---- by procedure, by field ---- */

static struct statistic_line *line_of(struct statistic_line *lines, size_t n, struct str code)
{
    size_t low = 0;
    while (low < n) { /* ordered by code */
        size_t middle = (low + n) / 2;
        int order = str_cmp(lines[middle].code, code);
        if (order == 0)
            return &lines[middle];
        *(order < 0 ? &low : &n) = order < 0 ? middle + 1 : middle;
    }
    return NULL;
}

static enum err add_now_of_procedures(struct cx *cx, const struct statistic_query *q,
                                      struct statistic_line *lines, size_t lines_n)
{
    struct now_row *rows = NEW_N(cx->arena, struct now_row, NOW_MAX);
    struct statistic_line *l;
    size_t n;
    TRY(statistic_store_now_of_procedures(cx, q->unit, q->alone, rows, NOW_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if ((l = line_of(lines, lines_n, rows[i].procedure)))
            add_now(&l->now, &rows[i]);
    struct due_row *due = NEW_N(cx->arena, struct due_row, PROCEDURES_MAX);
    TRY(statistic_store_due_of_procedures(cx, q->unit, q->alone, end_of_today(cx), due,
                                          PROCEDURES_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if ((l = line_of(lines, lines_n, due[i].procedure))) {
            l->now.late = due[i].late;
            l->now.soon = due[i].soon;
        }
    return OK;
}

static bool says_nothing(const struct statistic_line *l)
{
    const struct statistic_now *w = &l->now;
    return l->carried == 0 && w->open + w->paused + w->waiting + w->to_return == 0 &&
           statistic_received(&l->in) + statistic_ended(&l->in) + l->in.n[FLOW_RETURNED] == 0;
}

static void add_line(struct statistic_line *to, const struct statistic_line *l)
{
    to->carried += l->carried;
    add_flows(&to->in, &l->in);
    to->now.open += l->now.open;
    to->now.late += l->now.late;
    to->now.soon += l->now.soon;
    to->now.paused += l->now.paused;
    to->now.waiting += l->now.waiting;
    to->now.to_return += l->now.to_return;
}

static size_t by_field(struct statistic_line *lines, const struct flows_row *rows, size_t n)
{
    size_t fields = 0;
    for (size_t i = 0; i < n; i++) { /* in place: the i-th line is not needed any more */
        struct statistic_line l = lines[i];
        size_t at = 0;
        l.code = rows[i].field_code;
        l.name = rows[i].field_name;
        while (at < fields && !str_eq(lines[at].code, l.code))
            at++;
        if (at == fields)
            lines[fields++] = l;
        else
            add_line(&lines[at], &l);
    }
    return fields;
}

enum err statistic_table(struct cx *cx, const struct statistic_query *q, enum statistic_by by,
                         struct statistic_line *out, size_t max, size_t *n)
{
    struct flows_row *rows = NEW_N(cx->arena, struct flows_row, PROCEDURES_MAX);
    struct statistic_line *lines = NEW_N(cx->arena, struct statistic_line, PROCEDURES_MAX);
    size_t all, before;
    /* Every procedure that was ever counted here, so that what is carried has its line. */
    const struct statistic_query ever = {q->unit, q->alone, 0, 999912};
    TRY(statistic_store_procedures(cx, &ever, rows, PROCEDURES_MAX, &all));
    for (size_t i = 0; i < all; i++)
        lines[i] = (struct statistic_line){.code = rows[i].procedure, .name = rows[i].name};
    struct flows_row *some = NEW_N(cx->arena, struct flows_row, PROCEDURES_MAX);
    TRY(statistic_store_procedures(cx, q, some, PROCEDURES_MAX, &before));
    for (size_t i = 0; i < before; i++)
        line_of(lines, all, some[i].procedure)->in = some[i].in;
    const struct statistic_query earlier = {q->unit, q->alone, 0, q->from - 1};
    TRY(statistic_store_procedures(cx, &earlier, some, PROCEDURES_MAX, &before));
    for (size_t i = 0; i < before; i++)
        line_of(lines, all, some[i].procedure)->carried =
            statistic_received(&some[i].in) - statistic_ended(&some[i].in);
    TRY(add_now_of_procedures(cx, q, lines, all));
    if (by == BY_FIELD)
        all = by_field(lines, rows, all);
    *n = 0;
    for (size_t i = 0; i < all && *n < max; i++)
        if (!says_nothing(&lines[i]))
            out[(*n)++] = lines[i];
    return OK;
}

/* ---- what was late ---- */

static struct statistic_line *field_line(struct statistic_line *out, size_t max, size_t *n,
                                         const struct flows_row *r)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(out[i].code, r->field_code))
            return &out[i];
    if (*n == max)
        return NULL;
    out[*n] = (struct statistic_line){.code = r->field_code, .name = r->field_name};
    return &out[(*n)++];
}

static void name_procedure(struct cx *cx, struct statistic_line *l, struct str code)
{
    struct str one, rest = l->procedures;
    size_t n = 0;
    for (; rest.n; n++) {
        str_cut(rest, ',', &one, &rest);
        if (str_eq(one, code))
            return;
    }
    l->procedures = n == 0 ? code : str_fmt(cx->arena, "%.*s,%.*s", F(l->procedures), F(code));
}

static bool too_many(struct str codes)
{
    size_t n = codes.n > 0;
    for (size_t i = 0; i < codes.n; i++)
        n += codes.p[i] == ',';
    return n > ONESTOP_CODES_MAX;
}

enum err statistic_late(struct cx *cx, const struct statistic_query *q, struct statistic_line *out,
                        size_t max, size_t *n)
{
    struct flows_row *rows = NEW_N(cx->arena, struct flows_row, PROCEDURES_MAX);
    struct due_row *due = NEW_N(cx->arena, struct due_row, PROCEDURES_MAX);
    struct statistic_line *l;
    size_t found, known, at = 0;
    *n = 0;
    TRY(statistic_store_late_of_procedures(cx, q, rows, PROCEDURES_MAX, &found));
    for (size_t i = 0; i < found; i++)
        if ((l = field_line(out, max, n, &rows[i]))) {
            l->in.n[FLOW_LATE] += rows[i].in.n[FLOW_LATE];
            name_procedure(cx, l, rows[i].procedure);
        }
    TRY(statistic_store_due_of_procedures(cx, q->unit, q->alone, cx->now, due, PROCEDURES_MAX,
                                          &found));
    TRY(statistic_store_fields(cx, rows, PROCEDURES_MAX, &known));
    for (size_t i = 0; i < found; i++) { /* both are ordered by code */
        while (at < known && str_cmp(rows[at].procedure, due[i].procedure) < 0)
            at++;
        if (at < known && due[i].late && str_eq(rows[at].procedure, due[i].procedure) &&
            (l = field_line(out, max, n, &rows[at]))) {
            l->now.late += due[i].late;
            name_procedure(cx, l, due[i].procedure);
        }
    }
    for (size_t i = 0; i < *n; i++)
        if (too_many(out[i].procedures))
            out[i].procedures = S("");
    return OK;
}

enum err statistic_in(struct cx *cx, const struct statistic_query *q, struct statistic_flows *out)
{
    struct flows_row *months = NEW_N(cx->arena, struct flows_row, MONTHS_MAX);
    size_t n;
    *out = (struct statistic_flows){0};
    TRY(statistic_store_months(cx, q->unit, q->alone, q->from, q->to, months, MONTHS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        add_flows(out, &months[i].in);
    return OK;
}

/* ---- by unit ---- */

static struct statistic_line *unit_line(struct statistic_line *lines, size_t n, int64_t unit)
{
    for (size_t low = 0; low < n;) { /* ordered by unit */
        size_t middle = (low + n) / 2;
        if (lines[middle].unit == unit)
            return &lines[middle];
        *(lines[middle].unit < unit ? &low : &n) = lines[middle].unit < unit ? middle + 1 : middle;
    }
    return NULL;
}

static enum err add_due_of_units(struct cx *cx, struct statistic_line *lines, size_t lines_n)
{
    struct due_row *due = NEW_N(cx->arena, struct due_row, NOW_MAX);
    struct statistic_line *l;
    size_t n;
    TRY(statistic_store_due_of_units(cx, end_of_today(cx), due, NOW_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if ((l = unit_line(lines, lines_n, due[i].unit))) {
            l->now.late = due[i].late;
            l->now.soon = due[i].soon;
        }
    return OK;
}

static enum err add_now_of_units(struct cx *cx, struct statistic_line *lines, size_t lines_n)
{
    struct now_row *rows = NEW_N(cx->arena, struct now_row, NOW_MAX);
    struct statistic_line *l;
    size_t n;
    TRY(statistic_store_now_of_units(cx, rows, NOW_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if ((l = unit_line(lines, lines_n, rows[i].unit)))
            add_now(&l->now, &rows[i]);
    return add_due_of_units(cx, lines, lines_n);
}

/* What they did in the period, and what is late or soon. */
enum err statistic_units_brief(struct cx *cx, int from, int to, struct statistic_line *out,
                               size_t max, size_t *n)
{
    struct flows_row *rows = NEW_N(cx->arena, struct flows_row, max);
    TRY(statistic_store_units(cx, from, to, rows, max, n));
    for (size_t i = 0; i < *n; i++)
        out[i] = (struct statistic_line){.unit = rows[i].key, .in = rows[i].in};
    return add_due_of_units(cx, out, *n);
}

enum err statistic_units(struct cx *cx, int from, int to, struct statistic_line *out, size_t max,
                         size_t *n)
{
    struct flows_row *rows = NEW_N(cx->arena, struct flows_row, max);
    size_t found;
    struct statistic_line *l;
    TRY(statistic_store_units(cx, 0, to, rows, max, n));
    for (size_t i = 0; i < *n; i++)
        out[i] = (struct statistic_line){.unit = rows[i].key, .in = rows[i].in, .carried = 0};
    if (from > 0) {
        TRY(statistic_store_units(cx, 0, from - 1, rows, max, &found));
        for (size_t i = 0; i < found; i++) {
            l = unit_line(out, *n, rows[i].key);
            for (int c = 0; l && c < FLOWS; c++)
                l->in.n[c] -= rows[i].in.n[c];
            if (l)
                l->carried = statistic_received(&rows[i].in) - statistic_ended(&rows[i].in);
        }
    }
    return add_now_of_units(cx, out, *n);
}

/* ---- through time ---- */

static int month_before(int month, int n)
{
    int months = month / 100 * 12 + month % 100 - 1 - n;
    return months / 12 * 100 + months % 12 + 1;
}

enum err statistic_months(struct cx *cx, int64_t unit, bool alone, int last, size_t n,
                          struct statistic_flows *out)
{
    struct flows_row *rows = NEW_N(cx->arena, struct flows_row, n);
    size_t found, at = 0;
    TRY(statistic_store_months(cx, unit, alone, month_before(last, (int)n - 1), last, rows, n,
                               &found));
    for (size_t i = 0; i < n; i++) {
        int month = month_before(last, (int)(n - 1 - i));
        out[i] = (struct statistic_flows){0};
        if (at < found && rows[at].key == month)
            out[i] = rows[at++].in;
    }
    return OK;
}

/* 1970-01-01 was a Thursday: Mondays are days 4, 11, ... */
static int64_t monday_of(int64_t day)
{
    return day - (day + 3) % 7;
}

enum err statistic_weeks(struct cx *cx, int64_t unit, bool alone, int64_t last_day, size_t n,
                         struct statistic_flows *out)
{
    int64_t from = monday_of(last_day) - 7 * ((int64_t)n - 1);
    struct flows_row *rows = NEW_N(cx->arena, struct flows_row, 7 * n);
    size_t found;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct statistic_flows){0};
    TRY(statistic_store_days(cx, unit, alone, from, last_day, rows, 7 * n, &found));
    for (size_t i = 0; i < found; i++)
        add_flows(&out[(rows[i].key - from) / 7], &rows[i].in);
    return OK;
}

enum err statistic_days(struct cx *cx, int64_t unit, bool alone, int64_t last_day, size_t n,
                        struct statistic_flows *out)
{
    const int64_t from = last_day - (int64_t)n + 1;
    struct flows_row *rows = NEW_N(cx->arena, struct flows_row, n);
    size_t found;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct statistic_flows){0};
    TRY(statistic_store_days(cx, unit, alone, from, last_day, rows, n, &found));
    for (size_t i = 0; i < found; i++)
        out[rows[i].key - from] = rows[i].in;
    return OK;
}
