/* onestop_day_test.c - the day book of a counter is closed: what comes later stands in the next
 * day's book; opened again only with the right and a reason. */
#include "onestop/onestop_ledger.h"
#include "onestop_fixture.h"

#define HEAD "truongmotcua.kylua"

static struct day_book book_of(struct cx *cx, int64_t day)
{
    struct day_book b;
    act_as(cx, COUNTER);
    assert_ok(onestop_day_book(cx, unit_of(cx, "H37.114.01"), day, &b));
    return b;
}

static void close_day(struct cx *cx, int64_t day)
{
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_day_close(cx, unit_of(cx, "H37.114.01"), day)));
}

static enum err reopen(struct cx *cx, int64_t day, const char *reason)
{
    act_as(cx, HEAD);
    return test_write(cx, onestop_day_reopen(cx, unit_of(cx, "H37.114.01"), day, str_c(reason)));
}

static void what_comes_after_the_closing_stands_in_the_next_days_book(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const int64_t today = civil_day(2026, 11, 25);
    testing_set_now(cx, at(25, 11, 9, 0));
    bring_to(cx, &d, DOSSIER_RETURNED);
    testing_set_now(cx, at(25, 11, 16, 30));
    close_day(cx, today);
    testing_set_now(cx, at(25, 11, 16, 45));
    bring_to(cx, &d, DOSSIER_RETURNED); /* still the same day */
    struct day_book b = book_of(cx, today), next = book_of(cx, today + 1);
    assert_true(b.closed);
    assert_int_equal(b.counts.accepted, 1);
    assert_int_equal(b.counts.returned, 1);
    assert_int_equal(b.receipts_n, 1);
    assert_int_equal(b.closings[0].accepted, 1);
    assert_int_equal(b.closings[0].dong, b.counts.dong);
    assert_false(next.closed);
    assert_int_equal(next.counts.accepted, 1);
    assert_int_equal(next.receipts_n, 1);
    testing_set_now(cx, at(26, 11, 9, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    next = book_of(cx, today + 1);
    assert_int_equal(next.counts.accepted, 2); /* no line twice, none left out */
    assert_int_equal(book_of(cx, today).counts.accepted, 1);
}

/* A day of rest has no book of its own: Friday's late work and what somebody did on Saturday stand
 * in Monday's. */
static void what_comes_after_a_friday_stands_in_the_book_of_the_next_working_day(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const int64_t friday = civil_day(2026, 11, 27), unit = unit_of(cx, "H37.114.01");
    int64_t day;
    testing_set_now(cx, at(27, 11, 9, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    testing_set_now(cx, at(27, 11, 16, 30));
    close_day(cx, friday);
    testing_set_now(cx, at(27, 11, 16, 45));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    testing_set_now(cx, at(28, 11, 9, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as(cx, COUNTER);
    assert_int_equal(test_write(cx, onestop_day_close(cx, unit, friday + 1)), ERR_CONFLICT);
    assert_contains(cx->why, "30/11/2026");
    for (int64_t rest = friday + 1; rest <= friday + 3; rest++) {
        assert_ok(onestop_day_of_book(cx, unit, rest, &day));
        assert_int_equal(day, friday + 3);
    }
    testing_set_now(cx, at(30, 11, 8, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(book_of(cx, friday).counts.accepted, 1);
    assert_int_equal(book_of(cx, friday + 1).counts.accepted, 0);
    assert_int_equal(book_of(cx, friday + 2).counts.accepted, 0);
    assert_int_equal(book_of(cx, friday + 3).counts.accepted, 3);
    assert_int_equal(book_of(cx, friday + 4).counts.accepted, 0);
    testing_set_now(cx, at(30, 11, 16, 30));
    close_day(cx, friday + 3);
    assert_int_equal(book_of(cx, friday + 3).closings[0].accepted, 3);
    assert_int_equal(reopen(cx, friday, "Sót biên lai"), ERR_CONFLICT); /* Monday is closed */
    assert_ok(reopen(cx, friday + 3, "Sót biên lai"));
    assert_ok(reopen(cx, friday, "Sót biên lai"));
    assert_int_equal(book_of(cx, friday).counts.accepted, 2);
    assert_int_equal(book_of(cx, friday + 3).counts.accepted, 2);
}

static void the_calendar_says_which_day_comes_next(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t day;
    const int64_t unit = unit_of(cx, "H37.114.01");
    /* New Year's day is a Friday: four days later the counter opens. */
    assert_ok(onestop_day_of_book(cx, unit, civil_day(2027, 1, 1), &day));
    assert_int_equal(day, civil_day(2027, 1, 4));
    assert_ok(onestop_day_of_book(cx, unit, civil_day(2026, 12, 31), &day));
    assert_int_equal(day, civil_day(2026, 12, 31));
}

/* A Saturday whose lines no later book holds any more keeps its own. */
static void a_book_that_was_closed_keeps_what_it_held(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const int64_t monday = civil_day(2026, 11, 30);
    testing_set_now(cx, at(28, 11, 9, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    testing_set_now(cx, at(30, 11, 9, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    testing_set_now(cx, at(30, 11, 16, 30));
    close_day(cx, monday);
    assert_int_equal(book_of(cx, monday).counts.accepted, 2);
    assert_ok(test_write(cx, db_exec(cx, "update onestop_day_close set begins_at = $1",
                                     V(at(30, 11, 0, 0))))); /* as it was before */
    assert_int_equal(book_of(cx, monday).counts.accepted, 1);
    assert_int_equal(book_of(cx, monday - 2).counts.accepted, 1);
    close_day(cx, monday - 2);
    assert_int_equal(book_of(cx, monday - 2).counts.accepted, 1);
}

static enum err without_the_beginning(struct cx *cx)
{
    TRY(db_exec(cx, "alter table onestop_day_close drop column begins_at"));
    return db_exec(cx, "delete from db_migration where name = '0032_day_begins.sql'");
}

static void books_closed_before_begin_where_they_began(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t n;
    testing_set_now(cx, at(25, 11, 16, 30));
    close_day(cx, civil_day(2026, 11, 25));
    testing_set_now(cx, at(26, 11, 17, 0));
    close_day(cx, civil_day(2026, 11, 26));
    close_day(cx, civil_day(2026, 11, 20)); /* late */
    assert_ok(test_write(cx, without_the_beginning(cx)));
    act_as_program(cx);
    assert_ok(db_migrate(cx, testing_roots(world_modules)));
    assert_ok(db_one_int(cx, &n, "select begins_at from onestop_day_close where day = $1",
                         V(civil_day(2026, 11, 26))));
    assert_int_equal(n, at(25, 11, 16, 30));
    assert_ok(db_one_int(cx, &n, "select begins_at from onestop_day_close where day = $1",
                         V(civil_day(2026, 11, 25))));
    assert_int_equal(n, at(25, 11, 0, 0));
}

/* Forgotten and closed the next morning: it ends at its own midnight all the same. */
static void a_day_closed_late_ends_at_its_midnight(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const int64_t day = civil_day(2026, 11, 25);
    testing_set_now(cx, at(25, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    testing_set_now(cx, at(27, 11, 8, 0));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    close_day(cx, day);
    assert_int_equal(book_of(cx, day).counts.accepted, 1);
    assert_int_equal(book_of(cx, day + 1).counts.accepted, 0);
    assert_int_equal(book_of(cx, day + 2).counts.accepted, 1);
    act_as(cx, COUNTER);
    const int64_t unit = unit_of(cx, "H37.114.01");
    assert_int_equal(test_write(cx, onestop_day_close(cx, unit, day)), ERR_CONFLICT);
    assert_int_equal(test_write(cx, onestop_day_close(cx, unit, day + 3)), ERR_INVALID);
    assert_int_equal(test_write(cx, onestop_day_close(cx, unit, day - 60)), ERR_INVALID);
}

static void opened_again_with_a_reason_the_later_lines_come_back(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const int64_t day = civil_day(2026, 11, 25);
    testing_set_now(cx, at(25, 11, 16, 30));
    assert_int_equal(reopen(cx, day, "Sót biên lai"), ERR_CONFLICT); /* it is open */
    close_day(cx, day);
    testing_set_now(cx, at(25, 11, 16, 45));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_int_equal(book_of(cx, day).counts.accepted, 0);
    assert_int_equal(reopen(cx, day, "  "), ERR_INVALID);
    assert_str(cx->field, "ly_do");
    assert_ok(reopen(cx, day, "Sót biên lai"));
    struct day_book b = book_of(cx, day);
    assert_false(b.closed);
    assert_int_equal(b.counts.accepted, 1);
    assert_int_equal(b.closings_n, 1); /* what was closed stays to be read */
    assert_str(b.closings[0].reason, "Sót biên lai");
    close_day(cx, day);
    assert_int_equal(book_of(cx, day).closings_n, 2);
    testing_set_now(cx, at(26, 11, 17, 0));
    close_day(cx, day + 1);
    assert_int_equal(reopen(cx, day, "Sót"), ERR_CONFLICT); /* the next one is closed */
    assert_int_equal(rows_of(cx, "journal_event where kind = 'onestop.day.closed'"), 3);
    assert_int_equal(rows_of(cx, "journal_event where kind = 'onestop.day.reopened'"), 1);
}

static void a_closing_that_fails_leaves_the_day_open(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t unit = unit_of(cx, "H37.114.01");
    enum err e = ERR_IO;
    int calls = 0;
    act_as(cx, COUNTER);
    while (e != OK) {
        assert_int_equal(rows_of(cx, "onestop_day_close"), 0);
        db_fail_at(cx, ++calls);
        e = test_write(cx, onestop_day_close(cx, unit, day_of(cx->now)));
        db_fail_at(cx, 0);
    }
    assert_true(calls > 10);
    assert_int_equal(rows_of(cx, "onestop_day_close"), 1);
}

static void the_page_closes_and_only_the_head_opens_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str pdf, text;
    testing_set_now(cx, at(23, 11, 16, 30));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    testing_advance(cx, MINUTE_MS);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, COUNTER), *head = signed_in_as(cx, HEAD);
    assert_opens(b, "/quay/so-ngay", 200);
    assert_sees(b, "Đang mở");
    assert_true(browser_press(b, "Khóa sổ ngày 23/11/2026"));
    assert_sees(b, "Đã khóa sổ. Việc làm sau lúc này ghi vào sổ ngày 25/11/2026.");
    assert_not_sees(b, "Mở lại sổ");
    assert_true(browser_click(b, "25/11/2026")); /* the 24th is a holiday */
    assert_sees(b, "Chưa tiếp nhận hồ sơ nào");
    assert_opens(head, "/quay/so-ngay?ngay=2026-11-23", 200);
    assert_true(browser_press(head, "Mở lại sổ"));
    assert_int_equal(browser_page(head)->status, 422);
    assert_sees(head, "Nhập lý do mở lại sổ");
    assert_true(browser_fill(head, "ly_do", "Sót một biên lai"));
    assert_true(browser_press(head, "Mở lại sổ"));
    assert_sees(head, "Sót một biên lai");
    assert_sees(head, "Đang mở");
    struct day_book book = book_of(cx, day_of(cx->now));
    assert_ok(onestop_day_pdf(cx, &book, unit_of(cx, "H37.114.01"), &pdf));
    text = text_of_pdf(cx, pdf);
    assert_contains(text, "Sổ chưa khóa");
    close_day(cx, day_of(cx->now));
    book = book_of(cx, day_of(cx->now));
    assert_ok(onestop_day_pdf(cx, &book, unit_of(cx, "H37.114.01"), &pdf));
    text = text_of_pdf(cx, pdf);
    assert_contains(text, "Sổ đã khóa lúc");
}

static void a_day_of_rest_leads_to_the_book_that_holds_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(27, 11, 16, 30));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    testing_advance(cx, MINUTE_MS);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, COUNTER);
    assert_opens(b, "/quay/so-ngay", 200);
    assert_true(browser_press(b, "Khóa sổ ngày 27/11/2026"));
    assert_sees(b, "ghi vào sổ ngày 30/11/2026");
    assert_true(browser_click(b, "30/11/2026"));
    assert_sees(b, "Sổ cuối ngày 30/11/2026");
    assert_sees(b, "Gồm việc làm từ 16:31, 27/11/2026");
    assert_not_sees(b, "Khóa sổ ngày");
    assert_true(browser_click(b, "27/11/2026"));
    assert_sees(b, "Sổ cuối ngày 27/11/2026");
    testing_set_now(cx, at(28, 11, 9, 0));
    b = signed_in_as(cx, COUNTER);
    assert_opens(b, "/quay/so-ngay", 200);
    assert_sees(b, "Sổ cuối ngày 30/11/2026");
    assert_opens(b, "/quay/so-ngay?ngay=2026-11-29", 200);
    assert_sees(b, "Sổ cuối ngày 30/11/2026");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_comes_after_the_closing_stands_in_the_next_days_book),
        TEST(what_comes_after_a_friday_stands_in_the_book_of_the_next_working_day),
        TEST(the_calendar_says_which_day_comes_next),
        TEST(a_book_that_was_closed_keeps_what_it_held),
        TEST(books_closed_before_begin_where_they_began),
        TEST(a_day_closed_late_ends_at_its_midnight),
        TEST(opened_again_with_a_reason_the_later_lines_come_back),
        TEST(a_closing_that_fails_leaves_the_day_open),
        TEST(a_day_of_rest_leads_to_the_book_that_holds_it),
        TEST(the_page_closes_and_only_the_head_opens_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
