/* http_parse.c - the head of a request or response, RFC 9112, strictly. Pure: bytes in, result out.
 */
#include "http_inside.h"

/* What a byte may be part of. */
enum {
    T = 1, /* a token: method, header name */
    V = 2, /* a header value */
    P = 4, /* a path; browsers send [ ] ^ | unescaped, so these pass */
    Q = 8, /* a query; and here also ` { } \ as browsers do */
};
static const unsigned char kinds[256] = {
    ['\t'] = V,
    [' '] = V,
    ['!'] = T | V | P | Q,
    ['"'] = V,
    ['#'] = T | V,
    ['$' ... '\''] = T | V | P | Q,
    ['(' ... ')'] = V | P | Q,
    ['*' ... '+'] = T | V | P | Q,
    [','] = V | P | Q,
    ['-' ... '.'] = T | V | P | Q,
    ['/'] = V | P | Q,
    ['0' ... '9'] = T | V | P | Q,
    [':' ... ';'] = V | P | Q,
    ['<'] = V,
    ['='] = V | P | Q,
    ['>'] = V,
    ['?'] = V | Q,
    ['@'] = V | P | Q,
    ['A' ... 'Z'] = T | V | P | Q,
    ['['] = V | P | Q,
    ['\\'] = V | Q,
    [']'] = V | P | Q,
    ['^' ... '_'] = T | V | P | Q,
    ['`'] = T | V | Q,
    ['a' ... 'z'] = T | V | P | Q,
    ['{'] = V | Q,
    ['|'] = T | V | P | Q,
    ['}'] = V | Q,
    ['~'] = T | V | P | Q,
    [0x80 ... 0xff] = V,
};

static bool is(char c, unsigned char kind)
{
    return kinds[(unsigned char)c] & kind;
}

/* How many bytes at p are all of this kind. */
static size_t span(const char *p, size_t n, unsigned char kind)
{
    size_t i = 0;
    while (i < n && is(p[i], kind))
        i++;
    return i;
}

bool http_token(struct str s)
{
    return s.n && span(s.p, s.n, T) == s.n;
}

bool http_header_value(struct str s)
{
    return span(s.p, s.n, V) == s.n;
}

struct str http_header_in(const struct http_header *headers, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_ascii_case(headers[i].name, name))
            return headers[i].value;
    return S("");
}

/* ---- finding the end ---- */

static enum parse refuse(int *status, int why)
{
    *status = why;
    return PARSE_BAD;
}

/* One line ends at p[lf]. DONE: it was the blank one. What is too long is told before what is
 * wrong, as it is when the end of the line has not come yet. */
static enum parse line_ended(const char *p, size_t lf, const struct http_limits *limits,
                             struct http_scan *scan, int *status)
{
    bool first = scan->first_end == 0;
    if (first && lf - scan->line > limits->request_line_bytes + 1)
        return refuse(status, 414);
    if (!first && lf + 1 - scan->first_end > limits->headers_bytes)
        return refuse(status, 431);
    if (lf == scan->line || p[lf - 1] != '\r')
        return refuse(status, 400);
    bool blank = lf - 1 == scan->line;
    scan->line = lf + 1;
    if (first)
        scan->first_end = lf + 1;
    else if (blank)
        return PARSE_DONE;
    else if (++scan->lines > limits->headers_n)
        return refuse(status, 431);
    return PARSE_MORE;
}

enum parse http_head_find(const char *p, size_t n, const struct http_limits *limits,
                          struct http_scan *scan, size_t *head_bytes, int *status)
{
    /* Old clients end a form with one CRLF too many: RFC 9112 2.2. */
    if (scan->at == 0) {
        if (n == 0 || (n == 1 && p[0] == '\r'))
            return PARSE_MORE;
        if (p[0] == '\r' && p[1] == '\n') {
            if (n == 2)
                return PARSE_MORE;
            scan->at = scan->line = 2;
        }
        /* Refused at its first byte: a TLS greeting, a control, another blank line. */
        if (!is(p[scan->line], T))
            return refuse(status, 400);
    }
    while (scan->at < n) {
        const char *lf = memchr(p + scan->at, '\n', n - scan->at);
        if (!lf)
            break;
        scan->at = (size_t)(lf - p) + 1;
        enum parse r = line_ended(p, scan->at - 1, limits, scan, status);
        *head_bytes = scan->at;
        if (r != PARSE_MORE)
            return r;
    }
    scan->at = n;
    if (scan->first_end == 0 && n - scan->line > limits->request_line_bytes + 1)
        return refuse(status, 414);
    if (scan->first_end && n - scan->first_end > limits->headers_bytes)
        return refuse(status, 431);
    return PARSE_MORE;
}

