/* invite_test.c - one-time links: used once, for a time, and only by whom they were made for. */
#include "identity_fixture.h"

#include "crypto/crypto.h"

static struct invite invite_for(struct cx *cx, int64_t account)
{
    struct invite i;
    assert_ok(test_write(cx, identity_invite(cx, account, &i)));
    return i;
}

static int64_t newcomer(struct cx *cx)
{
    int64_t account;
    struct person p = {.kind = S("cong_dan"), .name = S("Hứa Thị Mới"), .born_on = INT64_MIN};
    assert_ok(test_write(cx, person_put(cx, &p)));
    assert_ok(test_write(
        cx, account_add(cx, S("moi.kylua"), IDENTITY_NO_PASSWORD, p.id, p.name, &account)));
    assert_ok(
        test_write(cx, role_grant(cx, account, S("chuyen_vien"), unit_of(cx, "H37.114"), 0, 0)));
    return account;
}

static void type_password(struct browser *b, const char *once, const char *again)
{
    assert_true(browser_fill(b, "mat_khau_moi", once));
    assert_true(browser_fill(b, "mat_khau_lai", again));
    assert_true(browser_press(b, "Đặt mật khẩu và đăng nhập"));
}

static void a_link_sets_a_password_once_and_signs_in(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = newcomer(cx);
    const struct invite i = invite_for(cx, account);
    bool has = true;
    assert_ok(identity_has_password(cx, account, &has));
    assert_false(has);
    struct browser *b = browser_new(cx), *other = browser_new(cx);
    assert_opens(b, i.path.p, 200);
    assert_sees(b, "Chào Hứa Thị Mới.");
    assert_sees(b, "moi.kylua");
    type_password(b, "ngắn", "khác");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "ít nhất 10 ký tự");
    assert_sees(b, "khác nhau");
    type_password(b, "bốn từ ghép lại", "bốn từ ghép lại");
    assert_sees(b, "Đã đặt mật khẩu.");
    assert_sees(b, "Sổ của UBND phường Kỳ Lừa");
    assert_opens(other, i.path.p, 404);
    assert_sees(other, "Nhờ người quản trị cấp đường dẫn mới");
    assert_ok(identity_has_password(cx, account, &has));
    assert_true(has);
    assert_int_equal(rows_of(cx, "identity_invite where used_at = 0"), 0);
}

static void links_over_for_a_month_go_when_another_is_made(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = newcomer(cx);
    invite_for(cx, account);
    testing_advance(cx, 20 * DAY_MS);
    invite_for(cx, account);
    assert_int_equal(rows_of(cx, "identity_invite"), 2);
    for (int i = 0; i < 5; i++) {
        testing_advance(cx, 40 * DAY_MS);
        invite_for(cx, account);
    }
    assert_int_equal(rows_of(cx, "identity_invite"), 1);
}

static void a_link_ends_after_three_days_and_when_another_is_made(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = newcomer(cx);
    const struct invite first = invite_for(cx, account), second = invite_for(cx, account);
    struct browser *b = browser_new(cx);
    assert_opens(b, first.path.p, 404);
    assert_opens(b, second.path.p, 200);
    testing_advance(cx, IDENTITY_INVITE_HOURS * HOUR_MS);
    type_password(b, "bốn từ ghép lại", "bốn từ ghép lại");
    assert_int_equal(browser_page(b)->status, 404);
    assert_opens(b, "/kich-hoat/khong-co", 404);
}

static void two_browsers_with_one_link_make_one_password(void **t)
{
    struct cx *cx = test_cx(t);
    const struct invite i = invite_for(cx, newcomer(cx));
    struct browser *a = browser_new(cx), *b = browser_new(cx);
    assert_opens(a, i.path.p, 200);
    assert_opens(b, i.path.p, 200);
    type_password(a, "mật khẩu của người đầu", "mật khẩu của người đầu");
    assert_int_equal(browser_page(a)->status, 200);
    type_password(b, "mật khẩu của người sau", "mật khẩu của người sau");
    assert_int_equal(browser_page(b)->status, 404);
}

/* What is kept of the link does not open it. */
static void the_database_holds_no_link(void **t)
{
    struct cx *cx = test_cx(t);
    const struct invite i = invite_for(cx, newcomer(cx));
    const struct str token = str_from(i.path, 11);
    auto_rows rows = {0};
    assert_int_equal(token.n, 43);
    assert_ok(db_query(cx, &rows, "select token_hash from identity_invite"));
    assert_true(db_next(&rows));
    const struct hash h = sha256(token);
    assert_memory_equal(db_bytes(&rows, 0).p, h.b, HASH_BYTES);
}

static void a_failed_call_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = newcomer(cx);
    struct invite i;
    enum err e = ERR_IO;
    int calls = 0;
    while (e != OK) {
        assert_int_equal(rows_of(cx, "identity_invite"), 0);
        db_fail_at(cx, ++calls);
        e = test_write(cx, identity_invite(cx, account, &i));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "identity_invite"), 1);
    assert_true(calls >= 4);
}

static struct browser *administrator(struct cx *cx)
{
    struct browser *b = signed_in_as(cx, "quantri");
    browser_open(b, "/quan-tri/nguoi-dung");
    if (browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD))
        browser_press(b, "Xác nhận");
    return b;
}

static void an_administrator_gives_a_link_again(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = newcomer(cx);
    struct browser *b = administrator(cx);
    assert_opens(b, str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)account).p, 200);
    assert_sees(b, "chưa đặt mật khẩu");
    assert_true(browser_press(b, "Cấp đường dẫn đặt mật khẩu"));
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "Đưa đường dẫn này cho Hứa Thị Mới.");
    assert_contains(browser_page(b)->body, "/kich-hoat/");
    struct event_record e[20];
    size_t n;
    bool found = false;
    assert_ok(journal_of(cx, S("identity.account"), account, 0, false, e, 20, &n));
    for (size_t i = 0; i < n; i++)
        found = found || str_eq(e[i].kind, S("identity.invite.made"));
    assert_true(found);
}

/* A commune's administrator must not become somebody who also works above. */
static void whoever_works_elsewhere_too_is_not_reset_from_below(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = newcomer(cx), below = account_of(cx, "vanthu.kylua");
    assert_ok(test_write(cx, role_grant(cx, account, S("thanh_tra"), unit_of(cx, "H37"), 0, 0)));
    assert_ok(test_write(cx, role_grant(cx, below, S("quan_tri"), unit_of(cx, "H37.114"), 0, 0)));
    struct browser *b = signed_in_as(cx, "vanthu.kylua");
    assert_opens(b, str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)account).p, 200);
    assert_true(browser_press(b, "Cấp đường dẫn đặt mật khẩu"));
    assert_int_equal(browser_page(b)->status, 403);
    assert_int_equal(rows_of(cx, "identity_invite"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_link_sets_a_password_once_and_signs_in),
        TEST(links_over_for_a_month_go_when_another_is_made),
        TEST(a_link_ends_after_three_days_and_when_another_is_made),
        TEST(two_browsers_with_one_link_make_one_password),
        TEST(the_database_holds_no_link),
        TEST(a_failed_call_leaves_nothing_behind),
        TEST(an_administrator_gives_a_link_again),
        TEST(whoever_works_elsewhere_too_is_not_reset_from_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
