/* states.c - walks along a record and looks at every state that a cut there may leave. */
#include "states.h"
#include "power_model.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALL_SUBSETS_UP_TO 4 /* waiting changes: 16 states */
#define RANDOM_EACH 2       /* states by dice at a place */
#define SEEN_SLOTS ((size_t)1 << 20)
#define WORKERS_MAX 16

/* Which of the waiting changes a state keeps. */
enum way { WAY_NOTHING, WAY_ALL, WAY_SUBSET, WAY_DICE };
struct choice {
    enum way way;
    uint64_t luck, subset;
};

/* What the workers share: states seen so far, by hash. */
struct shared {
    _Atomic uint64_t slots[SEEN_SLOTS];
    _Atomic int64_t distinct;
};
struct worker {
    pid_t pid; /* 0: free */
    int said;  /* its pipe */
    uint64_t place;
};
struct explorer {
    struct walked *w;
    const struct states_asked *asked;
    struct states_seen *out;
    struct image image;
    struct shared *shared;
    struct worker workers[WORKERS_MAX];
    uint64_t luck;
    uint64_t keep_one_in; /* so that about at_most are left; in 1024ths */
};

/* ---- what a state is ---- */

static uint64_t mixed(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ (h >> 29);
}

static uint64_t hash_of(const char *p, size_t n)
{
    uint64_t h = n, v;
    for (; n >= sizeof v; p += sizeof v, n -= sizeof v) {
        memcpy(&v, p, sizeof v);
        h = mixed(h, v);
    }
    for (; n > 0; p++, n--)
        h = mixed(h, (unsigned char)*p);
    return h;
}

/* Of names and bytes; the order of names does not count. */
static uint64_t hash_of_kept(struct image *m)
{
    uint64_t sum = 1;
    for (size_t i = 0; i < m->kept.all.n; i++) {
        const struct name *n = m->kept.all.p[i];
        if (!model_is_there(m, n))
            continue;
        uint64_t h = hash_of(n->path.p, n->path.n);
        sum += n->file ? mixed(h, hash_of(n->file->p, n->file->n)) : mixed(h, 1);
    }
    return sum ? sum : 1;
}

/* False: this state was seen before. */
static bool is_new(struct shared *s, uint64_t hash)
{
    for (size_t i = hash % SEEN_SLOTS;; i = (i + 1) % SEEN_SLOTS) {
        uint64_t there = 0;
        if (atomic_compare_exchange_strong(&s->slots[i], &there, hash)) {
            atomic_fetch_add(&s->distinct, 1);
            return true;
        }
        if (there == hash)
            return false;
    }
}

/* ---- making it, in a process of its own ---- */

/* One waiting change comes to the disk: not, whole, or some sectors of it. */
static enum err perhaps(struct image *m, const struct choice *c, size_t nth, struct disk_file *f,
                        const struct change *change)
{
    uint32_t side = c->way == WAY_DICE     ? model_roll(m, 3)
                    : c->way == WAY_SUBSET ? (uint32_t)(c->subset >> nth & 1)
                                           : 1;
    if (side == 1)
        return model_keep(m, f, change);
    return side == 2 && !change->size ? model_keep_torn(m, f, change) : OK;
}

/* Names come back in their order, up to some point: file systems keep a log of them. */
static enum err apply(struct image *m, const struct choice *c, size_t names)
{
    size_t nth = 0;
    if (c->way == WAY_NOTHING)
        return OK;
    for (size_t i = 0; i < names; i++)
        model_keep_name(m, &m->waiting.p[i]);
    for (size_t i = 0; i < m->files.n; i++) {
        struct disk_file *f = m->files.p[i];
        for (size_t k = 0; k < f->waiting.n; k++)
            TRY(perhaps(m, c, nth++, f, &f->waiting.p[k]));
    }
    return OK;
}

static size_t waiting_bytes(const struct image *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->files.n; i++)
        n += m->files.p[i]->waiting.n;
    return n;
}

static size_t names_of(struct image *m, const struct choice *c)
{
    size_t n = m->waiting.n;
    if (c->way == WAY_DICE)
        return n ? model_roll(m, (uint32_t)n + 1) : 0;
    return c->way == WAY_SUBSET ? c->subset >> waiting_bytes(m) : n;
}

enum { SAID_GOOD = 0, SAID_RED = 1, SAID_SEEN = 2 };

static int child_looks(struct explorer *x, const struct choice *c, int say)
{
    struct image *m = &x->image;
    char folder[128], why[512] = "";
    snprintf(folder, sizeof folder, "%s/state-%d", x->w->server.root, getpid());
    m->luck = c->luck ? c->luck : 1;
    enum err e = apply(m, c, names_of(m, c));
    if (e == OK && !is_new(x->shared, hash_of_kept(m)))
        return SAID_SEEN;
    if (e == OK)
        e = model_write(m, folder);
    if (e != OK)
        snprintf(why, sizeof why, "%.*s", F(m->cx->why));
    bool good = e == OK && state_is_good(x->w, folder, m->at, why);
    if (!good)
        (void)!write(say, why, strlen(why));
    return good ? SAID_GOOD : SAID_RED;
}

/* ---- the workers ---- */

static void remove_state(struct explorer *x, pid_t pid)
{
    struct server gone = {0};
    snprintf(gone.root, sizeof gone.root, "%.40s/state-%d", x->w->server.root, pid);
    server_remove(&gone);
}

