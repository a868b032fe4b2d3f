/*
 * http.h - strict HTTP/1.1 (RFC 9110, 9112) on epoll, with TLS 1.2/1.3; server and client side
 * share the parser, so that the bus can stand on the same core.
 *
 * One event loop a thread, each with its own SO_REUSEPORT sockets; unix sockets too. A request
 * is an exchange. The user's hooks run in the loop thread of the connection and must not wait;
 * the answer may come from any thread, at any later time: not answering yet is suspending.
 * Requests on one connection are served in order (pipelining waits in the socket buffer).
 *
 * What is refused, always with Connection: close: everything in http-stack.md section 7 (two
 * Content-Length, CL with TE, unknown TE, space before colon, signs in lengths, bare CR or LF,
 * NUL, empty names, no or two Host, obs-fold, ...); over a limit: 414, 431, 413, 408.
 */
#pragma once
#include "base/base.h"

enum http_method {
    HTTP_GET = 1,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_OTHER
};

struct http_header {
    struct str name, value;
}; /* value trimmed */

struct http_limits {
    size_t request_line_bytes; /* 8192  -> 414 */
    size_t headers_bytes;      /* 32768 -> 431 */
    size_t headers_n;          /* 100   -> 431 */
    int64_t body_bytes;        /* 64 MiB; http_take_body may set less for one exchange -> 413 */
    int head_ms, body_idle_ms, keep_alive_ms, write_idle_ms; /* 10 s, 20 s, 75 s, 20 s */
    size_t connections; /* 10,000: beyond it who asks nothing or is idle makes room, else 503 */
    size_t requests_per_connection; /* 100,000 */
};
extern const struct http_limits http_limits_default;

struct http_request {
    enum http_method method;
    struct str method_text;
    struct str target; /* as sent */
    struct str path;   /* before '?', still percent-encoded, starts with '/'; "*" of OPTIONS * */
    struct str query;  /* after '?', still encoded */
    struct str host;   /* of Host (or an absolute target), lower case, validated, with its port */
    const struct http_header *headers; /* in order; names as sent */
    size_t headers_n;
    int64_t body_bytes; /* of Content-Length; 0 none; -1 chunked */
    struct str peer;    /* "203.0.113.9" or "unix"; from X-Forwarded-For only of a trusted front */
    bool tls;
    bool head_only; /* HEAD: an answer's body is measured, not sent */
};
struct str http_header(const struct http_request *rq,
                       struct str name); /* the first; empty if none */

/* If-Match and If-None-Match over the strong entity tag that a thing has now, without its quotes
 * (empty: it has none, and only "*" can match). 200: go on; 304; 412: refuse. Dates of conditions
 * and Range are not looked at: no answer has Last-Modified or Accept-Ranges. */
int http_condition(const struct http_request *rq, struct str etag);

struct http_server;
struct http_exchange; /* one request and its answer */

/* Pulls the next piece of a streamed body into piece->p[0..cap); n = 0 ends it. Runs in the loop
 * thread. ERR_BUSY: nothing yet, http_stream_ready will say when. Any other error cuts the
 * connection, so that the peer sees an incomplete body rather than a short complete one. */
typedef enum err http_pull(void *state, char *p, size_t cap, size_t *n);

struct http_answer {
    int status;
    const struct http_header *headers; /* without Content-Length, Connection, Date: the core's */
    size_t headers_n;
    struct str body; /* whole, or ... */
    http_pull *pull; /* ... streamed: chunked unless length >= 0 is stated */
    void *pull_state;
    int64_t pull_length;                 /* -1: unknown */
    void (*pull_done)(void *pull_state); /* always called once: sent, or given up */
    bool close;                          /* close the connection after it */
};

struct http_hooks {
    /* The head is complete. Either answer (the body is then read and dropped within limits, or
     * the connection closed), or http_take_body and wait. */
    void (*head)(void *user, struct http_exchange *x);
    void (*body)(void *user, struct http_exchange *x, struct str piece); /* each piece */
    /* The body that was taken is whole; of a request without a body at once. Not called when
     * the exchange was answered before, or when the core refused (413, 400, 408). */
    void (*complete)(void *user, struct http_exchange *x);
    /* The exchange ends: answered and sent, or the peer is gone. Called exactly once for each
     * head; afterwards x is invalid, and a late http_answer must not be made: see http_hold. */
    void (*end)(void *user, struct http_exchange *x, bool sent);
    void *user;
};

const struct http_request *http_request(const struct http_exchange *x);
/* The exchange's own memory, freed after `end` (and after the last http_drop). */
struct arena *http_arena(struct http_exchange *x);
void http_set_state(struct http_exchange *x, void *state);
void *http_state(const struct http_exchange *x);
/* Sends 100 Continue if it is expected; pieces then arrive. limit: bytes of this body at most.
 * In the loop thread only (in `head`, as a rule). Over the limit the core answers 413 itself. */
