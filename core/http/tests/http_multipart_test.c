/* http_multipart_test.c - forms with files, cut anywhere. */
#include "http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

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

/* What the hooks heard, as one text: "[name|file|type]data;" for each part. */
static struct buf heard;
static int stop_after; /* pieces of data until the hook refuses; 0: never */

static enum err on_part(void *, struct str name, struct str filename, struct str type)
{
    buf_fmt(&heard, "[%.*s|%s%.*s|%.*s]", F(name), filename.p ? "=" : "", F(filename), F(type));
    return OK;
}

static enum err on_data(void *, struct str piece)
{
    assert_true(piece.n > 0);
    buf_add(&heard, piece);
    return stop_after && --stop_after == 0 ? ERR_DENIED : OK;
}

static enum err on_end(void *)
{
    buf_add(&heard, S(";"));
    return OK;
}

static const struct multipart_hooks hooks = {on_part, on_data, on_end, NULL};

/* The text comes as [0..cut), [cut..cut + step), and so on. */
static enum err read_form(struct str type, struct str text, size_t cut, size_t step)
{
    heard = (struct buf){.arena = arena, .limit = 1 << 20};
    struct multipart *m = multipart_new(arena, type, &hooks);
    assert_non_null(m);
    enum err e = multipart_feed(m, str_until(text, cut));
    for (size_t at = cut; at < text.n && e == OK; at += step)
        e = multipart_feed(m, str_until(str_from(text, at), step));
    return e == OK ? multipart_end(m) : e;
}

#define TYPE S("multipart/form-data; boundary=XX")
#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

/* The same result at every cut, in big and in small steps. */
static void expect(struct str text, enum err err, const char *want)
{
    struct arena_mark mark = arena_here(arena);
    for (size_t cut = 0; cut <= text.n; cut++) {
        const size_t steps[] = {text.n + 1, 1, 2, 7};
        for (size_t k = 0; k < 4; k++) {
            enum err e = read_form(TYPE, text, cut, steps[k]);
            if (e != err || (want && !str_eq(buf_str(&heard), str_c(want))))
                fail_msg("cut %zu by %zu: %s, %.*s", cut, steps[k], err_name(e),
                         F(buf_str(&heard)));
            arena_back(arena, mark);
        }
    }
}

static void fields_and_files_are_told_apart(void **)
{
    expect(
        S("--XX\r\n" FIELD(
            "họ tên") "Nguyễn Văn A\r\n"
                      "--XX\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"đơn.pdf\"\r\n"
                      "Content-Type: application/pdf\r\n\r\n%PDF\r\n-\r\n--XY\r--XX\r\n\r\n"
                      "--XX\r\n" FIELD("empty") "\r\n--XX--\r\n"),
        OK,
        "[họ tên||]Nguyễn Văn A;[tep|=đơn.pdf|application/pdf]%PDF\r\n-\r\n--XY\r--XX\r\n;[empty||];");
}

static void an_empty_file_and_an_unnamed_file_are_seen(void **)
{
    expect(S("--XX\r\nContent-Disposition: form-data; name=a; filename=\"\"\r\n"
             "Content-Type: application/octet-stream\r\n\r\n\r\n--XX--"),
           OK, "[a|=|application/octet-stream];");
}

static void what_looks_like_a_boundary_is_data(void **)
{
    expect(S("--XX\r\n" FIELD("a") "\r\n\r\n--X\r\n--\r\n-\r\r\n--XX--"), OK,
           "[a||]\r\n\r\n--X\r\n--\r\n-\r;");
    /* Right after the head it is one: an empty part, and then "--XX--" is no head. */
    expect(S("--XX\r\n" FIELD("a") "--XX\r\n--XX--"), ERR_INVALID, "[a||];");
}

static void a_line_end_before_and_words_after_are_allowed(void **)
{
    expect(S("\r\n--XX\r\n" FIELD("a") "b\r\n--XX--\r\nepilogue --XX\r\n"), OK, "[a||]b;");
}

