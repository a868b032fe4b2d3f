/* lane_test.c - WRITE: who shares a commit, who is left alone, and what everybody is told. */
#include "work.h"

#include "../lane_inside.h"

#include <time.h>

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static enum err run_refuse(struct lane_task *t, struct cx *cx)
{
    TRY(run_add(t, cx));
    return fail(cx, ERR_CONFLICT, "Không được.");
}

static enum err run_break(struct lane_task *t, struct cx *cx)
{
    TRY(run_add(t, cx));
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select id from parts_event"));
    MUST(db_next(&rows));
    MUST(work_of(t)->runs == 4711);
    return OK;
}

static enum err run_fill_arena(struct lane_task *t, struct cx *cx)
{
    TRY(run_add(t, cx));
    for (;;)
        arena_alloc(cx->arena, 1 << 20);
}

static enum err run_pass_over(struct lane_task *t, struct cx *cx)
{
    TRY(run_add(t, cx));
    IGNORE(db_exec(cx, "insert into parts_thing (name) values ('')"));
    return OK;
}

static enum err run_insert_only(struct lane_task *t, struct cx *cx)
{
    int64_t id;
    return db_insert(cx, &id, "insert into parts_event (text) values ($1) returning id",
                     V(str_c(work_of(t)->name)));
}

static enum err run_look([[maybe_unused]] struct lane_task *t, struct cx *cx)
{
    int64_t n;
    return db_one_int(cx, &n, "select count(*) from parts_event");
}

static void tasks_that_wait_share_one_commit(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[50];
    const int64_t fsyncs = db_fsyncs(), commits = metric(cx, "tinhso_write_commits_total");
    for (int i = 0; i < 50; i++)
        work_submit(cx, &w[i], LANE_WRITE, "shared", run_add);
    work_end(cx, w, 50);
    for (int i = 0; i < 50; i++)
        assert_int_equal(w[i].outcome, OK);
    assert_int_equal(events_of(cx, "shared"), 50);
    if (db_is_postgres(cx))
        return; /* there each task has its own commit, and the server groups their fsyncs */
    assert_true(metric(cx, "tinhso_write_commits_total") - commits < 10);
    assert_true(db_fsyncs() > fsyncs); /* durable all the same */
    assert_true(db_fsyncs() - fsyncs < 20);
}

static void a_task_that_only_inserts_one_row_is_kept(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[1];
    work_submit(cx, &w[0], LANE_WRITE, "alone", run_insert_only);
    work_end(cx, w, 1);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(events_of(cx, "alone"), 1);
}

static void a_refused_task_leaves_its_neighbours_alone(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[3];
    work_submit(cx, &w[0], LANE_WRITE, "before", run_add);
    work_submit(cx, &w[1], LANE_WRITE, "refused", run_refuse);
    work_submit(cx, &w[2], LANE_WRITE, "after", run_add);
    work_end(cx, w, 3);
    assert_int_equal(w[1].outcome, ERR_CONFLICT);
    assert_why(w[1].cx, "Không được.");
    assert_int_equal(events_of(cx, "before") + events_of(cx, "after"), 2);
    assert_int_equal(events_of(cx, "refused"), 0);
}

static void a_refusal_lets_its_neighbours_run_once_more_and_the_next_only_itself(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    for (int turn = 0; turn < 2; turn++) {
        static struct work w[3];
        work_submit(cx, &w[0], LANE_WRITE, "before", run_add);
        work_submit(cx, &w[1], LANE_WRITE, "refused", run_refuse);
        work_submit(cx, &w[2], LANE_WRITE, "after", run_add);
        work_end(cx, w, 3);
        assert_int_equal(w[0].runs, turn == 0 ? 2 : 1);
        assert_int_equal(w[1].outcome, ERR_CONFLICT);
        assert_int_equal(events_of(cx, "before") + events_of(cx, "after"), 2 * (turn + 1));
        assert_int_equal(events_of(cx, "refused"), 0);
    }
}

