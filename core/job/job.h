/*
 * job.h - durable timers, outbox, schedules and standing tasks.
 *
 * A job is a row written in the transaction that wants it done, so it exists exactly if that
 * transaction does. It runs at or after its time: the attempt is committed first, then `act` runs
 * outside of any transaction (it may wait for the network), then `after` records the outcome in
 * one. A failure waits 2^n minutes (with jitter, at most 6 h), a first death of the process inside
 * `act` one second; a third death, or `tries_max` failures, makes it a dead letter, which operators
 * see and may run again. Kinds whose order matters share a `lane_key`: one at a time, in order; a
 * dead letter steps out of its lane and the others go on. A clock that is set back delays nothing
 * that was to be done at once.
 */
#pragma once
#include "base/base.h"

struct job {
    int64_t id;
    struct str kind;
    struct str key; /* unique within kind while it lives; empty: none */
    struct str lane_key;
    struct str payload; /* JSON; ids only, no personal data */
    int64_t due_at;
    int tries;             /* attempts begun, this one included */
    struct str last_error; /* of the attempt before; for operators */
};

/* Queued jobs (act, after), a schedule (the same, with every_ms), or a standing task (turn, or
 * on_each_node). */
struct job_kind {
    const char *name;  /* "notify.mail" */
    const char *title; /* for operators, Vietnamese */
    /* In a thread of the jobs, without a transaction; reads through lane_call(SLOW). Must be
     * idempotent. NULL: nothing to do outside. */
    enum err (*act)(struct cx *cx, const struct job *j, void **result);
    /* WRITE lane. `acted` is what act came to; return OK to end the job, anything else undoes the
     * transaction and tries later. NULL: ends when acted OK. */
    enum err (*after)(struct cx *cx, const struct job *j, enum err acted, void *result);
    int tries_max;    /* 0: 12 */
    int64_t every_ms; /* a schedule: runs every so often, slot-exact in local time, once over all
                       * nodes; slots missed while the program was down become one run */
    /* A standing task, done by one node at a time: after commits, and at least every every_ms (0:
     * 1 s). ready: SLOW lane; is there anything to do? (NULL: always.) turn: WRITE lane, under
     * 20 ms; *more: call again. An error is logged and tried again at the next round. */
    enum err (*ready)(struct cx *cx, bool *ready);
    enum err (*turn)(struct cx *cx, bool *more);
    /* The same on every node by itself, SLOW lane, instead of a turn: takes over what this process
     * keeps and another may have changed. Mostly it only reads that nothing moved. */
    enum err (*on_each_node)(struct cx *cx);
    bool each_node; /* ready and turn: every node by itself, instead of one of them */
};

/* WRITE lane: at `due_at` (0: as soon as possible). Nothing happens when a living job of this kind
 * has the key already. */
enum err job_add(struct cx *cx, const char *kind, struct str key, struct str lane_key,
                 struct str payload, int64_t due_at);
/* WRITE lane. A job that is running already is not stopped. */
enum err job_cancel(struct cx *cx, const char *kind, struct str key);

/* kinds: NULL-ended, must outlive. Starts threads (setting "job.threads", 4), except with
 * 0 and in tests (env->testing), where jobs_run_due does the work. The lanes must run. Sets nothing
 * in env. */
enum err jobs_start(struct cx *cx, const struct job_kind *const *kinds, struct jobs **out);
void jobs_stop(struct jobs *j); /* waits for what runs; before lanes_stop */
void jobs_wake(struct jobs *j); /* there may be work: any thread */
/* Runs everything due at env->clock until nothing is, schedules and standing tasks too; for tests
 * and stories on the virtual clock. Not inside a lane. `ran` counts jobs. */
enum err jobs_run_due(struct cx *cx, int *ran);

struct job_stat {
    struct str kind;
    int64_t waiting, dead, oldest_due_at;
};
enum err job_stats(struct cx *cx, struct job_stat *out, size_t max, size_t *n);
enum err job_dead_letters(struct cx *cx, struct job *out, size_t max, size_t *n);
/* A dead letter again. ERR_NOT_FOUND; ERR_CONFLICT: its key lives. */
enum err job_retry(struct cx *cx, int64_t id);
