/* web_store.c - the only file that speaks SQL about web_* tables. */
#include "web_store.h"

#define SESSION_COLUMNS                                                                            \
    "id, account, unit, assurance, created_at, seen_at, password_at, ends_at, locked"

static struct web_session session_from(struct db_rows *r)
{
    return (struct web_session){
        .id = db_int(r, 0),
        .account = db_int(r, 1),
        .unit = db_int(r, 2),
        .assurance = (int)db_int(r, 3),
        .created_at = db_int(r, 4),
        .seen_at = db_int(r, 5),
        .password_at = db_int(r, 6),
        .ends_at = db_int(r, 7),
        .locked = db_int(r, 8) != 0,
    };
}

/* unscoped: by a secret that only its holder has */
static enum err find_by_previous(struct cx *cx, struct str token_hash, struct web_session *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select " SESSION_COLUMNS
                 " from web_session where prev_hash = $1 and prev_until > $2",
                 VB(token_hash), V(cx->now)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = session_from(&rows);
    out->by_previous = true;
    return OK;
}

/* unscoped: by a secret that only its holder has */
enum err session_store_find(struct cx *cx, struct str token_hash, struct web_session *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select " SESSION_COLUMNS " from web_session where token_hash = $1",
                 VB(token_hash)));
    if (!db_next(&rows))
        return rows.err ? rows.err : find_by_previous(cx, token_hash, out);
    *out = session_from(&rows);
    return OK;
}

/* unscoped: their streams are asked whether they may go on */
enum err session_store_many(struct cx *cx, const int64_t *ids, size_t n, struct web_session *out,
                            size_t *found)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " SESSION_COLUMNS " from web_session where id in (");
    for (size_t i = 0; i < n; i++)
        if (i == 0)
            DB_ADD(&q, "$", V(ids[i]));
        else
            DB_ADD(&q, ", $", V(ids[i]));
    DB_ADD(&q, ")");
    auto_rows rows = {0};
    TRY(db_query_text(cx, &rows, &q));
    for (*found = 0; *found < n && db_next(&rows); ++*found)
        out[*found] = session_from(&rows);
    return rows.err;
}

enum err session_store_add(struct cx *cx, struct web_session *s, struct str token_hash)
{
    return db_insert(cx, &s->id,
                     "insert into web_session (token_hash, account, unit, assurance, created_at,"
                     " seen_at, password_at, ends_at, device)"
                     " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
                     VB(token_hash), V(s->account), V(s->unit), V(s->assurance), V(s->created_at),
                     V(s->seen_at), V(s->password_at), V(s->ends_at), V(s->device));
}

enum err session_store_rotate(struct cx *cx, const struct web_session *s, struct str token_hash,
                              int64_t prev_until)
{
    return db_exec(
        cx,
        "update web_session set prev_hash = token_hash, prev_until = $1, token_hash = $2,"
        " unit = $3, assurance = $4, seen_at = $5, password_at = $6, locked = 0"
        " where id = $7",
        V(prev_until), VB(token_hash), V(s->unit), V(s->assurance), V(s->seen_at),
        V(s->password_at), V(s->id));
}

/* Only the token changes: the answer that carried the first one was lost. */
enum err session_store_reissue(struct cx *cx, int64_t id, struct str token_hash)
{
    return db_exec(cx,
                   "update web_session set prev_hash = null, prev_until = 0, token_hash = $1"
                   " where id = $2",
                   VB(token_hash), V(id));
}

/* The same while the token before is still good: it stays so, should this answer be lost too. */
enum err session_store_replace(struct cx *cx, int64_t id, struct str token_hash, int64_t prev_until)
{
    return db_exec(cx, "update web_session set prev_until = $1, token_hash = $2 where id = $3",
                   V(prev_until), VB(token_hash), V(id));
}

enum err session_store_end(struct cx *cx, int64_t id)
{
    return db_exec(cx, "delete from web_session where id = $1", V(id));
}

enum err session_store_end_all(struct cx *cx, int64_t account)
{
    return db_exec(cx, "delete from web_session where account = $1", V(account));
}

enum err session_store_end_others(struct cx *cx, int64_t account, int64_t but)
{
    return db_exec(cx, "delete from web_session where account = $1 and id <> $2", V(account),
                   V(but));
}

enum err session_store_use_waiting(struct cx *cx, int64_t id, bool *used)
{
    TRY(db_exec(cx, "delete from web_session where id = $1 and assurance = 0", V(id)));
    *used = db_changed(cx) == 1;
    return OK;
}

