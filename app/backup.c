/*
 * backup.c - a whole copy at one instant, and back again.
 *
 * The database is copied in one step while the writer stands still; files come after it, so every
 * file that a row of the copy names is there. Tombstones stay where they are: they are what makes
 * an erasure survive a restore.
 */
#include <dirent.h>
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

struct copied {
    int64_t files, bytes;
};

/* What is in it outlasts a power cut by name too. */
static int sync_dir(struct app *a, const char *path)
{
    return folder_sync(path) ? EX_OK : app_stop(a, EX_IOERR, "%s: %s", path, strerror(errno));
}

static int make_dir(struct app *a, const char *path)
{
    if (mkdir(path, 0700) == 0)
        return sync_dir(a, str_fmt(a->arena, "%s/..", path).p);
    return app_stop(a, errno == EEXIST ? EX_CANTCREAT : EX_IOERR, "%s: %s", path, strerror(errno));
}

static int copy_file(struct app *a, const char *from, const char *to, struct copied *done)
{
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    if (in >= 0)
        out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char *piece = arena_alloc(a->arena, 1 << 18);
    ssize_t n = in >= 0 && out >= 0 ? 1 : -1;
    while (n > 0) {
        n = read(in, piece, 1 << 18);
        if (n > 0 && write(out, piece, (size_t)n) != n)
            n = -1;
        done->bytes += n > 0 ? n : 0;
    }
    bool ok = n == 0 && fsync(out) == 0;
    int why = errno;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    done->files++;
    return ok ? EX_OK : app_stop(a, EX_IOERR, "%s: %s", to, strerror(why));
}

/* Everything below, but what is still being received (tmp) or goes away meanwhile. */
static int copy_tree(struct app *a, const char *from, const char *to, struct copied *done)
{
    DIR *dir = opendir(from);
    if (!dir)
        return errno == ENOENT ? EX_OK : app_stop(a, EX_IOERR, "%s: %s", from, strerror(errno));
    int code = mkdir(to, 0700) == 0 || errno == EEXIST
                   ? EX_OK
                   : app_stop(a, EX_IOERR, "%s: %s", to, strerror(errno));
    bool empty = true;
    for (struct dirent *d; code == EX_OK && (d = readdir(dir)) != NULL;) {
        if (d->d_name[0] == '.' || strcmp(d->d_name, "tmp") == 0)
            continue;
        empty = false;
        struct arena_mark here = arena_here(a->arena);
        const char *source = str_fmt(a->arena, "%s/%s", from, d->d_name).p;
        const char *target = str_fmt(a->arena, "%s/%s", to, d->d_name).p;
        struct stat st;
        if (stat(source, &st) == 0)
            code = S_ISDIR(st.st_mode) ? copy_tree(a, source, target, done)
                                       : copy_file(a, source, target, done);
        arena_back(a->arena, here);
    }
    closedir(dir);
    return code != EX_OK || empty ? code : sync_dir(a, to);
}

/* ---- backup ---- */

static enum err copy_database(struct cx *cx, void *arg)
{
    return db_backup(cx, str_c(arg));
}

struct state {
    struct journal_tree tree;
};

static enum err ask_tree(struct cx *cx, void *arg)
{
    return journal_tree_now(cx, &((struct state *)arg)->tree);
}

static int write_manifest(struct app *a, const char *to, const struct copied *done,
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
    json_str(&o, S("journal_root"), str_hex(a->arena, HASH_STR(s->tree.root)));
    json_close_object(&o);
    buf_byte(&b, '\n');
    const char *path = str_fmt(a->arena, "%s/backup.json", to).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, b.p, b.n) == (ssize_t)b.n && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok ? sync_dir(a, to) : app_stop(a, EX_IOERR, "%s: %s", path, strerror(errno));
}

static struct str in_data(struct app *a, const char *name)
{
    return str_fmt(a->arena, "%.*s/%s", F(a->data_dir), name);
}

