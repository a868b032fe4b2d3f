/* http_async_test.c - answers from other threads, peers that leave, stopping. */
#include "http_try.h"

#define GET_(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define LAST_(path) "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define POST_(path, more) "POST " path " HTTP/1.1\r\nHost: x\r\n" more

static void an_answer_may_come_from_another_thread(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(GET_("/later") LAST_("/hello"))); /* the second waits for the first */
    try_release();
    struct str got = try_read_all(fd);
    size_t later = 0, hello = 0;
    assert_true(str_find(got, S("\r\n\r\nlater"), &later));
    assert_true(str_find(got, S("\r\n\r\nhello"), &hello));
    assert_true(later < hello);
    close(fd);
}

static void a_peer_that_leaves_before_its_answer_harms_nobody(void **)
{
    try_serve((struct http_config){0});
    for (int i = 0; i < 20; i++) {
        atomic_store(&try.held, NULL);
        int fd = try_connect();
        try_send(fd, S(GET_("/later")));
        TRY_UNTIL(atomic_load(&try.held) != NULL);
        struct linger now = {1, 0}; /* close by reset: the server hears of it at once */
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(fd);
        TRY_UNTIL(atomic_load(&try.gone) == i + 1);
        try_release(); /* answers and drops an exchange that has ended */
    }
    assert_int_equal(try_status(try_say(S(LAST_("/hello")))), 200);
}

static void a_stream_for_a_peer_that_left_is_given_up_once(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(GET_("/busy")));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    struct linger now = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
    TRY_UNTIL(atomic_load(&try.gone) == 1);
    assert_int_equal(atomic_load(&try.pulls_done), 1);
    atomic_store(&try.stream_ready, true);
    http_stream_ready(atomic_load(&try.held)); /* too late, and harmless */
    http_drop(atomic_load(&try.held));
    assert_int_equal(try_status(try_say(S(LAST_("/hello")))), 200);
    assert_int_equal(atomic_load(&try.pulls_done), 1);
}

static void an_answer_late_by_a_vanished_peer_still_frees_its_stream(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(GET_("/later")));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    struct linger now = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
    TRY_UNTIL(atomic_load(&try.gone) == 1);
    try_stream(atomic_load(&try.held), false, false, false);
    http_drop(atomic_load(&try.held));
    TRY_UNTIL(atomic_load(&try.pulls_done) == 1);
}

static void a_half_closed_peer_still_gets_its_answer(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(GET_("/later")));
    shutdown(fd, SHUT_WR);
    try_release();
    assert_true(str_ends(try_read_all(fd), S("\r\n\r\nlater")));
    close(fd);
}

/* ---- stopping ---- */

static void *stop_server(void *)
{
    http_stop(try.server, 10000);
    return NULL;
}

static void *stop_server_now(void *)
{
    http_stop(try.server, 0);
    return NULL;
}

static void stopping_loses_no_accepted_request(void **)
{
    try_serve((struct http_config){.loops = 2});
    int pending = try_connect(), idle = try_connect(), half = try_connect(), fresh[20];
    try_send(idle, S(GET_("/hello")));
    try_read_until(idle, S("hello"));
    try_send(pending, S(GET_("/later") GET_("/hello")));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    try_send(half, S(POST_("/echo", "Content-Length: 5\r\n\r\n") "he"));
    TRY_UNTIL(atomic_load(&try.heads) == 3);
    for (int i = 0; i < 20; i++) { /* in the queue of the listening socket, with their requests */
        fresh[i] = try_connect();
        try_send(fresh[i], S(GET_("/hello")));
    }
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, NULL), 0);
    for (int i = 0; i < 20; i++) {
        struct str got = try_read_all(fresh[i]);
        assert_int_equal(try_status(got), 200);
        close(fresh[i]);
    }
    assert_int_equal(try_read_all(idle).n, 0);
    try_send(half, S("llo"));
    assert_true(str_ends(try_read_all(half), S("Connection: close\r\n\r\nhello")));
    try_release();
    struct str got = try_read_all(pending);
    assert_true(str_ends(got, S("Connection: close\r\n\r\nlater")));
    pthread_join(stopper, NULL);
    try.server = NULL;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)try.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), -1);
    close(fd);
    close(pending);
    close(idle);
    close(half);
    assert_int_equal(atomic_load(&try.gone), 0);
}

static void connections_the_loop_had_no_time_for_are_served_before_it_stops(void **)
{
    try_serve((struct http_config){0});
    int busy = try_connect(), fresh[20];
    try_send(busy, S(GET_("/block")));
    TRY_UNTIL(atomic_load(&try.heads) == 1); /* the loop is inside the hook */
    for (int i = 0; i < 20; i++) {
        fresh[i] = try_connect();
        try_send(fresh[i], S(GET_("/hello")));
    }
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, NULL), 0);
    usleep(20000); /* the wish to stop is there before the loop comes back */
    atomic_store(&try.unblock, true);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(try_status(try_read_all(fresh[i])), 200);
        close(fresh[i]);
    }
    assert_int_equal(try_status(try_read_all(busy)), 200);
    close(busy);
    pthread_join(stopper, NULL);
    try.server = NULL;
}

