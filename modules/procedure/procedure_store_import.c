/* procedure_store_import.c - SQL about crawls that wait to be taken over. */
#include "db/db.h"
#include "procedure_import.h"

enum err import_store_begin(struct cx *cx, struct str name, int64_t *id)
{
    return db_insert(cx, id,
                     "insert into procedure_import (at, name, seen, same, whole)"
                     " values ($1, $2, 0, 0, 0) returning id",
                     V(cx->now), V(name));
}

enum err import_store_going_on(struct cx *cx, struct str name, int64_t *id)
{
    return db_one_int(
        cx, id,
        "select id from procedure_import where whole = 0 and name = $1 order by id desc limit 1",
        V(name));
}

enum err import_store_count(struct cx *cx, int64_t id, int64_t seen, int64_t same)
{
    return db_exec(cx,
                   "update procedure_import set seen = seen + $1, same = same + $2 where id = $3",
                   V(seen), V(same), V(id));
}

enum err import_store_see(struct cx *cx, int64_t id, struct str code)
{
    return db_exec(cx,
                   "insert into procedure_import_seen (import, code) values ($1, $2)"
                   " on conflict (import, code) do nothing",
                   V(id), V(code));
}

enum err import_store_put(struct cx *cx, const struct change_row *r, struct str sort_key)
{
    return db_exec(
        cx,
        "insert into procedure_import_row (import, code, name, sort_key, change, record, state, at)"
        " values ($1, $2, $3, $4, $5, $6, 'cho', 0) on conflict (import, code) do nothing",
        V(r->import), V(r->code), V(r->name), V(sort_key), V(r->change), V(r->record));
}

enum err import_store_end(struct cx *cx, int64_t id, int64_t *ended)
{
    TRY(db_exec(
        cx,
        "insert into procedure_import_row (import, code, name, sort_key, change, record, state, at)"
        " select $1, c.code, c.name, c.sort_key, 'het', '', 'cho', 0 from procedure_card c"
        " where c.ended = 0 and not exists (select 1 from procedure_import_seen s"
        " where s.import = $2 and s.code = c.code)",
        V(id), V(id)));
    *ended = db_changed(cx);
    TRY(db_exec(cx, "delete from procedure_import_seen where import = $1", V(id)));
    TRY(db_exec(cx,
                "update procedure_import_row set state = 'bo', at = $1"
                " where state = 'cho' and import < $2",
                V(cx->now), V(id)));
    return db_exec(cx, "update procedure_import set whole = 1 where id = $1", V(id));
}

#define IMPORT_COLUMNS                                                                             \
    "i.id, i.at, i.seen, i.same, i.name, i.whole,"                                                 \
    " (select count(*) from procedure_import_row r where r.import = i.id and r.change = 'moi'),"   \
    " (select count(*) from procedure_import_row r where r.import = i.id and r.change = 'doi'),"   \
    " (select count(*) from procedure_import_row r where r.import = i.id and r.change = 'het'),"   \
    " (select count(*) from procedure_import_row r where r.import = i.id and r.state = 'cho')"

static struct import_row import_from(struct db_rows *r)
{
    return (struct import_row){
        .id = db_int(r, 0),
        .at = db_int(r, 1),
        .seen = db_int(r, 2),
        .same = db_int(r, 3),
        .name = db_str(r, 4),
        .whole = db_int(r, 5) != 0,
        .added = db_int(r, 6),
        .changed = db_int(r, 7),
        .ended = db_int(r, 8),
        .waiting = db_int(r, 9),
    };
}

enum err procedure_imports(struct cx *cx, struct import_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " IMPORT_COLUMNS
                 " from procedure_import i where i.whole = 1 order by i.id desc limit $1",
                 V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = import_from(&r);
    return r.err;
}

enum err procedure_import(struct cx *cx, int64_t id, struct import_row *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r, "select " IMPORT_COLUMNS " from procedure_import i where i.whole = 1 and i.id = $1",
        V(id)));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Không có lần nạp này. Chọn ở trang Bản mới của danh mục."));
    *out = import_from(&r);
    return OK;
}

#define CHANGE_COLUMNS "id, import, at, code, name, change, record, state"

static struct change_row change_from(struct db_rows *r)
{
    return (struct change_row){
        .id = db_int(r, 0),
        .import = db_int(r, 1),
        .at = db_int(r, 2),
        .code = db_str(r, 3),
        .name = db_str(r, 4),
        .change = db_str(r, 5),
        .record = db_str(r, 6),
        .state = db_str(r, 7),
    };
}

/* unscoped: the catalogue is public */
enum err procedure_changes(struct cx *cx, int64_t import, struct str change, int64_t skip,
                           struct change_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select id, import, at, code, name, change, '', state from procedure_import_row"
                 " where import = $1 and change = $2"
                 " order by case when state = 'cho' then 0 else 1 end, sort_key, code"
                 " limit $3 offset $4",
                 V(import), V(change), V(max), V(skip)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = change_from(&r);
    return r.err;
}

/* unscoped: the catalogue is public */
enum err procedure_change(struct cx *cx, int64_t import, struct str code, struct change_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " CHANGE_COLUMNS
                 " from procedure_import_row where import = $1 and code = $2",
                 V(import), V(code)));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Lần nạp này không đổi thủ tục ấy. Chọn thủ tục khác."));
    *out = change_from(&r);
    return OK;
}

#define WAITING                                                                                    \
    " from procedure_import_row r where r.import = $1 and r.state = 'cho' and r.change = $2"       \
    " and not exists (select 1 from procedure p, procedure_card c where p.code = r.code"           \
    " and c.procedure = p.id and c.proofread = 1)"

/* unscoped: the catalogue is public */
enum err import_store_waiting(struct cx *cx, int64_t import, struct str change,
                              struct change_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " CHANGE_COLUMNS WAITING " order by r.id limit $3", V(import),
                 V(change), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = change_from(&r);
    return r.err;
}

/* unscoped: the catalogue is public */
enum err import_store_waiting_count(struct cx *cx, int64_t import, struct str change, int64_t *n)
{
    return db_one_int(cx, n, "select count(*)" WAITING, V(import), V(change));
}

enum err import_store_decide(struct cx *cx, int64_t row, struct str state)
{
    TRY(db_exec(cx,
                "update procedure_import_row set state = $1, at = $2, account = $3"
                " where id = $4 and state = 'cho'",
                V(state), V(cx->now), V_OR_NULL(cx->actor->account), V(row)));
    return db_changed(cx) == 1 ? OK
                               : fail(cx, ERR_CONFLICT,
                                      T("Thay đổi này đã được quyết định. Tải lại trang để xem."));
}
