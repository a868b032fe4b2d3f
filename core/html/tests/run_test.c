/* run_test.c - templates as data: pages, mails and print forms over JSON. */
#include "html/html.h"

#include <setjmp.h>
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

static const struct json *json_of(const char *text)
{
    const struct json *v = NULL;
    struct json_error e;
    if (json_read(arena, str_c(text), &v, &e) != OK)
        fail_msg("%s: %s", text, e.what);
    return v;
}

/* What came out, or "refused: ...". */
static const char *outcome(enum html_kind kind, const char *template_text, const char *data)
{
    const struct html_template *t;
    struct html_error error = {.what = S("")};
    struct str out = S("");
    enum err e = html_template_load(arena, kind, str_c(template_text), &t, &error);
    if (e == OK)
        e = html_template_run(arena, t, json_of(data), &out, &error);
    if (e != OK)
        return str_fmt(arena, "%s %d:%d %.*s", e == ERR_LIMIT ? "limit:" : "refused:", error.line,
                       error.column, F(error.what))
            .p;
    return str_z(arena, out);
}

struct row {
    const char *template_text, *data, *out;
};

static void check(enum html_kind kind, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_string_equal(outcome(kind, rows[i].template_text, rows[i].data), rows[i].out);
}
#define CHECK(kind, rows) check(kind, rows, sizeof rows / sizeof *rows)

static void a_page_is_drawn_from_json(void **)
{
    static const struct row rows[] = {
        {"<h1 title=\"{{a}}\">Hồ sơ {{a}} của {{b.c}}</h1>",
         "{\"a\":\"<x>\",\"b\":{\"c\":\"'\\\"&\"}}",
         "<h1 title=\"&lt;x&gt;\">Hồ sơ &lt;x&gt; của &#39;&quot;&amp;</h1>"},
        {"<p>{{n}} {{d}}</p>", "{\"n\":-5,\"d\":1.50}", "<p>-5 1.50</p>"},
        {"<a href=\"/a/{{url x}}\">1</a><a href=\"{{link y}}\">2</a>",
         "{\"x\":\"a/b c\",\"y\":\"javascript:f()\"}",
         "<a href=\"/a/a%2Fb%20c\">1</a><a href=\"#\">2</a>"},
        {"<p>a &amp; b {{x}}</p>", "{\"x\":\"\"}", "<p>a &amp; b </p>"},
    };
    CHECK(HTML_PAGE, rows);
}

static void blocks_follow_the_data(void **)
{
    static const struct row rows[] = {
        {"{{#each xs}}{{@number}}/{{@index}}{{#if @first}}f{{/if}}{{#if @last}}l{{/if}}:{{a}}{{../z}};{{else}}none{{/each}}",
         "{\"z\":\"!\",\"xs\":[{\"a\":1},{\"a\":2}]}", "1/0f:1!;2/1l:2!;"},
        {"{{#each xs}}x{{else}}{{z}}{{/each}}", "{\"z\":\"none\",\"xs\":[]}", "none"},
        {"{{#each xs}}x{{else}}none{{/each}}", "{\"xs\":null}", "none"},
        {"{{#each xs}}{{#each this}}{{this}}{{@number}}{{../@number}},{{/each}}{{/each}}",
         "{\"xs\":[[\"a\",\"b\"],[\"c\"]]}", "a11,b21,c12,"},
        {"{{#each g}}{{#each xs}}{{../../z}}{{../k}}{{v}} {{/each}}{{/each}}",
         "{\"z\":0,\"g\":[{\"k\":1,\"xs\":[{\"v\":2},{\"v\":3}]}]}", "012 013 "},
        {"{{#if a}}1{{/if}}{{#if b}}2{{/if}}{{#if c}}3{{/if}}{{#if d}}4{{/if}}{{#if e}}5{{/if}}{{#if f}}6{{/if}}{{#if g}}7{{/if}}{{#if h}}8{{/if}}",
         "{\"a\":true,\"b\":false,\"c\":0,\"d\":7,\"e\":\"\",\"f\":\"x\",\"g\":[],\"h\":null}",
         "146"},
        {"{{#if xs_n}}{{xs_n}}{{/if}}", "{\"xs\":[1,2,3]}", "3"},
        {"{{#unless a}}no{{else}}yes{{/unless}}", "{\"a\":{}}", "yes"},
    };
    CHECK(HTML_PLAIN, rows);
}

