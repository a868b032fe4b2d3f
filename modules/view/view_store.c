/* view_store.c - the only SQL about view_item. */
#include "view_store.h"

#include "db/db.h"
#include "vault/vault.h"

#define TITLE S("view_item.title")
#define QUERY S("view_item.query")
#define COLUMNS "id, code, list, path, title, query, at"

static struct view row_from(struct db_rows *r)
{
    return (struct view){
        .id = db_int(r, 0),
        .code = db_str(r, 1),
        .list = db_str(r, 2),
        .path = db_str(r, 3),
        .title = db_bytes(r, 4),
        .query = db_bytes(r, 5),
        .at = db_int(r, 6),
    };
}

enum err view_store_open(struct cx *cx, int64_t subject, struct view *v)
{
    TRY(vault_open_sealed(cx, subject, TITLE, v->title, &v->title));
    return vault_open_sealed(cx, subject, QUERY, v->query, &v->query);
}

enum err view_store_add(struct cx *cx, int64_t subject, struct view *v)
{
    struct str title, query;
    TRY(vault_seal(cx, subject, TITLE, v->title, &title));
    TRY(vault_seal(cx, subject, QUERY, v->query, &query));
    return db_insert(cx, &v->id,
                     "insert into view_item (code, account, list, path, title, query, at)"
                     " values ($1, $2, $3, $4, $5, $6, $7) returning id",
                     V(v->code), V(cx->actor->account), V(v->list), V(v->path), VB(title),
                     VB(query), V(cx->now));
}

/* unscoped: the account of whoever asks is a condition */
enum err view_store_find(struct cx *cx, struct str code, struct view *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from view_item where code = $1 and account = $2",
                 V(code), V(cx->actor->account)));
    if (!db_next(&r))
        return r.err
                   ? r.err
                   : fail(cx, ERR_NOT_FOUND,
                          T("Không tìm thấy khung nhìn này, có thể đã xóa. Tải lại trang để xem."));
    *out = row_from(&r);
    return OK;
}

enum err view_store_rename(struct cx *cx, int64_t subject, const struct view *v)
{
    struct str title;
    TRY(vault_seal(cx, subject, TITLE, v->title, &title));
    return db_exec(cx, "update view_item set title = $1 where id = $2 and account = $3", VB(title),
                   V(v->id), V(cx->actor->account));
}

enum err view_store_drop(struct cx *cx, const struct view *v)
{
    return db_exec(cx, "delete from view_item where id = $1 and account = $2", V(v->id),
                   V(cx->actor->account));
}

/* unscoped: the account of whoever asks is a condition */
enum err view_store_mine(struct cx *cx, struct str list, struct view *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    if (list.n)
        TRY(db_query(cx, &r,
                     "select " COLUMNS " from view_item where account = $1 and list = $2"
                     " order by id limit $3",
                     V(cx->actor->account), V(list), V(max)));
    else
        TRY(db_query(cx, &r,
                     "select " COLUMNS " from view_item where account = $1"
                     " order by list, id limit $2",
                     V(cx->actor->account), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = row_from(&r);
    return r.err;
}
