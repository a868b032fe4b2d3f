/*
 * nodes_test.c - two servers on one PostgreSQL: what one ends has ended at the other with its next
 * request; when one is killed the other goes on with its work; and the database killed under both.
 */
#include "nodes_fixture.h"

#include <arpa/inet.h>
#include <sys/time.h>

/* ---- the tests, in this order ---- */

static void a_session_is_good_at_both_and_ends_at_both([[maybe_unused]] void **t)
{
    if (!database)
        skip();
    const struct str me = sign_in(&nodes[0], "hotich.kylua");
    assert_int_equal(GET(&nodes[0], "/tai-khoan", me).status, 200);
    assert_int_equal(GET(&nodes[1], "/tai-khoan", me).status, 200);
    const struct form f = form_of(&nodes[0], "/tai-khoan", me);
    assert_int_equal(
        ask(&nodes[0], "POST", "/dang-xuat", me, str_fmt(arena, "_token=%.*s", F(f.token))).status,
        303);
    assert_int_equal(GET(&nodes[1], "/tai-khoan", me).status, 303); /* to the sign-in, at once */
    assert_int_equal(GET(&nodes[0], "/tai-khoan", me).status, 303);
}

/* Whatever a node keeps in memory follows the rows: the next request is the first that may know. */
static void a_right_taken_back_is_gone_at_both_with_the_next_request([[maybe_unused]] void **t)
{
    if (!database)
        skip();
    const struct str me = sign_in(&nodes[1], "quantri");
    for (int i = 0; i < 2; i++)
        assert_int_equal(GET(&nodes[i], "/quan-tri/nguoi-dung", me).status, 200);
    const char *const posts =
        "update identity_post set ended_at = %s where ended_at = %s and role = 'quan_tri'";
    assert_true(cluster_ask(database, str_fmt(arena, posts, "1", "0").p, NULL));
    for (int i = 0; i < 2; i++)
        assert_int_equal(GET(&nodes[i], "/quan-tri/nguoi-dung", me).status, 403);
    assert_true(cluster_ask(database, str_fmt(arena, posts, "0", "1").p, NULL));
    for (int i = 0; i < 2; i++)
        assert_int_equal(GET(&nodes[i], "/quan-tri/nguoi-dung", me).status, 200);
    assert_true(cluster_ask(database, "update web_session set ends_at = 1", NULL));
    for (int i = 0; i < 2; i++)
        assert_int_equal(GET(&nodes[i], "/tai-khoan", me).status, 303);
}

/* ---- what one does is seen at the other ---- */

static int64_t steady_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1'000'000;
}

/* Work that goes on and on, of an account, and its stream at a node: up to the first event. */
static int follow_work(const struct node *n, const char *code, const char *login, struct str me)
{
    assert_true(cluster_ask(
        database,
        str_fmt(arena,
                "insert into work_item (code, account, unit, job, title, ask, lang, state, done,"
                " total, stop, why, file_name, file_type, asked_at, ended_at, link)"
                " select '%s', account, 0, 'x', 'Xuất', '{}', 'vi', 2, 1, 9, 0, '', '', '', 1, 0,"
                " '' from web_session order by id desc limit 1",
                code)
            .p,
        NULL));
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)n->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_sec = 30};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const struct str asked = str_fmt(arena,
                                     "GET /viec-dai/%s/dien-bien HTTP/1.1\r\nHost: localhost\r\n"
                                     "Connection: close\r\nCookie: %.*s\r\n\r\n",
                                     code, F(me));
    char got[4096] = "";
    size_t have = 0;
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(send(fd, asked.p, asked.n, MSG_NOSIGNAL), asked.n);
    while (!strstr(got, "data: {")) {
        const ssize_t k = recv(fd, got + have, sizeof got - 1 - have, 0);
        if (k <= 0)
            fail_msg("%s follows at %d: %s", login, n->port, got);
        got[have += (size_t)k] = 0;
    }
    return fd;
}

/* Long before it would end by itself, after two minutes. How soon is the web room's test to say,
 * on a clock of its own. */
