/* onestop_view_test.c - views of lists kept under a name, the reader's own; columns shown or
 * hidden.
 */
#include "list/list.h"
#include "onestop/onestop_lists.h"
#include "onestop_fixture.h"

#define SEARCH "/ho-so-mot-cua?q=hoang+thi+mai&xep=ma"

static void save_as(struct browser *b, const char *address, const char *title)
{
    assert_opens(b, address, 200);
    assert_true(browser_fill(b, "ten", title));
    assert_true(browser_press(b, "Lưu"));
}

static void what_a_list_shows_is_kept_under_a_name_for_its_reader_alone(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, COUNTER), *other = signed_in_as(cx, CLERK);
    assert_opens(b, "/ho-so-mot-cua", 200);
    assert_not_sees(b, "Lưu khung nhìn"); /* as it always is: nothing to keep */
    save_as(b, SEARCH, "Của bà Mai");
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "Đã lưu khung nhìn “Của bà Mai”");
    assert_not_sees(b, "Tên khung nhìn"); /* this view is kept already */
    assert_opens(b, "/ho-so-mot-cua", 200);
    assert_true(browser_click(b, "Của bà Mai"));
    assert_contains(browser_page(b)->target, "q=hoang");
    assert_sees(b, "Hoàng Thị Mai");
    assert_opens(b, "/viec", 200); /* another list has its own */
    assert_not_sees(b, "Của bà Mai");
    assert_opens(other, "/ho-so-mot-cua", 200);
    assert_not_sees(other, "Của bà Mai");
    act_as_program(cx);
    assert_int_equal(rows_of(cx, "journal_event where kind = 'view.saved'"), 1);
}

/* What was searched for may be somebody's name: nobody reads it in the database. */
static void name_and_address_are_sealed(void **t)
{
    struct cx *cx = test_cx(t);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, COUNTER);
    save_as(b, SEARCH, "Của bà Mai");
    assert_int_equal(rows_of(cx, "view_item"), 1);
    auto_rows r = {0};
    assert_ok(db_query(cx, &r, "select title, query from view_item"));
    assert_true(db_next(&r));
    assert_false(str_find(db_bytes(&r, 0), S("Mai"), NULL));
    assert_false(str_find(db_bytes(&r, 1), S("mai"), NULL));
}

static void a_view_is_renamed_and_dropped_by_its_owner_alone(void **t)
{
    struct cx *cx = test_cx(t);
    struct view v;
    size_t n;
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, COUNTER);
    save_as(b, SEARCH, "Một");
    save_as(b, "/ho-so-mot-cua?xep=ma", "Hai");
    assert_true(browser_click(b, "Sửa khung nhìn"));
    assert_true(browser_fill(b, "ten", "hai")); /* the first form: of "Một" */
    assert_true(browser_press(b, "Đổi tên"));
    assert_int_equal(browser_page(b)->status, 409);
    assert_sees(b, "Bạn đã có khung nhìn tên này");
    assert_true(browser_fill(b, "ten", "Một và một"));
    assert_true(browser_press(b, "Đổi tên"));
    assert_sees(b, "Đã đổi tên");
    assert_sees(b, "Một và một");
    act_as(cx, COUNTER);
    assert_ok(view_mine(cx, S(""), &v, 1, &n));
    act_as(cx, CLERK);
    assert_int_equal(test_write(cx, view_drop(cx, v.code)), ERR_NOT_FOUND);
    assert_int_equal(test_write(cx, view_rename(cx, v.code, S("x"))), ERR_NOT_FOUND);
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, view_drop(cx, v.code)));
    assert_int_equal(rows_of(cx, "view_item"), 1);
}

static void what_cannot_be_kept_is_said(void **t)
{
    struct cx *cx = test_cx(t);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, COUNTER);
    save_as(b, SEARCH, "");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Đặt tên cho khung nhìn");
    assert_true(browser_fill(b, "ten", "Đã đặt")); /* asked again, nothing lost */
    assert_true(browser_press(b, "Lưu khung nhìn"));
    assert_sees(b, "Đã lưu khung nhìn");
    act_as(cx, COUNTER);
    struct view v = {.list = S("ho-so"), .path = S("//nơi-khác"), .query = S("a"), .title = S("x")};
    assert_int_equal(test_write(cx, view_save(cx, &v)), ERR_INVALID);
    v.path = S("/ho-so-mot-cua");
    for (int i = 1; i < LIST_SAVED_MAX; i++) {
        v.title = str_fmt(cx->arena, "Số %d", i);
        assert_ok(test_write(cx, view_save(cx, &v)));
    }
    v.title = S("Một nữa");
    assert_int_equal(test_write(cx, view_save(cx, &v)), ERR_LIMIT);
    v.list = S("viec"); /* another list has room */
    assert_ok(test_write(cx, view_save(cx, &v)));
}

static void a_failed_call_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    enum err e = ERR_IO;
    int calls = 0;
    act_as(cx, COUNTER);
    while (e != OK) {
        assert_int_equal(rows_of(cx, "view_item"), 0);
        struct view v = {
            .list = S("viec"), .path = S("/viec"), .query = S("han=qua"), .title = S("Trễ")};
        db_fail_at(cx, ++calls);
        e = test_write(cx, view_save(cx, &v));
        db_fail_at(cx, 0);
    }
    assert_int_equal(rows_of(cx, "view_item"), 1);
    assert_true(calls > 3);
}

static void columns_are_shown_and_hidden_and_stay_so_in_the_address(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, COUNTER);
    assert_opens(b, "/viec", 200);
    assert_contains(browser_page(b)->body, "Hoàng Thị Mai");
    assert_true(browser_click(b, "✓ Người nộp"));
    assert_contains(browser_page(b)->target, "cot=nguoi");
    assert_lacks(browser_page(b)->body, "Hoàng Thị Mai");
    assert_true(browser_click(b, "+ Nơi giữ"));
    assert_contains(browser_page(b)->target, "cot=nguoi.noi");
    assert_sees(b, "TTPVHCC phường Kỳ Lừa");
    assert_true(browser_click(b, "Nhận lúc")); /* sorting keeps the columns */
    assert_contains(browser_page(b)->target, "cot=nguoi.noi");
    assert_lacks(browser_page(b)->body, "Hoàng Thị Mai");
    assert_opens(b, "/viec?cot=khong-co.x", 200); /* what is unknown is passed over */
    assert_contains(browser_page(b)->body, "Hoàng Thị Mai");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_list_shows_is_kept_under_a_name_for_its_reader_alone),
        TEST(name_and_address_are_sealed),
        TEST(a_view_is_renamed_and_dropped_by_its_owner_alone),
        TEST(what_cannot_be_kept_is_said),
        TEST(a_failed_call_leaves_nothing_behind),
        TEST(columns_are_shown_and_hidden_and_stay_so_in_the_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
