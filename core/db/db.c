/* db.c - connections, transactions and statements, the same over both databases. */
#include "db_driver.h"

#include <stdatomic.h>

struct db_value db_v_int(int64_t v)
{
    return (struct db_value){.kind = DB_INT, .i = v};
}

struct db_value db_v_str(struct str s)
{
    return (struct db_value){.kind = s.p ? DB_TEXT : DB_NULL, .s = s};
}

struct db_value db_v_bytes(struct str s)
{
    return (struct db_value){.kind = s.p ? DB_BYTES : DB_NULL, .s = s};
}

/* ---- sentences ---- */

enum err db_failed_key(struct cx *cx)
{
    return fail(cx, ERR_CONFLICT,
                T("Dữ liệu vừa được người khác thay đổi. Tải lại trang rồi làm lại."));
}

enum err db_failed_rule(struct cx *cx)
{
    return fail(cx, ERR_INVALID,
                T("Dữ liệu không đúng quy tắc lưu trữ. Kiểm tra lại các ô đã nhập."));
}

enum err db_failed_append(struct cx *cx)
{
    return fail(cx, ERR_DENIED, T("Bản ghi này chỉ được thêm, không được sửa hay xóa."));
}

enum err db_failed_machine(struct cx *cx, enum err e, const char *what, const char *detail)
{
    return fail(cx, e, "%s: %s", what, detail ? detail : "");
}

/* ---- stores and connections ---- */

enum err db_open(struct cx *cx, const struct db_config *c, struct db_store **out)
{
    const struct db_driver *driver = NULL;
    if (str_starts(c->url, S("sqlite:")))
        driver = &db_sqlite;
    else if (str_starts(c->url, S("postgresql:")) || str_starts(c->url, S("postgres:")))
        driver = &db_postgres;
    else
        return fail(cx, ERR_INVALID,
                    T("Địa chỉ cơ sở dữ liệu phải bắt đầu bằng sqlite: hoặc postgresql://."));
    TRY(driver->open(cx, c, out));
    (*out)->driver = driver;
    return OK;
}

void db_close(struct db_store *s)
{
    if (s)
        s->driver->close(s);
}

struct str db_store_kind(const struct db_store *s)
{
    return str_c(s->driver->kind);
}

int db_store_pool(const struct db_store *s)
{
    return s->pool;
}

size_t db_hosts(struct cx *cx, struct db_store *s, struct db_host *out, size_t max)
{
    return s->driver->hosts ? s->driver->hosts(cx, s, out, max) : 0;
}

enum err db_connect(struct cx *cx, struct db_store *s, enum db_use use, struct db **out)
{
    TRY(s->driver->connect(cx, s, use, out));
    (*out)->driver = s->driver;
    (*out)->store = s;
    (*out)->use = use;
    (*out)->testing = cx->env && cx->env->testing;
    return OK;
}

void db_disconnect(struct db *d)
{
    if (!d)
        return;
    db_forget_statements(d);
    d->driver->disconnect(d);
}

bool db_is_postgres(const struct cx *cx)
{
    return cx->db->driver == &db_postgres;
}

int db_version(const struct cx *cx)
{
    return cx->db->driver->version(cx->db);
}

/* ---- what stands in the way of a call ---- */

/* The call that db_fail_at chose. */
static bool injected(struct db *d)
{
    return d->fail_in > 0 && --d->fail_in == 0;
}

void db_fail_at(struct cx *cx, int n)
{
    cx->db->fail_in = n;
}

enum err db_doom(struct db *d, enum err e)
{
    if (e != OK && d->in_transaction && !d->doomed) {
        d->doomed = true;
        d->doomed_by = e;
    }
    return e;
}

enum err db_may_run(struct cx *cx, struct db *d)
{
    MUST(d != NULL);
    MUST(d->in_transaction || d->testing);
    if (d->doomed)
        return d->doomed_by; /* the sentence of what went wrong first stays */
    if (injected(d))
        return db_doom(d, fail(cx, ERR_IO, "a failure injected by db_fail_at"));
    return OK;
}

/* ---- transactions ---- */

static atomic_llong snapshots;

/* A reader that sees what it saw before has the number it had before. Asked once in a transaction,
 * so that the number stays. */
static int64_t number_of_snapshot(struct db *d)
{
    const int64_t state = d->use == DB_READER && d->driver->state ? d->driver->state(d) : 0;
    if (state && state == d->state)
        return d->state_snapshot;
    d->state = state;
    d->state_snapshot = atomic_fetch_add(&snapshots, 1) + 1;
    return d->state_snapshot;
}

int64_t db_snapshot(const struct cx *cx)
{
    struct db *d = cx->db;
    if (!d->in_transaction)
        return 0;
    if (d->snapshot == 0)
        d->snapshot = number_of_snapshot(d);
    return d->snapshot;
}

bool db_is_reader(const struct cx *cx)
{
    return cx->db->use == DB_READER;
}

