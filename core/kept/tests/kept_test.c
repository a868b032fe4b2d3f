/* kept_test.c - made once, ended by any change, never by a reader's luck; bounded; unwound whole.
 */
#include <pthread.h>

#include "kept/kept.h"
#include "testing/testing.h"

static const char *const roots[] = {"core/kept", "core/kept/tests", NULL};
static const char *const price[] = {"price", NULL};
static const char *const both[] = {"price", "shop", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

/* What a request wants of the shelf, and what came of it. */
struct wish {
    const char *key;
    const char *const *of;
    int made;
    size_t bytes; /* so much memory besides */
    bool breaks, refuses;
    int64_t dong;
    pthread_barrier_t *meet;
};

static enum err make(struct cx *cx, void *arg, const void **out)
{
    struct wish *w = arg;
    int64_t *dong = NEW(cx->arena, int64_t);
    w->made++;
    if (w->meet)
        pthread_barrier_wait(w->meet);
    TRY(db_one_int(cx, dong, "select dong from kept_test_price where id = 1"));
    if (w->bytes)
        arena_alloc(cx->arena, w->bytes);
    if (w->refuses)
        return fail(cx, ERR_NOT_FOUND, "Giá %lld", (long long)*dong);
    MUST(!w->breaks);
    *out = dong;
    return OK;
}

static enum err want(struct cx *cx, void *arg)
{
    struct wish *w = arg;
    const void *found;
    TRY(kept_find(cx,
                  &(struct kept_wish){.key = str_c(w->key), .of = w->of, .make = make, .arg = w},
                  &found));
    w->dong = *(const int64_t *)found;
    return OK;
}

static int64_t wanted(struct cx *cx, struct wish *w)
{
    if (!w->of)
        w->of = price;
    assert_ok(lane_call(cx->env->lanes, LANE_SLOW, cx, want, w));
    return w->dong;
}

static enum err set_price(struct cx *cx, int64_t dong)
{
    return db_exec(cx, "update kept_test_price set dong = $1 where id = 1", V(dong));
}

static void a_thing_is_made_once_while_nothing_moves(void **t)
{
    struct cx *cx = test_cx(t);
    struct wish w = {.key = "a"};
    for (int i = 0; i < 5; i++)
        assert_int_equal(wanted(cx, &w), 100);
    assert_int_equal(w.made, 1);
}

static void any_change_of_its_tables_ends_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct wish w = {.key = "a"};
    wanted(cx, &w);
    assert_ok(test_write(cx, set_price(cx, 200)));
    assert_int_equal(wanted(cx, &w), 200);
    assert_ok(test_write(
        cx, db_exec(cx, "insert into kept_test_price (id, dong, seen) values (2, $1, 0)", V(1))));
    wanted(cx, &w);
    assert_ok(test_write(cx, db_exec(cx, "delete from kept_test_price where dong = 1")));
    wanted(cx, &w);
    assert_int_equal(w.made, 4);
    wanted(cx, &w);
    assert_int_equal(w.made, 4);
}

static void only_the_columns_that_were_named_count(void **t)
{
    struct cx *cx = test_cx(t);
    struct wish w = {.key = "a", .of = both};
    wanted(cx, &w);
    assert_ok(test_write(cx, db_exec(cx, "update kept_test_shop set seen = 7")));
    wanted(cx, &w);
    assert_int_equal(w.made, 1);
    assert_ok(test_write(cx, db_exec(cx, "update kept_test_shop set name = 'B'")));
    wanted(cx, &w);
    assert_int_equal(w.made, 2);
}

static void what_is_made_from_another_table_stays(void **t)
{
    struct cx *cx = test_cx(t);
    struct wish w = {.key = "a"};
    wanted(cx, &w);
    assert_ok(test_write(cx, db_exec(cx, "update kept_test_shop set name = 'B'")));
    wanted(cx, &w);
    assert_int_equal(w.made, 1);
}

/* A writer changes, looks, and is undone: what it saw was never there. */
static enum err change_look_and_fail(struct cx *cx, void *arg)
{
    TRY(set_price(cx, 999));
    TRY(want(cx, arg));
    return fail(cx, ERR_CONFLICT, "undone");
}

