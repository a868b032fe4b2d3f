/*
 * job.h - durable timers, outbox and schedules.
 *
 * A job is a row written in the transaction that wants it done, so it exists exactly if that
 * transaction does. It runs at or after its time: the attempt is committed first, then `act` runs
 * outside of any transaction (it may wait for the network), then `after` records the outcome in
 * one. A failure waits 2^n minutes (with jitter, at most 6 h); a third death of the process inside
 * `act`, or `tries_max` failures, makes it a dead letter, which operators see and may run again.
 * Kinds whose order matters share a `lane_key`: one at a time, in order.
 */
#pragma once
#include "base/base.h"

struct job {
    int64_t id;
    struct str kind;
    struct str key;      /* unique within kind: asking again for the same is one job; empty: none */
    struct str lane_key;
    struct str payload;  /* JSON; ids only, no personal data */
    int64_t due_at;
    int tries;
};

struct job_kind {
    const char *name;    /* "notify.mail" */
    const char *title;   /* for operators, Vietnamese */
    /* Outside of a transaction, SLOW pool; must be idempotent. NULL: nothing to do outside. */
    enum err (*act)(struct cx *cx, const struct job *j, void **result);
    /* WRITE lane. `acted` is what act came to; return OK to end the job. NULL: ends when acted OK. */
    enum err (*after)(struct cx *cx, const struct job *j, enum err acted, void *result);
    int tries_max;       /* 0: 12 */
    int64_t every_ms;    /* a schedule: runs every so often, slot-exact, once over all nodes */
};

/* WRITE lane: at `due_at` (0: as soon as possible). */
enum err job_add(struct cx *cx, const char *kind, struct str key, struct str lane_key, struct str payload, int64_t due_at);
enum err job_cancel(struct cx *cx, const char *kind, struct str key);

enum err jobs_start(struct cx *cx, const struct job_kind *const *kinds, struct jobs **out);
void jobs_stop(struct jobs *j);
void jobs_wake(struct jobs *j); /* there may be work: any thread */
/* Runs everything due at cx->now until nothing is; for tests and stories on the virtual clock. */
enum err jobs_run_due(struct cx *cx, int *ran);

struct job_stat { struct str kind; int64_t waiting, dead, oldest_due_at; };
enum err job_stats(struct cx *cx, struct job_stat *out, size_t max, size_t *n);
enum err job_dead_letters(struct cx *cx, struct job *out, size_t max, size_t *n);
enum err job_retry(struct cx *cx, int64_t id); /* a dead letter again */
