/* job_run.c - claiming, running and ending jobs; schedules; standing tasks. What nobody ended:
 * job_late.c. */
#include "job_inside.h"

#include "db/db.h"
#include "lane/lane.h"
#include "log/log.h"

#define WAIT_MAX_MS (6 * HOUR_MS)
#define LOCAL_OFFSET_MS (7 * HOUR_MS) /* slots begin at local midnight */

static struct str node_of(const struct jobs *j)
{
    return (struct str){j->node, NODE_HEX};
}

bool is_standing(const struct job_kind *k)
{
    return k->turn || k->on_each_node;
}

bool job_cx(struct jobs *j, struct cx *cx, struct arena *arena)
{
    *cx = (struct cx){
        .arena = arena,
        .env = j->env,
        .actor = &actor_program,
        .scope = {.kind = SCOPE_ALL},
        .now = j->env->clock(j->env),
        .lang = S("vi"),
    };
    if (!arena)
        return false;
    cx->request_id = str_hex(arena, random_bytes(cx, 8));
    return true;
}

static enum err in_lane(struct cx *cx, enum lane lane, enum err (*fn)(struct cx *cx, void *arg),
                        void *arg)
{
    return lane_call(cx->env->lanes, lane, cx, fn, arg);
}

/* 2^n minutes, n from 0, and up to a quarter more so that many do not come back at once. */
int64_t job_wait_ms(struct cx *cx, int tries)
{
    int n = tries < 1 ? 0 : tries - 1;
    int64_t wait = n > 9 ? WAIT_MAX_MS : MINUTE_MS << n;
    uint32_t jitter;
    cx->env->random(cx->env, &jitter, sizeof jitter);
    wait += wait / 4 * (int64_t)(jitter % 1000) / 1000;
    return wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
}

/* ---- schedules ---- */

struct scheduling {
    const struct job_kind *kind;
    int64_t slot;
};

static enum err slot_taken(struct cx *cx, void *arg)
{
    const struct scheduling *s = arg;
    int64_t last;
    TRY(db_one_int(cx, &last, "select slot from job_schedule where kind = $1",
                   V(str_c(s->kind->name))));
    return last >= s->slot ? OK : ERR_CONFLICT;
}

/* The row is what makes a slot run once over all nodes. The first slot ever seen only starts the
 * counting. */
static enum err take_slot(struct cx *cx, void *arg)
{
    const struct scheduling *s = arg;
    struct str kind = str_c(s->kind->name);
    TRY(db_exec(cx, "update job_schedule set slot = $1 where kind = $2 and slot < $1", V(s->slot),
                V(kind)));
    if (db_changed(cx) == 1)
        return job_add(cx, s->kind->name, S("schedule"), S(""),
                       str_fmt(cx->arena, "{\"slot\":%lld}", (long long)s->slot), 0);
    return db_exec(
        cx, "insert into job_schedule (kind, slot) values ($1, $2) on conflict (kind) do nothing",
        V(kind), V(s->slot));
}

static enum err schedule(struct cx *cx, const struct scheduling *s)
{
    enum err e = in_lane(cx, LANE_SLOW, slot_taken, (void *)(uintptr_t)s);
    if (e == ERR_CONFLICT || e == ERR_NOT_FOUND)
        e = in_lane(cx, LANE_WRITE, take_slot, (void *)(uintptr_t)s);
    return e;
}

enum err schedules_due(struct jobs *j, struct cx *cx)
{
    for (int i = 0; i < j->kinds_n; i++) {
        const struct job_kind *k = j->kinds[i];
        if (k->every_ms == 0 || is_standing(k))
            continue;
        const struct scheduling s = {k, (cx->now + LOCAL_OFFSET_MS) / k->every_ms};
        if (j->slots[i] == s.slot)
            continue;
        TRY(schedule(cx, &s));
        j->slots[i] = s.slot;
    }
    return OK;
}

/* ---- claiming ---- */

struct claiming {
    struct jobs *jobs;
    const struct job_kind *kind;
    struct job *out;
    int64_t epoch;
};
struct due {
    struct jobs *jobs;
    int64_t *out;
};

