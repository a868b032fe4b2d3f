/*
 * db_postgres_connect.c - finding the server that may be written to.
 *
 * The address may name several hosts; libpq takes the first that answers and takes writes. After a
 * failover the old primary may come back and take writes too. Each promotion begins a new history
 * (timeline), so the program keeps the highest one it saw, beside its data, and leaves a primary of
 * an older history alone: what would be written there would be lost.
 */
#include "db_postgres.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "log/log.h"

#define WRITER_STATEMENT_MS 30000
#define REFUSED_MS 100 /* the server did not answer just now: others need not wait for it too */
#define LEARNED_MS                                                                                 \
    1000 /* how old the knowledge of all hosts may be when a connection is made anew */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool within(int64_t since_ns, int64_t ms)
{
    return since_ns != 0 && now_ns() - since_ns < ms * 1000000;
}

/* ---- one connection ---- */

/* host: which of several; -1: as libpq chooses. A peer that vanished is noticed in about ten
 * seconds. What stands before "dbname" may be said otherwise in the address. */
static PGconn *dial(const struct postgres_store *s, int host, bool any)
{
    static const char *const names[] = {"application_name",
                                        "connect_timeout",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "target_session_attrs",
                                        "sslmode",
                                        "dbname",
                                        "client_encoding",
                                        "host",
                                        "port",
                                        "target_session_attrs",
                                        NULL};
    const char *const values[] = {"tinhso",
                                  "3",
                                  "5",
                                  "2",
                                  "3",
                                  "10000",
                                  "read-write",
                                  s->far ? "verify-full" : NULL,
                                  s->url,
                                  "UTF8",
                                  host < 0 ? NULL : s->hosts[host],
                                  host < 0 ? NULL : s->ports[host],
                                  any ? "any" : NULL,
                                  NULL};
    PGconn *pg = PQconnectdbParams(names, values, 1);
    MUST(pg != NULL);
    return pg;
}

static const char which_server[] =
    "select system_identifier, case when pg_is_in_recovery() then 0 else"
    " ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint end"
    " from pg_control_system()";

/* Where it may not be asked (some hosted servers), it stays unknown. */
static struct postgres_server ask_server(PGconn *pg)
{
    struct postgres_server found = {0};
    PGresult *r = PQexec(pg, which_server);
    if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1) {
        snprintf(found.system, sizeof found.system, "%s", PQgetvalue(r, 0, 0));
        found.history = strtoll(PQgetvalue(r, 0, 1), NULL, 10);
    }
    PQclear(r);
    return found;
}

/* ---- the histories ---- */

static void read_seen(struct postgres_store *s)
{
    FILE *f = s->seen_path ? fopen(s->seen_path, "re") : NULL;
    long long history = 0;
    if (f && fscanf(f, "%23s %lld", s->seen.system, &history) == 2)
        s->seen.history = history;
    if (f)
        fclose(f);
    atomic_store(&s->history, s->seen.history);
}

/* It must be there after the next start, not after a power cut: the hosts are asked then too. */
static void write_seen(const struct postgres_store *s)
{
    char part[4200];
    if (!s->seen_path)
        return;
    snprintf(part, sizeof part, "%.4000s.part", s->seen_path);
    FILE *f = fopen(part, "we");
    bool good = f && fprintf(f, "%s %lld\n", s->seen.system, (long long)s->seen.history) > 0;
    if (f)
        good = fclose(f) == 0 && good;
    if (!good || rename(part, s->seen_path) != 0)
        log_event(LOG_WARN, "db.history_not_kept", K("path", str_c(s->seen_path)));
}

/* False: a primary that was left behind. */
static bool take_history(struct postgres_store *s, const struct postgres_server *found)
{
    if (found->history == 0)
        return true;
    pthread_mutex_lock(&s->lock);
    const bool same = strcmp(s->seen.system, found->system) == 0;
    const bool current = !same || found->history >= s->seen.history;
    if (current && (!same || found->history > s->seen.history)) {
        log_event(LOG_INFO, "db.history", KN("history", found->history));
        s->seen = *found;
        atomic_store(&s->history, found->history);
        write_seen(s);
    }
    pthread_mutex_unlock(&s->lock);
    return current;
}