static void what_a_writer_saw_is_not_kept(void **t)
{
    struct cx *cx = test_cx(t);
    struct wish w = {.key = "a", .of = price};
    assert_err(test_write(cx, change_look_and_fail(cx, &w)), ERR_CONFLICT);
    assert_int_equal(w.dong, 999);
    assert_int_equal(wanted(cx, &w), 100);
    /* The next change takes the number that was undone. */
    assert_ok(test_write(cx, set_price(cx, 300)));
    assert_int_equal(wanted(cx, &w), 300);
}

static void a_writer_is_given_what_a_reader_kept(void **t)
{
    struct cx *cx = test_cx(t);
    struct wish w = {.key = "a"};
    wanted(cx, &w);
    assert_ok(test_write(cx, want(cx, &w)));
    assert_int_equal(w.made, 1);
}

static void a_refusal_is_given_and_not_kept(void **t)
{
    struct cx *cx = test_cx(t);
    struct wish w = {.key = "a", .of = price, .refuses = true};
    assert_err(lane_call(cx->env->lanes, LANE_SLOW, cx, want, &w), ERR_NOT_FOUND);
    assert_why(cx, "Giá 100");
    w.refuses = false;
    assert_int_equal(wanted(cx, &w), 100);
    assert_int_equal(w.made, 2);
}

static void a_broken_promise_while_making_harms_nobody(void **t)
{
    struct cx *cx = test_cx(t);
    const struct arena *mine = cx->arena;
    struct wish w = {.key = "a", .of = price, .breaks = true};
    assert_err(lane_call(cx->env->lanes, LANE_SLOW, cx, want, &w), ERR_IO);
    assert_ptr_equal(cx->arena, mine);
    w.breaks = false;
    assert_int_equal(wanted(cx, &w), 100); /* at once: nobody is taken to be making it still */
}

static int64_t kept_bytes(struct cx *cx)
{
    struct buf b = {.arena = cx->arena, .limit = 4096};
    struct str rest, line;
    int64_t n = -1;
    kept_metrics(cx->env->kept, &b);
    for (rest = buf_str(&b); rest.n;) {
        str_cut(rest, '\n', &line, &rest);
        if (str_starts(line, S("tinhso_kept_bytes ")))
            assert_true(str_int(str_from(line, 18), &n));
    }
    return n;
}

