/*
 * testing_database.c - each test's own database and data folder.
 *
 * SQLite: files in the machine's memory. PostgreSQL: a database for each test in the cluster that
 * TINHSO_TEST_DATABASE names. The first test of a program fills it; the others begin with a copy
 * (testing_template.c).
 */
#include "testing_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- folders ---- */

const char *testing_parent(bool on_disk)
{
    return !on_disk && access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

static int remove_one(const char *path, [[maybe_unused]] const struct stat *s,
                      [[maybe_unused]] int kind, [[maybe_unused]] struct FTW *f)
{
    return remove(path);
}

void testing_remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A program that was killed left its folders: the next one takes them away. */
static void remove_left_behind(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (strncmp(e->d_name, TESTING_PREFIX, sizeof TESTING_PREFIX - 1) != 0)
            continue;
        const long pid = strtol(e->d_name + sizeof TESTING_PREFIX - 1, NULL, 10);
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            testing_remove_tree(path);
    }
    closedir(d);
}

void testing_make_folder(struct testing *t)
{
    static int made;
    const char *dir = testing_parent(t->config.on_disk);
    if (made++ == 0)
        remove_left_behind(dir);
    snprintf(t->folder, sizeof t->folder, "%s/" TESTING_PREFIX "%ld-%d", dir, (long)getpid(), made);
    testing_remove_tree(t->folder);
    MUST(mkdir(t->folder, 0700) == 0);
    t->env.data_dir = str_c(t->folder);
    snprintf(t->database, sizeof t->database, "t%ld_%d", (long)getpid(), made);
}

/* ---- PostgreSQL ---- */

const char *testing_cluster(void)
{
    const char *url = getenv("TINHSO_TEST_DATABASE");
    return url && strncmp(url, "postgres", 8) == 0 ? url : NULL;
}

static void say_nothing([[maybe_unused]] void *state, [[maybe_unused]] const char *notice)
{
}

bool testing_tell_cluster(const char *format, ...)
{
    char command[256];
    va_list words;
    va_start(words, format);
    vsnprintf(command, sizeof command, format, words);
    va_end(words);
    PGconn *c = PQconnectdb(testing_cluster());
    PQsetNoticeProcessor(c, say_nothing, NULL);
    PGresult *r = PQexec(c, command);
    const bool done = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!done)
        print_error("%s: %s", command, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
    return done;
}

/* The same server, another database. */
static struct str url_of(struct arena *a, const char *cluster, const char *database)
{
    const char *host = strstr(cluster, "://");
    const char *name = host ? strchr(host + 3, '/') : NULL;
    MUST(name != NULL);
    const char *rest = strchr(name, '?');
    return str_fmt(a, "%.*s/%s%s", (int)(name - cluster), cluster, database, rest ? rest : "");
}

static enum err make_on_cluster(struct testing *t, const char *template)
{
    if (!testing_tell_cluster("create database %s template %s strategy file_copy", t->database,
                              template ? template : "template0"))
        return fail(&t->cx, ERR_IO, "no database could be made");
    t->url = url_of(t->cx.arena, testing_cluster(), t->database);
    return OK;
}

static enum err make_schema(struct testing *t)
{
    const char *url = testing_cluster();
    if (!testing_tell_cluster("create schema %s", t->database))
        return fail(&t->cx, ERR_IO, "no schema could be made");
    t->url = str_fmt(t->cx.arena, "%s%coptions=-csearch_path%%3D%s", url,
                     strchr(url, '?') ? '&' : '?', t->database);
    return OK;
}

struct str testing_url(struct cx *cx)
{
    MUST(cx->env->testing);
    return cx->env->testing->url;
}

/* ---- both ---- */

enum err testing_make_database(struct testing *t)
{
    const char *template;
    if (testing_cluster() && t->config.schema)
        return make_schema(t);
    TRY(testing_template_use(t, &template));
    if (testing_cluster())
        return make_on_cluster(t, template);
    t->url = str_fmt(t->cx.arena, "sqlite:%s/core.db", t->folder);
    return OK;
}

void testing_drop_database(struct testing *t)
{
    if (testing_cluster() && t->url.n > 0)
        testing_tell_cluster(t->config.schema ? "drop schema if exists %s cascade"
                                              : "drop database if exists %s with (force)",
                             t->database);
    testing_remove_tree(t->folder);
}
