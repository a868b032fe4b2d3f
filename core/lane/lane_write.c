/*
 * lane_write.c - SQLite's one writer: all waiting tasks, one commit, one fsync.
 *
 * A savepoint copies each page that its task changes, and nearly no task fails: so the tasks of a
 * batch run one after the other without. When one fails, what the others did is undone with it and
 * the batch runs again with a savepoint each, as do the next batches.
 *
 * If the commit fails, every task of the batch is told that the outcome is unknown. If a task
 * takes the whole transaction down with it (a full disk within a savepoint does), it alone
 * answers for that; the others run again, one by one.
 */
#include "lane_inside.h"

#include <time.h>
#include "log/log.h"

#define CHECKPOINT_PAGES 10000
#define WAL_ALARM_PAGES 100000
#define IDLE_MS 250      /* without work for so long: what is in the log goes into the file */
#define CAREFUL 16       /* batches with savepoints after one in which a task failed */
#define BULK_AT_LEAST 16 /* batches between two bulk tasks, even when people keep coming */

struct batch {
    int limit, n;
    int careful; /* so many more with savepoints */
    bool wrote;
    struct item {
        struct lane_task *task;
        struct lane_start from;
        enum err outcome;
        bool culprit; /* took the whole transaction down */
    } * items;
};

struct batch *lane_batch_new(int limit)
{
    struct batch *b = calloc(1, sizeof *b);
    MUST(b != NULL);
    b->limit = limit;
    b->items = calloc((size_t)limit + 1, sizeof *b->items);
    MUST(b->items != NULL);
    return b;
}

void lane_batch_free(struct batch *b)
{
    if (!b)
        return;
    free(b->items);
    free(b);
}

static void add_to(struct batch *b, struct lane_task *t)
{
    b->items[b->n++] = (struct item){.task = t, .from = lane_start_of(t->cx)};
}

/* People's requests first; a bulk task when nobody waits, and now and then in any case. */
static void take(struct lanes *l, struct batch *b)
{
    b->n = 0;
    b->wrote = false;
    while (b->n < b->limit && l->write.first)
        add_to(b, lane_queue_take(&l->write));
    l->batches_since_bulk++;
    if (l->bulk.first && (b->n == 0 || l->batches_since_bulk >= BULK_AT_LEAST)) {
        add_to(b, lane_queue_take(&l->bulk));
        l->batches_since_bulk = 0;
    }
}

/* Tasks from `from` on wait for the next turn. */
static void give_back(struct lanes *l, struct batch *b, int from)
{
    pthread_mutex_lock(&l->lock);
    while (b->n > from) {
        struct lane_task *t = b->items[--b->n].task;
        lane_queue_back(t->bulk ? &l->bulk : &l->write, t);
    }
    pthread_mutex_unlock(&l->lock);
}

/* False: the whole transaction is gone. */
static bool run_one(struct worker *w, struct batch *b, struct item *it)
{
    it->outcome = db_savepoint(&w->cx);
    if (it->outcome != OK)
        return false;
    it->outcome = lane_run_task(it->task, w->cx.db);
    const bool wrote = db_wrote(&w->cx);
    if (it->outcome == OK)
        it->outcome = db_savepoint_release(&w->cx);
    else
        db_savepoint_rollback(&w->cx);
    it->culprit = db_doomed(&w->cx);
    if (it->outcome == OK && wrote)
        b->wrote = true;
    return !it->culprit;
}

/* The turn has lasted too long: the rest waits for the next. */
static void watch_turn(struct lanes *l, struct batch *b, int ran, int64_t end)
{
    if (ran < b->n && lane_now_ns() > end)
        give_back(l, b, ran);
}

static int64_t turn_end(const struct lanes *l)
{
    return lane_now_ns() + l->turn_ms * INT64_C(1000000);
}

/* Without savepoints. False: one failed, and the transaction is of no use. */
static bool run_lightly(struct worker *w, struct batch *b)
{
    const int64_t end = turn_end(w->lanes);
    for (int i = 0; i < b->n; i++) {
        struct item *it = &b->items[i];
        it->outcome = lane_run_task(it->task, w->cx.db);
        if (it->outcome != OK)
            return false;
        watch_turn(w->lanes, b, i + 1, end);
    }
    b->wrote = db_wrote(&w->cx);
    return true;
}

/* With a savepoint each. False: the transaction is gone. */
static bool run_all(struct worker *w, struct batch *b)
{
    const int64_t end = turn_end(w->lanes);
    for (int i = 0; i < b->n; i++) {
        if (!run_one(w, b, &b->items[i]))
            return false;
        watch_turn(w->lanes, b, i + 1, end);
    }
    return true;
}

static void answer_all(struct batch *b, enum err outcome, const char *why)
{
    for (int i = 0; i < b->n; i++)
        lane_answer(b->items[i].task, outcome, why);
}

static void answer_each(struct batch *b)
{
    for (int i = 0; i < b->n; i++)
        lane_answer(b->items[i].task, b->items[i].outcome, NULL);
}

static void run_innocent(struct worker *w, struct batch *b)
{
    log_event(LOG_ERROR, "lane.batch_lost", KN("tasks", b->n));
    for (int i = 0; i < b->n; i++) {
        struct item *it = &b->items[i];
        if (!it->culprit) {
            lane_rewind(it->task->cx, it->from);
            it->outcome = lane_alone(w, it->task, it->from);
        }
        lane_answer(it->task, it->outcome, NULL);
    }
}

static void count_batch(struct lanes *l, const struct batch *b, bool committed, bool unknown,
                        bool lost)
{
    pthread_mutex_lock(&l->lock);
    struct counters *c = &l->count;
    c->batches++;
    c->tasks[LANE_WRITE] += b->n;
    if (b->n > c->batch_max)
        c->batch_max = b->n;
    c->commits += committed;
    c->unknown += unknown;
    c->lost += lost;
    pthread_mutex_unlock(&l->lock);
}

