/* time_test.c - days and instants, with the C library as the judge. */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

static struct arena *arena;

static int setup(void **)
{
    arena = arena_new((size_t)1 << 20);
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

#define assert_text(s, expected) assert_string_equal(str_z(arena, (s)), (expected))

static void every_day_is_counted_as_the_c_library_counts_it(void **)
{
    for (int64_t day = civil_day(1583, 1, 1); day <= civil_day(2500, 12, 31); day++) {
        time_t t = (time_t)(day * 86400);
        struct tm tm;
        gmtime_r(&t, &tm);
        int y, m, d;
        civil_from_day(day, &y, &m, &d);
        assert_true(y == tm.tm_year + 1900 && m == tm.tm_mon + 1 && d == tm.tm_mday);
        assert_int_equal(civil_day(y, m, d), day);
        assert_true(civil_valid(y, m, d));
        assert_int_equal(civil_at(day * DAY_MS).weekday, tm.tm_wday);
    }
}

static void days_that_do_not_exist_are_refused(void **)
{
    assert_true(civil_valid(2024, 2, 29));
    assert_false(civil_valid(2023, 2, 29));
    assert_true(civil_valid(2000, 2, 29));
    assert_false(civil_valid(1900, 2, 29));
    assert_false(civil_valid(2026, 4, 31));
    assert_false(civil_valid(2026, 13, 1));
    assert_false(civil_valid(2026, 0, 1));
    assert_false(civil_valid(2026, 1, 0));
    assert_false(civil_valid(0, 1, 1));
    assert_false(civil_valid(10000, 1, 1));
}

static void the_local_day_begins_seven_hours_before_utc(void **)
{
    int64_t midnight = civil_day(2026, 11, 23) * DAY_MS - 7 * HOUR_MS;
    assert_int_equal(day_of(midnight), civil_day(2026, 11, 23));
    assert_int_equal(day_of(midnight - 1), civil_day(2026, 11, 22));
    assert_int_equal(day_of(-1), 0); /* 06:59:59.999 on 1970-01-01 */
    assert_int_equal(day_of(-8 * HOUR_MS), -1);
}

static void instants_are_taken_apart_and_put_together(void **)
{
    for (int64_t ms = INT64_C(-3000000000000); ms < INT64_C(5000000000000);
         ms += INT64_C(7777777771)) {
        struct civil c = civil_at(ms);
        assert_true(civil_valid(c.year, c.month, c.day));
        assert_in_range(c.hour, 0, 23);
        assert_in_range(c.minute, 0, 59);
        assert_in_range(c.second, 0, 59);
        assert_in_range(c.ms, 0, 999);
        assert_int_equal(civil_ms(&c), ms);
    }
}

static void dates_are_read_exactly(void **)
{
    int64_t day, ms;
    assert_true(date_parse(S("2026-11-23"), &day));
    assert_int_equal(day, civil_day(2026, 11, 23));
    assert_true(local_time_parse(S("2026-11-23T09:14"), &ms));
    assert_text(time_iso(arena, ms), "2026-11-23T09:14:00+07:00");
    static const char *const dates[] = {"",           "2026-11-3",  "2026-11-031", "2026/11/23",
                                        "2026-02-30", "2026-1a-23", " 2026-11-23", "0000-01-01",
                                        "+026-11-23"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        assert_false(date_parse(str_c(dates[i]), &day));
    static const char *const times[] = {
        "2026-11-23",      "2026-11-23 09:14",    "2026-11-23T24:00", "2026-11-23T09:60",
        "2026-11-23T9:14", "2026-11-23T09:14:00", "2026-11-31T09:14"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        assert_false(local_time_parse(str_c(times[i]), &ms));
}

static void people_read_dates_their_way(void **)
{
    int64_t ms, day;
    assert_true(local_time_parse(S("2026-11-30T17:30"), &ms) && date_parse(S("2026-01-02"), &day));
    assert_text(time_vi(arena, ms), "17:30, 30/11/2026");
    assert_text(time_long_vi(arena, ms), "17:30 thứ Hai, 30/11/2026");
    assert_text(time_long_vi(arena, ms - DAY_MS), "17:30 Chủ nhật, 29/11/2026");
    assert_text(date_vi(arena, day), "02/01/2026");
    assert_text(date_vi(arena, civil_day(7, 1, 2)), "02/01/0007");
    assert_text(date_vi(arena, civil_day(12026, 1, 2)), "02/01/12026"); /* as wide as it is */
    assert_text(date_iso(arena, day), "2026-01-02");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_day_is_counted_as_the_c_library_counts_it),
        TEST(days_that_do_not_exist_are_refused),
        TEST(the_local_day_begins_seven_hours_before_utc),
        TEST(instants_are_taken_apart_and_put_together),
        TEST(dates_are_read_exactly),
        TEST(people_read_dates_their_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
