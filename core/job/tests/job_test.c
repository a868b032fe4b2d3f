/* job_test.c - queue, lanes, failures, deaths, schedules, standing tasks, on the virtual clock. */
#include "job/job_inside.h"
#include "testing/testing.h"

/* ---- kinds of jobs that write down what happens to them ---- */

static struct {
    int acts, afters, turns;
    char order[64];
    size_t order_n;
    enum err act_answer, after_answer;
    int turns_left;
    int held;
    bool broken, fence, lost_result;
} seen;

static enum err bump_epoch(struct cx *cx, void *)
{
    return db_exec(cx, "update job set epoch = epoch + 1 where state = 2");
}

static enum err note_act(struct cx *cx, const struct job *j, void **result)
{
    seen.acts++;
    if (j->key.n)
        seen.order[seen.order_n++] = j->key.p[0];
    MUST(!seen.broken);
    if (seen.fence) /* another node took the job over while we slept */
        assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, bump_epoch, NULL));
    *result = &seen;
    return seen.act_answer == OK ? OK : fail(cx, seen.act_answer, "the peer is away");
}

static enum err note_after(struct cx *cx, const struct job *j, enum err acted, void *result)
{
    seen.afters++;
    seen.lost_result |=
        acted == OK && result != &seen; /* in a lane's thread: nothing is asserted */
    TRY(job_add(cx, "test.trace", S(""), S(""), j->payload, cx->now + 365 * DAY_MS));
    return acted != OK ? acted : seen.after_answer;
}

static enum err act_only(struct cx *cx, const struct job *j, void **result)
{
    return note_act(cx, j, result);
}

static void let_go(void *)
{
    seen.held--;
}

/* A turn holds something until its context ends. */
static enum err count_turn(struct cx *cx, bool *more)
{
    cx_register(cx, NEW(cx->arena, struct closer), let_go, NULL);
    seen.held++;
    seen.turns++;
    TRY(job_add(cx, "test.trace", S(""), S(""), S("{}"), cx->now + 365 * DAY_MS));
    *more = --seen.turns_left > 0;
    return OK;
}

static enum err turn_ready(struct cx *, bool *ready)
{
    *ready = seen.turns_left > 0;
    return OK;
}

static const struct job_kind full = {
    .name = "test.full", .title = "Thử", .act = note_act, .after = note_after, .tries_max = 3};
static const struct job_kind only = {.name = "test.only", .title = "Thử", .act = act_only};
static const struct job_kind hourly = {
    .name = "test.hourly", .title = "Thử", .act = act_only, .every_ms = HOUR_MS};
static const struct job_kind standing = {
    .name = "test.standing", .title = "Thử", .ready = turn_ready, .turn = count_turn};
static const struct job_kind *const kinds[] = {&full, &only, &standing, NULL};
static const struct job_kind *const with_schedule[] = {&only, &hourly, NULL};

static enum err begin_jobs(struct cx *cx)
{
    return jobs_start(cx, kinds, &cx->env->jobs);
}

static void end_jobs(struct cx *cx)
{
    jobs_stop(cx->env->jobs);
    cx->env->jobs = NULL;
}

static int start(void **t)
{
    static const char *const roots[] = {"core/job", NULL};
    memset(&seen, 0, sizeof seen);
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = begin_jobs, .stop = end_jobs});
}

static void use_schedule(struct cx *cx)
{
    end_jobs(cx);
    assert_ok(jobs_start(cx, with_schedule, &cx->env->jobs));
}

static void add(struct cx *cx, const char *kind, const char *key, const char *lane, int64_t due_at)
{
    assert_ok(
        test_write(cx, job_add(cx, kind, str_c(key), str_c(lane), S("{\"dossier\":5}"), due_at)));
}

static int run(struct cx *cx)
{
    int ran;
    assert_ok(jobs_run_due(cx, &ran));
    return ran;
}

static int64_t traces(struct cx *cx)
{
    return rows_of(cx, "job where kind = 'test.trace'");
}

static int64_t of_state(struct cx *cx, int state)
{
    int64_t n;
    assert_ok(db_one_int(
        cx, &n, "select count(*) from job where state = $1 and kind <> 'test.trace'", V(state)));
    return n;
}

/* ---- the queue ---- */

