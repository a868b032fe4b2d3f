/* calendar_count_test.c - the worked examples of section 8.4 and the edges around them. */
#include "calendar/calendar.h"

#include "../calendar_inside.h"

#include <cmocka.h>

static struct env test_env = {.clock = clock_system, .random = random_system};
static struct cx context;

static struct calendar calendar_of_2026(struct arena *a)
{
    static const char *const off[] = {"2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17",
                                      "2026-02-18", "2026-02-19", "2026-02-20", "2026-04-27",
                                      "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01",
                                      "2026-09-02", "2026-11-24"};
    static const char *const makeup[] = {"2026-01-10", "2026-08-22"};
    struct calendar c = {civil_day(2025, 12, 1), civil_day(2027, 3, 31), NULL, NULL, 0};
    size_t n = (size_t)(c.last - c.first + 1);
    c.days = NEW_N(a, struct calendar_day, n);
    for (size_t i = 0; i < n; i++) {
        int64_t day = c.first + (int64_t)i;
        int weekday = (int)((day + 4) % 7);
        c.days[i] = (struct calendar_day){.day = day};
        if (weekday >= 1 && weekday <= 5)
            c.days[i] = (struct calendar_day){day, {450, 690, 810, 1050}, 2, {0}};
    }
    int64_t day;
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        if (date_parse(str_c(off[i]), &day))
            c.days[day - c.first].sessions_n = 0;
    for (size_t i = 0; i < sizeof makeup / sizeof *makeup; i++)
        if (date_parse(str_c(makeup[i]), &day))
            c.days[day - c.first] = (struct calendar_day){day, {450, 690, 810, 1050}, 2, {0}};
    return c;
}

static int64_t at(const char *local)
{
    int64_t ms = 0;
    assert_true(local_time_parse(str_c(local), &ms));
    return ms;
}

static void expect(const char *start, struct term t, enum term_mode mode, const struct pause *p,
                   size_t n, enum resume_policy policy, const char *due)
{
    struct calendar c = calendar_of_2026(context.arena);
    int64_t got = 0;
    assert_int_equal(calendar_due(&context, &c, at(start), &t, mode, p, n, policy, &got), OK);
    assert_string_equal(str_z(context.arena, str_until(time_iso(context.arena, got), 16)), due);
}

static struct term days(int n)
{
    return (struct term){TERM_WORKING_DAYS, n * 2, 0};
}

static void the_worked_examples_of_the_reference_hold(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        int n;
        const char *by_day, *by_hour;
    } rows[] = {
        {"2026-04-22T09:00", 3, "2026-04-28T17:30", "2026-04-28T09:00"},
        {"2026-04-28T16:00", 5, "2026-05-07T17:30", "2026-05-07T16:00"},
        {"2026-08-20T10:00", 5, "2026-08-26T17:30", "2026-08-26T10:00"},
        {"2026-08-27T10:00", 5, "2026-09-08T17:30", "2026-09-08T10:00"},
        {"2026-02-12T14:00", 7, "2026-03-02T17:30", "2026-03-02T14:00"},
        {"2026-11-23T10:00", 2, "2026-11-26T17:30", "2026-11-26T10:00"},
        {"2026-01-08T08:00", 3, "2026-01-12T17:30", "2026-01-12T08:00"},
        {"2026-10-06T08:00", 3, "2026-10-09T17:30",
         "2026-10-09T08:00"}, /* clock starts at the competent unit */
        {"2026-10-03T20:00", 1, "2026-10-05T17:30",
         "2026-10-05T17:30"}, /* online on a Saturday evening */
        {"2026-10-05T08:00", 10, "2026-10-19T17:30", "2026-10-19T08:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(rows[i].start, days(rows[i].n), TERM_BY_DAY, NULL, 0, RESUME_CONTINUE,
               rows[i].by_day);
        expect(rows[i].start, days(rows[i].n), TERM_BY_HOUR, NULL, 0, RESUME_CONTINUE,
               rows[i].by_hour);
    }
}

