/* crash_check.c - what was acknowledged, against what is there. */
#include "inside.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORDS_AGAIN 20

/* Rows that should not be: each of these counts them. */
static const struct {
    const char *what, *sql;
} strays[] = {
    {"dossiers whose acceptance is not in the journal",
     "select count(*) from onestop_dossier d where d.code is not null and not exists (select 1 from journal_event e"
     " where e.kind = 'onestop.dossier.accepted' and e.subject_id = d.id)"},
    {"acceptances in the journal without a dossier",
     "select count(*) from journal_event e where e.kind = 'onestop.dossier.accepted' and not exists"
     " (select 1 from onestop_dossier d where d.id = e.subject_id and d.code = e.subject_code)"},
    {"dossiers accepted twice",
     "select count(*) from (select subject_id from journal_event where kind = 'onestop.dossier.accepted'"
     " group by subject_id having count(*) > 1)"},
    {"dossiers without their form",
     "select count(*) from onestop_dossier d where not exists (select 1 from onestop_form f where f.dossier = d.id)"},
    {"papers without their file",
     "select count(*) from onestop_paper p where p.file is not null and not exists"
     " (select 1 from file_stored f where f.id = p.file)"},
    {"signed results without their file",
     "select count(*) from onestop_result r where r.state = 'da_ky' and not exists"
     " (select 1 from file_stored f where f.id = r.file)"},
    {"numbers given to two results",
     "select count(*) from (select result from onestop_number where state <> 'huy' group by result having count(*) > 1)"},
    {"events without a place in the log",
     "select count(*) from journal_event e where not exists (select 1 from journal_position p where p.event_id = e.id)"},
    {"forms claimed and not answered", "select count(*) from web_answer where status = 0"},
    /* A job that three kills in a row met is put aside on purpose; an operator starts it again. */
    {"dead letters", "select count(*) from job where state = 3 and deaths < 3"},
    {"approvals that nobody will sign",
     "select count(*) from onestop_result r where r.state = 'da_duyet' and not exists"
     " (select 1 from job j where j.kind = 'onestop.sign' and j.job_key like cast(r.id as text) || '.%')"},
};

/* ---- the database, read beside the server ---- */

static sqlite3 *open_database(struct load *l)
{
    char path[128];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/core.db", l->server->data);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        crash_found(l->findings, "%s: %s", path, sqlite3_errmsg(db));
        sqlite3_close(db);
        return NULL;
    }
    sqlite3_busy_timeout(db, 10000);
    return db;
}

typedef void row_fn(void *state, sqlite3_stmt *st);

static bool each_row(struct load *l, sqlite3 *db, const char *sql, row_fn *fn, void *state)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        fn(state, st);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(st);
    if (rc != SQLITE_DONE)
        crash_found(l->findings, "%s: %s", sql, sqlite3_errmsg(db));
    return rc == SQLITE_DONE;
}

static void take_number(void *state, sqlite3_stmt *st)
{
    *(int64_t *)state = sqlite3_column_int64(st, 0);
}

static void take_words(void *state, sqlite3_stmt *st)
{
    snprintf(state, 200, "%s", (const char *)sqlite3_column_text(st, 0));
}

static void check_whole(struct load *l, sqlite3 *db)
{
    char said[200] = "", broken[200] = "";
    if (each_row(l, db, "pragma integrity_check", take_words, said) && strcmp(said, "ok") != 0)
        crash_found(l->findings, "the database is damaged: %s", said);
    if (each_row(l, db, "pragma foreign_key_check", take_words, broken) && broken[0])
        crash_found(l->findings, "rows of %s point into nothing", broken);
}

static void check_strays(struct load *l, sqlite3 *db, struct checked *out)
{
    for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
        int64_t n = 0;
        if (!each_row(l, db, strays[i].sql, take_number, &n) || n == 0)
            continue;
        out->strays += n;
        crash_found(l->findings, "%lld %s", (long long)n, strays[i].what);
    }
}

/* ---- blobs ---- */

struct blobs {
    struct load *load;
    struct checked *out;
};

static void look_for_blob(void *state, sqlite3_stmt *st)
{
    struct blobs *b = state;
    const char *blob = (const char *)sqlite3_column_text(st, 0);
    char path[256];
    struct stat at;
    snprintf(path, sizeof path, "%s/files/%.2s/%s", b->load->server->data, blob, blob + 2);
    if (stat(path, &at) != 0 || at.st_size < sqlite3_column_int64(st, 1))
        crash_found(b->load->findings, "file %s of a row is not there whole", path);
    b->out->files++;
}

