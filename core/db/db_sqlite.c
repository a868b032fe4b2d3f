/*
 * db_sqlite.c - SQLite: one file, one writer, many readers.
 *
 * The writer is the only read-write connection of a file and makes every checkpoint; readers are
 * opened read-only. That excludes the WAL-reset defect of the 3.40.1 in Debian 12, which needs two
 * connections that write or checkpoint at once.
 */
#include "db_sqlite.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#define ANOTHER_PROGRAM_MS 5000 /* at the file, as sqlite3(1) */
#define READERS_MS 50      /* how long a checkpoint, and with it every write, waits for readers */
#define STEPS 1000         /* of SQLite's machine, between two looks at the clock */
#define STEPS_PER_MS 20000 /* under a virtual clock; about what a slow core does */

struct store {
    struct db_store base;
    char *path;
    bool temporary;
    atomic_flag has_writer;
};

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

enum err db_sqlite_failed(struct cx *cx, struct sqlite_connection *c)
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
        return fail(cx, ERR_LIMIT, T("Dữ liệu dài quá mức cho phép. Rút ngắn rồi gửi lại."));
    default:
        return db_failed_machine(cx, ERR_IO, "sqlite", detail);
    }
}

/* ---- stores ---- */

/* Nobody asks SQLite how much memory it has: keeping the sum takes a lock around each of the
 * hundreds of small pieces that a request takes and gives back. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum err open_store(struct cx *cx, const struct db_config *config, struct db_store **out)
{
    const struct str path = str_from(config->url, S("sqlite:").n);
    const bool temporary = str_eq(path, S(":memory:"));
    if (path.n == 0)
        return fail(
            cx, ERR_INVALID,
            T("Địa chỉ cơ sở dữ liệu thiếu tên tệp, ví dụ sqlite:/var/lib/tinhso/core.db."));
    if (!temporary && !config->may_create && access(str_z(cx->arena, path), F_OK) != 0)
        return fail(cx, ERR_NOT_FOUND, T("Không có cơ sở dữ liệu %.*s. Chạy tinhso init trước."),
                    F(path));

    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
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

int64_t db_sqlite_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int over_budget(void *state)
{
    struct sqlite_connection *c = state;
    if (c->base.testing)
        return (c->steps_left -= STEPS) <= 0;
    return db_sqlite_now_ms() >= c->budget_end;
}

static void set_budget(struct db *d, int ms)
{
    struct sqlite_connection *c = db_sqlite_of(d);
    c->budget_ms = ms;
    c->budget_end = ms ? db_sqlite_now_ms() + ms : 0;
    c->steps_left = (int64_t)ms * STEPS_PER_MS;
    sqlite3_progress_handler(c->handle, STEPS, ms ? over_budget : NULL, c);
}

static int after_commit([[maybe_unused]] void *state, [[maybe_unused]] sqlite3 *h,
                        [[maybe_unused]] const char *name, int pages)
{
    ((struct sqlite_connection *)state)->base.wal_pages = pages;
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

static enum err set_up(struct cx *cx, struct sqlite_connection *c, enum db_use use)
{
    sqlite3_extended_result_codes(c->handle, 1);
    sqlite3_busy_timeout(c->handle, ANOTHER_PROGRAM_MS);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (sqlite3_exec(c->handle, use == DB_WRITER ? writer_setup : reader_setup, NULL, NULL, NULL) !=
        SQLITE_OK)
        return db_sqlite_failed(cx, c);
    if (use == DB_WRITER)
        sqlite3_wal_hook(c->handle, after_commit, c); /* also turns off the automatic checkpoint */
    return OK;
}

static void disconnect(struct db *d)
{
    struct sqlite_connection *c = db_sqlite_of(d);
    for (size_t i = 0; i < DB_CONTROLS; i++)
        sqlite3_finalize(c->controls[i]);
    sqlite3_finalize(c->data_version);
    sqlite3_close(c->handle);
    if (d->use == DB_WRITER)
        atomic_flag_clear(&((struct store *)d->store)->has_writer);
    free(c);
}

/* The log and its index take the rights of the file. An existing file is not opened here: to close
 * it would drop the locks that this process holds on it. */
static void make_for_owner_only(const char *path)
{
    const int fd = access(path, F_OK) == 0 ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
}

