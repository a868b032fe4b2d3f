/* space_test.c - a disk without room, without names, read-only, under a short load. */
#include "space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void a_full_disk_is_said_read_from_and_loses_nothing(void **)
{
    struct space_report r;
    const struct space_asked asked = {
        .program = CRASH_PROGRAM, .library = CRASH_FAULT, .refusals = 6};
    assert_true(space_run(&asked, &r));
    if (r.skipped[0]) {
        print_message("not tried: %s\n", r.skipped);
        skip();
    }
    if (r.lost)
        print_error("%s\n", r.what);
    assert_int_equal(r.lost, 0);
    assert_int_equal(r.phases, 3);
    assert_true(r.refused >= 18 && r.read >= 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_said_read_from_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
