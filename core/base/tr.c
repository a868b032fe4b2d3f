/* tr.c - sentences for people, in the language of whoever reads them.
 *
 * A sentence of the program is Vietnamese and is its own key. Its values stand between isolates
 * (Unicode 9.2, invisible), so one text is both the sentence and "key and values": it is kept like
 * any other text and said in English when an English reader comes. docs/decisions/0002.
 */
#include "base/base.h"

#define FORMAT_MAX 1024
#define VALUES_MAX 12

static const struct str begins_value = {TR_VALUE, 3}, begins_word = {TR_WORD, 3},
                        ends = {TR_END, 3};

/* The next conversion of a format, "%.*s" or "%lld": what its argument must be. Empty: none. */
static struct str next_conversion(const char **at)
{
    for (const char *p = *at; *p; p++) {
        if (*p != '%')
            continue;
        const char *from = p++;
        if (*p == '%')
            continue;
        while (*p && !strchr("diouxXeEfgGcspn", *p))
            p++;
        *at = *p ? p + 1 : p;
        return (struct str){from, (size_t)(*at - from)};
    }
    return S("");
}

static bool takes_the_same(const char *a, const char *b)
{
    for (;;) {
        struct str x = next_conversion(&a), y = next_conversion(&b);
        if (!str_eq(x, y))
            return false;
        if (x.n == 0)
            return true;
    }
}

static const struct str *english_of(const struct cx *cx, struct str key)
{
    bool wanted = str_eq(cx->lang, S("en")) && cx->env && cx->env->english;
    return wanted ? cx->env->english(key) : NULL;
}

struct str tr(struct cx *cx, struct str vietnamese)
{
    const struct str *english = english_of(cx, vietnamese);
    return english ? *english : vietnamese;
}

static size_t copy(char *to, size_t n, struct str s)
{
    if (s.n < FORMAT_MAX - n)
        memcpy(to + n, s.p, s.n);
    return n + s.n;
}

/* The format with its values between isolates; as it is when it only joins values, or is long. */
static const char *marked(const char *format, char buffer[FORMAT_MAX])
{
    size_t n = 0;
    bool has_words = false;
    for (const char *from = format, *at = format;;) {
        struct str c = next_conversion(&at);
        struct str before = c.n ? (struct str){from, (size_t)(c.p - from)} : str_c(from);
        for (size_t i = 0; i < before.n; i++)
            has_words = has_words || (unsigned char)before.p[i] >= 'A';
        n = copy(buffer, n, before);
        if (c.n == 0)
            break;
        n = copy(buffer, n, str_eq(c, S("%s")) ? begins_word : begins_value);
        n = copy(buffer, copy(buffer, n, c), ends);
        from = at;
    }
    if (!has_words || n >= FORMAT_MAX)
        return format;
    buffer[n] = 0;
    return buffer;
}

/* ---- reading isolates ---- */

struct piece {
    struct str text;
    bool value, word; /* in isolates; of our own words */
};

static bool is_mark(struct str s)
{
    return str_starts(s, begins_value) || str_starts(s, begins_word) || str_starts(s, ends);
}

/* The text up to the next isolate, or what stands in one. False: at the end. */
static bool next_piece(struct str *rest, struct piece *out)
{
    if (rest->n == 0)
        return false;
    *out =
        (struct piece){.value = str_starts(*rest, begins_value) || str_starts(*rest, begins_word),
                       .word = str_starts(*rest, begins_word)};
    if (is_mark(*rest))
        *rest = str_from(*rest, 3);
    size_t n = 0;
    while (n < rest->n && !is_mark(str_from(*rest, n)))
        n++;
    out->text = str_until(*rest, n);
    *rest = str_from(*rest, n);
    if (out->value && str_starts(*rest, ends))
        *rest = str_from(*rest, 3);
    return true;
}

struct str tr_plain(struct arena *a, struct str s)
{
    struct str rest = s;
    struct piece p;
    if (!str_find(s, S("\xE2\x81"), NULL))
        return s;
    struct buf b = {.arena = a, .limit = s.n + 1};
    while (next_piece(&rest, &p))
        buf_add(&b, p.text);
    return buf_str(&b);
}

bool text_is_vietnamese(struct str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i], d = (unsigned char)s.p[i + 1];
        bool latin1 = c == 0xC3 && d != 0x97 && d != 0xB7; /* but × and ÷ */
        if (latin1 || (c >= 0xC4 && c <= 0xC9) || (c == 0xE1 && d >= 0xB8 && d <= 0xBB))
            return true;
    }
    return false;
}

