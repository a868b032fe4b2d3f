/* attributes.c - inside of a start tag: attributes, their values, addresses. */
#include "parser.h"

#include "names.h"
#include "print_names.h"

static struct str slice(const struct parser *p, size_t from, size_t to)
{
    return str_until(str_from(p->src, from), to - from);
}

/* An element whose text or attributes may hold Vietnamese data says so in an English page. */
static struct node *add_lang(struct parser *p, size_t at, struct str name)
{
    const struct element *outer = follow_innermost(p);
    bool bare = str_eq(name, S("title")) || str_eq(name, S("textarea")) ||
                str_eq(name, S("option")) || (outer && outer->foreign && str_eq(name, S("text")));
    if (p->mode != TEMPLATE_PAGE || p->has_lang || (!bare && !p->readable.first))
        return NULL;
    struct node *n = parse_node(p, NODE_LANG, at);
    n->body = p->readable;
    parse_add(p, n);
    return bare ? n : NULL;
}

/* ">" or "/>" at src[at]. */
static size_t finish_tag(struct parser *p, size_t at, size_t to)
{
    struct str name = p->place.tag;
    const struct element *outer = follow_innermost(p);
    bool is_void = p->mode == TEMPLATE_PAGE && names_is_void(name);
    bool closed = p->src.p[at] == '/';
    size_t end = at + (closed ? 2 : 1);
    p->place.in = PLACE_TEXT;
    p->place.tag = p->place.attr = S("");
    p->place.tight = follow_is_block(p, name);
    const struct print_element *print = p->mode == TEMPLATE_PRINT ? print_element_of(name) : NULL;
    if (print && (print->holds == PRINT_EMPTY) != closed)
        parse_fail(p, p->tag_at,
                   closed ? "<%s/> holds nothing: leave it out, or fill it"
                          : "<%s> holds nothing: write <%s/>",
                   print->name, print->name);
    if (closed && p->mode == TEMPLATE_PAGE && !is_void && !(outer && outer->foreign))
        parse_fail(p, at, "<%.*s/> is not closed in HTML: write </%.*s>", F(name), F(name));
    struct node *lang = add_lang(p, at, name);
    if (closed || is_void) {
        follow_out(p, at, is_void ? S(">") : S("/>"));
        return end;
    }
    follow_out(p, at, S(">"));
    follow_enter(p, p->tag_at, name);
    if (follow_innermost(p))
        follow_innermost(p)->lang = lang;
    /* HTML drops one line end here: without ours it would be the value's. */
    if (p->mode == TEMPLATE_PAGE && names_keeps_space(name) && end == to)
        follow_out(p, at, S("\n"));
    return end;
}

static void check_attribute(struct parser *p, size_t at, struct str name)
{
    const struct print_element *print =
        p->mode == TEMPLATE_PRINT ? print_element_of(p->place.tag) : NULL;
    if (name.n == 0)
        parse_fail(p, at, "an attribute is expected; no blanks around \"=\"");
    else if (p->place.need_space)
        parse_fail(p, at, "a blank is missing before the attribute");
    else if (p->mode == TEMPLATE_PAGE && names_is_unsafe(name))
        parse_fail(p, at, "the page's policy blocks %.*s=: use a class or a script file", F(name));
    else if (print && !print_has_attribute(print, name))
        parse_fail(p, at, "<%s> has no attribute %.*s", print->name, F(name));
}

/* name=value without quotes, literal only. */
static size_t bare_value(struct parser *p, size_t at, size_t to)
{
    size_t i = at;
    while (i < to && (names_is_name(p->src.p[i]) || p->src.p[i] == '.' || p->src.p[i] == '%'))
        i++;
    if (i == at || i == to)
        parse_fail(p, at, "the value of an attribute stands in quotes");
    follow_out(p, at, slice(p, at, i));
    p->place.need_space = true;
    return i;
}

