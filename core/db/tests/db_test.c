/* db_test.c - statements, values, rows, errors: the same on SQLite and PostgreSQL. */
#include "testing/testing.h"

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static enum err add_thing(struct cx *cx, const char *name, int64_t *id)
{
    return db_insert(cx, id, "insert into parts_thing (name) values ($1) returning id",
                     V(str_c(name)));
}

static void a_value_comes_back_as_it_went_in(void **t)
{
    struct cx *cx = test_cx(t);
    const struct str name = S("Hồ sơ 'đất' \"đai\" $1 ;");
    const struct str photo = {"\0\1\2\xff", 4};
    int64_t id = 0;
    assert_ok(test_write(
        cx,
        db_insert(
            cx, &id,
            "insert into parts_thing (name, amount, photo, flag) values ($1, $2, $3, $4) returning id",
            V(name), V(INT64_MIN), VB(photo), V(true))));
    auto_rows rows = {0};
    assert_ok(db_query(
        cx, &rows, "select id, name, amount, photo, flag, parent from parts_thing where id = $1",
        V(id)));
    assert_true(db_next(&rows));
    assert_int_equal(db_int(&rows, 0), id);
    assert_true(str_eq(db_str(&rows, 1), name));
    assert_int_equal(db_int(&rows, 2), INT64_MIN);
    assert_true(str_eq(db_bytes(&rows, 3), photo));
    assert_int_equal(db_int(&rows, 4), 1);
    assert_true(db_null(&rows, 5));
    assert_int_equal(db_int(&rows, 5), 0);
    assert_null(db_str(&rows, 5).p);
    assert_false(db_next(&rows));
    assert_int_equal(rows.err, OK);
}

/* SQLite runs such an insert without its `returning`. */
static void an_insert_gives_the_id_of_its_row_or_none(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t first = 0, other = 0, again = 0;
    assert_ok(test_write(cx, add_thing(cx, "một", &first)));
    assert_ok(test_write(cx, add_thing(cx, "hai", &other)));
    assert_true(other > first);
    assert_err(test_write(cx, db_insert(cx, &again,
                                        "insert into parts_thing (name) values ($1)"
                                        " on conflict (name) do nothing returning id",
                                        V(S("một")))),
               ERR_NOT_FOUND);
    assert_ok(test_write(cx, db_insert(cx, &again,
                                       "insert into parts_thing (name) values ($1) on conflict"
                                       " (name) do update set amount = 7 returning id",
                                       V(S("một")))));
    assert_int_equal(again, first);
    assert_ok(db_one_int(cx, &again, "select amount from parts_thing where id = $1", V(first)));
    assert_int_equal(again, 7);
}

static enum err add_two(struct cx *cx, int64_t *first, int64_t *second)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "insert into parts_thing (name) values ('ba') returning id"));
    if (!db_next(&r))
        return r.err ? r.err : ERR_IO;
    TRY(add_thing(cx, "bốn", second));
    *first = db_int(&r, 0);
    return db_next(&r) ? ERR_IO : r.err; /* one row, put in once */
}

static void the_id_of_a_row_stays_its_own_while_others_are_put_in(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t first, second, n;
    assert_ok(test_write(cx, add_two(cx, &first, &second)));
    assert_ok(db_one_int(cx, &n, "select id from parts_thing where name = 'ba'"));
    assert_int_equal(n, first);
    assert_true(second > first);
    assert_ok(db_one_int(cx, &n, "select count(*) from parts_thing where id >= $1", V(first)));
    assert_int_equal(n, 2);
}

static void an_empty_text_is_not_null(void **t)
{
    struct cx *cx = test_cx(t);
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select cast($1 as text), cast($2 as text)", V(S("")),
                       V((struct str){NULL, 0})));
    assert_true(db_next(&rows));
    assert_false(db_null(&rows, 0));
    assert_non_null(db_str(&rows, 0).p);
    assert_true(db_null(&rows, 1));
}

static void a_parameter_is_bound_by_its_name(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t got = 0;
    assert_ok(db_one_int(
        cx, &got, "select cast($2 as bigint) * 100 + cast($1 as bigint) * 10 + cast($2 as bigint)",
        V(1), V(2)));
    assert_int_equal(got, 212);
}

static void no_row_is_not_found(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t got = 7;
    assert_err(db_one_int(cx, &got, "select id from parts_thing where name = $1", V(S("nobody"))),
               ERR_NOT_FOUND);
    assert_int_equal(got, 7);
}

