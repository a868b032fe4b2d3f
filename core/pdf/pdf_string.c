/* pdf_string.c - PDF's strings: to bytes, to UTF-8, and back; dates. */
#include "pdf_string.h"

#include "pdf_read.h"

#define TEXT_MAX 500 /* characters */

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str hex_bytes(struct arena *a, struct str v)
{
    char *p = arena_alloc(a, v.n / 2 + 1);
    size_t digits = 0;
    for (size_t i = 1; i + 1 < v.n; i++) {
        int d = nibble(v.p[i]);
        if (d < 0)
            continue; /* white space; the lexer let nothing else in */
        p[digits / 2] = (char)(p[digits / 2] | (digits % 2 ? d : d << 4));
        digits++;
    }
    return (struct str){p, (digits + 1) / 2};
}

/* The character behind a backslash; moves *i behind what it took. -1: nothing (a line end). */
static int escaped(struct str v, size_t *i)
{
    static const char names[] = "nrtbf", values[] = "\n\r\t\b\f";
    char c = v.p[(*i)++];
    if (c == '\r' && *i < v.n && v.p[*i] == '\n')
        ++*i;
    if (c == '\r' || c == '\n')
        return -1;
    if (c >= '0' && c <= '7') {
        int octal = c - '0';
        for (int k = 0; k < 2 && *i < v.n && v.p[*i] >= '0' && v.p[*i] <= '7'; k++)
            octal = octal * 8 + (v.p[(*i)++] - '0');
        return octal & 0xff;
    }
    const char *at = c ? strchr(names, c) : NULL;
    return (unsigned char)(at ? values[at - names] : c);
}

static struct str literal_bytes(struct arena *a, struct str v)
{
    char *p = arena_alloc(a, v.n);
    size_t n = 0;
    struct str inside = str_until(v, v.n - 1);
    for (size_t i = 1; i < inside.n;) {
        int c = (unsigned char)inside.p[i++];
        if (c == '\\' && i < inside.n)
            c = escaped(inside, &i);
        if (c >= 0)
            p[n++] = (char)c;
    }
    return (struct str){p, n};
}

bool pdf_string_bytes(struct arena *a, struct str v, struct str *bytes)
{
    *bytes = S("");
    if (v.n < 2 || pdf_is_dict(v) || (v.p[0] != '(' && v.p[0] != '<'))
        return false;
    *bytes = v.p[0] == '(' ? literal_bytes(a, v) : hex_bytes(a, v);
    return true;
}

static uint32_t unit16(struct str s, size_t i)
{
    return (uint32_t)(unsigned char)s.p[i] << 8 | (unsigned char)s.p[i + 1];
}

static void add_utf8(struct buf *b, uint32_t c)
{
    if (c < 0x20 || c == 0x7f || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
        c = ' '; /* control characters have no place in a name */
    if (c < 0x80) {
        buf_byte(b, (char)c);
    } else if (c < 0x800) {
        buf_byte(b, (char)(0xc0 | c >> 6));
        buf_byte(b, (char)(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        buf_byte(b, (char)(0xe0 | c >> 12));
        buf_byte(b, (char)(0x80 | (c >> 6 & 63)));
        buf_byte(b, (char)(0x80 | (c & 63)));
    } else {
        buf_byte(b, (char)(0xf0 | c >> 18));
        buf_byte(b, (char)(0x80 | (c >> 12 & 63)));
        buf_byte(b, (char)(0x80 | (c >> 6 & 63)));
        buf_byte(b, (char)(0x80 | (c & 63)));
    }
}

static void add_utf16(struct buf *b, struct str s)
{
    for (size_t i = 0, count = 0; i + 1 < s.n && count < TEXT_MAX; i += 2, count++) {
        uint32_t c = unit16(s, i);
        bool high = c >= 0xd800 && c < 0xdc00;
        uint32_t low = high && i + 3 < s.n ? unit16(s, i + 2) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        }
        add_utf8(b, c);
    }
}

struct str pdf_string_text(struct arena *a, struct str v)
{
    struct str s;
    struct buf b = {.arena = a, .limit = 4 * TEXT_MAX};
    if (!pdf_string_bytes(a, v, &s))
        return S("");
    if (str_starts(s, S("\xfe\xff"))) {
        add_utf16(&b, str_from(s, 2));
    } else if (str_starts(s, S("\xef\xbb\xbf")) && utf8_valid(s)) {
        size_t at = 3;
        for (int count = 0; at < s.n && count < TEXT_MAX; count++)
            add_utf8(&b, utf8_next(s, &at));
    } else { /* PDFDocEncoding, as far as it is Latin-1 */
        for (size_t i = 0; i < s.n && i < TEXT_MAX; i++)
            add_utf8(&b, (unsigned char)s.p[i]);
    }
    return buf_str(&b);
}

/* ---- writing ---- */

struct str pdf_text(struct arena *a, struct str utf8)
{
    struct buf b = {.arena = a, .limit = utf8.n * 4 + 16};
    buf_add(&b, S("<FEFF"));
    for (size_t at = 0; at < utf8.n;) {
        uint32_t c = utf8_next(utf8, &at);
        if (c >= 0x10000)
            buf_fmt(&b, "%04X%04X", 0xd800 + ((c - 0x10000) >> 10),
                    0xdc00 + ((c - 0x10000) & 0x3ff));
        else
            buf_fmt(&b, "%04X", c);
    }
    buf_byte(&b, '>');
    MUST(!b.full);
    return buf_str(&b);
}

struct str pdf_date(struct arena *a, int64_t utc_ms)
{
    struct civil c = civil_at(utc_ms);
    return str_fmt(a, "(D:%04d%02d%02d%02d%02d%02d+07'00')", c.year, c.month, c.day, c.hour,
                   c.minute, c.second);
}

/* n digits as a number; -1 when they are not there. */
static int digits(struct str s, size_t at, size_t n)
{
    int64_t v;
    struct str d = str_until(str_from(s, at), n);
    return d.n == n && d.p[0] != '-' && str_int(d, &v) ? (int)v : -1;
}

/* Parts that are left out are the first month, day, hour ...; -1 when wrong. */
static int part(struct str s, size_t at, size_t n, int least, int most)
{
    if (at >= s.n || s.p[at] < '0' || s.p[at] > '9')
        return least;
    int v = digits(s, at, n);
    return v >= least && v <= most ? v : -1;
}

bool pdf_date_read(struct str s, int64_t *utc_ms)
{
    if (!str_starts(s, S("D:")))
        return false;
    s = str_from(s, 2);
    int year = digits(s, 0, 4), month = part(s, 4, 2, 1, 12), day = part(s, 6, 2, 1, 31);
    int hour = part(s, 8, 2, 0, 23), minute = part(s, 10, 2, 0, 59), second = part(s, 12, 2, 0, 59);
    if (year < 1900 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0 ||
        !civil_valid(year, month, day))
        return false;
    int64_t offset = 0;
    if (s.n > 14 && (s.p[14] == '+' || s.p[14] == '-')) {
        int h = part(s, 15, 2, 0, 23), m = part(s, 18, 2, 0, 59);
        if (h < 0 || m < 0)
            return false;
        offset = (h * HOUR_MS + m * MINUTE_MS) * (s.p[14] == '-' ? -1 : 1);
    }
    *utc_ms = civil_day(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS +
              second * SECOND_MS - offset;
    return true;
}
