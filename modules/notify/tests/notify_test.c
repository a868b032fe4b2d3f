/* notify_test.c - notices in the program, and mails through a real SMTP server on loopback. */
#include "job/job.h"
#include "journal/journal.h"
#include "json/json.h"
#include "module/module.h"
#include "notify/notify.h"
#include "testing/testing.h"
#include "vault/vault.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3" /* Debian's, whose aiosmtpd this is */
#define SCRIPT "modules/notify/tests/smtp_server.py"

/* ---- the server ---- */

static pid_t server;
static char port[16];

static int begin_server(const char *out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    server = fork();
    if (server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], 1);
        close(ends[0]);
        execl(PYTHON, "python3", SCRIPT, out, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    int good = fgets(port, sizeof port, f) != NULL;
    fclose(f);
    return good;
}

static void end_server(void)
{
    if (server <= 0)
        return;
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    server = 0;
}

/* ---- the program around it ---- */

static const struct job_kind *jobs_of_both[16];

static char address[300]; /* of every account, as identity would know it */

static enum err give_address(struct cx *cx, int64_t account, struct str *email, struct str *name)
{
    if (account == 99)
        return fail(cx, ERR_NOT_FOUND, "closed");
    *email = str_dup(cx->arena, str_c(address));
    *name = S("Nguyễn Thị Lan");
    return OK;
}

static const char *received_path(struct cx *cx)
{
    return str_fmt(cx->arena, "%.*s/received", F(cx->env->data_dir)).p;
}

static enum err open_all(struct cx *cx)
{
    size_t n = 0;
    for (const struct job_kind *const *k = journal_jobs; *k; k++)
        jobs_of_both[n++] = *k;
    for (const struct job_kind *const *k = notify_module.jobs; *k; k++)
        jobs_of_both[n++] = *k;
    jobs_of_both[n] = NULL;
    cx->env->settings = settings_new();
    TRY(testing_keyd(cx));
    TRY(vault_open(cx, true, &cx->env->vault));
    TRY(journal_start(cx));
    TRY(notify_module.start(cx));
    notify_set_address(give_address);
    snprintf(address, sizeof address, "lan@nhan.test");
    return jobs_start(cx, jobs_of_both, &cx->env->jobs);
}

static void close_all(struct cx *cx)
{
    jobs_stop(cx->env->jobs);
    vault_close(cx->env->vault);
    settings_free(cx->env->settings);
    cx->env->jobs = NULL;
    end_server();
}

static int start(void **t)
{
    static const char *const roots[] = {"core/kept",       "core/vault",     "core/job",
                                        "modules/journal", "modules/notify", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_all, .stop = close_all});
}

static void use_smtp(struct cx *cx, const char *at_port)
{
    settings_set(cx->env->settings, S("smtp.url"),
                 str_fmt(cx->arena, "smtp://127.0.0.1:%.*s", F(str_trim(str_c(at_port)))));
    settings_set(cx->env->settings, S("smtp.from"), S("khong-tra-loi@langson.test"));
    settings_set(cx->env->settings, S("smtp.tls"), S("none"));
}

static void with_server(struct cx *cx)
{
    if (access(PYTHON, X_OK) != 0 || !begin_server(received_path(cx)))
        fail_msg("no SMTP server answers (Debian: python3-aiosmtpd): make deps");
    use_smtp(cx, port);
}

/* The n-th mail the server took; how many there are. */
static int received(struct cx *cx, int which, const struct json **out)
{
    char line[16384];
    int n = 0;
    FILE *f = fopen(received_path(cx), "r");
    while (f && fgets(line, sizeof line, f))
        if (n++ == which) {
            struct json_error error;
            assert_ok(json_read(cx->arena, str_dup(cx->arena, str_trim(str_c(line))), out, &error));
        }
    if (f)
        fclose(f);
    return n;
}

static int mails(struct cx *cx)
{
    const struct json *none;
    return received(cx, -1, &none);
}

static struct notice accepted(int64_t account, const char *key)
{
    return (struct notice){
        .account = account,
        .kind = S("onestop.dossier"),
        .key = str_c(key),
        .title = S(
            "Hồ sơ H37.21-261123-0001 đã được tiếp nhận, hẹn trả kết quả 17:30 thứ Hai, 30/11/2026"),
        .body = S("Trung tâm Phục vụ hành chính công phường Tam Thanh đang giữ hồ sơ."),
        .link = S("/ho-so/YC-7F3K-92QDM4"),
    };
}

