/* onestop_day_pages.c - the day book of a counter: what was done, closing it, opening it again. */
#include "identity/identity.h"
#include "onestop_ledger.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"
#include "org/org.h"

/* "ngay=2026-11-23", up to the next working day, whose book may have begun; else today. What was
 * asked of a day of rest is the book that holds it. */
static enum err asked_day(struct cx *cx, struct web_req *rq, int64_t *out)
{
    const int64_t unit = cx->actor->unit, today = day_of(cx->now);
    int64_t day, before, after;
    struct str typed = web_form(rq, "ngay").n ? web_form(rq, "ngay") : web_query(rq, "ngay");
    TRY(onestop_day_around(cx, unit, today, &before, &after));
    return onestop_day_of_book(cx, unit, date_parse(typed, &day) && day <= after ? day : today,
                               out);
}

static struct str day_href(struct cx *cx, const char *path, int64_t day)
{
    return str_fmt(cx->arena, "%s?ngay=%.*s", path, F(date_iso(cx->arena, day)));
}

static struct look_stat_view stat(struct cx *cx, const char *what, int64_t n, struct str change)
{
    return (struct look_stat_view){
        .what = tr(cx, str_c(what)),
        .figure = list_number(cx, n, false),
        .change = change,
        .source = tr_fmt(cx, T("Sổ một cửa, lúc %.*s"), F(time_vi(cx->arena, cx->now))),
    };
}

static const struct look_stat_view *stats_of(struct cx *cx, const struct day_counts *c, size_t *n)
{
    struct look_stat_view *s = NEW_N(cx->arena, struct look_stat_view, 6);
    s[0] = stat(cx, T("Tiếp nhận"), c->accepted,
                tr_fmt(cx, T("%lld trực tuyến"), (long long)c->online));
    s[1] = stat(cx, T("Yêu cầu bổ sung"), c->asked, S(""));
    s[2] = stat(cx, T("Từ chối"), c->refused, S(""));
    s[3] = stat(cx, T("Đã chuyển"), c->handed_over, S(""));
    s[4] = stat(cx, T("Đã trả"), c->returned,
                tr_fmt(cx, T("%lld điện tử"), (long long)c->returned_digital));
    s[5] = stat(cx, T("Tiền mặt"), 0, tr_fmt(cx, T("%lld biên lai"), (long long)c->receipts));
    s[5].figure = look_money(cx, c->dong);
    *n = 6;
    return s;
}

static struct look_table_view table_of(const char *caption, const struct look_column *columns_of,
                                       size_t columns_n, struct look_line *lines, size_t n,
                                       const char *empty)
{
    return (struct look_table_view){.caption = str_c(caption),
                                    .columns = columns_of,
                                    .columns_n = columns_n,
                                    .lines = lines,
                                    .lines_n = n,
                                    .empty = {.title = str_c(empty)}};
}

static struct look_cell *line_of(struct cx *cx, struct look_line *l, size_t cells)
{
    struct look_cell *c = NEW_N(cx->arena, struct look_cell, cells);
    *l = (struct look_line){.cells = c, .cells_n = cells};
    return c;
}

static struct look_cell code_cell(struct cx *cx, struct str code)
{
    return (struct look_cell){.text = code, .href = str_fmt(cx->arena, "/viec/%.*s", F(code))};
}

static const struct look_column accepted_columns[] = {
    {.title = S("Số"), .css = S("nowrap")},
    {.title = S("Mã hồ sơ"), .css = S("c-title")},
    {.title = S("Người nộp"), .css = S("c-break")},
    {.title = S("Thủ tục"), .css = S("flex-cell")},
    {.title = S("Hẹn trả"), .css = S("nowrap")}};
static const struct look_column receipt_columns[] = {{.title = S("Biên lai"), .css = S("nowrap")},
                                                     {.title = S("Mã hồ sơ"), .css = S("c-title")},
                                                     {.title = S("Người thu"), .css = S("c-break")},
                                                     {.title = S("Lúc"), .css = S("nowrap")},
                                                     {.title = S("Số tiền"), .css = S("num")}};
static const struct look_column handover_columns[] = {{.title = S("Mã hồ sơ"), .css = S("c-title")},
                                                      {.title = S("Nơi nhận"), .css = S("c-break")},
                                                      {.title = S("Lúc"), .css = S("nowrap")}};
static const struct look_column returned_columns[] = {
    {.title = S("Mã hồ sơ"), .css = S("c-title")},
    {.title = S("Người nộp"), .css = S("c-break")},
    {.title = S("Cách trả"), .css = S("nowrap")},
    {.title = S("Lúc"), .css = S("nowrap")}};

