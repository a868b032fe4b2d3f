/* http_limits_test.c - back-pressure, time limits, too many connections. */
#include "http_try.h"

#define GET_(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define LAST_(path) "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define POST_(path, more) "POST " path " HTTP/1.1\r\nHost: x\r\n" more

/* ---- back-pressure ---- */

/* How much the peer can push until nothing moves any more. */
static size_t pushed(int fd)
{
    size_t total = 0;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (int quiet = 0; quiet < 50;) {
        ssize_t n = send(fd, try_big, 65536, MSG_NOSIGNAL);
        if (n > 0) {
            total += (size_t)n;
            quiet = 0;
        } else {
            quiet++;
            usleep(1000);
        }
    }
    fcntl(fd, F_SETFL, 0);
    return total;
}

static void a_paused_body_stays_with_its_sender(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect(), small = 65536;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    try_send(fd, S(POST_("/paused", "Connection: close\r\nContent-Length: 40000000\r\n\r\n")));
    try_send(fd, S("x"));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    int64_t before = atomic_load(&try.body_bytes);
    size_t n = 1 + pushed(fd);
    assert_true(n < 20000000); /* the sockets' buffers and one scratch, not the whole body */
    assert_int_equal(atomic_load(&try.body_bytes), before);
    try_release();
    while (n < 40000000) {
        size_t some = 40000000 - n < BIG ? 40000000 - n : BIG;
        try_send(fd, (struct str){try_big, some});
        n += some;
    }
    assert_true(str_ends(try_read_all(fd), S("\r\n\r\n40000000")));
    close(fd);
}

static void a_peer_that_reads_nothing_stops_the_stream(void **)
{
    try_serve((struct http_config){.limits.write_idle_ms = 300});
    int fd = try_connect();
    struct buf b = {.arena = try.arena, .limit = 1 << 20};
    for (int i = 0; i < 100; i++)
        buf_add(&b, S(GET_("/big"))); /* 400 MiB of answers; nobody reads */
    try_send(fd, buf_str(&b));
    TRY_UNTIL(atomic_load(&try.gone) == 1);
    assert_true(atomic_load(&try.heads) < 20);
    close(fd);
}

/* ---- time ---- */

static void who_sends_a_head_too_slowly_is_told_so(void **)
{
    try_serve((struct http_config){.limits.head_ms = 100});
    int fd = try_connect();
    try_send(fd, S("GET / HTTP/1.1\r\nHo"));
    assert_int_equal(try_status(try_read_all(fd)), 408);
    close(fd);
}

static void dripping_a_head_does_not_lengthen_its_time(void **)
{
    try_serve((struct http_config){.limits.head_ms = 150});
    int fd = try_connect();
    try_send(fd, S("GET / HTTP/1.1\r\n"));
    int sent = 0;
    while (sent < 2000 && !try_readable(fd, 10)) {
        try_send(fd, S("A"));
        sent++;
    }
    assert_true(sent < 1000);
    assert_int_equal(try_status(try_read_all(fd)), 408);
    close(fd);
}

static void who_says_nothing_is_closed_without_a_word(void **)
{
    try_serve((struct http_config){.limits = {.head_ms = 50, .keep_alive_ms = 50}});
    int fd = try_connect();
    assert_int_equal(try_read_all(fd).n, 0);
    close(fd);
    fd = try_connect();
    try_send(fd, S(GET_("/hello")));
    assert_int_equal(try_times(try_read_all(fd), S("HTTP/1.1")), 1); /* and closed when idle */
    close(fd);
}

static void a_body_that_stops_or_drips_is_given_up(void **)
{
    try_serve((struct http_config){.limits.body_idle_ms = 150});
    int fd = try_connect();
    try_send(fd, S(POST_("/echo", "Content-Length: 900\r\n\r\n") "abc"));
    assert_int_equal(try_status(try_read_all(fd)), 408);
    close(fd);
    fd = try_connect();
    try_send(fd, S(POST_("/echo", "Content-Length: 900\r\n\r\n")));
    int sent = 0;
    while (sent < 800 && !try_readable(fd, 10)) {
        try_send(fd, S("a"));
        sent++;
    }
    assert_true(sent < 800);
    assert_int_equal(try_status(try_read_all(fd)), 408);
    close(fd);
    TRY_UNTIL(atomic_load(&try.sent) == 2);
    assert_int_equal(atomic_load(&try.completes), 0);
}

static void a_body_paused_by_another_thread_is_not_late(void **)
{
    try_serve((struct http_config){.limits.body_idle_ms = 100});
    int fd = try_connect();
    try_send(fd, S(POST_("/kept", "Connection: close\r\nContent-Length: 6\r\n\r\n") "abc"));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    http_pause_body(atomic_load(&try.held));
    usleep(250000); /* nothing comes in, so only the deadline would wake the loop */
    assert_false(try_readable(fd, 0));
    try_release();
    try_send(fd, S("def"));
    assert_true(str_ends(try_read_all(fd), S("\r\n\r\n6")));
    close(fd);
}

static void a_handler_may_think_longer_than_any_limit(void **)
{
    try_serve((struct http_config){
        .limits = {.head_ms = 30, .body_idle_ms = 30, .keep_alive_ms = 30, .write_idle_ms = 30}});
    int fd = try_connect();
    try_send(fd, S(LAST_("/later")));
    usleep(120000);
    try_release();
    assert_true(str_ends(try_read_all(fd), S("\r\n\r\nlater")));
    close(fd);
}

