/* budget_test.c - a reader over its time is interrupted, and its snapshot still ends. */
#include "testing/testing.h"

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){0});
}

static void a_reader_over_its_time_can_always_begin_again(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    if (db_is_postgres(cx))
        return; /* the server counts time there */
    assert_ok(db_connect(reader, testing_store(cx), DB_READER, &reader->db));
    for (int i = 0; i < 5000; i++) {
        struct arena_mark here = arena_here(reader->arena);
        int64_t n;
        assert_ok(db_begin(reader));
        db_set_budget_ms(reader->db, 1);
        assert_err(
            db_one_int(
                reader, &n,
                "with recursive k (x) as (select 1 union all select x + 1 from k where x < 1000000)"
                " select count(*) from k"),
            ERR_BUSY);
        assert_true(db_interrupted(reader));
        db_rollback(reader);
        arena_back(reader->arena, here);
    }
    db_disconnect(reader->db);
    reader->db = NULL;
}

/* PostgreSQL stops a statement that takes too long; many that do not are stopped between two, so
 * that nobody holds a snapshot, and what vacuum may take away, for longer. By real time, as outside
 * of tests. */
static void many_short_statements_over_their_time_are_interrupted_too(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    struct env outside = *cx->env;
    enum err e = OK;
    int64_t n;
    if (!db_is_postgres(cx))
        return; /* counted in steps of its machine there */
    outside.testing = NULL;
    outside.clock = clock_system;
    outside.random = random_system;
    reader->env = &outside;
    assert_ok(db_connect(reader, testing_store(cx), DB_READER, &reader->db));
    db_set_budget_ms(reader->db, 1000);
    assert_ok(db_begin(reader));
    for (int i = 0; e == OK && i < 2000; i++)
        e = db_one_int(reader, &n, "select 1 from (select pg_sleep(0.01)) nap");
    assert_int_equal(e, ERR_BUSY);
    assert_true(db_interrupted(reader));
    db_rollback(reader);
    db_set_budget_ms(reader->db, 0);
    assert_ok(db_begin(reader));
    assert_ok(db_one_int(reader, &n, "select 1"));
    db_rollback(reader);
    db_disconnect(reader->db);
    reader->db = NULL;
    reader->env = cx->env;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reader_over_its_time_can_always_begin_again),
        TEST(many_short_statements_over_their_time_are_interrupted_too)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
