/* kept.c - the shelf: found, made once, put in, thrown out when it grows over its bound. */
#include "kept_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define BUCKETS 4096
#define WAIT_MS_MAX 20 /* for another who makes the same; then we make our own */
#define THING_LIMIT ((size_t)64 << 20)

struct thing {
    struct thing *in_bucket;
    struct thing *newer, *older;
    uint64_t hash;
    struct str key, version; /* in its arena */
    struct arena *arena;
    const void *what;
    size_t bytes;
    int held;
    bool gone; /* out of the shelf; freed when nobody holds it */
};

/* Being made right now, by this thread. */
struct making {
    struct making *next;
    struct str key, version;
    struct kept_shelf *kept;
    struct cx *cx;
    struct arena *arena, *before;
    struct closer closer;
};

struct kept_shelf {
    pthread_mutex_t lock;
    pthread_cond_t made;
    struct thing *buckets[BUCKETS];
    struct thing *newest, *oldest;
    struct making *making;
    size_t bytes, bytes_max;
    int64_t things, found, makes;
};

struct kept_shelf *kept_new(size_t bytes_max)
{
    struct kept_shelf *k = calloc(1, sizeof *k);
    MUST(k != NULL);
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&k->made, &steady);
    pthread_condattr_destroy(&steady);
    k->bytes_max = bytes_max;
    return k;
}

static void free_thing(struct thing *t)
{
    arena_free(t->arena);
    free(t);
}

