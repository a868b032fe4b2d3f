/* ci_test.c - .ci/run itself, in a tree whose steps are doubles: whatever they do, its last line is
 * "N passed, N failed". */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A tree in which every step says "1 passed, 0 failed", but for what `bare_root` does. */
static struct str ci(struct arena *a, int *status, const char *bare_root, const char *how)
{
    char dir[] = "/tmp/tinhso-ci.XXXXXX";
    assert_non_null(mkdtemp(dir));
    const char *command =
        str_fmt(
            a,
            "exec 2>&1; mkdir -p %s/.ci %s/tools; cp .ci/run %s/.ci/; cd %s\n"
            "printf '%%%%: ; @echo \"1 passed, 0 failed\"\\n' >Makefile\n"
            "for f in bare-root check fuzz claims; do\n"
            "  printf '#!/bin/sh\\necho \"1 passed, 0 failed\"\\n' >tools/$f; chmod +x tools/$f\n"
            "done\n"
            "printf '#!/bin/sh\\n%%s\\n' '%s' >tools/bare-root\n"
            "%s; code=$?; echo \"steps: $(wc -l <build/ci/steps.tsv)\" >&3; cd /; rm -rf %s\n"
            "exit $code",
            dir, dir, dir, dir, bare_root, how, dir)
            .p;
    FILE *f = popen(str_fmt(a, "bash -c \"$(cat <<'CASE'\n%s\nCASE\n)\" 3>&1", command).p, "r");
    assert_non_null(f);
    struct buf out = {.arena = a, .limit = 1 << 20};
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&out, (struct str){piece, n});
    int rc = pclose(f);
    *status = WIFEXITED(rc) ? WEXITSTATUS(rc) : 255;
    return buf_str(&out);
}

/* `last` is the last line of .ci/run; after it we say how many steps there were. */
static void ends(const char *bare_root, const char *how, int status, const char *last, int steps)
{
    struct arena *a = arena_new(4 << 20);
    int code;
    struct str said = ci(a, &code, bare_root, how);
    struct str end = str_fmt(a, "%s\nsteps: %d\n", last, steps);
    if (code != status || !str_find(said, end, NULL) || said.n < end.n ||
        !str_eq(str_from(said, said.n - end.n), end))
        fail_msg("with \"%s\" it ended with %d and said\n%.*s\ninstead of: %d, %.*s", bare_root,
                 code, F(said), status, F(end));
    arena_free(a);
}

#define STEPS 10

static void the_last_line_is_the_sum_of_all_steps([[maybe_unused]] void **t)
{
    ends("echo 3 passed, 0 failed", ".ci/run", 0, "\n12 passed, 0 failed", STEPS);
}

static void a_step_that_fails_is_counted_and_the_others_run([[maybe_unused]] void **t)
{
    ends("echo 3 passed, 2 failed; exit 1", ".ci/run", 1, "\n12 passed, 2 failed", STEPS);
    ends("echo no sum; exit 1", ".ci/run", 1, "\n9 passed, 1 failed", STEPS);
    ends("echo 3 passed, 0 failed; exit 1", ".ci/run", 1, "\n12 passed, 1 failed", STEPS);
    ends("kill -KILL $$", ".ci/run", 1, "\n9 passed, 1 failed", STEPS);
}

static void a_step_this_machine_does_not_allow_is_named([[maybe_unused]] void **t)
{
    ends("echo 0 passed, 0 failed, 1 skipped", ".ci/run", 0,
         "\nskipped: bare root (1)\n9 passed, 0 failed", STEPS);
}

/* What wants more than is left is not begun; what is not needed is cut off before the end. */
static void the_last_line_is_said_in_time([[maybe_unused]] void **t)
{
    ends("sleep 60", "sed -i '/bare/s/200/1/' .ci/run; CI_SECONDS=4 CI_MARGIN=2 .ci/run", 0,
         "\nskipped: first module (no time)\nskipped: package (no time)\nskipped: look (no time)\n"
         "skipped: fuzz (no time)\nskipped: bare root (1)\n"
         "skipped: gcc with sanitizers (no time)\nskipped: clang-tidy (no time)\n"
         "3 passed, 0 failed",
         STEPS);
}

static void a_needed_step_without_time_has_failed([[maybe_unused]] void **t)
{
    ends("true", "sed -i s/make.check-fast/sleep\\ 9/ .ci/run; CI_SECONDS=2 .ci/run", 1,
         "\n2 passed, 1 failed", STEPS);
}

static void stopped_from_outside_it_says_its_last_line_too([[maybe_unused]] void **t)
{
    ends("kill -TERM $(ps -o ppid= -p $PPID); sleep 60", ".ci/run", 1, "\n6 passed, 1 failed", 6);
}

/* The first waits until the second has said its last line. */
static void two_steps_run_side_by_side([[maybe_unused]] void **t)
{
    ends("for i in $(seq 300); do grep -q passed build/ci/fuzz.log && "
         "exec echo 3 passed, 0 failed; sleep 0.1; done; exit 1",
         "sed -i s#make.look-ci#tools/bare-root# .ci/run; .ci/run", 0, "\n14 passed, 0 failed",
         STEPS);
}

static void what_a_step_leaves_running_does_not_hold_it_up([[maybe_unused]] void **t)
{
    ends("(setsid sleep 7 &); echo 3 passed, 0 failed", "timeout 6 .ci/run", 0,
         "\n12 passed, 0 failed", STEPS);
}

int main(void)
{
    unsetenv("MAKEFLAGS");
    unsetenv("CI_SECONDS");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_line_is_the_sum_of_all_steps),
        cmocka_unit_test(a_step_that_fails_is_counted_and_the_others_run),
        cmocka_unit_test(a_step_this_machine_does_not_allow_is_named),
        cmocka_unit_test(the_last_line_is_said_in_time),
        cmocka_unit_test(a_needed_step_without_time_has_failed),
        cmocka_unit_test(stopped_from_outside_it_says_its_last_line_too),
        cmocka_unit_test(two_steps_run_side_by_side),
        cmocka_unit_test(what_a_step_leaves_running_does_not_hold_it_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