static void a_poisoned_task_harms_nobody_else(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[4];
    work_submit(cx, &w[0], LANE_WRITE, "before", run_add);
    work_submit(cx, &w[1], LANE_WRITE, "poison", run_break);
    work_submit(cx, &w[2], LANE_WRITE, "poison", run_fill_arena);
    work_submit(cx, &w[3], LANE_WRITE, "after", run_add);
    work_end(cx, w, 4);
    assert_int_equal(w[1].outcome, ERR_IO);
    assert_why(w[1].cx, "MUST(work_of(t)->runs == 4711)");
    assert_int_equal(w[2].outcome, ERR_IO);
    assert_true(w[2].cx->why.n > 0);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(w[3].outcome, OK);
    assert_int_equal(events_of(cx, "before") + events_of(cx, "after"), 2);
    assert_int_equal(events_of(cx, "poison"), 0);
}

static void a_failed_statement_that_was_passed_over_is_no_success(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[1];
    work_submit(cx, &w[0], LANE_WRITE, "half", run_pass_over);
    work_end(cx, w, 1);
    assert_int_equal(w[0].outcome, ERR_IO);
    assert_int_equal(events_of(cx, "half"), 0);
}

static void an_fsync_that_fails_is_told_to_the_whole_batch(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[5];
    if (db_is_postgres(cx))
        return;
    for (int i = 0; i < 5; i++)
        work_submit(cx, &w[i], LANE_WRITE, "lost", run_add);
    db_fsync_fails_at(1);
    work_end(cx, w, 5);
    db_fsync_fails_at(0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(w[i].outcome, ERR_BUSY);
        assert_why(w[i].cx, "outcome unknown");
    }
    assert_int_equal(metric(cx, "tinhso_write_unknown_total"), 1);
    work_submit(cx, &w[0], LANE_WRITE, "next", run_add);
    work_end(cx, w, 1);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(events_of(cx, "next"), 1);
}

static enum err run_doom(struct lane_task *t, struct cx *cx)
{
    work_of(t)->runs++;
    return db_exec(cx, "insert into parts_doom (id) values (1)");
}

static void a_commit_that_breaks_the_connection_runs_once_more(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        return;
    static struct work w[9];
    work_submit(cx, &w[0], LANE_WRITE, "doom", run_doom);
    work_wait(w, 1);
    assert_int_equal(w[0].outcome, ERR_BUSY);
    assert_why(w[0].cx, "undone");
    assert_int_equal(w[0].runs, 2); /* the server says that it did not happen */
    assert_int_equal(metric(cx, "tinhso_write_unknown_total"), 0);
    for (int i = 1; i < 9; i++)
        work_submit(cx, &w[i], LANE_WRITE, "after", run_add);
    work_wait(w, 9);
    assert_int_equal(events_of(cx, "after"), 8);
}

/* ---- a task that takes the whole transaction down ---- */

static enum err run_add_much(struct lane_task *t, struct cx *cx)
{
    arena_alloc(cx->arena, 1 << 20);
    return run_add(t, cx);
}

static enum err run_too_much([[maybe_unused]] struct lane_task *t, struct cx *cx)
{
    work_of(t)->runs++;
    return db_exec(cx,
                   "/* sqlite */ insert into parts_event (text) values (hex(zeroblob(1000000)))");
}

static void a_full_disk_is_the_matter_of_the_task_that_filled_it(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    static struct work w[3];
    IGNORE(db_exec(cx, "/* sqlite */ pragma max_page_count = 100"));
    work_submit(cx, &w[0], LANE_WRITE, "before", run_add_much);
    work_submit(cx, &w[1], LANE_WRITE, "much", run_too_much);
    work_submit(cx, &w[2], LANE_WRITE, "after", run_add_much);
    work_end(cx, w, 3);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(w[1].outcome, ERR_IO);
    assert_why(w[1].cx, "full");
    assert_int_equal(w[2].outcome, OK);
    assert_int_equal(w[0].runs, 3); /* without savepoints, with them, alone */
    assert_int_equal(w[1].runs, 2);
    assert_true(arena_used(w[0].cx->arena) < 2 << 20); /* cut back between the runs */
    assert_int_equal(events_of(cx, "before") + events_of(cx, "after"), 2);
    assert_int_equal(metric(cx, "tinhso_write_lost_total"), 1);
}

