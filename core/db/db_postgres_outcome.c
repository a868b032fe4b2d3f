/*
 * db_postgres_outcome.c - what became of a commit whose answer was lost: asked, never guessed.
 *
 * The server knows the fate of a transaction by its number. Only a crash, or a standby that took
 * the primary's place, may give that number to another transaction, so each write transaction also
 * knows in which life of the server it began: an id in an unlogged table, which the server empties
 * when it recovers from a crash and which no standby has. "Aborted" and "never heard of it" are
 * true in any life; "committed" counts only in the same one, else the outcome stays unknown and the
 * form token tells.
 */
#include "db_postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "log/log.h"

#define FIND_OUT_MS 4000 /* a server that starts again, a standby that takes over */
#define WAIT_MOST_MS 250

void db_postgres_know_server(struct cx *cx, struct postgres_connection *c)
{
    if (c->server.life[0])
        return;
    const struct str id = str_hex(cx->arena, random_bytes(cx, 16));
    const struct str text =
        str_fmt(cx->arena,
                "insert into db_life (one, id) values (1, '%.*s') on conflict (one) do nothing;"
                "select l.id, coalesce((select added from db_era), 0) from db_life l",
                F(id));
    PGresult *r = PQexec(c->pg, text.p);
    /* Before the first migration the table is not there: then it is asked again. */
    if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1) {
        c->era = strtoll(PQgetvalue(r, 0, 1), NULL, 10);
        snprintf(c->server.life, sizeof c->server.life, "%s", PQgetvalue(r, 0, 0));
    }
    PQclear(r);
}

struct lost_commit {
    int64_t transaction;
    struct postgres_server server;
    int pid;
};
enum fate { FATE_UNKNOWN, FATE_RUNNING, FATE_DONE, FATE_UNDONE };

static bool same_life(const struct postgres_server *a, const struct postgres_server *b)
{
    return a->life[0] && strcmp(a->life, b->life) == 0;
}

/* The commit never arrived and the server still waits for it: it need not any more. */
static void end_waiting(struct postgres_connection *c, const struct lost_commit *l)
{
    char text[256];
    snprintf(text, sizeof text,
             "select pg_terminate_backend(pid) from pg_stat_activity where pid = %d"
             " and backend_xid = '%lld'::xid8::xid and state like 'idle in transaction%%'",
             l->pid, (long long)l->transaction);
    PQclear(PQexec(c->pg, text));
}

/* The commit is there, but perhaps not yet on the standby that it was to wait for. Another commit
 * waits for all before it. */
static enum fate done(struct postgres_connection *c)
{
    PGresult *r = PQexec(c->pg, "select pg_logical_emit_message(true, 'tinhso', '')");
    const bool good = PQresultStatus(r) == PGRES_TUPLES_OK;
    PQclear(r);
    return good ? FATE_DONE : FATE_UNKNOWN;
}

static enum fate fate_of(struct cx *cx, struct postgres_connection *c, const struct lost_commit *l)
{
    char text[128];
    snprintf(text, sizeof text, "select pg_xact_status('%lld'::xid8)", (long long)l->transaction);
    PGresult *r = PQexec(c->pg, text);
    const bool told = PQresultStatus(r) == PGRES_TUPLES_OK && !PQgetisnull(r, 0, 0);
    const struct str state = str_c(told ? PQgetvalue(r, 0, 0) : "");
    /* A number that was never given: 22023, "is in the future". */
    const char *code = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    enum fate fate = FATE_UNKNOWN;
    db_postgres_know_server(cx, c);
    if (str_eq(state, S("aborted")) || (code && strcmp(code, "22023") == 0))
        fate = FATE_UNDONE;
    else if (same_life(&l->server, &c->server) && str_eq(state, S("committed")))
        fate = done(c);
    else if (same_life(&l->server, &c->server) && str_eq(state, S("in progress")))
        fate = FATE_RUNNING;
    PQclear(r);
    if (fate == FATE_RUNNING)
        end_waiting(c, l);
    return fate;
}

static void nap_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static enum fate ask_until_told(struct cx *cx, struct postgres_connection *c,
                                const struct lost_commit *l)
{
    int64_t wait = 1;
    for (int64_t waited = 0; waited < FIND_OUT_MS; waited += wait) {
        if (db_postgres_reconnect(cx, c) == OK) {
            const enum fate fate = fate_of(cx, c, l);
            if (fate != FATE_RUNNING && PQstatus(c->pg) == CONNECTION_OK)
                return fate;
            c->base.broken = PQstatus(c->pg) != CONNECTION_OK;
        }
        nap_ms(wait);
        wait = wait * 2 < WAIT_MOST_MS ? wait * 2 : WAIT_MOST_MS;
    }
    return FATE_UNKNOWN;
}

enum err db_postgres_find_out(struct cx *cx, struct postgres_connection *c)
{
    static const char *const words[] = {"unknown", "running", "committed", "undone"};
    const struct lost_commit l = {c->transaction, c->server, c->pid};
    const enum fate fate = ask_until_told(cx, c, &l);
    log_event(LOG_WARN, "db.commit_lost", K("outcome", str_c(words[fate])));
    c->base.retry = false;
    c->base.retry_once = fate == FATE_UNDONE;
    c->base.unknown = fate == FATE_UNKNOWN;
    if (fate == FATE_DONE)
        return OK;
    return fail(cx, ERR_BUSY, "postgresql: the connection broke in a commit, which is %s",
                words[fate]);
}