/* ---- header lines ---- */

/* name ":" OWS value OWS, the line end already cut off. */
static bool header_line(struct str line, struct http_header *out)
{
    size_t name = span(line.p, line.n, T);
    if (name == 0 || name == line.n || line.p[name] != ':')
        return false; /* also refuses a folded line and a space before the colon */
    struct str v = {line.p + name + 1, line.n - name - 1};
    while (v.n && (v.p[0] == ' ' || v.p[0] == '\t'))
        v = (struct str){v.p + 1, v.n - 1};
    while (v.n && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\t'))
        v.n--;
    *out = (struct http_header){{line.p, name}, v};
    return http_header_value(v);
}

/* The lines after the first, up to the blank one. 0, or the status to refuse with. */
static int header_lines(const char *p, size_t n, struct http_framing *f, struct http_head *out)
{
    while (n > 2) {
        const char *lf = memchr(p, '\n', n);
        MUST(lf != NULL && lf > p); /* http_head_find saw it */
        struct http_header *h = &out->headers[out->headers_n];
        if (!header_line((struct str){p, (size_t)(lf - p) - 1}, h))
            return 400;
        int bad = http_note_framing(h, f, out);
        if (bad)
            return bad;
        out->headers_n++;
        n -= (size_t)(lf + 1 - p);
        p = lf + 1;
    }
    return 0;
}

/* ---- the request ---- */

static enum http_method method_of(struct str m)
{
    /* clang-format off */
    static const struct { struct str text; enum http_method method; } known[] = {
        {{"GET", 3}, HTTP_GET},     {{"POST", 4}, HTTP_POST},     {{"HEAD", 4}, HTTP_HEAD},
        {{"PUT", 3}, HTTP_PUT},     {{"PATCH", 5}, HTTP_PATCH},   {{"DELETE", 6}, HTTP_DELETE},
        {{"OPTIONS", 7}, HTTP_OPTIONS},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(known[i].text, m))
            return known[i].method;
    return HTTP_OTHER;
}

static bool hex_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* Path characters, and after each % two hex digits. */
static bool path_valid(struct str s)
{
    if (span(s.p, s.n, P) != s.n)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%')
            continue;
        for (size_t k = i + 1; k <= i + 2; k++)
            if (k >= s.n || !hex_digit(s.p[k]))
                return false;
    }
    return true;
}

/* "/path?query", or the same after "http://host" (RFC 9112 3.2.2), or "*" of OPTIONS. */
static int target_of(struct http_head *out, struct str *authority)
{
    struct str t = out->target;
    *authority = S("");
    if (out->method == HTTP_OPTIONS && str_eq(t, S("*"))) {
        out->path = t;
        return 0;
    }
    if (t.n && t.p[0] != '/') {
        size_t scheme = str_starts(t, S("http://")) ? 7 : str_starts(t, S("https://")) ? 8 : 0;
        if (scheme == 0)
            return 400;
        struct str rest = str_from(t, scheme);
        size_t end = 0;
        while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?')
            end++;
        *authority = str_until(rest, end);
        t = str_from(rest, end);
        if (!http_host_valid(*authority))
            return 400;
        if (t.n == 0)
            t = S("/");
        else if (t.p[0] != '/')
            return 400;
    }
    str_cut(t, '?', &out->path, &out->query);
    if (out->path.n == 0 || !path_valid(out->path))
        return 400;
    return span(out->query.p, out->query.n, Q) == out->query.n ? 0 : 400;
}

