/* due.c - the verb due: when a term is over, counted by the law's rules, without a data folder. */
#include <stdio.h>
#include <stdlib.h>

#include "due.h"

#include "embed/embed.h"

#define FILE_LIMIT ((size_t)4 << 20)

/* "3" or "2.5": half units. */
static bool half_units(struct str s, int64_t *out)
{
    struct str whole, rest;
    bool half = str_cut(s, '.', &whole, &rest);
    if ((half && !str_eq(rest, S("5")) && !str_eq(rest, S("0"))) || !str_int(whole, out) ||
        *out < 0 || *out > 100000)
        return false;
    *out = *out * 2 + (half && str_eq(rest, S("5")));
    return true;
}

static bool clock_parse(struct str s, int *minute)
{
    int64_t h, m;
    struct str hour, rest;
    if (!str_cut(s, ':', &hour, &rest) || !str_int(hour, &h) || !str_int(rest, &m) || h < 0 ||
        h > 23 || m < 0 || m > 59)
        return false;
    *minute = (int)(h * 60 + m);
    return true;
}

static bool set_term(struct due_request *r, enum term_unit unit, struct str value)
{
    bool first = r->term.unit == 0;
    r->term.unit = unit;
    return first && half_units(value, &r->term.n_half);
}

/* The clock of people who count terms: before and after it there are no tables to trust. */
static bool instant(struct str s, int64_t *out)
{
    return local_time_parse(s, out) && day_of(*out) >= civil_day(CALENDAR_YEAR_MIN, 1, 2) &&
           day_of(*out) < civil_day(CALENDAR_YEAR_MAX - 100, 12, 31);
}

static bool add_pause(struct due_request *r, struct str value)
{
    struct str from, to;
    struct pause *p = &r->pauses[r->pauses_n];
    if (r->pauses_n == PAUSES_MAX || !str_cut(value, '/', &from, &to) || !instant(from, &p->from))
        return false;
    r->pauses_n++;
    return to.n == 0 || (instant(to, &p->to) && p->to >= p->from);
}

static bool choose(struct str value, const char *first, const char *second, bool *is_second)
{
    *is_second = str_eq(value, str_c(second));
    return *is_second || str_eq(value, str_c(first));
}

static bool take_from(struct due_request *r, struct str v)
{
    bool first = !r->has_from;
    r->has_from = true;
    return first && instant(v, &r->from);
}

static bool take_days(struct due_request *r, struct str v)
{
    return set_term(r, TERM_WORKING_DAYS, v);
}

static bool take_hours(struct due_request *r, struct str v)
{
    return set_term(r, TERM_HOURS, v);
}

static bool take_months(struct due_request *r, struct str v)
{
    return set_term(r, TERM_MONTHS, v);
}

static bool take_years(struct due_request *r, struct str v)
{
    return set_term(r, TERM_YEARS, v);
}

static bool take_unit(struct due_request *r, struct str v)
{
    return choose(v, "working", "calendar", &r->calendar_days);
}

static bool take_cutoff(struct due_request *r, struct str v)
{
    return clock_parse(v, &r->term.cutoff_minute);
}

static bool take_calendar(struct due_request *r, struct str v)
{
    if (v.n == 0 || r->calendars_n == FILES_MAX / 2)
        return false;
    r->calendars[r->calendars_n++] = v;
    return true;
}

static bool take_mode(struct due_request *r, struct str v)
{
    bool hour = false, good = choose(v, "day", "hour", &hour);
    r->mode = hour ? TERM_BY_HOUR : TERM_BY_DAY;
    return good;
}

static bool take_policy(struct due_request *r, struct str v)
{
    bool onward = false, good = choose(v, "reset", "continue", &onward);
    r->policy = onward ? RESUME_CONTINUE : RESUME_RESET;
    return good;
}

/* clang-format off */
static const struct {
    const char *name;
    bool (*take)(struct due_request *r, struct str value);
    const char *wanted;
} due_options[] = {
    {"--from",     take_from,     "một lần, giờ địa phương, như 2026-04-22T09:00"},
    {"--days",     take_days,     "số ngày, như 3 hoặc 2.5; chỉ một thời hạn"},
    {"--hours",    take_hours,    "số giờ làm việc, như 8; chỉ một thời hạn"},
    {"--months",   take_months,   "số tháng, như 2; chỉ một thời hạn"},
    {"--years",    take_years,    "số năm, như 1; chỉ một thời hạn"},
    {"--unit",     take_unit,     "working hoặc calendar"},
    {"--mode",     take_mode,     "day hoặc hour"},
    {"--cutoff",   take_cutoff,   "giờ trong ngày, như 15:00"},
    {"--pause",    add_pause,     "TỪ/ĐẾN, như 2026-10-07T10:00/2026-10-13T09:00, ĐẾN không trước TỪ"},
    {"--policy",   take_policy,   "reset hoặc continue"},
    {"--calendar", take_calendar, "một tệp lịch"},
};
/* clang-format on */

