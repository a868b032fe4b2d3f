/* statistic_table_pages.c - the table of section 14: by unit, by field, by procedure; as CSV too.
 */
#include "statistic_pages.h"

#include "csv/csv.h"
#include "http/http.h"

#define LINES_MAX 1000

enum by { OF_UNITS, OF_FIELDS, OF_PROCEDURES };

struct sheet {
    struct place place;
    struct period period;
    enum by by;
    bool past; /* the period is over: what stands now is not its end */
    struct statistic_line *lines, total;
    size_t n;
};

/* clang-format off */
static const struct sheet_column {
    const char *title, *label;
    int which;          /* of `value_of` */
    bool now;           /* only while the period runs */
    bool past;          /* only of a past one */
    const char *list;   /* "so" of the list that it counts; NULL: none tells it */
} sheet_columns[] = {
    {"Tồn kỳ trước",            "Tồn kỳ trước",  0,  false, false, "ton"},
    {"Tiếp nhận",               "Tiếp nhận",     1,  false, false, "tiep-nhan"},
    {"trực tuyến",              "Trực tuyến",    2,  false, false, "truc-tuyen"},
    {"trực tiếp",               "Trực tiếp",     3,  false, false, "truc-tiep"},
    {"bưu chính",               "Bưu chính",     4,  false, false, "buu-chinh"},
    {"phi địa giới",            "Phi địa giới",  5,  false, false, "phi-dia-gioi"},
    {"Đã giải quyết",           "Đã giải quyết", 6,  false, false, "giai-quyet"},
    {"sớm",                     "Sớm",           7,  false, false, "som"},
    {"đúng hạn",                "Đúng hạn",      8,  false, false, "dung-han"},
    {"trễ",                     "Trễ",           9,  false, false, "tre"},
    {"Đang giải quyết, trong hạn", "Trong hạn",  10, true,  false, "trong-han"},
    {"quá hạn",                 "Quá hạn",       11, true,  false, "han=qua"},
    {"Tạm dừng",                "Tạm dừng",      12, true,  false, "tam-dung"},
    {"Tồn cuối kỳ",             "Tồn cuối kỳ",   17, false, true, "con-lai"},
    {"Từ chối",                 "Từ chối",       13, false, false, "tu-choi"},
    {"Rút",                     "Rút",           14, false, false, "rut"},
    {"Chờ trả",                 "Chờ trả",       15, true,  false, "trang-thai=da_xu_ly_xong"},
    {"Đã trả",                  "Đã trả",        16, false, false, "da-tra"},
};
/* clang-format on */
#define COLUMNS (sizeof sheet_columns / sizeof *sheet_columns)

static int64_t value_of(const struct statistic_line *l, int which)
{
    const struct statistic_flows *f = &l->in;
    const int64_t values[] = {
        l->carried,
        statistic_received(f),
        f->n[FLOW_ONLINE],
        f->n[FLOW_COUNTER],
        f->n[FLOW_POST],
        f->n[FLOW_AWAY],
        statistic_resolved(f),
        f->n[FLOW_EARLY],
        f->n[FLOW_ON_TIME],
        f->n[FLOW_LATE],
        l->now.open - l->now.late,
        l->now.late,
        l->now.paused,
        f->n[FLOW_REFUSED],
        f->n[FLOW_WITHDRAWN],
        l->now.to_return,
        f->n[FLOW_RETURNED],
        l->carried + statistic_received(f) - statistic_ended(f),
    };
    return values[which];
}

static bool is_shown(const struct sheet *s, const struct sheet_column *c)
{
    return s->past ? !c->now : !c->past;
}

static enum by by_of(struct web_req *rq, const struct place *p)
{
    struct str by = web_query(rq, "theo");
    if (str_eq(by, S("linh-vuc")))
        return OF_FIELDS;
    if (str_eq(by, S("thu-tuc")))
        return OF_PROCEDURES;
    return p->alone ? OF_PROCEDURES : OF_UNITS;
}

static int by_path(const void *a, const void *b)
{
    const struct statistic_line *x = a, *y = b;
    return str_cmp(x->code, y->code);
}