static enum err connect_file(struct cx *cx, struct db_store *base, enum db_use use, struct db **out)
{
    struct store *s = (struct store *)base;
    if (use == DB_WRITER && atomic_flag_test_and_set(&s->has_writer))
        return fail(cx, ERR_BUSY, "%s has its writer already", s->path);
    struct sqlite_connection *c = calloc(1, sizeof *c);
    MUST(c != NULL);
    c->base.store = base;
    c->base.use = use;
    const int how =
        use == DB_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (use == DB_WRITER)
        make_for_owner_only(s->path);
    const int rc = sqlite3_open_v2(s->path, &c->handle, how | SQLITE_OPEN_NOMUTEX, db_sqlite_vfs());
    enum err e = rc == SQLITE_OK ? set_up(cx, c, use) : db_sqlite_failed(cx, c);
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
    struct sqlite_connection *c = db_sqlite_of(d);
    if (what == DB_ROLLBACK && sqlite3_get_autocommit(c->handle))
        return OK; /* SQLite undid it itself */
    sqlite3_stmt **st = &c->controls[what];
    if (!*st && sqlite3_prepare_v3(c->handle, control_text(d, what), -1, SQLITE_PREPARE_PERSISTENT,
                                   st, NULL) != SQLITE_OK)
        return db_sqlite_failed(cx, c);
    /* A reader over its time must still end its snapshot: SQLite counts steps over all runs of a
     * statement, so even these few would be interrupted now and then. */
    sqlite3_progress_handler(c->handle, 0, NULL, NULL);
    const int rc = sqlite3_step(*st);
    const enum err e = rc == SQLITE_DONE ? OK : db_sqlite_failed(cx, c);
    sqlite3_reset(*st);
    sqlite3_progress_handler(c->handle, STEPS, c->budget_ms ? over_budget : NULL, c);
    if (what == DB_COMMIT && e != OK)
        d->unknown = true; /* an fsync may have failed after the pages were written */
    return e;
}

/* SQLite counts in a connection how often it met another's commit. The statement also opens the
 * snapshot, which "begin" alone does not. */
static int64_t state(struct db *d)
{
    struct sqlite_connection *c = db_sqlite_of(d);
    if (!c->data_version &&
        sqlite3_prepare_v3(c->handle, "pragma data_version", -1, SQLITE_PREPARE_PERSISTENT,
                           &c->data_version, NULL) != SQLITE_OK)
        return 0;
    const int64_t n =
        sqlite3_step(c->data_version) == SQLITE_ROW ? sqlite3_column_int64(c->data_version, 0) : 0;
    sqlite3_reset(c->data_version);
    return n;
}

/* ---- the rest ---- */

static enum err script(struct cx *cx, struct db *d, const char *sql)
{
    struct sqlite_connection *c = db_sqlite_of(d);
    return sqlite3_exec(c->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? OK
                                                                       : db_sqlite_failed(cx, c);
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

/* Under readers a passive checkpoint never lets the log begin anew: one of them always reads in it,
 * so the log grows without end and each look-up in it becomes slower. This one waits until they
 * have come to snapshots of the file itself, or for a long one not longer than READERS_MS. */
static enum err checkpoint(struct cx *cx, struct db *d, bool truncate)
{
    struct sqlite_connection *c = db_sqlite_of(d);
    const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART;
    if (!truncate)
        sqlite3_busy_timeout(c->handle, READERS_MS);
    const int rc = sqlite3_wal_checkpoint_v2(c->handle, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(c->handle, ANOTHER_PROGRAM_MS);
    if (rc == SQLITE_OK)
        d->wal_pages = 0;
    return rc == SQLITE_OK || (rc == SQLITE_BUSY && !truncate) ? OK : db_sqlite_failed(cx, c);
}

static int version(const struct db *)
{
    return sqlite3_libversion_number();
}

const struct db_driver db_sqlite = {
    .kind = "sqlite",
    .open = open_store,
    .close = close_store,
    .connect = connect_file,
    .disconnect = disconnect,
    .control = control,
    .budget = set_budget,
    .state = state,
    .prepare = db_sqlite_prepare,
    .fits = db_sqlite_fits,
    .finalize = db_sqlite_finalize,
    .start = db_sqlite_start,
    .step = db_sqlite_step,
    .reset = db_sqlite_reset,
    .is_null = db_sqlite_is_null,
    .get_int = db_sqlite_get_int,
    .get = db_sqlite_get,
    .script = script,
    .migration_lock = migration_lock,
    .transaction_id = transaction_id,
    .checkpoint = checkpoint,
    .backup = db_sqlite_backup,
    .version = version,
};