enum err db_begin(struct cx *cx)
{
    struct db *d = cx->db;
    MUST(d && !d->in_transaction);
    d->doomed = d->gone = d->unknown = d->retry = d->retry_once = d->interrupted = d->wrote = false;
    if (injected(d))
        return fail(cx, ERR_IO, "a failure injected by db_fail_at");
    TRY(d->driver->control(cx, d, DB_BEGIN));
    d->in_transaction = true;
    d->snapshot = 0;
    return OK;
}

enum err db_commit(struct cx *cx)
{
    struct db *d = cx->db;
    MUST(d && d->in_transaction && !d->in_savepoint);
    TRY(db_may_run(cx, d));
    TRY(db_doom(d, d->driver->control(cx, d, DB_COMMIT)));
    d->in_transaction = false;
    return OK;
}

void db_rollback(struct cx *cx)
{
    struct db *d = cx->db;
    if (!d || !d->in_transaction)
        return;
    const enum err err = cx->err;
    const struct str why = cx->why; /* the sentence of what went wrong first stays */
    IGNORE(d->driver->control(cx, d, DB_ROLLBACK));
    cx->err = err;
    cx->why = why;
    d->in_transaction = d->in_savepoint = d->doomed = d->gone = false;
}

enum err db_savepoint(struct cx *cx)
{
    struct db *d = cx->db;
    MUST(d && d->in_transaction && !d->in_savepoint);
    TRY(db_doom(d, d->driver->control(cx, d, DB_SAVE)));
    d->in_savepoint = true;
    d->interrupted = d->retry = d->retry_once = d->wrote = false;
    return OK;
}

enum err db_savepoint_release(struct cx *cx)
{
    struct db *d = cx->db;
    MUST(d && d->in_savepoint && !d->doomed);
    TRY(db_doom(d, d->driver->control(cx, d, DB_RELEASE)));
    d->in_savepoint = false;
    return OK;
}

/* Afterwards db_doomed says whether the transaction around the savepoint is lost as well. */
void db_savepoint_rollback(struct cx *cx)
{
    struct db *d = cx->db;
    MUST(d && d->in_savepoint);
    const enum err err = cx->err;
    const struct str why = cx->why;
    if (!d->gone && d->driver->control(cx, d, DB_BACK) != OK)
        d->gone = true;
    cx->err = err;
    cx->why = why;
    d->doomed = d->gone;
    d->doomed_by = d->gone ? ERR_IO : OK;
    d->in_savepoint = false;
}

void db_rest(struct cx *cx)
{
    struct db *d = cx->db;
    if (!d || d->use != DB_READER || !d->in_transaction || d->doomed)
        return;
    db_rollback(cx);
    if (db_begin(cx) != OK)
        d->doomed = d->in_transaction = true, d->doomed_by = ERR_BUSY;
}

bool db_doomed(const struct cx *cx)
{
    return cx->db->doomed;
}

bool db_outcome_unknown(const struct cx *cx)
{
    return cx->db->unknown;
}

bool db_should_retry(const struct cx *cx)
{
    return cx->db->retry;
}

bool db_should_retry_once(const struct cx *cx)
{
    return cx->db->retry_once;
}

bool db_interrupted(const struct cx *cx)
{
    return cx->db->interrupted;
}

bool db_wrote(const struct cx *cx)
{
    return cx->db->wrote;
}

bool db_broken(const struct cx *cx)
{
    return cx->db->broken;
}

int64_t db_wal_pages(const struct cx *cx)
{
    return cx->db->wal_pages;
}

void db_set_budget_ms(struct db *d, int ms)
{
    d->driver->budget(d, ms);
}

enum err db_checkpoint(struct cx *cx, bool truncate)
{
    MUST(cx->db->use == DB_WRITER && !cx->db->in_transaction);
    return cx->db->driver->checkpoint(cx, cx->db, truncate);
}

enum err db_backup(struct cx *cx, struct str to_path)
{
    MUST(!cx->db->in_transaction);
    return cx->db->driver->backup(cx, cx->db, str_z(cx->arena, to_path));
}

enum err db_restore(struct cx *cx, struct str from_path, const char *const *roots)
{
    struct db *d = cx->db;
    MUST(!d->in_transaction && d->use == DB_WRITER && d->driver->restore);
    const char *path = str_z(cx->arena, from_path);
    TRY(d->driver->migration_lock(cx, d, true));
    const enum err e = d->driver->restore(cx, d, path, roots);
    const enum err unlocked = d->driver->migration_lock(cx, d, false);
    return e != OK ? e : unlocked;
}

enum err db_transaction_id(struct cx *cx, int64_t *id)
{
    TRY(db_may_run(cx, cx->db));
    return db_doom(cx->db, cx->db->driver->transaction_id(cx, cx->db, false, id));
}

enum err db_horizon(struct cx *cx, int64_t *id)
{
    TRY(db_may_run(cx, cx->db));
    return db_doom(cx->db, cx->db->driver->transaction_id(cx, cx->db, true, id));
}
