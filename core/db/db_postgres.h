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
