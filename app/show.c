/* show.c - verbs that show: routes, modules, version, json check, sql. */
#include <fcntl.h>
#include <libpq-fe.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

#include "json/json.h"

/* ---- routes, modules ---- */

static const char *lane_name(enum lane l)
{
    return l == LANE_READ ? "READ" : l == LANE_SLOW ? "SLOW" : "WRITE";
}

static void say_routes(struct app *a, const char *module, const struct route *r)
{
    for (; r && r->path; r++)
        app_say(a, "%-5s %-44s %-20s %-5s %-10s %s\n", r->method == POST ? "POST" : "GET", r->path,
                r->right->name, lane_name(r->lane), module, r->title);
}

int verb_routes(struct app *a)
{
    for (const struct module *const *m = app_modules; *m; m++)
        say_routes(a, (*m)->name, (*m)->routes);
    return EX_OK;
}

static size_t count_routes(const struct route *r)
{
    size_t n = 0;
    while (r && r[n].path)
        n++;
    return n;
}

static void say_module(struct app *a, const struct module *m)
{
    app_say(a, "%s: %s\n", m->name, m->title);
    if (m->needs && *m->needs)
        app_say(a, "  dựa trên");
    for (const char *const *n = m->needs; n && *n; n++)
        app_say(a, " %s%s", *n, n[1] ? "," : "\n");
    if (m->routes)
        app_say(a, "  địa chỉ: %zu\n", count_routes(m->routes));
    for (const struct right *const *r = m->rights; r && *r; r++)
        app_say(a, "  quyền %s: %s%s\n", (*r)->name, (*r)->title,
                (*r)->step_up ? " (hỏi lại mật khẩu)" : "");
    for (const struct job_kind *const *j = m->jobs; j && *j; j++)
        app_say(a, "  việc nền %s: %s\n", (*j)->name, (*j)->title);
    for (const struct pack_kind *k = m->packs; k && k->name; k++)
        app_say(a, "  gói %s: %s\n", k->name, k->title);
}

int verb_modules(struct app *a)
{
    for (const struct module *const *m = app_modules; *m; m++)
        say_module(a, *m);
    return EX_OK;
}

int verb_version(struct app *a)
{
    app_say(a, "tinhso %s\nSQLite %s\n%s\n", TINHSO_VERSION, sqlite3_libversion(),
            OpenSSL_version(OPENSSL_VERSION));
    return EX_OK;
}

/* ---- json check ---- */

#define JSON_FILE_MAX ((off_t)256 << 20)

static int check_json(struct app *a, const char *path)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return app_stop(a, EX_NOINPUT, "%s: không mở được.", path);
    struct buf b = {.arena = a->arena, .limit = (size_t)JSON_FILE_MAX};
    char piece[65536];
    ssize_t n;
    while ((n = read(fd, piece, sizeof piece)) > 0)
        buf_add(&b, (struct str){piece, (size_t)n});
    if (fd != STDIN_FILENO)
        close(fd);
    if (n < 0)
        return app_stop(a, EX_IOERR, "%s: không đọc được.", path);
    if (b.full)
        return app_stop(a, EX_DATAERR, "%s: lớn quá 256 MiB.", path);
    const struct json *root;
    struct json_error bad;
    if (json_read(a->arena, buf_str(&b), &root, &bad) == OK)
        return EX_OK;
    return app_stop(a, EX_DATAERR, "%s:%zu:%zu: %s", path, bad.line, bad.column, bad.what);
}

int verb_json(struct app *a)
{
    if (a->options.words_n != 2 || strcmp(a->options.words[0], "check") != 0)
        return app_stop(a, EX_USAGE, "cần: tinhso json check TỆP");
    return check_json(a, a->options.words[1]);
}

/* ---- sql: what an operator types, so not one of the program's literals ---- */

static void say_cell(struct app *a, struct str s, bool last)
{
    struct buf b = {.arena = a->arena, .limit = s.n * 2 + 2};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\t' || s.p[i] == '\n')
            buf_add(&b, s.p[i] == '\t' ? S("\\t") : S("\\n"));
        else
            buf_byte(&b, s.p[i]);
    app_say(a, "%.*s%c", F(buf_str(&b)), last ? '\n' : '\t');
}

static struct str sqlite_cell(struct app *a, sqlite3_stmt *st, int i)
{
    struct str s = {sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i)};
    if (sqlite3_column_type(st, i) != SQLITE_BLOB)
        return str_c((const char *)sqlite3_column_text(st, i));
    return str_fmt(a->arena, "x'%.*s'", F(str_hex(a->arena, s)));
}

static int sqlite_ask(struct app *a, sqlite3 *db, const char *text)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK || !st)
        return app_stop(a, EX_DATAERR, "%s", sqlite3_errmsg(db));
    int columns = sqlite3_column_count(st), rc;
    for (int i = 0; i < columns; i++)
        say_cell(a, str_c(sqlite3_column_name(st, i)), i + 1 == columns);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct arena_mark here = arena_here(a->arena);
        for (int i = 0; i < columns; i++)
            say_cell(a, sqlite_cell(a, st, i), i + 1 == columns);
        arena_back(a->arena, here);
    }
    int code = rc == SQLITE_DONE ? EX_OK : app_stop(a, EX_DATAERR, "%s", sqlite3_errmsg(db));
    sqlite3_finalize(st);
    return code;
}

static int sqlite_sql(struct app *a, const char *path, const char *text)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return app_stop(a, EX_NOINPUT, "%s: không mở được.", path);
    }
    sqlite3_busy_timeout(db, 2000);
    int code = sqlite3_exec(db, "pragma query_only = on", NULL, NULL, NULL) == SQLITE_OK
                   ? sqlite_ask(a, db, text)
                   : EX_SOFTWARE;
    sqlite3_close(db);
    return code;
}

static int postgres_sql(struct app *a, const char *url, const char *text)
{
    PGconn *db = PQconnectdb(url);
    PGresult *r = PQstatus(db) == CONNECTION_OK ? PQexec(db, "begin read only") : NULL;
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        int code = app_stop(a, EX_UNAVAILABLE, "%s", PQerrorMessage(db));
        PQclear(r);
        PQfinish(db);
        return code;
    }
    PQclear(r);
    r = PQexecParams(db, text, 0, NULL, NULL, NULL, NULL, 0);
    int code = EX_OK, columns = PQnfields(r);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        code = app_stop(a, EX_DATAERR, "%s", PQerrorMessage(db));
    for (int i = 0; code == EX_OK && i < columns; i++)
        say_cell(a, str_c(PQfname(r, i)), i + 1 == columns);
    for (int row = 0; code == EX_OK && row < PQntuples(r); row++)
        for (int i = 0; i < columns; i++)
            say_cell(a, str_c(PQgetvalue(r, row, i)), i + 1 == columns);
    PQclear(r);
    PQfinish(db);
    return code;
}

int verb_sql(struct app *a)
{
    if (a->options.words_n != 1)
        return app_stop(a, EX_USAGE, "cần: tinhso sql \"select ...\"");
    struct str url = setting(a->settings, S("database"), S(""));
    if (str_starts(url, S("postgresql:")))
        return postgres_sql(a, str_z(a->arena, url), a->options.words[0]);
    struct str path = url.n ? str_from(url, 7) : str_fmt(a->arena, "%.*s/core.db", F(a->data_dir));
    return sqlite_sql(a, str_z(a->arena, path), a->options.words[0]);
}
