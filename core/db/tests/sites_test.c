/* sites_test.c - every SQL literal of the program prepares, with our types, on this database. */
#include "testing/testing.h"

#include "embed/embed.h"

#define ROOTS_MAX 128

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){0});
}

static bool have(const char **roots, size_t n, struct str root)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_c(roots[i]), root))
            return true;
    return false;
}

/* All folders of the program that have a schema, those of tests left out. */
static size_t all_roots(struct cx *cx, const char **roots)
{
    size_t files_n, n = 0, at;
    const struct embed_file *files = embed_under(S(""), &files_n);
    for (size_t i = 0; i < files_n; i++) {
        const struct str path = files[i].path;
        if (!str_find(path, S("/schema/"), &at) || str_find(path, S("/tests/"), NULL))
            continue;
        if (!have(roots, n, str_until(path, at)) && n < ROOTS_MAX)
            roots[n++] = str_z(cx->arena, str_until(path, at));
    }
    return n;
}

/* A schema may refer to tables of another: what fails waits for the next round. */
static void migrate_all(struct cx *cx)
{
    const char *roots[ROOTS_MAX];
    size_t left = all_roots(cx, roots), before = left + 1;
    assert_true(left > 0);
    while (left > 0 && left < before) {
        before = left;
        left = 0;
        for (size_t i = 0; i < before; i++) {
            const char *const one[] = {roots[i], NULL};
            if (db_migrate(cx, one) != OK)
                roots[left++] = roots[i];
        }
    }
    if (left > 0)
        fail_msg("%s: %.*s", roots[0], F(cx->why));
}

struct seen {
    int all, failed;
};

static enum err look_at(void *state, const struct db_site *site, const char *error)
{
    struct seen *s = state;
    if (strstr(site->file, "/tests/"))
        return OK;
    s->all++;
    if (error)
        print_error("%s:%d: %s\n", site->file, site->line, error);
    s->failed += error != NULL;
    return OK;
}

static void every_statement_of_the_program_prepares(void **t)
{
    struct cx *cx = test_cx(t);
    struct seen seen = {0};
    migrate_all(cx);
    assert_ok(db_each_sql(cx, look_at, &seen));
    assert_true(seen.all > 2);
    assert_int_equal(seen.failed, 0);
}

/* On PostgreSQL the schema is right only when all of it is; on SQLite a reference may dangle. */
static void every_foreign_key_leads_somewhere(void **t)
{
    struct cx *cx = test_cx(t);
    migrate_all(cx);
    if (db_is_postgres(cx))
        return;
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows,
                       "/* sqlite */ select m.name, f.\"table\" from sqlite_schema m, "
                       "pragma_foreign_key_list(m.name) f where m.type = 'table' and not exists "
                       "(select 1 from sqlite_schema o where o.name = f.\"table\")"));
    while (db_next(&rows))
        fail_msg("%s refers to %s, which is no table", db_str(&rows, 0).p, db_str(&rows, 1).p);
    assert_int_equal(rows.err, OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_statement_of_the_program_prepares),
        TEST(every_foreign_key_leads_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
