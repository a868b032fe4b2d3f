/* html.c - the writer of pages: what escapes, what makes addresses safe. */
#include "html/html.h"

struct html html_start(struct cx *cx)
{
    struct str lang = cx->lang.n ? cx->lang : S("vi");
    return (struct html){.to = {.arena = cx->arena, .limit = HTML_LIMIT},
                         .lang = lang,
                         .english = str_eq(lang, S("en")),
                         .cx = cx};
}

struct markup html_done(const struct html *page)
{
    return (struct markup){buf_str(&page->to)};
}

struct markup html_json_script(struct arena *a, struct str id, struct str json)
{
    MUST(!str_find(json, S("<"), NULL));
    struct html page = {.to = {.arena = a, .limit = HTML_LIMIT}, .lang = S("vi")};
    html_lit(&page, "<script type=\"application/json\" id=\"");
    html_text(&page, id);
    html_lit(&page, "\">");
    buf_add(&page.to, json);
    html_lit(&page, "</script>");
    return html_done(&page);
}

static struct str entity_of(char c)
{
    switch (c) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return S("&quot;");
    case '\'':
        return S("&#39;");
    default:
        return S("");
    }
}

/* U+2066..U+2069, E2 81 A6..A9: they mark values in kept sentences (tr_keep). */
static bool is_isolate(struct str s, size_t i)
{
    return i + 2 < s.n && s.p[i] == '\xE2' && s.p[i + 1] == '\x81' &&
           (unsigned char)s.p[i + 2] >= 0xA6 && (unsigned char)s.p[i + 2] <= 0xA9;
}

/* What may not stand as it is; most of a page is none of it. */
static const bool special[256] = {
    ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true, [0xE2] = true};

/* Sixteen bytes at once; the compiler has an instruction for each line. */
typedef unsigned char sixteen __attribute__((vector_size(16)));

static bool has_special(const char *p)
{
    sixteen x;
    uint64_t half[2];
    memcpy(&x, p, sizeof x);
    const sixteen hit = (sixteen)((x & 0xFE) == '&') | /* and the apostrophe behind it */
                        (sixteen)((x & 0xFD) == '<') | /* and '>' */
                        (sixteen)(x == '"') | (sixteen)(x == 0xE2);
    memcpy(half, &hit, sizeof half);
    return (half[0] | half[1]) != 0;
}

/* Where the next one stands from i on; s.n: nowhere. */
static size_t next_special(struct str s, size_t i)
{
    while (s.n - i >= sizeof(sixteen) && !has_special(s.p + i))
        i += sizeof(sixteen);
    /* The last ones together with some before them: cheaper than one by one. */
    if (s.n >= sizeof(sixteen) && s.n - i < sizeof(sixteen) &&
        !has_special(s.p + s.n - sizeof(sixteen)))
        return s.n;
    while (i < s.n && !special[(unsigned char)s.p[i]])
        i++;
    return i;
}

void html_text(struct html *out, struct str s)
{
    size_t from = 0;
    for (size_t i = next_special(s, 0); i < s.n; i = next_special(s, i + 1)) {
        bool isolate = s.p[i] == '\xE2' && is_isolate(s, i);
        struct str entity = entity_of(s.p[i]);
        if (entity.n == 0 && !isolate)
            continue;
        buf_add(&out->to, (struct str){s.p + from, i - from});
        buf_add(&out->to, entity);
        from = i + (isolate ? 3 : 1);
    }
    buf_add(&out->to, str_from(s, from));
}

/* Its English; itself without one. What has no Vietnamese letter is not looked for: names. */
static struct str known(struct str s)
{
    const struct str *english = text_is_vietnamese(s) ? html_english(s) : NULL;
    return english ? *english : s;
}

void html_label(struct html *out, struct str s)
{
    html_text(out, out->english ? known(s) : s);
}

static void html_piece(struct html *out, struct str s)
{
    bool foreign = text_is_vietnamese(s);
    if (foreign)
        html_lit(out, "<span lang=\"vi\">");
    html_text(out, s);
    if (foreign)
        html_lit(out, "</span>");
}

void html_words(struct html *out, struct str s)
{
    if (!out->english) {
        html_text(out, s);
        return;
    }
    s = known(s);
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++)
        if (is_isolate(s, i)) {
            html_piece(out, (struct str){s.p + from, i - from});
            from = i + 3;
        }
    html_piece(out, str_from(s, from));
}

void html_int(struct html *out, int64_t n)
{
    buf_int(&out->to, n);
}