static void take_answer(struct explorer *x, struct worker *k, int status)
{
    char why[512];
    ssize_t n = read(k->said, why, sizeof why - 1);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    why[n > 0 ? n : 0] = 0;
    close(k->said);
    x->out->tried++;
    if (code != SAID_GOOD && code != SAID_SEEN && x->out->red++ == 0)
        snprintf(x->out->what, sizeof x->out->what, "a cut at %llu: %s",
                 (unsigned long long)k->place, why[0] ? why : "the program died");
    if (code != SAID_SEEN)
        remove_state(x, k->pid);
    k->pid = 0;
}

/* A free place; waits for one when all work. */
static struct worker *free_worker(struct explorer *x)
{
    for (int i = 0; i < x->asked->workers; i++)
        if (!x->workers[i].pid)
            return &x->workers[i];
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        for (int i = 0; i < x->asked->workers; i++)
            if (pid > 0 && x->workers[i].pid == pid) {
                take_answer(x, &x->workers[i], status);
                return &x->workers[i];
            }
    }
}

static void wait_for_all(struct explorer *x)
{
    for (int i = 0; i < x->asked->workers; i++) {
        int status;
        struct worker *k = &x->workers[i];
        if (k->pid && waitpid(k->pid, &status, 0) == k->pid)
            take_answer(x, k, status);
    }
}

static void look_at(struct explorer *x, const struct choice *c)
{
    int pipes[2];
    struct worker *k = free_worker(x);
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return;
    k->place = x->image.at;
    k->said = pipes[0];
    k->pid = fork();
    if (k->pid == 0) {
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(nowhere, STDERR_FILENO);
        _exit(child_looks(x, c, pipes[1]));
    }
    close(pipes[1]);
}

static bool goes_on(const struct explorer *x)
{
    return !(x->asked->until_red && x->out->red > 0);
}

/* ---- which states there are here ---- */

static uint64_t dice(struct explorer *x)
{
    x->luck = mixed(x->luck, UINT64_C(0xD1B54A32D192ED03));
    return x->luck ? x->luck : 1;
}

static void perhaps_look(struct explorer *x, struct choice c)
{
    c.luck = dice(x);
    if (goes_on(x) && (c.luck >> 20) % 1024 < x->keep_one_in)
        look_at(x, &c);
}

static void look_here(struct explorer *x)
{
    struct image *m = &x->image;
    size_t bytes = waiting_bytes(m), n = bytes + m->waiting.n;
    x->out->places++;
    perhaps_look(x, (struct choice){.way = WAY_NOTHING});
    perhaps_look(x, (struct choice){.way = WAY_ALL});
    if (n <= ALL_SUBSETS_UP_TO) {
        for (uint64_t s = 1; s >> bytes <= m->waiting.n; s++)
            perhaps_look(x, (struct choice){.way = WAY_SUBSET, .subset = s});
        return;
    }
    for (int i = 0; i < RANDOM_EACH; i++)
        perhaps_look(x, (struct choice){.way = WAY_DICE});
}

static bool changes_the_disk(const struct power_entry *e)
{
    return e->call != POWER_OPENED && e->call != POWER_SAID;
}

static bool open_image(struct explorer *x, struct cx *cx)
{
    struct server *s = &x->w->server;
    if (model_open(&x->image, cx, s->before, s->record) == OK) {
        x->image.dropped = x->asked->dropped;
        return true;
    }
    crash_found(&x->w->findings, "%.*s", F(cx->why));
    return false;
}

/* How many places there are, for a share of them. */
static size_t count_places(struct explorer *x, struct cx *cx)
{
    size_t n = 0;
    struct power_entry e;
    if (!open_image(x, cx))
        return 0;
    while (model_step(&x->image, &e) == OK)
        n += x->image.at >= x->w->installed && changes_the_disk(&e);
    model_close(&x->image);
    return n;
}

static void walk_places(struct explorer *x)
{
    struct power_entry e;
    while (goes_on(x) && model_step(&x->image, &e) == OK)
        if (x->image.at >= x->w->installed && changes_the_disk(&e))
            look_here(x);
}

/* Where something was acknowledged, the last first: what one needed, the next ones need. */
static void walk_ends(struct explorer *x, struct cx *cx)
{
    uint64_t before = UINT64_MAX;
    struct power_entry e;
    while (goes_on(x)) {
        uint64_t place = 0;
        for (size_t i = 0; i < x->w->held.n; i++) {
            uint64_t at = x->w->held.p[i].place;
            if (at < before && at > place)
                place = at;
        }
        if (!place || !open_image(x, cx))
            return;
        while (x->image.at < place && model_step(&x->image, &e) == OK)
            ;
        x->out->places++;
        look_at(x, &(struct choice){.way = WAY_NOTHING});
        wait_for_all(x);
        model_close(&x->image);
        before = place;
    }
}

bool states_look(struct walked *w, const struct states_asked *asked, struct states_seen *out)
{
    struct cx cx = {.arena = arena_new((size_t)64 << 20)};
    struct explorer x = {.w = w, .asked = asked, .out = out, .luck = asked->seed | 1};
    *out = (struct states_seen){0};
    x.shared =
        mmap(NULL, sizeof *x.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(cx.arena && x.shared != MAP_FAILED && asked->workers <= WORKERS_MAX);
    x.keep_one_in = 1024;
    if (asked->ends_only) {
        walk_ends(&x, &cx);
    } else {
        size_t ways = count_places(&x, &cx) * (2 + RANDOM_EACH);
        if (asked->at_most && ways > asked->at_most)
            x.keep_one_in = asked->at_most * 1024 / ways + 1;
        if (open_image(&x, &cx)) {
            walk_places(&x);
            wait_for_all(&x);
            model_close(&x.image);
        }
    }
    out->distinct = atomic_load(&x.shared->distinct);
    munmap(x.shared, sizeof *x.shared);
    arena_free(cx.arena);
    return w->findings.n == 0;
}
