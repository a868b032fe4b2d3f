/* str_test.c - slices, growing text, encodings, the map. */
#include "base/base.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>
#include <openssl/evp.h>

static struct arena *arena;
static uint64_t seed = 1;

static int setup(void **)
{
    arena = arena_new((size_t)16 << 20);
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % sides);
}

#define assert_text(s, expected) assert_string_equal(str_z(arena, (s)), (expected))

static void slices_are_compared_by_bytes(void **)
{
    assert_true(str_eq(S(""), (struct str){NULL, 0}));
    assert_true(str_eq(S("ab"), S("ab")));
    assert_false(str_eq(S("ab"), S("abc")));
    assert_true(str_cmp(S("a"), S("ab")) < 0);
    assert_true(str_cmp(S("b"), S("ab")) > 0);
    assert_int_equal(str_cmp(S("đ"), S("đ")), 0);
    assert_true(str_cmp(S("z"), S("đ")) < 0); /* bytes over 127 are the greater ones */
    assert_true(str_eq_ascii_case(S("Content-TYPE"), S("content-type")));
    assert_false(str_eq_ascii_case(S("Đ"), S("đ")));
    assert_int_equal(str_c(NULL).n, 0);
}

static void parts_of_a_slice_are_found(void **)
{
    size_t at = 99;
    assert_true(str_starts(S("abc"), S("ab")) && str_starts(S("abc"), S("")) &&
                !str_starts(S("a"), S("ab")));
    assert_true(str_ends(S("abc"), S("bc")) && str_ends(S("abc"), S("")) &&
                !str_ends(S("c"), S("bc")));
    assert_true(str_find(S("một hai"), S("hai"), &at));
    assert_int_equal(at, 6); /* ộ has three bytes */
    assert_false(str_find(S("ha"), S("hai"), &at));
    assert_true(str_find(S("ha"), S(""), &at));
    assert_int_equal(at, 0);
    assert_text(str_trim(S(" \t\r\n a b \v\f")), "a b");
    assert_int_equal(str_trim(S("   ")).n, 0);
    assert_text(str_from(S("abc"), 2), "c");
    assert_int_equal(str_from(S("abc"), 7).n, 0);
    assert_text(str_until(S("abc"), 2), "ab");
    assert_text(str_until(S("abc"), 9), "abc");
}

static void a_slice_is_cut_at_a_sign(void **)
{
    struct str head, rest;
    assert_true(str_cut(S("a=b=c"), '=', &head, &rest));
    assert_text(head, "a");
    assert_text(rest, "b=c");
    assert_true(str_cut(S("a="), '=', &head, &rest));
    assert_int_equal(rest.n, 0);
    assert_false(str_cut(S("abc"), '=', &head, &rest));
    assert_text(head, "abc");
    assert_int_equal(rest.n, 0);
    assert_false(str_cut(S(""), '=', &head, &rest));
}

static void whole_numbers_are_read_within_64_bits(void **)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"007", true, 7},
        {"-12", true, -12},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1a", false, 0},
        {"--1", false, 0},
        {"99999999999999999999", false, 0},
        {"1.0", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t v = 5;
        assert_int_equal(str_int(str_c(rows[i].text), &v), rows[i].ok);
        assert_int_equal(v, rows[i].ok ? rows[i].value : 5);
    }
}

static void text_is_made_in_the_arena(void **)
{
    const struct str parts[] = {S("a"), S(""), S("c")};
    assert_text(str_join(arena, parts, 3, S(", ")), "a, , c");
    assert_int_equal(str_join(arena, parts, 0, S(", ")).n, 0);
    assert_text(str_fmt(arena, "%d/%s", 5, "đ"), "5/đ");
    struct str copy = str_dup(arena, S("abc"));
    assert_int_equal(copy.p[3], 0); /* ended by NUL */
    assert_text(str_ascii_lower(arena, S("ABC Đ")), "abc Đ");
}

