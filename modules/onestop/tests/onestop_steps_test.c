/* onestop_steps_test.c - procedures of other steps, loaded as data only, are walked to their end:
 * other units, other roles, with a signature in the middle and without any. */
#include "onestop_fixture.h"

#include "crypto/crypto.h"

#define SIGNED "9.990001"
#define UNSIGNED "9.990002"
#define ADVISER "ykien.so"
#define SEALER "dongdau.kylua"

static void say([[maybe_unused]] void *state, [[maybe_unused]] struct str line)
{
}

/* An officer whose role and unit came with the pack. */
static void add_officer(struct cx *cx, const char *login, const char *role, const char *unit)
{
    struct person p = {.kind = S("cong_dan"), .name = S("Lý Văn Bản"), .born_on = INT64_MIN};
    struct str encoded;
    int64_t account;
    act_as_program(cx);
    assert_ok(password_hash(cx, S(IDENTITY_DEMO_PASSWORD), &encoded));
    assert_ok(test_write(cx, person_put(cx, &p)));
    assert_ok(test_write(cx, account_add(cx, str_c(login), encoded, p.id, p.name, &account)));
    assert_ok(test_write(cx, role_grant(cx, account, str_c(role), unit_of(cx, unit), 0, 0)));
}

static void load_pack(struct cx *cx)
{
    struct pack p;
    act_as_program(cx);
    assert_ok(pack_open(cx, S("modules/onestop/tests/steps-pack"), &p));
    assert_ok(pack_load(cx, &p, say, NULL));
    add_officer(cx, ADVISER, "nguoi_cho_y_kien", "H37.9");
    add_officer(cx, SEALER, "nguoi_dong_dau", "H37.114");
}

static void send_of(struct cx *cx, const char *procedure, struct dossier *d)
{
    struct account a;
    assert_ok(account_by_login(cx, S(MAI), &a));
    act_as(cx, MAI);
    const struct dossier_new n = {
        .procedure_code = str_c(procedure),
        .form_json = S("{\"ho_ten\":\"Hoàng Thị Mai\",\"noi_dung\":\"Xác nhận nơi ở.\"}"),
        .delivery = S("dien_tu"),
        .receiving_unit = unit_of(cx, "H37.114.01"),
        .channel = CHANNEL_ONLINE,
        .submitter = a.person,
        .account = a.id,
    };
    assert_ok(test_write(cx, onestop_send(cx, &n, d)));
    accept_one(cx, d);
    hand_over_one(cx, d);
}

static void pass(struct cx *cx, struct dossier *d, const char *login, const char *words)
{
    act_as(cx, login);
    assert_ok(test_write(cx, onestop_pass(cx, d, str_c(words))));
}

/* Whoever else has a right here is told whose step it is, and nothing moves. */
static void refuse_others(struct cx *cx, const struct dossier *d, const char *mine)
{
    static const char *const all[] = {COUNTER, CLERK, LEADER, ADVISER, OTHER_CLERK, MAI};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct dossier theirs = *d;
        if (strcmp(all[i], mine) == 0)
            continue;
        act_as(cx, all[i]);
        enum err e = test_write(cx, onestop_pass(cx, &theirs, S("")));
        if (e != ERR_DENIED)
            fail_msg("%s at step %d: %s", all[i], d->step, err_name(e));
    }
}

static void five_steps_over_three_units_with_a_seal_after_the_signature(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct result_view r;
    load_pack(cx);
    send_of(cx, SIGNED, &d);

    assert_int_equal(d.unit, unit_of(cx, "H37.114.01"));
    refuse_others(cx, &d, COUNTER);
    pass(cx, &d, COUNTER, "Đã đối chiếu.");

    assert_int_equal(d.unit, unit_of(cx, "H37.9"));
    refuse_others(cx, &d, ADVISER);
    pass(cx, &d, ADVISER, "Sở đồng ý.");

    assert_int_equal(d.unit, unit_of(cx, "H37.114"));
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_pass(cx, &d, S(""))), ERR_CONFLICT);
    assert_why(cx, "Soạn văn bản");
    assert_ok(test_write(cx, onestop_draft(cx, &d, S("{}"), S("Đủ điều kiện."))));
    submit_one(cx, &d);
    approve_one(cx, &d);
    let_jobs_run(cx, &d);

    assert_int_equal(d.state, DOSSIER_PROCESSING); /* signed, not sealed yet */
    assert_int_equal(d.step, 4);
    assert_ok(onestop_result(cx, &d, &r));
    assert_str(r.state, "da_ky");
    assert_str(r.number, "01/2026/XN");
    pass(cx, &d, SEALER, "");
    assert_int_equal(d.state, DOSSIER_RELEASED);
    assert_int_equal(d.released_at, cx->now);
    return_one(cx, &d);
    assert_str(events_of(cx, &d), "dossier.sent dossier.accepted dossier.handed_over "
                                  "step.confirmed step.confirmed result.drafted result.submitted "
                                  "result.approved result.signed step.confirmed dossier.released "
                                  "dossier.returned");
}

