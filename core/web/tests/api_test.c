/* api_test.c - JSON APIs, language, rates, health, assets. */
#include "web_fixture.h"

#include "log/log.h"
#include <unistd.h>

static void an_api_answers_json_also_when_it_refuses(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    struct web_reply r = ASK(cx, .target = "/api/toi", .cookie = cookie);
    assert_str(r.body, "{\"account\":7}");
    r = ASK(cx, .method = "POST", .target = "/api/ten", .cookie = cookie,
            .type = "application/json", .body = "{\"ten\":");
    assert_int_equal(r.status, 400);
    assert_str(r.content_type, "application/problem+json");
    assert_contains(r.body, "\"incident\":\"400-");
    r = ASK(cx, .method = "POST", .target = "/api/ten", .cookie = cookie, .body = "ten=x");
    assert_int_equal(r.status, 415);
    assert_int_equal(GET_(cx, "/api/nothing").status, 404);
    assert_str(GET_(cx, "/api/nothing").content_type, "application/problem+json");
}

static void an_idempotency_key_makes_an_api_call_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    const struct http_header key[] = {{S("Idempotency-Key"), S("k1")}};
    struct asked a = {.method = "POST",
                      .target = "/api/ten",
                      .cookie = cookie,
                      .type = "application/json",
                      .body = "{\"ten\":\"Mai\"}",
                      .headers = key,
                      .headers_n = 1};
    assert_str(ask(cx, a).body, "{\"n\":1,\"ten\":\"Mai\"}");
    assert_str(ask(cx, a).body, "{\"n\":1,\"ten\":\"Mai\"}");
    a.headers_n = 0;
    assert_str(ask(cx, a).body, "{\"n\":2,\"ten\":\"Mai\"}");
}

static void a_page_that_did_not_change_is_not_sent_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    const struct http_header h[] = {{S("If-None-Match"), S("\"v1\"")}};
    struct web_reply r =
        ASK(cx, .target = "/api/toi", .cookie = cookie, .headers = h, .headers_n = 1);
    assert_int_equal(r.status, 304);
    assert_int_equal(r.body.n, 0);
}

static void a_condition_that_is_not_met_refuses(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    const int before = writes;
    struct http_header h[] = {{S("If-Match"), S("\"v2\"")}};
    struct asked a = {.target = "/api/toi", .cookie = cookie, .headers = h, .headers_n = 1};
    assert_int_equal(ask(cx, a).status, 412);
    h[0].value = S("\"v1\"");
    assert_int_equal(ask(cx, a).status, 200);
    struct asked post = {.method = "POST",
                         .target = "/api/ten",
                         .cookie = cookie,
                         .type = "application/json",
                         .body = "{\"ten\":\"Mai\"}",
                         .headers = h,
                         .headers_n = 1};
    struct web_reply r = ask(cx, post);
    assert_int_equal(r.status, 412);
    assert_contains(r.body, "phiên bản hiện có không khớp");
    assert_int_equal(writes, before);
}

static void openapi_lists_the_api_routes_with_their_schemas(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/api/openapi.json");
    const struct json *j;
    struct json_error bad;
    assert_int_equal(r.status, 200);
    assert_ok(json_read(cx->arena, r.body, &j, &bad));
    assert_true(json_has(json_get(json_get(j, S("paths")), S("/api/ten")), S("post")));
    assert_true(json_has(json_get(json_get(j, S("components")), S("schemas")), S("Ten")));
    assert_lacks(r.body, "/ghi");
}

static void the_language_is_kept_in_a_cookie(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/?lang=en");
    assert_contains(r.body, "lang=\"en\"");
    assert_str(cookie_of(&r, "tinhso-lang"), "tinhso-lang=en");
    r = ASK(cx, .target = "/", .cookie = S("tinhso-lang=en"));
    assert_contains(r.body, "lang=\"en\"");
    assert_contains(GET_(cx, "/").body, "lang=\"vi\"");
}

/* A refusal with values: the language of the header; a page asks only its cookie. */
static void a_program_is_refused_in_the_language_it_accepts(void **t)
{
    struct cx *cx = test_cx(t);
    const struct http_header english[] = {{S("Accept-Language"), S("fr, en-GB;q=0.8, vi")}};
    const struct http_header other[] = {{S("Accept-Language"), S("fr")}};
    struct asked a = {.method = "POST",
                      .target = "/api/ten",
                      .cookie = enter(cx, 7),
                      .type = "application/json",
                      .body = "{\"ten\":",
                      .headers = english,
                      .headers_n = 1};
    struct web_reply r = ask(cx, a);
    assert_contains(r.body, "The JSON is wrong at line 1, column 8");
    a.headers = other;
    r = ask(cx, a);
    assert_contains(r.body, "JSON sai ở dòng 1, cột 8");
    a.headers_n = 0;
    assert_contains(ask(cx, a).body, "JSON sai ở dòng 1, cột 8");
    r = ASK(cx, .target = "/", .headers = english, .headers_n = 1);
    assert_contains(r.body, "lang=\"vi\"");
}

