/* factor_test.c - signing in with a code: what opens before it, how often it is good, who may
 * guess. */
#include "factor_fixture.h"

#include "db/db.h"

static void nothing_opens_between_the_password_and_the_code(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct browser *b = half_signed_in(cx, "hotich.kylua"), *other = browser_new(cx);
    browser_open(b, "/so");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
    browser_open(b, "/tai-khoan/phien");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
    browser_open(b, "/khoa");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
    browser_open(other, "/dang-nhap/ma"); /* another browser waits for nothing */
    assert_sees(other, "Số định danh cá nhân hoặc tên đăng nhập");
    browser_open(b, "/dang-nhap/ma?ve=%2Fso");
    assert_contains(browser_page(b)->body, "autocomplete=\"one-time-code\"");
    assert_contains(browser_page(b)->body, "inputmode=\"numeric\"");
    const struct str before = browser_cookies(b);
    assert_int_equal(give_code(b, code_now(&a)), 200);
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
    browser_set_cookies(other, before); /* what it waited with is used up */
    browser_open(other, "/so");
    assert_sees(other, "Số định danh cá nhân hoặc tên đăng nhập");
}

static void the_wait_is_no_session_of_the_list_and_ends_after_ten_minutes(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct browser *in = half_signed_in(cx, "hotich.kylua");
    assert_int_equal(give_code(in, code_now(&a)), 200);
    struct browser *b = half_signed_in(cx, "hotich.kylua");
    assert_opens(in, "/tai-khoan/phien", 200);
    assert_sees(in, "Không có phiên nào khác đang mở.");
    testing_advance(cx, 10 * MINUTE_MS);
    (void)give_code(b, code_now(&a));
    assert_sees(b, "đã hết hạn");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
}

