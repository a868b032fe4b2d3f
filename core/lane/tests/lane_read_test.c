/* lane_read_test.c - READ and SLOW: snapshots of a turn, what takes too long, what breaks. */
#include "work.h"

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots, .lanes = {.slow_ms = 20}});
}

static enum err count_events(struct cx *cx, void *n)
{
    return db_one_int(cx, n, "select count(*) from parts_event");
}

/* A lot of steps, or little: as many as *n says. */
static enum err count_up(struct cx *cx, void *n)
{
    arena_alloc(cx->arena, 1 << 20);
    return db_one_int(
        cx, n,
        "with recursive up (i) as (select cast(1 as bigint) union all select i + 1 from up where i < $1)"
        " select count(*) from up",
        V(*(int64_t *)n));
}

static enum err break_a_promise(struct cx *cx, void *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select id from parts_event"));
    MUST(db_next(&rows));
    MUST(*(int64_t *)n == 4711);
    return OK;
}

static enum err write_from_reader(struct cx *cx, [[maybe_unused]] void *arg)
{
    return add_event(cx, "never");
}

/* READ is SQLite's; on PostgreSQL the caller is told to go to SLOW at once. */
static bool read_is_elsewhere(struct cx *cx)
{
    bool again = false;
    int64_t n = -1;
    if (!db_is_postgres(cx))
        return false;
    assert_ok(lane_read(cx->env->lanes, cx, count_events, &n, &again));
    assert_true(again);
    assert_int_equal(n, -1);
    return true;
}

static void a_turn_has_one_snapshot(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    struct lanes *l = cx->env->lanes;
    bool again = true;
    int64_t n = -1;
    if (read_is_elsewhere(cx))
        return;
    assert_ok(lane_read(l, reader, count_events, &n, &again));
    assert_false(again);
    assert_int_equal(n, 1);
    assert_null(reader->db);
    assert_ok(test_write(cx, add_event(cx, "x")));
    assert_ok(lane_read(l, reader, count_events, &n, &again));
    assert_int_equal(n, 1); /* the same turn */
    lane_turn_end(l);
    assert_ok(lane_read(l, reader, count_events, &n, &again));
    assert_int_equal(n, 2);
    lane_thread_end(l);
    assert_ok(lane_read(l, reader, count_events, &n, &again)); /* a new connection */
    assert_int_equal(n, 2);
}

static void what_takes_too_long_goes_to_the_pool(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    struct lanes *l = cx->env->lanes;
    bool again = false;
    int64_t n = 20000; /* more than 5 ms of steps, less than 20 */
    if (read_is_elsewhere(cx))
        return;
    const size_t used = arena_used(reader->arena);
    assert_ok(lane_read(l, reader, count_up, &n, &again));
    assert_true(again);
    assert_int_equal(arena_used(reader->arena), used);
    assert_int_equal(metric(cx, "tinhso_read_again_total"), 1);
    assert_ok(lane_call(l, LANE_SLOW, reader, count_up, &n));
    assert_int_equal(n, 20000);
    n = 10;
    assert_ok(lane_read(l, reader, count_up, &n, &again)); /* the turn goes on */
    assert_false(again);
    assert_int_equal(n, 10);
    lane_turn_end(l);
}

#define KIND UINT64_C(0x123456789abcdef0)

/* How a read of this kind went, so many milliseconds after the test began. */
static bool read_later(struct cx *cx, uint64_t kind, int64_t after_ms, int64_t steps)
{
    struct cx *reader = testing_another(cx);
    bool again = false;
    reader->now = cx->now + after_ms;
    assert_ok(lane_read_kind(cx->env->lanes, reader, kind, count_up, &steps, &again));
    lane_turn_end(cx->env->lanes);
    return again;
}
#define LONG_READ 20000
#define SHORT_READ 10

static void a_kind_that_was_slow_goes_to_the_pool_at_once(void **t)
{
    struct cx *cx = test_cx(t);
    if (read_is_elsewhere(cx))
        return;
    assert_true(read_later(cx, KIND, 0, LONG_READ));
    assert_int_equal(metric(cx, "tinhso_read_again_total"), 1);
    assert_true(read_later(cx, KIND, 800, SHORT_READ)); /* though it would have been quick */
    assert_int_equal(metric(cx, "tinhso_read_straight_total"), 1);
    assert_int_equal(metric(cx, "tinhso_read_again_total"), 1);
    assert_false(read_later(cx, KIND + 1, 800, SHORT_READ)); /* another kind does not suffer */
    assert_false(read_later(cx, KIND ^ UINT64_C(1) << 60, 800, SHORT_READ)); /* nor in its slot */
}

