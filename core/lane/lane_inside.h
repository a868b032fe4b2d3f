/* lane_inside.h - between the files of this folder. */
#pragma once
#include "lane/lane.h"

#include <pthread.h>
#include <stdatomic.h>

#define HOOKS_MAX 4
#define HABITS 1024 /* words */

struct queue {
    struct lane_task *first, *last;
    int n;
};

/* One thread of a lane, or whoever holds the writer's place, with its connection. */
struct worker {
    struct lanes *lanes;
    struct cx cx; /* for begin, commit and the hooks */
    pthread_t thread;
    bool started;
    int64_t busy_ns;
};

struct counters { /* all under the lock */
    int64_t tasks[LANE_WRITE + 1], refused;
    int64_t batches, batch_max, commits, retries, unknown, lost, checkpoints;
    int64_t again;    /* READ turns that went on in SLOW */
    int64_t straight; /* reads that did not begin in READ: their kind was lately slow */
    int64_t busy_ns[LANE_WRITE + 1];
    int64_t wal_pages;
};

struct lanes {
    struct db_store *store;
    struct env *env;
    bool postgres;
    char name[32];
    int read_ms, slow_ms, queue_limit, batch_limit, turn_ms;

    pthread_mutex_t lock;
    pthread_cond_t write_ready, slow_ready,
        moved; /* moved: somebody takes or leaves the writer's place */
    struct queue write, bulk, slow;
    bool slow_stopping, write_stopping;
    int batches_since_bulk;
    bool bulk_running;      /* PostgreSQL: one at a time */
    pthread_rwlock_t alone; /* PostgreSQL: who lost often runs without neighbours */
    int64_t started_ns;

    int holders; /* who hold the writer's place or wait for it */
    bool stands, held;
    pthread_t holder;
    struct worker hold; /* PostgreSQL: the holder's own connection */

    struct worker *writers, *slows;
    int writers_n, slows_n;
    struct batch *batch;
    int64_t checkpoint_at;

    lane_before_commit *before[HOOKS_MAX];
    atomic_int before_n; /* lanes already run when a hook is added */
    struct {
        void (*fn)(void *state);
        void *state;
    } after[HOOKS_MAX];
    atomic_int after_n;

    pthread_key_t reader_key;
    struct reader *readers;
    _Atomic uint64_t habits[HABITS]; /* lane_habit.c */
    struct counters count;
};

/* Where a task began, so that it can begin again. */
struct lane_start {
    struct arena_mark arena;
    struct closer *closers;
};
struct lane_start lane_start_of(const struct cx *cx);
void lane_rewind(struct cx *cx, struct lane_start s);

int64_t lane_now_ns(void);
void lane_queue_add(struct queue *q, struct lane_task *t);
void lane_queue_back(struct queue *q, struct lane_task *t); /* at the front again */
struct lane_task *lane_queue_take(struct queue *q);

/* Runs the task on this connection; a broken promise comes back as ERR_IO. */
enum err lane_run_task(struct lane_task *t, struct db *d);
/* Puts what a thread's own buffer says about it into the arena, for whoever reads it later. */
void lane_keep_sentence(struct cx *cx);
void lane_answer(struct lane_task *t, enum err outcome, const char *why); /* why NULL: its own */
enum err lane_no_database(struct lane_task *t, const struct worker *w);
enum err lane_hooks(struct lanes *l, struct worker *w);
void lane_committed(struct lanes *l);
extern const char lane_unknown[], lane_undone[];

/* The task in a transaction of its own, with retries where the database asks for them. */
enum err lane_alone(struct worker *w, struct lane_task *t, struct lane_start from);

enum err lane_worker_open(struct lanes *l, struct cx *cx, enum db_use use, struct worker *w);
void lane_worker_anew(struct worker *w); /* a fresh arena, the present time */
void lane_worker_close(struct worker *w);
void *lane_sqlite_writer(void *worker);
void *lane_pool_writer(void *worker);
void *lane_slow(void *worker);
struct batch *lane_batch_new(int limit);
void lane_batch_free(struct batch *b);
void lane_readers_close(struct lanes *l);
/* Was this kind lately over its time in READ? And: it ended, over its time or not. */
bool lane_habit_slow(struct lanes *l, uint64_t kind, int64_t now_ms);
void lane_habit_note(struct lanes *l, uint64_t kind, int64_t now_ms, bool over);
bool lane_in_lane_thread(void);
void lane_mark_thread(void);
void lane_reader_gone(void *reader); /* when a thread ends */
