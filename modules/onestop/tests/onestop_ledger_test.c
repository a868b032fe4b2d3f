/* onestop_ledger_test.c - the books of a counter: the register of a year, form 06 and 07, one day.
 */
#include "onestop/onestop_ledger.h"
#include "onestop_fixture.h"

static int64_t number_of(struct cx *cx, const struct dossier *d)
{
    int64_t n = 0;
    int year;
    assert_ok(onestop_store_ledger(cx, d->id, &n, &year));
    return n;
}

/* TT 01/2018 art. 10: opened each year, numbered on without a gap. */
static void the_register_numbers_each_dossier_of_a_unit_and_year_without_a_gap(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, stale, other;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(number_of(cx, &d), 1);
    send_one(cx, &stale);
    struct dossier old = stale;
    old.version = 9;
    act_as(cx, COUNTER);
    assert_err(test_write(cx, onestop_accept(cx, &old, S(""))), ERR_CONFLICT);
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(number_of(cx, &d), 2); /* the failed one took none */
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_accept(cx, &stale, S(""))));
    assert_int_equal(number_of(cx, &stale), 3);

    struct dossier_paper paper;
    act_as(cx, MAI);
    struct dossier_new n = new_of(cx, MAI, &paper);
    n.receiving_unit = unit_of(cx, "H37.115.01");
    assert_ok(test_write(cx, onestop_send(cx, &n, &other)));
    act_as(cx, OTHER_COUNTER);
    assert_ok(test_write(cx, onestop_accept(cx, &other, S(""))));
    assert_int_equal(number_of(cx, &other), 1);

    testing_set_now(cx, civil_day(2027, 1, 4) * DAY_MS + 2 * HOUR_MS);
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(number_of(cx, &d), 1);
}

static void a_failed_acceptance_leaves_no_line(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    enum err e = ERR_IO;
    send_one(cx, &d);
    act_as(cx, COUNTER);
    for (int at = 1; e != OK; at++) {
        struct dossier now = d;
        assert_int_equal(rows_of(cx, "onestop_ledger"), 0);
        db_fail_at(cx, at);
        e = test_write(cx, onestop_accept(cx, &now, S("")));
        db_fail_at(cx, 0);
    }
    assert_int_equal(rows_of(cx, "onestop_ledger"), 1);
    assert_int_equal(number_of(cx, &d), 1);
}

static struct str form_text(struct cx *cx, const struct dossier *d, int form)
{
    struct str pdf;
    assert_ok(onestop_form_pdf(cx, d, form, 0, &pdf));
    return text_of_pdf(cx, pdf);
}

static void form_01_names_the_line_of_the_register_and_who_took_it_in(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as(cx, MAI); /* whoever prints it */
    struct str text = form_text(cx, &d, 1);
    assert_contains(text, "Vào Sổ theo dõi hồ sơ năm 2026, số thứ tự 1.");
    assert_contains(text, "Số: 1/2026/TNHS");
    assert_contains(text, "Kỳ Lừa, ngày 23 tháng 11 năm 2026");
    assert_contains(text, "Lương Thị Hạnh");
    assert_contains(text, "Hoàng Thị Mai");
}

static void form_06_shows_from_whose_hands_into_whose(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_WAITING);
    act_as(cx, COUNTER);
    struct str pdf;
    assert_err(onestop_form_pdf(cx, &d, 6, 0, &pdf), ERR_NOT_FOUND);
    bring_to(cx, &d, DOSSIER_RETURNED);
    act_as(cx, COUNTER);
    struct str text = form_text(cx, &d, 6);
    assert_contains(text, "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ");
    assert_contains(text, "Lương Thị Hạnh");
    assert_contains(text, "Đàm Thu Hà");
    assert_contains(text, "Bế Văn Lâm");
    assert_contains(text, "1. Người nộp");
    assert_contains(text, "2. Người nhận kết quả");
    assert_contains(text, "Đúng hạn");
    assert_lacks(text, "Quá hạn");
    struct handover_row h[10];
    size_t n;
    assert_ok(onestop_store_handovers(cx, d.id, h, 10, &n));
    assert_int_equal(n, 2); /* to the committee, and back to the counter */
    assert_int_equal(h[0].from_unit, d.receiving_unit);
    assert_int_equal(h[0].to_unit, d.competent_unit);
    assert_int_equal(h[1].to_unit, d.returning_unit);
    act_as(cx, MAI);
    assert_err(onestop_form_pdf(cx, &d, 6, 0, &pdf), ERR_DENIED);
}

static void form_07_prints_the_lines_of_the_unit_in_order(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d[3];
    struct str pdf;
    for (int i = 0; i < 3; i++)
        bring_to(cx, &d[i], DOSSIER_ACCEPTED);
    act_as(cx, COUNTER);
    assert_ok(onestop_ledger_pdf(cx, unit_of(cx, "H37.114.01"), 2026, 1, &pdf));
    struct str text = text_of_pdf(cx, pdf);
    assert_contains(text, "SỔ THEO DÕI HỒ SƠ");
    assert_contains(text, "Năm 2026, từ số 1 đến số 3");
    for (int i = 0; i < 3; i++)
        assert_true(str_find(text, str_from(d[i].code, d[i].code.n - 4), NULL));
    assert_contains(told_by(cx, pdf, "pdfinfo", ""), "841.89 x 595.276"); /* it lies */
    assert_ok(onestop_ledger_pdf(cx, unit_of(cx, "H37.114.01"), 2026, 3, &pdf));
    assert_contains(text_of_pdf(cx, pdf), "từ số 3 đến số 3");
    assert_ok(onestop_ledger_pdf(cx, unit_of(cx, "H37.115.01"), 2026, 1, &pdf));
    assert_contains(text_of_pdf(cx, pdf), "Chưa có hồ sơ nào");
}

