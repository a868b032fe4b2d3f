/* onestop_ledger_pages.c - the register of dossiers of a year. */
#include "onestop_ledger.h"
#include "onestop_lists.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"

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

enum err onestop_get_ledger(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t year, from;
    struct str bytes;
    cx->purpose = S("In sổ theo dõi hồ sơ");
    if (!str_int(web_path(rq, "nam"), &year) || year < 2000 || year > 2200)
        return fail(cx, ERR_NOT_FOUND, T("Không có sổ của năm này. Chọn năm khác."));
    if (!str_int(web_query(rq, "tu"), &from) || from < 1)
        from = 1;
    TRY(onestop_ledger_pdf(cx, cx->actor->unit, (int)year, from, &bytes));
    onestop_give_pdf(rs, bytes);
    return OK;
}
