/* onestop_redate_test.c - a changed calendar moves appointments only by an order with its legal
 * basis, tried first, done as it was seen, once. */
#include "onestop/onestop_redate.h"
#include "onestop_fixture.h"

#define CONTROLLER "kiemsoat"

static void load_days(struct cx *cx, const char *unit, const char *days)
{
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0;
    act_as_program(cx);
    struct str json = str_fmt(
        cx->arena, "{\"unit\":\"%s\",\"year\":2026,\"sessions\":[],\"days\":[%s]}", unit, days);
    assert_ok(test_write(cx, calendar_module.packs[0].load(cx, S("x.json"), json, &next, &r)));
    assert_int_equal(r.refused, 0);
}
#define STORM "{\"on\":\"2026-11-25\",\"kind\":\"holiday\",\"note\":\"Bão\",\"basis\":\"QĐ 1\"}"
#define WORKS "{\"on\":\"2026-11-24\",\"kind\":\"makeup\",\"note\":\"Làm\",\"basis\":\"QĐ 2\"}"

static void act_as_controller(struct cx *cx)
{
    act_as(cx, CONTROLLER);
    assert_true(identity_grant(cx, cx->actor, &onestop_redate_right, &cx->scope, NULL));
}

static struct redate_new order_of(bool earlier)
{
    return (struct redate_new){
        .from_day = civil_day(2026, 11, 24),
        .to_day = civil_day(2026, 11, 25),
        .basis_on = civil_day(2026, 11, 20),
        .basis_no = S("12/QĐ-UBND"),
        .basis_by = S("UBND tỉnh Lạng Sơn"),
        .earlier = earlier,
    };
}

static void run_jobs(struct cx *cx)
{
    int ran;
    act_as_program(cx);
    assert_ok(jobs_run_due(cx, &ran));
}

static void again(struct cx *cx, struct redate *r)
{
    assert_ok(onestop_store_redate_any(cx, r->id, r));
}

static struct redate tried(struct cx *cx, bool earlier)
{
    struct redate r;
    const struct redate_new n = order_of(earlier);
    act_as_controller(cx);
    assert_ok(test_write(cx, onestop_redate_start(cx, &n, &r)));
    run_jobs(cx);
    again(cx, &r);
    assert_int_equal(r.state, REDATE_TRIED);
    return r;
}

static void let_it_be_done(struct cx *cx, struct redate *r)
{
    act_as_controller(cx);
    assert_ok(test_write(cx, onestop_redate_go(cx, r)));
    run_jobs(cx);
    again(cx, r);
}

static int told(struct cx *cx, const char *login, const char *title)
{
    struct notice_row rows[20];
    size_t n;
    int found = 0;
    act_as(cx, login);
    assert_ok(notify_mine(cx, 0, rows, 20, &n));
    for (size_t i = 0; i < n; i++)
        found += str_eq(rows[i].title, str_c(title));
    return found;
}
#define NEW_DAY "Ngày hẹn trả kết quả được tính lại"

static void a_changed_calendar_moves_an_appointment_by_an_order_alone(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    assert_int_equal(d.due_at, at(25, 11, 17, 30)); /* the 24th is a holiday */
    load_days(cx, "H37.114", STORM);
    struct redate r = tried(cx, false);
    assert_int_equal(r.seen, 1);
    assert_int_equal(r.later, 1);
    assert_int_equal(r.sooner + r.kept + r.unlate, 0);
    read_again(cx, &d);
    assert_int_equal(d.due_at, at(25, 11, 17, 30)); /* tried, not moved */
    assert_int_equal(told(cx, MAI, NEW_DAY), 0);
    let_it_be_done(cx, &r);
    assert_int_equal(r.state, REDATE_DONE);
    assert_int_equal(r.moved, 1);
    read_again(cx, &d);
    assert_int_equal(d.due_at, at(26, 11, 17, 30));
    assert_int_equal(d.original_due_at, at(25, 11, 17, 30));
    assert_contains(events_of(cx, &d), "dossier.redated");
    assert_int_equal(told(cx, MAI, NEW_DAY), 1);
    struct moment moments[20];
    size_t n;
    act_as(cx, MAI);
    assert_ok(onestop_timeline(cx, &d, moments, 20, &n));
    assert_contains(moments[0].title, "12/QĐ-UBND ngày 20/11/2026 của UBND tỉnh Lạng Sơn");
    act_as_controller(cx); /* over is over */
    assert_int_equal(test_write(cx, onestop_redate_go(cx, &r)), ERR_CONFLICT);
    assert_int_equal(test_write(cx, onestop_redate_drop(cx, &r)), ERR_CONFLICT);
}

