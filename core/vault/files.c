/* files.c - keys/: one line a file, a label (so that nobody mistakes it) and the key in hex. */
#include "vault_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LABEL "tinhso-key-1 "
#define KEY_LINE (sizeof KEY_LABEL - 1 + 2 * (size_t)KEY_BYTES + 1)

enum err key_dir(struct cx *cx, bool make, int *dir)
{
    const char *path = str_fmt(cx->arena, "%.*s/keys", F(cx->env->data_dir)).p;
    if (make && !folder_make(path, 0700))
        return fail(cx, ERR_IO, "cannot make %s: %s", path, strerror(errno));
    *dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*dir < 0)
        return fail(cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %s", path,
                    strerror(errno));
    return OK;
}

static enum err take_line(struct cx *cx, const char *name, struct str line,
                          unsigned char key[KEY_BYTES])
{
    struct str bytes = S("");
    bool good =
        line.n == KEY_LINE && str_starts(line, S(KEY_LABEL)) && line.p[line.n - 1] == '\n' &&
        str_unhex(cx->arena, (struct str){line.p + sizeof KEY_LABEL - 1, 2 * KEY_BYTES}, &bytes);
    if (!good)
        return fail(cx, ERR_IO, "keys/%s is damaged: it must be one line as written by init", name);
    memcpy(key, bytes.p, KEY_BYTES);
    wipe((void *)(uintptr_t)bytes.p, bytes.n);
    return OK;
}

enum err key_read(struct cx *cx, int dir, const char *name, unsigned char key[KEY_BYTES])
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open keys/%s: %s", name,
                    strerror(errno));
    struct stat st;
    char line[KEY_LINE + 1];
    ssize_t n = fstat(fd, &st) == 0 ? read(fd, line, sizeof line) : -1;
    close(fd);
    if (n < 0)
        return fail(cx, ERR_IO, "cannot read keys/%s", name);
    enum err e =
        (st.st_mode & 077)
            ? fail(cx, ERR_IO, "keys/%s is open to other users of the machine: chmod 600", name)
            : take_line(cx, name, (struct str){line, (size_t)n}, key);
    wipe(line, sizeof line);
    return e;
}

/* Written beside, fsynced, then renamed: a crash leaves the whole key or none. */
static bool put(int dir, const char *beside, const char *name, const char line[KEY_LINE])
{
    (void)unlinkat(dir, beside, 0); /* of an earlier try that died */
    int fd = openat(dir, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, line, KEY_LINE) == (ssize_t)KEY_LINE && fsync(fd) == 0;
    good = (fd < 0 || close(fd) == 0) && good;
    good = good && renameat(dir, beside, dir, name) == 0 && fsync(dir) == 0;
    const int why = errno;
    if (!good)
        (void)unlinkat(dir, beside, 0);
    errno = why;
    return good;
}

enum err key_write(struct cx *cx, int dir, const char *name)
{
    unsigned char key[KEY_BYTES];
    char line[KEY_LINE + 1];
    if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return fail(cx, ERR_IO, "keys/%s is there already", name);
    cx->env->random(cx->env, key, sizeof key);
    struct str hex = str_hex(cx->arena, (struct str){(char *)key, sizeof key});
    snprintf(line, sizeof line, KEY_LABEL "%.*s\n", F(hex));
    const bool good = put(dir, str_fmt(cx->arena, "%s.new", name).p, name, line);
    wipe(key, sizeof key);
    wipe(line, sizeof line);
    wipe((void *)(uintptr_t)hex.p, hex.n);
    return good ? OK : fail(cx, ERR_IO, "cannot write keys/%s: %s", name, strerror(errno));
}

enum err key_settle(struct cx *cx, int dir, const char *name)
{
    const int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const bool good = fd >= 0 && fsync(fd) == 0 && fsync(dir) == 0;
    const int why = errno;
    if (fd >= 0)
        close(fd);
    return good ? OK : fail(cx, ERR_IO, "cannot fsync keys/%s: %s", name, strerror(why));
}

/* ---- generations: master.key, master-2.key, master-3.key ... ---- */

const char *master_name(struct cx *cx, int64_t generation)
{
    return generation == 1 ? "master.key"
                           : str_fmt(cx->arena, "master-%lld.key", (long long)generation).p;
}

/* Of a name in keys/; 0: it is no master key. */
static int64_t generation_of(struct str name)
{
    int64_t n = 0;
    if (str_eq(name, S("master.key")))
        return 1;
    const bool numbered = str_starts(name, S("master-")) && str_ends(name, S(".key")) &&
                          str_int(str_from(str_until(name, name.n - 4), 7), &n);
    return numbered && n > 1 ? n : 0;
}

int64_t master_newest(int dir)
{
    int64_t newest = 0;
    const int own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = own < 0 ? NULL : fdopendir(own);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        const int64_t n = generation_of(str_c(e->d_name));
        newest = n > newest ? n : newest;
    }
    if (d)
        closedir(d);
    else if (own >= 0)
        close(own);
    return newest;
}