enum err session_store_unit(struct cx *cx, int64_t id, int64_t unit)
{
    return db_exec(cx, "update web_session set unit = $1 where id = $2", V(unit), V(id));
}

enum err session_store_lock(struct cx *cx, int64_t id)
{
    return db_exec(cx, "update web_session set locked = 1 where id = $1", V(id));
}

enum err session_store_seen(struct cx *cx, int64_t id, int64_t seen_at)
{
    return db_exec(cx, "update web_session set seen_at = $1 where id = $2 and seen_at < $1",
                   V(seen_at), V(id));
}

/* ---- one's own, by their holder ---- */

enum err session_store_mine(struct cx *cx, struct web_session_row *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(cx, &rows,
                 "select id, unit, created_at, seen_at, device from web_session"
                 " where account = $1 and ends_at > $2 and assurance > 0"
                 " order by seen_at desc, id desc limit $3",
                 V(cx->actor->account), V(cx->now), V((int64_t)max)));
    for (; *n < max && db_next(&rows); ++*n)
        out[*n] = (struct web_session_row){.id = db_int(&rows, 0),
                                           .unit = db_int(&rows, 1),
                                           .created_at = db_int(&rows, 2),
                                           .seen_at = db_int(&rows, 3),
                                           .device = db_str(&rows, 4)};
    return rows.err;
}

enum err session_store_end_mine(struct cx *cx, int64_t id)
{
    return db_exec(cx, "delete from web_session where id = $1 and account = $2", V(id),
                   V(cx->actor->account));
}

/* ---- answers ---- */

enum err answer_store_claim(struct cx *cx, struct str token_hash, struct str route, bool *first)
{
    TRY(db_exec(cx,
                "insert into web_answer (token_hash, route, kept_at, status) values ($1, $2, $3, 0)"
                " on conflict (token_hash) do nothing",
                VB(token_hash), V(route), V(cx->now)));
    *first = db_changed(cx) == 1;
    return OK;
}

enum err answer_store_keep(struct cx *cx, struct str token_hash, const struct kept_answer *a)
{
    return db_exec(cx,
                   "update web_answer set status = $1, session = $2, answer = $3"
                   " where token_hash = $4",
                   V(a->status), V(a->session), VB(a->sealed), VB(token_hash));
}

/* unscoped: by a secret that only its holder has */
enum err answer_store_find(struct cx *cx, struct str token_hash, struct kept_answer *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select status, session, kept_at, answer from web_answer where token_hash = $1",
                 VB(token_hash)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = (struct kept_answer){
        .status = (int)db_int(&rows, 0),
        .session = db_int(&rows, 1),
        .kept_at = db_int(&rows, 2),
        .sealed = db_bytes(&rows, 3),
    };
    return OK;
}

enum err web_store_ping(struct cx *cx, int64_t *one)
{
    return db_one_int(cx, one, "select 1");
}

enum err web_store_sweep(struct cx *cx, int64_t answers_before, int64_t drafts_before)
{
    TRY(db_exec(cx, "delete from web_session where ends_at < $1", V(cx->now)));
    TRY(db_exec(cx, "delete from web_answer where kept_at < $1", V(answers_before)));
    return db_exec(cx, "delete from web_draft where changed_at < $1", V(drafts_before));
}

/* ---- drafts ---- */

enum err draft_store_put(struct cx *cx, struct str form_key, int64_t subject, struct str sealed)
{
    return db_exec(
        cx,
        "insert into web_draft (account, form_key, changed_at, subject, content)"
        " values ($1, $2, $3, $4, $5)"
        " on conflict (account, form_key) do update set changed_at = excluded.changed_at,"
        " subject = excluded.subject, content = excluded.content",
        V(cx->actor->account), V(form_key), V(cx->now), V(subject), VB(sealed));
}

enum err draft_store_find(struct cx *cx, struct str form_key, int64_t *subject, struct str *sealed)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select subject, content from web_draft where account = $1 and form_key = $2",
                 V(cx->actor->account), V(form_key)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *subject = db_int(&rows, 0);
    *sealed = db_bytes(&rows, 1);
    return OK;
}

enum err draft_store_drop(struct cx *cx, struct str form_key)
{
    return db_exec(cx, "delete from web_draft where account = $1 and form_key = $2",
                   V(cx->actor->account), V(form_key));
}

enum err draft_store_trim(struct cx *cx, int keep)
{
    return db_exec(cx,
                   "delete from web_draft where account = $1 and form_key not in"
                   " (select form_key from web_draft where account = $1"
                   "  order by changed_at desc, form_key limit $2)",
                   V(cx->actor->account), V(keep));
}