static void tell(struct cx *cx, int64_t account, const char *key)
{
    struct notice n = accepted(account, key);
    assert_ok(test_write(cx, notify_send(cx, &n)));
}

static int run(struct cx *cx)
{
    int ran;
    assert_ok(jobs_run_due(cx, &ran));
    return ran;
}

enum { WAITING = 1, ENDING, SENT, UNCERTAIN, REFUSED, NO_ADDRESS };

static int64_t in_state(struct cx *cx, int state)
{
    int64_t n;
    assert_ok(db_one_int(cx, &n, "select count(*) from notify_mail where state = $1", V(state)));
    return n;
}

/* Until it is settled: all tries of four days at most. */
static void run_until_settled(struct cx *cx)
{
    for (int i = 0; i < 40 && in_state(cx, WAITING) + in_state(cx, ENDING) > 0; i++) {
        testing_advance(cx, 7 * HOUR_MS);
        run(cx);
    }
}

/* Whatever happens: all tries. */
static void run_for_days(struct cx *cx)
{
    for (int i = 0; i < 40; i++) {
        testing_advance(cx, 7 * HOUR_MS);
        run(cx);
    }
}

/* ---- inside the program ---- */

static void people_see_their_own_notices_only(void **t)
{
    struct cx *cx = test_cx(t);
    const struct actor lan = {.account = 5}, nam = {.account = 6};
    struct notice_row rows[4];
    size_t n;
    int64_t unread;
    tell(cx, 5, "a");
    tell(cx, 5, "b");
    tell(cx, 6, "a");

    cx->actor = &lan;
    assert_ok(notify_mine(cx, 0, rows, 4, &n));
    assert_int_equal(n, 2);
    assert_true(rows[0].id > rows[1].id);
    assert_str(rows[0].link, "/ho-so/YC-7F3K-92QDM4");
    assert_false(rows[0].read);
    assert_ok(notify_mine(cx, rows[0].id, rows, 4, &n));
    assert_int_equal(n, 1);
    assert_ok(test_write(cx, notify_mark_read(cx, rows[0].id)));
    assert_ok(notify_unread(cx, 9, &unread));
    assert_int_equal(unread, 1);

    cx->actor = &nam;
    assert_ok(notify_unread(cx, 9, &unread));
    assert_int_equal(unread, 1); /* Lan's reading is hers */
    cx->actor = &actor_anonymous;
    assert_ok(notify_mine(cx, 0, rows, 4, &n));
    assert_int_equal(n, 0);
    assert_ok(notify_unread(cx, 9, &unread));
    assert_int_equal(unread, 0);
}

static void the_same_news_is_told_once(void **t)
{
    struct cx *cx = test_cx(t);
    tell(cx, 5, "accepted-1");
    tell(cx, 5, "accepted-1");
    tell(cx, 6, "accepted-1");
    assert_int_equal(rows_of(cx, "notify_notice"), 2);
    tell(cx, 5, "");
    tell(cx, 5, "");
    assert_int_equal(rows_of(cx, "notify_notice"), 4);
}

static void without_a_mail_server_nothing_waits_for_one(void **t)
{
    struct cx *cx = test_cx(t);
    tell(cx, 5, "a");
    assert_int_equal(rows_of(cx, "notify_mail"), 0);
    assert_int_equal(run(cx), 2); /* the journal's own */
}

static void a_failed_call_tells_nobody(void **t)
{
    struct cx *cx = test_cx(t);
    use_smtp(cx, "1");
    struct notice n = accepted(5, "a");
    int calls = 0;
    do {
        assert_int_equal(rows_of(cx, "notify_notice") + rows_of(cx, "notify_mail"), 0);
        assert_int_equal(rows_of(cx, "job where kind = 'notify.mail'"), 0);
        db_fail_at(cx, ++calls);
    } while (test_write(cx, notify_send(cx, &n)) != OK);
    db_fail_at(cx, 0);
    assert_true(calls >= 5);
}

/* ---- mails ---- */

