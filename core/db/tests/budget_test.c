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

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_reader_over_its_time_can_always_begin_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