static void an_appointment_becomes_earlier_only_where_the_order_says_so(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    load_days(cx, "H37.114", WORKS);
    struct redate r = tried(cx, false);
    assert_int_equal(r.kept, 1);
    assert_int_equal(r.later + r.sooner, 0);
    act_as_controller(cx);
    assert_int_equal(test_write(cx, onestop_redate_go(cx, &r)), ERR_CONFLICT); /* nothing to do */
    r = tried(cx, true);
    assert_int_equal(r.sooner, 1);
    let_it_be_done(cx, &r);
    read_again(cx, &d);
    assert_int_equal(d.due_at, at(24, 11, 17, 30));
}

/* Even then nothing becomes late by being counted anew. */
static void nothing_becomes_late_by_being_counted_anew(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    load_days(cx, "H37.114", WORKS);
    testing_set_now(cx, at(25, 11, 8, 0)); /* after the earlier instant */
    struct redate r = tried(cx, true);
    assert_int_equal(r.kept, 1);
    assert_int_equal(r.sooner, 0);
}

static void what_was_late_by_the_old_calendar_is_counted_apart(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    load_days(cx, "H37.114", STORM);
    testing_set_now(cx, at(26, 11, 8, 0));
    struct redate r = tried(cx, false);
    assert_int_equal(r.unlate, 1);
    let_it_be_done(cx, &r);
    read_again(cx, &d);
    assert_int_equal(onestop_due_class(&d, cx->now), DUE_SOON);
}

static void what_has_changed_since_it_was_tried_is_left_as_it_is(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier asked, moved;
    const struct supplement_item item = {S(BORN_PAPER), S("Ảnh mờ, chụp lại.")};
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &asked, DOSSIER_PROCESSING);
    bring_to(cx, &moved, DOSSIER_PROCESSING);
    load_days(cx, "H37.114", STORM);
    struct redate r = tried(cx, false);
    assert_int_equal(r.later, 2);
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_ask(cx, &asked, S("Thiếu xác nhận."), &item, 1)));
    let_it_be_done(cx, &r);
    assert_int_equal(r.moved, 1);
    assert_int_equal(r.left_out, 1);
    read_again(cx, &asked);
    assert_int_equal(asked.due_at, at(25, 11, 17, 30));
    assert_int_equal(told(cx, MAI, NEW_DAY), 1);
}

static void other_units_and_other_days_are_not_touched(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct redate r;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    load_days(cx, "H37.114", STORM);
    struct redate_new n = order_of(false);
    n.unit_code = S("H37.01");
    act_as_controller(cx);
    assert_ok(test_write(cx, onestop_redate_start(cx, &n, &r)));
    run_jobs(cx);
    again(cx, &r);
    assert_int_equal(r.seen, 0);
    n.unit_code = S("H37.114");
    n.from_day = n.to_day = civil_day(2026, 12, 20);
    act_as_controller(cx);
    assert_ok(test_write(cx, onestop_redate_start(cx, &n, &r)));
    run_jobs(cx);
    again(cx, &r);
    assert_int_equal(r.seen, 0);
}

/* More than one round; each round fails at every call in turn, as a program that dies in it. */
static void interrupted_anywhere_each_is_moved_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier all[10];
    struct redate r;
    bool more = true;
    testing_set_now(cx, at(23, 11, 16, 0));
    for (int i = 0; i < 10; i++)
        bring_to(cx, &all[i], DOSSIER_PROCESSING);
    load_days(cx, "H37.114", STORM);
    r = tried(cx, false);
    assert_int_equal(r.later, 10);
    act_as_controller(cx);
    assert_ok(test_write(cx, onestop_redate_go(cx, &r)));
    const int64_t id = r.id;
    int rounds = 0;
    for (int calls = 0; more; rounds++) {
        enum err e = ERR_IO;
        for (calls = 1; e != OK; calls += 37) {
            const int64_t before = rows_of(cx, "notify_notice");
            db_fail_at(cx, calls);
            e = test_write(cx, onestop_redate_turn(cx, id, &r, &more));
            db_fail_at(cx, 0);
            if (e != OK)
                assert_int_equal(rows_of(cx, "notify_notice"), before);
        }
        assert_true(calls > 75);
    }
    assert_int_equal(rounds, 2);
    run_jobs(cx); /* the job itself finds it done */
    again(cx, &r);
    assert_int_equal(r.state, REDATE_DONE);
    assert_int_equal(r.moved, 10);
    for (int i = 0; i < 10; i++) {
        struct str events = events_of(cx, &all[i]);
        size_t first;
        read_again(cx, &all[i]);
        assert_int_equal(all[i].due_at, at(26, 11, 17, 30));
        assert_true(str_find(events, S("dossier.redated"), &first));
        assert_false(str_find(str_from(events, first + 1), S("dossier.redated"), NULL));
    }
    assert_int_equal(told(cx, MAI, NEW_DAY), 10);
}

