/* db_sqlite.h - between db_sqlite.c and its parts. */
#pragma once
#include <sqlite3.h>
#include "db_driver.h"

/* The file system calls of SQLite with the fsyncs counted (db_sqlite_vfs.c). */
const char *db_sqlite_vfs(void);

/* A place for a data base that lives as long as its store: in the machine's memory where there is
 * a file system for that (db_sqlite_vfs.c). */
char *db_sqlite_temporary(void);
void db_sqlite_remove(const char *path);

struct sqlite_connection {
    struct db base;
    sqlite3 *handle;
    sqlite3_stmt *controls[DB_CONTROLS];
    sqlite3_stmt *data_version;
    int budget_ms; /* 0: none */
    int64_t budget_end;
    int64_t steps_left;
};

static inline struct sqlite_connection *db_sqlite_of(struct db *d)
{
    return (struct sqlite_connection *)d;
}

int64_t db_sqlite_now_ms(void); /* monotonic */
/* What the connection's last error means here. */
enum err db_sqlite_failed(struct cx *cx, struct sqlite_connection *c);
enum err db_sqlite_backup(struct cx *cx, struct db *d, const char *to_path);

/* db_sqlite_statement.c */
struct sqlite_statement {
    struct db_stmt base;
    sqlite3_stmt *handle;
    int n, highest;
    int columns;
    bool reads;       /* it changes nothing */
    bool gives_rowid; /* its `returning id` was taken off */
    bool done;        /* such a one has run: there is no second row */
    int64_t rowid;
    unsigned char number[DB_PARAMS_MAX + 1]; /* SQLite's parameter i is our $number[i] */
};
enum err db_sqlite_prepare(struct cx *cx, struct db *d, const char *sql, size_t n,
                           const struct db_value *v, struct db_stmt **out);
bool db_sqlite_fits(const struct db_stmt *st, size_t n, const struct db_value *v);
void db_sqlite_finalize(struct db_stmt *st);
enum err db_sqlite_start(struct cx *cx, struct db_stmt *base, size_t n, const struct db_value *v,
                         bool keep);
enum err db_sqlite_step(struct cx *cx, struct db_stmt *base, bool *row);
void db_sqlite_reset(struct db_stmt *st);
bool db_sqlite_is_null(struct db_stmt *st, int column);
int64_t db_sqlite_get_int(struct db_stmt *st, int column);
struct str db_sqlite_get(struct cx *cx, struct db_stmt *st, int column, bool bytes);