static void set_accepted(struct cx *cx, const struct day_book *b, struct onestop_day_view *v)
{
    struct look_line *lines = NEW_N(cx->arena, struct look_line, b->accepted_n + 1);
    for (size_t i = 0; i < b->accepted_n; i++) {
        const struct ledger_row *l = &b->accepted[i];
        struct look_cell *c = line_of(cx, &lines[i], 5);
        c[0].text = str_fmt(cx->arena, "%lld/%d", (long long)l->n, l->year);
        c[1] = code_cell(cx, l->r.d.code);
        c[2].text = l->r.d.submitter_name;
        c[3].text = l->r.d.procedure_name;
        c[4].text = l->r.d.due_shown_at ? time_vi(cx->arena, l->r.d.due_shown_at) : S("");
    }
    v->accepted = table_of("Hồ sơ đã tiếp nhận", accepted_columns, 5, lines, b->accepted_n,
                           "Chưa tiếp nhận hồ sơ nào");
}

static enum err set_receipts(struct cx *cx, const struct day_book *b, struct onestop_day_view *v)
{
    struct look_line *lines = NEW_N(cx->arena, struct look_line, b->receipts_n + 1);
    for (size_t i = 0; i < b->receipts_n; i++) {
        const struct day_receipt *r = &b->receipts[i];
        struct look_cell *c = line_of(cx, &lines[i], 5);
        c[0].text = str_fmt(cx->arena, "%lld/%lld", (long long)r->n, (long long)r->year);
        c[1] = code_cell(cx, r->code);
        TRY(account_name(cx, r->taken_by, &c[2].text));
        c[3].text = time_vi(cx->arena, r->at);
        c[4].text = look_money(cx, r->amount);
    }
    v->receipts =
        table_of("Tiền mặt đã thu", receipt_columns, 5, lines, b->receipts_n, "Không thu tiền mặt");
    return OK;
}

static enum err set_handovers(struct cx *cx, const struct day_book *b, struct onestop_day_view *v)
{
    struct look_line *lines = NEW_N(cx->arena, struct look_line, b->handovers_n + 1);
    for (size_t i = 0; i < b->handovers_n; i++) {
        struct org_unit u;
        struct look_cell *c = line_of(cx, &lines[i], 3);
        TRY(org_unit_find(cx, b->handovers[i].to_unit, &u));
        c[0] = code_cell(cx, b->handovers[i].code);
        c[1].text = u.name;
        c[2].text = time_vi(cx->arena, b->handovers[i].at);
    }
    v->handovers = table_of("Hồ sơ đã chuyển", handover_columns, 3, lines, b->handovers_n,
                            "Chưa chuyển hồ sơ nào");
    return OK;
}

static void set_returned(struct cx *cx, const struct day_book *b, struct onestop_day_view *v)
{
    struct look_line *lines = NEW_N(cx->arena, struct look_line, b->returned_n + 1);
    for (size_t i = 0; i < b->returned_n; i++) {
        const struct dossier *d = &b->returned[i];
        struct look_cell *c = line_of(cx, &lines[i], 4);
        c[0] = code_cell(cx, d->code);
        c[1].text = d->submitter_name;
        c[2].text =
            str_eq(d->delivery, S("dien_tu")) ? tr(cx, S(T("Điện tử"))) : tr(cx, S(T("Tại quầy")));
        c[3].text = time_vi(cx->arena, d->returned_at);
    }
    v->returned = table_of("Kết quả đã trả", returned_columns, 4, lines, b->returned_n,
                           "Chưa trả kết quả nào");
}

/* ---- closed, opened again ---- */

/* Requests that began before the closing and ended after it are in the book, not in its figures. */
static bool differs(const struct day_book *b)
{
    const struct day_closing *c = &b->closings[0];
    return c->accepted != b->counts.accepted || c->returned != b->counts.returned ||
           c->receipts != b->counts.receipts || c->dong != b->counts.dong;
}

static enum err closing_words(struct cx *cx, const struct day_closing *c, struct str *closed,
                              struct str *reopened)
{
    struct str who;
    TRY(account_name(cx, c->closed_by, &who));
    *closed = tr_fmt(cx, T("Khóa lúc %.*s, %.*s: tiếp nhận %lld, trả %lld, %lld biên lai, %.*s"),
                     F(time_vi(cx->arena, c->closed_at)), F(who), (long long)c->accepted,
                     (long long)c->returned, (long long)c->receipts, F(look_money(cx, c->dong)));
    *reopened = S("");
    if (c->reopened_at == 0)
        return OK;
    TRY(account_name(cx, c->reopened_by, &who));
    *reopened = tr_fmt(cx, T("Mở lại lúc %.*s, %.*s: %.*s"), F(time_vi(cx->arena, c->reopened_at)),
                       F(who), F(c->reason));
    return OK;
}

