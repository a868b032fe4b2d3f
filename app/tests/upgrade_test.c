/*
 * upgrade_test.c - a database of every earlier schema comes to today's with all its rows; an
 * upgrade that fails at any statement leaves the schema it began with, and the next one goes on.
 *
 * Earlier databases are made by the migrations themselves, which never change once landed, and
 * filled with the rows of a demo as far as their columns were there.
 */
#include "app.h"

#include "testing/testing.h"

#include <netinet/in.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static char root[40];
static const char *const *roots;
static size_t files; /* of all roots */

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.arena_bytes = (size_t)256 << 20});
}

/* ---- the demo, whose rows fill all ---- */

static int make_demo([[maybe_unused]] void **state)
{
    static struct arena *a;
    char data[80];
    a = arena_new((size_t)1 << 20);
    roots = module_schema_roots(a, app_modules);
    snprintf(root, sizeof root, "%s/tinhso-upgrade.XXXXXX",
             access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(root))
        return -1;
    if (getenv("TINHSO_TEST_DATABASE"))
        return 0;
    snprintf(data, sizeof data, "%s/demo", root);
    const pid_t pid = fork();
    if (pid == 0) {
        const char *const words[] = {"tinhso", "demo", "--data", data, NULL};
        struct app_options o;
        if (!freopen("/dev/null", "w", stdout))
            _exit(1);
        _exit(app_parse(4, (char **)(uintptr_t)words, &o) == 0 ? app_run(&o, NULL) : 1);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return status == 0 ? 0 : -1;
}

static int end_demo([[maybe_unused]] void **state)
{
    const pid_t pid = fork();
    int status = -1;
    if (pid == 0) {
        execlp("rm", "rm", "-rf", root, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return status == 0 ? 0 : -1;
}

/* ---- a database by its file ---- */

static sqlite3 *open_file(const char *path)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

typedef void row_fn(void *state, sqlite3_stmt *st);

static void each(sqlite3 *db, const char *sql, row_fn *fn, void *state)
{
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(st) == SQLITE_ROW)
        fn(state, st);
    sqlite3_finalize(st);
}

static const char *text_of(sqlite3_stmt *st, int column)
{
    const char *text = (const char *)sqlite3_column_text(st, column);
    return text ? text : "";
}

static void take_number(void *state, sqlite3_stmt *st)
{
    *(int64_t *)state = sqlite3_column_int64(st, 0);
}

static void hash_row(void *state, sqlite3_stmt *st)
{
    struct hash_stream *h = state;
    for (int i = 0; i < sqlite3_column_count(st); i++) {
        const int n = sqlite3_column_bytes(st, i);
        const char *p = sqlite3_column_blob(st, i);
        hash_stream_add(h, (struct str){(const char *)&n, sizeof n});
        if (n)
            hash_stream_add(h, (struct str){p, (size_t)n});
    }
}

static struct hash digest(sqlite3 *db, const char *sql)
{
    struct hash_stream *h = hash_stream_new();
    each(db, sql, hash_row, h);
    return hash_stream_end(h);
}

#define SCHEMA "select type, name, tbl_name, coalesce(sql, '') from sqlite_schema order by 1, 2"

/* ---- an earlier database with rows ---- */

struct table {
    struct str name, columns; /* those that the demo has too, comma separated */
    struct hash before;
    bool filled;
};
struct world {
    struct cx *cx;
    sqlite3 *db;
    struct table tables[256];
    size_t n;
    struct buf columns;
};

static void take_table(void *state, sqlite3_stmt *st)
{
    struct world *w = state;
    assert_true(w->n < 256);
    w->tables[w->n++] = (struct table){.name = str_dup(w->cx->arena, str_c(text_of(st, 0)))};
}

static void take_column(void *state, sqlite3_stmt *st)
{
    struct buf *b = state;
    buf_fmt(b, "%s\"%s\"", b->n ? "," : "", text_of(st, 0));
}

static const char *select_of(struct world *w, const struct table *t)
{
    return str_fmt(w->cx->arena, "select %.*s from main.\"%.*s\" order by %.*s", F(t->columns),
                   F(t->name), F(t->columns))
        .p;
}

static void fill_table(struct world *w, struct table *t)
{
    struct arena *a = w->cx->arena;
    struct buf columns = {.arena = a, .limit = 8192};
    each(w->db,
         str_fmt(a,
                 "select name from pragma_table_info('%.*s', 'main') where name in"
                 " (select name from pragma_table_info('%.*s', 'demo')) order by cid",
                 F(t->name), F(t->name))
             .p,
         take_column, &columns);
    t->columns = buf_str(&columns);
    if (t->columns.n == 0 || str_eq(t->name, S("db_migration")))
        return;
    const char *sql =
        str_fmt(a, "insert or ignore into main.\"%.*s\" (%.*s) select %.*s from demo.\"%.*s\"",
                F(t->name), F(t->columns), F(t->columns), F(t->name))
            .p;
    t->filled = sqlite3_exec(w->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static size_t fill(struct world *w)
{
    size_t filled = 0;
    const char *attach =
        str_fmt(w->cx->arena, "attach 'file:%s/demo/core.db?mode=ro' as demo", root).p;
    assert_int_equal(sqlite3_exec(w->db, attach, NULL, NULL, NULL), SQLITE_OK);
    each(w->db,
         "select name from main.sqlite_schema where type = 'table' and name not like 'sqlite_%'",
         take_table, w);
    for (size_t i = 0; i < w->n; i++) {
        fill_table(w, &w->tables[i]);
        filled += w->tables[i].filled;
    }
    for (size_t i = 0; i < w->n; i++)
        if (w->tables[i].filled)
            w->tables[i].before = digest(w->db, select_of(w, &w->tables[i]));
    return filled;
}

static enum err migrate_file(struct cx *cx, const char *path, size_t n)
{
    struct db_store *s;
    struct db *const before = cx->db;
    TRY(db_open(
        cx, &(struct db_config){.url = str_fmt(cx->arena, "sqlite:%s", path), .may_create = true},
        &s));
    enum err e = db_connect(cx, s, DB_WRITER, &cx->db);
    if (e == OK)
        e = db_migrate_first(cx, roots, n, &files);
    db_disconnect(cx->db);
    cx->db = before;
    db_close(s);
    return e;
}

static void every_earlier_schema_comes_to_todays_with_its_rows(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        skip(); /* its rows are files of SQLite */
    const char *fresh = str_fmt(cx->arena, "%s/fresh.db", root).p;
    assert_ok(migrate_file(cx, fresh, SIZE_MAX));
    sqlite3 *db = open_file(fresh);
    const struct hash today = digest(db, SCHEMA);
    sqlite3_close(db);
    size_t tables = 0, filled = 0;
    for (size_t n = 1; n <= files; n++) {
        struct arena_mark here = arena_here(cx->arena);
        const char *path = str_fmt(cx->arena, "%s/%zu.db", root, n).p;
        struct world *w = NEW(cx->arena, struct world);
        size_t all = files;
        assert_ok(migrate_file(cx, path, n));
        *w = (struct world){.cx = cx, .db = NULL};
        assert_int_equal(
            sqlite3_open_v2(path, &w->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, NULL),
            SQLITE_OK);
        filled += fill(w);
        tables += w->n;
        sqlite3_close(w->db);
        assert_ok(migrate_file(cx, path, SIZE_MAX));
        assert_int_equal(files, all);
        w->db = open_file(path);
        const struct hash now = digest(w->db, SCHEMA);
        assert_memory_equal(&now, &today, sizeof now);
        for (size_t i = 0; i < w->n; i++) {
            if (!w->tables[i].filled || str_eq(w->tables[i].name, S("kept_moves")))
                continue; /* whose numbers move with every row that is written */
            const struct hash after = digest(w->db, select_of(w, &w->tables[i]));
            if (memcmp(&after, &w->tables[i].before, sizeof after) != 0)
                fail_msg("after %zu files: rows of %.*s changed", n, F(w->tables[i].name));
        }
        sqlite3_close(w->db);
        unlink(path);
        arena_back(cx->arena, here);
    }
    print_message("%zu schemas, %zu tables filled of %zu\n", files, filled, tables);
    assert_true(files > 30 && filled * 10 > tables * 9);
}

/* ---- people who come while it is upgraded ---- */

/* The socket is held by somebody else, as by systemd: they wait in it, and are served after. */
static int hold_socket(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM, 0); /* the child gets it */
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static int come(int port)
{
    static const char asked[] =
        "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_sec = 60};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(send(fd, asked, sizeof asked - 1, MSG_NOSIGNAL), sizeof asked - 1);
    return fd;
}

static void is_served(int fd)
{
    char got[16] = "";
    const ssize_t n = recv(fd, got, 12, MSG_WAITALL);
    close(fd);
    if (n != 12 || memcmp(got, "HTTP/1.1 200", 12) != 0)
        fail_msg("answered %zd bytes: %.12s", n, got);
}

static pid_t serve_on(int fd, const char *data)
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    char listen[16];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(listen, sizeof listen, "fd:%d", fd);
    const char *const words[] = {"tinhso", "serve",    "--single", "--data",
                                 data,     "--listen", listen,     NULL};
    struct app_options o;
    if (!freopen("/dev/null", "w", stdout))
        _exit(1);
    _exit(app_parse(7, (char **)(uintptr_t)words, &o) == 0 ? app_run(&o, NULL) : 1);
}

static void stop(pid_t pid)
{
    int status = -1;
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
}

static void who_comes_during_an_upgrade_is_served_after_it(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        skip();
    const char *data = str_fmt(cx->arena, "%s/demo", root).p;
    const char *path = str_fmt(cx->arena, "%s/core.db", data).p;
    struct world *w = NEW(cx->arena, struct world);
    int port;
    /* An earlier release with the rows of the demo, in the demo's place. */
    const char *earlier = str_fmt(cx->arena, "%s/earlier.db", root).p;
    assert_ok(migrate_file(cx, earlier, files - 4));
    *w = (struct world){.cx = cx};
    assert_int_equal(
        sqlite3_open_v2(earlier, &w->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, NULL), SQLITE_OK);
    assert_true(fill(w) > 50);
    sqlite3_close(w->db);
    assert_int_equal(rename(earlier, path), 0);
    unlink(str_fmt(cx->arena, "%s-wal", path).p);
    unlink(str_fmt(cx->arena, "%s-shm", path).p);

    const int held = hold_socket(&port);
    int early[8];
    for (int i = 0; i < 8; i++)
        early[i] = come(port); /* nobody serves yet */
    pid_t pid = serve_on(held, data);
    for (int i = 0; i < 8; i++)
        is_served(early[i]);
    stop(pid);
    for (int i = 0; i < 8; i++)
        early[i] = come(port); /* between two servers */
    pid = serve_on(held, data);
    for (int i = 0; i < 8; i++)
        is_served(early[i]);
    stop(pid);
    close(held);
    sqlite3 *db = open_file(path);
    int64_t n = 0;
    each(db, "select count(*) from db_migration", take_number, &n);
    sqlite3_close(db);
    assert_int_equal(n, files);
}

/* ---- an upgrade that fails ---- */

static struct hash schema_now(struct cx *cx)
{
    struct hash_stream *h = hash_stream_new();
    auto_rows rows = {0};
    if (db_is_postgres(cx))
        assert_ok(
            db_query(cx, &rows,
                     "/* postgresql */ select table_name || '.' || column_name || ' ' || data_type"
                     " from information_schema.columns where table_schema = current_schema()"
                     " order by 1"));
    else
        assert_ok(db_query(cx, &rows,
                           "/* sqlite */ select name || coalesce(sql, '') from sqlite_schema"
                           " order by type, name"));
    while (db_next(&rows)) {
        const struct str line = db_str(&rows, 0);
        hash_stream_add(h, line);
    }
    return hash_stream_end(h);
}

/* Fails at each call of the n-th file in turn. How often it failed. */
static int fail_everywhere(struct cx *cx, size_t n)
{
    size_t all;
    struct hash before = schema_now(cx);
    const int earlier = (int)(n - 1) * 3; /* begin, "is it there?", commit, of each file before */
    int calls = earlier + 1;
    for (;; calls++) {
        struct arena_mark here = arena_here(cx->arena);
        db_fail_at(cx, calls);
        const enum err e = db_migrate_first(cx, roots, n, &all);
        db_fail_at(cx, 0);
        if (e == OK)
            break;
        assert_int_equal(e, ERR_IO);
        const struct hash now = schema_now(cx);
        if (memcmp(&now, &before, sizeof now) != 0)
            fail_msg("file %zu failed at call %d and left something", n, calls);
        arena_back(cx->arena, here);
    }
    return calls - earlier - 1;
}

static void an_upgrade_that_fails_leaves_the_schema_and_the_next_goes_on(void **t)
{
    struct cx *cx = test_cx(t);
    size_t all;
    int failures = 0;
    const size_t step =
        db_is_postgres(cx) ? 7 : 1; /* there each statement is a walk to the server */
    assert_ok(db_migrate_first(cx, roots, 0, &all));
    for (size_t n = 1; n <= all; n++) {
        if (n % step == 0)
            failures += fail_everywhere(cx, n);
        else
            assert_ok(db_migrate_first(cx, roots, n, &all));
    }
    const struct hash whole = schema_now(cx);
    assert_ok(db_migrate(cx, roots));
    const struct hash again = schema_now(cx);
    assert_memory_equal(&whole, &again, sizeof whole);
    print_message("%zu files failed at %d calls\n", all, failures);
    assert_true(failures > (db_is_postgres(cx) ? 20 : 200));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_earlier_schema_comes_to_todays_with_its_rows),
        TEST(who_comes_during_an_upgrade_is_served_after_it),
        TEST(an_upgrade_that_fails_leaves_the_schema_and_the_next_goes_on),
    };
    return cmocka_run_group_tests(tests, make_demo, end_demo);
}
