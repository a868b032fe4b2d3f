/* onestop_counter.h - the screen of the counter: who stands there and what they bring. Inside of
 * this folder. */
#pragma once
#include "identity/identity.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"

struct walk_in {
    const struct procedure *p;
    const struct form *f;
    struct person who;
    bool known, card;         /* the number is already with us; a card was read */
    struct form_values typed; /* with what the person panel gives */
    struct dossier_new n;
};

/* Enter in the first box, as a scanner ends its line: only look up who it is. */
bool onestop_counter_looks_up(struct web_req *rq);
/* Reads the card or number that was typed and who it is; what is wrong is a web_error. */
enum err onestop_counter_read_person(struct cx *cx, struct web_req *rq, struct walk_in *w);
/* The panel of the person: what the card or the record says is shown and not asked. */
enum err onestop_counter_set_person(struct cx *cx, struct web_req *rq, struct walk_in *w,
                                    struct onestop_counter_view *v);