static void a_job_exists_exactly_if_its_transaction_does(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(db_begin(cx));
    assert_ok(job_add(cx, "test.full", S("a"), S(""), S("{}"), 0));
    db_rollback(cx);
    assert_int_equal(run(cx), 0);
    add(cx, "test.full", "a", "", 0);
    assert_int_equal(run(cx), 1);
    assert_int_equal(seen.acts, 1);
    assert_int_equal(seen.afters, 1);
    assert_false(seen.lost_result);
    assert_int_equal(run(cx), 0);
    assert_int_equal(of_state(cx, 1), 0);
    assert_int_equal(traces(cx), 1);
}

static void a_job_waits_for_its_time(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.full", "a", "", cx->now + DAY_MS);
    assert_int_equal(run(cx), 0);
    testing_advance(cx, DAY_MS - 1);
    assert_int_equal(run(cx), 0);
    testing_advance(cx, 1);
    assert_int_equal(run(cx), 1);
}

static void asking_twice_with_one_key_is_one_job(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.full", "a", "", 0);
    add(cx, "test.full", "a", "", 0);
    add(cx, "test.only", "a", "", 0);
    assert_int_equal(run(cx), 2);
    add(cx, "test.full", "a", "", 0); /* the first has ended */
    assert_int_equal(run(cx), 1);
    add(cx, "test.full", "", "", 0);
    add(cx, "test.full", "", "", 0);
    assert_int_equal(run(cx), 2);
}

static void a_cancelled_job_does_not_run(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.full", "a", "", cx->now + DAY_MS);
    assert_ok(test_write(cx, job_cancel(cx, "test.full", S("a"))));
    assert_ok(test_write(cx, job_cancel(cx, "test.full", S("a")))); /* nothing to cancel is fine */
    testing_advance(cx, 2 * DAY_MS);
    assert_int_equal(run(cx), 0);
}

/* ---- failures ---- */

static void a_failure_is_tried_again_later_and_later(void **t)
{
    struct cx *cx = test_cx(t);
    seen.act_answer = ERR_BUSY;
    add(cx, "test.only", "a", "", 0);
    int64_t before = 0;
    for (int i = 0; i < 11; i++) {
        assert_int_equal(run(cx), 1);
        int64_t due_at, wait, shortest = i > 8 ? 6 * HOUR_MS : MINUTE_MS << i;
        assert_ok(db_one_int(cx, &due_at,
                             "select due_at from job where kind = 'test.only' and state = 1"));
        wait = due_at - cx->now;
        if (shortest < 6 * HOUR_MS)
            assert_true(wait >= shortest && wait <= shortest + shortest / 4);
        assert_true(wait <= 6 * HOUR_MS && wait >= before);
        before = i > 7 ? 0 : wait;
        testing_set_now(cx, due_at - 1);
        assert_int_equal(run(cx), 0);
        testing_set_now(cx, due_at);
    }
    seen.act_answer = OK;
    assert_int_equal(run(cx), 1);
    assert_int_equal(of_state(cx, 1), 0);
}

static void too_many_failures_make_a_dead_letter_that_can_run_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct job dead[2];
    size_t n;
    seen.act_answer = ERR_BUSY;
    add(cx, "test.full", "a", "", 0);
    for (int i = 0; i < 3; i++) {
        run(cx);
        testing_advance(cx, HOUR_MS);
    }
    assert_int_equal(run(cx), 0);
    assert_int_equal(seen.acts, 3);
    assert_int_equal(traces(cx), 0); /* what `after` wrote was undone each time */
    assert_ok(job_dead_letters(cx, dead, 2, &n));
    assert_int_equal(n, 1);
    assert_str(dead[0].kind, "test.full");
    assert_str(dead[0].last_error, "ERR_BUSY: the peer is away");
    assert_int_equal(dead[0].tries, 3);

    seen.act_answer = OK;
    assert_ok(test_write(cx, job_retry(cx, dead[0].id)));
    assert_int_equal(run(cx), 1);
    assert_int_equal(traces(cx), 1);
    assert_err(test_write(cx, job_retry(cx, dead[0].id)), ERR_NOT_FOUND);
}

