/* http_client.c - one call, blocking, with one deadline for all of it. */
#include "http_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#define TIMEOUT_MS_USUAL 30000
#define ANSWER_BYTES_USUAL ((size_t)16 << 20)
#define READ_BYTES ((size_t)64 * 1024)

static const struct http_limits answer_limits = {
    .request_line_bytes = 8192, .headers_bytes = 65536, .headers_n = 200};

struct client {
    struct cx *cx;
    const struct http_call *call;
    struct http_url url;
    int fd;
    SSL_CTX *tls;
    SSL *ssl;
    int64_t deadline; /* monotonic ms */
    char *in;         /* in_n bytes read and not used yet */
    size_t in_n, in_cap;
    bool eof;
};

static void close_client(void *client)
{
    struct client *c = client;
    SSL_free(c->ssl);
    SSL_CTX_free(c->tls);
    if (c->fd >= 0)
        close(c->fd);
}

static enum err no_answer(struct client *c, const char *what)
{
    return fail(c->cx, ERR_BUSY, "%.*s: %s", F(c->url.authority), what);
}

static enum err broken(struct client *c, const char *what)
{
    return fail(c->cx, ERR_INVALID, "%.*s: %s", F(c->url.authority), what);
}

/* Waits until the socket is ready. ERR_BUSY: the deadline passed. */
static enum err await(struct client *c, short events)
{
    struct pollfd p = {.fd = c->fd, .events = events};
    for (;;) {
        int64_t left = c->deadline - http_monotonic_us() / 1000;
        int r = left > 0 ? poll(&p, 1, left > INT32_MAX ? INT32_MAX : (int)left) : 0;
        if (r > 0)
            return OK;
        if (r == 0)
            return no_answer(c, "no answer in time");
        if (errno != EINTR)
            return no_answer(c, strerror(errno));
    }
}

/* ---- connecting ---- */

static enum err connect_one(struct client *c, const struct sockaddr *at, socklen_t n)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = socket(at->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        return no_answer(c, strerror(errno));
    if (connect(c->fd, at, n) == 0)
        return OK;
    if (errno != EINPROGRESS)
        return no_answer(c, strerror(errno));
    TRY(await(c, POLLOUT));
    int why = 0;
    socklen_t why_n = sizeof why;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &why, &why_n);
    return why == 0 ? OK : no_answer(c, strerror(why));
}

/* The resolver has its own time limits; the deadline does not reach into it. */
static enum err connect_host(struct client *c)
{
    struct addrinfo want = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *found;
    char port[8];
    snprintf(port, sizeof port, "%d", c->url.port);
    const char *host = str_z(c->cx->arena, c->url.host);
    int r = getaddrinfo(host, port, &want, &found);
    if (r == EAI_ADDRFAMILY || r == EAI_NONAME) { /* a machine with only the loopback address */
        want.ai_flags = 0;
        r = getaddrinfo(host, port, &want, &found);
    }
    if (r != 0)
        return no_answer(c, gai_strerror(r));
    enum err e = ERR_BUSY;
    for (struct addrinfo *at = found; at && e != OK; at = at->ai_next)
        e = connect_one(c, at->ai_addr, at->ai_addrlen);
    freeaddrinfo(found);
    return e;
}

static enum err connect_unix(struct client *c)
{
    struct sockaddr_un u = {.sun_family = AF_UNIX};
    if (c->url.socket.n >= sizeof u.sun_path)
        return broken(c, "đường dẫn socket quá dài");
    memcpy(u.sun_path, c->url.socket.p, c->url.socket.n);
    return connect_one(c, (struct sockaddr *)&u, sizeof u);
}

/* ---- TLS ---- */

/* Waits for what the unfinished TLS call wants. */
static enum err tls_await(struct client *c, int r, const char *what)
{
    int why = SSL_get_error(c->ssl, r);
    if (why == SSL_ERROR_WANT_READ)
        return await(c, POLLIN);
    if (why == SSL_ERROR_WANT_WRITE)
        return await(c, POLLOUT);
    long verified = SSL_get_verify_result(c->ssl);
    char text[160];
    ERR_error_string_n(ERR_peek_last_error(), text, sizeof text);
    ERR_clear_error();
    return fail(c->cx, ERR_BUSY, "%.*s: %s: %s", F(c->url.authority), what,
                verified != X509_V_OK ? X509_verify_cert_error_string(verified) : text);
}

