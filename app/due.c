/* due.c - the verb due: when a term is over, counted by the law's rules, without a data folder. */
#include <stdio.h>
#include <stdlib.h>

#include "app.h"

#include "calendar/calendar.h"
#include "embed/embed.h"
#include "json/json.h"

#define PAUSES_MAX 32
#define FILES_MAX 64
#define FILE_LIMIT ((size_t)4 << 20)

struct due_request {
    int64_t from;
    struct term term;
    enum term_mode mode;
    enum resume_policy policy;
    struct pause pauses[PAUSES_MAX];
    size_t pauses_n;
    struct str calendar; /* FILE; empty: the shipped one */
    bool json, explain, has_from, calendar_days;
};

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
    r->term.unit = unit;
    return half_units(value, &r->term.n_half);
}

static bool add_pause(struct due_request *r, struct str value)
{
    struct str from, to;
    struct pause *p = &r->pauses[r->pauses_n];
    if (r->pauses_n == PAUSES_MAX || !str_cut(value, '/', &from, &to) ||
        !local_time_parse(from, &p->from))
        return false;
    r->pauses_n++;
    return to.n == 0 || (local_time_parse(to, &p->to) && p->to >= p->from);
}

static bool choose(struct str value, const char *first, const char *second, bool *is_second)
{
    *is_second = str_eq(value, str_c(second));
    return *is_second || str_eq(value, str_c(first));
}

static bool take(struct due_request *r, struct str name, struct str value)
{
    bool second = false;
    if (str_eq(name, S("--from")))
        return r->has_from = local_time_parse(value, &r->from);
    if (str_eq(name, S("--days")))
        return set_term(r, TERM_WORKING_DAYS, value);
    if (str_eq(name, S("--hours")))
        return set_term(r, TERM_HOURS, value);
    if (str_eq(name, S("--months")))
        return set_term(r, TERM_MONTHS, value);
    if (str_eq(name, S("--years")))
        return set_term(r, TERM_YEARS, value);
    if (str_eq(name, S("--unit")))
        return choose(value, "working", "calendar", &r->calendar_days);
    if (str_eq(name, S("--cutoff")))
        return clock_parse(value, &r->term.cutoff_minute);
    if (str_eq(name, S("--pause")))
        return add_pause(r, value);
    if (str_eq(name, S("--calendar"))) {
        r->calendar = value;
        return value.n > 0;
    }
    if (str_eq(name, S("--mode"))) {
        bool good = choose(value, "day", "hour", &second);
        r->mode = second ? TERM_BY_HOUR : TERM_BY_DAY;
        return good;
    }
    if (str_eq(name, S("--policy"))) {
        bool good = choose(value, "reset", "continue", &second);
        r->policy = second ? RESUME_CONTINUE : RESUME_RESET;
        return good;
    }
    return false;
}

