/* codelist_pages.c - lists to browse, search and compare; drafts for whoever decides on them. */
#include "codelist_inside.h"
#include "codelist_views.h"
#include "look/look.h"

#define LISTS_MAX 200
#define CODES_A_PAGE 50
#define CHANGES_A_PAGE 200
#define PAIRS_SHOWN 50

static struct look_errors_view day_or_today(struct cx *cx, struct web_req *rq, const char *name,
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

static struct str code_href(struct cx *cx, const struct codelist *l, struct str code, int64_t day)
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
        cells[1] = (struct look_cell){.text = c[i].name, .href = code_href(cx, l, c[i].code, day)};
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
    v.errors = day_or_today(cx, rq, "ngay", &day);
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

/* ---- one code ---- */

static struct str kind_words(struct cx *cx, struct str kind)
{
    static const struct {
        const char *kind, *words;
    } all[] = {
        {"new", T("thêm mới")},           {"retire", T("bỏ")},      {"rename", T("đổi tên")},
        {"move", T("đổi nhóm cấp trên")}, {"merge", T("nhập vào")}, {"split", T("chia thành")},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(kind, str_c(all[i].kind)))
            return tr(cx, str_c(all[i].words));
    return kind;
}

static struct str change_words(struct cx *cx, const struct codelist_change *c)
{
    struct str kind = kind_words(cx, c->kind);
    if (str_eq(c->kind, S("new")))
        return str_fmt(cx->arena, "%.*s %.*s %.*s", F(kind), F(c->to_code), F(c->to_name));
    if (str_eq(c->kind, S("retire")))
        return str_fmt(cx->arena, "%.*s %.*s %.*s", F(kind), F(c->from_code), F(c->from_name));
    if (str_eq(c->kind, S("rename")))
        return str_fmt(cx->arena, "%.*s %.*s → %.*s", F(kind), F(c->from_name), F(c->to_name));
    return str_fmt(cx->arena, "%.*s %.*s: %.*s %.*s", F(c->from_code), F(c->from_name), F(kind),
                   F(c->to_code));
}

static enum err set_below(struct cx *cx, const struct codelist *l, const struct codelist_code *c,
                          int64_t day, struct codelist_code_view *v)
{
    struct codelist_query q = {.parent = c->code, .day = day, .after = -1};
    struct codelist_code *below = NEW_N(cx->arena, struct codelist_code, CODES_A_PAGE);
    size_t n;
    TRY(codelist_codes(cx, l, &q, below, CODES_A_PAGE, &n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = (struct look_link){
            .label = str_fmt(cx->arena, "%.*s %.*s", F(below[i].code), F(below[i].name)),
            .href = code_href(cx, l, below[i].code, day)};
    v->below = links;
    v->below_n = n;
    return OK;
}

static enum err set_history(struct cx *cx, const struct codelist *l, const struct codelist_code *c,
                            int64_t day, struct codelist_code_view *v)
{
    struct codelist_change *changes = NEW_N(cx->arena, struct codelist_change, 100);
    struct codelist_code *now = NEW_N(cx->arena, struct codelist_code, 50);
    int64_t today = day_of(cx->now);
    size_t n, now_n;
    TRY(codelist_changes(cx, l, c->code, changes, 100, &n));
    struct look_row *rows = NEW_N(cx->arena, struct look_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct look_row){.key = date_vi(cx->arena, changes[i].on_day),
                                    .value = change_words(cx, &changes[i])};
    v->changes = rows;
    v->changes_n = n;
    v->ended = c->valid_to != 0 && c->valid_to < today;
    if (!v->ended)
        return OK;
    TRY(codelist_became(cx, l, c->code, day, today, now, 50, &now_n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, now_n);
    for (size_t i = 0; i < now_n; i++)
        links[i] = (struct look_link){
            .label = str_fmt(cx->arena, "%.*s %.*s", F(now[i].code), F(now[i].name)),
            .href = code_href(cx, l, now[i].code, today)};
    v->now = links;
    v->now_n = now_n;
    return OK;
}

static struct look_facts_view code_facts(struct cx *cx, const struct codelist_code *c)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 3);
    size_t n = 0;
    if (c->name_en.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Tên tiếng Anh"))), .value = c->name_en};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Từ ngày"))),
                                  .value = date_vi(cx->arena, c->valid_from)};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Đến ngày"))),
                                  .value = c->valid_to ? date_vi(cx->arena, c->valid_to)
                                                       : tr(cx, S(T("nay")))};
    return (struct look_facts_view){.title = tr(cx, S(T("Mã này"))), .rows = rows, .rows_n = n};
}

