/* onestop_desk_test.c - around a dossier: asking other agencies, notes, causes, several at once. */
#include "onestop/onestop_desk_work.h"
#include "onestop_fixture.h"

#define POLICE "congan.kylua" /* another agency of the same commune */
#define INSPECTOR "thanhtra"

static int64_t paper_of(struct cx *cx, const struct dossier *d)
{
    struct paper_row rows[PAPERS_MAX];
    size_t n;
    assert_ok(onestop_store_papers(cx, d->id, rows, PAPERS_MAX, &n));
    assert_true(n > 0);
    return rows[0].id;
}

static struct consult_new question(struct cx *cx, const int64_t *paper)
{
    return (struct consult_new){.unit = unit_of(cx, "H37.114.02"),
                                .days = 2,
                                .question = S("Xác nhận nơi cư trú của cha."),
                                .papers = paper,
                                .papers_n = paper ? 1 : 0};
}

static void asked(struct cx *cx, struct dossier *d, struct consult *c)
{
    bring_to(cx, d, DOSSIER_PROCESSING);
    int64_t paper = paper_of(cx, d);
    act_as(cx, CLERK);
    const struct consult_new q = question(cx, &paper);
    assert_ok(test_write(cx, onestop_consult_ask(cx, d, &q, c)));
}

static int64_t count_of(struct cx *cx, const struct list_source *s, struct list_ask ask)
{
    int64_t n;
    bool more;
    assert_ok(list_count(cx, s, &ask, &n, &more));
    return n;
}

#define TO_US ((struct list_ask){.values = {S("tra-loi"), S("cho")}})
#define BY_US ((struct list_ask){.values = {S("hoi"), S("cho")}})

/* ---- consultation ---- */

static void the_other_agency_sees_what_it_was_asked_and_nothing_else(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, seen;
    struct consult c, got;
    struct consult_paper papers[4];
    size_t n;
    asked(cx, &d, &c);
    act_as(cx, POLICE);
    assert_int_equal(count_of(cx, &onestop_consult_source, TO_US), 1);
    assert_int_equal(count_of(cx, &onestop_consult_source, BY_US), 0);
    assert_ok(onestop_consult_find(cx, c.code, &got));
    assert_str(got.question, "Xác nhận nơi cư trú của cha.");
    assert_ok(onestop_consult_papers(cx, &got, papers, 4, &n));
    assert_int_equal(n, 1);
    assert_err(onestop_by_code(cx, d.code, &seen), ERR_NOT_FOUND);
    act_as(cx, OTHER_CLERK);
    assert_int_equal(count_of(cx, &onestop_consult_source, TO_US), 0);
    assert_err(onestop_consult_find(cx, c.code, &got), ERR_NOT_FOUND);
    assert_why(cx, "Không tìm thấy việc xin ý kiến");
    act_as(cx, CLERK);
    assert_int_equal(count_of(cx, &onestop_consult_source, BY_US), 1);
}

static void an_answer_is_given_once_and_the_clock_never_stopped(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct consult c, again;
    asked(cx, &d, &c);
    const int64_t due = d.due_at;
    assert_true(c.due_at > cx->now);
    act_as(cx, POLICE);
    assert_err(test_write(cx, onestop_consult_answer(cx, &c, S("co-the"), S("x"))), ERR_INVALID);
    assert_err(test_write(cx, onestop_consult_answer(cx, &c, S("khong_dong_y"), S(" "))),
               ERR_INVALID);
    assert_str(cx->field, "tra_loi");
    testing_set_now(cx, c.due_at + DAY_MS); /* late answers are answers */
    assert_ok(onestop_consult_find(cx, c.code, &again));
    assert_ok(
        test_write(cx, onestop_consult_answer(cx, &again, S("khong_dong_y"), S("Đã chuyển đi."))));
    assert_ok(onestop_consult_find(cx, c.code, &again));
    assert_int_equal(again.state, CONSULT_ANSWERED);
    assert_str(again.answer, "Đã chuyển đi.");
    assert_err(test_write(cx, onestop_consult_answer(cx, &again, S("dong_y"), S(""))),
               ERR_CONFLICT);
    /* what somebody still has on the screen */
    assert_err(test_write(cx, onestop_consult_answer(cx, &c, S("dong_y"), S(""))), ERR_CONFLICT);
    read_again(cx, &d);
    assert_int_equal(d.due_at, due);
    assert_int_equal(d.state, DOSSIER_PROCESSING);
    struct str events = events_of(cx, &d);
    assert_contains(events, "consult.asked");
    assert_contains(events, "consult.answered");
}

