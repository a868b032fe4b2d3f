/*
 * testing_database.c - each test's own database and data folder.
 *
 * SQLite: files in the machine's memory. The first test of a program migrates; the others begin
 * with a copy of that. PostgreSQL: a schema for each test in the cluster that
 * TINHSO_TEST_DATABASE names.
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

#define PREFIX "tinhso-tests-"

static const char *const *template_roots; /* what the template's schemas are */
static char template_path[128];

/* ---- folders ---- */

static const char *parent(bool on_disk)
{
    return !on_disk && access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

static int remove_one(const char *path, [[maybe_unused]] const struct stat *s,
                      [[maybe_unused]] int kind, [[maybe_unused]] struct FTW *f)
{
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void remove_template(void)
{
    if (template_path[0])
        unlink(template_path);
}

/* A program that was killed left its folders: the next one takes them away. */
static void remove_left_behind(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (strncmp(e->d_name, PREFIX, sizeof PREFIX - 1) != 0)
            continue;
        const long pid = strtol(e->d_name + sizeof PREFIX - 1, NULL, 10);
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            remove_tree(path);
    }
    closedir(d);
}

void testing_make_folder(struct testing *t)
{
    static int made;
    const char *dir = parent(t->config.on_disk);
    if (made++ == 0) {
        remove_left_behind(dir);
        atexit(remove_template);
    }
    snprintf(t->folder, sizeof t->folder, "%s/" PREFIX "%ld-%d", dir, (long)getpid(), made);
    remove_tree(t->folder);
    MUST(mkdir(t->folder, 0700) == 0);
    t->env.data_dir = str_c(t->folder);
    snprintf(t->schema, sizeof t->schema, "t%ld_%d", (long)getpid(), made);
}

/* ---- PostgreSQL ---- */

static const char *cluster(void)
{
    const char *url = getenv("TINHSO_TEST_DATABASE");
    return url && strncmp(url, "postgres", 8) == 0 ? url : NULL;
}

static enum err tell_cluster(struct cx *cx, struct str command)
{
    PGconn *c = PQconnectdb(cluster());
    PGresult *r = PQexec(c, command.p);
    const bool done = PQresultStatus(r) == PGRES_COMMAND_OK;
    const enum err e = done ? OK : fail(cx, ERR_IO, "%s: %s", command.p, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
    return e;
}

static enum err make_schema(struct testing *t, const char *url)
{
    struct cx *cx = &t->cx;
    TRY(tell_cluster(
        cx, str_fmt(cx->arena, "set client_min_messages = warning; create schema %s", t->schema)));
    t->url = str_fmt(cx->arena, "%s%coptions=-csearch_path%%3D%s", url,
                     strchr(url, '?') ? '&' : '?', t->schema);
    return OK;
}

/* ---- SQLite ---- */

static enum err copy_file(struct cx *cx, const char *from, const char *to)
{
    const int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *in = fopen(from, "rb"), *out = fd >= 0 ? fdopen(fd, "wb") : NULL;
    char *room = arena_alloc(cx->arena, 1 << 16);
    size_t n = in && out ? fread(room, 1, 1 << 16, in) : 0;
    bool whole = n > 0;
    for (; n > 0; n = fread(room, 1, 1 << 16, in))
        whole = whole && fwrite(room, 1, n, out) == n;
    if (in)
        fclose(in);
    if (out)
        whole = fclose(out) == 0 && whole;
    return whole ? OK : fail(cx, ERR_IO, "%s cannot be copied to %s", from, to);
}

static enum err make_file(struct testing *t)
{
    struct cx *cx = &t->cx;
    const struct str path = str_fmt(cx->arena, "%s/core.db", t->folder);
    t->url = str_fmt(cx->arena, "sqlite:%s", path.p);
    t->from_template = template_path[0] && template_roots == t->config.roots;
    return t->from_template ? copy_file(cx, template_path, path.p) : OK;
}

/* ---- both ---- */

enum err testing_make_database(struct testing *t)
{
    const char *url = cluster();
    return url ? make_schema(t, url) : make_file(t);
}

enum err testing_keep_template(struct testing *t)
{
    if (cluster())
        return OK;
    remove_template();
    snprintf(template_path, sizeof template_path, "%s/" PREFIX "%ld-template.db",
             parent(t->config.on_disk), (long)getpid());
    unlink(template_path);
    template_roots = t->config.roots;
    return db_backup(&t->cx, str_c(template_path));
}

void testing_drop_database(struct testing *t)
{
    if (cluster() && t->url.n > 0)
        IGNORE(tell_cluster(
            &t->cx, str_fmt(t->cx.arena,
                            "set client_min_messages = warning; drop schema if exists %s cascade",
                            t->schema)));
    remove_tree(t->folder);
}
