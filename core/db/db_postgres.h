/* db_postgres.h - between db_postgres.c and its parts. */
#pragma once
#include <libpq-fe.h>
#include "db_driver.h"

/* Numbers of types, as every PostgreSQL has them (pg_type.dat). */
enum {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_VARCHAR = 1043
};

/* What the server's error means here; also marks d for retry, as interrupted, as broken. */
enum err db_postgres_failed(struct cx *cx, struct db *d, const PGconn *pg, const PGresult *r);
void db_postgres_notice(void *state, const char *message);
/* The type in which we would send a parameter that the server takes for `theirs`. */
enum err db_postgres_our_type(struct cx *cx, Oid theirs, int i, Oid *ours);

struct postgres_connection {
    struct db base;
    PGconn *pg;
    bool begin_pending;
    int budget_ms, budget_set; /* as asked; as the server was told */
    int64_t prepared;          /* gives statements their names */
};

static inline struct postgres_connection *db_postgres_of(struct db *d)
{
    return (struct postgres_connection *)d;
}

enum err db_postgres_done(struct cx *cx, struct postgres_connection *c, PGresult *r);
/* What was put off until the first statement. */
enum err db_postgres_begin_now(struct cx *cx, struct postgres_connection *c);

/* db_postgres_statement.c */
struct postgres_statement {
    struct db_stmt base;
    char name[24];
    int n;
    Oid types[DB_PARAMS_MAX];
    PGresult *result;
    int row;
};
enum err db_postgres_prepare(struct cx *cx, struct db *d, const char *sql, size_t n,
                             const struct db_value *v, struct db_stmt **out);
bool db_postgres_fits(const struct db_stmt *base, size_t n, const struct db_value *v);
void db_postgres_finalize(struct db_stmt *base);
enum err db_postgres_start(struct cx *cx, struct db_stmt *base, size_t n, const struct db_value *v,
                           bool keep);
enum err db_postgres_step(struct cx *cx, struct db_stmt *base, bool *row);
void db_postgres_reset(struct db_stmt *base);
bool db_postgres_is_null(struct db_stmt *base, int column);
int64_t db_postgres_get_int(struct db_stmt *base, int column);
struct str db_postgres_get(struct cx *cx, struct db_stmt *base, int column, bool bytes);