static enum err load(struct cx *cx, struct web_req *rq, struct sheet *s)
{
    const struct civil c = civil_at(cx->now);
    TRY(statistic_place(cx, rq, &s->place));
    s->period = statistic_period(cx, rq);
    s->by = by_of(rq, &s->place);
    s->past = s->period.to < c.year * 100 + c.month;
    s->lines = NEW_N(cx->arena, struct statistic_line, LINES_MAX);
    const struct statistic_query q = {s->place.unit.id, s->place.alone, s->period.from,
                                      s->period.to};
    TRY(statistic_total(cx, &q, &s->total));
    if (s->by != OF_UNITS)
        return statistic_table(cx, &q, s->by == OF_FIELDS ? BY_FIELD : BY_PROCEDURE, s->lines,
                               LINES_MAX, &s->n);
    TRY(statistic_units(cx, s->period.from, s->period.to, s->lines, LINES_MAX, &s->n));
    TRY(statistic_name_units(cx, &s->place.unit, s->lines, &s->n));
    qsort(s->lines, s->n, sizeof *s->lines, by_path);
    return OK;
}

/* ---- the page ---- */

static const char *const by_names[] = {"don-vi", "linh-vuc", "thu-tuc"};

static struct str address_of(struct cx *cx, const struct sheet *s, const char *path, enum by by)
{
    return str_fmt(
        cx->arena, "%.*stheo=%s",
        F(statistic_address(cx, path, s->place.narrowed ? s->place.unit.code : S(""), &s->period)),
        by_names[by]);
}

/* The dossiers that a number counts. Of a field no list tells them, nor of a unit without those
 * below. */
static struct str list_of(struct cx *cx, const struct sheet *s, const struct statistic_line *l,
                          const struct sheet_column *c)
{
    if (!c->list || s->place.alone || s->by == OF_FIELDS || value_of(l, c->which) == 0)
        return S("");
    struct str filter = S("");
    if (strchr(c->list, '='))
        filter = str_c(c->list);
    else if (c->now)
        filter = str_fmt(cx->arena, "so=%s", c->list);
    else
        filter = str_fmt(cx->arena, "so=%s.%d.%d", c->list, s->period.from, s->period.to);
    struct str unit = s->by == OF_UNITS ? l->code : s->place.unit.code;
    struct str procedure = s->by == OF_PROCEDURES ? l->code : S("");
    return str_fmt(cx->arena, "/ho-so-mot-cua?%.*s&don-vi=%.*s%s%.*s", F(filter),
                   F(url_encode(cx->arena, unit)), procedure.n ? "&thu-tuc=" : "",
                   F(url_encode(cx->arena, procedure)));
}

static struct look_line row_of(struct cx *cx, const struct sheet *s, const struct statistic_line *l)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, COLUMNS + 1);
    size_t n = 1;
    cells[0] = statistic_name_cell(cx, l->name, l->code);
    if (s->by == OF_UNITS && l->unit != s->place.unit.id)
        cells[0].href = statistic_address(cx, "/dieu-hanh", l->code, &s->period);
    for (size_t i = 0; i < COLUMNS; i++)
        if (is_shown(s, &sheet_columns[i])) {
            cells[n].href = list_of(cx, s, l, &sheet_columns[i]);
            cells[n++].text = look_number(cx, value_of(l, sheet_columns[i].which));
        }
    return (struct look_line){.cells = cells, .cells_n = n};
}

