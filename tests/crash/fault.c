/*
 * fault.c - stands in for calls of the server and lets the n-th of a kind fail (fault.h).
 *
 * Needs nothing of the program. Memory fails only where our own code or SQLite asks for it: other
 * libraries end the process on purpose when there is none.
 */
#include "fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static struct fault_control *control;
static char folder[PATH_MAX];
static size_t folder_n;

struct range {
    uintptr_t from, to;
};
static struct range program, sqlite;

/* ---- beginning ---- */

static int note_library(struct dl_phdr_info *info, size_t, void *)
{
    struct range r = {UINTPTR_MAX, 0};
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_LOAD)
            continue;
        uintptr_t at = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        r.from = at < r.from ? at : r.from;
        r.to = at + info->dlpi_phdr[i].p_memsz > r.to ? at + info->dlpi_phdr[i].p_memsz : r.to;
    }
    if (!program.to)
        program = r; /* the first is the program itself */
    else if (strstr(info->dlpi_name, "libsqlite3"))
        sqlite = r;
    return 0;
}

[[gnu::constructor]] static void begin(void)
{
    const char *path = getenv(FAULT_CONTROL), *of = getenv(FAULT_FOLDER);
    if (!path || !of)
        return;
    snprintf(folder, sizeof folder, "%s", of);
    folder_n = strlen(folder);
    dl_iterate_phdr(note_library, NULL);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    void *p = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p != MAP_FAILED)
        control = p;
}

/* ---- whether this call fails ---- */

static bool is_armed(enum fault_kind kind)
{
    if (!control || atomic_load(&control->kind) != (int)kind)
        return false;
    const int32_t pid = atomic_load(&control->pid);
    return pid == 0 || pid == getpid();
}

static bool fails(enum fault_kind kind)
{
    atomic_fetch_add(&control->seen, 1);
    int64_t left = atomic_fetch_sub(&control->in, 1);
    bool hit = left == 1 || (left < 1 && (kind == FAULT_FULL || kind == FAULT_READ_ONLY));
    if (hit)
        atomic_fetch_add(&control->met, 1);
    return hit;
}

static bool is_below(const char *path)
{
    return strncmp(path, folder, folder_n) == 0 && (path[folder_n] == '/' || path[folder_n] == 0);
}

static bool is_ours(int fd)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = 0;
    return is_below(path);
}

static bool is_ours_at(int dir, const char *path)
{
    return path[0] == '/' ? is_below(path) : dir != AT_FDCWD && is_ours(dir);
}

static void perhaps_die(bool ours)
{
    if (ours && fails(FAULT_KILL))
        kill(getpid(), SIGKILL);
}

/* What this write comes to: as many bytes as are let through; -1: none, errno says why. */
static ssize_t let_through(int fd, size_t n)
{
    int why = errno;
    ssize_t through = (ssize_t)n;
    if (is_armed(FAULT_KILL))
        perhaps_die(is_ours(fd));
    if (is_armed(FAULT_WRITE) && is_ours(fd) && fails(FAULT_WRITE))
        through = -1, why = EIO;
    else if (is_armed(FAULT_FULL) && is_ours(fd) && fails(FAULT_FULL))
        through = -1, why = ENOSPC;
    else if (is_armed(FAULT_READ_ONLY) && is_ours(fd) && fails(FAULT_READ_ONLY))
        through = -1, why = EROFS;
    else if (is_armed(FAULT_SHORT) && is_ours(fd) && fails(FAULT_SHORT))
        through = (ssize_t)(n / 2);
    errno = why;
    return through;
}

/* ---- bytes ---- */

