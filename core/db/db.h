/*
 * db.h - one SQL text on SQLite and PostgreSQL.
 *
 * SQL is a literal (the macros paste it between literals, so text from a variable does not
 * compile), values are $1, $2 ... Statements are prepared once per connection and found again by
 * the literal's address. Every literal is also listed in the binary, so that CI prepares each on
 * both databases (db_each_sql). A lane owns the connection and the transaction: modules neither
 * begin nor commit. After any error the transaction is doomed on both databases: the lane undoes
 * it. Constraint violations come as ERR_CONFLICT (unique, foreign key) or ERR_INVALID (check, not
 * null) but are our bugs where `on conflict` would do.
 *
 * SQLite: WAL, synchronous=FULL, foreign_keys on, STRICT tables, one read-write connection per
 * file (decision 7 and parts-inventory: WAL-reset defect of 3.40.1), readers open read-only.
 * PostgreSQL: binary-safe, parameters typed int8/text/bytea, C locale, isolation repeatable read;
 * a serialisation failure is ERR_BUSY with cx->db marked for retry.
 */
#pragma once
#include "base/base.h"

enum db_kind { DB_NULL = 0, DB_INT, DB_TEXT, DB_BYTES };
struct db_value {
    enum db_kind kind;
    int64_t i;
    struct str s;
};
struct db_value db_v_int(int64_t v);
struct db_value db_v_str(struct str s); /* text; p == NULL is null */
struct db_value db_v_bytes(struct str s);
static inline struct db_value db_v_size(size_t n)
{
    MUST(n <= INT64_MAX);
    return db_v_int((int64_t)n);
}
/* V(any integer, enum or bool) or V(struct str); bytes and null are said aloud. */
/* clang-format off */
#define V(...)                                                                                   \
    _Generic((__VA_ARGS__), struct str: db_v_str, size_t: db_v_size, default: db_v_int)(__VA_ARGS__)
/* clang-format on */
#define VB(x) db_v_bytes(x)
#define V_NULL ((struct db_value){0})
#define V_OR_NULL(id) ((id) ? db_v_int(id) : V_NULL) /* foreign keys: 0 is none */

struct db_rows {
    enum err err; /* why db_next ended, when not by the last row */
    struct cx *cx;
    struct db_stmt *stmt; /* of the connection, which unwinding also closes */
    bool open;
};
void db_rows_close(struct db_rows *r);
#define auto_rows __attribute__((cleanup(db_rows_close))) struct db_rows

/* Every SQL literal of the program, for db_each_sql. One that cannot run on both databases begins
 * with a comment that says only "sqlite" or only "postgresql". */
struct db_site {
    const char *sql, *file;
    int line;
};
#define DB_SITE_(text)                                                                             \
    ({                                                                                             \
        static const struct db_site site_ = {"" text "", __FILE__, __LINE__};                      \
        static const struct db_site *const listed_ __attribute__((section("db_sites"), used)) =    \
            &site_;                                                                                \
        (void)listed_;                                                                             \
        &site_;                                                                                    \
    })
