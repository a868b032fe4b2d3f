/* onestop_day.c - one day of a counter: which instants its book holds, closing it, opening it
 * again.
 *
 * The book of a working day begins where that of the last working day ended: at its midnight, or
 * when it was closed. So what is done late on a Friday, and on the Saturday after it, stands in
 * Monday's. Nothing is written to a book: its lines are the rows of what was done. Where a closed
 * book began is kept with it, whatever becomes of the calendar. */
#include "calendar/calendar.h"
#include "journal/journal.h"
#include "json/json.h"
#include "onestop_ledger.h"

#define BACK_DAYS_MAX 31
#define AROUND 31 /* days in a row without work are fewer */

static int64_t midnight(int64_t day)
{
    return day * DAY_MS - 7 * HOUR_MS;
}

/* ---- which days have a book ---- */

struct days {
    struct calendar *calendar;
    struct day_closing closed[2 * AROUND + 1]; /* at most one a day, in order */
    size_t closed_n;
};

static enum err days_around(struct cx *cx, int64_t unit, int64_t day, struct days *out)
{
    TRY(calendar_load(cx, unit, day - AROUND, day + AROUND, &out->calendar));
    return onestop_store_days_closed(cx, unit, day - AROUND, day + AROUND, out->closed,
                                     2 * AROUND + 1, &out->closed_n);
}

static const struct day_closing *closing_of(const struct days *a, int64_t day)
{
    for (size_t i = 0; i < a->closed_n; i++)
        if (a->closed[i].day == day)
            return &a->closed[i];
    return NULL;
}

static bool is_booked(const struct days *a, int64_t day)
{
    return closing_of(a, day) || calendar_is_working(a->calendar, day);
}

/* The next one from this day on, itself too; else the one before it. */
static int64_t booked(const struct days *a, int64_t day, int step)
{
    for (int i = 0; i < AROUND - 1 && !is_booked(a, day); i++)
        day += step;
    return day;
}

/* A day of rest has one too when the book after it was closed without it: before there was a rule
 * for days of rest, or because the calendar was another. */
static bool has_book(const struct days *a, int64_t day)
{
    if (is_booked(a, day))
        return true;
    const struct day_closing *next = closing_of(a, booked(a, day + 1, 1));
    return next && next->begins_at > midnight(day);
}

enum err onestop_day_of_book(struct cx *cx, int64_t unit, int64_t day, int64_t *out)
{
    struct days a;
    TRY(days_around(cx, unit, day, &a));
    *out = has_book(&a, day) ? day : booked(&a, day + 1, 1);
    return OK;
}

enum err onestop_day_around(struct cx *cx, int64_t unit, int64_t day, int64_t *before,
                            int64_t *after)
{
    struct days a;
    TRY(days_around(cx, unit, day, &a));
    *before = booked(&a, day - 1, -1);
    *after = booked(&a, day + 1, 1);
    return OK;
}

/* ---- what its book holds ---- */

/* A day closed later than its own midnight ends there all the same. */
static int64_t end_of(const struct days *a, int64_t day)
{
    const struct day_closing *c = closing_of(a, day);
    const int64_t end = midnight(day + 1);
    return c && c->closed_at < end ? c->closed_at : end;
}

static int64_t begin_of(const struct days *a, int64_t day)
{
    const struct day_closing *c = closing_of(a, day);
    if (c)
        return c->begins_at;
    return is_booked(a, day) ? end_of(a, booked(a, day - 1, -1)) : end_of(a, day - 1);
}

enum err onestop_day_span(struct cx *cx, int64_t unit, int64_t day, struct span *out)
{
    struct days a;
    TRY(days_around(cx, unit, day, &a));
    const int64_t end = end_of(&a, day);
    *out =
        (struct span){.unit = unit, .from = has_book(&a, day) ? begin_of(&a, day) : end, .to = end};
    return OK;
}

/* ---- closing, opening again ---- */

static enum err write_event(struct cx *cx, const struct day_closing *c, const char *kind,
                            const char *from, const char *to)
{
    struct buf b = {.arena = cx->arena, .limit = 16384};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("day"), date_iso(cx->arena, c->day));
    json_num(&o, S("accepted"), c->accepted);
    json_num(&o, S("returned"), c->returned);
    json_num(&o, S("receipts"), c->receipts);
    json_num(&o, S("dong"), c->dong);
    json_str(&o, S("reason"), c->reason);
    json_close_object(&o);
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("onestop.day"),
                                 .subject_id = c->id,
                                 .unit = c->unit,
                                 .from_state = str_c(from),
                                 .to_state = str_c(to),
                                 .payload = buf_str(&b),
                             });
}

enum err onestop_day_close(struct cx *cx, int64_t unit, int64_t day)
{
    struct span s;
    struct day_counts n;
    const int64_t today = day_of(cx->now);
    if (day > today || day < today - BACK_DAYS_MAX)
        return fail(cx, ERR_INVALID, T("Chỉ khóa sổ của hôm nay và của %d ngày vừa qua."),
                    BACK_DAYS_MAX);
    int64_t book;
    TRY(onestop_day_of_book(cx, unit, day, &book));
    if (book != day)
        return fail(
            cx, ERR_CONFLICT,
            T("Ngày này đơn vị nghỉ, không có sổ riêng. Việc làm trong ngày ghi vào sổ ngày "
              "%.*s."),
            F(date_vi(cx->arena, book)));
    TRY(onestop_day_span(cx, unit, day, &s));
    if (day == today)
        s.to = cx->now;
    TRY(onestop_store_day_counts(cx, &s, &n));
    struct day_closing c = {
        .unit = unit,
        .day = day,
        .begins_at = s.from,
        .closed_at = cx->now,
        .closed_by = cx->actor->account,
        .accepted = n.accepted,
        .returned = n.returned,
        .receipts = n.receipts,
        .dong = n.dong,
        .reason = S(""),
    };
    TRY(onestop_store_day_close(cx, &c));
    return write_event(cx, &c, "onestop.day.closed", "mo", "khoa");
}

enum err onestop_day_reopen(struct cx *cx, int64_t unit, int64_t day, struct str reason)
{
    struct day_closing c, next;
    enum err e = onestop_store_day_closed(cx, unit, day, &c);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_CONFLICT, T("Sổ ngày này chưa khóa, không cần mở lại."));
    TRY(e);
    if (str_trim(reason).n == 0)
        return fail_field(cx, ERR_INVALID, S("ly_do"), T("Nhập lý do mở lại sổ."));
    if (utf8_count(reason) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("ly_do"), T("Lý do dài quá %d ký tự. Viết ngắn lại."),
                          REASON_MAX);
    /* What came after the closing would leave the next book, which must be open for that. */
    int64_t before, after;
    TRY(onestop_day_around(cx, unit, day, &before, &after));
    e = onestop_store_day_closed(cx, unit, after, &next);
    if (e == OK)
        return fail(cx, ERR_CONFLICT, T("Sổ ngày %.*s đã khóa. Mở lại sổ đó trước."),
                    F(date_vi(cx->arena, after)));
    if (e != ERR_NOT_FOUND)
        return e;
    c.reason = str_trim(reason);
    TRY(onestop_store_day_reopen(cx, &c));
    return write_event(cx, &c, "onestop.day.reopened", "khoa", "mo");
}
