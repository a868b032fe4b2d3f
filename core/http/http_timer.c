/* http_timer.c - deadlines: each kind lasts equally long for all, so a list is in order by itself.
 */
#include "http_inside.h"

static void unlink_timer(struct conn *c)
{
    struct conn_list *list = &c->loop->timers[c->timer];
    list->n--;
    if (c->timer_prev)
        c->timer_prev->timer_next = c->timer_next;
    else
        list->first = c->timer_next;
    if (c->timer_next)
        c->timer_next->timer_prev = c->timer_prev;
    else
        list->last = c->timer_prev;
    c->timer_prev = c->timer_next = NULL;
}

int64_t http_timer_lasts(const struct loop *l, enum timer kind)
{
    const struct http_limits *m = &l->server->config.limits;
    switch (kind) {
    case TIMER_HEAD:
        return m->head_ms;
    case TIMER_BODY:
        return m->body_idle_ms;
    case TIMER_KEEP:
        return m->keep_alive_ms;
    case TIMER_WRITE:
        return m->write_idle_ms;
    case TIMER_LINGER:
        return m->write_idle_ms < 2000 ? m->write_idle_ms : 2000;
    case TIMER_NONE:
    case TIMERS:
        break;
    }
    return 0;
}

void http_timer(struct conn *c, enum timer kind, bool anew)
{
    if (kind == c->timer && !anew)
        return;
    if (c->timer != TIMER_NONE)
        unlink_timer(c);
    c->timer = kind;
    c->progress = 0;
    if (kind == TIMER_NONE)
        return;
    struct conn_list *list = &c->loop->timers[kind];
    c->deadline = c->loop->now + http_timer_lasts(c->loop, kind);
    c->timer_prev = list->last;
    if (list->last)
        list->last->timer_next = c;
    else
        list->first = c;
    list->last = c;
    list->n++;
}

int64_t http_timer_waited(const struct conn *c)
{
    return c->loop->now - (c->deadline - http_timer_lasts(c->loop, c->timer));
}

void http_timers_run(struct loop *l)
{
    for (int kind = TIMER_HEAD; kind < TIMERS; kind++) {
        struct conn *c;
        while ((c = l->timers[kind].first) != NULL && c->deadline <= l->now)
            http_conn_timeout(c); /* takes it off this list */
    }
}
