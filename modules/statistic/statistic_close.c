/* statistic_close.c - the figures of a period that is over, and keeping them for good. */
#include "statistic_close.h"

#include "crypto/crypto.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "statistic_pages.h"

#define PROCEDURES_MAX 1000
#define PAGE 500
#define TEXT_MAX ((size_t)1 << 20)
#define SETTLED_MS 60'000 /* what was written in the last moment is in the log by then */

/* ---- periods by name ---- */

static int months_on(int month, int n)
{
    int months = month / 100 * 12 + month % 100 - 1 + n;
    return months / 12 * 100 + months % 12 + 1;
}

static struct closing period_of(struct cx *cx, int from, int n_months)
{
    const int next = months_on(from, n_months), year = from / 100, month = from % 100;
    struct closing c = {
        .from = from,
        .to = months_on(from, n_months - 1),
        .ends_at = civil_ms(&(struct civil){.year = next / 100, .month = next % 100, .day = 1}),
    };
    if (n_months == 1) {
        c.name = str_fmt(cx->arena, "%d-%02d", year, month);
        c.label = tr_fmt(cx, T("Tháng %d/%d"), month, year);
    } else if (n_months == 3) {
        c.name = str_fmt(cx->arena, "%d-Q%d", year, month / 3 + 1);
        c.label = tr_fmt(cx, T("Quý %d/%d"), month / 3 + 1, year);
    } else {
        c.name = str_fmt(cx->arena, "%d", year);
        c.label = tr_fmt(cx, T("Năm %d"), year);
    }
    return c;
}

bool statistic_closing_named(struct cx *cx, struct str name, struct closing *out)
{
    int64_t year, part = 0;
    struct str first, rest;
    bool has_part = str_cut(name, '-', &first, &rest);
    bool quarter = has_part && str_starts(rest, S("Q"));
    if (!str_int(first, &year) || year < 2000 || year > 2200)
        return false;
    if (has_part && (!str_int(quarter ? str_from(rest, 1) : rest, &part) || part < 1 ||
                     part > (quarter ? 4 : 12)))
        return false;
    const int month = !has_part ? 1 : quarter ? (int)part * 3 - 2 : (int)part;
    *out = period_of(cx, (int)year * 100 + month, !has_part ? 12 : quarter ? 3 : 1);
    return str_eq(out->name, name);
}

struct closing statistic_closing_before(struct cx *cx, struct str kind, int n)
{
    const struct civil c = civil_at(cx->now);
    const int now = c.year * 100 + c.month;
    if (str_eq(kind, S("nam")))
        return period_of(cx, (c.year - 1 - n) * 100 + 1, 12);
    if (str_eq(kind, S("quy")))
        return period_of(cx, months_on(c.year * 100 + (c.month - 1) / 3 * 3 + 1, -3 * (n + 1)), 3);
    return period_of(cx, months_on(now, -1 - n), 1);
}

/* ---- figures ---- */

int64_t statistic_frozen_received(const struct frozen_line *l)
{
    return l->n[FROZEN_ONLINE] + l->n[FROZEN_COUNTER] + l->n[FROZEN_POST];
}

int64_t statistic_frozen_resolved(const struct frozen_line *l)
{
    return l->n[FROZEN_EARLY] + l->n[FROZEN_ON_TIME] + l->n[FROZEN_LATE];
}

static struct frozen_line line_from(const struct statistic_line *s, const char *kind)
{
    static const enum statistic_flow flows[] = {
        [FROZEN_ONLINE] = FLOW_ONLINE, [FROZEN_COUNTER] = FLOW_COUNTER,
        [FROZEN_POST] = FLOW_POST,     [FROZEN_AWAY] = FLOW_AWAY,
        [FROZEN_EARLY] = FLOW_EARLY,   [FROZEN_ON_TIME] = FLOW_ON_TIME,
        [FROZEN_LATE] = FLOW_LATE,
    };
    struct frozen_line l = {.kind = str_c(kind),
                            .code = s->code,
                            .name = s->name,
                            .field_code = S(""),
                            .field_name = S("")};
    for (int i = FROZEN_ONLINE; i <= FROZEN_LATE; i++)
        l.n[i] = s->in.n[flows[i]];
    l.n[FROZEN_CARRIED] = s->carried;
    l.n[FROZEN_REFUSED] = s->in.n[FLOW_REFUSED];
    l.n[FROZEN_WITHDRAWN] = s->in.n[FLOW_WITHDRAWN];
    l.n[FROZEN_RETURNED] = s->in.n[FLOW_RETURNED];
    return l;
}

/* What is summed up, and by which unit or procedure each line is found. */
struct work {
    struct frozen_line *lines;
    struct str *paths; /* of units */
    size_t n;
};

