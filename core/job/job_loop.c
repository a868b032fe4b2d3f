/* job_loop.c - the threads: one gives out jobs, some do them, one does standing tasks. */
#include "job_inside.h"

#include "lane/lane.h"
#include "log/log.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#define POLL_MS SECOND_MS /* PostgreSQL: other nodes add jobs too; SQLite: a safety net */
#define SETTLE_MS 20      /* commits come in bursts: look once for all of them */
#define KIND_SHARE(n) ((n) > 1 ? (n) / 2 : 1) /* one slow peer must not take every worker */
enum { DISPATCHER, STANDING };

void jobs_wake(struct jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->woken[DISPATCHER] = j->woken[STANDING] = true;
    pthread_cond_broadcast(&j->work);
    pthread_mutex_unlock(&j->lock);
}

/* The lanes outlive the jobs and go on calling: only who is listed here is woken. */
static pthread_mutex_t bell = PTHREAD_MUTEX_INITIALIZER;
static struct jobs *listening;

static void listen_to_commits(struct jobs *j)
{
    pthread_mutex_lock(&bell);
    listening = j;
    pthread_mutex_unlock(&bell);
}

static void after_commit(void *)
{
    pthread_mutex_lock(&bell);
    if (listening)
        jobs_wake(listening);
    pthread_mutex_unlock(&bell);
}

/* Sleeps until woken, or ms went by. False: the program stops. */
static bool rest(struct jobs *j, int who, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&j->lock);
    while (!j->woken[who] && !j->stopping &&
           pthread_cond_timedwait(&j->work, &j->lock, &until) != ETIMEDOUT)
        ;
    j->woken[who] = false;
    bool go_on = !j->stopping;
    pthread_mutex_unlock(&j->lock);
    return go_on;
}

bool wait_a_little(struct jobs *j, int times)
{
    if (!j->threads)
        return times < 3;
    nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    pthread_mutex_lock(&j->lock);
    bool go_on = !j->stopping;
    pthread_mutex_unlock(&j->lock);
    return go_on;
}

/* ---- workers ---- */

static bool wait_for_job(struct worker *w)
{
    struct jobs *j = w->jobs;
    pthread_mutex_lock(&j->lock);
    while (!w->busy && !j->no_more)
        pthread_cond_wait(&j->work, &j->lock);
    bool has_job = w->busy;
    pthread_mutex_unlock(&j->lock);
    return has_job;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct jobs *j = w->jobs;
    prctl(PR_SET_NAME, "tinhso-job");
    while (wait_for_job(w)) {
        run_job(j, &w->cx, w->kind, &w->job, w->epoch);
        cx_close_all(&w->cx);
        arena_free(w->cx.arena);
        pthread_mutex_lock(&j->lock);
        w->busy = false;
        w->kind = NULL;
        pthread_mutex_unlock(&j->lock);
        jobs_wake(j);
    }
    return NULL;
}

static struct worker *free_worker(struct jobs *j, const struct job_kind *k)
{
    struct worker *found = NULL;
    int of_kind = 0;
    pthread_mutex_lock(&j->lock);
    for (int i = 0; i < j->workers_n; i++) {
        of_kind += j->workers[i].busy && j->workers[i].kind == k;
        if (!j->workers[i].busy)
            found = &j->workers[i];
    }
    pthread_mutex_unlock(&j->lock);
    return of_kind < KIND_SHARE(j->workers_n) ? found : NULL;
}

/* Only the dispatcher makes workers busy, so a free one stays free until it says so. */
static enum err give(struct jobs *j, struct worker *w, const struct job_kind *k)
{
    struct cx cx;
    struct arena *arena = arena_new(JOB_ARENA_BYTES);
    if (!job_cx(j, &cx, arena))
        return ERR_BUSY;
    enum err e = claim_one(j, &cx, k, &w->job, &w->epoch);
    if (e != OK) {
        cx_close_all(&cx);
        arena_free(arena);
        return e;
    }
    pthread_mutex_lock(&j->lock);
    w->cx = cx;
    w->kind = k;
    w->busy = true;
    pthread_cond_broadcast(&j->work);
    pthread_mutex_unlock(&j->lock);
    return OK;
}

