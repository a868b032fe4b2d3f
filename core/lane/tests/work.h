/* work.h - tasks that the tests of the lanes submit and wait for. */
#pragma once
#include "testing/testing.h"

#include <pthread.h>
#include <semaphore.h>

struct work {
    struct lane_task task;
    struct cx *cx;
    const char *name;
    enum err outcome;
    int runs;
    bool ended;
    void *more;
};

static pthread_mutex_t ended_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended_changed = PTHREAD_COND_INITIALIZER;

static inline struct work *work_of(struct lane_task *t)
{
    return (struct work *)t;
}

static inline void work_done(struct lane_task *t, enum err outcome)
{
    struct work *w = work_of(t);
    pthread_mutex_lock(&ended_lock);
    w->outcome = outcome;
    w->ended = true;
    pthread_cond_broadcast(&ended_changed);
    pthread_mutex_unlock(&ended_lock);
}

static inline void work_wait(struct work *w, int n)
{
    pthread_mutex_lock(&ended_lock);
    for (int i = 0; i < n; i++)
        while (!w[i].ended)
            pthread_cond_wait(&ended_changed, &ended_lock);
    pthread_mutex_unlock(&ended_lock);
}

typedef enum err work_fn(struct lane_task *t, struct cx *cx);

static inline void work_new(struct cx *cx, struct work *w, const char *name, work_fn *run)
{
    *w = (struct work){.task = {.cx = testing_another(cx), .run = run, .done = work_done},
                       .name = name};
    w->cx = w->task.cx;
}

static inline void work_submit(struct cx *cx, struct work *w, enum lane lane, const char *name,
                               work_fn *run)
{
    work_new(cx, w, name, run);
    assert_ok(lane_submit(cx->env->lanes, lane, &w->task));
}

/* Lets the lanes work until all have ended, then takes the writer's place again. */
static inline void work_end(struct cx *cx, struct work *w, int n)
{
    testing_let_go(cx);
    work_wait(w, n);
    testing_hold(cx);
}

static inline enum err add_event(struct cx *cx, const char *text)
{
    return db_exec(cx, "insert into parts_event (text) values ($1)", V(str_c(text)));
}

static inline enum err run_add(struct lane_task *t, struct cx *cx)
{
    struct work *w = work_of(t);
    w->runs++;
    return add_event(cx, w->name);
}

static inline int64_t events_of(struct cx *cx, const char *text)
{
    int64_t n = -1;
    assert_ok(
        db_one_int(cx, &n, "select count(*) from parts_event where text = $1", V(str_c(text))));
    return n;
}

/* A figure of lanes_metrics. */
static inline int64_t metric(struct cx *cx, const char *name)
{
    struct buf out = {.arena = cx->arena, .limit = 1 << 16};
    lanes_metrics(cx->env->lanes, &out);
    const struct str mark = str_fmt(cx->arena, "\n%s{store=\"core\"} ", name);
    size_t at;
    assert_true(str_find(buf_str(&out), mark, &at));
    return strtoll(str_z(cx->arena, str_from(buf_str(&out), at + mark.n)), NULL, 10);
}
