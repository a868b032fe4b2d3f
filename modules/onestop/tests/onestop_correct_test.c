/* onestop_correct_test.c - a returned result is mended by a new one; the old one stays as it was.
 */
#include "onestop_fixture.h"

static void correct(struct cx *cx, struct dossier *d)
{
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_correct(cx, d, S("Sai chữ đệm của trẻ."))));
}

static void a_correction_makes_a_new_result_and_keeps_the_old(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view old, new;
    struct verified v;
    bring_to(cx, &d, DOSSIER_RETURNED);
    assert_ok(onestop_result(cx, &d, &old));
    correct(cx, &d);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    assert_int_equal(d.unit, d.competent_unit);
    assert_int_equal(d.step, 0);
    assert_ok(onestop_result(cx, &d, &new));
    assert_int_not_equal(new.id, old.id);
    assert_true(str_eq(new.data_json, old.data_json)); /* what is mended starts from what was */
    assert_ok(onestop_verify(cx, old.verify_code, &v));
    assert_str(v.verdict, "hop_le"); /* until the new one is signed */

    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_draft(cx, &d, S("{\"noi_dang_ky\":\"Kỳ Lừa\"}"), S("Sửa."))));
    submit_one(cx, &d);
    sign_one(cx, &d);
    assert_ok(onestop_result(cx, &d, &new));
    assert_false(str_eq(new.number, old.number));
    assert_ok(onestop_verify(cx, old.verify_code, &v));
    assert_str(v.verdict, "thu_hoi");
    assert_true(str_eq(v.replaced_by, new.number));
    assert_true(str_eq(v.sha256_hex, old.sha256_hex));
    assert_ok(onestop_verify(cx, new.verify_code, &v));
    assert_str(v.verdict, "hop_le");
    return_one(cx, &d);
    assert_int_equal(d.state, DOSSIER_RETURNED);
}

/* On-time is judged by the release; the first clock is kept, the second is the term anew. */
static void a_correction_has_a_clock_of_its_own(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t due, kept;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_extend(cx, &d, day_of(cx->now) + 3, S("Đông."))));
    draft_one(cx, &d);
    submit_one(cx, &d);
    sign_one(cx, &d);
    return_one(cx, &d);
    due = d.due_at;
    testing_advance(cx, 28 * DAY_MS);
    correct(cx, &d);
    assert_true(d.due_at > cx->now && d.due_at < cx->now + 7 * DAY_MS);
    assert_int_equal(d.clock_from, cx->now);
    assert_int_not_equal(onestop_due_class(&d, cx->now), DUE_LATE);
    assert_ok(db_one_int(cx, &kept, "select was_due_at from onestop_correction"));
    assert_int_equal(kept, due);
    /* Its own apology is another one. */
    assert_ok(test_write(cx, onestop_extend(cx, &d, day_of(d.due_at) + 3, S("Đông."))));
}

static void what_was_given_out_cannot_be_withdrawn_while_it_is_mended(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_RETURNED);
    correct(cx, &d);
    act_as(cx, MAI);
    assert_false(onestop_may(cx, &d, MOVE_WITHDRAW, NULL));
    assert_err(test_write(cx, onestop_withdraw(cx, &d, S("Thôi."))), ERR_CONFLICT);
    assert_why(cx, "đang được đính chính");
}

static void a_refusal_can_be_thought_through_anew(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_reject(cx, &d, S("Không đủ điều kiện."), S("Điều 16"))));
    sign_one(cx, &d);
    return_one(cx, &d);
    correct(cx, &d);
    assert_ok(onestop_result(cx, &d, &r));
    assert_false(r.negative);
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_draft(cx, &d, S("{}"), S("Đủ điều kiện."))));
    submit_one(cx, &d);
    sign_one(cx, &d);
    assert_ok(onestop_result(cx, &d, &r));
    assert_false(r.negative);
    assert_contains(r.number, "KS");
}

static void a_correction_wants_a_reason(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_RETURNED);
    act_as(cx, LEADER);
    assert_err(test_write(cx, onestop_correct(cx, &d, S(""))), ERR_INVALID);
    assert_true(str_eq(cx->field, S("ly_do")));
    assert_int_equal(rows_of(cx, "onestop_correction"), 0);
}

static void the_person_keeps_the_old_paper_until_the_new_one_is_there(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view old;
    bring_to(cx, &d, DOSSIER_RETURNED);
    assert_ok(onestop_result(cx, &d, &old));
    struct browser *leader = signed_in_as(cx, LEADER), *mai = signed_in_as(cx, MAI);
    const char *status = str_fmt(cx->arena, "/ho-so/%.*s", F(d.request_code)).p;
    assert_opens(leader, str_fmt(cx->arena, "/viec/%.*s", F(d.code)).p, 200);
    assert_true(browser_click(leader, "Đính chính kết quả…"));
    if (browser_page(leader)->status == 200 &&
        browser_fill(leader, "Mật khẩu", IDENTITY_DEMO_PASSWORD))
        assert_true(browser_press(leader, "Xác nhận"));
    assert_true(browser_fill(leader, "ly_do", "Sai chữ đệm của trẻ."));
    assert_true(browser_press(leader, "Bắt đầu đính chính"));
    assert_sees(leader, "Đã mở đính chính");
    assert_opens(mai, status, 200);
    assert_sees(mai, "Kết quả đang được đính chính");
    assert_sees(mai, "Sai chữ đệm của trẻ.");
    assert_sees(mai, "Tải kết quả");
    assert_not_sees(mai, "Rút hồ sơ");
    assert_opens(mai, str_fmt(cx->arena, "/ho-so/%.*s/ket-qua", F(d.request_code)).p, 200);
    read_again(cx, &d);
    act_as(cx, CLERK);
    submit_one(cx, &d);
    sign_one(cx, &d);
    assert_opens(mai, str_fmt(cx->arena, "/xac-minh/%.*s", F(old.verify_code)).p, 200);
    assert_sees(mai, "Văn bản đã được thay thế");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_correction_makes_a_new_result_and_keeps_the_old),
        TEST(a_correction_has_a_clock_of_its_own),
        TEST(what_was_given_out_cannot_be_withdrawn_while_it_is_mended),
        TEST(a_refusal_can_be_thought_through_anew),
        TEST(a_correction_wants_a_reason),
        TEST(the_person_keeps_the_old_paper_until_the_new_one_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
