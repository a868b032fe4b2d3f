/* onestop_work.h - the page of one dossier on an officer's desk: what its parts are drawn from.
 * Inside of this folder. */
#pragma once
#include "onestop_acts.h"
#include "onestop_officer_views.h"
#include "onestop_queue.h"

/* What every part of the page is drawn from. */
struct work {
    struct dossier d;
    const struct procedure *p;
    const struct form *f;
    struct result_view r;
    bool has_result;
    struct paper papers[PAPERS_MAX];
    size_t papers_n;
    struct str tab, path;
    struct queue queue;
};
/* "/viec/H37..." with this question, still within the view of the inbox it was opened from. */
struct str onestop_work_href(struct cx *cx, const struct work *w, struct str question);

enum err onestop_work_load(struct cx *cx, struct web_req *rq, struct work *w);
/* Is this step the specialist's, and this reader the one to draft? */
bool onestop_work_drafting(struct cx *cx, const struct work *w);
/* The middle while the tab of the draft is open (onestop_work_draft.c). */
enum err onestop_work_set_draft(struct cx *cx, struct web_req *rq, const struct work *w,
                                struct onestop_work_view *v);
/* The right side: what may be done, printed, who is who (onestop_work_step.c). */
enum err onestop_work_set_step(struct cx *cx, const struct work *w, struct onestop_work_view *v);
