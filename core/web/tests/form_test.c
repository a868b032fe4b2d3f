/* form_test.c - form tokens: once only, from here only, refused and drawn again. */
#include "web_fixture.h"

static void a_form_sent_twice_is_written_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply first = post(cx, "/ghi", f, "chu=a");
    struct web_reply second = post(cx, "/ghi", f, "chu=khac");
    assert_int_equal(first.status, 303);
    assert_str(first.location, "/so/1");
    assert_int_equal(second.status, 303);
    assert_str(second.location, "/so/1");
    assert_int_equal(writes, 1);
    assert_int_equal(rows_of(cx, "web_answer"), 1);
}

static void a_form_without_a_good_token_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct form other = open_form(cx, "/ghi", S(""));
    struct form none = {f.cookie, S("")}, crossed = {other.cookie, f.token},
                cut = {f.cookie, str_until(f.token, 40)};
    struct form no_cookie = {S(""), f.token};
    const struct form bad[] = {none, crossed, cut, no_cookie};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct web_reply r = post(cx, "/ghi", bad[i], "chu=a");
        assert_int_equal(r.status, 403);
        assert_contains(r.body, "Mở lại trang rồi gửi lại");
    }
    assert_int_equal(writes, 0);
}

/* Each form of a page is its own, also where a page has more of them than a byte can count. */
static void forms_of_one_page_are_written_once_each(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply page = GET_(cx, "/ghi?them=300");
    struct str rest = page.body, cookie = cookie_of(&page, "tinhso-form"), tokens[301];
    size_t at;
    for (size_t i = 0; i < 301; i++) {
        tokens[i] = token_in(cx, rest);
        for (size_t k = 0; k < i; k++)
            assert_false(str_eq(tokens[i], tokens[k]));
        assert_true(str_find(rest, tokens[i], &at));
        rest = str_from(rest, at);
    }
    const size_t some[] = {0, 1, 255, 256, 300};
    for (size_t i = 0; i < 5; i++) {
        const struct form f = {cookie, tokens[some[i]]};
        assert_int_equal(post(cx, "/ghi", f, "chu=a").status, 303);
        assert_int_equal(post(cx, "/ghi", f, "chu=a").status, 303);
        assert_int_equal(writes, i + 1);
    }
}

/* The random half of one page with the MAC of another is nobody's form. */
static void halves_of_two_pages_make_no_form(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S("")), g = open_form(cx, "/ghi", f.cookie);
    struct str a, b;
    assert_true(str_unbase64url(cx->arena, f.token, &a));
    assert_true(str_unbase64url(cx->arena, g.token, &b));
    struct str both = str_fmt(cx->arena, "%.*s%.*s", F(str_base64url(cx->arena, str_until(a, 15))),
                              F(str_base64url(cx->arena, str_from(b, 15))));
    assert_int_equal(post(cx, "/ghi", (struct form){f.cookie, both}, "chu=a").status, 403);
    assert_int_equal(writes, 0);
}

static void a_form_of_another_site_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    const struct http_header h[] = {{S("Sec-Fetch-Site"), S("cross-site")}};
    struct web_reply r =
        ASK(cx, .method = "POST", .target = "/ghi", .cookie = f.cookie, .headers = h,
            .headers_n = 1, .body = str_fmt(cx->arena, "_token=%.*s&chu=a", F(f.token)).p);
    assert_int_equal(r.status, 403);
    assert_int_equal(writes, 0);
}

static void a_refused_form_is_drawn_again_with_what_was_typed(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/ghi", f, "chu=");
    assert_int_equal(r.status, 422);
    assert_contains(r.body, "Nhập chữ.");
    r = post(cx, "/ghi", f, "chu=xung+%C4%91%E1%BB%99t");
    assert_int_equal(r.status, 409);
    assert_contains(r.body, "value=\"xung đột\"");
    assert_contains(r.body, "Có người vừa ghi trước.");
    /* The corrected form carries a fresh token and goes through. */
    struct form again = {f.cookie, token_in(cx, r.body)};
    assert_int_equal(post(cx, "/ghi", again, "chu=xong").status, 303);
}

static void bodies_of_a_wrong_kind_or_size_are_refused(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(
        ASK(cx, .method = "POST", .target = "/ghi", .body = "<x/>", .type = "text/xml").status,
        415);
    assert_int_equal(ASK(cx, .method = "POST", .target = "/ghi", .body = "a=%ff").status, 400);
    assert_int_equal(
        ASK(cx, .method = "POST", .target = "/ghi", .body = "--x", .type = "multipart/form-data")
            .status,
        400);
    char *big = arena_alloc(cx->arena, 300 * 1024);
    memset(big, 'a', 300 * 1024 - 1);
    struct web_reply r = ASK(cx, .method = "POST", .target = "/ghi", .body = big);
    assert_int_equal(r.status, 413);
    assert_contains(r.body, "256 kB");
}

static void a_toast_is_shown_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/ghi", f, "chu=a");
    struct str toast = cookie_of(&r, "tinhso-toast");
    assert_true(toast.n > 20);
    assert_lacks(toast, "ghi");
    r = ASK(cx, .target = "/", .cookie = toast);
    assert_contains(r.body, "Đã ghi.");
    assert_str(cookie_of(&r, "tinhso-toast"), "tinhso-toast=");
    assert_lacks(GET_(cx, "/").body, "Đã ghi.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_form_sent_twice_is_written_once),
        TEST(a_form_without_a_good_token_is_refused),
        TEST(forms_of_one_page_are_written_once_each),
        TEST(halves_of_two_pages_make_no_form),
        TEST(a_form_of_another_site_is_refused),
        TEST(a_refused_form_is_drawn_again_with_what_was_typed),
        TEST(bodies_of_a_wrong_kind_or_size_are_refused),
        TEST(a_toast_is_shown_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