void kept_free(struct kept_shelf *k)
{
    if (!k)
        return;
    while (k->newest) {
        struct thing *t = k->newest;
        k->newest = t->older;
        free_thing(t);
    }
    pthread_cond_destroy(&k->made);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

/* ---- the shelf; all under the lock ---- */

static struct thing *stands(struct kept_shelf *k, struct str key, uint64_t hash)
{
    for (struct thing *t = k->buckets[hash % BUCKETS]; t; t = t->in_bucket)
        if (t->hash == hash && str_eq(t->key, key))
            return t;
    return NULL;
}

static void unlink_age(struct kept_shelf *k, struct thing *t)
{
    *(t->newer ? &t->newer->older : &k->newest) = t->older;
    *(t->older ? &t->older->newer : &k->oldest) = t->newer;
}

static void link_newest(struct kept_shelf *k, struct thing *t)
{
    t->newer = NULL;
    t->older = k->newest;
    *(k->newest ? &k->newest->newer : &k->oldest) = t;
    k->newest = t;
}

static void take_out(struct kept_shelf *k, struct thing *t)
{
    struct thing **at = &k->buckets[t->hash % BUCKETS];
    while (*at != t)
        at = &(*at)->in_bucket;
    *at = t->in_bucket;
    unlink_age(k, t);
    k->bytes -= t->bytes;
    k->things--;
    t->gone = true;
    if (t->held == 0)
        free_thing(t);
}

static void put_in(struct kept_shelf *k, struct thing *t)
{
    struct thing *before = stands(k, t->key, t->hash);
    if (before)
        take_out(k, before);
    while (k->oldest && k->bytes + t->bytes > k->bytes_max)
        take_out(k, k->oldest);
    t->in_bucket = k->buckets[t->hash % BUCKETS];
    k->buckets[t->hash % BUCKETS] = t;
    link_newest(k, t);
    k->bytes += t->bytes;
    k->things++;
}

static bool is_being_made(const struct kept_shelf *k, struct str key, struct str version)
{
    for (const struct making *m = k->making; m; m = m->next)
        if (str_eq(m->key, key) && str_eq(m->version, version))
            return true;
    return false;
}

/* ---- holding ---- */

struct hold {
    struct closer closer;
    struct kept_shelf *kept;
    struct thing *thing;
};

static void let_go(void *arg)
{
    struct hold *h = arg;
    pthread_mutex_lock(&h->kept->lock);
    struct thing *t = --h->thing->held == 0 && h->thing->gone ? h->thing : NULL;
    pthread_mutex_unlock(&h->kept->lock);
    if (t)
        free_thing(t);
    free(h);
}

#define LOOK_BACK 32

/* One hold is enough: who counts a year's events holds each procedure once, not at each event. */
static bool holds_already(const struct cx *cx, struct kept_shelf *k, struct thing *t)
{
    const struct closer *c = cx->closers;
    for (int i = 0; c && i < LOOK_BACK; i++, c = c->next) {
        if (c->close != let_go || ((const struct hold *)c->thing)->thing != t)
            continue;
        pthread_mutex_lock(&k->lock);
        t->held--;
        pthread_mutex_unlock(&k->lock);
        return true;
    }
    return false;
}

/* Not in an arena: the request's may be the one of a thing that is being made. */
static const void *hold(struct cx *cx, struct kept_shelf *k, struct thing *t)
{
    if (holds_already(cx, k, t))
        return t->what;
    struct hold *h = calloc(1, sizeof *h);
    MUST(h != NULL);
    h->kept = k;
    h->thing = t;
    cx_register(cx, &h->closer, let_go, h);
    return t->what;
}

/* ---- making ---- */

static void no_longer_making(struct making *m)
{
    struct making **at = &m->kept->making;
    while (*at && *at != m)
        at = &(*at)->next;
    if (*at)
        *at = m->next;
    pthread_cond_broadcast(&m->kept->made);
}

/* Also on unwinding: the request gets its own arena back. */
static void leave(void *arg)
{
    struct making *m = arg;
    pthread_mutex_lock(&m->kept->lock);
    no_longer_making(m);
    pthread_mutex_unlock(&m->kept->lock);
    m->cx->arena = m->before;
    arena_free(m->arena);
    m->arena = NULL;
}

static struct thing *new_thing(struct making *m, const void *what)
{
    struct thing *t = calloc(1, sizeof *t);
    MUST(t != NULL);
    t->key = m->key;
    t->version = m->version;
    t->hash = str_hash(t->key);
    t->what = what;
    t->arena = m->arena;
    t->bytes = sizeof *t + arena_held(m->arena);
    t->held = 1;
    return t;
}

static enum err make_it(struct making *m, const struct kept_wish *w, const void **out)
{
    struct cx *cx = m->cx;
    struct kept_shelf *k = m->kept;
    cx->arena = m->arena;
    const enum err e = w->make(cx, w->arg, out);
    cx->arena = m->before;
    if (e != OK) {
        cx->why = str_dup(cx->arena, cx->why);
        cx->field = str_dup(cx->arena, cx->field);
        cx_release(cx, &m->closer);
        leave(m);
        return e;
    }
    struct thing *t = new_thing(m, *out);
    cx_release(cx, &m->closer);
    pthread_mutex_lock(&k->lock);
    if (t->bytes <= k->bytes_max / 4)
        put_in(k, t);
    else
        t->gone = true;
    k->makes++;
    no_longer_making(m);
    pthread_mutex_unlock(&k->lock);
    hold(cx, k, t);
    return OK;
}

static int64_t steady_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Under the lock. True: it stands there, or nobody makes it any more. */
static void wait_for_maker(struct kept_shelf *k, struct str key, struct str version)
{
    const int64_t until = steady_ns() + WAIT_MS_MAX * INT64_C(1000000);
    const struct timespec t = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
    while (is_being_made(k, key, version) &&
           pthread_cond_timedwait(&k->made, &k->lock, &t) != ETIMEDOUT)
        ;
}

static struct thing *look_for(struct kept_shelf *k, struct str key, uint64_t hash,
                              struct str version)
{
    struct thing *t = stands(k, key, hash);
    if (!t || !str_eq(t->version, version))
        return NULL;
    unlink_age(k, t);
    link_newest(k, t);
    t->held++;
    k->found++;
    return t;
}

static enum err find(struct cx *cx, struct kept_shelf *k, const struct kept_wish *w,
                     struct str version, const void **out)
{
    const bool reader = db_is_reader(cx);
    const uint64_t hash = str_hash(w->key);
    struct making m = {.key = w->key, .version = version, .kept = k, .cx = cx, .before = cx->arena};
    pthread_mutex_lock(&k->lock);
    struct thing *t = look_for(k, w->key, hash, version);
    if (!t && reader && is_being_made(k, w->key, version)) {
        wait_for_maker(k, w->key, version);
        t = look_for(k, w->key, hash, version);
    }
    const bool make = !t && reader;
    if (make) {
        m.next = k->making;
        k->making = &m;
    }
    pthread_mutex_unlock(&k->lock);
    if (t) {
        *out = hold(cx, k, t);
        return OK;
    }
    if (!make)
        return w->make(cx, w->arg, out);
    cx_register(cx, &m.closer, leave, &m);
    m.arena = arena_new_sized(THING_LIMIT, w->about_bytes);
    MUST(m.arena != NULL);
    m.key = str_dup(m.arena, m.key); /* before what is made: a full block would grow for them */
    m.version = str_dup(m.arena, m.version);
    return make_it(&m, w, out);
}

enum err kept_find(struct cx *cx, const struct kept_wish *w, const void **out)
{
    struct kept_shelf *k = cx->env->kept;
    struct str version;
    if (!k)
        return w->make(cx, w->arg, out);
    TRY(kept_version(cx, w->of, &version));
    return find(cx, k, w, version, out);
}

void kept_metrics(struct kept_shelf *k, struct buf *out)
{
    pthread_mutex_lock(&k->lock);
    const struct {
        const char *name, *type;
        long long n;
    } rows[] = {{"tinhso_kept_things", "gauge", (long long)k->things},
                {"tinhso_kept_bytes", "gauge", (long long)k->bytes},
                {"tinhso_kept_found_total", "counter", (long long)k->found},
                {"tinhso_kept_made_total", "counter", (long long)k->makes}};
    pthread_mutex_unlock(&k->lock);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_fmt(out, "# TYPE %s %s\n%s %lld\n", rows[i].name, rows[i].type, rows[i].name,
                rows[i].n);
}
