/*
 * web_news.c - server-sent events: pages that live while something long goes on.
 *
 * A handler checks once that the actor may see the thing, then its row is looked at about once a
 * second by one thread for all followers together, in one SLOW task: no lane is held, a follower
 * costs a row. A stream ends by itself after NEWS_TICKS, and the browser asks again, so that
 * rights are looked at anew; there are at most NEWS_MAX, and whoever comes then gets one answer.
 */
#include "web_inside.h"

#include <stdlib.h>
#include <time.h>

#define NEWS_MAX 200
#define NEWS_TICKS 120
#define NEWS_QUIET 10 /* ticks after which a comment says that we are there */
#define EVENT_MAX 1500

struct stream {
    struct stream *next;
    struct http_exchange *x; /* held */
    struct news *news;
    web_news_fn *fn;
    int64_t id;
    char box[EVENT_MAX], last[EVENT_MAX];
    size_t box_n, last_n;
    int ticks, quiet;
    bool ended, gone;
};

struct news {
    struct web *web;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct stream *all;
    size_t n;
    bool started, stopping;
};

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
    struct asked v[NEWS_MAX];
    size_t n;
};

static enum err ask_all(struct cx *cx, void *arg)
{
    struct round *r = arg;
    for (size_t i = 0; i < r->n; i++) {
        enum err e = r->v[i].s->fn(cx, r->v[i].s->id, &r->v[i].data, &r->v[i].last);
        if (e == ERR_BUSY || e == ERR_IO)
            return e; /* the next second will tell */
        r->v[i].known = true;
        r->v[i].last = r->v[i].last || e != OK; /* it is no more: the stream ends */
    }
    return OK;
}

static void put(struct stream *s, const char *p, size_t n)
{
    if (n > sizeof s->box - s->box_n)
        return; /* a slow reader gets the next one */
    memcpy(s->box + s->box_n, p, n);
    s->box_n += n;
    s->quiet = 0;
}

/* Under the lock. True: the loop has something to send. */
static bool tell(struct cx *cx, struct asked *a)
{
    struct stream *s = a->s;
    if (s->gone)
        return false;
    struct str event = news_event(cx, a->data);
    if (a->known && a->data.n && event.n <= sizeof s->last &&
        !str_eq(event, (struct str){s->last, s->last_n})) {
        memcpy(s->last, event.p, event.n);
        s->last_n = event.n;
        put(s, event.p, event.n);
    }
    if (++s->quiet > NEWS_QUIET)
        put(s, ":\n\n", 3);
    s->ended = s->ended || a->last || ++s->ticks > NEWS_TICKS;
    return s->box_n || s->ended;
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
    struct round *r = NEW(arena, struct round);
    pthread_mutex_lock(&w->lock);
    drop_gone(w);
    for (struct stream *s = w->all; s && r->n < NEWS_MAX; s = s->next)
        r->v[r->n++].s = s; /* only this thread takes them from the list */
    pthread_mutex_unlock(&w->lock);
    if (r->n == 0)
        return;
    IGNORE(lane_call(w->web->env->lanes, LANE_SLOW, &cx, ask_all, r));
    for (size_t i = 0; i < r->n; i++) {
        pthread_mutex_lock(&w->lock);
        const bool ready = tell(&cx, &r->v[i]);
        pthread_mutex_unlock(&w->lock);
        if (ready)
            http_stream_ready(r->v[i].s->x);
    }
}

static void *go_round(void *arg)
{
    struct news *w = arg;
    struct arena *arena = arena_new((size_t)8 << 20);
    MUST(arena != NULL);
    pthread_mutex_lock(&w->lock);
    while (!w->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += w->all ? 1 : 3600;
        pthread_cond_timedwait(&w->wake, &w->lock, &until);
        if (w->stopping)
            break;
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
    *s = (struct stream){.x = rq->x, .news = w, .fn = rq->out.news, .id = rq->out.news_id};
    memcpy(s->last, rq->out.body.p, s->last_n = rq->out.body.n);
    memcpy(s->box, rq->out.body.p, s->box_n = rq->out.body.n);
    pthread_mutex_lock(&w->lock);
    const bool taken = !w->stopping && w->n < NEWS_MAX && started(w);
    if (taken) {
        http_hold(rq->x);
        s->next = w->all;
        w->all = s;
        if (w->n++ == 0)
            pthread_cond_signal(&w->wake);
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
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->wake, NULL);
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
