/* db_sqlite_statement.c - SQLite: preparing, binding, stepping, reading columns. */
#include "db_sqlite.h"

static struct sqlite_statement *own(struct db_stmt *st)
{
    return (struct sqlite_statement *)st;
}

/* "$2" is a name to SQLite, numbered by first appearance: the map from its number to ours. */
static enum err number_parameters(struct cx *cx, struct sqlite_statement *st)
{
    st->n = sqlite3_bind_parameter_count(st->handle);
    if (st->n > DB_PARAMS_MAX)
        return fail(cx, ERR_IO, "more than %d parameters", DB_PARAMS_MAX);
    for (int i = 1; i <= st->n; i++) {
        int64_t number;
        const struct str name = str_c(sqlite3_bind_parameter_name(st->handle, i));
        if (!str_starts(name, S("$")) || !str_int(str_from(name, 1), &number) || number < 1 ||
            number > DB_PARAMS_MAX)
            return fail(cx, ERR_IO, "parameter %.*s is not $1 to $%d", F(name), DB_PARAMS_MAX);
        st->number[i] = (unsigned char)number;
        if (number > st->highest)
            st->highest = (int)number;
    }
    return OK;
}

/* ---- inserts that end in `returning id` ----
 *
 * SQLite keeps what it returns in a table of its own, made and thrown away for each run: 40
 * thousand instructions for a number that the connection knows anyway. So it is asked for where one
 * row goes into a table with `$id`. */

/* `$id`: what counts by itself is the rowid. */
static bool id_is_rowid(struct cx *cx, sqlite3 *h, struct str table)
{
    int counts = 0;
    return sqlite3_table_column_metadata(h, NULL, str_z(cx->arena, table), "id", NULL, NULL, NULL,
                                         NULL, &counts) == SQLITE_OK &&
           counts;
}

/* How many bytes of the text come before its `returning id`; 0: it is left as it is. */
static size_t without_returning(struct cx *cx, sqlite3 *h, struct str sql)
{
    const struct str into = S("insert into "), end = S(" returning id");
    if (!str_starts(sql, into) || !str_ends(sql, end) || str_find(sql, S("do update"), NULL) ||
        str_find(sql, S("select"), NULL) || str_find(sql, S("), ("), NULL))
        return 0;
    struct str table, rest;
    str_cut(str_from(sql, into.n), ' ', &table, &rest);
    return id_is_rowid(cx, h, table) ? sql.n - end.n : 0;
}

/* ---- statements that change many rows ----
 *
 * So that one which fails midway can be undone alone, SQLite copies each page before it changes it.
 * Here nobody goes on after a failure: the transaction is doomed and undone, or what it did since
 * its savepoint. `or fail` says so, and nothing is copied. */
static struct str without_copies(struct cx *cx, struct str sql)
{
    static const struct str words[] = {{"insert", 6}, {"update", 6}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct str rest = str_from(sql, words[i].n);
        if (str_starts(sql, words[i]) && str_starts(rest, S(" ")) && !str_starts(rest, S(" or ")))
            return str_fmt(cx->arena, "%.*s or fail%.*s", F(words[i]), F(rest));
    }
    return sql;
}

/* ---- preparing ---- */

enum err db_sqlite_prepare(struct cx *cx, struct db *d, const char *sql, [[maybe_unused]] size_t n,
                           [[maybe_unused]] const struct db_value *v, struct db_stmt **out)
{
    struct sqlite_connection *c = db_sqlite_of(d);
    struct sqlite_statement *st = calloc(1, sizeof *st);
    MUST(st != NULL);
    const char *rest = NULL;
    const size_t bytes = without_returning(cx, c->handle, str_c(sql));
    const struct str text = without_copies(cx, bytes ? (struct str){sql, bytes} : str_c(sql));
    enum err e = OK;
    st->gives_rowid = bytes > 0;
    if (sqlite3_prepare_v3(c->handle, text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT, &st->handle,
                           &rest) != SQLITE_OK)
        e = db_sqlite_failed(cx, c);
    else if (!st->handle || str_trim(str_from(text, (size_t)(rest - text.p))).n > 0)
        e = fail(cx, ERR_IO, "not exactly one statement");
    else
        e = number_parameters(cx, st);
    if (e != OK) {
        sqlite3_finalize(st->handle);
        free(st);
        return e;
    }
    st->reads = sqlite3_stmt_readonly(st->handle);
    st->columns = sqlite3_column_count(st->handle);
    *out = &st->base;
    return OK;
}