static void the_memory_is_bounded_and_the_oldest_goes(void **t)
{
    struct cx *cx = test_cx(t);
    kept_free(cx->env->kept);
    cx->env->kept = kept_new((size_t)1 << 20);
    struct wish w = {.bytes = 100'000}, first = {.key = "first", .bytes = 1000};
    wanted(cx, &first);
    for (int i = 0; i < 100; i++) {
        w.key = str_fmt(cx->arena, "thing %d", i).p;
        wanted(cx, &w);
        if (i < 50)
            wanted(cx, &first); /* asked for again and again: it stays */
        assert_true(kept_bytes(cx) <= 1 << 20);
        cx_close_all(cx);
    }
    assert_int_equal(w.made, 100);
    assert_int_equal(first.made, 1);
    wanted(cx, &first);
    assert_int_equal(first.made, 2);
    struct wish huge = {.key = "huge", .bytes = 600'000};
    wanted(cx, &huge);
    wanted(cx, &huge);
    assert_int_equal(huge.made, 2); /* one thing may not push out all others */
}

static enum err take_and_change(struct cx *cx, void *arg)
{
    struct wish *w = arg;
    const void *found;
    TRY(kept_find(cx, &(struct kept_wish){.key = S("a"), .of = price, .make = make, .arg = w},
                  &found));
    for (int i = 0; i < 30; i++) { /* pushed out while it is held */
        struct wish other = {.bytes = 200'000};
        const void *ignored;
        TRY(kept_find(
            cx,
            &(struct kept_wish){
                .key = str_fmt(cx->arena, "other %d", i), .of = price, .make = make, .arg = &other},
            &ignored));
    }
    w->dong = *(const int64_t *)found;
    return OK;
}

static void what_is_held_lives_on_when_it_is_pushed_out(void **t)
{
    struct cx *cx = test_cx(t);
    kept_free(cx->env->kept);
    cx->env->kept = kept_new((size_t)1 << 20);
    struct wish w = {.key = "a"};
    assert_ok(lane_call(cx->env->lanes, LANE_SLOW, cx, take_and_change, &w));
    assert_int_equal(w.dong, 100);
    cx_close_all(cx);
}

struct both_want {
    struct cx *cx;
    struct wish *w;
};

static void *want_in_thread(void *arg)
{
    struct both_want *b = arg;
    assert_ok(lane_call(b->cx->env->lanes, LANE_SLOW, b->cx, want, b->w));
    return NULL;
}

static void who_wants_the_same_meanwhile_waits_for_it(void **t)
{
    struct cx *cx = test_cx(t);
    pthread_barrier_t meet;
    pthread_t other;
    pthread_barrier_init(&meet, NULL, 2);
    struct wish first = {.key = "a", .of = price, .meet = &meet},
                second = {.key = "a", .of = price};
    struct both_want b = {testing_another(cx), &first}, c = {testing_another(cx), &second};
    testing_let_go(cx);
    pthread_create(&other, NULL, want_in_thread, &b);
    pthread_t late;
    pthread_barrier_wait(&meet); /* the first is at it */
    pthread_create(&late, NULL, want_in_thread, &c);
    pthread_join(other, NULL);
    pthread_join(late, NULL);
    testing_hold(cx);
    assert_int_equal(first.made + second.made, 1);
    assert_int_equal(second.dong, 100);
    pthread_barrier_destroy(&meet);
}

static enum err want_a_name_without_tables(struct cx *cx, void *)
{
    static const char *const nobody[] = {"nobody", NULL};
    struct wish w = {.key = "a", .of = nobody};
    return want(cx, &w);
}

static void a_name_that_no_schema_moves_is_a_broken_promise(void **t)
{
    struct cx *cx = test_cx(t);
    assert_err(lane_call(cx->env->lanes, LANE_SLOW, cx, want_a_name_without_tables, NULL), ERR_IO);
}

/* ---- the small memory of a thread ---- */

static enum err put_lately(struct cx *cx, void *)
{
    kept_for_now(cx, S("key"), S("value"));
    return OK;
}

static enum err look_lately(struct cx *cx, void *found)
{
    struct str bytes = S("");
    *(bool *)found = kept_lately(cx, S("key"), &bytes) && str_eq(bytes, S("value"));
    return OK;
}

/* In a turn of its own, so that it sees what was committed meanwhile. */
static bool read_now(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg))
{
    bool found = false, again;
    assert_ok(lane_read(cx->env->lanes, testing_another(cx), fn, &found, &again));
    lane_turn_end(cx->env->lanes);
    return found;
}

static void what_a_thread_made_is_found_until_somebody_commits(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return; /* nothing says there whether somebody committed */
    read_now(cx, put_lately);
    assert_true(read_now(cx, look_lately));
    assert_true(read_now(cx, look_lately));
    assert_ok(test_write(cx, set_price(cx, 200)));
    assert_false(read_now(cx, look_lately));
    read_now(cx, put_lately);
    assert_true(read_now(cx, look_lately));
}

static void what_is_too_long_for_a_threads_memory_is_not_in_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct str found;
    const struct str longer = str_fmt(cx->arena, "%0300d", 1);
    kept_for_now(cx, S("key"), longer); /* and a writer keeps nothing at all */
    assert_false(kept_lately(cx, S("key"), &found));
    kept_for_now(cx, longer, S("value"));
    assert_false(kept_lately(cx, longer, &found));
    assert_false(kept_lately(cx, S(""), &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_thing_is_made_once_while_nothing_moves),
        TEST(any_change_of_its_tables_ends_it),
        TEST(only_the_columns_that_were_named_count),
        TEST(what_is_made_from_another_table_stays),
        TEST(what_a_writer_saw_is_not_kept),
        TEST(a_writer_is_given_what_a_reader_kept),
        TEST(a_refusal_is_given_and_not_kept),
        TEST(a_broken_promise_while_making_harms_nobody),
        TEST(the_memory_is_bounded_and_the_oldest_goes),
        TEST(what_is_held_lives_on_when_it_is_pushed_out),
        TEST(who_wants_the_same_meanwhile_waits_for_it),
        TEST(a_name_that_no_schema_moves_is_a_broken_promise),
        TEST(what_a_thread_made_is_found_until_somebody_commits),
        TEST(what_is_too_long_for_a_threads_memory_is_not_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
