/*
 * web_news.c - server-sent events: pages that live while something long goes on.
 *
 * A handler checks that the actor may see the thing; then one thread looks for all followers
 * together, in one SLOW task: whether each still may (web_follow.c) every LOOK_MS, and at the row
 * of the thing every ASK_MS, in the same snapshot: nothing is told from a state of the database in
 * which the right had ended. No lane is held, a follower costs a row. A stream ends by itself
 * after NEWS_MS, and the browser asks again; there are at most web.streams, and whoever comes then
 * gets one answer.
 */
#include "web_inside.h"

#include <stdlib.h>
#include <time.h>

#define STREAMS_MAX 1000 /* when web.streams does not say */
#define LOOK_MS 500      /* with the look itself a right's end is seen within a second */
#define ASK_MS 1000
#define NEWS_MS 120'000
#define QUIET_MS 10'000 /* after which a comment says that we are there */
#define TEST_TURN_MS 2  /* a test's clock stands still: how often it is read */
#define EVENT_MAX 1500

struct stream {
    struct stream *next;
    struct http_exchange *x; /* held */
    struct news *news;
    web_news_fn *fn;
    int64_t id;
    struct follower follower;
    char box[EVENT_MAX], last[EVENT_MAX];
    size_t box_n, last_n;
    int64_t began, said; /* when */
    bool ended, gone;
};

struct news {
    struct web *web;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct stream *all;
    size_t n, max;
    int64_t looked, asked; /* when */
    bool started, stopping;
};

/* Steps of the machine's clock end no stream and hold none up. */
static int64_t steady_ms(struct env *env)
{
    struct timespec t;
    if (env->testing)
        return env->clock(env);
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1'000'000;
}

/* One event; what a line break would cut is JSON and has none. */
struct str news_event(struct cx *cx, struct str data)
{
    return str_fmt(cx->arena, "retry: 3000\ndata: %.*s\n\n", F(data));
}

/* ---- one stream, in the loop's thread ---- */

static enum err pull(void *state, char *p, size_t cap, size_t *n)
{
    struct stream *s = state;
    pthread_mutex_lock(&s->news->lock);
    *n = s->box_n < cap ? s->box_n : cap;
    memcpy(p, s->box, *n);
    s->box_n -= *n;
    memmove(s->box, s->box + *n, s->box_n);
    const bool ended = s->ended;
    pthread_mutex_unlock(&s->news->lock);
    return *n || ended ? OK : ERR_BUSY;
}

static void pull_done(void *state)
{
    struct stream *s = state;
    pthread_mutex_lock(&s->news->lock);
    s->gone = true;
    pthread_mutex_unlock(&s->news->lock);
}

/* ---- one thread for all ---- */

static void drop_gone(struct news *w)
{
    for (struct stream **at = &w->all; *at;) {
        struct stream *s = *at;
        if (!s->gone) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        w->n--;
        http_drop(s->x);
        free(s);
    }
}

struct asked {
    struct stream *s;
    struct str data;
    bool known, last;
};
struct round {
    struct asked *v;
    struct follower **followers;
    size_t n;
    bool ask; /* about the things too */
    int64_t now;
};

/* One snapshot for all of it. */
static enum err look_at_all(struct cx *cx, void *arg)
{
    struct round *r = arg;
    TRY(follow_check(cx, r->followers, r->n));
    for (size_t i = 0; r->ask && i < r->n; i++) {
        struct asked *a = &r->v[i];
        a->known = false;
        if (a->s->follower.ended)
            continue;
        enum err e = a->s->fn(cx, a->s->id, &a->data, &a->last);
        if (e == ERR_BUSY || e == ERR_IO)
            return e; /* the next second will tell */
        a->known = true;
        a->last = a->last || e != OK; /* it is no more: the stream ends */
    }
    return OK;
}

static void put(struct stream *s, int64_t now, const char *p, size_t n)
{
    if (n > sizeof s->box - s->box_n)
        return; /* a slow reader gets the next one */
    memcpy(s->box + s->box_n, p, n);
    s->box_n += n;
    s->said = now;
}

/* Under the lock. True: the loop has something to send. */
static bool tell(struct cx *cx, int64_t now, struct asked *a)
{
    struct stream *s = a->s;
    if (s->gone)
        return false;
    struct str event = news_event(cx, a->data);
    if (a->known && a->data.n && event.n <= sizeof s->last &&
        !str_eq(event, (struct str){s->last, s->last_n})) {
        memcpy(s->last, event.p, event.n);
        s->last_n = event.n;
        put(s, now, event.p, event.n);
    }
    if (now - s->said > QUIET_MS)
        put(s, now, ":\n\n", 3);
    s->ended = s->ended || s->follower.ended || a->last || now - s->began > NEWS_MS;
    return s->box_n || s->ended;
}

