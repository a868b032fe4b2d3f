/*
 * job_settle.c - waits until what is committed can be read by everybody.
 *
 * On PostgreSQL the journal gives positions only to events below the horizon, which any other
 * transaction of the cluster may hold back for a moment. Whoever wants everything done that is to
 * be done waits for it; on SQLite there is nothing to wait for.
 */
#include "job_inside.h"

#include <time.h>

#include "db/db.h"
#include "lane/lane.h"

#define WAIT_MS 2
#define WAITS_MAX 5000 /* ten seconds: then somebody holds a transaction open, and we go on */

static enum err take_id(struct cx *cx, void *arg)
{
    return db_transaction_id(cx, arg);
}

static enum err take_horizon(struct cx *cx, void *arg)
{
    return db_horizon(cx, arg);
}

enum err job_settle(struct cx *cx)
{
    int64_t mine, horizon;
    TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, take_id, &mine));
    for (int i = 0; mine != 0 && i < WAITS_MAX; i++) {
        TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, take_horizon, &horizon));
        if (horizon > mine)
            return OK;
        nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000L}, NULL);
    }
    return OK;
}
