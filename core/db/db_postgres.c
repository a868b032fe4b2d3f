/*
 * db_postgres.c - PostgreSQL through libpq.
 *
 * Values go binary and typed (int8, text, bytea), results come as text. A statement is prepared
 * once for each pattern of types. The transaction begins with its first statement, so that work
 * which asks nothing costs nothing. A connection that broke is made anew by the next db_begin;
 * one that broke in a commit leaves its outcome unknown.
 */
#include "db_postgres.h"

#include <endian.h>

#define WRITER_STATEMENT_MS 30000

struct store {
    struct db_store base;
    char *url;
};

struct connection {
    struct db base;
    PGconn *pg;
    bool begin_pending;
    int budget_ms, budget_set; /* as asked; as the server was told */
    int64_t prepared;          /* gives statements their names */
};

struct statement {
    struct db_stmt base;
    char name[24];
    int n;
    Oid types[DB_PARAMS_MAX];
    PGresult *result;
    int row;
};

static struct connection *of(struct db *d)
{
    return (struct connection *)d;
}

static struct statement *own(struct db_stmt *st)
{
    return (struct statement *)st;
}

/* ---- asking the server ---- */

static enum err done(struct cx *cx, struct connection *c, PGresult *r)
{
    const ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return OK;
    return db_postgres_failed(cx, &c->base, c->pg, r);
}

static enum err ask(struct cx *cx, struct connection *c, const char *text)
{
    PGresult *r = PQexec(c->pg, text);
    const enum err e = done(cx, c, r);
    PQclear(r);
    return e;
}

static enum err ask_int(struct cx *cx, struct connection *c, const char *text, int64_t *out)
{
    PGresult *r = PQexec(c->pg, text);
    const enum err e = done(cx, c, r);
    if (e == OK && PQntuples(r) == 1)
        *out = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    return e;
}

static const char *begin_text(const struct db *d)
{
    return d->use == DB_READER ? "begin isolation level repeatable read read only"
                               : "begin isolation level repeatable read read write";
}

/* What was put off until the first statement. */
static enum err begin_now(struct cx *cx, struct connection *c)
{
    if (c->budget_set != c->budget_ms) {
        TRY(ask(cx, c, str_fmt(cx->arena, "set statement_timeout = %d", c->budget_ms).p));
        c->budget_set = c->budget_ms;
    }
    if (!c->begin_pending)
        return OK;
    c->begin_pending = false;
    return ask(cx, c, begin_text(&c->base));
}

/* ---- stores and connections ---- */

static enum err set_up(struct cx *cx, struct connection *c)
{
    if (PQstatus(c->pg) != CONNECTION_OK)
        return fail(cx, ERR_BUSY, "postgresql: %s", PQerrorMessage(c->pg));
    PQsetNoticeProcessor(c->pg, db_postgres_notice, NULL);
    c->budget_set = c->budget_ms;
    return ask(
        cx, c,
        str_fmt(cx->arena,
                "set bytea_output = hex; set timezone = 'UTC'; set lock_timeout = 10000;"
                "set idle_in_transaction_session_timeout = 60000; set statement_timeout = %d",
                c->budget_ms)
            .p);
}

static void disconnect(struct db *d)
{
    PQfinish(of(d)->pg);
    free(d);
}

static enum err connect_server(struct cx *cx, struct db_store *base, enum db_use use,
                               struct db **out)
{
    struct store *s = (struct store *)base;
    static const char *const names[] = {"dbname", "client_encoding", "application_name",
                                        "connect_timeout", NULL};
    const char *const values[] = {s->url, "UTF8", "tinhso", "5", NULL};
    struct connection *c = calloc(1, sizeof *c);
    MUST(c != NULL);
    c->base.store = base;
    c->base.use = use;
    c->budget_ms = use == DB_WRITER ? WRITER_STATEMENT_MS : 0;
    c->pg = PQconnectdbParams(names, values, 1);
    MUST(c->pg != NULL);
    const enum err e = set_up(cx, c);
    if (e != OK) {
        disconnect(&c->base);
        return e;
    }
    *out = &c->base;
    return OK;
}

/* Text must sort and compare here as it does in SQLite: by bytes. */
static enum err check_server(struct cx *cx, struct connection *c)
{
    int64_t suits = 0;
    TRY(ask_int(
        cx, c,
        "select count(*) from pg_database where datname = current_database() and datlocprovider = 'c'"
        " and datcollate in ('C', 'POSIX') and pg_encoding_to_char(encoding) = 'UTF8'",
        &suits));
    if (suits == 0)
        return fail(
            cx, ERR_INVALID,
            T("Cơ sở dữ liệu PostgreSQL phải được tạo với mã UTF8 và locale C: createdb -T template0 -E UTF8 --locale=C."));
    return OK;
}

