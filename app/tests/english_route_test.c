/*
 * english_route_test.c - every page of the program with English chosen, by every role.
 *
 * A page in English holds no Vietnamese but data, and data says so (WCAG 3.1.2): letters that
 * English has not stand only inside of lang="vi"; and what stands there is no sentence of ours, for
 * the catalogue has its English.
 */
#include "app_fixture.h"
#include "embed/embed.h"
#include "html/html.h"
#include "identity/identity.h"
#include "testing/browser.h"

/* ---- what the catalogue has ---- */

/* Names of things that are also words of ours: a procedure, a unit, a role. */
static const char *const names[] = {"Đăng ký khai sinh", "Sở Tài chính", "Sở Nội vụ", NULL};

/* "Hẹn trả %.*s", "Quá hạn {1} ngày.": where the next value stands, and how long its sign is. */
static size_t value_at(struct str key, size_t *length)
{
    for (size_t i = 0; i + 1 < key.n; i++) {
        size_t k = i + 1;
        if (key.p[i] == '{' && i + 2 < key.n && key.p[i + 2] == '}') {
            *length = 3;
            return i;
        }
        if (key.p[i] != '%' || key.p[k] == '%')
            continue;
        while (k < key.n && strchr("0123456789.*lz", key.p[k]))
            k++;
        if (k < key.n && strchr("sduc", key.p[k])) {
            *length = k + 1 - i;
            return i;
        }
    }
    *length = 0;
    return key.n;
}

/* Only sentences whose own words are long enough to be recognised. */
static bool fits(struct str key, struct str text)
{
    size_t length, at = value_at(key, &length), found;
    if (length == 0)
        return str_eq(key, text);
    if (key.n < 24 || at < 6 || !str_starts(text, str_until(key, at)))
        return false;
    while (length) {
        text = str_from(text, at);
        key = str_from(key, at + length);
        at = value_at(key, &length);
        struct str piece = str_until(key, at);
        if (!str_find(text, piece, &found))
            return false;
        text = str_from(text, found);
        at = piece.n;
        if (!length)
            return str_ends(text, piece);
    }
    return true;
}

static bool in_catalogue(struct str text)
{
    size_t n;
    const struct embed_file *files = embed_under(S(""), &n);
    for (size_t i = 0; names[i]; i++)
        if (str_eq(text, str_c(names[i])))
            return false;
    for (size_t i = 0; i < n; i++) {
        struct str rest = files[i].bytes, line, key, english;
        while (str_ends(files[i].path, S(".en.tsv")) && rest.n) {
            str_cut(rest, '\n', &line, &rest);
            if (str_cut(line, '\t', &key, &english) && !str_eq(key, english) && fits(key, text))
                return true;
        }
    }
    return false;
}

/* ---- reading a page: tags and texts, as our own views write them ---- */

#define DEPTH_MAX 128

struct reader {
    struct cx *cx;
    struct str rest, page;
    struct {
        struct str name;
        bool vietnamese;
    } open[DEPTH_MAX];
    size_t depth;
    struct map seen;
    int wrong;
};

static void say(struct reader *r, const char *what, struct str text)
{
    struct str key = str_fmt(r->cx->arena, "%s %.*s", what, F(text));
    r->wrong++;
    if (map_get(&r->seen, key))
        return;
    map_put(r->cx->arena, &r->seen, key, r);
    print_error("%.*s: %s: %.*s\n", F(r->page), what, F(str_until(text, 300)));
}

static bool is_vietnamese(const struct reader *r)
{
    return r->depth && r->open[r->depth - 1].vietnamese;
}

static void read_text(struct reader *r, struct str text)
{
    text = str_trim(text);
    struct str in = r->depth ? r->open[r->depth - 1].name : S("");
    if (str_eq(in, S("script")) || str_eq(in, S("style")) || !text_is_vietnamese(text))
        return;
    if (!is_vietnamese(r))
        say(r, "Vietnamese that does not say so", text);
    else if (in_catalogue(text))
        say(r, "the catalogue has its English", text);
}

/* `tag` is what stands between < and >. */
static struct str attribute(struct str tag, const char *name)
{
    char head[32];
    size_t at, end;
    snprintf(head, sizeof head, " %s=\"", name);
    if (!str_find(tag, str_c(head), &at))
        return S("");
    struct str value = str_from(tag, at + strlen(head));
    return str_find(value, S("\""), &end) ? str_until(value, end) : S("");
}

static bool is_void(struct str name)
{
    static const char *const all[] = {"area", "br",   "col",  "hr",     "img", "input",
                                      "link", "meta", "path", "circle", "use", NULL};
    for (size_t i = 0; all[i]; i++)
        if (str_eq(name, str_c(all[i])))
            return true;
    return false;
}

