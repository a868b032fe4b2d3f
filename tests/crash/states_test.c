/* states_test.c - a short form of the states of the walk: a hundred of them, and every fsync. */
#include "states.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define STATES 100

/* The build says where they lie: CRASH_PROGRAM, CRASH_POWER. One record for all tests. */
static struct walked walked = {.config = {.program = CRASH_PROGRAM, .power = CRASH_POWER}};

static int start(void **)
{
    if (walk_all(&walked, "/proc/self/exe"))
        return 0;
    print_error("%s\n", walked.findings.first);
    return -1;
}

static int end(void **)
{
    walk_remove(&walked);
    return 0;
}

static void a_cut_at_any_place_of_the_walk_loses_nothing(void **)
{
    struct states_seen seen;
    const struct states_asked asked = {.at_most = STATES, .seed = 1, .workers = 2};
    assert_true(states_look(&walked, &asked, &seen));
    if (seen.red)
        print_error("%s\n", seen.what);
    assert_int_equal(seen.red, 0);
    assert_in_range(seen.distinct, STATES / 2, 2 * STATES);
}

static bool is_missed(const char *pattern)
{
    struct states_seen seen;
    const struct states_asked asked = {
        .dropped = pattern, .ends_only = true, .until_red = true, .workers = 1};
    assert_true(states_look(&walked, &asked, &seen));
    return seen.red > 0;
}

static void without_any_kind_of_fsync_something_is_lost(void **)
{
    struct fsync_kind kinds[KINDS_MAX];
    size_t n = states_kinds(&walked, kinds), needless = 0;
    for (size_t i = 0; i < n; i++) {
        if (states_needless(kinds[i].pattern)) {
            needless++;
            continue; /* the whole run looks at them too */
        }
        bool missed = is_missed(kinds[i].pattern);
        if (!missed)
            print_error("nothing is lost without the fsync of %s\n", kinds[i].pattern);
        assert_true(missed);
    }
    assert_true(n - needless >= 30);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strncmp(argv[1], "--", 2) == 0)
        return walk_step(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_at_any_place_of_the_walk_loses_nothing),
        cmocka_unit_test(without_any_kind_of_fsync_something_is_lost),
    };
    return cmocka_run_group_tests(tests, start, end);
}
