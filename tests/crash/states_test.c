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

/* `make crash` does it with every one of the record. */
static void an_fsync_left_out_alone_is_missed_or_was_needless(void **)
{
    struct singles s;
    assert_true(states_singles(&walked, "data/t*", 2, &s));
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i].verdict != SINGLE_NEEDED)
            print_message("%s: %s\n", s.p[i].path, single_says(s.p[i].verdict));
    assert_int_equal(s.n, 8); /* the settings, the erased, two certificates */
    assert_int_equal(s.of[SINGLE_NEEDED], 5);
    assert_int_equal(s.of[SINGLE_GONE], 1);  /* the first certificate was replaced */
    assert_int_equal(s.of[SINGLE_AGAIN], 2); /* their folder */
}

int main(int argc, char **argv)
{
    if (argc == 3 && strncmp(argv[1], "--", 2) == 0)
        return walk_step(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_at_any_place_of_the_walk_loses_nothing),
        cmocka_unit_test(without_any_kind_of_fsync_something_is_lost),
        cmocka_unit_test(an_fsync_left_out_alone_is_missed_or_was_needless),
    };
    return cmocka_run_group_tests(tests, start, end);
}
