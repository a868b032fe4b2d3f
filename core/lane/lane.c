/* lane.c - the lanes of one store: start, stop, submitting, waiting, the writer's place. */
#include "lane_inside.h"

#define TURN_MS 20 /* a batch that takes longer gives way: the rest waits for the next */
#define SNAPSHOT_MS                                                                                \
    5000 /* a longer snapshot lets SQLite's log grow and holds PostgreSQL's vacuum */
#define WORKER_ARENA ((size_t)64 << 20)

/* ---- queues ---- */

void lane_queue_add(struct queue *q, struct lane_task *t)
{
    t->next = NULL;
    if (q->last)
        q->last->next = t;
    else
        q->first = t;
    q->last = t;
    q->n++;
}

void lane_queue_back(struct queue *q, struct lane_task *t)
{
    t->next = q->first;
    q->first = t;
    if (!q->last)
        q->last = t;
    q->n++;
}

struct lane_task *lane_queue_take(struct queue *q)
{
    struct lane_task *t = q->first;
    if (!t)
        return NULL;
    q->first = t->next;
    if (!q->first)
        q->last = NULL;
    q->n--;
    return t;
}

static enum err refuse(struct lanes *l, struct lane_task *t)
{
    l->count.refused++;
    t->cx->err = ERR_BUSY;
    t->cx->why = S("the queue of the lane is full, or the lane is stopping");
    return ERR_BUSY;
}

enum err lane_submit(struct lanes *l, enum lane lane, struct lane_task *t)
{
    MUST(lane == LANE_SLOW || lane == LANE_WRITE);
    enum err e = OK;
    pthread_mutex_lock(&l->lock);
    struct queue *q = lane == LANE_SLOW ? &l->slow : t->bulk ? &l->bulk : &l->write;
    const bool stopping = lane == LANE_SLOW ? l->slow_stopping : l->write_stopping;
    if (stopping || q->n >= l->queue_limit) {
        e = refuse(l, t);
    } else {
        lane_queue_add(q, t);
        pthread_cond_signal(lane == LANE_SLOW ? &l->slow_ready : &l->write_ready);
    }
    pthread_mutex_unlock(&l->lock);
    return e;
}

/* ---- waiting for the outcome ---- */