bool db_sqlite_fits([[maybe_unused]] const struct db_stmt *st, [[maybe_unused]] size_t n,
                    [[maybe_unused]] const struct db_value *v)
{
    return true; /* one statement takes values of any type */
}

void db_sqlite_finalize(struct db_stmt *st)
{
    sqlite3_finalize(own(st)->handle);
    free(st);
}

static int bind(sqlite3_stmt *st, int i, const struct db_value *v, sqlite3_destructor_type keep)
{
    switch (v->kind) {
    case DB_INT:
        return sqlite3_bind_int64(st, i, v->i);
    case DB_TEXT:
        return sqlite3_bind_text64(st, i, v->s.p, v->s.n, keep, SQLITE_UTF8);
    case DB_BYTES:
        return sqlite3_bind_blob64(st, i, v->s.p, v->s.n, keep);
    case DB_NULL:
        break;
    }
    return sqlite3_bind_null(st, i);
}

enum err db_sqlite_start(struct cx *cx, struct db_stmt *base, size_t n, const struct db_value *v,
                         bool keep)
{
    struct sqlite_statement *st = own(base);
    struct sqlite_connection *c = db_sqlite_of(base->db);
    MUST(n == (size_t)st->highest); /* as many values as the text names */
    if (c->budget_ms && !c->base.testing && db_sqlite_now_ms() >= c->budget_end) {
        c->base.interrupted = true;
        return fail(cx, ERR_BUSY, "interrupted after %d ms", c->budget_ms);
    }
    for (int i = 1; i <= st->n; i++) {
        if (bind(st->handle, i, &v[st->number[i] - 1], keep ? SQLITE_TRANSIENT : SQLITE_STATIC) !=
            SQLITE_OK)
            return db_sqlite_failed(cx, c);
    }
    return OK;
}

enum err db_sqlite_step(struct cx *cx, struct db_stmt *base, bool *row)
{
    struct sqlite_statement *st = own(base);
    struct sqlite_connection *c = db_sqlite_of(base->db);
    *row = false;
    if (st->done)
        return OK;
    const sqlite3_int64 before = st->reads ? 0 : sqlite3_total_changes64(c->handle);
    const int rc = sqlite3_step(st->handle);
    *row = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return db_sqlite_failed(cx, c);
    base->db->changed = 0;
    if (st->reads)
        return OK;
    /* The count moves when a statement ends; one with `returning` stands at its row before that. */
    if (sqlite3_total_changes64(c->handle) != before || *row)
        base->db->wrote = true;
    base->db->changed = sqlite3_changes64(c->handle);
    if (st->gives_rowid) {
        st->done = true;
        st->rowid = sqlite3_last_insert_rowid(c->handle);
        *row = base->db->changed > 0;
    }
    return OK;
}

void db_sqlite_reset(struct db_stmt *st)
{
    own(st)->done = false;
    sqlite3_reset(own(st)->handle);
    sqlite3_clear_bindings(own(st)->handle);
}

bool db_sqlite_is_null(struct db_stmt *st, int column)
{
    return sqlite3_column_type(own(st)->handle, column) == SQLITE_NULL;
}

int64_t db_sqlite_get_int(struct db_stmt *st, int column)
{
    if (own(st)->gives_rowid) {
        MUST(column == 0);
        return own(st)->rowid;
    }
    MUST(column < own(st)->columns);
    return sqlite3_column_int64(own(st)->handle, column);
}

struct str db_sqlite_get(struct cx *cx, struct db_stmt *st, int column, bool bytes)
{
    sqlite3_stmt *h = own(st)->handle;
    MUST(column < own(st)->columns);
    const void *p =
        bytes ? sqlite3_column_blob(h, column) : (const void *)sqlite3_column_text(h, column);
    if (!p) /* a blob without bytes has no address either */
        return sqlite3_column_type(h, column) == SQLITE_NULL ? (struct str){NULL, 0}
                                                             : str_dup(cx->arena, S(""));
    return str_dup(cx->arena, (struct str){p, (size_t)sqlite3_column_bytes(h, column)});
}
