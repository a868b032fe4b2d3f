/* mkview_test.c - views compiled to C, that C compiled and run. */
#include "html/html.h"

#include <setjmp.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FLAGS                                                                                          \
    "-std=gnu2x -D_GNU_SOURCE -include core/base/banned.h -Icore -Wall -Wextra -Wshadow -Wconversion " \
    "-Wvla -Wstrict-prototypes -Wmissing-prototypes -Werror"

static struct cx cx;
static const char *dir; /* of this test: holds sample/views/ and sample/sample_views.h */

static const char sample_views[] =
    "#pragma once\n#include \"html/html.h\"\n"
    "struct sample_step { struct str label; int days; const struct str *tags; int tags_n; };\n"
    "struct sample_answer { struct str text; };\n"
    "struct sample_page_view { struct str code; bool late; int days; struct markup chart;\n"
    "    const struct sample_step *steps; size_t steps_n; struct sample_answer answer;\n"
    "    const struct sample_answer *other; };\n"
    "void sample_page_html(struct html *out, const struct sample_page_view *v);\n"
    "struct sample_field_view { struct str label, value; int size; bool required; };\n"
    "void sample_field_html(struct html *out, const struct sample_field_view *v);\n"
    "void sample_icon_html(struct html *out, struct str name);\n"
    "void sample_answer_html(struct html *out, const struct sample_answer *a);\n";

/* The same structs here. */
struct sample_step {
    struct str label;
    int days;
    const struct str *tags;
    int tags_n;
};
struct sample_answer {
    struct str text;
};
struct sample_page_view {
    struct str code;
    bool late;
    int days;
    struct markup chart;
    const struct sample_step *steps;
    size_t steps_n;
    struct sample_answer answer;
    const struct sample_answer *other;
};

/* Partials the views call: found in this program when the compiled view is loaded. */
struct sample_field_view {
    struct str label, value;
    int size;
    bool required;
};
void sample_field_html(struct html *out, const struct sample_field_view *v);
void sample_icon_html(struct html *out, struct str name);
void sample_answer_html(struct html *out, const struct sample_answer *a);

void sample_field_html(struct html *out, const struct sample_field_view *v)
{
    buf_fmt(&out->to, "[%.*s=%.*s %d %d]", F(v->label), F(v->value), v->size, v->required);
}

void sample_icon_html(struct html *out, struct str name)
{
    buf_fmt(&out->to, "(%.*s)", F(name));
}

