/* kinds_wire_test.c - a short form of the faults of each kind of job on PostgreSQL: every
 * registered kind has work in its database, and of two kinds one call fails in some of the ways
 * there are. */
#include "kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define CALL 5 /* behind the search for work: the claim of it, or the turn's own */

static void every_kind_of_job_has_its_walk_under_a_wire_that_fails(void **)
{
    static const char *const some[] = {"codelist.apply", "journal.sequence", NULL};
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
    assert_int_equal(r.walked, 2);
    assert_true(r.registered > 30);
    assert_int_equal(r.of.met, 6);
    assert_int_equal(r.of.of[(int)FAULT_ALL_KINDS + (int)WIRE_DIES].died, 2);
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--make") == 0)
        return kinds_make(argv[2]);
    if (argc >= 3 && strncmp(argv[1], "--", 2) == 0)
        return background_step(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_job_has_its_walk_under_a_wire_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
