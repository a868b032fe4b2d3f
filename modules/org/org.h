/*
 * org.h - agencies and areas through time (cơ quan, đơn vị hành chính).
 *
 * Both are dated trees of any depth. A unit has a path "/1/7/" (ids from the root) for scopes; an
 * area likewise. Identifiers change by law (H37.25, 20 ...), so they are rows with dates; what a
 * unit or an area became, and what it came from, are rows too. valid_from 0: since before what the
 * data knows (the communes and the 63 provinces before 01/7/2025).
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
/* Units that are there today below the unit with this path ("/1/"), itself too, whose name, short
 * name or code has all the words, without marks; a whole name or code first. *total: all of them.
 */
enum err org_unit_search(struct cx *cx, struct str words, struct str path, struct org_unit *out,
                         size_t max, size_t *n, size_t *total);
/* The kinds of units that there are today. */
enum err org_unit_kinds(struct cx *cx, struct str *out, size_t max, size_t *n);
enum err org_units_of_kind(struct cx *cx, struct str kind, int64_t area, struct org_unit *out,
                           size_t max, size_t *n); /* area 0: all */
/* The unit itself if it is of this kind, else the first by name directly below it; ERR_NOT_FOUND.
 */
enum err org_unit_of_kind_at(struct cx *cx, struct str kind, const struct org_unit *at,
                             struct org_unit *out);

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

/* ---- areas through time ---- */

/* One step: from the day on, `from` is (in) `to`. kind: "nhap" all of it, "chia" a part of it,
 * "giai_the" nothing takes its place (to.id 0); "doi_ten" and "doi_ma" are of the same record,
 * was_* says how it stood until then. */
struct org_change {
    int64_t on_day;
    struct str kind, was_code, was_kind, was_name, basis;
    struct org_area from, to;
};
/* What the area came from and what became of it, oldest first. */
enum err org_area_changes(struct cx *cx, int64_t id, struct org_change *out, size_t max, size_t *n);

/* An area that stands, on a day, where another one stands: itself, what it became, what it came
 * from. whole: all of the one asked about lies in it (after), or it lies whole in that (before). */
struct org_stead {
    struct org_area area; /* named as on that day */
    bool whole;
};
#define ORG_STEADS_MAX 200
/* ERR_NOT_FOUND: no such area. None on that day: *n is 0. */
enum err org_area_on(struct cx *cx, int64_t id, int64_t day, struct org_stead *out, size_t max,
                     size_t *n);
/* The area that has or last had the code on that day or before, else the first after it. */
enum err org_area_of_code(struct cx *cx, struct str code, int64_t day, struct org_area *out);
/* Inside `parent` (0: the provinces) on a day, in the order of codes, after the code `after`. */
enum err org_areas_on(struct cx *cx, int64_t parent, int64_t day, struct str after,
                      struct org_area *out, size_t max, size_t *n);

/* An address as people write it, "Thôn 3, xã Mai Pha, TP Lạng Sơn": which communes it may mean,
 * old and new, the best first, and what stands there on `day`. Marks are not needed. */
struct org_address {
    struct org_area named; /* the commune the address names */
    struct str province;   /* it lay in */
    struct org_stead now[8];
    size_t now_n;
};
#define ORG_ADDRESS_MAX 400 /* characters */
enum err org_address_on(struct cx *cx, struct str address, int64_t day, struct org_address *out,
                        size_t max, size_t *n);

/* WRITE lane; used by packs, the demo and administration. */
enum err org_area_put(struct cx *cx, const struct org_area *a, int64_t *id);
enum err org_unit_put(struct cx *cx, const struct org_unit *u, int64_t *id);

/* ---- units through time ---- */

/* Who has the running work of this unit today: itself, or what took it over, however often. */
enum err org_unit_heir(struct cx *cx, int64_t id, struct org_unit *out);
struct org_unit_change {
    int64_t on_day;
    struct str kind, was_name, was_short, basis;
    bool takes_over;
    struct org_unit from, to; /* to.id 0: none */
};
/* What the unit came from and what became of it, oldest first. */
enum err org_unit_changes(struct cx *cx, int64_t id, struct org_unit_change *out, size_t max,
                          size_t *n);

/* ---- merging, splitting, renaming, dissolving ---- */

enum org_act { ORG_MERGE = 1, ORG_SPLIT, ORG_RENAME, ORG_DISSOLVE };
#define ORG_ORDER_MAX 30 /* units on one side */
struct org_into {
    struct str code, name, short_name, area; /* name empty: it exists; area: its code, or as from */
};
/* A decision. Its day may lie ahead: it then waits for that day. */
struct org_order {
    int64_t id, version, at, on_day, done_at, by_account;
    enum org_act act;
    bool of_areas;           /* else of units */
    struct str basis, state; /* "cho", "xong", "huy" */
    struct str note;         /* why it was cancelled */
    struct str from[ORG_ORDER_MAX];
    size_t from_n;
    struct org_into into[ORG_ORDER_MAX]; /* renamed: the name in into[0] */
    size_t into_n;
    struct str takes_over; /* split, dissolve: code of the unit that takes running work */
};
/* Checks without writing, in any lane: each mistake names its field ("tu", "vao", "nhan_viec",
 * "ngay", "can_cu"). ERR_INVALID, ERR_DENIED: a unit the actor's scope does not reach,
 * ERR_CONFLICT: it cannot be done as things stand, the sentence says why. */
enum err org_order_check(struct cx *cx, const struct org_order *o);
/* WRITE. Checks; does it when its day has come, else leaves it to the job of that day. What ends
 * says so in the journal ("org.unit.ended", "org.unit.moved"): whoever holds work of the unit moves
 * it to org_unit_heir. */
enum err org_order_make(struct cx *cx, struct org_order *o);
enum err org_order_cancel(struct cx *cx, const struct org_order *o,
                          struct str note); /* waits yet */
/* Within the reader's scope; newest first, before id `before` (0: from the newest). */
enum err org_orders(struct cx *cx, int64_t before, struct org_order *out, size_t max, size_t *n);
enum err org_order_find(struct cx *cx, int64_t id, struct org_order *out); /* ERR_NOT_FOUND */

struct module;
extern const struct module org_module;