static void a_code_is_good_once(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct browser *b = half_signed_in(cx, "hotich.kylua");
    assert_int_equal(give_code(b, code_now(&a)), 200);
    b = half_signed_in(cx, "hotich.kylua");
    assert_int_equal(give_code(b, code_now(&a)), 422);
    assert_sees(b, "Mã này đã dùng.");
    assert_int_equal(give_code(b, code_at(&a, -1)), 422); /* nor one before it */
    assert_sees(b, "Mã này đã dùng.");
    testing_advance(cx, 30'000);
    assert_int_equal(give_code(b, code_now(&a)), 200);
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
}

static void of_many_at_once_with_one_code_one_gets_in(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct code_check first, second;
    const struct str code = str_c(code_now(&a));
    assert_ok(factor_check(cx, a.account, code, &first));
    assert_ok(factor_check(cx, a.account, code, &second)); /* both look before either takes it */
    assert_int_equal(first.verdict, CODE_RIGHT);
    assert_int_equal(second.verdict, CODE_RIGHT);
    assert_ok(test_write(cx, factor_take(cx, &first)));
    assert_ok(test_write(cx, factor_take(cx, &second)));
    assert_int_equal(first.verdict, CODE_RIGHT);
    assert_int_equal(second.verdict, CODE_USED);
}

static void clocks_may_differ_by_one_step_and_no_more(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct code_check c;
    for (int steps = -3; steps <= 3; steps++) {
        assert_ok(factor_check(cx, a.account, str_c(code_at(&a, steps)), &c));
        assert_int_equal(c.verdict, steps >= -1 && steps <= 1 ? CODE_RIGHT : CODE_WRONG);
    }
    assert_ok(factor_check(cx, a.account,
                           str_fmt(cx->arena, "%.3s %.3s", code_now(&a), code_now(&a) + 3),
                           &c)); /* as apps show it */
    assert_int_equal(c.verdict, CODE_RIGHT);
}

static void wrong_codes_wait_like_wrong_passwords_and_the_person_is_told(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct browser *b = half_signed_in(cx, "hotich.kylua");
    const int64_t told = rows_of(cx, "notify_notice");
    for (int i = 0; i < 5; i++) {
        assert_int_equal(give_code(b, wrong_code(&a)), 422);
        assert_sees(b, "Mã không đúng.");
    }
    assert_int_equal(rows_of(cx, "notify_notice"), told + 1);
    assert_int_equal(give_code(b, code_now(&a)), 422); /* even the right one */
    assert_sees(b, "Mã đã sai nhiều lần.");
    assert_int_equal(rows_of(cx, "notify_notice"), told + 1);
    testing_advance(cx, 5 * MINUTE_MS);
    assert_int_equal(give_code(b, code_now(&a)), 200);
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
    assert_int_equal(rows_of(cx, "journal_event where kind = 'identity.factor.refused'"), 5);
}

/* Guesses that all looked before one was counted are judged again when they are taken. */
static void a_right_guess_among_many_at_once_waits_too(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct code_check wrong, right;
    assert_ok(factor_check(cx, a.account, str_c(wrong_code(&a)), &wrong));
    assert_ok(factor_check(cx, a.account, str_c(code_now(&a)), &right));
    for (int i = 0; i < 5; i++)
        assert_ok(test_write(cx, factor_take(cx, &wrong)));
    assert_ok(test_write(cx, factor_take(cx, &right)));
    assert_int_equal(right.verdict, CODE_WAIT);
}

static void a_recovery_code_opens_once(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    const char *const code = "3123 4567 8901 2345";
    struct code_check second;
    assert_ok(factor_check(cx, a.account, str_c(code), &second));
    struct browser *b = half_signed_in(cx, "hotich.kylua");
    assert_int_equal(give_code(b, "4123 4567 8901 2345"), 422);
    assert_int_equal(give_code(b, code), 200);
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
    assert_ok(test_write(cx, factor_take(cx, &second))); /* it had looked before */
    assert_int_equal(second.verdict, CODE_WRONG);
    b = half_signed_in(cx, "hotich.kylua");
    assert_int_equal(give_code(b, code), 422);
    assert_int_equal(rows_of(cx, "identity_recovery where used_at = 0"), 9);
    assert_int_equal(rows_of(cx, "journal_event where kind = 'identity.recovery.used'"), 1);
}

/* A wrong password says the same, and costs the same, whether there is a second factor or not. */
static void a_wrong_password_tells_nothing_of_a_second_factor(void **t)
{
    struct cx *cx = test_cx(t);
    (void)app_of(cx, "hotich.kylua");
    struct browser *b = browser_new(cx);
    static const char *const logins[] = {"hotich.kylua", "chutich.kylua", "khong.co"};
    struct str words[3];
    for (size_t i = 0; i < 3; i++) {
        browser_open(b, "/dang-nhap");
        browser_fill(b, "tai_khoan", logins[i]);
        browser_fill(b, "Mật khẩu", "sai-mat-khau");
        const int64_t before = password_count();
        browser_press(b, "Đăng nhập");
        assert_int_equal(browser_page(b)->status, 422);
        assert_int_equal(password_count() - before, 1);
        words[i] = str_dup(cx->arena, browser_page(b)->words);
        assert_true(str_eq(words[i], words[0]));
    }
}

static void an_empty_code_is_asked_for_and_not_counted(void **t)
{
    struct cx *cx = test_cx(t);
    (void)app_of(cx, "hotich.kylua");
    struct browser *b = half_signed_in(cx, "hotich.kylua");
    assert_int_equal(give_code(b, ""), 422);
    assert_sees(b, "Nhập mã 6 chữ số đang hiện trong ứng dụng xác thực.");
    assert_int_equal(rows_of(cx, "identity_factor where failures > 0"), 0);
}

static void signing_asks_for_both_again_and_unlocking_is_not_enough(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "chutich.kylua");
    struct browser *b = half_signed_in(cx, "chutich.kylua");
    assert_int_equal(give_code(b, code_now(&a)), 200);
    assert_opens(b, "/ky", 200);
    testing_advance(cx, 31 * MINUTE_MS);
    browser_open(b, "/ky");
    assert_sees(b, "Màn hình đang khóa");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_press(b, "Mở khóa");
    assert_sees(b, "Xác nhận lại mật khẩu");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_fill(b, "ma", wrong_code(&a));
    browser_press(b, "Xác nhận");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Mã không đúng.");
    browser_fill(b, "Mật khẩu", "sai-mat-khau");
    browser_fill(b, "ma", code_now(&a));
    browser_press(b, "Xác nhận");
    assert_int_equal(browser_page(b)->status, 422);
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_fill(b, "ma", code_now(&a)); /* beside the wrong password it was not used up */
    browser_press(b, "Xác nhận");
    assert_true(str_eq(browser_page(b)->target, S("/ky")));
}

