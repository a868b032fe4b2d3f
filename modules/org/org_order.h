/* org_order.h - what the files about decisions share. */
#pragma once
#include "org_inside.h"

#define ORG_BASIS_MAX 300
#define ORG_NAME_MAX 200

/* Records a decision speaks of, as they stand. */
struct org_parties {
    struct org_unit from[ORG_ORDER_MAX], into[ORG_ORDER_MAX], takes; /* into.id 0: to be made */
    struct org_area from_area[ORG_ORDER_MAX], into_area[ORG_ORDER_MAX];
};
/* ERR_INVALID, ERR_DENIED, ERR_CONFLICT as org_order_check. */
enum err org_parties(struct cx *cx, const struct org_order *o, struct org_parties *p);
/* WRITE: does what was checked. */
enum err org_order_do_units(struct cx *cx, const struct org_order *o, struct org_parties *p);
enum err org_order_do_areas(struct cx *cx, const struct org_order *o, struct org_parties *p);
/* The communes of a province that is merged go to the heir. */
enum err org_order_move_communes(struct cx *cx, const struct org_area *from,
                                 const struct org_area *to);
extern const struct job_kind org_order_job, org_area_moved_job;