static bool prepare_tls(struct client *c)
{
    struct str ca = c->call->tls_ca_path;
    const char *host = str_z(c->cx->arena, c->url.host);
    c->tls = SSL_CTX_new(TLS_client_method());
    if (!c->tls || SSL_CTX_set_min_proto_version(c->tls, TLS1_2_VERSION) != 1)
        return false;
    SSL_CTX_set_options(c->tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_verify(c->tls, SSL_VERIFY_PEER, NULL);
    if (ca.n ? SSL_CTX_load_verify_locations(c->tls, str_z(c->cx->arena, ca), NULL) != 1
             : SSL_CTX_set_default_verify_paths(c->tls) != 1)
        return false;
    c->ssl = SSL_new(c->tls);
    if (!c->ssl || SSL_set_fd(c->ssl, c->fd) != 1)
        return false;
    X509_VERIFY_PARAM *p = SSL_get0_param(c->ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(p, host) == 1)
        return true; /* an address: no name is sent */
    ERR_clear_error();
    return SSL_set1_host(c->ssl, host) == 1 && SSL_set_tlsext_host_name(c->ssl, host) == 1;
}

static enum err shake_hands(struct client *c)
{
    if (!prepare_tls(c)) {
        ERR_clear_error();
        return fail(c->cx, ERR_IO, "cannot set up TLS for %.*s", F(c->url.authority));
    }
    for (;;) {
        int r = SSL_connect(c->ssl);
        if (r == 1)
            return OK;
        TRY(tls_await(c, r, "no TLS connection"));
    }
}

/* ---- bytes ---- */

/* *gone: the peer takes no more; its answer may be there all the same. */
static enum err send_all(struct client *c, struct str s, bool *gone)
{
    while (s.n && !*gone) {
        if (c->ssl) {
            int r = SSL_write(c->ssl, s.p, s.n > INT32_MAX ? INT32_MAX : (int)s.n);
            if (r > 0) {
                s = str_from(s, (size_t)r);
                continue;
            }
            TRY(tls_await(c, r, "the connection broke while sending"));
            continue;
        }
        ssize_t n = send(c->fd, s.p, s.n, MSG_NOSIGNAL);
        if (n > 0)
            s = str_from(s, (size_t)n);
        else if (n < 0 && errno == EAGAIN)
            TRY(await(c, POLLOUT));
        else if (n < 0 && errno != EINTR)
            *gone = true;
    }
    return OK;
}

/* Reads more behind what is there. */
static enum err read_some(struct client *c)
{
    MUST(c->in_n < c->in_cap);
    for (;;) {
        ssize_t n;
        if (c->ssl) {
            int r = SSL_read(c->ssl, c->in + c->in_n, (int)(c->in_cap - c->in_n));
            if (r <= 0 && SSL_get_error(c->ssl, r) != SSL_ERROR_ZERO_RETURN) {
                TRY(tls_await(c, r, "the connection broke"));
                continue;
            }
            n = r > 0 ? r : 0;
        } else {
            n = recv(c->fd, c->in + c->in_n, c->in_cap - c->in_n, 0);
            if (n < 0 && errno == EAGAIN) {
                TRY(await(c, POLLIN));
                continue;
            }
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                return no_answer(c, strerror(errno));
        }
        c->eof = n == 0;
        c->in_n += (size_t)n;
        return OK;
    }
}

static void used(struct client *c, size_t n)
{
    memmove(c->in, c->in + n, c->in_n - n);
    c->in_n -= n;
}

/* ---- the request ---- */

static bool given(const struct http_call *call, struct str name)
{
    for (size_t i = 0; i < call->headers_n; i++)
        if (str_eq_ascii_case(call->headers[i].name, name))
            return true;
    return false;
}

static enum err request_head(struct client *c, struct str method, struct str *out)
{
    const struct http_call *call = c->call;
    struct buf b = {.arena = c->cx->arena, .limit = (size_t)1 << 20};
    if (!http_token(method))
        return broken(c, "tên phương thức không đúng");
    buf_fmt(&b, "%.*s %.*s HTTP/1.1\r\n", F(method), F(c->url.target));
    if (!given(call, S("Host")))
        buf_fmt(&b, "Host: %.*s\r\n", F(c->url.authority));
    for (size_t i = 0; i < call->headers_n; i++) {
        struct http_header h = call->headers[i];
        if (!http_token(h.name) || !http_header_value(h.value))
            return broken(c, "tiêu đề gửi đi chứa ký tự điều khiển");
        buf_fmt(&b, "%.*s: ", F(h.name));
        buf_add(&b, h.value);
        buf_add(&b, S("\r\n"));
    }
    bool has_body = call->body.n || str_eq(method, S("POST")) || str_eq(method, S("PUT")) ||
                    str_eq(method, S("PATCH"));
    if (has_body && !given(call, S("Content-Length")))
        buf_fmt(&b, "Content-Length: %zu\r\n", call->body.n);
    buf_add(&b, S("Connection: close\r\n\r\n"));
    *out = buf_str(&b);
    return b.full ? broken(c, "tiêu đề gửi đi quá dài") : OK;
}

static enum err send_request(struct client *c, struct str method)
{
    struct str head = S("");
    bool gone = false;
    TRY(request_head(c, method, &head));
    TRY(send_all(c, head, &gone));
    return send_all(c, c->call->body, &gone);
}

/* ---- the answer ---- */

static enum err read_head(struct client *c, bool to_head, struct http_head *out)
{
    for (;;) {
        struct http_scan scan = {0};
        size_t head_bytes = 0;
        int status;
        enum parse r;
        while ((r = http_head_find(c->in, c->in_n, &answer_limits, &scan, &head_bytes, &status)) ==
               PARSE_MORE) {
            if (c->eof)
                return c->in_n ? broken(c, "câu trả lời bị cắt ngang")
                               : no_answer(c, "the connection closed without an answer");
            TRY(read_some(c));
        }
        if (r == PARSE_BAD)
            return broken(c, "câu trả lời không đúng quy tắc HTTP");
        struct str copy = str_dup(c->cx->arena, (struct str){c->in, head_bytes});
        if (http_response_parse(copy.p, copy.n, to_head, out) == PARSE_BAD)
            return broken(c, "câu trả lời không đúng quy tắc HTTP");
        used(c, head_bytes);
        if (out->status >= 200 || out->status == 101)
            return OK;
    }
}

/* What is in the buffer goes to the body; true: the body is whole. */
static enum err take_body(struct client *c, struct http_chunks *chunks, int64_t *left,
                          struct buf *body, bool *whole)
{
    size_t n = c->in_n;
    struct str piece = {c->in, n};
    *whole = false;
    if (*left == -1) {
        enum parse r = http_chunks_feed(chunks, c->in, c->in_n, &n, &piece);
        if (r == PARSE_BAD)
            return broken(c, "câu trả lời không đúng quy tắc HTTP");
        *whole = r == PARSE_DONE;
    } else if (*left >= 0) {
        n = (int64_t)n < *left ? n : (size_t)*left;
        piece.n = n;
        *left -= (int64_t)n;
        *whole = *left == 0;
    }
    buf_add(body, piece);
    used(c, n);
    return body->full ? fail(c->cx, ERR_LIMIT, "%.*s: câu trả lời dài quá %zu byte",
                             F(c->url.authority), body->limit)
                      : OK;
}

static enum err read_body(struct client *c, int64_t left, struct str *out)
{
    /* A growing buf leaves its smaller selves behind: together less than twice its size. */
    size_t room = arena_room(c->cx->arena) / 3;
    size_t usual = room < ANSWER_BYTES_USUAL ? room : ANSWER_BYTES_USUAL;
    size_t limit = c->call->answer_limit ? c->call->answer_limit : usual;
    struct buf body = {.arena = c->cx->arena, .limit = limit};
    struct http_chunks chunks = {0};
    bool whole = left == 0;
    while (!whole) {
        if (c->in_n == 0)
            TRY(read_some(c));
        if (c->in_n == 0 && c->eof) {
            if (left != -2)
                return broken(c, "câu trả lời bị cắt ngang");
            break;
        }
        TRY(take_body(c, &chunks, &left, &body, &whole));
    }
    *out = buf_str(&body);
    return OK;
}

static enum err exchange(struct client *c, struct http_reply *out)
{
    struct str method = c->call->method.n ? c->call->method : S("GET");
    TRY(c->url.socket.n ? connect_unix(c) : connect_host(c));
    if (c->url.tls)
        TRY(shake_hands(c));
    TRY(send_request(c, method));
    struct http_head head = {
        .headers = NEW_N(c->cx->arena, struct http_header, answer_limits.headers_n + 1)};
    TRY(read_head(c, str_eq(method, S("HEAD")), &head));
    *out = (struct http_reply){
        .status = head.status, .headers = head.headers, .headers_n = head.headers_n};
    return read_body(c, head.body_bytes, &out->body);
}

enum err http_do(struct cx *cx, const struct http_call *call, struct http_reply *out)
{
    struct client c = {.cx = cx, .call = call, .fd = -1, .in_cap = READ_BYTES * 2};
    if (!http_url_parse(call->url, &c.url))
        return fail(cx, ERR_INVALID, T("Địa chỉ %.*s không gọi được."),
                    F(str_until(call->url, 200)));
    int timeout = call->timeout_ms > 0 ? call->timeout_ms : TIMEOUT_MS_USUAL;
    c.deadline = http_monotonic_us() / 1000 + timeout;
    c.in = arena_alloc(cx->arena, c.in_cap);
    struct closer closer;
    cx_register(cx, &closer, close_client, &c);
    /* OpenSSL writes without MSG_NOSIGNAL: a peer that is gone must not end the process. */
    sigset_t pipe_only, before;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    enum err e = exchange(&c, out);
    static const struct timespec at_once;
    while (sigtimedwait(&pipe_only, NULL, &at_once) > 0)
        ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    cx_release(cx, &closer);
    close_client(&c);
    return e;
}