static void data_that_does_not_fit_is_refused_with_the_line(void **)
{
    static const struct row rows[] = {
        {"a\n {{b}}", "{\"a\":1}", "refused: 2:2 b: the data has no field b"},
        {"{{a.b}}", "{\"a\":{}}", "refused: 1:1 a.b: the data has no field b"},
        {"{{a.b}}", "{\"a\":1}", "refused: 1:1 a.b: what b is asked of is no object"},
        {"{{#if b}}x{{/if}}", "{}", "refused: 1:1 b: the data has no field b"},
        {"{{#each b}}x{{/each}}", "{\"b\":{}}", "refused: 1:1 b: is no list"},
        {"{{a}}", "{\"a\":true}", "refused: 1:1 a: a yes or no cannot be written"},
        {"{{a}}", "{\"a\":null}", "refused: 1:1 a: a null cannot be written"},
        {"{{a}}", "{\"a\":[]}", "refused: 1:1 a: a list cannot be written"},
        {"{{a}}", "{\"a\":{}}", "refused: 1:1 a: a group of fields cannot be written"},
        {"{{a}}", "[]", "refused: 1:1 a: what a is asked of is no object"},
        {"{{xs_n}}", "{\"xs\":1}", "refused: 1:1 xs_n: the data has no field xs_n"},
        {"{{> head}}", "{}", "refused: 1:1 a template of a pack has no partials"},
    };
    CHECK(HTML_PLAIN, rows);
    static const struct row pages[] = {
        {"<a href=\"{{link a}}\">x</a>", "{\"a\":5}",
         "refused: 1:10 a: a number cannot be written"},
        {"<p onclick=\"{{a}}\"></p>", "{\"a\":5}",
         "refused: 1:4 the page's policy blocks onclick=: use a class or a script file"},
    };
    CHECK(HTML_PAGE, pages);
}

static void a_mail_keeps_its_lines(void **)
{
    static const struct row rows[] = {
        {"Kính gửi {{name}},\n\n{{#if late}}\nHồ sơ đã quá hạn.\n{{/if}}\n{{#each papers}}\n- {{this}}\n{{/each}}\nXem: https://a.vn/{{url code}}\n",
         "{\"name\":\"A & B\",\"late\":true,\"papers\":[\"<1>\",\"2\"],\"code\":\"H 1\"}",
         "Kính gửi A & B,\n\nHồ sơ đã quá hạn.\n- <1>\n- 2\nXem: https://a.vn/H%201\n"},
    };
    CHECK(HTML_PLAIN, rows);
}

static void a_page_that_grows_without_end_is_stopped(void **)
{
    struct buf b = {.arena = arena, .limit = 1 << 20};
    buf_add(&b, S("{\"xs\":[0"));
    for (int i = 1; i < 300; i++)
        buf_fmt(&b, ",%d", i);
    buf_add(&b, S("]}\0"));
    buf_byte(&b, 0);
    const char *loops = "{{#each xs}}{{#each ../xs}}{{#each ../../xs}}x{{/each}}{{/each}}{{/each}}";
    assert_string_equal(outcome(HTML_PLAIN, loops, str_z(arena, buf_str(&b))),
                        "limit: 1:46 the page grows too long");
    const char *wide =
        "{{#each xs}}{{#each ../xs}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{/each}}{{/each}}";
    assert_memory_equal(outcome(HTML_PLAIN, wide, str_z(arena, buf_str(&b))), "limit:", 6);
}

/* ---- print ---- */

static void describe(struct buf *b, const struct pdf_block *blocks, size_t n)
{
    static const char *const kinds[] = {"?",    "text", "columns", "rows",     "space",
                                        "rule", "qr",   "stack",   "signature"};
    for (size_t i = 0; i < n; i++) {
        const struct pdf_block *k = &blocks[i];
        buf_fmt(b, "%s%s", i ? " " : "", kinds[k->kind]);
        if (k->text.n)
            buf_fmt(b, "'%.*s'", F(k->text));
        if (k->align)
            buf_fmt(b, "@%d", k->align);
        const double numbers[] = {k->size, k->width, k->height, k->indent};
        for (size_t j = 0; j < 4; j++)
            if (numbers[j] > 0)
                buf_fmt(b, "%c%g", "swhi"[j], numbers[j]);
        const bool flags[] = {k->bold, k->italic, k->border, k->head, k->keep};
        for (size_t j = 0; j < 5; j++)
            if (flags[j])
                buf_byte(b, "BIFHK"[j]);
        if (!k->children_n)
            continue;
        buf_byte(b, '(');
        describe(b, k->children, k->children_n);
        buf_byte(b, ')');
    }
}

static const char *printed(const char *template_text, const char *data)
{
    struct cx cx = {.arena = arena, .actor = &actor_anonymous};
    const struct pdf_block *blocks;
    size_t n;
    struct html_error e;
    if (html_print_blocks(&cx, str_c(template_text), json_of(data), &blocks, &n, &e) != OK)
        return str_fmt(arena, "refused: %d:%d %.*s", e.line, e.column, F(e.what)).p;
    struct buf b = {.arena = arena, .limit = 1 << 20};
    describe(&b, blocks, n);
    return str_z(arena, buf_str(&b));
}

