/*
 * lane_commit_test.c - PostgreSQL: a commit whose answer is lost is found out, never guessed; what
 * fails by no fault of its own runs again, whole, and not for ever.
 */
#include "work.h"

#include "testing/wire.h"

#include <libpq-fe.h>
#include <stdlib.h>

static const char *const roots[] = {"core/db/tests", NULL};
static struct wire *wire;
static char *server; /* TINHSO_TEST_DATABASE as it was */

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static void tell_server(const char *text)
{
    PGconn *c = PQconnectdb(server);
    PQclear(PQexec(c, text));
    PQfinish(c);
}

static int lay_wire([[maybe_unused]] void **state)
{
    const char *url = getenv("TINHSO_TEST_DATABASE");
    if (!url)
        return 0;
    server = strdup(url);
    tell_server("alter role current_user set deadlock_timeout = '20ms'"); /* not a second */
    wire = wire_start(server);
    if (!wire)
        return -1;
    setenv("TINHSO_TEST_DATABASE", wire_url(wire), 1);
    return 0;
}

static int take_wire([[maybe_unused]] void **state)
{
    if (wire)
        wire_end(wire);
    free(server);
    return 0;
}

static int64_t cut_once(struct cx *cx, struct work *w, enum wire_cut how, int times)
{
    wire_cut(wire, how, times);
    work_submit(cx, w, LANE_WRITE, "paid", run_add);
    work_wait(w, 1);
    wire_cut(wire, how, 0);
    return events_of(cx, "paid");
}

static void a_commit_that_never_arrived_runs_again(void **t)
{
    struct cx *cx = test_cx(t);
    if (!wire)
        skip();
    static struct work w;
    const int before = wire_cuts(wire);
    assert_int_equal(cut_once(cx, &w, WIRE_BEFORE_COMMIT, 1), 1);
    assert_int_equal(wire_cuts(wire), before + 1);
    assert_int_equal(w.outcome, OK);
    assert_int_equal(w.runs, 2);
}

static void a_commit_whose_answer_was_lost_is_found_out(void **t)
{
    struct cx *cx = test_cx(t);
    if (!wire)
        skip();
    static struct work w;
    const int before = wire_cuts(wire);
    assert_int_equal(cut_once(cx, &w, WIRE_AFTER_COMMIT, 1), 1);
    assert_int_equal(wire_cuts(wire), before + 1);
    assert_int_equal(w.outcome, OK);
    assert_int_equal(w.runs, 1);
    assert_int_equal(metric(cx, "tinhso_write_unknown_total"), 0);
}

/* The commit and the end of the connection race: whoever wins, there is one effect. */
static void a_commit_cut_on_its_way_has_one_effect(void **t)
{
    struct cx *cx = test_cx(t);
    if (!wire)
        skip();
    for (int i = 1; i <= 20; i++) {
        static struct work w;
        assert_int_equal(cut_once(cx, &w, WIRE_AT_COMMIT, 1), i);
        assert_int_equal(w.outcome, OK);
        assert_in_range(w.runs, 1, 2);
    }
}

static void a_wire_that_is_always_cut_ends_in_undone(void **t)
{
    struct cx *cx = test_cx(t);
    if (!wire)
        skip();
    static struct work w;
    assert_int_equal(cut_once(cx, &w, WIRE_BEFORE_COMMIT, 1000), 0);
    assert_int_equal(w.outcome, ERR_BUSY);
    assert_why(w.cx, "undone");
    assert_int_equal(w.runs, 2);
    assert_int_equal(cut_once(cx, &w, WIRE_AFTER_COMMIT, 1000), 1);
    assert_int_equal(w.outcome, OK);
}

/* The server asks the one who lost for another try, each time: 40001 and 40P01 as they come. */
static enum err run_refused(struct lane_task *t, struct cx *cx)
{
    struct work *w = work_of(t);
    const char *code = w->more;
    int64_t n;
    w->runs++;
    TRY(add_event(cx, "refused"));
    if (strcmp(code, "40001") == 0)
        return db_one_int(cx, &n, "/* postgresql */ select parts_refuse('40001')");
    return db_one_int(cx, &n, "/* postgresql */ select parts_refuse('40P01')");
}

static enum err make_refuse(struct cx *cx)
{
    return db_exec(cx, "/* postgresql */ create function parts_refuse(code text) returns integer"
                       " language plpgsql as 'begin raise exception using errcode = code; end'");
}

