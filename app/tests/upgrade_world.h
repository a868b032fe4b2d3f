/* upgrade_world.h - databases of a PostgreSQL by their names, the program as a child, and people
 * who work on a database with it. */
#pragma once
#include "app.h"
#include "db/db.h" /* so it is run beside PostgreSQL */

#include "log/log.h"
#include "testing/browser.h"
#include "testing/port.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(text, ...) (print_error(text "\n", ##__VA_ARGS__), _fail(__FILE__, __LINE__))

#define PATIENCE 6000 /* times 10 ms */

static char root[40];
static struct arena *arena;
static struct env env = {.clock = clock_system, .random = random_system};
static struct cx cx;

static const char *in(const char *name)
{
    return str_fmt(arena, "%s/%s", root, name).p;
}

/* ---- the server ---- */

static const char *cluster(void)
{
    const char *url = getenv("TINHSO_TEST_DATABASE");
    return url && *url ? url : NULL;
}

/* Names are this program's own: others use the server too. */
static const char *url_of(const char *name)
{
    const char *at = cluster();
    const char *host = strstr(at, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;
    MUST(path != NULL);
    const char *rest = strchr(path, '?');
    return str_fmt(arena, "%.*s/up%ld_%s%s", (int)(path - at), at, (long)getpid(), name,
                   rest ? rest : "")
        .p;
}

static void say_nothing([[maybe_unused]] void *state, [[maybe_unused]] const char *notice)
{
}

static struct str tell(PGconn *pg, const char *sql)
{
    PGresult *r = PQexec(pg, sql);
    const ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK)
        fail_msg("%.300s: %s", sql, PQerrorMessage(pg));
    struct str first = S("");
    if (s == PGRES_TUPLES_OK && PQntuples(r) > 0)
        first = str_dup(arena, str_c(PQgetvalue(r, 0, 0)));
    PQclear(r);
    return first;
}

static PGconn *join(const char *url)
{
    PGconn *pg = PQconnectdb(url);
    if (PQstatus(pg) != CONNECTION_OK)
        fail_msg("%s: %s", url, PQerrorMessage(pg));
    PQsetNoticeProcessor(pg, say_nothing, NULL);
    return pg;
}

static void tell_cluster(const char *sql)
{
    PGconn *pg = join(cluster());
    tell(pg, sql);
    PQfinish(pg);
}

static void make(const char *name, const char *like)
{
    const char *of =
        strcmp(like, "template0") == 0 ? "" : str_fmt(arena, "up%ld_", (long)getpid()).p;
    tell_cluster(str_fmt(arena, "create database up%ld_%s template %s%s strategy file_copy",
                         (long)getpid(), name, of, like)
                     .p);
}

static void drop(const char *name)
{
    tell_cluster(
        str_fmt(arena, "drop database if exists up%ld_%s with (force)", (long)getpid(), name).p);
}

/* ---- the program as a child ---- */

static pid_t begin(const char *const *words)
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int log = open(in("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    struct app_options o;
    int n = 0;
    while (words[n])
        n++;
    const int code = app_parse(n, (char **)(uintptr_t)words, &o);
    _exit(code == EX_OK ? app_run(&o, NULL) : code);
}

static int ended(pid_t pid)
{
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}
#define RUN(...) ended(begin((const char *const[]){"tinhso", __VA_ARGS__, NULL}))

static int shell(const char *command)
{
    const pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return ended(pid);
}

/* ---- people work on it ---- */

static pid_t serve(const char *name, const char *data, struct browser *b)
{
    const int port = testing_free_port();
    const char *listen = str_fmt(arena, "127.0.0.1:%d", port).p;
    const pid_t pid =
        begin((const char *const[]){"tinhso", "serve", "--single", "--data", data, "--database",
                                    url_of(name), "--listen", listen, NULL});
    browser_over(b, str_fmt(arena, "http://%s", listen));
    for (int i = 0; i < PATIENCE; i++) {
        if (browser_open(b, "/readyz") == 200)
            return pid;
        nanosleep(&(struct timespec){.tv_nsec = 10'000'000}, NULL);
    }
    fail_msg("the program does not come up on %s, see %s/log", name, root);
    return pid;
}

static void sign_in(struct browser *b, const char *login)
{
    browser_forget(b);
    assert_opens(b, "/dang-nhap", 200);
    assert_true(browser_fill(b, "tai_khoan", login) && browser_fill(b, "mat_khau", "tinhso-2026"));
    assert_true(browser_press(b, "Đăng nhập"));
    assert_int_equal(browser_page(b)->status, 200);
}

static const struct {
    const char *name, *value;
} intake[] = {
    {"dinh_danh",
     "020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022"},
    {"noi_dung_de_nghi", "Chứng thực 5 bản sao."},
    {"so_luong", "5"},
    {"giay_to", "tp-1"},
    {"da_thu", "1"},
    {"chuyen_luon", "1"},
};

/* A clerk takes a dossier in; an officer opens it, and one of before. */
static void people_work(struct browser *b, struct str before)
{
    sign_in(b, "motcua.kylua");
    assert_opens(b, "/quay?thu-tuc=2.000815", 200);
    for (size_t i = 0; i < sizeof intake / sizeof *intake; i++)
        assert_true(browser_fill(b, intake[i].name, intake[i].value));
    assert_true(browser_press(b, "Tiếp nhận"));
    assert_int_equal(browser_page(b)->status, 200);
    struct str rest, code;
    size_t at = 0;
    assert_true(str_find(browser_page(b)->target, S("/H37."), &at));
    str_cut(str_from(browser_page(b)->target, at + 1), '?', &code, &rest);
    sign_in(b, "hotich.kylua");
    assert_opens(b, str_fmt(arena, "/viec/%.*s", F(code)).p, 200);
    assert_sees(b, "Lương Văn Hòa");
    assert_opens(b, str_fmt(arena, "/viec/%.*s", F(before)).p, 200);
    assert_opens(b, "/viec", 200);
}

/* `verify` before and after people worked. */
static void goes_on(const char *name)
{
    const char *data = str_fmt(arena, "%s/data-%s", root, name).p;
    assert_int_equal(shell(str_fmt(arena, "cp -a %s/demo %s", root, data).p), 0);
    assert_int_equal(RUN("verify", "--data", data, "--database", url_of(name)), EX_OK);
    struct browser *b = browser_new(&cx);
    PGconn *pg = join(url_of(name));
    const struct str before =
        tell(pg, "select d.code from onestop_dossier d join identity_account a on a.id = d.assignee"
                 " where a.login = 'hotich.kylua' order by d.id limit 1");
    const pid_t pid = serve(name, data, b);
    people_work(b, before);
    kill(pid, SIGTERM);
    assert_int_equal(ended(pid), EX_OK);
    assert_int_equal(RUN("verify", "--data", data, "--database", url_of(name)), EX_OK);
    PQfinish(pg);
}
