/* faults_test.c - a short form of the faults: the first two calls of each kind in each request. */
#include "faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void what_fails_is_said_and_done_once_when_sent_again(void **)
{
    struct faults_report r;
    const struct faults_asked asked = {
        .program = CRASH_PROGRAM, .library = CRASH_FAULT, .n_most = 1};
    assert_true(faults_run(&asked, &r));
    if (r.lost)
        print_error("%s\n", r.what);
    assert_int_equal(r.lost, 0);
    for (int k = FAULT_WRITE; k < FAULT_KINDS; k++)
        assert_true(r.of[k].met > 0);
    assert_true(r.of[FAULT_WRITE].busy > 0 && r.of[FAULT_FULL].busy > 0);
    assert_true(r.of[FAULT_FSYNC].busy > 0 && r.of[FAULT_MEMORY_OF_DATABASE].broken > 0);
    assert_int_equal(r.of[FAULT_SHORT].busy + r.of[FAULT_SHORT].broken, 0);
    assert_true(r.acknowledged >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fails_is_said_and_done_once_when_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
