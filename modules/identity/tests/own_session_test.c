/* own_session_test.c - people see where they are signed in, and end what is not theirs any more. */
#include "identity_fixture.h"

#include "db/db.h"

static int64_t session_of(struct cx *cx, const char *login)
{
    int64_t id;
    assert_ok(db_one_int(cx, &id, "select max(id) from web_session where account = $1",
                         V(account_of(cx, login))));
    return id;
}

static struct str token_of(const struct browser *b)
{
    const struct page_form *f = browser_page(b)->forms;
    assert_true(browser_page(b)->forms_n > 0);
    for (size_t i = 0; i < f->fields_n; i++)
        if (str_eq(f->fields[i].name, S("_token")))
            return f->fields[i].value;
    return S("");
}

static void end_one(struct browser *b, int64_t session)
{
    assert_opens(b, "/tai-khoan/phien", 200);
    struct arena *const a = browser_cx(b)->arena;
    browser_send(
        b, S("/tai-khoan/phien"), S("application/x-www-form-urlencoded"),
        str_fmt(a, "_token=%.*s&phien=%lld", F(url_encode(a, token_of(b))), (long long)session));
}

static void a_person_sees_the_own_sessions_and_ends_one(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *lost = signed_in_as(cx, "hotich.kylua"),
                   *here = signed_in_as(cx, "hotich.kylua"),
                   *other = signed_in_as(cx, "chutich.kylua");
    const int64_t ended = rows_of(cx, "journal_event where kind = 'identity.session.ended'");
    assert_opens(here, "/tai-khoan/phien", 200);
    assert_sees(here, "phiên này");
    assert_sees(here, "Ủy ban nhân dân phường Kỳ Lừa");
    assert_true(browser_press(here, "Kết thúc phiên"));
    assert_sees(here, "Đã kết thúc phiên đăng nhập.");
    assert_sees(here, "Không có phiên nào khác đang mở.");
    assert_opens(lost, "/so", 200);
    assert_sees(lost, "Mật khẩu"); /* at the sign-in page */
    assert_opens(other, "/so", 200);
    assert_not_sees(other, "Mật khẩu");
    assert_int_equal(rows_of(cx, "journal_event where kind = 'identity.session.ended'"), ended + 1);
}

static void anothers_session_is_not_there_for_me(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *me = signed_in_as(cx, "hotich.kylua"),
                   *they = signed_in_as(cx, "chutich.kylua");
    end_one(me, session_of(cx, "chutich.kylua"));
    const int theirs = browser_page(me)->status;
    struct str words = browser_page(me)->words;
    end_one(me, 999'999); /* none at all */
    assert_int_equal(theirs, 404);
    assert_int_equal(browser_page(me)->status, 404);
    assert_true(words.n > 0);
    assert_opens(they, "/so", 200);
    assert_not_sees(they, "Mật khẩu");
}

static void ending_a_session_asks_the_password_that_was_given_long_ago(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *left = signed_in_as(cx, "hotich.kylua");
    const int64_t mine = session_of(cx, "hotich.kylua");
    struct browser *thief = signed_in_as(cx, "hotich.kylua");
    testing_advance(cx, 11 * MINUTE_MS);
    end_one(thief, mine);
    assert_sees(thief, "Mật khẩu");
    assert_opens(left, "/so", 200);
    assert_not_sees(left, "Mật khẩu");
    assert_opens(thief, "/tai-khoan", 200);
    assert_true(browser_press(thief, "Đăng xuất khỏi mọi thiết bị"));
    assert_sees(thief, "Mật khẩu");
    assert_opens(left, "/so", 200);
    assert_not_sees(left, "Mật khẩu");
}

static void ending_the_own_session_signs_out(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    end_one(b, session_of(cx, "hotich.kylua"));
    assert_opens(b, "/so", 200);
    assert_sees(b, "Mật khẩu");
    assert_int_equal(rows_of(cx, "web_session"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_person_sees_the_own_sessions_and_ends_one),
        TEST(anothers_session_is_not_there_for_me),
        TEST(ending_a_session_asks_the_password_that_was_given_long_ago),
        TEST(ending_the_own_session_signs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
