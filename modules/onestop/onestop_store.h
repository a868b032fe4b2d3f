/* onestop_store.h - the only SQL about onestop_* tables. Every read of dossiers for people applies
 * cx->scope; calls that do not say so in their comment. */
#pragma once
#include "db/db.h"
#include "onestop/onestop.h"

/* For a column that is never null: absent words are empty ones. */
#define V_TEXT(s) V((s).p ? (s) : S(""))

/* ---- dossiers ---- */
enum err onestop_store_add(struct cx *cx, struct dossier *d); /* fills id */
/* Writes what moves may change, only if it is still the version that was read: ERR_CONFLICT. */
enum err onestop_store_update(struct cx *cx, struct dossier *d);
enum err onestop_store_find(struct cx *cx, int64_t id, struct dossier *out); /* scoped */
/* What the page after sending shows. Scoped; code or request code. */
struct sent_dossier {
    struct str request_code, procedure_name;
    int64_t receiving_unit, sent_at;
};
enum err onestop_store_sent(struct cx *cx, struct str code, struct sent_dossier *out);
enum err onestop_store_by_code(struct cx *cx, struct str code,
                               struct dossier *out); /* scoped; code or request code */
enum err onestop_store_any(struct cx *cx, int64_t id, struct dossier *out); /* not scoped: jobs */
enum err onestop_store_by_token(struct cx *cx, struct str token_or_code,
                                struct dossier *out); /* not scoped: progress only */
enum err onestop_store_mine(struct cx *cx, struct dossier *out, size_t max,
                            size_t *n); /* scoped: OWN */

/* The columns of a dossier, as `d`, and their reader; the names are still sealed. */
#define ONESTOP_DOSSIER_COLUMNS                                                                        \
    "d.id, d.version, d.request_code, d.code, d.track_token, d.procedure_version, d.opening,"          \
    " d.form_version, d.procedure_code, d.procedure_name, d.state, d.channel, d.account, d.submitter," \
    " d.subject, d.acts, d.acts_words, d.subject_key, d.owner_key, d.submitter_name, d.subject_name,"  \
    " d.unit, d.unit_path, d.area_path, d.helping_unit, d.receiving_unit, d.competent_unit,"           \
    " d.returning_unit, d.sent_at, d.accepted_at, d.clock_from, d.due_at, d.due_shown_at,"             \
    " d.original_due_at, d.released_at, d.returned_at, d.step, d.assignee, d.delivery, d.fee_dong,"    \
    " d.apologised_at, d.receiving_path, d.competent_path"
struct dossier onestop_store_row(struct db_rows *r, int at);
/* Has the actor any of the rights that a step of a procedure may ask? (onestop_states.c) */
bool onestop_works_on_steps(struct cx *cx);
int64_t onestop_last_of(struct str path); /* "/1/7/": 7 */
enum err onestop_store_open_names(struct cx *cx, struct dossier *d);
/* Units that ended or moved: whose running dossiers follow (onestop_follow.c). */
struct org_unit;
/* Ended dossiers of a unit are read by its heir too; *n: how many were seen to. */
struct reach_cursor {
    int64_t sent_at, dossier;
};
enum err onestop_store_reach(struct cx *cx, int64_t unit, struct reach_cursor *at, size_t max,
                             size_t *n);
enum err onestop_store_running_of(struct cx *cx, int64_t unit, int64_t *ids, size_t max, size_t *n);
enum err onestop_store_astray(struct cx *cx, const struct org_unit *u, int64_t *ids, size_t max,
                              size_t *n);
enum err onestop_store_follow(struct cx *cx, struct dossier *d);
/* The rows of onestop_desk about this dossier as it is now; every write of a dossier calls it. */
enum err onestop_store_desk_put(struct cx *cx, const struct dossier *d);
enum err onestop_store_desk_new(struct cx *cx, const struct dossier *d); /* the first of it */
enum err onestop_desk_rebuild(struct cx *cx); /* dropped and made again */

/* ---- what hangs on a dossier: the caller found it by scope first ---- */
enum err onestop_store_form_put(struct cx *cx, const struct dossier *d, struct str json);
enum err onestop_store_form(struct cx *cx, const struct dossier *d, struct str *json);

struct paper_row {
    int64_t id, file, added_at;
    struct str component, name;
    int originals, copies;
};
enum err onestop_store_paper_add(struct cx *cx, int64_t dossier, const struct paper_row *p,
                                 int64_t supplement);
enum err onestop_store_papers(struct cx *cx, int64_t dossier, struct paper_row *out, size_t max,
                              size_t *n);

enum err onestop_store_supplement_add(struct cx *cx, const struct dossier *d, struct str no,
                                      struct str reason, struct str items_json, int64_t answer_by,
                                      int64_t *id);
/* Until when what was asked last is to be answered; 0: nothing waits. */
enum err onestop_store_answer_by(struct cx *cx, const struct dossier *d, int64_t *at);
enum err onestop_store_supplements(struct cx *cx, const struct dossier *d, struct supplement *out,
                                   size_t max, size_t *n); /* newest first */
enum err onestop_store_supplement_answer(struct cx *cx, int64_t id);

enum err onestop_store_pause_open(struct cx *cx, int64_t dossier, struct str cause,
                                  struct str basis);
enum err onestop_store_pause_close(struct cx *cx, int64_t dossier);
/* Did a pause, an extension or a correction change its clock at or after this instant? */
enum err onestop_store_clock_touched(struct cx *cx, int64_t dossier, int64_t at, bool *yes);
/* asked[i]: the i-th waited for a supplement. */
enum err onestop_store_pauses(struct cx *cx, int64_t dossier, struct pause *out, bool *asked,
                              size_t max, size_t *n);

