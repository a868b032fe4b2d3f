/* http_server_test.c - a real server on a socket: framing, keep-alive, limits, streams. */
#include "http_try.h"

#define GET_(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define LAST_(path) "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define POST_(path, more) "POST " path " HTTP/1.1\r\nHost: x\r\n" more
#define CHUNKS "Transfer-Encoding: chunked\r\n"
#define CLOSE "Connection: close\r\n"

static void a_request_gets_its_answer_and_the_connection_stays(void **)
{
    try_serve((struct http_config){.server_name = S("tinhso")});
    int fd = try_connect();
    for (int i = 0; i < 3; i++) {
        try_send(fd, S(GET_("/hello")));
        struct str got = try_read_until(fd, S("\r\n\r\nhello"));
        assert_true(
            str_eq(got, S("HTTP/1.1 200 OK\r\nServer: tinhso\r\n"
                          "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\n"
                          "Content-Length: 5\r\n\r\nhello")));
    }
    close(fd);
    TRY_UNTIL(atomic_load(&try.sent) == 3);
    assert_int_equal(atomic_load(&try.gone), 0);
}

static void a_request_cut_at_every_byte_is_the_same_request(void **)
{
    try_serve((struct http_config){0});
    static const char text[] =
        POST_("/echo", CHUNKS CLOSE "\r\n") "3\r\nabc\r\n2;x\r\nde\r\n0\r\nA: b\r\n\r\n";
    for (size_t cut = 1; cut < sizeof text - 1; cut++) {
        int fd = try_connect();
        try_send(fd, (struct str){text, cut});
        if (cut % 8 == 0)
            usleep(500); /* now and then the server really sees two pieces */
        try_send(fd, (struct str){text + cut, sizeof text - 1 - cut});
        assert_true(str_ends(try_read_all(fd), S("\r\n\r\nabcde")));
        close(fd);
    }
}

static void a_byte_at_a_time_is_enough(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    static const char text[] = POST_("/echo", "Content-Length: 5\r\n" CLOSE "\r\n") "hello";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        try_send(fd, (struct str){text + i, 1});
        usleep(100);
    }
    assert_true(str_ends(try_read_all(fd), S("\r\n\r\nhello")));
    close(fd);
}

