/* statistic_store.h - the only SQL about statistic_* tables. */
#pragma once
#include "db/db.h"
#include "statistic/statistic.h"

struct counted_case {
    int64_t dossier;
    struct str path, procedure;
    enum dossier_state state;
    enum channel channel;
    bool away;
    int64_t accepted_at, due_at, released_at, returned_at, ended_at;
};
enum err statistic_store_case(struct cx *cx, int64_t dossier,
                              struct counted_case *out); /* path empty: not counted yet */
enum err statistic_store_case_put(struct cx *cx, const struct counted_case *c);
/* All of them by dossier, after this one. */
enum err statistic_store_cases(struct cx *cx, int64_t after, struct counted_case *out, size_t max,
                               size_t *n);

/* Which counts, and where in them. */
struct count_key {
    enum count_table { IN_DAY, IN_MONTH, IN_NOW, IN_DUE } table;
    int64_t unit, at; /* at: day, month, state, due instant */
    bool tree;
    int standing;
    struct str procedure;
};
/* What is left at nothing goes. */
enum err statistic_store_add(struct cx *cx, const struct count_key *k, const int64_t n[FLOWS]);
enum err statistic_store_wipe(struct cx *cx);

enum err statistic_store_mark(struct cx *cx, int64_t at);
enum err statistic_store_marked(struct cx *cx, int64_t *at); /* 0: nothing counted yet */
enum err statistic_store_has_procedure(struct cx *cx, struct str code, bool *has);
enum err statistic_store_procedure_put(struct cx *cx, struct str code, struct str name,
                                       struct str field_code, struct str field_name);

/* ---- reading ---- */

struct flows_row {
    int64_t key; /* unit, day or month */
    struct str procedure, name, field_code, field_name;
    struct statistic_flows in;
};
/* Months of one unit, all procedures together; keys are months. */
enum err statistic_store_months(struct cx *cx, int64_t unit, bool alone, int from, int to,
                                struct flows_row *out, size_t max, size_t *n);
enum err statistic_store_days(struct cx *cx, int64_t unit, bool alone, int64_t from, int64_t to,
                              struct flows_row *out, size_t max, size_t *n);
/* Sums of the months, one row a procedure with its names. */
enum err statistic_store_procedures(struct cx *cx, const struct statistic_query *q,
                                    struct flows_row *out, size_t max, size_t *n);
/* Sums of the months, one row a unit with all below it. */
enum err statistic_store_units(struct cx *cx, int from, int to, struct flows_row *out, size_t max,
                               size_t *n);

struct now_row {
    int64_t unit, state, n;
    struct str procedure;
    int standing;
};
enum err statistic_store_now(struct cx *cx, int64_t unit, bool alone, struct now_row *out,
                             size_t max, size_t *n); /* all procedures together, by state */
enum err statistic_store_now_of_procedures(struct cx *cx, int64_t unit, bool alone,
                                           struct now_row *out, size_t max, size_t *n);
enum err statistic_store_now_of_units(struct cx *cx, struct now_row *out, size_t max, size_t *n);

/* How many were due before now, and how many from now until an instant. */
struct due_row {
    int64_t unit, late, soon;
    struct str procedure;
};
enum err statistic_store_due(struct cx *cx, int64_t unit, bool alone, int64_t until,
                             struct due_row *out);
enum err statistic_store_due_of_procedures(struct cx *cx, int64_t unit, bool alone, int64_t until,
                                           struct due_row *out, size_t max, size_t *n);
enum err statistic_store_due_of_units(struct cx *cx, int64_t until, struct due_row *out, size_t max,
                                      size_t *n);
/* Resolved late in these months, by procedure. */
enum err statistic_store_late_of_procedures(struct cx *cx, const struct statistic_query *q,
                                            struct flows_row *out, size_t max, size_t *n);
enum err statistic_store_fields(struct cx *cx, struct flows_row *out, size_t max, size_t *n);

/* Counts that contradict each other; *finding names the first. */
enum err statistic_store_contradiction(struct cx *cx, struct str *finding);

/* ---- maps ---- */

struct map_picture {
    struct str province, source, sha256;
    int64_t width, height;
};
struct map_area {
    struct str code, path; /* path: SVG */
};
enum err statistic_store_map(struct cx *cx, struct str province,
                             struct map_picture *out); /* ERR_NOT_FOUND: no pack has brought it */
/* In place of what there was; areas follow. */
enum err statistic_store_map_put(struct cx *cx, const struct map_picture *p);
enum err statistic_store_map_area_put(struct cx *cx, struct str province, const struct map_area *a);
enum err statistic_store_map_areas(struct cx *cx, struct str province, bool paths,
                                   struct map_area *out, size_t max, size_t *n); /* by code */
