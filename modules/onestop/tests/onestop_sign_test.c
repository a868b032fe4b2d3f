/* onestop_sign_test.c - approving, numbering, signing, checking a result; the papers of a dossier.
 */
#include "crypto/crypto.h"
#include "file/file.h"
#include "onestop_fixture.h"

static void bring_to_leader(struct cx *cx, struct dossier *d)
{
    bring_to(cx, d, DOSSIER_PROCESSING);
    draft_one(cx, d);
    submit_one(cx, d);
}

static int64_t numbers_in(struct cx *cx, const char *state)
{
    int64_t n;
    assert_ok(db_one_int(cx, &n, "select count(*) from onestop_number where state = $1",
                         V(str_c(state))));
    return n;
}

static struct str result_bytes(struct cx *cx, const struct dossier *d)
{
    struct result_view r;
    struct stored_file f;
    struct str bytes;
    assert_ok(onestop_result(cx, d, &r));
    assert_ok(file_find(cx, r.file, &f));
    assert_ok(file_read_all(cx, &f, 4 << 20, &bytes));
    return bytes;
}

static void the_number_is_reserved_by_the_approval_and_used_by_the_signature(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    bring_to_leader(cx, &d);
    assert_int_equal(rows_of(cx, "onestop_number"), 0);
    approve_one(cx, &d);
    assert_int_equal(numbers_in(cx, "giu"), 1);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    let_jobs_run(cx, &d);
    assert_int_equal(numbers_in(cx, "giu"), 0);
    assert_int_equal(numbers_in(cx, "dung"), 1);
    assert_ok(onestop_result(cx, &d, &r));
    assert_str(r.state, "da_ky");
    assert_str(r.number, "01/2026/KS");
    assert_str(r.signer_name, "Bế Văn Lâm");
    bring_to(cx, &d, DOSSIER_RELEASED);
    assert_ok(onestop_result(cx, &d, &r));
    assert_str(r.number, "02/2026/KS");
}

static void the_result_is_a_signed_paper_with_what_was_declared(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    bring_to(cx, &d, DOSSIER_RELEASED);
    struct str bytes = result_bytes(cx, &d);
    struct str words = text_of_pdf(cx, bytes);
    assert_contains(words, "Lương Bảo Khôi");
    assert_contains(words, "Hoàng Thị Mai");
    assert_contains(words, "01/2026/KS");
    assert_contains(words, "Tày");
    struct str told = told_by(cx, bytes, "pdfsig", "");
    assert_contains(told, "Signature is Valid");
    assert_contains(told, "Total document signed");
    assert_contains(told, "Bế Văn Lâm");
    assert_ok(onestop_result(cx, &d, &r));
    struct hash h = sha256(bytes);
    assert_true(str_eq(r.sha256_hex, str_hex(cx->arena, HASH_STR(h))));
}

static void anybody_checks_a_result_by_its_code(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    struct verified v;
    bring_to(cx, &d, DOSSIER_RELEASED);
    assert_ok(onestop_result(cx, &d, &r));
    cx->actor = &actor_anonymous;
    cx->scope = (struct scope){.kind = SCOPE_PUBLIC};
    cx->purpose = S("");
    assert_ok(onestop_verify(cx, r.verify_code, &v));
    assert_str(v.verdict, "hop_le");
    assert_str(v.document, "Giấy khai sinh");
    assert_str(v.number, "01/2026/KS");
    assert_str(v.unit_name, "Ủy ban nhân dân phường Kỳ Lừa");
    assert_str(v.signer_name, "Bế Văn Lâm");
    assert_str(v.holder_masked, "L*** B*** K***");
    assert_true(str_eq(v.sha256_hex, r.sha256_hex));
    assert_err(onestop_verify(cx, S("ABCDEFGHJKMN"), &v), ERR_NOT_FOUND);
    assert_err(onestop_verify(cx, S(""), &v), ERR_NOT_FOUND);
}

static void what_is_approved_but_not_signed_cannot_be_checked(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    struct verified v;
    bring_to_leader(cx, &d);
    approve_one(cx, &d);
    assert_ok(onestop_result(cx, &d, &r));
    assert_true(r.verify_code.n == 12);
    assert_err(onestop_verify(cx, r.verify_code, &v), ERR_NOT_FOUND);
}

static void while_it_is_being_signed_nothing_else_happens_to_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const struct supplement_item item = {S(BORN_PAPER), S("Ảnh mờ.")};
    bring_to_leader(cx, &d);
    approve_one(cx, &d);
    act_as(cx, LEADER);
    assert_err(test_write(cx, onestop_sign_result(cx, &d)), ERR_CONFLICT);
    assert_err(test_write(cx, onestop_stop(cx, &d, S("Dừng."), S("QĐ 15"))), ERR_CONFLICT);
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_ask(cx, &d, S("Thiếu."), &item, 1)), ERR_CONFLICT);
    act_as(cx, MAI);
    assert_err(test_write(cx, onestop_withdraw(cx, &d, S("Thôi."))), ERR_CONFLICT);
    assert_why(cx, "đang ký");
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_RELEASED);
}