ssize_t write(int fd, const void *p, size_t n)
{
    ssize_t through = let_through(fd, n);
    return through < 0 ? -1 : syscall(SYS_write, fd, p, (size_t)through);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    ssize_t through = let_through(fd, n);
    return through < 0 ? -1 : syscall(SYS_pwrite64, fd, p, (size_t)through, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return pwrite(fd, p, n, at);
}

int ftruncate(int fd, off_t size)
{
    struct stat st;
    bool grows = fstat(fd, &st) == 0 && st.st_size < size;
    if (is_armed(FAULT_WRITE) || is_armed(FAULT_KILL) || is_armed(FAULT_READ_ONLY) ||
        (is_armed(FAULT_FULL) && grows))
        if (let_through(fd, 0) < 0)
            return -1;
    return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

static int sync_or_fail(long number, int fd)
{
    if (is_armed(FAULT_KILL))
        perhaps_die(is_ours(fd));
    if (!is_armed(FAULT_FSYNC) || !is_ours(fd) || !fails(FAULT_FSYNC))
        return (int)syscall(number, fd);
    errno = EIO;
    return -1;
}

int fsync(int fd)
{
    return sync_or_fail(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_or_fail(SYS_fdatasync, fd);
}

/* ---- names ---- */

/* What befalls names now, and what it says. */
static enum fault_kind fault_of_names(int *why)
{
    *why = is_armed(FAULT_FULL) ? ENOSPC : is_armed(FAULT_READ_ONLY) ? EROFS : EIO;
    return *why == ENOSPC ? FAULT_FULL : *why == EROFS ? FAULT_READ_ONLY : FAULT_NAME;
}

static bool name_fails(int dir, const char *path)
{
    int why;
    const enum fault_kind kind = fault_of_names(&why);
    if (is_armed(FAULT_KILL))
        perhaps_die(is_ours_at(dir, path));
    if (!is_armed(kind) || !is_ours_at(dir, path) || !fails(kind))
        return false;
    errno = why;
    return true;
}

static int open_or_fail(int dir, const char *path, int flags, mode_t mode)
{
    const bool makes = flags & O_CREAT && control && syscall(SYS_faccessat, dir, path, F_OK) != 0;
    const bool writes = (flags & O_ACCMODE) != O_RDONLY && is_armed(FAULT_READ_ONLY);
    if ((makes || writes) && name_fails(dir, path))
        return -1;
    return (int)syscall(SYS_openat, dir, path, flags, mode);
}

#define MODE_OF(flags)                                                                             \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                       \
        va_list args;                                                                              \
        va_start(args, flags);                                                                     \
        mode = (mode_t)va_arg(args, int);                                                          \
        va_end(args);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_or_fail(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_or_fail(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_or_fail(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_or_fail(dir, path, flags, mode);
}

int renameat(int dir_a, const char *a, int dir_b, const char *b)
{
    return name_fails(dir_b, b) ? -1 : (int)syscall(SYS_renameat2, dir_a, a, dir_b, b, 0);
}

int rename(const char *a, const char *b)
{
    return renameat(AT_FDCWD, a, AT_FDCWD, b);
}

int unlinkat(int dir, const char *path, int flags)
{
    return !is_armed(FAULT_FULL) && name_fails(dir, path)
               ? -1
               : (int)syscall(SYS_unlinkat, dir, path, flags);
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    return name_fails(dir, path) ? -1 : (int)syscall(SYS_mkdirat, dir, path, mode);
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

/* ---- memory ---- */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static bool memory_fails(const void *caller)
{
    const uintptr_t at = (uintptr_t)caller;
    bool ours = is_armed(FAULT_MEMORY) && at >= program.from && at < program.to;
    bool of_sqlite = is_armed(FAULT_MEMORY_OF_DATABASE) && at >= sqlite.from && at < sqlite.to;
    if (!ours && !of_sqlite)
        return false;
    if (!fails(ours ? FAULT_MEMORY : FAULT_MEMORY_OF_DATABASE))
        return false;
    errno = ENOMEM;
    return true;
}

#undef malloc
#undef calloc
#undef realloc
void *malloc(size_t n)
{
    return memory_fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return memory_fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return memory_fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, n);
}

/* ---- the database: a statement that does nothing ---- */

int sqlite3_step(sqlite3_stmt *statement)
{
    static int (*step)(sqlite3_stmt *);
    if (!step)
        *(void **)&step = dlsym(RTLD_NEXT, "sqlite3_step");
    return is_armed(FAULT_DATABASE) && fails(FAULT_DATABASE) ? SQLITE_IOERR : step(statement);
}

/* ---- others: over the network, and keyd ---- */

static int domain_of(int fd)
{
    int domain = 0;
    socklen_t n = sizeof domain;
    int why = errno;
    (void)getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n);
    errno = why;
    return domain;
}

static bool network_fails(int fd)
{
    if (!is_armed(FAULT_NETWORK) || domain_of(fd) != AF_INET || !fails(FAULT_NETWORK))
        return false;
    errno = ECONNRESET;
    return true;
}

static void end_keyd(void)
{
    const pid_t pid = atomic_load(&control->keyd);
    kill(pid, SIGKILL);
    for (int i = 0; i < 1000 && kill(pid, 0) == 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

int connect(int fd, const struct sockaddr *to, socklen_t n)
{
    return network_fails(fd) ? -1 : (int)syscall(SYS_connect, fd, to, n);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
    if (network_fails(fd))
        return -1;
    if (is_armed(FAULT_KEYD_GONE) && domain_of(fd) == AF_UNIX && fails(FAULT_KEYD_GONE))
        end_keyd();
    return syscall(SYS_sendto, fd, p, n, flags, NULL, 0);
}

/* The answer was given; what is made of it here. */
static ssize_t spoilt(ssize_t n)
{
    if (n <= 0)
        return n;
    if (is_armed(FAULT_KEYD_GONE) && fails(FAULT_KEYD_GONE)) {
        end_keyd();
        n = -1, errno = ECONNRESET;
    } else if (is_armed(FAULT_KEYD_LATE) && fails(FAULT_KEYD_LATE)) {
        n = -1, errno = EAGAIN;
    } else if (is_armed(FAULT_KEYD_SHORT) && fails(FAULT_KEYD_SHORT)) {
        n = n / 2;
    }
    return n;
}

ssize_t recv(int fd, void *p, size_t n, int flags)
{
    if (network_fails(fd))
        return -1;
    ssize_t got = syscall(SYS_recvfrom, fd, p, n, flags, NULL, NULL);
    return control && domain_of(fd) == AF_UNIX ? spoilt(got) : got;
}

/* ---- the clock ---- */

int clock_gettime(clockid_t id, struct timespec *t)
{
    int r = (int)syscall(SYS_clock_gettime, id, t);
    int64_t ms = control && id == CLOCK_REALTIME ? atomic_load(&control->clock_ms) : 0;
    if (r != 0 || ms == 0)
        return r;
    int64_t ns = t->tv_nsec + ms % 1000 * 1000000;
    t->tv_sec += ms / 1000 + (ns < 0 ? -1 : ns / 1000000000);
    t->tv_nsec = (ns + 1000000000) % 1000000000;
    return 0;
}
