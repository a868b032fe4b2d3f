/* statistic_test.c - dossiers are counted where, when and as what the law says; every count can be
 * made anew, and a wrong one is found. */
#include "statistic_fixture.h"

static struct statistic_line total_of(struct cx *cx, struct str unit, int from, int to)
{
    struct statistic_line l;
    const struct statistic_query q = {unit_named(cx, unit).id, false, from, to};
    assert_ok(test_write(cx, statistic_total(cx, &q, &l)));
    return l;
}

static void a_dossier_counts_from_its_acceptance_at_the_unit_that_decides_and_all_above(void **t)
{
    struct cx *cx = test_cx(t);
    struct put p = {.unit = KY_LUA, .state = DOSSIER_WAITING, .channel = CHANNEL_ONLINE};
    int64_t id = put(cx, &p);
    count_all(cx);
    assert_int_equal(total_of(cx, PROVINCE, 202611, 202611).now.waiting, 1);
    assert_int_equal(total_of(cx, PROVINCE, 202611, 202611).in.n[FLOW_ONLINE], 0);

    p.state = DOSSIER_PROCESSING;
    p.accepted_at = cx->now;
    p.due_at = cx->now + 3 * 24 * HOUR_MS;
    move(cx, id, DOSSIER_WAITING, &p);
    count_all(cx);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).in.n[FLOW_ONLINE], 1);
    assert_int_equal(total_of(cx, PROVINCE, 202611, 202611).in.n[FLOW_ONLINE], 1);
    assert_int_equal(total_of(cx, PROVINCE, 202611, 202611).now.open, 1);
    assert_int_equal(total_of(cx, PROVINCE, 202611, 202611).now.waiting, 0);
    assert_int_equal(total_of(cx, TAM_THANH, 202611, 202611).in.n[FLOW_ONLINE], 0);
    assert_sound(cx);
}

static void in_time_is_judged_on_the_release(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t due = on(11, 10);
    const int64_t released[] = {due - 24 * HOUR_MS, due - HOUR_MS, due, due + 1,
                                due + 24 * HOUR_MS};
    for (size_t i = 0; i < sizeof released / sizeof *released; i++)
        put(cx, &(struct put){.unit = KY_LUA,
                              .state = DOSSIER_RETURNED,
                              .channel = CHANNEL_COUNTER,
                              .accepted_at = on(10, 30),
                              .due_at = due,
                              .released_at = released[i],
                              .returned_at = due + 48 * HOUR_MS}); /* fetched late: not our fault */
    count_all(cx);
    struct statistic_line l = total_of(cx, PROVINCE, 202611, 202611);
    assert_int_equal(l.in.n[FLOW_EARLY], 1);
    assert_int_equal(l.in.n[FLOW_ON_TIME], 2);
    assert_int_equal(l.in.n[FLOW_LATE], 2);
    assert_int_equal(l.in.n[FLOW_RETURNED], 5);
    assert_int_equal(l.carried, 5); /* accepted in October */
    assert_int_equal(statistic_received(&l.in), 0);
    assert_int_equal(statistic_share(3, statistic_resolved(&l.in)), 600);
    assert_sound(cx);
}

static void late_and_soon_follow_the_clock_without_an_event(void **t)
{
    struct cx *cx = test_cx(t);
    const struct put p = {.unit = KY_LUA,
                          .state = DOSSIER_PROCESSING,
                          .channel = CHANNEL_POST,
                          .accepted_at = cx->now,
                          .due_at = cx->now + 30 * HOUR_MS};
    int64_t id = put(cx, &p);
    count_all(cx);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.soon, 0);
    testing_advance(cx, 20 * HOUR_MS); /* the day it is due has begun */
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.soon, 1);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.late, 0);
    testing_advance(cx, 11 * HOUR_MS);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.soon, 0);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.late, 1);

    struct put paused = p; /* the clock stops: not late, not soon */
    paused.state = DOSSIER_SUPPLEMENT;
    move(cx, id, DOSSIER_PROCESSING, &paused);
    count_all(cx);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.late, 0);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.paused, 1);
    assert_sound(cx);
}

static void a_refusal_before_acceptance_is_no_work_that_was_received(void **t)
{
    struct cx *cx = test_cx(t);
    put(cx, &(struct put){.unit = KY_LUA, .state = DOSSIER_REFUSED, .channel = CHANNEL_ONLINE});
    put(cx, &(struct put){.unit = KY_LUA,
                          .state = DOSSIER_WITHDRAWN,
                          .channel = CHANNEL_ONLINE,
                          .accepted_at = cx->now,
                          .due_at = cx->now});
    count_all(cx);
    struct statistic_line l = total_of(cx, KY_LUA, 202611, 202611);
    assert_int_equal(statistic_received(&l.in), 1);
    assert_int_equal(l.in.n[FLOW_WITHDRAWN], 1);
    assert_int_equal(l.in.n[FLOW_REFUSED], 0);
    assert_sound(cx);
}

/* ---- any history ---- */

static uint32_t luck(uint32_t *seed, uint32_t of)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % of;
}

static struct put any_state(struct cx *cx, uint32_t *seed)
{
    struct put p = {.unit = luck(seed, 2) ? KY_LUA : TAM_THANH,
                    .state = (enum dossier_state)(1 + luck(seed, DOSSIER_CANCELLED)),
                    .channel = (enum channel)(1 + luck(seed, 3))};
    if (p.state >= DOSSIER_ACCEPTED || luck(seed, 2)) {
        p.accepted_at = cx->now - (int64_t)luck(seed, 90) * 24 * HOUR_MS;
        p.due_at = p.accepted_at + (int64_t)luck(seed, 240) * HOUR_MS;
    }
    if (p.state == DOSSIER_RELEASED || p.state == DOSSIER_RETURNED)
        p.released_at = p.accepted_at + (int64_t)luck(seed, 240) * HOUR_MS;
    if (p.state == DOSSIER_RETURNED)
        p.returned_at = p.released_at + HOUR_MS;
    return p;
}

