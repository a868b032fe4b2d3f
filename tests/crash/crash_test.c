/* crash_test.c - a short form of `make crash`: three kills, three power cuts, one dropped fsync. */
#include "crash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The build says where they lie: CRASH_PROGRAM, CRASH_POWER. */
static struct crash_report run(const char *power, const char *drop)
{
    struct crash_report r;
    const struct crash_config c = {.program = CRASH_PROGRAM,
                                   .power = power,
                                   .drop = drop,
                                   .kills = 3,
                                   .counters = 2,
                                   .citizens = 1,
                                   .seed = UINT64_C(0x9E3779B97F4A7C15)};
    if (!crash_run(&c, &r))
        print_error("%s\n", r.what);
    return r;
}

static void assert_all_is_there(const struct crash_report *r)
{
    if (r->lost || r->kills < 3)
        print_error("%s\n", r->what);
    assert_int_equal(r->lost, 0);
    assert_in_range(r->kills, 3, 4);
    assert_true(r->acknowledged >= 12 && r->replayed > 0 && r->papers > 0);
}

static void what_was_acknowledged_survives_kills(void **)
{
    struct crash_report r = run(NULL, NULL);
    assert_all_is_there(&r);
}

static void what_was_acknowledged_survives_power_cuts(void **)
{
    struct crash_report r = run(CRASH_POWER, NULL);
    assert_all_is_there(&r);
}

static void a_server_that_drops_the_fsync_of_its_log_is_found_out(void **)
{
    struct crash_report r = run(CRASH_POWER, "core.db-wal");
    assert_true(r.kills >= 1);
    assert_true(r.lost > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_kills),
        cmocka_unit_test(what_was_acknowledged_survives_power_cuts),
        cmocka_unit_test(a_server_that_drops_the_fsync_of_its_log_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