static void a_dead_letter_does_not_swallow_the_next_of_its_key(void **t)
{
    struct cx *cx = test_cx(t);
    struct job dead[1];
    size_t n;
    seen.act_answer = ERR_BUSY;
    add(cx, "test.full", "a", "", 0);
    for (int i = 0; i < 3; i++) {
        run(cx);
        testing_advance(cx, HOUR_MS);
    }
    add(cx, "test.full", "a", "", cx->now + DAY_MS);
    assert_int_equal(of_state(cx, 1), 1);
    assert_ok(job_dead_letters(cx, dead, 1, &n));
    assert_err(test_write(cx, job_retry(cx, dead[0].id)), ERR_CONFLICT);
}

static void what_after_writes_counts_only_with_the_end_of_the_job(void **t)
{
    struct cx *cx = test_cx(t);
    seen.after_answer = ERR_IO;
    add(cx, "test.full", "a", "", 0);
    assert_int_equal(run(cx), 1);
    assert_int_equal(traces(cx), 0);
    assert_int_equal(of_state(cx, 1), 1);
    seen.after_answer = OK;
    testing_advance(cx, HOUR_MS);
    assert_int_equal(run(cx), 1);
    assert_int_equal(traces(cx), 1);
}

static void a_broken_promise_inside_a_job_is_an_ordinary_failure(void **t)
{
    struct cx *cx = test_cx(t);
    struct job waiting[1];
    size_t n;
    seen.broken = true;
    add(cx, "test.full", "a", "", 0);
    add(cx, "test.only", "b", "", 0);
    assert_int_equal(run(cx), 2);
    assert_int_equal(of_state(cx, 1), 2);
    testing_advance(cx, HOUR_MS);
    run(cx);
    testing_advance(cx, HOUR_MS);
    run(cx);
    assert_ok(job_dead_letters(cx, waiting, 1, &n));
    assert_int_equal(n, 1);
    assert_contains(waiting[0].last_error, "MUST(!seen.broken)");
}

static void the_sentence_for_a_person_is_not_kept(void **t)
{
    struct cx *cx = test_cx(t);
    seen.act_answer = ERR_INVALID;
    add(cx, "test.only", "a", "", 0);
    run(cx);
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select last_error from job"));
    assert_true(db_next(&rows));
    assert_str(db_str(&rows, 0), "ERR_INVALID");
}

/* ---- a clock that is set back ---- */

static void what_is_to_be_done_at_once_is_done_though_the_clock_was_set_back(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(run(cx), 0); /* the clock was seen */
    add(cx, "test.only", "a", "", 0);
    add(cx, "test.only", "b", "", cx->now + MINUTE_MS); /* this has its time */
    testing_advance(cx, -HOUR_MS);
    assert_int_equal(run(cx), 1);
    testing_advance(cx, 2 * MINUTE_MS);
    assert_int_equal(run(cx), 0);
    testing_advance(cx, HOUR_MS);
    assert_int_equal(run(cx), 1);
    assert_int_equal(seen.acts, 2);
}

static void nor_does_it_wait_when_the_program_begins_after_that(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.only", "a", "", 0);
    testing_advance(cx, -HOUR_MS);
    assert_int_equal(run(cx), 1); /* the first look of this life */
}

/* ---- lanes ---- */

static void a_lane_keeps_its_order_whatever_fails(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.only", "1", "peer", 0);
    add(cx, "test.only", "2", "peer", cx->now - DAY_MS); /* due before the first, yet after it */
    add(cx, "test.full", "3", "peer", 0);
    add(cx, "test.only", "x", "other", 0);
    seen.act_answer = ERR_BUSY;
    assert_int_equal(run(cx), 2); /* the heads */
    seen.act_answer = OK;
    assert_int_equal(run(cx), 0); /* the head waits, and all behind it */
    testing_advance(cx, HOUR_MS);
    assert_int_equal(run(cx), 4);
    char lane[8] = {0};
    for (size_t i = 0, n = 0; i < seen.order_n; i++)
        if (seen.order[i] != 'x')
            lane[n++] = seen.order[i];
    assert_string_equal(lane, "1123");
}

static void a_dead_letter_steps_out_of_its_lane(void **t)
{
    struct cx *cx = test_cx(t);
    struct job dead[1];
    size_t n;
    add(cx, "test.full", "1", "peer", 0);
    add(cx, "test.full", "2", "peer", 0);
    add(cx, "test.full", "3", "peer", 0);
    seen.act_answer = ERR_BUSY;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run(cx), i < 2 ? 1 : 2); /* the second begins when the first is dead */
        if (i < 2)
            testing_advance(cx, HOUR_MS);
        if (i == 1)
            seen.order_n = 0;
    }
    assert_ok(job_dead_letters(cx, dead, 1, &n));
    assert_int_equal(n, 1);
    assert_ok(test_write(cx, job_retry(cx, dead[0].id)));
    assert_int_equal(of_state(cx, 1), 1); /* still one head */
    seen.act_answer = OK;
    testing_advance(cx, DAY_MS);
    assert_int_equal(run(cx), 3);
    seen.order[seen.order_n] = 0;
    assert_string_equal(seen.order, "12213"); /* the head went on; then the older again */
}

