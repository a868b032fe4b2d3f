/* name.c - file names as people give them, made safe to show and to save. */
#include "file_inside.h"

#define NAME_CHARS 120

struct kind {
    struct str mime;
    struct str endings; /* accepted, the first is added when none fits */
};
static const struct kind kinds[] = {
    {{"application/pdf", 15}, {".pdf", 4}},
    {{"image/jpeg", 10}, {".jpg .jpeg .jfif", 16}},
    {{"image/png", 9}, {".png", 4}},
    {{"image/webp", 10}, {".webp", 5}},
    {{"image/heic", 10}, {".heic .heif", 11}},
    {{"text/plain", 10}, {".txt .csv .log .md", 18}},
    {{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", 71}, {".docx", 5}},
    {{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 65}, {".xlsx", 5}},
    {{"application/vnd.oasis.opendocument.text", 39}, {".odt", 4}},
};

/* Marks that turn the direction of writing or hide: "exe.pdf" read backwards is "fdp.exe". */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || c == 0x7f || (c >= 0x80 && c <= 0x9f) || c == 0xad ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xfffd || c > 0x10ffff;
}

static bool is_for_shells(uint32_t c)
{
    return c < 0x80 && memchr("\"*:<>?|", (int)c, 7);
}

static struct str last_part(struct str s)
{
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == '/' || s.p[i] == '\\')
            return str_from(s, i + 1);
    return s;
}

static struct str trim_dots(struct str s)
{
    s = str_trim(s);
    while (s.n && (s.p[0] == '.' || s.p[0] == ' '))
        s = str_from(s, 1);
    while (s.n && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ' '))
        s.n--;
    return s;
}

/* The last characters hold the ending: a long name is shortened before it. */
static struct str shorten(struct cx *cx, struct str name, struct str ending)
{
    struct str base = str_until(name, name.n - ending.n);
    return utf8_count(base) <= NAME_CHARS
               ? name
               : str_fmt(cx->arena, "%.*s%.*s", F(text_cut(cx->arena, base, NAME_CHARS)),
                         F(ending));
}

static struct str with_ending(struct cx *cx, struct str name, struct str mime)
{
    const struct kind *k = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kinds[i].mime, mime))
            k = &kinds[i];
    if (!k)
        return shorten(cx, name, S(""));
    struct str ending, first, rest = k->endings, lower = str_ascii_lower(cx->arena, name);
    str_cut(rest, ' ', &first, &rest);
    rest = k->endings;
    while (rest.n) {
        str_cut(rest, ' ', &ending, &rest);
        if (str_ends(lower, ending) && name.n > ending.n)
            return shorten(cx, name, str_from(name, name.n - ending.n));
    }
    return shorten(cx, str_fmt(cx->arena, "%.*s%.*s", F(name), F(first)), first);
}

struct str file_name_clean(struct cx *cx, struct str name, struct str mime)
{
    struct str nfc;
    if (!text_nfc(cx->arena, str_until(name, 4096), &nfc))
        nfc = S("");
    struct str part = last_part(nfc);
    struct buf b = {.arena = cx->arena, .limit = 8192};
    for (size_t i = 0; i < part.n;) {
        uint32_t c = utf8_next(part, &i);
        if (!is_hidden(c))
            utf8_add(&b, is_for_shells(c) ? '_' : c);
    }
    struct str clean = trim_dots(buf_str(&b));
    return with_ending(cx, clean.n ? clean : S("tep"), mime);
}
