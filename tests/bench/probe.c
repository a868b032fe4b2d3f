/*
 * probe.c - the write lane under a handler that does nothing, for `make bench`.
 *
 *     probe DATA ADDRESS [DATABASE]
 *
 * The program's own server over a demo folder, with one route more: POST /api/tham-do, whose write
 * is empty. With an Idempotency-Key each request still is one row and one answer kept, in a
 * transaction that is durable before it is answered. Ends on SIGTERM.
 */
#include "app.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "lane/lane.h"
#include "look/look.h"

static enum err nothing(struct cx *, struct web_req *, struct web_res *rs)
{
    rs->bytes = S("{}");
    return OK;
}

/* clang-format off */
static const struct route routes[] = {
    {POST, "/api/tham-do", "Thăm dò", &anyone, WRITE, .write = nothing, .kind = WEB_API},
    {0},
};
/* clang-format on */

static enum err serve(struct app *a, const struct str *listen)
{
    size_t n;
    const struct web_part *all = module_web_parts(a->arena, app_modules, &n);
    struct web_part *parts = NEW_N(a->arena, struct web_part, n + 1);
    memcpy(parts, all, n * sizeof *parts);
    parts[n] = (struct web_part){.name = "probe", .routes = routes};
    const struct web_config web = {
        .parts = parts,
        .parts_n = n + 1,
        .http = {.listen = listen, .listen_n = 1, .limits = http_limits_default}};
    web_set_frame(look_frame);
    TRY(app_open(a, false));
    return web_start(&a->cx, &web, &a->env.web);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    struct app a;
    struct app_options options = {.data = argv[1], .database = argc > 3 ? argv[3] : NULL};
    options.set[options.set_n++] = "web.rate=1000000000";
    char *none[] = {NULL};
    const struct str listen = str_c(argv[2]);
    sigset_t ends;
    int sig;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    if (app_begin(&a, &options, none) != 0 || app_lock(&a, false) != 0 ||
        serve(&a, &listen) != OK) {
        fprintf(stderr, "probe: %.*s\n", F(a.cx.why));
        return 70;
    }
    sigwait(&ends, &sig);
    web_stop(a.env.web, 1000);
    app_close(&a);
    return 0;
}