static void cancelling_the_head_lets_the_lane_go_on(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.only", "1", "peer", cx->now + DAY_MS);
    add(cx, "test.only", "2", "peer", 0);
    add(cx, "test.only", "3", "peer", 0);
    assert_int_equal(run(cx), 0);
    assert_ok(test_write(cx, job_cancel(cx, "test.only", S("2")))); /* one behind */
    assert_int_equal(run(cx), 0);
    assert_ok(test_write(cx, job_cancel(cx, "test.only", S("1"))));
    assert_int_equal(run(cx), 1);
    assert_int_equal(seen.order[0], '3');
}

/* ---- deaths and late ones ---- */

/* What a process leaves that died inside `act`. */
static void die_in_it(struct cx *cx)
{
    assert_ok(test_write(
        cx,
        db_exec(
            cx,
            "update job set state = 2, tries = tries + 1, epoch = epoch + 1, node = 'another life',"
            " claimed_until = $1 where state = 1 and kind = 'test.only'",
            V(cx->now + MINUTE_MS))));
    testing_advance(cx, HOUR_MS);
    end_jobs(cx);
    assert_ok(begin_jobs(cx));
}

static void a_job_that_kills_the_process_three_times_is_put_aside(void **t)
{
    struct cx *cx = test_cx(t);
    struct job dead[1];
    size_t n;
    add(cx, "test.only", "a", "peer", 0);
    add(cx, "test.full", "b", "peer", 0);
    for (int i = 0; i < 2; i++) {
        die_in_it(cx);
        assert_int_equal(run(cx), 0); /* not at once: it may kill again */
        assert_int_equal(of_state(cx, 1), 1);
    }
    die_in_it(cx);
    assert_int_equal(run(cx), 1); /* the next of its lane */
    assert_ok(job_dead_letters(cx, dead, 1, &n));
    assert_int_equal(n, 1);
    assert_contains(dead[0].last_error, "died");
    assert_int_equal(seen.order[0], 'b');
}

static void after_one_death_it_runs_a_second_later(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.only", "a", "", 0);
    die_in_it(cx);
    assert_int_equal(run(cx), 0);
    testing_advance(cx, SECOND_MS);
    assert_int_equal(run(cx), 1);
    assert_int_equal(rows_of(cx, "job"), 0);
}

static void two_deaths_are_forgiven(void **t)
{
    struct cx *cx = test_cx(t);
    add(cx, "test.only", "a", "", 0);
    die_in_it(cx);
    run(cx);
    die_in_it(cx);
    run(cx);
    testing_advance(cx, DAY_MS);
    assert_int_equal(run(cx), 1);
    assert_int_equal(rows_of(cx, "job"), 0);
}

/* PostgreSQL: another node may still be at it, until its claim lapses. */
static void a_claim_of_a_living_node_is_left_alone(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        return; /* SQLite: the data folder has one process, so another's claim is a dead one's */
    add(cx, "test.only", "a", "", 0);
    assert_ok(test_write(
        cx,
        db_exec(cx,
                "update job set state = 2, node = 'another node', epoch = 1, claimed_until = $1",
                V(cx->now + MINUTE_MS))));
    testing_advance(cx, 30 * SECOND_MS);
    run(cx);
    assert_int_equal(of_state(cx, 2), 1);
    testing_advance(cx, 40 * SECOND_MS);
    run(cx);
    assert_int_equal(of_state(cx, 1), 1);
}

/* Its commit was there, but nobody could find out: this process holds a claim that it does not
 * know.
 */