static void a_mail_says_that_there_is_news_and_where(void **t)
{
    struct cx *cx = test_cx(t);
    const struct json *mail;
    with_server(cx);
    tell(cx, 5, "a");
    run(cx);
    assert_int_equal(received(cx, 0, &mail), 1);
    assert_str(json_text(json_at(json_get(mail, S("to")), 0)), "lan@nhan.test");
    assert_str(json_text(json_get(mail, S("from"))), "khong-tra-loi@langson.test");
    assert_str(
        json_text(json_get(mail, S("subject"))),
        "Hồ sơ H37.21-261123-0001 đã được tiếp nhận, hẹn trả kết quả 17:30 thứ Hai, 30/11/2026");
    assert_str(json_text(json_get(mail, S("date"))), "2026-11-23 09:00:00+07:00");
    assert_str(json_text(json_get(mail, S("sender"))), "Tỉnh Số <khong-tra-loi@langson.test>");
    assert_str(json_text(json_get(mail, S("auto"))), "auto-generated");
    struct str body = json_text(json_get(mail, S("body")));
    assert_contains(body, "phường Tam Thanh đang giữ hồ sơ.");
    assert_contains(body, "http://localhost:8080/ho-so/YC-7F3K-92QDM4");
    assert_contains(body, "BẢN THỬ");
    assert_lacks(body, "Nguyễn Thị Lan");
    assert_lacks(json_text(json_get(mail, S("header_to"))), "Lan\"");
    assert_int_equal(json_int(json_get(mail, S("defects")), -1), 0);
    assert_int_equal(json_int(json_get(mail, S("bare")), -1), 0);
    assert_true(json_int(json_get(mail, S("longest")), 999) <= 78);
    assert_contains(json_text(json_get(mail, S("id"))), "@langson.test>");
    assert_int_equal(in_state(cx, SENT), 1);
}

static void a_mail_is_sent_once(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    tell(cx, 5, "a");
    tell(cx, 5, "a");
    run(cx);
    run_for_days(cx);
    assert_int_equal(mails(cx), 1);
    struct event_record e[4];
    size_t n;
    assert_ok(journal_of(cx, S("notify.notice"), 1, 0, false, e, 4, &n));
    assert_int_equal(n, 1);
    assert_str(e[0].to_state, "sent");
}

static void a_server_that_is_away_gets_the_mail_later(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    struct str good = setting(cx->env->settings, S("smtp.url"), S(""));
    settings_set(cx->env->settings, S("smtp.url"), S("smtp://127.0.0.1:1"));
    tell(cx, 5, "a");
    run(cx);
    assert_int_equal(in_state(cx, WAITING), 1);
    settings_set(cx->env->settings, S("smtp.url"), good);
    run_for_days(cx);
    assert_int_equal(mails(cx), 1);
    assert_int_equal(in_state(cx, SENT), 1);
}

static void tell_who(struct cx *cx, const char *to)
{
    snprintf(address, sizeof address, "%s", to);
    tell(cx, 5, to);
    run(cx);
}

static void what_the_server_refuses_for_good_is_not_tried_again(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    tell_who(cx, "none@nhan.test");
    tell_who(cx, "spam@nhan.test");
    assert_int_equal(in_state(cx, REFUSED), 2);
    run_for_days(cx);
    assert_int_equal(in_state(cx, REFUSED), 2);
    assert_int_equal(mails(cx), 0);
}

static void what_the_server_puts_off_comes_later_and_once(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    tell_who(cx, "later@nhan.test"); /* 451 after the last dot */
    assert_int_equal(in_state(cx, WAITING), 1);
    assert_int_equal(mails(cx), 0);
    tell_who(cx, "busy@nhan.test"); /* 451 at RCPT */
    assert_int_equal(in_state(cx, WAITING), 2);
    snprintf(address, sizeof address, "later@nhan.test");
    run_for_days(cx);
    assert_int_equal(in_state(cx, SENT), 2);
    assert_int_equal(mails(cx), 2);
}

static void a_mail_cut_off_before_its_text_is_tried_again(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    tell_who(cx, "cut@nhan.test");
    assert_int_equal(in_state(cx, WAITING), 1);
    snprintf(address, sizeof address, "lan@nhan.test");
    run_for_days(cx);
    assert_int_equal(in_state(cx, SENT), 1);
    assert_int_equal(mails(cx), 1);
}