/* What the months of all units say, as one text. */
static struct str told(struct cx *cx)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    auto_rows r = {0};
    assert_ok(db_query(cx, &r,
                       "select unit, tree, month, procedure, counter, online, post, early, on_time,"
                       " late, withdrawn, refused, returned from statistic_month where counter <> 0"
                       " or online <> 0 or post <> 0 or early <> 0 or on_time <> 0 or late <> 0"
                       " or withdrawn <> 0 or refused <> 0 or returned <> 0"
                       " order by unit, tree, month, procedure"));
    while (db_next(&r))
        for (int c = 0; c < 13; c++)
            buf_fmt(&b, c == 3 ? "%.*s " : "%.*s,", F(db_str(&r, c)));
    assert_ok(r.err);
    return buf_str(&b);
}

static void any_history_counts_event_by_event_as_it_counts_anew(void **t)
{
    struct cx *cx = test_cx(t);
    uint32_t seed = 7;
    int64_t ids[40];
    struct put stands[40];
    for (size_t i = 0; i < 40; i++) {
        stands[i] = any_state(cx, &seed);
        ids[i] = put(cx, &stands[i]);
    }
    for (int round = 0; round < 6; round++) {
        for (int k = 0; k < 25; k++) {
            size_t i = luck(&seed, 40);
            struct put next = any_state(cx, &seed);
            next.unit = stands[i].unit;
            next.channel = stands[i].channel;
            move(cx, ids[i], stands[i].state, &next);
            stands[i] = next;
        }
        testing_advance(cx, 9 * 24 * HOUR_MS);
        count_all(cx);
        assert_sound(cx);
    }
    struct str before = told(cx);
    assert_true(before.n > 100);
    assert_ok(test_write(cx, statistic_module.rebuild(cx)));
    count_all(cx);
    assert_sound(cx);
    struct str after = told(cx);
    assert_true(str_eq(before, after));
}

/* ---- a wrong count is found ---- */

static void assert_finds(struct cx *cx, enum err broken, const char *what)
{
    struct str finding;
    assert_ok(broken);
    assert_ok(test_write(cx, statistic_check(cx, &finding)));
    if (!str_find(finding, str_c(what), NULL))
        fail_msg("found '%.*s', not '%s'", F(finding), what);
    assert_ok(test_write(cx, statistic_module.rebuild(cx)));
    count_all(cx);
    assert_sound(cx);
}

static void a_count_that_does_not_hold_is_found(void **t)
{
    struct cx *cx = test_cx(t);
    uint32_t seed = 11;
    for (int i = 0; i < 30; i++) {
        const struct put p = any_state(cx, &seed);
        put(cx, &p);
    }
    put(cx, &(struct put){.unit = KY_LUA,
                          .state = DOSSIER_PROCESSING,
                          .channel = CHANNEL_ONLINE,
                          .accepted_at = cx->now,
                          .due_at = cx->now});
    count_all(cx);
    assert_sound(cx);
    assert_finds(cx,
                 test_write(cx, db_exec(cx, "update statistic_month set online = online + 1"
                                            " where procedure = '' and tree = 0")),
                 "carried + received");
    assert_finds(cx,
                 test_write(cx, db_exec(cx, "update statistic_month set late = late + 1,"
                                            " withdrawn = withdrawn - 1 where procedure = ''")),
                 "early + on time + late");
    assert_finds(cx, test_write(cx, db_exec(cx, "update statistic_day set early = early + 1")),
                 "days");
    assert_finds(cx, test_write(cx, db_exec(cx, "delete from statistic_due where procedure = ''")),
                 "in time + late");
    assert_finds(cx,
                 test_write(cx, db_exec(cx, "delete from statistic_case where dossier ="
                                            " (select max(dossier) from statistic_case)")),
                 "cases");
    /* A change that nobody wrote into the journal. */
    struct str finding;
    assert_ok(test_write(cx, db_exec(cx, "update onestop_dossier set due_at = due_at + 1"
                                         " where state = 5")));
    assert_ok(test_write(cx, statistic_check(cx, &finding)));
    assert_contains(finding, "is not counted as it is");
}

static void a_failed_turn_counts_nothing_twice(void **t)
{
    struct cx *cx = test_cx(t);
    struct put p = {.unit = KY_LUA,
                    .state = DOSSIER_PROCESSING,
                    .channel = CHANNEL_ONLINE,
                    .accepted_at = cx->now,
                    .due_at = cx->now};
    put(cx, &p);
    sequence(cx);
    const struct job_kind *feed = statistic_module.jobs[0];
    enum err e = ERR_IO;
    for (int call = 1; e != OK; call++) {
        bool more;
        assert_int_equal(rows_of(cx, "statistic_case"), 0);
        db_fail_at(cx, call);
        e = test_write(cx, feed->turn(cx, &more));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "statistic_case"), 1);
    assert_int_equal(total_of(cx, KY_LUA, 202611, 202611).now.open, 1);
    assert_sound(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_dossier_counts_from_its_acceptance_at_the_unit_that_decides_and_all_above),
        TEST(in_time_is_judged_on_the_release),
        TEST(late_and_soon_follow_the_clock_without_an_event),
        TEST(a_refusal_before_acceptance_is_no_work_that_was_received),
        TEST(any_history_counts_event_by_event_as_it_counts_anew),
        TEST(a_count_that_does_not_hold_is_found),
        TEST(a_failed_turn_counts_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
