/*
 * testing_template.c - what the first test of a program has made, kept for the others to begin
 * with.
 *
 * Two of them, each a data folder and, on PostgreSQL, a database: the schemas alone, and a world
 * filled with its packs and people. They are taken while nothing is open, and last as long as the
 * program.
 */
#include "testing_inside.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct template
{
    bool there;
    struct testing_config of; /* for whom it is right */
    char cluster[256];        /* the server it lies on; empty: SQLite */
    uint64_t random;          /* where the numbers of chance go on */
    char folder[64];
    char database[64];
};

static struct template templates[2]; /* the schemas; a filled world */

static bool fits(const struct template *p, bool filled, const struct testing_config *c)
{
    const char *cluster = testing_cluster();
    return p->there && p->of.roots == c->roots && strcmp(p->cluster, cluster ? cluster : "") == 0 &&
           (!filled || (p->of.start == c->start && p->of.now == c->now && p->of.seed == c->seed));
}

/* ---- folders ---- */

static bool copy_file(const char *from, const char *to, mode_t mode)
{
    char room[1 << 14];
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    const int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool whole = in >= 0 && out >= 0;
    for (ssize_t n = 1; whole && n != 0;) {
        n = read(in, room, sizeof room);
        whole = n >= 0 && write(out, room, (size_t)n) == n;
    }
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return whole;
}

static bool copy_tree(const char *from, const char *to);

static bool copy_one(const char *from, const char *to)
{
    struct stat st;
    if (lstat(from, &st) != 0)
        return false;
    if (S_ISDIR(st.st_mode))
        return mkdir(to, st.st_mode & 07777) == 0 && copy_tree(from, to);
    return !S_ISREG(st.st_mode) || copy_file(from, to, st.st_mode & 07777);
}

/* What lies in one folder into another, which is there. Sockets and the like stay behind. */
static bool copy_tree(const char *from, const char *to)
{
    DIR *d = opendir(from);
    bool whole = d != NULL;
    for (struct dirent *e; whole && (e = readdir(d));) {
        char a[512], b[512];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(a, sizeof a, "%s/%s", from, e->d_name);
        snprintf(b, sizeof b, "%s/%s", to, e->d_name);
        whole = copy_one(a, b);
    }
    if (d)
        closedir(d);
    return whole;
}

/* ---- keeping and using ---- */

static void take_away(struct template *p)
{
    if (!p->there)
        return;
    p->there = false;
    testing_remove_tree(p->folder);
    /* A cluster of the program's own may be gone by now, with all that lay there. */
    const char *cluster = testing_cluster();
    if (cluster && strcmp(p->cluster, cluster) == 0)
        testing_tell_cluster("drop database if exists %s with (force)", p->database);
}

static void take_all_away(void)
{
    take_away(&templates[0]);
    take_away(&templates[1]);
}

enum err testing_template_use(struct testing *t, const char **database)
{
    struct template *p = fits(&templates[1], true, &t->config)    ? &templates[1]
                         : fits(&templates[0], false, &t->config) ? &templates[0]
                                                                  : NULL;
    *database = NULL;
    if (!p)
        return OK;
    if (!copy_tree(p->folder, t->folder))
        return fail(&t->cx, ERR_IO, "%s cannot be copied", p->folder);
    if (p == &templates[1])
        atomic_store(&t->random, p->random);
    if (testing_cluster())
        *database = p->database;
    t->from_template = true;
    return OK;
}

enum err testing_template_keep(struct testing *t, bool filled)
{
    struct template *p = &templates[filled];
    struct cx *cx = &t->cx;
    const char *cluster = testing_cluster();
    static bool at_exit;
    if (!at_exit)
        atexit(take_all_away);
    at_exit = true;
    take_away(p);
    p->of = t->config;
    p->random = atomic_load(&t->random);
    snprintf(p->cluster, sizeof p->cluster, "%s", cluster ? cluster : "");
    snprintf(p->folder, sizeof p->folder, "%s/" TESTING_PREFIX "%ld-template%d",
             testing_parent(t->config.on_disk), (long)getpid(), filled);
    snprintf(p->database, sizeof p->database, "template%ld_%d", (long)getpid(), filled);
    testing_remove_tree(p->folder);
    if (mkdir(p->folder, 0700) != 0 || !copy_tree(t->folder, p->folder))
        return fail(cx, ERR_IO, "%s cannot be copied", t->folder);
    p->there = true;
    if (cluster && !testing_tell_cluster("create database %s template %s strategy file_copy",
                                         p->database, t->database))
        return fail(cx, ERR_IO, "%s cannot be copied", t->database);
    return OK;
}
