/* kinds_wire_test.c - a short form of the faults of each kind of job on PostgreSQL: of one kind one
 * call fails in some of the ways there are. That each kind has work is seen by kinds_test.c. */
#include "kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define CALL 5 /* behind the search for work */

static void a_job_whose_calls_of_postgresql_fail_is_done_once(void **)
{
    static const char *const some[] = {"codelist.apply", NULL};
    struct kinds_report r;
    const struct kinds_asked asked = {
        .of = {.program = CRASH_PROGRAM,
               .library = CRASH_FAULT,
               .self = "/proc/self/exe",
               .n_first = CALL,
               .n_most = CALL,
               .postgres = true,
               .kinds = ON_WIRE(WIRE_AGAIN) | ON_WIRE(WIRE_UNHEARD) | ON_WIRE(WIRE_DIES)},
        .only = some};
    if (!getenv("TINHSO_TEST_DATABASE")) /* it has a server of its own; the others' run is meant */
        skip();
    assert_true(kinds_run(&asked, &r));
    if (r.of.lost)
        print_error("%s\n", r.of.what);
    assert_int_equal(r.of.lost, 0);
    assert_int_equal(r.walked, 1);
    assert_true(r.registered > 30);
    assert_int_equal(r.of.met, 3);
    assert_int_equal(r.of.of[(int)FAULT_ALL_KINDS + (int)WIRE_DIES].died, 1);
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--make") == 0)
        return kinds_make(argv[2]);
    if (argc >= 3 && strncmp(argv[1], "--", 2) == 0)
        return background_step(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_whose_calls_of_postgresql_fail_is_done_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