static void a_body_cut_by_its_sender_is_not_complete(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(POST_("/echo", "Content-Length: 900\r\n\r\n") "abc"));
    shutdown(fd, SHUT_WR);
    assert_int_equal(try_status(try_read_all(fd)), 400);
    close(fd);
    assert_int_equal(atomic_load(&try.completes), 0);
}

/* ---- how many ---- */

static void a_full_house_closes_the_idle_first_and_else_refuses(void **)
{
    try_serve((struct http_config){.limits.connections = 2});
    int idle = try_connect(), busy = try_connect();
    try_send(idle, S(GET_("/hello")));
    try_read_until(idle, S("hello"));
    try_send(busy, S(GET_("/later")));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    int third = try_connect();
    try_send(third, S(GET_("/hello")));
    try_read_until(third, S("hello"));
    assert_int_equal(try_read_all(idle).n, 0);                                /* made room */
    try_send(third, S(POST_("/count", "Content-Length: 900\r\n\r\n") "abc")); /* gets on */
    TRY_UNTIL(atomic_load(&try.pieces) > 0);
    struct http_exchange *x = atomic_load(&try.held);
    TRY_UNTIL(({
        int fourth = try_connect();
        bool full = try_status(try_read_all(fourth)) == 503;
        close(fourth);
        full;
    }));
    atomic_store(&try.held, x);
    try_release();
    try_read_until(busy, S("later"));
    close(idle);
    close(busy);
    close(third);
}

/* As many connections as there are places, and not one request. */
static void a_crowd_that_asks_nothing_takes_nobodys_place(void **)
{
    try_serve((struct http_config){.limits.connections = 3});
    int kept = try_connect(), crowd[6];
    try_send(kept, S(GET_("/hello")));
    try_read_until(kept, S("hello"));
    for (int i = 0; i < 6; i++)
        crowd[i] = try_connect();
    int newcomer = try_connect();
    try_send(newcomer, S(GET_("/hello")));
    try_read_until(newcomer, S("hello"));
    try_send(kept, S(GET_("/hello")));
    try_read_until(kept, S("hello"));
    for (int i = 0; i < 6; i++)
        close(crowd[i]);
    close(kept);
    close(newcomer);
}

static void who_has_long_not_asked_goes_before_who_has(void **)
{
    try_serve((struct http_config){.limits = {.connections = 3, .head_ms = 2000}});
    int kept[2], silent;
    for (int i = 0; i < 2; i++) {
        kept[i] = try_connect();
        try_send(kept[i], S(GET_("/hello")));
        try_read_until(kept[i], S("hello"));
    }
    silent = try_connect();
    usleep(250'000); /* over a tenth of head_ms */
    int newcomer = try_connect();
    try_send(newcomer, S(GET_("/hello")));
    try_read_until(newcomer, S("hello"));
    assert_int_equal(try_read_all(silent).n, 0);
    for (int i = 0; i < 2; i++) {
        try_send(kept[i], S(GET_("/hello")));
        try_read_until(kept[i], S("hello"));
        close(kept[i]);
    }
    close(silent);
    close(newcomer);
}

/* Half of a head, a body that stands still: the newcomer is answered all the same. */
static void who_gets_nowhere_makes_room(void **)
{
    try_serve(
        (struct http_config){.limits = {.connections = 2, .head_ms = 60'000, .body_idle_ms = 400}});
    int head = try_connect(), body = try_connect();
    try_send(head, S("GET /hello HTTP/1.1\r\nHost: "));
    try_send(body, S(POST_("/count", "Content-Length: 900\r\n\r\n") "abc"));
    TRY_UNTIL(atomic_load(&try.pieces) > 0);
    int third = try_connect();
    try_send(third, S(GET_("/hello")));
    try_read_until(third, S("hello"));
    assert_int_equal(try_read_all(head).n, 0);
    try_send(third, S(POST_("/count", "Content-Length: 900\r\n\r\n") "abc"));
    usleep(120'000); /* over a quarter of body_idle_ms */
    int fourth = try_connect();
    try_send(fourth, S(GET_("/hello")));
    try_read_until(fourth, S("hello"));
    close(head);
    close(body);
    close(third);
    close(fourth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRY_TEST(a_paused_body_stays_with_its_sender),
        TRY_TEST(a_peer_that_reads_nothing_stops_the_stream),
        TRY_TEST(who_sends_a_head_too_slowly_is_told_so),
        TRY_TEST(dripping_a_head_does_not_lengthen_its_time),
        TRY_TEST(who_says_nothing_is_closed_without_a_word),
        TRY_TEST(a_body_that_stops_or_drips_is_given_up),
        TRY_TEST(a_body_paused_by_another_thread_is_not_late),
        TRY_TEST(a_handler_may_think_longer_than_any_limit),
        TRY_TEST(a_body_cut_by_its_sender_is_not_complete),
        TRY_TEST(a_full_house_closes_the_idle_first_and_else_refuses),
        TRY_TEST(a_crowd_that_asks_nothing_takes_nobodys_place),
        TRY_TEST(who_has_long_not_asked_goes_before_who_has),
        TRY_TEST(who_gets_nowhere_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
