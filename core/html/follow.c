/* follow.c - follows the HTML of a template, so that a value can stand only where escaping by its
 * place is enough, and every branch is well formed. */
#include "parser.h"

#include "names.h"
#include "print_names.h"

/* ---- elements ---- */

void follow_enter(struct parser *p, size_t at, struct str name)
{
    if (p->depth == ELEMENTS_MAX) {
        parse_fail(p, at, "elements are nested deeper than %d", ELEMENTS_MAX);
        return;
    }
    const struct element *outer = follow_innermost(p);
    struct element *e = &p->open[p->depth++];
    *e = (struct element){.name = name, .line = parse_line(p, at)};
    e->keep_space = names_keeps_space(name) || (outer && outer->keep_space);
    e->only_text = str_eq(name, S("title")) || str_eq(name, S("textarea"));
    e->foreign = str_eq(name, S("svg")) || str_eq(name, S("math")) || (outer && outer->foreign);
    e->loose = p->mode == TEMPLATE_PAGE && names_is_loose(name);
    e->loops = p->loops;
}

void follow_lang(struct parser *p, struct node_list *of, const struct node *value)
{
    struct node *copy = NEW(p->arena, struct node);
    *copy = *value;
    copy->next = NULL;
    parse_append(of, copy);
}

/* HTML closes these by itself when it meets such a neighbour: the page would not be what the
 * template shows. */
static void check_nesting(struct parser *p, size_t at, struct str name)
{
    for (size_t i = p->depth; i > 0; i--) {
        const struct element *e = &p->open[i - 1];
        if (names_is_boundary(e->name))
            return;
        bool again = str_eq(e->name, name) &&
                     (str_eq(name, S("a")) || str_eq(name, S("form")) || str_eq(name, S("button")));
        bool in_p = str_eq(e->name, S("p")) && names_closes_p(name);
        if (again || in_p)
            parse_fail(p, at, "<%.*s> cannot stand inside <%.*s> of line %d", F(name), F(e->name),
                       e->line);
    }
}

bool follow_is_block(const struct parser *p, struct str name)
{
    bool inside_text = str_eq(name, S("b")) || str_eq(name, S("i"));
    return p->mode == TEMPLATE_PRINT ? !inside_text : names_is_block(name);
}

static const struct print_element *print_outer(struct parser *p)
{
    const struct element *e = follow_innermost(p);
    return e ? print_element_of(e->name) : NULL;
}

static void check_print_element(struct parser *p, size_t at, struct str name)
{
    const struct print_element *outer = print_outer(p), *inner = print_element_of(name);
    if (!inner)
        parse_fail(p, at, "<%.*s> is no element of print markup", F(name));
    else if (!print_can_hold(outer, inner))
        parse_fail(p, at, "<%s> cannot stand %s%s", inner->name, outer ? "in " : "at the top",
                   outer ? outer->name : "");
}

static void check_element(struct parser *p, size_t at, struct str name)
{
    if (p->mode == TEMPLATE_PRINT) {
        check_print_element(p, at, name);
        return;
    }
    const struct element *outer = follow_innermost(p);
    bool foreign = outer && outer->foreign;
    for (size_t i = 0; i < name.n && !foreign; i++)
        if (name.p[i] >= 'A' && name.p[i] <= 'Z')
            parse_fail(p, at, "names of elements are written in lower case");
    if (names_is_refused(name))
        parse_fail(p, at,
                   "<%.*s> is not for pages here: styles and scripts are files, values are text",
                   F(name));
    check_nesting(p, at, name);
}

/* "</name>" at src[at]; returns where it ends. */
static size_t end_tag(struct parser *p, size_t at, size_t to)
{
    size_t i = at + 2;
    while (i < to && names_is_name(p->src.p[i]))
        i++;
    struct str name = str_until(str_from(p->src, at + 2), i - at - 2);
    while (i < to && names_is_space(p->src.p[i]))
        i++;
    struct element *top = follow_innermost(p);
    if (i >= to || p->src.p[i] != '>') {
        parse_fail(p, at, "an end tag is its name alone, without values");
    } else if (!top || !str_eq(top->name, name)) {
        parse_fail(p, at, top ? "</%.*s> cannot close <%.*s>" : "</%.*s> closes nothing", F(name),
                   F(top ? top->name : name));
    } else if (p->depth == p->floor) {
        parse_fail(p, at, "</%.*s> closes an element opened outside of this block", F(name));
    } else {
        follow_flush(p, follow_is_block(p, name));
        p->depth--;
        follow_out(p, at, S("</"));
        follow_out(p, at, name);
        follow_out(p, at, S(">"));
        p->place.tight = follow_is_block(p, name);
    }
    return i + 1;
}

/* "<!-- -->" is left out; "<!doctype html>" is kept. */
static size_t declaration(struct parser *p, size_t at, size_t to)
{
    struct str rest = str_until(str_from(p->src, at), to - at);
    bool comment = str_starts(rest, S("<!--"));
    size_t n;
    if (!str_find(rest, comment ? S("-->") : S(">"), &n)) {
        parse_fail(p, at,
                   comment ? "a comment is not closed, or holds a value"
                           : "a declaration is not closed");
        return to;
    }
    n += comment ? 3 : 1;
    if (!comment) {
        follow_flush(p, true);
        follow_out(p, at, str_until(rest, n));
        p->place.tight = true;
    }
    return at + n;
}

