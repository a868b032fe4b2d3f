/* onestop_walk_test.c - a dossier from sending to the signed result: codes, units, papers, events.
 */
#include "onestop_fixture.h"

static void a_dossier_is_sent_accepted_drafted_signed_returned_and_rated(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    send_one(cx, &d);
    assert_int_equal(d.state, DOSSIER_WAITING);
    assert_true(str_starts(d.request_code, S("YC-")));
    assert_int_equal(d.code.n, 0);
    accept_one(cx, &d);
    assert_int_equal(d.state, DOSSIER_ACCEPTED);
    assert_str(d.code, "H37.114-261123-0001");
    hand_over_one(cx, &d);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    assert_int_equal(d.unit, unit_of(cx, "H37.114"));
    draft_one(cx, &d);
    assert_int_equal(d.assignee, account_of(cx, CLERK));
    submit_one(cx, &d);
    assert_int_equal(d.step, 1);
    sign_one(cx, &d);
    assert_int_equal(d.unit, unit_of(cx, "H37.114.01"));
    assert_int_equal(d.released_at, cx->now);
    int64_t receipt;
    act_as(cx, COUNTER);
    assert_err(test_write(cx, onestop_return(cx, &d,
                                             &(struct handed){.to_name = S("Mai"),
                                                              .evidence = S("thẻ căn cước")})),
               ERR_CONFLICT);
    assert_why(cx, "Thu tiền trước");
    assert_ok(test_write(cx, onestop_take_fee(cx, &d, &receipt)));
    assert_ok(test_write(
        cx, onestop_return(cx, &d,
                           &(struct handed){.to_name = S("Mai"), .evidence = S("thẻ căn cước")})));
    assert_int_equal(d.state, DOSSIER_RETURNED);
    act_as(cx, MAI);
    assert_err(test_write(cx, onestop_rate(cx, &d, 4, S(""))), ERR_INVALID);
    assert_ok(test_write(cx, onestop_rate(cx, &d, 3, S("Nhanh, dễ hiểu."))));
    assert_err(test_write(cx, onestop_rate(cx, &d, 1, S(""))), ERR_CONFLICT);
    assert_str(
        events_of(cx, &d),
        "dossier.sent dossier.accepted dossier.handed_over dossier.taken result.drafted result.submitted"
        " result.approved dossier.released fee.taken dossier.returned dossier.rated");
}

static void four_units_stand_apart(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    read_again(cx, &d);
    assert_int_equal(d.helping_unit, unit_of(cx, "H37.114.01"));
    assert_int_equal(d.receiving_unit, unit_of(cx, "H37.114.01"));
    assert_int_equal(d.competent_unit, unit_of(cx, "H37.114"));
    assert_int_equal(d.returning_unit, unit_of(cx, "H37.114.01"));
    assert_int_equal(d.unit, d.competent_unit);
}

/* TT 01/2018 art. 19: unit, day of reception, number of that day; both begin anew. */
static void the_number_in_the_code_begins_anew_each_day_and_in_each_unit(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_str(d.code, "H37.114-261123-0001");
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_str(d.code, "H37.114-261123-0002");

    struct dossier_paper paper;
    act_as(cx, MAI);
    struct dossier_new n = new_of(cx, MAI, &paper);
    n.receiving_unit = unit_of(cx, "H37.115.01");
    assert_ok(test_write(cx, onestop_send(cx, &n, &d)));
    act_as(cx, OTHER_COUNTER);
    assert_ok(test_write(cx, onestop_accept(cx, &d, S(""))));
    assert_str(d.code, "H37.115-261123-0001");

    testing_set_now(cx,
                    at(25, 11, 0, 5)); /* five past midnight here is the evening before in UTC */
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_str(d.code, "H37.114-261125-0001");
}

static void a_code_taken_by_an_acceptance_that_failed_is_given_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, stale;
    send_one(cx, &d);
    stale = d;
    stale.version = 7;
    act_as(cx, COUNTER);
    assert_err(test_write(cx, onestop_accept(cx, &stale, S(""))), ERR_CONFLICT);
    assert_ok(test_write(cx, onestop_accept(cx, &d, S(""))));
    assert_str(d.code, "H37.114-261123-0001");
}

static void the_child_is_the_subject_and_the_parent_acts_for_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    send_one(cx, &d);
    read_again(cx, &d);
    assert_int_equal(d.acts, ACTS_FOR_CHILD);
    assert_str(d.acts_words, "Mẹ");
    assert_str(d.subject_name, CHILD);
    assert_str(d.submitter_name, "Hoàng Thị Mai");
    assert_int_not_equal(d.subject, d.submitter);
    assert_int_not_equal(d.subject_key, d.owner_key);
}

