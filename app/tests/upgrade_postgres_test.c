/*
 * upgrade_postgres_test.c - on PostgreSQL a database of every earlier schema, with the rows of a
 * demo, comes to today's; cut at each statement of the upgrade it stands as before or after that
 * file and goes on; afterwards the journal is proven and people work on.
 *
 * An earlier release had of each module its first files: schema k is the first k of each. They are
 * made by the migrations themselves, which never change once landed.
 */
#include "upgrade_world.h"

#define TABLES_MAX 256

static const char *const *roots;
static size_t rounds;    /* of the module with the most files */
static struct str whole; /* today's schema, in words */

/* ---- migrating ---- */

static enum err open_writer(const char *url, struct db_store **store)
{
    TRY(db_open(&cx, &(struct db_config){.url = str_c(url)}, store));
    return db_connect(&cx, *store, DB_WRITER, &cx.db);
}

static void close_writer(struct db_store *store)
{
    db_disconnect(cx.db);
    cx.db = NULL;
    db_close(store);
}

/* The first k files of each module. How many the largest has. */
static size_t first_of_each(size_t k)
{
    size_t most = 0;
    for (size_t i = 0; roots[i]; i++) {
        size_t all;
        const enum err e = db_migrate_first(&cx, (const char *const[]){roots[i], NULL}, k, &all);
        if (e != OK)
            fail_msg("the first %zu of %s: %.*s", k, roots[i], F(cx.why));
        most = all > most ? all : most;
    }
    return most;
}

/* ---- a schema in words ---- */

/* Columns in no order: a table may have been made by another file than today. */
static const char schema_words[] =
    "select string_agg(word, E'\\n' order by word) from ("
    " select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' ||"
    "        a.attnotnull || a.attidentity::text || coalesce(pg_get_expr(d.adbin, d.adrelid), '') word"
    "   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
    "        and not a.attisdropped"
    "   left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum"
    "  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'"
    " union all select indexdef from pg_indexes where schemaname = 'public'"
    " union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint"
    "  where connamespace = 'public'::regnamespace"
    " union all select pg_get_triggerdef(t.oid) from pg_trigger t"
    "   join pg_class c on c.oid = t.tgrelid"
    "  where not t.tgisinternal and c.relnamespace = 'public'::regnamespace"
    " union all select proname || prosrc from pg_proc where pronamespace = 'public'::regnamespace"
    ") w";

/* The same shorter, asked at each cut. */
static const char schema_sum[] =
    "select (select count(*) from db_migration) || ' ' || count(*) || ' ' ||"
    " coalesce(sum(hashtext(relname || attname)), 0) || ' ' ||"
    " (select count(*) from pg_trigger) || ' ' || (select count(*) from pg_constraint)"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid"
    " where c.relnamespace = 'public'::regnamespace and a.attnum > 0";

/* ---- rows ---- */

struct table {
    struct str name, columns, before;
};
struct tables {
    struct table of[TABLES_MAX];
    size_t n;
};

static void list_tables(PGconn *pg, struct tables *t)
{
    t->n = 0;
    PGresult *r =
        PQexec(pg, "select c.relname, string_agg(quote_ident(a.attname), ',' order by a.attnum)"
                   " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
                   "  and not a.attisdropped and a.attgenerated = ''"
                   " join pg_class d on d.relname = c.relname"
                   "  and d.relnamespace = 'demo'::regnamespace"
                   " join pg_attribute b on b.attrelid = d.oid and b.attname = a.attname"
                   " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'"
                   "  and c.relname not in ('db_migration', 'db_life')"
                   " group by c.relname order by c.relname");
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(pg));
    for (int i = 0; i < PQntuples(r); i++) {
        assert_true(t->n < TABLES_MAX);
        t->of[t->n++] = (struct table){.name = str_dup(arena, str_c(PQgetvalue(r, i, 0))),
                                       .columns = str_dup(arena, str_c(PQgetvalue(r, i, 1)))};
    }
    PQclear(r);
}