/* As if another program had the processor: longer than a read may take, without work. */
static enum err wait_and_count(struct cx *cx, void *n)
{
    nanosleep(&(struct timespec){.tv_nsec = 6'000'000}, NULL);
    return count_up(cx, n);
}

static void who_waited_for_a_processor_is_not_slow(void **t)
{
    struct cx *cx = test_cx(t), *first = testing_another(cx), *second = testing_another(cx);
    struct testing *const testing = cx->env->testing;
    bool again = false;
    int64_t n = SHORT_READ;
    if (read_is_elsewhere(cx))
        return;
    cx->env->testing = NULL; /* by the clock, not by steps */
    assert_ok(lane_read_kind(cx->env->lanes, first, KIND, wait_and_count, &n, &again));
    assert_true(again); /* it was stopped: others wait behind it */
    lane_turn_end(cx->env->lanes);
    assert_ok(lane_read_kind(cx->env->lanes, second, KIND, count_up, &n, &again));
    cx->env->testing = testing;
    lane_turn_end(cx->env->lanes);
    assert_int_equal(metric(cx, "tinhso_read_straight_total"), 0);
}

static void a_kind_that_was_slow_is_tried_again(void **t)
{
    struct cx *cx = test_cx(t);
    if (read_is_elsewhere(cx))
        return;
    assert_true(read_later(cx, KIND, 0, LONG_READ));
    assert_false(read_later(cx, KIND, 1100, SHORT_READ)); /* tried, and all is forgotten */
    assert_false(read_later(cx, KIND, 1100, SHORT_READ));
    assert_int_equal(metric(cx, "tinhso_read_straight_total"), 0);
}

static void who_is_slow_each_time_waits_longer(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t at = 0;
    if (read_is_elsewhere(cx))
        return;
    for (int i = 0; i < 20; i++) {
        const int64_t wait = i < 6 ? 1000LL << i : 60000;
        assert_true(read_later(cx, KIND, at, LONG_READ));
        assert_int_equal(metric(cx, "tinhso_read_again_total"), i + 1);
        assert_true(read_later(cx, KIND, at + wait - 200, SHORT_READ));
        assert_int_equal(metric(cx, "tinhso_read_straight_total"), i + 1);
        at += wait + 100;
    }
    assert_false(read_later(cx, KIND, -DAY_MS, SHORT_READ)); /* the clock was set back */
}

/* While one is tried its neighbours do not try too. */
static enum err ask_beside(struct cx *cx, void *beside)
{
    int64_t n = SHORT_READ;
    bool again = false;
    struct cx *other = beside;
    TRY(lane_read_kind(cx->env->lanes, other, KIND, count_up, &n, &again));
    return again ? OK : ERR_CONFLICT;
}

static void one_alone_is_tried(void **t)
{
    struct cx *cx = test_cx(t), *trying = testing_another(cx), *other = testing_another(cx);
    bool again = false;
    if (read_is_elsewhere(cx))
        return;
    assert_true(read_later(cx, KIND, 0, LONG_READ));
    trying->now = other->now = cx->now + 5000;
    assert_ok(lane_read_kind(cx->env->lanes, trying, KIND, ask_beside, other, &again));
    assert_false(again);
    lane_turn_end(cx->env->lanes);
}

/* SQLite counts the steps of a cached statement over all its runs, and looks at the clock every
 * thousand: sooner or later that is while a turn begins. */
static void a_turn_begins_though_the_last_read_used_up_its_time(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    struct lanes *l = cx->env->lanes;
    if (read_is_elsewhere(cx))
        return;
    for (int i = 0; i < 400; i++) {
        bool again = false;
        int64_t n = 20000;
        assert_ok(lane_read(l, reader, count_up, &n, &again));
        assert_true(again);
        lane_turn_end(l);
        n = 1;
        assert_ok(lane_read(l, reader, count_events, &n, &again));
        lane_turn_end(l);
    }
}

