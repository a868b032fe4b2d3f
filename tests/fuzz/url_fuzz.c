/* url_fuzz.c - percent-encoding, addresses to call and to listen on, dates. */
#include "http/http_inside.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(struct arena *a, struct str s)
{
    struct str plain, again;
    for (int plus = 0; plus < 2; plus++) {
        if (!url_decode(a, s, plus, &plain))
            continue;
        /* What was decoded survives being encoded and decoded again. */
        if (!url_decode(a, url_encode(a, plain), plus, &again) || !str_eq(plain, again))
            abort();
    }
}

static void addresses(struct str s)
{
    struct http_url u;
    struct sockaddr_storage at;
    socklen_t n;
    char peer[PEER_BYTES];
    if (http_url_parse(s, &u) && (u.target.n == 0 || u.target.p[0] != '/' || u.port < 0 ||
                                  u.port > 65535 || (u.host.n == 0 && u.socket.n == 0)))
        abort();
    if (http_address(s, &at, &n) && at.ss_family != AF_UNIX)
        http_peer_text(&at, peer);
}

static void dates(struct arena *a, struct str s)
{
    int64_t t, back;
    if (http_date_parse(s, &t) && (!http_date_parse(http_date(a, t), &back) || back != t))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 10000)
        return 0;
    struct arena *a = arena_new((size_t)1 << 20);
    struct str s = str_dup(a, (struct str){(const char *)data, size});
    decode(a, s);
    addresses(s);
    dates(a, s);
    arena_free(a);
    return 0;
}
