/* onestop_clock_test.c - when it is due, what stops the clock, what happens when nobody answers. */
#include "onestop_fixture.h"

/* The procedure of birth is due on the day itself; received after 15:00, on the next working day.
 * 24/11/2026 is a holiday. */

static void ask_one(struct cx *cx, struct dossier *d, const char *who)
{
    const struct supplement_item item = {S(BORN_PAPER), S("Chụp lại cho rõ.")};
    act_as(cx, who);
    assert_ok(test_write(cx, onestop_ask(cx, d, S("Ảnh mờ."), &item, 1)));
}

static void answer_one(struct cx *cx, struct dossier *d)
{
    act_as(cx, MAI);
    const struct dossier_paper paper = {
        .component = S(BORN_PAPER), .file = file_of(cx, MAI), .originals = 1};
    assert_ok(test_write(cx, onestop_answer(cx, d, S("Đã chụp lại."), &paper, 1)));
}

static void taken_in_before_three_it_is_due_today_and_later_on_the_next_working_day(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(d.clock_from, at(23, 11, 9, 0));
    assert_int_equal(d.due_at, at(23, 11, 17, 30));
    assert_int_equal(d.original_due_at, d.due_at);
    testing_set_now(cx, at(23, 11, 15, 30));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(d.due_at, at(25, 11, 17, 30));
    testing_set_now(cx, at(28, 11, 9, 0)); /* Saturday */
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(d.due_at, at(30, 11, 17, 30));
}

static void before_acceptance_no_clock_runs(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    send_one(cx, &d);
    assert_int_equal(d.clock_from, 0);
    assert_int_equal(d.due_at, 0);
    assert_int_equal(onestop_due_class(&d, cx->now + 30 * DAY_MS), DUE_NONE);
}

static void a_supplement_stops_the_clock_and_the_term_begins_anew(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    testing_set_now(cx, at(23, 11, 10, 0));
    ask_one(cx, &d, CLERK);
    assert_int_equal(d.state, DOSSIER_SUPPLEMENT);
    assert_int_equal(d.unit, unit_of(cx, "H37.114.01"));
    assert_int_equal(onestop_due_class(&d, at(26, 11, 9, 0)), DUE_PAUSED);
    testing_set_now(cx, at(26, 11, 9, 0));
    answer_one(cx, &d);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    assert_int_equal(d.unit, unit_of(cx, "H37.114"));
    assert_int_equal(d.due_at, at(26, 11, 17, 30));
    assert_int_equal(d.original_due_at, at(23, 11, 17, 30));
    assert_err(test_write(cx, onestop_answer(cx, &d, S("Nữa."), NULL, 0)), ERR_CONFLICT);
    struct supplement s[4];
    size_t n;
    assert_ok(onestop_supplements(cx, &d, s, 4, &n));
    assert_int_equal(n, 1);
    assert_str(s[0].no, "01/HDHS");
    assert_str(s[0].items[0].what, "Chụp lại cho rõ.");
    assert_int_equal(s[0].answered_at, at(26, 11, 9, 0));
    assert_int_equal(s[0].answer_by, at(1, 12, 17, 30)); /* 5 working days: 25, 26, 27, 30, 1/12 */
    struct paper papers[8];
    assert_ok(onestop_papers(cx, &d, papers, 8, &n));
    assert_int_equal(n, 2);
}

static void stopped_work_leaves_the_term_as_it_was_and_only_stretches_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_STOPPED);
    assert_int_equal(onestop_due_class(&d, cx->now + 9 * DAY_MS), DUE_PAUSED);
    testing_set_now(cx, at(26, 11, 10, 0));
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_resume(cx, &d, S("Hết tranh chấp."))));
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    assert_int_equal(d.due_at, at(26, 11, 17, 30));
}

static void without_an_answer_it_is_cancelled_when_the_day_is_over_and_not_before(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_SUPPLEMENT_FIRST);
    testing_set_now(cx, at(1, 12, 17, 29));
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_SUPPLEMENT_FIRST);
    testing_set_now(cx, at(1, 12, 17, 31));
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_CANCELLED);
    assert_str(events_of(cx, &d), "dossier.sent dossier.supplement_asked dossier.cancelled");
    act_as(cx, MAI);
    assert_err(test_write(cx, onestop_answer(cx, &d, S("Muộn."), NULL, 0)), ERR_CONFLICT);
}

