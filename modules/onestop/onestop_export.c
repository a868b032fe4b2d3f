/* onestop_export.c - a list as a file: asked for on the page, made by a job, followed as long work.
 */
#include "identity/identity.h"
#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"
#include "onestop_desk_work.h"
#include "onestop_ledger.h"
#include "onestop_pages.h"
#include "work/work.h"

const struct right onestop_export = {.name = "onestop.export",
                                     .title = "Xuất danh sách có tên người"};

static const struct list_def *const lists[] = {&onestop_work_list,  &onestop_all_list,
                                               &onestop_late_list,  &onestop_consult_list,
                                               &onestop_batch_list, &onestop_ledger_list};

static const struct list_def *list_named(struct str name)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (str_eq(name, str_c(lists[i]->name)))
            return lists[i];
    return NULL;
}

/* ---- asking ---- */

/* The form carries the view as the address would. */
static struct str query_of(struct cx *cx, struct web_req *rq, const struct list_def *d)
{
    struct list_ask ask = {.words = web_form(rq, "q")};
    for (size_t i = 0; i < d->source->filters_n; i++) {
        const struct list_filter *f = &d->source->filters[i];
        ask.values[i] = web_form(rq, f->name);
        if (ask.values[i].n == 0 && f->usual)
            ask.values[i] = str_c(f->usual);
    }
    ask.down = d->source->sorts[0].down;
    struct str sort = web_form(rq, "xep"), query = list_query(cx, d, &ask);
    if (sort.n == 0)
        return query;
    return str_fmt(cx->arena, "%.*s%sxep=%.*s", F(query), query.n ? "&" : "", F(sort));
}

static enum err write_export(struct cx *cx, struct web_req *rq, struct web_res *rs,
                             const struct list_def *d)
{
    struct buf b = {.arena = cx->arena, .limit = 16384};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("list"), str_c(d->name));
    json_str(&o, S("query"), query_of(cx, rq, d));
    json_str(&o, S("format"), str_eq(web_form(rq, "dang"), S("csv")) ? S("csv") : S("xlsx"));
    json_close_object(&o);
    return work_start(cx,
                      &(const struct work_new){
                          .job = "onestop.export",
                          .title = str_fmt(cx->arena, "%.*s: %.*s", F(tr(cx, S(T("Xuất")))),
                                           F(tr(cx, str_c(d->title)))),
                          .ask = buf_str(&b),
                      },
                      &rs->see_other);
}

enum err onestop_write_export_work(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write_export(cx, rq, rs, &onestop_work_list);
}

enum err onestop_write_export_all(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write_export(cx, rq, rs, &onestop_all_list);
}

enum err onestop_write_export_late(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write_export(cx, rq, rs, &onestop_late_list);
}

enum err onestop_write_export_consult(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write_export(cx, rq, rs, &onestop_consult_list);
}

enum err onestop_write_export_ledger(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write_export(cx, rq, rs, &onestop_ledger_list);
}

enum err onestop_write_export_batch(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write_export(cx, rq, rs, &onestop_batch_list);
}

/* ---- making ---- */

struct making {
    struct work *w;
    const struct list_def *d;
    struct list_export e;
    struct str query, format;
    int64_t total;
};

static enum err read_ask(struct cx *cx, struct making *m)
{
    const struct json *v;
    struct json_error error;
    if (json_read(cx->arena, m->w->ask, &v, &error) != OK)
        return fail(cx, ERR_IO, "work %lld: %s", (long long)m->w->id, error.what);
    m->d = list_named(json_text(json_get(v, S("list"))));
    m->query = json_text(json_get(v, S("query")));
    m->format = json_text(json_get(v, S("format")));
    if (!m->d)
        return fail(cx, ERR_NOT_FOUND, T("Danh sách này không còn. Mở lại trang rồi xuất lại."));
    return OK;
}

/* With the rights they have when the file is made, not when it was asked for. */
static enum err begin(struct cx *cx, void *arg)
{
    struct making *m = arg;
    struct scope whole;
    m->e.personal = identity_grant(cx, cx->actor, &onestop_export, &whole, NULL);
    list_ask_from(cx, m->d, m->query, &m->e.ask);
    m->e.ask.after.set = m->e.ask.before.set = false;
    return list_total(cx, m->d->source, &m->e.ask, &m->total);
}

static enum err into_file(struct cx *cx, void *state, struct str piece)
{
    return file_upload_add(cx, ((struct making *)state)->w->upload, piece);
}

static enum err say(struct cx *cx, void *state, int64_t done)
{
    struct making *m = state;
    return work_progress(cx, m->w, done, m->total > done ? m->total : done);
}

static enum err make_file(struct cx *cx, struct work *w)
{
    struct making m = {.w = w};
    int64_t n;
    TRY(read_ask(cx, &m));
    TRY(work_as(cx, w, &onestop_watch));
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, begin, &m));
    const bool csv = str_eq(m.format, S("csv"));
    struct civil now = civil_at(cx->now);
    struct str name = str_fmt(cx->arena, "%s-%04d%02d%02d-%02d%02d.%s", m.d->name, now.year,
                              now.month, now.day, now.hour, now.minute, csv ? "csv" : "xlsx");
    TRY(work_progress(cx, w, 0, m.total));
    TRY(work_file(cx, w, name,
                  csv ? S("text/csv; charset=utf-8")
                      : S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")));
    m.e.def = m.d;
    m.e.format = csv ? LIST_CSV : LIST_XLSX;
    m.e.sink = into_file;
    m.e.progress = say;
    m.e.state = &m;
    TRY(list_export_run(cx, &m.e, &n));
    return work_progress(cx, w, n, n);
}

static enum err act(struct cx *cx, const struct job *j, void **result)
{
    return work_act(cx, j, make_file, result);
}

const struct job_kind onestop_export_job = {
    .name = "onestop.export",
    .title = "Xuất danh sách hồ sơ",
    .act = act,
    .after = work_after,
    .tries_max = WORK_TRIES,
};