static void what_may_not_be_asked_is_refused_with_the_reason(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, other;
    struct consult c;
    bring_to(cx, &other, DOSSIER_PROCESSING);
    int64_t foreign = paper_of(cx, &other);
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    struct consult_new q = question(cx, NULL);
    q.question = S("  ");
    assert_err(test_write(cx, onestop_consult_ask(cx, &d, &q, &c)), ERR_INVALID);
    q = question(cx, NULL);
    q.days = 31;
    assert_err(test_write(cx, onestop_consult_ask(cx, &d, &q, &c)), ERR_INVALID);
    q = question(cx, NULL);
    q.unit = d.competent_unit;
    assert_err(test_write(cx, onestop_consult_ask(cx, &d, &q, &c)), ERR_INVALID);
    q.unit = 999999;
    assert_err(test_write(cx, onestop_consult_ask(cx, &d, &q, &c)), ERR_INVALID);
    q = question(cx, &foreign);
    assert_err(test_write(cx, onestop_consult_ask(cx, &d, &q, &c)), ERR_INVALID);
    assert_why(cx, "không thuộc hồ sơ này");
    q = question(cx, NULL);
    act_as(cx, COUNTER); /* has not the right */
    assert_err(test_write(cx, onestop_consult_ask(cx, &d, &q, &c)), ERR_DENIED);
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as(cx, CLERK); /* nor is it being processed yet */
    assert_err(test_write(cx, onestop_consult_ask(cx, &d, &q, &c)), ERR_CONFLICT);
    assert_int_equal(rows_of(cx, "onestop_consult"), 0);
}

static void only_who_asked_takes_it_back(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct consult c;
    asked(cx, &d, &c);
    act_as(cx, POLICE);
    assert_err(test_write(cx, onestop_consult_take_back(cx, &c)), ERR_DENIED);
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_consult_answer(cx, &c, S("dong_y"), S(""))), ERR_DENIED);
    assert_ok(test_write(cx, onestop_consult_take_back(cx, &c)));
    act_as(cx, POLICE);
    assert_err(test_write(cx, onestop_consult_answer(cx, &c, S("dong_y"), S(""))), ERR_CONFLICT);
    assert_why(cx, "đã được thu hồi");
}

static void a_question_that_fails_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct consult c;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    int64_t paper = paper_of(cx, &d);
    act_as(cx, CLERK);
    const struct consult_new q = question(cx, &paper);
    const int64_t events = rows_of(cx, "journal_event");
    enum err e = ERR_IO;
    int calls = 0;
    while (e != OK) {
        assert_int_equal(rows_of(cx, "onestop_consult"), 0);
        assert_int_equal(rows_of(cx, "onestop_consult_paper"), 0);
        assert_int_equal(rows_of(cx, "journal_event"), events);
        db_fail_at(cx, ++calls);
        e = test_write(cx, onestop_consult_ask(cx, &d, &q, &c));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "onestop_consult"), 1);
    assert_true(calls > 6);
}

/* ---- notes, causes ---- */

