/* http_url.c - percent-encoding, and the addresses the client calls. Pure. */
#include "http_inside.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool url_decode(struct arena *a, struct str encoded, bool plus_is_space, struct str *out)
{
    char *p = arena_alloc(a, encoded.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < encoded.n; i++) {
        char c = encoded.p[i];
        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < encoded.n ? hex(encoded.p[i + 1]) : -1;
            int low = i + 2 < encoded.n ? hex(encoded.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (c == 0)
            return false;
        p[n++] = c;
    }
    *out = (struct str){p, n};
    return utf8_valid(*out);
}

struct str url_encode(struct arena *a, struct str plain)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf b = {.arena = a, .limit = size_mul(plain.n, 3)};
    for (size_t i = 0; i < plain.n; i++) {
        unsigned char c = (unsigned char)plain.p[i];
        bool unreserved = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            buf_byte(&b, (char)c);
            continue;
        }
        buf_byte(&b, '%');
        buf_byte(&b, digits[c >> 4]);
        buf_byte(&b, digits[c & 15]);
    }
    return buf_str(&b);
}

/* Visible ASCII only: what goes into a request line. */
static bool visible(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] >= 0x7f)
            return false;
    return true;
}

static bool port_of(struct str text, int *port)
{
    int64_t v;
    if (text.n == 0 || text.n > 5 || text.p[0] == '-' || !str_int(text, &v) || v < 1 || v > 65535)
        return false;
    *port = (int)v;
    return true;
}

/* host, host:port, [v6], [v6]:port */
static bool authority_of(struct str text, struct http_url *out)
{
    out->authority = text;
    size_t at = 0;
    if (text.n && text.p[0] == '[') {
        if (!str_find(text, S("]"), &at))
            return false;
        out->host = (struct str){text.p + 1, at - 1};
        at++;
    } else {
        while (at < text.n && text.p[at] != ':')
            at++;
        out->host = str_until(text, at);
    }
    if (out->host.n == 0 || str_find(text, S("@"), NULL))
        return false; /* a password in an address does not belong there */
    if (at == text.n)
        return true;
    return text.p[at] == ':' && port_of(str_from(text, at + 1), &out->port);
}

static bool unix_url(struct str rest, struct http_url *out)
{
    bool cut = str_cut(rest, ':', &out->socket, &out->target);
    out->authority = S("localhost");
    if (!cut || out->target.n == 0)
        out->target = S("/");
    return out->socket.n && out->target.p[0] == '/';
}

bool http_url_parse(struct str url, struct http_url *out)
{
    *out = (struct http_url){0};
    if (!visible(url) || str_find(url, S("#"), NULL))
        return false;
    if (str_starts(url, S("unix:")))
        return unix_url(str_from(url, 5), out);
    out->tls = str_starts(url, S("https://"));
    if (!out->tls && !str_starts(url, S("http://")))
        return false;
    out->port = out->tls ? 443 : 80;
    struct str rest = str_from(url, out->tls ? 8 : 7);
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?')
        end++;
    out->target = end < rest.n ? str_from(rest, end) : S("/");
    return out->target.p[0] == '/' && authority_of(str_until(rest, end), out);
}
