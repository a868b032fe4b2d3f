/* onestop_redate_job.c - the long work of counting appointments anew: round after round, ended
 * between two of them, going on after a crash where the last committed round stopped. */
#include "json/json.h"
#include "lane/lane.h"
#include "onestop_redate.h"
#include "work/work.h"

struct rounds {
    int64_t id, done, total;
    bool more;
};

static enum err one_round(struct cx *cx, void *arg)
{
    struct rounds *s = arg;
    struct redate r;
    TRY(onestop_redate_turn(cx, s->id, &r, &s->more));
    const bool moving = r.state == REDATE_MOVING || r.state == REDATE_DONE;
    s->done = moving ? r.moved + r.left_out : r.seen;
    s->total = moving ? r.later + r.sooner : 0;
    return OK;
}

static enum err run(struct cx *cx, struct work *w)
{
    struct rounds s = {0};
    const struct json *v;
    struct json_error bad;
    if (json_read(cx->arena, w->ask, &v, &bad) != OK)
        return fail(cx, ERR_IO, "work %lld: %s", (long long)w->id, bad.what);
    s.id = json_int(json_get(v, S("redate")), 0);
    TRY(work_as(cx, w, &onestop_redate_right));
    do {
        struct arena_mark here = arena_here(cx->arena);
        TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, one_round, &s));
        arena_back(cx->arena, here);
        TRY(work_progress(cx, w, s.done, s.total));
    } while (s.more);
    return OK;
}

static enum err act(struct cx *cx, const struct job *j, void **result)
{
    return work_act(cx, j, run, result);
}

const struct job_kind onestop_redate_job = {
    .name = "onestop.redate",
    .title = "Tính lại ngày hẹn theo lịch mới",
    .act = act,
    .after = work_after,
    .tries_max = WORK_TRIES,
};
