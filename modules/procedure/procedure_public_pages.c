/* procedure_public_pages.c - publicity of the catalogue (công khai thủ tục): by field, by level, by
 * the agency that publishes. */
#include "procedure_desk_pages.h"
#include "procedure_inside.h"

#define GROUPS_MAX 1000
#define A_PAGE 30
#define LIST "/cong-khai/thu-tuc/danh-sach"

static const struct {
    const char *value, *name, *choose;
} ways[] = {{"linh-vuc", "Theo lĩnh vực", "linh-vuc"},
            {"co-quan", "Theo cơ quan công bố", "co-quan"},
            {"cap", "Theo cấp thực hiện", "cap"}};
static const struct {
    const char *value, *name;
} levels[] = {{"xa", "Cấp xã"}, {"tinh", "Cấp tỉnh"}, {"bo", "Cấp bộ"}, {"khac", "Cơ quan khác"}};

static enum err level_groups(struct cx *cx, struct card_group *out, size_t *n)
{
    for (*n = 0; *n < sizeof levels / sizeof *levels; ++*n) {
        struct procedure_filter f = {.level = str_c(levels[*n].value)};
        out[*n] = (struct card_group){.name = f.level};
        TRY(procedure_store_card_count(cx, &f, &out[*n].n));
        f.open = true;
        TRY(procedure_store_card_count(cx, &f, &out[*n].open));
    }
    return OK;
}

static struct str level_name(struct cx *cx, struct str value)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (str_eq(value, str_c(levels[i].value)))
            return tr(cx, str_c(levels[i].name));
    return value;
}

static struct str group_words(struct cx *cx, const struct card_group *g)
{
    if (g->open == 0)
        return tr_fmt(cx, T("%.*s thủ tục"), F(look_number(cx, g->n)));
    return tr_fmt(cx, T("%.*s thủ tục, %.*s đang nhận hồ sơ"), F(look_number(cx, g->n)),
                  F(look_number(cx, g->open)));
}

enum err procedure_show_public(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct card_group *groups = NEW_N(cx->arena, struct card_group, GROUPS_MAX);
    struct look_tab *tabs = NEW_N(cx->arena, struct look_tab, 3);
    size_t n, way = 0;
    int64_t all;
    for (size_t i = 0; i < 3; i++)
        if (str_eq(web_query(rq, "theo"), str_c(ways[i].value)))
            way = i;
    if (way == 0)
        TRY(procedure_store_fields(cx, groups, GROUPS_MAX, &n));
    else if (way == 1)
        TRY(procedure_store_publishers(cx, groups, GROUPS_MAX, &n));
    else
        TRY(level_groups(cx, groups, &n));
    TRY(procedure_store_card_count(cx, &(struct procedure_filter){0}, &all));
    struct procedure_public_group *out = NEW_N(cx->arena, struct procedure_public_group, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct procedure_public_group){
            .name = way == 2           ? level_name(cx, groups[i].name)
                    : groups[i].name.n ? groups[i].name
                                       : tr(cx, S(T("Không ghi"))),
            .href = str_fmt(cx->arena, LIST "?%s=%.*s", ways[way].choose,
                            F(url_encode(cx->arena, groups[i].name))),
            .words = group_words(cx, &groups[i]),
        };
    for (size_t i = 0; i < 3; i++)
        tabs[i] = (struct look_tab){
            .label = tr(cx, str_c(ways[i].name)),
            .href = str_fmt(cx->arena, "/cong-khai/thu-tuc?theo=%s", ways[i].value),
            .current = i == way,
        };
    const struct procedure_public_groups_view v = {
        .count = tr_fmt(cx, T("%.*s thủ tục của danh mục quốc gia và của tỉnh"),
                        F(look_number(cx, all))),
        .tabs = {tr(cx, S(T("Cách xếp"))), tabs, 3},
        .groups = out,
        .groups_n = n,
        .empty = {.title = tr(cx, S(T("Danh mục chưa được nạp")))},
    };
    procedure_public_groups_html(&rs->body, &v);
    return OK;
}

static struct str heading_of(struct cx *cx, const struct procedure_filter *f)
{
    if (f->field.n)
        return f->field;
    if (f->publisher.n)
        return f->publisher;
    return f->level.n ? level_name(cx, f->level) : tr(cx, S(T("Tất cả thủ tục")));
}

/* The address of this list up to the number of the page. */
static struct str page_href(struct cx *cx, const struct procedure_filter *f)
{
    return str_fmt(cx->arena, LIST "?linh-vuc=%.*s&co-quan=%.*s&cap=%.*s&q=%.*s&trang=",
                   F(url_encode(cx->arena, f->field)), F(url_encode(cx->arena, f->publisher)),
                   F(url_encode(cx->arena, f->level)), F(url_encode(cx->arena, f->words)));
}

enum err procedure_show_public_list(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct procedure_filter f = {
        .field = web_query(rq, "linh-vuc"),
        .publisher = web_query(rq, "co-quan"),
        .level = level_name(cx, web_query(rq, "cap")).n ? web_query(rq, "cap") : S(""),
        .words = str_trim(web_query(rq, "q"))};
    struct procedure_hit *hits = NEW_N(cx->arena, struct procedure_hit, A_PAGE);
    struct procedure_result *results = NEW_N(cx->arena, struct procedure_result, A_PAGE);
    int64_t page, total;
    size_t n;
    if (!str_int(web_query(rq, "trang"), &page) || page < 1 || page > 1000)
        page = 1;
    TRY(procedure_list(cx, &f, (page - 1) * A_PAGE, hits, A_PAGE, &n, &total));
    for (size_t i = 0; i < n; i++)
        results[i] = procedure_result_of(cx, &hits[i]);
    struct str heading = heading_of(cx, &f);
    const struct procedure_public_list_view v = {
        .heading = heading,
        .count = tr_fmt(cx, T("%.*s thủ tục"), F(look_number(cx, total))),
        .search = {.action = S("/tim"),
                   .name = S("q"),
                   .placeholder = S("Ví dụ: khai sinh, tách thửa"),
                   .label = S("Tìm thủ tục"),
                   .button = S("Tìm"),
                   .size = S("l")},
        .results = results,
        .results_n = n,
        .empty = {.title = tr(cx, S(T("Không có thủ tục nào ở đây"))),
                  .text = S(""),
                  .label = tr(cx, S(T("Xem theo lĩnh vực"))),
                  .href = S("/cong-khai/thu-tuc")},
        .pager = look_pages(cx, page_href(cx, &f), page, A_PAGE, total, true),
    };
    rs->title = heading;
    procedure_public_list_html(&rs->body, &v);
    return OK;
}