/* ---- giving out ---- */

/* Gives out what is due of one kind, as far as workers are free; one that ends wakes us. */
static enum err give_kind(struct jobs *j, const struct job_kind *k)
{
    for (;;) {
        struct worker *w = free_worker(j, k);
        if (!w)
            return OK;
        enum err e = give(j, w, k);
        if (e != OK)
            return e == ERR_NOT_FOUND ? OK : e;
    }
}

/* *next: when there is something to do again. */
static enum err give_all(struct jobs *j, struct cx *cx, int64_t *next)
{
    int64_t *due_at = NEW_N(cx->arena, int64_t, (size_t)j->kinds_n + 1);
    TRY(schedules_due(j, cx));
    TRY(look_after(j, cx));
    TRY(next_due(j, cx, due_at));
    for (int i = 0; i < j->kinds_n; i++) {
        if (due_at[i] <= cx->now)
            TRY(give_kind(j, j->kinds[i]));
        else if (due_at[i] < *next)
            *next = due_at[i];
    }
    return OK;
}

static void settle(void)
{
    nanosleep(&(struct timespec){.tv_nsec = SETTLE_MS * 1000000}, NULL);
}

static void *dispatch(void *arg)
{
    struct jobs *j = arg;
    struct arena *arena = arena_new(JOB_ARENA_BYTES);
    prctl(PR_SET_NAME, "tinhso-jobs");
    for (bool go_on = arena != NULL; go_on;) {
        struct cx cx;
        arena_reset(arena);
        job_cx(j, &cx, arena);
        int64_t next = cx.now + POLL_MS;
        enum err e = give_all(j, &cx, &next);
        if (e != OK)
            log_event(LOG_WARN, "job.dispatch.failed", K("error", str_c(err_name(e))),
                      K("why", cx.why));
        cx_close_all(&cx);
        int64_t wait = next - j->env->clock(j->env);
        go_on = rest(j, DISPATCHER, wait < 1 ? 1 : wait > POLL_MS ? POLL_MS : wait);
        settle();
    }
    arena_free(arena);
    return NULL;
}

/* ---- standing tasks ---- */

static bool stand_all(struct jobs *j, struct cx *cx)
{
    bool any = false;
    for (int i = 0; i < j->kinds_n; i++) {
        bool more = false;
        if (is_standing(j->kinds[i]))
            stand_once(j, cx, j->kinds[i], &more);
        any |= more;
    }
    return any;
}

static int64_t shortest(const struct jobs *j)
{
    int64_t ms = MINUTE_MS;
    for (int i = 0; i < j->kinds_n; i++) {
        int64_t every = j->kinds[i]->every_ms ? j->kinds[i]->every_ms : SECOND_MS;
        if (is_standing(j->kinds[i]) && every < ms)
            ms = every;
    }
    return ms;
}

static void *stand(void *arg)
{
    struct jobs *j = arg;
    struct arena *arena = arena_new(JOB_ARENA_BYTES);
    prctl(PR_SET_NAME, "tinhso-standing");
    for (bool go_on = arena != NULL; go_on;) {
        struct cx cx;
        arena_reset(arena);
        job_cx(j, &cx, arena);
        bool more = stand_all(j, &cx);
        cx_close_all(&cx);
        go_on = rest(j, STANDING, more ? 0 : shortest(j));
        if (!more)
            settle();
    }
    arena_free(arena);
    return NULL;
}

/* ---- starting, stopping ---- */

static enum err start_threads(struct cx *cx, struct jobs *j)
{
    for (int i = 0; i < j->workers_n; i++) {
        j->workers[i].jobs = j;
        if (pthread_create(&j->workers[i].thread, NULL, work, &j->workers[i]) != 0)
            return fail(cx, ERR_IO, "cannot start a thread for jobs");
    }
    if (pthread_create(&j->dispatcher, NULL, dispatch, j) != 0 ||
        pthread_create(&j->standing, NULL, stand, j) != 0)
        return fail(cx, ERR_IO, "cannot start a thread for jobs");
    listen_to_commits(j);
    lanes_after_commit(j->env->lanes, after_commit, NULL);
    return OK;
}

