/* text.c - UTF-8: checking, walking, case, cutting. */
#include "base/base.h"

#include "text_tables.h"

/* ---- checking ---- */

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Bytes of the well-formed character at p, at most n; 0: malformed (RFC 3629 section 4). */
static size_t char_bytes(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4 || n < 2)
        return 0;
    if (c < 0xE0)
        return is_tail(p[1]) ? 2 : 0;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high || n < 3 || !is_tail(p[2]))
        return 0;
    if (c < 0xF0)
        return 3;
    return n >= 4 && is_tail(p[3]) ? 4 : 0;
}

static size_t ascii_run(const unsigned char *p, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

static bool is_ascii(struct str s)
{
    return ascii_run((const unsigned char *)s.p, s.n) == s.n;
}

bool utf8_valid(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        if (p[i] < 0x80) {
            i += ascii_run(p + i, s.n - i);
            continue;
        }
        size_t n = char_bytes(p + i, s.n - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

/* ---- walking ---- */

/* How much of a malformed character to step over: what could have begun one, at least a byte. */
static size_t malformed_bytes(const unsigned char *p, size_t n)
{
    for (size_t k = n < 3 ? n : 3; k > 1; k--) {
        /* Would the first k bytes be well formed with the right ones behind? */
        unsigned char whole[4] = {p[0], 0x80, 0x80, 0x80};
        memcpy(whole, p, k);
        size_t full = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
        if (k < full && char_bytes(whole, full) == full)
            return k;
    }
    return 1;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.n - *at, n = char_bytes(p, left);
    if (n == 0) {
        *at += malformed_bytes(p, left);
        return 0xFFFD;
    }
    *at += n;
    switch (n) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3Fu);
    case 3:
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3Fu);
    default:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3Fu);
    }
}

void utf8_add(struct buf *b, uint32_t c)
{
    MUST(c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF));
    char p[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--) {
        p[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    p[0] = (char)(leads[n] | c);
    buf_add(b, (struct str){p, n});
}

size_t utf8_count(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += !is_tail((unsigned char)s.p[i]);
    return n;
}

/* ---- case ---- */

/* One character becomes one: ß stays ß. A case pair is at most one byte longer in UTF-8. */
static struct str change_case(struct arena *a, struct str s, bool up)
{
    struct buf b = {.arena = a, .limit = size_mul(s.n, 3)};
    char first = up ? 'a' : 'A', last = up ? 'z' : 'Z';
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        if ((unsigned char)c < 0x80) {
            buf_byte(&b, c >= first && c <= last ? (char)(c ^ 0x20) : c);
            i++;
            continue;
        }
        uint32_t wide = utf8_next(s, &i);
        const struct text_record *r = text_record_of(wide);
        utf8_add(&b, wide + (uint32_t)(up ? r->upper : r->lower));
    }
    return buf_str(&b);
}

struct str text_upper(struct arena *a, struct str s)
{
    return change_case(a, s, true);
}

struct str text_lower(struct arena *a, struct str s)
{
    return is_ascii(s) ? str_ascii_lower(a, s) : change_case(a, s, false);
}

/* ---- cutting ---- */

struct str text_cut(struct arena *a, struct str s, size_t n)
{
    size_t end = 0, before_last = 0;
    for (size_t count = 0; end < s.n && count < n; count++) {
        before_last = end;
        utf8_next(s, &end);
    }
    if (end >= s.n)
        return s;
    if (n == 0)
        return S("");
    /* No mark loses its letter, and no blank stands before the dots. */
    while (before_last > 0) {
        size_t next = before_last;
        if (text_record_of(utf8_next(s, &next))->ccc == 0)
            break;
        do
            before_last--;
        while (before_last > 0 && is_tail((unsigned char)s.p[before_last]));
    }
    return str_fmt(a, "%.*s…", F(str_trim(str_until(s, before_last))));
}
