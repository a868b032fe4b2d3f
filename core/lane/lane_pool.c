/* lane_pool.c - threads that take one task at a time: SLOW, and WRITE on PostgreSQL. */
#include "lane_inside.h"

static void count_task(struct lanes *l, enum lane lane, int64_t began)
{
    pthread_mutex_lock(&l->lock);
    l->count.tasks[lane]++;
    l->count.busy_ns[lane] += lane_now_ns() - began;
    pthread_mutex_unlock(&l->lock);
}

/* ---- SLOW ---- */

static enum err in_snapshot(struct worker *w, struct lane_task *t)
{
    lane_worker_anew(w);
    db_set_budget_ms(w->cx.db, w->lanes->slow_ms);
    const enum err e = db_begin(&w->cx) == OK ? lane_run_task(t, w->cx.db) : lane_no_database(t, w);
    db_rollback(&w->cx);
    return e;
}

static void run_slow(struct worker *w, struct lane_task *t)
{
    const int64_t began = lane_now_ns();
    const struct lane_start from = lane_start_of(t->cx);
    enum err e = in_snapshot(w, t);
    /* The server was started anew, say, or a standby that is read ended it for its primary. */
    if (e != OK && (db_should_retry_once(&w->cx) || db_should_retry(&w->cx))) {
        lane_rewind(t->cx, from);
        e = in_snapshot(w, t);
    }
    count_task(w->lanes, LANE_SLOW, began);
    lane_answer(t, e, NULL);
}

void *lane_slow(void *worker)
{
    struct worker *w = worker;
    struct lanes *l = w->lanes;
    lane_mark_thread();
    for (;;) {
        pthread_mutex_lock(&l->lock);
        while (!l->slow.first && !l->slow_stopping)
            pthread_cond_wait(&l->slow_ready, &l->lock);
        struct lane_task *t = lane_queue_take(&l->slow);
        pthread_mutex_unlock(&l->lock);
        if (!t)
            return NULL;
        run_slow(w, t);
    }
}

/* ---- WRITE on PostgreSQL ---- */

static struct lane_task *next_write(struct lanes *l)
{
    if (l->write.first)
        return lane_queue_take(&l->write);
    if (l->bulk_running || !l->bulk.first)
        return NULL;
    l->bulk_running = true; /* one at a time: people come first */
    return lane_queue_take(&l->bulk);
}

static void run_write(struct worker *w, struct lane_task *t)
{
    const int64_t began = lane_now_ns();
    const bool bulk = t->bulk;
    const enum err e = lane_alone(w, t, lane_start_of(t->cx));
    count_task(w->lanes, LANE_WRITE, began);
    lane_answer(t, e, NULL); /* from here on the task is not ours */
    if (!bulk)
        return;
    pthread_mutex_lock(&w->lanes->lock);
    w->lanes->bulk_running = false;
    pthread_cond_broadcast(&w->lanes->write_ready);
    pthread_mutex_unlock(&w->lanes->lock);
}

void *lane_pool_writer(void *worker)
{
    struct worker *w = worker;
    struct lanes *l = w->lanes;
    lane_mark_thread();
    for (;;) {
        pthread_mutex_lock(&l->lock);
        struct lane_task *t = next_write(l);
        while (!t && !(l->write_stopping && !l->bulk.first)) {
            pthread_cond_wait(&l->write_ready, &l->lock);
            t = next_write(l);
        }
        pthread_mutex_unlock(&l->lock);
        if (!t)
            return NULL;
        run_write(w, t);
    }
}
