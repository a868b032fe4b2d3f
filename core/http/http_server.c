/* http_server.c - starts the loops and stops them. */
#include "http_inside.h"

#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

const struct http_limits http_limits_default = {
    .request_line_bytes = 8192,
    .headers_bytes = 32768,
    .headers_n = 100,
    .body_bytes = INT64_C(64) << 20,
    .head_ms = 10000,
    .body_idle_ms = 20000,
    .keep_alive_ms = 75000,
    .write_idle_ms = 20000,
    .connections = 10000,
    .requests_per_connection = 100000,
};

#define LOOPS_MAX 64

/* Cores this process may use. */
static int cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* A limit left at 0 is the usual one. */
static void fill_limits(struct http_limits *m)
{
    const struct http_limits *d = &http_limits_default;
#define USUAL(name) m->name = m->name ? m->name : d->name
    USUAL(request_line_bytes);
    USUAL(headers_bytes);
    USUAL(headers_n);
    USUAL(body_bytes);
    USUAL(head_ms);
    USUAL(body_idle_ms);
    USUAL(keep_alive_ms);
    USUAL(write_idle_ms);
    USUAL(connections);
    USUAL(requests_per_connection);
#undef USUAL
}

static void copy_config(struct http_server *s, const struct http_config *from)
{
    struct http_config *c = &s->config;
    *c = *from;
    struct str *listen = NEW_N(s->arena, struct str, from->listen_n);
    for (size_t i = 0; i < from->listen_n; i++)
        listen[i] = str_dup(s->arena, from->listen[i]);
    c->listen = listen;
    c->tls_cert_path = str_dup(s->arena, from->tls_cert_path);
    c->tls_key_path = str_dup(s->arena, from->tls_key_path);
    c->access_log_path = str_dup(s->arena, from->access_log_path);
    c->trusted_front = str_dup(s->arena, from->trusted_front);
    c->server_name = str_dup(s->arena, from->server_name);
    fill_limits(&c->limits);
}

static void free_server(struct http_server *s)
{
    for (int i = 0; i < s->loops_n; i++)
        http_loop_free(s->loops[i]);
    if (s->access_fd > 2)
        close(s->access_fd);
    SSL_CTX_free(s->tls);
    pthread_mutex_destroy(&s->tls_lock);
    arena_free(s->arena);
    free(s);
}

static enum err open_access_log(struct cx *cx, struct http_server *s)
{
    struct str path = s->config.access_log_path;
    if (path.n == 0)
        return OK;
    if (str_eq(path, S("-"))) {
        s->access_fd = 1;
        return OK;
    }
    s->access_fd = open(path.p, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    return s->access_fd >= 0 ? OK
                             : fail(cx, ERR_IO, "cannot write %s: %s", path.p, strerror(errno));
}

/* The new file takes the descriptor's number, so no loop has to know. */
enum err http_reopen_log(struct cx *cx, struct http_server *s)
{
    if (s->access_fd <= 2)
        return OK;
    const char *path = s->config.access_log_path.p;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return fail(cx, ERR_IO, "cannot write %s: %s", path, strerror(errno));
    dup3(fd, s->access_fd, O_CLOEXEC);
    close(fd);
    return OK;
}

static enum err prepare(struct cx *cx, struct http_server *s)
{
    if (s->config.server_name.n && !http_header_value(s->config.server_name))
        return fail(cx, ERR_INVALID, "the server name holds control characters");
    TRY(open_access_log(cx, s));
    TRY(http_reload_tls(cx, s));
    int n = s->config.loops > 0 ? s->config.loops : cores();
    n = n > LOOPS_MAX ? LOOPS_MAX : n;
    s->loops = NEW_N(s->arena, struct loop *, (size_t)n);
    s->ports = NEW_N(s->arena, int, s->config.listen_n);
    for (; s->loops_n < n; s->loops_n++) {
        s->loops[s->loops_n] = http_loop_new(s, s->loops_n);
        if (!s->loops[s->loops_n])
            return fail(cx, ERR_IO, "cannot make an event loop: %s", strerror(errno));
    }
    return http_listen_all(cx, s);
}

/* Signals belong to the main thread; a write to a gone peer must not end the process. */
static enum err start_threads(struct cx *cx, struct http_server *s)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int r = 0;
    for (int i = 0; i < s->loops_n && r == 0; i++) {
        r = pthread_create(&s->loops[i]->thread, NULL, http_loop_main, s->loops[i]);
        s->started_n += r == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r == 0 ? OK : fail(cx, ERR_IO, "cannot start a thread: %s", strerror(r));
}

static void remove_unix_paths(const struct http_server *s)
{
    for (size_t i = 0; i < s->config.listen_n; i++)
        if (str_starts(s->config.listen[i], S("unix:")))
            unlink(s->config.listen[i].p + 5);
}

enum err http_serve(struct cx *cx, const struct http_config *config, struct http_server **out)
{
    struct http_server *s = calloc(1, sizeof *s);
    MUST(s != NULL && config->hooks.head != NULL);
    s->arena = arena_new((size_t)1 << 20);
    MUST(s->arena != NULL);
    s->env = cx->env;
    s->access_fd = -1;
    pthread_mutex_init(&s->tls_lock, NULL);
    copy_config(s, config);
    enum err e = prepare(cx, s);
    if (e != OK) {
        free_server(s);
        return e;
    }
    e = start_threads(cx, s);
    if (e != OK) {
        http_stop(s, 0);
        return e;
    }
    for (size_t i = 0; i < s->config.listen_n; i++)
        log_event(LOG_INFO, "http.listen", K("address", s->config.listen[i]),
                  KN("port", s->ports[i]), KN("loops", s->loops_n), KN("tls", s->tls != NULL));
    *out = s;
    return OK;
}

int http_port(const struct http_server *s, size_t listen_i)
{
    MUST(listen_i < s->config.listen_n);
    return s->ports[listen_i];
}

void http_stop(struct http_server *s, int wait_ms)
{
    remove_unix_paths(s);
    int64_t until = http_monotonic_us() / 1000 + wait_ms;
    for (int i = 0; i < s->started_n; i++) {
        s->loops[i]->stop_until = until;
        atomic_store(&s->loops[i]->stop, true);
        http_loop_wake(s->loops[i]);
    }
    size_t held = 0;
    for (int i = 0; i < s->started_n; i++) {
        pthread_join(s->loops[i]->thread, NULL);
        held += s->loops[i]->held_n;
        while (atomic_load(&s->loops[i]->posting))
            sched_yield(); /* a few instructions of another thread */
    }
    if (held) {
        /* Somebody still holds exchanges and may yet touch them: better lost memory than a
         * wild pointer in the last second of the process. */
        log_event(LOG_ERROR, "http.still_held", KN("exchanges", held));
        return;
    }
    free_server(s);
}
