/* org_store_order.c - SQL about decisions, and about what units became. */
#include "db/db.h"
#include "org_inside.h"
#include "org_store.h"

/* ---- decisions ---- */

static const char *const acts[] = {[ORG_MERGE] = "nhap",
                                   [ORG_SPLIT] = "chia",
                                   [ORG_RENAME] = "doi_ten",
                                   [ORG_DISSOLVE] = "giai_the"};

static enum org_act act_of(struct str word)
{
    for (size_t i = ORG_MERGE; i <= ORG_DISSOLVE; i++)
        if (str_eq(word, str_c(acts[i])))
            return (enum org_act)i;
    MUST_NOT_HAPPEN("the check of the column knows the same words");
}

enum err org_store_order_add(struct cx *cx, struct org_order *o, struct str unit_path,
                             struct str detail)
{
    o->version = 1;
    return db_insert(
        cx, &o->id,
        "insert into org_order (version, at, by_account, by_unit, unit_path, act, of_areas, on_day,"
        " basis, detail, state, done_at, note)"
        " values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, 'cho', 0, '') returning id",
        V(cx->now), V_OR_NULL(cx->actor->account), V_OR_NULL(cx->actor->unit), V(unit_path),
        V(str_c(acts[o->act])), V(o->of_areas), V(o->on_day), V(o->basis), V(detail));
}

enum err org_store_order_state(struct cx *cx, const struct org_order *o, struct str state,
                               struct str note)
{
    TRY(db_exec(cx,
                "update org_order set version = version + 1, state = $1, note = $2, done_at = $3"
                " where id = $4 and version = $5 and state = 'cho'",
                V(state), V(note), V(cx->now), V(o->id), V(o->version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT,
                    T("Quyết định này vừa được thực hiện hoặc hủy. Tải lại trang để xem."));
    return OK;
}

enum err org_store_orders(struct cx *cx, int64_t id, int64_t before, struct org_order *out,
                          struct str *detail, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q,
           "select o.id, o.version, o.at, coalesce(o.by_account, 0), o.act, o.of_areas, o.on_day,"
           " o.basis, o.state, o.done_at, o.note, o.detail from org_order o where 1 = 1");
    if (id)
        DB_ADD(&q, " and o.id = $", V(id));
    if (before)
        DB_ADD(&q, " and o.id < $", V(before));
    db_scope(cx, &q, &(struct db_scope_columns){.unit_path = "o.unit_path"});
    DB_ADD(&q, " order by o.id desc limit $", V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    for (*n = 0; *n < max && db_next(&r); ++*n) {
        out[*n] = (struct org_order){
            .id = db_int(&r, 0),
            .version = db_int(&r, 1),
            .at = db_int(&r, 2),
            .by_account = db_int(&r, 3),
            .act = act_of(db_str(&r, 4)),
            .of_areas = db_int(&r, 5) != 0,
            .on_day = db_int(&r, 6),
            .basis = db_str(&r, 7),
            .state = db_str(&r, 8),
            .done_at = db_int(&r, 9),
            .note = db_str(&r, 10),
        };
        detail[*n] = db_str(&r, 11);
    }
    return r.err;
}

/* ---- what units became ---- */

enum err org_store_unit_change_add(struct cx *cx, const struct org_unit_change *c, int64_t order)
{
    return db_exec(
        cx,
        "insert into org_unit_change (on_day, kind, from_unit, to_unit, takes_over, was_name,"
        " was_short, basis, by_order) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        V(c->on_day), V(c->kind), V(c->from.id), V_OR_NULL(c->to.id), V(c->takes_over),
        V(c->was_name.p ? c->was_name : S("")), V(c->was_short.p ? c->was_short : S("")),
        V(c->basis), V_OR_NULL(order));
}

#define CHANGE_COLUMNS "c.on_day, c.kind, c.was_name, c.was_short, c.basis, c.takes_over, "

static enum err all_changes(struct db_rows *r, bool other_is_to, struct org_unit_change *out,
                            size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n) {
        struct org_unit_change c = {
            .on_day = db_int(r, 0),
            .kind = db_str(r, 1),
            .was_name = db_str(r, 2),
            .was_short = db_str(r, 3),
            .basis = db_str(r, 4),
            .takes_over = db_int(r, 5) != 0,
        };
        if (!db_null(r, 6))
            *(other_is_to ? &c.to : &c.from) = org_store_unit_from(r, 6);
        out[*n] = c;
    }
    return r->err;
}

enum err org_store_unit_changes_from(struct cx *cx, int64_t unit, struct org_unit_change *out,
                                     size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " CHANGE_COLUMNS ORG_UNIT_COLUMNS
                 " from org_unit_change c left join org_unit u on u.id = c.to_unit"
                 " left join org_area a on a.id = u.area"
                 " where c.from_unit = $1 order by c.on_day, c.id limit $2",
                 V(unit), V(max)));
    return all_changes(&r, true, out, max, n);
}

