/* onestop_ledger_pages.c - the register of dossiers of a year and the closing of a counter's day.
 */
#include "onestop_ledger.h"
#include "onestop_lists.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"
#include "identity/identity.h"
#include "org/org.h"

/* ---- the register: form 07 ---- */

static void cell_number(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct ledger_row *l = row;
    c->text = str_fmt(cx->arena, "%lld/%d", (long long)l->n, l->year);
}

static void cell_accepted(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = time_vi(cx->arena, ((const struct ledger_row *)row)->at);
}

static void cell_returned(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct dossier *d = &((const struct inbox_row *)row)->d;
    c->text = d->returned_at ? time_vi(cx->arena, d->returned_at) : tr(cx, S(T("Chưa trả")));
}

static struct list_value value_number(struct cx *cx, const void *row)
{
    (void)cx;
    return (struct list_value){.kind = LIST_NUMBER, .number = ((const struct ledger_row *)row)->n};
}

static struct list_value value_accepted(struct cx *cx, const void *row)
{
    (void)cx;
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct ledger_row *)row)->at};
}

static struct list_value value_returned(struct cx *cx, const void *row)
{
    (void)cx;
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct inbox_row *)row)->d.returned_at};
}

/* clang-format off */
static const struct list_column columns[] = {
    {T("Số"), "nowrap", NULL, "so", false, cell_number, value_number},
    {T("Hồ sơ"), "c-title flex-cell", NULL, NULL, false, onestop_cell_dossier, onestop_value_code},
    {T("Thủ tục"), NULL, NULL, NULL, false, NULL, onestop_value_procedure},
    {T("Người nộp"), "c-break", NULL, NULL, true, onestop_cell_person, onestop_value_person},
    {T("Nhận"), "nowrap", T("Nhận"), NULL, false, cell_accepted, value_accepted},
    {T("Hạn"), "c-due", NULL, NULL, false, onestop_cell_due, onestop_value_due},
    {T("Trả"), "nowrap", T("Trả"), NULL, false, cell_returned, value_returned},
};
static const struct list_choice given[] = {
    {{"roi", 3}, {T("Đã trả"), sizeof "Đã trả" - 1}}, {{"chua", 4}, {T("Chưa trả"), sizeof "Chưa trả" - 1}},
    {{"tre", 3}, {T("Quá hạn"), sizeof "Quá hạn" - 1}},
};
/* clang-format on */

static const struct list_offer usual_offers[] = {
    {T("Năm"), NULL, 0}, {T("Kết quả"), given, sizeof given / sizeof *given}};
const struct list_def onestop_ledger_list = {
    .name = "so-theo-doi",
    .title = T("Sổ theo dõi hồ sơ"),
    .path = "/so-theo-doi",
    .placeholder = T("Tìm số, mã hồ sơ hoặc người nộp"),
    .source = &onestop_ledger_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .offers = usual_offers,
    .empty = T("Sổ chưa có dòng nào"),
    .empty_text = T("Mỗi hồ sơ được tiếp nhận vào sổ một dòng, số liên tục trong năm."),
    .exports = true,
    .views = true,
};

enum err onestop_show_ledger(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct list_offer offers[] = {{T("Năm"), onestop_years(cx), ONESTOP_YEARS},
                                        usual_offers[1]};
    struct list_def def = onestop_ledger_list;
    def.offers = offers;
    struct list_ask ask;
    struct str year = str_fmt(cx->arena, "%d", civil_at(cx->now).year);
    struct onestop_ledger_view v = {.unit = cx->actor->unit_name};
    TRY(list_show(cx, rq, &def, &v.list, &ask));
    struct str asked = list_value_of(&def, &ask, "nam");
    v.year = asked.n ? asked : year;
    v.print_href = str_fmt(cx->arena, "/so-theo-doi/%.*s/in", F(v.year));
    onestop_ledger_html(&rs->body, &v);
    return OK;
}

static enum err pdf(struct web_res *rs, struct str bytes)
{
    rs->content_type = S("application/pdf");
    rs->bytes = bytes;
    rs->allow_frame_self = true;
    return OK;
}

enum err onestop_get_ledger(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t year, from;
    struct str bytes;
    cx->purpose = S("In sổ theo dõi hồ sơ");
    if (!str_int(web_path(rq, "nam"), &year) || year < 2000 || year > 2200)
        return fail(cx, ERR_NOT_FOUND, T("Không có sổ của năm này."));
    if (!str_int(web_query(rq, "tu"), &from) || from < 1)
        from = 1;
    TRY(onestop_ledger_pdf(cx, cx->actor->unit, (int)year, from, &bytes));
    return pdf(rs, bytes);
}

/* ---- the closing of a day ---- */

/* "?ngay=2026-11-23"; else today. */
static int64_t asked_day(struct cx *cx, struct web_req *rq)
{
    int64_t day;
    return date_parse(web_query(rq, "ngay"), &day) && day <= day_of(cx->now) ? day
                                                                             : day_of(cx->now);
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
        .source = str_fmt(cx->arena, T("Sổ một cửa, lúc %.*s"), F(time_vi(cx->arena, cx->now))),
    };
}

static const struct look_stat_view *stats_of(struct cx *cx, const struct day_counts *c, size_t *n)
{
    struct look_stat_view *s = NEW_N(cx->arena, struct look_stat_view, 6);
    s[0] = stat(cx, T("Tiếp nhận"), c->accepted,
                str_fmt(cx->arena, T("%lld trực tuyến"), (long long)c->online));
    s[1] = stat(cx, T("Yêu cầu bổ sung"), c->asked, S(""));
    s[2] = stat(cx, T("Từ chối"), c->refused, S(""));
    s[3] = stat(cx, T("Đã chuyển"), c->handed_over, S(""));
    s[4] = stat(cx, T("Đã trả"), c->returned,
                str_fmt(cx->arena, T("%lld điện tử"), (long long)c->returned_digital));
    s[5] =
        stat(cx, T("Tiền mặt"), 0, str_fmt(cx->arena, T("%lld biên lai"), (long long)c->receipts));
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
        cell_number(cx, l, &c[0]);
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

enum err onestop_show_day(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t day = asked_day(cx, rq);
    struct day_book b;
    TRY(onestop_day_book(cx, cx->actor->unit, day, &b));
    struct onestop_day_view v = {
        .unit = cx->actor->unit_name,
        .day = date_vi(cx->arena, day),
        .print_href = day_href(cx, "/quay/so-ngay/in", day),
        .before = date_vi(cx->arena, day - 1),
        .before_href = day_href(cx, "/quay/so-ngay", day - 1),
        .rows_max = str_fmt(cx->arena, "%d", DAY_ROWS),
        .cut = b.accepted_n == DAY_ROWS || b.receipts_n == DAY_ROWS || b.handovers_n == DAY_ROWS ||
               b.returned_n == DAY_ROWS,
    };
    if (day < day_of(cx->now)) {
        v.after = date_vi(cx->arena, day + 1);
        v.after_href = day_href(cx, "/quay/so-ngay", day + 1);
    }
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
    cx->purpose = S("In sổ cuối ngày");
    TRY(onestop_day_book(cx, cx->actor->unit, asked_day(cx, rq), &b));
    TRY(onestop_day_pdf(cx, &b, cx->actor->unit, &bytes));
    return pdf(rs, bytes);
}
