/* json_scan.c - the strings and numbers of JSON. The text was found to be UTF-8 before. */
#include "json_parse.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- strings ---- */

static bool is_plain(char c)
{
    return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

/* The first byte that is a quote, a backslash or a control character; end when there is none. */
static const char *plain_run(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
                  control = _mm_set1_epi8(0x1F);
    for (; end - p >= 16; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, control), x);
        __m128i hit =
            _mm_or_si128(low, _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash)));
        int mask = _mm_movemask_epi8(hit);
        if (mask)
            return p + __builtin_ctz((unsigned)mask);
    }
#endif
    while (p < end && is_plain(*p))
        p++;
    return p;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at p; -1: they are not there. */
static int32_t hex4(const char *p, const char *end)
{
    int32_t v = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0)
            return -1;
        v = v << 4 | digit;
    }
    return v;
}

/* "\uXXXX" with p on the u; two of them for characters beyond U+FFFF. end: of the string. */
static const char *unicode_escape(struct json_parse *j, const char *p, const char *end,
                                  struct buf *out)
{
    int32_t first = hex4(p + 1, end);
    if (first < 0) {
        json_stop(j, ERR_INVALID, p - 1, "\\u needs four hexadecimal digits");
        return end;
    }
    if (first < 0xD800 || first > 0xDFFF) {
        utf8_add(out, (uint32_t)first);
        return p + 5;
    }
    bool pair = first < 0xDC00 && end - p > 7 && p[5] == '\\' && p[6] == 'u';
    int32_t second = pair ? hex4(p + 7, end) : -1;
    if (second < 0xDC00 || second > 0xDFFF) {
        json_stop(j, ERR_INVALID, p - 1, "half of a surrogate pair");
        return end;
    }
    utf8_add(out, 0x10000u + ((uint32_t)(first - 0xD800) << 10) + (uint32_t)(second - 0xDC00));
    return p + 11;
}

/* An escape with p behind its backslash; returns what follows it. */
static const char *escape(struct json_parse *j, const char *p, const char *end, struct buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (*p == 'u')
        return unicode_escape(j, p, end, out);
    const char *at = *p ? strchr(from, *p) : NULL;
    if (!at) {
        json_stop(j, ERR_INVALID, p - 1, "an unknown escape");
        return end;
    }
    buf_byte(out, to[at - from]);
    return p + 1;
}

/* The quote that ends the string; NULL: there is none. */
static const char *closing_quote(struct json_parse *j, const char *p)
{
    for (p = plain_run(p, j->end); p < j->end && *p != '"'; p = plain_run(p, j->end)) {
        if (*p != '\\') {
            json_stop(j, ERR_INVALID, p, "a control character inside a string");
            return NULL;
        }
        p += p + 1 < j->end ? 2 : 1;
    }
    if (p < j->end)
        return p;
    json_stop(j, ERR_INVALID, j->end, "the text ends inside a string");
    return NULL;
}

/* A string with escapes is written anew; that never makes it longer. */
static struct str unescape(struct json_parse *j, const char *p, const char *end)
{
    size_t most = (size_t)(end - p);
    if (!json_fits(j, most))
        return S("");
    struct buf out = {
        .arena = j->arena, .p = arena_alloc(j->arena, most), .cap = most, .limit = most};
    while (p < end) {
        const char *run = plain_run(p, end);
        buf_add(&out, (struct str){p, (size_t)(run - p)});
        p = run < end ? escape(j, run + 1, end, &out) : end;
    }
    return buf_str(&out);
}

struct str json_scan_string(struct json_parse *j, bool keep)
{
    const char *start = j->p, *end = plain_run(start, j->end);
    bool escaped = end == j->end || *end != '"';
    if (escaped)
        end = closing_quote(j, start);
    if (!end)
        return S("");
    j->p = end + 1;
    if (!escaped)
        return (struct str){start, (size_t)(end - start)};
    struct arena_mark mark = arena_here(j->arena);
    struct str s = unescape(j, start, end);
    if (!keep)
        arena_back(j->arena, mark);
    return s;
}

/* ---- numbers ---- */

static const char *digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* Behind the number at p; NULL when it is none. *whole: without fraction and exponent. */
static const char *number_end(const char *p, const char *end, bool *whole)
{
    p += p < end && *p == '-';
    const char *from = p;
    p = digits(p, end);
    if (p == from || (*from == '0' && p - from > 1))
        return NULL;
    *whole = true;
    if (p < end && *p == '.') {
        *whole = false;
        from = ++p;
        p = digits(p, end);
        if (p == from)
            return NULL;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        *whole = false;
        p++;
        p += p < end && (*p == '+' || *p == '-');
        from = p;
        p = digits(p, end);
        if (p == from)
            return NULL;
    }
    return p;
}

/* Whole numbers of up to 18 digits, the usual case, in one go. */
static bool scan_short_int(struct json_parse *j, struct json *v)
{
    const char *p = j->p, *from = p + (*p == '-');
    uint64_t n = 0;
    for (p = from; p < j->end && *p >= '0' && *p <= '9'; p++)
        n = n * 10 + (uint64_t)(*p - '0'); /* may wrap; then it is too long */
    bool goes_on = p < j->end && (*p == '.' || *p == 'e' || *p == 'E');
    if (p == from || p - from > 18 || goes_on || (*from == '0' && p - from > 1))
        return false;
    v->kind = JSON_INT;
    v->integer = *j->p == '-' ? -(int64_t)n : (int64_t)n;
    j->p = p;
    return true;
}

void json_scan_number(struct json_parse *j, struct json *v)
{
    if (scan_short_int(j, v))
        return;
    bool whole = false;
    const char *end = number_end(j->p, j->end, &whole);
    if (!end) {
        json_stop(j, ERR_INVALID, j->p, "not a number of JSON");
        return;
    }
    struct str text = {j->p, (size_t)(end - j->p)};
    j->p = end;
    v->kind = whole && str_int(text, &v->integer) ? JSON_INT : JSON_DECIMAL;
    if (v->kind == JSON_DECIMAL)
        v->text = text;
}

bool json_is_number(struct str s)
{
    bool whole;
    return s.n && number_end(s.p, s.p + s.n, &whole) == s.p + s.n;
}
