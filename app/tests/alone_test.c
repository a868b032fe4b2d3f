/*
 * alone_test.c - the program far from its source tree: what it brings with it, where settings come
 * from.
 *
 * Each command runs in a child process that stands in /, so what it needs must be in the program.
 */
#include "app.h"
#include "db/db.h" /* so it is run beside PostgreSQL too */

#include <fcntl.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char root[] = "/tmp/tinhso-verbs.XXXXXX", demo[64];
static struct arena *arena;

struct said {
    int code;
    struct str out;
};

static pid_t spawn(const char *line, const char *env, int out)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    char text[2000], *argv[32], *next = NULL, *names[] = {(char *)(uintptr_t)env, NULL};
    int argc = 0;
    snprintf(text, sizeof text, "tinhso %s", line);
    for (char *word = strtok_r(text, " ", &next); word && argc < 31;
         word = strtok_r(NULL, " ", &next))
        argv[argc++] = strcmp(word, "''") == 0 ? (char *)"" : word;
    for (char **a = argv; a < argv + argc; a++)
        for (char *c = *a; *c; c++)
            *c = *c == '~' ? ' ' : *c; /* a blank inside a word */
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (chdir("/") != 0)
        _exit(99);
    struct app_options o;
    int code = app_parse(argc, argv, &o);
    code = code == EX_OK ? app_run(&o, env ? names : names + 1) : code;
    fflush(NULL);
    _exit(code);
}

/* Runs "tinhso LINE" with one variable of the environment; gives its words and its exit code. */
static struct said run_with(const char *env, const char *line)
{
    int ends[2], status;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = spawn(line, env, ends[1]);
    close(ends[1]);
    struct buf b = {.arena = arena, .limit = 1 << 20};
    char piece[4096];
    for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) > 0;)
        buf_add(&b, (struct str){piece, (size_t)n});
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return (struct said){WIFEXITED(status) ? WEXITSTATUS(status) : 255, buf_str(&b)};
}

#define RUN(...) run_with(NULL, str_fmt(arena, __VA_ARGS__).p)

static void assert_said(struct said s, int code, const char *part)
{
    if (s.code != code || !str_find(s.out, str_c(part), NULL))
        fail_msg("ended with %d, not %d; said \"%.*s\", not \"%s\"", s.code, code, F(s.out), part);
}

