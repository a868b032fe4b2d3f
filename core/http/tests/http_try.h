/*
 * http_try.h - a real server on a free port of the loopback, and raw sockets to it.
 *
 * The server answers by path:
 *   /hello        "hello" at once
 *   /echo         what was sent
 *   /count        how many bytes were sent
 *   /drop         "dropped" at once, whatever is being sent
 *   /later        when the test calls try_release, from the test's thread
 *   /big          4 MiB, whole
 *   /stream /known /short /busy   pulled bodies: of unknown length, of known length, one that
 *                 fails in the middle, one that waits for try_wake
 *   /paused       takes the body and pauses it after the first piece, until try_release
 *   /kept         takes the body and holds the exchange, so that the test may pause it
 *   /block        keeps its loop waiting until try.unblock
 *   /empty /nothing /unchanged   200, 204, 304 without a body
 *   /crlf         a header that would split the answer
 */
#pragma once
#include "http/http.h"
#include "log/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BIG ((size_t)4 << 20)
#define PULLED ((size_t)100000)

static struct {
    struct arena *arena;
    struct env env;
    struct cx cx;
    struct http_server *server;
    int port;
    int null_fd;
    struct http_exchange *_Atomic held; /* the /later or /paused one */
    _Atomic int heads, completes, sent, gone, pulls_done, pieces;
    _Atomic int64_t body_bytes;
    _Atomic bool stream_ready, unblock;
    char folder[32]; /* for sockets, certificates, logs of this test */
} try;

static const struct http_header try_type[] = {{{"Content-Type", 12}, {"text/plain", 10}}};

static void try_answer(struct http_exchange *x, struct str body)
{
    http_answer(
        x, &(struct http_answer){.status = 200, .headers = try_type, .headers_n = 1, .body = body});
}

