/* witness_test.c - heads of the journal reach the witness by mail, over a real SMTP server, and
 * what reached him proves the log. */
#include "../setup_witness.h"

#include "smtp.h"

#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "org/org.h"
#include "setup/setup.h"
#include "testing/world.h"

static const struct job_kind *const jobs[] = {&witness_job, NULL};
/* Of this module only what is tested: its pages want the whole program. */
static const struct module witness_module = {
    .name = "setup", .title = "Nhân chứng", .needs = NULL, .jobs = jobs};
static const struct module *const modules[] = {&journal_module,  &notify_module,  &org_module,
                                               &identity_module, &witness_module, NULL};
static const char *const packs[] = {"roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .demo = true, .frame = look_frame};

static enum err open_world(struct cx *cx)
{
    TRY(testing_open_world(cx, &world));
    cx->env->settings = settings_new();
    settings_set(cx->env->settings, S("smtp.from"), S("khong-tra-loi@langson.test"));
    settings_set(cx->env->settings, S("smtp.tls"), S("none"));
    return OK;
}

static void close_world(struct cx *cx)
{
    settings_free(cx->env->settings);
    cx->env->settings = NULL;
    end_server();
    testing_close_world(cx);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = close_world});
}

static void use(struct cx *cx, const char *to, const char *at_port)
{
    settings_set(cx->env->settings, S("witness.mail"), str_c(to));
    settings_set(cx->env->settings, S("smtp.url"),
                 str_fmt(cx->arena, "smtp://127.0.0.1:%.*s", F(str_trim(str_c(at_port)))));
}

static void pass(struct cx *cx, int64_t ms)
{
    int ran;
    testing_advance(cx, ms);
    assert_ok(jobs_run_due(cx, &ran));
}

/* Something happens, and its head is signed. On PostgreSQL positions wait for older writers of the
 * whole cluster, tests beside this one among them: hours pass until it is. */
static void an_hour(struct cx *cx)
{
    struct person p = {.kind = S("cong_dan"), .name = S("Hứa Thị Mới"), .born_on = INT64_MIN};
    const int64_t heads = rows_of(cx, "journal_head");
    assert_ok(test_write(cx, person_put(cx, &p)));
    for (int i = 0; i < 200 && rows_of(cx, "journal_head") == heads; i++) {
        pass(cx, HOUR_MS);
        nanosleep(&(struct timespec){.tv_nsec = i ? 20'000'000 : 0}, NULL);
    }
    assert_true(rows_of(cx, "journal_head") > heads);
    pass(cx, HOUR_MS);
}

static struct journal_report proved(struct cx *cx, struct str lines)
{
    char path[] = "/tmp/tinhso-heads.XXXXXX";
    const int fd = mkstemp(path);
    assert_int_equal(write(fd, lines.p, lines.n), lines.n);
    close(fd);
    struct journal_report r;
    const struct journal_check c = {.head_file = str_c(path)};
    assert_ok(journal_verify(cx, &c, &r));
    unlink(path);
    return r;
}

static void heads_reach_the_witness_and_prove_the_log(void **t)
{
    struct cx *cx = test_cx(t);
    const struct json *first, *second;
    begin_server();
    use(cx, "thanhtra@langson.test", port);
    an_hour(cx);
    an_hour(cx);
    const int n = mails(cx);
    assert_true(n >= 2);
    received(cx, 0, &first);
    received(cx, n - 1, &second);
    assert_str(json_text(json_at(json_get(first, S("to")), 0)), "thanhtra@langson.test");
    assert_contains(json_text(json_get(first, S("subject"))), "Đầu nhật ký Tỉnh Số ký đến");
    assert_int_equal(json_int(json_get(first, S("defects")), -1), 0);
    const struct str both = str_fmt(cx->arena, "%.*s%.*s", F(json_text(json_get(first, S("body")))),
                                    F(json_text(json_get(second, S("body")))));
    const struct journal_report r = proved(cx, both);
    assert_true(r.sound);
    assert_true(r.witnessed >= 2);
    /* A log with another past does not fit what the witness holds. */
    struct str forged = str_dup(cx->arena, both);
    size_t at;
    assert_true(str_find(forged, S("\nhead "), &at));
    char *digit = (char *)(uintptr_t)forged.p + at + 6 + 64 + 5;
    *digit = *digit == '0' ? '1' : '0';
    assert_false(proved(cx, forged).sound);
}

static void nothing_new_sends_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    begin_server();
    use(cx, "thanhtra@langson.test", port);
    an_hour(cx);
    const int64_t heads = rows_of(cx, "journal_head");
    const int n = mails(cx);
    assert_true(n > 0);
    for (int i = 0; i < 5; i++)
        pass(cx, HOUR_MS);
    assert_true(mails(cx) - n <= rows_of(cx, "journal_head") - heads); /* none without a head */
}

static void what_waited_for_the_server_comes_later(void **t)
{
    struct cx *cx = test_cx(t);
    const struct json *m;
    begin_server();
    use(cx, "thanhtra@langson.test", "1"); /* nobody listens there */
    an_hour(cx);
    an_hour(cx);
    assert_int_equal(mails(cx), 0);
    use(cx, "thanhtra@langson.test", port);
    an_hour(cx);
    for (int i = 0; i < 12 && mails(cx) == 0; i++)
        pass(cx, 6 * HOUR_MS);
    assert_true(mails(cx) > 0);
    received(cx, 0, &m);
    const struct journal_report r = proved(cx, json_text(json_get(m, S("body"))));
    assert_true(r.sound && r.witnessed >= 2);
}

static void without_a_witness_nothing_is_sent(void **t)
{
    struct cx *cx = test_cx(t);
    begin_server();
    use(cx, "", port);
    an_hour(cx);
    assert_int_equal(mails(cx), 0);
    assert_int_equal(rows_of(cx, "setup_witness"), 0);
    assert_int_equal(rows_of(cx, "job where kind = 'setup.witness'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(heads_reach_the_witness_and_prove_the_log),
        TEST(nothing_new_sends_nothing),
        TEST(what_waited_for_the_server_comes_later),
        TEST(without_a_witness_nothing_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