#define DB_VALUES_(...)                                                                            \
    sizeof((const struct db_value[]){{0}, ##__VA_ARGS__}) / sizeof(struct db_value) - 1,           \
        (const struct db_value[]){{0}, ##__VA_ARGS__} + 1

/* Reading. The rows belong to the caller: auto_rows closes them. */
#define db_query(cx, rows, text, ...)                                                              \
    db_query_((cx), (rows), DB_SITE_(text), DB_VALUES_(__VA_ARGS__))
/* Writing; needs the WRITE lane. */
#define db_exec(cx, text, ...) db_exec_((cx), DB_SITE_(text), DB_VALUES_(__VA_ARGS__))
/* One value of one row. ERR_NOT_FOUND (no sentence set): no row. */
#define db_one_int(cx, out, text, ...)                                                             \
    db_one_int_((cx), (out), DB_SITE_(text), DB_VALUES_(__VA_ARGS__))
/* Insert that ends in `returning id`. */
#define db_insert(cx, id, text, ...)                                                               \
    db_one_int_((cx), (id), DB_SITE_(text), DB_VALUES_(__VA_ARGS__))

enum err db_query_(struct cx *cx, struct db_rows *r, const struct db_site *site, size_t n,
                   const struct db_value *v);
enum err db_exec_(struct cx *cx, const struct db_site *site, size_t n, const struct db_value *v);
enum err db_one_int_(struct cx *cx, int64_t *out, const struct db_site *site, size_t n,
                     const struct db_value *v);

bool db_next(struct db_rows *r);               /* false: the end, or r->err */
int64_t db_int(struct db_rows *r, int column); /* null is 0 */
/* Copied into cx->arena; null is empty with p NULL. */
struct str db_str(struct db_rows *r, int column);
struct str db_bytes(struct db_rows *r, int column);
bool db_null(struct db_rows *r, int column);
int64_t db_changed(struct cx *cx); /* rows the last db_exec changed */

/* A search with optional filters: literal pieces and bound values. `$` alone marks a value:
 *   DB_ADD(&q, " and state = $", V(state));   limit 16 KiB and 64 values. */
struct db_text {
    struct buf sql;
    struct db_value values[64];
    size_t n;
};
void db_text_start(struct cx *cx, struct db_text *q);
#define DB_ADD(q, text, ...) db_add_((q), "" text "", DB_VALUES_(__VA_ARGS__))
void db_add_(struct db_text *q, const char *sql, size_t n, const struct db_value *v);
enum err db_query_text(struct cx *cx, struct db_rows *r, const struct db_text *q);

/* Adds " and (...)": cx->scope as a predicate over these columns (literals; NULL: the table has
 * no such column, so that kind of scope sees nothing there). Architecture 6. */
struct db_scope_columns {
    const char *owner_account, *owner_person; /* OWN: either */
    const char *assignee;                     /* ASSIGNED: account */
    const char *unit;                         /* UNIT */
    const char *unit_path;                    /* UNIT_TREE */
    const char *area_path;                    /* AREA_TREE */
    const char *is_public;                    /* PUBLIC: a 0/1 column or expression */
};
void db_scope(struct cx *cx, struct db_text *q, const struct db_scope_columns *columns);

/* What differs between the databases, named. */
bool db_is_postgres(const struct cx *cx);
/* Of the database that answers: 3040001 (SQLite 3.40.1), 150008 (PostgreSQL 15.8). */
int db_version(const struct cx *cx);
/* PostgreSQL: this transaction's id; SQLite: 0. And the id below which all have ended. */
enum err db_transaction_id(struct cx *cx, int64_t *id);
enum err db_horizon(struct cx *cx, int64_t *id);

/* ---- one database: opened by the process, used by the lanes ---- */
struct db_config {
    /* "sqlite:/path/file.db", "sqlite::memory:" (as long as the store is open), "postgresql://..."
     */
    struct str url;
    bool may_create;
    int readers; /* PostgreSQL: pool size */
};
struct db_store;
enum err db_open(struct cx *cx, const struct db_config *c, struct db_store **out);
void db_close(struct db_store *s);
struct str db_store_kind(const struct db_store *s); /* "sqlite" or "postgresql" */
int db_store_pool(const struct db_store *s);        /* PostgreSQL: connections for reading */
/* The servers that the address names, each asked (PostgreSQL; none on SQLite): away, following,
 * taking writes, or a primary that a standby has replaced, which must not take any. */
enum db_host_state { DB_HOST_AWAY = 0, DB_HOST_STANDBY, DB_HOST_PRIMARY, DB_HOST_LEFT };
struct db_host {
    struct str name;
    enum db_host_state state;
};
size_t db_hosts(struct cx *cx, struct db_store *s, struct db_host *out, size_t max);

/* Connections, for the lanes. A connection belongs to one thread at a time. */
enum db_use { DB_READER, DB_WRITER };
enum err db_connect(struct cx *cx, struct db_store *s, enum db_use use, struct db **out);
void db_disconnect(struct db *d);
enum err db_begin(struct cx *cx);  /* on cx->db: a snapshot (READER) or a write transaction */
enum err db_commit(struct cx *cx); /* OK: durable. ERR_IO: undone or unknown (db_outcome_unknown) */
void db_rollback(struct cx *cx);
bool db_outcome_unknown(const struct cx *cx);
bool db_doomed(const struct cx *cx);
bool db_should_retry(const struct cx *cx); /* serialisation failure, deadlock */
/* PostgreSQL: a key that a neighbour inserted at the same time, which one more run will see. */
bool db_should_retry_once(const struct cx *cx);
bool db_wrote(const struct cx *cx);  /* rows were changed since db_begin or db_savepoint */
bool db_broken(const struct cx *cx); /* the connection is lost; db_begin makes it anew */
bool db_is_reader(const struct cx *cx);
/* A number of this process for what the transaction sees: two that have the same see the same rows.
 * (SQLite: readers of one connection between whose beginnings nobody committed.) 0: outside of one.
 */
int64_t db_snapshot(const struct cx *cx);
/* A reader ends its snapshot before a long wait (network); the next statement begins another. */
void db_rest(struct cx *cx);
enum err db_savepoint(struct cx *cx); /* one level: a request inside a batch */
enum err db_savepoint_release(struct cx *cx);
void db_savepoint_rollback(struct cx *cx);
/* From now on for so long; statements past it are interrupted: ERR_BUSY and db_interrupted. 0: no
 * limit. Real monotonic time; under a virtual clock (env->testing) a fixed number of steps of
 * SQLite's machine counts as a millisecond, so that a test gives the same answer each time. */
void db_set_budget_ms(struct db *d, int ms);
bool db_interrupted(const struct cx *cx);
/* The log goes into the file and begins anew; a reader with a long snapshot keeps it from that, and
 * db_wal_pages stays. Writer only; nothing on PostgreSQL. */
enum err db_checkpoint(struct cx *cx, bool truncate);
int64_t db_wal_pages(const struct cx *cx); /* after the last commit; 0 when all is checkpointed */
/* A whole consistent copy into a new file; at a writer barrier (the lane sees to that). */
enum err db_backup(struct cx *cx, struct str to_path);
/* PostgreSQL: such a copy into an empty schema, with a writer's connection; ERR_CONFLICT: there is
 * something. (SQLite's copy is the file itself.) */
enum err db_restore(struct cx *cx, struct str from_path, const char *const *roots);

/* ---- schema ---- */
/* Applies modules' migrations (embedded "ROOT/schema/NNNN_name.sql") that are not yet recorded, in
 * the order of `roots`, each file in one transaction with its SHA-256; ERR_CONFLICT when a landed
 * file's hash differs. In schema text: $id, $bytes, $sealed (bytes), $lookup (bytes: a keyed
 * HMAC), `$append_only TABLE;` (update and delete refused by triggers), `$moves NAME TABLE;` and
 * `$moves NAME TABLE column ...;` (changes counted, see kept/kept.h), and lines
 * "-- if sqlite" / "-- if postgresql" / "-- end" for what truly differs. */
enum err db_migrate(struct cx *cx, const char *const *roots);
/* Tests: as a release did that had only the first n of these files. *all: how many there are. */
enum err db_migrate_first(struct cx *cx, const char *const *roots, size_t n, size_t *all);
/* Classes of columns as the schema comments state them; for the data dictionary and checks. A
 * comment on a column's line begins with public, internal, personal, sensitive or secret; one on
 * the line of "create table x (" is for all columns that say nothing. class_name empty: nowhere
 * stated, which fails core/db/tests/classes_test.c. Schemas of tests are left out. */
struct db_column {
    struct str table, column, type, class_name;
};
const struct db_column *db_columns(size_t *n); /* built once from the embedded schemas */
/* The same for one text: how many of at most `max` it found. They point into the text. */
size_t db_columns_in(struct str schema, struct db_column *out, size_t max);

/* ---- tests ---- */
int64_t db_fsyncs(void);       /* of this process on SQLite files since it began */
void db_fsync_fails_at(int n); /* the n-th fsync from now on reports failure; 0 off */
/* The n-th call on cx->db from now on (begin, each statement, commit) fails with ERR_IO; 0 off. */
void db_fail_at(struct cx *cx, int n);
typedef enum err db_sql_fn(void *state, const struct db_site *site, const char *error);
/* Prepares every SQL literal of the program on cx->db; error is NULL when it prepared. */
enum err db_each_sql(struct cx *cx, db_sql_fn *fn, void *state);