static void a_buffer_grows_to_its_limit_and_stays_full(void **)
{
    struct buf b = {.arena = arena, .limit = 1000};
    assert_text(buf_str(&b), "");
    for (int i = 0; i < 99; i++)
        buf_add(&b, S("0123456789"));
    buf_int(&b, INT64_MIN); /* 20 bytes: over the limit */
    assert_true(b.full);
    assert_int_equal(b.n, 990);
    buf_byte(&b, 'x'); /* would fit, but the text would have a hole */
    buf_fmt(&b, "%s", "y");
    assert_int_equal(b.n, 990);
    struct buf exact = {.arena = arena, .limit = 3};
    buf_fmt(&exact, "%s", "abc");
    assert_false(exact.full);
    assert_text(buf_str(&exact), "abc");
}

static void long_formatted_text_is_whole(void **)
{
    struct buf b = {.arena = arena, .limit = 10000};
    buf_fmt(&b, "%05000d", 7);
    assert_int_equal(b.n, 5000);
    assert_int_equal(b.p[4999], '7');
}

static void hexadecimal_is_read_back(void **)
{
    struct str out;
    assert_text(str_hex(arena, (struct str){"\x00\xff\x1a", 3}), "00ff1a");
    assert_true(str_unhex(arena, S("00Ff1A"), &out));
    assert_memory_equal(out.p, "\x00\xff\x1a", 3);
    assert_true(str_unhex(arena, S(""), &out));
    assert_false(str_unhex(arena, S("0"), &out));
    assert_false(str_unhex(arena, S("0g"), &out));
    assert_false(str_unhex(arena, S("0 "), &out));
}

static void base64_is_as_openssl_writes_it(void **)
{
    for (size_t n = 0; n < 100; n++) {
        unsigned char bytes[100], theirs[200];
        for (size_t i = 0; i < n; i++)
            bytes[i] = (unsigned char)dice(256);
        EVP_EncodeBlock(theirs, bytes, (int)n);
        struct str s = {(const char *)bytes, n}, back, url = str_base64url(arena, s);
        assert_text(str_base64(arena, s), (const char *)theirs);
        assert_true(str_unbase64(arena, str_base64(arena, s), &back) && str_eq(back, s));
        assert_true(str_unbase64url(arena, url, &back) && str_eq(back, s));
        assert_null(memchr(url.p, '=', url.n));
    }
}

static void a_value_has_one_base64_text(void **)
{
    struct str out;
    assert_true(str_unbase64(arena, S("TQ=="), &out));
    assert_false(str_unbase64(arena, S("TR=="), &out)); /* stray bits */
    assert_false(str_unbase64(arena, S("TQ="), &out));
    assert_false(str_unbase64(arena, S("TQ"), &out));
    assert_false(str_unbase64(arena, S("T==="), &out));
    assert_false(str_unbase64(arena, S("TQ=\n"), &out));
    assert_false(str_unbase64(arena, S("=QTQ"), &out));
    assert_true(str_unbase64url(arena, S("-_8"), &out));
    assert_false(str_unbase64url(arena, S("+/8"), &out));
    assert_false(str_unbase64url(arena, S("TQ=="), &out));
    assert_false(str_unbase64url(arena, S("A"), &out));
    assert_false(str_unbase64url(arena, (struct str){"A\0", 2}, &out));
}

static void a_map_keeps_many_keys_and_replaces(void **)
{
    struct map m = {0};
    assert_null(map_get(&m, S("a")));
    static int values[5000];
    for (int i = 0; i < 5000; i++)
        map_put(arena, &m, str_fmt(arena, "key %d", i), &values[i]);
    map_put(arena, &m, S("key 7"), &values[0]);
    map_put(arena, &m, S(""), &values[1]);
    assert_int_equal(m.n, 5001);
    for (int i = 0; i < 5000; i++)
        assert_ptr_equal(map_get(&m, str_fmt(arena, "key %d", i)), &values[i == 7 ? 0 : i]);
    assert_ptr_equal(map_get(&m, S("")), &values[1]);
    assert_null(map_get(&m, S("key 5000")));
}

