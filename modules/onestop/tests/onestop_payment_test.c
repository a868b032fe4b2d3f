/* onestop_payment_test.c - the moves of payment: what is owed, the clock that waits, the receipt.
 */
#include "onestop_fixture.h"

#define OWED 1250000

static void ask(struct cx *cx, struct dossier *d)
{
    act_as(cx, CLERK);
    assert_ok(test_write(
        cx, onestop_ask_payment(cx, d, OWED, S("Lệ phí cấp bản sao."), S("Thông báo 21/TB-CCT"))));
}

static void the_clock_waits_for_the_money_and_goes_on_where_it_stood(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t receipt;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    int64_t due = d.due_at;
    ask(cx, &d);
    assert_int_equal(d.state, DOSSIER_PAYMENT);
    assert_int_equal(d.unit, d.receiving_unit);
    assert_int_equal(onestop_due_class(&d, due + DAY_MS), DUE_PAUSED);
    testing_advance(cx, 7 * DAY_MS); /* five working days */
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_paid(cx, &d, true, S(""), &receipt)));
    assert_int_equal(receipt, 1);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    assert_int_equal(d.unit, d.competent_unit);
    assert_int_equal(day_of(d.due_at), day_of(due) + 7); /* not a term anew from today */
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_SOON);
    assert_str(events_of(cx, &d), "dossier.sent dossier.accepted dossier.handed_over "
                                  "dossier.payment_asked dossier.paid");
}

/* One book: the fee and the obligation never carry the same number. */
static void the_receipt_takes_the_next_number_of_the_counters_book(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct obligation o;
    int64_t fee, paid;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    ask(cx, &d);
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_take_fee(cx, &d, &fee)));
    assert_ok(test_write(cx, onestop_paid(cx, &d, true, S(""), &paid)));
    assert_int_equal(paid, fee + 1);
    assert_ok(onestop_store_obligation(cx, &d, &o));
    assert_str(o.state, "da_nop");
    assert_int_equal(o.receipt.n, paid);
    assert_int_equal(o.receipt.year, 2026);
    assert_int_equal(o.paid_at, cx->now);
}

static void what_was_paid_elsewhere_is_confirmed_by_its_paper(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct obligation o;
    int64_t receipt;
    bring_to(cx, &d, DOSSIER_PAYMENT);
    act_as(cx, COUNTER);
    assert_err(test_write(cx, onestop_paid(cx, &d, false, S(" "), &receipt)), ERR_INVALID);
    assert_true(str_eq(cx->field, S("chung_tu")));
    assert_ok(test_write(cx, onestop_paid(cx, &d, false, S("Giấy nộp tiền 0012345"), &receipt)));
    assert_int_equal(receipt, 0);
    assert_ok(onestop_store_obligation(cx, &d, &o));
    assert_str(o.evidence, "Giấy nộp tiền 0012345");
    assert_int_equal(rows_of(cx, "onestop_counter where register = 'BL'"), 0);
}

static void what_is_asked_for_has_an_amount_a_reason_and_a_basis(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    static const int64_t wrong[] = {0, -5, INT64_C(1'000'000'000'001)};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(test_write(cx, onestop_ask_payment(cx, &d, wrong[i], S("Phí."), S("Điều 1"))),
                   ERR_INVALID);
        assert_true(str_eq(cx->field, S("so_tien")));
    }
    assert_err(test_write(cx, onestop_ask_payment(cx, &d, 1, S(" "), S("Điều 1"))), ERR_INVALID);
    assert_err(test_write(cx, onestop_ask_payment(cx, &d, 1, S("Phí."), S(""))), ERR_INVALID);
    assert_int_equal(rows_of(cx, "onestop_obligation"), 0);
    assert_int_equal(rows_of(cx, "onestop_pause"), 0);
}

