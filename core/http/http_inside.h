/*
 * http_inside.h - what the files of this folder share. Nobody else includes it but the fuzz
 * targets, which feed the pure readers.
 *
 * Layers, lowest first:
 *   http_parse, http_framing, http_chunk   pure: bytes in, result out
 *   http_text, http_url, http_multipart   pure helpers
 *   http_tls, http_listen    sockets and certificates
 *   http_loop, http_timer    one thread: epoll, deadlines, the mailbox of other threads
 *   http_conn, http_request, http_send, http_write   one connection: requests in, answers out
 *   http_exchange            the door's calls on one request
 *   http_access, http_metrics  what operators see
 *   http_server              starts and stops the loops
 */
#pragma once
#include "http/http.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

/* ---- http_parse.c: the head of a request or response ---- */

enum parse { PARSE_MORE, PARSE_DONE, PARSE_BAD };

/* Where the search for the end of a head stands, so that no byte is looked at twice. */
struct http_scan {
    size_t at;        /* bytes already searched */
    size_t line;      /* where the current line begins */
    size_t first_end; /* end of the first line; 0: not seen */
    size_t lines;     /* header lines seen */
};

struct http_head {
    enum http_method method;
    struct str method_text, target, path, query, host;
    struct http_header *headers;
    size_t headers_n;
    int64_t body_bytes; /* 0 none, -1 chunked; of a response -2: until the connection closes */
    int status;         /* of a response; of a refused request the status to answer */
    int minor;          /* HTTP/1.minor */
    bool close;         /* the connection ends after it */
    bool expect_continue;
};

/* Finds the blank line that ends the head at p[0..n). DONE: *head_bytes with it. BAD: *status. */
enum parse http_head_find(const char *p, size_t n, const struct http_limits *limits,
                          struct http_scan *scan, size_t *head_bytes, int *status);
/* Reads one whole head, found before. `out->headers` has room for limits->headers_n. The slices
 * point into p. BAD: out->status says how to refuse it. */
enum parse http_request_parse(const char *p, size_t n, struct http_head *out);
enum parse http_response_parse(const char *p, size_t n, bool to_head, struct http_head *out);
bool http_token(struct str s);        /* a method or header name */
bool http_header_value(struct str s); /* no CR, LF, NUL or other control but tab */
struct str http_header_in(const struct http_header *headers, size_t n, struct str name);

/* http_framing.c */
/* What the framing headers said so far. */
struct http_framing {
    bool length, coded, host;
    int64_t length_value;
    struct str coding, connection, expect;
};
bool http_host_valid(struct str host);
/* Notes one header; each of those that frame the message at most once. 0, or the status. */
int http_note_framing(const struct http_header *h, struct http_framing *f, struct http_head *out);
/* The length of the body, when all headers are noted. 0, or the status. */
int http_body_of(const struct http_framing *f, struct http_head *out);

/* ---- http_chunk.c: chunked bodies ---- */

enum chunk_state {
    CHUNK_SIZE,
    CHUNK_BLANK,
    CHUNK_EXT,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER,
    CHUNK_TRAILER_LINE,
    CHUNK_TRAILER_LF,
    CHUNK_END_LF,
    CHUNK_END
};
struct http_chunks {
    enum chunk_state state;
    int digits;
    int64_t left; /* of the chunk */
    size_t ext_bytes, trailer_bytes;
    bool colon;           /* seen in this trailer line */
    bool quoted, escaped; /* within an extension */
};
/* Takes bytes at p[0..n): *used of them, of which `data` (a slice of p, maybe empty) is body.
 * MORE: feed the rest, if any, again. DONE: the body and its trailer are whole. */
enum parse http_chunks_feed(struct http_chunks *c, const char *p, size_t n, size_t *used,
                            struct str *data);

/* ---- http_text.c ---- */

#define HTTP_DATE_BYTES 29
void http_date_write(char out[HTTP_DATE_BYTES + 1], int64_t utc_ms);
size_t http_digits(char out[20], uint64_t v);
struct str http_core_text(int status); /* the sentence of the core's own answers */

/* ---- http_url.c ---- */

struct http_url {
    bool tls;
    struct str host; /* without brackets */
    int port;
    struct str authority; /* as sent in Host */
    struct str socket;    /* of unix: */
    struct str target;    /* "/..." */
};
bool http_url_parse(struct str url, struct http_url *out);

/* ---- the server ---- */

