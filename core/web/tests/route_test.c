/* route_test.c - routes, methods, headers, faults. */
#include "web_fixture.h"

/* ---- routes ---- */

static void a_page_shows_what_was_asked_as_text(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/?ten=%3Cb%3EMai");
    assert_int_equal(r.status, 200);
    assert_contains(r.body, "xin chào &lt;b&gt;Mai");
    assert_str(r.content_type, "text/html; charset=utf-8");
}

static void a_literal_segment_wins_over_a_name(void **t)
{
    struct cx *cx = test_cx(t);
    assert_contains(GET_(cx, "/so/moi").body, "xin chào");
    assert_contains(GET_(cx, "/so/c%C5%A9").body, "trang cũ");
    assert_contains(GET_(cx, "/so/moi/xem").body, "trang moi");
    assert_contains(GET_(cx, "/so/a%2Fb").body, "trang a/b");
}

static void what_is_not_there_is_404_with_an_incident_and_a_way_on(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/nowhere");
    assert_int_equal(r.status, 404);
    assert_contains(r.body, "Không tìm thấy trang này");
    assert_contains(r.body, "404-");
    assert_contains(r.body, "action=\"/tim\"");
    r = GET_(cx, "/khong-co");
    assert_int_equal(r.status, 404);
    assert_contains(r.body, "Không tìm thấy hồ sơ có mã này.");
}

static void malformed_paths_and_queries_are_refused(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const bad[] = {"/so/%zz", "/so/%00", "/so/..",
                                      "/so//x",  "/so/%ff", "/?a=%ff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int status = GET_(cx, bad[i]).status;
        assert_true(status == 400 || status == 404);
    }
}

static void a_slash_at_the_end_leads_to_the_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/so/moi/?ten=x");
    assert_int_equal(r.status, 308);
    assert_str(r.location, "/so/moi?ten=x");
}

static void other_methods_are_405_and_options_lists_them(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = ASK(cx, .method = "DELETE", .target = "/ghi");
    assert_int_equal(r.status, 405);
    assert_str(header_of(&r, "Allow"), "GET, HEAD, OPTIONS, POST");
    r = ASK(cx, .method = "OPTIONS", .target = "/so/1");
    assert_int_equal(r.status, 204);
    assert_str(header_of(&r, "Allow"), "GET, HEAD, OPTIONS");
    r = ASK(cx, .method = "POST", .target = "/so/1", .body = "a=b");
    assert_int_equal(r.status, 405);
    r = ASK(cx, .method = "HEAD", .target = "/so/1");
    assert_int_equal(r.status, 200);
}

static void every_page_carries_the_security_headers(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/");
    assert_contains(header_of(&r, "Content-Security-Policy"),
                    "default-src 'none'; script-src 'self'");
    assert_contains(header_of(&r, "Content-Security-Policy"), "frame-ancestors 'none'");
    assert_str(header_of(&r, "X-Content-Type-Options"), "nosniff");
    assert_str(header_of(&r, "Referrer-Policy"), "same-origin");
    assert_str(header_of(&r, "Cache-Control"), "no-store");
    r = ASK(cx, .target = "/", .tls = true);
    assert_str(header_of(&r, "Strict-Transport-Security"), "max-age=31536000");
}

