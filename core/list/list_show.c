/* list_show.c - a page of a list as components: search box, chips, table, pager, export. */
#include "list.h"

#include "http/http.h"

#define PER_PAGE 50

struct str list_number(struct cx *cx, int64_t n, bool more)
{
    if (!more)
        return look_number(cx, n);
    return str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("hơn")))), F(look_number(cx, n)));
}

/* ---- chips ---- */

static struct look_chip chip_of(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                                size_t i)
{
    const struct list_offer *o = &d->offers[i];
    const char *name = d->source->filters[i].name;
    struct look_link *links = NEW_N(cx->arena, struct look_link, o->choices_n);
    struct look_chip chip = {
        .label = tr(cx, str_c(o->label)), .options = links, .options_n = o->choices_n};
    for (size_t k = 0; k < o->choices_n; k++) {
        links[k] = (struct look_link){.label = tr(cx, o->choices[k].label),
                                      .href = list_href(cx, d, ask, name, o->choices[k].value),
                                      .current = str_eq(ask->values[i], o->choices[k].value)};
        if (!links[k].current)
            continue;
        chip.on = true;
        chip.label = str_fmt(cx->arena, "%.*s: %.*s", F(chip.label), F(links[k].label));
        chip.clear = list_href(cx, d, ask, name, S(""));
    }
    return chip;
}

/* The columns, each a link that shows or hides it. */
static struct look_chip columns_chip(struct cx *cx, const struct list_def *d,
                                     const struct list_ask *ask)
{
    struct look_link *links = NEW_N(cx->arena, struct look_link, d->choosable_n);
    for (size_t i = 0; i < d->choosable_n; i++) {
        struct list_ask other = *ask;
        other.columns ^= 1u << i;
        const bool shown = d->choosable[i].off == ((ask->columns & 1u << i) != 0);
        links[i] = (struct look_link){.label = str_fmt(cx->arena, "%s %.*s", shown ? "✓" : "+",
                                                       F(tr(cx, str_c(d->choosable[i].column)))),
                                      .href = list_href(cx, d, &other, NULL, S("")),
                                      .current = shown};
    }
    return (struct look_chip){.label = tr(cx, S(T("Cột"))),
                              .on = ask->columns != 0,
                              .options = links,
                              .options_n = d->choosable_n};
}

/* The group of this order; NULL: rows stand without headings. */
static const struct list_group *group_of(const struct list_def *d, const struct list_ask *ask)
{
    const struct list_sort *by = &d->source->sorts[ask->sort];
    for (size_t i = 0; i < d->groups_n; i++)
        if (strcmp(d->groups[i].sort, by->name) == 0)
            return ask->down == by->down ? &d->groups[i] : NULL;
    return NULL;
}

static struct str sorted_href(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                              const char *sort)
{
    struct list_ask next = *ask;
    for (size_t i = 0; i < d->source->sorts_n; i++)
        if (strcmp(d->source->sorts[i].name, sort) == 0) {
            next.sort = i;
            next.down = d->source->sorts[i].down;
        }
    return list_href(cx, d, &next, NULL, S(""));
}

/* What rows stand together by. */
static struct look_chip groups_chip(struct cx *cx, const struct list_def *d,
                                    const struct list_ask *ask)
{
    struct look_link *links = NEW_N(cx->arena, struct look_link, d->groups_n);
    const struct list_group *now = group_of(d, ask);
    struct look_chip chip = {
        .label = tr(cx, S(T("Nhóm"))), .options = links, .options_n = d->groups_n};
    for (size_t i = 0; i < d->groups_n; i++)
        links[i] = (struct look_link){.label = tr(cx, str_c(d->groups[i].label)),
                                      .href = sorted_href(cx, d, ask, d->groups[i].sort),
                                      .current = now == &d->groups[i]};
    if (!now || now == d->groups)
        return chip;
    chip.on = true;
    chip.label = str_fmt(cx->arena, "%.*s: %.*s", F(chip.label), F(tr(cx, str_c(now->label))));
    return chip;
}

