/* look.c - icons, and the components whose parts are computed: tables, pagers. */
#include "look.h"

/* An SVG sprite of our own host; look.md section 4. */
void look_icon_html(struct html *out, struct str name)
{
    html_lit(out, "<svg class=\"i\" aria-hidden=\"true\"><use href=\"");
    html_link(out, look_asset(out->cx, S("look/assets/icons.svg")));
    html_lit(out, "#");
    html_url(out, name);
    html_lit(out, "\"/></svg>");
}

/* ---- the table ---- */

static struct str sort_icon(struct str dir)
{
    if (str_eq(dir, S("ascending")))
        return S("up");
    return str_eq(dir, S("descending")) ? S("down") : S("sort");
}

static struct look_table_line line_of(struct arena *a, const struct look_table_view *t, size_t row)
{
    const struct look_line *l = &t->lines[row];
    MUST(l->cells_n == t->columns_n);
    struct look_table_cell *cells = NEW_N(a, struct look_table_cell, l->cells_n);
    for (size_t i = 0; i < l->cells_n; i++)
        cells[i] = (struct look_table_cell){l->cells[i], t->columns[i].css, t->columns[i].label};
    return (struct look_table_line){
        .l = *l,
        .cells = cells,
        .cells_n = l->cells_n,
        .width = t->columns_n + (t->pick.n ? 1 : 0),
        .pick = t->pick,
        .form = t->form,
    };
}

void look_table_html(struct html *out, const struct look_table_view *t)
{
    if (t->lines_n == 0) {
        look_empty_html(out, &t->empty);
        return;
    }
    struct arena *a = out->cx->arena;
    struct look_table_head *head = NEW_N(a, struct look_table_head, t->columns_n);
    for (size_t i = 0; i < t->columns_n; i++)
        head[i] = (struct look_table_head){t->columns[i], sort_icon(t->columns[i].dir)};
    struct look_table_line *lines = NEW_N(a, struct look_table_line, t->lines_n);
    for (size_t i = 0; i < t->lines_n; i++)
        lines[i] = line_of(a, t, i);
    look_table_body_html(out, &(const struct look_table_body_view){
                                  .t = t,
                                  .head = head,
                                  .head_n = t->columns_n,
                                  .lines = lines,
                                  .lines_n = t->lines_n,
                              });
}

/* ---- the pager ---- */

#define NUMBERS_MAX 9

static bool shown_in_pager(int64_t page, int64_t at, int64_t last)
{
    return page == 1 || page == last || (page >= at - 1 && page <= at + 1);
}

static size_t numbers_of(struct cx *cx, struct str href, int64_t at, int64_t last,
                         struct look_link *out)
{
    size_t n = 0;
    for (int64_t page = 1; page <= last && n < NUMBERS_MAX; page++) {
        if (shown_in_pager(page, at, last)) {
            out[n++] =
                (struct look_link){.label = str_fmt(cx->arena, "%lld", (long long)page),
                                   .href = str_fmt(cx->arena, "%.*s%lld", F(href), (long long)page),
                                   .current = page == at};
            continue;
        }
        out[n++] = (struct look_link){0}; /* a gap */
        page = page < at ? at - 2 : last - 1;
    }
    return n;
}

struct look_pager_view look_pages(struct cx *cx, struct str href, int64_t page, int64_t per_page,
                                  int64_t total, bool numbers)
{
    int64_t last = total > 0 ? (total + per_page - 1) / per_page : 1;
    int64_t at = page < 1 ? 1 : page > last ? last : page;
    int64_t from = (at - 1) * per_page + 1, to = at * per_page < total ? at * per_page : total;
    struct look_pager_view v = {
        .label = tr(cx, S(T("Trang"))),
        .page = look_number(cx, at),
        .pages = look_number(cx, last),
    };
    if (total > 0)
        v.shown = str_fmt(cx->arena, "%.*s–%.*s %s %.*s", F(look_number(cx, from)),
                          F(look_number(cx, to)), str_eq(cx->lang, S("en")) ? "of" : "trong",
                          F(look_number(cx, total)));
    if (at > 1)
        v.prev = str_fmt(cx->arena, "%.*s%lld", F(href), (long long)at - 1);
    if (at < last)
        v.next = str_fmt(cx->arena, "%.*s%lld", F(href), (long long)at + 1);
    if (numbers && last > 1) {
        struct look_link *links = NEW_N(cx->arena, struct look_link, NUMBERS_MAX);
        v.numbers_n = numbers_of(cx, href, at, last, links);
        v.numbers = links;
    }
    return v;
}
