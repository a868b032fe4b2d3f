/* codelist_pages.c - all lists; one list: its codes, its versions, following it. */
#include "codelist_pages.h"
#include "codelist_inside.h"
#include "codelist_views.h"

#define LISTS_MAX 200

struct look_errors_view codelist_day_or_today(struct cx *cx, struct web_req *rq, const char *name,
                                              int64_t *day)
{
    if (codelist_day(cx, rq, name, day) == OK)
        return (struct look_errors_view){0};
    struct look_error_item *item = NEW(cx->arena, struct look_error_item);
    *item = (struct look_error_item){str_c(name), cx->why};
    *day = day_of(cx->now);
    return (struct look_errors_view){item, 1};
}

/* ---- all lists ---- */

enum err codelist_show_lists(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const struct look_column columns[] = {
        {.title = S("Danh mục"), .css = S("c-title flex-cell")},
        {.title = S("Bản"), .css = S("nowrap"), .label = S("Bản")},
        {.title = S("Số mã"), .css = S("num"), .label = S("Số mã")},
        {.title = S("Cơ quan ban hành"), .css = S("c-break")},
    };
    struct codelist *all = NEW_N(cx->arena, struct codelist, LISTS_MAX);
    struct str words = str_trim(web_query(rq, "q"));
    size_t n;
    TRY(codelist_lists(cx, words, day_of(cx->now), all, LISTS_MAX, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *c = NEW_N(cx->arena, struct look_cell, 4);
        c[0] = (struct look_cell){.text = all[i].title,
                                  .href = str_fmt(cx->arena, "/danh-muc/%.*s", F(all[i].code))};
        c[1].text = all[i].version.n ? all[i].version : tr(cx, S(T("chưa có")));
        c[2].text = look_number(cx, all[i].codes);
        c[3].text = all[i].owner;
        lines[i] = (struct look_line){.cells = c, .cells_n = 4};
    }
    const struct codelist_lists_view v = {
        .search = {.action = S("/danh-muc"),
                   .name = S("q"),
                   .value = words,
                   .placeholder = S("Ví dụ: dân tộc"),
                   .label = S("Tìm danh mục"),
                   .button = S("Tìm"),
                   .size = S("l")},
        .table = {.caption = tr(cx, S(T("Danh mục dùng chung"))),
                  .columns = columns,
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = n,
                  .empty = {.title = S("Không có danh mục nào khớp"),
                            .text = S("Thử từ ngắn hơn; không cần gõ dấu.")}},
    };
    codelist_lists_html(&rs->body, &v);
    return OK;
}

/* ---- one list ---- */

struct str codelist_code_href(struct cx *cx, const struct codelist *l, struct str code, int64_t day)
{
    struct str base =
        str_fmt(cx->arena, "/danh-muc/%.*s/ma/%.*s", F(l->code), F(url_encode(cx->arena, code)));
    return day == day_of(cx->now)
               ? base
               : str_fmt(cx->arena, "%.*s?ngay=%.*s", F(base), F(date_iso(cx->arena, day)));
}

static struct look_facts_view list_facts(struct cx *cx, const struct codelist *l)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 6);
    size_t n = 0;
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Cơ quan ban hành"))), .value = l->owner};
    if (l->version.n) {
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Bản"))),
                                      .value = tr_fmt(cx, T("%.*s, từ %.*s"), F(l->version),
                                                      F(date_vi(cx->arena, l->version_from)))};
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Căn cứ"))), .value = l->basis};
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Nguồn"))), .value = l->source};
    }
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Số mã"))), .value = look_number(cx, l->codes)};
    return (struct look_facts_view){
        .title = tr(cx, S(T("Về danh mục này"))), .rows = rows, .rows_n = n};
}

