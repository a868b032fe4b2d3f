/* onestop_inside.h - what the files of this folder share. */
#pragma once
#include "onestop/onestop.h"
#include "onestop_store.h"

#define PAPERS_MAX 256                      /* one procedure of the catalogue has 224 components */
#define PAPER_MAX_BYTES (INT64_C(20) << 20) /* what the pages promise */
#define PAUSES_MAX 64
#define SUPPLEMENTS_MAX 16
#define REASON_MAX 2000 /* characters a person may write as a reason */
#define BASIS_MAX 300
#define SUBJECT_KIND S("onestop.dossier")

/* ERR_DENIED or ERR_CONFLICT with the reason when this actor may not do this move now. */
enum err onestop_allowed(struct cx *cx, const struct dossier *d, enum dossier_move m);
/* The state after the move. */
enum dossier_state onestop_after(enum dossier_move m, enum dossier_state from);

/* ---- the steps of a procedure ---- */
/* In this state, at a step of this kind (whose right is this one; NULL: any)? */
bool onestop_step_is(const struct dossier *d, const struct procedure *p, const char *kind,
                     const struct right *right);
/* ERR_CONFLICT: at another kind of step; ERR_DENIED: without the right the step names. */
enum err onestop_at_step(struct cx *cx, const struct dossier *d, struct str kind,
                         const char *doing);
/* The dossier is at this step and in the hands of its unit. */
enum err onestop_enter_step(struct cx *cx, struct dossier *d, int step);
/* The first step of this kind from `from`, forward (1) or backward (-1); -1: none. */
int onestop_step_of(const struct procedure *p, const char *kind, int from, int by);

/* ERR_CONFLICT: an obligation asked for is not met yet. */
enum err onestop_nothing_owed(struct cx *cx, const struct dossier *d);
/* Is a returned result being mended now? *c is set when it is. */
enum err onestop_correcting(struct cx *cx, const struct dossier *d, struct correction *c,
                            bool *yes);

/* Writes the moved dossier, its event (note: one public sentence) and nothing else. */
struct moved {
    const char *kind;   /* event kind, "onestop.dossier.accepted" */
    struct str note;    /* public sentence of the timeline */
    struct str payload; /* JSON sealed under the subject; empty none */
};
enum err onestop_moved(struct cx *cx, struct dossier *d, enum dossier_move m,
                       const struct moved *how);
/* Tells the person; once for each (dossier, version). */
enum err onestop_tell(struct cx *cx, const struct dossier *d, struct str title, struct str body);

/* ERR_CONFLICT: its result is approved and being signed, so it must not leave the leader's hands.
 */
enum err onestop_not_signing(struct cx *cx, const struct dossier *d, const char *doing);
enum err onestop_reason(struct cx *cx, struct str reason); /* not empty, not too long */
/* The legal basis of a decision; `missing` is said when there is none. */
enum err onestop_basis(struct cx *cx, struct str basis, const char *missing);
enum err onestop_procedure(struct cx *cx, const struct dossier *d, const struct procedure **out);
/* Puts the dossier into the hands of this unit. */
enum err onestop_hand_to(struct cx *cx, struct dossier *d, int64_t unit);
/* When it would be due if it were taken in now by this unit. ERR_LIMIT: the calendar is not known
 * that far. */
enum err onestop_due_now(struct cx *cx, const struct procedure *p, int64_t unit, int64_t *due);
/* By when whoever sent it must hear whether it is taken in: so many working hours of the receiving
 * unit after it came, or came back answered. 0: it does not wait to be taken in, or no calendar is
 * known that far. c: that unit's from then on, for many at once; NULL: it is loaded. */
struct calendar;
enum err onestop_answer_by(struct cx *cx, const struct dossier *d, struct calendar *c, int64_t *at);
enum err onestop_answer_calendar(struct cx *cx, int64_t unit, int64_t since, struct calendar **c);
/* due_at and due_shown_at anew from start, term, pauses, extension. */
enum err onestop_recount(struct cx *cx, struct dossier *d);
/* "15/HDHS" of the unit and year. */
enum err onestop_form_number(struct cx *cx, int64_t unit, const char *sign, struct str *no);
/* The number reserved for this result will not be used: void, with its event. */
enum err onestop_void_number(struct cx *cx, int64_t result, struct str why);
/* The signed file of an approved result; outside of a transaction. */
enum err onestop_render_result(struct cx *cx, const struct dossier *d, const struct result_view *r,
                               bool draft, struct str *pdf);

extern const struct job_kind onestop_form_job, onestop_sign_job, onestop_expire_job,
    onestop_void_job, onestop_export_job, onestop_follow_feed, onestop_follow_job,
    onestop_reach_job, onestop_silence_job;
extern const struct route onestop_routes[];