static void close_store(struct db_store *base)
{
    free(((struct store *)base)->url);
    free(base);
}

static enum err open_store(struct cx *cx, const struct db_config *config, struct db_store **out)
{
    struct store *s = calloc(1, sizeof *s);
    MUST(s != NULL);
    s->url = strdup(str_z(cx->arena, config->url));
    MUST(s->url != NULL);
    s->base.pool = config->readers > 0 ? config->readers : 8;
    struct db *d = NULL;
    enum err e = connect_server(cx, &s->base, DB_READER, &d);
    if (e == OK) {
        e = check_server(cx, of(d));
        disconnect(d);
    }
    if (e != OK) {
        close_store(&s->base);
        return e;
    }
    *out = &s->base;
    return OK;
}

static enum err reconnect(struct cx *cx, struct connection *c)
{
    if (!c->base.broken && PQstatus(c->pg) == CONNECTION_OK)
        return OK;
    c->base.broken = true;
    db_forget_statements(&c->base); /* the server has forgotten them too */
    PQreset(c->pg);
    TRY(set_up(cx, c));
    c->base.broken = false;
    return OK;
}

static void set_budget(struct db *d, int ms)
{
    of(d)->budget_ms = ms;
}

/* ---- transactions ---- */

static enum err commit(struct cx *cx, struct connection *c)
{
    PGresult *r = PQexec(c->pg, "commit");
    enum err e = done(cx, c, r);
    /* "commit" of a failed transaction is a rollback, politely. */
    if (e == OK && strcmp(PQcmdStatus(r), "COMMIT") != 0)
        e = fail(cx, ERR_IO, "the transaction had failed before its commit");
    if (e != OK && c->base.broken) {
        c->base.unknown = true;
        c->base.retry = c->base.retry_once = false;
    }
    PQclear(r);
    return e;
}

static enum err control(struct cx *cx, struct db *d, enum db_control what)
{
    struct connection *c = of(d);
    static const char *const texts[DB_CONTROLS] = {
        [DB_ROLLBACK] = "rollback",
        [DB_SAVE] = "savepoint request",
        [DB_RELEASE] = "release request",
        [DB_BACK] = "rollback to request",
    };
    if (what == DB_BEGIN) {
        TRY(reconnect(cx, c));
        c->begin_pending = true;
        return OK;
    }
    if (what == DB_ROLLBACK && d->broken)
        return OK; /* the server has undone it, or is about to */
    if (c->begin_pending && (what == DB_COMMIT || what == DB_ROLLBACK)) {
        c->begin_pending = false; /* nothing was ever asked */
        return OK;
    }
    TRY(begin_now(cx, c));
    return what == DB_COMMIT ? commit(cx, c) : ask(cx, c, texts[what]);
}

/* ---- statements ---- */

static Oid type_of(const struct db_value *v)
{
    static const Oid types[] = {
        [DB_NULL] = 0, [DB_INT] = PG_INT8, [DB_TEXT] = PG_TEXT, [DB_BYTES] = PG_BYTEA};
    return types[v->kind];
}

/* Types are ours where values are given; for db_each_sql (v NULL) they are what the server
 * deduces, in our words: what it takes for an int4 we would send as int8. */
static enum err deduce(struct cx *cx, struct connection *c, const char *sql, struct statement *st)
{
    PGresult *r = PQprepare(c->pg, "", sql, 0, NULL);
    enum err e = done(cx, c, r);
    PQclear(r);
    TRY(e);
    r = PQdescribePrepared(c->pg, "");
    e = done(cx, c, r);
    st->n = e == OK ? PQnparams(r) : 0;
    for (int i = 0; i < st->n && e == OK && i < DB_PARAMS_MAX; i++)
        e = db_postgres_our_type(cx, PQparamtype(r, i), i, &st->types[i]);
    PQclear(r);
    return e;
}

static enum err prepare_on_server(struct cx *cx, struct connection *c, const char *sql,
                                  struct statement *st)
{
    PGresult *r = PQprepare(c->pg, st->name, sql, st->n, st->types);
    const enum err e = done(cx, c, r);
    PQclear(r);
    return e;
}

