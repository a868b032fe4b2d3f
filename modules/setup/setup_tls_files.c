/* setup_tls_files.c - certificate and key in the data folder, for the server's user alone. */
#include "setup_tls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINK_MAX 200
#define READ_MAX ((size_t)512 << 10)

static enum err failed(struct cx *cx, const char *what)
{
    return fail(cx, ERR_IO, "%s: %s", what, strerror(errno));
}

static struct str folder(struct cx *cx)
{
    return str_fmt(cx->arena, "%.*s/tls", F(cx->env->data_dir));
}

static enum err open_folder(struct cx *cx, int *dir)
{
    const char *path = folder(cx).p;
    *dir = folder_make(path, 0700) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    return *dir >= 0 ? OK : failed(cx, path);
}

static struct str target(struct cx *cx, const char *link)
{
    char name[LINK_MAX];
    const char *path = str_fmt(cx->arena, "%.*s/%s", F(folder(cx)), link).p;
    const ssize_t n = readlink(path, name, sizeof name);
    return n > 0 && n < LINK_MAX ? str_dup(cx->arena, (struct str){name, (size_t)n}) : S("");
}

struct str tls_files_current(struct cx *cx)
{
    return target(cx, "current");
}

struct str tls_files_before(struct cx *cx)
{
    return target(cx, "before");
}

/* ---- writing ---- */

static bool write_whole(int fd, struct str bytes)
{
    while (bytes.n) {
        const ssize_t n = write(fd, bytes.p, bytes.n);
        if (n <= 0)
            return false;
        bytes = str_from(bytes, (size_t)n);
    }
    return fsync(fd) == 0;
}

static bool write_file(int dir, const char *name, const char *fresh, struct str bytes)
{
    (void)unlinkat(dir, fresh, 0); /* of an attempt that died */
    const int fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    const bool good = write_whole(fd, bytes);
    return close(fd) == 0 && good && renameat(dir, fresh, dir, name) == 0;
}

static bool write_pair(int dir, const struct tls_pair *p, const char *name)
{
    if (mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
        return false;
    const int own = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = own >= 0 && write_file(own, "key.pem", "key.new", p->key) &&
                      write_file(own, "chain.pem", "chain.new", p->chain) && fsync(own) == 0;
    if (own >= 0)
        close(own);
    return good;
}

/* A link changes in one step: whoever loads the pair sees the old one or the new one. */
static bool point(int dir, const char *link, const char *name)
{
    (void)unlinkat(dir, "link.new", 0);
    return symlinkat(name, dir, "link.new") == 0 && renameat(dir, "link.new", dir, link) == 0 &&
           fsync(dir) == 0;
}

enum err tls_files_take(struct cx *cx, const struct tls_pair *p)
{
    int dir;
    const struct str old = tls_files_current(cx);
    const char *name = str_z(cx->arena, p->name);
    TRY(open_folder(cx, &dir));
    bool good = write_pair(dir, p, name);
    if (good && old.n && !str_eq(old, p->name))
        good = point(dir, "before", old.p);
    good = good && point(dir, "current", name);
    const enum err e = good ? OK : failed(cx, "cannot keep the certificate");
    close(dir);
    return e;
}

enum err tls_files_back(struct cx *cx, struct str name)
{
    int dir;
    const struct str now = tls_files_current(cx), old = tls_files_before(cx);
    if (str_eq(now, name))
        return OK;
    if (now.n == 0 || !str_eq(old, name))
        return fail(cx, ERR_CONFLICT, T("Không có chứng thư trước để dùng lại."));
    TRY(open_folder(cx, &dir));
    const bool good = point(dir, "current", old.p) && point(dir, "before", now.p);
    const enum err e = good ? OK : failed(cx, "cannot go back to the certificate before");
    close(dir);
    return e;
}

enum err tls_files_undo(struct cx *cx, struct str name)
{
    int dir;
    TRY(open_folder(cx, &dir));
    const bool good = name.n ? point(dir, "current", str_z(cx->arena, name))
                             : unlinkat(dir, "current", 0) == 0 || errno == ENOENT;
    const enum err e = good ? OK : failed(cx, "cannot undo the certificate");
    close(dir);
    return e;
}

static void remove_pair(int dir, const char *name)
{
    const int own = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (own < 0)
        return;
    static const char *const files[] = {"key.pem", "chain.pem", "key.new", "chain.new"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)unlinkat(own, files[i], 0);
    close(own);
    (void)unlinkat(dir, name, AT_REMOVEDIR);
}

void tls_files_forget_older(struct cx *cx)
{
    const struct str now = tls_files_current(cx), old = tls_files_before(cx);
    DIR *all = opendir(folder(cx).p);
    for (struct dirent *d; all && (d = readdir(all)) != NULL;)
        if (strlen(d->d_name) == 2 * HASH_BYTES && !str_eq(str_c(d->d_name), now) &&
            !str_eq(str_c(d->d_name), old))
            remove_pair(dirfd(all), d->d_name);
    if (all)
        closedir(all);
}

struct str tls_file_read(struct cx *cx, struct str path)
{
    FILE *file = fopen(str_z(cx->arena, path), "re");
    if (!file)
        return S("");
    char *p = arena_alloc(cx->arena, READ_MAX);
    const size_t n = fread(p, 1, READ_MAX, file);
    fclose(file);
    return (struct str){p, n};
}
