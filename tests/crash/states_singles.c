/*
 * states_singles.c - each fsync of the record left out alone.
 *
 * The record is taken once; before each fsync a process is forked that leaves it out and goes on.
 * At each acknowledgement it looks at what a cut there leaves, until something is lost, or another
 * fsync has made the same last: from there on the two histories are one.
 */
#include "states.h"
#include "power_model.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS_MAX 8
#define LOOKS_MAX 100

static const char *const says[SINGLE_VERDICTS] = {
    [SINGLE_NEEDED] = "needed",
    [SINGLE_EMPTY] = "not needed: nothing had changed since the one before",
    [SINGLE_AGAIN] = "not needed: another covers it before anything is acknowledged",
    [SINGLE_GONE] = "not needed: removed or replaced before anything is acknowledged",
    [SINGLE_UNTOLD] = "not needed: acknowledged is only what is there without it",
    [SINGLE_FAILED] = "could not be looked at",
};

const char *single_says(enum single_verdict v)
{
    return says[v];
}

/* ---- acknowledgements ---- */

static const struct held *next_told(const struct walked *w, uint64_t after)
{
    const struct held *next = NULL;
    for (size_t i = 0; i < w->held.n; i++) {
        const struct held *h = &w->held.p[i];
        if (h->place > after &&
            (!next || h->place < next->place || (h->place == next->place && h->kind == HELD_EVENT)))
            next = h;
    }
    return next;
}

static void name_told(const struct held *h, char out[80])
{
    static const char *const kinds[] = {[HELD_FOLDER] = "it said that it was done",
                                        [HELD_FILE] = "it said that it was done",
                                        [HELD_PAPER] = "a paper is kept",
                                        [HELD_ANSWERS] = "a form was answered"};
    if (h->kind == HELD_EVENT)
        snprintf(out, 80, "%s: %s", h->step, h->name);
    else
        snprintf(out, 80, "%s: %s", h->step, kinds[h->kind]);
}

/* ---- one state without it ---- */

/* All that waits is kept but what it would have made last: the others were written back. */
static enum err keep_others(struct image *m, const struct lack *l)
{
    for (size_t i = 0; i < m->waiting.n; i++)
        if (m->waiting.p[i].call && !model_lacks_name(l, &m->waiting.p[i]))
            model_keep_name(m, &m->waiting.p[i]);
    for (size_t i = 0; i < m->files.n; i++) {
        struct disk_file *f = m->files.p[i];
        for (size_t k = 0; k < f->waiting.n; k++)
            if (!model_lacks_change(l, f, &f->waiting.p[k]))
                TRY(model_keep(m, f, &f->waiting.p[k]));
    }
    return OK;
}

static int look_in_child(struct walked *w, struct image *m, const struct lack *l, bool others,
                         const char *folder, int say)
{
    char why[512] = "";
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    enum err e = others ? keep_others(m, l) : OK;
    if (e == OK)
        e = model_write(m, folder);
    if (e != OK)
        return 2;
    if (state_is_good(w, folder, m->at, why))
        return 0;
    (void)!write(say, why, strlen(why));
    return 1;
}

/* One line, the same wherever it was looked at. */
static void forget_place(char *what, const char *folder)
{
    const size_t n = strlen(folder);
    for (char *at; (at = strstr(what, folder)) != NULL;)
        memmove(at, at + n, strlen(at + n) + 1);
    for (; *what; what++)
        if (*what == '\n' || *what == '\t')
            *what = ' ';
}