static void notes_are_for_those_who_work_on_it_and_not_for_the_person(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct note notes[4];
    size_t n;
    int64_t open;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_note_add(cx, &d, S("Gọi lại bệnh viện chiều nay."))));
    assert_err(test_write(cx, onestop_note_add(cx, &d, S(" \n "))), ERR_INVALID);
    act_as(cx, INSPECTOR);
    assert_err(test_write(cx, onestop_note_add(cx, &d, S("x"))), ERR_DENIED);
    act_as(cx, COUNTER);
    assert_ok(onestop_notes(cx, &d, notes, 4, &n));
    assert_int_equal(n, 1);
    assert_str(notes[0].words, "Gọi lại bệnh viện chiều nay.");
    assert_str(notes[0].by_name, "Đàm Thu Hà");
    act_as(cx, MAI);
    struct moment moments[40];
    assert_ok(onestop_timeline(cx, &d, moments, 40, &n));
    for (size_t i = 0; i < n; i++)
        assert_lacks(moments[i].title, "hi chú");
    act_as_program(cx);
    if (!db_is_postgres(cx)) {
        assert_ok(db_one_int(
            cx, &open,
            "-- sqlite\nselect count(*) from onestop_note where instr(words, cast('bệnh viện' as blob)) > 0"));
        assert_int_equal(open, 0);
    }
}

static void the_late_list_asks_for_causes(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct list_rows p;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    assert_err(test_write(cx, onestop_name_cause(cx, &d, S("phoi_hop"), S(""))), ERR_CONFLICT);
    const struct list_ask soon = {.values = {S("sap")}}, late = {.values = {S("qua")}},
                          unnamed = {.values = {S("qua"), S("chua")}},
                          named = {.values = {S("qua"), S("phoi_hop")}};
    assert_int_equal(count_of(cx, &onestop_late_source, soon), 1);
    assert_int_equal(count_of(cx, &onestop_late_source, late), 0);
    testing_set_now(cx, d.due_at + DAY_MS);
    assert_int_equal(count_of(cx, &onestop_late_source, unnamed), 1);
    assert_err(test_write(cx, onestop_name_cause(cx, &d, S("tai-troi"), S(""))), ERR_INVALID);
    assert_err(test_write(cx, onestop_name_cause(cx, &d, S("khac"), S(""))), ERR_INVALID);
    assert_ok(test_write(cx, onestop_name_cause(cx, &d, S("khoi_luong"), S(""))));
    assert_ok(test_write(cx, onestop_name_cause(cx, &d, S("phoi_hop"), S("Chờ công an."))));
    assert_int_equal(count_of(cx, &onestop_late_source, unnamed), 0);
    assert_ok(list_read(cx, &onestop_late_source, &named, 10, &p));
    assert_int_equal(p.n, 1);
    const struct late_row *row = p.rows[0];
    assert_str(row->cause, "phoi_hop");
    assert_str(row->r.person_name, "Hoàng Thị Mai");
    struct str events = events_of(cx, &d);
    assert_contains(events, "late.cause_named");
}

/* ---- several at once ---- */

static void several_are_handed_over_with_one_list_and_the_other_side_confirms(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier all[3];
    struct bulk_result r;
    struct batch h;
    struct inbox_row *rows;
    struct list_rows p;
    size_t n;
    bring_to(cx, &all[0], DOSSIER_ACCEPTED);
    bring_to(cx, &all[1], DOSSIER_ACCEPTED);
    send_one(cx, &all[2]);
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_hand_over_many(cx, all, 3, &r)));
    assert_int_equal(r.done, 2);
    assert_int_equal(r.refused, 1);
    assert_contains(r.why, "Chờ tiếp nhận");
    read_again(cx, &all[0]);
    assert_int_equal(all[0].state, DOSSIER_PROCESSING);
    act_as(cx, COUNTER);
    assert_ok(list_read(cx, &onestop_batch_source, &(struct list_ask){0}, 10, &p));
    assert_int_equal(p.n, 1);
    h = *(const struct batch *)p.rows[0];
    assert_int_equal(h.size, 2);
    assert_str(h.no, "01/BG");
    assert_err(test_write(cx, onestop_batch_receive(cx, &h)), ERR_DENIED);
    act_as(cx, OTHER_CLERK);
    assert_err(onestop_batch_find(cx, h.id, &h), ERR_NOT_FOUND);
    act_as(cx, CLERK);
    assert_ok(onestop_batch_find(cx, h.id, &h));
    assert_ok(onestop_batch_rows(cx, &h, &rows, &n));
    assert_int_equal(n, 2);
    assert_ok(test_write(cx, onestop_batch_receive(cx, &h)));
    assert_err(test_write(cx, onestop_batch_receive(cx, &h)), ERR_CONFLICT);
    assert_int_equal(
        count_of(cx, &onestop_batch_source, (struct list_ask){.values = {S("nhan"), S("xong")}}),
        1);
}

