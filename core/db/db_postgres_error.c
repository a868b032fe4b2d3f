/* db_postgres_error.c - PostgreSQL's error codes in our words. */
#include "db_postgres.h"

#include "log/log.h"

enum meaning { KEY, RULE, APPEND_ONLY, AGAIN, CANCELLED, TOO_LONG, LOST, READ_ONLY, MACHINE };

/* By the code's beginning; the first that fits counts (PostgreSQL, appendix A). */
static const struct {
    struct str code;
    enum meaning meaning;
} codes[] = {
    {{"TS001", 5}, APPEND_ONLY},
    {{"P0001", 5},
     APPEND_ONLY},         /* raise exception in a trigger of a schema, as raise(abort) in SQLite */
    {{"23505", 5}, KEY},   /* unique_violation */
    {{"23503", 5}, KEY},   /* foreign_key_violation */
    {{"23", 2}, RULE},     /* check, not null, exclusion */
    {{"22", 2}, RULE},     /* data that its type cannot hold */
    {{"40001", 5}, AGAIN}, /* serialization_failure */
    {{"40P01", 5}, AGAIN}, /* deadlock_detected */
    {{"55P03", 5}, AGAIN}, /* lock_not_available */
    {{"57014", 5}, CANCELLED}, /* query_canceled: our statement_timeout */
    {{"54000", 5}, TOO_LONG},  /* program_limit_exceeded */
    {{"08", 2}, LOST},         /* connection_exception */
    {{"57P", 3}, LOST},        /* admin_shutdown, crash_shutdown, cannot_connect_now */
    {{"53300", 5}, LOST},      /* too_many_connections */
    {{"25006", 5}, READ_ONLY}, /* read_only_sql_transaction: a primary that became a standby */
};

static enum meaning meaning_of(struct str code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_starts(code, codes[i].code))
            return codes[i].meaning;
    return MACHINE;
}

static enum err lost(struct cx *cx, struct db *d, const PGconn *pg)
{
    d->broken = true;
    d->retry_once = true;
    return fail(cx, ERR_BUSY, "postgresql: the connection is lost: %s", PQerrorMessage(pg));
}

enum err db_postgres_failed(struct cx *cx, struct db *d, const PGconn *pg, const PGresult *r)
{
    if (PQstatus(pg) != CONNECTION_OK)
        return lost(cx, d, pg);
    const struct str code = str_c(PQresultErrorField(r, PG_DIAG_SQLSTATE));
    switch (meaning_of(code)) {
    case KEY:
        d->retry_once = true; /* a neighbour may have inserted it just now: the next run sees it */
        return db_failed_key(cx);
    case RULE:
        return db_failed_rule(cx);
    case APPEND_ONLY:
        return db_failed_append(cx);
    case AGAIN:
        d->retry = true;
        return fail(cx, ERR_BUSY, "postgresql: %s, run it again", code.p);
    case CANCELLED:
        d->interrupted = true;
        return fail(cx, ERR_BUSY, "interrupted: over its time");
    case TOO_LONG:
        return fail(cx, ERR_LIMIT, T("Dữ liệu dài quá mức cho phép. Rút ngắn rồi gửi lại."));
    case LOST:
        return lost(cx, d, pg);
    case READ_ONLY:
        if (d->use == DB_WRITER)
            return lost(cx, d, pg);
        break;
    case MACHINE:
        break;
    }
    /* The primary message names tables and columns; values would be in the detail, left out. */
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    return fail(cx, ERR_IO, "postgresql %.*s: %s", F(code), message ? message : PQerrorMessage(pg));
}

void db_postgres_notice([[maybe_unused]] void *state, const char *message)
{
    log_event(LOG_DEBUG, "db.notice", K("text", str_trim(str_c(message))));
}

enum err db_postgres_our_type(struct cx *cx, Oid theirs, int i, Oid *ours)
{
    switch (theirs) {
    case PG_INT2:
    case PG_INT4:
    case PG_INT8:
        *ours = PG_INT8;
        return OK;
    case PG_TEXT:
    case PG_VARCHAR:
        *ours = PG_TEXT;
        return OK;
    case PG_BYTEA:
        *ours = PG_BYTEA;
        return OK;
    default:
        return fail(cx, ERR_IO, "$%d would be of type %u: cast it to bigint, text or bytea", i + 1,
                    theirs);
    }
}