static void a_link_for_a_password_is_no_way_around_the_code(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct invite i;
    struct browser *b = browser_new(cx);
    assert_ok(test_write(cx, identity_invite(cx, a.account, &i)));
    assert_opens(b, i.path.p, 200);
    browser_fill(b, "mat_khau_moi", "bốn từ ghép lại");
    browser_fill(b, "mat_khau_lai", "bốn từ ghép lại");
    browser_press(b, "Đặt mật khẩu và đăng nhập");
    assert_sees(b, "Nhập mã xác thực");
    browser_open(b, "/so");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
    browser_open(b, "/dang-nhap/ma");
    assert_int_equal(give_code(b, code_now(&a)), 200);
}

/* The answer to the code is lost: sent again it lets the same browser in, and takes no other code.
 */
static void a_lost_answer_to_the_code_is_given_again(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct browser *b = half_signed_in(cx, "hotich.kylua");
    const struct str before = browser_cookies(b);
    assert_int_equal(give_code(b, code_now(&a)), 200);
    browser_set_cookies(b, before);
    assert_int_equal(browser_again(b), 200);
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
    assert_int_equal(rows_of(cx, "web_session"), 1);
}

/* The form of the password sent again once the code was given: its half is used up. */
static void the_password_sent_again_opens_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct browser *b = half_signed_in(cx, "hotich.kylua"), *thief = browser_new(cx);
    struct str target, type, body;
    browser_last(b, &target, &type, &body);
    browser_set_cookies(thief, browser_cookies(b));
    assert_int_equal(give_code(b, code_now(&a)), 200);
    browser_send(thief, target, type, body);
    browser_open(thief, "/so");
    assert_sees(thief, "Số định danh cá nhân hoặc tên đăng nhập");
}

static void the_second_page_speaks_english_too(void **t)
{
    struct cx *cx = test_cx(t);
    (void)app_of(cx, "hotich.kylua");
    struct browser *b = half_signed_in(cx, "hotich.kylua");
    browser_open(b, "/dang-nhap/ma?lang=en");
    assert_sees(b, "Enter the code");
    assert_true(browser_fill(b, "ma", "1"));
    assert_true(browser_press(b, "Sign in"));
    assert_sees(b, "The code is not right.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_opens_between_the_password_and_the_code),
        TEST(the_wait_is_no_session_of_the_list_and_ends_after_ten_minutes),
        TEST(a_code_is_good_once),
        TEST(of_many_at_once_with_one_code_one_gets_in),
        TEST(clocks_may_differ_by_one_step_and_no_more),
        TEST(wrong_codes_wait_like_wrong_passwords_and_the_person_is_told),
        TEST(a_right_guess_among_many_at_once_waits_too),
        TEST(a_recovery_code_opens_once),
        TEST(a_wrong_password_tells_nothing_of_a_second_factor),
        TEST(an_empty_code_is_asked_for_and_not_counted),
        TEST(signing_asks_for_both_again_and_unlocking_is_not_enough),
        TEST(a_link_for_a_password_is_no_way_around_the_code),
        TEST(a_lost_answer_to_the_code_is_given_again),
        TEST(the_password_sent_again_opens_nothing),
        TEST(the_second_page_speaks_english_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
