/* wire_test.c - a short form of the faults on PostgreSQL: one call of each kind in each request. */
#include "faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define CALL 6 /* behind the session, where the work of a page begins */

static void a_call_of_postgresql_that_fails_is_said_and_done_once_when_sent_again(void **)
{
    struct faults_report r;
    const struct faults_asked asked = {.program = CRASH_PROGRAM,
                                       .library = CRASH_FAULT,
                                       .n_first = CALL,
                                       .n_most = CALL,
                                       .postgres = true};
    if (!getenv("TINHSO_TEST_DATABASE")) /* it has a server of its own; the others' run is meant */
        skip();
    assert_true(faults_run(&asked, &r));
    if (r.lost)
        print_error("%s\n", r.what);
    assert_int_equal(r.lost, 0);
    for (int k = 1; k < WIRE_FAULTS; k++)
        assert_true(r.of[k].met > 10 && r.of[k].deaths == 0 && r.of[k].gone == 0);
    /* What the server asks to be done again, or a lost connection, nobody notices. */
    assert_true(r.of[WIRE_FAILS].broken > 10);
    assert_int_equal(r.of[WIRE_AGAIN].broken + r.of[WIRE_DEADLOCK].broken, 0);
    assert_int_equal(r.of[WIRE_UNASKED].broken + r.of[WIRE_UNHEARD].broken, 0);
    assert_true(r.acknowledged >= 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_of_postgresql_that_fails_is_said_and_done_once_when_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