static void a_write_counts_what_it_changed(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t id;
    assert_ok(add_thing(cx, "a", &id));
    assert_ok(db_exec(cx, "update parts_thing set flag = 1 where id = $1 and version = $2", V(id),
                      V(99)));
    assert_int_equal(db_changed(cx), 0);
    assert_ok(
        db_exec(cx, "update parts_thing set flag = 1 where id = $1 and version = $2", V(id), V(1)));
    assert_int_equal(db_changed(cx), 1);
}

static void a_literal_may_be_open_twice(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t id, seen = 0;
    assert_ok(add_thing(cx, "a", &id));
    assert_ok(add_thing(cx, "b", &id));
    struct db_rows rows[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++)
        assert_ok(db_query(cx, &rows[i], "select id from parts_thing order by id"));
    while (db_next(&rows[0]) && db_next(&rows[1]))
        seen += db_int(&rows[0], 0) == db_int(&rows[1], 0);
    assert_int_equal(seen, 3);
    for (int i = 0; i < 2; i++)
        db_rows_close(&rows[i]);
}

/* ---- what goes wrong ---- */

static void a_broken_rule_has_its_error(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t id;
    assert_ok(add_thing(cx, "a", &id));
    assert_err(test_write(cx, add_thing(cx, "a", &id)), ERR_CONFLICT);
    assert_err(test_write(cx, add_thing(cx, "", &id)), ERR_INVALID);
    assert_err(test_write(cx, db_exec(cx, "update parts_thing set parent = $1", V(4711))),
               ERR_CONFLICT);
    assert_err(test_write(cx, db_exec(cx, "update parts_thing set flag = $1", V(2))), ERR_INVALID);
    assert_err(test_write(cx, db_exec(cx, "insert into parts_event (text) values ($1)", V_NULL)),
               ERR_INVALID);
    assert_contains(cx->why, "Kiểm tra lại");
}

static void text_that_one_database_could_not_keep_is_refused_by_both(void **t)
{
    struct cx *cx = test_cx(t);
    assert_err(test_write(cx, db_exec(cx, "insert into parts_event (text) values ($1)",
                                      V(((struct str){"a\0b", 3})))),
               ERR_INVALID);
    assert_err(
        test_write(cx, db_exec(cx, "insert into parts_event (text) values ($1)", V(S("\xff")))),
        ERR_INVALID);
    assert_int_equal(rows_of(cx, "parts_event"), 1);
}

static enum err go_on_after_an_error(struct cx *cx)
{
    int64_t id;
    TRY(add_thing(cx, "first", &id));
    IGNORE(add_thing(cx, "first", &id));
    return add_thing(cx, "second", &id);
}

static void after_an_error_the_transaction_is_doomed(void **t)
{
    struct cx *cx = test_cx(t);
    assert_err(test_write(cx, go_on_after_an_error(cx)), ERR_CONFLICT);
    assert_int_equal(rows_of(cx, "parts_thing"), 1);
}

static enum err swallow_an_error(struct cx *cx)
{
    int64_t id;
    IGNORE(add_thing(cx, "", &id));
    return OK;
}

static void an_error_that_was_passed_over_still_undoes_all(void **t)
{
    struct cx *cx = test_cx(t);
    assert_true(test_write(cx, swallow_an_error(cx)) != OK);
}

static enum err add_events(struct cx *cx, struct str third)
{
    return db_exec(cx, "insert into parts_event (text) values ($1), ($2), ($3)", V(S("one")),
                   V(S("two")), V(third));
}

/* SQLite stops such a statement where it is and leaves the rest to the transaction. */
static void a_statement_that_fails_midway_leaves_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t before = rows_of(cx, "parts_event");
    assert_err(test_write(cx, add_events(cx, (struct str){0})), ERR_INVALID);
    assert_int_equal(rows_of(cx, "parts_event"), before);

    assert_ok(db_begin(cx));
    assert_ok(db_savepoint(cx));
    assert_err(add_events(cx, (struct str){0}), ERR_INVALID);
    db_savepoint_rollback(cx);
    assert_ok(db_savepoint(cx));
    assert_ok(add_events(cx, S("three")));
    assert_ok(db_savepoint_release(cx));
    assert_ok(db_commit(cx));
    assert_int_equal(rows_of(cx, "parts_event"), before + 3);
}

