/* procedure_desk.h - what an officer decides about a procedure: its term, that it was proof-read,
 * its opening. Inside of this folder. */
#pragma once
#include "procedure/procedure.h"
#include "procedure_store.h"

extern const struct right procedure_manage;

/* A term as somebody states it: "5", "2,5" of a unit; trong_ngay needs no number. */
struct term_typed {
    struct str number, unit, cutoff, basis;
};
/* ERR_INVALID with field so, don_vi, gio or can_cu. */
enum err procedure_term_read(struct cx *cx, const struct term_typed *t, struct term_row *out);
/* WRITE, each with its event. */
enum err procedure_settle(struct cx *cx, struct str code, const struct term_row *t);
/* version: the one that was read; ERR_CONFLICT when a newer one has come meanwhile. */
enum err procedure_mark_read(struct cx *cx, struct str code, int64_t version, struct str basis);

/* The terms an opening may choose from: those that the published channels state and that can be
 * counted, each once, then the one that was settled. */
#define PROCEDURE_TERMS_MAX 12
size_t procedure_terms(struct cx *cx, const struct procedure *p,
                       struct term_row out[static PROCEDURE_TERMS_MAX]);

struct opening_act {
    struct str level, level_reason, intake_kind, deciding_kind, form, due_mode, resume;
    struct str fee_name, fee_basis;
    int64_t fee_dong; /* -1: what stands there stays */
    int64_t from_day;
    int64_t term;  /* which of procedure_terms */
    bool was_read; /* set by procedure_open_as */
};
/* ERR_INVALID: no term that can be counted, or a field; what the opening of before says of other
 * things (components, steps, result) stays. */
enum err procedure_open_as(struct cx *cx, struct str code, const struct opening_act *act);
/* From today on nothing can be filed; what was received goes on. */
enum err procedure_close(struct cx *cx, struct str code, struct str reason);
/* What the national list no longer has, or has again. */
enum err procedure_switch_off(struct cx *cx, struct str code, bool off);