static void a_hand_over_that_fails_hands_over_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier a, b;
    struct bulk_result r;
    bring_to(cx, &a, DOSSIER_ACCEPTED);
    bring_to(cx, &b, DOSSIER_ACCEPTED);
    enum err e = ERR_IO;
    int calls = 0;
    while (e != OK) {
        assert_int_equal(rows_of(cx, "onestop_batch"), 0);
        read_again(cx, &a);
        read_again(cx, &b);
        assert_int_equal(a.state, DOSSIER_ACCEPTED);
        assert_int_equal(b.state, DOSSIER_ACCEPTED);
        act_as(cx, COUNTER);
        struct dossier all[] = {a, b};
        db_fail_at(cx, ++calls);
        e = test_write(cx, onestop_hand_over_many(cx, all, 2, &r));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "onestop_batch_item"), 2);
    assert_true(calls > 10);
}

static void several_are_taken_and_what_another_has_stays_theirs(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier all[2];
    struct bulk_result r;
    bring_to(cx, &all[0], DOSSIER_PROCESSING);
    bring_to(cx, &all[1], DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    all[1].assignee = 4242;
    assert_ok(test_write(cx, onestop_take_many(cx, all, 2, &r)));
    assert_int_equal(r.done, 1);
    assert_int_equal(r.refused, 1);
    assert_str(r.why, "Người khác đã nhận xử lý.");
}

/* ---- pages ---- */

static void a_question_goes_to_the_other_desk_and_its_answer_comes_back(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as_program(cx);
    struct browser *clerk = officer_of(cx, CLERK), *police = officer_of(cx, POLICE);
    struct str work = str_fmt(cx->arena, "/viec/%.*s", F(d.code));
    assert_opens(clerk, str_fmt(cx->arena, "%.*s/xu-ly/xin-y-kien", F(work)).p, 200);
    assert_true(browser_press(clerk, "Gửi câu hỏi"));
    assert_int_equal(browser_page(clerk)->status, 422);
    assert_sees(clerk, "Gõ tên hoặc mã cơ quan cần hỏi");
    assert_true(browser_fill(clerk, "co_quan", "cong an phuong ky lua"));
    assert_true(browser_fill(clerk, "noi_dung_hoi", "<b>Cha</b> ở đâu?"));
    assert_true(browser_press(clerk, "Gửi câu hỏi"));
    assert_sees(clerk, "Đã gửi. Hạn trả lời");
    assert_opens(clerk, str_fmt(cx->arena, "%.*s?xem=y-kien", F(work)).p, 200);
    assert_sees(clerk, "Chờ trả lời");

    assert_opens(police, "/viec", 200);
    assert_sees(police, "Xin ý kiến 1");
    assert_opens(police, "/xin-y-kien", 200);
    assert_sees(police, "Phải trả lời 1");
    assert_true(browser_click(police, "Thủ tục đăng ký khai sinh"));
    assert_sees(police, "<b>Cha</b> ở đâu?");
    assert_true(browser_press(police, "Gửi trả lời"));
    assert_int_equal(browser_page(police)->status, 422);
    assert_sees(police, "Chọn một ý kiến");
    assert_true(browser_fill(police, "y_kien", "dong_y"));
    assert_true(browser_press(police, "Gửi trả lời"));
    assert_sees(police, "Đã gửi trả lời");
    assert_opens(police, work.p, 404); /* the dossier is not theirs */

    assert_opens(clerk, str_fmt(cx->arena, "%.*s?xem=nhat-ky", F(work)).p, 200);
    assert_sees(clerk, "đã cho ý kiến");
    assert_opens(clerk, "/xin-y-kien?ben=hoi&tinh-trang=xong", 200);
    assert_sees(clerk, "Đồng ý");
}

static void notes_late_and_hand_over_work_by_pages(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, accepted;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    bring_to(cx, &accepted, DOSSIER_ACCEPTED);
    testing_set_now(cx, d.due_at + DAY_MS);
    act_as_program(cx);
    struct browser *clerk = officer_of(cx, CLERK), *counter = officer_of(cx, COUNTER);
    struct str work = str_fmt(cx->arena, "/viec/%.*s", F(d.code));
    assert_opens(clerk, str_fmt(cx->arena, "%.*s?xem=ghi-chu", F(work)).p, 200);
    assert_true(browser_press(clerk, "Ghi chú"));
    assert_int_equal(browser_page(clerk)->status, 422);
    assert_sees(clerk, "Nhập nội dung ghi chú");
    assert_true(browser_fill(clerk, "ghi_chu", "Gọi lại sau 15 giờ."));
    assert_true(browser_press(clerk, "Ghi chú"));
    assert_sees(clerk, "Gọi lại sau 15 giờ.");

    assert_opens(clerk, "/tre-han", 200);
    assert_sees(clerk, "Đã quá hạn 1");
    assert_true(browser_click(clerk, "Ghi nguyên nhân…"));
    assert_true(browser_fill(clerk, "nguyen_nhan", "phuc_tap"));
    assert_true(browser_press(clerk, "Ghi nguyên nhân"));
    assert_opens(clerk, "/tre-han?nguyen-nhan=phuc_tap", 200);
    assert_sees(clerk, "Hồ sơ phức tạp, phải xác minh thêm");

    assert_opens(counter, "/viec", 200);
    assert_true(browser_press(counter, "Bàn giao"));
    assert_int_equal(browser_page(counter)->status, 422);
    assert_opens(counter, "/viec", 200);
    struct str pick =
        str_fmt(cx->arena, "%lld.%lld", (long long)accepted.id, (long long)accepted.version);
    assert_true(browser_fill(counter, "hs", pick.p));
    assert_true(browser_press(counter, "Bàn giao"));
    assert_sees(counter, "Đã bàn giao 1 hồ sơ");
    assert_opens(clerk, "/ban-giao?ben=nhan", 200);
    assert_true(browser_click(clerk, "Danh sách 01/BG"));
    assert_true(browser_press(clerk, "Xác nhận đã nhận đủ"));
    assert_sees(clerk, "Đã xác nhận nhận đủ hồ sơ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_other_agency_sees_what_it_was_asked_and_nothing_else),
        TEST(an_answer_is_given_once_and_the_clock_never_stopped),
        TEST(what_may_not_be_asked_is_refused_with_the_reason),
        TEST(only_who_asked_takes_it_back),
        TEST(a_question_that_fails_leaves_nothing_behind),
        TEST(notes_are_for_those_who_work_on_it_and_not_for_the_person),
        TEST(the_late_list_asks_for_causes),
        TEST(several_are_handed_over_with_one_list_and_the_other_side_confirms),
        TEST(a_hand_over_that_fails_hands_over_nothing),
        TEST(several_are_taken_and_what_another_has_stays_theirs),
        TEST(a_question_goes_to_the_other_desk_and_its_answer_comes_back),
        TEST(notes_late_and_hand_over_work_by_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
