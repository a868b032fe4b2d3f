/*
 * str_print.c - printf for the few conversions that nearly all of our formats are made of.
 *
 * A page of fifty rows formats four hundred small texts; the C library takes a thousand
 * instructions for each. What is not known here goes to it as ever, so a format means what it
 * always meant.
 */
#include "str_print.h"

#include <stdio.h>

struct print {
    char *out;
    size_t room, n; /* n: how long it is, also past the room */
};

static void put(struct print *p, const char *s, size_t n)
{
    if (n && p->n < p->room) { /* of an empty text the address may be NULL */
        const size_t left = p->room - p->n;
        memcpy(p->out + p->n, s, n < left ? n : left);
    }
    p->n += n;
}

static void put_number(struct print *p, uint64_t v, bool minus, size_t digits)
{
    char text[48], *at = text + sizeof text;
    do
        *--at = (char)('0' + v % 10);
    while ((v /= 10) > 0);
    while ((size_t)(text + sizeof text - at) + minus < digits)
        *--at = '0';
    if (minus)
        *--at = '-';
    put(p, at, (size_t)(text + sizeof text - at));
}

/* What stands between % and the letter: "", "0N", ".*", and how wide the number is. */
struct conversion {
    bool star;
    size_t digits;
    enum { PLAIN_INT, LONG_LONG, SIZE } width;
    char letter;
};

/* False: not one of ours. */
static bool read_conversion(const char **format, struct conversion *c)
{
    const char *f = *format;
    *c = (struct conversion){.width = PLAIN_INT};
    if (f[0] == '.' && f[1] == '*') {
        c->star = true;
        f += 2;
    } else if (f[0] == '0' && f[1] >= '1' && f[1] <= '9') {
        c->digits = (size_t)(f[1] - '0');
        f += 2;
    }
    if (f[0] == 'l' && f[1] == 'l') {
        c->width = LONG_LONG;
        f += 2;
    } else if (f[0] == 'z') {
        c->width = SIZE;
        f++;
    }
    c->letter = *f;
    *format = f + (*f != 0);
    if (c->star)
        return c->letter == 's' && c->width == PLAIN_INT;
    if (c->letter == 'd' || c->letter == 'u')
        return !(c->width == SIZE && c->letter == 'd');
    return c->digits == 0 && c->width == PLAIN_INT &&
           (c->letter == 's' || c->letter == 'c' || c->letter == '%');
}

static void put_signed(struct print *p, int64_t v, size_t digits)
{
    put_number(p, v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0, digits);
}

/* Values are taken here, where va_arg may be used: args is an array on some machines. */
static bool print(struct print *p, const char *f, va_list args)
{
    struct conversion c;
    for (;;) {
        const char *end = strchr(f, '%');
        put(p, f, end ? (size_t)(end - f) : strlen(f));
        if (!end)
            return true;
        f = end + 1;
        if (!read_conversion(&f, &c))
            return false;
        if (c.star) {
            const int n = va_arg(args, int);
            const char *s = va_arg(args, const char *);
            if (n < 0)
                return false;
            put(p, s, n ? strnlen(s, (size_t)n) : 0);
        } else if (c.letter == 's') {
            const char *s = va_arg(args, const char *);
            if (!s)
                return false;
            put(p, s, strlen(s));
        } else if (c.letter == 'c') {
            const char one = (char)va_arg(args, int);
            put(p, &one, 1);
        } else if (c.letter == '%') {
            put(p, "%", 1);
        } else if (c.letter == 'd') {
            put_signed(p, c.width == LONG_LONG ? va_arg(args, long long) : va_arg(args, int),
                       c.digits);
        } else {
            put_number(p,
                       c.width == LONG_LONG ? va_arg(args, unsigned long long)
                       : c.width == SIZE    ? va_arg(args, size_t)
                                            : va_arg(args, unsigned),
                       false, c.digits);
        }
    }
}

size_t str_print_(char *out, size_t room, const char *format, va_list args)
{
    struct print p = {.out = out, .room = room};
    va_list again;
    va_copy(again, args);
    const bool ours = print(&p, format, again);
    va_end(again);
    if (!ours) {
        const int n = vsnprintf(out, room, format, args);
        MUST(n >= 0);
        return (size_t)n;
    }
    if (room)
        out[p.n < room ? p.n : room - 1] = 0;
    return p.n;
}
