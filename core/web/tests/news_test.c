/*
 * news_test.c - server-sent events: the first at once, changes as they come, an end by itself, and
 * within a second of the session's or the right's end. The clock is the test's: nothing is looked
 * at until it moves.
 */
#include "socket_fixture.h"

#include <stdatomic.h>
#include <time.h>

#define LOOKS_MAX 20 /* streams at once */
#define LOOKS_MAX_TEXT "20"

static atomic_int asked, loads;
static atomic_bool has_right, is_closed;
static int ends_after;

/* Asks as identity does; what it says is the test's. */
static bool counted_grant(struct cx *cx, const struct actor *a, const struct right *r,
                          struct scope *scope, struct str *why)
{
    return (a->account != 7 || has_right) &&
           grant(cx, &(struct actor){.account = 7}, r, scope, why);
}

static enum err counted_load(struct cx *cx, int64_t account, int64_t unit, struct actor *out)
{
    atomic_fetch_add(&loads, 1);
    return account == 7 && is_closed ? ERR_NOT_FOUND : load_actor(cx, account, unit, out);
}

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
    {GET, "/tin-kin", "Tin kín", &write_right, READ, .show = show_news, .kind = WEB_FILE,
     .quiet = true},
    {0},
};

static enum err open_news(struct cx *cx)
{
    TRY(open_sockets(cx));
    web_set_identity(counted_grant, counted_load);
    web_set_identity_of(NULL);
    has_right = true;
    is_closed = false;
    atomic_store(&asked, 0);
    return OK;
}

static int start_news(void **t)
{
    static const struct served news = {
        news_routes, 1, {{"web.streams", 11}, {LOOKS_MAX_TEXT, sizeof LOOKS_MAX_TEXT - 1}}};
    return start_served(t, &news, open_news);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, start_news, testing_end)

static int open_stream(void)
{
    static const char text[] = "GET /tin HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int fd = dial();
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    return fd;
}

/* Until the text is there; false: the connection ended before. */
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

static bool has_ended(int fd)
{
    return reads(fd, "0\r\n\r\n"); /* the last chunk; no event has this in it */
}

static int follow(struct cx *cx, struct str cookie)
{
    struct str text = str_fmt(cx->arena,
                              "GET /tin-kin HTTP/1.1\r\nHost: localhost\r\n"
                              "Cookie: %.*s\r\n\r\n",
                              F(cookie));
    int fd = dial();
    assert_int_equal(write(fd, text.p, text.n), text.n);
    assert_true(reads(fd, "data: {\"da\":"));
    return fd;
}

/* ---- what comes ---- */

static void events_come_one_after_another_and_the_stream_ends_with_the_last(void **t)
{
    struct cx *cx = test_cx(t);
    ends_after = 3;
    int fd = open_stream();
    assert_true(reads(fd, "data: {\"da\":1}\n\n"));
    testing_advance(cx, 1000);
    assert_true(reads(fd, "data: {\"da\":2}\n\n"));
    testing_advance(cx, 1000);
    assert_true(reads(fd, "data: {\"da\":3}\n\n\r\n0\r\n\r\n"));
    close(fd);
}

static void what_has_ended_already_is_one_event(void **t)
{
    struct cx *cx = test_cx(t);
    ends_after = 1;
    struct http_reply r = call(cx, "GET", "/tin", S(""), S(""));
    assert_str(r.body, "retry: 3000\ndata: {\"da\":1}\n\n");
    assert_int_equal(atomic_load(&asked), 1);
}

static void a_reader_who_goes_away_is_not_asked_for_any_more(void **t)
{
    struct cx *cx = test_cx(t);
    ends_after = 0;
    int stays = open_stream();
    assert_true(reads(stays, "\"da\":1"));
    int goes = open_stream();
    assert_true(reads(goes, "\"da\":2"));
    close(goes);
    /* Once for each look, not twice; that it is gone is seen in time. */
    int before = 0;
    for (int i = 0; i < 200 && atomic_load(&asked) != before + 1; i++) {
        before = atomic_load(&asked);
        testing_advance(cx, 1000);
        assert_true(reads(stays, "\"da\":"));
    }
    assert_int_equal(atomic_load(&asked), before + 1);
    close(stays);
}

/* Whoever comes when all room is taken gets one event and a whole answer. */
static void more_than_there_is_room_for_get_one_answer(void **t)
{
    int fds[LOOKS_MAX];
    ends_after = 0;
    for (int i = 0; i < LOOKS_MAX; i++) {
        fds[i] = open_stream();
        assert_true(reads(fds[i], "data: {\"da\":"));
    }
    struct http_reply r = call(test_cx(t), "GET", "/tin", S(""), S(""));
    assert_contains(r.body, "retry: 3000\ndata: {");
    for (int i = 0; i < LOOKS_MAX; i++)
        close(fds[i]);
}

/* ---- who follows, and no longer may ---- */

static void the_session_ends(struct cx *cx, struct str cookie)
{
    struct form f = open_form(cx, "/ghi", cookie);
    assert_int_equal(post(cx, "/ra", f, "").status, 303);
}

static void the_right_is_taken_back(struct cx *, struct str)
{
    has_right = false;
}

static void the_account_is_closed(struct cx *, struct str)
{
    is_closed = true;
}

static enum err change_session(struct cx *cx, void *arg)
{
    switch (*(const char *)arg) {
    case 'l':
        return db_exec(cx, "update web_session set locked = 1 where account = 7");
    case 'u':
        return db_exec(cx, "update web_session set unit = 5 where account = 7");
    default:
        return db_exec(cx, "update web_session set ends_at = $1 where account = 7",
                       V(cx->now + 900));
    }
}

