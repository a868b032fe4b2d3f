/* identity_store_factor.c - SQL about second factors and their recovery codes. */
#include "identity_factor.h"

#include "db/db.h"

/* unscoped: of the account that signs in, or whose own page it is */
enum err factor_store_find(struct cx *cx, int64_t account, struct factor_row *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select account, version, secret, made_at, on_at, last_step, failures, failed_at"
                 " from identity_factor where account = $1",
                 V(account)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = (struct factor_row){
        .account = db_int(&rows, 0),
        .version = db_int(&rows, 1),
        .secret = db_bytes(&rows, 2),
        .made_at = db_int(&rows, 3),
        .on_at = db_int(&rows, 4),
        .last_step = db_int(&rows, 5),
        .failures = (int)db_int(&rows, 6),
        .failed_at = db_int(&rows, 7),
    };
    return OK;
}

enum err factor_store_begin(struct cx *cx, int64_t account, struct str secret)
{
    TRY(db_exec(cx,
                "insert into identity_factor (account, version, secret, made_at)"
                " values ($1, 1, $2, $3) on conflict (account) do update"
                " set version = identity_factor.version + 1, secret = excluded.secret,"
                " made_at = excluded.made_at, last_step = 0, failures = 0"
                " where identity_factor.on_at = 0",
                V(account), VB(secret), V(cx->now)));
    return db_changed(cx) == 1 ? OK : ERR_CONFLICT;
}

enum err factor_store_on(struct cx *cx, int64_t account, int64_t version, int64_t step)
{
    TRY(db_exec(cx,
                "update identity_factor set version = version + 1, on_at = $1, last_step = $2"
                " where account = $3 and version = $4 and on_at = 0",
                V(cx->now), V(step), V(account), V(version)));
    return db_changed(cx) == 1 ? OK : ERR_CONFLICT;
}

/* One statement, so that of many at once with one code one gets in. */
enum err factor_store_take(struct cx *cx, int64_t account, int64_t step, int free_failures,
                           int64_t failed_before, bool *took)
{
    TRY(db_exec(cx,
                "update identity_factor set failures = 0,"
                " last_step = case when $1 > 0 then $1 else last_step end"
                " where account = $2 and on_at > 0 and ($1 = 0 or last_step < $1)"
                " and (failures < $3 or failed_at <= $4)",
                V(step), V(account), V(free_failures), V(failed_before)));
    *took = db_changed(cx) == 1;
    return OK;
}

enum err factor_store_wrong(struct cx *cx, int64_t account)
{
    return db_exec(cx,
                   "update identity_factor set failures = failures + 1, failed_at = $1"
                   " where account = $2",
                   V(cx->now), V(account));
}

enum err factor_store_drop(struct cx *cx, int64_t account)
{
    TRY(recovery_store_drop(cx, account));
    return db_exec(cx, "delete from identity_factor where account = $1", V(account));
}

/* Everybody has the role cong_dan. */
/* unscoped: of the account whose session begins */
enum err factor_store_wanted(struct cx *cx, int64_t account, bool *wanted)
{
    int64_t n;
    TRY(db_one_int(cx, &n,
                   "select count(*) from identity_role r where r.second_factor = 1"
                   " and (r.code = 'cong_dan' or exists (select 1 from identity_post p"
                   " where p.account = $1 and p.role = r.code and p.ended_at = 0"
                   " and p.from_day <= $2 and (p.to_day = 0 or p.to_day >= $2)))",
                   V(account), V(day_of(cx->now))));
    *wanted = n > 0;
    return OK;
}

/* ---- recovery codes ---- */

enum err recovery_store_add(struct cx *cx, int64_t account, int slot, struct str hash)
{
    return db_exec(cx,
                   "insert into identity_recovery (account, slot, code_hash) values ($1, $2, $3)",
                   V(account), V(slot), VB(hash));
}

enum err recovery_store_drop(struct cx *cx, int64_t account)
{
    return db_exec(cx, "delete from identity_recovery where account = $1", V(account));
}

/* unscoped: of the account that signs in */
enum err recovery_store_find(struct cx *cx, int64_t account, int slot, struct str *hash)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select code_hash from identity_recovery"
                 " where account = $1 and slot = $2 and used_at = 0",
                 V(account), V(slot)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *hash = db_bytes(&rows, 0);
    return OK;
}

enum err recovery_store_use(struct cx *cx, int64_t account, int slot, bool *used)
{
    TRY(db_exec(cx,
                "update identity_recovery set used_at = $1"
                " where account = $2 and slot = $3 and used_at = 0",
                V(cx->now), V(account), V(slot)));
    *used = db_changed(cx) == 1;
    return OK;
}

/* unscoped: of the reader's own account */
enum err recovery_store_left(struct cx *cx, int64_t account, int64_t *n)
{
    return db_one_int(cx, n,
                      "select count(*) from identity_recovery where account = $1 and used_at = 0",
                      V(account));
}
