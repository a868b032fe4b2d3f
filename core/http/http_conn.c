/* http_conn.c - one connection: what its socket brings, step by step, until it must wait. */
#include "http_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Steps of one connection in a row before others have their turn. */
#define STEPS 64
/* A peer that sends or takes less than this between deadlines is as good as silent. */
#define PROGRESS_BYTES 1024

/* ---- ending ---- */

static void forget(struct conn *c)
{
    struct loop *l = c->loop;
    http_timer(c, TIMER_NONE, false);
    if (c->all_prev)
        c->all_prev->all_next = c->all_next;
    else
        l->all.first = c->all_next;
    if (c->all_next)
        c->all_next->all_prev = c->all_prev;
    else
        l->all.last = c->all_prev;
    l->conns_n--;
    atomic_fetch_sub(&l->server->conns_n, 1);
    count(&l->counters.closed, 1);
    c->dead_next = l->dead;
    l->dead = c;
}

void http_conn_abort(struct conn *c)
{
    if (c->dead)
        return;
    c->dead = true;
    if (c->x) {
        count(&c->loop->counters.vanished, 1);
        http_exchange_end(c->x, false);
    }
    SSL_free(c->ssl);
    c->ssl = NULL;
    close(c->fd);
    free(c->saved);
    free(c->pend);
    c->saved = c->pend = NULL;
    forget(c);
}

void http_conn_quit(struct conn *c)
{
    if (c->ssl && c->shaken && !c->hung_up)
        SSL_shutdown(c->ssl);
    http_conn_abort(c);
}

/* All that was to be said is said. Closing a socket with unread input resets the connection,
 * and the reset may overtake our last answer: so say that we are done, read on a while, close. */
void http_conn_done(struct conn *c)
{
    if (c->ssl && !c->hung_up)
        SSL_shutdown(c->ssl);
    if (!c->linger || c->eof) {
        http_conn_abort(c);
        return;
    }
    shutdown(c->fd, SHUT_WR);
    c->in = IN_LINGER;
    c->close_after = false;
    c->drop_left = 4 * DROP_BYTES;
    c->loop->in_n = 0;
}

bool http_conn_idle(const struct conn *c)
{
    return !c->x && c->in == IN_HEAD && c->saved_n == 0 && !http_send_pending(c) && !c->running;
}

/* ---- reading ---- */

/* Reads behind what is already in the loop's buffer. False: nothing came. */
static bool read_more(struct conn *c)
{
    struct loop *l = c->loop;
    if (!c->can_read || c->eof)
        return false;
    if (l->in_at) {
        memmove(l->in, l->in + l->in_at, l->in_n);
        l->in_at = 0;
    }
    size_t room = l->in_cap - l->in_n;
    MUST(room > 0); /* a head over its limit was refused before, a body is used up piece by piece */
    ssize_t n;
    if (c->ssl) {
        n = http_tls_read(c, l->in + l->in_n, room);
        if (n == 0)
            return false;
    } else {
        do
            n = recv(c->fd, l->in + l->in_n, room, 0);
        while (n < 0 && errno == EINTR);
        if (n < 0 && errno == EAGAIN) {
            c->can_read = false;
            return false;
        }
        /* A short read emptied the socket: what comes later is a new edge. Saves a call that
         * would only say EAGAIN. The end of the stream, if told already, is still to be read. */
        if (n > 0 && (size_t)n < room && !c->half_closed)
            c->can_read = false;
    }
    if (n == 0 || n == -2) {
        c->eof = true;
        return true;
    }
    if (n < 0) {
        http_conn_abort(c);
        return true;
    }
    l->in_n += (size_t)n;
    count(&l->counters.bytes_in, (uint64_t)n);
    return true;
}

static void use(struct loop *l, size_t n)
{
    l->in_at += n;
    l->in_n -= n;
    if (l->in_n == 0)
        l->in_at = 0;
}

/* A deadline begins anew only when a fair piece moved: one byte in 19 seconds is no progress. */
void http_progress(struct conn *c, size_t n)
{
    c->progress += n;
    if (c->progress >= PROGRESS_BYTES)
        c->refresh = true;
}

/* ---- the head ---- */

static void refuse(struct conn *c, int status)
{
    count(&c->loop->counters.malformed, 1);
    http_refuse(c, status);
}

