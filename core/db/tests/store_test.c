/* store_test.c - files and connections: snapshots, budgets, backups, failing disks. */
#include "testing/testing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static struct cx *reader_of(struct cx *cx)
{
    struct cx *reader = testing_another(cx);
    assert_ok(db_connect(reader, testing_store(cx), DB_READER, &reader->db));
    return reader;
}

static enum err add(struct cx *cx, const char *text)
{
    return db_exec(cx, "insert into parts_event (text) values ($1)", V(str_c(text)));
}

static void an_address_of_no_database_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct db_store *s;
    assert_err(db_open(cx, &(struct db_config){.url = S("mysql://x")}, &s), ERR_INVALID);
    assert_err(db_open(cx, &(struct db_config){.url = S("sqlite:")}, &s), ERR_INVALID);
    assert_err(db_open(cx, &(struct db_config){.url = S("sqlite:/nowhere/core.db")}, &s),
               ERR_NOT_FOUND);
    assert_err(db_open(cx, &(struct db_config){.url = S("postgresql:///x?host=/nowhere")}, &s),
               ERR_BUSY);
}

/* ---- to another machine only under TLS ---- */

struct listener {
    int fd;
    int64_t in_the_clear; /* bytes that came after "no TLS here" */
};

/* A server of PostgreSQL's protocol that speaks no TLS, and counts what it is told all the same. */
static void *speaks_no_tls(void *arg)
{
    struct listener *l = arg;
    char asked[8], more[400];
    const int fd = accept(l->fd, NULL, NULL);
    if (fd < 0)
        return NULL;
    if (recv(fd, asked, sizeof asked, MSG_WAITALL) == sizeof asked && send(fd, "N", 1, 0) == 1) {
        const ssize_t n = recv(fd, more, sizeof more, 0);
        l->in_the_clear = n > 0 ? n : 0;
    }
    close(fd);
    shutdown(l->fd, SHUT_RDWR); /* once is enough */
    return NULL;
}

static int64_t told_in_the_clear(struct cx *cx, const char *host, const char *more)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof at;
    struct db_store *s;
    pthread_t thread;
    struct listener l = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(bind(l.fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(l.fd, 8), 0);
    assert_int_equal(getsockname(l.fd, (struct sockaddr *)&at, &n), 0);
    assert_int_equal(pthread_create(&thread, NULL, speaks_no_tls, &l), 0);
    const struct str url =
        str_fmt(cx->arena, "postgresql://an:ma@%s:%d/tinhso%s", host, ntohs(at.sin_port), more);
    assert_err(db_open(cx, &(struct db_config){.url = url}, &s), ERR_BUSY);
    pthread_join(thread, NULL);
    close(l.fd);
    return l.in_the_clear;
}

/* 0.0.0.0 leads here too, but is no name of this machine. */
static void nothing_is_said_to_another_machine_in_the_clear(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(told_in_the_clear(cx, "0.0.0.0", ""), 0);
    assert_true(told_in_the_clear(cx, "0.0.0.0", "?sslmode=prefer") > 0); /* it was said */
    assert_true(told_in_the_clear(cx, "127.0.0.1", "") > 0);
}

static void a_file_of_something_else_is_refused(void **t)
{
    struct cx *cx = testing_another(test_cx(t));
    const struct str path = str_fmt(cx->arena, "%.*s/other.db", F(cx->env->data_dir));
    FILE *f = fopen(path.p, "w");
    for (int i = 0; i < 4096; i++)
        fputs("This is not a database. ", f);
    fclose(f);
    struct db_store *s;
    assert_ok(db_open(cx, &(struct db_config){.url = str_fmt(cx->arena, "sqlite:%s", path.p)}, &s));
    assert_err(db_connect(cx, s, DB_WRITER, &cx->db), ERR_IO);
    cx->db = NULL;
    db_close(s);
}

static void a_database_in_memory_is_shared_by_its_connections(void **t)
{
    struct cx *writer = testing_another(test_cx(t)), *reader = testing_another(test_cx(t));
    struct db_store *s;
    assert_ok(
        db_open(writer, &(struct db_config){.url = S("sqlite::memory:"), .may_create = true}, &s));
    assert_ok(db_connect(writer, s, DB_WRITER, &writer->db));
    assert_ok(db_migrate(writer, roots));
    assert_ok(db_connect(reader, s, DB_READER, &reader->db));
    assert_ok(add(writer, "x"));
    assert_int_equal(rows_of(reader, "parts_event"), 2);
    db_disconnect(reader->db);
    db_disconnect(writer->db);
    db_close(s);
}

