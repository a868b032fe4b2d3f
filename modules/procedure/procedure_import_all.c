/* procedure_import_all.c - a new crawl taken over whole, kind by kind, as long work. */
#include "json/json.h"
#include "lane/lane.h"
#include "procedure_import.h"
#include "work/work.h"

#define A_TURN 8 /* records are up to 124 kB, and each is put in with its words */

enum err procedure_accept_all(struct cx *cx, const struct import_row *i, struct str change,
                              struct str *path)
{
    struct buf b = {.arena = cx->arena, .limit = 200};
    struct json_out o = {.to = &b};
    int64_t n;
    TRY(import_store_waiting_count(cx, i->id, change, &n));
    if (n == 0)
        return fail(cx, ERR_INVALID,
                    T("Không còn thay đổi nào chờ. Thủ tục đã đối chiếu với luật "
                      "thì mở ra xem rồi nhận từng cái."));
    json_open_object(&o);
    json_num(&o, S("import"), i->id);
    json_str(&o, S("change"), change);
    json_close_object(&o);
    return work_start(cx,
                      &(const struct work_new){
                          .job = procedure_import_job.name,
                          .title = tr(cx, S(T("Nhận bản mới vào danh mục thủ tục"))),
                          .ask = buf_str(&b),
                      },
                      path);
}

struct taking {
    int64_t import, total;
    struct str change;
};

static enum err count(struct cx *cx, void *arg)
{
    struct taking *t = arg;
    return import_store_waiting_count(cx, t->import, t->change, &t->total);
}

static enum err take_some(struct cx *cx, void *arg, int64_t *done, bool *more)
{
    const struct taking *t = arg;
    struct change_row rows[A_TURN];
    size_t n;
    TRY(import_store_waiting(cx, t->import, t->change, rows, A_TURN, &n));
    for (size_t i = 0; i < n; i++)
        TRY(procedure_accept(cx, &rows[i]));
    *done += (int64_t)n;
    *more = n == A_TURN;
    return OK;
}

static enum err take_all(struct cx *cx, struct work *w)
{
    struct taking t = {0};
    const struct json *v;
    struct json_error error;
    if (json_read(cx->arena, w->ask, &v, &error) != OK)
        return fail(cx, ERR_IO, "work %lld: %s", (long long)w->id, error.what);
    t.import = json_int(json_get(v, S("import")), 0);
    t.change = json_text(json_get(v, S("change")));
    TRY(work_as(cx, w, &procedure_manage));
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, count, &t));
    return work_turns(cx, w, take_some, &t, t.total);
}

static enum err act(struct cx *cx, const struct job *j, void **result)
{
    return work_act(cx, j, take_all, result);
}

const struct job_kind procedure_import_job = {
    .name = "procedure.import",
    .title = "Nhận bản mới vào danh mục thủ tục",
    .act = act,
    .after = work_after,
    .tries_max = WORK_TRIES,
};
