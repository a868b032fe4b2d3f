/*
 * job_late.c - what nobody ended: attempts whose process died, claims that lapsed; a clock that was
 * set back.
 */
#include "job_inside.h"

#include "db/db.h"
#include "lane/lane.h"
#include "log/log.h"

struct orphan {
    int64_t id, epoch;
    int tries, deaths;
    struct str lane_key;
};
#define ORPHANS_PAGE 64

/* Claims that lapsed; on SQLite the data folder belongs to one process: whatever another life
 * claimed. Our own are there when a commit came to an end of which nobody could find out. */
static enum err list_orphans(struct jobs *j, struct cx *cx, struct orphan *out, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select id, epoch, tries, deaths, lane_key from job where state = 2"
                 " and (claimed_until < $1 or (node <> $2 and $3 = 1)) order by id limit $4",
                 V(cx->now), V(str_c(j->node)), V(!db_is_postgres(cx)), V(ORPHANS_PAGE)));
    for (*n = 0; *n < ORPHANS_PAGE && db_next(&rows); ++*n)
        out[*n] = (struct orphan){db_int(&rows, 0), db_int(&rows, 1), (int)db_int(&rows, 2),
                                  (int)db_int(&rows, 3), db_str(&rows, 4)};
    return rows.err;
}

/* After one death it is more likely a bystander (power, another job) than the cause. */
static int64_t wait_after_death_ms(struct cx *cx, const struct orphan *o)
{
    return o->deaths == 0 ? SECOND_MS : job_wait_ms(cx, o->tries);
}

static enum err recover_one(struct cx *cx, const struct orphan *o)
{
    bool dead = o->deaths + 1 >= DEATHS_MAX;
    log_event(dead ? LOG_ERROR : LOG_WARN, "job.orphan", KN("job", o->id),
              KN("deaths", o->deaths + 1), KN("dead", dead));
    TRY(db_exec(cx,
                "update job set state = $1, deaths = deaths + 1, due_at = $2, last_error = $3"
                " where id = $4 and epoch = $5 and state = 2",
                V((int)(dead ? JOB_DEAD : JOB_WAITING)), V(cx->now + wait_after_death_ms(cx, o)),
                V(S("the process died while it ran")), V(o->id), V(o->epoch)));
    return dead ? lane_next(cx, o->lane_key) : OK;
}

static enum err recover_page(struct cx *cx, void *arg)
{
    struct orphan *orphans = NEW_N(cx->arena, struct orphan, ORPHANS_PAGE);
    size_t n;
    TRY(list_orphans(arg, cx, orphans, &n));
    for (size_t i = 0; i < n; i++)
        TRY(recover_one(cx, &orphans[i]));
    return OK;
}

static enum err any_orphans(struct cx *cx, void *arg)
{
    struct orphan *orphans = NEW_N(cx->arena, struct orphan, ORPHANS_PAGE);
    size_t n;
    TRY(list_orphans(arg, cx, orphans, &n));
    return n ? OK : ERR_NOT_FOUND;
}

static enum err recover_all(struct jobs *j, struct cx *cx)
{
    enum err e;
    do {
        e = lane_call(cx->env->lanes, LANE_SLOW, cx, any_orphans, j);
        if (e == OK)
            e = lane_call(cx->env->lanes, LANE_WRITE, cx, recover_page, j);
    } while (e == OK);
    return e == ERR_NOT_FOUND ? OK : e;
}

/* What this process is doing now. */
struct held {
    struct jobs *jobs;
    int64_t id[WORKERS_MAX], epoch[WORKERS_MAX];
    int n;
};

static void see_held(struct jobs *j, struct held *h)
{
    *h = (struct held){.jobs = j};
    pthread_mutex_lock(&j->lock);
    for (int i = 0; i < j->workers_n; i++) {
        if (!j->workers[i].busy)
            continue;
        h->id[h->n] = j->workers[i].job.id;
        h->epoch[h->n++] = j->workers[i].epoch;
    }
    pthread_mutex_unlock(&j->lock);
}

/* Its claims go on while it lives. */
static enum err renew(struct cx *cx, void *arg)
{
    const struct held *h = arg;
    for (int i = 0; i < h->n; i++)
        TRY(db_exec(cx,
                    "update job set claimed_until = $1 where id = $2 and epoch = $3 and state = 2",
                    V(cx->now + CLAIM_MS), V(h->id[i]), V(h->epoch[i])));
    return OK;
}

/* PostgreSQL: lanes whose head ended in one transaction while another added behind it: neither saw
 * the other. */
static enum err move_lanes(struct cx *cx, void *)
{
    return db_exec(
        cx,
        "update job set state = 1 where id in (select min(b.id) from job b where b.state = 4"
        " and not exists (select 1 from job h where h.lane_key = b.lane_key and h.state in (1, 2))"
        " group by b.lane_key)");
}

static enum err ask_postgres(struct cx *cx, void *arg)
{
    *(bool *)arg = db_is_postgres(cx);
    return OK;
}

/* What was to be done at once before the clock was set back is due now too, not in an hour. */
static enum err due_again(struct cx *cx, void *)
{
    return db_exec(
        cx, "update job set due_at = $1 where state = 1 and made_at > $1 and due_at <= made_at",
        V(cx->now));
}

static enum err see_clock(struct jobs *j, struct cx *cx)
{
    const bool back = cx->now < j->seen_at - SECOND_MS;
    j->seen_at = cx->now;
    if (!back && j->looked_at)
        return OK;
    j->looked_at = 0;
    return lane_call(cx->env->lanes, LANE_WRITE, cx, due_again, NULL);
}

enum err look_after(struct jobs *j, struct cx *cx)
{
    TRY(see_clock(j, cx));
    if (j->looked_at && cx->now - j->looked_at < RENEW_MS)
        return OK;
    bool postgres;
    struct held h;
    see_held(j, &h);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, ask_postgres, &postgres));
    if (h.n)
        TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, renew, &h));
    if (postgres)
        TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, move_lanes, NULL));
    TRY(recover_all(j, cx));
    j->looked_at = cx->now;
    return OK;
}
