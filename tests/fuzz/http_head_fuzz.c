/*
 * http_head_fuzz.c - heads of requests and responses. The first byte is where the rest is cut: a
 * head must read the same whole and in two pieces, and nothing may point outside of it.
 */
#include "http/http_inside.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct str s, const char *p, size_t n)
{
    if (s.n && (s.p < p || s.p + s.n > p + n))
        abort();
}

static void read_head(const char *p, size_t n, bool response)
{
    static struct http_header headers[101];
    struct http_head h = {.headers = headers};
    enum parse r = response ? http_response_parse(p, n, false, &h) : http_request_parse(p, n, &h);
    if (r == PARSE_BAD) {
        if (!response && (h.status < 400 || h.status > 505))
            abort();
        return;
    }
    if (r != PARSE_DONE || h.headers_n > 100 || h.body_bytes < -2)
        abort();
    for (size_t i = 0; i < h.headers_n; i++) {
        inside(headers[i].name, p, n);
        inside(headers[i].value, p, n);
        if (!http_token(headers[i].name) || !http_header_value(headers[i].value))
            abort();
    }
    if (response)
        return;
    inside(h.target, p, n);
    if (h.path.n > 1) /* "/" may be ours: of "http://host" */
        inside(h.path, p, n);
    inside(h.query, p, n);
    inside(h.host, p, n);
    if (h.path.n == 0 || (h.path.p[0] != '/' && h.path.p[0] != '*') || (h.minor && h.host.n == 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const struct http_limits limits = {
        .request_line_bytes = 200, .headers_bytes = 2000, .headers_n = 100};
    size_t n = size - 1, cut = data[0] % size;
    char *p = malloc(n); /* its own block, so that a read past the end is seen */
    if (!p)
        return 0;
    memcpy(p, data + 1, n);
    size_t whole_bytes = 0, cut_bytes = 0;
    int whole_status = 0, cut_status = 0;
    struct http_scan whole = {0}, pieces = {0};
    enum parse a = http_head_find(p, n, &limits, &whole, &whole_bytes, &whole_status);
    enum parse b = http_head_find(p, cut, &limits, &pieces, &cut_bytes, &cut_status);
    if (b == PARSE_MORE)
        b = http_head_find(p, n, &limits, &pieces, &cut_bytes, &cut_status);
    if (a != b || (a == PARSE_DONE && whole_bytes != cut_bytes) || whole_status != cut_status)
        abort();
    if (a == PARSE_DONE) {
        read_head(p, whole_bytes, false);
        /* A response has no blank line before it: that is the finder's kindness to requests. */
        if (p[0] != '\r')
            read_head(p, whole_bytes, true);
    }
    free(p);
    return 0;
}
