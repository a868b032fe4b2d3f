/* onestop_acts.h - what officers do to a dossier, as a table: address, words, fields, rule. */
#pragma once
#include "onestop_pages.h"

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
    ACT_OPINION = 512
};
struct act {
    const char *path;       /* last segment: "tiep-nhan" */
    const char *group;      /* "mot-cua", "xu-ly", "ky": the route and so the right */
    enum dossier_move move; /* onestop_may decides whether it is offered */
    const char *label, *title, *text, *confirm, *done;
    unsigned fields;
    const char *kind; /* of the button: "" primary, "2", "dq" */
    enum err (*write)(struct cx *cx, struct web_req *rq, struct dossier *d, struct str *toast);
};
extern const struct act onestop_acts[];                              /* path NULL ends */
const struct act *onestop_act_of(struct str group, struct str path); /* NULL: none */
/* Is it to be offered now? The step of the procedure counts beside the state. */
bool onestop_act_offered(struct cx *cx, const struct act *a, const struct dossier *d,
                         const struct procedure *p, const struct result_view *r);