/* True: something was done. */
static bool step_head(struct conn *c)
{
    struct loop *l = c->loop;
    size_t head_bytes = 0;
    int status = 0;
    const struct http_limits *limits = &l->server->config.limits;
    enum parse r =
        http_head_find(l->in + l->in_at, l->in_n, limits, &c->scan, &head_bytes, &status);
    if (r == PARSE_MORE) {
        if (c->eof) {
            http_conn_done(c); /* between requests, or in the middle of one: nobody to answer */
            return true;
        }
        return read_more(c);
    }
    struct http_exchange *x = r == PARSE_DONE ? http_request_begin(c, head_bytes, &status) : NULL;
    if (!x) {
        refuse(c, status);
        return true;
    }
    use(l, head_bytes);
    c->scan = (struct http_scan){0};
    c->refresh = true;
    c->requests++;
    if (x->request.body_bytes > limits->body_bytes) {
        http_exchange_spare(x);
        refuse(c, 413);
        return true;
    }
    c->x = x;
    c->body_left = x->request.body_bytes;
    c->chunks = (struct http_chunks){0};
    c->in = c->body_left ? IN_BODY : IN_WAIT;
    count(&l->counters.requests, 1);
    l->server->config.hooks.head(l->server->config.hooks.user, x);
    return true;
}

/* ---- the body ---- */

/* Cuts the next piece of the body out of the input. */
static enum parse next_piece(struct conn *c, struct str *piece)
{
    struct loop *l = c->loop;
    const char *p = l->in + l->in_at;
    size_t used;
    if (c->body_left < 0) {
        enum parse r = http_chunks_feed(&c->chunks, p, l->in_n, &used, piece);
        use(l, used);
        return r;
    }
    used = (int64_t)l->in_n < c->body_left ? l->in_n : (size_t)c->body_left;
    *piece = (struct str){p, used};
    c->body_left -= (int64_t)used;
    use(l, used);
    return c->body_left ? PARSE_MORE : PARSE_DONE;
}

/* The rest of an unwanted body: at most a megabyte is read for the sake of the connection. */
static bool step_drop(struct conn *c)
{
    struct str piece;
    if (c->loop->in_n == 0) {
        if (c->eof)
            http_conn_abort(c);
        return c->dead || read_more(c);
    }
    enum parse r = next_piece(c, &piece);
    c->drop_left -= (int64_t)piece.n;
    http_progress(c, piece.n);
    if (r == PARSE_BAD || (r == PARSE_MORE && c->drop_left < 0)) {
        c->close_after = c->linger = true;
        c->in = IN_WAIT;
    } else if (r == PARSE_DONE) {
        c->in = c->x ? IN_WAIT : IN_HEAD;
    }
    return true;
}

static void body_complete(struct conn *c)
{
    const struct http_hooks *hooks = &c->loop->server->config.hooks;
    c->in = IN_WAIT;
    c->refresh = true;
    if (!c->x->answered && hooks->complete)
        hooks->complete(hooks->user, c->x);
}

static bool step_body(struct conn *c)
{
    struct http_exchange *x = c->x;
    const struct http_hooks *hooks = &c->loop->server->config.hooks;
    if (!x->taken || x->answered || atomic_load(&x->paused))
        return false;
    if (c->loop->in_n == 0) {
        if (!c->eof)
            return read_more(c);
        http_answer_core(x, 400, true); /* the peer stopped in the middle of its body */
        return true;
    }
    struct str piece;
    enum parse r = next_piece(c, &piece);
    x->body_seen += (int64_t)piece.n;
    http_progress(c, piece.n);
    if (r == PARSE_BAD || x->body_seen > x->body_limit) {
        count(&c->loop->counters.malformed, r == PARSE_BAD);
        http_answer_core(x, r == PARSE_BAD ? 400 : 413, true);
        return true;
    }
    if (piece.n && hooks->body)
        hooks->body(hooks->user, x, piece);
    if (r == PARSE_DONE)
        body_complete(c);
    return true;
}

/* After our last word: the peer's input is thrown away until it closes too. */
static bool step_linger(struct conn *c)
{
    char *waste = c->loop->in;
    ssize_t n;
    do
        n = c->can_read ? recv(c->fd, waste, c->loop->in_cap, 0) : -1;
    while (n < 0 && c->can_read && errno == EINTR);
    if (n < 0 && c->can_read && errno == EAGAIN)
        c->can_read = false;
    if (n < 0 && !c->can_read)
        return false;
    c->drop_left -= n;
    if (n <= 0 || c->drop_left < 0)
        http_conn_abort(c);
    return true;
}

