/* text.c - UTF-8: walking, case, cutting. */
#include "base/base.h"

#include "text_tables.h"
#include "text_utf8.h"

/* ---- walking ---- */

/* How much of a malformed character to step over: what could have begun one, at least a byte. */
static size_t malformed_bytes(const unsigned char *p, size_t n)
{
    for (size_t k = n < 3 ? n : 3; k > 1; k--) {
        /* Would the first k bytes be well formed with the right ones behind? */
        unsigned char whole[4] = {p[0], 0x80, 0x80, 0x80};
        memcpy(whole, p, k);
        size_t full = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
        if (k < full && utf8_bytes(whole, full) == full)
            return k;
    }
    return 1;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.n - *at, n = utf8_bytes(p, left);
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
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
               (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3Fu);
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
        n += !utf8_is_tail((unsigned char)s.p[i]);
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
    return utf8_is_ascii(s) ? str_ascii_lower(a, s) : change_case(a, s, false);
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
        while (before_last > 0 && utf8_is_tail((unsigned char)s.p[before_last]));
    }
    return str_fmt(a, "%.*s…", F(str_trim(str_until(s, before_last))));
}
