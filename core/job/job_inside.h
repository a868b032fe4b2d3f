/* job_inside.h - what the files of this room share; nobody else includes it. */
#pragma once
#include "job.h"

#include <pthread.h>

enum job_state {
    JOB_WAITING = 1,
    JOB_RUNNING,
    JOB_DEAD,
    JOB_BEHIND /* another of its lane is first */
};

#define TRIES_MAX 12
#define DEATHS_MAX 3
#define CLAIM_MS MINUTE_MS
#define RENEW_MS (20 * SECOND_MS)
#define LEASE_MS (10 * SECOND_MS)
#define WORKERS_MAX 32
#define JOB_ARENA_BYTES ((size_t)256 << 20)
#define NODE_HEX 16
#define KINDS_MAX 256

struct worker {
    struct jobs *jobs;
    pthread_t thread;
    bool busy;                   /* has a job, or is doing it */
    const struct job_kind *kind; /* while busy */
    struct cx cx;
    struct job job;
    int64_t epoch;
};

struct jobs {
    struct env *env;
    const struct job_kind *const *kinds;
    int kinds_n;
    int64_t slots[KINDS_MAX]; /* of schedules: the last slot seen to */
    char node[NODE_HEX + 1];  /* this life of the process */
    bool threads;
    pthread_mutex_t lock;
    pthread_cond_t work;     /* for workers and the two loops */
    bool woken[2], stopping; /* of dispatcher, of standing tasks */
    bool no_more;            /* the dispatcher has ended: workers may */
    struct worker workers[WORKERS_MAX];
    int workers_n;
    pthread_t dispatcher, standing;
    int64_t looked_at; /* when orphans and claims were last seen to; 0 never */
    int64_t seen_at;   /* what the clock said last: it may be set back */
};

/* ---- job.c ---- */
enum err lane_next(struct cx *cx, struct str lane_key); /* its lane goes on */

/* ---- job_loop.c ---- */
/* A disk that is full, a database that is away: a second's rest before another try. False: the
 * program stops, or tests have no time to wait. */
bool wait_a_little(struct jobs *j, int times);

/* ---- job_run.c ---- */
bool is_standing(const struct job_kind *k);
/* job_settle.c: until everybody can read what is committed. Not inside a lane. */
enum err job_settle(struct cx *cx);
/* A context of its own for jobs: the program acts. False: no memory. */
bool job_cx(struct jobs *j, struct cx *cx, struct arena *arena);
/* Schedules whose slot has come become jobs. */
enum err schedules_due(struct jobs *j, struct cx *cx);
/* When the next job of each kind is due, INT64_MAX: none. out has kinds_n places. */
enum err next_due(struct jobs *j, struct cx *cx, int64_t *out);
/* Claims one due job in cx->arena; ERR_NOT_FOUND: none that may run now. */
enum err claim_one(struct jobs *j, struct cx *cx, const struct job_kind *k, struct job *out,
                   int64_t *epoch);
/* Runs it and records what it came to. */
void run_job(struct jobs *j, struct cx *cx, const struct job_kind *k, const struct job *job,
             int64_t epoch);
/* Until the next try after so many. */
int64_t job_wait_ms(struct cx *cx, int tries);
/* One round of a standing task; *more: there is more. */
void stand_once(struct jobs *j, struct cx *cx, const struct job_kind *k, bool *more);

/* ---- job_late.c ---- */
/* At start and now and then: claims of what this process does are renewed; attempts of processes
 * that died, and claims that lapsed, are counted, tried again or given up. In the thread that
 * claims. */
enum err look_after(struct jobs *j, struct cx *cx);
