/* escape_fuzz.c - values in pages, read back by a stranger's HTML parser (libxml2): whatever the
 * text, the page has the elements and attributes of its template and no others, and in each place
 * stands the text itself. */
#include "html/html.h"
#include "http/http.h"

#include <libxml/HTMLparser.h>
#include <libxml/xmlmemory.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEMPLATE                                                                                   \
    "<html lang=\"vi\"><head><title>{{t}}</title></head><body><p title=\"{{t}}\">{{t}}</p>"        \
    "<a href=\"{{link t}}\" class='{{t}}'>x{{t}}</a><a href=\"/a/{{url t}}/b?c={{url t}}\">y</a>"  \
    "<input value=\"{{t}}\"><textarea>x{{t}}</textarea><select><option>{{t}}</option></select>"    \
    "</body></html>"

/* What the page's elements are, in order, whatever the text. */
static const char *const elements[] = {"html", "head",  "title",    "body",   "p",     "a",
                                       "a",    "input", "textarea", "select", "option"};
#define ELEMENTS_N (sizeof elements / sizeof *elements)

struct walk {
    struct arena *a;
    const xmlNode *found[ELEMENTS_N];
    size_t n, attributes;
};

static void walk(struct walk *w, const xmlNode *node)
{
    for (; node; node = node->next) {
        if (node->type == XML_DTD_NODE || node->type == XML_TEXT_NODE)
            continue;
        MUST(node->type == XML_ELEMENT_NODE); /* no comment, no CDATA, no instruction */
        MUST(w->n < ELEMENTS_N && strcmp((const char *)node->name, elements[w->n]) == 0);
        w->found[w->n++] = node;
        for (const xmlAttr *t = node->properties; t; t = t->next)
            w->attributes++;
        walk(w, node->children);
    }
}

static struct str taken(struct walk *w, xmlChar *text)
{
    const struct str s = str_dup(w->a, str_c(text ? (const char *)text : ""));
    xmlFree(text);
    return s;
}

static struct str content(struct walk *w, size_t i)
{
    return taken(w, xmlNodeGetContent(w->found[i]));
}

static struct str attribute(struct walk *w, size_t i, const char *name)
{
    return taken(w, xmlGetProp(w->found[i], (const xmlChar *)name));
}

/* As the writer takes it: without the marks of kept sentences. */
static struct str without_isolates(struct arena *a, struct str s)
{
    struct buf b = {.arena = a, .limit = s.n};
    for (size_t i = 0; i < s.n;) {
        const size_t from = i;
        const uint32_t c = utf8_next(s, &i);
        if (c < 0x2066 || c > 0x2069)
            buf_add(&b, (struct str){s.p + from, i - from});
    }
    return buf_str(&b);
}

/* Every piece of a page is text for XML too; what the parser would not take is not asked of it. */
static struct str as_text(struct arena *a, struct str s)
{
    struct buf b = {.arena = a, .limit = s.n * 3};
    for (size_t i = 0; i < s.n;) {
        const size_t from = i;
        const uint32_t c = utf8_next(s, &i);
        if ((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' || (c >= 0xa0 && c < 0xfff0) ||
            (c >= 0x10000 && (c & 0xffff) < 0xfffe))
            buf_add(&b, (struct str){s.p + from, i - from});
    }
    return buf_str(&b);
}

static bool is_address(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '\\' || s.p[i] == 127)
            return false;
    return str_starts(s, S("http://")) || str_starts(s, S("https://")) ||
           (str_starts(s, S("/")) && !str_starts(s, S("//")));
}

/* /a/PIECE/b?c=PIECE: the piece ends neither its step nor the path. */
static void must_be_pieces(struct walk *w, struct str href, struct str given)
{
    struct str path, query, plain, step;
    MUST(str_cut(href, '?', &path, &query) && str_starts(path, S("/a/")) &&
         str_ends(path, S("/b")) && str_starts(query, S("c=")));
    step = (struct str){path.p + 3, path.n - 5};
    MUST(!memchr(step.p, '/', step.n) && !memchr(href.p, '#', href.n));
    const bool a_step = str_eq(given, S(".")) || str_eq(given, S(".."));
    MUST(url_decode(w->a, step, false, &plain) && str_eq(plain, a_step ? S("_") : given));
    MUST(url_decode(w->a, str_from(query, 2), false, &plain) && str_eq(plain, given));
}

