/* text_test.c - searches made of pieces, and what each kind of scope lets see. */
#include "testing/testing.h"

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

/* ---- pieces ---- */

static void marks_are_numbered_through_all_pieces(void **t)
{
    struct cx *cx = test_cx(t);
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select $", V(S("a")));
    DB_ADD(&q, " where name = $ and note <> 'costs $5' and size between $ and $", V(S("b")), V(1),
           V(2));
    assert_str(buf_str(&q.sql),
               "select $1 where name = $2 and note <> 'costs $5' and size between $3 and $4");
    assert_int_equal(q.n, 4);
}

static enum err too_few(struct cx *cx, [[maybe_unused]] void *arg)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "$ and $", V(1));
    return OK;
}

static enum err too_long(struct cx *cx, [[maybe_unused]] void *arg)
{
    struct db_text q;
    auto_rows rows = {0};
    db_text_start(cx, &q);
    DB_ADD(&q, "select 1");
    for (int i = 0; i < 2000; i++)
        DB_ADD(&q, " /* and on and on */");
    return db_query_text(cx, &rows, &q);
}

static void a_piece_without_its_values_is_our_mistake(void **t)
{
    struct cx *cx = test_cx(t);
    assert_err(cx_guard(cx, too_few, NULL), ERR_IO);
    assert_err(cx_guard(cx, too_long, NULL), ERR_IO);
}

static int64_t sum_of(struct cx *cx, int terms)
{
    struct db_text q;
    auto_rows rows = {0};
    db_text_start(cx, &q);
    DB_ADD(&q, "select cast($ as bigint)", V(0));
    for (int i = 1; i <= terms; i++)
        DB_ADD(&q, " + $", V(i));
    assert_ok(db_query_text(cx, &rows, &q));
    assert_true(db_next(&rows));
    return db_int(&rows, 0);
}

/* More texts than a connection keeps, twice, so that some are forgotten and come again. */
static void many_different_texts_keep_working(void **t)
{
    struct cx *cx = test_cx(t);
    for (int round = 0; round < 2; round++) {
        for (int terms = 1; terms < 64; terms++)
            assert_int_equal(sum_of(cx, terms), terms * (terms + 1) / 2);
        for (int i = 0; i < 40; i++) {
            struct db_text q;
            auto_rows rows = {0};
            db_text_start(cx, &q);
            DB_ADD(&q, "select cast($ as text)", V(S("x")));
            for (int blanks = 0; blanks < i; blanks++)
                DB_ADD(&q, " ");
            assert_ok(db_query_text(cx, &rows, &q));
            assert_true(db_next(&rows));
            assert_str(db_str(&rows, 0), "x");
        }
    }
}

static void a_text_may_be_open_twice(void **t)
{
    struct cx *cx = test_cx(t);
    struct db_rows rows[3] = {{0}, {0}, {0}};
    for (int i = 0; i < 3; i++) {
        struct db_text q;
        db_text_start(cx, &q);
        DB_ADD(&q, "select cast($ as bigint)", V(i));
        assert_ok(db_query_text(cx, &rows[i], &q));
    }
    for (int i = 0; i < 3; i++) {
        assert_true(db_next(&rows[i]));
        assert_int_equal(db_int(&rows[i], 0), i);
        db_rows_close(&rows[i]);
    }
}

static void a_value_that_is_null_at_times_is_no_other_statement(void **t)
{
    struct cx *cx = test_cx(t);
    for (int i = 0; i < 4; i++) {
        struct db_text q;
        auto_rows rows = {0};
        db_text_start(cx, &q);
        DB_ADD(&q, "select coalesce(cast($ as bigint), 7)", i % 2 ? V(3) : V_NULL);
        assert_ok(db_query_text(cx, &rows, &q));
        assert_true(db_next(&rows));
        assert_int_equal(db_int(&rows, 0), i % 2 ? 3 : 7);
    }
}

/* ---- scope ---- */

static const struct db_scope_columns columns = {
    .owner_account = "owner",
    .owner_person = "person",
    .assignee = "assignee",
    .unit = "unit",
    .unit_path = "unit_path",
    .area_path = "area_path",
    .is_public = "open",
};

static void add(struct cx *cx, int64_t id, const char *unit_path, int64_t unit, bool open)
{
    assert_ok(db_exec(
        cx,
        "insert into parts_scoped (id, owner, person, assignee, unit, unit_path, area_path, open)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        V(id), V(id * 10), V(id * 100), V(id * 1000), V(unit), V(str_c(unit_path)),
        V(str_c(unit_path)), V(open)));
}

