/*
 * backup.c - a whole copy at one instant.
 *
 * The database is copied in one step while the writer stands still (PostgreSQL: in one snapshot);
 * files come after it, so every file that a row of the copy names is there. Tombstones stay where
 * they are: they are what makes an erasure survive a restore.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"
#include "vault/vault.h"

static int make_dir(struct app *a, const char *path)
{
    if (mkdir(path, 0700) == 0)
        return app_sync_dir(a, str_fmt(a->arena, "%s/..", path).p);
    return app_stop(a, errno == EEXIST ? EX_CANTCREAT : EX_IOERR, "%s: %s", path, strerror(errno));
}

/* ---- backup ---- */

struct state {
    const char *path;
    struct journal_tree tree;
    struct vault_generation keys[VAULT_GENERATIONS_MAX]; /* without which the copy does not open */
    size_t keys_n;
    struct hash database;
};

/* At the barrier: what the log is in the copy (PostgreSQL: what it is at least). */
static enum err copy_database(struct cx *cx, void *arg)
{
    struct state *s = arg;
    TRY(db_begin(cx));
    enum err e = journal_tree_now(cx, &s->tree);
    if (e == OK)
        e = vault_generations(cx, s->keys, &s->keys_n);
    db_rollback(cx);
    TRY(e);
    return db_backup(cx, str_c(s->path));
}

static void put_keys(struct json_out *o, const struct state *s)
{
    json_key(o, S("master_keys"));
    json_open_array(o);
    for (size_t i = 0; i < s->keys_n; i++) {
        json_open_object(o);
        json_num(o, S("generation"), s->keys[i].n);
        json_str(o, S("print"), s->keys[i].print);
        json_close_object(o);
    }
    json_close_array(o);
}

static int write_manifest(struct app *a, const char *to, const struct app_copied *done,
                          const struct state *s)
{
    struct buf b = {.arena = a->arena, .limit = 65536};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("program"), S("tinhso " TINHSO_VERSION));
    json_str(&o, S("at"), time_iso(a->arena, a->cx.now));
    json_num(&o, S("files"), done->files);
    json_num(&o, S("bytes"), done->bytes);
    json_num(&o, S("journal_size"), s->tree.size);
    json_str(&o, S("database_sha256"), str_hex(a->arena, HASH_STR(s->database)));
    json_str(&o, S("journal_root"), str_hex(a->arena, HASH_STR(s->tree.root)));
    put_keys(&o, s);
    json_close_object(&o);
    buf_byte(&b, '\n');
    const char *path = str_fmt(a->arena, "%s/backup.json", to).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, b.p, b.n) == (ssize_t)b.n && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok ? app_sync_dir(a, to) : app_stop(a, EX_IOERR, "%s: %s", path, strerror(errno));
}

static struct str in_data(struct app *a, const char *name)
{
    return str_fmt(a->arena, "%.*s/%s", F(a->data_dir), name);
}

static int copy_all(struct app *a, const char *to, struct app_copied *done)
{
    int code = app_copy_tree(a, in_data(a, "files").p, str_fmt(a->arena, "%s/files", to).p, done);
    if (code == EX_OK)
        code = app_copy_file(a, in_data(a, "tinhso.conf").p,
                             str_fmt(a->arena, "%s/tinhso.conf", to).p, done);
    if (code == EX_OK && a->options.with_keys)
        code = app_copy_tree(a, in_data(a, "keys").p, str_fmt(a->arena, "%s/keys", to).p, done);
    return code;
}

/* When the last one was made: its time is read by `tinhso doctor`. */
static bool mark_backup(struct app *a)
{
    const int fd =
        open(in_data(a, APP_BACKUP_MARK).p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const struct str at = time_iso(a->arena, a->cx.now);
    const bool good = fd >= 0 && write(fd, at.p, at.n) == (ssize_t)at.n;
    if (fd >= 0)
        close(fd);
    return good;
}

int verb_backup(struct app *a)
{
    if (a->options.words_n != 1)
        return app_stop(a, EX_USAGE, "cần: tinhso backup THƯ_MỤC_MỚI");
    const char *to = a->options.words[0];
    struct app_copied done = {0};
    struct state state;
    int code = make_dir(a, to);
    if (code != EX_OK)
        return code;
    const bool postgres = str_eq(db_store_kind(a->store), S("postgresql"));
    state.path = str_fmt(a->arena, "%s/%s", to, postgres ? APP_COPY_POSTGRES : "core.db").p;
    const enum err e = lanes_at_barrier(a->env.lanes, &a->cx, copy_database, &state);
    if (e != OK)
        return app_failed(a, e);
    code = app_hash_file(a, state.path, &state.database);
    if (code == EX_OK)
        code = copy_all(a, to, &done);
    if (code == EX_OK)
        code = write_manifest(a, to, &done, &state);
    if (code != EX_OK)
        return code;
    if (!mark_backup(a))
        return app_stop(a, EX_IOERR, "%s: không ghi được.", in_data(a, APP_BACKUP_MARK).p);
    app_say(a, "Đã chép vào %s: cơ sở dữ liệu, %lld tệp, %lld byte.%s\n",
            a->options.to ? a->options.to : to, (long long)done.files, (long long)done.bytes,
            a->options.with_keys ? " Có cả khóa: cất như cất khóa."
                                 : " Khóa (keys/) không nằm trong bản chép.");
    return EX_OK;
}

/* ---- a backup that the server makes for us ---- */

static int remove_one(const char *path, const struct stat *, int, struct FTW *)
{
    return remove(path);
}

static void remove_tree(const char *path)
{
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int put_in_place(struct app *a, const char *part, const char *to)
{
    struct app_copied done = {0};
    if (rename(part, to) == 0)
        return EX_OK;
    if (errno != EXDEV)
        return app_stop(a, EX_CANTCREAT, "%s: %s", to, strerror(errno));
    return app_copy_tree(a, part, to, &done);
}

int backup_forward(struct app *a)
{
    struct stat st;
    char here[4096];
    if (a->options.words_n != 1)
        return admin_forward(a); /* it says what is wanted */
    const char *to = a->options.words[0];
    if (to[0] != '/' && getcwd(here, sizeof here))
        to = str_fmt(a->arena, "%s/%s", here, to).p;
    if (lstat(to, &st) == 0)
        return app_stop(a, EX_CANTCREAT, "%s: %s", to, strerror(EEXIST));
    const char *part = str_fmt(a->arena, "%.*s/backup.%d", F(a->data_dir), (int)getpid()).p;
    a->options.words[0] = part;
    a->options.to = to;
    remove_tree(part);
    int code = admin_forward(a);
    if (code == EX_OK)
        code = put_in_place(a, part, to);
    remove_tree(part);
    return code;
}