static void eight_hours_cross_a_weekend(void **state)
{
    (void)state;
    expect("2026-10-02T15:30", (struct term){TERM_HOURS, 16, 0}, TERM_BY_HOUR, NULL, 0,
           RESUME_CONTINUE, "2026-10-05T15:30");
}

static void a_supplement_stretches_or_resets_the_term(void **state)
{
    (void)state;
    struct pause p = {at("2026-10-07T10:00"), at("2026-10-13T09:00")};
    expect("2026-10-05T08:00", days(10), TERM_BY_HOUR, &p, 1, RESUME_CONTINUE, "2026-10-22T17:00");
    expect("2026-10-05T08:00", days(10), TERM_BY_DAY, &p, 1, RESUME_CONTINUE, "2026-10-22T17:30");
    expect("2026-10-05T08:00", days(10), TERM_BY_DAY, &p, 1, RESUME_RESET, "2026-10-27T17:30");
    expect("2026-10-05T08:00", days(10), TERM_BY_HOUR, &p, 1, RESUME_RESET, "2026-10-27T09:00");
}

static void overlapping_pauses_count_once(void **state)
{
    (void)state;
    struct pause p[] = {{at("2026-10-09T08:00"), at("2026-10-13T09:00")},
                        {at("2026-10-07T10:00"), at("2026-10-12T17:30")}};
    expect("2026-10-05T08:00", days(10), TERM_BY_HOUR, p, 2, RESUME_CONTINUE, "2026-10-22T17:00");
}

static void a_pause_never_shortens_a_term(void **state)
{
    (void)state;
    struct pause weekend = {at("2026-10-10T08:00"), at("2026-10-11T20:00")};
    expect("2026-10-05T07:30", days(10), TERM_BY_DAY, &weekend, 1, RESUME_CONTINUE,
           "2026-10-19T17:30");
    struct pause late = {at("2026-10-20T08:00"), at("2026-10-22T08:00")};
    expect("2026-10-05T08:00", days(10), TERM_BY_HOUR, &late, 1, RESUME_CONTINUE,
           "2026-10-19T08:00");
    /* by day the last day is not over yet at ten o'clock */
    struct pause last = {at("2026-10-19T10:00"), at("2026-10-20T10:00")};
    expect("2026-10-05T08:00", days(10), TERM_BY_DAY, &last, 1, RESUME_CONTINUE,
           "2026-10-20T17:30");
}

static void who_comes_later_is_never_due_earlier(void **state)
{
    (void)state;
    struct calendar c = calendar_of_2026(context.arena);
    static const struct term terms[] = {{TERM_WORKING_DAYS, 6, 0},   {TERM_WORKING_DAYS, 3, 0},
                                        {TERM_WORKING_DAYS, 2, 900}, {TERM_SAME_DAY, 0, 900},
                                        {TERM_HOURS, 16, 0},         {TERM_DAYS, 10, 900},
                                        {TERM_MONTHS, 2, 0}};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        for (int mode = TERM_BY_DAY; mode <= TERM_BY_HOUR; mode++) {
            int64_t before = 0, due;
            for (int64_t from = at("2026-08-18T00:00"); from < at("2026-09-08T00:00");
                 from += 30 * MINUTE_MS) {
                assert_int_equal(calendar_due(&context, &c, from, &terms[i], (enum term_mode)mode,
                                              NULL, 0, RESUME_RESET, &due),
                                 OK);
                assert_true(due >= before && due >= from);
                before = due;
            }
        }
}

static void an_open_pause_says_due_if_completed_now(void **state)
{
    (void)state;
    context.now = at("2026-10-13T09:00");
    struct pause p = {at("2026-10-07T10:00"), 0};
    expect("2026-10-05T08:00", days(10), TERM_BY_HOUR, &p, 1, RESUME_CONTINUE, "2026-10-22T17:00");
}

static void a_start_at_the_end_of_a_session_waits_for_the_next(void **state)
{
    (void)state;
    expect("2026-10-05T11:30", days(1), TERM_BY_HOUR, NULL, 0, RESUME_CONTINUE, "2026-10-06T11:30");
    expect("2026-10-05T17:30", days(1), TERM_BY_HOUR, NULL, 0, RESUME_CONTINUE, "2026-10-06T17:30");
    expect("2026-10-05T17:30", (struct term){TERM_HOURS, 2, 0}, TERM_BY_HOUR, NULL, 0,
           RESUME_CONTINUE, "2026-10-06T08:30");
}

