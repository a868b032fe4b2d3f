/* background_step.c - a process that does the jobs of a folder, with a fault or without. */
#include "background.h"
#include "place.h"

#include "app.h"
#include "db/db.h"
#include "job/job.h"
#include "lane/lane.h"
#include "log/log.h"
#include "notify/notify.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS 4
#define BACKGROUND_KINDS_MAX 256
#define ROUND_MS (15 * MINUTE_MS) /* longer than a job is put off after one failure */
#define GIVE_UP_ROUNDS 30         /* more than a kind tries */
#define GIVE_UP_MS (8 * HOUR_MS)  /* longer than a job is ever put off */

static struct fault_control *shared(void)
{
    const char *path = getenv(FAULT_CONTROL);
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *p = mmap(NULL, sizeof(struct fault_control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return p == MAP_FAILED ? NULL : p;
}

/* Of our group the one whose parent is in it too and is not we: keyd's keeper is its parent. */
static pid_t find_keyd(void)
{
    pid_t found = 0;
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && !found && (e = readdir(d)) != NULL;) {
        char path[300];
        int pid = 0, parent = 0, group = 0;
        snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
        FILE *f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "re") : NULL;
        if (f && fscanf(f, "%d (%*[^)]) %*c %d %d", &pid, &parent, &group) == 3 &&
            group == getpgrp() && pid != getpid() && getpgid(parent) == group && parent != getpid())
            found = pid;
        if (f)
            fclose(f);
    }
    if (d)
        closedir(d);
    return found;
}

/* Everybody can be written to. */
enum err background_address(struct cx *cx, int64_t account, struct str *email, struct str *name)
{
    *email = str_fmt(cx->arena, "nguoi-%lld@example.vn", (long long)account);
    *name = S("Người Nhận Thử");
    return OK;
}

/* The kinds of job that this process does: all; or the one named; or all but that one. */
static const struct job_kind *const *kinds_of(struct app *a, const char *step, const char *job)
{
    const struct job_kind *const *all = module_jobs(a->arena, app_modules);
    size_t n = 0, taken = 0;
    while (all[n])
        n++;
    const struct job_kind **some = NEW_N(a->arena, const struct job_kind *, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!job || strcmp(step, "--settle") == 0 ||
            (strcmp(all[i]->name, job) == 0) == (strcmp(step, "--act") == 0))
            some[taken++] = all[i];
    return some;
}

static enum err settle(struct app *a, struct fault_control *c)
{
    enum err e = OK;
    int ran;
    for (int i = 0; i < ROUNDS && e == OK; i++) {
        atomic_fetch_add(&c->clock_ms, ROUND_MS);
        e = jobs_run_due(&a->cx, &ran);
    }
    return e;
}

static enum err count_waiting(struct cx *cx, void *n)
{
    return db_one_int(cx, n,
                      "select count(*) from job where state = 1 and last_error like '%keyd%'");
}

/* Where others failed, this process goes on when they are back. */
static bool goes_on(enum fault_kind kind)
{
    return kind == FAULT_NETWORK || kind == FAULT_KEYD_GONE || kind == FAULT_KEYD_SHORT ||
           kind == FAULT_KEYD_LATE;
}

static enum err fails_always(struct cx *cx, const struct job *, enum err, void *)
{
    return fail(cx, ERR_IO, "the test lets it fail");
}

/* What is queued and gives up some day: schedules come again, a witness is tried for ever. */
static bool gives_up(const struct job_kind *k)
{
    return !k->turn && !k->on_each_node && k->every_ms == 0 && k->tries_max < GIVE_UP_ROUNDS;
}

static const struct job_kind *const *poisoned(struct app *a, const struct job_kind *const *kinds)
{
    const struct job_kind **one = NEW_N(a->arena, const struct job_kind *, 2);
    struct job_kind *k = NEW(a->arena, struct job_kind);
    if (!kinds[0] || kinds[1] || !gives_up(kinds[0]))
        return one; /* none */
    *k = *kinds[0];
    k->act = NULL;
    k->after = fails_always;
    one[0] = k;
    return one;
}

/* Until nobody tries any more. */
static enum err give_up(struct app *a, struct fault_control *c)
{
    int ran;
    for (int i = 0; i < GIVE_UP_ROUNDS; i++) {
        TRY(jobs_run_due(&a->cx, &ran));
        atomic_fetch_add(&c->met, ran);
        atomic_fetch_add(&c->clock_ms, GIVE_UP_MS);
    }
    return OK;
}

static struct wire *wire; /* on PostgreSQL, of who acts */

static void arm(struct fault_control *c)
{
    const int on_wire = (int)atomic_load(&c->kind) - (int)FAULT_ALL_KINDS;
    if (wire && on_wire > 0)
        wire_fault(wire, (enum wire_fault)on_wire, atomic_load(&c->in));
    atomic_store(&c->keyd, find_keyd());
    atomic_store(&c->pid, getpid());
}