static void a_file_has_one_writer(void **t)
{
    struct cx *writer = testing_another(test_cx(t)), *second = testing_another(test_cx(t));
    struct db_store *s;
    assert_ok(
        db_open(writer, &(struct db_config){.url = S("sqlite::memory:"), .may_create = true}, &s));
    assert_ok(db_connect(writer, s, DB_WRITER, &writer->db));
    assert_err(db_connect(second, s, DB_WRITER, &second->db), ERR_BUSY);
    db_disconnect(writer->db);
    assert_ok(db_connect(second, s, DB_WRITER, &second->db));
    db_disconnect(second->db);
    db_close(s);
}

static void a_reader_cannot_write(void **t)
{
    struct cx *reader = reader_of(test_cx(t));
    assert_ok(db_begin(reader));
    assert_err(add(reader, "x"), ERR_IO);
    db_rollback(reader);
    db_disconnect(reader->db);
}

static void a_snapshot_stands_still_until_it_ends(void **t)
{
    struct cx *cx = test_cx(t), *reader = reader_of(cx);
    assert_ok(db_begin(reader));
    assert_int_equal(rows_of(reader, "parts_event"), 1);
    assert_ok(test_write(cx, add(cx, "x")));
    assert_int_equal(rows_of(reader, "parts_event"), 1);
    db_rest(reader);
    assert_int_equal(rows_of(reader, "parts_event"), 2);
    db_rollback(reader);
    db_disconnect(reader->db);
}

/* What is kept by a snapshot's number is kept for all that see the same. */
static void snapshots_with_no_commit_between_them_have_one_number(void **t)
{
    struct cx *cx = test_cx(t), *reader = reader_of(cx);
    assert_ok(db_begin(reader));
    assert_int_equal(rows_of(reader, "parts_event"), 1); /* PostgreSQL: now it stands */
    const int64_t first = db_snapshot(reader);
    assert_true(first > 0);
    assert_ok(test_write(cx, add(cx, "x")));
    assert_int_equal(db_snapshot(reader), first); /* it still sees what it saw */
    assert_int_equal(rows_of(reader, "parts_event"), 1);
    db_rest(reader);
    const int64_t second = db_snapshot(reader);
    assert_int_not_equal(second, first);
    assert_int_equal(rows_of(reader, "parts_event"), 2);
    db_rest(reader);
    if (!db_is_postgres(reader))
        assert_int_equal(db_snapshot(reader), second);
    db_rest(reader);
    assert_int_equal(rows_of(reader, "parts_event"), 2); /* asked for after the first statement */
    if (!db_is_postgres(reader))
        assert_int_equal(db_snapshot(reader), second);
    db_rollback(reader);
    assert_int_equal(db_snapshot(reader), 0);
    db_disconnect(reader->db);
}

/* ---- budgets ---- */

/* As many rows as it is asked for; SQLite is stopped by steps, PostgreSQL by time. */
static enum err count_up_to(struct cx *cx, int64_t n, int64_t *got)
{
    return db_one_int(
        cx, got,
        "with recursive up (i) as (select cast(1 as bigint) union all select i + 1 from up where i < $1)"
        " select count(*) from up",
        V(n));
}

static void a_statement_over_its_time_is_interrupted(void **t)
{
    struct cx *reader = reader_of(test_cx(t));
    int64_t got;
    db_set_budget_ms(reader->db, 50);
    assert_ok(db_begin(reader));
    assert_ok(count_up_to(reader, 10, &got));
    assert_int_equal(got, 10);
    assert_false(db_interrupted(reader));
    assert_err(count_up_to(reader, INT64_MAX, &got), ERR_BUSY);
    assert_true(db_interrupted(reader));
    assert_err(count_up_to(reader, 10, &got), ERR_BUSY); /* doomed */
    db_rollback(reader);
    db_set_budget_ms(reader->db, 0);
    assert_ok(db_begin(reader));
    assert_false(db_interrupted(reader));
    assert_ok(count_up_to(reader, 100000, &got));
    db_rollback(reader);
    db_disconnect(reader->db);
}

/* ---- SQLite's files ---- */

static void an_fsync_that_fails_leaves_the_outcome_unknown(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return; /* the server's own matter; see the next test */
    const int64_t before = db_fsyncs();
    assert_ok(test_write(cx, add(cx, "x")));
    assert_true(db_fsyncs() > before);
    assert_false(db_outcome_unknown(cx));

    db_fsync_fails_at(1);
    assert_err(test_write(cx, add(cx, "y")), ERR_IO);
    assert_true(db_outcome_unknown(cx));
    db_fsync_fails_at(0);
    assert_ok(test_write(cx, add(cx, "z")));
    assert_int_equal(rows_of(cx, "parts_event where text in ('x', 'z')"), 2);
}