static struct look_table_view table_of(struct cx *cx, const struct sheet *s)
{
    static const char *const first[] = {"Đơn vị, gồm cấp dưới", "Lĩnh vực", "Thủ tục"};
    struct look_column *columns = NEW_N(cx->arena, struct look_column, COLUMNS + 1);
    struct look_line *lines = NEW_N(cx->arena, struct look_line, s->n + 1);
    size_t n = 1;
    columns[0] = (struct look_column){.title = tr(cx, str_c(first[s->by])), .css = S("c-title")};
    for (size_t i = 0; i < COLUMNS; i++)
        if (is_shown(s, &sheet_columns[i]))
            columns[n++] = (struct look_column){.title = tr(cx, str_c(sheet_columns[i].title)),
                                                .label = tr(cx, str_c(sheet_columns[i].label)),
                                                .css = S("num")};
    for (size_t i = 0; i < s->n; i++)
        lines[i] = row_of(cx, s, &s->lines[i]);
    size_t lines_n = s->n;
    if (s->n && s->by != OF_UNITS) { /* of units the first line is the sum already */
        struct statistic_line sum = s->total;
        sum.name = tr(cx, S(T("Tổng")));
        lines[lines_n++] = row_of(cx, s, &sum);
    }
    return (struct look_table_view){
        .caption = tr(cx, S(T("Thống kê giải quyết thủ tục hành chính"))),
        .columns = columns,
        .columns_n = n,
        .lines = lines,
        .lines_n = lines_n,
        .empty = {.title = tr(cx, S(T("Chưa có hồ sơ nào trong kỳ này"))),
                  .text = tr(cx, S(T("Số liệu hiện ra khi có hồ sơ được tiếp nhận.")))}};
}

enum err statistic_show_table(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const char *const labels[] = {"Theo đơn vị", "Theo lĩnh vực", "Theo thủ tục"};
    struct sheet s = {0};
    struct look_tab tabs[3];
    size_t tabs_n = 0;
    TRY(load(cx, rq, &s));
    for (enum by by = s.place.alone ? OF_FIELDS : OF_UNITS; by <= OF_PROCEDURES; by++)
        tabs[tabs_n++] = (struct look_tab){.label = tr(cx, str_c(labels[by])),
                                           .href = address_of(cx, &s, "/dieu-hanh/thong-ke", by),
                                           .current = by == s.by};
    struct look_chip chip = statistic_period_chip(
        cx, "/dieu-hanh/thong-ke", s.place.narrowed ? s.place.unit.code : S(""), &s.period);
    for (size_t i = 0; i < chip.options_n; i++) { /* the other choice stays */
        struct look_link *l = (struct look_link *)&chip.options[i];
        l->href = str_fmt(cx->arena, "%.*s&theo=%s", F(l->href), by_names[s.by]);
    }
    struct statistic_table_view v = {
        .title = tr(cx, S(T("Thống kê giải quyết thủ tục hành chính"))),
        .subtitle = s.place.unit.short_name,
        .chips = &chip,
        .chips_n = 1,
        .tabs = {tr(cx, S(T("Chia theo"))), tabs, tabs_n},
        .table = table_of(cx, &s),
        .csv_href = address_of(cx, &s, "/dieu-hanh/thong-ke.csv", s.by),
    };
    TRY(statistic_source(cx, &v.source));
    statistic_table_html(&rs->body, &v);
    return OK;
}

/* ---- CSV ---- */

enum err statistic_get_csv(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct sheet s = {0};
    TRY(load(cx, rq, &s));
    struct buf b = {.arena = cx->arena, .limit = (size_t)4 << 20};
    struct csv_out o = {.to = &b};
    csv_put_bom(&o);
    csv_put_text(&o, tr(cx, S(T("Mã"))));
    csv_put_text(&o, tr(cx, S(T("Tên"))));
    for (size_t i = 0; i < COLUMNS; i++)
        if (is_shown(&s, &sheet_columns[i]))
            csv_put_text(&o, tr(cx, str_c(sheet_columns[i].title)));
    csv_end_row(&o);
    for (size_t k = 0; k < s.n; k++) {
        csv_put_text(&o, s.lines[k].code);
        csv_put_text(&o, s.lines[k].name);
        for (size_t i = 0; i < COLUMNS; i++)
            if (is_shown(&s, &sheet_columns[i]))
                csv_put_int(&o, value_of(&s.lines[k], sheet_columns[i].which));
        csv_end_row(&o);
    }
    rs->content_type = S("text/csv; charset=utf-8");
    rs->bytes = buf_str(&b);
    rs->download_name = str_fmt(cx->arena, "thong-ke-%.*s-%d-%d.csv", F(s.place.unit.code),
                                s.period.from, s.period.to);
    return OK;
}
