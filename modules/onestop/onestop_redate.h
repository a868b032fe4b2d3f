/* onestop_redate.h - appointments counted anew after a calendar was changed (tính lại ngày hẹn).
 *
 * A changed calendar moves nothing by itself. An officer with the right states the decision it
 * rests on, which units and days it is about; a long work tries it on every dossier whose clock
 * runs and writes down what would move; the officer sees all of it and lets it be done, or not.
 * What is done is what was seen: a dossier that has changed since is left out. Section 8.2. */
#pragma once
#include "list/list.h"
#include "onestop_inside.h"

extern const struct right onestop_redate_right;

enum redate_state { REDATE_TRYING = 1, REDATE_TRIED, REDATE_MOVING, REDATE_DONE, REDATE_DROPPED };
enum redate_way { REDATE_LATER = 1, REDATE_EARLIER, REDATE_KEPT };
enum redate_item_state { REDATE_ITEM_TRIED = 1, REDATE_ITEM_MOVED, REDATE_ITEM_LEFT };

struct redate {
    int64_t id, version, unit, from_day, to_day, basis_on, asked_by, asked_unit, asked_at, done_at;
    enum redate_state state;
    bool tree, earlier;
    struct str code, unit_path, basis_no, basis_by, work;
    int64_t at_state, at_sent, at_dossier; /* how far it has come */
    int64_t seen, later, sooner, kept, unlate, moved, left_out;
    struct str unit_name, asked_by_name; /* of rows for pages */
};
struct redate_item {
    int64_t dossier, old_due, new_due, old_shown, new_shown;
    enum redate_way way; /* 0: it stays as it is */
    enum redate_item_state state;
    struct str code, procedure_name; /* of rows for pages */
};
struct redate_new {
    struct str unit_code; /* empty: all that the right reaches */
    int64_t from_day, to_day, basis_on;
    bool earlier;
    struct str basis_no, basis_by;
};

/* WRITE. Starts trying it. ERR_INVALID with the field; ERR_DENIED: the right does not reach it. */
enum err onestop_redate_start(struct cx *cx, const struct redate_new *n, struct redate *out);
/* WRITE. After it was tried: it is done. After an interruption: goes on where it stopped. */
enum err onestop_redate_go(struct cx *cx, struct redate *r);
enum err onestop_redate_drop(struct cx *cx, struct redate *r); /* WRITE; only while nothing moved */
/* "Quyết định 12/QĐ-UBND ngày 20/11/2026 của UBND tỉnh Lạng Sơn" */
struct str onestop_redate_basis(struct cx *cx, const struct redate *r);
/* What counting anew would do to this dossier; way 0: nothing. */
enum err onestop_redate_try(struct cx *cx, const struct dossier *d, const struct redate *r,
                            struct redate_item *out);
/* One round of the job, WRITE: some dossiers tried, or some moved. *more: there are others. */
enum err onestop_redate_turn(struct cx *cx, int64_t id, struct redate *r, bool *more);

enum err onestop_redate_find(struct cx *cx, struct str code, struct redate *out); /* scoped */
/* Within the reader's scope, newest first. */
enum err onestop_redates(struct cx *cx, struct redate *out, size_t max, size_t *n);
extern const struct list_source onestop_redate_source; /* rows: struct redate_item */
extern const struct job_kind onestop_redate_job;

enum err onestop_store_redate_add(struct cx *cx, struct redate *r);
enum err onestop_store_redate_any(struct cx *cx, int64_t id, struct redate *out); /* not scoped */
/* Writes what rounds change; ERR_CONFLICT: another round was quicker. */
enum err onestop_store_redate_put(struct cx *cx, struct redate *r);
/* Dossiers whose clock runs, after the key at_*; moves the key past the last. */
enum err onestop_store_redate_next(struct cx *cx, struct redate *r, int64_t *ids, size_t max,
                                   size_t *n);
/* *added: false, it was tried before. */
enum err onestop_store_redate_item_add(struct cx *cx, int64_t redate, const struct redate_item *i,
                                       bool *added);
/* What is still to be moved, after at_dossier. */
enum err onestop_store_redate_items(struct cx *cx, const struct redate *r, struct redate_item *out,
                                    size_t max, size_t *n);
enum err onestop_store_redate_item_end(struct cx *cx, int64_t redate, const struct redate_item *i);
