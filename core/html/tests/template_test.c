/* template_test.c - what the parser of templates takes, refuses and makes of white space. */
#include "../template.h"

#include <setjmp.h>
#include <cmocka.h>

static struct arena *arena;

static int setup(void **)
{
    arena = arena_new((size_t)8 << 20);
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

static void dump(struct buf *b, const struct node_list *list);

static void dump_block(struct buf *b, const struct node *n, const char *name)
{
    buf_fmt(b, "(%s %.*s ", name, F(n->path.source));
    dump(b, &n->body);
    if (n->otherwise.first) {
        buf_add(b, S(" else "));
        dump(b, &n->otherwise);
    }
    buf_byte(b, ')');
}

/* Literals as they are, sentences in [], values in {}, blocks in (). */
static void dump(struct buf *b, const struct node_list *list)
{
    static const char *const hows[] = {"", "attr ", "url ", "link ", "plain ", "label "};
    for (const struct node *n = list->first; n; n = n->next) {
        switch (n->kind) {
        case NODE_LITERAL:
            buf_add(b, n->text);
            break;
        case NODE_MESSAGE:
            buf_fmt(b, "[%.*s]", F(n->text));
            dump(b, &n->body);
            break;
        case NODE_VALUE:
            buf_fmt(b, "{%s%.*s}", hows[n->how], F(n->path.source));
            break;
        case NODE_IF:
            dump_block(b, n, "if");
            break;
        case NODE_UNLESS:
            dump_block(b, n, "unless");
            break;
        case NODE_EACH:
            dump_block(b, n, "each");
            break;
        case NODE_LANG:
            break;
        case NODE_PARTIAL:
            buf_fmt(b, "(> %.*s %d)", F(n->text), (int)n->args_n);
            break;
        }
    }
}

struct row {
    const char *source, *expected;
};

static void check_tree(const struct row *rows, size_t n, enum template_mode mode)
{
    for (size_t i = 0; i < n; i++) {
        struct node_list tree;
        struct template_error error = {.what = S("")};
        enum err e = template_parse(arena, str_c(rows[i].source), mode, &tree, &error);
        struct buf b = {.arena = arena, .limit = 1 << 20};
        if (e != OK)
            buf_fmt(&b, "refused: %d:%d %.*s", error.line, error.column, F(error.what));
        else
            dump(&b, &tree);
        buf_byte(&b, 0);
        assert_string_equal(b.p, rows[i].expected);
    }
}
#define CHECK_TREE(rows, mode) check_tree(rows, sizeof rows / sizeof *rows, mode)

static void white_space_that_shows_nothing_is_left_out(void **)
{
    static const struct row rows[] = {
        {"<div>\n  <p> Một </p>\n  <p>Hai</p>\n</div>\n", "<div><p>[Một]</p><p>[Hai]</p></div>"},
        {"<p>a <b>b</b>\n <i>c</i> d</p>", "<p>[a] <b>[b]</b> <i>[c]</i> [d]</p>"},
        {"<nav>\n<a href=\"/\">x</a>\n<a href=\"/\">y</a>\n</nav>",
         "<nav><a href=\"/\">[x]</a> <a href=\"/\">[y]</a></nav>"},
        {"<ul>\n {{#each a}}\n <li>x</li>\n {{/each}}\n</ul>", "<ul>(each a <li>[x]</li>)</ul>"},
        {"<p>{{#each a}} <b>{{b}}</b>{{/each}}</p>", "<p>(each a  <b>{b}</b>)</p>"},
        {"<p>a{{#if b}} c{{/if}} d</p>", "<p>[a](if b  [c]) [d]</p>"},
        {"<pre> a\n  b </pre>", "<pre>[ a\n  b ]</pre>"},
        {"<svg> <g> <path d=\"M0\"/> </g> </svg>", "<svg><g><path d=\"M0\"/></g></svg>"},
        {"<a  href='/x'   class=\"b\" >y</a >", "<a href='/x' class=\"b\">[y]</a>"},
        {"<!-- x --><p>a<!-- y --></p>", "<p>[a]</p>"},
        {"<p>{{a}} {{b}}</p>", "<p>{a} {b}</p>"},
        {"<textarea>{{a}}</textarea>", "<textarea>\n{attr a}</textarea>"},
    };
    CHECK_TREE(rows, TEMPLATE_PAGE);
}

static void text_and_its_values_make_one_sentence(void **)
{
    static const struct row rows[] = {
        {"<p>Quá hạn {{days}} ngày.</p>", "<p>[Quá hạn {1} ngày.]{days}</p>"},
        {"<p>{{a}}: {{b}} · 5</p>", "<p>{a}: {b} · 5</p>"},
        {"<p>a &amp; b &lt; c&nbsp;d</p>", "<p>[a & b < c\xC2\xA0"
                                           "d]</p>"},
        {"<p>1 &amp; 2</p>", "<p>1 &amp; 2</p>"},
        {"<img src=\"/a.png\" alt=\"Bản đồ {{x}}\">",
         "<img src=\"/a.png\" alt=\"[Bản đồ {1}]{label x}\">"},
        {"<b class=\"a {{x}}\" data-t=\"Đang gửi\">x</b>",
         "<b class=\"a {attr x}\" data-t=\"[Đang gửi]\">[x]</b>"},
        {"<input pattern=\"[0-9]{2}\">", "<input pattern=\"[0-9]{2}\">"},
        {"<title>{{a}} – Tỉnh Số</title>", "<title>[{1} – Tỉnh Số]{label a}</title>"},
    };
    CHECK_TREE(rows, TEMPLATE_PAGE);
}

static void blocks_paths_and_partials_are_read(void **)
{
    static const struct row rows[] = {
        {"{{#each xs}}{{a.b}}{{../c}}{{@index}}{{@number}}{{this}}{{/each}}",
         "(each xs {a.b}{../c}{@index}{@number}{this})"},
        {"{{#each xs}}{{#each ys}}{{../../a}}{{../@number}}{{/each}}{{else}}{{b}}{{/each}}",
         "(each xs (each ys {../../a}{../@number}) else {b})"},
        {"{{#unless a}}{{b}}{{else}}{{c}}{{/unless}}", "(unless a {b} else {c})"},
        {"{{#if @first}}{{/if}}", "refused: 1:7 \"@...\" means something only inside {{#each}}"},
        {"{{> web_token}}{{> look_icon \"check\"}}{{> look_field label=\"Họ tên\" n=2 value=a.b required}}",
         "(> web_token 0)(> look_icon 1)(> look_field 4)"},
        {"<p{{#if a}} class=\"x\"{{/if}} id=\"b\"></p>", "<p(if a  class=\"x\") id=\"b\"></p>"},
        {"<option {{#if a}}selected{{/if}}>{{b}}</option>",
         "<option (if a selected)>{label b}</option>"},
        {"{{! anything }}{{elsewhere}}{{urls}}", "{elsewhere}{urls}"},
    };
    CHECK_TREE(rows, TEMPLATE_PAGE);
}

static void addresses_take_their_own_kinds_of_value(void **)
{
    static const struct row rows[] = {
        {"<a href=\"/a/{{url x}}?b={{url y}}\">c</a>", "<a href=\"/a/{url x}?b={url y}\">[c]</a>"},
        {"<a href=\"{{link x}}\">c</a>", "<a href=\"{link x}\">[c]</a>"},
        {"<a href=\"{{link x}}/sua\">c</a>", "<a href=\"{link x}/sua\">[c]</a>"},
        {"<a href=\"mailto:{{url x}}\">c</a>", "<a href=\"mailto:{url x}\">[c]</a>"},
        {"<a href=\"sua?a=1&amp;b\">c</a>", "<a href=\"sua?a=1&amp;b\">[c]</a>"},
        {"<a href=\"{{#if y}}{{link x}}{{else}}/{{/if}}\">c</a>",
         "<a href=\"(if y {link x} else /)\">[c]</a>"},
        {"<a href=\"{{x}}\">c</a>",
         "refused: 1:10 in href= write {{url x}} for a piece, {{link x}} for a whole address"},
        {"<a href=\"/{{x}}\">c</a>",
         "refused: 1:11 in href= write {{url x}} for a piece, {{link x}} for a whole address"},
        {"<a href=\"/{{link x}}\">c</a>", "refused: 1:11 {{link}} can only begin an address"},
        {"<a href=\"{{url x}}\">c</a>",
         "refused: 1:10 an address cannot begin with {{url}}: begin with a path, or use {{link}}"},
        {"<a href=\"javascript:f()\">c</a>",
         "refused: 1:10 an address begins with /, ?, #, http(s)://, mailto: or tel:"},
        {"<a href=\"java{{url x}}\">c</a>",
         "refused: 1:10 an address begins with /, ?, #, http(s)://, mailto: or tel:"},
        {"<a href=\"/a?b&c\">c</a>", "refused: 1:14 in an address & is written &amp; and < is %3C"},
        {"<a href=\"&#106;avascript:f()\">c</a>",
         "refused: 1:10 an address begins with /, ?, #, http(s)://, mailto: or tel:"},
        {"<a href=\"{{#each xs}}{{link y}}{{/each}}\">c</a>",
         "refused: 1:22 {{link}} can only begin an address"},
        {"<i data-href=\"{{x}}\"></i>",
         "refused: 1:15 in data-href= write {{url x}} for a piece, {{link x}} for a whole address"},
        {"<a href=/{{url x}}>c</a>", "refused: 1:4 an address stands in quotes"},
    };
    CHECK_TREE(rows, TEMPLATE_PAGE);
}

static void values_in_unsafe_places_are_refused(void **)
{
    static const struct row rows[] = {
        {"<p onclick=\"f({{x}})\"></p>",
         "refused: 1:4 the page's policy blocks onclick=: use a class or a script file"},
        {"<p style=\"color:red\"></p>",
         "refused: 1:4 the page's policy blocks style=: use a class or a script file"},
        {"<style>{{x}}</style>",
         "refused: 1:1 <style> is not for pages here: styles and scripts are files, values are text"},
        {"<script>var x = {{x}}</script>",
         "refused: 1:9 scripts are files: <script src=\"...\" defer></script>"},
        {"<script>{{x}}</script>",
         "refused: 1:9 a value cannot stand in <script>: give it as a struct markup of html_json_script"},
        {"<!-- {{x}} -->", "refused: 1:1 a comment is not closed, or holds a value"},
        {"<p class={{x}}></p>", "refused: 1:10 the value of an attribute stands in quotes"},
        {"<p class=a{{x}}></p>", "refused: 1:10 the value of an attribute stands in quotes"},
        {"<p {{x}}></p>",
         "refused: 1:4 a value stands in quotes; for an attribute that may be absent: {{#if x}}name{{/if}}"},
        {"<p a{{x}}=\"b\"></p>",
         "refused: 1:5 a value stands in quotes; for an attribute that may be absent: {{#if x}}name{{/if}}"},
        {"<{{x}}></p>", "refused: 1:1 a value cannot be the name of an element"},
        {"<p{{x}}></p>",
         "refused: 1:3 a value stands in quotes; for an attribute that may be absent: {{#if x}}name{{/if}}"},
        {"<p></{{x}}>", "refused: 1:4 an end tag is its name alone, without values"},
        {"<img srcset=\"{{x}}\">", "refused: 1:14 no value can stand in srcset="},
        {"<p>{{{x}}}</p>",
         "refused: 1:4 there are {{#if}}, {{#unless}} and {{#each}}; no raw values"},
        {"<p>{{&x}}</p>",
         "refused: 1:4 there are {{#if}}, {{#unless}} and {{#each}}; no raw values"},
        {"<p title=\"{{> look_icon}}\"></p>",
         "refused: 1:11 a partial can stand only between elements, not in a tag or attribute"},
        {"<p title=\"{{url x}}\"></p>",
         "refused: 1:11 {{url}} and {{link}} are for addresses: href, src, action"},
        {"<p>{{url x}}</p>", "refused: 1:4 {{url}} and {{link}} are for addresses in attributes"},
        {"<title><b>x</b></title>", "refused: 1:8 only text can stand in <title>"},
        {"<svg><set to=\"{{x}}\"/></svg>",
         "refused: 1:6 <set> is not for pages here: styles and scripts are files, values are text"},
        {"<SCRIPT>x</SCRIPT>", "refused: 1:1 names of elements are written in lower case"},
        {"<iframe srcdoc=\"{{x}}\"></iframe>",
         "refused: 1:9 the page's policy blocks srcdoc=: use a class or a script file"},
        {"<p {{#each xs}}a=\"b\"{{/each}}></p>",
         "refused: 1:4 {{#each}} cannot stand between attributes"},
    };
    CHECK_TREE(rows, TEMPLATE_PAGE);
}

static void html_that_is_not_well_formed_is_refused(void **)
{
    static const struct row rows[] = {
        {"<div>\n<p>a\n</div>", "refused: 3:1 </div> cannot close <p>"},
        {"<div>", "refused: 1:6 <div> of line 1 is not closed"},
        {"</div>", "refused: 1:1 </div> closes nothing"},
        {"{{#if a}}<div>{{/if}}", "refused: 1:15 <div> of line 1 is not closed inside {{#if}}"},
        {"{{#if a}}<div>{{else}}<div>{{/if}}</div>",
         "refused: 1:15 <div> of line 1 is not closed inside {{#if}}"},
        {"<div>{{#if a}}</div>{{/if}}",
         "refused: 1:15 </div> closes an element opened outside of this block"},
        {"<p {{#if a}}class=\"{{/if}}\"></p>",
         "refused: 1:20 the branches of this block end in different places of the HTML"},
        {"<p{{#if a}}>{{/if}}", "refused: 1:13 <p> of line 1 is not closed inside {{#if}}"},
        {"<p>a<p>b</p></p>", "refused: 1:5 <p> cannot stand inside <p> of line 1"},
        {"<p><div></div></p>", "refused: 1:4 <div> cannot stand inside <p> of line 1"},
        {"<a href=\"/\"><b><a href=\"/\">x</a></b></a>",
         "refused: 1:16 <a> cannot stand inside <a> of line 1"},
        {"<div/>", "refused: 1:5 <div/> is not closed in HTML: write </div>"},
        {"<p class=\"a\"id=\"b\"></p>", "refused: 1:13 a blank is missing before the attribute"},
        {"<p class = \"a\"></p>", "refused: 1:10 an attribute is expected; no blanks around \"=\""},
        {"<p class=\"a", "refused: 1:1 <p> is not ended"},
        {"<p>a & b</p>",
         "refused: 1:6 an unknown entity: write the character itself, and & as &amp;"},
        {"<p>&eacute;</p>",
         "refused: 1:4 an unknown entity: write the character itself, and & as &amp;"},
        {"<p>a < b</p>", "refused: 1:6 \"<\" in a text is written &lt;"},
        {"<p>a {1} b</p>", "refused: 1:4 {1} to {9} cannot stand in a text: they mark its values"},
    };
    CHECK_TREE(rows, TEMPLATE_PAGE);
}

static void mistakes_in_the_language_are_named_with_their_place(void **)
{
    static const struct row rows[] = {
        {"a\n {{x", "refused: 2:2 {{ is not closed by }}"},
        {"{{#if a}}\n", "refused: 1:1 {{#if}} is not closed"},
        {"{{#if a}}{{/each}}", "refused: 1:10 {{/each}} cannot close {{#if}} of line 1"},
        {"{{/if}}", "refused: 1:1 {{/if}} closes nothing"},
        {"{{else}}", "refused: 1:1 {{else}} belongs to no block"},
        {"{{#if a}}{{else}}{{else}}{{/if}}", "refused: 1:18 {{else}} belongs to no block"},
        {"{{#with a}}{{/with}}",
         "refused: 1:1 there are {{#if}}, {{#unless}} and {{#each}}; no raw values"},
        {"{{../a}}", "refused: 1:3 \"../\" leads out of the template: 0 {{#each}} around"},
        {"{{#each xs}}{{else}}{{../a}}{{/each}}",
         "refused: 1:23 \"../\" leads out of the template: 0 {{#each}} around"},
        {"{{a b}}", "refused: 1:5 what is after the expression cannot be read"},
        {"{{a.}}", "refused: 1:5 a field name is expected"},
        {"{{}}", "refused: 1:3 a field name is expected"},
        {"{{1}}", "refused: 1:3 a field name is expected"},
        {"{{> look_x a=\"b}}", "refused: 1:14 a quote is not closed"},
        {"{{> look_x a=b \"c\"}}",
         "refused: 1:19 an argument without a name cannot follow named ones"},
    };
    CHECK_TREE(rows, TEMPLATE_PAGE);
}

static void plain_text_keeps_its_lines_but_not_those_of_blocks(void **)
{
    static const struct row rows[] = {
        {"Kính gửi {{name}},\n\n{{#if a}}\nMột <b>\n{{else}}\nHai\n{{/if}}\nHết & {{#if b}}x{{/if}}.\n",
         "Kính gửi {plain name},\n\n(if a Một <b>\n else Hai\n)Hết & (if b x).\n"},
        {"  {{#each xs}}  \r\n- {{this}}\n  {{/each}}", "(each xs - {plain this}\n)"},
        {"{{! x }}\na", "a"},
        {"{{link x}}", "refused: 1:1 {{link}} is for addresses in attributes"},
        {"https://a.vn/{{url x}}", "https://a.vn/{url x}"},
    };
    CHECK_TREE(rows, TEMPLATE_PLAIN);
}

static void print_markup_has_elements_of_any_name(void **)
{
    static const struct row rows[] = {
        {"<p align=\"center\" bold> Số: {{no}} </p>\n<qr text=\"{{url}}\"/>",
         "<p align=\"center\" bold>Số: {no}</p><qr text=\"{attr url}\"/>"},
        {"<p>a</q>", "refused: 1:5 </q> cannot close <p>"},
    };
    CHECK_TREE(rows, TEMPLATE_PRINT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(white_space_that_shows_nothing_is_left_out),
        TEST(text_and_its_values_make_one_sentence),
        TEST(blocks_paths_and_partials_are_read),
        TEST(addresses_take_their_own_kinds_of_value),
        TEST(values_in_unsafe_places_are_refused),
        TEST(html_that_is_not_well_formed_is_refused),
        TEST(mistakes_in_the_language_are_named_with_their_place),
        TEST(plain_text_keeps_its_lines_but_not_those_of_blocks),
        TEST(print_markup_has_elements_of_any_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
