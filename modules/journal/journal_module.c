/* journal_module.c - what the journal brings: the sequencer's hook, heads every hour, the witness.
 */
#include "journal.h"

#include "job/job.h"
#include "journal_api.h"
#include "journal_head.h"
#include "journal_store.h"
#include "journal_store_log.h"
#include "lane/lane.h"
#include "log/log.h"
#include "module/module.h"
#include "vault/vault.h"

#define TURN_MAX 512 /* events in one turn of the writer */

/* ---- PostgreSQL: the sequencer of whichever node holds the lease ---- */

static enum err sequence_ready(struct cx *cx, bool *ready)
{
    *ready = false;
    if (!db_is_postgres(cx))
        return OK; /* SQLite's writer sequences before each commit */
    struct event_mark mark;
    int64_t size, horizon;
    size_t n;
    struct event_record first;
    TRY(journal_store_last_mark(cx, &mark, &size));
    TRY(db_horizon(cx, &horizon));
    TRY(journal_store_unsequenced(cx, mark, horizon, &first, 1, &n));
    *ready = n > 0;
    return OK;
}

static enum err sequence_turn(struct cx *cx, bool *more)
{
    size_t n;
    TRY(journal_sequence_some(cx, TURN_MAX, &n));
    *more = n >= TURN_MAX;
    return OK;
}

static const struct job_kind sequence_kind = {
    .name = "journal.sequence",
    .title = "Xếp thứ tự nhật ký",
    .ready = sequence_ready,
    .turn = sequence_turn,
};

/* ---- heads and their witness ---- */

static enum err make_head(struct cx *cx, void *head)
{
    return journal_make_head(cx, head);
}

/* Signed outside of the writer: nobody waits for keyd but this job. */
static enum err sign_act(struct cx *cx, const struct job *, void **head)
{
    *head = NEW(cx->arena, struct journal_head);
    return lane_call(cx->env->lanes, LANE_SLOW, cx, make_head, *head);
}

static enum err sign_after(struct cx *cx, const struct job *, enum err acted, void *head)
{
    const struct journal_head *h = head;
    TRY(acted);
    if (h->size)
        TRY(journal_head_store(cx, h));
    return job_add(cx, "journal.witness", S("now"), S(""), S("{}"), 0);
}

static const struct job_kind head_kind = {
    .name = "journal.head",
    .title = "Ký đầu nhật ký",
    .act = sign_act,
    .after = sign_after,
    .every_ms = HOUR_MS,
};

static enum err witness_in_lane(struct cx *cx, void *)
{
    return journal_witness(cx);
}

static enum err witness_act(struct cx *cx, const struct job *, void **)
{
    return lane_call(cx->env->lanes, LANE_SLOW, cx, witness_in_lane, NULL);
}

static const struct job_kind witness_kind = {
    .name = "journal.witness",
    .title = "Ghi đầu nhật ký ra tệp nhân chứng",
    .act = witness_act,
    .tries_max = 1000, /* a full disk or a missing folder must not end it */
};

/* ---- tombstones of erased subjects ---- */

static enum err tombstones_in_lane(struct cx *cx, void *)
{
    return vault_tombstones(cx);
}

static enum err tombstones_act(struct cx *cx, const struct job *, void **)
{
    return lane_call(cx->env->lanes, LANE_SLOW, cx, tombstones_in_lane, NULL);
}

static const struct job_kind tombstones_kind = {
    .name = "journal.tombstones",
    .title = "Ghi danh sách dữ liệu đã xóa theo quyết định",
    .act = tombstones_act,
    .tries_max = 1000,
};

/* ---- master keys: each node says which it has, takes up what came, forgets what retired ---- */

static enum err keys_turn(struct cx *cx, bool *more)
{
    *more = false;
    return vault_keys_tell(cx);
}

static const struct job_kind keys_kind = {
    .name = "journal.keys",
    .title = "Theo kịp khóa chủ",
    .each_node = true,
    .ready = vault_keys_follow,
    .turn = keys_turn,
};

const struct job_kind *const journal_jobs[] = {&sequence_kind,   &head_kind, &witness_kind,
                                               &tombstones_kind, &keys_kind, NULL};

/* ---- start and stop ---- */

static enum err make_key(struct cx *cx, void *)
{
    struct key *k;
    enum err e = vault_key(cx, S("journal"), &k);
    if (e == ERR_NOT_FOUND)
        e = vault_key_make(cx, S("journal"), &k);
    TRY(e);
    key_free(k);
    /* What a crash left unwritten is written now. */
    TRY(job_add(cx, "journal.tombstones", S("start"), S("tombstones"), S("{}"), 0));
    return job_add(cx, "journal.witness", S("now"), S(""), S("{}"), 0);
}

static enum err is_postgres(struct cx *cx, void *arg)
{
    *(bool *)arg = db_is_postgres(cx);
    return OK;
}

enum err journal_start(struct cx *cx)
{
    bool postgres;
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, is_postgres, &postgres));
    if (!postgres)
        lanes_before_commit(cx->env->lanes, journal_sequence);
    return lane_call(cx->env->lanes, LANE_WRITE, cx, make_key, NULL);
}

static enum err sequence_all(struct cx *cx, void *)
{
    return journal_sequence(cx);
}

static enum err sign_in_lane(struct cx *cx, void *)
{
    return journal_sign_head(cx);
}

enum err journal_stop(struct cx *cx)
{
    TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, sequence_all, NULL));
    TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, sign_in_lane, NULL));
    return lane_call(cx->env->lanes, LANE_SLOW, cx, witness_in_lane, NULL);
}

static const char *const needs[] = {NULL};

const struct module journal_module = {
    .name = "journal",
    .title = "Nhật ký",
    .needs = needs,
    .routes = journal_routes,
    .jobs = journal_jobs,
    .start = journal_start,
};
