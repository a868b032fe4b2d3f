/* testing_inside.h - between the files of this folder. */
#pragma once
#include "testing/testing.h"

#include <stdatomic.h>

#define TESTING_OTHERS_MAX 64

struct testing {
    struct testing_config config;
    struct env env;
    struct cx cx;
    struct cx others[TESTING_OTHERS_MAX];
    int others_n;
    _Atomic int64_t now;
    _Atomic uint64_t random;
    char folder[64];   /* its data folder */
    struct str url;    /* of its database */
    char database[64]; /* on PostgreSQL */
    bool from_template;
    struct db_store *store;
};

/* testing.c */
/* Ends and begins the lanes and the database around a copy of what there is by now. */
enum err testing_keep(struct cx *cx, bool filled);

/* testing_database.c */
#define TESTING_PREFIX "tinhso-tests-"
const char *testing_parent(bool on_disk); /* of the tests' folders */
void testing_remove_tree(const char *path);
void testing_make_folder(struct testing *t);
enum err testing_make_database(struct testing *t);
void testing_drop_database(struct testing *t);
const char *testing_cluster(void); /* NULL: SQLite */
/* One command of PostgreSQL; what went wrong is printed. */
[[gnu::format(printf, 1, 2)]] bool testing_tell_cluster(const char *format, ...);

/* testing_template.c */
/* Fills the folder with what fits, if anything does; the database to copy, or NULL. */
enum err testing_template_use(struct testing *t, const char **database);
enum err testing_template_keep(struct testing *t, bool filled);