/* The server took the mail and died before it said so: a second copy would be worse than none. */
static void a_mail_whose_fate_is_unknown_is_never_sent_again(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    tell_who(cx, "silent@nhan.test");
    assert_int_equal(mails(cx), 1);
    assert_int_equal(in_state(cx, UNCERTAIN), 1);
    run_for_days(cx);
    assert_int_equal(mails(cx), 1);
    assert_int_equal(in_state(cx, UNCERTAIN), 1);
}

/* The program died between the last dot and the answer. */
static void an_attempt_that_was_cut_off_at_its_end_is_not_repeated(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    tell(cx, 5, "a");
    assert_ok(test_write(cx, db_exec(cx, "update notify_mail set state = 2")));
    run(cx);
    run_for_days(cx);
    assert_int_equal(mails(cx), 0);
    assert_int_equal(in_state(cx, UNCERTAIN), 1);
}

static void a_database_that_fails_never_makes_two_mails_of_one(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return; /* the failure is injected into one connection; there the lanes have others */
    with_server(cx);
    int64_t sent_before = 0, uncertain = 0;
    for (int n = 1; n < 40; n++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", n);
        int before = mails(cx), ran;
        tell(cx, 5, key);
        db_fail_at(cx, n);
        IGNORE(jobs_run_due(cx, &ran));
        db_fail_at(cx, 0);
        run_until_settled(cx);
        assert_true(mails(cx) - before <= 1);
        int64_t sent = in_state(cx, SENT);
        if (sent > sent_before)
            assert_int_equal(mails(cx) - before, 1);
        sent_before = sent;
        uncertain = in_state(cx, UNCERTAIN);
        assert_int_equal(in_state(cx, WAITING) + in_state(cx, ENDING), 0);
    }
    assert_true(sent_before >= 20);
    assert_true(uncertain >= 1); /* the outcome could not be written: it is not sent again */
}

static void an_address_that_could_carry_commands_gets_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    static const char *const bad[] = {"",
                                      "lan",
                                      "lan@",
                                      "@nhan.test",
                                      "lan@nhan.test\r\nRCPT TO:<x@y.z>",
                                      "a b@nhan.test",
                                      "<lan@nhan.test>",
                                      "lan@@nhan.test",
                                      "lan@nhan.test, x@y.z",
                                      "lấn@nhan.test"};
    size_t n = sizeof bad / sizeof *bad;
    for (size_t i = 0; i < n; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%zu", i);
        snprintf(address, sizeof address, "%s", bad[i]);
        tell(cx, 5, key);
        run(cx);
    }
    tell(cx, 99, "closed");
    run(cx);
    assert_int_equal(in_state(cx, NO_ADDRESS), n + 1);
    assert_int_equal(mails(cx), 0);
}

static void a_mail_server_without_tls_is_refused_unless_allowed(void **t)
{
    struct cx *cx = test_cx(t);
    with_server(cx);
    settings_set(cx->env->settings, S("smtp.tls"), S("required"));
    tell(cx, 5, "a");
    run(cx);
    assert_int_equal(in_state(cx, WAITING), 1);
    assert_int_equal(mails(cx), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(people_see_their_own_notices_only),
        TEST(the_same_news_is_told_once),
        TEST(without_a_mail_server_nothing_waits_for_one),
        TEST(a_failed_call_tells_nobody),
        TEST(a_mail_says_that_there_is_news_and_where),
        TEST(a_mail_is_sent_once),
        TEST(a_server_that_is_away_gets_the_mail_later),
        TEST(what_the_server_refuses_for_good_is_not_tried_again),
        TEST(what_the_server_puts_off_comes_later_and_once),
        TEST(a_mail_cut_off_before_its_text_is_tried_again),
        TEST(a_mail_whose_fate_is_unknown_is_never_sent_again),
        TEST(an_attempt_that_was_cut_off_at_its_end_is_not_repeated),
        TEST(a_database_that_fails_never_makes_two_mails_of_one),
        TEST(an_address_that_could_carry_commands_gets_nothing),
        TEST(a_mail_server_without_tls_is_refused_unless_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
