/* codelist_code_pages.c - one code: what it is, was and became; what changed between two days. */
#include "codelist_inside.h"
#include "codelist_pages.h"
#include "codelist_views.h"

#define CHANGES_A_PAGE 200
#define PAIRS_SHOWN 50

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
            .href = codelist_code_href(cx, l, below[i].code, day)};
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
            .href = codelist_code_href(cx, l, now[i].code, today)};
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
    (void)codelist_day_or_today(cx, rq, "ngay", &day);
    TRY(codelist_find(cx, web_path(rq, "ds"), day, &l));
    TRY(codelist_code(cx, &l, web_path(rq, "ma"), day, &c));
    TRY(codelist_ancestors(cx, &l, &c, day, up, 12, &up_n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, up_n);
    for (size_t i = 0; i < up_n; i++)
        links[i] = (struct look_link){.label = up[i].name,
                                      .href = codelist_code_href(cx, &l, up[i].code, day)};
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
    v.errors = codelist_day_or_today(cx, rq, "tu", &from);
    if (v.errors.items_n == 0)
        v.errors = codelist_day_or_today(cx, rq, "den", &to);
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