static void the_same_day_until_the_cutoff_hour(void **state)
{
    (void)state;
    struct term t = {TERM_SAME_DAY, 0, 15 * 60};
    expect("2026-10-05T15:00", t, TERM_BY_DAY, NULL, 0, RESUME_RESET, "2026-10-05T17:30");
    expect("2026-10-05T15:01", t, TERM_BY_DAY, NULL, 0, RESUME_RESET, "2026-10-06T17:30");
    expect("2026-10-09T16:00", t, TERM_BY_DAY, NULL, 0, RESUME_RESET, "2026-10-12T17:30");
    expect("2026-10-10T09:00", t, TERM_BY_DAY, NULL, 0, RESUME_RESET, "2026-10-12T17:30");
    expect("2026-11-23T16:00", t, TERM_BY_DAY, NULL, 0, RESUME_RESET, "2026-11-25T17:30");
}

static void half_days_months_and_years_follow_the_civil_code(void **state)
{
    (void)state;
    expect("2026-10-05T08:00", (struct term){TERM_WORKING_DAYS, 1, 0}, TERM_BY_HOUR, NULL, 0,
           RESUME_CONTINUE, "2026-10-05T14:00");
    expect("2026-10-05T08:00", (struct term){TERM_WORKING_DAYS, 1, 0}, TERM_BY_DAY, NULL, 0,
           RESUME_CONTINUE, "2026-10-05T17:30");
    expect("2026-01-31T08:00", (struct term){TERM_MONTHS, 2, 0}, TERM_BY_DAY, NULL, 0,
           RESUME_CONTINUE, "2026-03-02T17:30"); /* 28/02 is a Saturday */
    expect("2026-01-08T08:00", (struct term){TERM_YEARS, 2, 0}, TERM_BY_DAY, NULL, 0,
           RESUME_CONTINUE, "2027-01-08T17:30");
    expect("2026-10-01T08:00", (struct term){TERM_DAYS, 4, 0}, TERM_BY_DAY, NULL, 0,
           RESUME_CONTINUE, "2026-10-05T17:30"); /* 03/10 is a Saturday */
}

static void after_the_cutoff_the_next_day_counts(void **state)
{
    (void)state;
    struct term t = {TERM_WORKING_DAYS, 2, 15 * 60};
    expect("2026-10-09T15:00", t, TERM_BY_DAY, NULL, 0, RESUME_CONTINUE, "2026-10-12T17:30");
    expect("2026-10-09T15:01", t, TERM_BY_DAY, NULL, 0, RESUME_CONTINUE, "2026-10-13T17:30");
    expect("2026-10-09T15:01", t, TERM_BY_HOUR, NULL, 0, RESUME_CONTINUE, "2026-10-12T17:30");
}

static void a_term_past_the_loaded_years_is_refused(void **state)
{
    (void)state;
    struct calendar c = calendar_of_2026(context.arena);
    struct term t = days(400);
    int64_t due;
    assert_int_equal(calendar_due(&context, &c, at("2026-10-05T08:00"), &t, TERM_BY_DAY, NULL, 0,
                                  RESUME_RESET, &due),
                     ERR_LIMIT);
}

static int set_up(void **state)
{
    (void)state;
    context =
        (struct cx){.arena = arena_new((size_t)1 << 24), .env = &test_env, .actor = &actor_program};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(context.arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_worked_examples_of_the_reference_hold, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(eight_hours_cross_a_weekend, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_supplement_stretches_or_resets_the_term, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(overlapping_pauses_count_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pause_never_shortens_a_term, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_comes_later_is_never_due_earlier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_open_pause_says_due_if_completed_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_start_at_the_end_of_a_session_waits_for_the_next, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_same_day_until_the_cutoff_hour, set_up, tear_down),
        cmocka_unit_test_setup_teardown(half_days_months_and_years_follow_the_civil_code, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(after_the_cutoff_the_next_day_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_term_past_the_loaded_years_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
