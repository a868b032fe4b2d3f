/* http_text_test.c - dates, percent-encoding, addresses. */
#include "../http_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct arena *arena;

static int setup(void **)
{
    arena = arena_new(64 << 20);
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

static void dates_are_written_as_rfc_9110_says(void **)
{
    assert_true(
        str_eq(http_date(arena, INT64_C(784111777000)), S("Sun, 06 Nov 1994 08:49:37 GMT")));
    assert_true(str_eq(http_date(arena, 0), S("Thu, 01 Jan 1970 00:00:00 GMT")));
    assert_true(str_eq(http_date(arena, -1), S("Wed, 31 Dec 1969 23:59:59 GMT")));
    assert_true(
        str_eq(http_date(arena, INT64_C(1709210096789)), S("Thu, 29 Feb 2024 12:34:56 GMT")));
}

static void every_date_we_write_we_read(void **)
{
    for (int64_t t = INT64_C(-2000000000000); t < INT64_C(4000000000000);
         t += INT64_C(86399000) * 97) {
        int64_t back;
        assert_true(http_date_parse(http_date(arena, t), &back));
        assert_int_equal(back, t / 1000 * 1000 - (t % 1000 < 0 ? 1000 : 0));
    }
}

static void other_dates_are_refused(void **)
{
    static const char *const bad[] = {
        "",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Mon, 06 Nov 1994 08:49:37 GMT", /* it was a Sunday */
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Thu, 30 Feb 2024 12:34:56 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun; 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
    };
    int64_t t;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (http_date_parse(str_c(bad[i]), &t))
            fail_msg("read: %s", bad[i]);
    assert_true(http_date_parse(S("Sat, 31 Dec 2016 23:59:60 GMT"), &t)); /* a leap second */
    assert_int_equal(t, INT64_C(1483228800000));
}

static void what_is_encoded_is_decoded_to_the_same(void **)
{
    struct str plain = S("Hồ sơ số 1/2 & “con”~-._ +%"), back;
    struct str encoded = url_encode(arena, plain);
    assert_true(str_starts(encoded, S("H%E1%BB%93%20s%C6%A1%20s%E1%BB%91%201%2F2%20%26%20")));
    assert_true(str_ends(encoded, S("~-._%20%2B%25")));
    assert_true(url_decode(arena, encoded, false, &back));
    assert_true(str_eq(back, plain));
    for (int c = 1; c < 0x80; c++) {
        struct str one = str_fmt(arena, "%c", c);
        assert_true(url_decode(arena, url_encode(arena, one), true, &back));
        assert_true(str_eq(back, one));
    }
}

static void a_plus_is_a_blank_only_in_forms(void **)
{
    struct str out;
    assert_true(url_decode(arena, S("a+b%2B"), true, &out) && str_eq(out, S("a b+")));
    assert_true(url_decode(arena, S("a+b%2b"), false, &out) && str_eq(out, S("a+b+")));
}

static void broken_encoding_is_refused(void **)
{
    static const char *const bad[] = {"%",     "%4",  "a%",     "%zz",       "%0g",   "%00",
                                      "a%00b", "%ff", "%c0%af", "%ed%a0%80", "%e1%bb"};
    struct str out;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (url_decode(arena, str_c(bad[i]), false, &out))
            fail_msg("decoded: %s", bad[i]);
    assert_false(url_decode(arena, S("a\0b"), false, &out));
    assert_true(url_decode(arena, S(""), false, &out) && out.n == 0);
}

static void addresses_are_taken_apart(void **)
{
    struct http_url u;
    assert_true(http_url_parse(S("https://a.example/b?c=d"), &u));
    assert_true(u.tls && u.port == 443 && str_eq(u.host, S("a.example")) &&
                str_eq(u.target, S("/b?c=d")));
    assert_true(http_url_parse(S("http://[::1]:8080"), &u));
    assert_true(!u.tls && u.port == 8080 && str_eq(u.host, S("::1")) && str_eq(u.target, S("/")));
    assert_true(str_eq(u.authority, S("[::1]:8080")));
    assert_true(http_url_parse(S("unix:/run/tinhso/admin.sock:/livez"), &u));
    assert_true(str_eq(u.socket, S("/run/tinhso/admin.sock")) && str_eq(u.target, S("/livez")));
    assert_true(http_url_parse(S("unix:/run/a.sock"), &u) && str_eq(u.target, S("/")));
    static const char *const bad[] = {"",
                                      "a.example/b",
                                      "ftp://a/",
                                      "http://",
                                      "http:///b",
                                      "http://a:0/",
                                      "http://a:99999/",
                                      "http://a:x/",
                                      "http://a:/",
                                      "http://u:p@a/",
                                      "http://a/b c",
                                      "http://a/\r\nHost: b",
                                      "http://a/#b",
                                      "http://a?b",
                                      "http://[::1/",
                                      "http://[]/",
                                      "http://[::1]x/",
                                      "http://a/hồ",
                                      "unix:",
                                      "unix::/a",
                                      "unix:/a:b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (http_url_parse(str_c(bad[i]), &u))
            fail_msg("taken: %s", bad[i]);
}

static void listening_addresses_are_numbers(void **)
{
    struct sockaddr_storage at;
    socklen_t n;
    char text[PEER_BYTES];
    assert_true(http_address(S("[2001:db8::1]:80"), &at, &n));
    http_peer_text(&at, text);
    assert_string_equal(text, "2001:db8::1");
    assert_true(http_address(S("[::ffff:192.0.2.1]:80"), &at, &n));
    http_peer_text(&at, text);
    assert_string_equal(text, "192.0.2.1"); /* one spelling of one peer */
    assert_false(http_address(S("192.0.2.256:80"), &at, &n));
    assert_false(http_address(S("::1:80"), &at, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T_(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        T_(dates_are_written_as_rfc_9110_says),
        T_(every_date_we_write_we_read),
        T_(other_dates_are_refused),
        T_(what_is_encoded_is_decoded_to_the_same),
        T_(a_plus_is_a_blank_only_in_forms),
        T_(broken_encoding_is_refused),
        T_(addresses_are_taken_apart),
        T_(listening_addresses_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
