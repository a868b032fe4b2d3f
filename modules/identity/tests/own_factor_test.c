/* own_factor_test.c - a second factor switched on, renewed and off by its person, asked for by a
 * role, taken away by an administrator. */
#include "factor_fixture.h"

#include "db/db.h"

/* At the page that shows the key; the app takes it from there. */
static struct app begins(struct cx *cx, struct browser *b, const char *login)
{
    struct app a = {.cx = cx, .account = account_of(cx, login)};
    assert_opens(b, "/tai-khoan/ma-xac-thuc", 200);
    assert_true(browser_press(b, "Bật mã xác thực"));
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "Nhập mã ứng dụng đang hiện");
    assert_ok(factor_begun(cx, a.account, &a.secret));
    return a;
}

static struct app switched_on(struct cx *cx, struct browser *b, const char *login)
{
    const struct app a = begins(cx, b, login);
    assert_true(browser_fill(b, "ma", code_now(&a)));
    assert_true(browser_press(b, "Bật mã xác thực"));
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "Cất mười mã dự phòng này");
    return a;
}

static void it_counts_once_a_code_was_right_and_ends_other_sessions(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua"), *there = signed_in_as(cx, "hotich.kylua");
    const struct app a = begins(cx, b, "hotich.kylua");
    const struct str text = totp_secret_text(cx->arena, a.secret);
    assert_int_equal(text.n, 32);
    assert_true(
        browser_sees(b, str_fmt(cx->arena, "%.4s %.4s %.4s", text.p, text.p + 4, text.p + 8)));
    assert_contains(browser_page(b)->body, "href=\"otpauth://totp/");
    assert_contains(browser_page(b)->body, "<svg");
    browser_fill(b, "ma", wrong_code(&a));
    browser_press(b, "Bật mã xác thực");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Mã không đúng.");
    (void)signed_in_as(cx, "hotich.kylua"); /* nothing asks for it yet */
    assert_opens(there, "/so", 200);
    browser_fill(b, "ma", code_now(&a));
    browser_press(b, "Bật mã xác thực");
    assert_sees(b, "Cất mười mã dự phòng này");
    assert_opens(b, "/tai-khoan/ma-xac-thuc", 200);
    assert_sees(b, "Đang bật, từ");
    browser_open(there, "/so");
    assert_sees(there, "Số định danh cá nhân hoặc tên đăng nhập");
    assert_int_equal(give_code(half_signed_in(cx, "hotich.kylua"), code_now(&a)), 422);
    assert_int_equal(rows_of(cx, "journal_event where kind = 'identity.factor.on'"), 1);
    assert_int_equal(rows_of(cx, "notify_notice where kind = 'identity.factor'"), 1);
}

/* Sixteen digits in groups of four, as they stand on the page. */
static size_t codes_on(struct str words, struct str *first)
{
    size_t n = 0;
    for (size_t i = 0; i + 19 <= words.n; i++) {
        bool code = i == 0 || words.p[i - 1] == ' ';
        for (size_t k = 0; k < 19 && code; k++)
            code =
                k % 5 == 4 ? words.p[i + k] == ' ' : words.p[i + k] >= '0' && words.p[i + k] <= '9';
        if (code && n++ == 0)
            *first = (struct str){words.p + i, 19};
        i += code ? 18 : 0;
    }
    return n;
}

static void recovery_codes_are_shown_once_and_kept_as_hashes(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    struct str first, hash;
    (void)switched_on(cx, b, "hotich.kylua");
    assert_int_equal(codes_on(browser_page(b)->words, &first), RECOVERY_CODES);
    first = str_dup(cx->arena, first);
    assert_int_equal(browser_again(b), 200); /* the same form again leads to the state of things */
    assert_sees(b, "Đang bật, từ");
    assert_int_equal(codes_on(browser_page(b)->words, &hash), 0);
    assert_ok(recovery_store_find(cx, account_of(cx, "hotich.kylua"), 0, &hash));
    assert_true(str_starts(hash, S("$argon2id$")));
    b = half_signed_in(cx, "hotich.kylua");
    assert_int_equal(give_code(b, str_z(cx->arena, first)), 200);
    assert_opens(b, "/tai-khoan/ma-xac-thuc", 200);
    assert_int_equal(rows_of(cx, "identity_recovery where used_at = 0"), 9);
}

