/* onestop_consult_test.c - whom to ask is found by typing; the silence of who was asked is told. */
#include "onestop/onestop_desk_work.h"
#include "onestop_fixture.h"

#define HEAD "truongmotcua.kylua"
#define SILENT "chưa trả lời xin ý kiến, đã quá hạn"

static struct consult ask_police(struct cx *cx, const struct dossier *d)
{
    struct consult c;
    const struct consult_new n = {
        .unit = unit_of(cx, "H37.114.02"), .days = 3, .question = S("Cha ở đâu?")};
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_consult_ask(cx, d, &n, &c)));
    return c;
}

static void run_jobs(struct cx *cx)
{
    int ran;
    act_as_program(cx);
    assert_ok(jobs_run_due(cx, &ran));
}

static int told(struct cx *cx, const char *login, struct str *link)
{
    struct notice_row rows[20];
    size_t n;
    int found = 0;
    act_as(cx, login);
    assert_ok(notify_mine(cx, 0, rows, 20, &n));
    for (size_t i = 0; i < n; i++)
        if (str_find(rows[i].title, S(SILENT), NULL)) {
            found++;
            *link = rows[i].link;
        }
    return found;
}

static void silence_is_told_once_to_who_asked_and_to_the_head_of_the_one_stop(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str link = S("");
    bring_to(cx, &d, DOSSIER_PROCESSING);
    struct consult c = ask_police(cx, &d);
    testing_set_now(cx, c.due_at - HOUR_MS);
    run_jobs(cx);
    assert_int_equal(told(cx, CLERK, &link), 0);
    testing_set_now(cx, c.due_at + 2 * HOUR_MS);
    run_jobs(cx);
    assert_int_equal(told(cx, CLERK, &link), 1);
    assert_contains(link, "/xin-y-kien/");
    assert_int_equal(told(cx, HEAD, &link), 1);
    assert_true(str_eq(link, str_fmt(cx->arena, "/viec/%.*s?xem=y-kien", F(d.code))));
    assert_int_equal(told(cx, LEADER, &link), 0); /* who heads it at the counter was told */
    assert_contains(events_of(cx, &d), "consult.silent");
    testing_set_now(cx, c.due_at + 3 * DAY_MS);
    run_jobs(cx);
    assert_int_equal(told(cx, CLERK, &link), 1);
    read_again(cx, &d);
    assert_true(d.due_at > 0); /* the clock went on */
    assert_int_equal(d.state, DOSSIER_PROCESSING);
}

static void where_nobody_heads_the_counter_the_unit_above_is_told(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str link = S("");
    bring_to(cx, &d, DOSSIER_PROCESSING);
    struct consult c = ask_police(cx, &d);
    struct post post;
    size_t n;
    assert_ok(identity_posts(cx, account_of(cx, HEAD), &post, 1, &n));
    act_as_program(cx);
    assert_ok(test_write(cx, role_revoke(cx, post.id)));
    run_jobs(cx); /* from here on the hours count */
    testing_set_now(cx, c.due_at + 2 * HOUR_MS);
    run_jobs(cx);
    assert_int_equal(told(cx, LEADER, &link), 1);
    assert_int_equal(told(cx, COUNTER, &link), 0);
    struct browser *b = signed_in_as(cx, LEADER);
    assert_opens(b, link.p, 200);
    assert_sees(b, "Quá hạn chưa trả lời, đã báo");
}

static void who_answered_in_time_is_not_reported(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str link;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    struct consult c = ask_police(cx, &d);
    act_as(cx, "congan.kylua");
    struct browser *b = signed_in_as(cx, "congan.kylua");
    assert_opens(b, str_fmt(cx->arena, "/xin-y-kien/%.*s", F(c.code)).p, 200);
    assert_true(browser_fill(b, "y_kien", "dong_y"));
    assert_true(browser_press(b, "Gửi trả lời"));
    run_jobs(cx);
    testing_set_now(cx, c.due_at + 2 * DAY_MS);
    run_jobs(cx);
    assert_int_equal(told(cx, CLERK, &link), 0);
    assert_int_equal(told(cx, LEADER, &link), 0);
}