/* What must hold of any day: the tables make the sums. */
static void adds_up(struct cx *cx, const struct day_book *b)
{
    int64_t dong = 0, online = 0;
    assert_int_equal(b->counts.accepted, b->accepted_n);
    assert_int_equal(b->counts.handed_over, b->handovers_n);
    assert_int_equal(b->counts.returned, b->returned_n);
    for (size_t i = 0; i < b->receipts_n; i++) {
        dong += b->receipts[i].amount;
        if (i)
            assert_int_equal(b->receipts[i].n, b->receipts[i - 1].n + 1);
    }
    assert_int_equal(b->counts.dong, dong);
    for (size_t i = 0; i < b->accepted_n; i++) {
        online += b->accepted[i].r.d.channel == CHANNEL_ONLINE;
        if (i)
            assert_int_equal(b->accepted[i].n, b->accepted[i - 1].n + 1);
    }
    assert_int_equal(b->counts.online, online);
    assert_true(b->counts.returned_digital <= b->counts.returned);
    (void)cx;
}

static void the_closing_of_a_day_adds_up(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct day_book b;
    int64_t unit = unit_of(cx, "H37.114.01"), today = day_of(cx->now);
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    bring_to(cx, &d, DOSSIER_RETURNED);
    bring_to(cx, &d, DOSSIER_RETURNED);
    bring_to(cx, &d, DOSSIER_REFUSED);
    bring_to(cx, &d, DOSSIER_SUPPLEMENT_FIRST);
    act_as(cx, COUNTER);
    assert_ok(onestop_day_book(cx, unit, today, &b));
    adds_up(cx, &b);
    assert_int_equal(b.counts.accepted, 3);
    assert_int_equal(b.counts.handed_over, 2);
    assert_int_equal(b.counts.returned, 2);
    assert_int_equal(b.counts.refused, 1);
    assert_int_equal(b.counts.asked, 1);
    assert_int_equal(b.receipts_n, 2);
    assert_int_equal(b.counts.dong, 48000);

    struct str pdf, text;
    assert_ok(onestop_day_pdf(cx, &b, unit, &pdf));
    text = text_of_pdf(cx, pdf);
    assert_contains(text, "SỔ CUỐI NGÀY 23/11/2026");
    assert_contains(text, "48.000");
    assert_contains(text, "NGƯỜI NHẬN BÀN GIAO");
    assert_true(str_find(text, d.code.n ? d.code : S("1/2026"), NULL));

    assert_ok(onestop_day_book(cx, unit, today - 1, &b));
    adds_up(cx, &b);
    assert_int_equal(b.counts.accepted + b.counts.returned + b.counts.dong, 0);
    assert_ok(onestop_day_book(cx, unit_of(cx, "H37.115.01"), today, &b));
    assert_int_equal(b.counts.accepted, 0);
}

/* The unit's own work, not a page of reference. */
static void an_officers_first_screen_is_the_work_that_waits(void **t)
{
    struct cx *cx = test_cx(t);
    assert_true(str_starts(browser_page(signed_in_as(cx, COUNTER))->target, S("/viec")));
    assert_true(str_starts(browser_page(signed_in_as(cx, LEADER))->target, S("/viec")));
}

static void the_books_have_their_pages_for_the_counter_alone(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_RETURNED);
    struct browser *officer = signed_in_as(cx, COUNTER), *other = signed_in_as(cx, OTHER_COUNTER),
                   *mai = signed_in_as(cx, MAI);
    assert_opens(officer, "/so-theo-doi", 200);
    assert_sees(officer, "1/2026");
    assert_sees(officer, "H37.114-261123-0001");
    assert_sees(officer, "Hoàng Thị Mai");
    assert_opens(officer, "/so-theo-doi?nam=2025", 200);
    assert_not_sees(officer, "H37.114-261123-0001");
    assert_opens(officer, "/so-theo-doi/2026/in", 200);
    assert_str(browser_page(officer)->content_type, "application/pdf");
    assert_opens(officer, "/quay/so-ngay", 200);
    assert_sees(officer, "24.000");
    assert_sees(officer, "Ủy ban nhân dân phường Kỳ Lừa");
    assert_opens(officer, "/quay/so-ngay?ngay=2026-11-20", 200);
    assert_sees(officer, "Chưa tiếp nhận hồ sơ nào");
    assert_opens(officer, "/quay/so-ngay/in?ngay=2026-11-23", 200);
    assert_opens(other, "/so-theo-doi", 200);
    assert_not_sees(other, "H37.114-261123-0001");
    assert_opens(other, "/quay/so-ngay", 200);
    assert_not_sees(other, "24.000");
    assert_opens(mai, "/so-theo-doi", 403);
    assert_opens(mai, "/quay/so-ngay/in", 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_register_numbers_each_dossier_of_a_unit_and_year_without_a_gap),
        TEST(a_failed_acceptance_leaves_no_line),
        TEST(form_01_names_the_line_of_the_register_and_who_took_it_in),
        TEST(form_06_shows_from_whose_hands_into_whose),
        TEST(form_07_prints_the_lines_of_the_unit_in_order),
        TEST(the_closing_of_a_day_adds_up),
        TEST(an_officers_first_screen_is_the_work_that_waits),
        TEST(the_books_have_their_pages_for_the_counter_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
