/*
 * db_postgres_copy.c - a whole consistent copy of a PostgreSQL database into a file, and back.
 *
 * The copy is one snapshot; the schema is not in it but the list of migrations, which the program
 * applies again. The same data give the same bytes. Lines: "M root name sha256", "T table columns"
 * with the rows as COPY text in frames of a length and bytes, "S table column value" for counters,
 * "X number" (no transaction of the copy has a higher one), "E".
 *
 * Back: one transaction into an empty schema, so whatever interrupts it leaves nothing. Another
 * server counts its transactions anew; db_era holds what is added, so that the journal's order
 * goes on where it was.
 */
#include "db_postgres.h"

#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FIRST_LINE "tinhso-postgresql-copy 1"
#define LINE_MAX_BYTES 8192
#define FRAME_MAX ((uint32_t)256 << 20)

struct copying {
    struct cx *cx;
    struct postgres_connection *c;
    FILE *f;
};

static enum err broken(struct cx *cx, const char *what)
{
    return fail(cx, ERR_IO, "the copy of the database: %s", what);
}

static PGresult *rows_of(struct copying *k, const char *sql, enum err *e)
{
    PGresult *r = PQexec(k->c->pg, sql);
    *e = db_postgres_done(k->cx, k->c, r);
    return r;
}

typedef enum err row_fn(struct copying *k, const PGresult *r, int row);

static enum err each_row(struct copying *k, const char *sql, row_fn *fn)
{
    enum err e;
    PGresult *r = rows_of(k, sql, &e);
    for (int i = 0; e == OK && i < PQntuples(r); i++) {
        const struct arena_mark here = arena_here(k->cx->arena);
        e = fn(k, r, i);
        if (e == OK)
            arena_back(k->cx->arena, here);
    }
    PQclear(r);
    return e;
}

/* ---- out ---- */

static enum err put_line(struct copying *k, struct str line)
{
    return fwrite(line.p, 1, line.n, k->f) == line.n && fputc('\n', k->f) != EOF
               ? OK
               : broken(k->cx, "it cannot be written");
}

static enum err put_frame(struct copying *k, const char *p, uint32_t n)
{
    const uint32_t length = htobe32(n);
    return fwrite(&length, 1, 4, k->f) == 4 && fwrite(p, 1, n, k->f) == n
               ? OK
               : broken(k->cx, "it cannot be written");
}

static enum err put_migration(struct copying *k, const PGresult *r, int row)
{
    return put_line(k, str_fmt(k->cx->arena, "M %s %s %s", PQgetvalue(r, row, 0),
                               PQgetvalue(r, row, 1), PQgetvalue(r, row, 2)));
}

static enum err put_rows(struct copying *k)
{
    char *p = NULL;
    int n;
    enum err e = OK;
    while ((n = PQgetCopyData(k->c->pg, &p, 0)) > 0) {
        if (e == OK)
            e = put_frame(k, p, (uint32_t)n);
        PQfreemem(p);
    }
    if (n == -2 && e == OK)
        e = broken(k->cx, PQerrorMessage(k->c->pg));
    PGresult *end = PQgetResult(k->c->pg);
    if (e == OK)
        e = db_postgres_done(k->cx, k->c, end);
    PQclear(end);
    return e == OK ? put_frame(k, "", 0) : e;
}

/* Ordered by all columns: the same rows give the same bytes. */
static enum err put_table(struct copying *k, const PGresult *r, int row)
{
    const char *table = PQgetvalue(r, row, 0), *columns = PQgetvalue(r, row, 1);
    TRY(put_line(k, str_fmt(k->cx->arena, "T %s %s", table, columns)));
    enum err e;
    PGresult *copy =
        PQexec(k->c->pg, str_fmt(k->cx->arena, "copy (select %s from %s order by %s) to stdout",
                                 columns, table, columns)
                             .p);
    e = PQresultStatus(copy) == PGRES_COPY_OUT ? OK : db_postgres_done(k->cx, k->c, copy);
    PQclear(copy);
    return e == OK ? put_rows(k) : e;
}

static enum err put_counter(struct copying *k, const PGresult *r, int row)
{
    enum err e;
    PGresult *v = rows_of(
        k,
        str_fmt(k->cx->arena, "select last_value from %s where is_called", PQgetvalue(r, row, 2)).p,
        &e);
    if (e == OK && PQntuples(v) == 1)
        e = put_line(k, str_fmt(k->cx->arena, "S %s %s %s", PQgetvalue(r, row, 0),
                                PQgetvalue(r, row, 1), PQgetvalue(v, 0, 0)));
    PQclear(v);
    return e;
}

#define OUR_TABLES                                                                                 \
    " from pg_class t where t.relkind = 'r' and t.relpersistence = 'p'"                            \
    " and t.relnamespace = current_schema()::regnamespace and t.relname <> 'db_era'"

static const char tables[] =
    "select quote_ident(t.relname), (select string_agg(quote_ident(a.attname), ',' order by a.attnum)"
    " from pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped"
    " and a.attgenerated = '')" OUR_TABLES " order by t.relname";