static enum err set_versions(struct cx *cx, const struct codelist *l, struct codelist_list_view *v)
{
    struct codelist_version *all = NEW_N(cx->arena, struct codelist_version, 30);
    size_t n;
    TRY(codelist_versions(cx, l, all, 30, &n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = (struct look_link){
            .label = tr_fmt(cx, T("%.*s, từ %.*s"), F(all[i].name),
                            F(date_vi(cx->arena, all[i].valid_from))),
            .href = str_fmt(cx->arena, "/danh-muc/%.*s/so-sanh?tu=%.*s&den=%.*s", F(l->code),
                            F(date_iso(cx->arena, all[i].valid_from - 1)),
                            F(date_iso(cx->arena, all[i].valid_from)))};
    v->versions = links;
    v->versions_n = n;
    return OK;
}

static enum err set_codes(struct cx *cx, struct web_req *rq, const struct codelist *l, int64_t day,
                          struct codelist_list_view *v)
{
    static const struct look_column columns[] = {
        {.title = S("Mã"), .css = S("code nowrap"), .label = S("Mã")},
        {.title = S("Tên"), .css = S("c-title flex-cell")},
        {.title = S("Tên tiếng Anh"), .css = S("c-break")},
    };
    struct codelist_query q = {.words = str_trim(web_query(rq, "q")), .day = day};
    struct codelist_code *c = NEW_N(cx->arena, struct codelist_code, CODES_A_PAGE);
    size_t n;
    if (!str_int(web_query(rq, "sau"), &q.after))
        q.after = -1;
    TRY(codelist_codes(cx, l, &q, c, CODES_A_PAGE, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 3);
        cells[0].text = c[i].code;
        cells[1] = (struct look_cell){.text = c[i].name,
                                      .href = codelist_code_href(cx, l, c[i].code, day)};
        cells[2].text = c[i].name_en;
        lines[i] = (struct look_line){.cells = cells, .cells_n = 3};
    }
    v->table = (struct look_table_view){.caption = l->title,
                                        .columns = columns,
                                        .columns_n = 3,
                                        .lines = lines,
                                        .lines_n = n,
                                        .empty = {.title = S("Không có mã nào khớp"),
                                                  .text = S("Thử từ ngắn hơn; không cần gõ dấu.")}};
    if (n == CODES_A_PAGE)
        v->more = str_fmt(cx->arena, "/danh-muc/%.*s?ngay=%.*s&q=%.*s&sau=%lld", F(l->code),
                          F(date_iso(cx->arena, day)), F(url_encode(cx->arena, q.words)),
                          (long long)c[n - 1].sort);
    return OK;
}

enum err codelist_show_list(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    struct codelist_list_view v = {0};
    int64_t day;
    v.errors = codelist_day_or_today(cx, rq, "ngay", &day);
    TRY(codelist_find(cx, web_path(rq, "ds"), day, &l));
    v.code = l.code;
    v.title = l.title;
    v.about = l.about;
    v.csv_href = str_fmt(cx->arena, "/api/danh-muc/%.*s/tat-ca.csv?ngay=%.*s", F(l.code),
                         F(date_iso(cx->arena, day)));
    v.search = (struct look_search_view){.action = str_fmt(cx->arena, "/danh-muc/%.*s", F(l.code)),
                                         .name = S("q"),
                                         .value = str_trim(web_query(rq, "q")),
                                         .placeholder = S("Tên hoặc mã"),
                                         .label = S("Tìm trong danh mục"),
                                         .button = S("Tìm"),
                                         .size = S("l")};
    v.facts = list_facts(cx, &l);
    v.may_follow = cx->actor->account != 0;
    TRY(codelist_subscribed(cx, &l, &v.follows));
    v.follow = (struct look_button_view){
        .label = v.follows ? tr(cx, S(T("Thôi theo dõi"))) : tr(cx, S(T("Báo tôi khi có bản mới"))),
        .kind = S("2"),
        .icon = S("bell")};
    TRY(set_versions(cx, &l, &v));
    TRY(set_codes(cx, rq, &l, day, &v));
    rs->title = l.title;
    codelist_list_html(&rs->body, &v);
    return OK;
}

enum err codelist_write_follow(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    bool on = web_form_has(rq, "theo_doi");
    TRY(codelist_find(cx, web_path(rq, "ds"), day_of(cx->now), &l));
    TRY(codelist_subscribe(cx, &l, on));
    rs->see_other = str_fmt(cx->arena, "/danh-muc/%.*s", F(l.code));
    rs->toast = on ? tr(cx, S(T("Bạn sẽ được báo khi danh mục có bản mới.")))
                   : tr(cx, S(T("Đã thôi theo dõi.")));
    return OK;
}
