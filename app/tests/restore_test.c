/*
 * restore_test.c - a copy comes back whole or not at all: killed at every step, spoilt, over data
 * that is there; whom a legal order erased since stays erased; on SQLite and PostgreSQL.
 */
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

/* ---- the folder that all begin with ---- */

/* "copy" is of before, "old" goes on: one account more, one person erased. */
static int make_world([[maybe_unused]] void **state)
{
    arena = arena_new((size_t)512 << 20);
    snprintf(root, sizeof root, "%s/tinhso-restore.XXXXXX",
             access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(root))
        return -1;
    int code = RUN("demo", "--empty", "--data", in("old")).code;
    if (code == EX_OK)
        code = RUN("backup", in("copy"), "--data", in("old")).code;
    if (code == EX_OK)
        code = in_child(erase_one, (void *)(uintptr_t)in("old")).code;
    if (code != EX_OK)
        return -1;
    return 0;
}

static int end_world([[maybe_unused]] void **state)
{
    const int code = shell(str_fmt(arena, "rm -rf %s", root).p);
    arena_free(arena);
    return code;
}

static void copy_world(const char *to)
{
    assert_int_equal(shell(str_fmt(arena, "rm -rf %s && cp -a %s %s", to, in("old"), to).p), 0);
}

static bool there(const char *folder, const char *name)
{
    return access(str_fmt(arena, "%s/%s", folder, name).p, F_OK) == 0;
}

static struct str digest(const char *folder)
{
    const char *command =
        str_fmt(arena,
                "cd %s && (sha256sum core.db; find files -type f | sort | xargs -r"
                " sha256sum) | sha256sum > %s/digest",
                folder, root)
            .p;
    assert_int_equal(shell(command), 0);
    char *text = arena_alloc(arena, 64);
    const int fd = open(in("digest"), O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, text, 64), 64);
    close(fd);
    return (struct str){text, 64};
}

/* ---- SQLite ---- */

/* Run once: the run beside PostgreSQL is for the last test. */
static bool beside_postgresql(void)
{
    const char *url = getenv("TINHSO_TEST_DATABASE");
    return url && *url;
}

static void an_interrupted_restore_leaves_the_old_data_or_the_new([[maybe_unused]] void **t)
{
    if (beside_postgresql())
        skip();
    const char *data = in("work");
    const struct str old = digest(in("old"));
    const int64_t events = ask(in("old"), "select count(*) from journal_event");
    int n = 1, decided = 0;
    for (;; n++) {
        struct arena_mark here = arena_here(arena);
        copy_world(data);
        struct said s = verb(n, (const char *const[]){"tinhso", "restore", in("copy"), "--data",
                                                      data, "--force", NULL});
        if (s.code == EX_OK)
            break;
        if (s.code != 137)
            fail_msg("step %d: %d, %.*s", n, s.code, F(s.out));
        const bool pending = there(data, "restore.pending");
        decided += pending;
        if (pending) {
            says(RUN("verify", "--data", data), EX_TEMPFAIL, "chưa xong");
        } else {
            assert_true(decided == 0 || there(data, "before-restore/core.db"));
            if (decided == 0)
                assert_true(str_eq(digest(data), old));
        }
        /* Whoever opens it next finishes what was decided. */
        says(RUN("pack", "list", "--data", data), EX_OK, "");
        says(RUN("verify", "--quick", "--data", data), EX_OK, "ĐÚNG");
        assert_false(there(data, "restore.pending"));
        assert_int_equal(ask(data, citizens), 1); /* old or new: erased */
        const bool is_new = there(data, "before-restore/core.db");
        assert_int_equal(is_new, decided > 0);
        /* Twice when it was killed between that event and the end. */
        assert_in_range(
            ask(data, "select count(*) from journal_event where kind = 'journal.restored'"), is_new,
            is_new ? 2 : 0);
        if (!is_new)
            assert_int_equal(ask(data, "select count(*) from journal_event"), events);
        arena_back(arena, here);
    }
    print_message("killed at each of %d steps, %d of them after the decision\n", n - 1, decided);
    assert_true(n > 15 && decided > 4);
    assert_int_equal(ask(data, citizens), 1);
    assert_true(there(data, "before-restore/core.db"));
}

static void a_restore_into_an_empty_folder_goes_on_where_it_was_killed([[maybe_unused]] void **t)
{
    if (beside_postgresql())
        skip();
    const char *data = in("fresh");
    const char *keys = in("old/keys"), *stones = in("old/tombstones.log");
    int n = 1;
    for (;; n += 2) {
        struct arena_mark here = arena_here(arena);
        assert_int_equal(
            shell(
                str_fmt(arena, "rm -rf %s; mkdir -m 700 %s; cp %s %s", data, data, stones, data).p),
            0);
        const char *const words[] = {"tinhso", "restore", in("copy"), "--data",
                                     data,     "--keys",  keys,       NULL};
        struct said s = verb(n, words);
        if (s.code == EX_OK)
            break;
        assert_int_equal(s.code, 137);
        if (there(data, "restore.pending") || !there(data, "core.db")) /* else it was just done */
            says(verb(0, words), EX_OK, "Đã dựng lại");
        says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
        assert_int_equal(ask(data, citizens), 1);
        arena_back(arena, here);
    }
    assert_true(n > 10);
}