struct decision {
    int64_t id;
    struct str kind, no, reason, basis;
    int64_t old_due, new_due, by_account, by_unit, at;
};
enum err onestop_store_decision_add(struct cx *cx, const struct dossier *d, struct decision *x);
/* The newest of this kind: ERR_NOT_FOUND. id 0: any. */
enum err onestop_store_decision(struct cx *cx, const struct dossier *d, struct str kind,
                                struct decision *out);

enum err onestop_store_result_add(struct cx *cx, const struct dossier *d, bool negative,
                                  struct str data, struct str proposal, int64_t *id);
enum err onestop_store_result(struct cx *cx, const struct dossier *d,
                              struct result_view *out); /* the newest; ERR_NOT_FOUND */
enum err onestop_store_result_signed(struct cx *cx, const struct dossier *d,
                                     struct result_view *out); /* the newest signed one */
/* Draft text: only while it is a draft or sent back. */
enum err onestop_store_result_draft(struct cx *cx, const struct dossier *d,
                                    const struct result_view *r, struct str data,
                                    struct str proposal);
enum err onestop_store_result_state(struct cx *cx, const struct dossier *d, struct result_view *r,
                                    struct str state, struct str sent_back);
enum err onestop_store_result_reserve(struct cx *cx, struct result_view *r, struct str number,
                                      struct str verify_code, int64_t signer);
/* The approval is taken back: no number, no verify code; ERR_CONFLICT: it is signed. */
enum err onestop_store_result_unreserve(struct cx *cx, struct result_view *r);
/* ERR_CONFLICT: it is not the approved version any more. */
enum err onestop_store_result_attach(struct cx *cx, const struct result_view *r, int64_t file,
                                     struct str sha256);
enum err onestop_store_signing(struct cx *cx, int64_t dossier, bool *yes); /* approved just now */
enum err onestop_store_result_signer(struct cx *cx, int64_t result, int64_t *signer);
enum err onestop_store_result_by_verify(struct cx *cx, struct str verify_code, int64_t *dossier,
                                        struct result_view *out); /* not scoped, nothing personal */

/* The next number of a counter, in this transaction; no gaps. */
enum err onestop_store_next(struct cx *cx, int64_t unit, struct str reg, struct str period,
                            int64_t *n);
enum err onestop_store_number_reserve(struct cx *cx, int64_t unit, struct str reg, int year,
                                      int64_t n, int64_t result);
enum err onestop_store_number_state(struct cx *cx, int64_t result, struct str state);
/* Void, with the reason: "tra_lai", "khong_dung". */
enum err onestop_store_number_void(struct cx *cx, int64_t result, struct str why);
/* Results whose number is reserved since before `before` and that are not approved any more. */
enum err onestop_store_unused_numbers(struct cx *cx, int64_t before, int64_t *results, size_t max,
                                      size_t *n);

struct receipt {
    int64_t unit, year, n, amount, taken_by, taken_at;
    struct str lines;
};
enum err onestop_store_receipt_add(struct cx *cx, int64_t dossier, const struct receipt *r);
enum err onestop_store_receipt(struct cx *cx, int64_t dossier,
                               struct receipt *out); /* ERR_NOT_FOUND */

struct obligation {
    int64_t id;
    struct str state; /* "cho", "da_nop", "thay" */
    struct str no, reason, basis, evidence;
    int64_t amount, asked_at, paid_at;
    struct receipt receipt; /* unit, year, n; n 0: paid elsewhere, or not yet */
};
/* An open one before it is replaced. */
enum err onestop_store_obligation_add(struct cx *cx, const struct dossier *d, struct obligation *o);
enum err onestop_store_obligation(struct cx *cx, const struct dossier *d,
                                  struct obligation *out); /* the newest; ERR_NOT_FOUND */
/* ERR_CONFLICT: it is not open any more. */
enum err onestop_store_obligation_met(struct cx *cx, const struct dossier *d,
                                      const struct obligation *o);

struct correction {
    int64_t id, old_result, new_result, asked_at, done_at;
    struct str reason;
};
enum err onestop_store_correction_add(struct cx *cx, const struct dossier *d,
                                      struct correction *c); /* keeps the clock of *d */
enum err onestop_store_correction(struct cx *cx, const struct dossier *d,
                                  struct correction *out); /* the newest; ERR_NOT_FOUND */
/* The open one, if there is one, has its result. */
enum err onestop_store_correction_done(struct cx *cx, int64_t dossier, int64_t new_result);
/* The number of the result that replaced this one; empty: none. Not scoped, nothing personal. */
enum err onestop_store_replaced_by(struct cx *cx, int64_t old_result, struct str *number);

struct opinion {
    struct str step, words;
    int64_t by_unit, at;
};
enum err onestop_store_opinion_add(struct cx *cx, const struct dossier *d, struct str step,
                                   struct str words);
enum err onestop_store_opinion(struct cx *cx, const struct dossier *d,
                               struct opinion *out); /* the newest; ERR_NOT_FOUND */

enum err onestop_store_delivery_add(struct cx *cx, const struct dossier *d, struct str way,
                                    struct str to_name, struct str evidence);
enum err onestop_store_rating_put(struct cx *cx, const struct dossier *d, int grade,
                                  struct str words);                       /* ERR_CONFLICT: rated */
enum err onestop_store_rating(struct cx *cx, int64_t dossier, int *grade); /* ERR_NOT_FOUND */
