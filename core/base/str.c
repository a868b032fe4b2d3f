/* str.c - slices, growing text, encodings, a map from text. */
#include "str_print.h"

struct str str_c(const char *z)
{
    return z ? (struct str){z, strlen(z)} : (struct str){"", 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_ascii_case(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c)
        return c;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str head)
{
    return s.n >= head.n && (head.n == 0 || memcmp(s.p, head.p, head.n) == 0);
}

bool str_ends(struct str s, struct str tail)
{
    return s.n >= tail.n && (tail.n == 0 || memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0);
}

bool str_find(struct str s, struct str what, size_t *at)
{
    const char *p = what.n == 0 ? s.p : s.n < what.n ? NULL : memmem(s.p, s.n, what.p, what.n);
    if (!p && what.n)
        return false;
    if (at)
        *at = what.n ? (size_t)(p - s.p) : 0;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

struct str str_trim(struct str s)
{
    while (s.n && is_blank(s.p[0]))
        s = (struct str){s.p + 1, s.n - 1};
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str str_from(struct str s, size_t at)
{
    return at >= s.n ? (struct str){"", 0} : (struct str){s.p + at, s.n - at};
}

struct str str_until(struct str s, size_t n)
{
    return (struct str){s.p, n < s.n ? n : s.n};
}

bool str_cut(struct str s, char sep, struct str *head, struct str *rest)
{
    const char *at = s.n ? memchr(s.p, sep, s.n) : NULL;
    if (!at) {
        *head = s;
        *rest = S("");
        return false;
    }
    size_t n = (size_t)(at - s.p);
    *rest = str_from(s, n + 1);
    *head = str_until(s, n);
    return true;
}

bool str_int(struct str s, int64_t *out)
{
    bool minus = s.n && s.p[0] == '-';
    if (minus)
        s = str_from(s, 1);
    if (s.n == 0 || s.n > 19)
        return false;
    int64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int digit = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, minus ? -digit : digit, &v))
            return false;
    }
    *out = v;
    return true;
}

struct str str_dup(struct arena *a, struct str s)
{
    char *p = arena_alloc_raw_(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return (struct str){p, s.n};
}

const char *str_z(struct arena *a, struct str s)
{
    return str_dup(a, s).p;
}

struct str str_vfmt(struct arena *a, const char *format, va_list args)
{
    va_list again;
    size_t room;
    va_copy(again, args);
    char *tail = arena_tail_(a, &room); /* as a rule it fits */
    const size_t n = str_print_(tail, room, format, again);
    va_end(again);
    char *p = arena_alloc_raw_(a, n + 1);
    if (n >= room)
        str_print_(p, n + 1, format, args);
    return (struct str){p, n};
}

struct str str_fmt(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = str_vfmt(a, format, args);
    va_end(args);
    return s;
}

struct str str_join(struct arena *a, const struct str *parts, size_t n, struct str between)
{
    size_t total = n ? between.n * (n - 1) : 0;
    for (size_t i = 0; i < n; i++)
        total += parts[i].n;
    struct buf b = {.arena = a, .limit = total};
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_add(&b, between);
        buf_add(&b, parts[i]);
    }
    return buf_str(&b);
}

struct str str_ascii_lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = lower(s.p[i]);
    return (struct str){p, s.n};
}

/* ---- growing text ---- */

static bool make_room(struct buf *b, size_t more)
{
    if (b->full || more > b->limit - b->n) {
        b->full = true;
        return false;
    }
    size_t need = b->n + more;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap * 2 : 256;
    if (cap < need)
        cap = need;
    if (cap > b->limit)
        cap = b->limit;
    char *p = arena_alloc_raw_(b->arena, cap);
    if (b->n)
        memcpy(p, b->p, b->n);
    b->p = p;
    b->cap = cap;
    return true;
}

/* What is not written yet reads as an end. */
static void end_here(struct buf *b)
{
    if (b->n < b->cap)
        b->p[b->n] = 0;
}

void buf_room(struct buf *b, size_t n)
{
    const size_t left = b->limit - b->n;
    if (!b->full)
        make_room(b, n < left ? n : left);
}

void buf_add(struct buf *b, struct str s)
{
    if (s.n == 0 || ((s.n >= b->cap - b->n || b->full) && !make_room(b, s.n)))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    end_here(b);
}

void buf_byte(struct buf *b, char c)
{
    if ((b->n == b->cap || b->full) && !make_room(b, 1))
        return;
    b->p[b->n++] = c;
    end_here(b);
}

void buf_int(struct buf *b, int64_t v)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (v < 0)
        *--p = '-';
    buf_add(b, (struct str){p, (size_t)(digits + sizeof digits - p)});
}

