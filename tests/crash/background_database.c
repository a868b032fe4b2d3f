/*
 * background_database.c - jobs under faults on PostgreSQL: the server, and a database for each
 * folder.
 *
 * A folder "made" has the database "made": who copies the one copies the other. All that is run
 * works on "data".
 */
#include "background_inside.h"

#include <stdlib.h>

static const char *name_of(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    return slash ? slash + 1 : folder;
}

bool start_database(struct background *b)
{
    char url[160];
    unsetenv("TINHSO_TEST_DATABASE"); /* of others */
    if (!b->asked->postgres)
        return true;
    b->cluster = cluster_new(NULL);
    if (!b->cluster) {
        crash_found(&b->findings, "PostgreSQL cannot be started");
        return false;
    }
    const char *place = cluster_folder(b->cluster);
    snprintf(b->server.database, sizeof b->server.database, "host=%s user=tinhso dbname=data",
             place);
    snprintf(url, sizeof url, "postgresql://tinhso@/data?host=%%2Ftmp%%2F%s", name_of(place));
    setenv("TINHSO_DATABASE", url, 1);
    /* Where kinds_world.c makes its own. */
    snprintf(url, sizeof url, "postgresql://tinhso@/tinhso?host=%%2Ftmp%%2F%s", name_of(place));
    setenv("TINHSO_TEST_DATABASE", url, 1);
    return true;
}

void end_database(struct background *b)
{
    unsetenv("TINHSO_DATABASE");
    unsetenv("TINHSO_TEST_DATABASE");
    cluster_end(b->cluster);
    b->cluster = NULL;
}

[[gnu::format(printf, 2, 3)]] static bool tell(struct background *b, const char *format, ...)
{
    char sql[200];
    va_list words;
    va_start(words, format);
    vsnprintf(sql, sizeof sql, format, words);
    va_end(words);
    const bool good = cluster_ask(b->cluster, sql, NULL);
    if (!good)
        crash_found(&b->findings, "%s fails", sql);
    return good;
}

bool copy_database(struct background *b, const char *from, const char *to)
{
    return !b->cluster || (tell(b, "drop database if exists %s with (force)", name_of(to)) &&
                           tell(b, "create database %s template %s strategy file_copy", name_of(to),
                                name_of(from)));
}

bool rename_database(struct background *b, const char *from, const char *to)
{
    return !b->cluster || tell(b, "alter database %s rename to %s", name_of(from), name_of(to));
}
