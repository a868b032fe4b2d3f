/* fuzz_test.c - how tools/fuzz adds up, in a tree whose one target is a double: runs and seconds
 * count while the reader's source is the same and nothing was found. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs `how` in such a tree: `fuzz RUNS SECONDS STATUS` is a slice of the target. Gives what it
 * said, and then the ledger's row of the target without its hash. */
static struct str after(struct arena *a, const char *how)
{
    char dir[] = "/tmp/tinhso-fuzz.XXXXXX";
    assert_non_null(mkdtemp(dir));
    const struct str command = str_fmt(
        a,
        "exec 2>&1; mkdir -p %s/tools %s/tests/fuzz %s/docs %s/build/fuzz/tests/fuzz\n"
        "cp tools/fuzz %s/tools/; cd %s || exit\n"
        "printf 'one\\t64\\treader.c\\n' >tests/fuzz/targets.tsv\n"
        "echo 'int f;' >reader.c; echo 'int g;' >tests/fuzz/one_fuzz.c\n"
        "built() { tools/fuzz source one >build/fuzz/one.source; }\n"
        "fuzz() {\n"
        "  printf '#!/bin/sh\\n%%s\\n' \"echo Done $1 runs in $2 second\" "
        "\"echo stat::number_of_executed_units: $1\" \"exit $3\" >build/fuzz/tests/fuzz/one_fuzz\n"
        "  chmod +x build/fuzz/tests/fuzz/one_fuzz; tools/fuzz --one 1 one >said\n"
        "}\n"
        "built\n%s\n"
        "awk -F'\\t' '$1 == \"one\" { print $3, $4, $5, $6 }' docs/fuzz-ledger.tsv; cd /; rm -rf %s",
        dir, dir, dir, dir, dir, dir, how, dir);
    FILE *f = popen(str_fmt(a, "bash -c \"$(cat <<'CASE'\n%.*s\nCASE\n)\"", F(command)).p, "r");
    assert_non_null(f);
    struct buf out = {.arena = a, .limit = 1 << 20};
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&out, (struct str){piece, n});
    pclose(f);
    return buf_str(&out);
}

/* The row says: runs, seconds, findings ever, runs ever. */
static void comes_to(const char *how, const char *row)
{
    struct arena *a = arena_new(4 << 20);
    const struct str said = after(a, how);
    if (!str_eq(said, str_fmt(a, "%s\n", row)))
        fail_msg("%s\ncame to\n%.*sinstead of\n%s", how, F(said), row);
    arena_free(a);
}

static void slices_of_one_source_add_up([[maybe_unused]] void **t)
{
    comes_to("fuzz 500 200 0; fuzz 70 31 0", "570 231 0 570");
}

static void another_source_of_the_reader_begins_anew([[maybe_unused]] void **t)
{
    comes_to("fuzz 500 200 0; echo 'int h;' >>reader.c; built; fuzz 70 31 0", "70 31 0 570");
    comes_to("fuzz 500 200 0; echo 'int h;' >>tests/fuzz/one_fuzz.c; built; fuzz 70 31 0",
             "70 31 0 570");
    comes_to("fuzz 500 200 0; printf 'int\\n   f;' >reader.c; built; fuzz 70 31 0", /* layout */
             "570 231 0 570");
}

static void what_was_built_before_a_change_does_not_count_for_it([[maybe_unused]] void **t)
{
    comes_to("fuzz 500 200 0; echo 'int h;' >>reader.c; fuzz 70 31 0", "0 0 0 570");
}

static void a_finding_begins_anew([[maybe_unused]] void **t)
{
    comes_to("fuzz 500 200 0; fuzz 9 1 1; fuzz 70 31 0", "70 31 1 579");
}

static void a_target_is_well_with_ten_minutes_and_two_million_runs([[maybe_unused]] void **t)
{
    comes_to("fuzz 2000000 599 0; tools/fuzz state | tail -n 1; fuzz 1 1 0; tools/fuzz state",
             "0 passed, 1 failed\n"
             "target           ok          runs  seconds\n"
             "one              ok       2000001      600\n"
             "1 passed, 0 failed\n"
             "2000001 600 0 2000001");
    comes_to("fuzz 1999999 900 0; tools/fuzz state | tail -n 1",
             "0 passed, 1 failed\n1999999 900 0 1999999");
}

int main(void)
{
    unsetenv("MAKEFLAGS");
    unsetenv("FUZZ_LEDGER");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_of_one_source_add_up),
        cmocka_unit_test(another_source_of_the_reader_begins_anew),
        cmocka_unit_test(what_was_built_before_a_change_does_not_count_for_it),
        cmocka_unit_test(a_finding_begins_anew),
        cmocka_unit_test(a_target_is_well_with_ten_minutes_and_two_million_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
