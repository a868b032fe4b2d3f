/* lane_task.c - one task: guarded run, its sentence, a transaction of its own. */
#include "lane_inside.h"

#include <time.h>
#include "log/log.h"

#define RETRIES 9
#define RETRIES_TOGETHER 3 /* who loses more often than that runs while the neighbours wait */

const char lane_unknown[] = "outcome unknown: the commit failed; the same form token tells";
const char lane_undone[] = "the batch was undone before its commit";

static _Thread_local bool in_lane_thread;

bool lane_in_lane_thread(void)
{
    return in_lane_thread;
}

void lane_mark_thread(void)
{
    in_lane_thread = true;
}

int64_t lane_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct lane_start lane_start_of(const struct cx *cx)
{
    return (struct lane_start){arena_here(cx->arena), cx->closers};
}

/* What the run left open goes first: it lies in the part of the arena that is cut. */
void lane_rewind(struct cx *cx, struct lane_start s)
{
    while (cx->closers && cx->closers != s.closers) {
        struct closer *c = cx->closers;
        cx->closers = c->next;
        c->close(c->thing);
    }
    arena_back(cx->arena, s.arena);
}

static enum err call_run(struct cx *cx, void *arg)
{
    struct lane_task *t = arg;
    return t->run(t, cx);
}

void lane_keep_sentence(struct cx *cx)
{
    if (cx->why.n == 0)
        return;
    if (arena_room(cx->arena) < cx->why.n + 64)
        cx->why = S("a broken promise with a full arena; the log has more");
    else
        cx->why = str_dup(cx->arena, cx->why);
}

enum err lane_run_task(struct lane_task *t, struct db *d)
{
    struct cx *cx = t->cx;
    struct db *const before = cx->db;
    cx->db = d;
    cx->err = OK;
    cx->why = cx->field = (struct str){"", 0};
    enum err e = cx_guard(cx, call_run, t);
    if (e == OK && db_doomed(cx)) {
        e = cx->err = ERR_IO;
        cx->why = S("a failed statement was passed over");
    }
    if (e == ERR_IO) {
        log_event(LOG_ERROR, "lane.task_failed", K("request", cx->request_id), K("why", cx->why));
        lane_keep_sentence(cx);
    }
    cx->db = before;
    return e;
}

void lane_answer(struct lane_task *t, enum err outcome, const char *why)
{
    if (why) {
        t->cx->err = outcome;
        t->cx->why = str_c(why);
        t->cx->field = (struct str){"", 0};
    }
    t->done(t, outcome);
}

enum err lane_no_database(struct lane_task *t, const struct worker *w)
{
    log_event(LOG_ERROR, "lane.begin_failed", K("why", w->cx.why));
    t->cx->err = ERR_BUSY;
    t->cx->why = S("the database does not answer");
    return ERR_BUSY;
}

static enum err run_hooks(struct cx *cx, void *arg)
{
    struct lanes *l = arg;
    for (int i = 0; i < l->before_n; i++)
        TRY(l->before[i](cx));
    return OK;
}

enum err lane_hooks(struct lanes *l, struct worker *w)
{
    const enum err e = cx_guard(&w->cx, run_hooks, l);
    if (e != OK)
        log_event(LOG_ERROR, "lane.hook_failed", K("why", w->cx.why));
    return e;
}

void lane_committed(struct lanes *l)
{
    for (int i = 0; i < l->after_n; i++)
        l->after[i].fn(l->after[i].state);
}

static enum err commit_alone(struct worker *w)
{
    if (!db_wrote(&w->cx))
        return OK; /* nothing to make durable: the rollback ends it */
    TRY(lane_hooks(w->lanes, w));
    return db_commit(&w->cx);
}

static enum err once(struct worker *w, struct lane_task *t)
{
    lane_worker_anew(w);
    if (db_begin(&w->cx) != OK)
        return lane_no_database(t, w);
    enum err e = lane_run_task(t, w->cx.db);
    const bool ran = e == OK;
    const bool wrote = ran && db_wrote(&w->cx);
    if (ran)
        e = commit_alone(w);
    db_rollback(&w->cx);
    if (ran && e != OK) {
        t->cx->err = e = ERR_BUSY;
        t->cx->why = str_c(db_outcome_unknown(&w->cx) ? lane_unknown : lane_undone);
    }
    if (wrote && e == OK)
        lane_committed(w->lanes);
    return e;
}

/* 1, 2, 4 ... ms and as much again by chance, so that those who met do not meet again. */
static void back_off(struct lanes *l, int attempt)
{
    uint32_t chance;
    l->env->random(l->env, &chance, sizeof chance);
    const int64_t least = INT64_C(1000000) << (attempt < 6 ? attempt : 6);
    const int64_t ns = least + chance % least;
    nanosleep(&(struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000}, NULL);
}

static bool again(const struct worker *w, int attempt)
{
    if (db_outcome_unknown(&w->cx))
        return false;
    return (db_should_retry(&w->cx) && attempt < RETRIES) ||
           (db_should_retry_once(&w->cx) && attempt == 0);
}

static void count(struct lanes *l, int64_t *counter)
{
    pthread_mutex_lock(&l->lock);
    ++*counter;
    pthread_mutex_unlock(&l->lock);
}

/* Neighbours at the same row could beat one task again and again: from some attempt on it has the
 * node to itself. */
static enum err attempt_once(struct worker *w, struct lane_task *t, int attempt)
{
    if (attempt > RETRIES_TOGETHER)
        pthread_rwlock_wrlock(&w->lanes->alone);
    else
        pthread_rwlock_rdlock(&w->lanes->alone);
    const enum err e = once(w, t);
    pthread_rwlock_unlock(&w->lanes->alone);
    return e;
}

enum err lane_alone(struct worker *w, struct lane_task *t, struct lane_start from)
{
    enum err e = attempt_once(w, t, 0);
    for (int attempt = 0; e != OK && again(w, attempt); attempt++) {
        count(w->lanes, &w->lanes->count.retries);
        back_off(w->lanes, attempt);
        lane_rewind(t->cx, from);
        e = attempt_once(w, t, attempt + 1);
    }
    if (e != OK && db_outcome_unknown(&w->cx))
        count(w->lanes, &w->lanes->count.unknown);
    return e;
}