static void end_batch(struct worker *w, struct batch *b)
{
    struct lanes *l = w->lanes;
    if (!b->wrote) {
        db_rollback(&w->cx);
        count_batch(l, b, false, false, false);
        answer_each(b);
        return;
    }
    enum err e = lane_hooks(l, w);
    if (e == OK)
        e = db_commit(&w->cx);
    const bool unknown = db_outcome_unknown(&w->cx);
    if (e != OK)
        log_event(LOG_ERROR, "lane.commit_failed", KN("tasks", b->n), K("why", w->cx.why));
    db_rollback(&w->cx);
    count_batch(l, b, e == OK, unknown, false);
    if (e != OK) {
        answer_all(b, ERR_BUSY, unknown ? lane_unknown : lane_undone);
        return;
    }
    answer_each(b);
    lane_committed(l);
}

static bool begin(struct worker *w, struct batch *b)
{
    lane_worker_anew(w);
    if (db_begin(&w->cx) == OK)
        return true;
    log_event(LOG_ERROR, "lane.begin_failed", K("why", w->cx.why));
    answer_all(b, ERR_BUSY, "the database cannot be written at present");
    return false;
}

/* A task failed without a savepoint of its own. Alone it is answered; with neighbours all of them
 * begin anew. False: nothing is left to be done. */
static bool begin_again(struct worker *w, struct batch *b)
{
    db_rollback(&w->cx);
    if (b->n == 1) {
        count_batch(w->lanes, b, false, false, false);
        answer_each(b);
        return false;
    }
    b->careful = CAREFUL;
    for (int i = 0; i < b->n; i++)
        lane_rewind(b->items[i].task->cx, b->items[i].from);
    return begin(w, b);
}

static void run_batch(struct worker *w, struct batch *b)
{
    if (!begin(w, b))
        return;
    if (b->n > 1 && b->careful > 0) {
        b->careful--;
    } else if (run_lightly(w, b)) {
        end_batch(w, b);
        return;
    } else if (!begin_again(w, b)) {
        return;
    }
    if (run_all(w, b)) {
        end_batch(w, b);
        return;
    }
    db_rollback(&w->cx);
    count_batch(w->lanes, b, false, false, true);
    run_innocent(w, b);
}

/* ---- the log goes into the file ---- */

static void checkpoint(struct worker *w, bool truncate)
{
    struct lanes *l = w->lanes;
    lane_worker_anew(w);
    if (db_checkpoint(&w->cx, truncate) != OK)
        log_event(LOG_WARN, "lane.checkpoint_failed", K("why", w->cx.why));
    pthread_mutex_lock(&l->lock);
    l->count.checkpoints++;
    l->count.wal_pages = db_wal_pages(&w->cx);
    pthread_mutex_unlock(&l->lock);
    /* Readers held it up: not again at once. */
    l->checkpoint_at = db_wal_pages(&w->cx) + CHECKPOINT_PAGES;
}

static void watch_log(struct worker *w)
{
    struct lanes *l = w->lanes;
    const int64_t pages = db_wal_pages(&w->cx);
    pthread_mutex_lock(&l->lock);
    l->count.wal_pages = pages;
    pthread_mutex_unlock(&l->lock);
    if (pages < l->checkpoint_at)
        return;
    if (pages > WAL_ALARM_PAGES)
        log_event(LOG_WARN, "lane.log_is_large", KN("pages", pages));
    checkpoint(w, false);
}

/* ---- the thread ---- */

/* Somebody wants the writer's place: wait until all who do have left. */
static void stand_still(struct lanes *l)
{
    while (l->holders > 0) {
        l->stands = true;
        pthread_cond_broadcast(&l->moved);
        pthread_cond_wait(&l->write_ready, &l->lock);
    }
    l->stands = false;
}

/* True: there is work, or the end. False: idle for a while. */
static bool wait_for_work(struct lanes *l, bool log_empty)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += IDLE_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    int rc = 0;
    for (;;) {
        stand_still(l);
        if (l->write.first || l->bulk.first || l->write_stopping)
            return true;
        if (rc != 0)
            return false;
        rc = log_empty ? pthread_cond_wait(&l->write_ready, &l->lock)
                       : pthread_cond_timedwait(&l->write_ready, &l->lock, &until);
    }
}

static void turn(struct worker *w, struct batch *b)
{
    const int64_t began = lane_now_ns();
    run_batch(w, b);
    watch_log(w);
    pthread_mutex_lock(&w->lanes->lock);
    w->lanes->count.busy_ns[LANE_WRITE] += lane_now_ns() - began;
    pthread_mutex_unlock(&w->lanes->lock);
}

void *lane_sqlite_writer(void *worker)
{
    struct worker *w = worker;
    struct lanes *l = w->lanes;
    bool tried = false; /* a checkpoint since the last batch: readers may keep it from finishing */
    lane_mark_thread();
    l->checkpoint_at = CHECKPOINT_PAGES;
    pthread_mutex_lock(&l->lock);
    for (;;) {
        const bool work = wait_for_work(l, tried || db_wal_pages(&w->cx) == 0);
        take(l, l->batch);
        const bool end = l->write_stopping && l->batch->n == 0;
        pthread_mutex_unlock(&l->lock);
        if (end)
            break;
        if (l->batch->n > 0)
            turn(w, l->batch);
        else if (!work)
            checkpoint(w, false);
        tried = !work;
        pthread_mutex_lock(&l->lock);
    }
    checkpoint(w, true);
    return NULL;
}