static void what_the_server_always_refuses_ends(void **t)
{
    struct cx *cx = test_cx(t);
    if (!wire)
        skip();
    assert_ok(test_write(cx, make_refuse(cx)));
    static const char *const codes[] = {"40001", "40P01"};
    for (int i = 0; i < 2; i++) {
        static struct work w;
        work_new(cx, &w, "", run_refused);
        w.more = (void *)(uintptr_t)codes[i];
        assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &w.task));
        work_wait(&w, 1);
        assert_int_equal(w.outcome, ERR_BUSY);
        assert_int_equal(w.runs, 10);
        assert_int_equal(events_of(cx, "refused"), 0);
    }
}

/* Two tasks take two rows in opposite order: PostgreSQL ends one of them (40P01). */
struct crossing {
    pthread_barrier_t both;
};

static enum err take_row(struct cx *cx, const char *name)
{
    return db_exec(cx, "update parts_thing set amount = amount + 1 where name = $1",
                   V(str_c(name)));
}

static enum err run_crossing(struct lane_task *t, struct cx *cx)
{
    struct work *w = work_of(t);
    struct crossing *c = w->more;
    const bool left = w->name[0] == 'l';
    TRY(take_row(cx, left ? "left" : "right"));
    if (++w->runs == 1)
        pthread_barrier_wait(&c->both);
    return take_row(cx, left ? "right" : "left");
}

static void a_deadlock_is_run_again_whole(void **t)
{
    struct cx *cx = test_cx(t);
    if (!wire)
        skip();
    static struct work w[2];
    struct crossing c;
    int64_t sum;
    assert_ok(test_write(
        cx,
        db_exec(cx, "insert into parts_thing (name, amount) values ('left', 0), ('right', 0)")));
    pthread_barrier_init(&c.both, NULL, 2);
    for (int i = 0; i < 2; i++) {
        work_new(cx, &w[i], i ? "right" : "left", run_crossing);
        w[i].more = &c;
        assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &w[i].task));
    }
    work_wait(w, 2);
    pthread_barrier_destroy(&c.both);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(w[1].outcome, OK);
    assert_true(w[0].runs + w[1].runs > 2);
    assert_ok(db_one_int(cx, &sum,
                         "select sum(amount) from parts_thing where name in ('left', 'right')"));
    assert_int_equal(sum, 4);
}

/* ---- each call of a task ---- */

static enum err run_read(struct lane_task *t, struct cx *cx)
{
    int64_t n;
    work_of(t)->runs++;
    return db_one_int(cx, &n, "select count(*) from parts_event");
}

/* At the n-th call, for every n until there is none. How often it was met. */
static int meet_each(struct cx *cx, enum lane lane, enum wire_fault kind, enum err expected)
{
    static struct work w;
    for (int n = 1;; n++) {
        const int64_t had = events_of(cx, "paid");
        wire_fault(wire, kind, n);
        work_submit(cx, &w, lane, "paid", lane == LANE_WRITE ? run_add : run_read);
        work_wait(&w, 1);
        const bool met = wire_met(wire) > 0;
        wire_fault(wire, WIRE_SOUND, 0);
        const enum err wanted = met ? expected : OK;
        if (w.outcome != wanted)
            fail_msg("fault %d at call %d: %s, %.*s", kind, n, err_name(w.outcome), F(w.cx->why));
        assert_int_equal(events_of(cx, "paid"), had + (lane == LANE_WRITE && w.outcome == OK));
        if (!met)
            return n - 1;
    }
}

static void each_call_of_a_task_may_fail_once(void **t)
{
    struct cx *cx = test_cx(t);
    if (!wire)
        skip();
    static const enum wire_fault harmless[] = {WIRE_AGAIN, WIRE_DEADLOCK, WIRE_UNASKED,
                                               WIRE_UNHEARD};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        assert_true(meet_each(cx, LANE_WRITE, harmless[i], OK) >= 3); /* begin, insert, commit */
        assert_true(meet_each(cx, LANE_SLOW, harmless[i], OK) >= 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_commit_that_never_arrived_runs_again),
        TEST(a_commit_whose_answer_was_lost_is_found_out),
        TEST(a_commit_cut_on_its_way_has_one_effect),
        TEST(a_wire_that_is_always_cut_ends_in_undone),
        TEST(what_the_server_always_refuses_ends),
        TEST(a_deadlock_is_run_again_whole),
        TEST(each_call_of_a_task_may_fail_once),
    };
    return cmocka_run_group_tests(tests, lay_wire, take_wire);
}
