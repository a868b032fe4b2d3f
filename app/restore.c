/*
 * restore.c - a data folder from a copy, so that an interruption leaves the old data or the new.
 *
 * The copy is made ready beside what is there: DATA/restore.new/core.db (core.pgcopy on
 * PostgreSQL), and files/ too where there are old ones. Nothing old is touched until all of it is
 * on disk and has the hash that the copy states. Then DATA/restore.pending says that it is decided,
 * and from there on whoever opens the folder goes on: old data to before-restore/, new data to its
 * place, and whom a legal order erased since the copy was made is erased again, before anybody is
 * served.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

#include "db/db.h"
#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"

#define READY "restore.new"
#define OLD "before-restore"
#define PENDING "restore.pending"

static const char *in_data(struct app *a, const char *name)
{
    return str_fmt(a->arena, "%.*s/%s", F(a->data_dir), name).p;
}

static const char *in(struct app *a, const char *folder, const char *name)
{
    return str_fmt(a->arena, "%s/%s", folder, name).p;
}

static bool on_postgres(struct app *a)
{
    return str_starts(app_database(a), S("postgres"));
}

bool restore_pending(struct app *a)
{
    return app_there(in_data(a, PENDING));
}

/* ---- taking its place ---- */

static int set_old_aside(struct app *a)
{
    static const char *const names[] = {"core.db", "core.db-wal", "core.db-shm"};
    int code = EX_OK;
    if (app_there(in_data(a, READY "/core.db"))) /* so what lies there is the old one */
        for (size_t i = 0; code == EX_OK && i < sizeof names / sizeof *names; i++)
            code = app_move(a, in_data(a, names[i]),
                            in_data(a, str_fmt(a->arena, OLD "/%s", names[i]).p));
    if (code == EX_OK && app_there(in_data(a, READY "/files")))
        code = app_move(a, in_data(a, "files"), in_data(a, OLD "/files"));
    return code == EX_OK && app_there(in_data(a, OLD)) ? app_sync_dir(a, in_data(a, OLD)) : code;
}

static int move_in(struct app *a)
{
    int code = set_old_aside(a);
    if (code == EX_OK)
        code = app_move(a, in_data(a, READY "/files"), in_data(a, "files"));
    if (code == EX_OK)
        code = app_move(a, in_data(a, READY "/core.db"), in_data(a, "core.db"));
    return code == EX_OK ? app_sync_dir(a, in_data(a, ".")) : code;
}

/* The copy's rows are there since it was cut off between its commit and its end. */
static enum err is_there(struct cx *cx, bool *there)
{
    int64_t n;
    TRY(db_begin(cx));
    enum err e =
        db_one_int(cx, &n,
                   "/* postgresql */ select count(*) from pg_class where relname = 'db_era'"
                   " and relnamespace = cast(current_schema() as regnamespace)");
    if (e == OK && n > 0)
        e = db_one_int(cx, &n, "/* postgresql */ select count(*) from db_era");
    db_rollback(cx);
    *there = n > 0;
    return e;
}

static enum err import(struct app *a, const char *path)
{
    struct cx *cx = &a->cx;
    struct db_store *store;
    bool there = false;
    TRY(db_open(cx, &(struct db_config){.url = app_database(a)}, &store));
    enum err e = db_connect(cx, store, DB_WRITER, &cx->db);
    if (e == OK)
        e = is_there(cx, &there);
    app_step();
    if (e == OK && !there)
        e = db_restore(cx, str_c(path), module_schema_roots(a->arena, app_modules));
    db_disconnect(cx->db);
    cx->db = NULL;
    db_close(store);
    app_step();
    if (e == OK && unlink(path) != 0)
        e = fail(cx, ERR_IO, "%s: %s", path, strerror(errno));
    return e;
}

enum err restore_place(struct app *a)
{
    if (!restore_pending(a))
        return OK;
    if (move_in(a) != EX_OK)
        return fail(&a->cx, ERR_IO, "%s", in_data(a, READY));
    const char *copy = in_data(a, READY "/" APP_COPY_POSTGRES);
    return app_there(copy) ? import(a, copy) : OK;
}

static enum err destroy_again(struct cx *cx, void *arg)
{
    return journal_restored(cx, arg);
}