static void set_chips(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                      struct look_filter_view *v)
{
    struct look_chip *chips = NEW_N(cx->arena, struct look_chip, d->source->filters_n + 2);
    for (size_t i = 0; i < d->source->filters_n; i++)
        if (d->offers[i].label)
            chips[v->chips_n++] = chip_of(cx, d, ask, i);
    if (d->groups_n > 1)
        chips[v->chips_n++] = groups_chip(cx, d, ask);
    if (d->choosable_n)
        chips[v->chips_n++] = columns_chip(cx, d, ask);
    v->chips = chips;
}

/* ---- what the forms of the page carry along ---- */

static void keep(struct look_hidden *list, size_t *n, const char *name, struct str value)
{
    if (value.n)
        list[(*n)++] = (struct look_hidden){str_c(name), value};
}

static struct str columns_asked(struct cx *cx, const struct list_def *d, const struct list_ask *ask)
{
    const struct list_ask only = {.down = d->source->sorts[0].down,
                                  .columns = ask->columns}; /* nothing else */
    struct str query = list_query(cx, d, &only), name, value;
    return str_cut(query, '=', &name, &value) ? value : S("");
}

static struct look_hidden *kept_of(struct cx *cx, const struct list_def *d,
                                   const struct list_ask *ask, bool words, size_t *n)
{
    const struct list_source *s = d->source;
    struct look_hidden *list = NEW_N(cx->arena, struct look_hidden, s->filters_n + 3);
    *n = 0;
    if (words)
        keep(list, n, "q", ask->words);
    for (size_t i = 0; i < s->filters_n; i++)
        if (list_unusual(&s->filters[i], ask->values[i]))
            keep(list, n, s->filters[i].name, ask->values[i]);
    if (ask->sort || ask->down != s->sorts[0].down)
        keep(list, n, "xep",
             str_fmt(cx->arena, "%s%s", ask->down ? "-" : "", s->sorts[ask->sort].name));
    if (ask->columns)
        keep(list, n, "cot", columns_asked(cx, d, ask));
    return list;
}

static bool narrowed(const struct list_def *d, const struct list_ask *ask)
{
    bool any = ask->words.n > 0;
    for (size_t i = 0; i < d->source->filters_n; i++)
        any = any || (d->offers[i].label && ask->values[i].n);
    return any;
}

static void set_filter(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                       struct str count, struct look_filter_view *v)
{
    *v = (struct look_filter_view){
        .action = str_c(d->path),
        .name = S("q"),
        .value = ask->words,
        .placeholder = tr(cx, str_c(d->placeholder)),
        .count = count,
    };
    v->kept = kept_of(cx, d, ask, false, &v->kept_n);
    set_chips(cx, d, ask, v);
    if (!narrowed(d, ask))
        return;
    struct list_ask bare = *ask; /* tabs stay where they are */
    bare.words = S("");
    for (size_t i = 0; i < d->source->filters_n; i++)
        if (d->offers[i].label)
            bare.values[i] = S("");
    v->clear_all = list_href(cx, d, &bare, NULL, S(""));
}

/* ---- the table ---- */

static bool is_shown(const struct list_def *d, const struct list_ask *ask,
                     const struct list_column *c)
{
    for (size_t i = 0; i < d->choosable_n; i++)
        if (strcmp(d->choosable[i].column, c->title) == 0)
            return c->cell && d->choosable[i].off == ((ask->columns & 1u << i) != 0);
    return c->cell != NULL;
}

static size_t shown_columns(const struct list_def *d, const struct list_ask *ask)
{
    size_t n = 0;
    for (size_t i = 0; i < d->columns_n; i++)
        n += is_shown(d, ask, &d->columns[i]);
    return n;
}

/* A press on the column that sorts already turns the order round. */
static void set_sort(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                     const char *name, struct look_column *c)
{
    struct list_ask next = *ask;
    for (size_t i = 0; i < d->source->sorts_n; i++) {
        if (strcmp(d->source->sorts[i].name, name) != 0)
            continue;
        const bool now = ask->sort == i;
        next.sort = i;
        next.down = now ? !ask->down : d->source->sorts[i].down;
        c->dir = !now ? S("") : ask->down ? S("descending") : S("ascending");
        c->sort = list_href(cx, d, &next, NULL, S(""));
    }
}