static void must_be_the_template(struct arena *a, struct str page, struct str given)
{
    const struct str s = without_isolates(a, given);
    htmlDocPtr doc = htmlReadMemory(page.p, (int)page.n, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    MUST(doc);
    struct walk w = {.a = a};
    walk(&w, doc->children);
    MUST(w.n == ELEMENTS_N && w.attributes == 6);
    MUST(str_eq(content(&w, 2), s) && str_eq(content(&w, 4), s) && str_eq(content(&w, 10), s));
    MUST(str_eq(str_from(content(&w, 5), 1), s) && str_eq(str_from(content(&w, 8), 1), s));
    MUST(str_eq(attribute(&w, 4, "title"), s) && str_eq(attribute(&w, 5, "class"), s) &&
         str_eq(attribute(&w, 7, "value"), s));
    MUST(str_eq(attribute(&w, 5, "href"), is_address(given) ? s : S("#")));
    must_be_pieces(&w, attribute(&w, 6, "href"), given);
    xmlFreeDoc(doc);
}

/* In an English page: what is Vietnamese stands in a span, and is still the text. */
static void must_be_words(struct arena *a, struct str given)
{
    struct cx cx = {.arena = a, .actor = &actor_anonymous, .lang = S("en")};
    struct html out = html_start(&cx);
    html_lit(&out, "<html><body><p>");
    html_words(&out, given);
    html_lit(&out, "</p></body></html>");
    if (html_english(given))
        return;
    const struct str page = html_done(&out).bytes;
    htmlDocPtr doc = htmlReadMemory(page.p, (int)page.n, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    MUST(doc);
    const xmlNode *p = xmlDocGetRootElement(doc)->children->children;
    MUST(p->next == NULL && strcmp((const char *)p->name, "p") == 0);
    for (const xmlNode *in = p->children; in; in = in->next)
        MUST(in->type == XML_TEXT_NODE || strcmp((const char *)in->name, "span") == 0);
    struct walk w = {.a = a};
    MUST(str_eq(taken(&w, xmlNodeGetContent(p)), without_isolates(a, given)));
    xmlFreeDoc(doc);
}

/* libxml2 judges and is not judged: a hundred small allocations of each page go past the sanitizer,
 * to the C library itself. They were more than half of a run. */
void *__libc_malloc(size_t n);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static char *judge_strdup(const char *s)
{
    const size_t n = strlen(s) + 1;
    char *p = __libc_malloc(n);
    return p ? memcpy(p, s, n) : NULL;
}

/* Once, before libxml2 has anything. */
static const struct html_template *prepare(void)
{
    const struct html_template *t;
    struct html_error error;
    MUST(xmlMemSetup(__libc_free, __libc_malloc, __libc_realloc, judge_strdup) == 0);
    MUST(html_template_load(arena_new((size_t)1 << 20), HTML_PAGE, S(TEMPLATE), &t, &error) == OK);
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena *a;
    static const struct html_template *t;
    struct html_error error;
    if (size > 4096)
        return 0;
    if (!t) {
        t = prepare();
        a = arena_new_sized((size_t)8 << 20, (size_t)256 << 10); /* stays over the runs */
    }
    const struct str given = as_text(a, (struct str){(const char *)data, size});
    const struct json value = {.kind = JSON_STRING, .key = S("t"), .text = given, .n = 0};
    const struct json values = {.kind = JSON_OBJECT, .n = 1, .child = &value};
    struct str page;
    MUST(html_template_run(a, t, &values, &page, &error) == OK);
    must_be_the_template(a, page, given);
    must_be_words(a, given);
    arena_reset(a);
    return 0;
}