void sample_answer_html(struct html *out, const struct sample_answer *a)
{
    buf_fmt(&out->to, "{%.*s}", F(a->text));
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(str_fmt(cx.arena, "%s/%s", dir, name).p, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int run(const char *command, struct str *output)
{
    FILE *f = popen(command, "r");
    assert_non_null(f);
    char *p = arena_alloc(cx.arena, 65536);
    size_t n = fread(p, 1, 65535, f);
    *output = (struct str){p, n};
    return pclose(f);
}

static int setup(void **)
{
    cx = (struct cx){
        .arena = arena_new((size_t)8 << 20), .actor = &actor_anonymous, .lang = S("vi")};
    char *made = (char *)str_dup(cx.arena, S("/tmp/mkview-test-XXXXXX")).p;
    dir = mkdtemp(made);
    assert_non_null(dir);
    struct str out;
    assert_int_equal(run(str_fmt(cx.arena, "mkdir -p %s/sample/views", dir).p, &out), 0);
    write_file("sample/sample_views.h", sample_views);
    return 0;
}

static int teardown(void **)
{
    struct str out;
    IGNORE((enum err)run(str_fmt(cx.arena, "rm -rf %s", dir).p, &out));
    arena_free(cx.arena);
    return 0;
}

/* The output of mkview, and then of the compiler, on one view. */
static struct str build(const char *view)
{
    write_file("sample/views/page.html", view);
    struct str out;
    const char *made =
        str_fmt(cx.arena, "build/tools/mkview %s/sample/views/page.html %s/page.c 2>&1", dir, dir)
            .p;
    if (run(made, &out) != 0)
        return out;
    const char *compiled =
        str_fmt(cx.arena, "gcc %s -I%s -shared -fPIC -o %s/page.so %s/page.c 2>&1", FLAGS, dir, dir,
                dir)
            .p;
    run(compiled, &out);
    return out;
}

static struct str draw(const char *view, const struct sample_page_view *v)
{
    struct str complaint = build(view);
    assert_string_equal(str_z(cx.arena, complaint), "");
    void *lib = dlopen(str_fmt(cx.arena, "%s/page.so", dir).p, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(lib);
    void (*view_html)(struct html *, const struct sample_page_view *);
    *(void **)&view_html = dlsym(lib, "sample_page_html");
    assert_non_null(view_html);
    struct html page = html_start(&cx);
    view_html(&page, v);
    struct str drawn = str_dup(cx.arena, buf_str(&page.to));
    dlclose(lib);
    return drawn;
}

static void a_view_draws_its_struct(void **)
{
    const struct str tags[] = {S("gấp"), S("<b>")};
    const struct sample_step steps[] = {{S("Tiếp nhận"), 2, tags, 2}, {S("Ký"), 0, NULL, 0}};
    const struct sample_answer other = {S("khác")};
    const struct sample_page_view v = {.code = S("H37 & \"1\""),
                                       .late = true,
                                       .days = 3,
                                       .steps = steps,
                                       .steps_n = 2,
                                       .answer = {S("đồng ý")},
                                       .other = &other,
                                       .chart = {S("<svg></svg>")}};
    struct str page = draw(
        "<h1 title=\"Mã {{code}}\">Hồ sơ {{code}}</h1>\n"
        "{{#if late}}<p>Quá {{days}} ngày</p>{{else}}<p>Còn</p>{{/if}}\n"
        "{{#each steps}}\n<p{{#if @first}} class=\"a\"{{/if}}>{{@number}}/{{../days}} {{label}}"
        "{{#each tags}}<i>{{this}} {{../label}}</i>{{else}}<i>không</i>{{/each}}</p>\n{{/each}}\n"
        "<p>{{answer.text}} {{other.text}}</p>{{chart}}<a href=\"/ho-so/{{url code}}\">x</a>"
        "{{#unless late}}<b>y</b>{{/unless}}",
        &v);
    assert_string_equal(
        str_z(cx.arena, page),
        "<h1 title=\"Mã H37 &amp; &quot;1&quot;\">Hồ sơ H37 &amp; &quot;1&quot;</h1><p>Quá 3 ngày</p>"
        "<p class=\"a\">1/3 Tiếp nhận<i>gấp Tiếp nhận</i><i>&lt;b&gt; Tiếp nhận</i></p>"
        "<p>2/3 Ký<i>không</i></p><p>đồng ý khác</p><svg></svg>"
        "<a href=\"/ho-so/H37%20%26%20%221%22\">x</a>");
}

static void partials_take_structs_texts_and_named_fields(void **)
{
    const struct sample_answer other = {S("khác")};
    const struct sample_page_view v = {
        .code = S("A"), .days = 7, .answer = {S("một")}, .other = &other};
    struct str page =
        draw("{{> sample_icon \"check\"}}{{> sample_icon code}}{{> sample_answer answer}}"
             "{{> sample_answer other}}"
             "{{> sample_field label=\"Họ và tên\" value=code size=12 required}}"
             "{{> sample_field label=\"Tuổi\" size=days}}",
             &v);
    assert_string_equal(str_z(cx.arena, page),
                        "(check)(A){một}{khác}[Họ và tên=A 12 1][Tuổi= 7 0]");
}

static void assert_says(const char *view, const char *where)
{
    struct str said = build(view);
    if (!str_find(said, str_c(where), NULL))
        fail_msg("expected \"%s\" in:\n%.*s", where, F(said));
}

static void a_misspelt_field_is_an_error_at_its_line(void **)
{
    assert_says("<p>a</p>\n<p>b</p>\n<p>{{codee}}</p>", "page.html:3:");
    assert_says("<p>a</p>\n<p>{{answer.txt}}</p>", "page.html:2:");
    assert_says("\n\n\n<p>{{#each stepz}}x{{/each}}</p>", "page.html:4:");
    assert_says("\n<p>a {{codee}} b</p>", "page.html:2:");
    assert_says("\n\n{{> sample_field lable=\"x\"}}", "page.html:3:");
}

static void a_field_of_the_wrong_type_does_not_compile(void **)
{
    assert_says("\n<p>{{answer}}</p>", "page.html:2:");               /* a struct */
    assert_says("\n<p>{{late}}</p>", "page.html:2:");                 /* a yes or no */
    assert_says("\n<p title=\"{{chart}}\"></p>", "page.html:2:");     /* markup in an attribute */
    assert_says("\n<a href=\"{{link days}}\">x</a>", "page.html:2:"); /* a number as an address */
    assert_says("\n{{#if other}}x{{/if}}", "page.html:2:");           /* a pointer */
    assert_says("\n{{#each code}}x{{/each}}", "page.html:2:");        /* no list */
    assert_says("\n{{> sample_icon answer}}", "page.html:2:");        /* a struct for a text */
    assert_says("\n{{> sample_answer code}}", "page.html:2:");
}

static void a_view_that_cannot_be_read_is_an_error_at_its_place(void **)
{
    assert_says("<p>\n  <b>x</p>", "page.html:2:7: error: </p> cannot close <b>");
}

static void texts_lists_what_people_read(void **)
{
    write_file(
        "sample/views/page.html",
        "<p title=\"Gợi ý\">Quá hạn {{days}} ngày &amp; {{code}}</p>{{> sample_icon \"Ảnh đẹp\"}}"
        "{{#if late}}Trễ{{else}}Còn{{/if}}5");
    struct str out;
    assert_int_equal(
        run(str_fmt(cx.arena, "build/tools/mkview --texts %s/sample/views/page.html", dir).p, &out),
        0);
    assert_string_equal(str_z(cx.arena, out), "Gợi ý\nQuá hạn {1} ngày & {2}\nẢnh đẹp\nTrễ\nCòn\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_view_draws_its_struct),
        TEST(partials_take_structs_texts_and_named_fields),
        TEST(a_misspelt_field_is_an_error_at_its_line),
        TEST(a_field_of_the_wrong_type_does_not_compile),
        TEST(a_view_that_cannot_be_read_is_an_error_at_its_place),
        TEST(texts_lists_what_people_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