static void each_receipt_of_the_year_has_the_next_number(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct receipt r;
    int64_t number;
    for (int64_t i = 1; i <= 3; i++) {
        bring_to(cx, &d, DOSSIER_ACCEPTED);
        assert_int_equal(d.fee_dong, 24000);
        assert_ok(test_write(cx, onestop_take_fee(cx, &d, &number)));
        assert_int_equal(number, i);
    }
    assert_err(test_write(cx, onestop_take_fee(cx, &d, &number)), ERR_CONFLICT);
    assert_why(cx, "biên lai số 3");
    assert_ok(onestop_store_receipt(cx, d.id, &r));
    assert_int_equal(r.amount, 24000);
    assert_int_equal(r.year, 2026);
    assert_contains(r.lines, "PHI-BSTL");
    testing_set_now(cx, at(4, 1, 9, 0) + 365 * DAY_MS);
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_ok(test_write(cx, onestop_take_fee(cx, &d, &number)));
    assert_int_equal(number, 1);
}

static void only_the_place_of_intake_takes_the_fee(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t number;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as(cx, OTHER_COUNTER);
    assert_err(test_write(cx, onestop_take_fee(cx, &d, &number)), ERR_DENIED);
    assert_int_equal(rows_of(cx, "onestop_receipt"), 0);
}

/* ---- the person hears ---- */

static void the_person_is_told_once_at_each_step(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_RELEASED);
    int64_t n;
    assert_ok(db_one_int(cx, &n, "select count(*) from notify_notice where account = $1",
                         V(account_of(cx, MAI))));
    assert_int_equal(n, 3); /* sent, accepted, released */
}

/* ---- reading ---- */

static void the_timeline_tells_newest_first_who_did_what_where(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct moment m[20];
    size_t n;
    bring_to(cx, &d, DOSSIER_RELEASED);
    act_as(cx, MAI);
    assert_ok(onestop_timeline(cx, &d, m, 20, &n));
    assert_int_equal(n, 8);
    assert_str(m[0].title, "Đã có kết quả số 01/2026/KS");
    assert_true(m[0].machine);
    assert_str(m[7].title, "Đã gửi hồ sơ");
    assert_str(m[6].title, "Đã tiếp nhận, mã hồ sơ H37.114-261123-0001");
    assert_str(m[6].who, "Lương Thị Hạnh");
    assert_str(m[6].unit, "TTPVHCC phường Kỳ Lừa");
}

static void without_signing_in_only_the_progress_is_seen(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct progress p;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    cx->actor = &actor_anonymous;
    cx->scope = (struct scope){.kind = SCOPE_PUBLIC};
    assert_ok(onestop_progress(cx, d.track_token, &p));
    assert_str(p.code, "H37.114-261123-0001");
    assert_int_equal(p.state, DOSSIER_PROCESSING);
    assert_true(p.done > 0 && p.done < p.of);
    assert_ok(onestop_progress(cx, S("H37.114-261123-0001"), &p));
    assert_err(onestop_progress(cx, S("H37.114-261123-0002"), &p), ERR_NOT_FOUND);
    assert_err(onestop_find(cx, d.id, &d), ERR_NOT_FOUND);
}

/* The newest is not the one that waits for the person. */
static void what_a_person_has_to_do_comes_first_and_says_for_whom(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier asked, newer;
    size_t first, second;
    bring_to(cx, &asked, DOSSIER_SUPPLEMENT);
    testing_advance(cx, HOUR_MS);
    bring_to(cx, &newer, DOSSIER_ACCEPTED);
    struct browser *b = signed_in_as(cx, MAI);
    assert_opens(b, "/ho-so", 200);
    assert_sees(b, "Bạn cần làm");
    assert_sees(b, "Hồ sơ khác");
    const struct str words = browser_page(b)->words;
    assert_true(str_find(words, asked.code, &first) && str_find(words, newer.code, &second));
    assert_true(first < second);
    assert_true(browser_sees(b, str_fmt(cx->arena, "%.*s, cho %s", F(newer.code), CHILD)));
    act_as(cx, MAI);
    assert_ok(test_write(cx, onestop_answer(cx, &asked, S("Đã gửi lại."), NULL, 0)));
    assert_opens(b, "/ho-so", 200);
    assert_not_sees(b, "Bạn cần làm");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_dossier_is_sent_accepted_drafted_signed_returned_and_rated),
        TEST(four_units_stand_apart),
        TEST(the_number_in_the_code_begins_anew_each_day_and_in_each_unit),
        TEST(a_code_taken_by_an_acceptance_that_failed_is_given_again),
        TEST(the_child_is_the_subject_and_the_parent_acts_for_it),
        TEST(each_receipt_of_the_year_has_the_next_number),
        TEST(only_the_place_of_intake_takes_the_fee),
        TEST(the_person_is_told_once_at_each_step),
        TEST(the_timeline_tells_newest_first_who_did_what_where),
        TEST(without_signing_in_only_the_progress_is_seen),
        TEST(what_a_person_has_to_do_comes_first_and_says_for_whom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
