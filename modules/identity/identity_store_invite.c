/* identity_store_invite.c - SQL about one-time links. */
#include "identity_store.h"

#include "db/db.h"

#define KEPT_MS (30 * DAY_MS) /* so long who opens an old link is told what became of it */

enum err invite_store_add(struct cx *cx, const struct invite_row *i)
{
    int64_t id;
    TRY(db_exec(cx, "delete from identity_invite where account = $1 and expires_at < $2",
                V(i->account), V(cx->now - KEPT_MS)));
    return db_insert(
        cx, &id,
        "insert into identity_invite (account, token_hash, made_at, made_by, expires_at)"
        " values ($1, $2, $3, $4, $5) returning id",
        V(i->account), VB(i->token_hash), V(cx->now), V_OR_NULL(cx->actor->account),
        V(i->expires_at));
}

enum err invite_store_end_all(struct cx *cx, int64_t account)
{
    return db_exec(cx, "update identity_invite set used_at = $1 where account = $2 and used_at = 0",
                   V(cx->now), V(account));
}

/* unscoped: by the hash of the link, before anybody is signed in */
enum err invite_store_find(struct cx *cx, struct str token_hash, struct invite_row *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select id, account, expires_at, used_at from identity_invite"
                 " where token_hash = $1",
                 VB(token_hash)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = (struct invite_row){.id = db_int(&rows, 0),
                               .account = db_int(&rows, 1),
                               .expires_at = db_int(&rows, 2),
                               .used_at = db_int(&rows, 3)};
    return OK;
}

enum err invite_store_use(struct cx *cx, int64_t id)
{
    TRY(db_exec(cx, "update identity_invite set used_at = $1 where id = $2 and used_at = 0",
                V(cx->now), V(id)));
    return db_changed(cx) == 1 ? OK : ERR_CONFLICT;
}

/* unscoped: the page has looked that the account is in the reach of the reader */
enum err invite_store_waiting(struct cx *cx, int64_t account, int64_t *expires_at)
{
    return db_one_int(cx, expires_at,
                      "select coalesce(max(expires_at), 0) from identity_invite"
                      " where account = $1 and used_at = 0",
                      V(account));
}