void buf_fmt(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    char small[512], *p = small;
    const size_t n = str_print_(small, sizeof small, format, again);
    va_end(again);
    if (n >= sizeof small) {
        p = arena_alloc_raw_(b->arena, n + 1);
        str_print_(p, n + 1, format, args);
    }
    va_end(args);
    buf_add(b, (struct str){p, n});
}

struct str buf_str(const struct buf *b)
{
    return b->n ? (struct str){b->p, b->n} : S("");
}

/* ---- encodings ---- */

struct str str_hex(struct arena *a, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *p = arena_alloc(a, size_mul(bytes.n, 2) + 1);
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        p[2 * i] = digits[c >> 4];
        p[2 * i + 1] = digits[c & 15];
    }
    return (struct str){p, bytes.n * 2};
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_unhex(struct arena *a, struct str hex, struct str *bytes)
{
    if (hex.n % 2)
        return false;
    char *p = arena_alloc(a, hex.n / 2 + 1);
    for (size_t i = 0; i < hex.n / 2; i++) {
        int high = nibble(hex.p[2 * i]), low = nibble(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        p[i] = (char)(high << 4 | low);
    }
    *bytes = (struct str){p, hex.n / 2};
    return true;
}

static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char plain_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static struct str encode64(struct arena *a, struct str s, const char *digits, bool pad)
{
    char *const start = arena_alloc_raw_(a, size_mul(s.n / 3 + 1, 4) + 1), *p = start;
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i < 3 ? s.n - i : 3;
        uint32_t v = 0;
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (k < left ? (unsigned char)s.p[i + k] : 0u);
        for (size_t k = 0; k < 4; k++) {
            if (k <= left)
                *p++ = digits[v >> (18 - 6 * k) & 63];
            else if (pad)
                *p++ = '=';
        }
    }
    *p = 0;
    return (struct str){start, (size_t)(p - start)};
}

/* Canonical only: no stray bits in the last digit, so one value has one text. */
static bool decode64(struct arena *a, struct str t, const char *digits, struct str *out)
{
    if (t.n % 4 == 1)
        return false;
    char *p = arena_alloc(a, t.n * 3 / 4 + 1);
    uint32_t v = 0;
    int bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        const char *at = t.p[i] ? strchr(digits, t.p[i]) : NULL;
        if (!at)
            return false;
        v = (v << 6 | (uint32_t)(at - digits)) & 0xffffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            p[n++] = (char)(v >> bits);
        }
    }
    if (v & ((1u << bits) - 1))
        return false;
    *out = (struct str){p, n};
    return true;
}

struct str str_base64url(struct arena *a, struct str bytes)
{
    return encode64(a, bytes, url_digits, false);
}

bool str_unbase64url(struct arena *a, struct str text, struct str *bytes)
{
    return decode64(a, text, url_digits, bytes);
}

struct str str_base64(struct arena *a, struct str bytes)
{
    return encode64(a, bytes, plain_digits, true);
}

bool str_unbase64(struct arena *a, struct str text, struct str *bytes)
{
    if (text.n % 4)
        return false;
    for (int k = 0; k < 2 && text.n && text.p[text.n - 1] == '='; k++)
        text.n--;
    return decode64(a, text, plain_digits, bytes);
}

/* ---- map: open addressing ---- */

struct map_slot {
    struct str key;
    void *value;
    bool taken;
};

/* Eight bytes a step: texts of statements and keys of frames are some kB long. */
uint64_t str_hash(struct str s)
{
    uint64_t h = s.n * UINT64_C(0x9e3779b97f4a7c15), word;
    for (; s.n >= sizeof word; s = (struct str){s.p + sizeof word, s.n - sizeof word}) {
        memcpy(&word, s.p, sizeof word);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    if (s.n) {
        word = 0;
        memcpy(&word, s.p, s.n);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    return h;
}

static struct map_slot *slot_of(const struct map *m, struct str key)
{
    size_t i = str_hash(key) & (m->cap - 1);
    while (m->slots[i].taken && !str_eq(m->slots[i].key, key))
        i = (i + 1) & (m->cap - 1);
    return &m->slots[i];
}

static void widen(struct arena *a, struct map *m)
{
    struct map old = *m;
    m->cap = old.cap ? old.cap * 2 : 16;
    m->slots = NEW_N(a, struct map_slot, m->cap);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].taken)
            *slot_of(m, old.slots[i].key) = old.slots[i];
}

void map_put(struct arena *a, struct map *m, struct str key, void *value)
{
    if (m->n * 2 >= m->cap)
        widen(a, m);
    struct map_slot *s = slot_of(m, key);
    if (!s->taken)
        m->n++;
    *s = (struct map_slot){key, value, true};
}

void *map_get(const struct map *m, struct str key)
{
    if (m->cap == 0)
        return NULL;
    const struct map_slot *s = slot_of(m, key);
    return s->taken ? s->value : NULL;
}
