/* onestop_queue.c - the next one of the inbox after an act, and how many are left. */
#include "onestop_queue.h"

#include "http/http.h"

static struct str carried(struct web_req *rq, const char *name)
{
    return web_form_has(rq, name) ? web_form(rq, name) : web_query(rq, name);
}

void onestop_queue_of(struct cx *cx, struct web_req *rq, struct queue *q)
{
    struct str next = carried(rq, QUEUE_NEXT);
    *q = (struct queue){.acted = next.n > 0};
    list_ask_from(cx, &onestop_work_list, carried(rq, QUEUE_VIEW), &q->ask);
    q->view = list_query(cx, &onestop_work_list, &q->ask);
    if (!str_int(next, &q->wish))
        q->wish = 0;
}

struct str onestop_queue_href(struct cx *cx, const struct queue *q, struct str path,
                              struct str question)
{
    struct buf b = {.arena = cx->arena, .limit = 8192};
    buf_add(&b, question);
    if (q->view.n)
        buf_fmt(&b, "%s" QUEUE_VIEW "=%.*s", b.n ? "&" : "", F(url_encode(cx->arena, q->view)));
    if (q->acted)
        buf_fmt(&b, "%s" QUEUE_NEXT "=%lld", b.n ? "&" : "", (long long)q->wish);
    return b.n ? str_fmt(cx->arena, "%.*s?%.*s", F(path), F(buf_str(&b))) : path;
}

struct str onestop_queue_list(struct cx *cx, const struct queue *q)
{
    return list_href(cx, &onestop_work_list, &q->ask, NULL, S(""));
}

enum err onestop_queue_look(struct cx *cx, struct queue *q, const struct dossier *d)
{
    struct list_follow f;
    TRY(list_next(cx, &onestop_work_source, &q->ask, d->id, q->wish, &f));
    q->wish = f.row ? f.row_id : 0;
    q->acted = true;
    return OK;
}

enum err onestop_queue_set(struct cx *cx, const struct queue *q, const struct dossier *d,
                           struct onestop_next_view *v)
{
    struct list_follow f;
    if (!q->acted)
        return OK;
    TRY(list_next(cx, &onestop_work_source, &q->ask, d->id, q->wish, &f));
    if (f.here)
        return OK;
    const struct queue fresh = {.view = q->view};
    const struct inbox_row *row = f.row;
    v->list_href = onestop_queue_list(cx, q);
    if (!row) {
        v->words = tr(cx, S(T("Không còn hồ sơ nào trong danh sách này.")));
        return OK;
    }
    struct str code = row->d.code.n ? row->d.code : row->d.request_code;
    v->words =
        tr_fmt(cx, T("Còn %.*s hồ sơ trong danh sách này."), F(list_number(cx, f.left, f.more)));
    v->name = row->d.procedure_name;
    v->code = code;
    v->person = row->person_name;
    v->due = onestop_row_due(cx, row);
    v->href = onestop_queue_href(cx, &fresh, str_fmt(cx->arena, "/viec/%.*s", F(code)), S(""));
    return OK;
}
