/* setup_tls_files.c - certificate and key in the data folder, for the server's user alone. */
#include "setup_tls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

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

/* The first line of the file is "# FINGERPRINT". */
static struct str name_in(struct cx *cx, const char *file)
{
    const struct str text = tls_file_read(cx, str_fmt(cx->arena, "%.*s/%s", F(folder(cx)), file));
    struct str line, rest;
    return str_starts(text, S("# ")) && str_cut(text, '\n', &line, &rest) ? str_from(line, 2)
                                                                          : S("");
}

struct str tls_files_current(struct cx *cx)
{
    return name_in(cx, "current.pem");
}

struct str tls_files_before(struct cx *cx)
{
    return name_in(cx, "before.pem");
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
    return close(fd) == 0 && good && renameat(dir, fresh, dir, name) == 0 && fsync(dir) == 0;
}

/* A copy: the old one is current until the new one takes its place. */
static bool keep_before(struct cx *cx, int dir)
{
    const struct str old = tls_file_read(cx, str_fmt(cx->arena, "%.*s/current.pem", F(folder(cx))));
    return old.n && write_file(dir, "before.pem", "before.new", old);
}

enum err tls_files_take(struct cx *cx, const struct tls_pair *p)
{
    int dir;
    const struct str old = tls_files_current(cx);
    const struct str text =
        str_fmt(cx->arena, "# %.*s\n%.*s%.*s", F(p->name), F(p->chain), F(p->key));
    TRY(open_folder(cx, &dir));
    const bool good = (old.n == 0 || str_eq(old, p->name) || keep_before(cx, dir)) &&
                      write_file(dir, "current.pem", "current.new", text);
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
    const bool good =
        renameat2(dir, "before.pem", dir, "current.pem", RENAME_EXCHANGE) == 0 && fsync(dir) == 0;
    const enum err e = good ? OK : failed(cx, "cannot go back to the certificate before");
    close(dir);
    return e;
}

enum err tls_files_undo(struct cx *cx, struct str name)
{
    int dir;
    if (str_eq(tls_files_current(cx), name))
        return OK;
    TRY(open_folder(cx, &dir));
    const bool good = name.n ? renameat(dir, "before.pem", dir, "current.pem") == 0
                             : unlinkat(dir, "current.pem", 0) == 0 || errno == ENOENT;
    const enum err e = good && fsync(dir) == 0 ? OK : failed(cx, "cannot undo the certificate");
    close(dir);
    return e;
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
