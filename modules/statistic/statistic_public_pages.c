/* statistic_public_pages.c - what everybody may see: received, resolved, in time, late, by agency
 * and month. No person, no dossier. */
#include "statistic_map.h"
#include "statistic_pages.h"

#include "csv/csv.h"

#define LINES_MAX 1000

struct open_figures {
    struct org_unit root; /* the province */
    struct period period;
    struct statistic_line total, *lines;
    size_t n;
};

static int by_code(const void *a, const void *b)
{
    const struct statistic_line *x = a, *y = b;
    return str_cmp(x->code, y->code);
}

static enum err load(struct cx *cx, struct web_req *rq, struct open_figures *f)
{
    size_t n;
    f->period = statistic_period(cx, rq);
    TRY(org_units_of_kind(cx, S("ubnd_tinh"), 0, &f->root, 1, &n));
    if (n == 0)
        return OK;
    const struct statistic_query q = {f->root.id, false, f->period.from, f->period.to};
    TRY(statistic_total(cx, &q, &f->total));
    f->lines = NEW_N(cx->arena, struct statistic_line, LINES_MAX);
    TRY(statistic_units_brief(cx, f->period.from, f->period.to, f->lines, LINES_MAX, &f->n));
    TRY(statistic_name_units(cx, &f->root, f->lines, &f->n));
    qsort(f->lines, f->n, sizeof *f->lines, by_code);
    return OK;
}

static const struct look_column columns[] = {
    {.title = S("Cơ quan, đơn vị"), .css = S("c-title")},
    {.title = S("Tiếp nhận"), .css = S("num"), .label = S("Tiếp nhận")},
    {.title = S("Đã giải quyết"), .css = S("num"), .label = S("Đã giải quyết")},
    {.title = S("Đúng hạn"), .css = S("num"), .label = S("Đúng hạn")},
    {.title = S("Trễ hạn"), .css = S("num"), .label = S("Trễ hạn")},
    {.title = S("Tỷ lệ đúng hạn"), .css = S("num c-due"), .label = S("")},
    {.title = S("Đang quá hạn"), .css = S("num"), .label = S("Đang quá hạn")},
};
#define COLUMNS (sizeof columns / sizeof *columns)

static struct look_line row_of(struct cx *cx, const struct statistic_line *l)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, COLUMNS);
    const struct statistic_flows *f = &l->in;
    cells[0].text = l->name;
    cells[1].text = look_number(cx, statistic_received(f));
    cells[2].text = look_number(cx, statistic_resolved(f));
    cells[3].text = look_number(cx, f->n[FLOW_EARLY] + f->n[FLOW_ON_TIME]);
    cells[4].text = look_number(cx, f->n[FLOW_LATE]);
    cells[5].text = look_percent(cx, statistic_in_time(f));
    cells[6].text = look_number(cx, l->now.late);
    return (struct look_line){.cells = cells, .cells_n = COLUMNS};
}

static struct look_stat_view stat_of(struct cx *cx, const char *what, struct str figure,
                                     struct str source)
{
    return (struct look_stat_view){.what = tr(cx, str_c(what)), .figure = figure, .source = source};
}

enum err statistic_show_public(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct open_figures f = {0};
    struct statistic_public_view v = {.title = tr(cx, S(T("Công khai kết quả giải quyết")))};
    TRY(load(cx, rq, &f));
    TRY(statistic_source(cx, &v.source));
    struct look_chip chip = statistic_period_chip(cx, "/cong-khai", S(""), &f.period);
    const struct statistic_flows *in = &f.total.in;
    const struct look_stat_view stats[] = {
        stat_of(cx, T("Tiếp nhận"), look_number(cx, statistic_received(in)), v.source),
        stat_of(cx, T("Đã giải quyết"), look_number(cx, statistic_resolved(in)), v.source),
        stat_of(cx, T("Đúng hạn"), look_percent(cx, statistic_in_time(in)), v.source),
        stat_of(cx, T("Đang quá hạn"), look_number(cx, f.total.now.late), v.source),
    };
    struct look_line *lines = NEW_N(cx->arena, struct look_line, f.n + 1);
    for (size_t i = 0; i < f.n; i++)
        lines[i] = row_of(cx, &f.lines[i]);
    v.stats = stats;
    v.stats_n = f.n ? sizeof stats / sizeof *stats : 0;
    v.chips = &chip;
    v.chips_n = 1;
    v.table = (struct look_table_view){
        .caption = tr(cx, S(T("Kết quả giải quyết theo cơ quan, đơn vị"))),
        .columns = statistic_columns(cx, columns, COLUMNS),
        .columns_n = COLUMNS,
        .lines = lines,
        .lines_n = f.n,
        .empty = {.title = tr(cx, S(T("Chưa có hồ sơ nào trong kỳ này"))),
                  .text = tr(cx, S(T("Số liệu hiện ra khi có hồ sơ được tiếp nhận.")))}};
    if (f.n) {
        struct org_area area;
        TRY(statistic_months_figure(cx, f.root.id, false, S(""), v.source, &v.months));
        TRY(org_area_find(cx, f.root.area, &area));
        statistic_one_an_area(f.lines, f.n);
        TRY(statistic_map_view(cx, area.code, f.lines, f.n, "", &v.map, &v.map_source));
        v.csv_href = str_fmt(cx->arena, "/cong-khai.csv?ky=%s", f.period.name);
    }
    statistic_public_html(&rs->body, &v);
    return OK;
}

enum err statistic_get_public_csv(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct open_figures f = {0};
    TRY(load(cx, rq, &f));
    struct buf b = {.arena = cx->arena, .limit = (size_t)4 << 20};
    struct csv_out o = {.to = &b};
    csv_put_bom(&o);
    csv_put_text(&o, tr(cx, S(T("Mã"))));
    for (size_t i = 0; i < COLUMNS; i++)
        csv_put_text(&o, tr(cx, columns[i].title));
    csv_end_row(&o);
    for (size_t k = 0; k < f.n; k++) {
        const struct look_line row = row_of(cx, &f.lines[k]);
        const struct statistic_flows *in = &f.lines[k].in;
        csv_put_text(&o, f.lines[k].code);
        csv_put_text(&o, f.lines[k].name);
        csv_put_int(&o, statistic_received(in));
        csv_put_int(&o, statistic_resolved(in));
        csv_put_int(&o, in->n[FLOW_EARLY] + in->n[FLOW_ON_TIME]);
        csv_put_int(&o, in->n[FLOW_LATE]);
        csv_put_text(&o, row.cells[5].text);
        csv_put_int(&o, f.lines[k].now.late);
        csv_end_row(&o);
    }
    rs->content_type = S("text/csv; charset=utf-8");
    rs->bytes = buf_str(&b);
    rs->download_name = str_fmt(cx->arena, "cong-khai-%d-%d.csv", f.period.from, f.period.to);
    return OK;
}
