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

enum err procedure_store_at_counter(struct cx *cx, struct str intake_kind, struct str *out,
                                    size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select p.code from procedure_at_counter c join procedure p on p.id = c.procedure"
                 " where c.intake_kind = $1 order by c.place, c.procedure limit $2",
                 V(intake_kind), V(max)));
    return all_codes(&r, out, max, n);
}

enum err procedure_store_counter_add(struct cx *cx, int64_t procedure, struct str intake_kind,
                                     int place)
{
    return db_exec(
        cx, "insert into procedure_at_counter (intake_kind, place, procedure) values ($1, $2, $3)",
        V(intake_kind), V(place), V(procedure));
}

enum err procedure_store_index_drop(struct cx *cx, int64_t procedure)
{
    TRY(db_exec(cx, "delete from procedure_at_counter where procedure = $1", V(procedure)));
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

/* One join a word: each side is a range of the primary key, the names are read for what is left. */
enum err procedure_store_candidates(struct cx *cx, const struct str *words, size_t words_n,
                                    struct search_row **out, size_t *n)
{
    struct db_text q;
    VEC(struct search_row) rows = {0};
    db_text_start(cx, &q);
    DB_ADD(
        &q,
        "select s.procedure, p.code, s.name, s.aliases, f.weight from (select procedure, sum(weight) as weight from (");
    for (size_t i = 0; i < words_n; i++) {
        struct str end =
            str_fmt(cx->arena, "%.*s~", F(words[i])); /* folded: a-z 0-9 only, all before ~ */
        if (i)
            DB_ADD(&q, " union all ");
        DB_ADD(
            &q,
            "select procedure, max(weight) as weight from procedure_word where word >= $ and word < $ group by procedure",
            V(words[i]), V(end));
    }
    DB_ADD(
        &q,
        ") each_word group by procedure having count(*) = $) f"
        " join procedure_search s on s.procedure = f.procedure join procedure p on p.id = f.procedure",
        V(words_n));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    while (db_next(&r))
        *vec_add(cx->arena, &rows) = (struct search_row){.procedure = db_int(&r, 0),
                                                         .code = db_str(&r, 1),
                                                         .name = db_str(&r, 2),
                                                         .aliases = db_str(&r, 3),
                                                         .weight = db_int(&r, 4)};
    *out = rows.p;
    *n = rows.n;
    return r.err;
}