void html_uint(struct html *out, uint64_t n)
{
    buf_fmt(&out->to, "%llu", (unsigned long long)n);
}

void html_markup(struct html *out, struct markup m)
{
    buf_add(&out->to, m.bytes);
}

static bool is_unreserved(char c) /* RFC 3986 section 2.3 */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/* What stands right before: does the piece make a whole step of a path? An empty first step would
 * make "//host", and "." and ".." are steps even when written %2E. */
static bool changes_path(const struct html *out, struct str piece)
{
    struct str page = buf_str(&out->to);
    bool root = str_ends(page, S("\"/")) || str_ends(page, S("'/")) || page.n == 1;
    bool dots = str_eq(piece, S(".")) || str_eq(piece, S(".."));
    return str_ends(page, S("/")) && ((root && piece.n == 0) || dots);
}

void html_url(struct html *out, struct str piece)
{
    static const char digits[] = "0123456789ABCDEF";
    if (changes_path(out, piece)) {
        html_lit(out, "_");
        return;
    }
    size_t plain = 0; /* as a rule it is all so */
    while (plain < piece.n && is_unreserved(piece.p[plain]))
        plain++;
    buf_add(&out->to, str_until(piece, plain));
    for (size_t i = plain; i < piece.n; i++) {
        unsigned char c = (unsigned char)piece.p[i];
        if (is_unreserved((char)c)) {
            buf_byte(&out->to, (char)c);
            continue;
        }
        buf_byte(&out->to, '%');
        buf_byte(&out->to, digits[c >> 4]);
        buf_byte(&out->to, digits[c & 15]);
    }
}

/* Browsers drop tabs and line ends inside of an address and read "\" as "/": both could turn a
 * path into another host. */
static const bool never_in_link[256] = {[0 ... ' '] = true, ['\\'] = true, [127] = true};

static bool has_unfit(const char *p)
{
    sixteen x;
    uint64_t half[2];
    memcpy(&x, p, sizeof x);
    const sixteen hit = (sixteen)(x <= ' ') | (sixteen)(x == '\\') | (sixteen)(x == 127);
    memcpy(half, &hit, sizeof half);
    return (half[0] | half[1]) != 0;
}

static bool is_link(struct str s)
{
    size_t i = 0;
    while (s.n - i >= sizeof(sixteen) && !has_unfit(s.p + i))
        i += sizeof(sixteen);
    if (s.n >= sizeof(sixteen) && s.n - i < sizeof(sixteen) &&
        !has_unfit(s.p + s.n - sizeof(sixteen)))
        i = s.n;
    for (; i < s.n; i++)
        if (never_in_link[(unsigned char)s.p[i]])
            return false;
    if (str_starts(s, S("https://")) || str_starts(s, S("http://")))
        return true;
    return str_starts(s, S("/")) && !str_starts(s, S("//"));
}

void html_link(struct html *out, struct str address)
{
    html_text(out, is_link(address) ? address : S("#"));
}

void html_text_z(struct html *out, const char *z)
{
    html_text(out, str_c(z));
}

void html_words_z(struct html *out, const char *z)
{
    html_words(out, str_c(z));
}

void html_label_z(struct html *out, const char *z)
{
    html_label(out, str_c(z));
}

bool html_foreign(struct str s)
{
    return text_is_vietnamese(s) && !html_english(s);
}

bool html_foreign_z(const char *z)
{
    return html_foreign(str_c(z));
}

void html_url_z(struct html *out, const char *z)
{
    html_url(out, str_c(z));
}

void html_link_z(struct html *out, const char *z)
{
    html_link(out, str_c(z));
}

struct str html_unescaped(struct arena *a, struct str s)
{
    static const struct {
        struct str entity;
        char c;
    } entities[] = {{{"&amp;", 5}, '&'},
                    {{"&lt;", 4}, '<'},
                    {{"&gt;", 4}, '>'},
                    {{"&quot;", 6}, '"'},
                    {{"&#39;", 5}, '\''}};
    struct buf b = {.arena = a, .limit = s.n};
    for (size_t i = 0; i < s.n;) {
        size_t k = 0, n = sizeof entities / sizeof *entities;
        while (k < n && !str_starts(str_from(s, i), entities[k].entity))
            k++;
        buf_byte(&b, k < n ? entities[k].c : s.p[i]);
        i += k < n ? entities[k].entity.n : 1;
    }
    return buf_str(&b);
}
