/* calendar_lunar_test.c - Tết and Giỗ Tổ against published dates; holidays that the law itself
 * sets.
 */
#include "calendar/calendar.h"

#include "../calendar_inside.h"

#include <cmocka.h>

static struct env test_env = {.clock = clock_system, .random = random_system};
static struct cx context;

static void tet_and_gio_to_fall_on_the_published_days(void **state)
{
    (void)state;
    static const struct {
        int year;
        const char *tet;
        int last_month; /* days of the month before Tết */
        const char *ancestors;
    } rows[] = {
        {2025, "2025-01-29", 29, "2025-04-07"}, {2026, "2026-02-17", 29, "2026-04-26"},
        {2027, "2027-02-06", 29, "2027-04-16"}, {2028, "2028-01-26", 29, "2028-04-04"},
        {2029, "2029-02-13", 29, "2029-04-23"}, {2030, "2030-02-02", 29, "2030-04-12"},
        {2031, "2031-01-23", 29, "2031-04-01"}, {2032, "2032-02-11", 29, "2032-04-19"},
        {2033, "2033-01-31", 30, "2033-04-09"}, {2034, "2034-02-19", 30, "2034-04-28"},
        {2035, "2035-02-08", 30, "2035-04-17"}, {2036, "2036-01-28", 30, "2036-04-06"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t tet = calendar_lunar_day(rows[i].year, 1, 1);
        struct str got = date_iso(context.arena, tet);
        if (!str_eq(got, str_c(rows[i].tet)))
            fail_msg("Tết %d: %.*s", rows[i].year, F(got));
        assert_int_equal(tet - calendar_lunar_day(rows[i].year - 1, 12, 1), rows[i].last_month);
        got = date_iso(context.arena, calendar_lunar_day(rows[i].year, 3, 10));
        if (!str_eq(got, str_c(rows[i].ancestors)))
            fail_msg("Giỗ Tổ %d: %.*s", rows[i].year, F(got));
    }
}

static void the_zone_is_ours_where_a_table_of_utc_8_differs(void **state)
{
    (void)state;
    static const struct {
        int year;
        const char *tet;
    } rows[] = {{1985, "1985-01-21"}, {2007, "2007-02-17"}, {2030, "2030-02-02"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str got = date_iso(context.arena, calendar_lunar_day(rows[i].year, 1, 1));
        if (!str_eq(got, str_c(rows[i].tet)))
            fail_msg("Tết %d: %.*s", rows[i].year, F(got));
    }
}

static void a_lunar_year_has_twelve_or_thirteen_months(void **state)
{
    (void)state;
    for (int year = CALENDAR_YEAR_MIN; year < CALENDAR_YEAR_MAX; year++) {
        int64_t days = calendar_lunar_day(year + 1, 1, 1) - calendar_lunar_day(year, 1, 1);
        assert_true((days >= 353 && days <= 355) || (days >= 383 && days <= 385));
        for (int month = 1; month < 12; month++) {
            int64_t n = calendar_lunar_day(year, month + 1, 1) - calendar_lunar_day(year, month, 1);
            assert_true(n == 29 || n == 30 || (n >= 58 && n <= 60)); /* with the leap one */
        }
    }
}

static bool rests(int year, const char *date)
{
    struct calendar_holiday off[CALENDAR_HOLIDAYS_MAX];
    int64_t day = 0;
    assert_true(date_parse(str_c(date), &day));
    size_t n = calendar_statutory(year, off);
    for (size_t i = 0; i < n; i++)
        if (off[i].day == day)
            return true;
    return false;
}

static void a_holiday_on_a_rest_day_is_made_up_on_the_next_working_day(void **state)
{
    (void)state;
    assert_true(rests(2026, "2026-04-26")); /* Giỗ Tổ, a Sunday */
    assert_true(rests(2026, "2026-04-27"));
    assert_false(rests(2026, "2026-04-28"));
    assert_true(rests(2033, "2033-04-11")); /* 9 April 2033 is a Saturday */
    assert_true(rests(2036, "2036-04-07"));
    assert_true(rests(2026, "2026-11-24"));
    assert_false(rests(2025, "2025-11-24")); /* the day of culture is of 2026 */
    assert_true(rests(2025, "2025-09-01"));  /* as decided */
    assert_true(rests(2026, "2026-09-01"));
    assert_true(rests(2027, "2027-02-11")); /* five days of Tết, two of them a weekend */
}

static void a_year_without_a_calendar_rests_as_the_law_says(void **state)
{
    (void)state;
    struct calendar *c;
    struct str text = S("{\"unit\":\"\",\"year\":2026,\"sessions\":["
                        "{\"weekday\":1,\"from\":\"07:30\",\"to\":\"11:30\"},"
                        "{\"weekday\":2,\"from\":\"07:30\",\"to\":\"11:30\"}],\"days\":[]}");
    assert_int_equal(
        calendar_of_files(&context, &text, 1, civil_day(2026, 1, 1), civil_day(2028, 12, 31), &c),
        OK);
    assert_false(calendar_is_expected(c, 2026));
    assert_true(calendar_is_expected(c, 2028));
    assert_true(calendar_is_working(c, civil_day(2026, 9, 1)));  /* the file says no day of 2026 */
    assert_false(calendar_is_working(c, civil_day(2028, 4, 4))); /* Giỗ Tổ, a Tuesday */
    assert_true(calendar_is_working(c, civil_day(2028, 4, 11)));
}

static int set_up(void **state)
{
    (void)state;
    context =
        (struct cx){.arena = arena_new((size_t)1 << 26), .env = &test_env, .actor = &actor_program};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(context.arena);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tet_and_gio_to_fall_on_the_published_days),
        TEST(the_zone_is_ours_where_a_table_of_utc_8_differs),
        TEST(a_lunar_year_has_twelve_or_thirteen_months),
        TEST(a_holiday_on_a_rest_day_is_made_up_on_the_next_working_day),
        TEST(a_year_without_a_calendar_rests_as_the_law_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
