/* checks_test.c - SQLite: lists in checks become comparisons, in what is made and in what was made
 * before. */
#include "testing/testing.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "../db_driver.h"

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static void a_list_in_a_check_is_written_as_comparisons(void **t)
{
    static const struct {
        const char *sql, *becomes;
    } cases[] = {
        {"a integer check (a in (1, 2, 3)), b text",
         "a integer check (a = 1 or a = 2 or a = 3), b text"},
        {"CHECK(a IN('x','y','z'))", "check (a = 'x' or a = 'y' or a = 'z')"},
        {"check (a in (1, 2))", "check (a in (1, 2))"}, /* SQLite compares two by itself */
        {"check (a in (1, 2, 3) or b = 1)", "check (a in (1, 2, 3) or b = 1)"},
        {"check (a in (1, -2, 3))", "check (a in (1, -2, 3))"},
        {"check (a in ('x', 'y''z', 'w'))", "check (a in ('x', 'y''z', 'w'))"},
        {"check (a in (select b from c))", "check (a in (select b from c))"},
        {"a text default 'check (a in (1, 2, 3))'", "a text default 'check (a in (1, 2, 3))'"},
        {"where a in (1, 2, 3)", "where a in (1, 2, 3)"},
        {"check (a in (1, 2,", "check (a in (1, 2,"},
        {"", ""},
    };
    struct cx *cx = test_cx(t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct str is = db_checks_compared(cx->arena, str_c(cases[i].sql));
        assert_string_equal(str_z(cx->arena, is), cases[i].becomes);
    }
}

/* ---- a database of an earlier release ---- */

static void run(sqlite3 *h, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(h, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
}

static void make_old(const char *path)
{
    sqlite3 *h;
    assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
    run(h, "create table old (id integer primary key autoincrement,"
           " state integer not null check (state in (1, 2, 3)),"
           " kind text not null default 'a' check (kind in ('a', 'b', 'it''s'))) strict");
    run(h, "create table child (old integer not null references old (id)) strict");
    run(h, "create index old_by_state on old (state)");
    run(h, "insert into old (state) values (1), (2), (3)");
    run(h, "insert into child values (1), (3)");
    sqlite3_close(h);
}

static struct str text_of(struct cx *cx, struct db_rows *r)
{
    const struct str s = db_next(r) ? db_str(r, 0) : S("");
    db_rows_close(r);
    return str_dup(cx->arena, s);
}

static struct str sql_of_old(struct cx *cx)
{
    auto_rows r = {0};
    assert_ok(db_query(cx, &r, "/* sqlite */ select sql from sqlite_schema where name = 'old'"));
    return text_of(cx, &r);
}

static void the_rows_stay_and_the_rule_holds(struct cx *cx)
{
    int64_t n;
    auto_rows r = {0};
    assert_ok(db_one_int(cx, &n, "/* sqlite */ select sum(id * 10 + state) from old"));
    assert_int_equal(n, 66);
    assert_err(test_write(cx, db_exec(cx, "/* sqlite */ insert into old (state) values (4)")),
               ERR_INVALID);
    assert_err(test_write(cx, db_exec(cx, "/* sqlite */ update old set state = 0 where id = 1")),
               ERR_INVALID);
    assert_ok(test_write(cx, db_exec(cx, "/* sqlite */ update old set state = 3 where id = 1")));
    assert_err(test_write(cx, db_exec(cx, "/* sqlite */ delete from old where id = 1")),
               ERR_CONFLICT);
    assert_ok(db_query(cx, &r, "/* sqlite */ pragma integrity_check"));
    assert_string_equal(str_z(cx->arena, text_of(cx, &r)), "ok");
}

static void in_the_database(struct cx *cx)
{
    int64_t number, again;
    assert_ok(db_migrate(cx, roots));
    assert_string_equal(
        str_z(cx->arena, sql_of_old(cx)),
        "CREATE TABLE old (id integer primary key autoincrement,"
        " state integer not null check (state = 1 or state = 2 or state = 3),"
        " kind text not null default 'a' check (kind in ('a', 'b', 'it''s'))) strict");
    the_rows_stay_and_the_rule_holds(cx);
    assert_ok(db_one_int(cx, &number, "/* sqlite */ pragma schema_version"));
    assert_ok(db_migrate(cx, roots));
    assert_ok(db_one_int(cx, &again, "/* sqlite */ pragma schema_version"));
    assert_int_equal(number, again);
}

static void with_the_database(struct cx *cx, const char *path, void (*fn)(struct cx *cx))
{
    struct db_store *s;
    struct db *const before = cx->db;
    assert_ok(db_open(cx, &(struct db_config){.url = str_fmt(cx->arena, "sqlite:%s", path)}, &s));
    assert_ok(db_connect(cx, s, DB_WRITER, &cx->db));
    fn(cx);
    db_disconnect(cx->db);
    cx->db = before;
    db_close(s);
}

/* What fails on the way leaves the table as it was; the next start goes on. */
static void fails_first(struct cx *cx)
{
    const struct str before = sql_of_old(cx);
    for (int calls = 1; calls <= 3; calls++) {
        db_fail_at(cx, calls);
        assert_err(db_migrate(cx, roots), ERR_IO);
        db_fail_at(cx, 0);
        assert_true(str_eq(sql_of_old(cx), before));
    }
    assert_err(test_write(cx, db_exec(cx, "/* sqlite */ insert into old (state) values (4)")),
               ERR_INVALID);
}

static void a_table_of_an_earlier_release_is_put_right_once_with_its_rows(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        skip();
    char path[] = "/tmp/tinhso-checks.XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    make_old(path);
    with_the_database(cx, path, fails_first);
    with_the_database(cx, path, in_the_database);
    for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end; end++)
        unlink(str_z(cx->arena, str_fmt(cx->arena, "%s%s", path, *end)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_in_a_check_is_written_as_comparisons),
        TEST(a_table_of_an_earlier_release_is_put_right_once_with_its_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
