/* cluster.c - PostgreSQL servers that tests kill, copy and promote. */
#include "cluster.h"

#include "base/base.h"
#include "testing_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BIN "/usr/lib/postgresql/15/bin/"
static const char initdb[] = BIN "initdb", basebackup[] = BIN "pg_basebackup";
#define PATIENCE 3000 /* times 10 ms */
#define ROOM_BYTES ((uint64_t)1'500'000'000)

struct cluster {
    char root[40], store[64], data[80], log[48], netns[32];
    pid_t pid;
};

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 10'000'000}, NULL);
}

/* ---- its programs ---- */

/* PostgreSQL refuses to run as root. */
static void become_its_user(void)
{
    const struct passwd *p = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (p && (setgid(p->pw_gid) != 0 || setuid(p->pw_uid) != 0))
        _exit(126);
}

static pid_t begin(const struct cluster *c, const char *const *words)
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    const int log = open(c->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    if (chdir(c->root) != 0)
        _exit(126);
    const char *argv[20];
    int n = 0;
    /* Entering a namespace needs root: setpriv puts it off afterwards. */
    if (c->netns[0]) {
        static const char *const enter[] = {"setpriv",  "--reuid",        "postgres",    "--regid",
                                            "postgres", "--clear-groups", "--pdeathsig", "QUIT"};
        argv[n++] = "nsenter";
        argv[n++] = c->netns;
        for (size_t i = 0; i < sizeof enter / sizeof *enter; i++)
            argv[n++] = enter[i];
    } else {
        become_its_user();
        prctl(PR_SET_PDEATHSIG, SIGQUIT); /* after: who changes user has none */
    }
    while (*words && n < 19)
        argv[n++] = *words++;
    argv[n] = NULL;
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static bool run(const struct cluster *c, const char *const *words)
{
    int status = -1;
    const pid_t pid = begin(c, words);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
#define RUN(c, ...) run((c), (const char *const[]){__VA_ARGS__, NULL})

/* ---- asking it ---- */

static void say_nothing([[maybe_unused]] void *state, [[maybe_unused]] const char *notice)
{
}

static bool ask_database(struct cluster *c, const char *name, const char *sql, long long *n)
{
    char url[160];
    snprintf(url, sizeof url, "host=%s user=tinhso dbname=%s connect_timeout=2", c->root, name);
    PGconn *pg = PQconnectdb(url);
    PQsetNoticeProcessor(pg, say_nothing, NULL);
    PGresult *r = PQexec(pg, sql);
    const bool good = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    if (n)
        *n = good && PQntuples(r) > 0 ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : -1;
    PQclear(r);
    PQfinish(pg);
    return good;
}

bool cluster_ask(struct cluster *c, const char *sql, long long *n)
{
    return ask_database(c, "tinhso", sql, n);
}

static bool wait_until(struct cluster *c, const char *database, const char *sql)
{
    long long n;
    for (int i = 0; i < PATIENCE; i++) {
        if (ask_database(c, database, sql, &n) && n == 1)
            return true;
        nap();
    }
    return false;
}

const char *cluster_folder(const struct cluster *c)
{
    return c->root;
}

/* ---- its life ---- */

/* Databases are copied and dropped by the hundred. */
static bool in_memory(void)
{
    struct statvfs at;
    return access("/dev/shm", W_OK | X_OK) == 0 && statvfs("/dev/shm", &at) == 0 &&
           at.f_bavail * at.f_frsize >= ROOM_BYTES;
}

/* Its socket and log; the store is in memory where there is room, by a name that the next test
 * takes away if this one is killed. */
static struct cluster *folder_new(const struct cluster_place *place)
{
    static int made;
    struct cluster *c = calloc(1, sizeof *c);
    MUST(c != NULL);
    snprintf(c->root, sizeof c->root, "/tmp/tinhso-pg.XXXXXX");
    if (!mkdtemp(c->root)) {
        free(c);
        return NULL;
    }
    if (in_memory())
        snprintf(c->store, sizeof c->store, "/dev/shm/" TESTING_PREFIX "%ld-pg%d", (long)getpid(),
                 made++);
    else
        snprintf(c->store, sizeof c->store, "%s/store", c->root);
    snprintf(c->data, sizeof c->data, "%s/data", c->store);
    snprintf(c->log, sizeof c->log, "%s/log", c->root);
    if (place && place->netns)
        snprintf(c->netns, sizeof c->netns, "--net=/run/netns/%s", place->netns);
    const struct passwd *p = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (mkdir(c->store, 0700) != 0 || (p && (chown(c->root, p->pw_uid, p->pw_gid) != 0 ||
                                             chown(c->store, p->pw_uid, p->pw_gid) != 0)))
        c->data[0] = 0;
    return c;
}

static bool append(const struct cluster *c, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", c->data, name);
    FILE *f = fopen(path, "ae");
    const bool good = f && fputs(text, f) >= 0;
    return f && fclose(f) == 0 && good;
}

static bool configure(const struct cluster *c, const struct cluster_place *place)
{
    char text[800];
    const char *address = place && place->address ? place->address : "";
    snprintf(text, sizeof text,
             "listen_addresses = '%s'\nunix_socket_directories = '%s'\nmax_connections = 100\n"
             "shared_buffers = 32MB\nfsync = off\nfull_page_writes = on\nwal_level = replica\n"
             "max_wal_senders = 4\nhot_standby = on\ntimezone = 'UTC'\njit = off\n"
             "wal_receiver_status_interval = 1\nwal_retrieve_retry_interval = 100ms\n"
             "restart_after_crash = on\nautovacuum = off\nmin_wal_size = 32MB\n",
             address, c->root);
    return append(c, "postgresql.conf", text);
}

bool cluster_start(struct cluster *c)
{
    /* What a killed server left is looked through first, and its last processes may still go. */
    for (int tries = 0; tries < 50; tries++) {
        c->pid = begin(c, (const char *const[]){BIN "postgres", "-D", c->data, NULL});
        for (int i = 0; i < PATIENCE && waitpid(c->pid, NULL, WNOHANG) == 0; i++) {
            if (ask_database(c, "postgres", "select 1", NULL))
                return true;
            nap();
        }
        c->pid = 0;
        nap();
    }
    return false;
}

void cluster_kill(struct cluster *c)
{
    if (c->pid <= 0)
        return;
    kill(c->pid, SIGKILL); /* the others see that their parent died, and end */
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    c->pid = 0;
}

struct cluster *cluster_new(const struct cluster_place *place)
{
    struct cluster *c = folder_new(place);
    if (!c)
        return NULL;
    if (RUN(c, initdb, "-D", c->data, "-U", "tinhso", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "--no-instructions") &&
        configure(c, place) &&
        append(c, "pg_hba.conf",
               "host all all 10.77.0.0/16 trust\n"
               "host replication all 10.77.0.0/16 trust\n") &&
        cluster_start(c) && ask_database(c, "postgres", "create database tinhso", NULL))
        return c;
    fprintf(stderr, "a PostgreSQL server cannot be made, see %s\n", c->log);
    cluster_kill(c);
    free(c);
    return NULL;
}

struct cluster *cluster_copy(struct cluster *of, const struct cluster_place *place)
{
    struct cluster *c = folder_new(NULL); /* copied through the socket, which is a file */
    char follow[160];
    if (!c)
        return NULL;
    bool good = RUN(c, basebackup, "-D", c->data, "-h", of->root, "-U", "tinhso", "-c", "fast",
                    "--no-sync", "-X", "stream") &&
                configure(c, place);
    if (place && place->netns)
        snprintf(c->netns, sizeof c->netns, "--net=/run/netns/%s", place->netns);
    snprintf(follow, sizeof follow, "primary_conninfo = 'host=%s user=tinhso'\n", of->root);
    good = good && append(c, "postgresql.conf", follow) && append(c, "standby.signal", "") &&
           cluster_start(c);
    if (good)
        return c;
    fprintf(stderr, "a standby cannot be made, see %s\n", c->log);
    cluster_kill(c);
    free(c);
    return NULL;
}

bool cluster_wait_for_standby(struct cluster *primary)
{
    return ask_database(primary, "postgres", "alter system set synchronous_standby_names = '*'",
                        NULL) &&
           ask_database(primary, "postgres", "select pg_reload_conf()", NULL) &&
           wait_until(primary, "postgres",
                      "select count(*) from pg_stat_replication where sync_state = 'sync'");
}

bool cluster_promote(struct cluster *c)
{
    return ask_database(c, "postgres", "select pg_promote(false)", NULL) &&
           wait_until(c, "postgres", "select case when pg_is_in_recovery() then 0 else 1 end");
}

void cluster_end(struct cluster *c)
{
    if (!c)
        return;
    if (c->pid > 0) {
        kill(c->pid, SIGQUIT);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    testing_remove_tree(c->store);
    testing_remove_tree(c->root);
    free(c);
}