static void stopping_does_not_wait_for_ever(void **)
{
    try_serve((struct http_config){0});
    int fd = try_connect();
    try_send(fd, S(GET_("/later")));
    TRY_UNTIL(atomic_load(&try.held) != NULL);
    pthread_t stopper;
    http_hold(atomic_load(&try.held));
    assert_int_equal(pthread_create(&stopper, NULL, stop_server_now, NULL), 0);
    TRY_UNTIL(atomic_load(&try.gone) == 1); /* cut off */
    http_drop(atomic_load(&try.held));
    try_release(); /* the last hold: only now the server may be freed */
    pthread_join(stopper, NULL);
    try.server = NULL;
    close(fd);
}

/* ---- two loops and many threads at once, for the thread sanitizer ---- */

static void *talk(void *)
{
    for (int i = 0; i < 100; i++) {
        int fd = try_connect();
        try_send(fd, S(GET_("/hello") GET_("/stream")
                           POST_("/drop", "Content-Length: 3\r\n\r\n") "abc"));
        if (i % 4 == 0) { /* leaves without reading */
            close(fd);
            continue;
        }
        char piece[65536];
        shutdown(fd, SHUT_WR);
        while (recv(fd, piece, sizeof piece, 0) > 0)
            ;
        close(fd);
    }
    return NULL;
}

static void many_peers_at_once_leave_nothing_behind(void **)
{
    try_serve((struct http_config){.loops = 2});
    pthread_t peers[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&peers[i], NULL, talk, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(peers[i], NULL);
    TRY_UNTIL(atomic_load(&try.heads) == atomic_load(&try.sent) + atomic_load(&try.gone));
    assert_true(atomic_load(&try.heads) >= 900);
    struct buf b = {.arena = try.arena, .limit = 1 << 20};
    TRY_UNTIL(({
        b.n = 0;
        http_metrics(try.server, &b);
        str_find(buf_str(&b), S("tinhso_http_connections_open 0\n"), NULL);
    }));
}

/* ---- a pool of threads that answer, peers that come and go ---- */

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t pool_wake = PTHREAD_COND_INITIALIZER;
static struct http_exchange *pool[4096];
static size_t pool_n;
static bool pool_over;

static void pool_head(void *, struct http_exchange *x)
{
    atomic_fetch_add(&try.heads, 1);
    http_hold(x);
    pthread_mutex_lock(&pool_lock);
    assert_true(pool_n < 4096);
    pool[pool_n++] = x;
    pthread_cond_signal(&pool_wake);
    pthread_mutex_unlock(&pool_lock);
}

static void *pool_work(void *)
{
    pthread_mutex_lock(&pool_lock);
    for (;;) {
        while (pool_n == 0 && !pool_over)
            pthread_cond_wait(&pool_wake, &pool_lock);
        if (pool_n == 0)
            break;
        struct http_exchange *x = pool[--pool_n];
        pthread_mutex_unlock(&pool_lock);
        if (str_eq(http_request(x)->path, S("/stream")))
            try_stream(x, false, false, false);
        else
            try_answer(x, str_fmt(http_arena(x), "%.*s", F(http_request(x)->path)));
        http_drop(x);
        pthread_mutex_lock(&pool_lock);
    }
    pthread_mutex_unlock(&pool_lock);
    return NULL;
}

static void many_threads_answer_many_peers(void **)
{
    static const struct str address = {"127.0.0.1:0", 11};
    const struct http_config config = {.listen = &address,
                                       .listen_n = 1,
                                       .loops = 2,
                                       .hooks = {.head = pool_head, .end = try_end}};
    assert_int_equal(http_serve(&try.cx, &config, &try.server), OK);
    try.port = http_port(try.server, 0);
    pthread_t workers[3], peers[4];
    pool_over = false;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&workers[i], NULL, pool_work, NULL), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&peers[i], NULL, talk, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(peers[i], NULL);
    TRY_UNTIL(atomic_load(&try.heads) == atomic_load(&try.sent) + atomic_load(&try.gone));
    assert_true(atomic_load(&try.sent) >= 900);
    pthread_mutex_lock(&pool_lock);
    pool_over = true;
    pthread_cond_broadcast(&pool_wake);
    pthread_mutex_unlock(&pool_lock);
    for (int i = 0; i < 3; i++)
        pthread_join(workers[i], NULL);
    http_stop(try.server, 1000);
    try.server = NULL;
    assert_int_equal(pool_n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRY_TEST(an_answer_may_come_from_another_thread),
        TRY_TEST(a_peer_that_leaves_before_its_answer_harms_nobody),
        TRY_TEST(a_stream_for_a_peer_that_left_is_given_up_once),
        TRY_TEST(an_answer_late_by_a_vanished_peer_still_frees_its_stream),
        TRY_TEST(a_half_closed_peer_still_gets_its_answer),
        TRY_TEST(stopping_loses_no_accepted_request),
        TRY_TEST(connections_the_loop_had_no_time_for_are_served_before_it_stops),
        TRY_TEST(stopping_does_not_wait_for_ever),
        TRY_TEST(many_peers_at_once_leave_nothing_behind),
        TRY_TEST(many_threads_answer_many_peers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