static void an_answer_in_time_is_never_cancelled_also_when_asked_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_SUPPLEMENT_FIRST);
    testing_set_now(cx, at(1, 12, 10, 0));
    answer_one(cx, &d);
    assert_int_equal(d.state, DOSSIER_WAITING);
    ask_one(cx, &d, COUNTER);
    testing_set_now(cx, at(2, 12, 9, 0)); /* the first one's day is over, the second one's not */
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_SUPPLEMENT_FIRST);
    testing_set_now(cx, at(9, 12, 9, 0));
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_CANCELLED);
}

/* ---- as it stood at a past instant ---- */

static struct dossier_past stood(struct cx *cx, const struct dossier *d, int64_t before)
{
    struct dossier_past p;
    assert_ok(test_write(cx, onestop_stood(cx, d->id, before, &p)));
    return p;
}

static void how_it_stood_is_told_by_what_was_written_by_then(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING); /* 23/11, 9:00: due today at 17:30 */
    testing_set_now(cx, at(23, 11, 15, 0));
    ask_one(cx, &d, CLERK);
    testing_set_now(cx, at(26, 11, 9, 0));
    answer_one(cx, &d); /* the term begins anew: due on the 26th */
    testing_set_now(cx, at(26, 11, 11, 0));
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 30), S("Mất điện."))));
    testing_set_now(cx, at(30, 11, 9, 0));
    draft_one(cx, &d);
    submit_one(cx, &d);
    sign_one(cx, &d);
    assert_int_equal(d.due_at, at(30, 11, 17, 30));
    const struct {
        int64_t before, due_at;
        enum dossier_state state;
        enum due_class due;
    } then[] = {
        {at(23, 11, 14, 0), at(23, 11, 17, 30), DOSSIER_PROCESSING, DUE_SOON},
        {at(24, 11, 0, 0), 0, DOSSIER_SUPPLEMENT, DUE_PAUSED},
        {at(26, 11, 10, 0), at(26, 11, 17, 30), DOSSIER_PROCESSING, DUE_SOON},
        {at(27, 11, 0, 0), at(30, 11, 17, 30), DOSSIER_PROCESSING, DUE_OPEN},
    };
    for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
        const struct dossier_past p = stood(cx, &d, then[i].before);
        assert_int_equal(p.state, then[i].state);
        assert_int_equal(p.due, then[i].due);
        if (then[i].due_at)
            assert_int_equal(p.due_at, then[i].due_at);
    }
}

static void an_apology_afterwards_does_not_mend_how_it_stood(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    testing_set_now(cx, at(25, 11, 10, 0));
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 27), S("Mất điện."))));
    assert_int_equal(stood(cx, &d, at(25, 11, 9, 0)).due, DUE_LATE);
    assert_int_equal(stood(cx, &d, at(26, 11, 9, 0)).due, DUE_LATE);
}

/* ---- late ---- */

static void a_new_day_is_promised_once_with_an_apology(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, LEADER);
    assert_err(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 28), S("Đông."))),
               ERR_INVALID);
    assert_why(cx, "ngày nghỉ");
    assert_err(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 23), S("Đông."))),
               ERR_INVALID);
    assert_err(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 27), S(""))), ERR_INVALID);
    assert_ok(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 27), S("Mất điện."))));
    assert_int_equal(d.due_at, at(27, 11, 17, 30));
    assert_int_equal(d.due_shown_at, at(27, 11, 17, 30));
    assert_int_equal(d.original_due_at, at(23, 11, 17, 30));
    assert_err(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 30), S("Nữa."))),
               ERR_CONFLICT);
    assert_why(cx, "một lần");
    testing_set_now(cx, at(27, 11, 10, 0));
    draft_one(cx, &d);
    submit_one(cx, &d);
    sign_one(cx, &d);
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_DONE_IN_TIME);
}

