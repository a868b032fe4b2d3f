/* db_postgres.h - between db_postgres.c and its parts. */
#pragma once
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
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

#define HOSTS_MAX 8
#define SYSTEM_BYTES 24
#define LIFE_BYTES 40

/* Which server answered. `history` grows with each promotion of a standby: a primary with less
 * than was ever seen is one that the province has left behind. `life`: the same until the server
 * crashes or another takes its place; until then no number of a transaction comes twice. */
struct postgres_server {
    char system[SYSTEM_BYTES], life[LIFE_BYTES]; /* empty: not known */
    int64_t history;                             /* 0: not known */
};

struct postgres_store {
    struct db_store base;
    char *url, *seen_path;
    char *hosts[HOSTS_MAX], *ports[HOSTS_MAX];
    int hosts_n;
    bool far; /* some host is another machine, and the address says nothing of TLS */
    pthread_mutex_t lock;
    struct postgres_server seen; /* the highest history */
    int64_t refused_ns, learned_ns;
    _Atomic int64_t history; /* seen.history, for every begin */
};

struct postgres_connection {
    struct db base;
    PGconn *pg;
    bool begin_pending;
    bool left_behind;          /* the last server that answered is an old primary */
    int budget_ms, budget_set; /* as asked; as the server was told, of each statement */
    int64_t budget_end;        /* of all together, monotonic ms; 0: none */
    int64_t prepared;          /* gives statements their names */
    int64_t transaction;       /* of this write transaction; 0: none yet */
    int64_t era;               /* added to the server's numbers since a restore (db_era) */
    struct postgres_server server;
    int pid; /* of the server's process for us; libpq forgets it with the connection */
};

static inline struct postgres_connection *db_postgres_of(struct db *d)
{
    return (struct postgres_connection *)d;
}

enum err db_postgres_done(struct cx *cx, struct postgres_connection *c, PGresult *r);
enum err db_postgres_ask(struct cx *cx, struct postgres_connection *c, const char *text);
/* The first column of the last statement's one row. */
enum err db_postgres_ask_int(struct cx *cx, struct postgres_connection *c, const char *text,
                             int64_t *out);

/* db_postgres_connect.c */
enum err db_postgres_open(struct cx *cx, const struct db_config *config, struct db_store **out);
void db_postgres_close(struct db_store *base);
enum err db_postgres_connect(struct cx *cx, struct db_store *base, enum db_use use,
                             struct db **out);
void db_postgres_disconnect(struct db *d);
size_t db_postgres_hosts(struct cx *cx, struct db_store *base, struct db_host *out, size_t max);
/* Nothing when the connection is whole and its server is not left behind. */
enum err db_postgres_reconnect(struct cx *cx, struct postgres_connection *c);

/* db_postgres_copy.c */
enum err db_postgres_backup(struct cx *cx, struct db *d, const char *to_path);
enum err db_postgres_restore(struct cx *cx, struct db *d, const char *from_path,
                             const char *const *roots);

/* db_postgres_outcome.c */
/* Before a transaction: fills server.life and era when they are not known yet. */
void db_postgres_know_server(struct cx *cx, struct postgres_connection *c);
/* After a commit whose connection broke: OK, it is there; else ERR_BUSY, undone (it may run again)
 * or unknown. */
enum err db_postgres_find_out(struct cx *cx, struct postgres_connection *c);

/* What was put off until the first statement. */
enum err db_postgres_begin_now(struct cx *cx, struct postgres_connection *c);
int64_t db_postgres_now_ms(void); /* monotonic */

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