static enum err read_due(struct cx *cx, void *arg)
{
    struct due *d = arg;
    for (int i = 0; i < d->jobs->kinds_n; i++)
        TRY(db_one_int(
            cx, &d->out[i],
            "select coalesce(min(due_at), 9223372036854775807) from job where kind = $1 and state = 1",
            V(str_c(d->jobs->kinds[i]->name))));
    return OK;
}

enum err next_due(struct jobs *j, struct cx *cx, int64_t *out)
{
    return in_lane(cx, LANE_SLOW, read_due, &(struct due){j, out});
}

static enum err find_due(struct cx *cx, struct claiming *c)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select id, kind, job_key, lane_key, payload, due_at, tries, last_error, epoch from job"
        " where kind = $1 and state = 1 and due_at <= $2 order by due_at, id limit 1",
        V(str_c(c->kind->name)), V(cx->now)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *c->out = (struct job){
        .id = db_int(&rows, 0),
        .kind = db_str(&rows, 1),
        .key = db_str(&rows, 2),
        .lane_key = db_str(&rows, 3),
        .payload = db_str(&rows, 4),
        .due_at = db_int(&rows, 5),
        .tries = (int)db_int(&rows, 6) + 1,
        .last_error = db_str(&rows, 7),
    };
    c->epoch = db_int(&rows, 8) + 1;
    return OK;
}

/* The attempt is committed before it begins: a process that dies in it leaves a trace. */
static enum err claim(struct cx *cx, void *arg)
{
    struct claiming *c = arg;
    TRY(find_due(cx, c));
    TRY(db_exec(
        cx,
        "update job set state = 2, tries = tries + 1, epoch = $1, node = $2, claimed_until = $3"
        " where id = $4 and state = 1 and epoch = $1 - 1",
        V(c->epoch), V(node_of(c->jobs)), V(cx->now + CLAIM_MS), V(c->out->id)));
    return db_changed(cx) == 1 ? OK : ERR_NOT_FOUND;
}

enum err claim_one(struct jobs *j, struct cx *cx, const struct job_kind *k, struct job *out,
                   int64_t *epoch)
{
    struct claiming c = {.jobs = j, .kind = k, .out = out};
    TRY(in_lane(cx, LANE_WRITE, claim, &c));
    *epoch = c.epoch;
    return OK;
}

/* ---- running ---- */

struct running {
    struct jobs *jobs;
    const struct job_kind *kind;
    const struct job *job;
    int64_t epoch;
    enum err acted;
    struct str acted_why;
    void *result;
    struct str error;
};

static enum err act(struct cx *cx, void *arg)
{
    struct running *r = arg;
    return r->kind->act(cx, r->job, &r->result);
}

/* First the fence: a claim that lapsed belongs to another node now, and nothing of ours counts. */
static enum err end(struct cx *cx, void *arg)
{
    struct running *r = arg;
    TRY(db_exec(cx, "delete from job where id = $1 and epoch = $2 and state = 2", V(r->job->id),
                V(r->epoch)));
    if (db_changed(cx) != 1) {
        log_event(LOG_WARN, "job.fenced", KN("job", r->job->id), K("kind", r->job->kind));
        return OK;
    }
    cx->why = r->acted_why; /* `after` may pass the failure on */
    TRY(r->kind->after ? r->kind->after(cx, r->job, r->acted, r->result) : r->acted);
    return lane_next(cx, r->job->lane_key);
}

static enum err put_off(struct cx *cx, void *arg)
{
    struct running *r = arg;
    int tries_max = r->kind->tries_max ? r->kind->tries_max : TRIES_MAX;
    bool dead = r->job->tries >= tries_max;
    log_event(dead ? LOG_ERROR : LOG_WARN, dead ? "job.dead" : "job.failed", KN("job", r->job->id),
              K("kind", r->job->kind), KN("tries", r->job->tries), K("error", r->error));
    TRY(db_exec(
        cx,
        "update job set state = $1, due_at = $2, last_error = $3 where id = $4 and epoch = $5 and state = 2",
        V((int)(dead ? JOB_DEAD : JOB_WAITING)), V(cx->now + job_wait_ms(cx, r->job->tries)),
        V(r->error), V(r->job->id), V(r->epoch)));
    return dead && db_changed(cx) == 1 ? lane_next(cx, r->job->lane_key) : OK;
}

