/* org_unit_time.c - what units became, and who has their running work. */
#include "org_inside.h"
#include "org_store.h"

#define HEIRS_MAX 50 /* one after another; more is a circle, which no decision makes */

enum err org_unit_heir(struct cx *cx, int64_t id, struct org_unit *out)
{
    int64_t today = day_of(cx->now);
    TRY(org_store_unit(cx, id, out));
    for (int i = 0; i < HEIRS_MAX && out->valid_to && out->valid_to < today; i++) {
        int64_t next;
        enum err e = org_store_unit_taker(cx, out->id, &next);
        if (e == ERR_NOT_FOUND)
            return OK; /* nobody took over: it stays with the last */
        TRY(e);
        TRY(org_store_unit(cx, next, out));
    }
    return OK;
}

enum err org_unit_changes(struct cx *cx, int64_t id, struct org_unit_change *out, size_t max,
                          size_t *n)
{
    struct org_unit self;
    size_t came, went;
    TRY(org_store_unit(cx, id, &self));
    TRY(org_store_unit_changes_to(cx, id, out, max, &came));
    for (size_t i = 0; i < came; i++)
        out[i].to = self;
    TRY(org_store_unit_changes_from(cx, id, out + came, max - came, &went));
    for (size_t i = came; i < came + went; i++)
        out[i].from = self;
    *n = came + went;
    return OK;
}