static int copy_all(struct app *a, const char *to, struct copied *done)
{
    int code = copy_tree(a, in_data(a, "files").p, str_fmt(a->arena, "%s/files", to).p, done);
    if (code == EX_OK)
        code = copy_file(a, in_data(a, "tinhso.conf").p, str_fmt(a->arena, "%s/tinhso.conf", to).p,
                         done);
    if (code == EX_OK && a->options.with_keys)
        code = copy_tree(a, in_data(a, "keys").p, str_fmt(a->arena, "%s/keys", to).p, done);
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
    if (str_eq(db_store_kind(a->store), S("postgresql")))
        return app_stop(
            a, EX_CONFIG,
            "PostgreSQL được chép bằng công cụ của nó (pg_dump, pgBackRest); tệp ở %.*s/files.",
            F(a->data_dir));
    const char *to = a->options.words[0];
    struct copied done = {0};
    struct state state;
    int code = make_dir(a, to);
    if (code != EX_OK)
        return code;
    char *database = (char *)str_fmt(a->arena, "%s/core.db", to).p;
    enum err e = lanes_at_barrier(a->env.lanes, &a->cx, copy_database, database);
    if (e == OK)
        e = lane_call(a->env.lanes, LANE_SLOW, &a->cx, ask_tree, &state);
    if (e != OK)
        return app_failed(a, e);
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
    struct copied done = {0};
    if (rename(part, to) == 0)
        return EX_OK;
    if (errno != EXDEV)
        return app_stop(a, EX_CANTCREAT, "%s: %s", to, strerror(errno));
    return copy_tree(a, part, to, &done);
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

/* ---- restore ---- */

static enum err destroy_again(struct cx *cx, void *arg)
{
    return journal_restored(cx, arg);
}

static bool there(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static int copy_keys(struct app *a, const char *from, struct copied *done)
{
    const char *own = in_data(a, "keys/master.key").p;
    const char *given = a->options.keys ? a->options.keys : str_fmt(a->arena, "%s/keys", from).p;
    if (there(own))
        return EX_OK;
    if (!there(str_fmt(a->arena, "%s/master.key", given).p))
        return app_stop(
            a, EX_NOINPUT,
            "không có khóa: bản chép không mở được nếu thiếu keys/. Chỉ nơi cất khóa: --keys THƯ_MỤC_KHÓA");
    return copy_tree(a, given, in_data(a, "keys").p, done);
}

static int copy_back(struct app *a, const char *from, struct copied *done)
{
    int code = copy_keys(a, from, done);
    if (code == EX_OK)
        code = copy_file(a, str_fmt(a->arena, "%s/core.db", from).p, in_data(a, "core.db").p, done);
    if (code == EX_OK)
        code = copy_tree(a, str_fmt(a->arena, "%s/files", from).p, in_data(a, "files").p, done);
    if (code == EX_OK && !there(in_data(a, "tinhso.conf").p))
        code = copy_file(a, str_fmt(a->arena, "%s/tinhso.conf", from).p,
                         in_data(a, "tinhso.conf").p, done);
    return code == EX_OK ? sync_dir(a, str_z(a->arena, a->data_dir)) : code;
}

int verb_restore(struct app *a)
{
    if (a->options.words_n != 1)
        return app_stop(a, EX_USAGE, "cần: tinhso restore BẢN_CHÉP --data THƯ_MỤC");
    const char *from = a->options.words[0];
    struct copied done = {0};
    if (!there(str_fmt(a->arena, "%s/backup.json", from).p))
        return app_stop(a, EX_NOINPUT, "%s không phải là bản chép (thiếu backup.json).", from);
    int code = app_lock(a, true);
    if (code == EX_TEMPFAIL)
        return app_stop(a, code, "%.*s đang được một máy chủ dùng.", F(a->data_dir));
    if (code == EX_OK && there(in_data(a, "core.db").p))
        return app_stop(
            a, EX_CANTCREAT,
            "%.*s đã có dữ liệu. Chuyển core.db và files/ ra chỗ khác, giữ keys/ và tombstones.log.",
            F(a->data_dir));
    if (code == EX_OK)
        code = copy_back(a, from, &done);
    if (code != EX_OK)
        return code;
    int64_t erased = 0;
    enum err e = app_open(a, false);
    if (e == OK)
        e = lane_call(a->env.lanes, LANE_WRITE, &a->cx, destroy_again, &erased);
    if (e == OK)
        app_say(
            a,
            "Đã dựng lại %.*s: %lld tệp; xóa lại %lld người theo quyết định.\nKiểm: tinhso verify --data %.*s\n",
            F(a->data_dir), (long long)done.files, (long long)erased, F(a->data_dir));
    code = e == OK ? EX_OK : app_failed(a, e);
    app_close(a);
    return code;
}
