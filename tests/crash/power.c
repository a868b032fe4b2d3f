/*
 * power.c - stands in for the calls that change files, and records them.
 *
 * Needs nothing of the program, so that it is also a library for LD_PRELOAD. The calls themselves
 * go straight to the kernel. One lock makes "done, then recorded" one step.
 */
#include "power.h"
#include "power_record.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 65536
#define RECORD_FD 500

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool on;
static int record_fd = -1;
static char folder[PATH_MAX];
static size_t folder_n;
static char dropping[256]; /* fsyncs of such paths are passed over ... */
static int drop_left;      /* ... this many; -1: all */
static int drop_count;
static uint64_t followed[FDS]; /* number of the file behind a descriptor; 0: not ours */

/* ---- the record ---- */

static void append(enum power_call call, uint64_t file, uint64_t at, uint64_t until, const void *p,
                   size_t n)
{
    static char piece[1 << 16]; /* under the lock */
    struct power_entry e = {.call = call, .n = (uint32_t)n, .file = file, .at = at, .until = until};
    /* In one call as a rule: a process that is killed leaves no half entry for its parent's. */
    if (sizeof e + n <= sizeof piece) {
        memcpy(piece, &e, sizeof e);
        memcpy(piece + sizeof e, p, n);
        (void)!syscall(SYS_write, record_fd, piece, sizeof e + n);
        return;
    }
    /* In one piece: another process of ours may record too. */
    const struct iovec both[2] = {{&e, sizeof e}, {(void *)(uintptr_t)p, n}};
    (void)!syscall(SYS_writev, record_fd, both, 2);
}