static struct str relation_words(struct cx *cx, struct str relation)
{
    return str_eq(relation, S("exact"))      ? tr(cx, S(T("bằng nhau")))
           : str_eq(relation, S("broader"))  ? tr(cx, S(T("rộng hơn")))
           : str_eq(relation, S("narrower")) ? tr(cx, S(T("hẹp hơn")))
                                             : tr(cx, S(T("có liên quan")));
}

static enum err set_pairs(struct cx *cx, const struct codelist *l, const struct codelist_code *c,
                          struct codelist_code_view *v)
{
    struct codelist_pair *pairs = NEW_N(cx->arena, struct codelist_pair, PAIRS_SHOWN);
    TRY(codelist_pairs(cx, l, c->code, pairs, PAIRS_SHOWN, &v->pairs_n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, v->pairs_n);
    for (size_t i = 0; i < v->pairs_n; i++)
        links[i] = (struct look_link){.label = str_fmt(cx->arena, "%.*s %.*s (%.*s)",
                                                       F(pairs[i].list_title), F(pairs[i].to),
                                                       F(relation_words(cx, pairs[i].relation))),
                                      .href = str_fmt(cx->arena, "/danh-muc/%.*s/ma/%.*s",
                                                      F(url_encode(cx->arena, pairs[i].list)),
                                                      F(url_encode(cx->arena, pairs[i].to)))};
    v->pairs = links;
    return OK;
}

enum err codelist_show_code(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    struct codelist_code c, *up = NEW_N(cx->arena, struct codelist_code, 12);
    int64_t day;
    size_t up_n;
    (void)day_or_today(cx, rq, "ngay", &day);
    TRY(codelist_find(cx, web_path(rq, "ds"), day, &l));
    TRY(codelist_code(cx, &l, web_path(rq, "ma"), day, &c));
    TRY(codelist_ancestors(cx, &l, &c, day, up, 12, &up_n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, up_n);
    for (size_t i = 0; i < up_n; i++)
        links[i] =
            (struct look_link){.label = up[i].name, .href = code_href(cx, &l, up[i].code, day)};
    struct codelist_code_view v = {
        .list = l.code,
        .list_title = l.title,
        .code = c.code,
        .name = c.name,
        .facts = code_facts(cx, &c),
        .up = links,
        .up_n = up_n,
    };
    TRY(set_history(cx, &l, &c, day, &v));
    TRY(set_below(cx, &l, &c, day, &v));
    TRY(set_pairs(cx, &l, &c, &v));
    v.state =
        v.ended
            ? (struct look_badge_view){S("warn"), S("clock"), tr(cx, S(T("Đã thôi dùng"))), S("")}
            : (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đang dùng"))), S("")};
    rs->title = c.name;
    codelist_code_html(&rs->body, &v);
    return OK;
}

/* ---- between two days ---- */

static struct look_field_view day_field(struct cx *cx, const char *name, struct str label,
                                        int64_t day)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .value = date_iso(cx->arena, day),
                                    .width = S("12"),
                                    .max = 10};
}

enum err codelist_show_diff(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const struct look_column columns[] = {
        {.title = S("Đổi gì"), .css = S("c-title flex-cell")},
        {.title = S("Từ ngày"), .css = S("nowrap")},
        {.title = S("Căn cứ"), .css = S("c-break")},
    };
    struct codelist l;
    struct codelist_change *c = NEW_N(cx->arena, struct codelist_change, CHANGES_A_PAGE);
    struct codelist_diff_view v = {0};
    int64_t from, to, after;
    size_t n;
    v.errors = day_or_today(cx, rq, "tu", &from);
    if (v.errors.items_n == 0)
        v.errors = day_or_today(cx, rq, "den", &to);
    else
        to = from;
    if (!str_int(web_query(rq, "sau"), &after))
        after = 0;
    TRY(codelist_find(cx, web_path(rq, "ds"), to, &l));
    TRY(codelist_diff(cx, &l, from, to, &after, c, CHANGES_A_PAGE, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 3);
        cells[0].text = change_words(cx, &c[i]);
        cells[1].text = date_vi(cx->arena, c[i].on_day);
        cells[2].text = c[i].basis;
        lines[i] = (struct look_line){.cells = cells, .cells_n = 3};
    }
    v.list = l.code;
    v.title = l.title;
    v.from = date_vi(cx->arena, from);
    v.to = date_vi(cx->arena, to);
    v.from_day = day_field(cx, "tu", S(T("Từ sau ngày (năm-tháng-ngày)")), from);
    v.to_day = day_field(cx, "den", S(T("Đến hết ngày (năm-tháng-ngày)")), to);
    v.table = (struct look_table_view){.caption = tr(cx, S(T("Thay đổi"))),
                                       .columns = columns,
                                       .columns_n = 3,
                                       .lines = lines,
                                       .lines_n = n,
                                       .empty = {.title = S("Không đổi gì")}};
    if (n == CHANGES_A_PAGE)
        v.more =
            str_fmt(cx->arena, "/danh-muc/%.*s/so-sanh?tu=%.*s&den=%.*s&sau=%lld", F(l.code),
                    F(date_iso(cx->arena, from)), F(date_iso(cx->arena, to)), (long long)after);
    codelist_diff_html(&rs->body, &v);
    return OK;
}

/* ---- drafts ---- */

enum err codelist_show_drafts(struct cx *cx, struct web_req *, struct web_res *rs)
{
    static const struct look_column columns[] = {
        {.title = S("Danh mục"), .css = S("c-title flex-cell")},
        {.title = S("Bản"), .css = S("nowrap")},
        {.title = S("Từ ngày"), .css = S("nowrap")},
        {.title = S("Căn cứ"), .css = S("c-break")},
    };
    struct codelist_version *all = NEW_N(cx->arena, struct codelist_version, 100);
    size_t n;
    TRY(codelist_drafts(cx, all, 100, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *c = NEW_N(cx->arena, struct look_cell, 4);
        c[0] = (struct look_cell){
            .text = all[i].list_code,
            .href = str_fmt(cx->arena, "/quan-tri/danh-muc/%lld", (long long)all[i].id)};
        c[1].text = all[i].name;
        c[2].text = date_vi(cx->arena, all[i].valid_from);
        c[3].text = all[i].basis;
        lines[i] = (struct look_line){.cells = c, .cells_n = 4};
    }
    const struct codelist_drafts_view v = {
        .table = {.caption = tr(cx, S(T("Danh mục chờ duyệt"))),
                  .columns = columns,
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = n,
                  .empty = {.title = S("Không có bản nào chờ duyệt"),
                            .text = S("Nạp dự thảo: tinhso pack load TỆP --kind codelist-draft")}}};
    codelist_drafts_html(&rs->body, &v);
    return OK;
}

static enum err draft_asked(struct cx *cx, struct web_req *rq, struct codelist_version *v)
{
    int64_t id;
    if (!str_int(web_path(rq, "id"), &id))
        id = 0;
    return codelist_version_find(cx, id, v);
}

enum err codelist_show_draft(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist_version d;
    struct codelist_preview *p = NEW(cx->arena, struct codelist_preview);
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 4);
    TRY(draft_asked(cx, rq, &d));
    bool waits = str_eq(d.state, S("du_thao"));
    *p = (struct codelist_preview){.added = d.added, .changed = d.changed, .ended = d.ended};
    if (waits)
        TRY(codelist_draft_preview(cx, &d, p));
    rows[0] = (struct look_row){.key = tr(cx, S(T("Bản"))), .value = d.name};
    rows[1] = (struct look_row){.key = tr(cx, S(T("Từ ngày"))),
                                .value = date_vi(cx->arena, d.valid_from)};
    rows[2] = (struct look_row){.key = tr(cx, S(T("Căn cứ"))), .value = d.basis};
    rows[3] = (struct look_row){.key = tr(cx, S(T("Nguồn"))), .value = d.source};
    const struct codelist_draft_view v = {
        .id = str_fmt(cx->arena, "%lld", (long long)d.id),
        .title = tr_fmt(cx, T("Danh mục %.*s, bản %.*s"), F(d.list_code), F(d.name)),
        .counts = tr_fmt(cx, T("Thêm %lld, đổi %lld, bỏ %lld mã."), (long long)p->added,
                         (long long)p->changed, (long long)p->ended),
        .facts = {.title = tr(cx, S(T("Về bản này"))), .rows = rows, .rows_n = 4},
        .lines = p->lines,
        .lines_n = p->lines_n,
        .waits = waits,
    };
    rs->title = v.title;
    codelist_draft_html(&rs->body, &v);
    return OK;
}

enum err codelist_write_decision(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist_version d;
    TRY(draft_asked(cx, rq, &d));
    bool yes = str_eq(web_form(rq, "viec"), S("duyet"));
    if (!yes && !str_eq(web_form(rq, "viec"), S("bac")))
        return fail(cx, ERR_INVALID, T("Chọn duyệt hoặc bác."));
    TRY(yes ? codelist_approve(cx, &d) : codelist_reject(cx, &d));
    rs->see_other = S("/quan-tri/danh-muc");
    rs->toast = yes ? tr(cx, S(T("Đã duyệt. Bản mới đang được áp dụng.")))
                    : tr(cx, S(T("Đã bác bản này.")));
    return OK;
}