static const char counters[] =
    "select quote_ident(t.relname), a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname)"
    " from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attidentity <> ''"
    " where t.relkind = 'r' and t.relnamespace = current_schema()::regnamespace"
    " order by t.relname, a.attnum";

static enum err put_all(struct copying *k)
{
    int64_t last;
    TRY(put_line(k, S(FIRST_LINE)));
    TRY(each_row(k, "select root, name, sha256 from db_migration order by root, name",
                 put_migration));
    TRY(each_row(k, tables, put_table));
    TRY(each_row(k, counters, put_counter));
    TRY(db_postgres_ask_int(k->cx, k->c, "select pg_snapshot_xmax(pg_current_snapshot())", &last));
    TRY(put_line(k, str_fmt(k->cx->arena, "X %lld", (long long)(last + k->c->era))));
    return put_line(k, S("E"));
}

enum err db_postgres_backup(struct cx *cx, struct db *d, const char *to_path)
{
    struct copying k = {.cx = cx, .c = db_postgres_of(d)};
    const int fd = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_CONFLICT,
                    T("Không tạo được tệp sao lưu %s: tệp đã có hoặc thư mục không ghi được."),
                    to_path);
    k.f = fdopen(fd, "w");
    MUST(k.f != NULL);
    enum err e = db_postgres_reconnect(cx, k.c);
    if (e == OK) {
        db_postgres_know_server(cx, k.c);
        e = db_postgres_ask(cx, k.c,
                            "set statement_timeout = 0;"
                            "begin isolation level repeatable read read only");
        k.c->budget_set = 0;
    }
    if (e == OK)
        e = put_all(&k);
    PQclear(PQexec(k.c->pg, "rollback"));
    const bool durable = fflush(k.f) == 0 && fsync(fd) == 0;
    fclose(k.f);
    if (e == OK && !durable)
        e = broken(cx, "it cannot be written");
    if (e != OK)
        unlink(to_path); /* half a copy is worse than none */
    return e;
}

/* ---- back ---- */

struct restoring {
    struct copying k;
    char line[LINE_MAX_BYTES];
    char *frame;
    uint32_t room;
    bool cleared;
    const char *const *roots;
    struct map hashes; /* of migrations, by path */
    size_t hashes_n;
    struct str keys[1024]; /* statements that bring the foreign keys again */
    size_t keys_n;
};

static enum err read_line(struct restoring *r, struct str *line)
{
    if (!fgets(r->line, sizeof r->line, r->k.f))
        return broken(r->k.cx, "it is cut off");
    *line = str_c(r->line);
    if (line->n == 0 || line->p[line->n - 1] != '\n')
        return broken(r->k.cx, "a line has no end");
    line->n--;
    return OK;
}

static enum err read_frame(struct restoring *r, uint32_t *n)
{
    uint32_t length;
    if (fread(&length, 1, 4, r->k.f) != 4)
        return broken(r->k.cx, "it is cut off");
    *n = be32toh(length);
    if (*n > FRAME_MAX)
        return broken(r->k.cx, "a row is too long");
    if (*n > r->room) {
        free(r->frame);
        r->room = *n * 2;
        r->frame = malloc(r->room);
        MUST(r->frame != NULL);
    }
    return fread(r->frame, 1, *n, r->k.f) == *n ? OK : broken(r->k.cx, "it is cut off");
}

static enum err forget_rows(struct copying *k, const PGresult *r, int row)
{
    const char *table = PQgetvalue(r, row, 0);
    return db_postgres_ask(
        k->cx, k->c,
        str_fmt(k->cx->arena, "alter table %s disable trigger user; delete from %s", table, table)
            .p);
}

static enum err guard_again(struct copying *k, const PGresult *r, int row)
{
    return db_postgres_ask(
        k->cx, k->c,
        str_fmt(k->cx->arena, "alter table %s enable trigger user", PQgetvalue(r, row, 0)).p);
}

/* The tables as they were when the copy was made. Rows that migrations wrote come again with the
 * copy; keys are checked when all is there. */
static enum err clear(struct restoring *r)
{
    enum err e;
    if (r->cleared)
        return OK;
    r->cleared = true;
    TRY(db_migrate_again(r->k.cx, r->roots, &r->hashes, r->hashes_n));
    PGresult *keys = rows_of(
        &r->k,
        "select quote_ident(t.relname), quote_ident(c.conname), pg_get_constraintdef(c.oid)"
        " from pg_constraint c join pg_class t on t.oid = c.conrelid where c.contype = 'f'"
        " and t.relnamespace = current_schema()::regnamespace order by t.relname, c.conname",
        &e);
    struct arena *a = r->k.cx->arena;
    for (int i = 0; e == OK && i < PQntuples(keys); i++) {
        const char *table = PQgetvalue(keys, i, 0), *name = PQgetvalue(keys, i, 1);
        MUST(r->keys_n < sizeof r->keys / sizeof *r->keys);
        r->keys[r->keys_n++] =
            str_fmt(a, "alter table %s add constraint %s %s", table, name, PQgetvalue(keys, i, 2));
        e = db_postgres_ask(r->k.cx, r->k.c,
                            str_fmt(a, "alter table %s drop constraint %s", table, name).p);
    }
    PQclear(keys);
    return e == OK ? each_row(&r->k, tables, forget_rows) : e;
}