static void change(struct cx *cx, const char *how)
{
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, change_session, (void *)(uintptr_t)how));
}

static void the_person_locks_the_screen(struct cx *cx, struct str)
{
    change(cx, "locked");
}

static void the_person_works_elsewhere_now(struct cx *cx, struct str)
{
    change(cx, "unit");
}

static void the_session_runs_out(struct cx *cx, struct str)
{
    change(cx, "ends");
}

/* Two follow; one of them may no longer: its stream ends with the second, and tells nothing more;
 * the other's goes on. */
static void ends_within_a_second(void **t, void (*no_longer)(struct cx *cx, struct str cookie))
{
    struct cx *cx = test_cx(t);
    ends_after = 0;
    struct str mine = enter(cx, 7), others = enter(cx, 6);
    int ending = follow(cx, mine), staying = follow(cx, others);
    testing_advance(cx, 1000);
    assert_true(reads(ending, "data: {\"da\":"));
    assert_true(reads(staying, "data: {\"da\":"));
    no_longer(cx, mine);
    const int told = atomic_load(&asked);
    testing_advance(cx, 1000);
    assert_true(has_ended(ending));
    assert_true(reads(staying, "data: {\"da\":"));
    assert_int_equal(atomic_load(&asked), told + 1); /* the other's */
    close(ending);
    close(staying);
}

static void a_stream_ends_with_its_session(void **t)
{
    ends_within_a_second(t, the_session_ends);
}

static void a_stream_ends_with_the_right(void **t)
{
    ends_within_a_second(t, the_right_is_taken_back);
}

static void a_stream_ends_with_its_account(void **t)
{
    ends_within_a_second(t, the_account_is_closed);
}

static void a_stream_ends_when_the_screen_is_locked(void **t)
{
    ends_within_a_second(t, the_person_locks_the_screen);
}

static void a_stream_ends_when_the_person_works_elsewhere(void **t)
{
    ends_within_a_second(t, the_person_works_elsewhere_now);
}

static void a_stream_ends_when_the_session_runs_out(void **t)
{
    ends_within_a_second(t, the_session_runs_out);
}

static void a_stream_ends_when_nobody_was_there_for_long(void **t)
{
    struct cx *cx = test_cx(t);
    ends_after = 0;
    struct str mine = enter(cx, 7);
    testing_advance(cx, 30 * MINUTE_MS - 1000);
    int fd = follow(cx, mine);
    testing_advance(cx, 1000);
    assert_true(reads(fd, "data: {\"da\":"));
    testing_advance(cx, 1000);
    assert_true(has_ended(fd));
    close(fd);
}

static enum err move_price(struct cx *cx, void *)
{
    return db_exec(cx, "update kept_test_price set dong = dong + 1");
}

static void look_once(struct cx *cx, const int *fds, int n, int64_t ms)
{
    testing_advance(cx, ms);
    for (int i = 0; i < n; i++)
        assert_true(reads(fds[i], "data: {\"da\":"));
}

/* What rights are made from has a number (core/kept): while it stands, nobody is asked. */
static void rights_are_asked_again_only_when_they_moved(void **t)
{
    static const char *const of[] = {"price", NULL};
    enum { N = 10 };
    struct cx *cx = test_cx(t);
    int fds[N];
    ends_after = 0;
    web_set_identity_of(of);
    testing_advance(cx, 15 * HOUR_MS - 20'000); /* to midnight, but 20 s */
    struct str mine = enter(cx, 7);
    for (int i = 0; i < N; i++)
        fds[i] = follow(cx, mine);
    look_once(cx, fds, N, 1000); /* since the stream began: once */
    const int begun = atomic_load(&loads);
    for (int i = 0; i < 5; i++)
        look_once(cx, fds, N, 1000);
    assert_int_equal(atomic_load(&loads), begun);
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, move_price, NULL));
    look_once(cx, fds, N, 1000);
    assert_int_equal(atomic_load(&loads), begun + N);
    has_right = false; /* by the day alone: nothing is written when a post ends at midnight */
    testing_advance(cx, 20'000);
    for (int i = 0; i < N; i++) {
        assert_true(has_ended(fds[i]));
        close(fds[i]);
    }
}

static void stopping_does_not_wait_for_those_who_listen(void **t)
{
    struct cx *cx = test_cx(t);
    struct timespec from, to;
    ends_after = 0;
    int fd = open_stream();
    assert_true(reads(fd, "\"da\":1"));
    clock_gettime(CLOCK_MONOTONIC, &from);
    web_stop(cx->env->web, PATIENCE_MS);
    clock_gettime(CLOCK_MONOTONIC, &to);
    cx->env->web = NULL;
    assert_true(to.tv_sec - from.tv_sec < PATIENCE_MS / 2000);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_come_one_after_another_and_the_stream_ends_with_the_last),
        TEST(what_has_ended_already_is_one_event),
        TEST(a_reader_who_goes_away_is_not_asked_for_any_more),
        TEST(more_than_there_is_room_for_get_one_answer),
        TEST(a_stream_ends_with_its_session),
        TEST(a_stream_ends_with_the_right),
        TEST(a_stream_ends_with_its_account),
        TEST(a_stream_ends_when_the_screen_is_locked),
        TEST(a_stream_ends_when_the_person_works_elsewhere),
        TEST(a_stream_ends_when_the_session_runs_out),
        TEST(a_stream_ends_when_nobody_was_there_for_long),
        TEST(rights_are_asked_again_only_when_they_moved),
        TEST(stopping_does_not_wait_for_those_who_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
