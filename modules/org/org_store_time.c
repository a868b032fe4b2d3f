/* org_store_time.c - SQL about what areas became and were. */
#include "db/db.h"
#include "org_inside.h"
#include "org_store.h"

#define CHANGE_COLUMNS                                                                             \
    "c.on_day, c.kind, c.was_code, c.was_kind, c.was_name, c.basis, c.from_area,"                  \
    " coalesce(c.to_area, 0), "

enum end { END_FROM, END_TO };

/* `a` in the columns is the other end of the step. */
static enum err all_changes(struct db_rows *r, enum end other, struct org_change *out, size_t max,
                            size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n) {
        struct org_change c = {
            .on_day = db_int(r, 0),
            .kind = db_str(r, 1),
            .was_code = db_str(r, 2),
            .was_kind = db_str(r, 3),
            .was_name = db_str(r, 4),
            .basis = db_str(r, 5),
            .from = {.id = db_int(r, 6)},
            .to = {.id = db_int(r, 7)},
        };
        if (c.to.id) /* of a dissolved one there is no other end */
            *(other == END_TO ? &c.to : &c.from) = org_store_area_from(r, 8);
        out[*n] = c;
    }
    return r->err;
}

enum err org_store_changes_from(struct cx *cx, int64_t area, struct org_change *out, size_t max,
                                size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " CHANGE_COLUMNS ORG_AREA_COLUMNS
                 " from org_area_change c left join org_area a on a.id = c.to_area"
                 " where c.from_area = $1 order by c.on_day, a.code, c.id limit $2",
                 V(area), V(max)));
    return all_changes(&r, END_TO, out, max, n);
}

enum err org_store_changes_to(struct cx *cx, int64_t area, struct org_change *out, size_t max,
                              size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select " CHANGE_COLUMNS ORG_AREA_COLUMNS
        " from org_area_change c join org_area a on a.id = c.from_area"
        " where c.to_area = $1 and c.from_area <> $1 order by c.on_day, a.code, c.id limit $2",
        V(area), V(max)));
    return all_changes(&r, END_FROM, out, max, n);
}

static enum err one(struct db_rows *r, struct org_area *out)
{
    if (!db_next(r))
        return r->err ? r->err : ERR_NOT_FOUND;
    *out = org_store_area_from(r, 0);
    return OK;
}

/* In force that day, else the last before it, else the first after it. */
#define NEAREST                                                                                    \
    " order by case when a.valid_from <= $2 then 0 else 1 end,"                                    \
    " case when a.valid_from <= $2 then - a.valid_from else a.valid_from end limit 1"

enum err org_store_area_of_code(struct cx *cx, struct str code, int64_t day, struct org_area *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " ORG_AREA_COLUMNS " from org_area a where a.code = $1" NEAREST,
                 V(code), V(day)));
    return one(&r, out);
}

enum err org_store_area_of_old_code(struct cx *cx, struct str code, int64_t day,
                                    struct org_area *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ORG_AREA_COLUMNS
                 " from org_area a join org_area_change c on c.from_area = a.id"
                 " where c.was_code = $1 and c.kind = 'doi_ma'" NEAREST,
                 V(code), V(day)));
    return one(&r, out);
}

enum err org_store_areas_on(struct cx *cx, int64_t parent, int64_t day, struct str after,
                            struct org_area *out, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " ORG_AREA_COLUMNS " from org_area a where ");
    if (parent)
        DB_ADD(&q, "a.parent = $", V(parent));
    else
        DB_ADD(&q, "a.parent is null");
    DB_ADD(&q,
           " and a.valid_from <= $ and (a.valid_to = 0 or a.valid_to >= $) and a.code > $"
           " order by a.code limit $",
           V(day), V(day), V(after), V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = org_store_area_from(&r, 0);
    return r.err;
}

enum err org_store_areas_named(struct cx *cx, struct str bare, bool begins, struct org_area *out,
                               size_t max, size_t *n)
{
    auto_rows r = {0};
    struct str end = begins ? str_fmt(cx->arena, "%.*s~", F(bare)) : bare; /* folded: no ~ in it */
    TRY(db_query(cx, &r,
                 "select " ORG_AREA_COLUMNS " from org_area a where a.bare >= $1 and a.bare <= $2"
                 " order by a.bare, a.valid_from desc, a.code limit $3",
                 V(bare), V(end), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = org_store_area_from(&r, 0);
    return r.err;
}

enum err org_store_change_add(struct cx *cx, int64_t from, int64_t to, int64_t on_day,
                              struct str kind, struct str basis)
{
    return db_exec(cx,
                   "insert into org_area_change (on_day, kind, from_area, to_area, was_code,"
                   " was_kind, was_name, basis) values ($1, $2, $3, $4, '', '', '', $5)"
                   " on conflict (from_area, to_area, on_day, kind) do nothing",
                   V(on_day), V(kind), V(from), V_OR_NULL(to), V(basis));
}

/* The name or code that the area had until this day. */
enum err org_store_rename_note(struct cx *cx, const struct org_change *c, bool *added)
{
    TRY(db_exec(cx,
                "insert into org_area_change (on_day, kind, from_area, to_area, was_code,"
                " was_kind, was_name, basis) values ($1, $2, $3, $3, $4, $5, $6, $7)"
                " on conflict (from_area, to_area, on_day, kind) do nothing",
                V(c->on_day), V(c->kind), V(c->from.id), V(c->was_code), V(c->was_kind),
                V(c->was_name), V(c->basis)));
    *added = db_changed(cx) != 0;
    return OK;
}