enum err jobs_start(struct cx *cx, const struct job_kind *const *kinds, struct jobs **out)
{
    struct jobs *j = calloc(1, sizeof *j);
    if (!j)
        return fail(cx, ERR_IO, "no memory for jobs");
    j->env = cx->env;
    j->kinds = kinds;
    while (kinds[j->kinds_n])
        MUST(++j->kinds_n < KINDS_MAX);
    memcpy(j->node, str_hex(cx->arena, random_bytes(cx, NODE_HEX / 2)).p, NODE_HEX);
    int64_t n = cx->env->settings ? setting_int(cx->env->settings, S("job.threads"), 4) : 4;
    j->threads = cx->env->testing == NULL && n != 0;
    j->workers_n = n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : (int)n;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&j->work, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&j->lock, NULL);
    *out = j;
    /* A thread that cannot be made at start-up ends the start, and with it the process. */
    return j->threads ? start_threads(cx, j) : OK;
}

void jobs_stop(struct jobs *j)
{
    if (!j)
        return;
    if (j->threads) {
        listen_to_commits(NULL);
        pthread_mutex_lock(&j->lock);
        j->stopping = true;
        pthread_cond_broadcast(&j->work);
        pthread_mutex_unlock(&j->lock);
        pthread_join(j->dispatcher, NULL);
        pthread_join(j->standing, NULL);
        /* Only now nobody can be given a job any more: what was given is still run. */
        pthread_mutex_lock(&j->lock);
        j->no_more = true;
        pthread_cond_broadcast(&j->work);
        pthread_mutex_unlock(&j->lock);
        for (int i = 0; i < j->workers_n; i++)
            pthread_join(j->workers[i].thread, NULL);
    }
    pthread_cond_destroy(&j->work);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

/* ---- in one thread, for tests ---- */

static enum err run_one_of(struct jobs *j, const struct job_kind *k, bool *ran)
{
    struct cx cx;
    struct job job;
    int64_t epoch;
    struct arena *arena = arena_new(JOB_ARENA_BYTES);
    *ran = false;
    if (!job_cx(j, &cx, arena))
        return ERR_IO;
    enum err e = claim_one(j, &cx, k, &job, &epoch);
    if (e == OK) {
        run_job(j, &cx, k, &job, epoch);
        *ran = true;
    }
    cx_close_all(&cx);
    arena_free(arena);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err run_round(struct jobs *j, struct cx *cx, bool *any, int *ran)
{
    *any = false;
    TRY(schedules_due(j, cx));
    TRY(look_after(j, cx));
    for (int i = 0; i < j->kinds_n; i++) {
        bool did = false;
        if (is_standing(j->kinds[i]))
            stand_once(j, cx, j->kinds[i], &did);
        else
            TRY(run_one_of(j, j->kinds[i], &did));
        *any |= did;
        *ran += did && !is_standing(j->kinds[i]);
    }
    return OK;
}

/* A test holds the writer's place: the jobs need it. */
enum err jobs_run_due(struct cx *cx, int *ran)
{
    struct jobs *j = cx->env->jobs;
    MUST(j != NULL);
    const bool held = cx->db != NULL;
    if (held)
        lane_let_go(cx->env->lanes, cx);
    enum err e = OK;
    *ran = 0;
    for (bool any = true; any && e == OK;) {
        struct cx own;
        struct arena_mark here = arena_here(cx->arena);
        job_cx(j, &own, cx->arena);
        e = job_settle(&own);
        if (e == OK)
            e = run_round(j, &own, &any, ran);
        cx_close_all(&own);
        arena_back(cx->arena, here);
    }
    if (!held)
        return e;
    enum err again = lane_hold(cx->env->lanes, cx);
    return e != OK ? e : again;
}