static void a_claim_that_its_own_node_does_not_know_of_lapses(void **t)
{
    struct cx *cx = test_cx(t);
    run(cx);
    add(cx, "test.only", "a", "", 0);
    assert_ok(test_write(
        cx, db_exec(cx, "update job set state = 2, node = $1, epoch = 1, claimed_until = $2",
                    V(str_c(cx->env->jobs->node)), V(cx->now + MINUTE_MS))));
    for (int i = 0; i < 6; i++) {
        testing_advance(cx, 30 * SECOND_MS);
        run(cx);
    }
    assert_int_equal(rows_of(cx, "job"), 0);
    assert_int_equal(seen.acts, 1);
}

static void who_comes_late_changes_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    seen.fence = true;
    add(cx, "test.full", "a", "", 0);
    assert_int_equal(run(cx), 1);
    assert_int_equal(seen.acts, 1);
    assert_int_equal(seen.afters, 0);
    assert_int_equal(traces(cx), 0);
    assert_int_equal(of_state(cx, 2), 1); /* the other's */
}

static void a_database_that_fails_loses_no_job(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return; /* the failure is injected into one connection; there the lanes have others */
    int ran, rounds = 0;
    for (int n = 1; n < 60; n++) {
        add(cx, "test.full", "a", "", 0);
        int64_t before = traces(cx);
        db_fail_at(cx, n);
        IGNORE(jobs_run_due(cx, &ran));
        db_fail_at(cx, 0);
        for (int i = 0; i < 3 && traces(cx) == before; i++, rounds++) {
            testing_advance(cx, DAY_MS);
            assert_ok(jobs_run_due(cx, &ran));
        }
        assert_int_equal(traces(cx), before + 1);
        assert_int_equal(of_state(cx, 1) + of_state(cx, 2) + of_state(cx, 3), 0);
    }
    assert_true(rounds >= 5); /* it really failed now and then */
}

/* ---- schedules ---- */

static void a_schedule_runs_once_a_slot(void **t)
{
    struct cx *cx = test_cx(t);
    use_schedule(cx);
    assert_int_equal(run(cx), 0); /* the slot in which it first starts is over for it */
    testing_advance(cx, HOUR_MS - 1);
    assert_int_equal(run(cx), 0);
    testing_advance(cx, 1);
    assert_int_equal(run(cx), 1);
    assert_int_equal(run(cx), 0);
    use_schedule(cx); /* a restart within the slot */
    assert_int_equal(run(cx), 0);
    testing_advance(cx, 5 * HOUR_MS); /* slots missed while nobody looked */
    assert_int_equal(run(cx), 1);
    assert_int_equal(seen.acts, 2);
}

static void two_nodes_do_a_slot_once(void **t)
{
    struct cx *cx = test_cx(t);
    use_schedule(cx);
    run(cx);
    struct jobs *first = cx->env->jobs, *second;
    assert_ok(jobs_start(cx, with_schedule, &second));
    testing_advance(cx, HOUR_MS);
    assert_int_equal(run(cx), 1);
    cx->env->jobs = second;
    assert_int_equal(run(cx), 0);
    testing_advance(cx, HOUR_MS);
    assert_int_equal(run(cx), 1);
    cx->env->jobs = first;
    assert_int_equal(run(cx), 0);
    jobs_stop(second);
}

/* Also where a leap second has the clock say midnight twice. */
static void a_schedule_runs_once_at_midnight_of_new_year_and_in_2038(void **t)
{
    const int64_t nights[] = {(civil_day(2027, 1, 1) * 24 - 7) * HOUR_MS,
                              (civil_day(2038, 1, 1) * 24 - 7) * HOUR_MS,
                              (civil_day(2038, 1, 19) * 24 + 4) * HOUR_MS}; /* past 2^31 s */
    struct cx *cx = test_cx(t);
    use_schedule(cx);
    for (size_t i = 0; i < sizeof nights / sizeof *nights; i++) {
        testing_set_now(cx, nights[i] - HOUR_MS);
        run(cx);
        testing_set_now(cx, nights[i] - 1);
        assert_int_equal(run(cx), 0);
        testing_set_now(cx, nights[i]);
        assert_int_equal(run(cx), 1);
        testing_set_now(cx, nights[i] - SECOND_MS);
        assert_int_equal(run(cx), 0);
        testing_set_now(cx, nights[i]);
        assert_int_equal(run(cx), 0);
    }
}

static void a_run_that_is_still_going_is_not_doubled(void **t)
{
    struct cx *cx = test_cx(t);
    use_schedule(cx);
    run(cx);
    seen.act_answer = ERR_BUSY;
    for (int i = 0; i < 3; i++) {
        testing_advance(cx, HOUR_MS);
        run(cx);
        assert_int_equal(rows_of(cx, "job"), 1);
    }
}

