/* codelist_store.c - the only file that speaks SQL about codelist_* tables. */
#include "codelist_store.h"

#include "db/db.h"

/* ---- lists ---- */

#define LIST_COLUMNS "l.id, l.code, l.title, l.title_en, l.uri, l.owner, l.about"

static struct codelist list_from(struct db_rows *r)
{
    return (struct codelist){
        .id = db_int(r, 0),
        .code = db_str(r, 1),
        .title = db_str(r, 2),
        .title_en = db_str(r, 3),
        .uri = db_str(r, 4),
        .owner = db_str(r, 5),
        .about = db_str(r, 6),
    };
}

enum err codelist_store_lists(struct cx *cx, struct str folded, struct codelist *out, size_t max,
                              size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " LIST_COLUMNS " from codelist_list l where 1 = 1");
    if (folded.n)
        DB_ADD(&q, " and l.folded like $", V(str_fmt(cx->arena, "%%%.*s%%", F(folded))));
    DB_ADD(&q, " order by l.folded limit $", V(max)); /* some tens of lists */
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = list_from(&r);
    return r.err;
}

static enum err one_list(struct cx *cx, struct db_rows *r, struct codelist *out)
{
    if (!db_next(r))
        return r->err ? r->err
                      : fail(cx, ERR_NOT_FOUND,
                             T("Không có danh mục này. Chọn ở trang Danh mục dùng chung."));
    *out = list_from(r);
    return OK;
}

enum err codelist_store_list(struct cx *cx, struct str code, struct codelist *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " LIST_COLUMNS " from codelist_list l where l.code = $1",
                 V(code)));
    return one_list(cx, &r, out);
}

enum err codelist_store_list_of(struct cx *cx, int64_t id, struct codelist *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " LIST_COLUMNS " from codelist_list l where l.id = $1", V(id)));
    return one_list(cx, &r, out);
}

enum err codelist_store_list_put(struct cx *cx, struct codelist *l, bool *added)
{
    int64_t known;
    enum err e = db_one_int(cx, &known, "select id from codelist_list where code = $1", V(l->code));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *added = e == ERR_NOT_FOUND;
    struct str folded = text_fold(cx->arena, l->title);
    if (*added)
        return db_insert(
            cx, &l->id,
            "insert into codelist_list (code, title, title_en, folded, uri, owner, about)"
            " values ($1, $2, $3, $4, $5, $6, $7) returning id",
            V(l->code), V(l->title), V(l->title_en), V(folded), V(l->uri), V(l->owner),
            V(l->about));
    l->id = known;
    return db_exec(cx,
                   "update codelist_list set title = $1, title_en = $2, folded = $3, uri = $4,"
                   " owner = $5, about = $6 where id = $7",
                   V(l->title), V(l->title_en), V(folded), V(l->uri), V(l->owner), V(l->about),
                   V(l->id));
}

enum err codelist_store_state(struct cx *cx, int64_t day, struct codelist *l)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select name, valid_from, basis, source from codelist_version"
                 " where list = $1 and state = 'hieu_luc' and valid_from <= $2"
                 " order by valid_from desc, id desc limit 1",
                 V(l->id), V(day)));
    if (db_next(&r)) {
        l->version = db_str(&r, 0);
        l->version_from = db_int(&r, 1);
        l->basis = db_str(&r, 2);
        l->source = db_str(&r, 3);
    }
    TRY(r.err);
    return db_one_int(cx, &l->codes,
                      "select count(*) from codelist_code where list = $1 and valid_from <= $2"
                      " and (valid_to = 0 or valid_to >= $2)",
                      V(l->id), V(day));
}

/* ---- codes ---- */

#define CODE_COLUMNS                                                                               \
    "c.code, c.parent, c.name, c.name_en, c.attrs, c.sort, c.valid_from, c.valid_to"

static struct codelist_code code_from(struct db_rows *r)
{
    return (struct codelist_code){
        .code = db_str(r, 0),
        .parent = db_str(r, 1),
        .name = db_str(r, 2),
        .name_en = db_str(r, 3),
        .attrs = db_str(r, 4),
        .sort = db_int(r, 5),
        .valid_from = db_int(r, 6),
        .valid_to = db_int(r, 7),
    };
}

enum err codelist_store_codes(struct cx *cx, int64_t list, const struct codelist_query *q,
                              struct str folded, struct codelist_code *out, size_t max, size_t *n)
{
    struct db_text t;
    db_text_start(cx, &t);
    DB_ADD(&t,
           "select " CODE_COLUMNS " from codelist_code c where c.list = $ and c.sort > $"
           " and c.valid_from <= $ and (c.valid_to = 0 or c.valid_to >= $)",
           V(list), V(q->after), V(q->day), V(q->day));
    if (q->parent.p)
        DB_ADD(&t, " and c.parent = $", V(q->parent));
    for (struct str word, rest = folded; rest.n;) {
        str_cut(rest, ' ', &word, &rest);
        DB_ADD(&t, " and c.folded like $", V(str_fmt(cx->arena, "%%%.*s%%", F(word))));
    }
    DB_ADD(&t, " order by c.sort limit $", V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &t));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = code_from(&r);
    return r.err;
}

