/* onestop_day.c - one day of a counter: which instants its book holds, closing it, opening it
 * again.
 *
 * The book of a day begins where that of the day before ended: at midnight, or when that was
 * closed. Nothing is written to a book: its lines are the rows of what was done, so what comes
 * after the closing stands in the next day's book by itself. */
#include "journal/journal.h"
#include "json/json.h"
#include "onestop_ledger.h"

#define BACK_DAYS_MAX 31

static int64_t midnight(int64_t day)
{
    return day * DAY_MS - 7 * HOUR_MS;
}

/* A day closed later than its own midnight ends there all the same. */
static enum err end_of(struct cx *cx, int64_t unit, int64_t day, int64_t *end)
{
    struct day_closing c;
    enum err e = onestop_store_day_closed(cx, unit, day, &c);
    *end = midnight(day + 1);
    if (e == OK && c.closed_at < *end)
        *end = c.closed_at;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err onestop_day_span(struct cx *cx, int64_t unit, int64_t day, struct span *out)
{
    *out = (struct span){.unit = unit};
    TRY(end_of(cx, unit, day - 1, &out->from));
    return end_of(cx, unit, day, &out->to);
}

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
    TRY(onestop_day_span(cx, unit, day, &s));
    if (day == today)
        s.to = cx->now;
    TRY(onestop_store_day_counts(cx, &s, &n));
    struct day_closing c = {
        .unit = unit,
        .day = day,
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
    /* What came after the closing would leave the next day's book, which must be open for that. */
    e = onestop_store_day_closed(cx, unit, day + 1, &next);
    if (e == OK)
        return fail(cx, ERR_CONFLICT, T("Sổ ngày sau đã khóa. Mở lại sổ ngày sau trước."));
    if (e != ERR_NOT_FOUND)
        return e;
    c.reason = str_trim(reason);
    TRY(onestop_store_day_reopen(cx, &c));
    return write_event(cx, &c, "onestop.day.reopened", "khoa", "mo");
}
