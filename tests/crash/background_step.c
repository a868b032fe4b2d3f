/* background_step.c - a process that does the jobs of a folder, with a fault or without. */
#include "background.h"

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
#define ROUND_MS (15 * MINUTE_MS) /* longer than a job is put off after one failure */

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
static enum err one_address(struct cx *cx, int64_t account, struct str *email, struct str *name)
{
    *email = str_fmt(cx->arena, "nguoi-%lld@example.vn", (long long)account);
    *name = S("Người Nhận Thử");
    return OK;
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

static enum err act_once(struct app *a, struct fault_control *c)
{
    int64_t waiting = 0;
    int ran;
    atomic_store(&c->keyd, find_keyd());
    atomic_store(&c->pid, getpid()); /* armed from here ... */
    IGNORE(jobs_run_due(&a->cx, &ran));
    atomic_store(&c->pid, -1); /* ... to here */
    if (!goes_on((enum fault_kind)atomic_load(&c->kind)))
        return OK;
    TRY(lane_call(a->env.lanes, LANE_SLOW, &a->cx, count_waiting, &waiting));
    atomic_store(&c->waits, waiting);
    return settle(a, c);
}

static enum err do_jobs(struct app *a, const char *step)
{
    struct fault_control *c = shared();
    if (!c)
        return fail(&a->cx, ERR_IO, "no %s", FAULT_CONTROL);
    TRY(app_open(a, false));
    notify_set_address(one_address);
    TRY(jobs_start(&a->cx, module_jobs(a->arena, app_modules), &a->env.jobs));
    enum err e = OK;
    if (strcmp(step, "--act") == 0)
        e = act_once(a, c);
    else
        e = settle(a, c);
    jobs_stop(a->env.jobs);
    a->env.jobs = NULL;
    return e;
}

int background_step(const char *step, const char *folder)
{
    static struct app a;
    const struct app_options o = {.verb = "serve", .data = folder};
    int code = app_begin(&a, &o, environ);
    if (code == EX_OK)
        code = app_lock(&a, false);
    if (code == EX_OK)
        code = app_keyd(&a, true);
    if (code == EX_OK && do_jobs(&a, step) != OK)
        code = app_failed(&a, ERR_IO);
    app_close(&a);
    app_end(&a);
    return code;
}
