/* json_test.c - reading and writing JSON: what is taken, what is refused and where, what is kept.
 */
#include "json/json.h"

#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *arena;

static int setup(void **)
{
    arena = arena_new((size_t)64 << 20);
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

static const struct json *read_ok(const char *text)
{
    const struct json *v = NULL;
    struct json_error e = {0};
    if (json_read(arena, str_c(text), &v, &e) != OK)
        fail_msg("%s: refused at %zu:%zu: %s", text, e.line, e.column, e.what);
    return v;
}

static struct str written(const struct json *v)
{
    struct buf b = {.arena = arena, .limit = (size_t)16 << 20};
    json_put(&(struct json_out){.to = &b}, v);
    return buf_str(&b);
}

#define assert_text(s, expected) assert_string_equal(str_z(arena, (s)), (expected))

/* ---- reading ---- */

static void every_kind_of_value_is_read(void **)
{
    const struct json *v = read_ok(
        " {\"a\" : [ 1, -20, 1.50, 1e3, true, false, null, \"x\" ], \"b\":{}, \"\":[] } \n");
    assert_int_equal(v->kind, JSON_OBJECT);
    assert_int_equal(v->n, 3);
    const struct json *a = json_get(v, S("a"));
    assert_int_equal(a->n, 8);
    assert_int_equal(json_int(json_at(a, 0), -1), 1);
    assert_int_equal(json_int(json_at(a, 1), -1), -20);
    assert_int_equal(json_at(a, 2)->kind, JSON_DECIMAL);
    assert_text(json_at(a, 2)->text, "1.50");
    assert_text(json_at(a, 3)->text, "1e3");
    assert_true(json_true(json_at(a, 4)));
    assert_int_equal(json_at(a, 5)->kind, JSON_FALSE);
    assert_int_equal(json_at(a, 6)->kind, JSON_NULL);
    assert_text(json_text(json_at(a, 7)), "x");
    assert_int_equal(json_get(v, S("b"))->kind, JSON_OBJECT);
    assert_int_equal(json_get(v, S(""))->kind, JSON_ARRAY);
}

static void numbers_stay_exact(void **)
{
    assert_int_equal(json_int(read_ok("9223372036854775807"), 0), INT64_MAX);
    assert_int_equal(json_int(read_ok("-9223372036854775808"), 0), INT64_MIN);
    assert_text(read_ok("9223372036854775808")->text, "9223372036854775808");
    assert_text(read_ok("-9223372036854775809")->text, "-9223372036854775809");
    assert_text(read_ok("0.1000000000000000055511151231257827")->text,
                "0.1000000000000000055511151231257827");
    assert_int_equal(json_int(read_ok("-0"), 1), 0);
}

static void escapes_become_characters(void **)
{
    struct str s =
        json_text(read_ok("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0110\\u1ea5\\uD83D\\uDE00\\u0000z\""));
    assert_int_equal(s.n, 19);
    assert_memory_equal(s.p, "\"\\/\b\f\n\r\tĐấ😀\0z", 19);
}

static void strings_without_escapes_point_into_the_text(void **)
{
    const char *text = "[\"Hồ sơ\"]";
    assert_ptr_equal(json_text(json_at(read_ok(text), 0)).p, text + 2);
}

static void what_is_absent_answers_quietly(void **)
{
    const struct json *v = read_ok("{\"a\":null}");
    assert_true(json_has(v, S("a")));
    assert_false(json_has(v, S("b")));
    const struct json *deep = json_at(json_get(json_get(v, S("b")), S("c")), 3);
    assert_int_equal(deep->kind, JSON_NULL);
    assert_int_equal(json_text(deep).n, 0);
    assert_int_equal(json_int(deep, 7), 7);
    assert_false(json_true(deep));
}

struct refusal {
    const char *text, *what;
    size_t line, column;
};

static void what_is_no_json_is_refused_with_its_place(void **)
{
    static const struct refusal rows[] = {
        {"", "the text ends where a value is expected", 1, 1},
        {" \n ", "the text ends where a value is expected", 2, 2},
        {"{\"a\":1,}", "a key in quotes is expected", 1, 8},
        {"[1,]", "a value is expected", 1, 4},
        {"[1 2]", "\",\" or \"]\" is expected", 1, 4},
        {"{\"a\" 1}", "\":\" is expected", 1, 6},
        {"{\"a\":1 \"b\"}", "\",\" or \"}\" is expected", 1, 8},
        {"[\n  1,\n  tru\n]", "a value is expected", 3, 3},
        {"01", "not a number of JSON", 1, 1},
        {"[-]", "not a number of JSON", 1, 2},
        {"1.", "not a number of JSON", 1, 1},
        {"1e+", "not a number of JSON", 1, 1},
        {"+1", "a value is expected", 1, 1},
        {".5", "a value is expected", 1, 1},
        {"1 1", "something follows the value", 1, 3},
        {"\"a", "the text ends inside a string", 1, 3},
        {"\"a\\", "the text ends inside a string", 1, 4},
        {"\"a\\\"", "the text ends inside a string", 1, 5},
        {"\"a\nb\"", "a control character inside a string", 1, 3},
        {"\"\\x\"", "an unknown escape", 1, 2},
        {"\"\\u12\"", "\\u needs four hexadecimal digits", 1, 2},
        {"\"\\u12G4\"", "\\u needs four hexadecimal digits", 1, 2},
        {"\"\\uD800\"", "half of a surrogate pair", 1, 2},
        {"\"\\uD800\\u0041\"", "half of a surrogate pair", 1, 2},
        {"\"\\uDC00\\uDC00\"", "half of a surrogate pair", 1, 2},
        {"\"\\uD800\\uDC0\"", "half of a surrogate pair", 1, 2},
        {"[\"ấ\",\n \"\xC3\"]", "not UTF-8", 2, 3},
        {"\xEF\xBB\xBF{}", "a value is expected", 1, 1},
        {"{\"a\":1,\n\"b\":2, \"a\":3}", "duplicate key", 2, 8},
        {"{\"a\":1,\"\\u0061\":3}", "duplicate key", 1, 1},
        {"'a'", "a value is expected", 1, 1},
        {"[1]\f", "something follows the value", 1, 4},
        {"// x\n1", "a value is expected", 1, 1},
        {"NaN", "a value is expected", 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct json *v;
        struct json_error e = {0}, again = {0};
        assert_int_equal(json_read(arena, str_c(rows[i].text), &v, &e), ERR_INVALID);
        assert_string_equal(e.what, rows[i].what);
        assert_int_equal(e.line, rows[i].line);
        assert_int_equal(e.column, rows[i].column);
        assert_int_equal(json_check(str_c(rows[i].text), &again), ERR_INVALID);
        assert_string_equal(again.what, e.what);
        assert_int_equal(again.column, e.column);
    }
}

static void a_raw_zero_byte_is_no_blank(void **)
{
    const struct json *v;
    struct json_error e;
    assert_int_equal(json_read(arena, (struct str){"1\0", 2}, &v, &e), ERR_INVALID);
    assert_int_equal(json_read(arena, (struct str){"\0", 1}, &v, &e), ERR_INVALID);
    assert_int_equal(json_read(arena, (struct str){"[\0]", 3}, &v, &e), ERR_INVALID);
}

static struct str nested(int depth, const char *open, const char *close)
{
    struct buf b = {.arena = arena, .limit = (size_t)4 << 20};
    for (int i = 0; i < depth; i++)
        buf_add(&b, str_c(open));
    buf_byte(&b, '1');
    for (int i = 0; i < depth; i++)
        buf_add(&b, str_c(close));
    return buf_str(&b);
}

static void nesting_ends_at_sixty_four(void **)
{
    const struct json *v;
    struct json_error e = {0};
    assert_int_equal(json_read(arena, nested(64, "[", "]"), &v, &e), OK);
    assert_int_equal(json_read(arena, nested(65, "[", "]"), &v, &e), ERR_INVALID);
    assert_int_equal(e.column, 65);
    assert_int_equal(json_read(arena, nested(64, "{\"a\":", "}"), &v, &e), OK);
    assert_int_equal(json_read(arena, nested(100000, "[", "]"), &v, &e), ERR_INVALID);
    assert_string_equal(e.what, "nested deeper than 64");
}

static struct str many_keys(size_t n, size_t same)
{
    struct buf b = {.arena = arena, .limit = (size_t)4 << 20};
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s\"k%zu\":%zu", i ? "," : "{", i == n - 1 ? same : i, i);
    buf_byte(&b, '}');
    return buf_str(&b);
}

static void a_duplicate_is_found_among_many_keys(void **)
{
    static const size_t counts[] = {2, 23, 24, 25, 26, 63, 64, 65, 1000, 50000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t n = counts[i];
        const struct json *v;
        struct json_error e = {0};
        assert_int_equal(json_read(arena, many_keys(n, n - 1), &v, &e), OK);
        assert_int_equal(v->n, n);
        assert_int_equal(json_int(json_get(v, str_fmt(arena, "k%zu", n / 2)), -1), n / 2);
        assert_int_equal(json_read(arena, many_keys(n, n / 2 - 1), &v, &e), ERR_INVALID);
        assert_string_equal(e.what, "duplicate key");
        arena_reset(arena);
    }
}

static void what_does_not_fit_the_arena_is_a_limit_not_a_failure(void **)
{
    struct buf b = {.arena = arena, .limit = (size_t)1 << 20};
    buf_byte(&b, '[');
    for (int i = 0; i < 20000; i++)
        buf_add(&b, S("1,"));
    buf_add(&b, S("1]"));
    struct arena *small = arena_new(100000);
    const struct json *v;
    struct json_error e = {0};
    assert_int_equal(json_read(small, buf_str(&b), &v, &e), ERR_LIMIT);
    assert_int_equal(json_check(buf_str(&b), &e), OK);
    struct buf s = {.arena = arena, .limit = (size_t)1 << 20};
    buf_add(&s, S("\"\\n"));
    for (int i = 0; i < 200000; i++)
        buf_byte(&s, 'x');
    buf_byte(&s, '"');
    assert_int_equal(json_read(small, buf_str(&s), &v, &e), ERR_LIMIT);
    arena_free(small);
    struct arena *none = arena_new(16);
    assert_int_equal(json_read(none, S("1"), &v, &e), ERR_LIMIT);
    arena_free(none);
}

/* ---- writing ---- */

static void what_is_written_is_read_back(void **)
{
    struct buf b = {.arena = arena, .limit = 4096};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("tên"), S("Nguyễn \"A\"\n"));
    json_num(&o, S("n"), INT64_MIN);
    json_flag(&o, S("có"), true);
    json_key(&o, S("list"));
    json_open_array(&o);
    json_put_null(&o);
    json_put_bool(&o, false);
    json_put_decimal(&o, S("-1.20e5"));
    json_open_array(&o);
    json_close_array(&o);
    json_open_object(&o);
    json_close_object(&o);
    json_put_int(&o, 5);
    json_close_array(&o);
    json_close_object(&o);
    const char *expected =
        "{\"tên\":\"Nguyễn \\\"A\\\"\\n\",\"n\":-9223372036854775808,\"có\":true,"
        "\"list\":[null,false,-1.20e5,[],{},5]}";
    assert_text(buf_str(&b), expected);
    assert_text(written(read_ok(expected)), expected);
}

