/* http_request.c - from the bytes of a head to a request that outlives them. */
#include "http_inside.h"

#include <stdio.h>

static void lower(struct str s)
{
    char *p = (char *)(uintptr_t)s.p; /* our own copy, see http_request_begin */
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
}

/* From the front that we trust: the last address it added, and how the person came to it. */
static void believe_front(struct http_exchange *x)
{
    struct http_request *rq = &x->request;
    struct str forwarded = S("");
    for (size_t i = 0; i < rq->headers_n; i++)
        if (str_eq_ascii_case(rq->headers[i].name, S("X-Forwarded-For")))
            forwarded = rq->headers[i].value;
    size_t at = forwarded.n;
    while (at > 0 && forwarded.p[at - 1] != ',')
        at--;
    struct str peer = str_trim(str_from(forwarded, at));
    struct sockaddr_storage address;
    socklen_t n;
    char text[PEER_BYTES + 8];
    bool six = str_find(peer, S(":"), NULL);
    if (peer.n && peer.n < PEER_BYTES) {
        int k = snprintf(text, sizeof text, six ? "[%.*s]:0" : "%.*s:0", F(peer));
        if (http_address((struct str){text, (size_t)k}, &address, &n))
            http_peer_text(&address, x->peer);
        rq->peer = str_c(x->peer);
    }
    if (str_eq_ascii_case(http_header(rq, S("X-Forwarded-Proto")), S("https")))
        rq->tls = true;
}

/* Copies the head into the exchange's memory and reads it there. NULL: *status to refuse with. */
struct http_exchange *http_request_begin(struct conn *c, size_t head_bytes, int *status)
{
    struct loop *l = c->loop;
    struct http_exchange *x = http_exchange_new(c);
    if (!x) {
        *status = 503;
        return NULL;
    }
    const size_t most = l->server->config.limits.headers_n * sizeof(struct http_header);
    if (!arena_ready(x->arena, head_bytes + most + 64)) { /* outside of a lane */
        *status = 503;
        http_exchange_spare(x);
        return NULL;
    }
    char *copy = arena_alloc(x->arena, head_bytes);
    memcpy(copy, l->in + l->in_at, head_bytes);
    struct http_head h = {.headers = l->headers};
    if (http_request_parse(copy, head_bytes, &h) == PARSE_BAD) {
        *status = h.status;
        http_exchange_spare(x);
        return NULL;
    }
    struct http_header *headers = NEW_N(x->arena, struct http_header, h.headers_n);
    memcpy(headers, h.headers, h.headers_n * sizeof *headers);
    lower(h.host);
    x->request = (struct http_request){
        .method = h.method,
        .method_text = h.method_text,
        .target = h.target,
        .path = h.path,
        .query = h.query,
        .host = h.host,
        .headers = headers,
        .headers_n = h.headers_n,
        .body_bytes = h.body_bytes,
        .peer = str_c(x->peer),
        .tls = c->ssl != NULL,
        .head_only = h.method == HTTP_HEAD,
    };
    x->close = h.close;
    x->old = h.minor == 0;
    x->expect = h.expect_continue;
    if (c->front)
        believe_front(x);
    return x;
}
