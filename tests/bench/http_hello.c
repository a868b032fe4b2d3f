/*
 * http_hello.c - serves one constant answer, to be compared with nginx `return 200`.
 *
 *     http_hello ADDRESS [LOOPS [CERT KEY]]      e.g. http_hello 127.0.0.1:8099 2
 *
 * Ends on SIGINT or SIGTERM and then prints its own CPU time per request.
 */
#include "http/http.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static void answer(void *, struct http_exchange *x)
{
    static const struct http_header type[] = {{{"Content-Type", 12}, {"application/json", 16}}};
    /* 181 bytes, as the handlers of http-stack.md section 2. */
    static const char body[] =
        "{\"id\":12345,\"code\":\"H44.12-261123-0007\",\"state\":\"received\","
        "\"unit\":\"H44.12\",\"received_at\":1795400045120,\"due_at\":"
        "1795832045120,\"title\":\"dang ky khai sinh\",\"ok\":true,\"n\":1234567}";
    http_answer(
        x, &(struct http_answer){
               .status = 200, .headers = type, .headers_n = 1, .body = {body, sizeof body - 1}});
}

static int run(struct cx *cx, const struct http_config *config)
{
    struct http_server *s;
    sigset_t ends;
    int sig;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    if (http_serve(cx, config, &s) != OK) {
        fprintf(stderr, "http_hello: %.*s\n", F(cx->why));
        return 1;
    }
    sigwait(&ends, &sig);
    struct buf metrics = {.arena = cx->arena, .limit = 1 << 20};
    http_metrics(s, &metrics);
    http_stop(s, 1000);
    size_t at;
    if (str_find(buf_str(&metrics), S("\ntinhso_http_requests_total "), &at)) {
        struct rusage used;
        getrusage(RUSAGE_SELF, &used);
        double us = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
        double n = strtod(metrics.p + at + 28, NULL);
        printf("requests %.0f cpu_us_per_request %.2f\n", n, n > 0 ? us / n : 0);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "http_hello ADDRESS [LOOPS [CERT KEY]]\n");
        return 64;
    }
    struct env env = {.clock = clock_system, .random = random_system};
    struct cx cx = {.arena = arena_new(16 << 20), .env = &env, .actor = &actor_program};
    const struct str address = str_c(argv[1]);
    const struct http_config config = {
        .listen = &address,
        .listen_n = 1,
        .loops = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0,
        .hooks = {.head = answer},
        .server_name = S("tinhso"),
        .tls_cert_path = str_c(argc > 4 ? argv[3] : NULL),
        .tls_key_path = str_c(argc > 4 ? argv[4] : NULL),
        .access_log_path = str_c(getenv("ACCESS_LOG")),
    };
    int r = run(&cx, &config);
    arena_free(cx.arena);
    return r;
}