static void the_key_lies_sealed_and_a_personal_number_stays_out_of_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct factor_row f;
    struct browser *b = signed_in_as(cx, "020192999101");
    const struct app a = begins(cx, b, "020192999101");
    assert_ok(factor_store_find(cx, a.account, &f));
    assert_false(str_find(f.secret, a.secret, NULL));
    assert_false(str_find(f.secret, totp_secret_text(cx->arena, a.secret), NULL));
    assert_contains(browser_page(b)->body, "...101?");
    assert_false(str_find(browser_page(b)->body, S("020192999101"), NULL));
}

static void switching_off_asks_both(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    const struct app a = switched_on(cx, b, "hotich.kylua");
    testing_advance(cx, 30'000);
    assert_opens(b, "/tai-khoan/ma-xac-thuc/tat", 200);
    browser_fill(b, "Mật khẩu", "sai-mat-khau");
    browser_fill(b, "ma", code_now(&a));
    browser_press(b, "Tắt mã xác thực");
    assert_int_equal(browser_page(b)->status, 422);
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_fill(b, "ma", wrong_code(&a));
    browser_press(b, "Tắt mã xác thực");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Mã không đúng.");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_fill(b, "ma", code_now(&a));
    browser_press(b, "Tắt mã xác thực");
    assert_sees(b, "Đã tắt mã xác thực.");
    assert_int_equal(rows_of(cx, "identity_factor") + rows_of(cx, "identity_recovery"), 0);
    (void)signed_in_as(cx, "hotich.kylua");
}

static void new_recovery_codes_end_the_old_ones(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    struct str old, fresh;
    struct code_check c;
    const struct app a = switched_on(cx, b, "hotich.kylua");
    assert_int_equal(codes_on(browser_page(b)->words, &old), RECOVERY_CODES);
    old = str_dup(cx->arena, old);
    testing_advance(cx, 30'000);
    assert_opens(b, "/tai-khoan/ma-xac-thuc/du-phong", 200);
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_fill(b, "ma", code_now(&a));
    browser_press(b, "Tạo mã mới");
    assert_int_equal(codes_on(browser_page(b)->words, &fresh), RECOVERY_CODES);
    assert_ok(factor_check(cx, a.account, old, &c));
    assert_int_equal(c.verdict, CODE_WRONG);
    assert_ok(factor_check(cx, a.account, fresh, &c));
    assert_int_equal(c.verdict, CODE_RIGHT);
}

/* ---- a role asks for it ---- */

static enum err load_strict_roles(struct cx *cx, void *)
{
    static const char text[] =
        "{\"roles\": [{\"code\": \"chuyen_vien\", \"title\": \"Chuyên viên\","
        " \"second_factor\": true, \"rights\": {\"note.write\": \"unit\"}}]}";
    size_t next = 0;
    struct pack_report report = {.lines = {.arena = cx->arena, .limit = 4096}};
    return identity_module.packs[0].load(cx, S("test.json"), str_c(text), &next, &report);
}

static void who_has_a_role_that_asks_for_it_does_nothing_before_it_is_on(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua"),
                   *leader = signed_in_as(cx, "chutich.kylua");
    assert_opens(b, "/so", 200);
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, load_strict_roles, NULL));
    static const char *const paths[] = {
        "/so", "/so/pham-vi", "/tai-khoan", "/tai-khoan/phien", "/don-vi", "/tai-khoan/mat-khau"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        browser_open(b, paths[i]);
        assert_sees(b, "Vai trò của bạn cần mã xác thực");
    }
    assert_opens(b, "/", 200); /* as everybody may see it */
    assert_not_sees(b, "Sổ của UBND phường Kỳ Lừa");
    assert_opens(leader, "/so", 200);
    assert_sees(leader, "Sổ của");
    (void)switched_on(cx, b, "hotich.kylua");
    assert_true(browser_click(b, "Đã cất, đi tiếp"));
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
}

static void a_form_sent_before_it_is_on_does_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    assert_opens(b, "/so", 200);
    browser_fill(b, "Chữ", "việc đang dở");
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, load_strict_roles, NULL));
    browser_press(b, "Ghi");
    assert_not_sees(b, "Đã ghi.");
    assert_sees(b, "Vai trò của bạn cần mã xác thực");
    assert_opens(b, "/tai-khoan/ma-xac-thuc", 200);
    assert_true(browser_press(b, "Đăng xuất")); /* the way out stays open */
    browser_open(b, "/tai-khoan");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
}

/* ---- an administrator ---- */

static struct browser *administrator(struct cx *cx, const char *login)
{
    struct browser *b = signed_in_as(cx, login);
    browser_open(b, "/quan-tri/nguoi-dung");
    return b;
}

static const char *user_path(struct cx *cx, int64_t account, const char *rest)
{
    return str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld%s", (long long)account, rest).p;
}

