/* db_statement.c - running statements and reading their rows. */
#include "db_driver.h"

#include "log/log.h"

/* PostgreSQL cannot keep a zero byte in text and refuses broken UTF-8: so do we, on both. */
static enum err values_fit(struct cx *cx, size_t n, const struct db_value *v)
{
    MUST(n <= DB_PARAMS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (v[i].kind != DB_TEXT)
            continue;
        if (memchr(v[i].s.p, 0, v[i].s.n) || !utf8_valid(v[i].s))
            return fail(cx, ERR_INVALID,
                        T("Văn bản có ký tự máy không đọc được. Nhập lại bằng chữ Unicode."));
    }
    return OK;
}

static void close_statement(void *thing)
{
    struct db_stmt *st = thing;
    st->db->driver->reset(st);
    st->busy = false;
    st->cx = NULL;
}

static void finish(struct db_stmt *st)
{
    cx_release(st->cx, &st->closer);
    close_statement(st);
}

static void log_failed(enum err e, const struct cx *cx, const struct db_site *site)
{
    if (e == ERR_BUSY && (cx->db->retry || cx->db->interrupted))
        return; /* ordinary: the lane runs it again */
    log_event(LOG_WARN, "db.statement_failed", K("error", str_c(err_name(e))),
              K("file", str_c(site ? site->file : "")), KN("line", site ? site->line : 0),
              K("request", cx->request_id),
              K("why", e >= ERR_BUSY ? cx->why : S(""))); /* below that it is for the person */
}

/* Takes the statement into use; it closes by finish(), or by unwinding. */
static enum err start(struct cx *cx, struct db_stmt *st, size_t n, const struct db_value *v,
                      bool keep)
{
    st->busy = true;
    st->cx = cx;
    cx_register(cx, &st->closer, close_statement, st);
    enum err e = st->db->driver->start(cx, st, n, v, keep);
    if (e == OK)
        return OK;
    log_failed(e, cx, st->site);
    finish(st);
    return db_doom(st->db, e);
}

static enum err step(struct cx *cx, struct db_stmt *st, bool *row)
{
    enum err e = st->db->driver->step(cx, st, row);
    if (e != OK)
        log_failed(e, cx, st->site);
    return db_doom(st->db, e);
}

static enum err open_site(struct cx *cx, const struct db_site *site, size_t n,
                          const struct db_value *v, bool keep, struct db_stmt **out)
{
    TRY(db_may_run(cx, cx->db));
    TRY(db_doom(cx->db, values_fit(cx, n, v)));
    enum err e = db_take_site(cx, site, n, v, out);
    if (e != OK)
        log_failed(e, cx, site);
    TRY(db_doom(cx->db, e));
    return start(cx, *out, n, v, keep);
}

enum err db_query_(struct cx *cx, struct db_rows *r, const struct db_site *site, size_t n,
                   const struct db_value *v)
{
    MUST(!r->open);
    *r = (struct db_rows){.cx = cx};
    TRY(open_site(cx, site, n, v, true, &r->stmt));
    r->open = true;
    return OK;
}

enum err db_query_text(struct cx *cx, struct db_rows *r, const struct db_text *q)
{
    MUST(!r->open && !q->sql.full);
    *r = (struct db_rows){.cx = cx};
    TRY(db_may_run(cx, cx->db));
    TRY(db_doom(cx->db, values_fit(cx, q->n, q->values)));
    struct db_stmt *st;
    enum err e = db_take_text(cx, buf_str(&q->sql), q->n, q->values, &st);
    if (e != OK)
        log_failed(e, cx, NULL);
    TRY(db_doom(cx->db, e));
    TRY(start(cx, st, q->n, q->values, true));
    r->stmt = st;
    r->open = true;
    return OK;
}

enum err db_exec_(struct cx *cx, const struct db_site *site, size_t n, const struct db_value *v)
{
    struct db_stmt *st;
    TRY(open_site(cx, site, n, v, false, &st));
    bool row = true;
    enum err e = OK;
    while (e == OK && row)
        e = step(cx, st, &row);
    finish(st);
    return e;
}

enum err db_one_int_(struct cx *cx, int64_t *out, const struct db_site *site, size_t n,
                     const struct db_value *v)
{
    struct db_stmt *st;
    TRY(open_site(cx, site, n, v, false, &st));
    bool row;
    enum err e = step(cx, st, &row);
    if (e == OK && row)
        *out = st->db->driver->get_int(st, 0);
    finish(st);
    if (e == OK && !row)
        return ERR_NOT_FOUND;
    return e;
}

int64_t db_changed(struct cx *cx)
{
    return cx->db->changed;
}

/* ---- rows ---- */

bool db_next(struct db_rows *r)
{
    if (!r->open)
        return false;
    bool row = false;
    if (r->stmt->db->doomed)
        r->err = r->stmt->db->doomed_by;
    else
        r->err = step(r->cx, r->stmt, &row);
    if (!row)
        db_rows_close(r); /* at once: an open reader holds the log back */
    return row;
}

void db_rows_close(struct db_rows *r)
{
    if (!r->open)
        return;
    r->open = false;
    finish(r->stmt);
}

bool db_null(struct db_rows *r, int column)
{
    MUST(r->open);
    return r->stmt->db->driver->is_null(r->stmt, column);
}

int64_t db_int(struct db_rows *r, int column)
{
    MUST(r->open);
    return r->stmt->db->driver->get_int(r->stmt, column);
}

static struct str copy_of(struct db_rows *r, int column, bool bytes)
{
    MUST(r->open);
    return r->stmt->db->driver->get(r->cx, r->stmt, column, bytes);
}

struct str db_str(struct db_rows *r, int column)
{
    return copy_of(r, column, false);
}

struct str db_bytes(struct db_rows *r, int column)
{
    return copy_of(r, column, true);
}