/* ---- the steps ---- */

static bool step_input(struct conn *c)
{
    switch (c->in) {
    case IN_HEAD:
        return !c->close_after && !http_send_pending(c) && step_head(c);
    case IN_BODY:
        return c->x && step_body(c);
    case IN_DROP:
        return step_drop(c);
    case IN_LINGER:
        return step_linger(c);
    case IN_WAIT:
        break;
    }
    return false;
}

/* One thing that can be done without waiting. False: there is none. */
static bool step(struct conn *c)
{
    if (!c->shaken) {
        int r = c->can_read || c->can_write ? http_tls_handshake(c) : 0;
        if (r < 0)
            http_conn_abort(c);
        return r != 0;
    }
    if (c->x && c->x->answered && !c->sending && !http_send_pending(c))
        return http_send_answer(c);
    if (http_flush(c))
        return true;
    if (c->close_after && !c->x && !http_send_pending(c)) {
        http_conn_done(c);
        return true;
    }
    return step_input(c);
}

/* Which deadline holds now. */
static enum timer deadline_of(const struct conn *c)
{
    if (c->in == IN_LINGER)
        return TIMER_LINGER;
    if (!c->shaken)
        return TIMER_HEAD;
    if (http_send_pending(c))
        return TIMER_WRITE;
    if (c->in == IN_DROP)
        return TIMER_BODY;
    if (c->x) {
        bool reads =
            c->in == IN_BODY && c->x->taken && !c->x->answered && !atomic_load(&c->x->paused);
        return reads ? TIMER_BODY : TIMER_NONE;
    }
    return c->saved_n || c->requests == 0 ? TIMER_HEAD : TIMER_KEEP;
}

/* What the running connection did not use waits in memory of its own. */
static void save_input(struct conn *c)
{
    struct loop *l = c->loop;
    c->saved_n = 0;
    if (l->in_n > c->saved_cap) {
        char *wider = realloc(c->saved, l->in_n);
        if (!wider) {
            http_conn_abort(c);
            return;
        }
        c->saved = wider;
        c->saved_cap = l->in_n;
    }
    if (l->in_n)
        memcpy(c->saved, l->in + l->in_at, l->in_n);
    c->saved_n = l->in_n;
    if (c->saved_n == 0 && c->saved) {
        free(c->saved);
        c->saved = NULL;
        c->saved_cap = 0;
    }
}

void http_conn_run(struct conn *c)
{
    struct loop *l = c->loop;
    if (c->dead)
        return;
    if (c->hung_up && !(c->can_read && c->in == IN_LINGER)) {
        http_conn_abort(c);
        return;
    }
    c->running = true;
    l->in_at = 0;
    l->in_n = c->saved_n;
    if (c->saved_n)
        memcpy(l->in, c->saved, c->saved_n);
    int steps = 0;
    while (!c->dead && steps < STEPS && step(c))
        steps++;
    c->running = false;
    if (!c->dead)
        save_input(c);
    l->in_at = l->in_n = 0;
    if (c->dead)
        return;
    if (steps == STEPS)
        http_work(c);
    http_timer(c, deadline_of(c), c->refresh);
    c->refresh = false;
}

void http_conn_timeout(struct conn *c)
{
    enum timer kind = c->timer;
    bool answerable = c->shaken && !c->sending && !http_send_pending(c);
    if (kind == TIMER_BODY && c->x && atomic_load(&c->x->paused)) {
        http_timer(c, TIMER_NONE,
                   false); /* paused by another thread since: not the sender's fault */
        return;
    }
    count(&c->loop->counters.timeouts, kind != TIMER_KEEP && kind != TIMER_LINGER);
    if (kind == TIMER_BODY && c->x && answerable) {
        http_timer(c, TIMER_NONE, false);
        http_answer_core(c->x, 408, true);
        http_work(c);
    } else if (kind == TIMER_HEAD && answerable && c->saved_n) {
        http_timer(c, TIMER_NONE, false);
        c->saved_n = 0;
        http_refuse(c, 408);
        http_work(c);
    } else if (kind == TIMER_KEEP) {
        http_conn_quit(c);
    } else {
        http_conn_abort(c);
    }
}