static void what_could_end_a_script_is_escaped(void **)
{
    struct buf b = {.arena = arena, .limit = 4096};
    struct json_out o = {.to = &b};
    json_put_str(&o, S("</script>&\xE2\x80\xA8\xE2\x80\xA9…\x01\x7F đ ấ 漢 😀\xEF\xBF\xBD"));
    assert_text(buf_str(&b),
                "\"\\u003c/script\\u003e\\u0026\\u2028\\u2029…\\u0001\x7F đ ấ 漢 😀\\ufffd\"");
}

static void bytes_that_are_no_utf8_do_not_spoil_the_text(void **)
{
    for (int round = 0; round < 20000; round++) {
        char p[16];
        struct str s = {p, (size_t)(round % 16)};
        for (size_t i = 0; i < s.n; i++)
            p[i] = (char)(rand() >> 7);
        struct buf b = {.arena = arena, .limit = 4096};
        json_put_str(&(struct json_out){.to = &b}, s);
        struct json_error e;
        assert_int_equal(json_check(buf_str(&b), &e), OK);
        arena_reset(arena);
    }
}

static enum err put_bad_decimal(struct cx *cx, void *text)
{
    struct buf b = {.arena = cx->arena, .limit = 4096};
    json_put_decimal(&(struct json_out){.to = &b}, str_c(text));
    return OK;
}

