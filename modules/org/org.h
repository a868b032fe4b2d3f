/*
 * org.h - agencies and areas through time (cơ quan, đơn vị hành chính).
 *
 * Both are dated trees of any depth. A unit has a path "/1/7/" (ids from the root) for scopes; an
 * area likewise. Identifiers change by law (H37.25, 20 ...), so they are rows with dates.
 */
#pragma once
#include "base/base.h"

struct org_unit {
    int64_t id, parent, area;
    struct str path, area_path;
    struct str code; /* agency identifier today, as "H37.114" (QĐ 20/2020 pattern) */
    struct str
        dossier_code; /* what its dossier codes begin with: a centre issues under its committee */
    struct str kind; /* "ubnd_tinh", "so", "ubnd_xa", "ttpvhcc_tinh", "ttpvhcc_xa", ... code list */
    struct str name, short_name;
    struct str address, phone, email; /* public, of the office */
    int64_t valid_from, valid_to;     /* day numbers; valid_to 0: open */
};
enum err org_unit_find(struct cx *cx, int64_t id, struct org_unit *out); /* ERR_NOT_FOUND */
enum err org_unit_by_code(struct cx *cx, struct str code, int64_t on_day, struct org_unit *out);
enum err org_children(struct cx *cx, int64_t parent, struct org_unit *out, size_t max, size_t *n);
enum err org_units_of_kind(struct cx *cx, struct str kind, int64_t area, struct org_unit *out,
                           size_t max, size_t *n); /* area 0: all */

struct org_area {
    int64_t id, parent;
    struct str code, kind, name, path; /* "20", "tinh"; "05977", "phuong" */
    int64_t valid_from, valid_to;
};
enum err org_area_find(struct cx *cx, int64_t id, struct org_area *out);
enum err org_area_by_code(struct cx *cx, struct str code, int64_t on_day, struct org_area *out);
/* Communes whose folded name has the words, also by the names they had before. */
enum err org_area_search(struct cx *cx, struct str words, int64_t within, struct org_area *out,
                         size_t max, size_t *n);
enum err org_areas_below(struct cx *cx, int64_t parent, struct org_area *out, size_t max,
                         size_t *n);

/* WRITE lane; used by packs, the demo and administration. */
enum err org_area_put(struct cx *cx, const struct org_area *a, int64_t *id);
enum err org_unit_put(struct cx *cx, const struct org_unit *u, int64_t *id);

struct module;
extern const struct module org_module;
