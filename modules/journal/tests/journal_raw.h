/* journal_raw.h - tests look at the database, and change it, behind the program's back. */
#pragma once
#include "testing/testing.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* Somebody with the database file, or superuser of the cluster: no triggers, no foreign keys. */
struct raw {
    sqlite3 *lite;
    PGconn *pg;
};

static inline struct raw raw_open(struct cx *cx)
{
    struct raw r = {0};
    if (!db_is_postgres(cx)) {
        struct str path = str_fmt(cx->arena, "%.*s/core.db", F(cx->env->data_dir));
        assert_int_equal(sqlite3_open(path.p, &r.lite), SQLITE_OK);
        sqlite3_busy_timeout(r.lite, 2000);
        return r;
    }
    r.pg = PQconnectdb(testing_url(cx).p);
    PGresult *result = PQexec(r.pg, "set session_replication_role = replica");
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    return r;
}

static inline void raw_close(struct raw *r)
{
    sqlite3_close(r->lite);
    PQfinish(r->pg);
}

static inline void raw_tell(struct raw *r, const char *sql)
{
    if (r->lite) {
        char *why = NULL;
        if (sqlite3_exec(r->lite, sql, NULL, NULL, &why) != SQLITE_OK)
            fail_msg("%s: %s", sql, why);
        return;
    }
    PGresult *result = PQexec(r->pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(r->pg));
    PQclear(result);
}

#define raw_do(cx, r, ...) raw_tell((r), str_fmt((cx)->arena, __VA_ARGS__).p)

static inline void raw_drop_triggers(struct raw *r)
{
    if (!r->lite)
        return;
    static const char *const triggers[] = {
        "journal_event_no_update",   "journal_event_no_delete",    "journal_payload_no_update",
        "journal_payload_no_delete", "journal_position_no_update", "journal_position_no_delete",
        "journal_node_no_update",    "journal_node_no_delete",     "journal_head_no_update",
        "journal_head_no_delete",
    };
    char sql[128];
    for (size_t i = 0; i < sizeof triggers / sizeof *triggers; i++) {
        snprintf(sql, sizeof sql, "drop trigger %s", triggers[i]);
        raw_tell(r, sql);
    }
}

/* The log as it was after `size` events: what an old backup, or a thief of the tail, leaves. */
static inline void raw_cut(struct cx *cx, struct raw *r, int64_t size)
{
    raw_do(
        cx, r,
        "delete from journal_payload where event_id in (select event_id from journal_position where position > %lld)",
        (long long)size);
    raw_do(
        cx, r,
        "delete from journal_event where id in (select event_id from journal_position where position > %lld)",
        (long long)size);
    raw_do(cx, r, "delete from journal_position where position > %lld", (long long)size);
    raw_do(cx, r, "delete from journal_head where size > %lld", (long long)size);
    for (int level = 1; level < 20; level++)
        raw_do(cx, r, "delete from journal_node where level = %d and idx >= %lld", level,
               (long long)(size >> level));
}