/* Other names below the host are the installation's to decide. */
static void the_names_below_are_kept_to_tls_where_the_installation_says_so(void **t)
{
    struct cx *cx = test_cx(t);
    struct settings *own = settings_new(), *before = cx->env->settings;
    struct web *w;
    settings_set(own, S("web.hsts"), S("subdomains"));
    web_close(cx->env->web);
    cx->env->settings = own;
    assert_ok(web_open(cx, modules, &w));
    struct web_reply r = ASK(cx, .target = "/", .tls = true);
    assert_str(header_of(&r, "Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
    r = GET_(cx, "/");
    assert_str(header_of(&r, "Strict-Transport-Security"), "");
    cx->env->settings = before;
    settings_free(own);
}

static void no_other_site_is_let_in(void **t)
{
    struct cx *cx = test_cx(t);
    const struct http_header h[] = {{S("Origin"), S("https://ke-xau.test")},
                                    {S("Access-Control-Request-Method"), S("POST")}};
    static const char *const methods[] = {"GET", "OPTIONS", "POST"};
    for (size_t m = 0; m < 3; m++) {
        struct web_reply r = ASK(cx, .method = methods[m], .target = "/ghi", .headers = h,
                                 .headers_n = 2, .cookie = enter(cx, 7));
        for (size_t i = 0; i < r.headers_n; i++)
            assert_false(str_starts(r.headers[i].name, S("Access-Control-")));
    }
}

static void a_table_with_a_fault_does_not_start(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct route no_right[] = {{GET, "/x", "X", NULL, READ, .show = show_hello}, {0}};
    static const struct route twice[] = {{GET, "/x/{a}", "X", &anyone, READ, .show = show_hello},
                                         {GET, "/x/{b}", "X", &anyone, READ, .show = show_hello},
                                         {0}};
    static const struct route no_write[] = {
        {POST, "/x", "X", &anyone, WRITE, .prepare = check_form}, {0}};
    const struct route *const tables[] = {no_right, twice, no_write};
    for (size_t i = 0; i < 3; i++) {
        struct web *w, *before = cx->env->web;
        const struct web_part part = {"x", tables[i], NULL, NULL};
        assert_err(web_open_parts(cx, &part, 1, &w), ERR_IO);
        cx->env->web = before;
    }
}

/* ---- pages that are too slow for READ ---- */

static int64_t metric_of(struct cx *cx, const char *name)
{
    struct buf b = {.arena = cx->arena, .limit = 1 << 16};
    struct str line = str_fmt(cx->arena, "\n%s{store=\"core\"} ", name), rest;
    size_t at;
    int64_t n;
    lanes_metrics(cx->env->lanes, &b);
    assert_true(str_find(buf_str(&b), line, &at));
    str_cut(str_from(buf_str(&b), at + line.n), '\n', &rest, &line);
    assert_true(str_int(rest, &n));
    return n;
}

static void a_page_that_was_too_slow_is_not_begun_twice_the_next_time(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    assert_contains(GET_(cx, "/dem?q=20000").body, "20000");
    assert_int_equal(metric_of(cx, "tinhso_read_again_total"), 1);
    assert_contains(GET_(cx, "/dem?q=20001").body, "20001");
    assert_int_equal(metric_of(cx, "tinhso_read_again_total"), 1);
    assert_int_equal(metric_of(cx, "tinhso_read_straight_total"), 1);
    assert_contains(GET_(cx, "/dem?q=20").body, "20"); /* another shape of query */
    assert_contains(GET_(cx, "/").body, "xin chào");   /* another route */
    assert_int_equal(metric_of(cx, "tinhso_read_straight_total"), 1);
}

/* ---- faults ---- */

static void a_broken_promise_is_a_500_with_a_number_and_the_next_request_works(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/hong");
    assert_int_equal(r.status, 500);
    assert_contains(r.body, "500-");
    assert_lacks(r.body, "MUST");
    assert_int_equal(GET_(cx, "/").status, 200);
}

static void a_broken_promise_in_a_write_undoes_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/ghi", f, "chu=h%E1%BB%8Fng");
    assert_int_equal(r.status, 500);
    assert_int_equal(rows_of(cx, "web_answer"), 0);
    r = post(cx, "/ghi", f, "chu=ok"); /* the token is still good */
    assert_int_equal(r.status, 303);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_shows_what_was_asked_as_text),
        TEST(a_literal_segment_wins_over_a_name),
        TEST(what_is_not_there_is_404_with_an_incident_and_a_way_on),
        TEST(malformed_paths_and_queries_are_refused),
        TEST(a_slash_at_the_end_leads_to_the_page),
        TEST(other_methods_are_405_and_options_lists_them),
        TEST(every_page_carries_the_security_headers),
        TEST(the_names_below_are_kept_to_tls_where_the_installation_says_so),
        TEST(no_other_site_is_let_in),
        TEST(a_table_with_a_fault_does_not_start),
        TEST(a_page_that_was_too_slow_is_not_begun_twice_the_next_time),
        TEST(a_broken_promise_is_a_500_with_a_number_and_the_next_request_works),
        TEST(a_broken_promise_in_a_write_undoes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
