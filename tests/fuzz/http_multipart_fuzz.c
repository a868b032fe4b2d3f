/*
 * http_multipart_fuzz.c - forms with files. A first line is the Content-Type; then a byte that is
 * the size of the pieces; then the body, which must read the same whole and in pieces.
 */
#include "http/http.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the hooks heard: a checksum of the text they were given, and how often. */
struct heard {
    uint64_t sum;
    size_t parts, ends, bytes;
    bool open;
};

static void add(struct heard *h, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        h->sum = (h->sum ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
}

static enum err on_part(void *user, struct str name, struct str filename, struct str type)
{
    struct heard *h = user;
    if (h->open)
        abort();
    h->open = true;
    h->parts++;
    add(h, name);
    add(h, filename);
    add(h, type);
    return OK;
}

static enum err on_data(void *user, struct str piece)
{
    struct heard *h = user;
    if (!h->open || piece.n == 0)
        abort();
    h->bytes += piece.n;
    add(h, piece);
    return OK;
}

static enum err on_end(void *user)
{
    struct heard *h = user;
    if (!h->open)
        abort();
    h->open = false;
    h->ends++;
    return OK;
}

/* ERR_NOT_FOUND: the type has no boundary. */
static enum err read_form(struct str type, struct str body, size_t step, struct heard *h)
{
    struct arena *a = arena_new((size_t)1 << 20);
    struct multipart_hooks hooks = {on_part, on_data, on_end, h};
    struct multipart *m = multipart_new(a, type, &hooks);
    enum err e = m ? OK : ERR_NOT_FOUND;
    for (size_t at = 0; at < body.n && e == OK; at += step)
        e = multipart_feed(m, str_until(str_from(body, at), step));
    if (e == OK)
        e = multipart_end(m);
    arena_free(a);
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = {(const char *)data, size}, type, rest;
    if (size > 100000 || !str_cut(input, '\n', &type, &rest) || rest.n < 2)
        return 0;
    size_t step = (size_t)(unsigned char)rest.p[0] + 1;
    struct str body = str_from(rest, 1);
    struct heard whole = {0}, pieces = {0};
    enum err a = read_form(type, body, body.n, &whole), b = read_form(type, body, step, &pieces);
    if (a != b || whole.sum != pieces.sum || whole.parts != pieces.parts ||
        whole.ends != pieces.ends || whole.bytes != pieces.bytes ||
        (a == OK && whole.parts != whole.ends))
        abort();
    return 0;
}
