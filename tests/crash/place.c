/* place.c - a database of either kind, asked past the program. */
#include "place.h"

bool place_open(struct place *p, const char *at, bool postgres)
{
    bool good;
    p->arena = arena_new((size_t)1 << 30);
    if (postgres) {
        p->pg = PQconnectdb(at);
        good =
            PQstatus(p->pg) == CONNECTION_OK && place_run(p, "set client_min_messages = warning");
    } else {
        const int how = p->reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
        good = sqlite3_open_v2(at, &p->lite, how, NULL) == SQLITE_OK;
        sqlite3_busy_timeout(p->lite, 10000);
    }
    if (!good)
        crash_found(p->findings, "%s cannot be opened", at);
    return good;
}

void place_close(struct place *p)
{
    PQfinish(p->pg);
    sqlite3_close(p->lite);
    arena_free(p->arena);
    *p = (struct place){.findings = p->findings};
}

static void add_row(struct texts *out, struct place *p, struct str row)
{
    if (out->n == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 256;
        struct str *more = NEW_N(p->arena, struct str, out->cap);
        if (out->n)
            memcpy(more, out->p, out->n * sizeof *more);
        out->p = more;
    }
    out->p[out->n++] = row;
}

static bool texts_postgres(struct place *p, const char *sql, struct texts *out)
{
    PGresult *r = PQexec(p->pg, sql);
    const ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_TUPLES_OK && s != PGRES_COMMAND_OK)
        crash_found(p->findings, "%.200s: %s", sql, PQerrorMessage(p->pg));
    for (int i = 0; s == PGRES_TUPLES_OK && i < PQntuples(r); i++) {
        struct str row = str_dup(p->arena, str_c(PQgetvalue(r, i, 0)));
        for (int k = 1; k < PQnfields(r); k++)
            row = str_fmt(p->arena, "%.*s %s", F(row), PQgetvalue(r, i, k));
        add_row(out, p, row);
    }
    PQclear(r);
    return s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK;
}

static bool texts_sqlite(struct place *p, const char *sql, struct texts *out)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(p->lite, sql, -1, &st, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct str row = str_dup(p->arena, str_c((const char *)sqlite3_column_text(st, 0)));
        for (int k = 1; k < sqlite3_column_count(st); k++)
            row = str_fmt(p->arena, "%.*s %s", F(row), (const char *)sqlite3_column_text(st, k));
        add_row(out, p, row);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(st);
    if (rc != SQLITE_DONE)
        crash_found(p->findings, "%.200s: %s", sql, sqlite3_errmsg(p->lite));
    return rc == SQLITE_DONE;
}

bool place_texts(struct place *p, const char *sql, struct texts *out)
{
    *out = (struct texts){0};
    return p->pg ? texts_postgres(p, sql, out) : texts_sqlite(p, sql, out);
}

bool place_run(struct place *p, const char *sql)
{
    struct texts none = {0};
    char *why = NULL;
    if (p->pg)
        return texts_postgres(p, sql, &none);
    if (sqlite3_exec(p->lite, sql, NULL, NULL, &why) == SQLITE_OK)
        return true;
    crash_found(p->findings, "%.200s: %s", sql, why);
    sqlite3_free(why);
    return false;
}

int64_t place_number(struct place *p, const char *sql)
{
    struct texts t;
    int64_t n = -1;
    if (place_texts(p, sql, &t) && t.n == 1)
        (void)str_int(t.p[0], &n);
    return n;
}