static void three_steps_without_any_signature(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct opinion o;
    load_pack(cx);
    send_of(cx, UNSIGNED, &d);
    refuse_others(cx, &d, ADVISER);
    pass(cx, &d, ADVISER, "Không vướng quy hoạch.");
    assert_ok(onestop_store_opinion(cx, &d, &o));
    assert_str(o.words, "Không vướng quy hoạch.");
    refuse_others(cx, &d, LEADER);
    pass(cx, &d, LEADER, "");
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    refuse_others(cx, &d, COUNTER);
    pass(cx, &d, COUNTER, "");
    assert_int_equal(d.state, DOSSIER_RELEASED);
    return_one(cx, &d);
    act_as(cx, LEADER); /* nothing was signed: nothing to correct */
    assert_err(test_write(cx, onestop_correct(cx, &d, S("Sai."))), ERR_CONFLICT);
}

/* What a person waits for and a stop come back to the step they left, wherever it is. */
static void a_pause_comes_back_to_the_hands_it_left(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t receipt;
    load_pack(cx);
    send_of(cx, UNSIGNED, &d);
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_stop(cx, &d, S("Có tranh chấp."), S("QĐ 15"))));
    assert_ok(test_write(cx, onestop_resume(cx, &d, S("Đã rõ."))));
    assert_int_equal(d.unit, unit_of(cx, "H37.9"));
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_ask_payment(cx, &d, 1000, S("Phí."), S("Điều 1"))));
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_paid(cx, &d, true, S(""), &receipt)));
    assert_int_equal(d.unit, unit_of(cx, "H37.9"));
    assert_int_equal(d.step, 0);
}

static void pages_offer_a_step_to_those_whose_it_is(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    load_pack(cx);
    send_of(cx, UNSIGNED, &d);
    struct browser *adviser = signed_in_as(cx, ADVISER), *leader = signed_in_as(cx, LEADER),
                   *counter = signed_in_as(cx, COUNTER), *mai = signed_in_as(cx, MAI);
    const char *work = str_fmt(cx->arena, "/viec/%.*s", F(d.code)).p,
               *status = str_fmt(cx->arena, "/ho-so/%.*s", F(d.request_code)).p;
    assert_opens(leader, work, 200);
    assert_not_sees(leader, "Xác nhận xong bước này");
    assert_opens(adviser, "/viec", 200);
    assert_sees(adviser, "Thủ tục ghi sổ không ký");
    assert_opens(adviser, work, 200);
    assert_true(browser_click(adviser, "Xác nhận xong bước này…"));
    assert_true(browser_fill(adviser, "y_kien", "Không vướng quy hoạch."));
    assert_true(browser_press(adviser, "Xác nhận"));
    assert_opens(leader, work, 200);
    assert_sees(leader, "Không vướng quy hoạch.");
    assert_true(browser_click(leader, "Xác nhận xong bước này…"));
    assert_true(browser_press(leader, "Xác nhận"));
    assert_sees(leader, "Đã xong bước này");
    assert_opens(counter, work, 200);
    assert_true(browser_click(counter, "Xác nhận xong bước này…"));
    assert_true(browser_press(counter, "Xác nhận"));
    assert_opens(mai, status, 200);
    assert_sees(mai, "Hồ sơ đã giải quyết xong");
    assert_sees(mai, "Mời bạn nhận kết quả tại Trung tâm Phục vụ hành chính công phường Kỳ Lừa");
    assert_not_sees(mai, "Tải kết quả");
}

/* A draft that nobody signs would wait for ever: the pack is not taken. */
static void steps_that_lead_nowhere_are_not_loaded(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack p;
    act_as_program(cx);
    assert_ok(pack_open_file(cx, S("modules/onestop/tests/steps-pack/khong-ai-ky.json"),
                             S("procedure"), &p));
    assert_err(pack_load(cx, &p, say, NULL), ERR_INVALID);
    assert_why(cx, "sau tham_tra phải có ky");
    assert_int_equal(rows_of(cx, "procedure where code = '9.990003'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(five_steps_over_three_units_with_a_seal_after_the_signature),
        TEST(three_steps_without_any_signature),
        TEST(a_pause_comes_back_to_the_hands_it_left),
        TEST(steps_that_lead_nowhere_are_not_loaded),
        TEST(pages_offer_a_step_to_those_whose_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
