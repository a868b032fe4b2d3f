/* onestop_register_test.c - the register shows every number that was reserved, used or not. */
#include "onestop/onestop_lists.h"
#include "onestop_fixture.h"

#define VAN_THU "vanthu.kylua"

/* 01 is void (the approval was taken back), 02 is used, 03 is held while it is being signed. */
static void three_numbers(struct cx *cx, struct dossier *d)
{
    bring_to(cx, d, DOSSIER_PROCESSING);
    draft_one(cx, d);
    submit_one(cx, d);
    approve_one(cx, d);
    assert_ok(test_write(cx, onestop_send_back(cx, d, S("Sai tên."))));
    submit_one(cx, d);
    sign_one(cx, d);
    bring_to(cx, d, DOSSIER_PROCESSING);
    draft_one(cx, d);
    submit_one(cx, d);
    approve_one(cx, d);
}

static struct list_rows read_all(struct cx *cx, struct list_ask ask)
{
    struct list_rows rows;
    ask.down = true;
    assert_ok(list_read(cx, &onestop_register_source, &ask, 50, &rows));
    return rows;
}

static const struct register_row *at_row(const struct list_rows *r, size_t i)
{
    return r->rows[i];
}

static void act_with_book(struct cx *cx, const char *login, bool may)
{
    act_as(cx, login);
    assert_int_equal(identity_grant(cx, cx->actor, &onestop_book, &cx->scope, NULL), may);
}

static void every_number_stays_with_its_reason(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    three_numbers(cx, &d);
    act_with_book(cx, VAN_THU, true);
    struct list_rows r = read_all(cx, (struct list_ask){0});
    assert_int_equal(r.n, 3);
    assert_str(at_row(&r, 0)->state, "giu");
    assert_int_equal(at_row(&r, 0)->n, 3);
    assert_str(at_row(&r, 1)->state, "dung");
    assert_true(at_row(&r, 1)->signed_at > 0);
    assert_str(at_row(&r, 2)->state, "huy");
    assert_str(at_row(&r, 2)->why, "tra_lai");
    assert_int_equal(at_row(&r, 2)->n, 1);
    assert_str(at_row(&r, 2)->reg, "KS");
    assert_int_equal(at_row(&r, 2)->year, 2026);
}

static void numbers_are_found_as_they_are_written(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    static const struct {
        const char *words;
        size_t n;
    } asked[] = {{"2", 1},  {"02/2026", 1}, {"02/2026/ks", 1}, {"02/2025", 0},
                 {"ks", 3}, {"TB", 0},      {"H37.114-", 3},   {"H37.115-", 0}};
    three_numbers(cx, &d);
    act_with_book(cx, VAN_THU, true);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct list_rows r = read_all(cx, (struct list_ask){.words = str_c(asked[i].words)});
        if (r.n != asked[i].n)
            fail_msg("%s: %zu", asked[i].words, r.n);
    }
    assert_int_equal(read_all(cx, (struct list_ask){.values = {S("huy")}}).n, 1);
    assert_int_equal(read_all(cx, (struct list_ask){.values = {S(""), S("2025")}}).n, 0);
}

static void another_unit_sees_nothing_of_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    three_numbers(cx, &d);
    act_with_book(cx, OTHER_CLERK, true);
    assert_int_equal(read_all(cx, (struct list_ask){0}).n, 0);
    act_with_book(cx, "thanhtra", true); /* the province and all below it */
    assert_int_equal(read_all(cx, (struct list_ask){0}).n, 3);
    act_with_book(cx, COUNTER, false);
    act_with_book(cx, MAI, false);
}

/* A number kept by a result that is not approved any more: the daily job says so. */
static void what_nobody_used_is_void_after_a_day(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    draft_one(cx, &d);
    submit_one(cx, &d);
    approve_one(cx, &d);
    act_as_program(cx); /* as a fault would leave it */
    assert_ok(test_write(cx, db_exec(cx, "update onestop_result set state = 'huy'")));
    let_jobs_run(cx, &d); /* the first look only begins the counting of days */
    testing_advance(cx, 3 * DAY_MS);
    let_jobs_run(cx, &d);
    act_with_book(cx, VAN_THU, true);
    struct list_rows r = read_all(cx, (struct list_ask){0});
    assert_int_equal(r.n, 1);
    assert_str(at_row(&r, 0)->state, "huy");
    assert_str(at_row(&r, 0)->why, "khong_dung");
}

static void the_page_is_in_the_menu_of_those_who_may(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    three_numbers(cx, &d);
    struct browser *b = signed_in_as(cx, VAN_THU), *counter = signed_in_as(cx, COUNTER);
    assert_opens(b, "/viec", 200);
    assert_true(browser_click(b, "Sổ cấp số kết quả"));
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "01/2026/KS");
    /* a procedure's name of two lines is cut, the page does not grow wide */
    assert_true(
        str_find(browser_page(b)->body, S("<td role=\"cell\" class=\"c-title flex-cell\">"), NULL));
    assert_sees(b, "Lãnh đạo rút lại phê duyệt trước khi ký");
    assert_sees(b, "Đã hủy");
    assert_sees(b, "Đang giữ");
    assert_opens(b, "/so-cap-so?q=02%2F2026%2FKS", 200);
    assert_not_sees(b, "01/2026/KS");
    assert_opens(b, "/so-cap-so?q=99", 200);
    assert_not_sees(b, "/2026/KS");
    assert_opens(counter, "/so-cap-so", 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_number_stays_with_its_reason),       TEST(numbers_are_found_as_they_are_written),
        TEST(another_unit_sees_nothing_of_it),          TEST(what_nobody_used_is_void_after_a_day),
        TEST(the_page_is_in_the_menu_of_those_who_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
