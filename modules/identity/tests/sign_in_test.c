/* sign_in_test.c - signing in and out, the lock, the password again, the unit in which one acts. */
#include "identity_fixture.h"

#include "../identity_inside.h"
#include "crypto/crypto.h"

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
    assert_sees(b, "mỗi 5 phút chỉ thử được một lần");
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

/* Tries once; the page says nothing else than the page of a name that nobody has, and costs one
 * hash as that does. */
static void is_refused_like_nobody(struct cx *cx, const char *login, const char *password)
{
    struct browser *b = browser_new(cx);
    struct str words[2];
    for (int i = 0; i < 2; i++) {
        browser_open(b, "/dang-nhap");
        browser_fill(b, "tai_khoan", i ? login : "khong.co");
        browser_fill(b, "Mật khẩu", password);
        const int64_t before = password_count();
        browser_press(b, "Đăng nhập");
        assert_int_equal(password_count() - before, 1);
        assert_int_equal(browser_page(b)->status, 422);
        words[i] = str_dup(cx->arena, browser_page(b)->words);
    }
    assert_true(str_eq(words[0], words[1]));
    testing_advance(cx, MINUTE_MS / 10); /* the address may ask 30 times a minute */
}

static void why_a_sign_in_is_refused_cannot_be_told_from_the_page_or_the_work(void **t)
{
    struct cx *cx = test_cx(t);
    char longest[300];
    int64_t fresh;
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_ok(test_write(cx, account_add(cx, S("chua.co.mat.khau"), IDENTITY_NO_PASSWORD, 0,
                                         S("Người Mới"), &fresh)));
    assert_ok(test_write(cx, account_close(cx, account_of(cx, "vanthu.kylua"))));
    const char *const logins[] = {"hotich.kylua", "chua.co.mat.khau", "vanthu.kylua"};
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        is_refused_like_nobody(cx, logins[i], "sai-mat-khau");
        is_refused_like_nobody(cx, logins[i], longest);
    }
    for (int i = 0; i < 6; i++) /* from the sixth on the name waits */
        is_refused_like_nobody(cx, "chutich.kylua", "sai-mat-khau");
    is_refused_like_nobody(cx, "chutich.kylua", IDENTITY_DEMO_PASSWORD);
}

static void many_wrong_ones_at_once_count_as_many(void **t)
{
    struct cx *cx = test_cx(t);
    struct sign_in s;
    const int64_t account = account_of(cx, "hotich.kylua");
    assert_ok(sign_in_check_account(cx, account, S("sai-mat-khau"), &s)); /* all look first */
    for (int i = 0; i < 5; i++)
        assert_ok(
            test_write(cx, sign_in_finish_again(cx, NULL, NULL, &s, &(struct session_start){0})));
    assert_ok(sign_in_check_account(cx, account, S(IDENTITY_DEMO_PASSWORD), &s));
    assert_int_equal(s.verdict, SIGN_IN_WAIT);
}

static void blanks_of_a_password_count(void **t)
{
    struct cx *cx = test_cx(t);
    struct str encoded;
    struct browser *b = browser_new(cx);
    static const char *const typed[] = {"bốn từ ghép lại", " bốn từ ghép lại ", " bốn từ ghép lại"};
    assert_ok(password_hash(cx, S(" bốn từ ghép lại"), &encoded));
    assert_ok(test_write(cx, account_set_password(cx, account_of(cx, "hotich.kylua"), encoded)));
    for (size_t i = 0; i < 3; i++) {
        browser_open(b, "/dang-nhap");
        browser_fill(b, "tai_khoan", "hotich.kylua");
        browser_fill(b, "Mật khẩu", typed[i]);
        browser_press(b, "Đăng nhập");
        assert_int_equal(browser_page(b)->status, i < 2 ? 422 : 200);
    }
}