static void add_all(struct cx *cx)
{
    add(cx, 1, "/1/", 1, true);
    add(cx, 2, "/1/7/", 7, false);
    add(cx, 3, "/1/7/9/", 9, false);
    add(cx, 4, "/1/70/", 70, false);
    add(cx, 5, "/2/", 2, true);
}

/* The ids that the scope lets see, as digits. */
static struct str seen(struct cx *cx, struct scope scope, const struct db_scope_columns *c)
{
    struct buf out = {.arena = cx->arena, .limit = 64};
    struct db_text q;
    auto_rows rows = {0};
    cx->scope = scope;
    db_text_start(cx, &q);
    DB_ADD(&q, "select id from parts_scoped where id < $", V(100));
    db_scope(cx, &q, c);
    DB_ADD(&q, " order by id");
    assert_ok(db_query_text(cx, &rows, &q));
    while (db_next(&rows))
        buf_int(&out, db_int(&rows, 0));
    assert_int_equal(rows.err, OK);
    return buf_str(&out);
}

#define SEEN(...) seen(cx, (struct scope){__VA_ARGS__}, &columns)

static void each_scope_shows_what_it_should(void **t)
{
    struct cx *cx = test_cx(t);
    add_all(cx);
    assert_str(SEEN(.kind = SCOPE_ALL), "12345");
    assert_str(SEEN(.kind = SCOPE_NONE), "");
    assert_str(SEEN(.kind = SCOPE_OWN, .account = 20), "2");
    assert_str(SEEN(.kind = SCOPE_OWN, .person = 300), "3");
    assert_str(SEEN(.kind = SCOPE_OWN, .account = 20, .person = 300), "23");
    assert_str(SEEN(.kind = SCOPE_ASSIGNED, .account = 4000), "4");
    assert_str(SEEN(.kind = SCOPE_UNIT, .unit = 7), "2");
    assert_str(SEEN(.kind = SCOPE_UNIT_TREE, .unit_path = S("/1/7/")), "23");
    assert_str(SEEN(.kind = SCOPE_AREA_TREE, .area_path = S("/1/")), "1234");
    assert_str(SEEN(.kind = SCOPE_PUBLIC), "15");
}

static void a_scope_that_knows_nothing_shows_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    add_all(cx);
    assert_str(SEEN(.kind = SCOPE_OWN), "");
    assert_str(SEEN(.kind = SCOPE_ASSIGNED), "");
    assert_str(SEEN(.kind = SCOPE_UNIT), "");
    assert_str(SEEN(.kind = SCOPE_UNIT_TREE), "");
    assert_str(SEEN(.kind = SCOPE_UNIT_TREE, .unit_path = S("")), "");
    assert_str(SEEN(.kind = SCOPE_AREA_TREE), "");
    assert_str(SEEN(.kind = (enum scope_kind)99), "");
}

static void a_table_without_the_column_shows_nothing_to_that_scope(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct db_scope_columns none = {0};
    add_all(cx);
    const struct scope scopes[] = {
        {.kind = SCOPE_OWN, .account = 20, .person = 200},
        {.kind = SCOPE_ASSIGNED, .account = 2000},
        {.kind = SCOPE_UNIT, .unit = 7},
        {.kind = SCOPE_UNIT_TREE, .unit_path = S("/1/")},
        {.kind = SCOPE_AREA_TREE, .area_path = S("/1/")},
        {.kind = SCOPE_PUBLIC},
    };
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        assert_str(seen(cx, scopes[i], &none), "");
}

static void a_path_is_never_a_pattern(void **t)
{
    struct cx *cx = test_cx(t);
    add_all(cx);
    assert_str(SEEN(.kind = SCOPE_UNIT_TREE, .unit_path = S("%")), "");
    assert_str(SEEN(.kind = SCOPE_UNIT_TREE, .unit_path = S("/_/")), "");
    assert_str(SEEN(.kind = SCOPE_UNIT_TREE, .unit_path = S("' or 1 = 1 --")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(marks_are_numbered_through_all_pieces),
        TEST(a_piece_without_its_values_is_our_mistake),
        TEST(many_different_texts_keep_working),
        TEST(a_text_may_be_open_twice),
        TEST(a_value_that_is_null_at_times_is_no_other_statement),
        TEST(each_scope_shows_what_it_should),
        TEST(a_scope_that_knows_nothing_shows_nothing),
        TEST(a_table_without_the_column_shows_nothing_to_that_scope),
        TEST(a_path_is_never_a_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