/* ---- standing tasks ---- */

static void a_standing_task_goes_on_until_there_is_no_more(void **t)
{
    struct cx *cx = test_cx(t);
    run(cx);
    assert_int_equal(seen.turns, 0); /* not ready: no transaction at all */
    seen.turns_left = 5;
    run(cx);
    assert_int_equal(seen.turns, 5);
    assert_int_equal(seen.held, 0);
    assert_int_equal(traces(cx), 5);
}

static void one_node_holds_a_standing_task(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        return; /* SQLite: one process */
    struct jobs *first = cx->env->jobs, *second;
    assert_ok(jobs_start(cx, kinds, &second));
    seen.turns_left = 2;
    run(cx);
    assert_int_equal(seen.turns, 2);
    cx->env->jobs = second;
    seen.turns_left = 3;
    run(cx);
    assert_int_equal(seen.turns, 2); /* the first has the lease */
    testing_advance(cx, 11 * SECOND_MS);
    run(cx);
    assert_int_equal(seen.turns, 5);
    cx->env->jobs = first;
    seen.turns_left = 1;
    run(cx);
    assert_int_equal(seen.turns, 5);
    int64_t epoch;
    assert_ok(db_one_int(cx, &epoch, "select epoch from job_lease where name = 'test.standing'"));
    assert_int_equal(epoch, 2);
    jobs_stop(second);
}

/* ---- figures ---- */

static void operators_see_what_waits_and_what_is_dead(void **t)
{
    struct cx *cx = test_cx(t);
    struct job_stat stats[4];
    size_t n;
    add(cx, "test.only", "a", "", cx->now + HOUR_MS);
    add(cx, "test.only", "b", "", cx->now + DAY_MS);
    add(cx, "test.full", "c", "", 0);
    seen.act_answer = ERR_BUSY;
    for (int i = 0; i < 3; i++) {
        run(cx);
        cx->now += 10 * MINUTE_MS;
        testing_set_now(cx, cx->now);
    }
    assert_ok(job_stats(cx, stats, 4, &n));
    assert_int_equal(n, 2);
    assert_str(stats[0].kind, "test.full");
    assert_int_equal(stats[0].dead, 1);
    assert_int_equal(stats[0].waiting, 0);
    assert_int_equal(stats[1].waiting, 2);
    assert_true(stats[1].oldest_due_at > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_job_exists_exactly_if_its_transaction_does),
        TEST(a_job_waits_for_its_time),
        TEST(asking_twice_with_one_key_is_one_job),
        TEST(a_cancelled_job_does_not_run),
        TEST(a_failure_is_tried_again_later_and_later),
        TEST(too_many_failures_make_a_dead_letter_that_can_run_again),
        TEST(a_dead_letter_does_not_swallow_the_next_of_its_key),
        TEST(what_after_writes_counts_only_with_the_end_of_the_job),
        TEST(a_broken_promise_inside_a_job_is_an_ordinary_failure),
        TEST(the_sentence_for_a_person_is_not_kept),
        TEST(what_is_to_be_done_at_once_is_done_though_the_clock_was_set_back),
        TEST(nor_does_it_wait_when_the_program_begins_after_that),
        TEST(a_lane_keeps_its_order_whatever_fails),
        TEST(a_dead_letter_steps_out_of_its_lane),
        TEST(cancelling_the_head_lets_the_lane_go_on),
        TEST(a_job_that_kills_the_process_three_times_is_put_aside),
        TEST(after_one_death_it_runs_a_second_later),
        TEST(two_deaths_are_forgiven),
        TEST(a_claim_of_a_living_node_is_left_alone),
        TEST(a_claim_that_its_own_node_does_not_know_of_lapses),
        TEST(who_comes_late_changes_nothing),
        TEST(a_database_that_fails_loses_no_job),
        TEST(a_schedule_runs_once_a_slot),
        TEST(two_nodes_do_a_slot_once),
        TEST(a_schedule_runs_once_at_midnight_of_new_year_and_in_2038),
        TEST(a_run_that_is_still_going_is_not_doubled),
        TEST(a_standing_task_goes_on_until_there_is_no_more),
        TEST(one_node_holds_a_standing_task),
        TEST(operators_see_what_waits_and_what_is_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
