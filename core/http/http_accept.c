/* http_accept.c - from a listening socket to a connection. */
#include "http_inside.h"

#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A unix socket is clear text always: the file's rights guard it, and a front ended the TLS. */
static bool speaks_tls(const struct loop *l, const struct sockaddr_storage *from)
{
    return atomic_load(&l->server->tls_on) && from->ss_family != AF_UNIX;
}

/* Who makes room when all places are taken, in this order: of its kind the one that waits longest
 * without a word, and only if that is as long as this part of its deadline. Who keeps a connection
 * and has asked before does not give way to a crowd that connects and asks nothing. */
static const struct {
    enum timer kind;
    int part; /* 0: at once */
} gives_way[] = {
    {TIMER_HEAD, 10}, {TIMER_KEEP, 0}, {TIMER_HEAD, 0}, {TIMER_BODY, 4}, {TIMER_WRITE, 4}};

/* More than half of all have not asked anything: people ask as soon as they are connected. */
static bool is_crowd(const struct loop *l)
{
    return l->timers[TIMER_HEAD].n * 2 > l->conns_n;
}

static bool may_give_way(const struct conn *c, int part)
{
    if (c->timer == TIMER_HEAD && is_crowd(c->loop))
        return true;
    if (c->timer == TIMER_KEEP && !http_conn_idle(c))
        return false;
    if (c->x && atomic_load(&c->x->paused)) /* by us: not the sender's fault */
        return false;
    return part == 0 || http_timer_waited(c) * part >= http_timer_lasts(c->loop, c->timer);
}

/* False: everybody is being answered, or gets on. */
static bool make_room(struct loop *l)
{
    for (size_t i = 0; i < sizeof gives_way / sizeof *gives_way; i++) {
        struct conn *c = l->timers[gives_way[i].kind].first;
        if (!c || !may_give_way(c, gives_way[i].part))
            continue;
        http_conn_quit(c);
        return true;
    }
    return false;
}

static void say_full(struct loop *l, int fd, bool tls)
{
    static const char full[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
                               "Retry-After: 5\r\nConnection: close\r\n\r\n";
    if (!tls)
        (void)!send(fd, full, sizeof full - 1, MSG_NOSIGNAL);
    close(fd);
    count(&l->counters.refused, 1);
}

static struct conn *new_conn(struct loop *l, int fd, const struct sockaddr_storage *from)
{
    struct conn *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    *c = (struct conn){.source = SOURCE_CONN, .fd = fd, .loop = l, .can_write = true};
    c->accepted_at = l->now;
    c->shaken = true;
    http_peer_text(from, c->peer);
    c->unix_peer = from->ss_family == AF_UNIX;
    c->front = l->server->config.trusted_front.n &&
               str_eq(l->server->config.trusted_front, str_c(c->peer));
    if (!speaks_tls(l, from))
        return c;
    c->ssl = http_tls_accept(l->server, fd);
    c->shaken = false;
    if (c->ssl)
        return c;
    free(c);
    return NULL;
}

static void take(struct loop *l, int fd, const struct sockaddr_storage *from)
{
    if (atomic_load(&l->server->conns_n) >= l->server->config.limits.connections && !make_room(l)) {
        say_full(l, fd, speaks_tls(l, from));
        return;
    }
    int one = 1;
    if (from->ss_family != AF_UNIX)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct conn *c = new_conn(l, fd, from);
    /* Edge-triggered, once for the connection's life: no epoll_ctl between requests. */
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    if (!c || epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &e) != 0) {
        if (c)
            SSL_free(c->ssl);
        free(c);
        say_full(l, fd, speaks_tls(l, from));
        return;
    }
    c->all_prev = l->all.last;
    if (l->all.last)
        l->all.last->all_next = c;
    else
        l->all.first = c;
    l->all.last = c;
    l->conns_n++;
    atomic_fetch_add(&l->server->conns_n, 1);
    count(&l->counters.accepted, 1);
    http_timer(c, TIMER_HEAD, true);
}

/* No descriptor is left: the listener would report this one for ever. The spare descriptor
 * lets us take it and close it, so the peer learns at once. */
static void out_of_descriptors(struct loop *l, int listener)
{
    log_event(LOG_ERROR, "http.no_descriptors", KN("loop", l->number),
              KN("connections", l->conns_n));
    if (make_room(l))
        return;
    close(l->spare_fd);
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        say_full(l, fd, atomic_load(&l->server->tls_on));
    l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void http_accept(struct loop *l, struct listener *at, int at_most)
{
    for (int i = 0; i < at_most && at->fd >= 0; i++) {
        struct sockaddr_storage from = {.ss_family = AF_UNIX};
        socklen_t n = sizeof from;
        int fd = accept4(at->fd, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            if (at->is_unix)
                from.ss_family = AF_UNIX;
            take(l, fd, &from);
        } else if (errno == EMFILE || errno == ENFILE) {
            out_of_descriptors(l, at->fd);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}
