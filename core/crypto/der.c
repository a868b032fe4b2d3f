/* der.c - writing DER. */
#include "der.h"

#include <stdlib.h>

static void add_length(struct buf *b, size_t n)
{
    if (n < 0x80) {
        buf_byte(b, (char)n);
        return;
    }
    int bytes = 1;
    while (bytes < 8 && n >> (8 * bytes))
        bytes++;
    buf_byte(b, (char)(0x80 | bytes));
    while (bytes-- > 0)
        buf_byte(b, (char)(n >> (8 * bytes)));
}

struct str der_wrap(struct arena *a, int tag, const struct str *parts, size_t n)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += parts[i].n;
    struct buf b = {.arena = a, .limit = total + 10};
    buf_byte(&b, (char)tag);
    add_length(&b, total);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, parts[i]);
    MUST(!b.full);
    return buf_str(&b);
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str der_set(struct arena *a, int tag, struct str *parts, size_t n)
{
    qsort(parts, n, sizeof *parts, by_bytes);
    return der_wrap(a, tag, parts, n);
}