static void what_anybody_would_try_first_is_no_password(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const bad[] = {"password2026",  "P@ssw0rd123!",  "matkhau@2026",
                                      "Mật khẩu 123",  "1234567890",    "qwertyuiop1",
                                      "aaaaaaaaaaaa",  "tinhso-2026",   "Đàm Thu Hà 1985",
                                      "phuongkylua01", "hotich.kylua1", "abcdefghij12"};
    static const char *const good[] = {"bốn từ ghép lại", "núi đá vôi xứ Lạng", "Rồng-leo-cây-khế",
                                       "kT9!fq2Lxz", "mưa 2026 sông cạn nước"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!identity_password_fault(cx, str_c(bad[i]), S("hotich.kylua"),
                                     S("Đàm Thu Hà Ủy ban nhân dân phường Kỳ Lừa")))
            fail_msg("%s would be taken", bad[i]);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (identity_password_fault(cx, str_c(good[i]), S("hotich.kylua"),
                                    S("Đàm Thu Hà Ủy ban nhân dân phường Kỳ Lừa")))
            fail_msg("%s would be refused", good[i]);
}

/* Hashes of "bốn từ ghép lại" and "núi đá vôi xứ Lạng", as such lists are given out. */
static const char breached[] =
    "42240AE0AA85B61B46451A64C8FA90E7B8251982:15\r\n48E25102D90787E674F119441F5401B09533D13D:2\r\n";

static void put_list(struct cx *cx, struct str text)
{
    if (!cx->env->settings)
        cx->env->settings = settings_new();
    const struct str path = str_fmt(cx->arena, "%.*s/breached.txt", F(cx->env->data_dir));
    FILE *f = fopen(path.p, "we");
    assert_true(f && fwrite(text.p, 1, text.n, f) == text.n);
    fclose(f);
    settings_set(cx->env->settings, S("password.breached"), path);
}

static void forget_settings(struct cx *cx)
{
    settings_free(cx->env->settings);
    cx->env->settings = NULL;
}

static void change_to(struct browser *b, const char *old, const char *fresh)
{
    assert_opens(b, "/tai-khoan/mat-khau", 200);
    browser_fill(b, "mat_khau_cu", old);
    browser_fill(b, "mat_khau_moi", fresh);
    browser_fill(b, "mat_khau_lai", fresh);
    assert_true(browser_press(b, "Đổi mật khẩu"));
}

static void a_password_known_from_a_breach_is_not_taken(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    put_list(cx, str_c(breached));
    change_to(b, IDENTITY_DEMO_PASSWORD, "bốn từ ghép lại");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Mật khẩu này nằm trong danh sách mật khẩu đã lộ");
    change_to(b, IDENTITY_DEMO_PASSWORD, "mưa 2026 sông cạn nước");
    assert_int_equal(browser_page(b)->status, 200);
    settings_set(cx->env->settings, S("password.breached"), S(""));
    change_to(b, "mưa 2026 sông cạn nước", "bốn từ ghép lại");
    assert_int_equal(browser_page(b)->status, 200); /* no list is set: nobody asks one */
    forget_settings(cx);
}

static void whoever_has_a_breached_password_still_signs_in(void **t)
{
    struct cx *cx = test_cx(t);
    struct str encoded;
    assert_ok(password_hash(cx, S("bốn từ ghép lại"), &encoded));
    assert_ok(test_write(cx, account_set_password(cx, account_of(cx, "hotich.kylua"), encoded)));
    put_list(cx, str_c(breached));
    struct browser *b = browser_new(cx);
    browser_open(b, "/dang-nhap");
    browser_fill(b, "tai_khoan", "hotich.kylua");
    browser_fill(b, "Mật khẩu", "bốn từ ghép lại");
    browser_press(b, "Đăng nhập");
    assert_int_equal(browser_page(b)->status, 200);
    forget_settings(cx);
}

static void a_list_that_is_none_lets_no_password_through(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    static const char *const bad[] = {"", "không phải mã băm\n"};
    for (size_t i = 0; i < 2; i++) {
        put_list(cx, str_c(bad[i]));
        change_to(b, IDENTITY_DEMO_PASSWORD, "mưa 2026 sông cạn nước");
        assert_int_equal(browser_page(b)->status, 422);
        assert_sees(b, "Chưa kiểm tra được mật khẩu này");
    }
    forget_settings(cx);
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
        TEST(why_a_sign_in_is_refused_cannot_be_told_from_the_page_or_the_work),
        TEST(many_wrong_ones_at_once_count_as_many),
        TEST(blanks_of_a_password_count),
        TEST(what_anybody_would_try_first_is_no_password),
        TEST(a_password_known_from_a_breach_is_not_taken),
        TEST(whoever_has_a_breached_password_still_signs_in),
        TEST(a_list_that_is_none_lets_no_password_through),
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
