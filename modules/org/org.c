/* org.c - the rules of agencies and areas. No SQL in this file. */
#include "org.h"

#include "org_store.h"

enum err org_unit_find(struct cx *cx, int64_t id, struct org_unit *out)
{
    return org_store_unit(cx, id, out);
}

enum err org_unit_by_code(struct cx *cx, struct str code, int64_t on_day, struct org_unit *out)
{
    return org_store_unit_by_code(cx, code, on_day, out);
}

enum err org_children(struct cx *cx, int64_t parent, struct org_unit *out, size_t max, size_t *n)
{
    return org_store_children(cx, parent, out, max, n);
}

enum err org_unit_kinds(struct cx *cx, struct str *out, size_t max, size_t *n)
{
    return org_store_kinds(cx, out, max, n);
}

enum err org_units_of_kind(struct cx *cx, struct str kind, int64_t area, struct org_unit *out,
                           size_t max, size_t *n)
{
    return org_store_units_of_kind(cx, kind, area, out, max, n);
}

enum err org_unit_of_kind_at(struct cx *cx, struct str kind, const struct org_unit *at,
                             struct org_unit *out)
{
    if (at->valid_to != 0 || !str_eq(at->kind, kind))
        return org_store_child_of_kind(cx, at->id, kind, out);
    *out = *at;
    return OK;
}

enum err org_area_find(struct cx *cx, int64_t id, struct org_area *out)
{
    return org_store_area(cx, id, out);
}

enum err org_area_by_code(struct cx *cx, struct str code, int64_t on_day, struct org_area *out)
{
    return org_store_area_by_code(cx, code, on_day, out);
}

enum err org_area_search(struct cx *cx, struct str words, int64_t within, struct org_area *out,
                         size_t max, size_t *n)
{
    struct str folded = str_trim(text_fold(cx->arena, words));
    *n = 0; /* signs alone are no name */
    return folded.n ? org_store_area_search(cx, folded, within, out, max, n) : OK;
}

enum err org_areas_below(struct cx *cx, int64_t parent, struct org_area *out, size_t max, size_t *n)
{
    return org_store_areas_below(cx, parent, out, max, n);
}

/* The same code on the same first day is the same record: a pack loaded twice changes nothing. */
enum err org_area_put(struct cx *cx, const struct org_area *a, int64_t *id)
{
    struct org_area known;
    enum err e = org_store_area_by_code(cx, a->code, a->valid_from, &known);
    if (e == OK && known.valid_from == a->valid_from) {
        struct org_area next = *a;
        next.id = *id = known.id;
        return org_store_area_update(cx, &next);
    }
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    struct org_area next = *a;
    TRY(org_store_area_add(cx, &next));
    *id = next.id;
    return OK;
}

enum err org_unit_put(struct cx *cx, const struct org_unit *u, int64_t *id)
{
    struct org_unit known;
    enum err e = org_store_unit_by_code(cx, u->code, u->valid_from, &known);
    if (e == OK && known.valid_from == u->valid_from) {
        struct org_unit next = *u;
        next.id = *id = known.id;
        return org_store_unit_update(cx, &next);
    }
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    struct org_unit next = *u;
    TRY(org_store_unit_add(cx, &next));
    *id = next.id;
    return OK;
}