static void disarm(struct fault_control *c)
{
    atomic_store(&c->pid, -1);
    if (!wire)
        return;
    atomic_fetch_add(&c->met, wire_met(wire));
    wire_fault(wire, WIRE_SOUND, 0);
}

static enum err act_once(struct app *a, struct fault_control *c)
{
    int64_t waiting = 0;
    int ran;
    arm(c);
    IGNORE(jobs_run_due(&a->cx, &ran));
    disarm(c);
    if (!goes_on((enum fault_kind)atomic_load(&c->kind)))
        return OK;
    TRY(lane_call(a->env.lanes, LANE_SLOW, &a->cx, count_waiting, &waiting));
    atomic_store(&c->waits, waiting);
    return settle(a, c);
}

/* Once more until nothing is due: one kind's work may be another's. */
static enum err do_before(struct app *a)
{
    int ran;
    for (int i = 0; i < ROUNDS; i++)
        TRY(jobs_run_due(&a->cx, &ran));
    return OK;
}

/* Moves whenever somebody else has committed a change. */
static int64_t data_version(struct place *p)
{
    return place_number(p, p->pg ? "select pg_snapshot_xmax(pg_current_snapshot())::text"
                                 : "pragma data_version");
}

/* Has this kind, alone, anything to do? */
static enum err has_work(struct app *a, struct place *db, const struct job_kind *k, bool *has)
{
    const struct job_kind *const one[] = {k, NULL};
    const int64_t before = data_version(db);
    int ran;
    TRY(jobs_start(&a->cx, one, &a->env.jobs));
    const enum err e = jobs_run_due(&a->cx, &ran);
    jobs_stop(a->env.jobs);
    a->env.jobs = NULL;
    *has |= ran > 0 || (k->turn && data_version(db) != before);
    return e;
}

/* One kind after another, each alone; says which had nothing to do. */
static enum err do_each(struct app *a, struct fault_control *c)
{
    const struct job_kind *const *all = module_jobs(a->arena, app_modules);
    bool has[BACKGROUND_KINDS_MAX] = {false};
    struct crash_findings none = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct place db = {.findings = &none, .reads = true};
    const char *url = getenv("TINHSO_DATABASE");
    const char *at = url ? url : str_fmt(a->arena, "%.*s/core.db", F(a->data_dir)).p;
    enum err e = place_open(&db, at, url) ? OK : ERR_IO;
    for (int round = 0; round < ROUNDS && e == OK; round++) {
        for (size_t i = 0; all[i] && i < BACKGROUND_KINDS_MAX && e == OK; i++)
            e = has_work(a, &db, all[i], &has[i]);
        atomic_fetch_add(&c->clock_ms,
                         MINUTE_MS); /* each is a node, whose lease has ended by then */
    }
    place_close(&db);
    for (size_t i = 0; all[i] && e == OK; i++)
        if (i >= BACKGROUND_KINDS_MAX || !has[i])
            printf("idle %s\n", all[i]->name); /* among lines of the log */
    return e;
}

static enum err do_jobs(struct app *a, const char *step, const char *job)
{
    struct fault_control *c = shared();
    if (!c)
        return fail(&a->cx, ERR_IO, "no %s", FAULT_CONTROL);
    TRY(app_open(a, false));
    notify_set_address(background_address);
    if (strcmp(step, "--each") == 0)
        return do_each(a, c);
    const bool give = strcmp(step, "--act") == 0 && atomic_load(&c->kind) == FAULT_GIVEN_UP;
    const struct job_kind *const *kinds = kinds_of(a, step, job);
    TRY(jobs_start(&a->cx, give ? poisoned(a, kinds) : kinds, &a->env.jobs));
    enum err e = OK;
    if (give)
        e = give_up(a, c);
    else if (strcmp(step, "--act") == 0)
        e = act_once(a, c);
    else if (strcmp(step, "--before") == 0)
        e = do_before(a);
    else
        e = settle(a, c);
    jobs_stop(a->env.jobs);
    a->env.jobs = NULL;
    return e;
}

static void lay_wire(void)
{
    const char *url = getenv("TINHSO_DATABASE");
    wire = url ? wire_start(url) : NULL;
    if (wire)
        setenv("TINHSO_DATABASE", wire_url(wire), 1);
}

int background_step(const char *step, const char *folder, const char *job)
{
    if (strcmp(step, "--act") == 0)
        lay_wire();
    static struct app a;
    const struct app_options o = {.verb = "serve", .data = folder};
    int code = app_begin(&a, &o, environ);
    if (code == EX_OK)
        code = app_lock(&a, false);
    if (code == EX_OK)
        code = app_keyd(&a, true);
    if (code == EX_OK && do_jobs(&a, step, job) != OK)
        code = app_failed(&a, ERR_IO);
    app_close(&a);
    app_end(&a);
    if (wire)
        wire_end(wire);
    return code;
}