static enum err name_fields(struct cx *cx, struct work *w)
{
    struct flows_row *known = NEW_N(cx->arena, struct flows_row, PROCEDURES_MAX);
    size_t n;
    TRY(statistic_store_fields(cx, known, PROCEDURES_MAX, &n));
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < n && str_eq(w->lines[i].kind, S("thu-tuc")); k++)
            if (str_eq(known[k].procedure, w->lines[i].code)) {
                w->lines[i].field_code = known[k].field_code;
                w->lines[i].field_name = known[k].field_name;
            }
    return OK;
}

/* What came and went: the whole, each procedure, each unit below. */
static enum err add_flows(struct cx *cx, const struct org_unit *unit, const struct closing *c,
                          struct work *w)
{
    const struct statistic_query q = {unit->id, false, c->from, c->to};
    struct statistic_line *some = NEW_N(cx->arena, struct statistic_line, PROCEDURES_MAX);
    size_t n;
    TRY(statistic_total(cx, &q, some));
    some->code = unit->code;
    some->name = unit->name;
    w->lines[w->n++] = line_from(some, "tong");
    TRY(statistic_table(cx, &q, BY_PROCEDURE, some, PROCEDURES_MAX, &n));
    for (size_t i = 0; i < n && w->n < FROZEN_LINES_MAX; i++)
        w->lines[w->n++] = line_from(&some[i], "thu-tuc");
    TRY(statistic_units(cx, c->from, c->to, some, UNITS_MAX, &n));
    TRY(statistic_name_units(cx, unit, some, &n));
    for (size_t i = 0; i < n && w->n < FROZEN_LINES_MAX; i++) {
        if (some[i].unit == unit->id)
            continue;
        w->paths[w->n] = some[i].path;
        w->lines[w->n++] = line_from(&some[i], "don-vi");
    }
    return name_fields(cx, w);
}

/* Where one stood at the end: its clock is asked of the dossier's events and rows. */
static enum err standing_at(struct cx *cx, const struct counted_case *c, int64_t at,
                            enum frozen_number *where)
{
    struct dossier_past past;
    *where = FROZEN_TO_RETURN;
    if (statistic_standing_of(c) == STANDING_RESOLVED && c->released_at < at)
        return OK;
    TRY(onestop_stood(cx, c->dossier, at, &past));
    *where = past.due == DUE_PAUSED ? FROZEN_PAUSED
             : past.due == DUE_LATE ? FROZEN_OVERDUE
             : past.due == DUE_SOON ? FROZEN_SOON
                                    : FROZEN_OPEN;
    return OK;
}

static void add_standing(struct work *w, const struct counted_case *c, enum frozen_number where)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct frozen_line *l = &w->lines[i];
        bool mine = i == 0 || (w->paths[i].n ? str_starts(c->path, w->paths[i])
                                             : str_eq(l->code, c->procedure));
        w->lines[i].n[where] += mine;
    }
}

static enum err add_standings(struct cx *cx, const struct org_unit *unit, int64_t at,
                              struct work *w)
{
    struct counted_case *cases = NEW_N(cx->arena, struct counted_case, PAGE);
    int64_t after = 0;
    for (size_t n = PAGE; n == PAGE;) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(statistic_store_stood(cx, unit->path, at, after, cases, PAGE, &n));
        for (size_t i = 0; i < n; i++) {
            enum frozen_number where;
            TRY(standing_at(cx, &cases[i], at, &where));
            add_standing(w, &cases[i], where);
            after = cases[i].dossier;
        }
        arena_back(cx->arena, here);
    }
    return OK;
}

static bool says_nothing(const struct frozen_line *l)
{
    for (int i = 0; i < FROZEN_NUMBERS; i++)
        if (l->n[i])
            return false;
    return true;
}

/* tồn + tiếp nhận = đã giải quyết + đang giải quyết + tạm dừng + từ chối + rút */
static bool balances(const struct frozen_line *l)
{
    return l->n[FROZEN_CARRIED] + statistic_frozen_received(l) ==
           statistic_frozen_resolved(l) + l->n[FROZEN_OPEN] + l->n[FROZEN_SOON] +
               l->n[FROZEN_OVERDUE] + l->n[FROZEN_PAUSED] + l->n[FROZEN_REFUSED] +
               l->n[FROZEN_WITHDRAWN];
}

