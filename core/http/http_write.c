/* http_write.c - bytes to the socket as far as it takes them; the rest is kept. */
#include "http_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>

bool http_send_pending(const struct conn *c)
{
    return c->pend_n > c->pend_at || c->rest.n > 0;
}

/* Bytes taken; 0: not now; -1: broken. */
static ssize_t write_some(struct conn *c, struct str a, struct str b)
{
    if (!c->can_write)
        return 0;
    ssize_t n;
    if (c->ssl) {
        n = a.n ? http_tls_write(c, a.p, a.n) : http_tls_write(c, b.p, b.n);
    } else {
        struct iovec v[2] = {{(void *)(uintptr_t)a.p, a.n}, {(void *)(uintptr_t)b.p, b.n}};
        struct msghdr m = {.msg_iov = a.n ? v : v + 1, .msg_iovlen = a.n && b.n ? 2 : 1};
        do
            n = m.msg_iovlen == 1
                    ? send(c->fd, m.msg_iov->iov_base, m.msg_iov->iov_len, MSG_NOSIGNAL)
                    : sendmsg(c->fd, &m, MSG_NOSIGNAL);
        while (n < 0 && errno == EINTR);
        if (n < 0 && errno == EAGAIN) {
            c->can_write = false;
            n = 0;
        }
    }
    if (n > 0) {
        count(&c->loop->counters.bytes_out, (uint64_t)n);
        http_progress(c, (size_t)n);
        if (c->x)
            c->x->bytes_sent += n;
    }
    return n;
}

/* Writes a then b as far as the socket takes them; what is left stays in *a and *b. */
static bool write_both(struct conn *c, struct str *a, struct str *b)
{
    while (a->n || b->n) {
        ssize_t n = write_some(c, *a, *b);
        if (n < 0)
            return false;
        if (n == 0)
            break;
        size_t of_a = (size_t)n < a->n ? (size_t)n : a->n;
        *a = str_from(*a, of_a);
        *b = str_from(*b, (size_t)n - of_a);
    }
    return true;
}

/* Keeps what the socket did not take. Bounded: heads and pieces only, never whole bodies. */
static bool keep(struct conn *c, struct str s)
{
    if (s.n == 0)
        return true;
    if (c->pend_at == c->pend_n)
        c->pend_at = c->pend_n = 0;
    if (s.n > c->pend_cap - c->pend_n) {
        char *wider = realloc(c->pend, c->pend_n + s.n);
        if (!wider)
            return false;
        c->pend = wider;
        c->pend_cap = c->pend_n + s.n;
    }
    memcpy(c->pend + c->pend_n, s.p, s.n);
    c->pend_n += s.n;
    return true;
}

/* Sends a piece that lies in scratch memory, and a body that stays where it is. */
void http_write(struct conn *c, struct str piece, struct str body)
{
    bool good = true;
    if (!http_send_pending(c))
        good = write_both(c, &piece, &body);
    if (!good || !keep(c, piece)) {
        http_conn_abort(c);
        return;
    }
    if (body.n)
        c->rest = body;
}

/* What an earlier turn left. True: some of it went out, or the connection is no more. */
bool http_write_pending(struct conn *c)
{
    struct str pend = str_from((struct str){c->pend, c->pend_n}, c->pend_at);
    size_t before = pend.n + c->rest.n;
    if (!write_both(c, &pend, &c->rest)) {
        http_conn_abort(c);
        return true;
    }
    c->pend_at = c->pend_n - pend.n;
    if (pend.n == 0 && c->pend) {
        free(c->pend);
        c->pend = NULL;
        c->pend_at = c->pend_n = c->pend_cap = 0;
    }
    return pend.n + c->rest.n < before;
}
