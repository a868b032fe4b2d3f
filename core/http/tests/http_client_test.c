/* http_client_test.c - our own client against servers that break the rules. */
#include "http_try.h"

/* A server that says just this, once. */
static pthread_t liar;
static int liar_fd;
static struct str liar_says;

static void *lie(void *)
{
    int fd = accept(liar_fd, NULL, NULL);
    char request[10000];
    if (recv(fd, request, sizeof request, 0) > 0)
        try_send(fd, liar_says);
    shutdown(fd, SHUT_WR);
    while (recv(fd, request, sizeof request, 0) > 0)
        ;
    close(fd);
    return NULL;
}

static enum err call_liar(struct str says, size_t limit, struct http_reply *r)
{
    liar_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    assert_int_equal(bind(liar_fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(liar_fd, 1), 0);
    getsockname(liar_fd, (struct sockaddr *)&at, &n);
    try.port = ntohs(at.sin_port);
    liar_says = says;
    assert_int_equal(pthread_create(&liar, NULL, lie, NULL), 0);
    enum err e = try_call(
        (struct http_call){.url = try_url("http", "127.0.0.1", "/"), .answer_limit = limit}, r);
    pthread_join(liar, NULL);
    close(liar_fd);
    return e;
}

static void answers_that_break_the_rules_are_not_believed(void **)
{
    /* clang-format off */
    static const struct { enum err err; struct str says; } cases[] = {
#define R(err, text) {err, {text, sizeof(text) - 1}}
        R(OK, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        R(OK, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        R(OK, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        R(OK, "HTTP/1.0 200 OK\r\n\r\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nConte"),
        R(ERR_INVALID, "SSH-2.0-OpenSSH\r\n\r\n"),
        R(ERR_BUSY, ""),
        R(ERR_LIMIT, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"),
#undef R
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_reply r = {0};
        enum err e = call_liar(cases[i].says, 10, &r);
        if (e != cases[i].err)
            fail_msg("case %zu: %s, %.*s", i, err_name(e), F(try.cx.why));
        if (e == OK)
            assert_true(str_eq(r.body, S("hello")));
    }
}

static void a_call_has_one_deadline(void **)
{
    try_serve((struct http_config){0});
    struct http_reply r;
    struct http_call c = {.url = try_url("http", "127.0.0.1", "/later"), .timeout_ms = 50};
    assert_int_equal(try_call(c, &r), ERR_BUSY);
    try_release();
    c.url = S("http://127.0.0.1:1/"); /* nobody listens there */
    assert_int_equal(try_call(c, &r), ERR_BUSY);
    c.url = S("gopher://127.0.0.1/");
    assert_int_equal(try_call(c, &r), ERR_INVALID);
    const struct http_header bad = {S("A"), S("b\r\nC: d")};
    c = (struct http_call){
        .url = try_url("http", "127.0.0.1", "/hello"), .headers = &bad, .headers_n = 1};
    assert_int_equal(try_call(c, &r), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRY_TEST(answers_that_break_the_rules_are_not_believed),
        TRY_TEST(a_call_has_one_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
