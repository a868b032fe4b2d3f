/* form_store.c - the only file that speaks SQL about form_* tables. */
#include "form_store.h"

#include "db/db.h"

#define COLUMNS "id, code, version, definition, sha256, valid_from"

static enum err there_is_none(struct cx *cx)
{
    return fail(cx, ERR_NOT_FOUND, T("Chưa có biểu mẫu này. Báo người quản trị nạp gói biểu mẫu."));
}

static enum err one(struct cx *cx, struct db_rows *r, struct form_row *out)
{
    if (!db_next(r))
        return r->err ? r->err : there_is_none(cx);
    *out = (struct form_row){
        .id = db_int(r, 0),
        .code = db_str(r, 1),
        .version = db_str(r, 2),
        .definition = db_str(r, 3),
        .sha256 = db_str(r, 4),
        .valid_from = db_int(r, 5),
    };
    return OK;
}

enum err form_store_in_force(struct cx *cx, struct str code, int64_t on_day, struct form_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from form_version where code = $1 and valid_from <= $2"
                 " order by valid_from desc, id desc limit 1",
                 V(code), V(on_day)));
    return one(cx, &r, out);
}

/* unscoped: forms are public */
enum err form_store_codes(struct cx *cx, int64_t on_day, struct str *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select distinct code from form_version where valid_from <= $1 order by code limit $2",
        V(on_day), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = db_str(&r, 0);
    return r.err;
}

enum err form_store_in_force_id(struct cx *cx, struct str code, int64_t on_day, int64_t *id)
{
    enum err e = db_one_int(cx, id,
                            "select id from form_version where code = $1 and valid_from <= $2"
                            " order by valid_from desc, id desc limit 1",
                            V(code), V(on_day));
    return e == ERR_NOT_FOUND ? there_is_none(cx) : e;
}

enum err form_store_by_id(struct cx *cx, int64_t id, struct form_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from form_version where id = $1", V(id)));
    return one(cx, &r, out);
}

enum err form_store_by_version(struct cx *cx, struct str code, struct str version,
                               struct form_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from form_version where code = $1 and version = $2",
                 V(code), V(version)));
    return one(cx, &r, out);
}

enum err form_store_add(struct cx *cx, struct form_row *row)
{
    return db_insert(cx, &row->id,
                     "insert into form_version (code, version, valid_from, definition, sha256)"
                     " values ($1, $2, $3, $4, $5) returning id",
                     V(row->code), V(row->version), V(row->valid_from), V(row->definition),
                     V(row->sha256));
}
