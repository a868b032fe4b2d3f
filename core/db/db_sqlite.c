/*
 * db_sqlite.c - SQLite: one file, one writer, many readers.
 *
 * The writer is the only read-write connection of a file and makes every checkpoint; readers are
 * opened read-only. That excludes the WAL-reset defect of the 3.40.1 in Debian 12, which needs two
 * connections that write or checkpoint at once.
 */
#include "db_sqlite.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#define STEPS 1000         /* of SQLite's machine, between two looks at the clock */
#define STEPS_PER_MS 20000 /* under a virtual clock; about what a slow core does */

struct store {
    struct db_store base;
    char *path;
    bool temporary;
    atomic_flag has_writer;
};

struct connection {
    struct db base;
    sqlite3 *handle;
    sqlite3_stmt *controls[DB_CONTROLS];
    int budget_ms; /* 0: none */
    int64_t budget_end;
    int64_t steps_left;
    int64_t changes_at_begin;
};

struct statement {
    struct db_stmt base;
    sqlite3_stmt *handle;
    int n, highest;
    unsigned char number[DB_PARAMS_MAX + 1]; /* SQLite's parameter i is our $number[i] */
};

static struct connection *of(struct db *d)
{
    return (struct connection *)d;
}

static struct statement *own(struct db_stmt *st)
{
    return (struct statement *)st;
}

/* ---- what went wrong ---- */

static enum err constraint(struct cx *cx, int extended)
{
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return db_failed_key(cx);
    case SQLITE_CONSTRAINT_TRIGGER:
        return db_failed_append(cx);
    default:
        return db_failed_rule(cx);
    }
}

static enum err failed(struct cx *cx, struct connection *c)
{
    const int code = sqlite3_extended_errcode(c->handle);
    const char *detail = sqlite3_errmsg(c->handle);
    if (c->base.in_transaction && sqlite3_get_autocommit(c->handle))
        c->base.gone = true; /* SQLITE_FULL, SQLITE_IOERR and their like undo everything at once */
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint(cx, code);
    case SQLITE_INTERRUPT:
        c->base.interrupted = true;
        return fail(cx, ERR_BUSY, "interrupted after %d ms", c->budget_ms);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return db_failed_machine(cx, ERR_BUSY, "sqlite", detail);
    case SQLITE_TOOBIG:
        return fail(cx, ERR_LIMIT, T("Dữ liệu dài quá mức cho phép. Hãy rút ngắn rồi gửi lại."));
    default:
        return db_failed_machine(cx, ERR_IO, "sqlite", detail);
    }
}

/* ---- stores ---- */

static enum err open_store(struct cx *cx, const struct db_config *config, struct db_store **out)
{
    const struct str path = str_from(config->url, S("sqlite:").n);
    const bool temporary = str_eq(path, S(":memory:"));
    if (path.n == 0)
        return fail(
            cx, ERR_INVALID,
            T("Địa chỉ cơ sở dữ liệu thiếu tên tệp, ví dụ sqlite:/var/lib/tinhso/core.db."));
    if (!temporary && !config->may_create && access(str_z(cx->arena, path), F_OK) != 0)
        return fail(cx, ERR_NOT_FOUND,
                    T("Không có cơ sở dữ liệu %.*s. Hãy chạy tinhso init trước."), F(path));

    struct store *s = calloc(1, sizeof *s);
    MUST(s != NULL);
    s->path = temporary ? db_sqlite_temporary() : strdup(str_z(cx->arena, path));
    MUST(s->path != NULL);
    s->temporary = temporary;
    atomic_flag_clear(&s->has_writer);
    *out = &s->base;
    return OK;
}

static void close_store(struct db_store *base)
{
    struct store *s = (struct store *)base;
    if (s->temporary)
        db_sqlite_remove(s->path);
    free(s->path);
    free(s);
}

/* ---- connections ---- */

static int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int over_budget(void *state)
{
    struct connection *c = state;
    if (c->base.testing)
        return (c->steps_left -= STEPS) <= 0;
    return monotonic_ms() >= c->budget_end;
}

static void set_budget(struct db *d, int ms)
{
    struct connection *c = of(d);
    c->budget_ms = ms;
    c->budget_end = ms ? monotonic_ms() + ms : 0;
    c->steps_left = (int64_t)ms * STEPS_PER_MS;
    sqlite3_progress_handler(c->handle, STEPS, ms ? over_budget : NULL, c);
}

static int after_commit([[maybe_unused]] void *state, [[maybe_unused]] sqlite3 *h,
                        [[maybe_unused]] const char *name, int pages)
{
    ((struct connection *)state)->base.wal_pages = pages;
    return SQLITE_OK;
}

static const char *const reader_setup = "pragma query_only = on;"
                                        "pragma trusted_schema = off;"
                                        "pragma temp_store = memory;"
                                        "pragma cache_size = -16000;";

/* recursive_triggers: `insert or replace` may not get past an append-only table. */
static const char *const writer_setup = "pragma journal_mode = wal;"
                                        "pragma synchronous = full;"
                                        "pragma foreign_keys = on;"
                                        "pragma recursive_triggers = on;"
                                        "pragma trusted_schema = off;"
                                        "pragma temp_store = memory;"
                                        "pragma cache_size = -64000;"
                                        "pragma journal_size_limit = 67108864;";