static void a_slow_task_has_a_limit_too(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t n = INT64_MAX;
    assert_err(lane_call(cx->env->lanes, LANE_SLOW, cx, count_up, &n), ERR_BUSY);
    assert_why(cx, "interrupted");
    n = 10;
    assert_ok(lane_call(cx->env->lanes, LANE_SLOW, cx, count_up, &n));
    assert_int_equal(n, 10);
}

static void a_read_that_breaks_ends_alone(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    struct lanes *l = cx->env->lanes;
    bool again = true;
    int64_t n = 0;
    assert_err(lane_call(l, LANE_SLOW, cx, break_a_promise, &n), ERR_IO);
    assert_why(cx, "MUST");
    assert_ok(lane_call(l, LANE_SLOW, cx, count_events, &n));
    assert_int_equal(n, 1);
    if (read_is_elsewhere(cx))
        return;
    n = 0;
    assert_err(lane_read(l, reader, break_a_promise, &n, &again), ERR_IO);
    assert_why(reader, "MUST");
    assert_false(again);
    assert_ok(lane_read(l, reader, count_events, &n, &again));
    assert_int_equal(n, 1);
}

static void a_read_cannot_write(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    struct lanes *l = cx->env->lanes;
    bool again;
    assert_err(lane_call(l, LANE_SLOW, cx, write_from_reader, NULL), ERR_IO);
    if (!read_is_elsewhere(cx))
        assert_err(lane_read(l, reader, write_from_reader, NULL, &again), ERR_IO);
    assert_int_equal(events_of(cx, "never"), 0);
}

/* ---- a thread that ends ---- */

static void *read_and_leave(void *arg)
{
    struct cx *cx = arg;
    int64_t n = -1;
    bool again;
    enum err e = lane_read(cx->env->lanes, cx, count_events, &n, &again);
    cx->err = e != OK || (!again && n != 1) ? ERR_IO : OK;
    return NULL;
}

static void a_thread_takes_its_connection_with_it(void **t)
{
    struct cx *cx = test_cx(t);
    for (int i = 0; i < 20; i++) {
        struct cx *other = testing_another(cx);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, read_and_leave, other), 0);
        pthread_join(thread, NULL);
        assert_int_equal(other->err, OK);
    }
    assert_ok(test_write(cx, add_event(cx, "x")));
}

/* ---- a snapshot that rests ---- */

struct pause {
    sem_t read, go;
    int64_t before, after;
};

static enum err read_rest_read(struct cx *cx, void *arg)
{
    struct pause *p = arg;
    TRY(count_events(cx, &p->before));
    db_rest(cx);
    sem_post(&p->read);
    sem_wait(&p->go);
    return count_events(cx, &p->after);
}

static enum err run_pause(struct lane_task *t, struct cx *cx)
{
    return read_rest_read(cx, work_of(t)->more);
}

static void a_task_that_waits_for_the_network_lets_its_snapshot_go(void **t)
{
    struct cx *cx = test_cx(t);
    struct pause p = {.before = -1, .after = -1};
    static struct work w[1];
    sem_init(&p.read, 0, 0);
    sem_init(&p.go, 0, 0);
    work_new(cx, &w[0], "", run_pause);
    w[0].more = &p;
    assert_ok(lane_submit(cx->env->lanes, LANE_SLOW, &w[0].task));
    sem_wait(&p.read);
    assert_ok(test_write(cx, add_event(cx, "meanwhile")));
    sem_post(&p.go);
    work_wait(w, 1);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(p.before, 1);
    assert_int_equal(p.after, 2);
    sem_destroy(&p.read);
    sem_destroy(&p.go);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_turn_has_one_snapshot),
        TEST(what_takes_too_long_goes_to_the_pool),
        TEST(a_kind_that_was_slow_goes_to_the_pool_at_once),
        TEST(who_waited_for_a_processor_is_not_slow),
        TEST(a_kind_that_was_slow_is_tried_again),
        TEST(who_is_slow_each_time_waits_longer),
        TEST(one_alone_is_tried),
        TEST(a_turn_begins_though_the_last_read_used_up_its_time),
        TEST(a_slow_task_has_a_limit_too),
        TEST(a_read_that_breaks_ends_alone),
        TEST(a_read_cannot_write),
        TEST(a_thread_takes_its_connection_with_it),
        TEST(a_task_that_waits_for_the_network_lets_its_snapshot_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
