/* db_postgres_statement.c - PostgreSQL: preparing, values on the wire, reading results. */
#include "db_postgres.h"

#include <endian.h>

static struct postgres_statement *own(struct db_stmt *st)
{
    return (struct postgres_statement *)st;
}

static Oid type_of(const struct db_value *v)
{
    static const Oid types[] = {
        [DB_NULL] = 0, [DB_INT] = PG_INT8, [DB_TEXT] = PG_TEXT, [DB_BYTES] = PG_BYTEA};
    return types[v->kind];
}

/* Types are ours where values are given; for db_each_sql (v NULL) they are what the server
 * deduces, in our words: what it takes for an int4 we would send as int8. */
static enum err deduce(struct cx *cx, struct postgres_connection *c, const char *sql,
                       struct postgres_statement *st)
{
    PGresult *r = PQprepare(c->pg, "", sql, 0, NULL);
    enum err e = db_postgres_done(cx, c, r);
    PQclear(r);
    TRY(e);
    r = PQdescribePrepared(c->pg, "");
    e = db_postgres_done(cx, c, r);
    st->n = e == OK ? PQnparams(r) : 0;
    for (int i = 0; i < st->n && e == OK && i < DB_PARAMS_MAX; i++)
        e = db_postgres_our_type(cx, PQparamtype(r, i), i, &st->types[i]);
    PQclear(r);
    return e;
}

static enum err prepare_on_server(struct cx *cx, struct postgres_connection *c, const char *sql,
                                  struct postgres_statement *st)
{
    PGresult *r = PQprepare(c->pg, st->name, sql, st->n, st->types);
    const enum err e = db_postgres_done(cx, c, r);
    PQclear(r);
    return e;
}

enum err db_postgres_prepare(struct cx *cx, struct db *d, const char *sql, size_t n,
                             const struct db_value *v, struct db_stmt **out)
{
    struct postgres_connection *c = db_postgres_of(d);
    TRY(db_postgres_begin_now(cx, c));
    struct postgres_statement *st = calloc(1, sizeof *st);
    MUST(st != NULL);
    st->base.db = d;
    st->n = (int)n;
    snprintf(st->name, sizeof st->name, "s%lld", (long long)++c->prepared);
    for (size_t i = 0; i < n; i++)
        st->types[i] = type_of(&v[i]);
    enum err e = v ? OK : deduce(cx, c, sql, st);
    if (e == OK)
        e = prepare_on_server(cx, c, sql, st);
    if (e != OK) {
        free(st);
        return e;
    }
    *out = &st->base;
    return OK;
}

bool db_postgres_fits(const struct db_stmt *base, size_t n, const struct db_value *v)
{
    const struct postgres_statement *st = (const struct postgres_statement *)base;
    if ((size_t)st->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (v[i].kind != DB_NULL && st->types[i] != type_of(&v[i]))
            return false;
    return true;
}

void db_postgres_finalize(struct db_stmt *base)
{
    struct postgres_statement *st = own(base);
    struct postgres_connection *c = db_postgres_of(base->db);
    if (!c->base.broken && PQstatus(c->pg) == CONNECTION_OK && !c->base.doomed) {
        char text[64];
        snprintf(text, sizeof text, "deallocate %s", st->name);
        PQclear(PQexec(c->pg, text));
    }
    free(st);
}

struct wire {
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX], formats[DB_PARAMS_MAX];
    uint64_t integers[DB_PARAMS_MAX];
};

static void to_wire(struct wire *w, size_t n, const struct db_value *v)
{
    for (size_t i = 0; i < n; i++) {
        w->formats[i] = 1;
        if (v[i].kind == DB_NULL) {
            w->values[i] = NULL;
            w->lengths[i] = 0;
        } else if (v[i].kind == DB_INT) {
            w->integers[i] = htobe64((uint64_t)v[i].i);
            w->values[i] = (const char *)&w->integers[i];
            w->lengths[i] = 8;
        } else {
            MUST(v[i].s.n <= INT32_MAX);
            w->values[i] = v[i].s.p;
            w->lengths[i] = (int)v[i].s.n;
        }
    }
}

enum err db_postgres_start(struct cx *cx, struct db_stmt *base, size_t n, const struct db_value *v,
                           [[maybe_unused]] bool keep)
{
    struct postgres_statement *st = own(base);
    struct postgres_connection *c = db_postgres_of(base->db);
    struct wire w;
    if (c->budget_end && !c->base.testing && db_postgres_now_ms() >= c->budget_end) {
        c->base.interrupted = true;
        return fail(cx, ERR_BUSY, "interrupted after %d ms", c->budget_ms);
    }
    TRY(db_postgres_begin_now(cx, c));
    to_wire(&w, n, v);
    st->row = -1;
    st->result = PQexecPrepared(c->pg, st->name, (int)n, w.values, w.lengths, w.formats, 0);
    TRY(db_postgres_done(cx, c, st->result));
    const bool read_only = strncmp(PQcmdStatus(st->result), "SELECT", 6) == 0;
    c->base.changed = read_only ? 0 : strtoll(PQcmdTuples(st->result), NULL, 10);
    c->base.wrote = c->base.wrote || c->base.changed > 0;
    return OK;
}

enum err db_postgres_step([[maybe_unused]] struct cx *cx, struct db_stmt *base, bool *row)
{
    struct postgres_statement *st = own(base);
    *row = ++st->row < PQntuples(st->result);
    return OK;
}

void db_postgres_reset(struct db_stmt *base)
{
    PQclear(own(base)->result);
    own(base)->result = NULL;
}

bool db_postgres_is_null(struct db_stmt *base, int column)
{
    struct postgres_statement *st = own(base);
    MUST(column < PQnfields(st->result));
    return PQgetisnull(st->result, st->row, column);
}

int64_t db_postgres_get_int(struct db_stmt *base, int column)
{
    struct postgres_statement *st = own(base);
    MUST(column < PQnfields(st->result));
    const char *text = PQgetvalue(st->result, st->row, column);
    if (PQftype(st->result, column) == PG_BOOL)
        return text[0] == 't';
    return strtoll(text, NULL, 10); /* sum() is numeric; a null is the empty text: 0 */
}

struct str db_postgres_get(struct cx *cx, struct db_stmt *base, int column,
                           [[maybe_unused]] bool bytes)
{
    struct postgres_statement *st = own(base);
    if (db_postgres_is_null(base, column))
        return (struct str){NULL, 0};
    const char *text = PQgetvalue(st->result, st->row, column);
    const struct str s = {text, (size_t)PQgetlength(st->result, st->row, column)};
    if (PQftype(st->result, column) != PG_BYTEA)
        return str_dup(cx->arena, s);
    struct str raw;
    MUST(str_starts(s, S("\\x")) && str_unhex(cx->arena, str_from(s, 2), &raw));
    return raw;
}