static void what_could_be_read_in_two_ways_is_refused_and_the_connection_closed(void **)
{
    try_serve((struct http_config){0});
    /* clang-format off */
    static const struct { int status; struct str text; } cases[] = {
#define R(status, text) {status, {text, sizeof(text) - 1}}
        R(400, POST_("/echo", "Content-Length: 5\r\nContent-Length: 6\r\n\r\n") "hello" GET_("/hello")),
        R(400, POST_("/echo", "Content-Length: 5\r\n" CHUNKS "\r\n") "0\r\n\r\n" GET_("/hello")),
        R(400, POST_("/echo", "Transfer-Encoding: xchunked\r\n\r\n") "0\r\n\r\n" GET_("/hello")),
        R(501, POST_("/echo", "Transfer-Encoding: gzip, chunked\r\n\r\n") "0\r\n\r\n"),
        R(400, POST_("/echo", "Content-Length : 5\r\n\r\n") "hello"),
        R(400, POST_("/echo", "Content-Length: +5\r\n\r\n") "hello"),
        R(400, POST_("/echo", "Content-Length: 18446744073709551621\r\n\r\n") "hello"),
        R(400, POST_("/echo", CHUNKS "\r\n") "0x5\r\nhello\r\n0\r\n\r\n" GET_("/hello")),
        R(400, POST_("/echo", CHUNKS "\r\n") "5\r\nhello0\r\n\r\n" GET_("/hello")),
        R(400, POST_("/echo", CHUNKS "\r\n") "5\nhello\r\n0\r\n\r\n"),
        R(400, "GET / HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n"),
        R(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"),
        R(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"),
        R(400, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
        R(400, "GET / HTTP/1.1\r\n\r\n"),
        R(400, "GET / HTTP/1.1\nHost: x\n\n"),
        R(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
        R(505, "GET / HTTP/3.0\r\nHost: x\r\n\r\n"),
        R(501, "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"),
        R(417, POST_("/echo", "Expect: tea\r\nContent-Length: 1\r\n\r\n") "a"),
        R(400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        R(413, POST_("/echo", "Content-Length: 99999999999\r\n\r\n") "hello"),
#undef R
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = try_say(cases[i].text);
        if (try_status(got) != cases[i].status || try_times(got, S("HTTP/1.1 ")) != 1)
            fail_msg("case %zu: %.*s", i, F(str_until(got, 400)));
        assert_true(str_find(got, S("Connection: close\r\n"), NULL));
    }
}

static void after_a_refusal_the_server_reads_on_so_that_nothing_is_reset(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S("GET / HTTP/1.1\r\nbad\r\n\r\n"));
    assert_int_equal(try_status(try_read_all(fd)),
                     400); /* all: the server has said its last word */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send(fd, "more", 4, MSG_NOSIGNAL), 4);
        usleep(5000);
    }
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **)
{
    try_serve((struct http_config){0});
    struct str got = try_say(
        S(GET_("/hello") POST_("/echo", "Content-Length: 3\r\n\r\n") "one" POST_(
            "/echo", CHUNKS "\r\n") "3\r\ntwo\r\n0\r\n\r\n" GET_("/stream")
              POST_("/drop", "Content-Length: 4\r\n\r\n") "junk" LAST_("/hello") GET_("/never")));
    size_t hello, one, two, stream, dropped, last;
    assert_true(str_find(got, S("\r\n\r\nhello"), &hello));
    assert_true(str_find(got, S("\r\n\r\none"), &one));
    assert_true(str_find(got, S("\r\n\r\ntwo"), &two));
    assert_true(str_find(got, S("Transfer-Encoding: chunked"), &stream));
    assert_true(str_find(got, S("\r\n\r\ndropped"), &dropped));
    assert_true(str_find(got, S("Connection: close"), &last));
    assert_true(hello < one && one < two && two < stream && stream < dropped && dropped < last);
    assert_int_equal(try_times(got, S("HTTP/1.1 200 OK")), 6);
    assert_int_equal(atomic_load(&try.heads), 6); /* nothing after "close" is looked at */
}

static void many_pipelined_requests_all_get_answers(void **)
{
    try_serve((struct http_config){0});
    struct buf b = {.arena = try.arena, .limit = 1 << 20};
    for (int i = 0; i < 3000; i++)
        buf_add(&b, S(GET_("/hello")));
    buf_add(&b, S(LAST_("/hello")));
    assert_int_equal(try_times(try_say(buf_str(&b)), S("\r\n\r\nhello")), 3001);
}

static void head_is_answered_like_get_without_the_body(void **)
{
    try_serve((struct http_config){0});
    struct str got =
        try_say(S("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n"
                  "HEAD /known HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    assert_true(str_find(got, S("Content-Length: 5\r\n\r\nHTTP/1.1"), NULL));
    assert_true(str_find(got, S("Transfer-Encoding: chunked\r\n\r\nHTTP/1.1"), NULL));
    assert_true(str_ends(got, S("Content-Length: 100000\r\nConnection: close\r\n\r\n")));
    assert_int_equal(atomic_load(&try.pulls_done), 2);
}

static void an_answer_without_a_body_is_an_answer(void **)
{
    try_serve((struct http_config){0});
    struct str got = try_say(S(GET_("/empty") GET_("/nothing") GET_("/unchanged") LAST_("/hello")));
    size_t empty = 0, nothing = 0, unchanged = 0;
    assert_true(str_find(got, S("Content-Length: 0\r\n\r\nHTTP/1.1 204"), &empty));
    assert_true(str_find(got, S("GMT\r\n\r\nHTTP/1.1 304 Not Modified\r\n"), &nothing));
    assert_true(str_find(got, S("GMT\r\n\r\nHTTP/1.1 200 OK\r\n"), &unchanged));
    assert_true(empty < nothing && nothing < unchanged);
}

static void options_of_the_server_reach_the_hook(void **)
{
    try_serve((struct http_config){0});
    struct str got = try_say(S("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    assert_int_equal(try_status(got), 200);
}

static void http_1_0_is_answered_and_closed(void **)
{
    try_serve((struct http_config){0});
    struct str got = try_say(S("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    assert_true(str_ends(got, S("Connection: close\r\n\r\nhello")));
    got = try_say(S("GET /stream HTTP/1.0\r\n\r\n"));
    assert_false(
        str_find(got, S("chunked"), NULL)); /* the end of the stream is the end of the body */
    size_t at;
    assert_true(str_find(got, S("\r\n\r\n"), &at));
    assert_int_equal(got.n - at - 4, PULLED);
}

/* The body of a chunked answer, by the book. */
static struct str unchunk(struct str s)
{
    struct buf b = {.arena = try.arena, .limit = BIG};
    for (;;) {
        char *end;
        size_t n = strtoul(str_z(try.arena, str_until(s, 8)), &end, 16), at;
        assert_true(str_find(s, S("\r\n"), &at));
        s = str_from(s, at + 2);
        if (n == 0)
            return buf_str(&b);
        buf_add(&b, str_until(s, n));
        assert_true(str_starts(str_from(s, n), S("\r\n")));
        s = str_from(s, n + 2);
    }
}

static void a_pulled_body_arrives_whole(void **)
{
    try_serve((struct http_config){0});
    size_t at;
    struct str chunked = try_say(S(LAST_("/stream"))), known = try_say(S(LAST_("/known")));
    assert_true(str_ends(chunked, S("0\r\n\r\n")));
    assert_true(str_find(chunked, S("\r\n\r\n"), &at));
    chunked = unchunk(str_from(chunked, at + 4));
    assert_true(str_find(known, S("Content-Length: 100000\r\n"), NULL));
    assert_true(str_find(known, S("\r\n\r\n"), &at));
    known = str_from(known, at + 4);
    assert_int_equal(known.n, PULLED);
    assert_true(str_eq(chunked, known));
    assert_int_equal(atomic_load(&try.pulls_done), 2);
}

static void a_stream_that_fails_is_seen_as_incomplete(void **)
{
    try_serve((struct http_config){0});
    struct str got = try_say(S(GET_("/short")));
    assert_false(str_ends(got, S("0\r\n\r\n")));
    TRY_UNTIL(atomic_load(&try.gone) == 1);
    assert_int_equal(atomic_load(&try.pulls_done), 1);
}

static void a_stream_that_waits_goes_on_when_it_is_told(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(LAST_("/busy")));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    for (int i = 0; i < 5; i++) { /* four quarters and the end */
        atomic_store(&try.stream_ready, true);
        http_stream_ready(atomic_load(&try.held));
        TRY_UNTIL(!atomic_load(&try.stream_ready));
    }
    http_drop(atomic_load(&try.held));
    struct str got = try_read_all(fd);
    assert_true(str_ends(got, S("0\r\n\r\n")));
    close(fd);
}

static void a_client_that_expects_100_gets_it_only_when_the_body_is_wanted(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(POST_("/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n" CLOSE "\r\n")));
    assert_true(str_eq(try_read_until(fd, S("\r\n\r\n")), S("HTTP/1.1 100 Continue\r\n\r\n")));
    try_send(fd, S("hello"));
    assert_true(str_ends(try_read_all(fd), S("\r\n\r\nhello")));
    close(fd);
    /* Answered without the body: no 100, and the connection ends, for who knows what comes next. */
    struct str got =
        try_say(S(POST_("/drop", "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")));
    assert_int_equal(try_status(got), 200);
    assert_true(str_find(got, S("Connection: close\r\n"), NULL));
    got = try_say(S(POST_("/echo", "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n")));
    assert_int_equal(try_status(got), 413);
}

static void a_body_over_the_limit_of_its_exchange_is_refused(void **)
{
    try_serve((struct http_config){0});
    char body[1200];
    memset(body, 'a', sizeof body);
    struct str head = S(POST_("/echo", "Content-Length: 1200\r\n" CLOSE "\r\n"));
    struct str parts[] = {head, {body, sizeof body}};
    assert_int_equal(try_status(try_say(str_join(try.arena, parts, 2, S("")))), 413);
    struct str chunked[] = {
        S(POST_("/echo", CHUNKS "\r\n") "4b0\r\n"), {body, sizeof body}, S("\r\n0\r\n\r\n")};
    assert_int_equal(try_status(try_say(str_join(try.arena, chunked, 3, S("")))), 413);
    assert_int_equal(atomic_load(&try.completes), 0);
    TRY_UNTIL(atomic_load(&try.sent) == 2);
}

static void an_unwanted_body_is_dropped_or_the_connection_closed(void **)
{
    try_serve((struct http_config){0});
    struct buf b = {.arena = try.arena, .limit = BIG * 4};
    buf_fmt(&b, POST_("/drop", "Content-Length: %zu\r\n\r\n"), (size_t)500000);
    buf_add(&b, (struct str){try_big, 500000});
    buf_add(&b, S(LAST_("/hello")));
    assert_int_equal(try_times(try_say(buf_str(&b)), S("HTTP/1.1 200")), 2);
    /* Too much to be worth reading: the answer arrives all the same, not a reset. */
    b.n = 0;
    buf_fmt(&b, POST_("/drop", "Content-Length: %zu\r\n\r\n"), BIG);
    buf_add(&b, (struct str){try_big, BIG});
    buf_add(&b, S(LAST_("/hello")));
    struct str got = try_say(buf_str(&b));
    assert_int_equal(try_times(got, S("HTTP/1.1 200")), 1);
    assert_true(str_find(got, S("Connection: close"), NULL));
}

static void a_large_answer_arrives_whole_through_a_small_window(void **)
{
    try_serve((struct http_config){0});
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)try.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    try_send(fd, S(GET_("/big") LAST_("/hello")));
    struct str got = try_read_all(fd);
    assert_true(str_ends(got, S("\r\n\r\nhello")));
    size_t at_body;
    assert_true(str_find(got, S("\r\n\r\n"), &at_body));
    assert_true(str_starts(str_from(got, at_body + 4 + BIG), S("HTTP/1.1 200")));
    close(fd);
}

static void a_header_that_would_split_the_answer_becomes_a_500(void **)
{
    try_serve((struct http_config){0});
    struct str got = try_say(S(LAST_("/crlf")));
    assert_int_equal(try_status(got), 500);
    assert_false(str_find(got, S("Set-Cookie"), NULL));
}

static void a_connection_serves_only_so_many_requests(void **)
{
    try_serve((struct http_config){.limits.requests_per_connection = 3});
    struct str got = try_say(S(GET_("/hello") GET_("/hello") GET_("/hello") GET_("/hello")));
    assert_int_equal(try_times(got, S("HTTP/1.1 200")), 3);
    assert_int_equal(try_times(got, S("Connection: close")), 1);
}

static void limits_of_line_and_headers_hold(void **)
{
    try_serve((struct http_config){
        .limits = {.request_line_bytes = 100, .headers_bytes = 200, .headers_n = 4}});
    char many[400];
    memset(many, 'a', sizeof many);
    struct str text = str_fmt(try.arena, "GET /%.*s HTTP/1.1\r\nHost: x\r\n\r\n", 200, many);
    assert_int_equal(try_status(try_say(text)), 414);
    text = str_fmt(try.arena, "GET /%.*s", 390, many);
    assert_int_equal(try_status(try_say(text)), 414);
    text = str_fmt(try.arena, "GET / HTTP/1.1\r\nHost: x\r\nA: %.*s\r\n\r\n", 300, many);
    assert_int_equal(try_status(try_say(text)), 431);
    text = S("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n");
    assert_int_equal(try_status(try_say(text)), 431);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRY_TEST(a_request_gets_its_answer_and_the_connection_stays),
        TRY_TEST(a_request_cut_at_every_byte_is_the_same_request),
        TRY_TEST(a_byte_at_a_time_is_enough),
        TRY_TEST(what_could_be_read_in_two_ways_is_refused_and_the_connection_closed),
        TRY_TEST(after_a_refusal_the_server_reads_on_so_that_nothing_is_reset),
        TRY_TEST(pipelined_requests_are_answered_in_order),
        TRY_TEST(many_pipelined_requests_all_get_answers),
        TRY_TEST(head_is_answered_like_get_without_the_body),
        TRY_TEST(an_answer_without_a_body_is_an_answer),
        TRY_TEST(options_of_the_server_reach_the_hook),
        TRY_TEST(http_1_0_is_answered_and_closed),
        TRY_TEST(a_pulled_body_arrives_whole),
        TRY_TEST(a_stream_that_fails_is_seen_as_incomplete),
        TRY_TEST(a_stream_that_waits_goes_on_when_it_is_told),
        TRY_TEST(a_client_that_expects_100_gets_it_only_when_the_body_is_wanted),
        TRY_TEST(a_body_over_the_limit_of_its_exchange_is_refused),
        TRY_TEST(an_unwanted_body_is_dropped_or_the_connection_closed),
        TRY_TEST(a_large_answer_arrives_whole_through_a_small_window),
        TRY_TEST(a_header_that_would_split_the_answer_becomes_a_500),
        TRY_TEST(a_connection_serves_only_so_many_requests),
        TRY_TEST(limits_of_line_and_headers_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
