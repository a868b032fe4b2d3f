/*
 * plans_test.c - no statement of the program walks through a whole table without saying why.
 *
 * What takes no time in a demo takes minutes in a province with a million dossiers: each SQL
 * literal is shown to SQLite's planner, and whatever it answers by reading a table from end to end
 * must stand in the list below with its reason. Searches built from pieces are not literals.
 */
#include <ctype.h>
#include <sqlite3.h>

#include "app.h"
#include "testing/world.h"

/* By how the statement begins. */
static const struct {
    const char *begins, *why;
} allowed[] = {
    {"select p.position, e.tx, e.id from journal_position p", "the last row, by its key"},
    {"select size, root, at, key_id, signature from journal_head order by size desc limit 1",
     "the last row, by its key"},
    {"select id, tag, wrapped, generation from vault_subject where wrapped is not null order by id limit 1",
     "the first row that has a key; at start"},
    {"select count(*) from vault_node",
     "as many rows as nodes live, when a master key is replaced"},
    {"delete from vault_node", "likewise, twice a minute"},
    {"insert into vault_master", "at the first start; two signing keys"},
    {"select count(*) from vault_master", "at start; one row, or two"},
    {"select id, print, made_at, used_at from vault_master", "one row, or two"},
    {"select count(*) from vault_subject where wrapped is not null and coalesce(generation, 1)",
     "before and after all keys are wrapped anew; doctor while that is not ended"},
    {"select sealed from vault_key", "when a master key retires; two rows"},
    {"delete from statistic_mark", "the counts are made anew"},
    {"update identity_asked set unit_path",
     "when a unit moves: what was asked for of roles is little"},
    {"select kind, sum(case when state <> 3", "figures for operators; ended jobs are not there"},
    {"update job set state = 1 where id in (select min(b.id)",
     "PostgreSQL; ended jobs are not there"},
    {"select id, epoch, tries, deaths, lane_key from job where state = 2", "at start"},
    {"select pack, file, kind, sha256, pack_date", "as many rows as packs have files"},
    {"select unit, weekday, from_minute, to_minute",
     "working hours: some rows a unit that has its own"},
    {"select code, title, about, sort, two_persons, second_factor from", "some ten roles"},
    {"select count(*) from identity_role r where r.second_factor = 1", "some ten roles"},
    {"select code, icon, title, about, steps, sort from guide_event order", "some ten life events"},
    {"select a.unit, a.tree, ", "statistic_check: compares every count; checks and tests only"},
    {"select unit, tree, procedure, n, state from statistic_now", "statistic_check likewise"},
    {"select count(distinct account) from identity_post",
     "the page Bắt đầu and doctor, some officers"},
    {"/* sqlite */ insert into procedure_word",
     "the words of one procedure, as json_each gives them"},
    {"select i.id, i.at, i.seen, i.same, i.name, i.whole", "some crawls a year, newest first"},
    {"select id from procedure_import where whole = 0", "some crawls a year"},
    {"select account, private from identity_signer where private <",
     "once at start, some officers"},
    {"/* sqlite */ select name, sql from sqlite_schema", "at start: as many rows as tables"},
    {"select count(*), coalesce(min(case when (e.tx, e.id)", "verify, which reads all events"},
    {"select e.id, e.at, e.kind, e.subject_kind, e.subject_id, e.subject_code, e.unit, e.from_state,"
     " e.to_state, e.actor_account, e.actor_unit, e.actor_system, e.purpose, e.request_id,"
     " e.note_public, e.payload_subject, e.commitment, e.tx, 0 from journal_event e where (e.tx,",
     "PostgreSQL, by its index; SQLite asks by the id"},
    {"insert into procedure_import_row", "once a crawl: which of all procedures it lacks"},
};

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(app_modules)});
}

static bool may_scan(const char *sql)
{
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strncmp(sql, allowed[i].begins, strlen(allowed[i].begins)) == 0)
            return true;
    return false;
}

struct looking {
    struct cx *cx;
    sqlite3 *file;
    int seen, bad;
};

/* "SCAN job", but not "SCAN job USING INDEX job_dead", nor a row that is no table's. */
static bool is_walk(const char *step)
{
    return strncmp(step, "SCAN ", 5) == 0 && !strstr(step, " USING ") &&
           !strstr(step, " CONSTANT ROW");
}

/* "SCAN few" where the statement says "(select … limit $2) as few": as many rows as it says. The
 * walk inside of the brackets, if it is one, has a step of its own. */
static bool is_bounded(const char *sql, const char *step)
{
    const char *name = step + strlen("SCAN "), *end = NULL;
    for (const char *at = sql; (at = strstr(at, ") ")); at++) {
        const char *alias = at + 2 + (strncmp(at + 2, "as ", 3) == 0 ? 3 : 0);
        if (strncmp(alias, name, strlen(name)) == 0 && !isalnum((unsigned char)alias[strlen(name)]))
            end = at;
    }
    while (end && end > sql && (isdigit((unsigned char)end[-1]) || end[-1] == '$'))
        end--;
    return end && end - sql > 6 && strncmp(end - 6, "limit ", 6) == 0;
}

static enum err look_at(void *state, const struct db_site *site, const char *error)
{
    struct looking *l = state;
    sqlite3_stmt *st = NULL;
    struct arena_mark here = arena_here(l->cx->arena);
    const char *ask = str_fmt(l->cx->arena, "explain query plan %s", site->sql).p;
    if (!error && sqlite3_prepare_v2(l->file, ask, -1, &st, NULL) == SQLITE_OK)
        l->seen++;
    while (st && sqlite3_step(st) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(st, 3);
        if (!is_walk(step) || is_bounded(site->sql, step) || may_scan(site->sql))
            continue;
        print_error("%s:%d: %s: give it an index, or say why in app/tests/plans_test.c\n    %s\n",
                    site->file, site->line, step, site->sql);
        l->bad++;
    }
    sqlite3_finalize(st);
    arena_back(l->cx->arena, here);
    return OK;
}

static void no_statement_walks_through_a_table_without_a_reason(void **t)
{
    struct looking l = {.cx = test_cx(t)};
    if (db_is_postgres(l.cx))
        return; /* its planner looks at how many rows there are: none */
    const char *path = str_fmt(l.cx->arena, "%.*s/core.db", F(l.cx->env->data_dir)).p;
    assert_int_equal(sqlite3_open_v2(path, &l.file, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_ok(db_each_sql(l.cx, look_at, &l));
    sqlite3_close(l.file);
    assert_int_equal(l.bad, 0);
    assert_true(l.seen > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(no_statement_walks_through_a_table_without_a_reason)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