/* ---- hooks ---- */

static int hook_runs;
static enum err hook_outcome;
static int commits_seen;

static enum err count_and_write(struct cx *cx)
{
    hook_runs++;
    TRY(add_event(cx, "hook"));
    return hook_outcome == OK ? OK : fail(cx, hook_outcome, "the hook failed");
}

static void see_commit([[maybe_unused]] void *state)
{
    commits_seen++;
}

static void hook_up(struct cx *cx)
{
    hook_runs = commits_seen = 0;
    hook_outcome = OK;
    lanes_before_commit(cx->env->lanes, count_and_write);
    lanes_after_commit(cx->env->lanes, see_commit, NULL);
}

static void a_hook_runs_in_the_transaction_before_its_commit(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[1];
    hook_up(cx);
    work_submit(cx, &w[0], LANE_WRITE, "x", run_add);
    work_end(cx, w, 1);
    assert_int_equal(hook_runs, 1);
    assert_int_equal(commits_seen, 1);
    assert_int_equal(events_of(cx, "hook"), 1);
    assert_ok(test_write(cx, add_event(cx, "by hand")));
    assert_int_equal(events_of(cx, "hook"), 2);
}

static void what_wrote_nothing_needs_no_hook_and_no_commit(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[2];
    hook_up(cx);
    const int64_t fsyncs = db_fsyncs();
    work_submit(cx, &w[0], LANE_WRITE, "x", run_look);
    work_submit(cx, &w[1], LANE_WRITE, "refused", run_refuse);
    work_end(cx, w, 2);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(w[1].outcome, ERR_CONFLICT);
    assert_int_equal(hook_runs, 0);
    assert_int_equal(commits_seen, 0);
    assert_int_equal(db_fsyncs(), fsyncs);
}

static void a_hook_that_fails_undoes_the_batch(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[2];
    hook_up(cx);
    hook_outcome = ERR_IO;
    work_submit(cx, &w[0], LANE_WRITE, "undone", run_add);
    work_submit(cx, &w[1], LANE_WRITE, "undone", run_add);
    work_end(cx, w, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(w[i].outcome, ERR_BUSY);
        assert_why(w[i].cx, "undone");
    }
    assert_int_equal(commits_seen, 0);
    assert_int_equal(events_of(cx, "undone") + events_of(cx, "hook"), 0);
}

/* ---- order and limits ---- */

static void bulk_work_waits_behind_people(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[5];
    if (db_is_postgres(cx))
        return; /* nobody can hold the pool still while the test submits */
    for (int i = 0; i < 5; i++) {
        work_new(cx, &w[i], i < 2 ? "bulk" : "person", run_add);
        w[i].task.bulk = i < 2;
        assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &w[i].task));
    }
    work_end(cx, w, 5);
    int64_t last_person, first_bulk;
    assert_ok(
        db_one_int(cx, &last_person, "select max(id) from parts_event where text = 'person'"));
    assert_ok(db_one_int(cx, &first_bulk, "select min(id) from parts_event where text = 'bulk'"));
    assert_true(last_person < first_bulk);
    assert_int_equal(events_of(cx, "bulk"), 2);
}

/* ---- a turn that lasts too long ---- */

static int64_t clock_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static enum err run_long(struct lane_task *t, struct cx *cx)
{
    TRY(run_add(t, cx));
    for (const int64_t end = clock_ms() + 25; clock_ms() < end;)
        ;
    return OK;
}

/* Notes whether the first one (`more`) had its answer already, and with it its commit. */
static enum err run_after(struct lane_task *t, struct cx *cx)
{
    struct work *w = work_of(t), *first = w->more;
    pthread_mutex_lock(&ended_lock);
    w->runs = first->ended ? 1 : 0;
    pthread_mutex_unlock(&ended_lock);
    return add_event(cx, w->name);
}