static void an_extension_whose_day_became_a_day_of_rest_goes_to_the_next(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 26), S("Mất điện."))));
    load_days(cx, "H37.114",
              "{\"on\":\"2026-11-26\",\"kind\":\"holiday\",\"note\":\"Bão\",\"basis\":\"QĐ 1\"}");
    struct redate r = tried(cx, false);
    assert_int_equal(r.later, 1);
    let_it_be_done(cx, &r);
    read_again(cx, &d);
    assert_int_equal(d.due_at, at(27, 11, 17, 30));
}

static void each_mistake_names_its_field(void **t)
{
    struct cx *cx = test_cx(t);
    struct redate r;
    const struct {
        struct redate_new n;
        const char *field;
    } wrong[] = {
        {{.basis_no = S(""), .from_day = 1, .to_day = 1}, "so_van_ban"},
        {{.basis_no = S("1"), .from_day = 1, .to_day = 1}, "ngay_van_ban"},
        {{.basis_no = S("1"), .basis_on = 99999}, "ngay_van_ban"},
        {{.basis_no = S("1"), .basis_on = 1, .basis_by = S("")}, "co_quan"},
        {{.basis_no = S("1"), .basis_on = 1, .basis_by = S("U")}, "tu_ngay"},
        {{.basis_no = S("1"), .basis_on = 1, .basis_by = S("U"), .from_day = 9}, "den_ngay"},
        {{.basis_no = S("1"), .basis_on = 1, .basis_by = S("U"), .from_day = 9, .to_day = 8},
         "den_ngay"},
        {{.basis_no = S("1"),
          .basis_on = 1,
          .basis_by = S("U"),
          .from_day = 9,
          .to_day = 9,
          .unit_code = S("H99")},
         "don_vi"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        act_as_controller(cx);
        assert_int_equal(test_write(cx, onestop_redate_start(cx, &wrong[i].n, &r)), ERR_INVALID);
        assert_true(str_eq(cx->field, str_c(wrong[i].field)));
    }
    struct redate_new n = order_of(false); /* a unit that is not theirs */
    n.unit_code = S("H37.01");
    act_as_controller(cx);
    cx->scope.unit = unit_of(cx, "H37.114");
    cx->scope.kind = SCOPE_UNIT;
    assert_int_equal(test_write(cx, onestop_redate_start(cx, &n, &r)), ERR_DENIED);
    assert_int_equal(rows_of(cx, "onestop_redate"), 0);
}

static void the_officer_sees_it_all_before_it_is_done_and_may_stop_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    load_days(cx, "H37.114", STORM);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, CONTROLLER);
    assert_opens(b, "/quan-tri/tinh-lai-hen", 200);
    assert_true(browser_press(b, "Tính thử"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Nhập số, ký hiệu văn bản");
    assert_true(browser_fill(b, "so_van_ban", "12/QĐ-UBND"));
    assert_true(browser_fill(b, "ngay_van_ban", "20/11/2026"));
    assert_true(browser_fill(b, "co_quan", "UBND tỉnh Lạng Sơn"));
    assert_true(browser_fill(b, "tu_ngay", "25/11/2026"));
    assert_true(browser_fill(b, "den_ngay", "25/11/2026"));
    assert_true(browser_press(b, "Tính thử"));
    struct str order = str_dup(cx->arena, browser_page(b)->target);
    assert_sees(b, "Đang tính thử");
    assert_true(browser_click(b, "Xem tiến độ, dừng")); /* ended before it began */
    assert_true(browser_press(b, "Dừng việc này"));
    assert_opens(b, order.p, 200);
    assert_sees(b, "dừng giữa chừng");
    assert_true(browser_press(b, "Chạy tiếp"));
    run_jobs(cx);
    assert_opens(b, order.p, 200);
    assert_sees(b, "Chờ quyết định");
    assert_true(browser_sees(b, d.code));
    assert_sees(b, "17:30, 25/11/2026");
    assert_sees(b, "Muộn hơn");
    assert_true(browser_press(b, "Dời 1 ngày hẹn"));
    run_jobs(cx);
    assert_opens(b, order.p, 200);
    assert_sees(b, "Đã dời xong");
    read_again(cx, &d);
    assert_int_equal(d.due_at, at(26, 11, 17, 30));
    b = signed_in_as(cx, CLERK); /* no such right */
    assert_opens(b, order.p, 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_changed_calendar_moves_an_appointment_by_an_order_alone),
        TEST(an_appointment_becomes_earlier_only_where_the_order_says_so),
        TEST(nothing_becomes_late_by_being_counted_anew),
        TEST(what_was_late_by_the_old_calendar_is_counted_apart),
        TEST(what_has_changed_since_it_was_tried_is_left_as_it_is),
        TEST(other_units_and_other_days_are_not_touched),
        TEST(interrupted_anywhere_each_is_moved_once),
        TEST(an_extension_whose_day_became_a_day_of_rest_goes_to_the_next),
        TEST(each_mistake_names_its_field),
        TEST(the_officer_sees_it_all_before_it_is_done_and_may_stop_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