static enum err get_table(struct restoring *r, struct str rest)
{
    struct cx *cx = r->k.cx;
    PGconn *pg = r->k.c->pg;
    struct str table, columns;
    TRY(clear(r));
    if (!str_cut(rest, ' ', &table, &columns))
        return broken(cx, "a table without columns");
    PGresult *copy =
        PQexec(pg, str_fmt(cx->arena, "copy %.*s (%.*s) from stdin", F(table), F(columns)).p);
    enum err e = PQresultStatus(copy) == PGRES_COPY_IN ? OK : db_postgres_done(cx, r->k.c, copy);
    PQclear(copy);
    TRY(e);
    uint32_t n = 1;
    while (e == OK && n > 0) {
        e = read_frame(r, &n);
        if (e == OK && n > 0 && PQputCopyData(pg, r->frame, (int)n) != 1)
            e = broken(cx, PQerrorMessage(pg));
    }
    PQputCopyEnd(pg, e == OK ? NULL : "the copy is cut off");
    for (PGresult *end; (end = PQgetResult(pg)) != NULL; PQclear(end))
        if (e == OK)
            e = db_postgres_done(cx, r->k.c, end);
    return e;
}

static enum err get_counter(struct restoring *r, struct str rest)
{
    struct str table, column, value;
    if (!str_cut(rest, ' ', &table, &rest) || !str_cut(rest, ' ', &column, &value))
        return broken(r->k.cx, "a counter without value");
    return db_postgres_ask(r->k.cx, r->k.c,
                           str_fmt(r->k.cx->arena,
                                   "select setval(pg_get_serial_sequence('%.*s', '%.*s'), %.*s)",
                                   F(table), F(column), F(value))
                               .p);
}

static enum err get_era(struct restoring *r, struct str rest)
{
    int64_t last;
    if (!str_int(rest, &last))
        return broken(r->k.cx, "no number of a transaction");
    TRY(db_postgres_ask(r->k.cx, r->k.c, "delete from db_era"));
    return db_postgres_ask(
        r->k.cx, r->k.c,
        str_fmt(r->k.cx->arena, "insert into db_era (one, added) values (1, %lld)", (long long)last)
            .p);
}

static enum err get_migration(struct restoring *r, struct str rest)
{
    struct str root, name, sha256;
    if (!str_cut(rest, ' ', &root, &rest) || !str_cut(rest, ' ', &name, &sha256))
        return broken(r->k.cx, "a migration without a hash");
    struct arena *m = r->k.cx->arena;
    struct str *kept = NEW(m, struct str);
    *kept = str_dup(m, sha256);
    map_put(m, &r->hashes, str_fmt(m, "%.*s/schema/%.*s", F(root), F(name)), kept);
    r->hashes_n++;
    return OK;
}

static enum err get_all(struct restoring *r)
{
    struct str line;
    TRY(read_line(r, &line));
    if (!str_eq(line, S(FIRST_LINE)))
        return broken(r->k.cx, "it is something else");
    for (;;) {
        TRY(read_line(r, &line));
        const char kind = line.p[0];
        const struct str rest = str_from(line, line.n < 2 ? line.n : 2);
        if (kind == 'E')
            break;
        TRY(kind == 'M'   ? get_migration(r, rest)
            : kind == 'T' ? get_table(r, rest)
            : kind == 'S' ? get_counter(r, rest)
            : kind == 'X' ? get_era(r, rest)
                          : broken(r->k.cx, "a line of an unknown kind"));
    }
    for (size_t i = 0; i < r->keys_n; i++)
        TRY(db_postgres_ask(r->k.cx, r->k.c, r->keys[i].p));
    return each_row(&r->k, tables, guard_again);
}

/* In the transaction that began. */
static enum err into_empty(struct cx *cx, struct restoring *r)
{
    int64_t there;
    TRY(db_postgres_begin_now(cx, r->k.c));
    TRY(db_postgres_ask_int(cx, r->k.c, "select count(*)" OUR_TABLES, &there));
    if (there > 0)
        return fail(
            cx, ERR_CONFLICT,
            T("Cơ sở dữ liệu đã có dữ liệu. Tạo một cơ sở dữ liệu trống rồi dựng lại vào đó."));
    TRY(db_migrate_own(cx));
    return get_all(r);
}

enum err db_postgres_restore(struct cx *cx, struct db *d, const char *from_path,
                             const char *const *roots)
{
    struct restoring *r = calloc(1, sizeof *r);
    MUST(r != NULL);
    r->roots = roots;
    r->k = (struct copying){.cx = cx, .c = db_postgres_of(d), .f = fopen(from_path, "re")};
    enum err e = r->k.f ? db_begin(cx) : broken(cx, "it cannot be opened");
    if (e == OK)
        e = into_empty(cx, r);
    if (e == OK)
        e = db_commit(cx);
    db_rollback(cx);
    if (r->k.f)
        fclose(r->k.f);
    free(r->frame);
    free(r);
    return e;
}
