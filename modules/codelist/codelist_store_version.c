/* codelist_store_version.c - SQL about versions of lists and who is told of them. */
#include "codelist_store.h"

#include "db/db.h"

#define VERSION_COLUMNS                                                                            \
    "v.id, v.list, v.valid_from, v.at, v.decided_at, l.code, v.name, v.state, v.basis, v.source,"  \
    " v.added, v.changed, v.ended"
#define VERSION_FROM " from codelist_version v join codelist_list l on l.id = v.list "

static struct codelist_version version_from(struct db_rows *r)
{
    return (struct codelist_version){
        .id = db_int(r, 0),
        .list = db_int(r, 1),
        .valid_from = db_int(r, 2),
        .at = db_int(r, 3),
        .decided_at = db_int(r, 4),
        .list_code = db_str(r, 5),
        .name = db_str(r, 6),
        .state = db_str(r, 7),
        .basis = db_str(r, 8),
        .source = db_str(r, 9),
        .added = db_int(r, 10),
        .changed = db_int(r, 11),
        .ended = db_int(r, 12),
    };
}

static enum err all(struct db_rows *r, struct codelist_version *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = version_from(r);
    return r->err;
}

enum err codelist_store_versions(struct cx *cx, int64_t list, struct codelist_version *out,
                                 size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select " VERSION_COLUMNS VERSION_FROM
        "where v.list = $1 and v.state = 'hieu_luc' order by v.valid_from desc, v.id desc limit $2",
        V(list), V(max)));
    return all(&r, out, max, n);
}

enum err codelist_store_drafts(struct cx *cx, struct codelist_version *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " VERSION_COLUMNS VERSION_FROM
                 "where v.state = 'du_thao' order by v.id limit $1",
                 V(max)));
    return all(&r, out, max, n);
}

enum err codelist_store_version(struct cx *cx, int64_t id, struct codelist_version *out,
                                struct str *body)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " VERSION_COLUMNS ", v.body" VERSION_FROM "where v.id = $1",
                 V(id)));
    if (!db_next(&r))
        return r.err
                   ? r.err
                   : fail(cx, ERR_NOT_FOUND, T("Không có bản danh mục này. Tải lại trang để xem."));
    *out = version_from(&r);
    *body = db_str(&r, 13);
    return OK;
}

enum err codelist_store_version_named(struct cx *cx, int64_t list, struct str name,
                                      struct codelist_version *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " VERSION_COLUMNS VERSION_FROM "where v.list = $1 and v.name = $2",
                 V(list), V(name)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = version_from(&r);
    return OK;
}

enum err codelist_store_version_add(struct cx *cx, struct codelist_version *v, struct str body)
{
    return db_insert(
        cx, &v->id,
        "insert into codelist_version (list, name, valid_from, state, basis, source, body,"
        " at, decided_by, decided_at, added, changed, ended)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, null, 0, 0, 0, 0) returning id",
        V(v->list), V(v->name), V(v->valid_from), V(v->state), V(v->basis), V(v->source), V(body),
        V(cx->now));
}

enum err codelist_store_version_state(struct cx *cx, const struct codelist_version *v,
                                      struct str from, struct str to)
{
    TRY(db_exec(cx,
                "update codelist_version set state = $1, decided_by = $2, decided_at = $3"
                " where id = $4 and state = $5",
                V(to), V_OR_NULL(cx->actor->account), V(cx->now), V(v->id), V(from)));
    return db_changed(cx) == 1 ? OK
                               : fail(cx, ERR_CONFLICT,
                                      T("Bản này vừa được người khác quyết định. Tải lại trang."));
}

enum err codelist_store_version_count(struct cx *cx, int64_t id, int64_t added, int64_t changed,
                                      int64_t ended)
{
    return db_exec(cx,
                   "update codelist_version set added = added + $1, changed = changed + $2,"
                   " ended = ended + $3 where id = $4",
                   V(added), V(changed), V(ended), V(id));
}

enum err codelist_store_version_done(struct cx *cx, int64_t id)
{
    return db_exec(cx, "update codelist_version set state = 'hieu_luc', body = '' where id = $1",
                   V(id));
}

enum err codelist_store_newest(struct cx *cx, int64_t list, int64_t *valid_from)
{
    enum err e = db_one_int(cx, valid_from,
                            "select valid_from from codelist_version where list = $1"
                            " and state in ('hieu_luc', 'dang_nap')"
                            " order by valid_from desc limit 1",
                            V(list));
    if (e == ERR_NOT_FOUND)
        *valid_from = 0;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* ---- subscriptions ---- */

enum err codelist_store_subscribe(struct cx *cx, int64_t list, int64_t account, bool on)
{
    if (!on)
        return db_exec(cx, "delete from codelist_subscription where list = $1 and account = $2",
                       V(list), V(account));
    return db_exec(cx,
                   "insert into codelist_subscription (list, account, since) values ($1, $2, $3)"
                   " on conflict (list, account) do nothing",
                   V(list), V(account), V(cx->now));
}

/* unscoped: accounts alone, for the job that tells them and for whether the actor is one */
enum err codelist_store_subscribers(struct cx *cx, int64_t list, int64_t after, int64_t *out,
                                    size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select account from codelist_subscription where list = $1 and account > $2"
                 " order by account limit $3",
                 V(list), V(after), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = db_int(&r, 0);
    return r.err;
}
