/* copies_log.c - the log of every change in the source, and a copy against it. */
#include "copies.h"

#include <stdlib.h>

/* ---- the log ---- */

static const char *tables_of(const struct place *p)
{
    return p->pg
               ? "select relname from pg_class where relkind = 'r' and relpersistence = 'p' and relnamespace ="
                 " 'public'::regnamespace and relname not in ('barrier_log', 'db_era') order by 1"
               : "select name from sqlite_schema where type = 'table' and name not like"
                 " 'sqlite_%' and name <> 'barrier_log' order by 1";
}

/* A row of the table as text. */
static struct str row_of(struct place *p, struct str table, const char *of)
{
    struct texts columns;
    struct buf b = {.arena = p->arena, .limit = 65536};
    if (p->pg)
        return str_fmt(p->arena, "%s::text", of);
    if (!place_texts(
            p,
            str_fmt(p->arena, "select name from pragma_table_info('%.*s') order by cid", F(table))
                .p,
            &columns))
        return S("''");
    for (size_t i = 0; i < columns.n; i++)
        buf_fmt(&b, "%squote(%s.\"%.*s\")", i ? "||'|'||" : "", of, F(columns.p[i]));
    return buf_str(&b);
}

static const char make_postgres[] =
    "create table barrier_log (unit bigint, tbl text, n int, row text);"
    "create function barrier_row() returns trigger language plpgsql as $$ declare"
    " x bigint := pg_current_xact_id()::text::bigint; begin"
    " if tg_op <> 'INSERT' then insert into barrier_log values (x, tg_table_name, -1, old::text);"
    " end if;"
    " if tg_op <> 'DELETE' then insert into barrier_log values (x, tg_table_name, 1, new::text);"
    " end if; return null; end $$";
static const char make_sqlite[] =
    "create table barrier_log (unit integer primary key autoincrement, tbl text, n int, row text)";

static bool watch_postgres(struct place *p, struct str t)
{
    return place_run(p, str_fmt(p->arena,
                                "insert into barrier_log select 0, '%.*s', 1, t::text from %.*s t;"
                                "create trigger barrier_row after insert or update or delete on"
                                " %.*s for each row execute function barrier_row()",
                                F(t), F(t), F(t))
                            .p);
}

static bool watch_sqlite(struct place *p, struct str t)
{
    static const struct {
        const char *act;
        bool old, new;
    } acts[] = {{"insert", false, true}, {"update", true, true}, {"delete", true, false}};
    const struct str olds = row_of(p, t, "old"), news = row_of(p, t, "new");
    bool good = place_run(
        p, str_fmt(p->arena,
                   "insert into barrier_log (tbl, n, row) select '%.*s', 1, %.*s from \"%.*s\" t",
                   F(t), F(row_of(p, t, "t")), F(t))
               .p);
    for (size_t i = 0; good && i < 3; i++) {
        struct buf b = {.arena = p->arena, .limit = 262144};
        buf_fmt(&b, "create trigger barrier_%.*s_%s after %s on \"%.*s\" begin ", F(t), acts[i].act,
                acts[i].act, F(t));
        if (acts[i].old)
            buf_fmt(&b, "insert into barrier_log (tbl, n, row) values ('%.*s', -1, %.*s);", F(t),
                    F(olds));
        if (acts[i].new)
            buf_fmt(&b, "insert into barrier_log (tbl, n, row) values ('%.*s', 1, %.*s);", F(t),
                    F(news));
        buf_add(&b, S(" end"));
        good = place_run(p, str_fmt(p->arena, "%.*s", F(buf_str(&b))).p);
    }
    return good;
}

bool log_install(struct place *p)
{
    struct texts t;
    bool good = place_texts(p, tables_of(p), &t) && place_run(p, "begin") &&
                place_run(p, p->pg ? make_postgres : make_sqlite);
    for (size_t i = 0; good && i < t.n; i++)
        good = p->pg ? watch_postgres(p, t.p[i]) : watch_sqlite(p, t.p[i]);
    return good && place_run(p, "commit");
}

bool log_expect(struct place *p)
{
    return place_run(
        p, "drop schema public cascade; create schema public; create schema if not exists barrier;"
           "create or replace function barrier.make() returns event_trigger language plpgsql as $$"
           " begin if to_regclass('public.barrier_log') is null then"
           " create table public.barrier_log (unit bigint, tbl text, n int, row text); end if;"
           " end $$;"
           "drop event trigger if exists barrier_make;"
           "create event trigger barrier_make on ddl_command_end when tag in ('CREATE TABLE')"
           " execute function barrier.make()");
}

struct log_point log_here(struct place *p)
{
    if (p->pg)
        return (struct log_point){
            place_number(p, "select pg_snapshot_xmin(pg_current_snapshot())::text"),
            place_number(p, "select pg_snapshot_xmax(pg_current_snapshot())::text")};
    const int64_t next = place_number(p, "select max(unit) from barrier_log") + 1;
    return (struct log_point){next, next};
}

/* ---- a copy against it ---- */

static void check_tables(struct place *copy)
{
    struct texts t;
    if (!place_texts(copy, tables_of(copy), &t) || t.n < 50)
        crash_found(copy->findings, "the copy has %zu tables", t.n);
    for (size_t i = 0; i < t.n; i++) {
        const char *sql =
            str_fmt(copy->arena,
                    "select count(*) from (select row from (select row, n from barrier_log where"
                    " tbl = '%.*s' union all select %.*s, -1 from \"%.*s\" t) u group by row"
                    " having sum(n) <> 0) d",
                    F(t.p[i]), F(row_of(copy, t.p[i], "t")), F(t.p[i]))
                .p;
        const int64_t other = place_number(copy, sql);
        if (other != 0)
            crash_found(copy->findings, "%lld rows of %.*s in the copy are not the source's",
                        (long long)other, F(t.p[i]));
    }
}

struct unit {
    int64_t id, n;
};

static struct unit unit_at(const struct texts *t, size_t i)
{
    struct str id, n;
    struct unit u = {INT64_MAX, 0};
    if (i < t->n && str_cut(t->p[i], ' ', &id, &n))
        (void)(str_int(id, &u.id) && str_int(n, &u.n));
    return u;
}

/* Both in order. Each unit of the copy whole in the source; which ones must be there. */
static void check_units(struct place *copy, struct place *source, int64_t must, int64_t must_not)
{
    static const char units[] =
        "select unit, count(*) from barrier_log where unit > 0 group by unit order by unit";
    struct texts in, all;
    if (!place_texts(copy, units, &in) || !place_texts(source, units, &all))
        return;
    size_t at = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct unit u = unit_at(&all, i), c = unit_at(&in, at);
        const bool there = c.id == u.id;
        at += there;
        if (there ? c.n != u.n || u.id >= must_not : u.id < must)
            crash_found(copy->findings, "change %lld: %lld of %lld rows in the copy",
                        (long long)u.id, there ? (long long)c.n : 0, (long long)u.n);
    }
    if (at != in.n)
        crash_found(copy->findings, "%zu changes of the copy are not the source's", in.n - at);
}

void log_check(struct place *copy, struct place *source, int64_t must, int64_t must_not)
{
    check_tables(copy);
    check_units(copy, source, must, must_not);
}
