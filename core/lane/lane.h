/*
 * lane.h - where work runs (architecture decision 7): READ, SLOW, WRITE.
 *
 * READ runs in the caller's event loop on a read snapshot within 5 ms, else again in SLOW.
 * SLOW is a pool with read snapshots of at most 5 s. WRITE is one thread per SQLite file that
 * takes all waiting tasks (up to 256), one commit, one fsync, then the answers; a task that fails
 * is undone alone. On PostgreSQL READ is a pool too, and WRITE runs each task in its own
 * transaction on a pool, with retries. The lane owns transaction and unwinding; a task's run may
 * happen again.
 */
#pragma once
#include "base/base.h"
#include "db/db.h"

enum lane { LANE_READ = 1, LANE_SLOW, LANE_WRITE };

struct lane_task {
    struct lane_task *next; /* the lane's */
    struct cx *cx;          /* arena, actor, now ...; cx->db is set while run runs */
    /* Inside the snapshot or transaction. On a retry the arena is cut back to where it was. */
    enum err (*run)(struct lane_task *t, struct cx *cx);
    /* After the commit (WRITE) or the run: in the lane's thread, must not wait. `outcome` is
     * ERR_BUSY with cx->why "outcome unknown" when a batch or its fsync failed. */
    void (*done)(struct lane_task *t, enum err outcome);
    bool bulk; /* loads and rebuilds: behind people's requests; each under 20 ms */
};

struct lanes_config {
    struct db_store *store;
    int slow_threads;  /* 0: 2 */
    int read_ms;       /* 0: 5 */
    int slow_ms;       /* how long a SLOW task may use its snapshot; 0: 5000 */
    int queue_limit;   /* 0: 4096; beyond it lane_submit says ERR_BUSY */
    int batch_limit;   /* 0: 256 */
    int write_threads; /* PostgreSQL only; 0: 8 */
    struct str name;   /* of the store, in metrics; empty: "core" */
};
enum err lanes_start(struct cx *cx, const struct lanes_config *c, struct lanes **out);
/* Finishes what was accepted, checkpoints, closes. No thread is in lane_read any more. */
void lanes_stop(struct lanes *l);

enum err lane_submit(struct lanes *l, enum lane lane, struct lane_task *t); /* SLOW, WRITE */

/* READ, in the calling thread, which keeps a read-only connection of its own (made at first
 * use). *again = true: over its time, or PostgreSQL: submit it to SLOW instead. */
enum err lane_read(struct lanes *l, struct cx *cx, enum err (*fn)(struct cx *cx, void *arg),
                   void *arg, bool *again);
/* The same with a memory. `kind` names what is asked for (a route and the shape of its query, as a
 * well mixed hash). A kind that was over its time, half of it at work, is told *again at once for
 * the next second, for twice as long each time it is over once more, up to a minute; then one of
 * its kind is tried in READ, and if that ends in time all is forgotten. By cx->now alone. */
enum err lane_read_kind(struct lanes *l, struct cx *cx, uint64_t kind,
                        enum err (*fn)(struct cx *cx, void *arg), void *arg, bool *again);
void lane_turn_end(struct lanes *l);   /* the loop's turn is over: the thread's snapshot ends */
void lane_thread_end(struct lanes *l); /* the thread ends: its connection closes */

/* For jobs, command line and tests: waits for the outcome. Not from a loop or a lane thread. */
enum err lane_call(struct lanes *l, enum lane lane, struct cx *cx,
                   enum err (*fn)(struct cx *cx, void *arg), void *arg);

/* Runs in the writer's transaction just before each commit that wrote something (the journal's
 * sequencer on SQLite). At most 4; at start-up only. */
typedef enum err lane_before_commit(struct cx *cx);
void lanes_before_commit(struct lanes *l, lane_before_commit *fn);
/* Runs after a commit, in the lane's thread: wakes readers of the journal. Must not wait. */
void lanes_after_commit(struct lanes *l, void (*fn)(void *state), void *state);
/* Runs fn here with the writer standing still between two batches, cx->db being its connection:
 * backups. Waits. */
enum err lanes_at_barrier(struct lanes *l, struct cx *cx, enum err (*fn)(struct cx *cx, void *arg),
                          void *arg);

/* The calling thread takes the writer's place: the writer stands still between two batches and
 * cx->db is its connection, outside of a transaction (PostgreSQL: a connection of its own, and
 * nobody stands still). For barriers and tests. lane_call lets go while it waits. */
enum err lane_hold(struct lanes *l, struct cx *cx);
void lane_let_go(struct lanes *l, struct cx *cx);
/* The end of a transaction begun by hand while holding: with the hooks and a commit when e is OK,
 * else undone. Gives what it came to. */
enum err lane_end_held(struct lanes *l, struct cx *cx, enum err e);

/* Prometheus text: depth, batch size, busy share, retries, pages of the log, fsyncs. */
void lanes_metrics(const struct lanes *l, struct buf *out);