static const char *in_root(const char *name)
{
    return str_fmt(arena, "%s/%s", root, name).p;
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int make_demo([[maybe_unused]] void **t)
{
    arena = arena_new((size_t)64 << 20);
    assert_non_null(mkdtemp(root));
    snprintf(demo, sizeof demo, "%s/demo", root);
    return RUN("demo --data %s", demo).code;
}

static int remove_all([[maybe_unused]] void **t)
{
    pid_t pid = fork();
    if (pid == 0)
        execlp("rm", "rm", "-rf", root, (char *)NULL);
    waitpid(pid, NULL, 0);
    arena_free(arena);
    return 0;
}

static void what_the_program_needs_is_in_it([[maybe_unused]] void **t)
{
    assert_said(RUN("init --data %s", in_root("fresh")), EX_OK,
                "quoc-gia/procedures/1.001193.json: thêm 1");
    assert_said(RUN("verify --data %s", in_root("fresh")), EX_OK, "ĐÚNG");
}

static void settings_come_from_file_environment_and_command_line([[maybe_unused]] void **t)
{
    put(in_root("a.conf"), str_fmt(arena, "data = %s\n", demo).p);
    const char *here = str_fmt(arena, "TINHSO_DATA=%s", demo).p;
    put(in_root("odd.conf"), "nothing that reads as a setting\n");
    assert_said(RUN("version --settings %s", in_root("odd.conf")), EX_CONFIG, "dòng 1");
    assert_said(RUN("version --settings %s", in_root("none.conf")), EX_NOINPUT, "none.conf");
    assert_said(RUN("verify --settings %s", in_root("a.conf")), EX_OK, "ĐÚNG");
    assert_said(run_with(here, "verify"), EX_OK, "ĐÚNG");
    assert_int_not_equal(run_with(here, str_fmt(arena, "verify --data %s", in_root("none")).p).code,
                         EX_OK);
    /* The later one wins. */
    assert_int_not_equal(
        run_with("TINHSO_DATABASE=mysql:x", str_fmt(arena, "verify --data %s", demo).p).code,
        EX_OK);
    assert_said(
        run_with("TINHSO_DATABASE=mysql:x",
                 str_fmt(arena, "verify --data %s --database sqlite:%s/core.db", demo, demo).p),
        EX_OK, "ĐÚNG");
}

/* ---- the data ---- */

static void a_pack_loaded_again_changes_nothing([[maybe_unused]] void **t)
{
    struct said before = RUN("sql select~sum(version)~from~org_area --data %s", demo);
    assert_said(RUN("pack load lang-son --data %s", demo), EX_OK,
                "areas.json: thêm 0, đổi 0, giữ nguyên 66");
    assert_said(RUN("pack load lang-son --data %s", demo), EX_OK,
                "units.json: thêm 0, đổi 0, giữ nguyên 5");
    assert_said(RUN("pack load roles --data %s", demo), EX_OK, "thêm 0, đổi 0, giữ nguyên");
    assert_true(
        str_eq(before.out, RUN("sql select~sum(version)~from~org_area --data %s", demo).out));
}

static int64_t rows(const char *table)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(str_fmt(arena, "%s/core.db", demo).p, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, str_fmt(arena, "select count(*) from %s", table).p, -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static void lose(const char *table)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(str_fmt(arena, "%s/core.db", demo).p, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, str_fmt(arena, "delete from %s", table).p, NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
}

static void a_lost_search_index_is_made_again([[maybe_unused]] void **t)
{
    int64_t words = rows("procedure_word"), texts = rows("procedure_text");
    assert_true(words > 10 && texts > 0);
    lose("procedure_word");
    lose("procedure_text");
    assert_said(RUN("rebuild procedure --data %s", demo), EX_OK, "procedure: đã làm lại");
    assert_int_equal(rows("procedure_word"), words);
    assert_int_equal(rows("procedure_text"), texts);
}

/* ---- the other database: run by tools/pg-cluster, which says where it is ---- */

static struct str schema_url(const char *cluster)
{
    const char *schema = str_fmt(arena, "alone_%d", (int)getpid()).p;
    PGconn *c = PQconnectdb(cluster);
    PGresult *r = PQexec(c, str_fmt(arena, "create schema %s", schema).p);
    assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
    PQclear(r);
    PQfinish(c);
    return str_fmt(arena, "%s%coptions=-csearch_path%%3D%s", cluster,
                   strchr(cluster, '?') ? '&' : '?', schema);
}

static void the_program_runs_on_postgresql([[maybe_unused]] void **t)
{
    const char *cluster = getenv("TINHSO_TEST_DATABASE"), *data = in_root("on-pg");
    if (!cluster)
        skip();
    const char *url = schema_url(cluster).p;
    assert_said(RUN("demo --data %s --database %s", data, url), EX_OK, "020192999101");
    struct stat st;
    assert_int_not_equal(stat(in_root("on-pg/core.db"), &st), 0);
    assert_said(RUN("verify --data %s --database %s", data, url), EX_OK, "ĐÚNG");
    assert_said(RUN("rebuild --data %s --database %s", data, url), EX_OK, "procedure: đã làm lại");
    assert_said(RUN("sql select~count(*)~from~org_area --data %s --database %s", data, url), EX_OK,
                "13465");
    assert_int_not_equal(RUN("sql delete~from~org_area --data %s --database %s", data, url).code,
                         EX_OK);
    assert_said(RUN("backup %s --data %s --database %s", in_root("pg-bak"), data, url), EX_OK,
                "Đã chép");
    assert_int_equal(stat(in_root("pg-bak/core.pgcopy"), &st), 0);
}

/* ---- a server that holds the folder ---- */

static bool connects(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return ok;
}

static pid_t serve(const char *first, const char *second)
{
    int log = open(in_root("server.log"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid = spawn(str_fmt(arena, "serve --single --data %s --listen unix:%s --listen unix:%s",
                              demo, first, second)
                          .p,
                      NULL, log);
    close(log);
    const char *admin = str_fmt(arena, "%s/admin.sock", demo).p;
    for (int i = 0; i < 2000 && !(connects(second) && connects(admin)); i++)
        nanosleep(&(struct timespec){.tv_nsec = 10'000'000}, NULL);
    return pid;
}

static void a_server_listens_at_every_address_it_was_given([[maybe_unused]] void **t)
{
    const char *first = in_root("http.sock"), *second = in_root("other.sock");
    pid_t server = serve(first, second);
    assert_true(connects(first) && connects(second));
    assert_said(RUN("rebuild --data %s", demo), EX_OK,
                "procedure: đã làm lại"); /* the server does it */
    int status;
    assert_int_equal(kill(server, SIGTERM), 0);
    assert_int_equal(waitpid(server, &status, 0), server);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EX_OK);
}

/* A server that stops signs the head of the journal and writes it to the witness file. */
static void the_journal_is_held_against_its_witness([[maybe_unused]] void **t)
{
    const char *witness = str_fmt(arena, "%s/witness/heads.log", demo).p;
    struct said sound = RUN("verify --data %s --head %s", demo, witness);
    assert_said(sound, EX_OK, "có trong tệp nhân chứng");
    assert_false(str_find(sound.out, S(" 0 có trong tệp"), NULL));
    put(in_root("forged"), "not a head\n");
    assert_said(RUN("verify --data %s --head %s", demo, in_root("forged")), EX_DATAERR,
                "Dòng 1 của tệp nhân chứng");
    assert_int_not_equal(RUN("verify --data %s --head %s", demo, in_root("no-witness")).code,
                         EX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_program_needs_is_in_it),
        cmocka_unit_test(settings_come_from_file_environment_and_command_line),
        cmocka_unit_test(a_pack_loaded_again_changes_nothing),
        cmocka_unit_test(a_lost_search_index_is_made_again),
        cmocka_unit_test(the_program_runs_on_postgresql),
        cmocka_unit_test(a_server_listens_at_every_address_it_was_given),
        cmocka_unit_test(the_journal_is_held_against_its_witness),
    };
    return cmocka_run_group_tests(tests, make_demo, remove_all);
}