/* ---- formats ---- */

/* Ours and the C library's say the same, also where the block of the arena ends in the middle. */
[[gnu::format(printf, 1, 2)]] static void same_as_libc(const char *format, ...)
{
    char theirs[256];
    va_list a, b;
    va_start(a, format);
    va_copy(b, a);
    const struct str ours = str_vfmt(arena, format, a);
    const int n = vsnprintf(theirs, sizeof theirs, format, b);
    va_end(b);
    va_end(a);
    assert_int_equal(ours.n, n);
    assert_string_equal(ours.p, theirs);
}

static void a_format_means_what_it_means_to_the_c_library(void **)
{
    const long long numbers[] = {0, 1, -1, 9, 10, -10, 99, 100, 4711, -4711, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const long long v = numbers[i];
        same_as_libc("%d|%02d|%04d|%d", (int)v, (int)v, (int)v, (int)v);
        same_as_libc("<%lld %08lld %llu %u %zu>", v * 1000003, v, (unsigned long long)v,
                     (unsigned)v, (size_t)v);
        same_as_libc("%5d %-5d %+d %x %04x %ld", (int)v, (int)v, (int)v, (unsigned)v, (unsigned)v,
                     (long)v);
    }
    same_as_libc("%lld %lld", (long long)INT64_MIN, (long long)INT64_MAX);
    same_as_libc("%llu", (unsigned long long)UINT64_MAX);
    same_as_libc("%s và %.*s%c%%", "chữ", 3, "abcdef", 'x');
    same_as_libc("%.*s|%.*s|%.*s", 0, "", 9, "ngắn", 2, "a");
    same_as_libc("%10s|%-10s|%.2s|%5.1f|%g", "a", "b", "cdef", 1.25, 0.5);
    same_as_libc("không có gì");
    same_as_libc("%s", "một câu dài hơn chỗ: một câu dài hơn chỗ, một câu dài hơn chỗ");
}

static void a_format_of_many_numbers_is_right(void **)
{
    for (int i = 0; i < 2000; i++) {
        const int64_t v = (int64_t)((uint64_t)dice(UINT32_MAX) << dice(33)) - dice(1000);
        same_as_libc("%lld %012lld %d", (long long)v, (long long)v, (int)v);
    }
}

static void a_number_is_written_as_it_is(void **)
{
    const int64_t numbers[] = {0, 7, -7, 10, -100, INT64_MAX, INT64_MIN};
    const char *const texts[] = {
        "0", "7", "-7", "10", "-100", "9223372036854775807", "-9223372036854775808"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct buf b = {.arena = arena, .limit = 100};
        buf_int(&b, numbers[i]);
        assert_text(buf_str(&b), texts[i]);
    }
}

/* Many a caller reads on to the end of the text. */
static void a_growing_text_ends_where_it_ends(void **)
{
    struct buf b = {.arena = arena, .limit = 100000};
    for (int i = 0; i < 5000; i++) {
        if (dice(2))
            buf_byte(&b, 'x');
        else
            buf_add(&b, S("một hai"));
        assert_true(b.n == b.cap || b.p[b.n] == 0);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_format_means_what_it_means_to_the_c_library),
        TEST(a_format_of_many_numbers_is_right),
        TEST(a_number_is_written_as_it_is),
        TEST(a_growing_text_ends_where_it_ends),
        TEST(slices_are_compared_by_bytes),
        TEST(parts_of_a_slice_are_found),
        TEST(a_slice_is_cut_at_a_sign),
        TEST(whole_numbers_are_read_within_64_bits),
        TEST(text_is_made_in_the_arena),
        TEST(a_buffer_grows_to_its_limit_and_stays_full),
        TEST(long_formatted_text_is_whole),
        TEST(hexadecimal_is_read_back),
        TEST(base64_is_as_openssl_writes_it),
        TEST(a_value_has_one_base64_text),
        TEST(a_map_keeps_many_keys_and_replaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
