/*
 * count.c - asks one thing many times without a socket, for counting instructions by callgrind.
 *
 *     valgrind --tool=callgrind --instr-atstart=no --dump-instr=no count DATA TIMES LOGIN PATH
 *     ... count DATA TIMES send PATH <COOKIES
 *
 * LOGIN "-": nobody is signed in. "send": each of COOKIES (tests/bench/senders) sends his dossier
 * by POST to PATH; the form is drawn before and not counted. TIMES 0: prints the cookies of LOGIN;
 * COOKIE in the environment are such, so that argon2 need not run under valgrind. Only the TIMES
 * requests after two warm ones are counted, in all threads, from the head of the request to the
 * whole answer. Of a demo folder that nobody serves (tests/bench/instructions makes one).
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

static bool counted(struct cx *cx, const struct web_call *call, int status, bool counts)
{
    struct web_reply reply;
    if (counts)
        CALLGRIND_START_INSTRUMENTATION;
    bool good = web_do(cx, cx->env->web, call, &reply) == OK && reply.status == status;
    if (counts)
        CALLGRIND_STOP_INSTRUMENTATION;
    if (!good)
        printf("%d %zu bytes\n", reply.status, reply.body.n);
    return good;
}

static bool ask(struct cx *cx, const char *login, const char *path, int times)
{
    struct browser *b = browser_new(cx);
    const char *cookie = getenv("COOKIE");
    if (cookie)
        browser_set_cookies(b, str_c(cookie));
    bool good = cookie || sign_in(b, login);
    if (good && times == 0)
        printf("%.*s\n", F(browser_cookies(b)));
    const struct web_call call = {
        .method = S("GET"), .target = str_c(path), .cookie = browser_cookies(b)};
    for (int i = 0; good && times > 0 && i < times + 2; i++)
        good = counted(cx, &call, 200, i >= 2);
    return good;
}

/* What stands in the check page's form, as the person chose it. */
static struct str form_of(struct cx *cx, struct str page)
{
    const struct str before = S("name=\"_token\" value=\"");
    struct str token = page, rest;
    size_t at;
    if (!str_find(page, before, &at))
        return S("");
    str_cut(str_from(page, at + before.n), '"', &token, &rest);
    return str_fmt(cx->arena, "_token=%.*s&noi_nop=H37.114.01&tra=quay&cam_doan=1", F(token));
}

static bool send_one(struct cx *cx, struct str cookie, const char *path, bool counts)
{
    const struct str check =
        str_fmt(cx->arena, "%.*s/kiem-tra", (int)(strrchr(path, '/') - path), path);
    struct web_reply page;
    struct web_call call = {.method = S("GET"), .target = check, .cookie = cookie};
    if (web_do(cx, cx->env->web, &call, &page) != OK || page.status != 200)
        return false;
    call = (struct web_call){.method = S("POST"),
                             .target = str_c(path),
                             .cookie = cookie,
                             .content_type = S("application/x-www-form-urlencoded"),
                             .body = form_of(cx, page.body)};
    return counted(cx, &call, 303, counts);
}

static bool send_all(struct cx *cx, const char *path, int times)
{
    char line[500];
    bool good = true;
    for (int i = 0; good && i < times + 2; i++) {
        good = fgets(line, sizeof line, stdin) != NULL;
        line[strcspn(line, "\n")] = 0;
        good = good && send_one(cx, str_c(line), path, i >= 2);
    }
    return good;
}

static bool run(struct app *a, const char *login, const char *path, int times)
{
    struct cx cx = a->cx;
    cx.arena = arena_new((size_t)1 << 30);
    bool good = cx.arena && (strcmp(login, "send") == 0 ? send_all(&cx, path, times)
                                                        : ask(&cx, login, path, times));
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
    options.set[options.set_n++] = "lane.slow_ms=100000";
    options.set[options.set_n++] = "web.rate=100000000";
    char *none[] = {NULL};
    web_set_frame(look_frame);
    if (app_begin(&a, &options, none) != 0 || app_lock(&a, false) != 0 ||
        app_open(&a, false) != OK || web_open(&a.cx, a.env.modules, &a.env.web) != OK) {
        fprintf(stderr, "count: %.*s\n", F(a.cx.why));
        return 70;
    }
    bool good = run(&a, argv[3], argv[4], (int)strtol(argv[2], NULL, 10));
    web_close(a.env.web);
    app_close(&a);
    return good ? 0 : 70;
}