/* Waits until the condition holds: other threads bring it about. Fails after ten seconds. */
#define TRY_UNTIL(condition)                                                                       \
    do {                                                                                           \
        int tries_ = 0;                                                                            \
        while (!(condition)) {                                                                     \
            if (++tries_ > 10000)                                                                  \
                fail_msg("never: %s", #condition);                                                 \
            usleep(1000);                                                                          \
        }                                                                                          \
    } while (0)

/* ---- pulled bodies ---- */

struct try_stream {
    size_t at;
    bool fails, waits;
};

static enum err try_pull(void *state, char *p, size_t cap, size_t *n)
{
    struct try_stream *s = state;
    if (s->waits && !atomic_exchange(&try.stream_ready, false))
        return ERR_BUSY;
    if (s->fails && s->at >= PULLED / 2)
        return ERR_IO;
    size_t left = PULLED - s->at;
    *n = left < cap ? left : cap;
    if (s->waits && *n > PULLED / 4)
        *n = PULLED / 4;
    for (size_t i = 0; i < *n; i++)
        p[i] = (char)('a' + (s->at + i) % 26);
    s->at += *n;
    return OK;
}

static void try_pull_done(void *)
{
    atomic_fetch_add(&try.pulls_done, 1);
}

static void try_stream(struct http_exchange *x, bool known, bool fails, bool waits)
{
    struct try_stream *s = NEW(http_arena(x), struct try_stream);
    *s = (struct try_stream){.fails = fails, .waits = waits};
    http_answer(x, &(struct http_answer){.status = 200,
                                         .pull = try_pull,
                                         .pull_state = s,
                                         .pull_length = known ? (int64_t)PULLED : -1,
                                         .pull_done = try_pull_done});
}

/* ---- the hooks ---- */

static char try_big[BIG];

static void try_keep(struct http_exchange *x)
{
    http_hold(x);
    atomic_store(&try.held, x);
}

static void try_head(void *, struct http_exchange *x)
{
    struct str path = http_request(x)->path;
    atomic_fetch_add(&try.heads, 1);
    if (str_eq(path, S("/echo")) || str_eq(path, S("/count")) || str_eq(path, S("/paused")) ||
        str_eq(path, S("/kept"))) {
        struct buf *b = NEW(http_arena(x), struct buf);
        *b = (struct buf){.arena = http_arena(x), .limit = 1 << 20};
        http_set_state(x, b);
        http_take_body(x, str_eq(path, S("/echo")) ? 1000 : INT64_MAX);
    } else if (str_eq(path, S("/later")) || str_eq(path, S("/busy"))) {
        try_keep(x);
        if (str_eq(path, S("/busy")))
            try_stream(x, false, false, true);
    } else if (str_eq(path, S("/stream"))) {
        try_stream(x, false, false, false);
    } else if (str_eq(path, S("/known"))) {
        try_stream(x, true, false, false);
    } else if (str_eq(path, S("/short"))) {
        try_stream(x, false, true, false);
    } else if (str_eq(path, S("/big"))) {
        try_answer(x, (struct str){try_big, BIG});
    } else if (str_eq(path, S("/drop"))) {
        try_answer(x, S("dropped"));
    } else if (str_eq(path, S("/crlf"))) {
        static const struct http_header split[] = {
            {{"Location", 8}, {"/a\r\nSet-Cookie: x=1", 19}}};
        http_answer(x, &(struct http_answer){.status = 303, .headers = split, .headers_n = 1});
    } else if (str_eq(path, S("/block"))) {
        TRY_UNTIL(atomic_load(&try.unblock)); /* what a hook must never do */
        try_answer(x, S("unblocked"));
    } else if (str_eq(path, S("/empty"))) {
        http_answer(x, &(struct http_answer){.status = 200});
    } else if (str_eq(path, S("/nothing")) || str_eq(path, S("/unchanged"))) {
        int status = str_eq(path, S("/nothing")) ? 204 : 304;
        http_answer(x, &(struct http_answer){.status = status, .body = S("not to be sent")});
    } else {
        try_answer(x, S("hello"));
    }
}

static void try_body(void *, struct http_exchange *x, struct str piece)
{
    atomic_fetch_add(&try.pieces, 1);
    atomic_fetch_add(&try.body_bytes, (int64_t)piece.n);
    if (str_eq(http_request(x)->path, S("/echo")))
        buf_add(http_state(x), piece);
    bool paused = str_eq(http_request(x)->path, S("/paused"));
    if ((paused || str_eq(http_request(x)->path, S("/kept"))) && !atomic_load(&try.held)) {
        if (paused)
            http_pause_body(x);
        try_keep(x);
    }
}

static void try_complete(void *, struct http_exchange *x)
{
    atomic_fetch_add(&try.completes, 1);
    if (str_eq(http_request(x)->path, S("/echo")))
        try_answer(x, buf_str(http_state(x)));
    else
        try_answer(x, str_fmt(http_arena(x), "%lld", (long long)atomic_load(&try.body_bytes)));
}

static void try_end(void *, struct http_exchange *, bool sent)
{
    atomic_fetch_add(sent ? &try.sent : &try.gone, 1);
}

/* ---- setting up ---- */

static int64_t try_clock(struct env *)
{
    return INT64_C(784111777000); /* Sun, 06 Nov 1994 08:49:37 GMT */
}

/* Starts the server with one loop, unless *config says otherwise. */
[[maybe_unused]] static void try_serve(struct http_config config)
{
    static const struct str usual = {"127.0.0.1:0", 11};
    if (config.listen_n == 0) {
        config.listen = &usual;
        config.listen_n = 1;
    }
    if (config.loops == 0)
        config.loops = 1;
    config.hooks = (struct http_hooks){
        .head = try_head, .body = try_body, .complete = try_complete, .end = try_end};
    enum err e = http_serve(&try.cx, &config, &try.server);
    if (e != OK)
        fail_msg("%s: %.*s", err_name(e), F(try.cx.why));
    try.port = http_port(try.server, 0);
}

static int try_setup(void **)
{
    memset(&try, 0, sizeof try);
    memset(try_big, 'x', sizeof try_big);
    try.arena = arena_new((size_t)64 << 20);
    try.env = (struct env){.clock = try_clock, .random = random_system};
    try.cx = (struct cx){.arena = try.arena, .env = &try.env, .actor = &actor_program};
    try.null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    log_to_fd(try.null_fd);
    memcpy(try.folder, "/tmp/http-test-XXXXXX", 22);
    assert_non_null(mkdtemp(try.folder));
    return 0;
}

/* A file in the test's folder. */
[[maybe_unused]] static struct str try_path(const char *name)
{
    return str_fmt(try.arena, "%s/%s", try.folder, name);
}

static int try_teardown(void **)
{
    if (try.server)
        http_stop(try.server, 1000);
    static const char *const files[] = {"cert.pem", "key.pem", "access.log", "access.log.1",
                                        "http.sock"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(try_path(files[i]).p);
    rmdir(try.folder);
    log_to_fd(2);
    close(try.null_fd);
    arena_free(try.arena);
    return 0;
}

/* ---- raw sockets ---- */

[[maybe_unused]] static int try_connect(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)try.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

/* A peer that has closed takes nothing more: then the rest is not sent. */
[[maybe_unused]] static void try_send(int fd, struct str s)
{
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        s = str_from(s, (size_t)n);
    }
}

static bool try_readable(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms) > 0;
}