static uint64_t recorded(void)
{
    struct stat st;
    return fstat(record_fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* ---- which files are ours ---- */

/* The part below the folder; NULL: elsewhere. "" is the folder itself. */
static const char *below(const char *path)
{
    if (strncmp(path, folder, folder_n) != 0)
        return NULL;
    if (path[folder_n] == 0)
        return path + folder_n;
    return path[folder_n] == '/' ? path + folder_n + 1 : NULL;
}

static bool path_of_fd(int fd, char path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = 0;
    return n > 0;
}

/* An absolute path without links in its folders; the file itself need not be there. */
static bool resolve(int dir, const char *path, char out[PATH_MAX])
{
    char whole[2 * PATH_MAX], start[PATH_MAX] = "";
    if (path[0] != '/' &&
        (dir == AT_FDCWD ? !getcwd(start, sizeof start) : !path_of_fd(dir, start)))
        return false;
    snprintf(whole, sizeof whole, "%s/%s", start, path);
    char *name = strrchr(whole, '/');
    *name++ = 0;
    char *parent = realpath(whole[0] ? whole : "/", NULL);
    int n = parent ? snprintf(out, PATH_MAX, "%s/%s", parent, name) : -1;
    free(parent);
    return n > 0 && n < PATH_MAX;
}

static bool ends_so(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return m <= n && strcmp(path + n - m, ending) == 0;
}

static bool is_ours(int fd)
{
    struct stat st;
    if (!atomic_load(&on) || fd < 0 || fd >= FDS || followed[fd] == 0)
        return false;
    /* A descriptor closed behind our back may be something else by now. */
    return fstat(fd, &st) == 0 && (uint64_t)st.st_ino == followed[fd];
}

static void follow(int fd, bool there, int flags)
{
    char path[PATH_MAX];
    struct stat st;
    if (fd >= FDS)
        return;
    followed[fd] = 0;
    const char *name = path_of_fd(fd, path) ? below(path) : NULL;
    if (!name || ends_so(name, "-shm") || fstat(fd, &st) != 0)
        return;
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return;
    followed[fd] = st.st_ino;
    if (S_ISDIR(st.st_mode))
        return;
    append(there ? POWER_OPENED : POWER_MADE, st.st_ino, st.st_mode & 0777, 0, name, strlen(name));
    if (there && flags & O_TRUNC)
        append(POWER_SIZED, st.st_ino, 0, 0, "", 0);
}

/* ---- beginning and end ---- */

static bool record_into(const char *of, const char *record, int how)
{
    char *real = realpath(of, NULL);
    if (!real || strlen(real) >= sizeof folder)
        return false;
    pthread_mutex_lock(&lock);
    snprintf(folder, sizeof folder, "%s", real);
    folder_n = strlen(folder);
    free(real);
    if (record_fd >= 0)
        syscall(SYS_close, record_fd);
    int low = (int)syscall(SYS_openat, AT_FDCWD, record,
                           O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | how, 0600);
    record_fd = fcntl(low, F_DUPFD_CLOEXEC, RECORD_FD); /* out of the program's way */
    if (low >= 0)
        syscall(SYS_close, low);
    memset(followed, 0, sizeof followed);
    drop_count = 0;
    atomic_store(&on, record_fd >= 0);
    pthread_mutex_unlock(&lock);
    return record_fd >= 0;
}

bool power_record(const char *of, const char *record)
{
    return record_into(of, record, O_TRUNC);
}

void power_cut(void)
{
    pthread_mutex_lock(&lock);
    atomic_store(&on, false);
    pthread_mutex_unlock(&lock);
}

uint64_t power_place(void)
{
    pthread_mutex_lock(&lock);
    uint64_t place = recorded();
    pthread_mutex_unlock(&lock);
    return place;
}

void power_drop_fsyncs(const char *pattern, int n)
{
    pthread_mutex_lock(&lock);
    snprintf(dropping, sizeof dropping, "%s", pattern);
    drop_left = n;
    pthread_mutex_unlock(&lock);
}

int power_dropped(void)
{
    pthread_mutex_lock(&lock);
    int n = drop_count;
    pthread_mutex_unlock(&lock);
    return n;
}

[[gnu::constructor]] static void begin_in_another_program(void)
{
    const char *of = getenv(POWER_FOLDER), *record = getenv(POWER_RECORD),
               *drop = getenv(POWER_DROP);
    if (!of || !record)
        return;
    if (!record_into(of, record, getenv(POWER_MORE) ? 0 : O_TRUNC)) {
        fprintf(stderr, "power: %s: %s\n", record, strerror(errno));
        abort();
    }
    if (drop && drop[0])
        power_drop_fsyncs(drop, -1);
}

/* ---- the calls: opening and closing ---- */

static int open_noted(int dir, const char *path, int flags, mode_t mode)
{
    if (!atomic_load(&on))
        return (int)syscall(SYS_openat, dir, path, flags, mode);
    pthread_mutex_lock(&lock);
    bool there = !(flags & O_CREAT) || syscall(SYS_faccessat, dir, path, F_OK) == 0;
    int fd = (int)syscall(SYS_openat, dir, path, flags, mode), why = errno;
    if (fd >= 0)
        follow(fd, there, flags);
    pthread_mutex_unlock(&lock);
    errno = why;
    return fd;
}

#define MODE_OF(flags, last)                                                                       \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                       \
        va_list args;                                                                              \
        va_start(args, last);                                                                      \
        mode = (mode_t)va_arg(args, int);                                                          \
        va_end(args);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_noted(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_noted(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_noted(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_noted(dir, path, flags, mode);
}

/* All but our own record: a child that keeps nothing of its parent is still recorded. */
int close_range(unsigned first, unsigned last, int flags)
{
    const unsigned own = (unsigned)record_fd;
    for (unsigned fd = first; flags == 0 && fd <= last && fd < FDS; fd++)
        if (fd != own)
            memset(&followed[fd], 0, sizeof followed[fd]);
    if (record_fd < 0 || own < first || own > last)
        return (int)syscall(SYS_close_range, first, last, flags);
    if (own > first && syscall(SYS_close_range, first, own - 1, flags) != 0)
        return -1;
    return own < last ? (int)syscall(SYS_close_range, own + 1, last, flags) : 0;
}

int close(int fd)
{
    if (fd >= 0 && fd < FDS)
        followed[fd] = 0;
    return (int)syscall(SYS_close, fd);
}

/* ---- bytes ---- */

static void note_bytes(int fd, const void *p, ssize_t n, off_t at)
{
    if (n > 0 && atomic_load(&on))
        append(POWER_WROTE, followed[fd], (uint64_t)at, 0, p, (size_t)n);
}

ssize_t write(int fd, const void *p, size_t n)
{
    if (!is_ours(fd))
        return syscall(SYS_write, fd, p, n);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_write, fd, p, n);
    int why = errno;
    note_bytes(fd, p, done, lseek(fd, 0, SEEK_CUR) - done);
    pthread_mutex_unlock(&lock);
    errno = why;
    return done;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    if (!is_ours(fd))
        return syscall(SYS_pwrite64, fd, p, n, at);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_pwrite64, fd, p, n, at);
    int why = errno;
    note_bytes(fd, p, done, at);
    pthread_mutex_unlock(&lock);
    errno = why;
    return done;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return pwrite(fd, p, n, at);
}

int ftruncate(int fd, off_t size)
{
    if (!is_ours(fd))
        return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    int r = (int)syscall(SYS_ftruncate, fd, size), why = errno;
    if (r == 0 && atomic_load(&on))
        append(POWER_SIZED, followed[fd], (uint64_t)size, 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = why;
    return r;
}

int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

/* ---- what is said to others ---- */

/* Noted before it leaves: whoever has read it was told at this place or later. */
static void note_saying(int fd)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    int why = errno;
    if (!atomic_load(&on) || getsockname(fd, (struct sockaddr *)&at, &n) != 0 ||
        (at.ss_family != AF_INET && at.ss_family != AF_INET6))
        return;
    pthread_mutex_lock(&lock);
    append(POWER_SAID, 0, 0, 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = why;
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
    note_saying(fd);
    return syscall(SYS_sendto, fd, p, n, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    note_saying(fd);
    return syscall(SYS_sendmsg, fd, m, flags);
}

/* ---- what makes them last ---- */

static bool is_dropped(const char *name)
{
    bool hit =
        dropping[0] && drop_left != 0 && fnmatch(dropping, name[0] ? name : ".", FNM_PATHNAME) == 0;
    if (hit) {
        drop_count++;
        drop_left -= drop_left > 0;
    }
    return hit;
}

static void note_sync(int fd, const char *name, uint64_t until)
{
    struct stat st;
    if (!atomic_load(&on) || fstat(fd, &st) != 0)
        return;
    if (S_ISDIR(st.st_mode))
        append(POWER_FOLDER_SYNCED, st.st_ino, 0, until, name, strlen(name));
    else
        append(POWER_SYNCED, st.st_ino, 0, until, "", 0);
}

static int sync_noted(long number, int fd)
{
    char path[PATH_MAX];
    const char *name = is_ours(fd) && path_of_fd(fd, path) ? below(path) : NULL;
    if (!name)
        return (int)syscall(number, fd);
    pthread_mutex_lock(&lock);
    uint64_t until = recorded();
    bool dropped = is_dropped(name);
    pthread_mutex_unlock(&lock);
    if (dropped)
        return 0;
    int r = (int)syscall(number, fd), why = errno;
    pthread_mutex_lock(&lock);
    if (r == 0)
        note_sync(fd, name, until);
    pthread_mutex_unlock(&lock);
    errno = why;
    return r;
}

int fsync(int fd)
{
    return sync_noted(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_noted(SYS_fdatasync, fd);
}

/* ---- names ---- */

static void note_names(enum power_call call, uint64_t mode, const char *a, const char *b)
{
    char both[2 * PATH_MAX];
    size_t n = strlen(a), m = b ? strlen(b) + 1 : 0;
    memcpy(both, a, n + 1);
    if (b)
        memcpy(both + n + 1, b, m);
    if (atomic_load(&on) && !ends_so(a, "-shm"))
        append(call, 0, mode, 0, both, n + m);
}

int renameat(int dir_a, const char *a, int dir_b, const char *b)
{
    char from[PATH_MAX], to[PATH_MAX];
    bool known = atomic_load(&on) && resolve(dir_a, a, from) && resolve(dir_b, b, to) &&
                 below(from) && below(to);
    if (!known)
        return (int)syscall(SYS_renameat2, dir_a, a, dir_b, b, 0);
    pthread_mutex_lock(&lock);
    int r = (int)syscall(SYS_renameat2, dir_a, a, dir_b, b, 0), why = errno;
    if (r == 0)
        note_names(POWER_RENAMED, 0, below(from), below(to));
    pthread_mutex_unlock(&lock);
    errno = why;
    return r;
}

int rename(const char *a, const char *b)
{
    return renameat(AT_FDCWD, a, AT_FDCWD, b);
}

int symlinkat(const char *to, int dir, const char *path)
{
    char whole[PATH_MAX];
    if (!atomic_load(&on) || !resolve(dir, path, whole) || !below(whole))
        return (int)syscall(SYS_symlinkat, to, dir, path);
    pthread_mutex_lock(&lock);
    int r = (int)syscall(SYS_symlinkat, to, dir, path), why = errno;
    if (r == 0)
        note_names(POWER_LINKED, 0, below(whole), to);
    pthread_mutex_unlock(&lock);
    errno = why;
    return r;
}

int symlink(const char *to, const char *path)
{
    return symlinkat(to, AT_FDCWD, path);
}

int unlinkat(int dir, const char *path, int flags)
{
    char whole[PATH_MAX];
    if (!atomic_load(&on) || !resolve(dir, path, whole) || !below(whole))
        return (int)syscall(SYS_unlinkat, dir, path, flags);
    pthread_mutex_lock(&lock);
    int r = (int)syscall(SYS_unlinkat, dir, path, flags), why = errno;
    if (r == 0)
        note_names(POWER_REMOVED, 0, below(whole), NULL);
    pthread_mutex_unlock(&lock);
    errno = why;
    return r;
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    char whole[PATH_MAX];
    if (!atomic_load(&on) || !resolve(dir, path, whole) || !below(whole))
        return (int)syscall(SYS_mkdirat, dir, path, mode);
    pthread_mutex_lock(&lock);
    int r = (int)syscall(SYS_mkdirat, dir, path, mode), why = errno;
    if (r == 0)
        note_names(POWER_FOLDER_MADE, mode & 0777, below(whole), NULL);
    pthread_mutex_unlock(&lock);
    errno = why;
    return r;
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}