/* ---- events ---- */

struct seen {
    struct arena *arena;
    struct map times; /* "kind code" to how often */
    int64_t n;
};

static struct str key_of(struct arena *a, const char *kind, struct str code)
{
    return str_fmt(a, "%s %.*s", kind, F(code));
}

static void see_event(void *state, sqlite3_stmt *st)
{
    struct seen *s = state;
    struct str key = key_of(s->arena, (const char *)sqlite3_column_text(st, 0),
                            str_c((const char *)sqlite3_column_text(st, 1)));
    uintptr_t times = (uintptr_t)map_get(&s->times, key);
    map_put(s->arena, &s->times, key, (void *)(times + 1));
    s->n++;
}

static void check_acks(struct load *l, const struct seen *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pthread_mutex_lock(&l->lock);
        struct ack a = l->acks.p[i];
        pthread_mutex_unlock(&l->lock);
        if (!a.kind)
            continue;
        uintptr_t times = (uintptr_t)map_get(&s->times, key_of(s->arena, a.kind, a.code));
        if (times != 1)
            crash_found(l->findings, "acknowledged: %s of %.*s; in the journal %d times", a.kind,
                        F(a.code), (int)times);
    }
}

/* ---- all of it ---- */

static void check_journal(struct load *l)
{
    char said[2000], head[128];
    snprintf(head, sizeof head, "%s/witness/heads.log", l->server->data);
    bool witness = access(head, R_OK) == 0;
    int code = server_run(l->server,
                          (const char *const[]){"verify", "--data", l->server->data,
                                                witness ? "--head" : NULL, head, NULL},
                          said, sizeof said);
    if (code != 0)
        crash_found(l->findings, "verify says %d: %s", code, said);
}

void check_all(struct load *l, struct checked *out)
{
    struct seen s = {.arena = arena_new((size_t)1 << 30)};
    pthread_mutex_lock(&l->lock);
    size_t n = l->acks.n; /* what is acknowledged later may come later */
    pthread_mutex_unlock(&l->lock);
    sqlite3 *db = open_database(l);
    if (db) {
        check_whole(l, db);
        each_row(l, db, "begin", take_number, &out->dossiers);
        each_row(l, db, "select kind, coalesce(subject_code, '') from journal_event", see_event,
                 &s);
        check_strays(l, db, out);
        each_row(l, db, "select blob, size_bytes from file_stored where state <> 4", look_for_blob,
                 &(struct blobs){l, out});
        each_row(l, db, "select count(*) from onestop_dossier", take_number, &out->dossiers);
        sqlite3_close(db);
        check_acks(l, &s, n);
    }
    out->events = s.n;
    arena_free(s.arena);
    check_journal(l);
}

/* ---- at the end ---- */

/* Faults have it sent often, and so has a run of an hour; thirty a minute is what is taken. */
static bool is_of_password(const struct ack *a)
{
    return str_starts(a->target, S("/xac-nhan-lai"));
}

static void send_again(struct load *l, struct client *c, const struct ack *a)
{
    if (is_of_password(a) && (l->state || ++l->passwords > PASSWORDS_AGAIN))
        return;
    struct session s = *a->session;
    struct browser *b = client_browser(c, &s);
    int status = browser_send(b, a->target, a->type, a->body);
    struct str location = browser_page(b)->reply.location;
    if (status != 303 || !str_eq(location, a->location))
        crash_found(l->findings, "sent again, %.*s answered %d %.*s instead of %.*s", F(a->target),
                    status, F(location), F(a->location));
}

static void fetch_paper(struct load *l, struct client *c, const struct ack *a)
{
    struct session s = *a->session;
    struct browser *b = client_browser(c, &s);
    int status = client_open(c, b, a->paper);
    struct hash h = sha256(browser_page(b)->body);
    if (status != 200 || memcmp(&h, &a->digest, sizeof h) != 0)
        crash_found(l->findings, "the paper %.*s came back otherwise (%d, %zu bytes)", F(a->paper),
                    status, browser_page(b)->body.n);
}

void check_again(struct load *l, struct crash_report *out)
{
    struct client *c = &l->clients[0];
    for (size_t i = 0; i < l->acks.n; i++) {
        const struct ack *a = &l->acks.p[i];
        struct arena_mark here = arena_here(c->cx.arena);
        if (a->paper.n) {
            fetch_paper(l, c, a);
            out->papers++;
        } else {
            send_again(l, c, a);
            out->replayed++;
        }
        arena_back(c->cx.arena, here);
    }
}