static void a_decimal_must_be_a_number(void **)
{
    struct cx cx = {.arena = arena, .actor = &actor_anonymous};
    assert_int_equal(cx_guard(&cx, put_bad_decimal, (void *)"1.5"), OK);
    static const char *const bad[] = {"", "1.", "1,5", "0x1", "NaN", "1 ", "--1", "1e"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(cx_guard(&cx, put_bad_decimal, (void *)(uintptr_t)bad[i]), ERR_IO);
}

/* ---- files ---- */

static void a_file_is_checked_with_the_place_of_its_mistake(void **)
{
    char path[] = "/tmp/json-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct json_error e = {0};
    assert_int_equal(write(fd, "{\n \"a\": 1\n", 10), 10);
    assert_int_equal(json_check_file(path, &e), ERR_INVALID);
    assert_int_equal(e.line, 3);
    assert_int_equal(e.column, 1);
    assert_int_equal(write(fd, "}", 1), 1);
    assert_int_equal(json_check_file(path, &e), OK);
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    struct str keys = many_keys(200000, 199999); /* over the first megabyte of the reading */
    assert_int_equal(write(fd, keys.p, keys.n), (ssize_t)keys.n);
    assert_int_equal(json_check_file(path, &e), OK);
    close(fd);
    unlink(path);
    assert_int_equal(json_check_file(path, &e), ERR_NOT_FOUND);
    assert_int_equal(json_check_file("/", &e), ERR_IO);
}

/* ---- the public suite ---- */

/* JSONTestSuite by Nicolas Seriot; its LICENSE lies there. y_ must be taken, n_ refused, i_ either.
 */
#define SUITE "core/json/tests/suite"

static struct str read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *p = arena_alloc(arena, (size_t)1 << 20);
    size_t n = fread(p, 1, (size_t)1 << 20, f);
    fclose(f);
    return (struct str){p, n};
}

