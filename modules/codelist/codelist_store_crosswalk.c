/* codelist_store_crosswalk.c - SQL about which code of one list stands for which of another. */
#include "codelist_store.h"

#include "db/db.h"

enum err codelist_store_pair_put(struct cx *cx, int64_t a, int64_t b, const struct codelist_pair *p,
                                 bool *changed)
{
    TRY(db_exec(cx,
                "insert into codelist_crosswalk (list_a, code_a, list_b, code_b, relation, basis)"
                " values ($1, $2, $3, $4, $5, $6)"
                " on conflict (list_a, code_a, list_b, code_b) do update set"
                " relation = excluded.relation, basis = excluded.basis"
                " where codelist_crosswalk.relation <> excluded.relation"
                " or codelist_crosswalk.basis <> excluded.basis",
                V(a), V(p->from), V(b), V(p->to), V(p->relation), V(p->basis)));
    *changed = db_changed(cx) == 1;
    return OK;
}

enum err codelist_store_pair_drop(struct cx *cx, int64_t id)
{
    return db_exec(cx, "delete from codelist_crosswalk where id = $1", V(id));
}

enum err codelist_store_crossed(struct cx *cx, int64_t list, bool *crossed)
{
    int64_t n = 0;
    TRY(db_one_int(
        cx, &n,
        "select (select count(*) from (select 1 from codelist_crosswalk where list_a = $1"
        " limit 1) a) + (select count(*) from (select 1 from codelist_crosswalk"
        " where list_b = $1 limit 1) b)",
        V(list)));
    *crossed = n > 0;
    return OK;
}

static enum err take(struct db_rows *r, struct codelist_pair *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = (struct codelist_pair){.id = db_int(r, 0),
                                         .from = db_str(r, 1),
                                         .list = db_str(r, 2),
                                         .list_title = db_str(r, 3),
                                         .to = db_str(r, 4),
                                         .relation = db_str(r, 5),
                                         .basis = db_str(r, 6)};
    return r->err;
}

enum err codelist_store_pairs_between(struct cx *cx, int64_t a, int64_t b,
                                      struct codelist_pair *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    *n = 0;
    TRY(db_query(cx, &r,
                 "select x.id, x.code_a, l.code, l.title, x.code_b, x.relation, x.basis"
                 " from codelist_crosswalk x join codelist_list l on l.id = x.list_b"
                 " where x.list_a = $1 and x.list_b = $2 order by x.id limit $3",
                 V(a), V(b), V((int64_t)max)));
    return take(&r, out, max, n);
}

/* Both ways: seen from the other end, broader is narrower. */
enum err codelist_store_pairs_of(struct cx *cx, int64_t list, struct str code,
                                 struct codelist_pair *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    *n = 0;
    TRY(db_query(cx, &r,
                 "select x.id, x.code_a, l.code, l.title, x.code_b, x.relation, x.basis"
                 " from codelist_crosswalk x join codelist_list l on l.id = x.list_b"
                 " where x.list_a = $1 and x.code_a = $2"
                 " union all"
                 " select x.id, x.code_b, l.code, l.title, x.code_a,"
                 " case x.relation when 'broader' then 'narrower' when 'narrower' then 'broader'"
                 " else x.relation end, x.basis"
                 " from codelist_crosswalk x join codelist_list l on l.id = x.list_a"
                 " where x.list_b = $1 and x.code_b = $2"
                 " order by 3, 5, 1 limit $3",
                 V(list), V(code), V((int64_t)max)));
    return take(&r, out, max, n);
}
