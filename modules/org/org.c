/* org.c - the rules of agencies and areas. No SQL in this file. */
#include "org.h"

#include "kept/kept.h"
#include "org_store.h"

/* ---- one unit, which nearly every page names ---- */

static enum err make_unit(struct cx *cx, void *arg, const void **out)
{
    struct org_unit *u = NEW(cx->arena, struct org_unit);
    *out = u;
    return org_store_unit(cx, *(const int64_t *)arg, u);
}

/* Its texts as one block of the caller's own memory: they go into titles and kept things. */
static struct org_unit unit_copy(struct arena *a, const struct org_unit *u)
{
    struct org_unit out = *u;
    struct str *const texts[] = {&out.path,  &out.area_path, &out.code,       &out.dossier_code,
                                 &out.kind,  &out.name,      &out.short_name, &out.address,
                                 &out.phone, &out.email};
    const size_t n = sizeof texts / sizeof *texts;
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += texts[i]->n + 1;
    char *p = arena_alloc(a, bytes);
    for (size_t i = 0; i < n; i++) {
        if (!texts[i]->p)
            continue;
        memcpy(p, texts[i]->p, texts[i]->n);
        texts[i]->p = p;
        p += texts[i]->n + 1;
    }
    return out;
}

/* In tests it is read once more: a table that was forgotten shows. */
static enum err check_unit(struct cx *cx, const struct org_unit *u)
{
    struct org_unit anew;
    if (!cx->env->testing)
        return OK;
    TRY(org_store_unit(cx, u->id, &anew));
    MUST(str_eq(u->name, anew.name) && str_eq(u->path, anew.path) && str_eq(u->code, anew.code));
    MUST(str_eq(u->area_path, anew.area_path) && u->valid_to == anew.valid_to);
    return OK;
}

enum err org_unit_find(struct cx *cx, int64_t id, struct org_unit *out)
{
    static const char *const moves[] = {"org", NULL};
    const void *found;
    if (!db_is_reader(cx)) /* a writer would read the numbers first: as much as the unit */
        return org_store_unit(cx, id, out);
    TRY(kept_find(cx,
                  &(struct kept_wish){.key = str_fmt(cx->arena, "org.unit %lld", (long long)id),
                                      .of = moves,
                                      .make = make_unit,
                                      .arg = &id,
                                      .about_bytes = 1024},
                  &found));
    TRY(check_unit(cx, found));
    *out = unit_copy(cx->arena, found);
    return OK;
}

/* ---- the rest, as it is read ---- */

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
