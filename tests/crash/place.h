/* place.h - a database of either kind, asked past the program. */
#pragma once
#include "inside.h"

#include <libpq-fe.h>
#include <sqlite3.h>

/* A database, past the program. */
struct place {
    PGconn *pg;
    sqlite3 *lite;
    struct arena *arena;
    struct crash_findings *findings;
    bool reads; /* SQLite: nothing else */
};
bool place_open(struct place *p, const char *url_or_path, bool postgres);
void place_close(struct place *p);
bool place_run(struct place *p, const char *sql);
/* The first columns of each row as one text, with a blank between. */
struct texts {
    struct str *p;
    size_t n, cap;
};
bool place_texts(struct place *p, const char *sql, struct texts *out);
int64_t place_number(struct place *p, const char *sql); /* -1: it failed */