static enum err set_up(struct cx *cx, struct connection *c, enum db_use use)
{
    sqlite3_extended_result_codes(c->handle, 1);
    sqlite3_busy_timeout(c->handle, 5000); /* another program at the file, as sqlite3(1) */
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (sqlite3_exec(c->handle, use == DB_WRITER ? writer_setup : reader_setup, NULL, NULL, NULL) !=
        SQLITE_OK)
        return failed(cx, c);
    if (use == DB_WRITER)
        sqlite3_wal_hook(c->handle, after_commit, c); /* also turns off the automatic checkpoint */
    return OK;
}

static void disconnect(struct db *d)
{
    struct connection *c = of(d);
    for (size_t i = 0; i < DB_CONTROLS; i++)
        sqlite3_finalize(c->controls[i]);
    sqlite3_close(c->handle);
    if (d->use == DB_WRITER)
        atomic_flag_clear(&((struct store *)d->store)->has_writer);
    free(c);
}

static enum err connect_file(struct cx *cx, struct db_store *base, enum db_use use, struct db **out)
{
    struct store *s = (struct store *)base;
    if (use == DB_WRITER && atomic_flag_test_and_set(&s->has_writer))
        return fail(cx, ERR_BUSY, "%s has its writer already", s->path);
    struct connection *c = calloc(1, sizeof *c);
    MUST(c != NULL);
    c->base.store = base;
    c->base.use = use;
    const int how =
        use == DB_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int rc = sqlite3_open_v2(s->path, &c->handle, how | SQLITE_OPEN_NOMUTEX, db_sqlite_vfs());
    enum err e = rc == SQLITE_OK ? set_up(cx, c, use) : failed(cx, c);
    if (e != OK) {
        disconnect(&c->base);
        return e;
    }
    *out = &c->base;
    return OK;
}

/* ---- transactions ---- */

static const char *control_text(const struct db *d, enum db_control what)
{
    static const char *const texts[DB_CONTROLS] = {
        [DB_BEGIN] = "begin immediate",   [DB_COMMIT] = "commit",
        [DB_ROLLBACK] = "rollback",       [DB_SAVE] = "savepoint request",
        [DB_RELEASE] = "release request", [DB_BACK] = "rollback to request",
    };
    return what == DB_BEGIN && d->use == DB_READER ? "begin" : texts[what];
}

static enum err control(struct cx *cx, struct db *d, enum db_control what)
{
    struct connection *c = of(d);
    if (what == DB_ROLLBACK && sqlite3_get_autocommit(c->handle))
        return OK; /* SQLite undid it itself */
    sqlite3_stmt **st = &c->controls[what];
    if (!*st && sqlite3_prepare_v3(c->handle, control_text(d, what), -1, SQLITE_PREPARE_PERSISTENT,
                                   st, NULL) != SQLITE_OK)
        return failed(cx, c);
    const int rc = sqlite3_step(*st);
    const enum err e = rc == SQLITE_DONE ? OK : failed(cx, c);
    sqlite3_reset(*st);
    if (what == DB_COMMIT && e != OK)
        d->unknown = true; /* an fsync may have failed after the pages were written */
    return e;
}

/* ---- statements ---- */

/* "$2" is a name to SQLite, numbered by first appearance: the map from its number to ours. */
static enum err number_parameters(struct cx *cx, struct statement *st)
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

static enum err prepare(struct cx *cx, struct db *d, const char *sql, [[maybe_unused]] size_t n,
                        [[maybe_unused]] const struct db_value *v, struct db_stmt **out)
{
    struct connection *c = of(d);
    struct statement *st = calloc(1, sizeof *st);
    MUST(st != NULL);
    const char *rest = NULL;
    enum err e = OK;
    if (sqlite3_prepare_v3(c->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &st->handle, &rest) !=
        SQLITE_OK)
        e = failed(cx, c);
    else if (!st->handle || str_trim(str_c(rest)).n > 0)
        e = fail(cx, ERR_IO, "not exactly one statement");
    else
        e = number_parameters(cx, st);
    if (e != OK) {
        sqlite3_finalize(st->handle);
        free(st);
        return e;
    }
    *out = &st->base;
    return OK;
}

static bool fits([[maybe_unused]] const struct db_stmt *st, [[maybe_unused]] size_t n,
                 [[maybe_unused]] const struct db_value *v)
{
    return true; /* one statement takes values of any type */
}

static void finalize(struct db_stmt *st)
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

static enum err start(struct cx *cx, struct db_stmt *base, size_t n, const struct db_value *v,
                      bool keep)
{
    struct statement *st = own(base);
    struct connection *c = of(base->db);
    MUST(n == (size_t)st->highest); /* as many values as the text names */
    if (c->budget_ms && !c->base.testing && monotonic_ms() >= c->budget_end) {
        c->base.interrupted = true;
        return fail(cx, ERR_BUSY, "interrupted after %d ms", c->budget_ms);
    }
    for (int i = 1; i <= st->n; i++) {
        if (bind(st->handle, i, &v[st->number[i] - 1], keep ? SQLITE_TRANSIENT : SQLITE_STATIC) !=
            SQLITE_OK)
            return failed(cx, c);
    }
    return OK;
}

