/* due_answer.c - how the verb due says what it counted. */
#include <stdio.h>

#include "due.h"

#include "json/json.h"

static struct str minute_text(struct app *a, int64_t at)
{
    return str_until(time_iso(a->arena, at), 16);
}

/* One session of the way to the due instant, and what of it counts. */
struct counted {
    int64_t begin, end, minutes; /* UTC; working minutes within the term */
    int64_t day_number;          /* by day: the how-manieth working day; 0: not one of them */
};

static bool is_paused(const struct due_request *r, int64_t at, int64_t now)
{
    for (size_t i = 0; i < r->pauses_n; i++)
        if (at >= r->pauses[i].from && at < (r->pauses[i].to ? r->pauses[i].to : now))
            return true;
    return false;
}

/* From when on the term runs: the start, or by `reset` the last complete receipt. */
static int64_t running_from(const struct due_request *r, int64_t now)
{
    int64_t from = r->from;
    for (size_t i = 0; i < r->pauses_n && r->policy == RESUME_RESET; i++) {
        int64_t end = r->pauses[i].to ? r->pauses[i].to : now;
        from = end > from ? end : from;
    }
    return from;
}

/* Minute by minute, so that pauses may overlap as they like: a term has few thousand of them. */
static int64_t minutes_counted(const struct due_request *r, int64_t begin, int64_t end, int64_t due,
                               int64_t now)
{
    int64_t n = 0, from = running_from(r, now);
    for (int64_t at = begin; at < end && at < due; at += MINUTE_MS)
        n += at >= from && !is_paused(r, at, now);
    return n;
}

/* Calls say for each session from the start to the due instant. */
typedef void say_session(void *state, const struct calendar_day *d, const struct counted *s);
static void each_session(struct app *a, const struct due_request *r, const struct calendar *c,
                         int64_t due, say_session *say, void *state)
{
    int64_t number = 0, start_day = day_of(running_from(r, a->cx.now));
    for (int64_t day = day_of(r->from); day <= day_of(due); day++) {
        const struct calendar_day *d = calendar_at(c, day);
        if (!d)
            continue;
        number += d->sessions_n > 0 && day > start_day;
        if (d->sessions_n == 0)
            say(state, d, NULL);
        for (int i = 0; i < d->sessions_n; i++) {
            struct counted s = {.day_number = day > start_day ? number : 0};
            s.begin = day * DAY_MS - 7 * HOUR_MS + d->sessions[2 * i] * MINUTE_MS;
            s.end = day * DAY_MS - 7 * HOUR_MS + d->sessions[2 * i + 1] * MINUTE_MS;
            s.minutes = minutes_counted(r, s.begin, s.end, due, a->cx.now);
            say(state, d, &s);
        }
    }
}

struct explaining {
    struct app *app;
    struct json_out *json;
    bool by_day; /* days are numbered, not minutes */
};

static void explain_session(void *state, const struct calendar_day *d, const struct counted *s)
{
    struct explaining *x = state;
    struct arena *a = x->app->arena;
    if (!s) {
        app_say(x->app, "%.*s  nghỉ%s%.*s\n", F(date_iso(a, d->day)), d->note.n ? ": " : "",
                F(d->note));
        return;
    }
    struct str begin = str_from(minute_text(x->app, s->begin), 11);
    struct str end = str_from(minute_text(x->app, s->end), 11);
    struct str counts = str_fmt(a, "%lld phút", (long long)s->minutes);
    if (x->by_day && s->day_number)
        counts = str_fmt(a, "ngày thứ %lld", (long long)s->day_number);
    else if (x->by_day)
        counts = S("ngày nhận, không tính");
    app_say(x->app, "%.*s  %.*s–%.*s  %.*s\n", F(date_iso(a, d->day)), F(begin), F(end), F(counts));
}

static void json_session(void *state, [[maybe_unused]] const struct calendar_day *d,
                         const struct counted *s)
{
    struct explaining *x = state;
    struct json_out *o = x->json;
    if (!s || s->minutes == 0 || (x->by_day && s->day_number == 0))
        return;
    json_open_object(o);
    json_str(o, S("from"), minute_text(x->app, s->begin));
    json_str(o, S("to"), minute_text(x->app, s->end));
    json_num(o, S("minutes"), s->minutes);
    json_close_object(o);
}

static int year_of(int64_t at)
{
    return civil_at(at).year;
}

/* Whole working days after the day of the start; else minutes are counted. */
static bool by_day(const struct due_request *r)
{
    return r->mode == TERM_BY_DAY && r->term.unit == TERM_WORKING_DAYS && r->term.n_half % 2 == 0 &&
           (r->pauses_n == 0 || r->policy == RESUME_RESET);
}

static void answer_json(struct app *a, const struct due_request *r, const struct calendar *c,
                        int64_t due)
{
    struct buf b = {.arena = a->arena, .limit = (size_t)4 << 20};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("due"), minute_text(a, due));
    json_str(&o, S("mode"), r->mode == TERM_BY_HOUR ? S("hour") : S("day"));
    json_str(&o, S("from"), minute_text(a, r->from));
    json_str(&o, S("policy"), r->policy == RESUME_CONTINUE ? S("continue") : S("reset"));
    json_num(&o, S("pauses"), (int64_t)r->pauses_n);
    json_key(&o, S("expected_years"));
    json_open_array(&o);
    for (int year = year_of(r->from); year <= year_of(due); year++)
        if (calendar_is_expected(c, year))
            json_put_int(&o, year);
    json_close_array(&o);
    struct explaining x = {a, &o, by_day(r)};
    if (r->explain) {
        json_key(&o, S("counted"));
        json_open_array(&o);
        each_session(a, r, c, due, json_session, &x);
        json_close_array(&o);
    }
    json_close_object(&o);
    app_say(a, "%.*s\n", F(buf_str(&b)));
}

static void answer_words(struct app *a, const struct due_request *r, const struct calendar *c,
                         int64_t due)
{
    struct explaining x = {a, NULL, by_day(r)};
    if (r->explain)
        each_session(a, r, c, due, explain_session, &x);
    app_say(a, "%.*s\n", F(minute_text(a, due)));
    for (int year = year_of(r->from); year <= year_of(due); year++)
        if (calendar_is_expected(c, year))
            fprintf(stderr,
                    "Năm %d chưa nạp lịch nghỉ: ngày nghỉ tính theo luật, còn có thể đổi.\n", year);
}

void due_answer(struct app *a, const struct due_request *r, const struct calendar *c, int64_t due)
{
    if (r->json)
        answer_json(a, r, c, due);
    else
        answer_words(a, r, c, due);
}
