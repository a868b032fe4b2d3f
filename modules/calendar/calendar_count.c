/* calendar_count.c - counting terms over a loaded calendar. Pure: no database, integer minutes.
 *
 * administrative-procedures.md section 8; Nghị định 309/2026 art. 8.3 (the clock starts when the
 * dossier is complete), Nghị định 61/2018 art. 19 (supplement), Bộ luật Dân sự 2015 arts. 144-148
 * (the day of the event is not counted; a last day of rest moves to the next working day).
 */
#include "calendar.h"

#include "calendar_inside.h"

static int64_t minute_ms(int64_t day, int minute)
{
    return day * DAY_MS - 7 * HOUR_MS +
           minute * MINUTE_MS; /* the local day begins at 17:00 UTC before */
}

static int minute_of(int64_t at)
{
    struct civil c = civil_at(at);
    return c.hour * 60 + c.minute;
}

static enum err beyond(struct cx *cx, int64_t day)
{
    return fail(cx, ERR_LIMIT,
                T("Chưa có lịch làm việc cho ngày %.*s. Báo phòng kỹ thuật nạp lịch của năm đó."),
                F(date_vi(cx->arena, day)));
}

/* Working minutes of this day from minute `from` on. */
static int minutes_after(const struct calendar_day *d, int from)
{
    int sum = 0;
    for (int i = 0; i < d->sessions_n; i++) {
        int a = d->sessions[2 * i], b = d->sessions[2 * i + 1];
        if (from < b)
            sum += b - (a > from ? a : from);
    }
    return sum;
}

/* The minute at which `need` (> 0, at most minutes_after) working minutes from `from` are over. */
static int minute_when(const struct calendar_day *d, int from, int need)
{
    for (int i = 0; i < d->sessions_n; i++) {
        int a = d->sessions[2 * i], b = d->sessions[2 * i + 1];
        if (a < from)
            a = from;
        if (a >= b)
            continue;
        if (need <= b - a)
            return a + need;
        need -= b - a;
    }
    MUST_NOT_HAPPEN("the caller checked that the day is long enough");
    return 0;
}

static int last_minute(const struct calendar_day *d)
{
    return d->sessions[2 * d->sessions_n - 1];
}

enum err calendar_open_at(struct cx *cx, const struct calendar *c, int64_t at, int64_t *open)
{
    int from = minute_of(at);
    for (int64_t day = day_of(at); day <= c->last; day++, from = 0) {
        const struct calendar_day *d = calendar_at(c, day);
        if (!d || minutes_after(d, from) == 0)
            continue;
        *open = minute_ms(day, minute_when(d, from, 1) - 1);
        return OK;
    }
    return beyond(cx, c->last + 1);
}

int64_t calendar_minutes(const struct calendar *c, int64_t from, int64_t to)
{
    int64_t sum = 0;
    for (int64_t day = day_of(from); day <= day_of(to); day++) {
        const struct calendar_day *d = calendar_at(c, day);
        if (!d || from >= to)
            continue;
        int begin = day == day_of(from) ? minute_of(from) : 0;
        sum += minutes_after(d, begin);
        if (day == day_of(to))
            sum -= minutes_after(d, minute_of(to) > begin ? minute_of(to) : begin);
    }
    return sum;
}

/* Mode B: `minutes` working minutes after `start`. */
enum err calendar_add(struct cx *cx, const struct calendar *c, int64_t start, int64_t minutes,
                      int64_t *due)
{
    int64_t at;
    TRY(calendar_open_at(cx, c, start, &at));
    if (minutes == 0) {
        *due = at;
        return OK;
    }
    int from = minute_of(at);
    for (int64_t day = day_of(at); day <= c->last; day++, from = 0) {
        const struct calendar_day *d = calendar_at(c, day);
        int have = minutes_after(d, from);
        if (minutes <= have) {
            *due = minute_ms(day, minute_when(d, from, (int)minutes));
            return OK;
        }
        minutes -= have;
    }
    return beyond(cx, c->last + 1);
}

static enum err end_of_working_day(struct cx *cx, const struct calendar *c, int64_t day,
                                   int64_t *due)
{
    for (; day <= c->last; day++) {
        const struct calendar_day *d = calendar_at(c, day);
        if (d && d->sessions_n) {
            *due = minute_ms(day, last_minute(d));
            return OK;
        }
    }
    return beyond(cx, day);
}

/* Mode A: the end of the n-th working day after the day of the start. */
static enum err add_days(struct cx *cx, const struct calendar *c, int64_t start, int64_t n,
                         int64_t *due)
{
    int64_t day = day_of(start);
    while (n > 0) {
        if (++day > c->last)
            return beyond(cx, day);
        n -= calendar_is_working(c, day);
    }
    return end_of_working_day(cx, c, day, due);
}

static enum err same_day(struct cx *cx, const struct calendar *c, int64_t start, int cutoff,
                         int64_t *due)
{
    int64_t day = day_of(start);
    const struct calendar_day *d = calendar_at(c, day);
    int minute = minute_of(start);
    bool today = d && d->sessions_n && minute < last_minute(d) && (cutoff == 0 || minute <= cutoff);
    return end_of_working_day(cx, c, today ? day : day + 1, due);
}

