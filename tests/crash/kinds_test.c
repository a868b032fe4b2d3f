/* kinds_test.c - a short form of the faults of each kind of job: every registered kind has work in
 * the folder, and two of them are killed at their first step or give up. */
#include "kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void every_registered_kind_of_job_has_its_walk_under_faults(void **)
{
    static const char *const some[] = {"codelist.apply", "statistic.sign", NULL};
    struct kinds_report r;
    const struct kinds_asked asked = {.of = {.program = CRASH_PROGRAM,
                                             .library = CRASH_FAULT,
                                             .self = "/proc/self/exe",
                                             .n_first = 1,
                                             .n_most = 1,
                                             .kinds = 1U << FAULT_KILL | 1U << FAULT_GIVEN_UP},
                                      .only = some};
    assert_true(kinds_run(&asked, &r));
    if (r.of.lost)
        print_error("%s\n", r.of.what);
    assert_int_equal(r.of.lost, 0);
    assert_int_equal(r.walked, 2);
    assert_true(r.registered > 30);
    assert_int_equal(r.of.met, 4);
    assert_int_equal(r.of.of[FAULT_KILL].died, 2);
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--make") == 0)
        return kinds_make(argv[2]);
    if (argc >= 3 && strncmp(argv[1], "--", 2) == 0)
        return background_step(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_registered_kind_of_job_has_its_walk_under_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
