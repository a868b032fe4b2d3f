/* onestop_acts.h - what officers do to a dossier, as a table: address, words, fields, rule. */
#pragma once
#include "onestop_pages.h"

struct act;
enum act_field {
    ACT_REASON = 1,
    ACT_BASIS = 2,
    ACT_ITEMS = 4,
    ACT_DATE = 8,
    ACT_HANDED = 16,
    ACT_NOTE = 32,
    ACT_FORWARD = 64,
    ACT_AMOUNT = 128,
    ACT_PAID = 256,
    ACT_OPINION = 512,
    ACT_CONSULT = 1024, /* whom, until when, about what, with which papers */
    ACT_CAUSE = 2048
};
/* What is known where an act is offered or not. */
struct act_offer {
    struct cx *cx;
    const struct act *act;
    const struct dossier *d;
    const struct procedure *p;
    const struct result_view *r; /* NULL: no result yet */
};
struct act {
    const char *path;       /* last segment: "tiep-nhan" */
    const char *group;      /* "mot-cua", "xu-ly", "ky": the route and so the right */
    enum dossier_move move; /* onestop_may decides whether it is offered */
    const char *label, *title, *text, *confirm, *done;
    unsigned fields;
    const char *kind; /* of the button: "" primary, "2", "dq" */
    enum err (*write)(struct cx *cx, struct web_req *rq, struct dossier *d, struct str *toast);
    bool (*when)(const struct act_offer *o); /* NULL: whenever the move is allowed */
};
extern const struct act onestop_acts[];                              /* path NULL ends */
const struct act *onestop_act_of(struct str group, struct str path); /* NULL: none */
/* Fields and writing of the act that asks another agency (onestop_consult_pages.c), and of the one
 * that says why it is late (onestop_late_pages.c). */
enum err onestop_consult_fields(struct cx *cx, struct web_req *rq, const struct dossier *d,
                                struct look_field_view *fields, size_t *n);
enum err onestop_act_consult(struct cx *cx, struct web_req *rq, struct dossier *d,
                             struct str *toast);
enum err onestop_cause_fields(struct cx *cx, struct web_req *rq, const struct dossier *d,
                              struct look_field_view *fields, size_t *n);
enum err onestop_act_cause(struct cx *cx, struct web_req *rq, struct dossier *d, struct str *toast);
/* Is it to be offered now? The step of the procedure counts beside the state. */
bool onestop_act_offered(struct cx *cx, const struct act *a, const struct dossier *d,
                         const struct procedure *p, const struct result_view *r);