/* 0: all is there; 1: something is lost, and what says what; 2: it could not look. */
static int look(struct walked *w, struct image *m, const struct lack *l, bool others,
                struct single *s)
{
    struct server gone = {0};
    int pipes[2], status = 0;
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return 2;
    snprintf(gone.root, sizeof gone.root, "%.40s/alone-%d", w->server.root, getpid());
    pid_t pid = fork();
    if (pid == 0)
        _exit(look_in_child(w, m, l, others, gone.root, pipes[1]));
    close(pipes[1]);
    ssize_t n = read(pipes[0], s->what, sizeof s->what - 1);
    s->what[n > 0 ? n : 0] = 0;
    forget_place(s->what, gone.root);
    close(pipes[0]);
    waitpid(pid, &status, 0);
    server_remove(&gone);
    s->looked++;
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

/* ---- one fsync ---- */

/* Goes to this place; true: on the way another fsync covered what is missing. */
static bool covered_on_the_way(struct image *m, const struct lack *l, uint64_t to, uint64_t *at)
{
    struct power_entry e;
    while (m->at < to) {
        *at = m->at;
        if (model_step(m, &e) != OK)
            return false;
        if ((e.call == POWER_SYNCED || e.call == POWER_FOLDER_SYNCED) && model_lacking(m, l) == 0)
            return true;
    }
    return false;
}

static enum single_verdict without_it(struct walked *w, struct image *m, struct lack *l,
                                      struct single *s)
{
    struct power_entry e;
    bool gone = false;
    m->skipped = s->place;
    if (model_step(m, &e) != OK)
        return SINGLE_FAILED;
    const struct held *told = next_told(w, s->place);
    if (told)
        name_told(told, s->told);
    s->told_at = told ? told->place : 0;
    model_lack_says(m, l, s->kept, sizeof s->kept);
    if (model_lacking(m, l) == 0)
        return SINGLE_EMPTY;
    for (bool first = true; told && s->looked < LOOKS_MAX; first = false) {
        if (covered_on_the_way(m, l, told->place, &s->again_at))
            return first ? SINGLE_AGAIN : SINGLE_UNTOLD;
        gone = first ? model_lack_is_gone(m, l) : gone;
        int red = look(w, m, l, false, s);
        if (red == 0)
            red = look(w, m, l, true, s);
        if (red)
            name_told(told, s->told);
        if (red)
            return red == 1 ? SINGLE_NEEDED : SINGLE_FAILED;
        told = next_told(w, told->place);
    }
    return gone ? SINGLE_GONE : SINGLE_UNTOLD;
}

/* ---- all of them ---- */

/* With all fsyncs in their place nothing is lost where the others are looked at. */
static void control(struct walked *w, struct image *m)
{
    const struct held *here = next_told(w, m->at - 1);
    struct single s = {0};
    if (m->at == 0 || !here || here->place != m->at)
        return;
    for (int others = 0; others < 2; others++)
        if (look(w, m, &(struct lack){0}, others, &s) != 0)
            crash_found(&w->findings, "with all fsyncs, a cut at %llu: %s",
                        (unsigned long long)m->at, s.what);
}

struct worker {
    pid_t pid; /* 0: free */
    int said;
    struct single *of;
};

static void take_answer(struct worker *k)
{
    int status;
    if (read(k->said, k->of, sizeof *k->of) != (ssize_t)sizeof *k->of)
        k->of->verdict = SINGLE_FAILED;
    close(k->said);
    waitpid(k->pid, &status, 0);
    k->pid = 0;
}

static void start(struct walked *w, struct image *m, struct lack *l, struct worker *k,
                  struct single *s)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return;
    k->of = s;
    k->said = pipes[0];
    k->pid = fork();
    if (k->pid == 0) {
        s->verdict = without_it(w, m, l, s);
        (void)!write(pipes[1], s, sizeof *s);
        _exit(0);
    }
    close(pipes[1]);
}

static size_t count_syncs(struct image *m)
{
    struct power_entry e;
    struct lack l;
    size_t n = 0;
    do
        n += model_next_sync(m, &l);
    while (model_step(m, &e) == OK);
    return n;
}

static void name_single(struct image *m, const struct lack *l, struct single *s)
{
    s->place = m->at;
    struct str path = l->file ? l->file->path : l->folder.n ? l->folder : S(".");
    snprintf(s->path, sizeof s->path, "%.*s", F(path));
}

static void walk_syncs(struct walked *w, struct image *m, const char *only, int workers,
                       struct singles *out)
{
    struct worker all[WORKERS_MAX] = {0};
    struct power_entry e;
    struct lack l;
    do {
        if (!only)
            control(w, m);
        if (!model_next_sync(m, &l))
            continue;
        name_single(m, &l, &out->p[out->n]);
        if (only && fnmatch(only, out->p[out->n].path, 0) != 0)
            continue;
        struct worker *k = &all[out->n % (size_t)workers];
        if (k->pid)
            take_answer(k);
        start(w, m, &l, k, &out->p[out->n++]);
    } while (model_step(m, &e) == OK);
    for (int i = 0; i < workers; i++)
        if (all[i].pid)
            take_answer(&all[i]);
}

bool states_singles(struct walked *w, const char *only, int workers, struct singles *out)
{
    struct cx cx = {.arena = arena_new((size_t)64 << 20)};
    struct image m;
    *out = (struct singles){0};
    MUST(cx.arena && workers <= WORKERS_MAX);
    for (int pass = 0; pass < 2 && w->findings.n == 0; pass++) {
        if (model_open(&m, &cx, w->server.before, w->server.record) != OK)
            crash_found(&w->findings, "%.*s", F(cx.why));
        else if (pass == 0)
            out->p = NEW_N(w->arena, struct single, count_syncs(&m) + 1);
        else
            walk_syncs(w, &m, only, workers, out);
        model_close(&m);
    }
    for (size_t i = 0; i < out->n; i++)
        out->of[out->p[i].verdict]++;
    arena_free(cx.arena);
    return w->findings.n == 0;
}