static void an_administrator_takes_a_lost_one_away_with_a_reason(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    struct browser *in = half_signed_in(cx, "hotich.kylua"), *b = administrator(cx, "quantri");
    assert_int_equal(give_code(in, code_now(&a)), 200);
    assert_opens(b, user_path(cx, a.account, ""), 200);
    assert_sees(b, "Người này bật mã xác thực từ");
    assert_true(browser_click(b, "Bỏ mã xác thực"));
    assert_true(browser_press(b, "Bỏ mã xác thực"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Nhập lý do");
    browser_fill(b, "Lý do", "Mất điện thoại, đã gặp tận mặt.");
    browser_press(b, "Bỏ mã xác thực");
    assert_sees(b, "Đã bỏ mã xác thực.");
    assert_sees(b, "Người này không bật mã xác thực.");
    browser_open(in, "/so");
    assert_sees(in, "Số định danh cá nhân hoặc tên đăng nhập");
    in = signed_in_as(cx, "hotich.kylua"); /* the password is enough again */
    struct event_record e[20];
    size_t n;
    bool found = false;
    assert_ok(journal_of(cx, S("identity.account"), a.account, 0, true, e, 20, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(e[i].kind, S("identity.factor.taken_away"))) {
            found = true;
            assert_int_equal(e[i].actor_account, account_of(cx, "quantri"));
            assert_contains(e[i].payload, "Mất điện thoại");
        }
    assert_true(found);
    assert_int_equal(rows_of(cx, "notify_notice where kind = 'identity.factor'"), 2);
}

static void nobody_takes_ones_own_or_one_from_above_away(void **t)
{
    struct cx *cx = test_cx(t);
    const struct app a = app_of(cx, "hotich.kylua");
    const int64_t below = account_of(cx, "vanthu.kylua");
    assert_ok(test_write(cx, role_grant(cx, a.account, S("thanh_tra"), unit_of(cx, "H37"), 0, 0)));
    assert_ok(test_write(cx, role_grant(cx, below, S("quan_tri"), unit_of(cx, "H37.114"), 0, 0)));
    struct browser *b = administrator(cx, "vanthu.kylua");
    assert_opens(b, user_path(cx, a.account, "/ma-xac-thuc"), 403);
    assert_opens(b, user_path(cx, below, "/ma-xac-thuc"), 403);
    assert_opens(b, user_path(cx, account_of(cx, "quantri"), "/ma-xac-thuc"), 404);
    assert_int_equal(rows_of(cx, "identity_factor where on_at > 0"), 1);
}

/* ---- faults ---- */

static void a_failed_call_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = account_of(cx, "hotich.kylua");
    struct recovery_codes *r = NEW(cx->arena, struct recovery_codes);
    enum err e = ERR_IO;
    int calls = 0;
    for (int i = 0; i < RECOVERY_CODES; i++)
        r->hash[i] = S("none");
    assert_ok(test_write(cx, factor_begin(cx, account)));
    while (e != OK) {
        assert_int_equal(rows_of(cx, "identity_factor where on_at > 0"), 0);
        assert_int_equal(rows_of(cx, "identity_recovery"), 0);
        assert_int_equal(rows_of(cx, "journal_event where kind = 'identity.factor.on'"), 0);
        db_fail_at(cx, ++calls);
        e = test_write(cx, factor_turn_on(cx, account, 1, r));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "identity_factor where on_at > 0"), 1);
    assert_int_equal(rows_of(cx, "identity_recovery"), RECOVERY_CODES);
    assert_true(calls > 14);
    for (e = ERR_IO, calls = 0; e != OK;) {
        assert_int_equal(rows_of(cx, "identity_recovery"), RECOVERY_CODES);
        db_fail_at(cx, ++calls);
        e = test_write(cx, factor_take_away(cx, account, S("Mất điện thoại.")));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "identity_factor") + rows_of(cx, "identity_recovery"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_counts_once_a_code_was_right_and_ends_other_sessions),
        TEST(recovery_codes_are_shown_once_and_kept_as_hashes),
        TEST(the_key_lies_sealed_and_a_personal_number_stays_out_of_it),
        TEST(switching_off_asks_both),
        TEST(new_recovery_codes_end_the_old_ones),
        TEST(who_has_a_role_that_asks_for_it_does_nothing_before_it_is_on),
        TEST(a_form_sent_before_it_is_on_does_nothing),
        TEST(an_administrator_takes_a_lost_one_away_with_a_reason),
        TEST(nobody_takes_ones_own_or_one_from_above_away),
        TEST(a_failed_call_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
