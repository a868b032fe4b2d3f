/* factor_fixture.h - somebody with an authenticator app. */
#pragma once
#include "identity_fixture.h"

#include "../identity_factor.h"
#include "crypto/crypto.h"

struct app { /* what the phone knows */
    struct cx *cx;
    int64_t account;
    struct str secret;
    struct str recovery[RECOVERY_CODES];
};

static inline const char *code_at(const struct app *a, int steps)
{
    return str_z(a->cx->arena, totp_code(a->cx->arena, a->secret, totp_step(a->cx->now) + steps));
}

static inline const char *code_now(const struct app *a)
{
    return code_at(a, 0);
}

/* A code that is none of those about now. */
static inline const char *wrong_code(const struct app *a)
{
    static const char *const guesses[] = {"000000", "111111", "222222", "333333"};
    for (size_t i = 0; i < 4; i++) {
        bool right = false;
        for (int step = -2; step <= 2; step++)
            right = right || strcmp(code_at(a, step), guesses[i]) == 0;
        if (!right)
            return guesses[i];
    }
    return "444444";
}

/* By the rules: without the pages, and with one recovery code that is hashed. */
static inline struct app app_of(struct cx *cx, const char *login)
{
    struct app a = {.cx = cx, .account = account_of(cx, login)};
    struct recovery_codes *r = NEW(cx->arena, struct recovery_codes);
    assert_ok(test_write(cx, factor_begin(cx, a.account)));
    assert_ok(factor_begun(cx, a.account, &a.secret));
    for (int i = 0; i < RECOVERY_CODES; i++) {
        r->plain[i] = a.recovery[i] = str_fmt(cx->arena, "%d123456789012345", i);
        r->hash[i] = S("none");
    }
    assert_ok(password_hash(cx, r->plain[3], &r->hash[3]));
    assert_ok(test_write(cx, factor_turn_on(cx, a.account, totp_step(cx->now) - 5, r)));
    return a;
}

/* A browser that gave the password and is asked the code. */
static inline struct browser *half_signed_in(struct cx *cx, const char *login)
{
    struct browser *b = browser_new(cx);
    assert_opens(b, "/dang-nhap", 200);
    assert_true(browser_fill(b, "tai_khoan", login));
    assert_true(browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD));
    assert_true(browser_press(b, "Đăng nhập"));
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "Nhập mã xác thực");
    return b;
}

static inline int give_code(struct browser *b, const char *code)
{
    assert_true(browser_fill(b, "ma", code));
    assert_true(browser_press(b, "Đăng nhập"));
    return browser_page(b)->status;
}
