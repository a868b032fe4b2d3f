/* http_framing.c - the headers that say whose message this is and where it ends. Pure. */
#include "http_inside.h"

static bool is_name(struct str name, const char *lower, size_t n)
{
    return str_eq_ascii_case(name, (struct str){lower, n});
}

/* Digits only: no sign, no list, no blank; at most what 18 digits hold. */
static bool length_of(struct str v, int64_t *out)
{
    if (v.n == 0 || v.n > 18)
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
        n = n * 10 + (v.p[i] - '0');
    }
    *out = n;
    return true;
}

static bool one_of(struct str set, char c)
{
    return memchr(set.p, c, set.n) != NULL;
}

/* host [":" port], lower or upper case; the characters of a registered name, IPv4 or [IPv6]. */
bool http_host_valid(struct str h)
{
    size_t at = 0;
    if (h.n && h.p[0] == '[') {
        for (at = 1; at < h.n && h.p[at] != ']'; at++)
            if (!one_of(S("0123456789abcdefABCDEF:."), h.p[at]))
                return false;
        if (at < 3 || at == h.n)
            return false;
        at++;
    } else {
        while (at < h.n && h.p[at] != ':' &&
               (one_of(S("-._~"), h.p[at]) || (h.p[at] >= '0' && h.p[at] <= '9') ||
                (h.p[at] >= 'a' && h.p[at] <= 'z') || (h.p[at] >= 'A' && h.p[at] <= 'Z')))
            at++;
        if (at == 0 || at > 255)
            return false;
    }
    if (at == h.n)
        return true;
    struct str port = str_from(h, at + 1);
    if (h.p[at] != ':' || port.n > 5)
        return false;
    int v = 0;
    for (size_t i = 0; i < port.n; i++) {
        if (port.p[i] < '0' || port.p[i] > '9')
            return false;
        v = v * 10 + (port.p[i] - '0');
    }
    return v <= 65535;
}

/* Notes the headers that frame the message; each of them at most once. */
int http_note_framing(const struct http_header *h, struct http_framing *f, struct http_head *out)
{
    switch (h->name.n) {
    case 4:
        if (!is_name(h->name, "host", 4))
            return 0;
        if (f->host || !http_host_valid(h->value))
            return 400;
        f->host = true;
        out->host = h->value;
        return 0;
    case 6:
        if (is_name(h->name, "expect", 6))
            f->expect = h->value;
        return 0;
    case 10:
        /* Several Connection lines are one list; "close" in any of them counts. */
        if (is_name(h->name, "connection", 10)) {
            struct str rest = h->value, one;
            while (rest.n) {
                str_cut(rest, ',', &one, &rest);
                if (is_name(str_trim(one), "close", 5))
                    out->close = true;
            }
        }
        return 0;
    case 14:
        if (!is_name(h->name, "content-length", 14))
            return 0;
        if (f->length || !length_of(h->value, &f->length_value))
            return 400;
        f->length = true;
        return 0;
    case 17:
        if (!is_name(h->name, "transfer-encoding", 17))
            return 0;
        if (f->coded)
            return 400;
        f->coded = true;
        f->coding = h->value;
        return 0;
    default:
        return 0;
    }
}

/* The only coding we speak is chunked. 0, or the status. */
static int coding_of(struct str v)
{
    if (str_eq_ascii_case(v, S("chunked")))
        return 0;
    /* Anything else before a last "chunked" is a coding we lack; the rest has no known end. */
    struct str rest = v, one = S("");
    size_t chunked = 0, others = 0;
    while (rest.n) {
        str_cut(rest, ',', &one, &rest);
        one = str_trim(one);
        if (str_eq_ascii_case(one, S("chunked")))
            chunked++;
        else
            others++;
    }
    return chunked == 1 && others && str_eq_ascii_case(one, S("chunked")) ? 501 : 400;
}

int http_body_of(const struct http_framing *f, struct http_head *out)
{
    if (!f->coded) {
        out->body_bytes = f->length ? f->length_value : 0;
        return 0;
    }
    /* Two lengths, or chunks from before chunks: somebody in between may read it otherwise. */
    if (f->length || out->minor == 0)
        return 400;
    out->body_bytes = -1;
    return coding_of(f->coding);
}