void http_take_body(struct http_exchange *x, int64_t limit);
/* Stops and resumes reading this body: back-pressure. Any thread. */
void http_pause_body(struct http_exchange *x);
void http_resume_body(struct http_exchange *x);
/* Keeps x valid over `end` for another thread; every hold needs one drop, from any thread. */
void http_hold(struct http_exchange *x);
void http_drop(struct http_exchange *x);
/* Answers, once, from any thread. What `a` points to must live in http_arena(x) or be static;
 * *a itself is copied. When the peer has gone, or the core had to answer first, it is dropped. */
void http_answer(struct http_exchange *x, const struct http_answer *a);
void http_stream_ready(struct http_exchange *x); /* after ERR_BUSY of a pull; any thread */

struct http_config {
    const struct str *listen; /* "127.0.0.1:8080", "[::1]:8080", "unix:/run/tinhso/http.sock",
                                 "fd:3" (inherited socket) */
    size_t listen_n;
    int loops; /* threads; 0: one a core */
    struct http_limits limits;
    struct http_hooks hooks;
    struct str tls_cert_path, tls_key_path; /* PEM; empty: clear text; unix sockets always are */
    bool tls_later; /* while there is no file at tls_cert_path: clear text; http_reload_tls turns
                       to TLS once there is */
    struct str access_log_path; /* empty: none; "-": standard output */
    struct str trusted_front;   /* peer address whose X-Forwarded-For/-Proto counts */
    struct str server_name;     /* value of the Server header; empty: none */
    /* Called in each loop thread before and after its work, for thread-bound resources
     * (a read connection), and once a turn when events were handled (to end a snapshot). */
    void (*loop_begin)(void *user, int loop);
    void (*loop_turn)(void *user, int loop);
    void (*loop_end)(void *user, int loop);
};
/* Binds everything before it returns. ERR_BUSY: an address is taken (why names it). */
enum err http_serve(struct cx *cx, const struct http_config *config, struct http_server **out);
/* After the access log was moved away: opens its path anew. */
enum err http_reopen_log(struct cx *cx, struct http_server *s);
enum err http_reload_tls(struct cx *cx,
                         struct http_server *s); /* certificates from the same paths */
/* Accepts no more, answers what was accepted (at most `wait_ms`), closes, joins the threads.
 * Waits up to 2 s more for exchanges that other threads still hold. */
void http_stop(struct http_server *s, int wait_ms);
/* The port of config->listen[i]: what the system chose when 0 was asked. 0 of a unix socket. */
int http_port(const struct http_server *s, size_t i);
void http_metrics(const struct http_server *s, struct buf *out); /* Prometheus text */

/* ---- the client side of the same parser: blocking, for jobs, tests and `tinhso` verbs ---- */
struct http_call {
    struct str url; /* http:// or https:// or unix:/path:/target */
    struct str method;
    const struct http_header *headers;
    size_t headers_n;
    struct str body;
    int timeout_ms;
    size_t answer_limit;
    struct str tls_ca_path; /* empty: the system's */
};
struct http_reply {
    int status;
    const struct http_header *headers;
    size_t headers_n;
    struct str body;
};
/* ERR_BUSY: no connection or no answer in time. ERR_INVALID: the address cannot be called, or the
 * answer breaks the rules. ERR_LIMIT: it is longer than answer_limit (0: 16 MiB). Follows no
 * redirect, asks for no compression, makes a new connection for each call. */
enum err http_do(struct cx *cx, const struct http_call *call, struct http_reply *out);

/* ---- pieces others need ---- */
bool url_decode(struct arena *a, struct str encoded, bool plus_is_space,
                struct str *out);                         /* false: malformed, NUL, or not UTF-8 */
struct str url_encode(struct arena *a, struct str plain); /* unreserved stay */
struct str http_date(struct arena *a, int64_t utc_ms);    /* IMF-fixdate */
bool http_date_parse(struct str s, int64_t *utc_ms);
const char *http_reason(int status);

/* multipart/form-data (RFC 7578), fed piece by piece; nothing is buffered but part headers. */
struct multipart;
struct multipart_hooks {
    enum err (*part)(void *user, struct str name, struct str filename,
                     struct str content_type); /* filename.p NULL: a field */
    enum err (*data)(void *user, struct str piece);
    enum err (*part_end)(void *user);
    void *user;
};
struct multipart *multipart_new(struct arena *a, struct str content_type,
                                const struct multipart_hooks *h); /* NULL: no valid boundary */
enum err multipart_feed(struct multipart *m,
                        struct str piece);   /* ERR_INVALID: malformed; or a hook's error */
enum err multipart_end(struct multipart *m); /* ERR_INVALID: cut short */
