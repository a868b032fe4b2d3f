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

enum err procedure_store_next_codes(struct cx *cx, struct str after, struct str *out, size_t max,
                                    size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select code from procedure where code > $1 order by code limit $2",
                 V(after), V(max)));
    return all_codes(&r, out, max, n);
}

enum err procedure_store_without_card(struct cx *cx, struct str *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select p.code from procedure p where not exists"
                 " (select 1 from procedure_card c where c.procedure = p.id)"
                 " and exists (select 1 from procedure_version v where v.procedure = p.id)"
                 " order by p.code limit $1",
                 V(max)));
    return all_codes(&r, out, max, n);
}

enum err procedure_store_sha256_of(struct cx *cx, struct str code, struct str *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select v.sha256 from procedure_version v join procedure p on p.id = v.procedure"
                 " where p.code = $1 order by v.valid_from desc, v.id desc limit 1",
                 V(code)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = db_str(&r, 0);
    return OK;
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
    return db_exec(cx, "delete from procedure_text where procedure = $1", V(procedure));
}

/* All words of one place at once. They are folded, so a blank is what stands between them. */
enum err procedure_store_words_add(struct cx *cx, struct str words, int64_t procedure, int weight)
{
    if (str_trim(words).n == 0)
        return OK;
    if (db_is_postgres(cx))
        return db_exec(cx,
                       "/* postgresql */ insert into procedure_word (word, procedure, weight)"
                       " select distinct w, $2::bigint, $3::integer"
                       " from unnest(string_to_array($1::text, ' ')) as w where w <> ''"
                       " on conflict (word, procedure) do nothing",
                       V(words), V(procedure), V(weight));
    struct str list = str_fmt(cx->arena, "[\"%.*s\"]", F(words));
    struct buf b = {.arena = cx->arena, .limit = 6 * list.n};
    for (size_t i = 0; i < list.n; i++)
        buf_add(&b, list.p[i] == ' ' ? S("\",\"") : str_until(str_from(list, i), 1));
    return db_exec(cx,
                   "/* sqlite */ insert into procedure_word (word, procedure, weight)"
                   " select distinct value, $2, $3 from json_each($1) where value <> ''"
                   " on conflict (word, procedure) do nothing",
                   V(buf_str(&b)), V(procedure), V(weight));
}

enum err procedure_store_text_add(struct cx *cx, const struct search_row *t)
{
    return db_exec(
        cx,
        "insert into procedure_text (procedure, code, body, open_from, ended) values ($1, $2, $3, $4, $5)",
        V(t->procedure), V(t->code), V(t->body), V(t->open_from), V(t->ended));
}

#define MANY 1000 /* more exactly need not be known to choose the rarest */

/* Folded words are of a-z and 0-9, all before "~". */
static struct str end_of(struct cx *cx, struct str word)
{
    return str_fmt(cx->arena, "%.*s~", F(word));
}

enum err procedure_store_how_many(struct cx *cx, struct str word, int64_t *n)
{
    return db_one_int(
        cx, n,
        "select count(*) from (select 1 from procedure_word where word >= $1 and word < $2"
        " limit $3) as few",
        V(word), V(end_of(cx, word)), V(MANY));
}

enum err procedure_store_candidates(struct cx *cx, struct str word, struct search_row **out,
                                    size_t *n)
{
    auto_rows r = {0};
    VEC(struct search_row) rows = {0};
    TRY(db_query(cx, &r,
                 "select t.procedure, t.code, t.body, t.open_from, t.ended from procedure_text t"
                 " where t.procedure in"
                 " (select procedure from procedure_word where word >= $1 and word < $2)",
                 V(word), V(end_of(cx, word))));
    while (db_next(&r))
        *vec_add(cx->arena, &rows) = (struct search_row){.procedure = db_int(&r, 0),
                                                         .code = db_str(&r, 1),
                                                         .body = db_str(&r, 2),
                                                         .open_from = db_int(&r, 3),
                                                         .ended = db_int(&r, 4) != 0};
    *out = rows.p;
    *n = rows.n;
    return r.err;
}
