/* socket_test.c - the same way over real sockets: keep-alive, uploads, peers that go, stopping. */
#include "socket_fixture.h"

static enum err slow_write(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    rs->see_other = S("/");
    return write_form(cx, rq, rs);
}

static const struct route more_routes[] = {
    {POST, "/lau", "Lâu", &anyone, WRITE, .prepare = check_form, .write = slow_write,
     .body_max = 8 << 20},
    {0},
};

static int start_sockets(void **t)
{
    static const struct served more = {.routes = more_routes, .loops = 2};
    return start_served(t, &more, open_sockets);
}
#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, start_sockets, testing_end)

static void read_some(int fd, char *buf, size_t cap)
{
    size_t n = 0;
    while (n + 1 < cap) {
        ssize_t got = read(fd, buf + n, cap - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    buf[n] = 0;
}

/* ---- tests ---- */

static void pages_forms_and_refusals_go_over_the_wire(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = socket_form(cx);
    assert_int_equal(send_form(cx, f, "/ghi", "chu=").status, 422);
    assert_int_equal(send_form(cx, f, "/ghi", "chu=a").status, 303);
    assert_int_equal(send_form(cx, f, "/ghi", "chu=a").status, 303);
    assert_int_equal(writes, 1);
    assert_int_equal(call(cx, "GET", "/nowhere", S(""), S("")).status, 404);
    assert_int_equal(call(cx, "GET", "/hong", S(""), S("")).status, 500);
}

static void requests_on_one_connection_are_answered_in_order(void **t)
{
    (void)t;
    static const char three[] =
        "GET /so/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /so/2/xem HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /so/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    char buf[32768];
    int fd = dial();
    assert_int_equal(write(fd, three, sizeof three - 1), sizeof three - 1);
    read_some(fd, buf, sizeof buf);
    close(fd);
    char *one = strstr(buf, "trang 1"), *two = strstr(buf, "trang 2"),
         *last = strstr(buf, "trang 3");
    assert_true(one && two && last && one < two && two < last);
}

static void a_body_over_the_limit_is_refused_in_words(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = socket_form(cx);
    char *big = arena_alloc(cx->arena, 300 * 1024);
    memset(big, 'a', 300 * 1024 - 1);
    struct http_reply r = call(cx, "POST", "/ghi", f.cookie, str_c(big));
    assert_int_equal(r.status, 413);
}

static void a_long_form_is_read_in_pieces(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = socket_form(cx);
    size_t n = 3 << 20;
    char *big = arena_alloc(cx->arena, n);
    memset(big, 'a', n - 1);
    memcpy(big, "chu=", 4);
    assert_int_equal(send_form(cx, f, "/lau", big).status, 413); /* one field is 256 KiB at most */
    memset(big, 0, n);
    size_t at = 0;
    for (int i = 0; i < 1500; i++)
        at += (size_t)snprintf(big + at, n - at, "x%d=%01000d&", i, i);
    snprintf(big + at, n - at, "chu=xong");
    assert_int_equal(send_form(cx, f, "/lau", big).status, 303);
}

static void a_peer_that_goes_leaves_the_others_alone(void **t)
{
    struct cx *cx = test_cx(t);
    static const char half[] =
        "POST /ghi HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nchu=a";
    for (int i = 0; i < 20; i++) {
        int fd = dial();
        assert_int_equal(write(fd, half, sizeof half - 1), sizeof half - 1);
        close(fd);
        fd = dial();
        static const char whole[] = "GET /so/1/xem HTTP/1.1\r\nHost: x\r\n\r\n";
        assert_int_equal(write(fd, whole, sizeof whole - 1), sizeof whole - 1);
        close(fd);
    }
    assert_int_equal(call(cx, "GET", "/", S(""), S("")).status, 200);
    assert_int_equal(writes, 0);
}

/* ---- many at once ---- */

struct hammer {
    struct cx *cx;
    struct form form;
    int seen[600];
};

static void *hammer(void *arg)
{
    struct hammer *h = arg;
    for (int i = 0; i < 40; i++)
        h->seen[send_form(h->cx, h->form, "/ghi", "chu=a").status]++;
    return NULL;
}

static void the_same_form_from_many_at_once_is_written_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = socket_form(cx);
    struct hammer h[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        h[i] = (struct hammer){.cx = testing_another(cx), .form = f};
        pthread_create(&threads[i], NULL, hammer, &h[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(h[i].seen[303], 40);
    }
    assert_int_equal(writes, 1);
}

static void a_batch_whose_fsync_fails_is_503_and_the_form_may_be_sent_again(void **t)
{
    struct cx *cx = test_cx(t);
    const char *url = getenv("TINHSO_TEST_DATABASE");
    if (url && *url)
        return; /* an fsync of SQLite's files is what fails here */
    struct form f = socket_form(cx);
    db_fsync_fails_at(1);
    struct http_reply r = send_form(cx, f, "/ghi", "chu=a");
    db_fsync_fails_at(0);
    assert_int_equal(r.status, 503);
    assert_contains(r.body, "Gửi lại");
    assert_contains(r.body, "name=\"chu\" value=\"a\"");
    assert_true(str_eq(token_in(cx, r.body), f.token));
    assert_int_equal(send_form(cx, f, "/ghi", "chu=a").status, 303);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_forms_and_refusals_go_over_the_wire),
        TEST(requests_on_one_connection_are_answered_in_order),
        TEST(a_body_over_the_limit_is_refused_in_words),
        TEST(a_long_form_is_read_in_pieces),
        TEST(a_peer_that_goes_leaves_the_others_alone),
        TEST(the_same_form_from_many_at_once_is_written_once),
        TEST(a_batch_whose_fsync_fails_is_503_and_the_form_may_be_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