static void an_approval_taken_back_voids_its_number_and_signs_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    struct verified v;
    bring_to_leader(cx, &d);
    approve_one(cx, &d);
    assert_ok(onestop_result(cx, &d, &r));
    struct str first_code = r.verify_code;
    assert_ok(test_write(cx, onestop_send_back(cx, &d, S("Sai tên đệm."))));
    assert_int_equal(numbers_in(cx, "huy"), 1);
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    assert_int_equal(d.step, 0);
    assert_ok(onestop_result(cx, &d, &r));
    assert_str(r.state, "du_thao");
    assert_str(r.number, "");
    assert_str(r.send_back_reason, "Sai tên đệm.");
    assert_int_equal(r.file, 0);
    submit_one(cx, &d);
    sign_one(cx, &d);
    assert_ok(onestop_result(cx, &d, &r));
    assert_str(r.number, "02/2026/KS");
    assert_int_equal(numbers_in(cx, "dung"), 1);
    assert_int_equal(numbers_in(cx, "huy"), 1);
    assert_err(onestop_verify(cx, first_code, &v), ERR_NOT_FOUND);
    int64_t voided;
    assert_ok(db_one_int(
        cx, &voided, "select count(*) from journal_event where kind = 'onestop.number.voided'"));
    assert_int_equal(voided, 1);
}

static struct job signing_of(struct cx *cx, const struct dossier *d)
{
    struct result_view r;
    assert_ok(onestop_result(cx, d, &r));
    return (struct job){
        .id = 1,
        .kind = S("onestop.sign"),
        .payload = str_fmt(cx->arena, "{\"dossier\":%lld,\"result\":%lld,\"version\":%lld}",
                           (long long)d->id, (long long)r.id, (long long)r.version)};
}

/* Decision 15: the file is attached only if what was signed is still what is approved. */
static void a_draft_changed_while_it_is_signed_gets_no_file(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    void *signing;
    bring_to_leader(cx, &d);
    approve_one(cx, &d);
    struct job job = signing_of(cx, &d);
    int64_t files = rows_of(cx, "file_stored");
    act_as_program(cx);
    assert_ok(onestop_sign_job.act(cx, &job, &signing));
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_send_back(cx, &d, S("Sai ngày."))));
    act_as_program(cx);
    assert_ok(test_write(cx, onestop_sign_job.after(cx, &job, OK, signing)));
    assert_ok(onestop_result(cx, &d, &r));
    assert_str(r.state, "du_thao");
    assert_int_equal(r.file, 0);
    assert_int_equal(rows_of(cx, "file_stored"), files);
    read_again(cx, &d);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
}

static void a_signing_that_runs_twice_releases_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    void *first, *second;
    bring_to_leader(cx, &d);
    approve_one(cx, &d);
    struct job job = signing_of(cx, &d);
    act_as_program(cx);
    assert_ok(onestop_sign_job.act(cx, &job, &first));
    assert_ok(
        onestop_sign_job.act(cx, &job, &second)); /* the one before died before it was written */
    assert_ok(test_write(cx, onestop_sign_job.after(cx, &job, OK, first)));
    int64_t files = rows_of(cx, "file_stored"), events = rows_of(cx, "journal_event");
    assert_ok(test_write(cx, onestop_sign_job.after(cx, &job, OK, second)));
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_RELEASED);
    int64_t issued = rows_of(cx, "onestop_form_file"); /* form 01, signed by its own job */
    assert_int_equal(rows_of(cx, "file_stored"), files + issued);
    int64_t released;
    assert_ok(
        db_one_int(cx, &released,
                   "select count(*) from journal_event where kind = 'onestop.dossier.released'"));
    assert_int_equal(released, 1);
    assert_true(rows_of(cx, "journal_event") >= events);
}

static void a_negative_answer_is_a_signed_paper_too(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    struct verified v;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_reject(cx, &d, S("Đã khai sinh."), S(""))), ERR_INVALID);
    assert_ok(test_write(cx, onestop_reject(cx, &d, S("Trẻ đã được khai sinh ở nơi khác."),
                                            S("Điều 16 Luật Hộ tịch"))));
    sign_one(cx, &d);
    assert_ok(onestop_result(cx, &d, &r));
    assert_true(r.negative);
    assert_str(r.number, "01/2026/TB");
    struct str bytes = result_bytes(cx, &d);
    assert_contains(text_of_pdf(cx, bytes), "đã được khai sinh ở nơi khác");
    assert_contains(told_by(cx, bytes, "pdfsig", ""), "Signature is Valid");
    assert_ok(onestop_verify(cx, r.verify_code, &v));
    assert_str(v.document, "Thông báo không giải quyết hồ sơ");
}