static void print_markup_becomes_blocks(void **)
{
    static const struct row rows[] = {
        {"<p align=\"center\" size=\"14\" bold> Giấy\n tiếp nhận </p>\n<space height=\"6.5\"/>\n<rule width=\"0.4\" align=\"center\"/>",
         "{}", "text'Giấy tiếp nhận'@1s14B spaceh6.5 rule@1w0.4"},
        {"<p>Số: <b>{{no}}</b>, <i>ngày</i><br/>{{x}}</p>",
         "{\"no\":\"1*2\",\"x\":\"a//b\\\\ <c> &\\nz\"}",
         "text'Số: **1\\*2**, //ngày//\na\\/\\/b\\\\ <c> &\nz'"},
        {"<p>Ghi chú:<i>x</i></p>", "{}", "text'Ghi chú:\xE2\x81\xA0//x//'"},
        {"<columns><p>{{a}}</p><stack width=\"2\" keep><p italic>c</p><p>d</p></stack></columns>",
         "{\"a\":\"b\"}", "columns(text'b' stackw2K(text'c'I text'd'))"},
        {"<table widths=\"1 3\" border head><tr bold><td>STT</td><td>Tên</td></tr>{{#each xs}}\n<tr><td align=\"right\">{{@number}}</td>"
         "<td width=\"4\">{{this}}</td></tr>\n{{/each}}</table>",
         "{\"xs\":[\"x\",\"y\"]}",
         "rowsFH(columns(text'STT'w1B text'Tên'w3B) columns(text'1'@2w1 text'x'w4) columns(text'2'@2w1 text'y'w4))"},
        {"<table><tr><td><p>a</p><qr text=\"{{u}}\" height=\"60\"/></td><td> b <b>c</b> </td><td></td></tr></table>",
         "{\"u\":\"https://a.vn/?a=1&b=\\\"\"}",
         "rows(columns(stack(text'a' qr'https://a.vn/?a=1&b=\"'h60) text'b **c**' text))"},
        {"<signature height=\"70\"/>{{#if a}}<p{{#if a}} bold{{/if}}>x</p>{{/if}}", "{\"a\":true}",
         "signatureh70 text'x'B"},
        {"", "{}", ""},
        {"<table></table><stack></stack><p></p>", "{}", "rows stack text"},
        {"<space height='{{h}}'/>", "{\"h\":12.5}", "spaceh12.5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(printed(rows[i].template_text, rows[i].data), rows[i].out);
}

static void print_markup_that_cannot_be_set_is_refused(void **)
{
    static const struct row rows[] = {
        {"<div></div>", "{}", "refused: 1:1 <div> is no element of print markup"},
        {"<td></td>", "{}", "refused: 1:1 <td> cannot stand at the top"},
        {"<table><p></p></table>", "{}", "refused: 1:8 <p> cannot stand in table"},
        {"<p><p></p></p>", "{}", "refused: 1:4 <p> cannot stand in p"},
        {"<p><b><b>x</b></b></p>", "{}", "refused: 1:7 <b> cannot stand in b"},
        {"text", "{}", "refused: 1:1 text stands in <p> or <td>"},
        {"<stack>{{a}}</stack>", "{\"a\":1}", "refused: 1:8 text stands in <p> or <td>"},
        {"<p colour=\"red\"></p>", "{}", "refused: 1:4 <p> has no attribute colour"},
        {"<p/>", "{}", "refused: 1:1 <p/> holds nothing: leave it out, or fill it"},
        {"<br>", "{}", "refused: 1:1 <br> cannot stand at the top"},
        {"<p>a<br>b</p>", "{}", "refused: 1:5 <br> holds nothing: write <br/>"},
        {"<p align=\"middle\"></p>", "{}",
         "refused: 0:0 align is left, center, right or justify, not \"middle\""},
        {"<p size=\"{{a}}\"></p>", "{\"a\":\"12pt\"}",
         "refused: 0:0 \"12pt\" is no number of points or shares"},
        {"<p size=\"-1\"></p>", "{}", "refused: 0:0 \"-1\" is no number of points or shares"},
        {"<p size=\"\"></p>", "{}", "refused: 0:0 \"\" is no number of points or shares"},
        {"<p size=\"1.2.3\"></p>", "{}", "refused: 0:0 \"1.2.3\" is no number of points or shares"},
        {"<table widths=\"1 2\"><tr><td>a</td></tr></table>", "{}",
         "refused: 0:0 a row has 1 cells where widths names 2"},
        {"<table><tr><td>a<p>b</p></td></tr></table>", "{}",
         "refused: 0:0 a <td> holds text or blocks, not both"},
        {"<p>\n{{x}}</p>", "{}", "refused: 2:1 x: the data has no field x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(printed(rows[i].template_text, rows[i].data), rows[i].out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_page_is_drawn_from_json),
        TEST(blocks_follow_the_data),
        TEST(data_that_does_not_fit_is_refused_with_the_line),
        TEST(a_mail_keeps_its_lines),
        TEST(a_page_that_grows_without_end_is_stopped),
        TEST(print_markup_becomes_blocks),
        TEST(print_markup_that_cannot_be_set_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
