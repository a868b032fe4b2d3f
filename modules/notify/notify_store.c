/* notify_store.c - the only file that speaks SQL about notify_* tables. */
#include "notify_store.h"

#include "db/db.h"

enum err notify_store_add(struct cx *cx, const struct notice *n, int64_t *id, bool *added)
{
    enum err e =
        db_insert(cx, id,
                  "insert into notify_notice (account, at, kind, notice_key, title, body, link)"
                  " values ($1, $2, $3, $4, $5, $6, $7)"
                  " on conflict (account, kind, notice_key) where notice_key is not null do nothing"
                  " returning id",
                  V(n->account), V(cx->now), V(n->kind), n->key.n ? V(n->key) : V_NULL, V(n->title),
                  V(n->body.p ? n->body : S("")), V(n->link.p ? n->link : S("")));
    *added = e == OK;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err notify_store_add_mail(struct cx *cx, int64_t notice_id, struct str message_id)
{
    return db_exec(
        cx,
        "insert into notify_mail (notice_id, message_id, state, changed_at) values ($1, $2, 1, $3)",
        V(notice_id), V(message_id), V(cx->now));
}

/* unscoped: the outbox sends what is addressed */
enum err notify_store_mail(struct cx *cx, int64_t notice_id, struct mail *out)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select m.notice_id, n.account, n.at, m.state, m.message_id, n.title, n.body, n.link"
        " from notify_mail m join notify_notice n on n.id = m.notice_id where m.notice_id = $1",
        V(notice_id)));
    if (!db_next(&rows))
        return rows.err
                   ? rows.err
                   : fail(cx, ERR_NOT_FOUND, T("Không có thư báo số %lld."), (long long)notice_id);
    *out = (struct mail){
        .notice_id = db_int(&rows, 0),
        .account = db_int(&rows, 1),
        .at = db_int(&rows, 2),
        .state = (enum mail_state)db_int(&rows, 3),
        .message_id = db_str(&rows, 4),
        .title = db_str(&rows, 5),
        .body = db_str(&rows, 6),
        .link = db_str(&rows, 7),
    };
    return OK;
}

enum err notify_store_move(struct cx *cx, int64_t notice_id, enum mail_state from,
                           enum mail_state to, struct str answer)
{
    TRY(db_exec(cx,
                "update notify_mail set state = $1, changed_at = $2, answer = $3"
                " where notice_id = $4 and state = $5",
                V((int)to), V(cx->now), V(answer), V(notice_id), V((int)from)));
    return db_changed(cx) == 1
               ? OK
               : fail(cx, ERR_CONFLICT, T("Thư báo %lld đã đổi trạng thái."), (long long)notice_id);
}

/* ---- inside the program ---- */

enum err notify_mine(struct cx *cx, int64_t before, struct notice_row *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    if (cx->actor->account == 0)
        return OK;
    TRY(db_query(cx, &rows,
                 "select id, at, kind, title, body, link, read_at from notify_notice"
                 " where account = $1 and id < $2 order by id desc limit $3",
                 V(cx->actor->account), V(before ? before : INT64_MAX), V(max)));
    for (; *n < max && db_next(&rows); ++*n)
        out[*n] = (struct notice_row){
            .id = db_int(&rows, 0),
            .at = db_int(&rows, 1),
            .kind = db_str(&rows, 2),
            .title = db_str(&rows, 3),
            .body = db_str(&rows, 4),
            .link = db_str(&rows, 5),
            .read = db_int(&rows, 6) != 0,
        };
    return rows.err;
}

enum err notify_unread(struct cx *cx, int64_t max, int64_t *n)
{
    *n = 0;
    if (cx->actor->account == 0)
        return OK;
    return db_one_int(cx, n,
                      "select count(*) from (select 1 from notify_notice"
                      " where account = $1 and read_at = 0 limit $2) as few",
                      V(cx->actor->account), V(max));
}

enum err notify_mark_read(struct cx *cx, int64_t up_to_id)
{
    return db_exec(
        cx, "update notify_notice set read_at = $1 where account = $2 and id <= $3 and read_at = 0",
        V(cx->now), V(cx->actor->account), V(up_to_id));
}
