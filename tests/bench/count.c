/*
 * count.c - asks one thing many times without a socket, for counting instructions by callgrind.
 *
 *     valgrind --tool=callgrind --collect-atstart=no --dump-instr=no count DATA TIMES LOGIN PATH
 *
 * LOGIN "-": nobody is signed in. TIMES 0: prints the cookies of LOGIN; COOKIE in the environment
 * are such, so that argon2 need not run under valgrind. Only the TIMES requests after two warm ones
 * are collected, from the head of the request to the whole answer. Of a demo folder that nobody
 * serves (tests/bench/instructions makes one).
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "app.h"

#include "look/look.h"
#include "testing/browser.h"

static bool sign_in(struct browser *b, const char *login)
{
    if (login[0] == '-')
        return true;
    browser_open(b, "/dang-nhap");
    return browser_fill(b, "tai_khoan", login) && browser_fill(b, "mat_khau", "tinhso-2026") &&
           browser_press(b, "Đăng nhập");
}

static bool ask(struct app *a, const char *login, const char *path, int times)
{
    struct cx cx = a->cx;
    cx.arena = arena_new((size_t)1 << 30);
    struct browser *b = browser_new(&cx);
    const char *cookie = getenv("COOKIE");
    if (cookie)
        browser_set_cookies(b, str_c(cookie));
    bool good = cx.arena && (cookie || sign_in(b, login));
    if (good && times == 0)
        printf("%.*s\n", F(browser_cookies(b)));
    for (int i = 0; good && times > 0 && i < times + 2; i++) {
        const struct web_call call = {
            .method = S("GET"), .target = str_c(path), .cookie = browser_cookies(b)};
        struct web_reply reply;
        if (i >= 2)
            CALLGRIND_TOGGLE_COLLECT;
        good = web_do(&cx, cx.env->web, &call, &reply) == OK && reply.status == 200;
        if (i >= 2)
            CALLGRIND_TOGGLE_COLLECT;
        if (i == 0)
            printf("%d %zu bytes\n", reply.status, reply.body.n);
    }
    cx_close_all(&cx);
    arena_free(cx.arena);
    return good;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 64;
    struct app a;
    struct app_options options = {.data = argv[1]};
    options.set[options.set_n++] = "lane.read_ms=100000";
    options.set[options.set_n++] = "web.rate=100000000";
    char *none[] = {NULL};
    web_set_frame(look_frame);
    if (app_begin(&a, &options, none) != 0 || app_lock(&a, false) != 0 ||
        app_open(&a, false) != OK || web_open(&a.cx, a.env.modules, &a.env.web) != OK) {
        fprintf(stderr, "count: %.*s\n", F(a.cx.why));
        return 70;
    }
    bool good = ask(&a, argv[3], argv[4], (int)strtol(argv[2], NULL, 10));
    web_close(a.env.web);
    app_close(&a);
    return good ? 0 : 70;
}