/* One that takes 25 ms, and two that came with it. Gives how many batches it took. */
static int64_t long_turn(struct cx *cx, struct work *w)
{
    const int64_t batches = metric(cx, "tinhso_write_batches_total");
    work_submit(cx, &w[0], LANE_WRITE, "long", run_long);
    for (int i = 1; i < 3; i++) {
        work_new(cx, &w[i], "with it", run_after);
        w[i].more = &w[0];
        assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &w[i].task));
    }
    work_end(cx, w, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(w[i].outcome, OK);
    assert_int_equal(events_of(cx, "long") + events_of(cx, "with it"), 3);
    return metric(cx, "tinhso_write_batches_total") - batches;
}

static void a_turn_that_lasts_too_long_gives_its_batch_back(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[3];
    if (db_is_postgres(cx))
        return; /* there each has its own transaction */
    assert_true(long_turn(cx, w) >= 2);
    assert_int_equal(w[1].runs, 1); /* the person who came first did not wait for the others */
    assert_int_equal(w[2].runs, 1);
}

/* The same where turns may last: it is the 20 ms that make the difference. */
static void a_turn_in_time_keeps_its_batch(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[3];
    if (db_is_postgres(cx))
        return;
    cx->env->lanes->turn_ms = 600'000; /* we hold the writer's place */
    assert_int_equal(long_turn(cx, w), 1);
    assert_int_equal(w[1].runs + w[2].runs, 0);
}

/* Bulk work that stood in the batch is given back too, and stands behind whoever came meanwhile. */
static enum err run_long_while_another_comes(struct lane_task *t, struct cx *cx)
{
    struct work *w = work_of(t), *another = w->more;
    if (w->runs == 0)
        assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &another->task));
    return run_long(t, cx);
}

static void a_person_who_comes_meanwhile_goes_before_bulk_work(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[18];
    if (db_is_postgres(cx))
        return;
    /* Every sixteenth batch takes a bulk task along: fifteen pass first. */
    for (int i = 0; i < 15; i++) {
        work_submit(cx, &w[i], LANE_WRITE, "before", run_add);
        work_end(cx, &w[i], 1);
    }
    work_new(cx, &w[15], "bulk", run_add);
    w[15].task.bulk = true;
    work_new(cx, &w[17], "meanwhile", run_add);
    work_new(cx, &w[16], "long", run_long_while_another_comes);
    w[16].more = &w[17];
    assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &w[15].task));
    assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &w[16].task));
    work_end(cx, &w[15], 3);
    int64_t bulk, meanwhile;
    assert_ok(db_one_int(cx, &bulk, "select id from parts_event where text = 'bulk'"));
    assert_ok(db_one_int(cx, &meanwhile, "select id from parts_event where text = 'meanwhile'"));
    assert_true(meanwhile < bulk);
}

static int start_with_short_queue(void **state)
{
    return testing_start(state, &(struct testing_config){
                                    .roots = roots, .lanes = {.queue_limit = 3, .batch_limit = 2}});
}

static void a_full_queue_says_so(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[4];
    if (db_is_postgres(cx))
        return;
    for (int i = 0; i < 3; i++)
        work_submit(cx, &w[i], LANE_WRITE, "x", run_add);
    work_new(cx, &w[3], "x", run_add);
    assert_err(lane_submit(cx->env->lanes, LANE_WRITE, &w[3].task), ERR_BUSY);
    assert_why(w[3].cx, "queue");
    work_end(cx, w, 3); /* in two batches: the limit is 2 */
    assert_int_equal(metric(cx, "tinhso_write_batch_max"), 2);
    assert_int_equal(metric(cx, "tinhso_lane_refused_total"), 1);
    assert_int_equal(events_of(cx, "x"), 3);
}

static void stopping_finishes_what_was_accepted(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[20];
    for (int i = 0; i < 20; i++)
        work_submit(cx, &w[i], i % 2 ? LANE_WRITE : LANE_SLOW, "x", i % 2 ? run_add : run_look);
    testing_restart(cx);
    for (int i = 0; i < 20; i++) {
        assert_true(w[i].ended);
        assert_int_equal(w[i].outcome, OK);
    }
    assert_int_equal(events_of(cx, "x"), 10);
}

/* ---- waiting ---- */

static enum err add_and_tell(struct cx *cx, void *arg)
{
    return add_event(cx, arg);
}

static enum err refuse_call(struct cx *cx, [[maybe_unused]] void *arg)
{
    TRY(add_event(cx, "refused"));
    return fail(cx, ERR_INVALID, "Nội dung không được để trống.");
}

