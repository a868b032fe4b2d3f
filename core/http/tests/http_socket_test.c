/* http_socket_test.c - unix and inherited sockets, addresses, what operators see. */
#include "http_try.h"

#include <sys/resource.h>
#include <sys/stat.h>

static void a_unix_socket_serves_like_any_other(void **)
{
    struct str listen = str_fmt(try.arena, "unix:%s/http.sock", try.folder);
    try_serve((struct http_config){.listen = &listen, .listen_n = 1, .loops = 2});
    struct http_reply r;
    struct http_call c = {.url = str_fmt(try.arena, "%.*s:/hello", F(listen))};
    for (int i = 0; i < 10; i++) {
        assert_int_equal(try_call(c, &r), OK);
        assert_true(str_eq(r.body, S("hello")));
    }
    struct stat st;
    assert_int_equal(stat(listen.p + 5, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    struct http_server *second;
    struct http_config same = {
        .listen = &listen, .listen_n = 1, .loops = 1, .hooks.head = try_head};
    assert_int_equal(http_serve(&try.cx, &same, &second), ERR_BUSY);
    http_stop(try.server, 1000);
    try.server = NULL;
    assert_int_equal(stat(listen.p + 5, &st), -1);
}

static void the_socket_file_of_a_dead_server_is_replaced(void **)
{
    struct str listen = str_fmt(try.arena, "unix:%s/http.sock", try.folder);
    struct sockaddr_un u = {.sun_family = AF_UNIX};
    memcpy(u.sun_path, listen.p + 5, listen.n - 5);
    int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(dead, (struct sockaddr *)&u, sizeof u), 0);
    close(dead);
    try_serve((struct http_config){.listen = &listen, .listen_n = 1});
    struct http_reply r;
    assert_int_equal(
        try_call((struct http_call){.url = str_fmt(try.arena, "%.*s:/hello", F(listen))}, &r), OK);
}

static void an_inherited_socket_is_served_and_left_open(void **)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    struct str address = str_fmt(try.arena, "fd:%d", fd);
    struct http_server *none;
    struct http_config early = {
        .listen = &address, .listen_n = 1, .loops = 1, .hooks.head = try_head};
    assert_int_equal(http_serve(&try.cx, &early, &none), ERR_INVALID); /* it does not listen yet */
    assert_int_equal(listen(fd, 16), 0);
    try_serve((struct http_config){.listen = &address, .listen_n = 1, .loops = 2});
    struct http_reply r;
    assert_int_equal(
        try_call((struct http_call){.url = try_url("http", "127.0.0.1", "/hello")}, &r), OK);
    http_stop(try.server, 1000);
    /* Between two servers: the connection waits in the queue and is served by the next. */
    int waiting = try_connect();
    try_send(waiting, S("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    try_serve((struct http_config){.listen = &address, .listen_n = 1});
    assert_int_equal(try_status(try_read_all(waiting)), 200);
    close(waiting);
    close(fd);
}

static void one_server_listens_on_several_addresses(void **)
{
    const struct str listen[] = {S("127.0.0.1:0"), S("[::1]:0"),
                                 str_fmt(try.arena, "unix:%s/http.sock", try.folder)};
    struct http_config config = {
        .listen = listen, .listen_n = 3, .loops = 2, .hooks.head = try_head};
    enum err e = http_serve(&try.cx, &config, &try.server);
    if (e == ERR_IO && str_find(try.cx.why, S("[::1]"), NULL))
        skip(); /* a machine without IPv6 */
    assert_int_equal(e, OK);
    for (size_t i = 0; i < 3; i++) {
        struct str url = i == 2 ? str_fmt(try.arena, "%.*s:/hello", F(listen[2]))
                                : str_fmt(try.arena, "http://%s:%d/hello",
                                          i ? "[::1]" : "127.0.0.1", http_port(try.server, i));
        struct http_reply r;
        assert_int_equal(try_call((struct http_call){.url = url}, &r), OK);
        assert_true(str_eq(r.body, S("hello")));
    }
}

static void an_address_that_is_taken_is_named(void **)
{
    try_serve((struct http_config){.loops = 2});
    struct str listen = str_fmt(try.arena, "127.0.0.1:%d", try.port);
    struct http_config same = {
        .listen = &listen, .listen_n = 1, .loops = 2, .hooks.head = try_head};
    struct http_server *second;
    assert_int_equal(http_serve(&try.cx, &same, &second), ERR_BUSY);
    assert_true(str_find(try.cx.why, listen, NULL));
    static const struct str wrong[] = {{"127.0.0.1", 9}, {"here:80", 7}, {"127.0.0.1:99999", 15},
                                       {"[::1:80", 7},   {":80", 3},     {"", 0},
                                       {"unix:", 5},     {"fd:x", 4}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        same.listen = &wrong[i];
        assert_int_equal(http_serve(&try.cx, &same, &second), ERR_INVALID);
    }
}

static void without_descriptors_peers_are_told_and_service_goes_on(void **)
{
    try_serve((struct http_config){0});
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)try.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct rlimit before, none;
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = (rlim_t)peer + 1; /* every number up to this one is in use */
    for (int fd = 0; fd < peer; fd++)
        assert_true(fcntl(fd, F_GETFD) >= 0);
    setrlimit(RLIMIT_NOFILE, &none);
    assert_int_equal(connect(peer, (struct sockaddr *)&at, sizeof at), 0);
    struct str got = try_read_all(peer);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(try_status(got), 503);
    close(peer);
    got = try_say(S("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    assert_int_equal(try_status(got), 200);
}

static _Atomic int begun, turns, ended;
static void on_begin(void *, int)
{
    atomic_fetch_add(&begun, 1);
}
static void on_turn(void *, int)
{
    atomic_fetch_add(&turns, 1);
}
static void on_end(void *, int)
{
    atomic_fetch_add(&ended, 1);
}

static void each_loop_begins_turns_and_ends(void **)
{
    atomic_store(&turns, 0);
    try_serve((struct http_config){
        .loops = 3, .loop_begin = on_begin, .loop_turn = on_turn, .loop_end = on_end});
    try_say(S("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    TRY_UNTIL(atomic_load(&turns) > 0);
    http_stop(try.server, 1000);
    try.server = NULL;
    assert_int_equal(atomic_load(&begun), 3);
    assert_int_equal(atomic_load(&ended), 3);
}

/* ---- what operators see ---- */

static struct str file_text(struct str path)
{
    char *p = arena_alloc(try.arena, 100000);
    FILE *f = fopen(path.p, "r");
    assert_non_null(f);
    size_t n = fread(p, 1, 99999, f);
    fclose(f);
    return (struct str){p, n};
}

static void the_access_log_has_one_line_a_request_and_no_values(void **)
{
    try_serve((struct http_config){.access_log_path = try_path("access.log"),
                                   .trusted_front = S("127.0.0.1")});
    try_say(S(
        "GET /hello?ten=Nguyen&so=0123&co HTTP/1.1\r\nHost: X\r\nX-Forwarded-For: 10.0.0.1, 203.0.113.9\r\n\r\n"
        "GET /mo/Zk3_9-xQabcdefghijklmnopqrstuvwxyz0123456789A/tep HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /tra-cuu/7K3MNPQRSTVWXYZ23456 HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /H37.114-261122-0001-va-nua/mot-dia-chi-rat-dai-cua-ta HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /a%22b\"=c HTTP/1.1\r\nHost: x\r\n\r\n"));
    http_stop(try.server, 1000);
    try.server = NULL;
    struct str log = file_text(try_path("access.log"));
    assert_int_equal(try_times(log, S("\n")), 5);
    /* A one-time link in a log would open for whoever reads the log. */
    assert_true(str_find(log, S(" path=/mo/Zk3_9-*/tep "), NULL));
    assert_true(str_find(log, S(" path=/tra-cuu/7K3MNP* "), NULL));
    assert_true(
        str_find(log, S(" path=/H37.114-261122-0001-va-nua/mot-dia-chi-rat-dai-cua-ta "), NULL));
    assert_true(str_starts(
        log, S("time=1994-11-06T15:49:37.000+07:00 peer=203.0.113.9 method=GET host=x path=/hello "
               "query=ten&so&co status=200 bytes=")));
    assert_false(str_find(log, S("Nguyen"), NULL));
    assert_false(str_find(log, S("0123"), NULL));
    assert_true(str_find(log, S(" peer=127.0.0.1 status=400 bytes=0 "), NULL));
}

static void a_moved_access_log_is_opened_anew(void **)
{
    try_serve((struct http_config){.access_log_path = try_path("access.log")});
    assert_int_equal(rename(try_path("access.log").p, try_path("access.log.1").p), 0);
    assert_int_equal(http_reopen_log(&try.cx, try.server), OK);
    try_say(S("GET /new HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    http_stop(try.server, 1000);
    try.server = NULL;
    assert_true(str_find(file_text(try_path("access.log")), S(" path=/new "), NULL));
    assert_int_equal(file_text(try_path("access.log.1")).n, 0);
}

static void only_the_trusted_front_may_speak_for_others(void **)
{
    try_serve((struct http_config){.access_log_path = try_path("access.log"),
                                   .trusted_front = S("10.9.9.9")});
    try_say(S(
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"));
    http_stop(try.server, 1000);
    try.server = NULL;
    assert_true(str_find(file_text(try_path("access.log")), S(" peer=127.0.0.1 "), NULL));
}

static void metrics_count_what_happened(void **)
{
    try_serve((struct http_config){.loops = 2});
    for (int i = 0; i < 5; i++)
        try_say(S("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    try_say(S("bad\r\n\r\n"));
    TRY_UNTIL(atomic_load(&try.sent) == 5);
    struct buf b = {.arena = try.arena, .limit = 1 << 20};
    http_metrics(try.server, &b);
    static const char *const want[] = {"tinhso_http_requests_total 5\n",
                                       "tinhso_http_connections_total 6\n",
                                       "tinhso_http_answers_total{code=\"200\"} 5\n",
                                       "tinhso_http_answers_total{code=\"400\"} 1\n",
                                       "tinhso_http_malformed_total 1\n",
                                       "tinhso_http_request_seconds_count 6\n",
                                       "tinhso_http_request_seconds_bucket{le=\"+Inf\"} 6\n"};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        if (!str_find(buf_str(&b), str_c(want[i]), NULL))
            fail_msg("no %s in:\n%.*s", want[i], F(buf_str(&b)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRY_TEST(a_unix_socket_serves_like_any_other),
        TRY_TEST(the_socket_file_of_a_dead_server_is_replaced),
        TRY_TEST(an_inherited_socket_is_served_and_left_open),
        TRY_TEST(one_server_listens_on_several_addresses),
        TRY_TEST(an_address_that_is_taken_is_named),
        TRY_TEST(the_access_log_has_one_line_a_request_and_no_values),
        TRY_TEST(without_descriptors_peers_are_told_and_service_goes_on),
        TRY_TEST(each_loop_begins_turns_and_ends),
        TRY_TEST(a_moved_access_log_is_opened_anew),
        TRY_TEST(only_the_trusted_front_may_speak_for_others),
        TRY_TEST(metrics_count_what_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