static int request_line(struct str line, struct http_head *out, struct str *authority)
{
    size_t method = span(line.p, line.n, T);
    if (method == 0 || method == line.n || line.p[method] != ' ')
        return 400;
    struct str rest = str_from(line, method + 1);
    size_t target = 0;
    while (target < rest.n && rest.p[target] != ' ')
        target++;
    struct str version = str_from(rest, target + 1);
    if (target == 0 || version.n != 8 || memcmp(version.p, "HTTP/", 5) != 0 || version.p[5] < '0' ||
        version.p[5] > '9' || version.p[6] != '.' || version.p[7] < '0' || version.p[7] > '9')
        return 400;
    if (version.p[5] != '1')
        return 505;
    out->minor = version.p[7] - '0';
    out->method_text = str_until(line, method);
    out->method = method_of(out->method_text);
    out->target = str_until(rest, target);
    if (str_eq(out->method_text, S("CONNECT")))
        return 501; /* we are no tunnel */
    return target_of(out, authority);
}

static int read_request(const char *p, size_t n, struct http_head *out)
{
    if (n > 2 && p[0] == '\r' && p[1] == '\n') {
        p += 2;
        n -= 2;
    }
    const char *lf = memchr(p, '\n', n);
    MUST(lf != NULL && lf > p);
    struct str authority;
    int bad = request_line((struct str){p, (size_t)(lf - p) - 1}, out, &authority);
    struct http_framing f = {0};
    if (!bad)
        bad = header_lines(lf + 1, n - (size_t)(lf + 1 - p), &f, out);
    if (!bad)
        bad = http_body_of(&f, out);
    if (bad)
        return bad;
    if (!f.host && out->minor > 0)
        return 400;
    if (authority.n)
        out->host = authority; /* the target wins: RFC 9112 3.2.2 */
    if (out->minor == 0)
        out->close = true;
    if (f.expect.n == 0 || out->minor == 0)
        return 0;
    if (!str_eq_ascii_case(f.expect, S("100-continue")))
        return 417;
    out->expect_continue = out->body_bytes != 0;
    return 0;
}

/* Starts anew but for the room of the headers. */
static void start(struct http_head *out)
{
    struct http_header *room = out->headers;
    *out = (struct http_head){.headers = room};
    out->path = out->query = out->host = S("");
}

enum parse http_request_parse(const char *p, size_t n, struct http_head *out)
{
    start(out);
    out->status = read_request(p, n, out);
    return out->status ? PARSE_BAD : PARSE_DONE;
}

/* ---- the response ---- */

static bool status_line(struct str line, struct http_head *out)
{
    if (line.n < 12 || memcmp(line.p, "HTTP/1.", 7) != 0 || line.p[7] < '0' || line.p[7] > '9' ||
        line.p[8] != ' ')
        return false;
    out->minor = line.p[7] - '0';
    for (size_t i = 9; i < 12; i++) {
        if (line.p[i] < '0' || line.p[i] > '9')
            return false;
        out->status = out->status * 10 + (line.p[i] - '0');
    }
    if (out->status < 100 || out->status > 599 || (line.n > 12 && line.p[12] != ' '))
        return false;
    return http_header_value(str_from(line, 12));
}

enum parse http_response_parse(const char *p, size_t n, bool to_head, struct http_head *out)
{
    start(out);
    const char *lf = memchr(p, '\n', n);
    MUST(lf != NULL && lf > p);
    struct http_framing f = {0};
    if (!status_line((struct str){p, (size_t)(lf - p) - 1}, out) ||
        header_lines(lf + 1, n - (size_t)(lf + 1 - p), &f, out) != 0)
        return PARSE_BAD;
    if (out->minor == 0)
        out->close = true;
    if (to_head || out->status < 200 || out->status == 204 || out->status == 304)
        return PARSE_DONE;
    if (f.length || f.coded)
        return http_body_of(&f, out) ? PARSE_BAD : PARSE_DONE;
    out->body_bytes = -2;
    out->close = true;
    return PARSE_DONE;
}
