/* list_export.c - every row that matches, as CSV or XLSX, one page in memory at a time. */
#include "csv/csv.h"
#include "lane/lane.h"
#include "list.h"
#include "xlsx/xlsx.h"

#define PAGE_ROWS 300
#define PAGE_ARENA ((size_t)24 << 20)
#define CSV_ROW_MAX ((size_t)1 << 20)

struct str list_masked(struct cx *cx, struct str name)
{
    struct buf b = {.arena = cx->arena, .limit = 400};
    for (struct str word, rest = name; rest.n;) {
        str_cut(rest, ' ', &word, &rest);
        size_t at = 0;
        if (word.n == 0)
            continue;
        if (b.n)
            buf_byte(&b, ' ');
        (void)utf8_next(word, &at);
        buf_add(&b, str_until(word, at));
        buf_add(&b, S("***"));
    }
    return buf_str(&b);
}

/* ---- the two forms ---- */

struct writer {
    struct cx *cx;
    const struct list_export *e;
    struct xlsx_out *xlsx;
    struct buf row;
    struct csv_out csv;
    struct xlsx_column *columns;
    size_t columns_n;
    struct xlsx_plan plan;
};

static enum err csv_flush(struct writer *w)
{
    MUST(!w->row.full);
    TRY(w->e->sink(w->cx, w->e->state, buf_str(&w->row)));
    w->row.n = 0;
    return OK;
}

static void plan_columns(struct writer *w)
{
    const struct list_def *d = w->e->def;
    w->columns = NEW_N(w->cx->arena, struct xlsx_column, d->columns_n);
    for (size_t i = 0; i < d->columns_n; i++)
        if (d->columns[i].value)
            w->columns[w->columns_n++] =
                (struct xlsx_column){.title = tr(w->cx, str_c(d->columns[i].title)), .width = 24};
    w->plan = (struct xlsx_plan){.name = tr(w->cx, str_c(d->title)),
                                 .columns = w->columns,
                                 .columns_n = w->columns_n,
                                 .filter = true};
}

static enum err begin(struct writer *w)
{
    plan_columns(w);
    if (w->e->format == LIST_XLSX) {
        w->xlsx = xlsx_out_start(w->cx, w->e->sink, w->e->state);
        return xlsx_out_sheet(w->xlsx, &w->plan);
    }
    w->row = (struct buf){.arena = w->cx->arena, .limit = CSV_ROW_MAX};
    w->csv = (struct csv_out){.to = &w->row};
    csv_put_bom(&w->csv);
    for (size_t i = 0; i < w->columns_n; i++)
        csv_put_text(&w->csv, w->columns[i].title);
    csv_end_row(&w->csv);
    return csv_flush(w);
}

static void put_xlsx(struct writer *w, const struct list_value *v)
{
    if (v->kind == LIST_NUMBER)
        xlsx_put_int(w->xlsx, v->number);
    else if (v->kind == LIST_TEXT)
        xlsx_put_text(w->xlsx, v->text);
    else if (v->number == 0)
        xlsx_put_empty(w->xlsx);
    else if (v->kind == LIST_DAY)
        xlsx_put_day(w->xlsx, v->number);
    else
        xlsx_put_instant(w->xlsx, v->number);
}

static struct str instant_text(struct arena *a, int64_t at)
{
    struct civil c = civil_at(at);
    return str_fmt(a, "%02d/%02d/%04d %02d:%02d", c.day, c.month, c.year, c.hour, c.minute);
}

static void put_csv(struct writer *w, struct arena *a, const struct list_value *v)
{
    if (v->kind == LIST_NUMBER)
        csv_put_int(&w->csv, v->number);
    else if (v->kind == LIST_TEXT)
        csv_put_text(&w->csv, v->text);
    else if (v->number == 0)
        csv_put_text(&w->csv, S(""));
    else
        csv_put_text(&w->csv,
                     v->kind == LIST_DAY ? date_vi(a, v->number) : instant_text(a, v->number));
}

static enum err put_row(struct writer *w, struct cx *page, const void *row)
{
    const struct list_def *d = w->e->def;
    for (size_t i = 0; i < d->columns_n; i++) {
        const struct list_column *c = &d->columns[i];
        if (!c->value)
            continue;
        struct list_value v = c->value(page, row);
        if (c->personal && !w->e->personal)
            v.text = list_masked(page, v.text);
        if (w->xlsx)
            put_xlsx(w, &v);
        else
            put_csv(w, page->arena, &v);
    }
    if (w->xlsx)
        return xlsx_end_row(w->xlsx);
    csv_end_row(&w->csv);
    return csv_flush(w);
}

/* ---- page after page ---- */

struct page {
    const struct list_export *e;
    struct list_ask ask;
    struct list_rows rows;
};

static enum err read_page(struct cx *cx, void *arg)
{
    struct page *p = arg;
    return list_read(cx, p->e->def->source, &p->ask, PAGE_ROWS, &p->rows);
}

/* The key of the last row must outlive its page. */
static struct list_key keep_key(struct buf *b, const struct list_key *k)
{
    struct list_key kept = *k;
    b->n = 0;
    buf_add(b, k->text);
    kept.text = buf_str(b);
    return kept;
}

static enum err all_pages(struct cx *cx, struct writer *w, struct cx *page, int64_t *n)
{
    struct page p = {.e = w->e, .ask = w->e->ask};
    struct buf key = {.arena = cx->arena, .limit = 65536};
    do {
        arena_reset(page->arena);
        enum err e = lane_call(cx->env->lanes, LANE_SLOW, page, read_page, &p);
        if (e != OK)
            return fail(cx, e, "%.*s", F(page->why));
        if (*n + (int64_t)p.rows.n > LIST_EXPORT_MAX)
            return fail(cx, ERR_LIMIT,
                        T("Danh sách có hơn %d dòng. Lọc bớt, ví dụ theo tháng, rồi xuất lại."),
                        LIST_EXPORT_MAX);
        for (size_t i = 0; i < p.rows.n; i++)
            TRY(put_row(w, page, p.rows.rows[i]));
        *n += (int64_t)p.rows.n;
        p.ask.after = keep_key(&key, &p.rows.last);
        TRY(w->e->progress(cx, w->e->state, *n));
    } while (p.rows.more_after);
    return OK;
}

static void free_page(void *page)
{
    struct cx *cx = page;
    cx_close_all(cx);
    arena_free(cx->arena);
}

enum err list_export_run(struct cx *cx, const struct list_export *e, int64_t *n)
{
    struct writer w = {.cx = cx, .e = e};
    struct closer closer;
    struct cx page = *cx; /* the same reader and scope, memory of its own */
    page.arena = arena_new(PAGE_ARENA);
    MUST(page.arena != NULL);
    page.closers = NULL;
    page.before_answer = NULL;
    cx_register(cx, &closer, free_page, &page);
    *n = 0;
    enum err came = begin(&w);
    if (came == OK)
        came = all_pages(cx, &w, &page, n);
    if (came == OK && w.xlsx)
        came = xlsx_out_end(w.xlsx);
    cx_release(cx, &closer);
    free_page(&page);
    return came;
}
