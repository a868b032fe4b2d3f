/* onestop_calendar_test.c - calendars that change under dossiers; an extension after a pause. */
#include "calendar/calendar.h"

#include "onestop_fixture.h"

static void load_holiday(struct cx *cx, const char *json)
{
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0;
    act_as_program(cx);
    assert_ok(
        test_write(cx, calendar_module.packs[0].load(cx, S("x.json"), str_c(json), &next, &r)));
    assert_int_equal(r.refused, 0);
}

static void a_calendar_edited_later_moves_no_appointment_that_was_given(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    testing_set_now(cx, at(23, 11, 16, 0));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    int64_t due = d.due_at, shown = d.due_shown_at;
    assert_int_equal(due, at(25, 11, 17, 30)); /* the 24th is a holiday */
    load_holiday(
        cx, "{\"unit\":\"H37.114\",\"year\":2026,\"sessions\":[],\"days\":["
            "{\"on\":\"2026-11-25\",\"kind\":\"holiday\",\"note\":\"Hội\",\"basis\":\"QĐ 1\"}]}");
    let_jobs_run(cx, &d);
    assert_int_equal(d.due_at, due);
    assert_int_equal(d.due_shown_at, shown);
    struct dossier next; /* whoever comes now is promised by the new one */
    bring_to(cx, &next, DOSSIER_ACCEPTED);
    assert_int_equal(next.due_at, at(26, 11, 17, 30));
}

static void an_extension_given_after_a_pause_holds_and_a_later_pause_stretches_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_STOPPED);
    testing_set_now(cx, at(26, 11, 10, 0));
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_resume(cx, &d, S("Hết tranh chấp."))));
    assert_int_equal(d.due_at, at(26, 11, 17, 30));
    assert_ok(test_write(cx, onestop_extend(cx, &d, civil_day(2026, 11, 30), S("Mất điện."))));
    assert_int_equal(d.due_at, at(30, 11, 17, 30));
    testing_set_now(cx, at(27, 11, 8, 0));
    assert_ok(test_write(cx, onestop_stop(cx, &d, S("Có đơn."), S("Quyết định 16/QĐ-UBND"))));
    testing_set_now(cx, at(30, 11, 8, 0)); /* eight working hours */
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_resume(cx, &d, S("Đã rõ."))));
    assert_int_equal(d.due_at, at(1, 12, 17, 30));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_calendar_edited_later_moves_no_appointment_that_was_given),
        TEST(an_extension_given_after_a_pause_holds_and_a_later_pause_stretches_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
