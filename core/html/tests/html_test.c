/* html_test.c - the writer of pages: escaping, addresses, sentences. */
#include "html/html.h"

#include "embed/embed.h"

#include <setjmp.h>
#include <cmocka.h>

static struct cx cx;

static struct env env = {.english = html_english};

static int setup(void **t)
{
    cx = (struct cx){.arena = arena_new((size_t)8 << 20),
                     .env = &env,
                     .actor = &actor_anonymous,
                     .lang = S("vi")};
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

/* Sixteen bytes are looked at at once: at each place of each length. */
static void a_sign_is_escaped_wherever_it_stands(void **)
{
    static const char *const signs[] = {"&", "<", ">", "\"", "'", "\xE2\x81\xA6"};
    static const char *const becomes[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", ""};
    for (size_t k = 0; k < 6; k++)
        for (size_t before = 0; before < 40; before++)
            for (size_t after = 0; after < 40; after += 3) {
                struct str filled = str_fmt(cx.arena, "%0*d%s%0*d", (int)before + 1, 1, signs[k],
                                            (int)after + 1, 2);
                struct html page = html_start(&cx);
                html_text(&page, filled);
                assert_page(page, str_z(cx.arena, str_fmt(cx.arena, "%0*d%s%0*d", (int)before + 1,
                                                          1, becomes[k], (int)after + 1, 2)));
            }
    static const char *const unfit[] = {"\t", " ", "\\", "\x7F", "\n"};
    for (size_t k = 0; k < 5; k++)
        for (size_t before = 0; before < 40; before++) {
            struct html page = html_start(&cx);
            html_link(&page, str_fmt(cx.arena, "/%0*d%s%07d", (int)before + 1, 1, unfit[k], 2));
            assert_page(page, "#");
        }
    struct html link = html_start(&cx);
    html_link(&link, S("/a!~[]^_`{|}\xC3\xA0/0123456789?x=1"));
    assert_page(link, "/a!~[]^_`{|}\xC3\xA0/0123456789?x=1");
    struct html page = html_start(&cx);
    html_text(&page, S("%;=!#$\x7C\x7D\x62\xC3\xA0 €đ ế")); /* their neighbours stay */
    assert_page(page, "%;=!#$\x7C\x7D\x62\xC3\xA0 €đ ế");
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

/* The catalogue of core/web is embedded in this program too. */
static void english_is_taken_from_the_catalogue(void **)
{
    cx.lang = S("en");
    struct html page = html_start(&cx);
    html_tr(&page, S("Trang chủ"));
    html_lit(&page, "|");
    for (struct html_message m = html_message(&page, S("Tạm dừng chờ bạn: {1}"));
         html_message_next(&m);)
        html_put(&page, "<b>");
    html_lit(&page, "|");
    buf_add(&page.to, html_tr_arg(&page, S("Gửi lại")));
    assert_page(page, "Home|Paused, waiting for you: &lt;b&gt;|Send again");
    assert_true(str_eq(tr(&cx, S("Trang chủ")), S("Home")));
    cx.lang = S("vi");
    assert_true(str_eq(tr(&cx, S("Trang chủ")), S("Trang chủ")));
}

static struct str kept_in_english(const char *kept)
{
    cx.lang = S("en");
    struct str s = tr_kept(&cx, str_c(kept));
    cx.lang = S("vi");
    return s;
}

/* The steps of a sentence that waits in a row until somebody reads it. */
static void a_kept_sentence_is_said_in_the_language_of_its_reader(void **)
{
    struct str kept = tr_keep(cx.arena, T("Bước %zu trong %zu"), (size_t)2, (size_t)7);
    assert_true(str_eq(tr_kept(&cx, kept), S("Bước 2 trong 7")));
    assert_true(str_eq(kept_in_english(kept.p), S("Step 2 of 7")));
    assert_true(str_eq(kept_in_english("Trang chủ"), S("Home")));
    assert_true(str_eq(kept_in_english("Bước 2 trong 7"), S("Bước 2 trong 7"))); /* an old row */
    kept = tr_keep(cx.arena, T("Câu lạ %s, 7%%"), "xong"); /* unknown to the catalogue */
    assert_true(str_eq(tr_plain(cx.arena, tr_kept(&cx, kept)), S("Câu lạ xong, 7%")));
    /* What people wrote cannot pass for a value of ours, nor unbalance a page. */
    kept = tr_keep(cx.arena, T("Hẹn trả %.*s"), F(S(TR_END "<b>" TR_VALUE)));
    struct html page = html_start(&cx);
    html_put(&page, kept);
    assert_page(page, "Hẹn trả &lt;b&gt;");
}

static void a_refusal_is_noted_in_the_language_of_its_reader(void **)
{
    cx.lang = S("en");
    assert_int_equal(fail_field(&cx, ERR_INVALID, S("ten"), T("Hẹn trả %.*s"), F(S("Đặng"))),
                     ERR_INVALID);
    assert_true(str_eq(tr_plain(cx.arena, cx.why), S("Due Đặng")));
    assert_true(str_eq(tr_plain(cx.arena, cx.kept), S("Hẹn trả Đặng")));
    assert_true(str_eq(tr_kept(&cx, cx.kept), cx.why));
    assert_int_equal(fail_field(&cx, ERR_IO, S(""), "Trang chủ"),
                     ERR_IO); /* for the log: as it is written */
    assert_true(str_eq(cx.why, S("Trang chủ")));
    cx.lang = S("vi");
}

/* WCAG 3.1.2: names and what people wrote stay Vietnamese in an English page, and say so. */
static void vietnamese_in_an_english_page_says_its_language(void **)
{
    cx.lang = S("en");
    struct html page = html_start(&cx);
    html_put(&page, S("Trần <An>"));
    html_put(&page, S(" An × 2 "));
    html_put(&page, tr_fmt(&cx, T("Hẹn trả %.*s"), F(S("mai, ở Kỳ Lừa"))));
    html_put_attr(&page, S("Trần"));
    assert_page(page, "<span lang=\"vi\">Trần &lt;An&gt;</span> An × 2 "
                      "Due <span lang=\"vi\">mai, ở Kỳ Lừa</span>Trần");
    cx.lang = S("vi");
    page = html_start(&cx);
    html_put(&page, S("Trần"));
    assert_page(page, "Trần");
}

static int holes_in(struct str s)
{
    int holes = 0;
    for (size_t i = 0; i + 2 < s.n; i++)
        if (s.p[i] == '{' && s.p[i + 2] == '}' && s.p[i + 1] >= '1' && s.p[i + 1] <= '9')
            holes |= 1 << (s.p[i + 1] - '0');
    return holes;
}

static void a_sentence_with_values_is_translated_when_it_takes_the_same(void **)
{
    cx.lang = S("en");
    assert_true(str_eq(tr_fmt(&cx, T("Câu lạ %s, %d%%"), "a", 7), S("Câu lạ a, 7%")));
    assert_true(str_eq(tr_fmt(&cx, T("Hẹn trả %.*s"), F(S("23/11/2026"))), S("Due 23/11/2026")));
    assert_true(
        str_eq(tr_fmt(&cx, T("Bước %zu trong %zu"), (size_t)2, (size_t)7), S("Step 2 of 7")));
    cx.lang = S("vi");
    assert_true(str_eq(tr_fmt(&cx, T("Hẹn trả %.*s"), F(S("mai"))), S("Hẹn trả mai")));
}

/* "%.*s" and the like, one after the other. */
static struct str conversions_in(struct str s)
{
    struct buf b = {.arena = cx.arena, .limit = 400};
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] != '%' || (i && s.p[i - 1] == '%'))
            continue;
        size_t k = i + 1;
        while (k < s.n && strchr("0123456789.*-lhz", s.p[k]))
            k++;
        if (k < s.n && strchr("sduxc", s.p[k]))
            buf_add(&b, str_until(str_from(s, i), k + 1 - i));
    }
    return buf_str(&b);
}

