/* db_sqlite_vfs.c - SQLite's file system: fsyncs are counted; data bases of tests lie in memory. */
#include "db_sqlite.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* ---- counting ---- */

static _Atomic int64_t fsyncs;
static _Atomic int fsync_fails_in;

static sqlite3_vfs counting; /* the system's, but for xOpen */
/* The system has a table of calls for each kind of file; ours are copies with another xSync. */
static struct {
    sqlite3_io_methods counted;
    const sqlite3_io_methods *plain;
} tables[4];
static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;

int64_t db_fsyncs(void)
{
    return atomic_load(&fsyncs);
}

void db_fsync_fails_at(int n)
{
    atomic_store(&fsync_fails_in, n);
}

static int sync_counted(sqlite3_file *f, int flags)
{
    atomic_fetch_add(&fsyncs, 1);
    if (atomic_load(&fsync_fails_in) > 0 && atomic_fetch_sub(&fsync_fails_in, 1) == 1)
        return SQLITE_IOERR_FSYNC;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (f->pMethods == &tables[i].counted)
            return tables[i].plain->xSync(f, flags);
    return SQLITE_IOERR_FSYNC;
}

static void count_syncs_of(sqlite3_file *f)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!tables[i].plain) {
            tables[i].plain = f->pMethods;
            tables[i].counted = *f->pMethods;
            tables[i].counted.xSync = sync_counted;
        }
        if (tables[i].plain == f->pMethods) {
            f->pMethods = &tables[i].counted;
            return;
        }
    }
}

/* The file is opened as ever; then its table of calls is changed for a copy with our fsync. */
static int open_counted(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags,
                        int *out_flags)
{
    sqlite3_vfs *base = v->pAppData;
    int rc = base->xOpen(base, name, f, flags, out_flags);
    if (rc != SQLITE_OK || !f->pMethods)
        return rc;
    pthread_mutex_lock(&once);
    count_syncs_of(f);
    pthread_mutex_unlock(&once);
    return SQLITE_OK;
}

/* The system's own calls look for their own table in pAppData: hand them their own struct. */
static int delete_counted(sqlite3_vfs *v, const char *name, int sync_dir)
{
    sqlite3_vfs *base = v->pAppData;
    return base->xDelete(base, name, sync_dir);
}

static int full_path_counted(sqlite3_vfs *v, const char *name, int n, char *out)
{
    sqlite3_vfs *base = v->pAppData;
    return base->xFullPathname(base, name, n, out);
}

const char *db_sqlite_vfs(void)
{
    pthread_mutex_lock(&once);
    if (!counting.zName) {
        /* Its own sums of memory are asked by nobody; they cost one lock for all threads at each
         * allocation. Before the first use of the library, else without effect. */
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_vfs *base = sqlite3_vfs_find(NULL);
        MUST(base != NULL);
        counting = *base;
        counting.zName = "tinhso";
        counting.pNext = NULL;
        counting.pAppData = base;
        counting.xOpen = open_counted;
        counting.xDelete = delete_counted;
        counting.xFullPathname = full_path_counted;
        MUST(sqlite3_vfs_register(&counting, 0) == SQLITE_OK);
    }
    pthread_mutex_unlock(&once);
    return counting.zName;
}

/* ---- data bases that live as long as their store ---- */

#define TEMPORARY "tinhso-test-"

static const char *temporary_dir(void)
{
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

void db_sqlite_remove(const char *path)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s%s", path, parts[i]);
        unlink(name);
    }
}

/* A process that was killed left its files: the next one takes them away. */
static void remove_left_behind(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (strncmp(e->d_name, TEMPORARY, sizeof TEMPORARY - 1) != 0)
            continue;
        const long pid = strtol(e->d_name + sizeof TEMPORARY - 1, NULL, 10);
        if (pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            unlinkat(dirfd(d), e->d_name, 0);
    }
    closedir(d);
}

char *db_sqlite_temporary(void)
{
    static _Atomic int made;
    const int number = atomic_fetch_add(&made, 1);
    const char *dir = temporary_dir();
    if (number == 0)
        remove_left_behind(dir);
    char *path = malloc(64);
    MUST(path != NULL);
    snprintf(path, 64, "%s/" TEMPORARY "%ld-%d.db", dir, (long)getpid(), number);
    db_sqlite_remove(path);
    return path;
}
