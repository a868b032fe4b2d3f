/*
 * db_postgres.c - PostgreSQL through libpq.
 *
 * Values go binary and typed (int8, text, bytea), results come as text. A statement is prepared
 * once for each pattern of types. The transaction begins with its first statement, so that work
 * which asks nothing costs nothing. A connection that broke is made anew by the next db_begin;
 * after one that broke in a commit the server is asked what became of it (db_postgres_outcome.c).
 */
#include "db_postgres.h"

#include <time.h>

/* ---- asking the server ---- */

enum err db_postgres_done(struct cx *cx, struct postgres_connection *c, PGresult *r)
{
    const ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return OK;
    return db_postgres_failed(cx, &c->base, c->pg, r);
}

enum err db_postgres_ask(struct cx *cx, struct postgres_connection *c, const char *text)
{
    PGresult *r = PQexec(c->pg, text);
    const enum err e = db_postgres_done(cx, c, r);
    PQclear(r);
    return e;
}

enum err db_postgres_ask_int(struct cx *cx, struct postgres_connection *c, const char *text,
                             int64_t *out)
{
    PGresult *r = PQexec(c->pg, text);
    const enum err e = db_postgres_done(cx, c, r);
    if (e == OK && PQntuples(r) == 1)
        *out = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    return e;
}

/* A writer learns the number of its transaction on the way: its events bear it, and by it the
 * server says what became of a commit. */
static enum err begin(struct cx *cx, struct postgres_connection *c)
{
    db_postgres_know_server(cx, c);
    if (c->base.use == DB_READER)
        return db_postgres_ask(cx, c, "begin isolation level repeatable read read only");
    return db_postgres_ask_int(
        cx, c, "begin isolation level repeatable read read write; select pg_current_xact_id()",
        &c->transaction);
}

/* What was put off until the first statement. */
enum err db_postgres_begin_now(struct cx *cx, struct postgres_connection *c)
{
    if (c->budget_set != c->budget_ms) {
        TRY(db_postgres_ask(cx, c,
                            str_fmt(cx->arena, "set statement_timeout = %d", c->budget_ms).p));
        c->budget_set = c->budget_ms;
    }
    if (!c->begin_pending)
        return OK;
    c->begin_pending = false;
    return begin(cx, c);
}

int64_t db_postgres_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void set_budget(struct db *d, int ms)
{
    struct postgres_connection *c = db_postgres_of(d);
    c->budget_ms = ms;
    c->budget_end = ms ? db_postgres_now_ms() + ms : 0;
}

/* ---- transactions ---- */

static enum err commit(struct cx *cx, struct postgres_connection *c)
{
    PGresult *r = PQexec(c->pg, "commit");
    enum err e = db_postgres_done(cx, c, r);
    /* "commit" of a failed transaction is a rollback, politely. */
    if (e == OK && strcmp(PQcmdStatus(r), "COMMIT") != 0)
        e = fail(cx, ERR_IO, "the transaction had failed before its commit");
    PQclear(r);
    return e != OK && c->base.broken ? db_postgres_find_out(cx, c) : e;
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
        TRY(db_postgres_reconnect(cx, c));
        c->begin_pending = true;
        c->transaction = 0;
        return OK;
    }
    if (what == DB_ROLLBACK && d->broken)
        return OK; /* the server has undone it, or is about to */
    if (c->begin_pending && (what == DB_COMMIT || what == DB_ROLLBACK)) {
        c->begin_pending = false; /* nothing was ever asked */
        return OK;
    }
    TRY(db_postgres_begin_now(cx, c));
    return what == DB_COMMIT ? commit(cx, c) : db_postgres_ask(cx, c, texts[what]);
}

/* ---- the rest ---- */

static enum err script(struct cx *cx, struct db *d, const char *sql)
{
    TRY(db_postgres_begin_now(cx, db_postgres_of(d)));
    return db_postgres_ask(cx, db_postgres_of(d), sql);
}

/* Several nodes may start at once. A migration takes as long as it takes. */
static enum err migration_lock(struct cx *cx, struct db *d, bool take)
{
    struct postgres_connection *c = db_postgres_of(d);
    if (take) {
        TRY(db_postgres_reconnect(cx, c));
        TRY(db_postgres_ask(cx, c, "set statement_timeout = 0; set lock_timeout = 0"));
        return db_postgres_ask(cx, c, "select pg_advisory_lock(2026, hashtext(current_schema()))");
    }
    TRY(db_postgres_ask(cx, c, "select pg_advisory_unlock(2026, hashtext(current_schema()))"));
    return db_postgres_ask(
        cx, c,
        str_fmt(cx->arena, "set statement_timeout = %d; set lock_timeout = 10000", c->budget_ms).p);
}

static enum err transaction_id(struct cx *cx, struct db *d, bool horizon, int64_t *id)
{
    struct postgres_connection *c = db_postgres_of(d);
    TRY(db_postgres_begin_now(cx, c));
    if (!horizon && c->transaction) {
        *id = c->transaction + c->era;
        return OK;
    }
    TRY(db_postgres_ask_int(cx, c,
                            horizon ? "select pg_snapshot_xmin(pg_current_snapshot())"
                                    : "select pg_current_xact_id()",
                            id));
    *id += c->era;
    return OK;
}

static enum err checkpoint([[maybe_unused]] struct cx *cx, [[maybe_unused]] struct db *d,
                           [[maybe_unused]] bool truncate)
{
    return OK; /* the server's own matter */
}

static int version(const struct db *d)
{
    return PQserverVersion(((const struct postgres_connection *)d)->pg);
}

const struct db_driver db_postgres = {
    .kind = "postgresql",
    .open = db_postgres_open,
    .close = db_postgres_close,
    .connect = db_postgres_connect,
    .disconnect = db_postgres_disconnect,
    .hosts = db_postgres_hosts,
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
    .backup = db_postgres_backup,
    .restore = db_postgres_restore,
    .version = version,
};