/* Sentences up to ERR_LIMIT are for people and may speak of them: only the others are kept. */
static struct str error_text(struct cx *cx, const struct running *r, enum err e)
{
    if (e < ERR_BUSY)
        return str_dup(cx->arena, str_c(err_name(e)));
    struct str why = cx->why.n ? cx->why : r->acted_why;
    return str_fmt(cx->arena, "%s: %.*s", err_name(e), F(str_until(why, 500)));
}

void run_job(struct jobs *j, struct cx *cx, const struct job_kind *k, const struct job *job,
             int64_t epoch)
{
    struct running r = {.jobs = j, .kind = k, .job = job, .epoch = epoch, .acted = OK};
    if (k->act)
        r.acted = cx_guard(cx, act, &r);
    r.acted_why = str_dup(cx->arena, cx->why); /* the lane begins with none */
    cx->now = cx->env->clock(cx->env);         /* acting may have taken a while */
    enum err e = r.acted == OK || k->after ? in_lane(cx, LANE_WRITE, end, &r) : r.acted;
    if (e == OK)
        return;
    r.error = error_text(cx, &r, e);
    for (int i = 0; in_lane(cx, LANE_WRITE, put_off, &r) != OK; i++) {
        log_event(LOG_ERROR, "job.not_recorded", KN("job", job->id), K("kind", job->kind));
        if (!wait_a_little(j, i))
            return; /* the next life finds the claim and counts it as a death */
    }
}

/* ---- standing tasks ---- */

struct turn {
    struct jobs *jobs;
    const struct job_kind *kind;
    bool more;
};

/* The holder is checked, and its lease made longer, in the task's own transaction. */
static enum err hold_lease(struct cx *cx, const struct turn *t, bool *held)
{
    *held = true;
    if (!db_is_postgres(cx))
        return OK; /* one process owns the data folder */
    TRY(db_exec(
        cx,
        "insert into job_lease (name, node, epoch, until) values ($1, $2, 1, $3)"
        " on conflict (name) do update set until = excluded.until, node = excluded.node,"
        " epoch = job_lease.epoch + case when job_lease.node = excluded.node then 0 else 1 end"
        " where job_lease.node = excluded.node or job_lease.until < $4",
        V(str_c(t->kind->name)), V(node_of(t->jobs)), V(cx->now + LEASE_MS), V(cx->now)));
    *held = db_changed(cx) == 1;
    return OK;
}

static enum err turn_once(struct cx *cx, void *arg)
{
    struct turn *t = arg;
    bool held;
    t->more = false;
    if (t->kind->each_node)
        return t->kind->turn(cx, &t->more);
    TRY(hold_lease(cx, t, &held));
    return held ? t->kind->turn(cx, &t->more) : OK;
}

static enum err ask_ready(struct cx *cx, void *arg)
{
    struct turn *t = arg;
    return t->kind->ready(cx, &t->more);
}

static enum err on_each_node(struct cx *cx, void *arg)
{
    struct turn *t = arg;
    t->more = false;
    return t->kind->on_each_node(cx);
}

static enum err one_turn(struct cx *cx, struct turn *t)
{
    if (t->kind->on_each_node)
        return in_lane(cx, LANE_SLOW, on_each_node, t);
    if (t->kind->ready)
        TRY(in_lane(cx, LANE_SLOW, ask_ready, t));
    return t->more ? in_lane(cx, LANE_WRITE, turn_once, t) : OK;
}

void stand_once(struct jobs *j, struct cx *cx, const struct job_kind *k, bool *more)
{
    struct turn t = {j, k, true};
    *more = false;
    const enum err e = one_turn(cx, &t);
    if (e == OK)
        *more = t.more;
    else
        log_event(LOG_WARN, "job.turn.failed", K("kind", str_c(k->name)),
                  K("error", str_c(err_name(e))), K("why", e >= ERR_BUSY ? cx->why : S("")));
}