static void a_commit_that_breaks_the_connection_is_found_undone(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        return; /* a file has no connection to break */
    assert_err(test_write(cx, db_exec(cx, "insert into parts_doom (id) values (1)")), ERR_BUSY);
    assert_false(db_outcome_unknown(cx));
    assert_true(db_should_retry_once(cx));
    assert_ok(test_write(cx, add(cx, "the next begin connects anew")));
}

static void a_full_disk_takes_the_transaction_down(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    IGNORE(db_exec(cx, "/* sqlite */ pragma max_page_count = 100"));
    assert_ok(db_begin(cx));
    assert_ok(add(cx, "before"));
    assert_ok(db_savepoint(cx));
    assert_err(
        db_exec(cx, "/* sqlite */ insert into parts_event (text) values (hex(zeroblob(1000000)))"),
        ERR_IO);
    db_savepoint_rollback(cx);
    assert_true(db_doomed(cx)); /* the savepoint could not save what was before it */
    db_rollback(cx);
    assert_int_equal(rows_of(cx, "parts_event"), 1);
    assert_ok(test_write(cx, add(cx, "small")));
}

static enum err backup(struct cx *cx, void *path)
{
    return db_backup(cx, *(struct str *)path);
}

static void a_backup_is_the_whole_database(void **t)
{
    struct cx *cx = test_cx(t);
    struct str path = str_fmt(cx->arena, "%.*s/copy.db", F(cx->env->data_dir));
    if (db_is_postgres(cx)) {
        assert_ok(db_backup(cx, path)); /* core/lane/tests restores one */
        assert_err(db_backup(cx, path), ERR_CONFLICT);
        return;
    }
    for (int i = 0; i < 500; i++)
        assert_ok(add(cx, "Hồ sơ có nhiều trang giấy"));
    testing_let_go(cx);
    assert_ok(lanes_at_barrier(cx->env->lanes, cx, backup, &path));
    testing_hold(cx);

    struct cx *other = testing_another(cx);
    struct db_store *s;
    int64_t sum, copied;
    assert_ok(
        db_open(other, &(struct db_config){.url = str_fmt(cx->arena, "sqlite:%s", path.p)}, &s));
    assert_ok(db_connect(other, s, DB_WRITER, &other->db));
    assert_ok(db_one_int(cx, &sum, "select sum(id * length(text)) from parts_event"));
    assert_ok(db_one_int(other, &copied, "select sum(id * length(text)) from parts_event"));
    assert_int_equal(copied, sum);
    assert_int_equal(rows_of(other, "db_migration"), rows_of(cx, "db_migration"));
    assert_int_equal(rows_of(other, "pragma_integrity_check where integrity_check = 'ok'"), 1);
    db_disconnect(other->db);
    db_close(s);
}

static void a_backup_never_replaces_a_file(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    const struct str path = str_fmt(cx->arena, "%.*s/copy.db", F(cx->env->data_dir));
    assert_ok(db_backup(cx, path));
    assert_err(db_backup(cx, path), ERR_CONFLICT);
    assert_err(db_backup(cx, S("/nowhere/at/all.db")), ERR_CONFLICT);
    assert_int_equal(access(path.p, R_OK), 0);
}

static void what_was_committed_is_there_after_a_restart(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(test_write(cx, add(cx, "kept")));
    assert_ok(db_begin(cx));
    assert_ok(add(cx, "not committed"));
    testing_restart(cx);
    assert_int_equal(rows_of(cx, "parts_event where text = 'kept'"), 1);
    assert_int_equal(rows_of(cx, "parts_event"), 2);
}

static void transactions_have_a_horizon_on_postgresql(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t id = -1, horizon = -1;
    assert_ok(db_begin(cx));
    assert_ok(db_transaction_id(cx, &id));
    assert_ok(db_horizon(cx, &horizon));
    db_rollback(cx);
    if (db_is_postgres(cx))
        assert_true(id > 0 && horizon > 0 && horizon <= id);
    else
        assert_true(id == 0 && horizon == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_address_of_no_database_is_refused),
        TEST(nothing_is_said_to_another_machine_in_the_clear),
        TEST(a_file_of_something_else_is_refused),
        TEST(a_database_in_memory_is_shared_by_its_connections),
        TEST(a_file_has_one_writer),
        TEST(a_reader_cannot_write),
        TEST(a_snapshot_stands_still_until_it_ends),
        TEST(snapshots_with_no_commit_between_them_have_one_number),
        TEST(a_statement_over_its_time_is_interrupted),
        TEST(an_fsync_that_fails_leaves_the_outcome_unknown),
        TEST(a_commit_that_breaks_the_connection_is_found_undone),
        TEST(a_full_disk_takes_the_transaction_down),
        TEST(a_backup_is_the_whole_database),
        TEST(a_backup_never_replaces_a_file),
        TEST(what_was_committed_is_there_after_a_restart),
        TEST(transactions_have_a_horizon_on_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