static struct str digest(PGconn *pg, const struct table *t)
{
    return tell(pg, str_fmt(arena,
                            "select count(*) || ' ' || coalesce(sum(hashtextextended(r::text, 0)),"
                            " 0) from (select %.*s from public.%.*s) r",
                            F(t->columns), F(t->name))
                        .p);
}

static const char numbers_go_on[] =
    "do $$ declare c record; n bigint; begin for c in select quote_ident(t.relname) t, a.attname a"
    " from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attidentity <> ''"
    " where t.relnamespace = 'public'::regnamespace loop"
    " execute format('select max(%I) from public.%s', c.a, c.t) into n;"
    " perform setval(pg_get_serial_sequence('public.' || c.t, c.a), n) where n > 0;"
    " end loop; end $$";

static const struct table *find(const struct tables *t, const struct table *like)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->of[i].name, like->name) && str_eq(t->of[i].columns, like->columns))
            return &t->of[i];
    return NULL;
}

/* Each table with the demo's rows as far as their columns were there. What *t says has them, with
 * the same columns, is left alone. */
static void fill(PGconn *pg, struct tables *t)
{
    const struct tables before = *t;
    list_tables(pg, t);
    for (size_t i = 0; i < t->n; i++) {
        struct table *one = &t->of[i];
        const struct table *same = find(&before, one);
        if (!same)
            tell(pg,
                 str_fmt(arena,
                         "set session_replication_role = replica;" /* no triggers, no keys */
                         "delete from public.%.*s; insert into public.%.*s (%.*s) overriding"
                         " system value select %.*s from demo.%.*s;"
                         "reset session_replication_role",
                         F(one->name), F(one->name), F(one->columns), F(one->columns), F(one->name))
                     .p);
        one->before = same ? same->before : digest(pg, one);
    }
    tell(pg, numbers_go_on);
}

static void has_the_same_rows(PGconn *pg, const struct tables *t, const char *when)
{
    for (size_t i = 0; i < t->n; i++) {
        if (str_eq(t->of[i].name, S("kept_moves")))
            continue; /* whose numbers move with every row that is written */
        const struct str now = digest(pg, &t->of[i]);
        if (!str_eq(now, t->of[i].before))
            fail_msg("%s: rows of %.*s were %.*s, are %.*s", when, F(t->of[i].name),
                     F(t->of[i].before), F(now));
    }
}

/* The first k files of each module, on the database of this name, which may have some. */
static void come_to(const char *name, size_t k)
{
    struct db_store *store;
    assert_int_equal(open_writer(url_of(name), &store), OK);
    (void)first_of_each(k);
    close_writer(store);
}

/* The database of schema k with rows. */
static PGconn *make_earlier(size_t k, const char *name, struct tables *t)
{
    make(name, "demo");
    come_to(name, k);
    PGconn *pg = join(url_of(name));
    fill(pg, t);
    return pg;
}

static void is_todays(PGconn *pg, const char *when)
{
    const struct str now = tell(pg, schema_words);
    if (!str_eq(now, whole))
        fail_msg("%s: another schema than today's:\n%.*s", when, F(now));
}

/* ---- the demo, whose rows fill all ---- */

static bool make_demo_there(void)
{
    make("demo", "template0");
    if (RUN("demo", "--data", in("demo"), "--database", url_of("demo")) != EX_OK)
        return false;
    PGconn *pg = join(url_of("demo"));
    tell(pg, "alter schema public rename to demo; create schema public");
    PQfinish(pg);
    return true;
}

static bool see_todays(void)
{
    struct db_store *store;
    make("fresh", "template0");
    if (open_writer(url_of("fresh"), &store) != OK)
        return false;
    rounds = first_of_each(SIZE_MAX);
    close_writer(store);
    PGconn *pg = join(url_of("fresh"));
    whole = tell(pg, schema_words);
    PQfinish(pg);
    drop("fresh");
    return true;
}

