/*
 * db_postgres.c - PostgreSQL through libpq.
 *
 * Values go binary and typed (int8, text, bytea), results come as text. A statement is prepared
 * once for each pattern of types. The transaction begins with its first statement, so that work
 * which asks nothing costs nothing. A connection that broke is made anew by the next db_begin;
 * one that broke in a commit leaves its outcome unknown.
 */
#include "db_postgres.h"

#define WRITER_STATEMENT_MS 30000

struct store {
    struct db_store base;
    char *url;
};

/* ---- asking the server ---- */

enum err db_postgres_done(struct cx *cx, struct postgres_connection *c, PGresult *r)
{
    const ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return OK;
    return db_postgres_failed(cx, &c->base, c->pg, r);
}

static enum err ask(struct cx *cx, struct postgres_connection *c, const char *text)
{
    PGresult *r = PQexec(c->pg, text);
    const enum err e = db_postgres_done(cx, c, r);
    PQclear(r);
    return e;
}

static enum err ask_int(struct cx *cx, struct postgres_connection *c, const char *text,
                        int64_t *out)
{
    PGresult *r = PQexec(c->pg, text);
    const enum err e = db_postgres_done(cx, c, r);
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
enum err db_postgres_begin_now(struct cx *cx, struct postgres_connection *c)
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

static enum err set_up(struct cx *cx, struct postgres_connection *c)
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
    struct postgres_connection *c = db_postgres_of(d);
    PQfinish(c->pg);
    free(c);
}

static enum err connect_server(struct cx *cx, struct db_store *base, enum db_use use,
                               struct db **out)
{
    struct store *s = (struct store *)base;
    static const char *const names[] = {"dbname", "client_encoding", "application_name",
                                        "connect_timeout", NULL};
    const char *const values[] = {s->url, "UTF8", "tinhso", "5", NULL};
    struct postgres_connection *c = calloc(1, sizeof *c);
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
static enum err check_server(struct cx *cx, struct postgres_connection *c)
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
    struct store *s = (struct store *)base;
    free(s->url);
    free(s);
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
        e = check_server(cx, db_postgres_of(d));
        disconnect(d);
    }
    if (e != OK) {
        close_store(&s->base);
        return e;
    }
    *out = &s->base;
    return OK;
}

static enum err reconnect(struct cx *cx, struct postgres_connection *c)
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
    db_postgres_of(d)->budget_ms = ms;
}

/* ---- transactions ---- */

static enum err commit(struct cx *cx, struct postgres_connection *c)
{
    PGresult *r = PQexec(c->pg, "commit");
    enum err e = db_postgres_done(cx, c, r);
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
    struct postgres_connection *c = db_postgres_of(d);
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
    TRY(db_postgres_begin_now(cx, c));
    return what == DB_COMMIT ? commit(cx, c) : ask(cx, c, texts[what]);
}

/* ---- the rest ---- */

static enum err script(struct cx *cx, struct db *d, const char *sql)
{
    TRY(db_postgres_begin_now(cx, db_postgres_of(d)));
    return ask(cx, db_postgres_of(d), sql);
}

/* Several nodes may start at once. A migration takes as long as it takes. */
static enum err migration_lock(struct cx *cx, struct db *d, bool take)
{
    struct postgres_connection *c = db_postgres_of(d);
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
    TRY(db_postgres_begin_now(cx, db_postgres_of(d)));
    return ask_int(cx, db_postgres_of(d),
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

static int version(const struct db *d)
{
    return PQserverVersion(((const struct postgres_connection *)d)->pg);
}

const struct db_driver db_postgres = {
    .kind = "postgresql",
    .open = open_store,
    .close = close_store,
    .connect = connect_server,
    .disconnect = disconnect,
    .control = control,
    .budget = set_budget,
    .prepare = db_postgres_prepare,
    .fits = db_postgres_fits,
    .finalize = db_postgres_finalize,
    .start = db_postgres_start,
    .step = db_postgres_step,
    .reset = db_postgres_reset,
    .is_null = db_postgres_is_null,
    .get_int = db_postgres_get_int,
    .get = db_postgres_get,
    .script = script,
    .migration_lock = migration_lock,
    .transaction_id = transaction_id,
    .checkpoint = checkpoint,
    .backup = backup,
    .version = version,
};