/* A turn that fails at any call has told nobody and marked nothing. */
static void a_report_that_fails_is_made_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    struct consult c = ask_police(cx, &d);
    const int64_t before = rows_of(cx, "notify_notice");
    testing_set_now(cx, c.due_at + 2 * HOUR_MS);
    act_as_program(cx);
    enum err e = ERR_IO;
    int calls = 0;
    while (e != OK) {
        assert_int_equal(rows_of(cx, "notify_notice"), before);
        db_fail_at(cx, ++calls);
        e = test_write(cx, onestop_silence_job.after(cx, &(const struct job){.id = 1}, OK, NULL));
        db_fail_at(cx, 0);
    }
    assert_true(calls > 5);
    assert_int_equal(rows_of(cx, "notify_notice"), before + 2);
}

static void the_agency_to_ask_is_found_by_typing(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, CLERK);
    struct str page = str_fmt(cx->arena, "/viec/%.*s/xu-ly/xin-y-kien", F(d.code));
    assert_opens(b, page.p, 200);
    assert_true(browser_fill(b, "noi_dung_hoi", "Xác nhận nơi cư trú"));
    assert_true(browser_fill(b, "co_quan", "khong co dau ca"));
    assert_true(browser_press(b, "Gửi câu hỏi"));
    assert_sees(b, "Không có cơ quan nào khớp");
    assert_true(browser_fill(b, "co_quan", "so")); /* several departments */
    assert_true(browser_press(b, "Gửi câu hỏi"));
    assert_sees(b, "cơ quan khớp. Chọn một.");
    assert_contains(browser_page(b)->body, "Xác nhận nơi cư trú"); /* what was typed is kept */
    struct str finance = str_fmt(cx->arena, "%lld", (long long)unit_of(cx, "H37.12"));
    assert_true(browser_fill(b, "co_quan", "tai chinh")); /* the choice of other words counts not */
    assert_true(browser_press(b, "Gửi câu hỏi"));
    assert_sees(b, "Đã gửi. Hạn trả lời");
    struct consult c;
    size_t n;
    act_as(cx, CLERK);
    assert_ok(onestop_consults(cx, &d, &c, 1, &n));
    assert_int_equal(n, 1);
    assert_true(str_eq(str_fmt(cx->arena, "%lld", (long long)c.asked_unit), finance));
}

static void units_are_found_by_words_without_marks_the_whole_name_first(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit u[5], root;
    size_t n, total;
    act_as_program(cx);
    assert_ok(org_unit_by_code(cx, S("H37"), day_of(cx->now), &root));
    assert_ok(org_unit_search(cx, S("lua ky cong an"), root.path, u, 5, &n, &total));
    assert_int_equal(n, 1);
    assert_str(u[0].code, "H37.114.02");
    assert_ok(org_unit_search(cx, S("h37.114"), root.path, u, 5, &n, &total));
    assert_true(total > 1);
    assert_str(u[0].code, "H37.114");
    assert_ok(org_unit_search(cx, S("  "), root.path, u, 5, &n, &total));
    assert_int_equal(total, 0);
    assert_ok(org_unit_search(cx, S("phuong"), root.path, u, 2, &n, &total));
    assert_int_equal(n, 2);
    assert_true(total > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(silence_is_told_once_to_who_asked_and_to_the_head_of_the_one_stop),
        TEST(where_nobody_heads_the_counter_the_unit_above_is_told),
        TEST(who_answered_in_time_is_not_reported),
        TEST(a_report_that_fails_is_made_again),
        TEST(the_agency_to_ask_is_found_by_typing),
        TEST(units_are_found_by_words_without_marks_the_whole_name_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
