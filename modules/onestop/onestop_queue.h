/* onestop_queue.h - an officer goes through the inbox one by one: the view the dossier was opened
 * from stays in the address, and after an act the next one of it is offered. Inside of this folder.
 */
#pragma once
#include "onestop_officer_views.h"
#include "onestop_lists.h"
#include "onestop_pages.h"

#define QUEUE_VIEW                                                                                 \
    "trong"               /* the query string of the inbox as it was seen; empty: the usual one    \
                           */
#define QUEUE_NEXT "tiep" /* set after an act: the dossier that stood next before it; 0 none */

struct queue {
    struct list_ask ask;
    struct str view; /* made anew from what it was read as, so never more than a view */
    int64_t wish;
    bool acted;
};
/* From the address, or from the form that carries it along. */
void onestop_queue_of(struct cx *cx, struct web_req *rq, struct queue *q);
/* The address with its question ("xem=nhat-ky" or empty) and the queue. */
struct str onestop_queue_href(struct cx *cx, const struct queue *q, struct str path,
                              struct str question);
struct str onestop_queue_list(struct cx *cx, const struct queue *q); /* back to the list */
/* READ. What stands next before an act: kept in its form. */
enum err onestop_queue_look(struct cx *cx, struct queue *q, const struct dossier *d);
/* READ. The card after an act that took the dossier off the list; else *v stays empty. */
enum err onestop_queue_set(struct cx *cx, const struct queue *q, const struct dossier *d,
                           struct onestop_next_view *v);
