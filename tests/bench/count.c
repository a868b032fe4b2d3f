/*
 * count.c - asks one thing many times without a socket, for counting instructions by callgrind.
 *
 *     valgrind --tool=callgrind --instr-atstart=no --dump-instr=no count DATA TIMES LOGIN PATH
 *     ... count DATA TIMES send PATH <COOKIES
 *     ... count DATA TIMES sent PATH <COOKIES
 *
 * LOGIN "-": nobody is signed in. "send": each of COOKIES (tests/bench/senders) sends his dossier
 * by POST to PATH; the form is drawn before and not counted. "sent": the first of COOKIES sends
 * his and then asks for PATH, where "*" is the dossier. "*" in the PATH of a LOGIN is what follows
 * in the first such link of the page before it: "/viec/H" and "*", the first dossier of "/viec".
 * TIMES 0: prints the cookies of LOGIN; COOKIE in the environment are such, so that argon2 need not
 * run under valgrind. Only the TIMES requests after two warm ones are counted, in all threads, from
 * the head of the request to the whole answer. Of a demo folder that nobody serves
 * (tests/bench/instructions makes one).
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "app.h"

#include "look/look.h"
#include "testing/browser.h"

#define SEND "/nop-ho-so/1.001193/gui" /* what tests/bench/senders have drafted */

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

static struct web_call get(struct str target, struct str cookie)
{
    return (struct web_call){.method = S("GET"), .target = target, .cookie = cookie};
}

static bool ask_often(struct cx *cx, struct str target, struct str cookie, int times)
{
    const struct web_call call = get(target, cookie);
    bool good = true;
    for (int i = 0; good && i < times + 2; i++)
        good = counted(cx, &call, 200, i >= 2);
    return good;
}

/* "/a/" "*" "/b": what stands for the star in the first address of this form. */
static bool first_of(struct cx *cx, struct str page, struct str path, struct str *out)
{
    struct str before, after, name, rest;
    size_t at;
    if (!str_cut(path, '*', &before, &after) ||
        !str_find(page, str_fmt(cx->arena, "\"%.*s", F(before)), &at))
        return false;
    str_cut(str_from(page, at + 1 + before.n), '"', &name, &rest);
    str_cut(name, '?', &name, &rest);
    str_cut(name, '/', &name, &rest);
    *out = str_fmt(cx->arena, "%.*s%.*s%.*s", F(before), F(name), F(after));
    return true;
}

static bool find_link(struct cx *cx, struct str cookie, struct str *path)
{
    struct str list, rest;
    struct web_reply page;
    if (!str_cut(*path, '*', &list, &rest))
        return true;
    while (list.n && list.p[list.n - 1] != '/')
        list.n--;
    list.n--;
    const struct web_call call = get(list, cookie);
    return web_do(cx, cx->env->web, &call, &page) == OK && first_of(cx, page.body, *path, path);
}

static bool ask(struct cx *cx, const char *login, const char *path, int times)
{
    struct browser *b = browser_new(cx);
    const char *cookie = getenv("COOKIE");
    struct str target = str_c(path);
    if (cookie)
        browser_set_cookies(b, str_c(cookie));
    bool good = cookie || sign_in(b, login);
    if (good && times == 0)
        printf("%.*s\n", F(browser_cookies(b)));
    return good && (times == 0 || (find_link(cx, browser_cookies(b), &target) &&
                                   ask_often(cx, target, browser_cookies(b), times)));
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

static bool form_for(struct cx *cx, struct str cookie, const char *path, struct web_call *out)
{
    const struct str check =
        str_fmt(cx->arena, "%.*s/kiem-tra", (int)(strrchr(path, '/') - path), path);
    struct web_reply page;
    const struct web_call call = get(check, cookie);
    if (web_do(cx, cx->env->web, &call, &page) != OK || page.status != 200)
        return false;
    *out = (struct web_call){.method = S("POST"),
                             .target = str_c(path),
                             .cookie = cookie,
                             .content_type = S("application/x-www-form-urlencoded"),
                             .body = form_of(cx, page.body)};
    return true;
}

static bool next_cookie(struct cx *cx, struct str *out)
{
    char line[500];
    if (!fgets(line, sizeof line, stdin))
        return false;
    line[strcspn(line, "\n")] = 0;
    *out = str_dup(cx->arena, str_c(line));
    return true;
}

static bool send_all(struct cx *cx, const char *path, int times)
{
    struct str cookie;
    struct web_call call;
    bool good = true;
    for (int i = 0; good && i < times + 2; i++)
        good = next_cookie(cx, &cookie) && form_for(cx, cookie, path, &call) &&
               counted(cx, &call, 303, i >= 2);
    return good;
}

/* The answer to what was sent leads to the page after it: "/ho-so/ID/da-gui". */
static bool ask_of_sent(struct cx *cx, const char *path, int times)
{
    struct str cookie, target;
    struct web_call call;
    struct web_reply reply;
    return next_cookie(cx, &cookie) && form_for(cx, cookie, SEND, &call) &&
           web_do(cx, cx->env->web, &call, &reply) == OK &&
           first_of(cx, str_fmt(cx->arena, "\"%.*s\"", F(reply.location)), str_c(path), &target) &&
           ask_often(cx, target, cookie, times);
}

static bool run(struct app *a, const char *login, const char *path, int times)
{
    struct cx cx = a->cx;
    cx.arena = arena_new((size_t)1 << 30);
    bool good = cx.arena && (strcmp(login, "send") == 0   ? send_all(&cx, path, times)
                             : strcmp(login, "sent") == 0 ? ask_of_sent(&cx, path, times)
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
