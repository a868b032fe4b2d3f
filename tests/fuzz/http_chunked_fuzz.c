/*
 * http_chunked_fuzz.c - chunked bodies. The first byte is the size of the pieces in which the
 * rest is fed a second time: the same body must come out.
 */
#include "http/http_inside.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct body {
    char *p;
    size_t n, used;
    enum parse result;
};

static struct body read_body(const char *p, size_t n, size_t step)
{
    struct body b = {.p = malloc(n + 1), .result = PARSE_MORE};
    struct http_chunks c = {0};
    if (!b.p)
        abort();
    while (n && b.result == PARSE_MORE) {
        size_t some = n < step ? n : step, used = 0;
        struct str data = S("");
        b.result = http_chunks_feed(&c, p, some, &used, &data);
        if (used > some || (used == 0 && b.result == PARSE_MORE))
            abort();
        memcpy(b.p + b.n, data.p, data.n);
        b.n += data.n;
        b.used += used;
        p += used;
        n -= used;
    }
    return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const char *p = (const char *)data + 1;
    size_t n = size - 1, step = (size_t)data[0] + 1;
    struct body whole = read_body(p, n, n), pieces = read_body(p, n, step);
    if (whole.result != pieces.result || whole.n != pieces.n || whole.used != pieces.used ||
        memcmp(whole.p, pieces.p, whole.n) != 0)
        abort();
    free(whole.p);
    free(pieces.p);
    return 0;
}