static void a_call_waits_for_its_outcome(void **t)
{
    struct cx *cx = test_cx(t);
    struct db *const mine = cx->db;
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, add_and_tell, (char *)"called"));
    assert_ptr_equal(cx->db, mine);
    assert_int_equal(events_of(cx, "called"), 1);
    assert_err(lane_call(cx->env->lanes, LANE_WRITE, cx, refuse_call, NULL), ERR_INVALID);
    assert_why(cx, "Nội dung");
    assert_int_equal(events_of(cx, "refused"), 0);
}

static enum err call_again(struct cx *cx, [[maybe_unused]] void *arg)
{
    return lane_call(cx->env->lanes, LANE_WRITE, cx, add_and_tell, (char *)"inner");
}

static void a_task_that_would_wait_for_itself_is_our_mistake(void **t)
{
    struct cx *cx = test_cx(t);
    assert_err(lane_call(cx->env->lanes, LANE_WRITE, cx, call_again, NULL), ERR_IO);
    assert_why(cx, "MUST");
    assert_int_equal(events_of(cx, "inner"), 0);
}

static void an_idle_writer_empties_the_log(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[1];
    if (db_is_postgres(cx))
        return;
    work_submit(cx, &w[0], LANE_WRITE, "x", run_add);
    testing_let_go(cx);
    work_wait(w, 1);
    const struct timespec moment = {.tv_nsec = 5000000};
    int64_t pages = -1;
    for (int i = 0; i < 2000 && pages != 0; i++) {
        nanosleep(&moment, NULL);
        pages = metric(cx, "tinhso_db_wal_pages");
        if (metric(cx, "tinhso_db_checkpoints_total") == 0)
            pages = -1;
    }
    assert_int_equal(pages, 0);
    testing_hold(cx);
}

static void the_lanes_tell_how_they_fare(void **t)
{
    struct cx *cx = test_cx(t);
    struct buf out = {.arena = cx->arena, .limit = 1 << 16};
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, add_and_tell, (char *)"x"));
    lanes_metrics(cx->env->lanes, &out);
    const struct str text = buf_str(&out);
    assert_contains(text, "tinhso_lane_tasks_total{store=\"core\",lane=\"write\"} 1\n");
    assert_contains(text, "# TYPE tinhso_lane_busy_share gauge\n");
    assert_contains(text, "tinhso_lane_busy_share{store=\"core\",lane=\"write\"} ");
    assert_contains(text, "tinhso_lane_depth{store=\"core\",lane=\"slow\"} 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tasks_that_wait_share_one_commit),
        TEST(a_task_that_only_inserts_one_row_is_kept),
        TEST(a_refused_task_leaves_its_neighbours_alone),
        TEST(a_refusal_lets_its_neighbours_run_once_more_and_the_next_only_itself),
        TEST(a_poisoned_task_harms_nobody_else),
        TEST(a_failed_statement_that_was_passed_over_is_no_success),
        TEST(an_fsync_that_fails_is_told_to_the_whole_batch),
        TEST(a_commit_that_breaks_the_connection_runs_once_more),
        TEST(a_full_disk_is_the_matter_of_the_task_that_filled_it),
        TEST(a_hook_runs_in_the_transaction_before_its_commit),
        TEST(what_wrote_nothing_needs_no_hook_and_no_commit),
        TEST(a_hook_that_fails_undoes_the_batch),
        TEST(bulk_work_waits_behind_people),
        TEST(a_turn_that_lasts_too_long_gives_its_batch_back),
        TEST(a_turn_in_time_keeps_its_batch),
        TEST(a_person_who_comes_meanwhile_goes_before_bulk_work),
        cmocka_unit_test_setup_teardown(a_full_queue_says_so, start_with_short_queue, testing_end),
        TEST(stopping_finishes_what_was_accepted),
        TEST(a_call_waits_for_its_outcome),
        TEST(a_task_that_would_wait_for_itself_is_our_mistake),
        TEST(an_idle_writer_empties_the_log),
        TEST(the_lanes_tell_how_they_fare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
