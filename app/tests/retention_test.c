/* retention_test.c - every table has a row in docs/retention.tsv that says how long it holds on to
 * what, and every sweep named there is a job. */
#include "app.h"

#include "job/job.h"
#include "testing/world.h"

#include <stdio.h>

#define LINE_MAX_BYTES 1000

static const char *const lives[] = {"record", "thing", "derived", "fixed", "act", "swept"};

static bool is_life(struct str word)
{
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
        if (str_eq(word, str_c(lives[i])))
            return true;
    return false;
}

static bool is_job(struct cx *cx, struct str name)
{
    const struct job_kind *const *k = module_jobs(cx->arena, app_modules);
    while (*k && !str_eq(str_c((*k)->name), name))
        k++;
    return *k && (*k)->every_ms > 0;
}

/* The rows of the file, by table; each is looked at as it is read. */
static size_t read_rules(struct cx *cx, struct map *out)
{
    char line[LINE_MAX_BYTES];
    size_t n = 0;
    FILE *f = fopen("docs/retention.tsv", "re");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        struct str rest = str_trim(str_dup(cx->arena, str_c(line))), table, life, by;
        if (line[0] == '#')
            continue;
        assert_true(str_cut(rest, '\t', &table, &rest) && str_cut(rest, '\t', &life, &rest) &&
                    str_cut(rest, '\t', &by, &rest));
        const bool swept = str_eq(life, S("swept"));
        if (!is_life(life) || rest.n < 10 || (swept ? !is_job(cx, by) : by.n > 0) ||
            map_get(out, table))
            fail_msg("docs/retention.tsv: %s", line);
        map_put(cx->arena, out, table, (void *)(uintptr_t)1);
        n++;
    }
    fclose(f);
    return n;
}

static void every_table_says_how_long_it_keeps_what(void **t)
{
    struct cx *cx = test_cx(t);
    struct map rules = {0};
    size_t tables = 0;
    const size_t n = read_rules(cx, &rules);
    auto_rows rows = {0};
    if (db_is_postgres(cx))
        assert_ok(db_query(cx, &rows,
                           "select cast(relname as text) from pg_class where relkind = 'r'"
                           " and relnamespace = cast('public' as regnamespace)"));
    else
        assert_ok(db_query(cx, &rows,
                           "select name from sqlite_master where type = 'table'"
                           " and name not like 'sqlite_%'"));
    for (; db_next(&rows); tables++)
        if (!map_get(&rules, db_str(&rows, 0)))
            fail_msg("%.*s: no row in docs/retention.tsv", F(db_str(&rows, 0)));
    assert_int_equal(rows.err, OK);
    assert_true(tables > 90 && tables <= n);
}

static int start_bare(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(app_modules)});
}

#define BARE(f) cmocka_unit_test_setup_teardown(f, start_bare, testing_end)

int main(void)
{
    const struct CMUnitTest tests[] = {BARE(every_table_says_how_long_it_keeps_what)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