enum err restore_finish(struct app *a, int64_t *erased)
{
    app_step();
    TRY(lane_call(a->env.lanes, LANE_WRITE, &a->cx, destroy_again, erased));
    app_remove(a, in_data(a, READY));
    app_step();
    if (unlink(in_data(a, PENDING)) != 0 || app_sync_dir(a, in_data(a, ".")) != EX_OK)
        return fail(&a->cx, ERR_IO, "%s: %s", in_data(a, PENDING), strerror(errno));
    return OK;
}

/* ---- making ready ---- */

/* The hash of the database, as the copy states it. Older copies state none. */
static int check_hash(struct app *a, const char *from, const char *path)
{
    const struct json *j;
    struct hash h;
    int code = restore_manifest(a, from, &j);
    if (code != EX_OK)
        return code;
    const struct str stated = json_text(json_get(j, S("database_sha256")));
    code = app_hash_file(a, path, &h);
    if (code != EX_OK || stated.n == 0 || str_eq(stated, str_hex(a->arena, HASH_STR(h))))
        return code;
    return app_stop(
        a, EX_DATAERR,
        "%s hỏng: cơ sở dữ liệu không đúng với backup.json. Dùng bản chép khác; dữ liệu "
        "đang có không bị động đến.",
        from);
}

static int make_folder(struct app *a, const char *name)
{
    const char *path = in_data(a, name);
    app_step();
    return mkdir(path, 0700) == 0 || errno == EEXIST
               ? EX_OK
               : app_stop(a, EX_IOERR, "%s: %s", path, strerror(errno));
}

/* What the folder's own settings say of it; empty: nothing. */
static struct str own_database(struct app *a)
{
    int line;
    struct settings *own = settings_new();
    IGNORE(settings_read_file(own, in_data(a, "tinhso.conf"), &line));
    const struct str at = str_dup(a->arena, setting(own, S("database"), S("")));
    settings_free(own);
    return at;
}

static int add_address(struct app *a, const char *path)
{
    FILE *f = fopen(path, "ae");
    bool good = f && fprintf(f, "database = %s\n", a->options.database) > 0;
    good = f && fflush(f) == 0 && fsync(fileno(f)) == 0 && good;
    if (f)
        fclose(f);
    return good ? EX_OK : app_stop(a, EX_IOERR, "%s: không ghi được.", path);
}

/* Another address than the copy's own belongs to the folder from now on. */
static int copy_settings(struct app *a, const char *from, struct app_copied *done)
{
    const char *to = in_data(a, "tinhso.conf");
    const char *part = in_data(a, READY "/tinhso.conf");
    const bool kept = app_there(to);
    if (kept && (!a->options.database || own_database(a).n))
        return EX_OK;
    int code = app_copy_file(a, kept ? to : in(a, from, "tinhso.conf"), part, done);
    if (code == EX_OK && a->options.database)
        code = add_address(a, part);
    return code == EX_OK ? app_move(a, part, to) : code;
}

static int make_ready(struct app *a, const char *from, bool replace, struct app_copied *done)
{
    const char *database = on_postgres(a) ? APP_COPY_POSTGRES : "core.db";
    const char *files = replace ? READY "/files" : "files";
    const char *ready = in_data(a, str_fmt(a->arena, READY "/%s", database).p);
    app_remove(a, in_data(a, READY)); /* what an interruption left; of files/ it is written over */
    int code = restore_keys(a, from, done);
    if (code == EX_OK)
        code = make_folder(a, READY);
    if (code == EX_OK && replace)
        code = make_folder(a, OLD);
    if (code == EX_OK)
        code = app_copy_file(a, in(a, from, database), ready, done);
    if (code == EX_OK)
        code = check_hash(a, from, ready);
    if (code == EX_OK)
        code = app_copy_tree(a, in(a, from, "files"), in_data(a, files), done);
    if (code == EX_OK)
        code = copy_settings(a, from, done);
    if (code == EX_OK)
        code = app_sync_dir(a, in_data(a, READY));
    return code == EX_OK ? app_sync_dir(a, in_data(a, ".")) : code;
}

/* From here on it is done to the end. */
static int decide(struct app *a)
{
    const char *path = in_data(a, PENDING);
    app_step();
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good ? app_sync_dir(a, in_data(a, "."))
                : app_stop(a, EX_IOERR, "%s: %s", path, strerror(errno));
}

/* ---- the verb ---- */