static void a_spoilt_copy_is_refused_and_touches_nothing([[maybe_unused]] void **t)
{
    if (beside_postgresql())
        skip();
    const char *data = in("work");
    copy_world(data);
    const struct str old = digest(data);
    assert_int_equal(shell(str_fmt(arena,
                                   "rm -rf %s; cp -a %s %s; printf X | dd of=%s/core.db bs=1"
                                   " seek=100000 conv=notrunc status=none",
                                   in("spoilt"), in("copy"), in("spoilt"), in("spoilt"))
                               .p),
                     0);
    says(RUN("restore", in("spoilt"), "--data", data, "--force"), EX_DATAERR, "hỏng");
    assert_true(str_eq(digest(data), old));
    assert_false(there(data, "restore.pending"));
    says(RUN("restore", in("copy"), "--data", data), EX_CANTCREAT, "đã có dữ liệu");
    assert_true(str_eq(digest(data), old));
}

/* ---- PostgreSQL ---- */

static struct str url_of(const struct cluster *c)
{
    return str_fmt(arena, "postgresql://tinhso@/tinhso?host=%%2Ftmp%%2F%s", cluster_folder(c) + 5);
}

static int64_t number(struct cluster *c, const char *sql)
{
    long long n = -1;
    assert_true(cluster_ask(c, sql, &n));
    return n;
}

/* Rows, files and the journal come back into another server, whose transactions count anew. */
static void a_copy_of_postgresql_is_restored_into_another_server([[maybe_unused]] void **t)
{
    if (!beside_postgresql())
        skip();
    const char *data = in("pg"), *copy = in("pg-copy"), *again = in("pg-again");
    struct cluster *source = cluster_new(NULL), *target = cluster_new(NULL);
    assert_true(source && target);
    const char *from = url_of(source).p, *to = url_of(target).p;
    /* The source has seen more transactions than the target. */
    assert_true(cluster_ask(source, "create table spent (n int)", NULL));
    for (int i = 0; i < 400; i++)
        assert_true(cluster_ask(source, "insert into spent values (1)", NULL));
    assert_true(cluster_ask(source, "drop table spent", NULL));
    says(RUN("demo", "--empty", "--data", data, "--database", from), EX_OK, "");
    says(RUN("backup", copy, "--data", data), EX_OK, "Đã chép");
    assert_int_equal(in_child(erase_one, (void *)(uintptr_t)data).code, 0);
    assert_int_equal(
        shell(str_fmt(arena, "mkdir -m 700 %s; cp %s/tombstones.log %s", again, data, again).p), 0);
    says(RUN("restore", copy, "--data", again, "--keys", in("pg/keys"), "--database", from),
         EX_CANTCREAT, "trống");
    const char *const words[] = {"tinhso", "restore",     copy,         "--data", again,
                                 "--keys", in("pg/keys"), "--database", to,       NULL};
    /* Killed before the decision, around the import, before the end. */
    int n = 1, killed = 0;
    for (struct said s; (s = verb(n, words)).code != EX_OK; n = killed < 4 ? n + 4 : n + 1) {
        if (s.code != 137)
            fail_msg("step %d: %d, %.*s", n, s.code, F(s.out));
        killed++;
        if (!there(again, "restore.pending"))
            assert_int_equal(number(target, "select count(*) from pg_class where relkind = 'r'"
                                            " and relnamespace = 'public'::regnamespace"),
                             0);
    }
    print_message("killed %d times on its way\n", killed);
    assert_true(killed >= 4);
    says(RUN("verify", "--data", again), EX_OK, "ĐÚNG");
    assert_int_equal(ask(again, citizens), 1);
    /* What is written from now on follows what was there. */
    assert_int_equal(in_child(erase_one, (void *)(uintptr_t)again).code, 0);
    says(RUN("verify", "--data", again), EX_OK, "ĐÚNG");
    assert_int_equal(number(target,
                            "select count(*) from (select tx < lag(tx) over (order by id) as"
                            " back from journal_event) e where back"),
                     0);
    assert_true(number(target, "select added from db_era") > 400);
    cluster_end(source);
    cluster_end(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interrupted_restore_leaves_the_old_data_or_the_new),
        cmocka_unit_test(a_restore_into_an_empty_folder_goes_on_where_it_was_killed),
        cmocka_unit_test(a_spoilt_copy_is_refused_and_touches_nothing),
        cmocka_unit_test(a_copy_of_postgresql_is_restored_into_another_server),
    };
    return cmocka_run_group_tests(tests, make_world, end_world);
}
