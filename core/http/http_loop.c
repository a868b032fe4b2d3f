/* http_loop.c - one thread: events, deadlines, messages from other threads. */
#include "http_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS 256
#define ACCEPT_A_TURN 64
/* While stopping: how long a connection that never asked anything may still do so. */
#define STOP_GRACE_MS 250
/* After the last connection: how long others may still hold exchanges before we leave them. */
#define HOLD_GRACE_MS 2000

_Thread_local struct loop *http_this_loop;

int64_t http_monotonic_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Milliseconds that epoll may sleep; -1: for ever. */
static int may_sleep(const struct loop *l)
{
    if (l->work)
        return 0;
    int64_t until = INT64_MAX;
    for (int kind = TIMER_HEAD; kind < TIMERS; kind++)
        if (l->timers[kind].first && l->timers[kind].first->deadline < until)
            until = l->timers[kind].first->deadline;
    if (l->log_n && l->log_flushed + 1000 < until)
        until = l->log_flushed + 1000;
    if (l->stop_at && l->now + 20 < until)
        until = l->now + 20;
    if (until == INT64_MAX)
        return -1;
    int64_t left = until - l->now;
    return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

/* ---- messages ---- */

void http_loop_wake(struct loop *l)
{
    uint64_t one = 1;
    while (write(l->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void put_in_box(struct loop *l, struct http_exchange *x)
{
    struct http_exchange *top = atomic_load(&l->mailbox);
    do
        x->mail_next = top;
    while (!atomic_compare_exchange_weak(&l->mailbox, &top, x));
    if (!top && http_this_loop != l)
        http_loop_wake(l);
}

/* Any thread. The bit that makes `mail` not zero also brings x into the box, so x is in it at
 * most once and nothing is allocated. */
void http_post(struct http_exchange *x, enum mail m)
{
    struct loop *l = x->loop;
    /* Once x is in the box, its last hold may be gone and http_stop at work: it waits for us. */
    atomic_fetch_add(&l->posting, 1);
    if (atomic_fetch_or(&x->mail, (unsigned)m) == 0)
        put_in_box(l, x);
    atomic_fetch_sub(&l->posting, 1);
}

static void read_mail(struct loop *l)
{
    struct http_exchange *x = atomic_exchange(&l->mailbox, NULL), *first = NULL;
    while (x) { /* the box is a stack: turn it */
        struct http_exchange *next = x->mail_next;
        x->mail_next = first;
        first = x;
        x = next;
    }
    while (first) {
        x = first;
        first = x->mail_next; /* before its bits are taken: then it may be posted again */
        http_exchange_mail(x);
    }
}

/* ---- work put off until the running connection is done ---- */

void http_work(struct conn *c)
{
    if (c->queued || c->dead)
        return;
    c->queued = true;
    c->work_next = c->loop->work;
    c->loop->work = c;
}

static void run_work(struct loop *l)
{
    struct conn *c = l->work;
    l->work = NULL; /* what is queued from here on waits for the next turn */
    while (c) {
        struct conn *next = c->work_next;
        c->queued = false;
        if (!c->dead)
            http_conn_run(c);
        c = next;
    }
}

static void free_dead(struct loop *l)
{
    struct conn *c = l->dead, *kept = NULL;
    while (c) {
        struct conn *next = c->dead_next;
        if (c->queued) { /* still in the work list: one turn more */
            c->dead_next = kept;
            kept = c;
        } else {
            free(c);
        }
        c = next;
    }
    l->dead = kept;
}

/* ---- time ---- */

/* The Server and Date lines are made once a second. */
static void tell_time(struct loop *l)
{
    l->now_us = http_monotonic_us();
    l->now = l->now_us / 1000;
    l->wall_ms = l->server->env->clock(l->server->env);
    int64_t second = l->wall_ms / 1000;
    if (second == l->wall_second)
        return;
    l->wall_second = second;
    char date[HTTP_DATE_BYTES + 1];
    http_date_write(date, l->wall_ms);
    memcpy(l->fixed + l->fixed_date_at, date, HTTP_DATE_BYTES);
}

static void prepare_fixed(struct loop *l)
{
    struct str name = l->server->config.server_name;
    int n = name.n ? snprintf(l->fixed, sizeof l->fixed, "Server: %.*s\r\n", F(str_until(name, 80)))
                   : 0;
    l->fixed_date_at = (size_t)n + 6;
    l->fixed_n = l->fixed_date_at + HTTP_DATE_BYTES + 2;
    memcpy(l->fixed + n, "Date: ", 6);
    memcpy(l->fixed + l->fixed_n - 2, "\r\n", 2);
    l->wall_second = INT64_MIN;
}

/* ---- stopping ---- */

static void stop_listening(struct loop *l)
{
    for (size_t i = 0; i < l->listeners_n; i++) {
        struct listener *at = &l->listeners[i];
        if (at->fd < 0)
            continue;
        /* Who already connected is served; of an inherited or shared socket the next one does. */
        if (!at->shared)
            http_accept(l, at, INT32_MAX);
        epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, at->fd, NULL);
        close(at->fd);
        at->fd = -1;
    }
}

static void close_idle(struct loop *l)
{
    for (struct conn *c = l->all.first, *next; c; c = next) {
        next = c->all_next;
        bool may_ask = c->requests == 0 && l->now < l->stop_at + STOP_GRACE_MS;
        if (!c->queued && http_conn_idle(c) && !may_ask)
            http_conn_quit(c);
    }
}

static void begin_stop(struct loop *l)
{
    l->stop_at = l->now;
    stop_listening(l);
}

/* True: nothing is left to do. */
static bool stopped(struct loop *l)
{
    if (l->stop_turns++ > 0) /* one whole turn first: a request may already be in the socket */
        close_idle(l);
    if (l->now >= l->stop_until)
        while (l->all.first)
            http_conn_abort(l->all.first);
    if (l->conns_n)
        return false;
    return l->held_n == 0 || l->now >= l->stop_until + HOLD_GRACE_MS;
}

/* ---- the thread ---- */

static bool handle(struct loop *l, const struct epoll_event *e)
{
    enum source source = *(enum source *)e->data.ptr;
    if (source == SOURCE_WAKE) {
        uint64_t n;
        return read(l->wake_fd, &n, sizeof n) > 0;
    }
    if (source == SOURCE_LISTENER) {
        http_accept(l, e->data.ptr, ACCEPT_A_TURN);
        return true;
    }
    struct conn *c = e->data.ptr;
    if (c->dead)
        return false;
    if (e->events & (EPOLLIN | EPOLLRDHUP))
        c->can_read = true;
    if (e->events & EPOLLRDHUP)
        c->half_closed = true;
    if (e->events & EPOLLOUT)
        c->can_write = true;
    if (e->events & (EPOLLERR | EPOLLHUP))
        c->hung_up = true;
    http_conn_run(c);
    return true;
}

static void turn(struct loop *l)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait(l->epoll_fd, events, EVENTS, may_sleep(l));
    tell_time(l);
    bool busy = l->work != NULL;
    for (int i = 0; i < n; i++)
        busy |= handle(l, &events[i]);
    read_mail(l);
    run_work(l);
    http_timers_run(l);
    if (busy && l->server->config.loop_turn)
        l->server->config.loop_turn(l->server->config.hooks.user, l->number);
    free_dead(l);
    if (l->log_n && l->now - l->log_flushed >= 1000)
        http_access_flush(l);
}

static bool watch(struct loop *l)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &l->wake_source};
    if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->wake_fd, &e) != 0)
        return false;
    for (size_t i = 0; i < l->listeners_n; i++) {
        e.events = l->listeners[i].shared ? EPOLLIN | EPOLLEXCLUSIVE : EPOLLIN;
        e.data.ptr = &l->listeners[i];
        if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->listeners[i].fd, &e) != 0)
            return false;
    }
    return true;
}