static void nothing_is_submitted_without_a_draft_or_signed_without_being_submitted(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_submit(cx, &d)), ERR_CONFLICT);
    assert_why(cx, "Chưa có dự thảo");
    act_as(cx, LEADER);
    assert_err(test_write(cx, onestop_sign_result(cx, &d)), ERR_CONFLICT);
    assert_why(cx, "đang ở bước");
    draft_one(cx, &d);
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_draft(cx, &d, S("[1]"), S(""))), ERR_INVALID);
    assert_err(test_write(cx, onestop_draft(cx, &d, S("{"), S(""))), ERR_INVALID);
    submit_one(cx, &d);
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_draft(cx, &d, S("{}"), S(""))), ERR_CONFLICT);
}

/* ---- forms 01 to 05 ---- */

static struct str form_text(struct cx *cx, const struct dossier *d, int no)
{
    struct str pdf, again;
    assert_ok(onestop_form_pdf(cx, d, no, 0, &pdf));
    assert_ok(onestop_form_pdf(cx, d, no, 0, &again));
    assert_true(str_eq(pdf, again));
    return text_of_pdf(cx, pdf);
}

static void form_01_is_the_receipt_with_code_and_appointment(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str none;
    send_one(cx, &d);
    assert_err(onestop_form_pdf(cx, &d, 1, 0, &none), ERR_NOT_FOUND);
    accept_one(cx, &d);
    struct str words = form_text(cx, &d, 1);
    assert_contains(words, "H37.114-261123-0001");
    assert_contains(words, "Hoàng Thị Mai");
    assert_contains(words, "Giấy chứng sinh");
    assert_contains(words, "17:30 thứ Hai, 23/11/2026");
    /* BẢN THỬ lies across it as a shape, not as words: without the demo it is another paper. */
    struct str marked, plain;
    assert_ok(onestop_form_pdf(cx, &d, 1, 0, &marked));
    cx->env->demo = false;
    assert_ok(onestop_form_pdf(cx, &d, 1, 0, &plain));
    assert_false(str_eq(marked, plain));
}

static void form_02_lists_what_is_missing_and_why(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_SUPPLEMENT_FIRST);
    struct str words = form_text(cx, &d, 2);
    assert_contains(words, "01/HDHS");
    assert_contains(words, "Giấy chứng sinh");
    assert_contains(words, "Ảnh mờ");
}

static void form_03_says_why_it_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_REFUSED);
    struct str words = form_text(cx, &d, 3);
    assert_contains(words, "01/TCTN");
    assert_contains(words, "Trẻ đã được khai sinh");
    assert_contains(words, "khoản 1 Điều 16 Luật Hộ tịch");
}

static void form_04_apologises_and_names_both_days(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, LEADER);
    assert_ok(
        test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 27), S("Mất điện cả ngày."))));
    struct str words = form_text(cx, &d, 4);
    assert_contains(words, "01/XLHT");
    assert_contains(words, "Mất điện cả ngày");
    assert_contains(words, "xin lỗi");
    assert_contains(words, "27/11/2026");
    assert_contains(words, "23/11/2026");
}

static void form_05_gives_notice_that_work_stops(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str none;
    bring_to(cx, &d, DOSSIER_STOPPED);
    struct str words = form_text(cx, &d, 5);
    assert_contains(words, "01/TBD");
    assert_contains(words, "Có tranh chấp");
    assert_err(onestop_form_pdf(cx, &d, 4, 0, &none), ERR_NOT_FOUND);
    assert_err(onestop_form_pdf(cx, &d, 7, 0, &none), ERR_NOT_FOUND);
}

static void the_preview_is_the_paper_without_number_and_signature(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str pdf;
    bring_to_leader(cx, &d);
    assert_ok(onestop_draft_pdf(cx, &d, &pdf));
    struct str words = text_of_pdf(cx, pdf);
    assert_contains(words, "Lương Bảo Khôi");
    assert_lacks(words, "01/2026");
    assert_contains(told_by(cx, pdf, "pdfsig", ""), "form field is not signed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_number_is_reserved_by_the_approval_and_used_by_the_signature),
        TEST(the_result_is_a_signed_paper_with_what_was_declared),
        TEST(anybody_checks_a_result_by_its_code),
        TEST(what_is_approved_but_not_signed_cannot_be_checked),
        TEST(while_it_is_being_signed_nothing_else_happens_to_it),
        TEST(an_approval_taken_back_voids_its_number_and_signs_nothing),
        TEST(a_draft_changed_while_it_is_signed_gets_no_file),
        TEST(a_signing_that_runs_twice_releases_once),
        TEST(a_negative_answer_is_a_signed_paper_too),
        TEST(nothing_is_submitted_without_a_draft_or_signed_without_being_submitted),
        TEST(form_01_is_the_receipt_with_code_and_appointment),
        TEST(form_02_lists_what_is_missing_and_why),
        TEST(form_03_says_why_it_is_refused),
        TEST(form_04_apologises_and_names_both_days),
        TEST(form_05_gives_notice_that_work_stops),
        TEST(the_preview_is_the_paper_without_number_and_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
