/* migrate_test.c - every schema file once, whole or not at all, unchanged ever after. */
#include "testing/testing.h"

#include <pthread.h>

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static void a_second_run_changes_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t before = rows_of(cx, "db_migration");
    testing_advance(cx, DAY_MS);
    assert_ok(db_migrate(cx, roots));
    assert_int_equal(rows_of(cx, "db_migration"), before);
    int64_t late;
    assert_ok(db_one_int(cx, &late, "select count(*) from db_migration where applied_at = $1",
                         V(cx->now)));
    assert_int_equal(late, 0);
}

static void files_are_recorded_in_order_with_their_hash(void **t)
{
    struct cx *cx = test_cx(t);
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows,
                       "select name, sha256 from db_migration where root = $1 order by name",
                       V(S("core/db/tests"))));
    assert_true(db_next(&rows));
    assert_str(db_str(&rows, 0), "0001_parts.sql");
    assert_int_equal(db_str(&rows, 1).n, 64);
    assert_true(db_next(&rows));
    assert_str(db_str(&rows, 0), "0002_touch.sql");
    assert_false(db_next(&rows));
}

static void a_landed_file_that_changed_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(test_write(cx, db_exec(cx, "update db_migration set sha256 = $1 where name = $2",
                                     V(S("00")), V(S("0002_touch.sql")))));
    assert_err(db_migrate(cx, roots), ERR_CONFLICT);
    assert_why(cx, "core/db/tests/schema/0002_touch.sql");
}

static void a_file_that_fails_leaves_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const broken[] = {"core/db/tests/broken", NULL};
    assert_true(db_migrate(cx, broken) != OK);
    assert_why(cx, "core/db/tests/broken/schema/0001_half.sql");
    int64_t n;
    assert_true(db_one_int(cx, &n, "/* sqlite */ select count(*) from parts_half") != OK);
    assert_int_equal(rows_of(cx, "db_migration where root like '%broken'"), 0);
}

static void statements_are_cut_where_they_end(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(rows_of(cx, "parts_event where text = 'a;b''c -- no comment'"), 1);
    assert_int_equal(rows_of(cx, "parts_thing where name = 'the last has no semicolon'"), 1);
}

static void a_trigger_with_a_case_in_its_body_is_one_statement(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t version;
    assert_ok(test_write(cx, db_exec(cx, "update parts_thing set amount = 5")));
    assert_ok(db_one_int(cx, &version, "select version from parts_thing"));
    assert_int_equal(version, 2);
    assert_ok(test_write(cx, db_exec(cx, "update parts_thing set amount = null")));
    assert_ok(db_one_int(cx, &version, "select version from parts_thing"));
    assert_int_equal(version, 2);
}

static void a_column_takes_only_values_of_its_type(void **t)
{
    struct cx *cx = test_cx(t);
    assert_true(test_write(cx, db_exec(cx, "update parts_thing set amount = $1", V(S("much")))) !=
                OK);
    assert_true(test_write(cx, db_exec(cx, "update parts_thing set photo = $1", V(S("text")))) !=
                OK);
    if (!db_is_postgres(cx)) /* PostgreSQL writes bytes as text, so this mistake shows here */
        assert_err(test_write(cx, db_exec(cx, "update parts_thing set name = $1", VB(S("bytes")))),
                   ERR_INVALID);
    assert_ok(test_write(cx, db_exec(cx, "update parts_thing set photo = $1", VB(S("bytes")))));
}

static void an_id_is_never_given_twice(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t first = 0, second = 0;
    assert_ok(test_write(
        cx, db_insert(cx, &first, "insert into parts_thing (name) values ('x') returning id")));
    assert_ok(test_write(cx, db_exec(cx, "delete from parts_thing where id = $1", V(first))));
    assert_ok(test_write(
        cx, db_insert(cx, &second, "insert into parts_thing (name) values ('y') returning id")));
    assert_true(second > first);
}

/* ---- two nodes that start at once (PostgreSQL) ---- */

struct node {
    struct cx *cx;
    pthread_t thread;
    enum err outcome;
};

static void *migrate_node(void *arg)
{
    static const char *const both[] = {"core/db/tests", "core/lane/tests", NULL};
    struct node *n = arg;
    n->outcome = db_migrate(n->cx, both);
    return NULL;
}

static void nodes_that_start_at_once_do_not_meet(void **t)
{
    struct cx *cx = test_cx(t);
    struct node nodes[3];
    const int n = db_is_postgres(cx) ? 3 : 1; /* SQLite has one writer, held by this test */
    for (int i = 0; i < n; i++) {
        nodes[i] = (struct node){.cx = testing_another(cx)};
        if (n == 1)
            nodes[i].cx->db = cx->db;
        else
            assert_ok(db_connect(nodes[i].cx, testing_store(cx), DB_WRITER, &nodes[i].cx->db));
    }
    for (int i = 0; i < n; i++)
        assert_int_equal(pthread_create(&nodes[i].thread, NULL, migrate_node, &nodes[i]), 0);
    for (int i = 0; i < n; i++) {
        pthread_join(nodes[i].thread, NULL);
        assert_int_equal(nodes[i].outcome, OK);
        if (n > 1)
            db_disconnect(nodes[i].cx->db);
    }
    assert_int_equal(rows_of(cx, "db_migration where root = 'core/lane/tests'"), 1);
    assert_int_equal(rows_of(cx, "parts_late"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_second_run_changes_nothing),
        TEST(files_are_recorded_in_order_with_their_hash),
        TEST(a_landed_file_that_changed_is_refused),
        TEST(a_file_that_fails_leaves_nothing),
        TEST(statements_are_cut_where_they_end),
        TEST(a_trigger_with_a_case_in_its_body_is_one_statement),
        TEST(a_column_takes_only_values_of_its_type),
        TEST(an_id_is_never_given_twice),
        TEST(nodes_that_start_at_once_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
