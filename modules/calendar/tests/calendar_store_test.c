/* calendar_store_test.c - calendars of units as rows: inherited, overruled, loaded again, missing.
 */
#include "calendar/calendar.h"
#include "journal/journal.h"
#include "journal/journal.h"
#include "org/org.h"
#include "testing/world.h"

static const struct module *const modules[] = {&journal_module, &org_module, &calendar_module,
                                               NULL};
static const char *const packs[] = {"lang-son", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs};

/* The country's days are the shipped ones; form and procedure files of that pack need their
 * modules. */
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

static struct pack_report load(struct cx *cx, const char *json, int64_t refused)
{
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0;
    assert_ok(
        test_write(cx, calendar_module.packs[0].load(cx, S("x.json"), str_c(json), &next, &r)));
    assert_int_equal(r.refused, refused);
    return r;
}

static const char country[] =
    "{\"unit\":\"\",\"year\":2026,\"sessions\":["
    "{\"weekday\":1,\"from\":\"07:30\",\"to\":\"11:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":1,\"from\":\"13:30\",\"to\":\"17:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":2,\"from\":\"07:30\",\"to\":\"11:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":2,\"from\":\"13:30\",\"to\":\"17:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":3,\"from\":\"07:30\",\"to\":\"11:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":3,\"from\":\"13:30\",\"to\":\"17:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":4,\"from\":\"07:30\",\"to\":\"11:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":4,\"from\":\"13:30\",\"to\":\"17:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":5,\"from\":\"07:30\",\"to\":\"11:30\",\"valid_from\":\"2020-01-01\"},"
    "{\"weekday\":5,\"from\":\"13:30\",\"to\":\"17:30\",\"valid_from\":\"2020-01-01\"}],"
    "\"days\":[{\"on\":\"2026-11-24\",\"kind\":\"holiday\",\"note\":\"Ngày Văn hóa Việt Nam\",\"basis\":\"NQ 28/2026\"}]}";
static const char commune[] =
    "{\"unit\":\"H37.114\",\"year\":2026,\"sessions\":[],"
    "\"days\":[{\"on\":\"2026-11-25\",\"kind\":\"holiday\",\"note\":\"Lễ hội\",\"basis\":\"QĐ 1\"}]}";

static bool works(struct cx *cx, const char *code, int day)
{
    struct org_unit u;
    struct calendar *c;
    int64_t at = civil_day(2026, 11, day);
    assert_ok(org_unit_by_code(cx, str_c(code), day_of(cx->now), &u));
    assert_ok(calendar_load(cx, u.id, at - 3, at + 3, &c));
    return calendar_is_working(c, at);
}

static void a_unit_inherits_the_country_and_adds_its_own(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, country, 0);
    (void)load(cx, commune, 0);
    assert_true(works(cx, "H37.114", 23));
    assert_false(works(cx, "H37.114", 24));
    assert_false(works(cx, "H37.114", 25));
    assert_false(works(cx, "H37.114.01", 25)); /* its centre too */
    assert_true(works(cx, "H37.115", 25));
    assert_false(works(cx, "H37.115", 24));
    assert_false(works(cx, "H37.115", 28)); /* Saturday */
}

static void loaded_again_nothing_doubles_and_what_is_gone_is_gone(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, country, 0);
    (void)load(cx, commune, 0);
    int64_t days = rows_of(cx, "calendar_day"), sessions = rows_of(cx, "calendar_session");
    (void)load(cx, country, 0);
    (void)load(cx, commune, 0);
    assert_int_equal(rows_of(cx, "calendar_day"), days);
    assert_int_equal(rows_of(cx, "calendar_session"), sessions);
    (void)load(cx, "{\"unit\":\"H37.114\",\"year\":2026,\"sessions\":[],\"days\":[]}", 0);
    assert_true(works(cx, "H37.114", 25));
    assert_false(works(cx, "H37.114", 24));
}

static void a_pack_loaded_again_says_what_changed(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r = load(cx, country, 0);
    assert_int_equal(r.added, 11);
    r = load(cx, country, 0);
    assert_int_equal(r.same, 11);
    assert_int_equal(r.added + r.changed, 0);
    (void)load(cx, commune, 0);
    r = load(
        cx,
        "{\"unit\":\"H37.114\",\"year\":2026,\"sessions\":[],\"days\":["
        "{\"on\":\"2026-11-25\",\"kind\":\"holiday\",\"note\":\"Lễ hội\",\"basis\":\"QĐ 2\"},"
        "{\"on\":\"2026-11-26\",\"kind\":\"holiday\",\"note\":\"Lễ hội\",\"basis\":\"QĐ 2\"}]}",
        0);
    assert_int_equal(r.changed, 1); /* the 25th has another basis */
    assert_int_equal(r.added, 1);
    r = load(cx, "{\"unit\":\"H37.114\",\"year\":2026,\"sessions\":[],\"days\":[]}", 0);
    assert_int_equal(r.changed, 2); /* both are gone */
}

static void a_session_or_day_that_is_none_is_refused_by_itself(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(
        cx,
        "{\"unit\":\"\",\"year\":2026,\"sessions\":[{\"weekday\":9,\"from\":\"07:30\",\"to\":\"11:30\",\"valid_from\":\"2020-01-01\"},"
        "{\"weekday\":1,\"from\":\"11:30\",\"to\":\"07:30\",\"valid_from\":\"2020-01-01\"}],"
        "\"days\":[{\"on\":\"2027-01-01\",\"kind\":\"holiday\"},{\"on\":\"2026-02-30\",\"kind\":\"holiday\"},{\"on\":\"2026-03-03\",\"kind\":\"party\"}]}",
        5);
    assert_int_equal(rows_of(cx, "calendar_day"), 0);
    assert_int_equal(rows_of(cx, "calendar_session"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_unit_inherits_the_country_and_adds_its_own),
        TEST(a_session_or_day_that_is_none_is_refused_by_itself),
        TEST(loaded_again_nothing_doubles_and_what_is_gone_is_gone),
        TEST(a_pack_loaded_again_says_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
