/* sign_in_test.c - signing in and out, the lock, the password again, the unit in which one acts. */
#include "identity_fixture.h"

static void a_citizen_signs_in_with_the_personal_number_and_goes_back(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    browser_open(b, "/tai-khoan");
    assert_sees(b, "Đăng nhập");
    browser_fill(b, "tai_khoan", "020 192 999 101");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_press(b, "Đăng nhập");
    assert_true(str_eq(browser_page(b)->target, S("/tai-khoan")));
    assert_sees(b, "Hoàng Thị Mai");
}

static void a_wrong_password_says_so_keeps_the_name_and_counts(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    for (int i = 0; i < 6; i++) {
        browser_open(b, "/dang-nhap");
        browser_fill(b, "tai_khoan", "hotich.kylua");
        browser_fill(b, "Mật khẩu", "sai-mat-khau");
        browser_press(b, "Đăng nhập");
        assert_int_equal(browser_page(b)->status, 422);
    }
    assert_sees(b, "Chờ đến 09:05, 23/11/2026");
    assert_contains(browser_page(b)->body, "value=\"hotich.kylua\"");
    /* Even the right one waits; then it works. */
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_press(b, "Đăng nhập");
    assert_int_equal(browser_page(b)->status, 422);
    testing_advance(cx, 5 * MINUTE_MS + 1);
    (void)signed_in_as(cx, "hotich.kylua");
}

static void an_unknown_name_hears_the_same_as_a_wrong_password(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    browser_open(b, "/dang-nhap");
    browser_fill(b, "tai_khoan", "khong.co");
    browser_fill(b, "Mật khẩu", "gi-cung-duoc");
    browser_press(b, "Đăng nhập");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Tên đăng nhập hoặc mật khẩu không đúng.");
}

static void an_empty_name_is_asked_for(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    browser_open(b, "/dang-nhap");
    browser_press(b, "Đăng nhập");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Nhập số định danh hoặc tên đăng nhập.");
}

static void an_officer_begins_at_the_first_screen_of_the_unit(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    assert_true(str_eq(browser_page(b)->target, S("/so")));
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
}

static void signing_out_ends_it_and_leaves_an_event(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "020192999101");
    struct str cookies = browser_cookies(b);
    assert_opens(b, "/tai-khoan", 200);
    assert_true(browser_press(b, "Đăng xuất"));
    assert_sees(b, "Bạn đã đăng xuất.");
    browser_set_cookies(b, cookies);
    browser_open(b, "/tai-khoan");
    assert_sees(b, "Đăng nhập");
    struct event_record e[10];
    size_t n;
    assert_ok(
        journal_of(cx, S("identity.account"), account_of(cx, "020192999101"), 0, false, e, 10, &n));
    assert_true(str_eq(e[n - 1].kind, S("identity.session.ended")));
    assert_true(str_eq(e[n - 2].kind, S("identity.session.started")));
}

static void after_thirty_idle_minutes_the_password_opens_the_same_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    testing_advance(cx, 31 * MINUTE_MS);
    browser_open(b, "/so");
    assert_sees(b, "Màn hình đang khóa");
    assert_sees(b, "Đàm Thu Hà");
    browser_fill(b, "Mật khẩu", "khong-dung");
    browser_press(b, "Mở khóa");
    assert_sees(b, "không đúng");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_press(b, "Mở khóa");
    assert_true(str_eq(browser_page(b)->target, S("/so")));
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
}

static void what_was_typed_when_the_screen_locked_is_offered_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    browser_open(b, "/so");
    browser_fill(b, "Chữ", "việc đang dở");
    testing_advance(cx, 31 * MINUTE_MS);
    browser_press(b, "Ghi");
    assert_sees(b, "Màn hình đang khóa");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_press(b, "Mở khóa");
    assert_sees(b, "Gửi tiếp việc đang dở");
    assert_contains(browser_page(b)->body, "việc đang dở");
    assert_true(browser_press(b, "Gửi"));
    assert_sees(b, "Đã ghi.");
}

static void the_lock_page_lets_another_person_out(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    testing_advance(cx, 31 * MINUTE_MS);
    browser_open(b, "/so");
    assert_true(browser_press(b, "Không phải bạn? Đăng xuất"));
    browser_open(b, "/so");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
}

