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
    char folder[64]; /* its data folder */
    struct str url;  /* of its database */
    char schema[64]; /* on PostgreSQL */
    bool from_template;
    struct db_store *store;
};

/* testing_database.c */
void testing_make_folder(struct testing *t);
enum err testing_make_database(struct testing *t);
enum err testing_keep_template(struct testing *t);
void testing_drop_database(struct testing *t);
