/* org_store.c - the only file that speaks SQL about org_* tables. */
#include "org_store.h"

#include "db/db.h"
#include "org_inside.h"

#define AREA_COLUMNS ORG_AREA_COLUMNS
#define UNIT_COLUMNS ORG_UNIT_COLUMNS
#define UNIT_FROM ORG_UNIT_FROM

struct org_area org_store_area_from(struct db_rows *r, int column)
{
    return (struct org_area){
        .id = db_int(r, column),
        .parent = db_int(r, column + 1),
        .code = db_str(r, column + 2),
        .kind = db_str(r, column + 3),
        .name = db_str(r, column + 4),
        .path = db_str(r, column + 5),
        .valid_from = db_int(r, column + 6),
        .valid_to = db_int(r, column + 7),
    };
}

static struct org_area area_from(struct db_rows *r)
{
    return org_store_area_from(r, 0);
}

struct org_unit org_store_unit_from(struct db_rows *r, int column)
{
    return (struct org_unit){
        .id = db_int(r, column),
        .parent = db_int(r, column + 1),
        .area = db_int(r, column + 2),
        .path = db_str(r, column + 3),
        .area_path = db_str(r, column + 4),
        .code = db_str(r, column + 5),
        .dossier_code = db_str(r, column + 6),
        .kind = db_str(r, column + 7),
        .name = db_str(r, column + 8),
        .short_name = db_str(r, column + 9),
        .address = db_str(r, column + 10),
        .phone = db_str(r, column + 11),
        .email = db_str(r, column + 12),
        .valid_from = db_int(r, column + 13),
        .valid_to = db_int(r, column + 14),
    };
}

static struct org_unit unit_from(struct db_rows *r)
{
    return org_store_unit_from(r, 0);
}

static enum err one_area(struct cx *cx, struct db_rows *r, struct org_area *out)
{
    if (!db_next(r))
        return r->err ? r->err : fail(cx, ERR_NOT_FOUND, T("Không có địa bàn này."));
    *out = area_from(r);
    return OK;
}

static enum err all_areas(struct db_rows *r, struct org_area *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = area_from(r);
    return r->err;
}

static enum err one_unit(struct cx *cx, struct db_rows *r, struct org_unit *out)
{
    if (!db_next(r))
        return r->err ? r->err : fail(cx, ERR_NOT_FOUND, T("Không có đơn vị này."));
    *out = unit_from(r);
    return OK;
}

static enum err all_units(struct db_rows *r, struct org_unit *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = unit_from(r);
    return r->err;
}

enum err org_store_area(struct cx *cx, int64_t id, struct org_area *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " AREA_COLUMNS " from org_area a where a.id = $1", V(id)));
    return one_area(cx, &r, out);
}

enum err org_store_area_by_code(struct cx *cx, struct str code, int64_t on_day,
                                struct org_area *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select " AREA_COLUMNS " from org_area a"
        " where a.code = $1 and a.valid_from <= $2 and (a.valid_to = 0 or a.valid_to >= $2)",
        V(code), V(on_day)));
    return one_area(cx, &r, out);
}

enum err org_store_areas_below(struct cx *cx, int64_t parent, struct org_area *out, size_t max,
                               size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " AREA_COLUMNS " from org_area a where a.parent = $1 and a.valid_to = 0"
                 " order by a.folded limit $2",
                 V(parent), V(max)));
    return all_areas(&r, out, max, n);
}

/* The path prefix as a range, which an index serves alike on both databases. */
static struct str path_end(struct cx *cx, struct str path)
{
    return str_fmt(cx->arena, "%.*s~", F(path));
}

enum err org_store_area_search(struct cx *cx, struct str folded, int64_t within,
                               struct org_area *out, size_t max, size_t *n)
{
    struct org_area top;
    TRY(org_store_area(cx, within, &top));
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q,
           "select " AREA_COLUMNS
           " from org_area a where a.valid_to = 0 and a.path > $ and a.path < $",
           V(top.path), V(path_end(cx, top.path)));
    for (struct str word, rest = folded; rest.n;) {
        str_cut(rest, ' ', &word, &rest);
        struct str like = str_fmt(cx->arena, "%%%.*s%%", F(word)); /* folded: no % or _ in it */
        DB_ADD(&q,
               " and (a.folded like $ or exists (select 1 from org_area_alias x"
               " where x.area = a.id and x.folded like $) or exists (select 1"
               " from org_area_change c join org_area o on o.id = c.from_area"
               " where c.to_area = a.id and o.folded like $))",
               V(like), V(like), V(like));
    }
    DB_ADD(&q, " order by a.folded, a.id limit $", V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    return all_areas(&r, out, max, n);
}