static enum err three_steps(struct cx *cx)
{
    int64_t id;
    TRY(add_thing(cx, "a", &id));
    TRY(db_exec(cx, "insert into parts_event (text) values ($1)", V(S("added"))));
    return db_exec(cx, "update parts_thing set flag = 1 where id = $1", V(id));
}

static void a_failed_call_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    int calls = 0;
    do {
        db_fail_at(cx, 0);
        assert_int_equal(rows_of(cx, "parts_thing"), 1);
        assert_int_equal(rows_of(cx, "parts_event"), 1);
        db_fail_at(cx, ++calls);
    } while (test_write(cx, three_steps(cx)) != OK);
    assert_int_equal(
        calls, 6); /* begin, three steps, commit each failed once; the sixth is never reached */
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "parts_thing"), 2);
}

static enum err break_a_promise([[maybe_unused]] struct cx *cx, [[maybe_unused]] void *arg)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select id from parts_thing"));
    MUST(db_next(&rows));
    MUST(db_int(&rows, 0) == -1);
    return OK;
}

static void unwinding_closes_open_rows(void **t)
{
    struct cx *cx = test_cx(t);
    for (int i = 0; i < 3; i++)
        assert_err(cx_guard(cx, break_a_promise, NULL), ERR_IO);
    assert_null(cx->closers);
    int64_t id;
    assert_ok(test_write(cx, add_thing(cx, "after", &id)));
}

static void an_append_only_table_refuses_update_and_delete(void **t)
{
    struct cx *cx = test_cx(t);
    assert_err(test_write(cx, db_exec(cx, "update parts_event set text = 'forged'")), ERR_DENIED);
    assert_err(test_write(cx, db_exec(cx, "delete from parts_event")), ERR_DENIED);
    assert_err(test_write(cx, db_exec(cx, "insert into parts_event (id, text) values (1, 'forged')"
                                          " on conflict (id) do update set text = excluded.text")),
               ERR_DENIED);
    if (!db_is_postgres(cx))
        assert_err(
            test_write(
                cx,
                db_exec(
                    cx,
                    "/* sqlite */ insert or replace into parts_event (id, text) values (1, 'forged')")),
            ERR_DENIED);
    else
        assert_err(test_write(cx, db_exec(cx, "/* postgresql */ truncate parts_event")),
                   ERR_DENIED);
    assert_int_equal(rows_of(cx, "parts_event where text like 'a;b%'"), 1);
}

/* ---- every literal ---- */

struct seen {
    int all, failed;
};

static enum err count_site(void *state, const struct db_site *site, const char *error)
{
    struct seen *s = state;
    if (strncmp(site->file, "core/db/", 8) != 0)
        return OK; /* other rooms' tables are not here */
    s->all++;
    if (error && !strstr(site->sql, "no_such_table")) {
        print_error("%s:%d: %s\n", site->file, site->line, error);
        s->failed++;
    }
    return OK;
}

static void every_literal_prepares_on_this_database(void **t)
{
    struct seen seen = {0};
    assert_ok(db_each_sql(test_cx(t), count_site, &seen));
    assert_true(seen.all > 10);
    assert_int_equal(seen.failed, 0);
}

static void a_literal_that_is_wrong_is_reported(void **t)
{
    struct cx *cx = test_cx(t);
    auto_rows rows = {0};
    assert_err(db_query(cx, &rows, "select x from no_such_table"), ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_value_comes_back_as_it_went_in),
        TEST(an_insert_gives_the_id_of_its_row_or_none),
        TEST(the_id_of_a_row_stays_its_own_while_others_are_put_in),
        TEST(an_empty_text_is_not_null),
        TEST(a_parameter_is_bound_by_its_name),
        TEST(no_row_is_not_found),
        TEST(a_write_counts_what_it_changed),
        TEST(a_literal_may_be_open_twice),
        TEST(a_broken_rule_has_its_error),
        TEST(text_that_one_database_could_not_keep_is_refused_by_both),
        TEST(after_an_error_the_transaction_is_doomed),
        TEST(an_error_that_was_passed_over_still_undoes_all),
        TEST(a_statement_that_fails_midway_leaves_nothing),
        TEST(a_failed_call_leaves_nothing_behind),
        TEST(unwinding_closes_open_rows),
        TEST(an_append_only_table_refuses_update_and_delete),
        TEST(every_literal_prepares_on_this_database),
        TEST(a_literal_that_is_wrong_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
