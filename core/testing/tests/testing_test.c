/* testing_test.c - every test begins anew, at the same time, with the same chance. */
#include "testing/testing.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static enum err add(struct cx *cx)
{
    return db_exec(cx, "insert into parts_event (text) values ('x')");
}

/* Twice the same: the second begins with a copy of what the first one migrated. */
static void a_test_begins_with_an_empty_database(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(rows_of(cx, "parts_event"), 1); /* of the migration */
    assert_ok(test_write(cx, add(cx)));
    assert_int_equal(rows_of(cx, "parts_event"), 2);
    struct stat st;
    const struct str file = str_fmt(cx->arena, "%.*s/left", F(cx->env->data_dir));
    assert_int_not_equal(stat(file.p, &st), 0);
    fclose(fopen(file.p, "w"));
}

static void time_stands_still_until_it_is_moved(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(time_vi(cx->arena, cx->now), "09:00, 23/11/2026");
    assert_int_equal(cx->env->clock(cx->env), cx->now);
    testing_advance(cx, 8 * DAY_MS);
    assert_str(time_vi(cx->arena, cx->now), "09:00, 01/12/2026");
    assert_int_equal(cx->env->clock(cx->env), cx->now);
}

static void chance_is_the_same_each_time(void **t)
{
    struct cx *cx = test_cx(t);
    static struct str seen;
    static char room[21];
    const struct str code = random_code(cx, 20);
    assert_int_equal(code.n, 20);
    if (seen.n > 0)
        assert_true(str_eq(code, seen));
    memcpy(room, code.p, 20);
    seen = (struct str){room, 20};
    assert_false(str_eq(random_code(cx, 20), seen)); /* but goes on */
}

static void a_data_folder_is_there_for_the_owner_only(void **t)
{
    struct cx *cx = test_cx(t);
    struct stat st;
    assert_int_equal(stat(str_z(cx->arena, cx->env->data_dir), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    if (db_is_postgres(cx))
        return;
    assert_int_equal(stat(str_fmt(cx->arena, "%.*s/core.db", F(cx->env->data_dir)).p, &st), 0);
    assert_int_equal(st.st_mode & 0077, 0);
}

static void contexts_of_one_test_share_its_world(void **t)
{
    struct cx *cx = test_cx(t), *other = testing_another(cx);
    assert_ptr_equal(other->env, cx->env);
    assert_ptr_not_equal(other->arena, cx->arena);
    assert_int_equal(other->now, cx->now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_test_begins_with_an_empty_database), TEST(a_test_begins_with_an_empty_database),
        TEST(time_stands_still_until_it_is_moved),  TEST(chance_is_the_same_each_time),
        TEST(chance_is_the_same_each_time),         TEST(a_data_folder_is_there_for_the_owner_only),
        TEST(contexts_of_one_test_share_its_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
