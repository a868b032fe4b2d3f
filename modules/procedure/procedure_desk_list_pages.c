/* procedure_desk_list_pages.c - officers' list of the catalogue, with what waits for them. */
#include "procedure_desk_pages.h"
#include "procedure_lists.h"

static void cell_name(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct card_row *r = row;
    c->text = r->name;
    c->href = str_fmt(cx->arena, "/quan-tri/thu-tuc/%.*s", F(r->code));
    c->sub = r->field_name;
    c->below = true;
}

static void cell_code(struct cx *cx, const void *row, struct look_cell *c)
{
    (void)cx;
    c->text = ((const struct card_row *)row)->code;
}

struct look_badge_view procedure_state_badge(const struct cx *cx, bool ended, int64_t open_from)
{
    if (ended)
        return (struct look_badge_view){S("err"), S("x"), S("Không còn trong danh mục"), S("")};
    if (open_from == 0)
        return (struct look_badge_view){S(""), S("minus"), S("Chưa mở"), S("")};
    if (open_from > day_of(cx->now))
        return (struct look_badge_view){S("info"), S("clock"), S("Sắp mở"), S("")};
    return (struct look_badge_view){S("ok"), S("check"), S("Đang mở"), S("")};
}

struct look_badge_view procedure_proof_badge(bool proofread)
{
    return proofread ? (struct look_badge_view){S("ok"), S("checkc"), S("Đã đối chiếu"), S("")}
                     : (struct look_badge_view){S("warn"), S("tri"), S("Chưa đối chiếu"), S("")};
}

static void cell_state(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct card_row *r = row;
    c->badge = procedure_state_badge(cx, r->ended, r->open_from);
}

static void cell_proof(struct cx *cx, const void *row, struct look_cell *c)
{
    (void)cx;
    c->badge = procedure_proof_badge(((const struct card_row *)row)->proofread);
}

static void cell_term(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct card_row *r = row;
    c->text = procedure_term_said(cx, r->term_words);
    if (r->free_term)
        c->badge = (struct look_badge_view){S("warn"), S("tri"), S("Ghi bằng lời"), S("")};
}

static const struct list_column columns[] = {
    {.title = "Thủ tục", .css = "c-title flex-cell", .sort = "ten", .cell = cell_name},
    {.title = "Mã", .css = "code nowrap", .cell = cell_code},
    {.title = "Thời hạn", .css = "c-break", .label = "Thời hạn", .cell = cell_term},
    {.title = "Tiếp nhận", .css = "nowrap", .cell = cell_state},
    {.title = "Đối chiếu", .css = "nowrap", .cell = cell_proof},
};
static const struct list_choice levels[] = {
    {S("bo"), S("Cấp bộ")}, {S("tinh"), S("Cấp tỉnh")}, {S("xa"), S("Cấp xã")}};
static const struct list_offer offers[] = {{0}, {"Cấp thực hiện", levels, 3}};

static const struct list_def card_list = {
    .name = "danh-muc",
    .title = "Danh mục thủ tục",
    .path = "/quan-tri/thu-tuc",
    .placeholder = "Tìm theo tên, lĩnh vực, mã",
    .source = &procedure_card_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .offers = offers,
    .empty = "Không có thủ tục nào",
    .empty_text = "Nạp danh mục: tinhso pack load TỆP --kind procedure-list.",
};

enum err procedure_show_desk_list(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const struct {
        const char *value, *label;
    } tabs[] = {{"", "Tất cả"},
                {"mo", "Đang mở"},
                {"thoi-han", "Chưa rõ thời hạn"},
                {"chua-doi-chieu", "Đã mở, chưa đối chiếu"},
                {"het", "Không còn trong danh mục"}};
    struct procedure_desk_list_view v = {.title = tr(cx, S(T("Danh mục thủ tục")))};
    struct list_ask ask;
    TRY(list_show(cx, rq, &card_list, &v.list, &ask));
    struct look_tab *items = NEW_N(cx->arena, struct look_tab, sizeof tabs / sizeof *tabs);
    struct str chosen = list_value_of(&card_list, &ask, "loai");
    for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
        struct list_ask one = ask;
        int64_t n;
        bool more;
        one.values[0] = str_c(tabs[i].value);
        one.after = one.before = (struct list_key){0};
        TRY(list_count(cx, &procedure_card_source, &one, &n, &more));
        items[i] = (struct look_tab){
            .label = tr(cx, str_c(tabs[i].label)),
            .count = list_number(cx, n, more),
            .href = list_href(cx, &card_list, &ask, "loai", str_c(tabs[i].value)),
            .current = str_eq(chosen, str_c(tabs[i].value)),
        };
    }
    v.tabs = (struct look_tabs_view){tr(cx, S(T("Danh mục thủ tục"))), items,
                                     sizeof tabs / sizeof *tabs};
    procedure_desk_list_html(&rs->body, &v);
    return OK;
}