struct call {
    struct lane_task task;
    enum err (*fn)(struct cx *cx, void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool ended;
    enum err outcome;
};

static enum err call_run(struct lane_task *t, struct cx *cx)
{
    struct call *c = (struct call *)t;
    return c->fn(cx, c->arg);
}

static void call_done(struct lane_task *t, enum err outcome)
{
    struct call *c = (struct call *)t;
    pthread_mutex_lock(&c->lock);
    c->outcome = outcome;
    c->ended = true;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

static bool holds(struct lanes *l)
{
    pthread_mutex_lock(&l->lock);
    const bool mine = l->held && pthread_equal(l->holder, pthread_self());
    pthread_mutex_unlock(&l->lock);
    return mine;
}

static enum err submit_and_wait(struct lanes *l, enum lane lane, struct call *c)
{
    TRY(lane_submit(l, lane, &c->task));
    pthread_mutex_lock(&c->lock);
    while (!c->ended)
        pthread_cond_wait(&c->changed, &c->lock);
    pthread_mutex_unlock(&c->lock);
    return c->outcome;
}

enum err lane_call(struct lanes *l, enum lane lane, struct cx *cx,
                   enum err (*fn)(struct cx *cx, void *arg), void *arg)
{
    MUST(!lane_in_lane_thread()); /* it would wait for itself */
    struct call c = {.task = {.cx = cx, .run = call_run, .done = call_done}, .fn = fn, .arg = arg};
    pthread_mutex_init(&c.lock, NULL);
    pthread_cond_init(&c.changed, NULL);
    const bool holding = holds(l);
    if (holding)
        lane_let_go(l, cx);
    enum err e = submit_and_wait(l, lane == LANE_READ ? LANE_SLOW : lane, &c);
    if (holding) {
        const enum err held = lane_hold(l, cx);
        e = e != OK ? e : held;
    }
    pthread_cond_destroy(&c.changed);
    pthread_mutex_destroy(&c.lock);
    return e;
}

/* ---- the writer's place ---- */

enum err lane_hold(struct lanes *l, struct cx *cx)
{
    MUST(!lane_in_lane_thread());
    pthread_mutex_lock(&l->lock);
    l->holders++;
    pthread_cond_broadcast(&l->write_ready);
    while (l->held || !(l->stands || l->postgres))
        pthread_cond_wait(&l->moved, &l->lock);
    l->held = true;
    l->holder = pthread_self();
    pthread_mutex_unlock(&l->lock);
    cx->db = l->postgres ? l->hold.cx.db : l->writers[0].cx.db;
    return OK;
}

void lane_let_go(struct lanes *l, struct cx *cx)
{
    db_rollback(cx);
    cx->db = NULL;
    pthread_mutex_lock(&l->lock);
    l->held = false;
    l->holders--;
    pthread_cond_broadcast(&l->moved);
    pthread_cond_broadcast(&l->write_ready);
    pthread_mutex_unlock(&l->lock);
}

static enum err hook_and_commit(struct lanes *l, struct cx *cx)
{
    for (int i = 0; i < l->before_n && db_wrote(cx); i++)
        TRY(l->before[i](cx));
    return db_commit(cx);
}

enum err lane_end_held(struct lanes *l, struct cx *cx, enum err e)
{
    if (e == OK)
        e = hook_and_commit(l, cx);
    db_rollback(cx);
    if (e == OK)
        lane_committed(l);
    return e;
}

enum err lanes_at_barrier(struct lanes *l, struct cx *cx, enum err (*fn)(struct cx *cx, void *arg),
                          void *arg)
{
    struct db *const before = cx->db;
    TRY(lane_hold(l, cx));
    const enum err e = cx_guard(cx, fn, arg);
    lane_let_go(l, cx);
    cx->db = before;
    return e;
}

/* ---- hooks ---- */

void lanes_before_commit(struct lanes *l, lane_before_commit *fn)
{
    MUST(l->before_n < HOOKS_MAX);
    pthread_mutex_lock(&l->lock);
    l->before[l->before_n] = fn;
    l->before_n++; /* last: who reads the number finds the hook */
    pthread_mutex_unlock(&l->lock);
}

void lanes_after_commit(struct lanes *l, void (*fn)(void *state), void *state)
{
    MUST(l->after_n < HOOKS_MAX);
    pthread_mutex_lock(&l->lock);
    l->after[l->after_n].fn = fn;
    l->after[l->after_n].state = state;
    l->after_n++;
    pthread_mutex_unlock(&l->lock);
}

/* ---- start and stop ---- */

enum err lane_worker_open(struct lanes *l, struct cx *cx, enum db_use use, struct worker *w)
{
    w->lanes = l;
    w->cx = (struct cx){.env = l->env,
                        .actor = &actor_program,
                        .now = cx->now,
                        .scope = {.kind = SCOPE_ALL},
                        .lang = S("vi")};
    w->cx.arena = arena_new(WORKER_ARENA);
    MUST(w->cx.arena != NULL);
    return db_connect(cx, l->store, use, &w->cx.db);
}

void lane_worker_anew(struct worker *w)
{
    arena_reset(w->cx.arena);
    w->cx.now = w->lanes->env->clock(w->lanes->env);
}

void lane_worker_close(struct worker *w)
{
    db_disconnect(w->cx.db);
    arena_free(w->cx.arena);
}

static void make_locks(struct lanes *l)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->write_ready, &monotonic);
    pthread_cond_init(&l->slow_ready, &monotonic);
    pthread_cond_init(&l->moved, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_rwlockattr_t writers_first; /* else those who lost would wait for ever */
    pthread_rwlockattr_init(&writers_first);
    pthread_rwlockattr_setkind_np(&writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&l->alone, &writers_first);
    pthread_rwlockattr_destroy(&writers_first);
    MUST(pthread_key_create(&l->reader_key, lane_reader_gone) == 0);
}

static struct worker *workers_new(int n)
{
    struct worker *w = calloc((size_t)n, sizeof *w);
    MUST(w != NULL);
    return w;
}

static int or_else(int value, int otherwise)
{
    return value > 0 ? value : otherwise;
}

static struct lanes *lanes_new(struct cx *cx, const struct lanes_config *c)
{
    struct lanes *l = calloc(1, sizeof *l);
    MUST(l != NULL);
    l->store = c->store;
    l->env = cx->env;
    l->postgres = str_eq(db_store_kind(c->store), S("postgresql"));
    const struct str name = c->name.n ? c->name : S("core");
    snprintf(l->name, sizeof l->name, "%.*s", F(name));
    l->read_ms = or_else(c->read_ms, 5);
    l->slow_ms = or_else(c->slow_ms, SNAPSHOT_MS);
    l->queue_limit = or_else(c->queue_limit, 4096);
    l->batch_limit = or_else(c->batch_limit, 256);
    l->turn_ms = TURN_MS;
    l->writers_n = l->postgres ? or_else(c->write_threads, 8) : 1;
    l->slows_n = or_else(c->slow_threads, l->postgres ? or_else(db_store_pool(c->store), 8) : 2);
    l->writers = workers_new(l->writers_n);
    l->slows = workers_new(l->slows_n);
    l->batch = lane_batch_new(l->batch_limit);
    l->started_ns = lane_now_ns();
    make_locks(l);
    return l;
}

static enum err open_all(struct lanes *l, struct cx *cx)
{
    for (int i = 0; i < l->writers_n; i++)
        TRY(lane_worker_open(l, cx, DB_WRITER, &l->writers[i]));
    for (int i = 0; i < l->slows_n; i++)
        TRY(lane_worker_open(l, cx, DB_READER, &l->slows[i]));
    return l->postgres ? lane_worker_open(l, cx, DB_WRITER, &l->hold) : OK;
}

static enum err start_thread(struct cx *cx, struct worker *w, void *(*run)(void *worker))
{
    if (pthread_create(&w->thread, NULL, run, w) != 0)
        return fail(cx, ERR_IO, "a lane's thread cannot be started");
    w->started = true;
    return OK;
}

static enum err start_all(struct lanes *l, struct cx *cx)
{
    for (int i = 0; i < l->writers_n; i++)
        TRY(start_thread(cx, &l->writers[i], l->postgres ? lane_pool_writer : lane_sqlite_writer));
    for (int i = 0; i < l->slows_n; i++)
        TRY(start_thread(cx, &l->slows[i], lane_slow));
    return OK;
}

enum err lanes_start(struct cx *cx, const struct lanes_config *c, struct lanes **out)
{
    struct lanes *l = lanes_new(cx, c);
    enum err e = open_all(l, cx);
    if (e == OK)
        e = start_all(l, cx);
    if (e != OK) {
        lanes_stop(l);
        return e;
    }
    *out = l;
    return OK;
}

static void stop_pool(struct lanes *l, bool *stopping, pthread_cond_t *ready, struct worker *w,
                      int n)
{
    pthread_mutex_lock(&l->lock);
    *stopping = true;
    pthread_cond_broadcast(ready);
    pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < n; i++) {
        if (w[i].started)
            pthread_join(w[i].thread, NULL);
    }
}

/* SLOW first: what it prepared may still be written. The loops that read have ended already. */
void lanes_stop(struct lanes *l)
{
    if (!l)
        return;
    stop_pool(l, &l->slow_stopping, &l->slow_ready, l->slows, l->slows_n);
    lane_readers_close(
        l); /* before the writer's last checkpoint, which an open snapshot would hold up */
    stop_pool(l, &l->write_stopping, &l->write_ready, l->writers, l->writers_n);
    for (int i = 0; i < l->slows_n; i++)
        lane_worker_close(&l->slows[i]);
    for (int i = 0; i < l->writers_n; i++)
        lane_worker_close(&l->writers[i]);
    lane_worker_close(&l->hold);
    pthread_key_delete(l->reader_key);
    pthread_cond_destroy(&l->write_ready);
    pthread_cond_destroy(&l->slow_ready);
    pthread_cond_destroy(&l->moved);
    pthread_mutex_destroy(&l->lock);
    pthread_rwlock_destroy(&l->alone);
    lane_batch_free(l->batch);
    free(l->writers);
    free(l->slows);
    free(l);
}