static enum err prepare(struct cx *cx, struct db *d, const char *sql, size_t n,
                        const struct db_value *v, struct db_stmt **out)
{
    struct connection *c = of(d);
    TRY(begin_now(cx, c));
    struct statement *st = calloc(1, sizeof *st);
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

static bool fits(const struct db_stmt *base, size_t n, const struct db_value *v)
{
    const struct statement *st = (const struct statement *)base;
    if ((size_t)st->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (v[i].kind != DB_NULL && st->types[i] != type_of(&v[i]))
            return false;
    return true;
}

static void finalize(struct db_stmt *base)
{
    struct statement *st = own(base);
    struct connection *c = of(base->db);
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

static enum err start(struct cx *cx, struct db_stmt *base, size_t n, const struct db_value *v,
                      [[maybe_unused]] bool keep)
{
    struct statement *st = own(base);
    struct connection *c = of(base->db);
    struct wire w;
    TRY(begin_now(cx, c));
    to_wire(&w, n, v);
    st->row = -1;
    st->result = PQexecPrepared(c->pg, st->name, (int)n, w.values, w.lengths, w.formats, 0);
    TRY(done(cx, c, st->result));
    const bool read_only = strncmp(PQcmdStatus(st->result), "SELECT", 6) == 0;
    c->base.changed = read_only ? 0 : strtoll(PQcmdTuples(st->result), NULL, 10);
    c->base.wrote = c->base.wrote || c->base.changed > 0;
    return OK;
}

static enum err step([[maybe_unused]] struct cx *cx, struct db_stmt *base, bool *row)
{
    struct statement *st = own(base);
    *row = ++st->row < PQntuples(st->result);
    return OK;
}

static void reset(struct db_stmt *base)
{
    PQclear(own(base)->result);
    own(base)->result = NULL;
}

static bool is_null(struct db_stmt *base, int column)
{
    struct statement *st = own(base);
    MUST(column < PQnfields(st->result));
    return PQgetisnull(st->result, st->row, column);
}

static int64_t get_int(struct db_stmt *base, int column)
{
    struct statement *st = own(base);
    MUST(column < PQnfields(st->result));
    const char *text = PQgetvalue(st->result, st->row, column);
    if (PQftype(st->result, column) == PG_BOOL)
        return text[0] == 't';
    return strtoll(text, NULL, 10); /* sum() is numeric; a null is the empty text: 0 */
}

static struct str get(struct cx *cx, struct db_stmt *base, int column, [[maybe_unused]] bool bytes)
{
    struct statement *st = own(base);
    const char *text = PQgetvalue(st->result, st->row, column);
    const struct str s = {text, (size_t)PQgetlength(st->result, st->row, column)};
    if (PQftype(st->result, column) != PG_BYTEA)
        return str_dup(cx->arena, s);
    struct str raw;
    MUST(str_starts(s, S("\\x")) && str_unhex(cx->arena, str_from(s, 2), &raw));
    return raw;
}

/* ---- the rest ---- */

static enum err script(struct cx *cx, struct db *d, const char *sql)
{
    TRY(begin_now(cx, of(d)));
    return ask(cx, of(d), sql);
}

/* Several nodes may start at once. A migration takes as long as it takes. */
static enum err migration_lock(struct cx *cx, struct db *d, bool take)
{
    struct connection *c = of(d);
    if (take) {
        TRY(reconnect(cx, c));
        TRY(ask(cx, c, "set statement_timeout = 0; set lock_timeout = 0"));
        return ask(cx, c, "select pg_advisory_lock(2026, hashtext(current_schema()))");
    }
    TRY(ask(cx, c, "select pg_advisory_unlock(2026, hashtext(current_schema()))"));
    return ask(
        cx, c,
        str_fmt(cx->arena, "set statement_timeout = %d; set lock_timeout = 10000", c->budget_ms).p);
}

static enum err transaction_id(struct cx *cx, struct db *d, bool horizon, int64_t *id)
{
    TRY(begin_now(cx, of(d)));
    return ask_int(cx, of(d),
                   horizon ? "select pg_snapshot_xmin(pg_current_snapshot())"
                           : "select pg_current_xact_id()",
                   id);
}

static enum err checkpoint([[maybe_unused]] struct cx *cx, [[maybe_unused]] struct db *d,
                           [[maybe_unused]] bool truncate)
{
    return OK; /* the server's own matter */
}

static enum err backup(struct cx *cx, [[maybe_unused]] struct db *d,
                       [[maybe_unused]] const char *to_path)
{
    return fail(cx, ERR_INVALID,
                T("PostgreSQL được sao lưu bằng công cụ riêng (pgBackRest, pg_dump)."));
}

const struct db_driver db_postgres = {
    .kind = "postgresql",
    .open = open_store,
    .close = close_store,
    .connect = connect_server,
    .disconnect = disconnect,
    .control = control,
    .budget = set_budget,
    .prepare = prepare,
    .fits = fits,
    .finalize = finalize,
    .start = start,
    .step = step,
    .reset = reset,
    .is_null = is_null,
    .get_int = get_int,
    .get = get,
    .script = script,
    .migration_lock = migration_lock,
    .transaction_id = transaction_id,
    .checkpoint = checkpoint,
    .backup = backup,
};