static size_t attribute(struct parser *p, size_t at, size_t to)
{
    size_t i = at;
    while (i < to && names_is_name(p->src.p[i]))
        i++;
    struct str name = slice(p, at, i);
    check_attribute(p, at, name);
    follow_out(p, at, name);
    p->place.need_space = true;
    if (p->failed || i == to || p->src.p[i] != '=')
        return i;
    follow_out(p, at, S("="));
    p->place.attr = name;
    p->has_lang = p->has_lang || str_eq(name, S("lang"));
    i++;
    char quote = i < to ? p->src.p[i] : 0;
    if (quote != '"' && quote != '\'') {
        if (p->mode == TEMPLATE_PAGE && names_is_address(name))
            parse_fail(p, at, "an address stands in quotes");
        return bare_value(p, i, to);
    }
    follow_out(p, at, (struct str){p->src.p + i, 1});
    p->place.in = PLACE_VALUE;
    p->place.quote = quote;
    p->place.started = false;
    return i + 1;
}

size_t follow_tag(struct parser *p, size_t at, size_t to)
{
    size_t i = at;
    while (i < to && names_is_space(p->src.p[i]))
        i++;
    bool ends = i < to && (p->src.p[i] == '>' ||
                           (p->src.p[i] == '/' && i + 1 < to && p->src.p[i + 1] == '>'));
    if (i > at && !ends) {
        follow_out(p, at, S(" "));
        p->place.need_space = false;
    }
    if (i == to)
        return to;
    return ends ? finish_tag(p, i, to) : attribute(p, i, to);
}

static bool is_address(const struct parser *p)
{
    return p->mode == TEMPLATE_PAGE && names_is_address(p->place.attr);
}

static void address_piece(struct parser *p, size_t from, size_t to, bool whole)
{
    struct str text = slice(p, from, to);
    if (!p->place.started && text.n && !names_is_safe_address(text, whole))
        parse_fail(p, from, "an address begins with /, ?, #, http(s)://, mailto: or tel:");
    for (size_t i = from; i < to; i++)
        if (p->src.p[i] == '<' || (p->src.p[i] == '&' && !names_is_plain_entity(slice(p, i, to))))
            parse_fail(p, i, "in an address & is written &amp; and < is %%3C");
    follow_out(p, from, text);
    p->place.started = p->place.started || text.n;
}

size_t follow_attr(struct parser *p, size_t at, size_t to)
{
    const char *quote = memchr(p->src.p + at, p->place.quote, to - at);
    size_t i = quote ? (size_t)(quote - p->src.p) : to;
    if (is_address(p)) {
        address_piece(p, at, i, quote != NULL);
    } else if (i > at) {
        follow_piece(p, follow_plain_text(p, at, i, false), NULL, at);
        p->place.started = true;
    }
    if (!quote)
        return to;
    follow_flush(p, false);
    follow_out(p, i, (struct str){quote, 1});
    p->place.in = PLACE_TAG;
    p->place.need_space = true;
    p->place.attr = S("");
    p->place.quote = 0;
    return i + 1;
}

static void address_value(struct parser *p, struct node *value, size_t at)
{
    if (value->how == VALUE_TEXT)
        parse_fail(p, at, "in %.*s= write {{url x}} for a piece, {{link x}} for a whole address",
                   F(p->place.attr));
    if (value->how == VALUE_LINK && p->place.started)
        parse_fail(p, at, "{{link}} can only begin an address");
    if (value->how == VALUE_URL && !p->place.started)
        parse_fail(p, at,
                   "an address cannot begin with {{url}}: begin with a path, or use {{link}}");
    p->place.started = true;
    parse_add(p, value);
}

void follow_attr_value(struct parser *p, struct node *value, size_t at)
{
    bool page = p->mode == TEMPLATE_PAGE;
    if (is_address(p)) {
        address_value(p, value, at);
        return;
    }
    if (page && names_is_fixed(p->place.attr))
        parse_fail(p, at, "no value can stand in %.*s=", F(p->place.attr));
    if (page && value->how != VALUE_TEXT)
        parse_fail(p, at, "{{url}} and {{link}} are for addresses: href, src, action");
    if (value->how == VALUE_TEXT)
        value->how = page && names_is_readable(p->place.attr) ? VALUE_LABEL : VALUE_ATTR;
    p->place.started = true;
    bool typed = str_eq(p->place.attr, S("value")) && str_eq(p->place.tag, S("input"));
    if (page && (typed || names_is_readable(p->place.attr)))
        follow_lang(p, &p->readable, value);
    follow_piece(p, S(""), value, at);
}