static size_t start_tag(struct parser *p, size_t at, size_t to)
{
    size_t i = at + 1;
    while (i < to && names_is_name(p->src.p[i]))
        i++;
    struct str name = str_until(str_from(p->src, at + 1), i - at - 1);
    check_element(p, at, name);
    follow_flush(p, follow_is_block(p, name));
    p->tag_at = at;
    p->place.in = PLACE_TAG;
    p->place.tag = name;
    p->place.need_space = true;
    p->readable = (struct node_list){0};
    p->has_lang = false;
    follow_out(p, at, str_until(str_from(p->src, at), name.n + 1));
    return i;
}

static void check_print_text(struct parser *p, size_t at)
{
    if (p->mode == TEMPLATE_PRINT && !print_can_hold_text(print_outer(p)))
        parse_fail(p, at, "text stands in <p> or <td>");
}

/* Between elements: returns where src stops being text. */
static size_t in_text(struct parser *p, size_t at, size_t to)
{
    const char *less = memchr(p->src.p + at, '<', to - at);
    size_t i = less ? (size_t)(less - p->src.p) : to;
    const struct element *e = follow_innermost(p);
    if (e && str_eq(e->name, S("script")) && str_trim(str_until(str_from(p->src, at), i - at)).n)
        parse_fail(p, at, "scripts are files: <script src=\"...\" defer></script>");
    if (str_trim(str_until(str_from(p->src, at), i - at)).n)
        check_print_text(p, at);
    if (i > at)
        follow_piece(p, follow_plain_text(p, at, i, e && e->keep_space), NULL, at);
    if (i == to)
        return to;
    char next = i + 1 < to ? p->src.p[i + 1] : 0;
    if (next == '/')
        return end_tag(p, i, to);
    if (e && e->only_text)
        parse_fail(p, i, "only text can stand in <%.*s>", F(e->name));
    else if (next == '!')
        return declaration(p, i, to);
    else if (names_is_letter(next))
        return start_tag(p, i, to);
    else
        parse_fail(p, i,
                   next ? "\"<\" in a text is written &lt;"
                        : "a value cannot be the name of an element");
    return to;
}

/* ---- the door of this file ---- */

void follow_literal(struct parser *p, size_t from, size_t to)
{
    if (p->mode == TEMPLATE_PLAIN) {
        follow_out(p, from, str_until(str_from(p->src, from), to - from));
        return;
    }
    while (from < to && !p->failed) {
        if (p->place.in == PLACE_TEXT)
            from = in_text(p, from, to);
        else if (p->place.in == PLACE_TAG)
            from = follow_tag(p, from, to);
        else
            from = follow_attr(p, from, to);
    }
}

static void value_in_text(struct parser *p, struct node *value, size_t at)
{
    const struct element *e = follow_innermost(p);
    check_print_text(p, at);
    if (e && str_eq_ascii_case(e->name, S("script")))
        parse_fail(
            p, at,
            "a value cannot stand in <script>: give it as a struct markup of html_json_script");
    if (value->how != VALUE_TEXT && p->mode == TEMPLATE_PAGE)
        parse_fail(p, at, "{{url}} and {{link}} are for addresses in attributes");
    bool bare = e && (e->only_text || e->foreign || str_eq(e->name, S("option")));
    if (bare && value->how == VALUE_TEXT)
        value->how = str_eq(e->name, S("textarea")) ? VALUE_ATTR : VALUE_LABEL; /* no markup */
    if (bare && e->lang && e->loops == p->loops)
        follow_lang(p, &e->lang->body, value);
    follow_piece(p, S(""), value, at);
}

void follow_value(struct parser *p, struct node *value, size_t at)
{
    if (p->mode == TEMPLATE_PLAIN) {
        if (value->how == VALUE_LINK)
            parse_fail(p, at, "{{link}} is for addresses in attributes");
        if (value->how == VALUE_TEXT)
            value->how = VALUE_PLAIN;
        parse_add(p, value);
    } else if (p->place.in == PLACE_TEXT) {
        value_in_text(p, value, at);
    } else if (p->place.in == PLACE_TAG) {
        parse_fail(
            p, at,
            "a value stands in quotes; for an attribute that may be absent: {{#if x}}name{{/if}}");
    } else {
        follow_attr_value(p, value, at);
    }
}

void follow_break(struct parser *p)
{
    if (p->mode != TEMPLATE_PLAIN)
        follow_flush(p, false);
}

bool follow_is_partial_place(struct parser *p)
{
    const struct element *e = follow_innermost(p);
    return p->place.in == PLACE_TEXT && !(e && e->only_text);
}

void follow_meet(struct parser *p, size_t at, struct place a, struct place b)
{
    if (a.in != b.in || a.quote != b.quote || !str_eq(a.tag, b.tag) || !str_eq(a.attr, b.attr))
        parse_fail(p, at, "the branches of this block end in different places of the HTML");
    p->place = a;
    p->place.need_space = a.need_space || b.need_space;
    p->place.started = a.started || b.started;
    p->place.tight = a.tight && b.tight;
}

void follow_end(struct parser *p)
{
    if (p->mode == TEMPLATE_PLAIN)
        return;
    follow_flush(p, true);
    const struct element *e = follow_innermost(p);
    if (p->place.in != PLACE_TEXT)
        parse_fail(p, p->tag_at, "<%.*s> is not ended", F(p->place.tag));
    else if (e)
        parse_fail(p, p->src.n, "<%.*s> of line %d is not closed", F(e->name), e->line);
}