static void signing_asks_for_the_password_again_after_ten_minutes(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "chutich.kylua");
    assert_opens(b, "/ky", 200);
    testing_advance(cx, 11 * MINUTE_MS);
    browser_open(b, "/ky");
    assert_sees(b, "Xác nhận lại mật khẩu");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_press(b, "Xác nhận");
    assert_true(str_eq(browser_page(b)->target, S("/ky")));
}

static void who_has_posts_in_two_units_chooses_where_to_act(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t account = account_of(cx, "hotich.kylua");
    assert_ok(
        test_write(cx, role_grant(cx, account, S("chuyen_vien"), unit_of(cx, "H37.115"), 0, 0)));
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
    browser_open(b, "/don-vi");
    assert_true(browser_press(b, "Ủy ban nhân dân phường Tam Thanh"));
    assert_sees(b, "Sổ của UBND phường Tam Thanh");
    /* It begins there next time. */
    b = signed_in_as(cx, "hotich.kylua");
    assert_sees(b, "Sổ của UBND phường Tam Thanh");
    browser_open(b, "/don-vi");
    assert_true(browser_press(b, "Việc riêng của tôi"));
    assert_opens(b, "/so", 403);
    assert_sees(b, "Đổi đơn vị đang làm việc");
}

static void a_foreign_unit_cannot_be_chosen(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    browser_open(b, "/don-vi");
    struct page_form *f = browser_form(b, S("/don-vi"));
    for (size_t i = 0; i < f->fields_n; i++)
        if (str_eq(f->fields[i].name, S("don_vi")))
            f->fields[i].value = str_fmt(cx->arena, "%lld", (long long)unit_of(cx, "H37"));
    browser_submit(b, f, NULL);
    assert_int_equal(browser_page(b)->status, 403);
}

static void a_changed_password_ends_the_other_sessions(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *here = signed_in_as(cx, "020192999101"),
                   *there = signed_in_as(cx, "020192999101");
    browser_open(here, "/tai-khoan/mat-khau");
    browser_fill(here, "mat_khau_cu", "khong-dung");
    browser_fill(here, "mat_khau_moi", "ngan");
    browser_fill(here, "mat_khau_lai", "khac");
    browser_press(here, "Đổi mật khẩu");
    assert_int_equal(browser_page(here)->status, 422);
    assert_sees(here, "Có 3 chỗ cần sửa");
    browser_fill(here, "mat_khau_cu", IDENTITY_DEMO_PASSWORD);
    browser_fill(here, "mat_khau_moi", "bốn từ ghép lại");
    browser_fill(here, "mat_khau_lai", "bốn từ ghép lại");
    browser_press(here, "Đổi mật khẩu");
    assert_sees(here, "Đã đổi mật khẩu.");
    assert_opens(here, "/tai-khoan", 200);
    browser_open(there, "/tai-khoan");
    assert_sees(there, "Số định danh cá nhân hoặc tên đăng nhập");
}

static void the_pages_speak_english_too(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/dang-nhap?lang=en", 200);
    assert_sees(b, "Personal number or user name");
    browser_fill(b, "tai_khoan", "hotich.kylua");
    browser_fill(b, "Password", "khong-dung");
    browser_press(b, "Sign in");
    assert_sees(b, "The user name or the password is not right.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_citizen_signs_in_with_the_personal_number_and_goes_back),
        TEST(a_wrong_password_says_so_keeps_the_name_and_counts),
        TEST(an_unknown_name_hears_the_same_as_a_wrong_password),
        TEST(an_empty_name_is_asked_for),
        TEST(an_officer_begins_at_the_first_screen_of_the_unit),
        TEST(signing_out_ends_it_and_leaves_an_event),
        TEST(after_thirty_idle_minutes_the_password_opens_the_same_page),
        TEST(what_was_typed_when_the_screen_locked_is_offered_again),
        TEST(the_lock_page_lets_another_person_out),
        TEST(signing_asks_for_the_password_again_after_ten_minutes),
        TEST(who_has_posts_in_two_units_chooses_where_to_act),
        TEST(a_foreign_unit_cannot_be_chosen),
        TEST(a_changed_password_ends_the_other_sessions),
        TEST(the_pages_speak_english_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
