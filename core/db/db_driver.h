/*
 * db_driver.h - what db.c asks of a database; db_sqlite.c and db_postgres.c answer.
 *
 * A driver's own structs begin with the struct db, db_store or db_stmt below.
 */
#pragma once
#include "db/db.h"

#define DB_PARAMS_MAX 64
#define DB_BUCKETS 1024 /* about as many literals as the program has */
#define DB_BUILT_MAX 64 /* prepared texts of searches kept per connection */

struct db_store {
    const struct db_driver *driver;
    int pool;
};

/* A prepared statement; its connection keeps it. */
struct db_stmt {
    struct db *db;
    struct db_stmt *next;       /* in its bucket, or among the built texts */
    const struct db_site *site; /* NULL: a built text */
    char *text;                 /* of a built text */
    size_t text_n;
    uint64_t hash;
    bool busy;
    struct cx *cx;        /* whose rows are open */
    struct closer closer; /* here and not in the rows: unwinding must not read a dead stack frame */
};

struct db {
    const struct db_driver *driver;
    struct db_store *store;
    enum db_use use;
    bool testing; /* virtual clock; statements outside of a transaction are allowed */
    bool in_transaction, in_savepoint;
    bool doomed; /* a statement failed: nothing more runs before the rollback */
    enum err doomed_by;
    bool gone;        /* the database dropped the whole transaction: a savepoint cannot help */
    bool unknown;     /* the commit may or may not have happened */
    bool retry;       /* serialisation failure or deadlock */
    bool retry_once;  /* a key that a neighbour inserted at the same time */
    bool interrupted; /* over the budget */
    bool broken;      /* the connection is lost */
    bool wrote;
    int64_t snapshot;              /* db_snapshot's; 0: not asked yet */
    int64_t state, state_snapshot; /* the driver's number of what was seen, and ours for it */
    int64_t changed;
    int fail_in; /* calls until the injected failure; 0: none */
    int64_t wal_pages;
    struct db_stmt *sites[DB_BUCKETS];
    struct db_stmt *built; /* latest used first */
    size_t built_n;
};

enum db_control { DB_BEGIN, DB_COMMIT, DB_ROLLBACK, DB_SAVE, DB_RELEASE, DB_BACK, DB_CONTROLS };

struct db_driver {
    const char *kind;
    enum err (*open)(struct cx *cx, const struct db_config *c, struct db_store **out);
    void (*close)(struct db_store *s);
    enum err (*connect)(struct cx *cx, struct db_store *s, enum db_use use, struct db **out);
    void (*disconnect)(struct db *d);
    size_t (*hosts)(struct cx *cx, struct db_store *s, struct db_host *out,
                    size_t max); /* or NULL */
    enum err (*control)(struct cx *cx, struct db *d, enum db_control what);
    void (*budget)(struct db *d, int ms);
    /* Of a reader in its transaction: another number when what it sees may be another. 0: not
     * known. NULL: never. */
    int64_t (*state)(struct db *d);

    enum err (*prepare)(struct cx *cx, struct db *d, const char *sql, size_t n,
                        const struct db_value *v, struct db_stmt **out);
    bool (*fits)(const struct db_stmt *st, size_t n, const struct db_value *v);
    void (*finalize)(struct db_stmt *st);
    /* keep: the values' bytes may go before the statement ends, so they are copied. */
    enum err (*start)(struct cx *cx, struct db_stmt *st, size_t n, const struct db_value *v,
                      bool keep);
    enum err (*step)(struct cx *cx, struct db_stmt *st, bool *row);
    void (*reset)(struct db_stmt *st);
    bool (*is_null)(struct db_stmt *st, int column);
    int64_t (*get_int)(struct db_stmt *st, int column);
    /* In the arena; of a null .p is NULL. */
    struct str (*get)(struct cx *cx, struct db_stmt *st, int column, bool bytes);

    /* Migrations: text as it is. */
    enum err (*script)(struct cx *cx, struct db *d, const char *sql);
    enum err (*migration_lock)(struct cx *cx, struct db *d, bool take);
    enum err (*transaction_id)(struct cx *cx, struct db *d, bool horizon, int64_t *id);
    enum err (*checkpoint)(struct cx *cx, struct db *d, bool truncate);
    enum err (*backup)(struct cx *cx, struct db *d, const char *to_path);
    enum err (*restore)(struct cx *cx, struct db *d, const char *from_path,
                        const char *const *roots); /* NULL: it is a file */
    int (*version)(const struct db *d);
};

extern const struct db_driver db_sqlite, db_postgres;

/* Sentences that both drivers use, so that people see the same on either database. */
enum err db_failed_key(struct cx *cx);    /* unique, foreign key */
enum err db_failed_rule(struct cx *cx);   /* check, not null, type */
enum err db_failed_append(struct cx *cx); /* an append-only table */
enum err db_failed_machine(struct cx *cx, enum err e, const char *what, const char *detail);

/* Whether a statement may run now: not in a doomed transaction, not where db_fail_at says no. */
enum err db_may_run(struct cx *cx, struct db *d);
/* Passes e on; after any error the transaction is doomed: nothing is built upon half-done work. */
enum err db_doom(struct db *d, enum err e);

/* Statements of a connection (db_cache.c). */
enum err db_take_site(struct cx *cx, const struct db_site *site, size_t n, const struct db_value *v,
                      struct db_stmt **out);
enum err db_take_text(struct cx *cx, struct str text, size_t n, const struct db_value *v,
                      struct db_stmt **out);
void db_forget_statements(struct db *d);

/* Schema text in pieces (db_schema.c): comments are space, quoted text is one sign. */
enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_SEMICOLON, TOKEN_SPACE, TOKEN_OTHER };
struct db_token {
    enum token_kind kind;
    struct str text;
};
struct db_token db_token_next(struct str s);

/* In a write transaction (db_migrate.c): the tables of db itself; and the files of another
 * database, whose hashes are in the map under "ROOT/schema/NAME", in the order of the roots.
 * ERR_CONFLICT: this program lacks one of them. */
enum err db_migrate_own(struct cx *cx);
enum err db_migrate_again(struct cx *cx, const char *const *roots, const struct map *hashes,
                          size_t hashes_n);

/* SQLite: each `check (column in (three or more))` of a statement as comparisons; and the same for
 * tables that earlier releases made, in the writer's transaction (db_checks.c). */
struct str db_checks_compared(struct arena *a, struct str sql);
enum err db_checks_put_right(struct cx *cx);

/* The schema text of one migration in the words of one database (db_schema.c). */
typedef enum err db_statement_fn(struct cx *cx, void *state, struct str statement);
enum err db_schema_each(struct cx *cx, struct str text, bool postgres, db_statement_fn *fn,
                        void *state);