static enum err ask_empty(struct cx *cx, int64_t *tables)
{
    TRY(db_begin(cx));
    const enum err e =
        db_one_int(cx, tables,
                   "/* postgresql */ select count(*) from pg_class where relkind = 'r'"
                   " and relnamespace = cast(current_schema() as regnamespace)");
    db_rollback(cx);
    return e;
}

static int check_postgres(struct app *a)
{
    struct cx *cx = &a->cx;
    struct db_store *store;
    int64_t tables = 0;
    enum err e = db_open(cx, &(struct db_config){.url = app_database(a)}, &store);
    if (e != OK)
        return app_failed(a, e);
    e = db_connect(cx, store, DB_READER, &cx->db);
    if (e == OK)
        e = ask_empty(cx, &tables);
    db_disconnect(cx->db);
    cx->db = NULL;
    db_close(store);
    if (e == OK && tables > 0)
        return app_stop(a, EX_CANTCREAT,
                        "cơ sở dữ liệu đã có dữ liệu. Tạo một cơ sở dữ liệu trống (createdb) rồi "
                        "dựng lại vào đó: --database postgresql://…");
    return e == OK ? EX_OK : app_failed(a, e);
}

/* Else whoever opens the folder next would open another database than the restored one. */
static int check_own(struct app *a)
{
    const struct str own = own_database(a);
    if (!a->options.database || own.n == 0 || str_eq(own, str_c(a->options.database)))
        return EX_OK;
    return app_stop(a, EX_CANTCREAT,
                    "%.*s/tinhso.conf nêu cơ sở dữ liệu khác với --database. Dựng lại vào một thư "
                    "mục trống, hoặc sửa dòng database trong tệp đó rồi làm lại.",
                    F(a->data_dir));
}

static int check_place(struct app *a, const char *from, bool *replace)
{
    const bool postgres = on_postgres(a);
    *replace = app_there(in_data(a, "core.db"));
    if (!app_there(in(a, from, "backup.json")))
        return app_stop(a, EX_NOINPUT, "%s không phải là bản chép (thiếu backup.json).", from);
    if (!app_there(in(a, from, postgres ? APP_COPY_POSTGRES : "core.db")))
        return app_stop(a, EX_DATAERR,
                        "%s là bản chép của %s: nêu --database cho đúng loại cơ sở dữ liệu.", from,
                        postgres ? "SQLite" : "PostgreSQL");
    if (*replace && (postgres || !a->options.force))
        return app_stop(
            a, EX_CANTCREAT,
            "%.*s đã có dữ liệu. Chuyển core.db và files/ ra chỗ khác, giữ keys/ và tombstones.log; "
            "hoặc thay cả: --force.",
            F(a->data_dir));
    if (*replace && app_there(in_data(a, OLD "/core.db")))
        return app_stop(a, EX_CANTCREAT,
                        "%.*s/" OLD " còn dữ liệu của lần thay trước. Chuyển đi rồi làm lại.",
                        F(a->data_dir));
    const int code = check_own(a);
    return code == EX_OK && postgres ? check_postgres(a) : code;
}

int verb_restore(struct app *a)
{
    if (a->options.words_n != 1)
        return app_stop(a, EX_USAGE, "cần: tinhso restore BẢN_CHÉP --data THƯ_MỤC");
    const char *from = a->options.words[0];
    struct app_copied done = {0};
    bool replace = false;
    int code = app_lock(a, true);
    if (code == EX_TEMPFAIL)
        return app_stop(a, code, "%.*s đang được một máy chủ dùng.", F(a->data_dir));
    const bool going_on = code == EX_OK && restore_pending(a);
    if (code == EX_OK && !going_on)
        code = check_place(a, from, &replace);
    if (code == EX_OK && !going_on)
        code = make_ready(a, from, replace, &done);
    if (code == EX_OK && !going_on)
        code = decide(a);
    if (code != EX_OK)
        return code;
    const enum err e = app_open(a, false);
    if (e == OK)
        app_say(
            a,
            "Đã dựng lại %.*s: %lld tệp; ai bị xóa theo quyết định đã được xóa lại.\nKiểm: tinhso verify --data %.*s\n",
            F(a->data_dir), (long long)done.files, F(a->data_dir));
    code = e == OK ? EX_OK : app_failed(a, e);
    app_close(a);
    return code;
}