enum err org_store_unit_changes_to(struct cx *cx, int64_t unit, struct org_unit_change *out,
                                   size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " CHANGE_COLUMNS ORG_UNIT_COLUMNS
                 " from org_unit_change c join org_unit u on u.id = c.from_unit"
                 " left join org_area a on a.id = u.area"
                 " where c.to_unit = $1 and c.from_unit <> $1 order by c.on_day, c.id limit $2",
                 V(unit), V(max)));
    return all_changes(&r, false, out, max, n);
}

enum err org_store_unit_taker(struct cx *cx, int64_t unit, int64_t *heir)
{
    return db_one_int(cx, heir,
                      "select to_unit from org_unit_change where from_unit = $1 and takes_over = 1"
                      " order by on_day desc, id desc limit 1",
                      V(unit));
}

/* ---- units in the tree ---- */

enum err org_store_unit_of_code(struct cx *cx, struct str code, int64_t day, struct org_unit *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ORG_UNIT_COLUMNS ORG_UNIT_FROM
                 "where u.code = $1 order by case when u.valid_from <= $2 then 0 else 1 end,"
                 " case when u.valid_from <= $2 then - u.valid_from else u.valid_from end limit 1",
                 V(code), V(day)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = org_store_unit_from(&r, 0);
    return OK;
}

enum err org_store_roots(struct cx *cx, struct org_unit *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ORG_UNIT_COLUMNS ORG_UNIT_FROM
                 "where u.parent is null and u.valid_to = 0 order by u.code limit $1",
                 V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = org_store_unit_from(&r, 0);
    return r.err;
}

enum err org_store_unit_end(struct cx *cx, int64_t unit, int64_t last_day)
{
    TRY(db_exec(cx,
                "update org_unit set version = version + 1, valid_to = $1"
                " where id = $2 and valid_to = 0",
                V(last_day), V(unit)));
    return db_changed(cx) == 1
               ? OK
               : fail(cx, ERR_CONFLICT, T("Đơn vị này vừa kết thúc hoạt động. Tải lại trang."));
}

static struct str path_end(struct cx *cx, struct str path)
{
    return str_fmt(cx->arena, "%.*s~", F(path));
}

enum err org_store_units_below(struct cx *cx, struct str path, struct org_unit *out, size_t max,
                               size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ORG_UNIT_COLUMNS ORG_UNIT_FROM
                 "where u.path >= $1 and u.path < $2 and u.valid_to = 0 order by u.path limit $3",
                 V(path), V(path_end(cx, path)), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = org_store_unit_from(&r, 0);
    return r.err;
}

enum err org_store_unit_move(struct cx *cx, const struct org_unit *u, const struct org_unit *to)
{
    struct str new_path = str_fmt(cx->arena, "%.*s%lld/", F(to->path), (long long)u->id);
    TRY(db_exec(cx, "update org_unit set version = version + 1, parent = $1 where id = $2",
                V(to->id), V(u->id)));
    return db_exec(cx,
                   "update org_unit set path = $1 || substr(path, cast($2 as integer))"
                   " where path >= $3 and path < $4",
                   V(new_path), V((int64_t)u->path.n + 1), V(u->path), V(path_end(cx, u->path)));
}

enum err org_store_units_of_area(struct cx *cx, int64_t area, struct org_unit *out, size_t max,
                                 size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ORG_UNIT_COLUMNS ORG_UNIT_FROM
                 "where u.area = $1 and u.valid_to = 0 order by u.id limit $2",
                 V(area), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = org_store_unit_from(&r, 0);
    return r.err;
}

enum err org_store_unit_area(struct cx *cx, int64_t unit, int64_t area)
{
    return db_exec(cx, "update org_unit set version = version + 1, area = $1 where id = $2",
                   V(area), V(unit));
}

enum err org_store_areas_move(struct cx *cx, const struct org_area *from, const struct org_area *to)
{
    TRY(db_exec(cx,
                "update org_area set version = version + 1, parent = $1"
                " where parent = $2 and valid_to = 0",
                V(to->id), V(from->id)));
    return db_exec(cx,
                   "update org_area set path = $1 || substr(path, cast($2 as integer))"
                   " where parent = $3 and path >= $4 and path < $5",
                   V(to->path), V((int64_t)from->path.n + 1), V(to->id), V(from->path),
                   V(path_end(cx, from->path)));
}