static struct round *begin_round(struct news *w, struct arena *arena)
{
    struct round *r = NEW(arena, struct round);
    r->now = steady_ms(w->web->env);
    r->ask = r->now - w->asked >= ASK_MS;
    if (r->ask)
        w->asked = r->now;
    pthread_mutex_lock(&w->lock);
    drop_gone(w);
    r->v = NEW_N(arena, struct asked, w->n);
    r->followers = NEW_N(arena, struct follower *, w->n);
    for (struct stream *s = w->all; s; s = s->next) {
        r->v[r->n].s = s; /* only this thread takes them from the list */
        r->followers[r->n++] = &s->follower;
    }
    pthread_mutex_unlock(&w->lock);
    return r;
}

static void look_round(struct news *w, struct arena *arena)
{
    static const struct scope all = {.kind = SCOPE_ALL};
    struct cx cx = {.arena = arena,
                    .env = w->web->env,
                    .actor = &actor_program,
                    .scope = all,
                    .now = w->web->env->clock(w->web->env),
                    .lang = S("vi")};
    struct round *r = begin_round(w, arena);
    if (r->n == 0)
        return;
    if (lane_call(w->web->env->lanes, LANE_SLOW, &cx, look_at_all, r) != OK)
        for (size_t i = 0; i < r->n; i++)
            r->v[i].known = false; /* nothing is told of a look that did not come to its end */
    for (size_t i = 0; i < r->n; i++) {
        pthread_mutex_lock(&w->lock);
        const bool ready = tell(&cx, r->now, &r->v[i]);
        pthread_mutex_unlock(&w->lock);
        if (ready)
            http_stream_ready(r->v[i].s->x);
    }
}

/* Under the lock: until it is time to look again, somebody comes, or the end. */
static void rest(struct news *w)
{
    const bool testing = w->web->env->testing;
    const int64_t ms = !w->all ? HOUR_MS : testing ? TEST_TURN_MS : LOOK_MS;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1'000'000;
    if (until.tv_nsec >= 1'000'000'000) {
        until.tv_nsec -= 1'000'000'000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&w->wake, &w->lock, &until);
}

static void *go_round(void *arg)
{
    struct news *w = arg;
    struct arena *arena = arena_new((size_t)32 << 20);
    MUST(arena != NULL);
    pthread_mutex_lock(&w->lock);
    while (!w->stopping) {
        rest(w);
        const int64_t now = steady_ms(w->web->env);
        if (w->stopping || !w->all || (w->web->env->testing && now - w->looked < LOOK_MS))
            continue;
        w->looked = now;
        pthread_mutex_unlock(&w->lock);
        look_round(w, arena);
        arena_reset(arena);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    arena_free(arena);
    return NULL;
}

/* ---- the room's side ---- */

static bool started(struct news *w)
{
    if (!w->started)
        w->started = pthread_create(&w->thread, NULL, go_round, w) == 0;
    return w->started;
}

bool news_open(struct web_req *rq, struct http_answer *a)
{
    struct news *w = rq->web->news;
    struct stream *s = calloc(1, sizeof *s);
    if (!s || rq->out.body.n > sizeof s->last) {
        free(s);
        return false;
    }
    const int64_t now = steady_ms(rq->web->env);
    *s = (struct stream){.x = rq->x,
                         .news = w,
                         .fn = rq->out.news,
                         .id = rq->out.news_id,
                         .follower = rq->out.follower,
                         .began = now,
                         .said = now};
    memcpy(s->last, rq->out.body.p, s->last_n = rq->out.body.n);
    memcpy(s->box, rq->out.body.p, s->box_n = rq->out.body.n);
    pthread_mutex_lock(&w->lock);
    const bool taken = !w->stopping && w->n < w->max && started(w);
    if (taken) {
        http_hold(rq->x);
        s->next = w->all;
        w->all = s;
        if (w->n++ == 0) {
            w->looked = w->asked = now; /* it has just been told how things stand */
            pthread_cond_signal(&w->wake);
        }
    }
    pthread_mutex_unlock(&w->lock);
    if (!taken) {
        free(s);
        return false;
    }
    a->body = S("");
    a->pull = pull;
    a->pull_state = s;
    a->pull_done = pull_done;
    return true;
}

struct news *news_new(struct web *w)
{
    struct news *n = calloc(1, sizeof *n);
    MUST(n != NULL);
    n->web = w;
    n->max = (size_t)setting_int(w->env->settings, S("web.streams"), STREAMS_MAX);
    pthread_mutex_init(&n->lock, NULL);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&n->wake, &steady);
    pthread_condattr_destroy(&steady);
    return n;
}

/* Before the server stops: every stream ends, so that nothing waits for it. */
void news_stop(struct news *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    w->started = false;
    for (struct stream *s = w->all; s; s = s->next) {
        pthread_mutex_lock(&w->lock);
        s->ended = true;
        pthread_mutex_unlock(&w->lock);
        http_stream_ready(s->x);
        http_drop(s->x);
    }
}

/* After it: no loop runs any more. */
void news_free(struct news *w)
{
    for (struct stream *s = w->all; s;) {
        struct stream *next = s->next;
        free(s);
        s = next;
    }
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w);
}