enum err statistic_figures(struct cx *cx, const struct org_unit *unit, const struct closing *c,
                           struct frozen_sheet *out)
{
    struct work w = {.lines = NEW_N(cx->arena, struct frozen_line, FROZEN_LINES_MAX),
                     .paths = NEW_N(cx->arena, struct str, FROZEN_LINES_MAX)};
    bool all;
    if (c->ends_at + SETTLED_MS > cx->now)
        return fail(cx, ERR_CONFLICT,
                    T("Kỳ này chưa hết, chưa chốt được số liệu. Chốt khi đã hết kỳ."));
    *out = (struct frozen_sheet){.lines = w.lines};
    TRY(statistic_counted_until(cx, c->ends_at, &all));
    if (!all)
        return fail(cx, ERR_CONFLICT, T("Số liệu chưa đếm xong. Thử lại sau ít phút."));
    TRY(statistic_as_of(cx, &out->counted_at));
    TRY(add_flows(cx, unit, c, &w));
    TRY(add_standings(cx, unit, c->ends_at, &w));
    for (size_t i = 0; i < w.n; i++) {
        if (!balances(&w.lines[i]))
            return fail(cx, ERR_CONFLICT,
                        T("Số liệu của %.*s chưa khớp với hồ sơ, nên chưa chốt được. Thử lại sau "
                          "ít phút; còn thấy câu này thì báo người quản trị."),
                        F(w.lines[i].name));
        if (i == 0 || !says_nothing(&w.lines[i]))
            w.lines[out->n++] = w.lines[i];
    }
    return OK;
}

struct str statistic_figures_sha256(struct cx *cx, int64_t unit, const struct closing *c,
                                    const struct frozen_sheet *s)
{
    struct buf b = {.arena = cx->arena, .limit = TEXT_MAX};
    buf_fmt(&b, "tinhso statistic\n%lld %d %d\n", (long long)unit, c->from, c->to);
    for (size_t i = 0; i < s->n; i++) {
        const struct frozen_line *l = &s->lines[i];
        buf_fmt(&b, "%.*s|%.*s|%.*s|%.*s|%.*s", F(l->kind), F(l->code), F(l->name),
                F(l->field_code), F(l->field_name));
        for (int k = 0; k < FROZEN_NUMBERS; k++)
            buf_fmt(&b, "|%lld", (long long)l->n[k]);
        buf_byte(&b, '\n');
    }
    const struct hash h = sha256(buf_str(&b));
    return str_hex(cx->arena, HASH_STR(h));
}

/* ---- closing ---- */

#define KIND S("statistic.period")

static struct str code_of(struct cx *cx, const struct closed_period *p)
{
    return str_fmt(cx->arena, "%.*s/%d-%d", F(p->unit_code), p->from, p->to);
}

enum err statistic_close(struct cx *cx, const struct org_unit *unit, const struct closing *c,
                         const struct frozen_sheet *s, struct closed_period *out)
{
    struct closed_period p = {
        .unit = unit->id,
        .unit_code = unit->code,
        .unit_name = unit->name,
        .from = c->from,
        .to = c->to,
        .counted_at = s->counted_at,
        .closed_at = cx->now,
        .closed_by = cx->actor->account,
        .closed_by_name = cx->actor->name,
        .sha256 = statistic_figures_sha256(cx, unit->id, c, s),
    };
    TRY(statistic_store_period_add(cx, &p, c->ends_at));
    for (size_t i = 0; i < s->n; i++)
        TRY(statistic_store_frozen_add(cx, p.id, i, &s->lines[i]));
    TRY(journal_write(cx, &(struct event){
                              .kind = S("statistic.period.closed"),
                              .subject_kind = KIND,
                              .subject_code = code_of(cx, &p),
                              .subject_id = p.id,
                              .unit = unit->id,
                              .payload = str_fmt(cx->arena, "{\"lines\":%zu,\"sha256\":\"%.*s\"}",
                                                 s->n, F(p.sha256)),
                          }));
    TRY(job_add(cx, statistic_sign_job.name, str_fmt(cx->arena, "%lld", (long long)p.id), S(""),
                str_fmt(cx->arena, "{\"period\":%lld}", (long long)p.id), 0));
    *out = p;
    return OK;
}

enum err statistic_closed(struct cx *cx, int64_t unit, const struct closing *c,
                          struct closed_period *out, struct frozen_sheet *s)
{
    TRY(statistic_store_period(cx, unit, c->from, c->to, out));
    *s = (struct frozen_sheet){.lines = NEW_N(cx->arena, struct frozen_line, FROZEN_LINES_MAX),
                               .counted_at = out->counted_at};
    return statistic_store_frozen(cx, out->id, s->lines, FROZEN_LINES_MAX, &s->n);
}

enum err statistic_closed_sound(struct cx *cx, const struct closed_period *p,
                                const struct closing *c, const struct frozen_sheet *s, bool *sound)
{
    struct event_record e;
    size_t n;
    const struct str now = statistic_figures_sha256(cx, p->unit, c, s);
    TRY(journal_of(cx, KIND, p->id, 0, true, &e, 1, &n));
    *sound = str_eq(now, p->sha256) && n == 1 && str_find(e.payload, now, NULL);
    return OK;
}
