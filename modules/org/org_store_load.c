/* org_store_load.c - SQL of loading whole lists: some rows a statement, ids remembered. */
#include "db/db.h"
#include "org_inside.h"
#include "org_store.h"

#define AREAS_A_TIME 8  /* 8 values each; a statement takes 64 */
#define STEPS_A_TIME 12 /* 5 values each */

static enum err all_rows(struct db_rows *r, struct org_area_row *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = (struct org_area_row){
            .id = db_int(r, 0),
            .parent = db_int(r, 1),
            .valid_from = db_int(r, 2),
            .valid_to = db_int(r, 3),
            .code = db_str(r, 4),
            .kind = db_str(r, 5),
            .name = db_str(r, 6),
        };
    return r->err;
}

enum err org_store_load_known(struct cx *cx, struct str first, struct str last, int64_t valid_from,
                              struct org_area_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select id, coalesce(parent, 0), valid_from, valid_to, code, kind, name from org_area"
        " where code >= $1 and code <= $2 and valid_from = $3 order by code limit $4",
        V(first), V(last), V(valid_from), V(max)));
    return all_rows(&r, out, max, n);
}

enum err org_store_load_provinces(struct cx *cx, int64_t valid_from, struct org_area_row *out,
                                  size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select id, coalesce(parent, 0), valid_from, valid_to, code, kind, name from org_area"
        " where parent is null and valid_from = $1 order by code limit $2",
        V(valid_from), V(max)));
    return all_rows(&r, out, max, n);
}

static void add_area(struct cx *cx, struct db_text *q, const struct org_area_row *a)
{
    DB_ADD(q, "(1, '', $, $, $, $, $, $, $, $)", V_OR_NULL(a->parent), V(a->code), V(a->kind),
           V(a->name), V(text_fold(cx->arena, a->name)), V(org_bare_name(cx, a->name)),
           V(a->valid_from), V(a->valid_to));
}

static enum err some_areas(struct cx *cx, struct org_area_row *rows, size_t n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(
        &q,
        "insert into org_area"
        " (version, path, parent, code, kind, name, folded, bare, valid_from, valid_to) values ");
    for (size_t i = 0; i < n; i++) {
        if (i)
            DB_ADD(&q, ", ");
        add_area(cx, &q, &rows[i]);
    }
    DB_ADD(&q, " returning id, code");
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    while (db_next(&r)) /* in whatever order */
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[i].code, db_str(&r, 1)))
                rows[i].id = db_int(&r, 0);
    return r.err;
}

enum err org_store_load_areas(struct cx *cx, struct org_area_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i += AREAS_A_TIME)
        TRY(some_areas(cx, rows + i, n - i < AREAS_A_TIME ? n - i : AREAS_A_TIME));
    return OK;
}

/* Two levels at most are new in one turn, the upper ones first. */
enum err org_store_load_paths(struct cx *cx)
{
    TRY(db_exec(cx, "update org_area set path = '/' || cast(id as text) || '/'"
                    " where path = '' and parent is null"));
    return db_exec(cx, "update org_area set path = (select p.path from org_area p"
                       " where p.id = org_area.parent) || cast(id as text) || '/' where path = ''");
}

static enum err all_steps(struct db_rows *r, struct org_step_row *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] =
            (struct org_step_row){db_int(r, 0), db_int(r, 1), str_eq(db_str(r, 2), S("nhap"))};
    return r->err;
}

enum err org_store_load_province_steps(struct cx *cx, int64_t on_day, struct org_step_row *out,
                                       size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select c.from_area, c.to_area, c.kind from org_area a"
                 " join org_area_change c on c.from_area = a.id"
                 " where a.parent is null and a.valid_from = 0 and c.on_day = $1"
                 " and c.to_area is not null limit $2",
                 V(on_day), V(max)));
    return all_steps(&r, out, max, n);
}

enum err org_store_load_known_steps(struct cx *cx, struct str first, struct str last,
                                    int64_t on_day, struct org_step_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select c.from_area, c.to_area, c.kind from org_area a"
                 " join org_area_change c on c.from_area = a.id"
                 " where a.code >= $1 and a.code <= $2 and a.valid_from = 0 and c.on_day = $3"
                 " and c.to_area is not null limit $4",
                 V(first), V(last), V(on_day), V(max)));
    return all_steps(&r, out, max, n);
}

static enum err some_steps(struct cx *cx, const struct org_step_row *rows, size_t n, int64_t on_day,
                           struct str basis)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "insert into org_area_change"
               " (was_code, was_kind, was_name, on_day, kind, from_area, to_area, basis) values ");
    for (size_t i = 0; i < n; i++) {
        if (i)
            DB_ADD(&q, ", ");
        DB_ADD(&q, "('', '', '', $, $, $, $, $)", V(on_day),
               V(rows[i].whole ? S("nhap") : S("chia")), V(rows[i].from), V(rows[i].to), V(basis));
    }
    DB_ADD(&q, " on conflict (from_area, to_area, on_day, kind) do nothing returning id");
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    while (db_next(&r))
        ;
    return r.err;
}

enum err org_store_load_steps(struct cx *cx, const struct org_step_row *rows, size_t n,
                              int64_t on_day, struct str basis)
{
    for (size_t i = 0; i < n; i += STEPS_A_TIME)
        TRY(some_steps(cx, rows + i, n - i < STEPS_A_TIME ? n - i : STEPS_A_TIME, on_day, basis));
    return OK;
}
