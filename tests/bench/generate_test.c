/*
 * generate_test.c - a small year of a province: its dossiers, a journal that proves, figures that
 * agree.
 *
 * tests/bench/province makes 200,000 dossiers of the same kind. GENERATE is the program beside this
 * one; it compares the figures itself (statistic_check) before it says 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define DOSSIERS "400"

static char root[] = "/tmp/tinhso-generate.XXXXXX", data[64], said[64];

/* Runs a program with what it says in the file SAID; its exit code. */
static int run(const char *const *argv)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int out = open(said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (out >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
            execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status;
    while (waitpid(pid, &status, 0) != pid)
        assert_int_equal(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int ask(const char *verb, const char *more)
{
    return run((const char *const[]){PROGRAM, verb, "--data", data, more, NULL});
}

/* The one number that a question to the database gives. */
static long number(const char *question)
{
    char answer[200] = "";
    assert_int_equal(ask("sql", question), 0);
    FILE *f = fopen(said, "re");
    assert_non_null(f);
    while (fgets(answer, sizeof answer, f)) /* the last line; a heading stands above */
        continue;
    fclose(f);
    return strtol(answer, NULL, 10);
}

static int make_year(void **)
{
    if (!mkdtemp(root))
        return 1;
    snprintf(data, sizeof data, "%s/data", root);
    snprintf(said, sizeof said, "%s/said", root);
    return ask("demo", "--empty") || run((const char *const[]){GENERATE, data, DOSSIERS, NULL});
}

static int take_away(void **)
{
    return run((const char *const[]){"/bin/rm", "-rf", root, NULL});
}

static void a_year_of_dossiers_is_there_on_its_days(void **)
{
    assert_int_equal(number("select count(*) from onestop_dossier"), strtol(DOSSIERS, NULL, 10));
    assert_true(number("select (max(sent_at) - min(sent_at)) / 86400000 from onestop_dossier") >
                300);
    assert_true(number("select count(distinct state) from onestop_dossier") > 2);
    assert_true(number("select count(distinct receiving_unit) from onestop_dossier") > 30);
}

static void its_journal_proves(void **)
{
    assert_true(number("select count(*) from journal_event") > 2'000);
    assert_int_equal(ask("verify", NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_of_dossiers_is_there_on_its_days),
        cmocka_unit_test(its_journal_proves),
    };
    return cmocka_run_group_tests(tests, make_year, take_away);
}
