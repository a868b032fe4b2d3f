/* session_test.c - sessions and rights: the cookie, the lock, the password again. */
#include "web_fixture.h"

#include "crypto/crypto.h"

static void a_page_that_needs_a_sign_in_leads_there_and_back(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/cua-toi?x=1");
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/dang-nhap?ve=%2Fcua-toi%3Fx%3D1");
    assert_int_equal(GET_(cx, "/api/toi").status, 401);
}

static void only_the_hash_of_a_session_token_is_stored(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 200);
    assert_int_equal(rows_of(cx, "web_session"), 1);
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select token_hash from web_session"));
    assert_true(db_next(&rows));
    size_t at;
    assert_true(str_find(cookie, S("tinhso="), &at));
    struct hash h = sha256(str_from(cookie, at + 7)); /* of the 43 characters the browser keeps */
    assert_true(str_eq(db_bytes(&rows, 0), HASH_STR(h)));
    assert_int_equal(cookie.n - at - 7, 43); /* 256 bits */
}

static void who_lacks_the_right_is_told_whom_to_ask(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = ASK(cx, .target = "/kin", .cookie = enter(cx, 8));
    assert_int_equal(r.status, 403);
    assert_contains(r.body, "Hỏi chị Mai.");
    assert_int_equal(ASK(cx, .target = "/kin", .cookie = enter(cx, 7)).status, 200);
}

static void a_closed_account_is_nobody(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 9);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 303);
}

static void signing_in_again_rotates_the_token_and_keeps_open_forms_good(void **t)
{
    struct cx *cx = test_cx(t);
    struct str old = enter(cx, 7);
    struct form open = open_form(cx, "/kin", old);
    struct web_reply r = post(cx, "/vao", open_form(cx, "/ghi", old), "account=7");
    struct str fresh = str_fmt(cx->arena, "%.*s", F(cookie_of(&r, "tinhso")));
    assert_true(fresh.n > 40);
    assert_int_equal(rows_of(cx, "web_session"), 1);
    assert_int_equal(post(cx, "/kin", (struct form){fresh, open.token}, "chu=a").status, 303);
    /* The token before lives for one more minute, for answers that were lost on the way. */
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = old).status, 200);
    testing_advance(cx, 61 * SECOND_MS);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = old).status, 303);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = fresh).status, 200);
}

static void a_sign_in_whose_answer_was_lost_gets_a_session_from_the_same_form(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply lost = post(cx, "/vao", f, "account=7"),
                     again = post(cx, "/vao", f, "account=7");
    struct str a = cookie_of(&lost, "tinhso"), b = cookie_of(&again, "tinhso");
    assert_true(a.n > 40 && b.n > 40);
    assert_false(str_eq(a, b));
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = b).status, 200);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = a).status, 303);
    assert_int_equal(rows_of(cx, "web_session"), 1);
    /* Not for ever. */
    testing_advance(cx, 11 * MINUTE_MS);
    struct web_reply late = post(cx, "/vao", f, "account=7");
    assert_int_equal(late.status, 303);
    assert_int_equal(cookie_of(&late, "tinhso").n, 0);
}

static void a_password_again_whose_answer_was_lost_signs_nobody_out(void **t)
{
    struct cx *cx = test_cx(t);
    struct str old = enter(cx, 7);
    struct form f = open_form(cx, "/ghi", old);
    struct web_reply lost = post(cx, "/vao", f, "account=7"),
                     lost_too = post(cx, "/vao", f, "account=7"),
                     again = post(cx, "/vao", f, "account=7");
    struct str a = cookie_of(&lost, "tinhso"), b = cookie_of(&lost_too, "tinhso"),
               c = cookie_of(&again, "tinhso");
    assert_true(a.n > 40 && b.n > 40 && c.n > 40);
    assert_false(str_eq(b, c));
    assert_int_equal(rows_of(cx, "web_session"), 1);
    testing_advance(cx, 61 * SECOND_MS);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = old).status, 303);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = b).status, 303);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = c).status, 200);
}

static void who_got_the_answer_keeps_the_token_that_came_with_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", enter(cx, 7));
    struct web_reply got = post(cx, "/vao", f, "account=7");
    struct str fresh = str_fmt(cx->arena, "%.*s", F(cookie_of(&got, "tinhso")));
    struct web_reply again = post(cx, "/vao", (struct form){fresh, f.token}, "account=7");
    assert_int_equal(again.status, 303);
    assert_int_equal(cookie_of(&again, "tinhso").n, 0);
    testing_advance(cx, 61 * SECOND_MS);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = fresh).status, 200);
}

static void thirty_idle_minutes_lock_and_a_post_is_kept_for_after_the_password(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    struct form f = open_form(cx, "/kin", cookie);
    testing_advance(cx, 31 * MINUTE_MS);
    struct web_reply r = ASK(cx, .target = "/kin", .cookie = cookie);
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/khoa?ve=%2Fkin");
    assert_contains(ASK(cx, .target = "/", .cookie = cookie).body, "xin chào");
    r = post(cx, "/kin", f, "chu=d%E1%BB%9F+dang");
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/khoa?ve=%2Fgui-tiep");
    assert_int_equal(writes, 0);
    /* The password again (the test's route stands for identity's page). */
    struct form lock = open_form(cx, "/ghi", cookie);
    r = post(cx, "/vao", lock, "account=7");
    struct str open = cookie_of(&r, "tinhso");
    r = ASK(cx, .target = "/gui-tiep", .cookie = open);
    assert_int_equal(r.status, 200);
    assert_contains(r.body, "value=\"dở dang\"");
    assert_contains(r.body, "action=\"/kin\"");
    struct form resend = {open, token_in(cx, r.body)};
    assert_int_equal(post(cx, "/kin", resend, "chu=d%E1%BB%9F+dang").status, 303);
    assert_int_equal(writes, 1);
}