static void quotes_in_names_are_unescaped(void **)
{
    expect(
        S("--XX\r\nContent-Disposition: form-data; name=\"x\\\"y\"; filename=\"C:\\dir\\x\\\\y;z\"\r\n\r\nd\r\n--XX--"),
        OK, "[x\"y|=C:\\dir\\x\\y;z|]d;");
}

static void malformed_forms_are_refused(void **)
{
    static const char *const bad[] = {
        "",
        "--XX",
        "preamble\r\n--XX\r\n" FIELD("a") "b\r\n--XX--",
        "\r\n\r\n--XX\r\n" FIELD("a") "b\r\n--XX--",
        "--XY\r\n" FIELD("a") "b\r\n--XX--",
        "--XX\n" FIELD("a") "b\r\n--XX--",
        "--XX \r\n" FIELD("a") "b\r\n--XX--",
        "--XX\r\n\r\nno head\r\n--XX--",
        "--XX\r\nContent-Type: text/plain\r\n\r\nno name\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\" x\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\xff\"\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\tb\"\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition : form-data; name=\"a\"\r\n\r\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\n\nb\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nb\r\n--XX--",
        "--XX\r\n" FIELD("a") "b\r\n--XX\r\n",
        "--XX\r\n" FIELD("a") "b\r\n--XX-",
        "--XX\r\n" FIELD("a") "b\r\n--XX-x",
        "--XX\r\n" FIELD("a") "b",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect(str_c(bad[i]), ERR_INVALID, NULL);
    expect(S("--XX--"), OK, ""); /* but a form without fields is a form */
}

static void only_a_proper_boundary_is_taken(void **)
{
    static const char *const good[] = {
        "multipart/form-data; boundary=XX", "Multipart/Form-Data;boundary=\"XX\"",
        "multipart/form-data; charset=utf-8; boundary=XX", "multipart/form-data; BOUNDARY=XX;"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(read_form(str_c(good[i]), S("--XX\r\n" FIELD("a") "b\r\n--XX--"), 3, 5),
                         OK);
    static const char *const bad[] = {
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=\"a\r\"",
        "multipart/form-data; boundary=\"a \"",
        "multipart/mixed; boundary=XX",
        "multipart/form-databoundary=XX",
        "multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (multipart_new(arena, str_c(bad[i]), &hooks))
            fail_msg("taken: %s", bad[i]);
}

static void a_hook_that_refuses_ends_the_reading(void **)
{
    stop_after = 1;
    assert_int_equal(read_form(TYPE, S("--XX\r\n" FIELD("a") "b\r\n--XX--"), 0, 1), ERR_DENIED);
    stop_after = 0;
    assert_true(str_eq(buf_str(&heard), S("[a||]b")));
}

static void heads_and_parts_are_limited(void **)
{
    struct buf b = {.arena = arena, .limit = 10 << 20};
    buf_add(&b, S("--XX\r\nX: "));
    for (int i = 0; i < 5000; i++)
        buf_byte(&b, 'a');
    assert_int_equal(read_form(TYPE, buf_str(&b), 0, 1000), ERR_LIMIT);
    b.n = 0;
    for (int i = 0; i < 1001; i++)
        buf_add(&b, S("--XX\r\n" FIELD("a") "b\r\n"));
    assert_int_equal(read_form(TYPE, buf_str(&b), 0, 1000), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T_(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        T_(fields_and_files_are_told_apart),    T_(an_empty_file_and_an_unnamed_file_are_seen),
        T_(what_looks_like_a_boundary_is_data), T_(a_line_end_before_and_words_after_are_allowed),
        T_(quotes_in_names_are_unescaped),      T_(malformed_forms_are_refused),
        T_(only_a_proper_boundary_is_taken),    T_(a_hook_that_refuses_ends_the_reading),
        T_(heads_and_parts_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
