/* procedure_store.c - the only file that speaks SQL about procedure_* tables. */
#include "procedure_store.h"

#include "db/db.h"

#define VERSION_COLUMNS                                                                            \
    "v.id, v.procedure, v.valid_from, p.code, v.name, v.field_code, v.field_name, v.record, v.sha256"
#define VERSION_FROM " from procedure_version v join procedure p on p.id = v.procedure "

static enum err one_version(struct cx *cx, struct db_rows *r, struct version_row *out)
{
    if (!db_next(r))
        return r->err ? r->err
                      : fail(cx, ERR_NOT_FOUND,
                             T("Không có thủ tục này. Tìm lại theo tên, không cần gõ dấu."));
    *out = (struct version_row){
        .id = db_int(r, 0),
        .procedure = db_int(r, 1),
        .valid_from = db_int(r, 2),
        .code = db_str(r, 3),
        .name = db_str(r, 4),
        .field_code = db_str(r, 5),
        .field_name = db_str(r, 6),
        .record = db_str(r, 7),
        .sha256 = db_str(r, 8),
    };
    return OK;
}

static enum err one_opening(struct cx *cx, struct db_rows *r, struct opening_row *out)
{
    if (!db_next(r))
        return r->err ? r->err : fail(cx, ERR_NOT_FOUND, T("Tỉnh chưa mở thủ tục này."));
    *out = (struct opening_row){
        .id = db_int(r, 0),
        .procedure = db_int(r, 1),
        .valid_from = db_int(r, 2),
        .settings = db_str(r, 3),
        .sha256 = db_str(r, 4),
    };
    return OK;
}

static enum err all_codes(struct db_rows *r, struct str *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = db_str(r, 0);
    return r->err;
}

enum err procedure_store_put(struct cx *cx, struct str code, int64_t *id)
{
    TRY(db_exec(
        cx, "insert into procedure (version, code) values (1, $1) on conflict (code) do nothing",
        V(code)));
    return db_one_int(cx, id, "select id from procedure where code = $1", V(code));
}

enum err procedure_store_version(struct cx *cx, struct str code, int64_t on_day,
                                 struct version_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " VERSION_COLUMNS VERSION_FROM "where p.code = $1 and v.valid_from <= $2"
                 " order by v.valid_from desc, v.id desc limit 1",
                 V(code), V(on_day)));
    return one_version(cx, &r, out);
}

enum err procedure_store_version_by_id(struct cx *cx, int64_t id, struct version_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " VERSION_COLUMNS VERSION_FROM "where v.id = $1", V(id)));
    return one_version(cx, &r, out);
}

enum err procedure_store_version_add(struct cx *cx, struct version_row *v)
{
    return db_insert(
        cx, &v->id,
        "insert into procedure_version (procedure, valid_from, name, field_code, field_name, record, sha256)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        V(v->procedure), V(v->valid_from), V(v->name), V(v->field_code), V(v->field_name),
        V(v->record), V(v->sha256));
}

enum err procedure_store_opening(struct cx *cx, int64_t procedure, int64_t on_day,
                                 struct opening_row *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select id, procedure, valid_from, settings, sha256 from procedure_opening"
        " where procedure = $1 and valid_from <= $2 order by valid_from desc, id desc limit 1",
        V(procedure), V(on_day)));
    return one_opening(cx, &r, out);
}

enum err procedure_store_opening_by_id(struct cx *cx, int64_t id, struct opening_row *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select id, procedure, valid_from, settings, sha256 from procedure_opening where id = $1",
        V(id)));
    return one_opening(cx, &r, out);
}

enum err procedure_store_opening_add(struct cx *cx, struct opening_row *o)
{
    return db_insert(cx, &o->id,
                     "insert into procedure_opening (procedure, valid_from, settings, sha256)"
                     " values ($1, $2, $3, $4) returning id",
                     V(o->procedure), V(o->valid_from), V(o->settings), V(o->sha256));
}

enum err procedure_store_open_codes(struct cx *cx, int64_t on_day, struct str *out, size_t max,
                                    size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select p.code from procedure p where exists"
        " (select 1 from procedure_opening o where o.procedure = p.id and o.valid_from <= $1)"
        " order by p.code limit $2",
        V(on_day), V(max)));
    return all_codes(&r, out, max, n);
}

enum err procedure_store_next_codes(struct cx *cx, struct str after, struct str *out, size_t max,
                                    size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select code from procedure where code > $1 order by code limit $2",
                 V(after), V(max)));
    return all_codes(&r, out, max, n);
}

enum err procedure_store_index_drop(struct cx *cx, int64_t procedure)
{
    TRY(db_exec(cx, "delete from procedure_word where procedure = $1", V(procedure)));
    return db_exec(cx, "delete from procedure_search where procedure = $1", V(procedure));
}

enum err procedure_store_word_add(struct cx *cx, struct str word, int64_t procedure, int weight)
{
    return db_exec(cx,
                   "insert into procedure_word (word, procedure, weight) values ($1, $2, $3)"
                   " on conflict (word, procedure) do nothing", /* the heaviest comes first */
                   V(word), V(procedure), V(weight));
}

enum err procedure_store_search_add(struct cx *cx, int64_t procedure, struct str name,
                                    struct str aliases)
{
    return db_exec(cx,
                   "insert into procedure_search (procedure, name, aliases) values ($1, $2, $3)",
                   V(procedure), V(name), V(aliases));
}

enum err procedure_store_postings(struct cx *cx, struct str prefix, struct posting *out, size_t max,
                                  size_t *n)
{
    auto_rows r = {0};
    struct str end =
        str_fmt(cx->arena, "%.*s~", F(prefix)); /* folded words hold a-z 0-9 only: all before ~ */
    TRY(db_query(
        cx, &r,
        "select procedure, weight from procedure_word where word >= $1 and word < $2 limit $3",
        V(prefix), V(end), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct posting){db_int(&r, 0), (int)db_int(&r, 1)};
    return r.err;
}

enum err procedure_store_search_row(struct cx *cx, int64_t procedure, struct search_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select s.procedure, p.code, s.name, s.aliases from procedure_search s"
                 " join procedure p on p.id = s.procedure where s.procedure = $1",
                 V(procedure)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct search_row){db_int(&r, 0), db_str(&r, 1), db_str(&r, 2), db_str(&r, 3)};
    return OK;
}