static struct look_column *columns_of(struct cx *cx, const struct list_def *d,
                                      const struct list_ask *ask)
{
    struct look_column *list = NEW_N(cx->arena, struct look_column, d->columns_n);
    size_t n = 0;
    for (size_t i = 0; i < d->columns_n; i++) {
        const struct list_column *c = &d->columns[i];
        if (!is_shown(d, ask, c))
            continue;
        list[n] = (struct look_column){
            .title = tr(cx, str_c(c->title)),
            .css = str_c(c->css),
            .label = c->label ? tr(cx, str_c(c->label)) : S(""),
        };
        if (c->sort)
            set_sort(cx, d, ask, c->sort, &list[n]);
        n++;
    }
    return list;
}

static struct look_line line_of(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                                const void *row, struct str within)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, d->columns_n);
    struct look_line l = {.cells = cells};
    for (size_t i = 0; i < d->columns_n; i++)
        if (is_shown(d, ask, &d->columns[i]))
            d->columns[i].cell(cx, row, &cells[l.cells_n++]);
    if (d->pick)
        d->pick_of(cx, row, &l.pick, &l.pick_label);
    for (size_t i = 0; i < l.cells_n && within.n; i++)
        if (cells[i].href.n)
            cells[i].href = str_fmt(cx->arena, "%.*s?%.*s", F(cells[i].href), F(within));
    return l;
}

/* What the links of rows carry along: nothing in the usual view. */
static struct str within_of(struct cx *cx, const struct list_def *d, const struct list_ask *ask)
{
    struct str query = d->within ? list_query(cx, d, ask) : S("");
    return query.n ? str_fmt(cx->arena, "%s=%.*s", d->within, F(url_encode(cx->arena, query)))
                   : S("");
}

static struct look_line *lines_of(struct cx *cx, const struct list_def *d,
                                  const struct list_ask *ask, const struct list_rows *p)
{
    struct look_line *lines = NEW_N(cx->arena, struct look_line, p->n);
    struct str before = S("");
    const struct list_group *group = group_of(d, ask);
    const struct str within = within_of(cx, d, ask);
    for (size_t i = 0; i < p->n; i++) {
        struct str title = S(""), icon = S("");
        lines[i] = line_of(cx, d, ask, p->rows[i], within);
        if (group)
            group->of(cx, p->rows[i], &title, &icon);
        if (title.n && !str_eq(title, before)) {
            lines[i].group = tr(cx, title);
            lines[i].group_icon = icon;
        }
        before = title;
    }
    return lines;
}

/* ---- the pager ---- */

static struct str page_href(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                            const char *side, const struct list_key *k, int64_t from)
{
    const struct list_sort *by = &d->source->sorts[ask->sort];
    struct str value = by->text ? k->text : str_fmt(cx->arena, "%lld", (long long)k->number);
    if (by->then)
        value = str_fmt(cx->arena, "%.*s~%lld", F(value), (long long)k->then);
    value = str_fmt(cx->arena, "%.*s~%lld", F(value), (long long)k->id);
    struct str here = list_href(cx, d, ask, NULL, S(""));
    return str_fmt(cx->arena, "%.*s%s%s=%.*s&tu=%lld", F(here),
                   str_find(here, S("?"), NULL) ? "&" : "?", side, F(url_encode(cx->arena, value)),
                   (long long)from);
}

