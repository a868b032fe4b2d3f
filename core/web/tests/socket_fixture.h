/* socket_fixture.h - the guest book served on a port of its own, and asked over real HTTP. */
#pragma once
#include "web_fixture.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 60'000 /* nobody waits so long; a machine with other work may */

/* What a test serves beside the guest book. */
struct served {
    const struct route *routes; /* ends with {0} */
    int loops;
    struct str settings[4]; /* name, value, name, value */
};

[[maybe_unused]] static const struct served *served;
[[maybe_unused]] static int port;

static inline enum err open_sockets(struct cx *cx)
{
    static const struct str listen[] = {{"127.0.0.1:0", 11}};
    static struct web_part parts[2];
    struct web *w;
    parts[0] = (struct web_part){"guest", routes, menu, NULL};
    parts[1] = (struct web_part){"more", served->routes, NULL, NULL};
    cx->env->settings = settings_new();
    for (int i = 0; i < 4 && served->settings[i].n; i += 2)
        settings_set(cx->env->settings, served->settings[i], served->settings[i + 1]);
    TRY(open_web(cx));
    web_close(cx->env->web);
    struct web_config c = {.parts = parts, .parts_n = 2};
    c.http = (struct http_config){
        .listen = listen, .listen_n = 1, .loops = served->loops, .limits = http_limits_default};
    TRY(web_start(cx, &c, &w));
    port = web_port(w, 0);
    return OK;
}

static inline void close_sockets(struct cx *cx)
{
    if (cx->env->web)
        web_stop(cx->env->web, 2000);
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
    settings_free(cx->env->settings);
    cx->env->settings = NULL;
}

/* `opens` opens the sockets, and may set more than they need. */
static inline int start_served(void **t, const struct served *s, enum err (*opens)(struct cx *cx))
{
    static const char *const roots[] = {"core/kept", "core/vault", "core/web", "core/kept/tests",
                                        NULL};
    served = s;
    int r = testing_start(
        t, &(struct testing_config){.roots = roots, .start = opens, .stop = close_sockets});
    if (r == 0)
        testing_let_go(test_cx(t)); /* the server writes */
    return r;
}

static inline int dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* From any thread, so nothing is asserted: no answer has status 0. */
static inline struct http_reply call(struct cx *cx, const char *method, const char *path,
                                     struct str cookie, struct str body)
{
    const struct http_header h[] = {{S("Content-Type"), S("application/x-www-form-urlencoded")},
                                    {S("Cookie"), cookie}};
    struct http_reply r = {0};
    struct http_call c = {.url = str_fmt(cx->arena, "http://127.0.0.1:%d%s", port, path),
                          .method = str_c(method),
                          .headers = h,
                          .headers_n = cookie.n ? 2 : 1,
                          .body = body,
                          .timeout_ms = PATIENCE_MS,
                          .answer_limit = 1 << 22};
    if (http_do(cx, &c, &r) != OK)
        r.status = 0;
    return r;
}

static inline struct form socket_form(struct cx *cx)
{
    struct http_reply r = call(cx, "GET", "/ghi", S(""), S(""));
    struct str pair = S(""), rest;
    for (size_t i = 0; i < r.headers_n; i++)
        if (str_eq_ascii_case(r.headers[i].name, S("Set-Cookie")))
            str_cut(r.headers[i].value, ';', &pair, &rest);
    return (struct form){str_dup(cx->arena, pair), token_in(cx, r.body)};
}

static inline struct http_reply send_form(struct cx *cx, struct form f, const char *path,
                                          const char *fields)
{
    return call(cx, "POST", path, f.cookie,
                str_fmt(cx->arena, "_token=%.*s&%s", F(f.token), fields));
}
