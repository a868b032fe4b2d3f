/*
 * copy.c - files and folders copied and moved so that they outlast a power cut.
 *
 * Each operation is a step: a test lets the program die before the n-th.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

#define PIECE ((size_t)1 << 18)

int app_dies_at;

void app_step(void)
{
    if (app_dies_at > 0 && --app_dies_at == 0)
        _exit(137); /* as by a kill */
}

bool app_there(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

/* What is in it outlasts a power cut by name too. */
int app_sync_dir(struct app *a, const char *path)
{
    app_step();
    return folder_sync(path) ? EX_OK : app_stop(a, EX_IOERR, "%s: %s", path, strerror(errno));
}

int app_copy_file(struct app *a, const char *from, const char *to, struct app_copied *done)
{
    app_step();
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    if (in >= 0)
        (void)unlink(to); /* part of it, of a copy that was cut off */
    if (in >= 0)
        out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char *piece = arena_alloc(a->arena, PIECE);
    ssize_t n = in >= 0 && out >= 0 ? 1 : -1;
    while (n > 0) {
        n = read(in, piece, PIECE);
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
int app_copy_tree(struct app *a, const char *from, const char *to, struct app_copied *done)
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
            code = S_ISDIR(st.st_mode) ? app_copy_tree(a, source, target, done)
                                       : app_copy_file(a, source, target, done);
        arena_back(a->arena, here);
    }
    closedir(dir);
    return code != EX_OK || empty ? code : app_sync_dir(a, to);
}

int app_hash_file(struct app *a, const char *path, struct hash *out)
{
    struct arena_mark here = arena_here(a->arena);
    char *piece = arena_alloc(a->arena, PIECE);
    struct hash_stream *h = hash_stream_new();
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0) {
        n = read(fd, piece, PIECE);
        if (n > 0)
            hash_stream_add(h, (struct str){piece, (size_t)n});
    }
    const int why = errno;
    if (fd >= 0)
        close(fd);
    *out = hash_stream_end(h);
    arena_back(a->arena, here);
    return n == 0 ? EX_OK : app_stop(a, EX_IOERR, "%s: %s", path, strerror(why));
}

int app_move(struct app *a, const char *from, const char *to)
{
    if (!app_there(from))
        return EX_OK;
    app_step();
    return rename(from, to) == 0 ? EX_OK : app_stop(a, EX_IOERR, "%s: %s", to, strerror(errno));
}

void app_remove(struct app *a, const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *d; dir && (d = readdir(dir)) != NULL;) {
        struct arena_mark here = arena_here(a->arena);
        if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
            app_remove(a, str_fmt(a->arena, "%s/%s", path, d->d_name).p);
        arena_back(a->arena, here);
    }
    app_step();
    if (dir)
        closedir(dir);
    (void)(dir ? rmdir(path) : unlink(path));
}