static struct look_pager_view pager_of(struct cx *cx, const struct list_def *d,
                                       const struct list_ask *ask, const struct list_rows *p,
                                       size_t per_page, struct str total)
{
    struct look_pager_view v = {.label = tr(cx, S(T("Trang")))};
    if (p->n == 0)
        return v;
    const int64_t step = (int64_t)per_page, last = ask->from + (int64_t)p->n - 1;
    v.shown = str_fmt(cx->arena, "%.*s–%.*s %.*s %.*s", F(look_number(cx, ask->from)),
                      F(look_number(cx, last)), F(tr(cx, S(T("trong")))), F(total));
    if (p->more_before && ask->from > step)
        v.prev = page_href(cx, d, ask, "truoc", &p->first, ask->from - step);
    else if (p->more_before)
        v.prev = list_href(cx, d, ask, NULL, S(""));
    if (p->more_after)
        v.next = page_href(cx, d, ask, "sau", &p->last, last + 1);
    return v;
}

static struct look_empty_view empty_of(struct cx *cx, const struct list_def *d,
                                       const struct list_ask *ask, struct str clear)
{
    if (!narrowed(d, ask))
        return (struct look_empty_view){tr(cx, str_c(d->empty)), tr(cx, str_c(d->empty_text)),
                                        S(""), S("")};
    return (struct look_empty_view){tr(cx, S(T("Không có dòng nào khớp"))),
                                    tr(cx, S(T("Bỏ bớt điều kiện lọc, hoặc tìm bằng mã hồ sơ."))),
                                    tr(cx, S(T("Xóa lọc"))), clear};
}

/* ---- views under a name ---- */

static list_saved_fn *saved_of; /* set once at start */

void list_set_saved(list_saved_fn *fn)
{
    saved_of = fn;
}

static enum err set_views(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                          struct list_box_view *v)
{
    struct list_saved *saved = NEW_N(cx->arena, struct list_saved, LIST_SAVED_MAX);
    struct look_link *links = NEW_N(cx->arena, struct look_link, LIST_SAVED_MAX);
    struct str query = list_query(cx, d, ask);
    bool known = query.n == 0;
    if (!saved_of || !d->views || cx->actor->account == 0)
        return OK;
    TRY(saved_of(cx, str_c(d->name), saved, LIST_SAVED_MAX, &v->views_n));
    for (size_t i = 0; i < v->views_n; i++) {
        links[i] =
            (struct look_link){.label = saved[i].title,
                               .href = str_fmt(cx->arena, "%s?%.*s", d->path, F(saved[i].query)),
                               .current = str_eq(saved[i].query, query)};
        known |= links[i].current;
    }
    v->views = links;
    v->has_views = v->views_n > 0 || !known;
    if (known)
        return OK;
    v->save_list = str_c(d->name);
    v->save_address = list_href(cx, d, ask, NULL, S(""));
    return OK;
}

enum err list_show(struct cx *cx, struct web_req *rq, const struct list_def *d,
                   struct list_box_view *v, struct list_ask *ask)
{
    const size_t per_page = d->per_page ? d->per_page : PER_PAGE;
    struct list_rows p;
    int64_t n;
    bool more;
    list_ask_of(rq, d, ask);
    TRY(list_page(cx, d->source, ask, per_page, &p, &n, &more));
    struct str total = list_number(cx, n, more);
    *v = (struct list_box_view){0};
    set_filter(cx, d, ask, str_fmt(cx->arena, "%.*s %.*s", F(total), F(tr(cx, S(T("dòng khớp"))))),
               &v->filter);
    v->table = (struct look_table_view){
        .caption = tr(cx, str_c(d->title)),
        .pick = d->pick ? str_c(d->pick) : S(""),
        .form = d->pick ? S("list-form") : S(""),
        .columns = columns_of(cx, d, ask),
        .columns_n = shown_columns(d, ask),
        .lines = lines_of(cx, d, ask, &p),
        .lines_n = p.n,
        .pager = pager_of(cx, d, ask, &p, per_page, total),
        .empty = empty_of(cx, d, ask, v->filter.clear_all),
    };
    TRY(set_views(cx, d, ask, v));
    if (d->exports && p.n) {
        v->export_action = str_fmt(cx->arena, "%s/xuat", d->path);
        v->kept = kept_of(cx, d, ask, true, &v->kept_n);
        v->export_note =
            str_fmt(cx->arena, "%.*s %.*s", F(total), F(tr(cx, S(T("dòng đang lọc")))));
    }
    return OK;
}
