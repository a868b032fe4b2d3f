/*
 * db_checks.c - SQLite: `check (state in (1, 2, 3))` written as comparisons.
 *
 * For a list of three and more SQLite makes a table of its own at each insert and update, fills it,
 * looks the value up and throws the table away: 40 thousand instructions where three comparisons
 * are ten. So the schema is written so from the start, and in databases of earlier releases the
 * text of their tables is put right, as SQLite's manual says ("ALTER TABLE", 7): rows are
 * untouched.
 */
#include "db_sqlite.h"

#define LIST_MAX 16

/* What a check of this form consists of; n is 0 when it is none or short. */
struct list {
    struct str column, values[LIST_MAX];
    size_t n;
    size_t bytes; /* from "check" to its last bracket */
};

/* The next sign or word that is not space; *text goes past it. */
static struct str next_of(struct str *text)
{
    struct db_token t;
    do {
        t = db_token_next(*text);
        *text = str_from(*text, t.text.n);
    } while (t.kind == TOKEN_SPACE);
    return t.text;
}

static bool next_is(struct str *text, struct str word)
{
    return str_eq_ascii_case(next_of(text), word);
}

static bool is_value(struct str s)
{
    return s.n > 0 && (s.p[0] == '\'' || (s.p[0] >= '0' && s.p[0] <= '9'));
}

/* Two quoted texts side by side are one with a quote in it: such a list is left alone. */
static bool read_values(struct str *text, struct list *l)
{
    for (size_t n = 0; n < LIST_MAX; n++) {
        l->values[n] = next_of(text);
        const struct str then = next_of(text);
        if (!is_value(l->values[n]) || (!str_eq(then, S(",")) && !str_eq(then, S(")"))))
            return false;
        if (str_eq(then, S(")"))) {
            l->n = n + 1;
            return true;
        }
    }
    return false;
}

/* `text` begins with the word "check". */
static bool read_list(struct str text, struct list *l)
{
    struct str rest = text;
    if (!next_is(&rest, S("check")) || !next_is(&rest, S("(")))
        return false;
    l->column = next_of(&rest);
    if (!next_is(&rest, S("in")) || !next_is(&rest, S("(")) || !read_values(&rest, l) ||
        !next_is(&rest, S(")")) || l->n < 3)
        return false;
    l->bytes = text.n - rest.n;
    return true;
}

static void write_list(struct buf *out, const struct list *l)
{
    buf_add(out, S("check ("));
    for (size_t i = 0; i < l->n; i++)
        buf_fmt(out, "%s%.*s = %.*s", i ? " or " : "", F(l->column), F(l->values[i]));
    buf_byte(out, ')');
}

struct str db_checks_compared(struct arena *a, struct str sql)
{
    struct buf out = {.arena = a, .limit = sql.n * 8 + 1};
    while (sql.n) {
        const struct db_token t = db_token_next(sql);
        struct list l;
        if (t.kind == TOKEN_WORD && str_eq_ascii_case(t.text, S("check")) && read_list(sql, &l)) {
            write_list(&out, &l);
            sql = str_from(sql, l.bytes);
            continue;
        }
        buf_add(&out, t.text);
        sql = str_from(sql, t.text.n);
    }
    MUST(!out.full);
    return buf_str(&out);
}

/* ---- tables of earlier releases ---- */

struct table {
    struct str name, sql;
};

static enum err old_tables(struct cx *cx, struct table *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "/* sqlite */ select name, sql from sqlite_schema where type = 'table'"
                 " and sql like '%check (% in (%' order by name"));
    *n = 0;
    while (db_next(&r)) {
        const struct str name = db_str(&r, 0), sql = db_str(&r, 1);
        const struct str now = db_checks_compared(cx->arena, sql);
        if (str_eq(sql, now))
            continue;
        MUST(*n < max);
        out[(*n)++] = (struct table){name, now};
    }
    return r.err;
}

static enum err script(struct cx *cx, char *sql)
{
    MUST(sql != NULL);
    const enum err e = cx->db->driver->script(cx, cx->db, sql);
    sqlite3_free(sql);
    return e;
}

/* Within the transaction. The number of the schema moves, so every connection reads it anew. */
static enum err write_tables(struct cx *cx, const struct table *tables, size_t n)
{
    int64_t number;
    TRY(db_one_int(cx, &number, "/* sqlite */ pragma schema_version"));
    TRY(script(cx, sqlite3_mprintf("pragma writable_schema = on")));
    for (size_t i = 0; i < n; i++)
        TRY(script(cx, sqlite3_mprintf("update sqlite_schema set sql = %Q"
                                       " where type = 'table' and name = %Q",
                                       str_z(cx->arena, tables[i].sql),
                                       str_z(cx->arena, tables[i].name))));
    return script(cx, sqlite3_mprintf("pragma schema_version = %lld", number + 1));
}

#define TABLES_MAX 200

enum err db_checks_put_right(struct cx *cx)
{
    sqlite3 *h = db_sqlite_of(cx->db)->handle;
    struct table *tables = NEW_N(cx->arena, struct table, TABLES_MAX);
    size_t n;
    TRY(old_tables(cx, tables, TABLES_MAX, &n));
    if (n == 0)
        return OK;
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL); /* it forbids what follows */
    const enum err e = write_tables(cx, tables, n);
    const enum err closed = script(cx, sqlite3_mprintf("pragma writable_schema = reset"));
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return e != OK ? e : closed;
}
