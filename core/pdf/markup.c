/* markup.c - **bold** and //italic// inside of a paragraph.
 *
 * A mark counts only when its partner follows in the same text; otherwise it is text, as is the
 * "//" of an address, between a colon and a letter. A backslash makes the sign behind it text. */
#include "flow.h"

struct mark {
    const char *sign;
    PangoAttribute *(*attribute)(void);
};

static PangoAttribute *make_bold(void)
{
    return pango_attr_weight_new(PANGO_WEIGHT_BOLD);
}

static PangoAttribute *make_italic(void)
{
    return pango_attr_style_new(PANGO_STYLE_ITALIC);
}

static const struct mark marks[] = {{"**", make_bold}, {"//", make_italic}};
#define MARKS_N (sizeof marks / sizeof *marks)

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static bool is_mark(struct str s, size_t at, const struct mark *m)
{
    if (at + 2 > s.n || memcmp(s.p + at, m->sign, 2) != 0)
        return false;
    bool address =
        m->sign[0] == '/' && at > 0 && s.p[at - 1] == ':' && at + 2 < s.n && is_word(s.p[at + 2]);
    return !address;
}

static bool closes_later(struct str s, size_t at, const struct mark *m)
{
    for (; at < s.n; at++) {
        if (s.p[at] == '\\')
            at++;
        else if (is_mark(s, at, m))
            return true;
    }
    return false;
}

static const struct mark *mark_at(struct str s, size_t at, const bool open[MARKS_N])
{
    for (size_t i = 0; i < MARKS_N; i++)
        if (is_mark(s, at, &marks[i]) && (open[i] || closes_later(s, at + 2, &marks[i])))
            return &marks[i];
    return NULL;
}

struct str markup_read(struct arena *a, struct str s, PangoAttrList *attributes)
{
    bool open[MARKS_N] = {false};
    size_t begun[MARKS_N] = {0};
    struct buf b = {.arena = a, .limit = s.n};
    for (size_t at = 0; at < s.n;) {
        const struct mark *m = mark_at(s, at, open);
        if (m) {
            size_t i = (size_t)(m - marks);
            if (open[i]) {
                PangoAttribute *attribute = m->attribute();
                attribute->start_index = (guint)begun[i];
                attribute->end_index = (guint)b.n;
                pango_attr_list_insert(attributes, attribute);
            }
            open[i] = !open[i];
            begun[i] = b.n;
            at += 2;
            continue;
        }
        if (s.p[at] == '\\' && at + 1 < s.n && strchr("\\*/", s.p[at + 1]))
            at++;
        buf_byte(&b, s.p[at++]);
    }
    return buf_str(&b);
}

struct str pdf_plain(struct arena *a, struct str text)
{
    struct buf b = {.arena = a, .limit = 2 * text.n};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' || text.p[i] == '*' || text.p[i] == '/')
            buf_byte(&b, '\\');
        buf_byte(&b, text.p[i]);
    }
    return buf_str(&b);
}
