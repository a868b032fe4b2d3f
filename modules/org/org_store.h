/* org_store.h - the only SQL about org_* tables. */
#pragma once
#include "org/org.h"

enum err org_store_area(struct cx *cx, int64_t id, struct org_area *out);
enum err org_store_area_by_code(struct cx *cx, struct str code, int64_t on_day,
                                struct org_area *out);
enum err org_store_areas_below(struct cx *cx, int64_t parent, struct org_area *out, size_t max,
                               size_t *n);
/* By every folded word: name or an old name contains it. */
enum err org_store_area_search(struct cx *cx, struct str folded, int64_t within,
                               struct org_area *out, size_t max, size_t *n);
enum err org_store_area_add(struct cx *cx, struct org_area *a);
enum err org_store_area_update(struct cx *cx, const struct org_area *a);
enum err org_store_alias_add(struct cx *cx, int64_t area, struct str name);

enum err org_store_unit(struct cx *cx, int64_t id, struct org_unit *out);
enum err org_store_unit_by_code(struct cx *cx, struct str code, int64_t on_day,
                                struct org_unit *out);
enum err org_store_children(struct cx *cx, int64_t parent, struct org_unit *out, size_t max,
                            size_t *n);
enum err org_store_units_of_kind(struct cx *cx, struct str kind, int64_t area, struct org_unit *out,
                                 size_t max, size_t *n);
enum err org_store_unit_add(struct cx *cx, struct org_unit *u);
enum err org_store_unit_update(struct cx *cx, const struct org_unit *u);