void *http_loop_main(void *loop)
{
    struct loop *l = loop;
    const struct http_config *config = &l->server->config;
    http_this_loop = l;
    prepare_fixed(l);
    tell_time(l);
    MUST(watch(l));
    if (config->loop_begin)
        config->loop_begin(config->hooks.user, l->number);
    for (;;) {
        turn(l);
        if (l->stop_at == 0 && atomic_load(&l->stop))
            begin_stop(l);
        if (l->stop_at && stopped(l))
            break;
    }
    if (config->loop_end)
        config->loop_end(config->hooks.user, l->number);
    http_access_flush(l);
    run_work(l); /* only dead ones are left in it */
    free_dead(l);
    return NULL;
}

/* ---- made and freed by http_serve and http_stop ---- */

struct loop *http_loop_new(struct http_server *s, int number)
{
    const struct http_limits *m = &s->config.limits;
    struct loop *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->server = s;
    l->number = number;
    l->wake_source = SOURCE_WAKE;
    l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    l->in_cap = m->request_line_bytes + m->headers_bytes + IN_MORE_BYTES;
    l->in = malloc(l->in_cap);
    l->out = malloc(OUT_BYTES);
    l->log = malloc(OUT_BYTES);
    l->headers = calloc(m->headers_n + 1, sizeof *l->headers);
    l->listeners = calloc(s->config.listen_n + 1, sizeof *l->listeners);
    if (l->epoll_fd >= 0 && l->wake_fd >= 0 && l->in && l->out && l->log && l->headers &&
        l->listeners)
        return l;
    http_loop_free(l);
    return NULL;
}

void http_loop_free(struct loop *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->listeners_n; i++)
        if (l->listeners[i].fd >= 0)
            close(l->listeners[i].fd);
    int fds[] = {l->epoll_fd, l->wake_fd, l->spare_fd};
    for (size_t i = 0; i < 3; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    while (l->spares) {
        struct http_exchange *x = l->spares;
        l->spares = x->mail_next;
        arena_free(x->arena);
        free(x);
    }
    free(l->in);
    free(l->out);
    free(l->log);
    free(l->headers);
    free(l->listeners);
    free(l);
}