/* Everything until the server closes; at most ten seconds. A reset fails the test. */
[[maybe_unused]] static struct str try_read_all(int fd)
{
    struct buf b = {.arena = try.arena, .limit = BIG + 100000};
    static char piece[65536];
    for (;;) {
        if (!try_readable(fd, 10000))
            fail_msg("the server neither sends nor closes; so far: %.*s",
                     F(str_until(buf_str(&b), 300)));
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n < 0)
            fail_msg("recv: %s; so far: %.*s", strerror(errno), F(str_until(buf_str(&b), 300)));
        if (n == 0)
            return buf_str(&b);
        buf_add(&b, (struct str){piece, (size_t)n});
    }
}

/* Everything until `end` is the last that came. */
[[maybe_unused]] static struct str try_read_until(int fd, struct str end)
{
    struct buf b = {.arena = try.arena, .limit = BIG + 100000};
    static char piece[65536];
    while (!str_ends(buf_str(&b), end)) {
        if (!try_readable(fd, 10000))
            fail_msg("nothing more comes; so far: %.*s", F(str_until(buf_str(&b), 300)));
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n <= 0)
            fail_msg("closed before \"%.*s\"; so far: %.*s", F(end),
                     F(str_until(buf_str(&b), 300)));
        buf_add(&b, (struct str){piece, (size_t)n});
    }
    return buf_str(&b);
}

/* One connection: sends, reads all until it is closed. */
[[maybe_unused]] static struct str try_say(struct str text)
{
    int fd = try_connect();
    try_send(fd, text);
    struct str got = try_read_all(fd);
    close(fd);
    return got;
}

[[maybe_unused]] static int try_status(struct str answer)
{
    int64_t status = 0;
    if (!str_starts(answer, S("HTTP/1.1 ")) || !str_int(str_until(str_from(answer, 9), 3), &status))
        fail_msg("no answer but: %.*s", F(str_until(answer, 300)));
    return (int)status;
}

[[maybe_unused]] static size_t try_times(struct str text, struct str what)
{
    size_t n = 0, at;
    while (str_find(text, what, &at)) {
        n++;
        text = str_from(text, at + what.n);
    }
    return n;
}

/* ---- our own client ---- */

[[maybe_unused]] static struct str try_url(const char *scheme, const char *host, const char *path)
{
    return str_fmt(try.arena, "%s://%s:%d%s", scheme, host, try.port, path);
}

[[maybe_unused]] static enum err try_call(struct http_call c, struct http_reply *r)
{
    if (c.timeout_ms == 0)
        c.timeout_ms = 10000;
    return http_do(&try.cx, &c, r);
}

/* Answers the /later, or lets the /paused one go on. */
[[maybe_unused]] static void try_release(void)
{
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    struct http_exchange *x = atomic_load(&try.held);
    if (str_eq(http_request(x)->path, S("/paused")) || str_eq(http_request(x)->path, S("/kept")))
        http_resume_body(x);
    else if (str_eq(http_request(x)->path, S("/later")))
        try_answer(x, S("later"));
    http_drop(x);
}

#define TRY_TEST(f) cmocka_unit_test_setup_teardown(f, try_setup, try_teardown)