static void return_paths_never_lead_to_another_host(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const away[] = {"//evil.vn", "https://evil.vn", "/%5Cevil.vn",
                                       "evil",      "/a%0d%0aX:1",     "/%09/x"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        struct form f = open_form(cx, "/ghi", S(""));
        struct web_reply r =
            post(cx, "/ngon-ngu", f, str_fmt(cx->arena, "lang=en&ve=%s", away[i]).p);
        assert_int_equal(r.status, 303);
        assert_str(r.location, "/");
    }
    struct form f = open_form(cx, "/ghi", S(""));
    assert_str(post(cx, "/ngon-ngu", f, "lang=en&ve=%2Fso%2F1%3Fx").location, "/so/1?x");
}

static void too_many_requests_of_one_address_wait_a_minute(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.9").status, 200);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.9").status, 200);
    struct web_reply r = ASK(cx, .target = "/it", .peer = "203.0.113.9");
    assert_int_equal(r.status, 429);
    assert_str(header_of(&r, "Retry-After"), "60");
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.10").status, 200);
    testing_advance(cx, MINUTE_MS);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.9").status, 200);
}

/* A line of IPv6 brings 2^64 addresses: each would be thirty more guesses of a code a minute. */
static void addresses_of_one_network_share_a_rate(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "2001:db8:1:2::1").status, 200);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "2001:db8:1:2:ffff::9").status, 200);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "2001:db8:1:2:a:b:c:d").status, 429);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "2001:db8:1:3::1").status, 200);
    for (int i = 0; i < 4; i++) /* people of IPv4 each have one */
        assert_int_equal(
            ASK(cx, .target = "/it", .peer = str_fmt(cx->arena, "::ffff:203.0.113.%d", i).p).status,
            200);
}

/* Who was refused what is told to operators; why, in words that may name people, is not. */
static void what_is_refused_is_a_line_of_the_log(void **t)
{
    struct cx *cx = test_cx(t);
    const struct str me = enter(cx, 8);
    int pipes[2];
    char line[4000];
    assert_int_equal(pipe(pipes), 0);
    log_to_fd(pipes[1]);
    log_from(LOG_INFO); /* as the program does */
    assert_int_equal(ASK(cx, .target = "/kin", .cookie = me).status, 403);
    log_to_fd(2);
    log_from(LOG_ERROR);
    const ssize_t n = read(pipes[0], line, sizeof line);
    close(pipes[0]);
    close(pipes[1]);
    assert_true(n > 0);
    const struct str said = {line, (size_t)n};
    assert_contains(said, "event=web.error");
    assert_contains(said, "status=403");
    assert_contains(said, "route=/kin");
    assert_contains(said, "account=8");
    assert_lacks(said, "Mai");
}

static void health_and_figures_are_for_those_who_watch(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(GET_(cx, "/livez").body, "alive\n");
    assert_str(GET_(cx, "/readyz").body, "ready\n");
    assert_contains(ASK(cx, .target = "/metrics", .peer = "127.0.0.1").body,
                    "tinhso_web_requests_total");
    assert_int_equal(ASK(cx, .target = "/metrics", .peer = "203.0.113.9").status, 404);
}

static void assets_are_kept_by_browsers_for_good(void **t)
{
    struct cx *cx = test_cx(t);
    struct str path = web_asset(cx, S("look/assets/icons.svg"));
    struct web_reply r = GET_(cx, path.p);
    assert_int_equal(r.status, 200);
    assert_contains(header_of(&r, "Cache-Control"), "immutable");
    struct str etag = header_of(&r, "ETag");
    const struct http_header h[] = {{S("If-None-Match"), etag},
                                    {S("Accept-Encoding"), S("gzip, br;q=0.9")}};
    assert_int_equal(ASK(cx, .target = path.p, .headers = h, .headers_n = 1).status, 304);
    struct web_reply packed = ASK(cx, .target = path.p, .headers = h + 1, .headers_n = 1);
    assert_str(header_of(&packed, "Content-Encoding"), "br");
    assert_true(packed.body.n < r.body.n);
    assert_int_equal(GET_(cx, "/assets/0000000000000000/look/no.css").status, 404);
}

static void in_development_assets_are_read_anew(void **t)
{
    struct cx *cx = test_cx(t);
    cx->env->source_dir = str_c(".");
    cx->env->assets_on_disk = true;
    struct str path = web_asset(cx, S("look/assets/icons.svg"));
    assert_str(path, "/assets/-/look/icons.svg");
    struct web_reply r = GET_(cx, path.p);
    assert_int_equal(r.status, 200);
    assert_str(header_of(&r, "Cache-Control"), "no-store");
    assert_contains(r.body, "<symbol");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_api_answers_json_also_when_it_refuses),
        TEST(an_idempotency_key_makes_an_api_call_once),
        TEST(a_page_that_did_not_change_is_not_sent_again),
        TEST(a_condition_that_is_not_met_refuses),
        TEST(openapi_lists_the_api_routes_with_their_schemas),
        TEST(the_language_is_kept_in_a_cookie),
        TEST(a_program_is_refused_in_the_language_it_accepts),
        TEST(return_paths_never_lead_to_another_host),
        TEST(too_many_requests_of_one_address_wait_a_minute),
        TEST(addresses_of_one_network_share_a_rate),
        TEST(what_is_refused_is_a_line_of_the_log),
        TEST(health_and_figures_are_for_those_who_watch),
        TEST(assets_are_kept_by_browsers_for_good),
        TEST(in_development_assets_are_read_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