static enum err step(struct cx *cx, struct db_stmt *base, bool *row)
{
    struct statement *st = own(base);
    struct connection *c = of(base->db);
    const sqlite3_int64 before = sqlite3_total_changes64(c->handle);
    const int rc = sqlite3_step(st->handle);
    *row = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return failed(cx, c);
    /* The count moves when a statement ends; one with `returning` stands at its row before that. */
    if (sqlite3_total_changes64(c->handle) != before ||
        (*row && !sqlite3_stmt_readonly(st->handle)))
        base->db->wrote = true;
    base->db->changed = sqlite3_stmt_readonly(st->handle) ? 0 : sqlite3_changes64(c->handle);
    return OK;
}

static void reset(struct db_stmt *st)
{
    sqlite3_reset(own(st)->handle);
    sqlite3_clear_bindings(own(st)->handle);
}

static bool is_null(struct db_stmt *st, int column)
{
    return sqlite3_column_type(own(st)->handle, column) == SQLITE_NULL;
}

static int64_t get_int(struct db_stmt *st, int column)
{
    MUST(column < sqlite3_column_count(own(st)->handle));
    return sqlite3_column_int64(own(st)->handle, column);
}

static struct str get(struct cx *cx, struct db_stmt *st, int column, bool bytes)
{
    sqlite3_stmt *h = own(st)->handle;
    MUST(column < sqlite3_column_count(h));
    const void *p =
        bytes ? sqlite3_column_blob(h, column) : (const void *)sqlite3_column_text(h, column);
    const struct str s = {p ? p : "", (size_t)sqlite3_column_bytes(h, column)};
    return str_dup(cx->arena, s);
}

/* ---- the rest ---- */

static enum err script(struct cx *cx, struct db *d, const char *sql)
{
    struct connection *c = of(d);
    return sqlite3_exec(c->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? OK : failed(cx, c);
}

static enum err migration_lock([[maybe_unused]] struct cx *cx, [[maybe_unused]] struct db *d,
                               [[maybe_unused]] bool take)
{
    return OK; /* the lock on the data folder keeps others away */
}

static enum err transaction_id([[maybe_unused]] struct cx *cx, [[maybe_unused]] struct db *d,
                               [[maybe_unused]] bool horizon, int64_t *id)
{
    *id = 0;
    return OK;
}

static enum err checkpoint(struct cx *cx, struct db *d, bool truncate)
{
    struct connection *c = of(d);
    int pages = 0, done = 0;
    const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    if (sqlite3_wal_checkpoint_v2(c->handle, NULL, mode, &pages, &done) != SQLITE_OK)
        return failed(cx, c);
    if (done == pages)
        d->wal_pages = 0;
    return OK;
}

/* One step: the copy of a file that is written to meanwhile would begin again and again. */
static enum err copy_to(struct cx *cx, struct connection *c, sqlite3 *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", c->handle, "main");
    if (!b)
        return db_failed_machine(cx, ERR_IO, "backup", sqlite3_errmsg(to));
    sqlite3_backup_step(b, -1);
    if (sqlite3_backup_finish(b) != SQLITE_OK)
        return db_failed_machine(cx, ERR_IO, "backup", sqlite3_errmsg(to));
    return OK;
}

static enum err sync_folder_of(struct cx *cx, const char *path)
{
    const int fd = open(dirname(strdupa(path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced ? OK : db_failed_machine(cx, ERR_IO, "backup", "the folder cannot be synced");
}

static enum err backup(struct cx *cx, struct db *d, const char *to_path)
{
    const int fd = open(to_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_CONFLICT,
                    T("Không tạo được tệp sao lưu %s: tệp đã có hoặc thư mục không ghi được."),
                    to_path);
    close(fd);
    sqlite3 *to = NULL;
    enum err e = sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE, db_sqlite_vfs()) == SQLITE_OK
                     ? copy_to(cx, of(d), to)
                     : db_failed_machine(cx, ERR_IO, "backup", sqlite3_errmsg(to));
    sqlite3_close(to);
    if (e == OK)
        e = sync_folder_of(cx, to_path);
    if (e != OK)
        db_sqlite_remove(to_path); /* half a copy is worse than none */
    return e;
}

const struct db_driver db_sqlite = {
    .kind = "sqlite",
    .open = open_store,
    .close = close_store,
    .connect = connect_file,
    .disconnect = disconnect,
    .control = control,
    .budget = set_budget,
    .prepare = prepare,
    .fits = fits,
    .finalize = finalize,
    .start = start,
    .step = step,
    .reset = reset,
    .is_null = is_null,
    .get_int = get_int,
    .get = get,
    .script = script,
    .migration_lock = migration_lock,
    .transaction_id = transaction_id,
    .checkpoint = checkpoint,
    .backup = backup,
};