static void read_tag(struct reader *r, struct str tag)
{
    static const char *const readable[] = {"title", "alt",        "aria-label", "placeholder",
                                           "value", "data-label", NULL};
    struct str name, rest, lang = attribute(tag, "lang");
    if (str_starts(tag, S("/"))) {
        name = str_trim(str_from(tag, 1));
        while (r->depth && !str_eq(r->open[--r->depth].name, name)) {
        }
        return;
    }
    if (str_starts(tag, S("!")))
        return;
    str_cut(tag, ' ', &name, &rest);
    bool vietnamese = lang.n ? str_eq(lang, S("vi")) : is_vietnamese(r);
    struct str type = attribute(tag, "type"); /* what nobody is shown */
    bool hidden = str_eq(type, S("hidden")) || str_eq(type, S("radio")) ||
                  str_eq(type, S("checkbox")) || str_eq(name, S("option"));
    for (size_t i = 0; readable[i] && !hidden; i++) {
        struct str value = attribute(tag, readable[i]);
        if (text_is_vietnamese(value) && !vietnamese)
            say(r, readable[i], value);
        else if (text_is_vietnamese(value) && in_catalogue(value))
            say(r, "the catalogue has its English", value);
    }
    if (is_void(name) || str_ends(tag, S("/")) || r->depth == DEPTH_MAX)
        return;
    r->open[r->depth].name = name;
    r->open[r->depth++].vietnamese = vietnamese;
}

static void read_page(struct reader *r, struct str body)
{
    struct str text, tag;
    r->depth = 0;
    while (body.n) {
        str_cut(body, '<', &text, &body);
        read_text(r, text);
        if (!body.n)
            break;
        str_cut(body, '>', &tag, &body);
        read_tag(r, tag);
    }
}

/* ---- the walk ---- */

static void sign_in(struct browser *b, const char *login)
{
    browser_forget(b);
    browser_follow(b, true);
    assert_true(!login || testing_sign_in(b, login, IDENTITY_DEMO_PASSWORD));
    assert_int_equal(browser_open(b, "/?lang=en"), 200);
}

static bool is_page(const struct browser *b)
{
    const struct page *p = browser_page(b);
    return str_starts(p->content_type, S("text/html"));
}

static int walk(struct reader *r, struct browser *b, const char *login)
{
    const struct route *route;
    int pages = 0;
    sign_in(b, login);
    for (size_t i = 0; (route = web_route_at(r->cx->env->web, i)) != NULL; i++) {
        if (route->method != GET || route->kind != WEB_PAGE || strchr(route->path, '{') ||
            strncmp(route->path, "/giao-dien", 10) == 0) /* for makers */
            continue;
        browser_open(b, route->path);
        if (!is_page(b))
            continue;
        r->page = str_fmt(r->cx->arena, "%s as %s", route->path, login ? login : "visitor");
        read_page(r, browser_page(b)->body);
        pages++;
    }
    return pages;
}

static void every_page_in_english_has_no_vietnamese_but_data(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    struct reader *r = NEW(cx->arena, struct reader);
    r->cx = cx;
    int pages = walk(r, b, NULL);
    const char *before = "";
    for (const struct demo_account *d = identity_demo_accounts; d->login; before = d->role, d++)
        if (strcmp(before, d->role) != 0)
            pages += walk(r, b, d->login);
    assert_true(pages > 100);
    assert_int_equal(r->wrong, 0);
}

/* The reader finds what it is for. */
static void vietnamese_is_found_wherever_it_stands(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct {
        const char *body;
        int wrong;
    } pages[] = {
        {"<p>Trần</p>", 1},
        {"<p lang=\"vi\">Trần</p>", 0},
        {"<p><span lang=\"vi\">Trần</span> An</p><br><p>Kỳ</p>", 1},
        {"<p lang=\"vi\">Trang đầu</p>", 1},
        {"<input value=\"Trần\">", 1},
        {"<input value=\"Trần\" lang=\"vi\">", 0},
        {"<input type=\"hidden\" value=\"Trần\">", 0},
        {"<script>Trần</script>", 0},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct reader *r = NEW(cx->arena, struct reader);
        r->cx = cx;
        map_put(cx->arena, &r->seen, S("Vietnamese that does not say so Trần"), r);
        read_page(r, str_c(pages[i].body));
        assert_int_equal(r->wrong, pages[i].wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_page_in_english_has_no_vietnamese_but_data),
        TEST(vietnamese_is_found_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