static void ends_soon(int fd, const char *why)
{
    const int64_t from = steady_ms();
    char rest[4096];
    ssize_t n;
    while ((n = recv(fd, rest, sizeof rest, 0)) > 0)
        ;
    close(fd);
    print_message("%s: its stream at the other node ended after %lld ms\n", why,
                  (long long)(steady_ms() - from));
    assert_int_equal(n, 0); /* not by our own patience */
}

static void a_stream_at_one_ends_with_what_is_ended_at_the_other([[maybe_unused]] void **t)
{
    if (!database)
        skip();
    struct str me = sign_in(&nodes[0], "quantri");
    int fd = follow_work(&nodes[1], "VIEC-1", "quantri", me);
    const struct form f = form_of(&nodes[0], "/tai-khoan", me);
    assert_int_equal(
        ask(&nodes[0], "POST", "/dang-xuat", me, str_fmt(arena, "_token=%.*s", F(f.token))).status,
        303);
    ends_soon(fd, "signed out");
    me = sign_in(&nodes[1], "quantri");
    fd = follow_work(&nodes[0], "VIEC-2", "quantri", me);
    const char *const posts =
        "update identity_post set ended_at = %s where ended_at = %s and role = 'quan_tri'";
    assert_true(cluster_ask(database, str_fmt(arena, posts, "1", "0").p, NULL));
    ends_soon(fd, "the role taken back");
    assert_true(cluster_ask(database, str_fmt(arena, posts, "0", "1").p, NULL));
}

static void a_setting_stated_at_one_is_in_force_at_the_other([[maybe_unused]] void **t)
{
    if (!database)
        skip();
    const struct str me = sign_in(&nodes[0], "hethong");
    for (int i = 0; i < 2; i++) {
        const struct form f = form_of(&nodes[i], "/quan-tri/thiet-dat", me);
        const char *from = str_fmt(arena, "thu%d@langson.gov.vn", i).p;
        const struct http_reply r =
            ask(&nodes[i], "POST", "/quan-tri/thiet-dat", me,
                str_fmt(arena, "_token=%.*s&may_chu=smtp://127.0.0.1:2525&nguoi_gui=%s&ma_hoa=none",
                        F(f.token), from));
        assert_int_equal(r.status, 303);
        for (int k = 0; k < 2; k++) {
            bool seen = false;
            for (int n = 0; n < PATIENCE && !seen; n++, nap())
                seen = str_find(GET(&nodes[k], "/quan-tri/thiet-dat", me).body, str_c(from), NULL);
            if (!seen)
                fail_msg("stated at %d, not in force at %d", i, k);
        }
    }
}

/* ---- packs ---- */

/* What a node may have kept is asked for before; the first request after it must not give that. */
static void a_pack_loaded_at_one_is_seen_at_the_other([[maybe_unused]] void **t)
{
    static const struct {
        const char *path, *text;
    } seen[] = {
        {"/quan-tri/vai-tro", "Vai trò thử hai máy"},
        {"/quan-tri/lich?nam=2028", "Nghỉ thử hai máy"},
        {"/danh-muc/gioi-tinh", "Nữ hai máy"},
        {"/thu-tuc/1.000656", "Bản thử hai máy."},
        {"/tim?q=ban+thu+hai+may", "1.000656"},
    };
    enum { N = sizeof seen / sizeof *seen };
    if (!database)
        skip();
    const struct str me[N] = {sign_in(&nodes[1], "quantri"), sign_in(&nodes[1], "kiemsoat")};
    for (int i = 0; i < 2 * N; i++) {
        const struct http_reply r = GET(&nodes[i % 2], seen[i / 2].path, me[i / 2]);
        if (r.status != 200 || str_find(r.body, str_c(seen[i / 2].text), NULL))
            fail_msg("%s: %d, before it was loaded", seen[i / 2].path, r.status);
    }
    assert_int_equal(RUN("pack", "load", "app/tests/data/hai-may", "--data", nodes[0].data), EX_OK);
    for (int i = 0; i < 2 * N; i++) {
        const struct node *n = &nodes[1 - i % 2];
        const struct http_reply r = GET(n, seen[i / 2].path, me[i / 2]);
        if (!str_find(r.body, str_c(seen[i / 2].text), NULL))
            fail_msg("node %s does not show %s at %s: %d %.*s", n->data, seen[i / 2].text,
                     seen[i / 2].path, r.status, F(r.body));
    }
}

