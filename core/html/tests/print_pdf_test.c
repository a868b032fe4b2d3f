/* print_pdf_test.c - print markup all the way to a page; poppler reads it back. */
#include "html/html.h"

#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct env env;
static struct cx cx;

static void zeros(struct env *, void *p, size_t n)
{
    memset(p, 0, n);
}

static int setup(void **)
{
    char *dir = mkdtemp((char[]){"/tmp/print-pdf-test-XXXXXX"});
    struct arena *arena = arena_new((size_t)256 << 20);
    env = (struct env){.random = zeros, .data_dir = str_dup(arena, str_c(dir))};
    cx = (struct cx){.arena = arena,
                     .env = &env,
                     .actor = &actor_program,
                     .now = INT64_C(1795400045000),
                     .lang = S("vi")};
    return dir == NULL;
}

static struct str output_of(const char *command)
{
    FILE *f = popen(command, "r");
    assert_non_null(f);
    char *p = arena_alloc(cx.arena, 65536);
    size_t n = fread(p, 1, 65535, f);
    assert_int_equal(pclose(f), 0);
    return (struct str){p, n};
}

static int teardown(void **)
{
    output_of(str_fmt(cx.arena, "rm -rf %.*s", F(env.data_dir)).p);
    cx_close_all(&cx);
    arena_free(cx.arena);
    return 0;
}

static struct str text_of_page(const char *template_text, const char *data)
{
    const struct json *values;
    struct json_error json_error;
    const struct pdf_block *blocks;
    struct html_error error = {.what = S("")};
    size_t n;
    assert_int_equal(json_read(cx.arena, str_c(data), &values, &json_error), OK);
    if (html_print_blocks(&cx, str_c(template_text), values, &blocks, &n, &error) != OK)
        fail_msg("%d:%d %.*s", error.line, error.column, F(error.what));
    struct str pdf;
    assert_int_equal(
        pdf_make(&cx, &(struct pdf_page_spec){.paper = PDF_A5, .size = 11}, blocks, n, &pdf), OK);
    const char *path = str_fmt(cx.arena, "%.*s/page.pdf", F(env.data_dir)).p;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fwrite(pdf.p, 1, pdf.n, f);
    fclose(f);
    return output_of(str_fmt(cx.arena, "pdftotext -layout %s -", path).p);
}

static void a_printed_form_shows_what_people_wrote_as_they_wrote_it(void **)
{
    struct str page = text_of_page(
        "<p align=\"center\" size=\"14\" bold>GIẤY TIẾP NHẬN</p><space height=\"6\"/>"
        "<columns><p>Số: <b>{{no}}</b></p><p align=\"right\">Ghi chú:<i>gấp</i></p></columns>"
        "<p>{{note}}</p><table widths=\"1 4\" border head><tr bold><td>STT</td><td>Giấy tờ</td></tr>"
        "{{#each papers}}<tr><td>{{@number}}</td><td>{{this}}</td></tr>{{/each}}</table>"
        "<qr text=\"https://a.vn/?a=1&amp;b={{url no}}\" height=\"60\"/><signature height=\"40\"/>",
        "{\"no\":\"H37/2026\",\"note\":\"**không đậm** //không nghiêng// <b>&amp; C:\\\\thư mục\","
        "\"papers\":[\"Tờ khai\",\"Giấy chứng sinh\"]}");
    static const char *const expected[] = {"GIẤY TIẾP NHẬN",
                                           "Số: H37/2026",
                                           "**không đậm** //không nghiêng// <b>&amp; C:\\thư mục",
                                           "STT",
                                           "1",
                                           "Tờ khai",
                                           "2",
                                           "Giấy chứng sinh"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!str_find(page, str_c(expected[i]), NULL))
            fail_msg("\"%s\" is not in:\n%.*s", expected[i], F(page));
    assert_false(str_find(page, S("//gấp//"), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_printed_form_shows_what_people_wrote_as_they_wrote_it,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
