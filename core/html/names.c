/* names.c - sets of HTML names, each a string of words between blanks. */
#include "names.h"

#include <stdlib.h>

bool names_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool names_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool names_is_name(char c)
{
    return names_is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

static bool in_set(struct str name, const char *set)
{
    if (name.n == 0)
        return false;
    for (const char *at = set; *at;) {
        size_t n = strcspn(at, " ");
        if (str_eq_ascii_case(name, (struct str){at, n}))
            return true;
        at += n + (at[n] == ' ');
    }
    return false;
}

bool names_is_void(struct str e)
{
    return in_set(e, "area base br col embed hr img input link meta source track wbr");
}

#define SVG_SHAPES                                                                                  \
    "circle clippath defs ellipse g line lineargradient marker mask path pattern polygon polyline " \
    "radialgradient rect stop symbol use"

bool names_is_block(struct str e)
{
    return in_set(
        e,
        "html head body title meta link script base header footer main nav section article aside div p "
        "h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr td th form "
        "fieldset legend details summary dialog figure figcaption blockquote pre hr br address search "
        "template option optgroup datalist tspan " SVG_SHAPES);
}

bool names_is_loose(struct str e)
{
    return in_set(
        e,
        "html head ul ol dl table colgroup thead tbody tfoot tr select optgroup datalist picture video "
        "audio svg " SVG_SHAPES);
}

bool names_keeps_space(struct str e)
{
    return in_set(e, "pre textarea");
}

bool names_closes_p(struct str e)
{
    return in_set(
        e,
        "address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 "
        "h2 h3 h4 h5 h6 header hr main nav ol p pre search section table ul");
}

bool names_is_boundary(struct str e)
{
    return in_set(e, "td th caption object svg math template dialog");
}

bool names_is_refused(struct str e)
{
    return in_set(
        e,
        "style base xmp plaintext listing noembed noframes frame frameset applet marquee animate set "
        "foreignobject math");
}

bool names_is_address(struct str a)
{
    if (str_starts(a, S("data-")))
        return str_ends(a, S("href")) || str_ends(a, S("url")) || str_ends(a, S("src"));
    return in_set(
        a,
        "href src action formaction poster cite data xlink:href manifest background longdesc ping");
}

bool names_is_readable(struct str a)
{
    return in_set(
        a,
        "title alt placeholder label aria-label aria-description aria-roledescription aria-valuetext "
        "aria-placeholder");
}

bool names_is_unsafe(struct str a)
{
    bool handler = a.n > 2 && str_eq_ascii_case(str_until(a, 2), S("on"));
    return handler || in_set(a, "style srcdoc");
}

bool names_is_fixed(struct str a)
{
    return in_set(
        a,
        "srcset imagesrcset http-equiv integrity nonce attributename from to by values sandbox allow");
}

bool names_is_safe_address(struct str head, bool whole)
{
    static const char *const starts[] = {"/", "#", "?", "https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts(head, str_c(starts[i])))
            return true;
    return whole && !memchr(head.p, ':', head.n);
}

struct entity {
    const char *name;
    uint32_t codepoint;
};
/* clang-format off */
static const struct entity entities[] = {
    {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xA0},
    {"hellip", 0x2026}, {"mdash", 0x2014}, {"ndash", 0x2013}, {"middot", 0xB7}, {"times", 0xD7},
    {"copy", 0xA9}, {"rarr", 0x2192}, {"larr", 0x2190}, {"laquo", 0xAB}, {"raquo", 0xBB},
    {"thinsp", 0x2009}, {"shy", 0xAD}, {"zwnj", 0x200C}, {"zwsp", 0x200B},
};
/* clang-format on */

static void add_utf8(struct buf *b, uint32_t c)
{
    if (c < 0x80) {
        buf_byte(b, (char)c);
    } else if (c < 0x800) {
        buf_byte(b, (char)(0xC0 | c >> 6));
        buf_byte(b, (char)(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        buf_byte(b, (char)(0xE0 | c >> 12));
        buf_byte(b, (char)(0x80 | (c >> 6 & 63)));
        buf_byte(b, (char)(0x80 | (c & 63)));
    } else {
        buf_byte(b, (char)(0xF0 | c >> 18));
        buf_byte(b, (char)(0x80 | (c >> 12 & 63)));
        buf_byte(b, (char)(0x80 | (c >> 6 & 63)));
        buf_byte(b, (char)(0x80 | (c & 63)));
    }
}

/* "&#48;" and "&#x30;": a character of text, no control. */
static size_t numeric_entity(struct str s, size_t end, struct buf *b)
{
    char digits[12] = {0};
    size_t from = end > 2 && (s.p[2] == 'x' || s.p[2] == 'X') ? 3 : 2;
    if (end <= from || end - from >= sizeof digits)
        return 0;
    memcpy(digits, s.p + from, end - from);
    char *stop;
    unsigned long c = strtoul(digits, &stop, from == 3 ? 16 : 10);
    bool text = c >= 0x20 && c <= 0x10FFFF && (c < 0x7F || c > 0x9F) && (c < 0xD800 || c > 0xDFFF);
    if (*stop || !text || digits[0] == '+' || digits[0] == '-' || digits[0] == ' ')
        return 0;
    add_utf8(b, (uint32_t)c);
    return end + 1;
}

size_t names_entity(struct str s, struct buf *b)
{
    size_t end;
    if (!str_find(str_until(s, 16), S(";"), &end))
        return 0;
    if (s.n > 1 && s.p[1] == '#')
        return numeric_entity(s, end, b);
    struct str name = str_until(str_from(s, 1), end - 1);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        if (!str_eq(name, str_c(entities[i].name)))
            continue;
        add_utf8(b, entities[i].codepoint);
        return end + 1;
    }
    return 0;
}

bool names_is_plain_entity(struct str s)
{
    static const char *const plain[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (str_starts(s, str_c(plain[i])))
            return true;
    return false;
}

bool names_has_hole(struct str s)
{
    for (size_t i = 0; i + 2 < s.n; i++)
        if (s.p[i] == '{' && s.p[i + 1] >= '1' && s.p[i + 1] <= '9' && s.p[i + 2] == '}')
            return true;
    return false;
}
