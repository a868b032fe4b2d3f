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

/* Rows of org_area in queries with the alias a, and how to read them (org_store.c). */
#define ORG_AREA_COLUMNS "a.id, a.parent, a.code, a.kind, a.name, a.path, a.valid_from, a.valid_to"
struct db_rows;
struct org_area org_store_area_from(struct db_rows *r, int column);

/* ---- through time (org_store_time.c) ---- */
enum err org_store_changes_from(struct cx *cx, int64_t area, struct org_change *out, size_t max,
                                size_t *n);
enum err org_store_changes_to(struct cx *cx, int64_t area, struct org_change *out, size_t max,
                              size_t *n); /* without those of the area itself */
enum err org_store_area_of_code(struct cx *cx, struct str code, int64_t day, struct org_area *out);
enum err org_store_area_of_old_code(struct cx *cx, struct str code, int64_t day,
                                    struct org_area *out);
enum err org_store_areas_on(struct cx *cx, int64_t parent, int64_t day, struct str after,
                            struct org_area *out, size_t max, size_t *n);
/* Areas whose name without its kind is exactly this, or begins so. */
enum err org_store_areas_named(struct cx *cx, struct str bare, bool begins, struct org_area *out,
                               size_t max, size_t *n);
enum err org_store_change_add(struct cx *cx, int64_t from, int64_t to, int64_t on_day,
                              struct str kind, struct str basis);
enum err org_store_rename_note(struct cx *cx, const struct org_change *c, bool *added);

/* ---- loading whole lists, some rows a statement (org_store_load.c) ---- */
struct org_area_row { /* in, and id out */
    int64_t id, parent, valid_from, valid_to;
    struct str code, kind, name;
};
/* Areas whose codes lie in the range and that began on this day, in order of code. */
enum err org_store_load_known(struct cx *cx, struct str first, struct str last, int64_t valid_from,
                              struct org_area_row *out, size_t max, size_t *n);
enum err org_store_load_provinces(struct cx *cx, int64_t valid_from, struct org_area_row *out,
                                  size_t max, size_t *n);
enum err org_store_load_areas(struct cx *cx, struct org_area_row *rows, size_t n);
enum err org_store_load_paths(struct cx *cx); /* of those that were just added */
struct org_step_row {
    int64_t from, to;
    bool whole;
};
enum err org_store_load_province_steps(struct cx *cx, int64_t on_day, struct org_step_row *out,
                                       size_t max, size_t *n);
enum err org_store_load_known_steps(struct cx *cx, struct str first, struct str last,
                                    int64_t on_day, struct org_step_row *out, size_t max,
                                    size_t *n);
enum err org_store_load_steps(struct cx *cx, const struct org_step_row *rows, size_t n,
                              int64_t on_day, struct str basis);

enum err org_store_unit(struct cx *cx, int64_t id, struct org_unit *out);
enum err org_store_unit_by_code(struct cx *cx, struct str code, int64_t on_day,
                                struct org_unit *out);
enum err org_store_children(struct cx *cx, int64_t parent, struct org_unit *out, size_t max,
                            size_t *n);
enum err org_store_kinds(struct cx *cx, struct str *out, size_t max, size_t *n);
enum err org_store_units_of_kind(struct cx *cx, struct str kind, int64_t area, struct org_unit *out,
                                 size_t max, size_t *n);
enum err org_store_child_of_kind(struct cx *cx, int64_t parent, struct str kind,
                                 struct org_unit *out);
enum err org_store_unit_add(struct cx *cx, struct org_unit *u);
enum err org_store_unit_update(struct cx *cx, const struct org_unit *u);

#define ORG_UNIT_COLUMNS                                                                            \
    "u.id, u.parent, u.area, u.path, coalesce(a.path, ''), u.code, u.dossier_code, u.kind, u.name," \
    " u.short_name, u.address, u.phone, u.email, u.valid_from, u.valid_to"
#define ORG_UNIT_FROM " from org_unit u left join org_area a on a.id = u.area "
struct org_unit org_store_unit_from(struct db_rows *r, int column);

/* ---- decisions and what they leave (org_store_order.c) ---- */
enum err org_store_order_add(struct cx *cx, struct org_order *o, struct str unit_path,
                             struct str detail);
enum err org_store_order_state(struct cx *cx, const struct org_order *o, struct str state,
                               struct str note);
/* *detail of each as it was stored. */
enum err org_store_orders(struct cx *cx, int64_t id, int64_t before, struct org_order *out,
                          struct str *detail, size_t max, size_t *n);
enum err org_store_unit_change_add(struct cx *cx, const struct org_unit_change *c, int64_t order);
enum err org_store_unit_changes_from(struct cx *cx, int64_t unit, struct org_unit_change *out,
                                     size_t max, size_t *n);
enum err org_store_unit_changes_to(struct cx *cx, int64_t unit, struct org_unit_change *out,
                                   size_t max, size_t *n);
enum err org_store_unit_taker(struct cx *cx, int64_t unit, int64_t *heir); /* ERR_NOT_FOUND */
/* That day's, else the last that had the code, else the first after. ERR_NOT_FOUND, no sentence. */
enum err org_store_unit_of_code(struct cx *cx, struct str code, int64_t day, struct org_unit *out);
enum err org_store_roots(struct cx *cx, struct org_unit *out, size_t max, size_t *n);
enum err org_store_unit_end(struct cx *cx, int64_t unit, int64_t last_day);
/* The unit and all below it under another parent. */
enum err org_store_unit_move(struct cx *cx, const struct org_unit *u, const struct org_unit *to);
enum err org_store_units_below(struct cx *cx, struct str path, struct org_unit *out, size_t max,
                               size_t *n);
enum err org_store_units_of_area(struct cx *cx, int64_t area, struct org_unit *out, size_t max,
                                 size_t *n);
enum err org_store_unit_area(struct cx *cx, int64_t unit, int64_t area);
/* All that lies right below one area now goes to another; what ended stays. */
enum err org_store_areas_move(struct cx *cx, const struct org_area *from,
                              const struct org_area *to);