static int64_t months_later(int64_t day, int64_t months)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    int64_t index = (int64_t)y * 12 + m - 1 + months;
    y = (int)(index / 12);
    m = (int)(index % 12) + 1;
    while (!civil_valid(y, m, d))
        d--; /* the 31st of a shorter month is its last day */
    return civil_day(y, m, d);
}

/* Pauses in order, without overlap, those still open ended now, those before the start cut. */
static size_t tidy(struct cx *cx, int64_t start, const struct pause *in, size_t n,
                   struct pause *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct pause p = in[i];
        if (p.to == 0)
            p.to = cx->now > p.from ? cx->now : p.from;
        if (p.from < start)
            p.from = start;
        if (p.to <= p.from)
            continue;
        size_t at = kept++;
        for (; at > 0 && out[at - 1].from > p.from; at--)
            out[at] = out[at - 1];
        out[at] = p;
    }
    size_t merged = 0;
    for (size_t i = 0; i < kept; i++) {
        if (merged && out[i].from <= out[merged - 1].to) {
            if (out[i].to > out[merged - 1].to)
                out[merged - 1].to = out[i].to;
        } else {
            out[merged++] = out[i];
        }
    }
    return merged;
}

/* Working minutes of a term counted by hours; 0 for terms of the civil calendar. */
static int64_t minutes_of(const struct term *t)
{
    if (t->unit == TERM_WORKING_DAYS)
        return t->n_half * MINUTES_A_DAY / 2;
    return t->unit == TERM_HOURS ? t->n_half * 30 : 0;
}

/* Terms of the civil calendar. Bộ luật Dân sự 2015 điều 146 and 148: half a month is fifteen days,
 * half a year six months. */
static int64_t civil_last(int64_t day, const struct term *t)
{
    int64_t n = t->n_half / 2;
    bool half = t->n_half % 2 != 0;
    if (t->unit == TERM_YEARS)
        return months_later(day, 12 * n + (half ? 6 : 0));
    if (t->unit == TERM_MONTHS)
        return months_later(day, n) + (half ? 15 : 0);
    return day + (t->n_half + 1) / 2;
}

/* Stretched by the whole days of each pause that began before it was due. */
static enum err civil_due(struct cx *cx, const struct calendar *c, int64_t start,
                          const struct term *t, const struct pause *p, size_t n, int64_t *due)
{
    int64_t last = civil_last(day_of(start), t);
    TRY(end_of_working_day(cx, c, last, due));
    for (size_t i = 0; i < n && p[i].from < *due; i++) {
        last += day_of(p[i].to) - day_of(p[i].from);
        TRY(end_of_working_day(cx, c, last, due));
    }
    return OK;
}

/* Where the hour count falls; by day it is the end of that day's last session, and never before
 * `least`, the end of the term without pauses. */
static enum err fall(struct cx *cx, const struct calendar *c, int64_t start, int64_t minutes,
                     int64_t least, int64_t *due)
{
    TRY(calendar_add(cx, c, start, minutes, due));
    if (least == 0)
        return OK;
    TRY(end_of_working_day(cx, c, day_of(*due), due));
    if (*due < least)
        *due = least;
    return OK;
}

/* Stretched by the working minutes of every pause that began before it was due. */
static enum err continued(struct cx *cx, const struct calendar *c, int64_t start, int64_t minutes,
                          int64_t least, const struct pause *p, size_t n, int64_t *due)
{
    TRY(fall(cx, c, start, minutes, least, due));
    int64_t paused = 0;
    for (size_t i = 0; i < n && p[i].from < *due; i++) {
        paused += calendar_minutes(c, p[i].from, p[i].to);
        TRY(fall(cx, c, start, minutes + paused, least, due));
    }
    return OK;
}

/* Late in the day, or on a day of rest: as if it came when the next working day opens. */
static enum err after_cutoff(struct cx *cx, const struct calendar *c, int cutoff, int64_t *start)
{
    if (cutoff == 0 || (calendar_is_working(c, day_of(*start)) && minute_of(*start) <= cutoff))
        return OK;
    return calendar_open_at(cx, c, minute_ms(day_of(*start) + 1, 0), start);
}

enum err calendar_due(struct cx *cx, const struct calendar *c, int64_t start, const struct term *t,
                      enum term_mode mode, const struct pause *pauses, size_t pauses_n,
                      enum resume_policy policy, int64_t *due)
{
    struct pause *p = NEW_N(cx->arena, struct pause, pauses_n + 1);
    size_t n = tidy(cx, start, pauses, pauses_n, p);
    if (n && policy == RESUME_RESET) {
        start = p[n - 1].to; /* counted anew from the last complete receipt */
        n = 0;
    }
    if (t->unit == TERM_SAME_DAY)
        return same_day(cx, c, n ? p[n - 1].to : start, t->cutoff_minute, due);
    TRY(after_cutoff(cx, c, t->cutoff_minute, &start));
    n = tidy(cx, start, p, n, p);
    int64_t minutes = minutes_of(t), least = 0;
    if (minutes == 0)
        return civil_due(cx, c, start, t, p, n, due);
    if (mode == TERM_BY_DAY && t->unit == TERM_WORKING_DAYS) {
        TRY(add_days(cx, c, start, t->n_half / 2, &least));
        if (n == 0 && t->n_half % 2 == 0) {
            *due = least;
            return OK;
        }
    }
    return continued(cx, c, start, minutes, least, p, n, due);
}