static int make_demo([[maybe_unused]] void **state)
{
    if (!cluster())
        return 0;
    arena = arena_new((size_t)512 << 20);
    cx = (struct cx){.arena = arena, .env = &env, .actor = &actor_program, .lang = S("vi")};
    log_from(LOG_ERROR);
    roots = module_schema_roots(arena, app_modules);
    snprintf(root, sizeof root, "%s/tinhso-uppg.XXXXXX",
             access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(root))
        return -1;
    return make_demo_there() && see_todays() ? 0 : -1;
}

static int end_demo([[maybe_unused]] void **state)
{
    if (!cluster())
        return 0;
    drop("demo");
    const int code = shell(str_fmt(arena, "rm -rf %s", root).p);
    arena_free(arena);
    return code;
}

/* ---- the tests ---- */

/* Once more, as the next start does. */
static enum err upgrade(const char *name)
{
    struct db_store *store;
    enum err e = open_writer(url_of(name), &store);
    if (e == OK)
        e = db_migrate(&cx, roots);
    close_writer(store);
    return e;
}

/* To the next one, each time with all rows of the demo, where also the new columns have some. */
static void every_earlier_schema_comes_to_the_next_with_its_rows([[maybe_unused]] void **t)
{
    if (!cluster())
        skip();
    size_t tables = 0;
    struct tables *rows = NEW(arena, struct tables);
    PGconn *pg = make_earlier(1, "each", rows);
    for (size_t k = 1; k < rounds; k++) {
        const struct arena_mark here = arena_here(arena);
        come_to("each", k + 1);
        has_the_same_rows(pg, rows, str_fmt(arena, "from schema %zu", k).p);
        arena_back(arena, here);
        fill(pg, rows);
        tables += rows->n;
    }
    is_todays(pg, "after all");
    PQfinish(pg);
    drop("each");
    print_message("%zu schemas, %zu tables with their rows\n", rounds - 1, tables);
    assert_true(rounds > 10 && tables > rounds * 60);
}

/* From now on the server ends the connection in the n-th change of the schema that a file makes. */
static void set_cut(PGconn *pg)
{
    tell(pg, "create schema cut; create sequence cut.seen; create table cut.at (n bigint);"
             "insert into cut.at values (0);"
             "create function cut.now() returns event_trigger language plpgsql as $$ begin"
             " if current_query() ~ 'not exists db_|replace function db_' then return; end if;"
             " if nextval('cut.seen') = (select n from cut.at) then"
             "  perform pg_terminate_backend(pg_backend_pid()); end if; end $$;"
             "create event trigger cut on ddl_command_end execute function cut.now()");
}

static void cut_at(PGconn *pg, size_t n)
{
    tell(pg, str_fmt(arena, "update cut.at set n = %zu; select setval('cut.seen', 1, false)", n).p);
}

static void an_upgrade_cut_at_any_statement_goes_on([[maybe_unused]] void **t)
{
    if (!cluster())
        skip();
    struct tables *rows = NEW(arena, struct tables);
    PGconn *pg = make_earlier(1, "cut", rows);
    set_cut(pg);
    struct str before = tell(pg, schema_sum);
    size_t cuts = 0, files = 0;
    const size_t step = getenv("TINHSO_EVERY_STEP") ? 1 : 4;
    for (size_t n = 1;; n += step) {
        cut_at(pg, n);
        if (upgrade("cut") == OK)
            break;
        cuts++;
        const struct str now = tell(pg, schema_sum);
        if (!str_eq(now, before)) { /* n - 1 were of whole files; this was the first of the next */
            files++;
            n = 1;
        }
        before = now;
    }
    tell(pg, "drop schema cut cascade");
    is_todays(pg, "after all cuts");
    has_the_same_rows(pg, rows, "after all cuts");
    PQfinish(pg);
    print_message("cut %zu times in %zu files\n", cuts, files);
    assert_true(cuts > 40 && files > 20);
    goes_on("cut");
    drop("cut");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_earlier_schema_comes_to_the_next_with_its_rows),
        cmocka_unit_test(an_upgrade_cut_at_any_statement_goes_on),
    };
    return cmocka_run_group_tests(tests, make_demo, end_demo);
}