/* What every host says, so that a new primary is known before an old one is asked. */
static void learn(struct postgres_store *s)
{
    if (s->hosts_n < 2)
        return;
    pthread_mutex_lock(&s->lock);
    const bool known = within(s->learned_ns, LEARNED_MS);
    s->learned_ns = now_ns();
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; !known && i < s->hosts_n; i++) {
        PGconn *pg = dial(s, i, false);
        if (PQstatus(pg) == CONNECTION_OK) {
            const struct postgres_server found = ask_server(pg);
            (void)take_history(s, &found);
        }
        PQfinish(pg);
    }
}

size_t db_postgres_hosts(struct cx *cx, struct db_store *base, struct db_host *out, size_t max)
{
    struct postgres_store *s = (struct postgres_store *)base;
    size_t n = 0;
    learn(s);
    for (; n < max && (int)n < s->hosts_n; n++) {
        PGconn *pg = dial(s, (int)n, true);
        const bool answers = PQstatus(pg) == CONNECTION_OK;
        const struct postgres_server found = answers ? ask_server(pg) : (struct postgres_server){0};
        out[n] = (struct db_host){
            .name = str_dup(cx->arena, str_c(s->hosts[n])),
            .state = !answers                            ? DB_HOST_AWAY
                     : found.system[0] && !found.history ? DB_HOST_STANDBY
                     : take_history(s, &found)           ? DB_HOST_PRIMARY
                                                         : DB_HOST_LEFT,
        };
        PQfinish(pg);
    }
    return n;
}

/* ---- connections ---- */

static enum err set_up(struct cx *cx, struct postgres_connection *c)
{
    struct postgres_store *s = (struct postgres_store *)c->base.store;
    c->left_behind = false;
    if (PQstatus(c->pg) != CONNECTION_OK)
        return fail(cx, ERR_BUSY, "postgresql: %s", PQerrorMessage(c->pg));
    PQsetNoticeProcessor(c->pg, db_postgres_notice, NULL);
    c->budget_set = c->budget_ms;
    c->pid = PQbackendPID(c->pg);
    c->server = ask_server(c->pg);
    if (!take_history(s, &c->server)) {
        c->left_behind = true;
        log_event(LOG_ERROR, "db.old_primary", K("host", str_c(PQhost(c->pg))),
                  KN("history", c->server.history), KN("seen", atomic_load(&s->history)));
        return fail(cx, ERR_BUSY, "postgresql: %s is a primary that was left behind",
                    PQhost(c->pg));
    }
    return db_postgres_ask(
        cx, c,
        str_fmt(cx->arena,
                "set bytea_output = hex; set timezone = 'UTC'; set lock_timeout = 10000;"
                "set idle_in_transaction_session_timeout = 60000; set statement_timeout = %d",
                c->budget_ms)
            .p);
}

/* As libpq chooses; when that is an old primary, each host in turn. */
static enum err dial_any(struct cx *cx, struct postgres_connection *c)
{
    const struct postgres_store *s = (const struct postgres_store *)c->base.store;
    enum err e = ERR_BUSY;
    for (int host = -1; host < s->hosts_n; host++) {
        PQfinish(c->pg);
        c->pg = dial(s, host, false);
        e = set_up(cx, c);
        if (e == OK || (host < 0 && !c->left_behind))
            return e;
    }
    return e;
}

void db_postgres_disconnect(struct db *d)
{
    struct postgres_connection *c = db_postgres_of(d);
    PQfinish(c->pg);
    free(c);
}

enum err db_postgres_connect(struct cx *cx, struct db_store *base, enum db_use use, struct db **out)
{
    struct postgres_connection *c = calloc(1, sizeof *c);
    MUST(c != NULL);
    c->base.store = base;
    c->base.use = use;
    c->budget_ms = use == DB_WRITER ? WRITER_STATEMENT_MS : 0;
    const enum err e = dial_any(cx, c);
    if (e != OK) {
        db_postgres_disconnect(&c->base);
        return e;
    }
    *out = &c->base;
    return OK;
}

static bool is_whole(const struct postgres_connection *c)
{
    struct postgres_store *s = (struct postgres_store *)c->base.store;
    return !c->base.broken && PQstatus(c->pg) == CONNECTION_OK &&
           (c->server.history == 0 || c->server.history >= atomic_load(&s->history));
}

/* Who was refused just now speaks for all, so that a hundred requests do not wait one by one. */
enum err db_postgres_reconnect(struct cx *cx, struct postgres_connection *c)
{
    struct postgres_store *s = (struct postgres_store *)c->base.store;
    if (is_whole(c))
        return OK;
    c->base.broken = true;
    db_forget_statements(&c->base); /* the server has forgotten them too */
    pthread_mutex_lock(&s->lock);
    const bool refused = within(s->refused_ns, REFUSED_MS);
    pthread_mutex_unlock(&s->lock);
    if (refused)
        return fail(cx, ERR_BUSY, "postgresql: the server did not answer just now");
    learn(s);
    const enum err e = dial_any(cx, c);
    c->base.broken = e != OK;
    pthread_mutex_lock(&s->lock);
    s->refused_ns = e == OK ? 0 : now_ns();
    pthread_mutex_unlock(&s->lock);
    return e;
}

