/* onestop_lists.h - lists of dossiers: where their rows come from, and what pages show of them. */
#pragma once
#include "list/list.h"
#include "onestop_inside.h"

/* Keys of onestop_desk.due_key: what has no running clock stands before or after all that has. */
#define DESK_FAR INT64_C(1000000000000000)
#define DESK_NO_TERM INT64_C(900000000000000)

enum desk_turn { TURN_ENDED = 0, TURN_TO_DO, TURN_WAITS };
enum desk_turn onestop_turn(enum dossier_state s);
int64_t onestop_due_key(const struct dossier *d);
/* Whom the step asks, by the right it names; NEED_NOBODY and the state: none of them now. */
enum desk_need { NEED_ENDED = 0, NEED_COUNTER, NEED_CHECK, NEED_SIGN, NEED_NOBODY = 10 };
enum err onestop_need(struct cx *cx, const struct dossier *d, int *need);

/* Rows are struct inbox_row. onestop_work: in the hands of the reader's units; onestop_all: every
 * dossier they may see. */
extern const struct list_source onestop_work_source, onestop_all_source;
/* "so=tre.202601.202611": the dossiers that this figure of statistics counts; its words. */
void onestop_add_figure(struct cx *cx, struct db_text *q, struct str value);
struct str onestop_figure_words(struct cx *cx, struct str value);
/* What is to be done in the hands of the reader's units, up to max; is any of it late? */
enum err onestop_store_desk_count(struct cx *cx, int64_t max, int64_t *n, bool *late);
/* Names, units, steps of rows read by a source. */
enum err onestop_fill_rows(struct cx *cx, void **rows, size_t n);

/* One number of a register of results. */
struct register_row {
    int64_t id, unit, n, reserved_at, void_at, signed_at;
    int year;
    struct str reg, state, why, code, procedure_name;
};
extern const struct list_source onestop_register_source;

/* Filters that hold several lists together. */
extern const struct list_def onestop_work_list, onestop_all_list;
/* By when it is due, or must be taken in. */
struct look_due_badge_view onestop_row_due(struct cx *cx, const struct inbox_row *row);
/* Cells that lists share. */
void onestop_cell_dossier(struct cx *cx, const void *row, struct look_cell *c);
void onestop_cell_person(struct cx *cx, const void *row, struct look_cell *c);
void onestop_cell_step(struct cx *cx, const void *row, struct look_cell *c);
void onestop_cell_sent(struct cx *cx, const void *row, struct look_cell *c);
void onestop_cell_due(struct cx *cx, const void *row, struct look_cell *c);
void onestop_cell_unit(struct cx *cx, const void *row, struct look_cell *c);
struct list_value onestop_value_code(struct cx *cx, const void *row);
struct list_value onestop_value_procedure(struct cx *cx, const void *row);
struct list_value onestop_value_person(struct cx *cx, const void *row);
struct list_value onestop_value_step(struct cx *cx, const void *row);
struct list_value onestop_value_sent(struct cx *cx, const void *row);
struct list_value onestop_value_due(struct cx *cx, const void *row);
struct list_value onestop_value_unit(struct cx *cx, const void *row);
struct list_value onestop_value_assignee(struct cx *cx, const void *row);

/* The years a register may be asked for: this one and those before it. */
#define ONESTOP_YEARS 5
const struct list_choice *onestop_years(struct cx *cx);