static int parse(struct app *a, struct due_request *r)
{
    *r = (struct due_request){.mode = TERM_BY_DAY, .policy = RESUME_CONTINUE};
    for (int i = 0; i < a->options.own_n; i++) {
        struct str arg = str_c(a->options.own[i]), name, value;
        if (str_eq(arg, S("--json")) || str_eq(arg, S("--explain"))) {
            *(str_eq(arg, S("--json")) ? &r->json : &r->explain) = true;
            continue;
        }
        if (!str_cut(arg, '=', &name, &value)) {
            value = i + 1 < a->options.own_n ? str_c(a->options.own[++i]) : S("");
            name = arg;
        }
        if (!take(r, name, value))
            return app_stop(a, EX_USAGE, "due: không hiểu %.*s %.*s. Xem tinhso due --help.",
                            F(name), F(value));
    }
    if (!r->has_from || r->term.unit == 0)
        return app_stop(
            a, EX_USAGE,
            "due: cần --from 2026-04-22T09:00 và một trong --days, --hours, --months, --years.");
    if (r->calendar_days && r->term.unit == TERM_WORKING_DAYS)
        r->term.unit = TERM_DAYS;
    if (r->term.unit == TERM_WORKING_DAYS && r->term.n_half == 0)
        r->term.unit = TERM_SAME_DAY;
    return EX_OK;
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

static int load(struct app *a, const struct due_request *r, struct calendar **c)
{
    struct str texts[FILES_MAX];
    size_t n = 0, files = 0;
    if (r->calendar.n) {
        if (!read_file(a, str_z(a->arena, r->calendar), &texts[n++]))
            return app_stop(a, EX_NOINPUT, "due: không đọc được %.*s.", F(r->calendar));
    } else {
        const struct embed_file *f = embed_under(S("packs/quoc-gia/calendar-"), &files);
        for (; n < files && n < FILES_MAX; n++)
            texts[n] = f[n].bytes;
    }
    int64_t first = day_of(r->from) - 1;
    int64_t span = 800 + r->term.n_half * (r->term.unit == TERM_YEARS    ? 190
                                           : r->term.unit == TERM_MONTHS ? 17
                                                                         : 1);
    for (size_t i = 0; i < r->pauses_n; i++)
        if (r->pauses[i].to > r->from)
            span += (r->pauses[i].to - r->pauses[i].from) / DAY_MS + 1;
    if (span > 39000)
        return app_stop(a, EX_DATAERR, "due: thời hạn dài quá 100 năm.");
    enum err e = calendar_of_files(&a->cx, texts, n, first, first + span, c);
    return e == OK ? EX_OK : app_failed(a, e);
}

/* ---- the answer ---- */

static struct str minute_text(struct app *a, int64_t at)
{
    return str_until(time_iso(a->arena, at), 16);
}

static void explain(struct app *a, const struct due_request *r, const struct calendar *c,
                    int64_t due)
{
    for (int64_t day = day_of(r->from); day <= day_of(due); day++) {
        const struct calendar_day *d = calendar_at(c, day);
        if (!d)
            continue;
        if (d->sessions_n == 0)
            app_say(a, "%.*s  nghỉ%s%.*s\n", F(date_iso(a->arena, day)), d->note.n ? ": " : "",
                    F(d->note));
        for (int i = 0; i < d->sessions_n; i++) {
            int64_t begin = day * DAY_MS - 7 * HOUR_MS + d->sessions[2 * i] * MINUTE_MS;
            int64_t end = day * DAY_MS - 7 * HOUR_MS + d->sessions[2 * i + 1] * MINUTE_MS;
            int64_t counted =
                calendar_minutes(c, begin > r->from ? begin : r->from, end < due ? end : due);
            for (size_t k = 0; k < r->pauses_n; k++) {
                int64_t from = r->pauses[k].from > begin ? r->pauses[k].from : begin;
                int64_t to = r->pauses[k].to < end ? r->pauses[k].to : end;
                counted -= from < to ? calendar_minutes(c, from, to) : 0;
            }
            app_say(a, "%.*s  %02d:%02d–%02d:%02d  %lld phút\n", F(date_iso(a->arena, day)),
                    d->sessions[2 * i] / 60, d->sessions[2 * i] % 60, d->sessions[2 * i + 1] / 60,
                    d->sessions[2 * i + 1] % 60, (long long)(counted > 0 ? counted : 0));
        }
    }
}

static void answer_json(struct app *a, const struct due_request *r, int64_t due)
{
    struct buf b = {.arena = a->arena, .limit = 4096};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("due"), minute_text(a, due));
    json_str(&o, S("mode"), r->mode == TERM_BY_HOUR ? S("hour") : S("day"));
    json_str(&o, S("from"), minute_text(a, r->from));
    json_str(&o, S("policy"), r->policy == RESUME_CONTINUE ? S("continue") : S("reset"));
    json_num(&o, S("pauses"), (int64_t)r->pauses_n);
    json_close_object(&o);
    app_say(a, "%.*s\n", F(buf_str(&b)));
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
    if (r.explain)
        explain(a, &r, c, due);
    if (r.json)
        answer_json(a, &r, due);
    else
        app_say(a, "%.*s\n", F(minute_text(a, due)));
    return EX_OK;
}