enum { STATUS_MAX = 600, DURATIONS = 12, PEER_BYTES = 48 };
#define IN_MORE_BYTES ((size_t)64 * 1024)
#define OUT_BYTES ((size_t)64 * 1024)
#define SMALL_BODY_BYTES ((size_t)16 * 1024)
#define PIECE_BYTES ((size_t)32 * 1024)   /* of a streamed answer */
#define DROP_BYTES ((int64_t)1024 * 1024) /* of an unwanted body, before we close instead */
#define ARENA_BYTES ((size_t)64 * 1024 * 1024)

struct loop;
struct conn;

/* Written by one loop, read by whoever asks for metrics. */
struct counters {
    _Atomic uint64_t status[STATUS_MAX];
    _Atomic uint64_t duration[DURATIONS + 1]; /* not cumulated */
    _Atomic uint64_t duration_us, requests, accepted, closed, refused, bytes_in, bytes_out;
    _Atomic uint64_t handshakes, handshakes_failed, timeouts, malformed, vanished;
};
static inline void count(_Atomic uint64_t *c, uint64_t n)
{
    /* One writer: no locked instruction is needed. */
    atomic_store_explicit(c, atomic_load_explicit(c, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

enum mail { MAIL_ANSWER = 1, MAIL_RESUME = 2, MAIL_STREAM = 4, MAIL_FREE = 8 };

struct http_exchange {
    struct http_exchange *mail_next; /* in the loop's mailbox, or its list of spares */
    _Atomic unsigned mail;           /* enum mail bits; not 0: it is in the mailbox */
    _Atomic int refs;                /* the loop's one and each hold */
    _Atomic bool answer_taken, paused;
    struct loop *loop;
    struct conn *conn; /* NULL after `end`; only the loop looks */
    struct arena *arena;
    void *state;
    struct http_request request;
    struct http_answer answer;
    int64_t began_us, body_limit, body_seen, bytes_sent;
    bool answered, taken, ended, expect; /* expect: 100 Continue is still owed */
    bool close;                          /* the request asks for it, or HTTP/1.0 */
    bool old;                            /* HTTP/1.0: no chunks */
    char peer[PEER_BYTES];
};

enum source { SOURCE_WAKE, SOURCE_LISTENER, SOURCE_CONN };
enum input { IN_HEAD, IN_BODY, IN_WAIT, IN_DROP, IN_LINGER };
enum timer { TIMER_NONE, TIMER_HEAD, TIMER_BODY, TIMER_KEEP, TIMER_WRITE, TIMER_LINGER, TIMERS };

struct conn {
    enum source source; /* first: epoll hands out a pointer to it */
    int fd;
    struct loop *loop;
    SSL *ssl;
    bool can_read, can_write, half_closed, eof, hung_up; /* what the socket said last */
    bool shaken; /* the TLS handshake is done, or there is none */
    bool running, queued, dead, unix_peer, front;
    bool sending; /* the answer of x is on its way out */
    bool chunked_out, pull_waiting, pull_ended;
    bool close_after; /* close when what is pending is sent */
    bool linger;      /* ... and read on a while, so that our answer is not lost in a reset */
    bool refresh;     /* a deadline of the same kind begins anew */
    enum input in;
    enum timer timer;
    struct http_scan scan;
    struct http_chunks chunks;
    int64_t body_left; /* -1: chunked */
    int64_t drop_left;
    char *saved; /* input waiting for the exchange before it, or for its rest */
    size_t saved_n, saved_cap;
    char *pend; /* output the socket did not take */
    size_t pend_at, pend_n, pend_cap;
    struct str rest; /* the unsent part of a whole body */
    int64_t pull_left;
    size_t progress; /* bytes since the deadline was set */
    struct http_exchange *x;
    uint64_t requests;
    int64_t deadline, accepted_at;
    struct conn *timer_prev, *timer_next, *all_prev, *all_next, *work_next, *dead_next;
    char peer[PEER_BYTES];
};

struct listener {
    enum source source;
    int fd;
    bool is_unix, shared;
};

struct conn_list {
    struct conn *first, *last;
    size_t n; /* of timers */
};

struct loop {
    struct http_server *server;
    int number, epoll_fd, wake_fd, spare_fd;
    pthread_t thread;
    enum source wake_source;
    struct listener *listeners;
    size_t listeners_n;
    struct http_exchange *_Atomic mailbox;
    _Atomic bool stop;           /* set by http_stop */
    _Atomic int posting;         /* threads inside http_post */
    int64_t stop_at, stop_until; /* monotonic ms; 0: not stopping */
    int64_t stop_turns;
    int64_t now, now_us, wall_ms; /* monotonic and wall clock of this turn */
    int64_t wall_second;
    char fixed[256]; /* "Server: ...\r\nDate: ...\r\n" of this second */
    size_t fixed_n, fixed_date_at;
    struct conn_list timers[TIMERS], all;
    size_t conns_n;
    struct conn *work, *dead; /* to run again this turn; to free at its end */
    struct http_exchange *spares;
    size_t spares_n, held_n;     /* held_n: exchanges that ended but are still held */
    struct http_header *headers; /* scratch of the parser, limits.headers_n */
    char *in;                    /* scratch input of the running connection */
    size_t in_at, in_n, in_cap;
    char *out; /* scratch output, OUT_BYTES */
    char *log;
    size_t log_n;
    int64_t log_flushed, log_second;
    char log_time[32];
    struct counters counters;
};

struct http_server {
    struct http_config config;
    struct env *env;
    struct arena *arena; /* copies of the configuration's text */
    struct loop **loops;
    int loops_n, started_n;
    int *ports;
    _Atomic size_t conns_n;
    int access_fd;
    pthread_mutex_t tls_lock;
    SSL_CTX *tls; /* under tls_lock; NULL: clear text */
    _Atomic bool tls_on;
};

extern _Thread_local struct loop *http_this_loop;

/* http_listen.c */
enum err http_listen_all(struct cx *cx, struct http_server *s);
bool http_address(struct str text, struct sockaddr_storage *out, socklen_t *n);
void http_peer_text(const struct sockaddr_storage *from, char out[PEER_BYTES]);

/* http_tls.c: each returns bytes, 0 for "not now" (can_read or can_write is cleared), -1 broken,
 * and the reader -2 at the end of the stream. */
enum err http_tls_load(struct cx *cx, struct str cert_path, struct str key_path, SSL_CTX **out);
SSL *http_tls_accept(struct http_server *s, int fd);
int http_tls_handshake(struct conn *c); /* 1 done */
ssize_t http_tls_read(struct conn *c, char *p, size_t n);
ssize_t http_tls_write(struct conn *c, const char *p, size_t n);

/* http_loop.c */
struct loop *http_loop_new(struct http_server *s, int number);
void http_loop_free(struct loop *l);
void *http_loop_main(void *loop);
void http_loop_wake(struct loop *l);
void http_post(struct http_exchange *x, enum mail m);
void http_work(struct conn *c);
int64_t http_monotonic_us(void);

/* http_timer.c */
void http_timer(struct conn *c, enum timer kind, bool anew);
int64_t http_timer_lasts(const struct loop *l, enum timer kind);
int64_t http_timer_waited(const struct conn *c); /* since its deadline began */
void http_timers_run(struct loop *l);

/* http_accept.c */
void http_accept(struct loop *l, struct listener *at, int at_most);

/* http_request.c */
/* Copies the head at the loop's input into a new exchange. NULL: *status to refuse with. */
struct http_exchange *http_request_begin(struct conn *c, size_t head_bytes, int *status);

/* http_conn.c */
void http_conn_run(struct conn *c);
void http_conn_quit(struct conn *c); /* closes an idle one politely */
void http_conn_timeout(struct conn *c);
void http_conn_abort(struct conn *c);         /* the peer is gone, or must be */
void http_conn_done(struct conn *c);          /* everything is sent: close, or linger and close */
void http_progress(struct conn *c, size_t n); /* n bytes moved: the deadline may begin anew */
bool http_conn_idle(const struct conn *c);

/* http_write.c */
bool http_send_pending(const struct conn *c);
/* `piece` lies in scratch memory and is kept when the socket is full; `body` stays where it is. */
void http_write(struct conn *c, struct str piece, struct str body);
bool http_write_pending(struct conn *c);

/* http_send.c */
bool http_send_answer(struct conn *c); /* begins the answer of c->x */
bool http_flush(struct conn *c);       /* true: something moved */
void http_send_continue(struct conn *c);
void http_refuse(struct conn *c, int status); /* answers without an exchange, then closes */
void http_answer_core(struct http_exchange *x, int status, bool close);

/* http_exchange.c */
struct http_exchange *http_exchange_new(struct conn *c);
void http_exchange_end(struct http_exchange *x, bool sent);
void http_exchange_mail(struct http_exchange *x);
void http_exchange_spare(struct http_exchange *x);

/* http_access.c */
void http_access_line(struct loop *l, const struct http_exchange *x, const struct conn *c,
                      int status, int64_t us);
void http_access_flush(struct loop *l);
void http_count_answer(struct loop *l, int status, int64_t us);
