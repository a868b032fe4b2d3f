/* http_exchange.c - one request and its answer: what the door says about it. */
#include "http_inside.h"

#include <stdlib.h>

/* Spare exchanges of a loop, each with one block of memory. */
#define SPARES_MAX 64

/* ---- made and kept by the loop ---- */

struct http_exchange *http_exchange_new(struct conn *c)
{
    struct loop *l = c->loop;
    struct http_exchange *x = l->spares;
    if (x) {
        l->spares = x->mail_next;
        l->spares_n--;
    } else {
        x = calloc(1, sizeof *x);
        if (!x)
            return NULL;
        x->arena = arena_new(ARENA_BYTES);
        if (!x->arena) {
            free(x);
            return NULL;
        }
        x->loop = l;
    }
    struct arena *arena = x->arena;
    *x = (struct http_exchange){.loop = l, .conn = c, .arena = arena, .began_us = l->now_us};
    atomic_store_explicit(&x->refs, 1, memory_order_relaxed);
    memcpy(x->peer, c->peer, sizeof x->peer);
    return x;
}

void http_exchange_spare(struct http_exchange *x)
{
    struct loop *l = x->loop;
    if (l->spares_n >= SPARES_MAX) {
        arena_free(x->arena);
        free(x);
        return;
    }
    arena_reset(x->arena);
    x->conn = NULL;
    x->mail_next = l->spares;
    l->spares = x;
    l->spares_n++;
}

static void pull_done(struct http_exchange *x)
{
    struct http_answer a = x->answer;
    x->answer.pull = NULL;
    if (a.pull && a.pull_done)
        a.pull_done(a.pull_state);
}

void http_exchange_end(struct http_exchange *x, bool sent)
{
    struct loop *l = x->loop;
    struct conn *c = x->conn;
    const struct http_hooks *hooks = &l->server->config.hooks;
    int64_t us = http_monotonic_us() - x->began_us;
    int status = sent ? x->answer.status : 499; /* as nginx writes a peer that left */
    if (x->answered)
        pull_done(x);
    http_count_answer(l, status, us);
    http_access_line(l, x, c, status, us);
    x->ended = true;
    x->conn = NULL;
    c->x = NULL;
    c->rest = S("");
    if (hooks->end)
        hooks->end(hooks->user, x, sent);
    l->held_n++; /* until the last drop, which may be this one */
    http_drop(x);
}

/* What other threads asked for, in the loop thread. */
void http_exchange_mail(struct http_exchange *x)
{
    unsigned mail = atomic_exchange(&x->mail, 0);
    bool last = mail & MAIL_FREE;
    if (!last)
        http_hold(x); /* what is called below may drop the last hold of its own */
    if (mail & MAIL_ANSWER) {
        x->answered = true;
        if (x->ended)
            pull_done(x); /* the peer did not wait */
    }
    if (mail & MAIL_STREAM && x->conn)
        x->conn->pull_waiting = false;
    if (x->conn && mail & (MAIL_ANSWER | MAIL_RESUME | MAIL_STREAM))
        http_work(x->conn);
    if (!last) {
        http_drop(x);
        return;
    }
    x->loop->held_n--;
    http_exchange_spare(x);
}

/* ---- the door ---- */

const struct http_request *http_request(const struct http_exchange *x)
{
    return &x->request;
}

struct arena *http_arena(struct http_exchange *x)
{
    return x->arena;
}

void http_set_state(struct http_exchange *x, void *state)
{
    x->state = state;
}

void *http_state(const struct http_exchange *x)
{
    return x->state;
}

struct str http_header(const struct http_request *rq, struct str name)
{
    return http_header_in(rq->headers, rq->headers_n, name);
}

/* In the loop thread: lets the connection go on, now if it is running, else later this turn. */
static void go_on(struct http_exchange *x)
{
    if (x->conn && !x->conn->running)
        http_work(x->conn);
}

void http_take_body(struct http_exchange *x, int64_t limit)
{
    MUST(http_this_loop == x->loop);
    struct conn *c = x->conn;
    int64_t most = x->loop->server->config.limits.body_bytes;
    if (!c || x->taken || x->answered)
        return;
    x->taken = true;
    x->body_limit = limit < most ? limit : most;
    if (x->request.body_bytes > x->body_limit) {
        http_answer_core(x, 413, false);
        go_on(x);
        return;
    }
    if (x->request.body_bytes == 0) {
        const struct http_hooks *hooks = &x->loop->server->config.hooks;
        if (hooks->complete)
            hooks->complete(hooks->user, x);
        return;
    }
    if (x->expect) {
        x->expect = false;
        http_send_continue(c);
    }
    go_on(x);
}

void http_pause_body(struct http_exchange *x)
{
    atomic_store(&x->paused, true);
}

void http_resume_body(struct http_exchange *x)
{
    atomic_store(&x->paused, false);
    if (http_this_loop == x->loop)
        go_on(x);
    else
        http_post(x, MAIL_RESUME);
}

void http_hold(struct http_exchange *x)
{
    atomic_fetch_add(&x->refs, 1);
}

void http_drop(struct http_exchange *x)
{
    if (atomic_fetch_sub(&x->refs, 1) > 1)
        return;
    /* Nobody else knows x any more. If it still lies in the mailbox it is freed from there. */
    if (http_this_loop == x->loop && atomic_load(&x->mail) == 0) {
        x->loop->held_n--;
        http_exchange_spare(x);
    } else {
        http_post(x, MAIL_FREE);
    }
}

void http_answer(struct http_exchange *x, const struct http_answer *a)
{
    if (atomic_exchange(&x->answer_taken, true)) {
        /* The core answered first (too long, too slow): this one is given up. */
        if (a->pull && a->pull_done)
            a->pull_done(a->pull_state);
        return;
    }
    x->answer = *a;
    if (http_this_loop != x->loop) {
        http_post(x, MAIL_ANSWER);
        return;
    }
    x->answered = true;
    if (x->ended)
        pull_done(x);
    else
        go_on(x);
}

void http_stream_ready(struct http_exchange *x)
{
    if (http_this_loop != x->loop) {
        http_post(x, MAIL_STREAM);
        return;
    }
    if (x->conn)
        x->conn->pull_waiting = false;
    go_on(x);
}
