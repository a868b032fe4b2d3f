/* background_test.c - a short form of the faults inside jobs: some calls of four kinds. */
#include "background.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void what_fails_inside_a_job_is_done_once_later(void **)
{
    struct background_report r;
    const struct background_asked asked = {
        .program = CRASH_PROGRAM,
        .library = CRASH_FAULT,
        .self = "/proc/self/exe",
        .n_first = 1,
        .n_most = 1,
        .kinds = 1U << FAULT_FSYNC | 1U << FAULT_NETWORK | 1U << FAULT_KEYD_GONE |
                 1U << FAULT_KEYD_LATE | 1U << FAULT_KILL,
    };
    assert_true(background_run(&asked, &r));
    if (r.lost)
        print_error("%s\n", r.what);
    assert_int_equal(r.lost, 0);
    assert_int_equal(r.met, 5);
    assert_int_equal(r.of[FAULT_KILL].died, 1);
    assert_true(r.mails > 0 && r.acknowledged >= 15);
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strncmp(argv[1], "--", 2) == 0)
        return background_step(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fails_inside_a_job_is_done_once_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