enum err org_store_area_add(struct cx *cx, struct org_area *a)
{
    TRY(db_insert(
        cx, &a->id,
        "insert into org_area (version, parent, path, code, kind, name, folded, bare, valid_from, valid_to)"
        " values (1, $1, '', $2, $3, $4, $5, $6, $7, $8) returning id",
        V_OR_NULL(a->parent), V(a->code), V(a->kind), V(a->name), V(text_fold(cx->arena, a->name)),
        V(org_bare_name(cx, a->name)), V(a->valid_from), V(a->valid_to)));
    struct org_area parent = {.path = S("/")};
    if (a->parent)
        TRY(org_store_area(cx, a->parent, &parent));
    a->path = str_fmt(cx->arena, "%.*s%lld/", F(parent.path), (long long)a->id);
    return db_exec(cx, "update org_area set path = $1 where id = $2", V(a->path), V(a->id));
}

enum err org_store_area_update(struct cx *cx, const struct org_area *a)
{
    return db_exec(
        cx,
        "update org_area set version = version + 1, kind = $1, name = $2, folded = $3, bare = $4,"
        " valid_to = $5 where id = $6",
        V(a->kind), V(a->name), V(text_fold(cx->arena, a->name)), V(org_bare_name(cx, a->name)),
        V(a->valid_to), V(a->id));
}

enum err org_store_alias_add(struct cx *cx, int64_t area, struct str name)
{
    return db_exec(cx,
                   "insert into org_area_alias (area, name, folded) values ($1, $2, $3)"
                   " on conflict (area, folded) do nothing",
                   V(area), V(name), V(text_fold(cx->arena, name)));
}

enum err org_store_unit(struct cx *cx, int64_t id, struct org_unit *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " UNIT_COLUMNS UNIT_FROM "where u.id = $1", V(id)));
    return one_unit(cx, &r, out);
}

enum err org_store_unit_by_code(struct cx *cx, struct str code, int64_t on_day,
                                struct org_unit *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select " UNIT_COLUMNS UNIT_FROM
        "where u.code = $1 and u.valid_from <= $2 and (u.valid_to = 0 or u.valid_to >= $2)",
        V(code), V(on_day)));
    return one_unit(cx, &r, out);
}

enum err org_store_children(struct cx *cx, int64_t parent, struct org_unit *out, size_t max,
                            size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " UNIT_COLUMNS UNIT_FROM
                 "where u.parent = $1 and u.valid_to = 0 order by u.code limit $2",
                 V(parent), V(max)));
    return all_units(&r, out, max, n);
}

enum err org_store_kinds(struct cx *cx, struct str *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select distinct kind from org_unit where valid_to = 0 order by kind limit $1",
                 V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = db_str(&r, 0);
    return r.err;
}

enum err org_store_units_of_kind(struct cx *cx, struct str kind, int64_t area, struct org_unit *out,
                                 size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " UNIT_COLUMNS UNIT_FROM "where u.kind = $ and u.valid_to = 0", V(kind));
    if (area)
        DB_ADD(&q, " and u.area = $", V(area));
    DB_ADD(&q, " order by u.name limit $", V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    return all_units(&r, out, max, n);
}

/* The first by name, as the index has them: nothing is sorted. */
enum err org_store_child_of_kind(struct cx *cx, int64_t parent, struct str kind,
                                 struct org_unit *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " UNIT_COLUMNS UNIT_FROM
                 "where u.parent = $1 and u.kind = $2 and u.valid_to = 0"
                 " order by u.name, u.id limit 1",
                 V(parent), V(kind)));
    return one_unit(cx, &r, out);
}

enum err org_store_unit_add(struct cx *cx, struct org_unit *u)
{
    TRY(db_insert(
        cx, &u->id,
        "insert into org_unit (version, parent, area, path, code, dossier_code, kind, name, short_name,"
        " address, phone, email, valid_from, valid_to)"
        " values (1, $1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id",
        V_OR_NULL(u->parent), V_OR_NULL(u->area), V(u->code), V(u->dossier_code), V(u->kind),
        V(u->name), V(u->short_name), V(u->address), V(u->phone), V(u->email), V(u->valid_from),
        V(u->valid_to)));
    struct org_unit parent = {.path = S("/")};
    if (u->parent)
        TRY(org_store_unit(cx, u->parent, &parent));
    u->path = str_fmt(cx->arena, "%.*s%lld/", F(parent.path), (long long)u->id);
    return db_exec(cx, "update org_unit set path = $1 where id = $2", V(u->path), V(u->id));
}

enum err org_store_unit_update(struct cx *cx, const struct org_unit *u)
{
    return db_exec(
        cx,
        "update org_unit set version = version + 1, area = $1, dossier_code = $2, kind = $3, name = $4,"
        " short_name = $5, address = $6, phone = $7, email = $8, valid_to = $9 where id = $10",
        V_OR_NULL(u->area), V(u->dossier_code), V(u->kind), V(u->name), V(u->short_name),
        V(u->address), V(u->phone), V(u->email), V(u->valid_to), V(u->id));
}