static enum err set_closing(struct cx *cx, struct web_req *rq, const struct day_book *b,
                            struct onestop_day_view *v)
{
    struct onestop_day_closing *rows = NEW_N(cx->arena, struct onestop_day_closing, DAY_CLOSINGS);
    for (size_t i = 0; i < b->closings_n; i++)
        TRY(closing_words(cx, &b->closings[i], &rows[i].closed, &rows[i].reopened));
    v->closings = rows;
    v->closings_n = b->closings_n;
    v->state = b->closed
                   ? (struct look_badge_view){S("ok"), S("lock"), tr(cx, S(T("Đã khóa sổ"))), S("")}
                   : (struct look_badge_view){S(""), S("edit"), tr(cx, S(T("Đang mở"))), S("")};
    if (b->closed && differs(b))
        v->note = (struct look_note_view){
            .kind = S("warn"),
            .icon = S("tri"),
            .title = tr(cx, S(T("Có việc ghi đúng lúc khóa sổ"))),
            .text =
                tr(cx, S(T("Số trong sổ khác số lúc khóa. Đối chiếu, mở lại rồi khóa lần nữa.")))};
    if (!b->closed && b->day <= day_of(cx->now))
        v->close_action = S("/quay/so-ngay/khoa");
    if (!b->closed || !web_may(cx, &onestop_lead))
        return OK;
    v->reopen_action = S("/quay/so-ngay/mo-lai");
    v->again = web_again(rq);
    v->reason = (struct look_field_view){.kind = LOOK_AREA,
                                         .name = S("ly_do"),
                                         .label = tr(cx, S(T("Lý do mở lại sổ"))),
                                         .hint = tr(cx, S(T("Không ghi tên người nộp."))),
                                         .value = web_form(rq, "ly_do"),
                                         .wrong = web_error_of(rq, S("ly_do")),
                                         .max = REASON_MAX};
    return OK;
}

enum err onestop_show_day(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t day, before, after;
    struct day_book b;
    struct str why = cx->why, field = cx->field; /* of a refusal that is drawn again */
    TRY(asked_day(cx, rq, &day));
    TRY(onestop_day_around(cx, cx->actor->unit, day, &before, &after));
    TRY(onestop_day_book(cx, cx->actor->unit, day, &b));
    cx->why = why;
    cx->field = field;
    struct onestop_day_view v = {
        .errors = look_errors_of(cx, rq),
        .iso = date_iso(cx->arena, day),
        .unit = cx->actor->unit_name,
        .day = date_vi(cx->arena, day),
        .print_href = day_href(cx, "/quay/so-ngay/in", day),
        .since = b.from == day * DAY_MS - 7 * HOUR_MS ? S("") : time_vi(cx->arena, b.from),
        .next = date_vi(cx->arena, after),
        .before = date_vi(cx->arena, before),
        .before_href = day_href(cx, "/quay/so-ngay", before),
        .rows_max = str_fmt(cx->arena, "%d", DAY_ROWS),
        .cut = b.accepted_n == DAY_ROWS || b.receipts_n == DAY_ROWS || b.handovers_n == DAY_ROWS ||
               b.returned_n == DAY_ROWS,
    };
    if (day < day_of(cx->now) + (b.closed ? 1 : 0)) {
        v.after = date_vi(cx->arena, after);
        v.after_href = day_href(cx, "/quay/so-ngay", after);
    }
    TRY(set_closing(cx, rq, &b, &v));
    v.stats = stats_of(cx, &b.counts, &v.stats_n);
    set_accepted(cx, &b, &v);
    TRY(set_receipts(cx, &b, &v));
    TRY(set_handovers(cx, &b, &v));
    set_returned(cx, &b, &v);
    rs->title = str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("Sổ cuối ngày")))), F(v.day));
    onestop_day_html(&rs->body, &v);
    return OK;
}

enum err onestop_get_day(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct day_book b;
    struct str bytes;
    int64_t day;
    cx->purpose = S("In sổ cuối ngày");
    TRY(asked_day(cx, rq, &day));
    TRY(onestop_day_book(cx, cx->actor->unit, day, &b));
    TRY(onestop_day_pdf(cx, &b, cx->actor->unit, &bytes));
    onestop_give_pdf(rs, bytes);
    return OK;
}

enum err onestop_write_day_close(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t day, before, after;
    web_on_refusal(rq, onestop_show_day);
    TRY(asked_day(cx, rq, &day));
    TRY(onestop_day_close(cx, cx->actor->unit, day));
    TRY(onestop_day_around(cx, cx->actor->unit, day, &before, &after));
    rs->see_other = day_href(cx, "/quay/so-ngay", day);
    rs->toast = tr_fmt(cx, T("Đã khóa sổ. Việc làm sau lúc này ghi vào sổ ngày %.*s."),
                       F(date_vi(cx->arena, after)));
    return OK;
}

enum err onestop_write_day_reopen(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t day;
    web_on_refusal(rq, onestop_show_day);
    TRY(asked_day(cx, rq, &day));
    TRY(onestop_day_reopen(cx, cx->actor->unit, day, web_form(rq, "ly_do")));
    rs->see_other = day_href(cx, "/quay/so-ngay", day);
    rs->toast = tr(cx, S(T("Đã mở lại sổ.")));
    return OK;
}
