/* http_parse_test.c - what is a request and what is refused, cut at every byte boundary. */
#include "../http_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* ---- one message through the pure readers, in two or more pieces ---- */

enum { WAITS = -1, ACCEPTED = 0 };

struct reading {
    int result; /* WAITS, ACCEPTED or the status of the refusal */
    size_t used;
    struct http_head head;
    struct http_header headers[120];
    char body[4096];
    size_t body_n;
};

static struct http_limits limits;

static void read_chunks(struct reading *r, const char *p, size_t n, size_t step)
{
    struct http_chunks c = {0};
    enum parse s = PARSE_MORE;
    r->result = WAITS;
    while (n && s == PARSE_MORE) {
        size_t some = n < step ? n : step, used;
        struct str data;
        s = http_chunks_feed(&c, p, some, &used, &data);
        assert_true(used <= some && (used > 0 || s != PARSE_MORE));
        assert_true(r->body_n + data.n <= sizeof r->body);
        memcpy(r->body + r->body_n, data.p, data.n);
        r->body_n += data.n;
        r->used += used;
        p += used;
        n -= used;
    }
    if (s != PARSE_MORE)
        r->result = s == PARSE_DONE ? ACCEPTED : 400;
}

/* The bytes come as [0..cut), then in steps of `step`. */
static void read_message(struct reading *r, struct str text, size_t cut, size_t step)
{
    struct http_scan scan = {0};
    size_t head_bytes = 0, n = cut;
    int status = 0;
    r->result = WAITS;
    r->used = r->body_n = 0;
    r->head = (struct http_head){.headers = r->headers};
    enum parse s;
    while ((s = http_head_find(text.p, n, &limits, &scan, &head_bytes, &status)) == PARSE_MORE) {
        if (n == text.n)
            return;
        n = n + step < text.n ? n + step : text.n;
    }
    if (s == PARSE_BAD) {
        r->result = status;
        return;
    }
    assert_true(head_bytes <= n);
    if (http_request_parse(text.p, head_bytes, &r->head) == PARSE_BAD) {
        r->result = r->head.status;
        return;
    }
    r->used = head_bytes;
    struct str rest = str_from(text, head_bytes);
    if (r->head.body_bytes < 0) {
        read_chunks(r, rest.p, rest.n, step);
        return;
    }
    size_t body = (size_t)r->head.body_bytes;
    r->result = rest.n >= body ? ACCEPTED : WAITS;
    if (rest.n < body || body > sizeof r->body)
        return;
    memcpy(r->body, rest.p, body);
    r->body_n = body;
    r->used += body;
}

struct message_case {
    const char *name;
    struct str text;
    int want;
};

static int setup(void **)
{
    limits = http_limits_default;
    return 0;
}

static void expect(const struct message_case *m, const struct reading *r, size_t cut, size_t step)
{
    if (r->result != m->want)
        fail_msg("%s: got %d, not %d (cut at %zu, then by %zu)", m->name, r->result, m->want, cut,
                 step);
}

static void walk(const struct message_case *cases, size_t n)
{
    static struct reading whole, r;
    for (size_t i = 0; i < n; i++) {
        const struct message_case *m = &cases[i];
        read_message(&whole, m->text, m->text.n, m->text.n);
        expect(m, &whole, m->text.n, m->text.n);
        for (size_t cut = 0; cut <= m->text.n; cut++) {
            const size_t steps[] = {m->text.n, 1, 3};
            for (size_t k = 0; k < 3; k++) {
                read_message(&r, m->text, cut, steps[k]);
                expect(m, &r, cut, steps[k]);
                if (m->want == ACCEPTED) {
                    assert_int_equal(r.used, whole.used);
                    assert_int_equal(r.body_n, whole.body_n);
                    assert_memory_equal(r.body, whole.body, whole.body_n);
                    assert_int_equal(r.head.headers_n, whole.head.headers_n);
                }
            }
        }
    }
}