static const char unplaced[] = "select count(*) from journal_event e where not exists"
                               " (select 1 from journal_position p where p.event_id = e.id)";

/* Every event has one place and the places have no gap, whichever node gave them. */
static void check_journal(void)
{
    assert_true(comes_to(unplaced, 0));
    assert_int_equal(number("select max(position) - count(*) from journal_position"), 0);
    assert_int_equal(number("select count(*) - count(distinct event_id) from journal_position"), 0);
    assert_int_equal(RUN("verify", "--data", nodes[1].data), EX_OK);
}

static void the_journal_is_sequenced_by_one_and_taken_over_by_the_other([[maybe_unused]] void **t)
{
    if (!database)
        skip();
    for (int i = 0; i < 4; i++)
        (void)sign_in(&nodes[i % 2], "hotich.kylua");
    check_journal();
    assert_int_equal(number("select count(distinct node) from job_lease"), 1);
    const int64_t epoch =
        number("select max(epoch) from job_lease where name = 'journal.sequence'");
    /* The one that holds the lease is killed; its lease runs out (not by waiting for it). */
    kill_node(&nodes[0]);
    assert_true(cluster_ask(database, "update job_lease set until = 0", NULL));
    (void)sign_in(&nodes[1], "hotich.kylua");
    check_journal();
    assert_true(number("select max(epoch) from job_lease where name = 'journal.sequence'") >=
                epoch);
    /* Jobs that the dead one had claimed are its neighbour's after a minute; here at once. */
    assert_true(
        cluster_ask(database,
                    "insert into job (kind, job_key, payload, state, due_at, made_at, tries,"
                    " epoch, node, claimed_until) values ('journal.witness', 'of-the-dead',"
                    " '{}', 2, 0, 0, 1, 1, 'ffffffffffffffff', 0)",
                    NULL));
    kill_node(&nodes[1]); /* a node looks after the dead when it starts, and every 20 s */
    assert_true(serve(&nodes[1]));
    assert_true(comes_to("select count(*) from job where job_key = 'of-the-dead'", 0));
    assert_true(serve(&nodes[0]));
}

static void a_database_that_is_away_is_said_plainly_and_comes_back([[maybe_unused]] void **t)
{
    if (!database)
        skip();
    const struct str me = sign_in(&nodes[0], "hotich.kylua");
    const struct form f = form_of(&nodes[0], "/dang-nhap", S(""));
    const int64_t sessions = number("select count(*) from web_session");
    cluster_kill(database);
    const struct http_reply page = GET(&nodes[0], "/tai-khoan", me);
    const struct http_reply sent = send_in(&nodes[0], &f, "hotich.kylua");
    const struct http_reply ready = GET(&nodes[1], "/readyz", S(""));
    MUST(cluster_start(database));
    assert_int_equal(page.status, 503);
    assert_true(str_find(page.body, S("Chưa mở được trang này."), NULL));
    assert_int_equal(sent.status, 503);
    assert_true(str_find(sent.body, S("cùng một biểu mẫu không bao giờ được ghi hai lần"), NULL));
    assert_int_equal(ready.status, 503);
    assert_true(is_ready(&nodes[0]) && is_ready(&nodes[1]));
    /* The same form again, at the other node, and once more: one effect. */
    for (int i = 0; i < 3; i++)
        assert_int_equal(send_in(&nodes[(i + 1) % 2], &f, "hotich.kylua").status, 303);
    assert_int_equal(number("select count(*) from web_session"), sessions + 1);
    check_journal();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_good_at_both_and_ends_at_both),
        cmocka_unit_test(a_right_taken_back_is_gone_at_both_with_the_next_request),
        cmocka_unit_test(a_stream_at_one_ends_with_what_is_ended_at_the_other),
        cmocka_unit_test(a_setting_stated_at_one_is_in_force_at_the_other),
        cmocka_unit_test(a_pack_loaded_at_one_is_seen_at_the_other),
        cmocka_unit_test(the_journal_is_sequenced_by_one_and_taken_over_by_the_other),
        cmocka_unit_test(a_database_that_is_away_is_said_plainly_and_comes_back),
    };
    return cmocka_run_group_tests(tests, found, end);
}