static int take(struct app *a, struct due_request *r, struct str name, struct str value)
{
    for (size_t i = 0; i < sizeof due_options / sizeof *due_options; i++) {
        if (!str_eq(name, str_c(due_options[i].name)))
            continue;
        if (due_options[i].take(r, value))
            return EX_OK;
        return app_stop(a, EX_USAGE, "due: %.*s cần %s. Nhận được: “%.*s”.", F(name),
                        due_options[i].wanted, F(value));
    }
    return app_stop(a, EX_USAGE, "due: không có tùy chọn %.*s. Xem tinhso due --help.", F(name));
}

/* What the options together mean. */
static int settle(struct app *a, struct due_request *r)
{
    if (!r->has_from || r->term.unit == 0)
        return app_stop(
            a, EX_USAGE,
            "due: cần --from 2026-04-22T09:00 và một trong --days, --hours, --months, --years.");
    if (r->calendar_days && r->term.unit == TERM_HOURS)
        return app_stop(a, EX_USAGE, "due: --hours là giờ làm việc, không đi với --unit calendar.");
    if (r->calendar_days && r->term.unit == TERM_WORKING_DAYS)
        r->term.unit = TERM_DAYS;
    if (r->term.n_half == 0)
        r->term.unit = TERM_SAME_DAY;
    /* Hours are counted by the hour, days of the civil calendar by the day, whatever is asked. */
    if (r->term.unit == TERM_HOURS)
        r->mode = TERM_BY_HOUR;
    else if (r->term.unit != TERM_WORKING_DAYS || r->mode == 0)
        r->mode = TERM_BY_DAY;
    return EX_OK;
}

static int parse(struct app *a, struct due_request *r)
{
    *r = (struct due_request){.policy = RESUME_RESET};
    for (int i = 0; i < a->options.own_n; i++) {
        struct str arg = str_c(a->options.own[i]), name, value;
        if (str_eq(arg, S("--json")) || str_eq(arg, S("--explain"))) {
            *(str_eq(arg, S("--json")) ? &r->json : &r->explain) = true;
            continue;
        }
        if (!str_cut(arg, '=', &name, &value))
            value = i + 1 < a->options.own_n ? str_c(a->options.own[++i]) : S("");
        int code = take(a, r, name, value);
        if (code != EX_OK)
            return code;
    }
    return settle(a, r);
}

/* ---- the calendar ---- */

static bool read_file(struct app *a, const char *path, struct str *out)
{
    FILE *f = fopen(path, "re");
    struct buf b = {.arena = a->arena, .limit = FILE_LIMIT};
    char piece[4096];
    size_t n;
    if (!f)
        return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b, (struct str){piece, n});
    fclose(f);
    *out = buf_str(&b);
    return !b.full;
}

static int64_t span_of(const struct due_request *r)
{
    int64_t unit = 1;
    if (r->term.unit == TERM_YEARS)
        unit = 190;
    else if (r->term.unit == TERM_MONTHS)
        unit = 17;
    int64_t span = 800 + r->term.n_half * unit;
    for (size_t i = 0; i < r->pauses_n; i++)
        if (r->pauses[i].to > r->from)
            span += (r->pauses[i].to - r->pauses[i].from) / DAY_MS + 1;
    return span;
}

static int load(struct app *a, const struct due_request *r, struct calendar **c)
{
    struct str texts[FILES_MAX];
    size_t n = 0, shipped;
    for (; n < r->calendars_n; n++)
        if (!read_file(a, str_z(a->arena, r->calendars[n]), &texts[n]))
            return app_stop(a, EX_NOINPUT, "due: không đọc được %.*s.", F(r->calendars[n]));
    /* What these files do not speak of is as in the whole country. */
    const struct embed_file *f = embed_under(S("packs/quoc-gia/calendar-"), &shipped);
    for (size_t i = 0; i < shipped && n < FILES_MAX; i++)
        texts[n++] = f[i].bytes;
    int64_t first = day_of(r->from) - 1, span = span_of(r);
    for (size_t i = 0; i < r->pauses_n; i++)
        if (r->pauses[i].to == 0 && day_of(a->cx.now) > first)
            span += day_of(a->cx.now) - first;
    if (span > 39000)
        return app_stop(a, EX_USAGE, "due: thời hạn dài quá 100 năm.");
    enum err e = calendar_of_files(&a->cx, texts, n, first, first + span, c);
    return e == OK ? EX_OK : app_failed(a, e);
}

int verb_due(struct app *a)
{
    struct due_request r;
    struct calendar *c;
    int64_t due;
    int code = parse(a, &r);
    if (code == EX_OK)
        code = load(a, &r, &c);
    if (code != EX_OK)
        return code;
    enum err e =
        calendar_due(&a->cx, c, r.from, &r.term, r.mode, r.pauses, r.pauses_n, r.policy, &due);
    if (e != OK)
        return app_failed(a, e);
    due_answer(a, &r, c, due);
    return EX_OK;
}
