/* http_condition.c - If-Match and If-None-Match over the entity tag something has now (RFC 9110,
 * section 13). Nothing we serve has Last-Modified, so conditions on dates are ignored, as they must
 * be; so is Range. */
#include "http_inside.h"

/* One entity tag of a list. */
struct etag {
    bool weak;
    struct str opaque; /* without its quotes */
};

static bool is_etag_char(unsigned char c)
{
    return c == '!' || (c >= '#' && c != 0x7f);
}

/* [W/]"...", at the beginning of *rest, which then is what follows. */
static bool take_etag(struct str *rest, struct etag *out)
{
    struct str s = *rest;
    out->weak = str_starts(s, S("W/"));
    if (out->weak)
        s = str_from(s, 2);
    if (s.n == 0 || s.p[0] != '"')
        return false;
    size_t n = 1;
    while (n < s.n && is_etag_char((unsigned char)s.p[n]))
        n++;
    if (n == s.n || s.p[n] != '"')
        return false;
    out->opaque = (struct str){s.p + 1, n - 1};
    *rest = str_trim(str_from(s, n + 1));
    return true;
}

/* Weak tags are equal when their opaque parts are; a strong comparison wants both strong. Ours is
 * strong. False as well: this is no list of tags. */
static bool list_holds(struct str list, struct str etag, bool strong, bool *well_formed)
{
    bool holds = false;
    list = str_trim(list);
    while (list.n) {
        struct etag one;
        if (list.p[0] != ',') {
            if (!take_etag(&list, &one) || (list.n && list.p[0] != ',')) {
                *well_formed = false;
                return false;
            }
            holds |= etag.n && str_eq(one.opaque, etag) && !(strong && one.weak);
        }
        list = list.n ? str_trim(str_from(list, 1)) : list;
    }
    return holds;
}

enum condition { ABSENT, MET, NOT_MET };

/* A field may come in several lines: they are one list. What is no list holds nothing. */
static enum condition matches(const struct http_request *rq, struct str field, struct str etag,
                              bool strong)
{
    bool seen = false, holds = false, well_formed = true, any = false;
    size_t lines = 0;
    for (size_t i = 0; i < rq->headers_n; i++) {
        const struct http_header *h = &rq->headers[i];
        if (!str_eq_ascii_case(h->name, field))
            continue;
        seen = true;
        lines++;
        if (str_eq(str_trim(h->value), S("*")))
            any = true;
        else
            holds |= list_holds(h->value, etag, strong, &well_formed);
    }
    if (!seen)
        return ABSENT;
    return (any ? lines == 1 : holds && well_formed) ? MET : NOT_MET;
}

int http_condition(const struct http_request *rq, struct str etag)
{
    const bool reads = rq->method == HTTP_GET || rq->method == HTTP_HEAD;
    if (matches(rq, S("If-Match"), etag, true) == NOT_MET)
        return 412;
    if (matches(rq, S("If-None-Match"), etag, false) == MET)
        return reads ? 304 : 412;
    return 200;
}