/* A stop in the middle of it does not make the debt vanish: nothing is signed while it is open. */
static void nothing_is_signed_while_money_is_owed(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t receipt;
    bring_to(cx, &d, DOSSIER_PAYMENT);
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_stop(cx, &d, S("Có tranh chấp."), S("QĐ 15"))));
    assert_ok(test_write(cx, onestop_resume(cx, &d, S("Đã rõ."))));
    draft_one(cx, &d);
    submit_one(cx, &d);
    act_as(cx, LEADER);
    assert_err(test_write(cx, onestop_sign_result(cx, &d)), ERR_CONFLICT);
    assert_why(cx, "1.250.000");
    assert_ok(test_write(cx, onestop_send_back(cx, &d, S("Còn nợ."))));
    ask(cx, &d); /* replaces the open one */
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_paid(cx, &d, true, S(""), &receipt)));
    assert_int_equal(rows_of(cx, "onestop_obligation where state = 'cho'"), 0);
    assert_int_equal(rows_of(cx, "onestop_obligation where state = 'thay'"), 1);
    submit_one(cx, &d);
    sign_one(cx, &d);
}

static void a_failed_call_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, mine;
    int64_t receipt;
    bring_to(cx, &d, DOSSIER_PAYMENT);
    act_as(cx, COUNTER);
    enum err e = ERR_IO;
    int calls = 0;
    while (e != OK) {
        mine = d;
        db_fail_at(cx, ++calls);
        e = test_write(cx, onestop_paid(cx, &mine, true, S(""), &receipt));
        db_fail_at(cx, 0);
        if (e != OK) {
            assert_int_equal(rows_of(cx, "onestop_obligation where state = 'cho'"), 1);
            assert_int_equal(rows_of(cx, "onestop_pause where to_at = 0"), 1);
            assert_int_equal(rows_of(cx, "onestop_counter where register = 'BL'"), 0);
        }
    }
    assert_true(calls > 6);
}

/* ---- pages ---- */

static void pages_ask_for_it_say_it_and_confirm_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    struct browser *clerk = signed_in_as(cx, CLERK), *counter = signed_in_as(cx, COUNTER),
                   *mai = signed_in_as(cx, MAI);
    const char *work = str_fmt(cx->arena, "/viec/%.*s", F(d.code)).p,
               *status = str_fmt(cx->arena, "/ho-so/%.*s", F(d.request_code)).p;
    assert_opens(clerk, work, 200);
    assert_true(browser_click(clerk, "Yêu cầu nộp tiền…"));
    assert_true(browser_fill(clerk, "so_tien", "một triệu"));
    assert_true(browser_fill(clerk, "ly_do", "Lệ phí cấp bản sao."));
    assert_true(browser_fill(clerk, "can_cu", "Thông báo 21/TB-CCT"));
    assert_true(browser_press(clerk, "Gửi yêu cầu"));
    assert_int_equal(browser_page(clerk)->status, 422);
    assert_sees(clerk, "Nhập số tiền phải nộp");
    assert_true(browser_fill(clerk, "so_tien", "1.250.000"));
    assert_true(browser_press(clerk, "Gửi yêu cầu"));
    assert_sees(clerk, "Chờ nghĩa vụ tài chính");

    assert_opens(mai, status, 200);
    assert_sees(mai, "Bạn cần nộp 1.250.000");
    assert_sees(mai, "Lệ phí cấp bản sao.");
    assert_sees(mai, "Nộp tiền mặt tại Trung tâm Phục vụ hành chính công phường Kỳ Lừa");
    assert_sees(mai, "chưa nộp trực tuyến được");

    assert_opens(counter, work, 200);
    assert_true(browser_click(counter, "Xác nhận đã nộp tiền…"));
    assert_sees(counter, "1.250.000");
    assert_true(browser_press(counter, "Đã nộp đủ tiền"));
    assert_int_equal(browser_page(counter)->status, 422);
    assert_sees(counter, "Chọn người nộp đã nộp tiền ở đâu");
    assert_true(browser_fill(counter, "cach_nop", "tien_mat"));
    assert_true(browser_press(counter, "Đã nộp đủ tiền"));
    assert_sees(counter, "biên lai số 1");
    assert_opens(mai, status, 200);
    assert_not_sees(mai, "Bạn cần nộp");
    assert_sees(mai, "Đã nộp tiền, biên lai số 1/2026");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_clock_waits_for_the_money_and_goes_on_where_it_stood),
        TEST(the_receipt_takes_the_next_number_of_the_counters_book),
        TEST(what_was_paid_elsewhere_is_confirmed_by_its_paper),
        TEST(what_is_asked_for_has_an_amount_a_reason_and_a_basis),
        TEST(nothing_is_signed_while_money_is_owed),
        TEST(a_failed_call_leaves_nothing_behind),
        TEST(pages_ask_for_it_say_it_and_confirm_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