enum err codelist_store_code(struct cx *cx, int64_t list, struct str code, int64_t day,
                             struct codelist_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " CODE_COLUMNS
                 ", c.id from codelist_code c where c.list = $1 and c.code = $2"
                 " and c.valid_from <= $3 and (c.valid_to = 0 or c.valid_to >= $3)",
                 V(list), V(code), V(day)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct codelist_row){db_int(&r, 8), code_from(&r)};
    return OK;
}

/* Name, English name and code are found alike. */
static struct str folded_of(struct cx *cx, const struct codelist_code *c)
{
    return text_fold(cx->arena,
                     str_fmt(cx->arena, "%.*s %.*s %.*s", F(c->code), F(c->name), F(c->name_en)));
}

enum err codelist_store_code_add(struct cx *cx, int64_t list, const struct codelist_code *c)
{
    return db_exec(
        cx,
        "insert into codelist_code (list, code, parent, name, name_en, folded, sort, attrs,"
        " valid_from, valid_to) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        V(list), V(c->code), V(c->parent), V(c->name), V(c->name_en), V(folded_of(cx, c)),
        V(c->sort), V(c->attrs), V(c->valid_from), V(c->valid_to));
}

enum err codelist_store_code_update(struct cx *cx, int64_t id, const struct codelist_code *c)
{
    return db_exec(cx,
                   "update codelist_code set parent = $1, name = $2, name_en = $3, folded = $4,"
                   " sort = $5, attrs = $6 where id = $7",
                   V(c->parent), V(c->name), V(c->name_en), V(folded_of(cx, c)), V(c->sort),
                   V(c->attrs), V(id));
}

enum err codelist_store_code_end(struct cx *cx, int64_t id, int64_t last_day)
{
    return db_exec(cx, "update codelist_code set valid_to = $1 where id = $2", V(last_day), V(id));
}

/* ---- changes ---- */

enum err codelist_store_change_add(struct cx *cx, int64_t list, const struct codelist_change *c)
{
    return db_exec(cx,
                   "insert into codelist_change (list, on_day, kind, from_code, to_code, basis)"
                   " values ($1, $2, $3, $4, $5, $6)"
                   " on conflict (list, from_code, to_code, on_day, kind) do nothing",
                   V(list), V(c->on_day), V(c->kind), V(c->from_code), V(c->to_code), V(c->basis));
}

/* The names just before and on the day. */
#define CHANGE_SELECT                                                                              \
    "select x.on_day, x.kind, x.from_code, x.to_code, x.basis, coalesce(f.name, ''),"              \
    " coalesce(t.name, ''), x.id from codelist_change x"                                           \
    " left join codelist_code f on f.list = x.list and f.code = x.from_code"                       \
    " and f.valid_from < x.on_day and (f.valid_to = 0 or f.valid_to >= x.on_day - 1)"              \
    " left join codelist_code t on t.list = x.list and t.code = x.to_code"                         \
    " and t.valid_from <= x.on_day and (t.valid_to = 0 or t.valid_to >= x.on_day) "

static enum err all_changes(struct db_rows *r, struct codelist_change *out, size_t max, size_t *n,
                            int64_t *last)
{
    for (*n = 0; *n < max && db_next(r); ++*n) {
        out[*n] = (struct codelist_change){
            .on_day = db_int(r, 0),
            .kind = db_str(r, 1),
            .from_code = db_str(r, 2),
            .to_code = db_str(r, 3),
            .basis = db_str(r, 4),
            .from_name = db_str(r, 5),
            .to_name = db_str(r, 6),
        };
        if (last)
            *last = db_int(r, 7);
    }
    return r->err;
}

enum err codelist_store_changes(struct cx *cx, int64_t list, struct str code,
                                struct codelist_change *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        CHANGE_SELECT
        "where x.list = $1 and (x.from_code = $2 or x.to_code = $2) order by x.on_day, x.id limit $3",
        V(list), V(code), V(max)));
    return all_changes(&r, out, max, n, NULL);
}

enum err codelist_store_steps(struct cx *cx, int64_t list, struct str code, int64_t from,
                              int64_t to, struct codelist_change *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 CHANGE_SELECT
                 "where x.list = $1 and x.from_code = $2 and x.on_day > $3 and x.on_day <= $4"
                 " order by x.on_day, x.id limit $5",
                 V(list), V(code), V(from), V(to), V(max)));
    return all_changes(&r, out, max, n, NULL);
}

enum err codelist_store_diff(struct cx *cx, int64_t list, int64_t from, int64_t to, int64_t *after,
                             struct codelist_change *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 CHANGE_SELECT
                 "where x.list = $1 and x.on_day > $2 and x.on_day <= $3 and x.id > $4"
                 " order by x.id limit $5",
                 V(list), V(from), V(to), V(*after), V(max)));
    return all_changes(&r, out, max, n, after);
}
