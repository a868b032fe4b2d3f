/* onestop_form_job_test.c - forms 01 to 05 as they were issued: signed by the officer, kept,
 * served. */
#include "onestop/onestop_ledger.h"
#include "onestop_fixture.h"

/* The bytes that the page of the dossier gives. */
static struct str served(struct cx *cx, const char *login, const struct dossier *d, int form)
{
    struct browser *b = signed_in_as(cx, login);
    struct str code = d->code.n ? d->code : d->request_code;
    struct str path = str_fmt(cx->arena, "/viec/%.*s/mau/%d", F(code), form);
    assert_int_equal(browser_open(b, str_z(cx->arena, path)), 200);
    return browser_page(b)->body;
}

static void is_signed_by(struct cx *cx, struct str pdf, const char *name, const char *words)
{
    struct str report = told_by(cx, pdf, "pdfsig -nocert", ""), text = text_of_pdf(cx, pdf);
    assert_contains(report, "Signature is Valid");
    assert_contains(report, "Total document signed");
    if (!str_find(report, str_c(name), NULL))
        fail_msg("not signed by %s: %.*s", name, F(report));
    assert_contains(text, "Ký số");
    if (!str_find(text, str_c(words), NULL))
        fail_msg("no \"%s\" in: %.*s", words, F(text));
}

static void each_form_is_signed_by_whoever_issued_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    let_jobs_run(cx, &d);
    is_signed_by(cx, served(cx, COUNTER, &d, 1), "Lương Thị Hạnh", "GIẤY TIẾP NHẬN HỒ SƠ");
    bring_to(cx, &d, DOSSIER_SUPPLEMENT);
    let_jobs_run(cx, &d);
    is_signed_by(cx, served(cx, COUNTER, &d, 2), "Đàm Thu Hà", "01/HDHS");
    bring_to(cx, &d, DOSSIER_REFUSED);
    let_jobs_run(cx, &d);
    is_signed_by(cx, served(cx, COUNTER, &d, 3), "Lương Thị Hạnh", "01/TCTN");
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 27), S("Xác minh thêm."))));
    let_jobs_run(cx, &d);
    is_signed_by(cx, served(cx, LEADER, &d, 4), "Bế Văn Lâm", "01/XLHT");
    bring_to(cx, &d, DOSSIER_STOPPED);
    let_jobs_run(cx, &d);
    is_signed_by(cx, served(cx, LEADER, &d, 5), "Bế Văn Lâm", "01/TBD");
}

static void what_was_issued_does_not_change_and_is_signed_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t first, again;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as(cx, COUNTER);
    assert_err(onestop_issued_form(cx, &d, 1, &first), ERR_NOT_FOUND);
    let_jobs_run(cx, &d);
    assert_ok(onestop_issued_form(cx, &d, 1, &first));
    struct str then = served(cx, COUNTER, &d, 1);
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_issue_form(cx, &d, 1, 0))); /* as if the job came twice */
    testing_advance(cx, HOUR_MS);
    let_jobs_run(cx, &d);
    assert_ok(onestop_issued_form(cx, &d, 1, &again));
    assert_int_equal(first, again);
    assert_int_equal(rows_of(cx, "onestop_form_file"), 1);
    testing_set_now(cx, cx->now - HOUR_MS);
    assert_true(str_eq(served(cx, COUNTER, &d, 1), then));
}

static void a_walk_in_signs_the_receipt_on_paper(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier_paper paper;
    struct dossier d;
    act_as(cx, COUNTER);
    struct dossier_new n = new_of(cx, MAI, &paper);
    n.channel = CHANNEL_COUNTER;
    assert_ok(test_write(cx, onestop_send(cx, &n, &d)));
    assert_ok(test_write(cx, onestop_accept(cx, &d, S(""))));
    let_jobs_run(cx, &d);
    assert_int_equal(rows_of(cx, "onestop_form_file"), 0);
    assert_contains(told_by(cx, served(cx, COUNTER, &d, 1), "pdfsig", ""), "not signed");
}

static void an_officer_without_a_certificate_leaves_the_form_for_the_hand(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    assert_ok(test_write(cx, db_exec(cx, "delete from identity_signer")));
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    let_jobs_run(cx, &d);
    assert_int_equal(rows_of(cx, "onestop_form_file"), 0);
    assert_contains(text_of_pdf(cx, served(cx, COUNTER, &d, 1)), "Lương Thị Hạnh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_form_is_signed_by_whoever_issued_it),
        TEST(what_was_issued_does_not_change_and_is_signed_once),
        TEST(a_walk_in_signs_the_receipt_on_paper),
        TEST(an_officer_without_a_certificate_leaves_the_form_for_the_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