/* "17:30 thứ Hai, 30/11/2026" with its weekday in English; other text as it is. */
static struct str weekday_in_english(struct arena *a, struct str s)
{
    static const char *const days[][2] = {
        {" Chủ nhật, ", " Sunday, "},  {" thứ Hai, ", " Monday, "},   {" thứ Ba, ", " Tuesday, "},
        {" thứ Tư, ", " Wednesday, "}, {" thứ Năm, ", " Thursday, "}, {" thứ Sáu, ", " Friday, "},
        {" thứ Bảy, ", " Saturday, "}};
    for (size_t i = 0, at; i < sizeof days / sizeof *days; i++)
        if (str_find(s, str_c(days[i][0]), &at) && at == 5)
            return str_fmt(a, "%.*s%s%.*s", F(str_until(s, at)), days[i][1],
                           F(str_from(s, at + strlen(days[i][0]))));
    return s;
}

struct str time_long(struct cx *cx, int64_t utc_ms)
{
    struct str s = time_long_vi(cx->arena, utc_ms);
    return str_eq(cx->lang, S("en")) ? weekday_in_english(cx->arena, s) : s;
}

/* Puts a value into an English sentence: our words in English, Vietnamese stays in isolates. */
static void put_value(struct cx *cx, struct buf *b, const struct piece *p)
{
    struct str text = p->word ? tr(cx, p->text) : weekday_in_english(cx->arena, p->text);
    bool foreign = text_is_vietnamese(text);
    if (foreign)
        buf_add(b, begins_value);
    buf_add(b, text);
    if (foreign)
        buf_add(b, ends);
}

static struct str words_in_english(struct cx *cx, struct str s)
{
    struct buf b = {.arena = cx->arena, .limit = s.n * 4 + FORMAT_MAX};
    struct str rest = s;
    struct piece p;
    while (next_piece(&rest, &p)) {
        if (p.value)
            put_value(cx, &b, &p);
        else
            buf_add(&b, p.text);
    }
    return buf_str(&b);
}

/* ---- saying ---- */

static struct str in_english(struct cx *cx, const char *vietnamese, va_list args)
{
    char buffer[FORMAT_MAX];
    const struct str *row = english_of(cx, str_c(vietnamese));
    const char *english = row ? str_z(cx->arena, *row) : vietnamese;
    const char *format = takes_the_same(vietnamese, english) ? english : vietnamese;
    return words_in_english(cx, str_vfmt(cx->arena, marked(format, buffer), args));
}

struct str tr_vfmt(struct cx *cx, const char *vietnamese, va_list args)
{
    return str_eq(cx->lang, S("en")) ? in_english(cx, vietnamese, args)
                                     : str_vfmt(cx->arena, vietnamese, args);
}

struct str tr_fmt(struct cx *cx, const char *vietnamese, ...)
{
    va_list args;
    va_start(args, vietnamese);
    struct str s = tr_vfmt(cx, vietnamese, args);
    va_end(args);
    return s;
}

struct str tr_vkeep(struct arena *a, const char *vietnamese, va_list args)
{
    char buffer[FORMAT_MAX];
    return str_vfmt(a, marked(vietnamese, buffer), args);
}

struct str tr_keep(struct arena *a, const char *vietnamese, ...)
{
    va_list args;
    va_start(args, vietnamese);
    struct str s = tr_vkeep(a, vietnamese, args);
    va_end(args);
    return s;
}

static void put_literal(struct buf *b, struct str s) /* of a format: "%%" is one sign */
{
    for (size_t i = 0; i < s.n; i++) {
        buf_byte(b, s.p[i]);
        i += s.p[i] == '%' && i + 1 < s.n && s.p[i + 1] == '%';
    }
}

struct str tr_key(struct arena *a, struct str vietnamese)
{
    struct buf b = {.arena = a, .limit = vietnamese.n * 2 + FORMAT_MAX};
    const char *from = str_z(a, vietnamese), *at = from;
    for (struct str c; (c = next_conversion(&at)).n; from = at) {
        put_literal(&b, (struct str){from, (size_t)(c.p - from)});
        buf_add(&b, begins_value);
    }
    put_literal(&b, str_c(from));
    return buf_str(&b);
}

/* The English row with the values of the sentence in their places. */
static struct str filled(struct cx *cx, struct str english, const struct piece *values, size_t n)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 16};
    const char *from = str_z(cx->arena, english), *at = from;
    struct str c = next_conversion(&at);
    for (size_t i = 0; c.n && i < n; i++, c = next_conversion(&at)) {
        put_literal(&b, (struct str){from, (size_t)(c.p - from)});
        put_value(cx, &b, &values[i]);
        from = at;
    }
    put_literal(&b, str_c(from));
    return buf_str(&b);
}

struct str tr_kept(struct cx *cx, struct str kept)
{
    struct piece p, values[VALUES_MAX];
    struct str rest = kept;
    size_t n = 0;
    if (!str_eq(cx->lang, S("en")))
        return tr_plain(cx->arena, kept);
    struct buf key = {.arena = cx->arena, .limit = kept.n + 1};
    while (next_piece(&rest, &p)) {
        buf_add(&key, p.value ? begins_value : p.text);
        if (p.value && n < VALUES_MAX)
            values[n++] = p;
    }
    const struct str *english = english_of(cx, buf_str(&key));
    return english ? filled(cx, *english, values, n) : kept;
}