/* ---- stores ---- */

/* Text must sort and compare here as it does in SQLite: by bytes. */
static enum err check_server(struct cx *cx, struct postgres_connection *c)
{
    int64_t suits = 0;
    TRY(db_postgres_ask_int(
        cx, c,
        "select count(*) from pg_database where datname = current_database() and datlocprovider = 'c'"
        " and datcollate in ('C', 'POSIX') and pg_encoding_to_char(encoding) = 'UTF8'",
        &suits));
    if (suits == 0)
        return fail(
            cx, ERR_INVALID,
            T("Cơ sở dữ liệu PostgreSQL phải được tạo với mã UTF8 và locale C: createdb -T template0 -E UTF8 --locale=C."));
    return OK;
}

void db_postgres_close(struct db_store *base)
{
    struct postgres_store *s = (struct postgres_store *)base;
    for (int i = 0; i < s->hosts_n; i++) {
        free(s->hosts[i]);
        free(s->ports[i]);
    }
    pthread_mutex_destroy(&s->lock);
    free(s->seen_path);
    free(s->url);
    free(s);
}

static char *keep(struct str s)
{
    char *p = strndup(s.p ? s.p : "", s.n);
    MUST(p != NULL);
    return p;
}

/* "a,b" and "5432,5433", or one port for all. */
static void take_hosts(struct postgres_store *s, struct str hosts, struct str ports)
{
    struct str host, port = S(""), rest = ports;
    while (hosts.n && s->hosts_n < HOSTS_MAX) {
        str_cut(hosts, ',', &host, &hosts);
        if (rest.n)
            str_cut(rest, ',', &port, &rest);
        s->hosts[s->hosts_n] = keep(host);
        s->ports[s->hosts_n++] = keep(port);
    }
}

/* A socket's folder, or this machine by its own address. */
static bool is_near(const char *host)
{
    return host[0] == 0 || host[0] == '/' || host[0] == '@' || strcmp(host, "localhost") == 0 ||
           strcmp(host, "::1") == 0 || strncmp(host, "127.", 4) == 0;
}

/* What goes to another machine goes under TLS to a server that a certificate names, unless the
 * address (sslmode=...) or PGSSLMODE says otherwise. */
static void read_hosts(struct postgres_store *s)
{
    PQconninfoOption *all = PQconninfoParse(s->url, NULL);
    struct str hosts = S(""), ports = S("");
    bool said = getenv("PGSSLMODE") != NULL;
    for (PQconninfoOption *o = all; o && o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "host") == 0)
            hosts = str_c(o->val);
        if (o->val && strcmp(o->keyword, "port") == 0)
            ports = str_c(o->val);
        said = said || (o->val && strcmp(o->keyword, "sslmode") == 0);
    }
    take_hosts(s, hosts, ports);
    for (int i = 0; !said && i < s->hosts_n; i++)
        s->far = s->far || !is_near(s->hosts[i]);
    PQconninfoFree(all);
}

static struct postgres_store *store_new(struct cx *cx, const struct db_config *config)
{
    struct postgres_store *s = calloc(1, sizeof *s);
    MUST(s != NULL);
    pthread_mutex_init(&s->lock, NULL);
    s->url = keep(config->url);
    if (cx->env && cx->env->data_dir.n)
        s->seen_path = keep(str_fmt(cx->arena, "%.*s/database.seen", F(cx->env->data_dir)));
    s->base.pool = config->readers > 0 ? config->readers : 8;
    read_hosts(s);
    read_seen(s);
    learn(s);
    return s;
}

enum err db_postgres_open(struct cx *cx, const struct db_config *config, struct db_store **out)
{
    struct postgres_store *s = store_new(cx, config);
    struct db *d = NULL;
    enum err e = db_postgres_connect(cx, &s->base, DB_READER, &d);
    if (e == OK) {
        e = check_server(cx, db_postgres_of(d));
        db_postgres_disconnect(d);
    }
    if (e != OK) {
        db_postgres_close(&s->base);
        return e;
    }
    *out = &s->base;
    return OK;
}
