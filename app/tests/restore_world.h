/* restore_world.h - the program as a child that may be killed at a step; a person erased by an
 * order; what a folder's database says. */
#pragma once
#include "app.h"
#include "db/db.h" /* so it is run beside PostgreSQL too */

#include "journal/journal.h"
#include "lane/lane.h"
#include "testing/cluster.h"
#include "vault/vault.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail_msg
#define fail_msg(text, ...) (print_error(text "\n", ##__VA_ARGS__), _fail(__FILE__, __LINE__))

static char root[40];
static struct arena *arena;

struct said {
    int code;
    struct str out;
};

static const char *in(const char *name)
{
    return str_fmt(arena, "%s/%s", root, name).p;
}

/* ---- the program as a child ---- */

typedef int child_fn(void *arg);

static struct said in_child(child_fn *fn, void *arg)
{
    int ends[2], status;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        const int code = fn(arg);
        fflush(NULL);
        _exit(code);
    }
    close(ends[1]);
    struct buf b = {.arena = arena, .limit = 1 << 20};
    char piece[4096];
    for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) > 0;)
        buf_add(&b, (struct str){piece, (size_t)n});
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return (struct said){WIFEXITED(status) ? WEXITSTATUS(status) : 255, buf_str(&b)};
}

struct verb {
    char **words;
    int dies_at;
};

static int run_verb(void *arg)
{
    const struct verb *v = arg;
    struct app_options o;
    int n = 0;
    while (v->words[n])
        n++;
    const int code = app_parse(n, v->words, &o);
    app_dies_at = v->dies_at;
    return code == EX_OK ? app_run(&o, NULL) : code;
}

static struct said verb(int dies_at, const char *const *words)
{
    return in_child(run_verb, &(struct verb){(char **)(uintptr_t)words, dies_at});
}
#define RUN(...) verb(0, (const char *const[]){"tinhso", __VA_ARGS__, NULL})

static void says(struct said s, int code, const char *part)
{
    if (s.code != code || !str_find(s.out, str_c(part), NULL))
        fail_msg("ended with %d, not %d; said \"%.*s\", not \"%s\"", s.code, code, F(s.out), part);
}

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

/* ---- a person is erased by an order ---- */

static const char citizens[] = "select count(*) from vault_subject where erased_at > 0";

static enum err erase_first(struct cx *cx, void *)
{
    int64_t subject;
    TRY(db_one_int(cx, &subject, "select min(id) from vault_subject where erased_at = 0"));
    return journal_erase(cx, subject, S("12/QĐ-UBND"));
}

static enum err write_tombstones(struct cx *cx, void *)
{
    return vault_tombstones(cx);
}

static int erase_one(void *arg)
{
    struct app a;
    const struct app_options o = {.data = arg};
    int code = app_begin(&a, &o, NULL);
    enum err e = code == EX_OK ? OK : ERR_IO;
    if (e == OK && app_lock(&a, false) != EX_OK)
        e = ERR_BUSY;
    if (e == OK)
        e = app_open(&a, false);
    if (e == OK)
        e = lane_call(a.env.lanes, LANE_WRITE, &a.cx, erase_first, NULL);
    if (e == OK)
        e = lane_call(a.env.lanes, LANE_SLOW, &a.cx, write_tombstones, NULL);
    app_close(&a);
    app_end(&a);
    return e == OK ? 0 : 1;
}

static int64_t ask(const char *data, const char *sql)
{
    struct said s = RUN("sql", sql, "--data", data);
    if (s.code != EX_OK)
        fail_msg("%s: %.*s", sql, F(s.out));
    struct str line, rest = str_trim(s.out);
    while (str_cut(rest, '\n', &line, &rest))
        ;
    int64_t n = -1;
    assert_true(str_int(str_trim(line), &n));
    return n;
}
