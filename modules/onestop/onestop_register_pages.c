/* onestop_register_pages.c - the register of numbers given to results: reserved, used, void, with
 * the reason (decision 15: a number that no result carries stays in the register). */
#include "onestop_lists.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"
#include "org/org.h"

const struct right onestop_book = {.name = "onestop.book", .title = T("Xem sổ cấp số kết quả")};

static struct str number_of(struct cx *cx, const struct register_row *r)
{
    return str_fmt(cx->arena, "%02lld/%d/%.*s", (long long)r->n, r->year, F(r->reg));
}

static void cell_number(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct register_row *r = row;
    *c = (struct look_cell){.text = number_of(cx, r),
                            .sub = r->procedure_name,
                            .title = r->procedure_name,
                            .below = true};
}

static void cell_state(struct cx *cx, const void *row, struct look_cell *c)
{
    static const struct {
        const char *state, *kind, *icon, *text;
    } states[] = {{"giu", "cham", "clock", T("Đang giữ")},
                  {"dung", "ok", "check", T("Đã dùng")},
                  {"huy", "", "minus", T("Đã hủy")}};
    const struct register_row *r = row;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_eq(r->state, str_c(states[i].state)))
            c->badge = (struct look_badge_view){str_c(states[i].kind), str_c(states[i].icon),
                                                tr(cx, str_c(states[i].text)), S("")};
}

static struct str reason_of(struct cx *cx, const struct register_row *r)
{
    if (str_eq(r->why, S("tra_lai")))
        return tr(cx, S(T("Lãnh đạo rút lại phê duyệt trước khi ký")));
    if (str_eq(r->why, S("khong_dung")))
        return tr(cx, S(T("Giữ quá một ngày mà không kết quả nào dùng")));
    if (str_eq(r->state, S("giu")))
        return tr(cx, S(T("Đã phê duyệt, đang ký")));
    return S("");
}

static void cell_reason(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct register_row *r = row;
    c->text = reason_of(cx, r);
    if (r->void_at)
        *c = (struct look_cell){
            .text = c->text, .sub = time_vi(cx->arena, r->void_at), .below = true};
    if (str_eq(r->state, S("dung")))
        c->text = str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("Ký lúc")))),
                          F(time_vi(cx->arena, r->signed_at)));
}

static void cell_dossier(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct register_row *r = row;
    c->text = r->code;
    if (web_may(cx, &onestop_watch))
        c->href = str_fmt(cx->arena, "/viec/%.*s", F(r->code));
}

static void cell_at(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = time_vi(cx->arena, ((const struct register_row *)row)->reserved_at);
}

/* clang-format off */
static const struct list_column columns[] = {
    {T("Số"), "c-title flex-cell", NULL, NULL, false, cell_number, NULL},
    {T("Tình trạng"), "nowrap", NULL, NULL, false, cell_state, NULL},
    {T("Lý do"), "c-break", NULL, NULL, false, cell_reason, NULL},
    {T("Hồ sơ"), "c-break", NULL, NULL, false, cell_dossier, NULL},
    {T("Cấp lúc"), "nowrap", T("Cấp"), "cap", false, cell_at, NULL},
};
static const struct list_choice states[] = {
    {{"giu", 3}, {T("Đang giữ"), sizeof "Đang giữ" - 1}}, {{"dung", 4}, {T("Đã dùng"), sizeof "Đã dùng" - 1}},
    {{"huy", 3}, {T("Đã hủy"), sizeof "Đã hủy" - 1}},
};
/* clang-format on */

const struct list_choice *onestop_years(struct cx *cx)
{
    struct list_choice *years = NEW_N(cx->arena, struct list_choice, ONESTOP_YEARS);
    for (int i = 0; i < ONESTOP_YEARS; i++) {
        struct str year = str_fmt(cx->arena, "%d", civil_at(cx->now).year - i);
        years[i] = (struct list_choice){year, year};
    }
    return years;
}

enum err onestop_show_register(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct list_offer offers[] = {{T("Tình trạng"), states, sizeof states / sizeof *states},
                                        {T("Năm"), onestop_years(cx), ONESTOP_YEARS},
                                        {0}};
    const struct list_def def = {
        .name = "so-cap-so",
        .title = T("Số đã cấp cho kết quả"),
        .path = "/so-cap-so",
        .placeholder = T("Tìm số, ký hiệu sổ hoặc mã hồ sơ"),
        .source = &onestop_register_source,
        .columns = columns,
        .columns_n = sizeof columns / sizeof *columns,
        .offers = offers,
        .empty = T("Chưa có số nào được cấp"),
        .empty_text = T("Số được cấp khi lãnh đạo phê duyệt kết quả."),
    };
    struct list_ask ask;
    struct onestop_inbox_view v = {.title = tr(cx, S(T("Sổ cấp số kết quả"))),
                                   .subtitle = cx->actor->unit_name};
    TRY(list_show(cx, rq, &def, &v.list, &ask));
    onestop_inbox_html(&rs->body, &v);
    return OK;
}