static void late_stays_late_whatever_is_promised_afterwards(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    testing_set_now(cx, at(25, 11, 10, 0));
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_LATE);
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 27), S("Mất điện."))));
    assert_int_equal(d.due_at, at(23, 11, 17, 30));
    assert_int_equal(d.due_shown_at, at(27, 11, 17, 30));
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_LATE);
    draft_one(cx, &d);
    submit_one(cx, &d);
    sign_one(cx, &d);
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_DONE_LATE);
}

/* Section 8.5: judged on release; people fetch results late. */
static void a_result_fetched_late_was_still_in_time(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_RELEASED);
    testing_advance(cx, 20 * DAY_MS);
    act_as(cx, MAI);
    assert_ok(test_write(cx, onestop_return(cx, &d, &(struct handed){0})));
    assert_int_equal(d.returned_at, cx->now);
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_DONE_IN_TIME);
}

static void near_the_end_it_is_soon(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_SOON);
    testing_set_now(cx, at(25, 11, 9, 0));
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_LATE);
}

static void the_strip_of_days_counts_working_days_and_names_holidays(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct clock_day days[30];
    size_t n;
    testing_set_now(cx, at(23, 11, 15, 30));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    assert_ok(onestop_clock(cx, &d, days, 30, &n));
    assert_int_equal(n, 3);
    assert_true(days[0].today);
    assert_true(days[1].rest);
    assert_contains(days[1].note, "Văn hóa");
    assert_true(days[2].due);
}

/* What came on Friday at 16:30 is answered within eight working hours of the counter: on Monday;
 * what is sent back begins to wait when it is answered. */
static void what_waits_to_be_taken_in_is_answered_within_working_hours(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct calendar *c;
    int64_t at, day = civil_day(2026, 11, 27),
                friday = day * DAY_MS - 7 * HOUR_MS + 16 * HOUR_MS + 30 * MINUTE_MS;
    testing_set_now(cx, friday);
    send_one(cx, &d);
    assert_ok(onestop_answer_by(cx, &d, NULL, &at));
    assert_int_equal(day_of(at), day + 3);
    act_as_program(cx);
    assert_ok(calendar_load(cx, d.receiving_unit, day - 1, day + 10, &c));
    assert_int_equal(calendar_minutes(c, friday, at), 8 * 60);
    act_as(cx, COUNTER);
    struct browser *b = officer_of(cx, COUNTER);
    assert_opens(b, "/viec", 200);
    assert_sees(b, "T2, 30/11");
    assert_opens(b, str_fmt(cx->arena, "/viec/%.*s", F(d.request_code)).p, 200);
    assert_sees(b, "Trả lời người nộp trước");
    testing_set_now(cx, at + HOUR_MS);
    b = officer_of(cx, COUNTER); /* signed in anew after the weekend */
    assert_opens(b, "/viec", 200);
    assert_sees(b, "Quá 1 giờ");
    accept_one(cx, &d);
    assert_ok(onestop_answer_by(cx, &d, NULL, &at));
    assert_int_equal(at, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_to_be_taken_in_is_answered_within_working_hours),
        TEST(taken_in_before_three_it_is_due_today_and_later_on_the_next_working_day),
        TEST(before_acceptance_no_clock_runs),
        TEST(a_supplement_stops_the_clock_and_the_term_begins_anew),
        TEST(stopped_work_leaves_the_term_as_it_was_and_only_stretches_it),
        TEST(without_an_answer_it_is_cancelled_when_the_day_is_over_and_not_before),
        TEST(an_answer_in_time_is_never_cancelled_also_when_asked_again),
        TEST(how_it_stood_is_told_by_what_was_written_by_then),
        TEST(an_apology_afterwards_does_not_mend_how_it_stood),
        TEST(a_new_day_is_promised_once_with_an_apology),
        TEST(late_stays_late_whatever_is_promised_afterwards),
        TEST(a_result_fetched_late_was_still_in_time),
        TEST(near_the_end_it_is_soon),
        TEST(the_strip_of_days_counts_working_days_and_names_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
