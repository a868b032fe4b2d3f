/* calendar_desk_test.c - an officer says sessions, holidays and make-up days of a unit; who may,
 * and that each word has its basis and its event. */
#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "testing/browser.h"
#include "testing/world.h"

#include "../calendar_desk.h"

static const struct module *const modules[] = {
    &journal_module,   &org_module, &calendar_module, &identity_module, &form_module,
    &procedure_module, NULL};
static const char *const packs[] = {"roles", "quoc-gia", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .frame = look_frame, .demo = true};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static struct browser *sign_in(struct cx *cx, const char *login)
{
    return testing_person(cx, login, IDENTITY_DEMO_PASSWORD);
}

static int64_t unit_of(struct cx *cx, const char *code)
{
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, str_c(code), day_of(cx->now), &u));
    return u.id;
}

static bool works(struct cx *cx, const char *code, int64_t day)
{
    struct calendar *c;
    assert_ok(calendar_load(cx, unit_of(cx, code), day - 1, day + 1, &c));
    return calendar_is_working(c, day);
}

static void a_day_said_for_a_unit_holds_for_it_and_all_below(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = sign_in(cx, "kiemsoat");
    int64_t day = civil_day(2026, 12, 15), events = rows_of(cx, "journal_event");
    assert_opens(b, "/quan-tri/lich?don-vi=H37.114&nam=2026", 200);
    assert_sees(b, "Ngày Văn hóa Việt Nam"); /* inherited from the country */
    assert_true(browser_fill(b, "ngay", "15/12/2026"));
    assert_true(browser_fill(b, "loai", "holiday"));
    assert_true(browser_fill(b, "ten", "Hội phường"));
    assert_true(browser_press(b, "Lưu ngày"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Ghi văn bản quy định ngày này.");
    assert_true(browser_fill(b, "can_cu", "QĐ 12/QĐ-UBND"));
    assert_true(browser_press(b, "Lưu ngày"));
    assert_sees(b, "Hội phường");
    assert_sees(b, "QĐ 12/QĐ-UBND");
    assert_false(works(cx, "H37.114", day));
    assert_false(works(cx, "H37.114.01", day));
    assert_true(works(cx, "H37.115", day));
    assert_int_equal(rows_of(cx, "journal_event"), events + 1);
    assert_true(browser_press(b, "Bỏ ngày 15/12/2026"));
    assert_true(works(cx, "H37.114", day));
    assert_int_equal(rows_of(cx, "journal_event"), events + 2);
}

static void sessions_change_from_a_day_on_and_are_inherited_again(void **t)
{
    struct cx *cx = test_cx(t);
    const struct session_row saturday[] = {
        {.weekday = 1, .from_minute = 480, .to_minute = 720},
        {.weekday = 6, .from_minute = 480, .to_minute = 720},
    };
    int64_t unit = unit_of(cx, "H37.114"), from = civil_day(2026, 12, 7); /* a Monday */
    struct sessions_act act = {unit, from, saturday, 2, S("QĐ 7")};
    cx->scope = (struct scope){.kind = SCOPE_ALL};
    assert_ok(test_write(cx, calendar_say_sessions(cx, &act)));
    assert_true(works(cx, "H37.114", from - 3));  /* Friday before: as the country */
    assert_false(works(cx, "H37.114", from - 2)); /* Saturday before */
    assert_true(works(cx, "H37.114", from + 5));  /* Saturday after */
    assert_false(works(cx, "H37.114", from + 1)); /* Tuesday after */
    assert_true(works(cx, "H37.115", from + 1));
    act = (struct sessions_act){unit, from + 14, NULL, 0, S("QĐ 8")};
    assert_ok(test_write(cx, calendar_say_sessions(cx, &act)));
    assert_true(works(cx, "H37.114", from + 5));
    assert_true(works(cx, "H37.114", from + 15)); /* the country's Tuesday again */
    assert_false(works(cx, "H37.114", from + 19));
    act = (struct sessions_act){0, from, NULL, 0, S("QĐ 9")};
    assert_err(test_write(cx, calendar_say_sessions(cx, &act)), ERR_INVALID);
    const struct session_row wrong[] = {{.weekday = 1, .from_minute = 720, .to_minute = 480}};
    act = (struct sessions_act){unit, from, wrong, 1, S("QĐ 9")};
    assert_err(test_write(cx, calendar_say_sessions(cx, &act)), ERR_INVALID);
}

static void a_year_without_a_notice_is_shown_as_the_law_says_and_can_be_written_down(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = sign_in(cx, "kiemsoat");
    assert_opens(b, "/quan-tri/lich?nam=2028", 200);
    assert_sees(b, "Chưa có lịch nghỉ năm 2028");
    assert_sees(b, "04/04/2028"); /* Giỗ Tổ */
    assert_true(browser_press(b, "Ghi các ngày này thành lịch để sửa"));
    assert_not_sees(b, "Chưa có lịch nghỉ năm 2028");
    assert_false(works(cx, "H37", civil_day(2028, 4, 4)));
    cx->scope = (struct scope){.kind = SCOPE_ALL};
    assert_err(test_write(cx, calendar_say_year(cx, 2028)), ERR_CONFLICT);
}

static void nobody_changes_a_calendar_out_of_reach(void **t)
{
    struct cx *cx = test_cx(t);
    struct day_row d = {
        .day = civil_day(2026, 12, 15), .kind = S("holiday"), .note = S("Hội"), .basis = S("QĐ 1")};
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, S("H37.114"), day_of(cx->now), &u));
    struct actor officer = *cx->actor;
    officer.unit = u.id;
    cx->actor = &officer;
    cx->scope = (struct scope){.kind = SCOPE_UNIT_TREE, .unit = u.id, .unit_path = u.path};
    assert_err(test_write(cx, calendar_say_day(cx, &d)), ERR_DENIED); /* the country */
    d.unit = unit_of(cx, "H37.115");
    assert_err(test_write(cx, calendar_say_day(cx, &d)), ERR_DENIED);
    d.unit = unit_of(cx, "H37.114.01");
    assert_ok(test_write(cx, calendar_say_day(cx, &d)));
    struct browser *b = browser_new(cx);
    browser_follow(b, false);
    assert_opens(b, "/quan-tri/lich", 303);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_said_for_a_unit_holds_for_it_and_all_below),
        TEST(sessions_change_from_a_day_on_and_are_inherited_again),
        TEST(a_year_without_a_notice_is_shown_as_the_law_says_and_can_be_written_down),
        TEST(nobody_changes_a_calendar_out_of_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