static void use_keeps_a_session_awake_until_its_twenty_hours_are_over(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    for (int i = 0; i < 8; i++) {
        testing_advance(cx, 10 * MINUTE_MS);
        assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 200);
    }
    testing_advance(cx, 20 * HOUR_MS);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 303);
}

static int64_t seen_at(struct cx *cx)
{
    int64_t at;
    assert_ok(db_one_int(cx, &at, "select seen_at from web_session"));
    return at;
}

static void last_seen_is_written_at_most_once_a_minute(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    int64_t began = cx->now;
    assert_int_equal(seen_at(cx), began);
    for (int i = 0; i < 5; i++) {
        testing_advance(cx, 11 * SECOND_MS);
        assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 200);
        assert_int_equal(seen_at(cx), began);
    }
    testing_advance(cx, 11 * SECOND_MS);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 200);
    assert_int_equal(seen_at(cx), began + 66 * SECOND_MS);
}

static void a_right_may_ask_for_the_password_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    assert_int_equal(ASK(cx, .target = "/ket", .cookie = cookie).status, 200);
    struct form f = open_form(cx, "/kin", cookie);
    testing_advance(cx, 11 * MINUTE_MS);
    struct web_reply r = ASK(cx, .target = "/ket", .cookie = cookie);
    assert_str(r.location, "/xac-nhan-lai?ve=%2Fket");
    r = post(cx, "/ket", f, "chu=a");
    assert_str(r.location, "/xac-nhan-lai?ve=%2Fgui-tiep");
    assert_int_equal(writes, 0);
}

static void signing_out_ends_the_session(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    struct web_reply r = post(cx, "/ra", open_form(cx, "/ghi", cookie), "");
    assert_str(cookie_of(&r, "tinhso"), "tinhso=");
    bool cleared = false;
    for (size_t i = 0; i < r.headers_n; i++)
        cleared = cleared || str_eq(r.headers[i].name, S("Clear-Site-Data"));
    assert_true(cleared);
    assert_int_equal(rows_of(cx, "web_session"), 0);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 303);
}

static void over_tls_cookies_are_bound_to_this_host(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = ASK(cx, .target = "/ghi", .tls = true);
    assert_contains(r.set_cookie, "__Host-tinhso-form=");
    assert_contains(r.set_cookie, "; Secure");
    assert_contains(r.set_cookie, "HttpOnly");
    assert_contains(r.set_cookie, "SameSite=Lax");
    /* And the one of the session, which a sign-in sets. */
    struct str body = str_fmt(cx->arena, "_token=%.*s&account=7", F(token_in(cx, r.body)));
    r = ASK(cx, .method = "POST", .target = "/vao", .cookie = cookie_of(&r, "__Host-tinhso-form"),
            .body = body.p, .tls = true);
    assert_int_equal(r.status, 303);
    size_t at;
    struct str cookies = S("");
    for (size_t i = 0; i < r.headers_n; i++)
        if (str_eq(r.headers[i].name, S("Set-Cookie")) &&
            str_starts(r.headers[i].value, S("__Host-tinhso=")))
            cookies = r.headers[i].value;
    assert_true(str_find(cookies, S("; Path=/"), &at));
    assert_contains(cookies, "; Secure");
    assert_contains(cookies, "; HttpOnly");
    assert_contains(cookies, "; SameSite=Lax");
    assert_lacks(cookies, "Domain");
}

/* By what a person knows a session again; never the header itself. */
static void a_session_keeps_the_kind_of_browser_in_words_of_ours(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const headers[][2] = {
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox, Windows"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
         " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
         "Edge, Windows"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
         " Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
         "Safari, iPhone"},
        {"<script>alert(1)</script>", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct form f = open_form(cx, "/ghi", S(""));
        const struct http_header h = {S("User-Agent"), str_c(headers[i][0])};
        struct web_reply r =
            ASK(cx, .method = "POST", .target = "/vao", .cookie = f.cookie, .headers = &h,
                .headers_n = 1, .body = str_fmt(cx->arena, "_token=%.*s&account=7", F(f.token)).p);
        assert_int_equal(r.status, 303);
        auto_rows rows = {0};
        assert_ok(db_query(cx, &rows, "select device from web_session order by id desc limit 1"));
        assert_true(db_next(&rows));
        assert_true(str_eq(db_str(&rows, 0), str_c(headers[i][1])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_that_needs_a_sign_in_leads_there_and_back),
        TEST(only_the_hash_of_a_session_token_is_stored),
        TEST(who_lacks_the_right_is_told_whom_to_ask),
        TEST(a_closed_account_is_nobody),
        TEST(signing_in_again_rotates_the_token_and_keeps_open_forms_good),
        TEST(a_sign_in_whose_answer_was_lost_gets_a_session_from_the_same_form),
        TEST(a_password_again_whose_answer_was_lost_signs_nobody_out),
        TEST(who_got_the_answer_keeps_the_token_that_came_with_it),
        TEST(thirty_idle_minutes_lock_and_a_post_is_kept_for_after_the_password),
        TEST(use_keeps_a_session_awake_until_its_twenty_hours_are_over),
        TEST(last_seen_is_written_at_most_once_a_minute),
        TEST(a_right_may_ask_for_the_password_again),
        TEST(signing_out_ends_the_session),
        TEST(over_tls_cookies_are_bound_to_this_host),
        TEST(a_session_keeps_the_kind_of_browser_in_words_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