/* RFC 8259 leaves equal keys to the reader; we refuse them, because two readers that disagree on
 * which one counts are a hole. */
static bool is_refused_by_us(const char *name)
{
    return strcmp(name, "y_object_duplicated_key.json") == 0 ||
           strcmp(name, "y_object_duplicated_key_and_value.json") == 0;
}

static void the_public_suite_is_judged_as_its_names_say(void **)
{
    DIR *dir = opendir(SUITE);
    assert_non_null(dir);
    int n = 0;
    for (struct dirent *d = readdir(dir); d; d = readdir(dir)) {
        if (d->d_name[0] == '.' || strcmp(d->d_name, "LICENSE") == 0)
            continue;
        struct str text = read_file(str_fmt(arena, "%s/%s", SUITE, d->d_name).p);
        const struct json *v;
        struct json_error e = {0};
        bool taken = json_read(arena, text, &v, &e) == OK;
        assert_int_equal(json_check(text, &e) == OK, taken);
        bool expected =
            d->d_name[0] == 'i' ? taken : d->d_name[0] == 'y' && !is_refused_by_us(d->d_name);
        if (taken != expected)
            fail_msg("%s: %s (%s)", d->d_name, taken ? "taken" : "refused", e.what);
        n++;
        arena_reset(arena);
    }
    closedir(dir);
    assert_int_equal(n, 204);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_value_is_read),
        TEST(numbers_stay_exact),
        TEST(escapes_become_characters),
        TEST(strings_without_escapes_point_into_the_text),
        TEST(what_is_absent_answers_quietly),
        TEST(what_is_no_json_is_refused_with_its_place),
        TEST(a_raw_zero_byte_is_no_blank),
        TEST(nesting_ends_at_sixty_four),
        TEST(a_duplicate_is_found_among_many_keys),
        TEST(what_does_not_fit_the_arena_is_a_limit_not_a_failure),
        TEST(what_is_written_is_read_back),
        TEST(what_could_end_a_script_is_escaped),
        TEST(bytes_that_are_no_utf8_do_not_spoil_the_text),
        TEST(a_decimal_must_be_a_number),
        TEST(a_file_is_checked_with_the_place_of_its_mistake),
        TEST(the_public_suite_is_judged_as_its_names_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