#define GET "GET / HTTP/1.1\r\nHost: x\r\n"
#define POST "POST / HTTP/1.1\r\nHost: x\r\n"
#define END "\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define R(name, text, want)                                                                        \
    {                                                                                              \
        name, {text, sizeof(text) - 1}, want                                                       \
    }

static void framing_that_two_readers_could_read_differently_is_refused(void **)
{
    static const struct message_case cases[] = {
        /* http-stack.md section 7, in its order */
        R("two different lengths", POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
        R("length and coding",
          POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        R("coding and length",
          POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        R("xchunked", POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        R("space before colon", POST "Content-Length : 5\r\n\r\nhello", 400),
        R("plus in length", POST "Content-Length: +5\r\n\r\nhello", 400),
        R("length over 2^64", POST "Content-Length: 18446744073709551621\r\n\r\nhello", 400),
        R("chunk size 0x5", CHUNKED "0x5\r\nhello\r\n0\r\n\r\n", 400),
        R("empty name", GET ": x\r\n\r\n", 400),
        R("NUL in a value", GET "A: b\0c\r\n\r\n", 400),
        R("bare CR in a value", GET "A: b\rc\r\n\r\n", 400),
        R("two Host", GET "Host: y\r\n\r\n", 400),
        R("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
        /* and more of lengths */
        R("two equal lengths", POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
        R("a list of lengths", POST "Content-Length: 5, 5\r\n\r\nhello", 400),
        R("minus in length", POST "Content-Length: -5\r\n\r\n", 400),
        R("hex length", POST "Content-Length: 0x5\r\n\r\nhello", 400),
        R("length with a dot", POST "Content-Length: 5.0\r\n\r\nhello", 400),
        R("length with a blank inside", POST "Content-Length: 1 0\r\n\r\n", 400),
        R("empty length", POST "Content-Length:\r\n\r\n", 400),
        R("length of letters", POST "Content-Length: abc\r\n\r\n", 400),
        R("length of 19 digits", POST "Content-Length: 1000000000000000000\r\n\r\n", 400),
        R("vertical tab before the length", POST "Content-Length: \v5\r\n\r\nhello", 400),
        R("no-break space before the length",
          POST "Content-Length: \xa0"
               "5\r\n\r\nhello",
          400),
        /* codings */
        R("gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        R("gzip", POST "Transfer-Encoding: gzip\r\n\r\n", 400),
        R("identity", POST "Transfer-Encoding: identity\r\n\r\n", 400),
        R("chunked, identity", POST "Transfer-Encoding: chunked, identity\r\n\r\n", 400),
        R("chunked twice in one line", POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
          400),
        R("two coding lines",
          POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        R("chunked with a parameter", POST "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 400),
        R("empty coding", POST "Transfer-Encoding:\r\n\r\n", 400),
        R("quoted coding", POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400),
        R("chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          400),
        R("folded coding", POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
        R("coding with a space before colon", POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
          400),
        R("coding after a bare LF", POST "A: b\nTransfer-Encoding: chunked\r\n\r\n", 400),
    };
    walk(cases, sizeof cases / sizeof *cases);
}

static void lines_and_names_out_of_order_are_refused(void **)
{
    static const struct message_case cases[] = {
        R("bare LF after the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400),
        R("bare LF after a header", "GET / HTTP/1.1\r\nHost: x\n\r\n", 400),
        R("bare LF as the blank line", GET "\n", 400),
        R("all bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400),
        R("CR CR LF", GET "A: b\r\r\n\r\n", 400),
        R("folded value", GET "A: b\r\n c\r\n\r\n", 400),
        R("folded by a tab", GET "A: b\r\n\tc\r\n\r\n", 400),
        R("space before the first header", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400),
        R("header without colon", GET "abc\r\n\r\n", 400),
        R("space inside a name", GET "A B: c\r\n\r\n", 400),
        R("tab before colon", GET "A\t: c\r\n\r\n", 400),
        R("control in a name", GET "A\x01: c\r\n\r\n", 400),
        R("control in a value", GET "A: \x01\r\n\r\n", 400),
        R("DEL in a value", GET "A: \x7f\r\n\r\n", 400),
        R("UTF-8 in a name", GET "Tên: c\r\n\r\n", 400),
        R("parenthesis in a name", GET "A(b): c\r\n\r\n", 400),
        R("NUL in a name", GET "A\0: c\r\n\r\n", 400),
        R("two blank lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        R("a blank first", " GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        R("a TLS greeting", "\x16\x03\x01\x02", 400),
        R("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    };
    walk(cases, sizeof cases / sizeof *cases);
}

#define LINE(line) line "\r\nHost: x\r\n\r\n"

static void request_lines_out_of_order_are_refused(void **)
{
    static const struct message_case cases[] = {
        R("no version", LINE("GET /"), 400),
        R("no target", LINE("GET  HTTP/1.1"), 400),
        R("only a method", LINE("GET"), 400),
        R("two blanks before the version", LINE("GET /  HTTP/1.1"), 400),
        R("a tab for a blank", LINE("GET\t/\tHTTP/1.1"), 400),
        R("a blank at the end", LINE("GET / HTTP/1.1 "), 400),
        R("a blank in the target", LINE("GET /a b HTTP/1.1"), 400),
        R("lower case version", LINE("GET / http/1.1"), 400),
        R("version 2.0", LINE("GET / HTTP/2.0"), 505),
        R("version 0.9", LINE("GET / HTTP/0.9"), 505),
        R("version 1.", LINE("GET / HTTP/1."), 400),
        R("version 1.10", LINE("GET / HTTP/1.10"), 400),
        R("version 11.1", LINE("GET / HTTP/11.1"), 400),
        R("a control in the method", LINE("G\x01T / HTTP/1.1"), 400),
        R("a colon in the method", LINE("GET: / HTTP/1.1"), 400),
        R("a fragment", LINE("GET /a#b HTTP/1.1"), 400),
        R("a quote in the target", LINE("GET /a\"b HTTP/1.1"), 400),
        R("an angle in the query", LINE("GET /?<a> HTTP/1.1"), 400),
        R("UTF-8 in the target", LINE("GET /hồ-sơ HTTP/1.1"), 400),
        R("a control in the target", LINE("GET /a\x02 HTTP/1.1"), 400),
        R("a backslash in the path", LINE("GET /a\\b HTTP/1.1"), 400),
        R("half a percent", LINE("GET /%4 HTTP/1.1"), 400),
        R("percent and no hex", LINE("GET /%zz HTTP/1.1"), 400),
        R("a relative target", LINE("GET abc HTTP/1.1"), 400),
        R("an asterisk with GET", LINE("GET * HTTP/1.1"), 400),
        R("another scheme", LINE("GET ftp://x/ HTTP/1.1"), 400),
        R("a user in the authority", LINE("GET http://u@x/ HTTP/1.1"), 400),
        R("an empty authority", LINE("GET http:/// HTTP/1.1"), 400),
        R("CONNECT", LINE("CONNECT x:443 HTTP/1.1"), 501),
        R("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
        R("Host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400),
        R("Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
        R("Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
        R("Host with a bad port", "GET / HTTP/1.1\r\nHost: x:99999\r\n\r\n", 400),
        R("Host with letters for a port", "GET / HTTP/1.1\r\nHost: x:y\r\n\r\n", 400),
        R("Host with half a bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
        R("another expectation", POST "Expect: tea\r\nContent-Length: 1\r\n\r\na", 417),
    };
    walk(cases, sizeof cases / sizeof *cases);
}

static void chunks_out_of_order_are_refused(void **)
{
    static const struct message_case cases[] = {
        R("no size", CHUNKED "\r\n", 400),
        R("a sign", CHUNKED "+5\r\nhello\r\n0\r\n\r\n", 400),
        R("a minus", CHUNKED "-5\r\nhello\r\n0\r\n\r\n", 400),
        R("a blank first", CHUNKED " 5\r\nhello\r\n0\r\n\r\n", 400),
        R("a blank after", CHUNKED "5 \r\nhello\r\n0\r\n\r\n", 400),
        R("a huge size", CHUNKED "fffffffffffffffff\r\n", 400),
        R("many zeros", CHUNKED "0000000000005\r\nhello\r\n0\r\n\r\n", 400),
        R("bare LF after the size", CHUNKED "5\nhello\r\n0\r\n\r\n", 400),
        R("bare CR after the size", CHUNKED "5\rhello\r\n0\r\n\r\n", 400),
        R("no line end after the data", CHUNKED "5\r\nhello0\r\n\r\n", 400),
        R("bare LF after the data", CHUNKED "5\r\nhello\n0\r\n\r\n", 400),
        R("data longer than the size", CHUNKED "4\r\nhello\r\n0\r\n\r\n", 400),
        R("no hex", CHUNKED "g\r\n", 400),
        R("a control in an extension", CHUNKED "5;a=\x01\r\nhello\r\n0\r\n\r\n", 400),
        R("bare LF in an extension", CHUNKED "5;a\nhello\r\n0\r\n\r\n", 400),
        R("a quote that does not end", CHUNKED "5;a=\"b\r\nhello\r\n0\r\n\r\n", 400),
        R("a quote ended only by an escape", CHUNKED "5;a=\"b\\\"\r\nhello\r\n0\r\n\r\n", 400),
        R("bare LF at the end", CHUNKED "5\r\nhello\r\n0\r\n\n", 400),
        R("a trailer without colon", CHUNKED "0\r\nabc\r\n\r\n", 400),
        R("a trailer with a space before colon", CHUNKED "0\r\nA : b\r\n\r\n", 400),
        R("a folded trailer", CHUNKED "0\r\nA: b\r\n c\r\n\r\n", 400),
        R("a trailer with NUL", CHUNKED "0\r\nA: \0\r\n\r\n", 400),
        R("a trailer with a bare LF", CHUNKED "0\r\nA: b\n\r\n", 400),
    };
    walk(cases, sizeof cases / sizeof *cases);
}

static void well_formed_messages_pass(void **)
{
    static const struct message_case cases[] = {
        R("plain", GET END, ACCEPTED),
        R("one blank line first", "\r\n" GET END, ACCEPTED),
        R("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", ACCEPTED),
        R("HTTP/1.2", LINE("GET / HTTP/1.2"), ACCEPTED),
        R("a method of its own", LINE("PROPFIND / HTTP/1.1"), ACCEPTED),
        R("a query", LINE("GET /a?b=c&d=%C6%A1|{}[]^`\\ HTTP/1.1"), ACCEPTED),
        R("two question marks", LINE("GET /a?b?c HTTP/1.1"), ACCEPTED),
        R("an absolute target", LINE("GET http://x:80/a?b HTTP/1.1"), ACCEPTED),
        R("an absolute target without path", LINE("GET http://x HTTP/1.1"), ACCEPTED),
        R("OPTIONS *", LINE("OPTIONS * HTTP/1.1"), ACCEPTED),
        R("IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", ACCEPTED),
        R("an empty port", "GET / HTTP/1.1\r\nHost: x:\r\n\r\n", ACCEPTED),
        R("an empty value", GET "A:\r\n\r\n", ACCEPTED),
        R("blanks around a value", GET "A: \t b \t\r\n\r\n", ACCEPTED),
        R("Latin in a value", GET "A: \xe9\r\n\r\n", ACCEPTED),
        R("a body", POST "Content-Length: 5\r\n\r\nhello", ACCEPTED),
        R("a length with zeros", POST "Content-Length: 0005\r\n\r\nhello", ACCEPTED),
        R("more behind the body", POST "Content-Length: 5\r\n\r\nhelloGET / HTTP", ACCEPTED),
        R("length 0", POST "Content-Length: 0\r\n\r\n", ACCEPTED),
        R("chunks", CHUNKED "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", ACCEPTED),
        R("capital CHUNKED", POST "TRANSFER-ENCODING: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n",
          ACCEPTED),
        R("hex sizes", CHUNKED "a\r\n0123456789\r\nA\r\n0123456789\r\n00\r\n\r\n", ACCEPTED),
        R("extensions", CHUNKED "1 ; a=\"b \\\"c\";d\r\nx\r\n0;last\r\n\r\n", ACCEPTED),
        R("trailers", CHUNKED "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", ACCEPTED),
        R("no chunk at all", CHUNKED "0\r\n\r\n", ACCEPTED),
        R("expectation", POST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\na", ACCEPTED),
    };
    walk(cases, sizeof cases / sizeof *cases);
}

static void what_is_not_whole_waits(void **)
{
    static const struct message_case cases[] = {
        R("nothing", "", WAITS),
        R("a letter", "G", WAITS),
        R("a line", "GET / HTTP/1.1\r\n", WAITS),
        R("half a line end", GET "\r", WAITS),
        R("a lone CR first", "\r", WAITS),
        R("a blank line only", "\r\n", WAITS),
        R("a body cut short", POST "Content-Length: 5\r\n\r\nhell", WAITS),
        R("chunks cut in the size", CHUNKED "5", WAITS),
        R("chunks cut in the data", CHUNKED "5\r\nhel", WAITS),
        R("chunks without an end", CHUNKED "5\r\nhello\r\n0\r\n", WAITS),
        R("chunks with half an end", CHUNKED "0\r\n\r", WAITS),
    };
    walk(cases, sizeof cases / sizeof *cases);
}

static void what_is_over_a_limit_is_refused_as_such(void **)
{
    limits.request_line_bytes = 40;
    limits.headers_bytes = 60;
    limits.headers_n = 3;
    static const struct message_case cases[] = {
        R("a line of 40",
          "GET /0123456789012345678901234 HTTP/1.1\r\n"
          "Host: x\r\n\r\n",
          ACCEPTED),
        R("a line of 41",
          "GET /012345678901234567890123456 HTTP/1.1\r\n"
          "Host: x\r\n\r\n",
          414),
        R("a line without end", "GET /0123456789012345678901234567890123456789", 414),
        R("three headers", GET "A: b\r\nC: d\r\n\r\n", ACCEPTED),
        R("four headers", GET "A: b\r\nC: d\r\nE: f\r\n\r\n", 431),
        R("60 bytes of headers", GET "A: 01234567890123456789012345678901234567890123\r\n\r\n",
          ACCEPTED),
        R("61 bytes of headers", GET "A: 012345678901234567890123456789012345678901234\r\n\r\n",
          431),
        R("headers without end",
          GET "A: 0123456789012345678901234567890123456789012345678901234567890", 431),
    };
    walk(cases, sizeof cases / sizeof *cases);
}

static void a_chunk_frame_has_limits_too(void **)
{
    static char text[20000];
    static struct reading r;
    for (int trailer = 0; trailer < 2; trailer++) {
        struct str start = trailer ? S(CHUNKED "0\r\nA: ") : S(CHUNKED "1;");
        memset(text, 'a', sizeof text);
        memcpy(text, start.p, start.n);
        read_message(&r, (struct str){text, sizeof text}, sizeof text, sizeof text);
        assert_int_equal(r.result, 400);
        read_message(&r, (struct str){text, 2000}, 2000, 2000);
        assert_int_equal(r.result, WAITS);
    }
}

static void a_request_is_read_into_its_parts(void **)
{
    static struct reading r;
    read_message(&r,
                 S("POST /nop-ho-so/1.001193?buoc=2&x HTTP/1.1\r\nHost: Tinhso.Example:8080\r\n"
                   "X-A:  one \r\nConnection: keep-alive, Close\r\nExpect: 100-continue\r\n"
                   "Content-Length: 7\r\n\r\nabcdefg"),
                 10, 5);
    assert_int_equal(r.result, ACCEPTED);
    assert_int_equal(r.head.method, HTTP_POST);
    assert_true(str_eq(r.head.method_text, S("POST")));
    assert_true(str_eq(r.head.target, S("/nop-ho-so/1.001193?buoc=2&x")));
    assert_true(str_eq(r.head.path, S("/nop-ho-so/1.001193")));
    assert_true(str_eq(r.head.query, S("buoc=2&x")));
    assert_true(str_eq(r.head.host, S("Tinhso.Example:8080")));
    assert_true(str_eq(r.headers[1].name, S("X-A")));
    assert_true(str_eq(r.headers[1].value, S("one")));
    assert_int_equal(r.head.headers_n, 5);
    assert_int_equal(r.head.body_bytes, 7);
    assert_true(r.head.close);
    assert_true(r.head.expect_continue);
}

static void the_absolute_target_wins_over_host(void **)
{
    static struct reading r;
    read_message(&r, S("GET http://a.example/b?c HTTP/1.1\r\nHost: evil\r\n\r\n"), 0, 1);
    assert_int_equal(r.result, ACCEPTED);
    assert_true(str_eq(r.head.host, S("a.example")));
    assert_true(str_eq(r.head.path, S("/b")));
    assert_true(str_eq(r.head.query, S("c")));
}

static void answers_of_others_are_read_as_strictly(void **)
{
    /* clang-format off */
    static const struct { struct str text; bool to_head; int status; int64_t body; } cases[] = {
        {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 38}, false, 200, 5},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 38}, true, 200, 0},
        {{"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n", 38}, false, 204, 0},
        {{"HTTP/1.1 200\r\n\r\n", 16}, false, 200, -2},
        {{"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n", 45}, false, 200, -1},
        {{"HTTP/1.1 20 OK\r\n\r\n", 18}, false, 0, 0},
        {{"HTTP/1.1 600 OK\r\n\r\n", 19}, false, 0, 0},
        {{"HTTP/2 200 OK\r\n\r\n", 17}, false, 0, 0},
        {{"HTTP/1.1 200\x01OK\r\n\r\n", 19}, false, 0, 0},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 57}, false, 0, 0},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 66}, false, 0, 0},
        {{"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", 26}, false, 0, 0},
    };
    /* clang-format on */
    static struct http_header headers[120];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_head h = {.headers = headers};
        enum parse r = http_response_parse(cases[i].text.p, cases[i].text.n, cases[i].to_head, &h);
        assert_int_equal(r, cases[i].status ? PARSE_DONE : PARSE_BAD);
        if (cases[i].status) {
            assert_int_equal(h.status, cases[i].status);
            assert_int_equal(h.body_bytes, cases[i].body);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(framing_that_two_readers_could_read_differently_is_refused, setup),
        cmocka_unit_test_setup(lines_and_names_out_of_order_are_refused, setup),
        cmocka_unit_test_setup(request_lines_out_of_order_are_refused, setup),
        cmocka_unit_test_setup(chunks_out_of_order_are_refused, setup),
        cmocka_unit_test_setup(well_formed_messages_pass, setup),
        cmocka_unit_test_setup(what_is_not_whole_waits, setup),
        cmocka_unit_test_setup(what_is_over_a_limit_is_refused_as_such, setup),
        cmocka_unit_test_setup(a_chunk_frame_has_limits_too, setup),
        cmocka_unit_test_setup(a_request_is_read_into_its_parts, setup),
        cmocka_unit_test_setup(the_absolute_target_wins_over_host, setup),
        cmocka_unit_test_setup(answers_of_others_are_read_as_strictly, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
