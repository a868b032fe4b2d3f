/* template_fuzz.c - any bytes as a template, and after a zero byte its data. What a page template
 * makes of hostile data has the HTML of the template: read as a template itself it is accepted. */
#include "html/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOSTILE                                                                                         \
    "{\"a\":\"<script>'\\\"&\",\"b\":\"javascript:f()\",\"c\":\"//x\",\"d\":[{\"a\":\"-->\",\"d\":[]}," \
    "{\"a\":\"..\",\"d\":[1]}],\"e\":true,\"f\":null,\"n\":-1,\"x\":{\"a\":\"\",\"b\":\"/ok?a=1&b='\\\"\"}}"

/* Braces of the data are no tags of a template. */
static struct str without_braces(struct arena *a, struct str s)
{
    char *p = (char *)str_dup(a, s).p;
    for (size_t i = 0; i < s.n; i++)
        if (p[i] == '{')
            p[i] = 'x';
    return (struct str){p, s.n};
}

static void run_page(struct arena *a, struct str text, const struct json *values)
{
    const struct html_template *t, *again;
    struct html_error error;
    struct str page;
    if (html_template_load(a, HTML_PAGE, text, &t, &error) != OK) {
        MUST(error.what.n && error.line >= 1 && error.column >= 1);
        return;
    }
    if (html_template_run(a, t, values, &page, &error) == OK)
        MUST(html_template_load(a, HTML_PAGE, without_braces(a, page), &again, &error) == OK);
}

static void run_plain(struct arena *a, struct str text, const struct json *values)
{
    const struct html_template *t;
    struct html_error error;
    struct str out;
    if (html_template_load(a, HTML_PLAIN, text, &t, &error) == OK)
        IGNORE(html_template_run(a, t, values, &out, &error));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000)
        return 0;
    static struct arena *a; /* its first block stays over the runs */
    if (!a)
        a = arena_new_sized((size_t)256 << 20, (size_t)512 << 10);
    struct cx cx = {.arena = a, .actor = &actor_anonymous, .lang = S("vi")};
    struct str text, given;
    str_cut((struct str){(const char *)data, size}, 0, &text, &given);
    const struct json *values;
    struct json_error json_error;
    struct html_error error;
    if (given.n == 0 || json_read(a, given, &values, &json_error) != OK)
        MUST(json_read(a, S(HOSTILE), &values, &json_error) == OK);
    run_page(a, text, values);
    run_plain(a, text, values);
    const struct pdf_block *blocks;
    size_t n;
    IGNORE(html_print_blocks(&cx, text, values, &blocks, &n, &error));
    arena_reset(a);
    return 0;
}