static void every_translation_keeps_the_values_of_its_sentence(void **)
{
    size_t n, lines = 0;
    const struct embed_file *files = embed_under(S(""), &n);
    for (size_t i = 0; i < n; i++) {
        struct str rest = files[i].bytes, line, vietnamese, english;
        while (str_ends(files[i].path, S(".en.tsv")) && rest.n) {
            str_cut(rest, '\n', &line, &rest);
            if (line.n == 0 || line.p[0] == '#')
                continue;
            bool cut = str_cut(line, '\t', &vietnamese, &english);
            if (!cut || english.n == 0 || str_find(english, S("\t"), NULL))
                fail_msg("%.*s: \"%.*s\" is not text, tab, text", F(files[i].path), F(line));
            if (holes_in(vietnamese) != holes_in(english) ||
                !str_eq(conversions_in(vietnamese), conversions_in(english)))
                fail_msg("%.*s: \"%.*s\" has other values", F(files[i].path), F(line));
            lines++;
        }
    }
    assert_true(lines > 50);
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
        cmocka_unit_test_setup_teardown(a_sign_is_escaped_wherever_it_stands, setup, teardown),
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
        cmocka_unit_test_setup_teardown(english_is_taken_from_the_catalogue, setup, teardown),
        cmocka_unit_test_setup_teardown(a_sentence_with_values_is_translated_when_it_takes_the_same,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_kept_sentence_is_said_in_the_language_of_its_reader,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_refusal_is_noted_in_the_language_of_its_reader, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(vietnamese_in_an_english_page_says_its_language, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(every_translation_keeps_the_values_of_its_sentence, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(json_for_scripts_cannot_leave_its_element, setup, teardown),
        cmocka_unit_test_setup_teardown(json_with_a_raw_less_sign_is_our_own_mistake, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_counts_as_true_follows_the_type, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
