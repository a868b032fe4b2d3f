/* html_test.c - the writer of pages: escaping, addresses, sentences. */
#include "html/html.h"

#include <setjmp.h>
#include <cmocka.h>

static struct cx cx;

static int setup(void **t)
{
    cx = (struct cx){
        .arena = arena_new((size_t)8 << 20), .actor = &actor_anonymous, .lang = S("vi")};
    *t = &cx;
    return 0;
}

static int teardown(void **)
{
    arena_free(cx.arena);
    return 0;
}

#define assert_page(page, text) assert_string_equal(str_z(cx.arena, buf_str(&(page).to)), text)

static void text_is_escaped_for_elements_and_attributes(void **)
{
    struct html page = html_start(&cx);
    html_put(&page, S("<a href=\"x\" b='y'>&"));
    assert_page(page, "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
}

static void numbers_of_every_type_are_written(void **)
{
    struct html page = html_start(&cx);
    html_put(&page, INT64_MIN);
    html_put(&page, UINT64_MAX);
    html_put(&page, (short)-1);
    html_put(&page, (uint8_t)7);
    html_put(&page, (size_t)9);
    assert_page(page, "-922337203685477580818446744073709551615-179");
}

static void markup_is_written_as_it_is(void **)
{
    struct html page = html_start(&cx);
    html_put(&page, ((struct markup){S("<svg></svg>")}));
    assert_page(page, "<svg></svg>");
}

static void a_piece_of_an_address_is_percent_encoded(void **)
{
    struct html page = html_start(&cx);
    html_put_url(&page, S("a b/c?d&e=đ"));
    assert_page(page, "a%20b%2Fc%3Fd%26e%3D%C4%91");
}

static void an_empty_or_dotted_piece_cannot_change_the_path(void **)
{
    static const struct {
        const char *before, *piece, *page;
    } rows[] = {
        {"href=\"/", "", "href=\"/_"},          {"href=\"/a/", "..", "href=\"/a/_"},
        {"href=\"/a/", ".", "href=\"/a/_"},     {"href=\"/a?q=", "..", "href=\"/a?q=.."},
        {"href=\"/a?q=", "", "href=\"/a?q="},   {"href='/", "", "href='/_"},
        {"href=\"/a/", "...", "href=\"/a/..."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct html page = html_start(&cx);
        buf_add(&page.to, str_c(rows[i].before));
        html_put_url(&page, rows[i].piece);
        assert_page(page, rows[i].page);
    }
}

static void a_link_is_a_path_or_http_only(void **)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"/ho-so/1?a=b&c", "/ho-so/1?a=b&amp;c"},
        {"https://a.vn/\"x", "https://a.vn/&quot;x"},
        {"http://a.vn", "http://a.vn"},
        {"/", "/"},
        {"//evil.vn", "#"},
        {"/\\evil.vn", "#"},
        {"/\t/evil.vn", "#"},
        {"/\n/evil.vn", "#"},
        {" /a", "#"},
        {"javascript:alert(1)", "#"},
        {"JAVASCRIPT:alert(1)", "#"},
        {"data:text/html,x", "#"},
        {"ftp://a.vn", "#"},
        {"", "#"},
        {"a/b", "#"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct html page = html_start(&cx);
        html_put_link(&page, rows[i].in);
        assert_page(page, rows[i].out);
    }
}

static void a_sentence_writes_its_values_where_its_holes_are(void **)
{
    struct html page = html_start(&cx);
    int holes[4] = {0}, n = 0;
    for (struct html_message m = html_message(&page, S("Còn {2} của {1} ngày &amp; {x}"));
         html_message_next(&m);) {
        holes[n++] = m.hole;
        html_put(&page, m.hole * 10);
    }
    assert_int_equal(n, 2);
    assert_int_equal(holes[0], 2);
    assert_int_equal(holes[1], 1);
    assert_page(page, "Còn 20 của 10 ngày &amp; {x}");
}

static void text_without_a_translation_stays_vietnamese(void **)
{
    cx.lang = S("en");
    struct html page = html_start(&cx);
    html_tr(&page, S("Không có trong từ điển &amp; không dịch"));
    assert_page(page, "Không có trong từ điển &amp; không dịch");
    assert_true(str_eq(tr(&cx, S("Câu lạ")), S("Câu lạ")));
    assert_true(str_eq(html_tr_arg(&page, S("Câu lạ")), S("Câu lạ")));
}

static void json_for_scripts_cannot_leave_its_element(void **)
{
    struct markup m = html_json_script(cx.arena, S("data"), S("{\"a\":\"\\u003c/script\\u003e\"}"));
    assert_string_equal(str_z(cx.arena, m.bytes), "<script type=\"application/json\" id=\"data\">"
                                                  "{\"a\":\"\\u003c/script\\u003e\"}</script>");
}

static enum err script_with_less(struct cx *c, void *)
{
    html_json_script(c->arena, S("data"), S("\"</script>\""));
    return OK;
}

static void json_with_a_raw_less_sign_is_our_own_mistake(void **)
{
    assert_int_equal(cx_guard(&cx, script_with_less, NULL), ERR_IO);
}

static void what_counts_as_true_follows_the_type(void **)
{
    assert_true(html_is(1));
    assert_false(html_is(0));
    assert_true(html_is(true));
    assert_false(html_is((size_t)0));
    assert_true(html_is(S("a")));
    assert_false(html_is(S("")));
    assert_false(html_is((const char *)NULL));
    assert_false(html_is(((struct markup){S("")})));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_is_escaped_for_elements_and_attributes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(numbers_of_every_type_are_written, setup, teardown),
        cmocka_unit_test_setup_teardown(markup_is_written_as_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(a_piece_of_an_address_is_percent_encoded, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_or_dotted_piece_cannot_change_the_path, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_link_is_a_path_or_http_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_sentence_writes_its_values_where_its_holes_are, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(text_without_a_translation_stays_vietnamese, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(json_for_scripts_cannot_leave_its_element, setup, teardown),
        cmocka_unit_test_setup_teardown(json_with_a_raw_less_sign_is_our_own_mistake, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_counts_as_true_follows_the_type, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
