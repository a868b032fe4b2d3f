/* nodes_fixture.h - two servers on one PostgreSQL, as children, and a person who asks them. */
#pragma once
#include "app.h"
#include "db/db.h" /* so it is run beside PostgreSQL */

#include "http/http.h"
#include "testing/cluster.h"
#include "testing/port.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail_msg
#define fail_msg(text, ...) (print_error(text "\n", ##__VA_ARGS__), _fail(__FILE__, __LINE__))

#define PATIENCE 3000 /* times 10 ms */

static char root[] = "/tmp/tinhso-nodes.XXXXXX";
static struct arena *arena;
static struct env env = {.clock = clock_system, .random = random_system};
static struct cx cx;
static struct cluster *database;

struct node {
    pid_t pid;
    int port;
    const char *data;
};
static struct node nodes[2];

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 10'000'000}, NULL);
}

/* ---- the program as a child ---- */

static pid_t begin(const char *const *words)
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int log =
        open(str_fmt(arena, "%s/log", root).p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    struct app_options o;
    int n = 0;
    while (words[n])
        n++;
    const int code = app_parse(n, (char **)(uintptr_t)words, &o);
    _exit(code == EX_OK ? app_run(&o, NULL) : code);
}

static int run(const char *const *words)
{
    int status = -1;
    const pid_t pid = begin(words);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}
#define RUN(...) run((const char *const[]){"tinhso", __VA_ARGS__, NULL})

static struct http_reply ask(const struct node *n, const char *method, const char *path,
                             struct str cookies, struct str body)
{
    const struct http_header h[] = {{S("Content-Type"), S("application/x-www-form-urlencoded")},
                                    {S("Cookie"), cookies}};
    struct http_reply r = {0};
    const struct http_call c = {.url = str_fmt(arena, "http://127.0.0.1:%d%s", n->port, path),
                                .method = str_c(method),
                                .headers = h,
                                .headers_n = cookies.n ? 2 : 1,
                                .body = body,
                                .timeout_ms = 20000,
                                .answer_limit = 1 << 20};
    if (http_do(&cx, &c, &r) != OK)
        r.status = 0;
    return r;
}
#define GET(n, path, cookies) ask((n), "GET", (path), (cookies), S(""))

static bool is_ready(const struct node *n)
{
    for (int i = 0; i < PATIENCE; i++) {
        const struct arena_mark here = arena_here(arena);
        const int status = GET(n, "/readyz", S("")).status;
        arena_back(arena, here);
        if (status == 200)
            return true;
        nap();
    }
    return false;
}

static bool serve(struct node *n)
{
    n->port = testing_free_port();
    const char *listen = str_fmt(arena, "127.0.0.1:%d", n->port).p;
    n->pid = begin((const char *const[]){"tinhso", "serve", "--single", "--data", n->data,
                                         "--listen", listen, NULL});
    return is_ready(n);
}

static void kill_node(struct node *n)
{
    kill(n->pid, SIGKILL);
    while (waitpid(n->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    n->pid = 0;
}

/* ---- the database, past the program ---- */

static int64_t number(const char *sql)
{
    long long n = -1;
    if (!cluster_ask(database, sql, &n))
        fail_msg("%s", sql);
    return n;
}

static bool comes_to(const char *sql, int64_t wanted)
{
    for (int i = 0; i < PATIENCE; i++, nap())
        if (number(sql) == wanted)
            return true;
    return false;
}

/* ---- the province: two folders with the same keys and files ---- */

static int shell(const char *command)
{
    const pid_t pid = fork();
    int status = -1;
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static int found([[maybe_unused]] void **state)
{
    if (!getenv("TINHSO_TEST_DATABASE"))
        return 0;
    arena = arena_new((size_t)256 << 20);
    cx = (struct cx){.arena = arena, .env = &env, .actor = &actor_program};
    if (!mkdtemp(root) || !(database = cluster_new(NULL)))
        return -1;
    nodes[0].data = str_fmt(arena, "%s/a", root).p;
    nodes[1].data = str_fmt(arena, "%s/b", root).p;
    const char *url = str_fmt(arena, "postgresql://tinhso@/tinhso?host=%%2Ftmp%%2F%s",
                              cluster_folder(database) + 5)
                          .p;
    if (RUN("demo", "--empty", "--data", nodes[0].data, "--database", url) != EX_OK)
        return -1;
    /* As README of app says: keys copied, files shared. */
    if (shell(str_fmt(arena,
                      "cd %s && mkdir -m 700 b && cp -a a/keys a/tinhso.conf b/ && touch b/lock &&"
                      " ln -s ../a/files b/files",
                      root)
                  .p) != 0)
        return -1;
    return serve(&nodes[0]) && serve(&nodes[1]) ? 0 : -1;
}

static int end([[maybe_unused]] void **state)
{
    for (int i = 0; i < 2; i++)
        if (nodes[i].pid > 0)
            kill_node(&nodes[i]);
    cluster_end(database);
    if (arena)
        shell(str_fmt(arena, "rm -rf %s", root).p);
    arena_free(arena);
    return 0;
}

/* ---- a person ---- */

/* Every cookie of the answer, as a browser would send it. */
static struct str cookies_of(const struct http_reply *r)
{
    struct buf b = {.arena = arena, .limit = 8192};
    for (size_t i = 0; i < r->headers_n; i++) {
        struct str pair, rest;
        if (!str_eq_ascii_case(r->headers[i].name, S("Set-Cookie")))
            continue;
        str_cut(r->headers[i].value, ';', &pair, &rest);
        buf_fmt(&b, "%s%.*s", b.n ? "; " : "", F(pair));
    }
    return buf_str(&b);
}

struct form {
    struct str cookies, token;
};

static struct form form_of(const struct node *n, const char *path, struct str cookies)
{
    const struct http_reply page = GET(n, path, cookies);
    size_t at;
    struct str token, rest;
    if (page.status != 200 || !str_find(page.body, S("name=\"_token\" value=\""), &at))
        fail_msg("%s: %d", path, page.status);
    str_cut(str_from(page.body, at + 21), '"', &token, &rest);
    return (struct form){cookies.n ? cookies : cookies_of(&page), token};
}

static struct http_reply send_in(const struct node *n, const struct form *f, const char *login)
{
    return ask(n, "POST", "/dang-nhap", f->cookies,
               str_fmt(arena, "_token=%.*s&tai_khoan=%s&mat_khau=tinhso-2026", F(f->token), login));
}

static struct str sign_in(const struct node *n, const char *login)
{
    const struct form f = form_of(n, "/dang-nhap", S(""));
    const struct http_reply r = send_in(n, &f, login);
    assert_int_equal(r.status, 303);
    return cookies_of(&r);
}
