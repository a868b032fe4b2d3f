/* news_test.c - server-sent events: the first at once, changes as they come, an end by itself. */
#include "web_fixture.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static atomic_int asked;
static int port, ends_after;

static enum err news_of(struct cx *cx, int64_t id, struct str *data, bool *last)
{
    const int n = atomic_fetch_add(&asked, 1) + 1;
    assert_int_equal(id, 7);
    *data = str_fmt(cx->arena, "{\"da\":%d}", n);
    *last = ends_after && n >= ends_after;
    return OK;
}

static enum err show_news(struct cx *, struct web_req *, struct web_res *rs)
{
    rs->news = news_of;
    rs->news_id = 7;
    return OK;
}

static const struct route news_routes[] = {
    {GET, "/tin", "Tin", &anyone, READ, .show = show_news, .kind = WEB_FILE},
    {0},
};

static enum err open_sockets(struct cx *cx)
{
    static const struct str listen[] = {{"127.0.0.1:0", 11}};
    static const struct web_part parts[] = {{"guest", routes, menu, NULL},
                                            {"news", news_routes, NULL, NULL}};
    struct web *w;
    TRY(open_web(cx));
    web_close(cx->env->web);
    struct web_config c = {.parts = parts, .parts_n = 2};
    c.http = (struct http_config){
        .listen = listen, .listen_n = 1, .loops = 1, .limits = http_limits_default};
    TRY(web_start(cx, &c, &w));
    port = web_port(w, 0);
    atomic_store(&asked, 0);
    return OK;
}

static void close_sockets(struct cx *cx)
{
    if (cx->env->web)
        web_stop(cx->env->web, 2000);
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
}

static int start_news(void **t)
{
    static const char *const roots[] = {"core/vault", "core/web", NULL};
    int r = testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_sockets, .stop = close_sockets});
    if (r == 0)
        testing_let_go(test_cx(t));
    return r;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, start_news, testing_end)

static struct http_reply fetch(struct cx *cx)
{
    struct http_reply r;
    struct http_call c = {.url = str_fmt(cx->arena, "http://127.0.0.1:%d/tin", port),
                          .method = S("GET"),
                          .timeout_ms = 9000,
                          .answer_limit = 1 << 20};
    assert_ok(http_do(cx, &c, &r));
    return r;
}

static int open_stream(void)
{
    static const char text[] = "GET /tin HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    return fd;
}

/* Until the text is there; false: the stream ended before. */
static bool reads(int fd, const char *text)
{
    char buf[8192];
    size_t n = 0;
    while (n + 1 < sizeof buf) {
        ssize_t got = read(fd, buf + n, sizeof buf - 1 - n);
        if (got <= 0)
            return false;
        n += (size_t)got;
        buf[n] = 0;
        if (strstr(buf, text))
            return true;
    }
    return false;
}

static void events_come_one_after_another_and_the_stream_ends_with_the_last(void **t)
{
    struct cx *cx = test_cx(t);
    ends_after = 3;
    struct http_reply r = fetch(cx);
    assert_int_equal(r.status, 200);
    assert_contains(r.body, "data: {\"da\":1}\n\n");
    assert_contains(r.body, "data: {\"da\":2}\n\n");
    assert_contains(r.body, "data: {\"da\":3}\n\n");
}

static void what_has_ended_already_is_one_event(void **t)
{
    struct cx *cx = test_cx(t);
    ends_after = 1;
    struct http_reply r = fetch(cx);
    assert_str(r.body, "retry: 3000\ndata: {\"da\":1}\n\n");
    assert_int_equal(atomic_load(&asked), 1);
}

static void a_reader_who_goes_away_is_not_asked_for_any_more(void **t)
{
    (void)t;
    ends_after = 0;
    int fd = open_stream();
    assert_true(reads(fd, "\"da\":2"));
    close(fd);
    const struct timespec tick = {.tv_nsec = 100'000'000};
    int before = -1;
    for (int i = 0; i < 60 && before != atomic_load(&asked); i++) {
        before = atomic_load(&asked);
        for (int k = 0; k < 13; k++)
            nanosleep(&tick, NULL);
    }
    assert_int_equal(before, atomic_load(&asked));
}

/* Room for 200; whoever comes then gets one event and a whole answer. */
static void more_than_there_is_room_for_get_one_answer(void **t)
{
    (void)t;
    int fds[200];
    ends_after = 0;
    for (int i = 0; i < 200; i++) {
        fds[i] = open_stream();
        assert_true(reads(fds[i], "data: {\"da\":"));
    }
    struct http_reply r = fetch(test_cx(t));
    assert_contains(r.body, "retry: 3000\ndata: {");
    for (int i = 0; i < 200; i++)
        close(fds[i]);
}

static void stopping_does_not_wait_for_those_who_listen(void **t)
{
    struct cx *cx = test_cx(t);
    struct timespec from, to;
    ends_after = 0;
    int fd = open_stream();
    assert_true(reads(fd, "\"da\":1"));
    clock_gettime(CLOCK_MONOTONIC, &from);
    web_stop(cx->env->web, 5000);
    clock_gettime(CLOCK_MONOTONIC, &to);
    cx->env->web = NULL;
    assert_true(to.tv_sec - from.tv_sec < 4);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_come_one_after_another_and_the_stream_ends_with_the_last),
        TEST(what_has_ended_already_is_one_event),
        TEST(a_reader_who_goes_away_is_not_asked_for_any_more),
        TEST(more_than_there_is_room_for_get_one_answer),
        TEST(stopping_does_not_wait_for_those_who_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
