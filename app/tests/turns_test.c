/*
 * turns_test.c - two nodes take their turns at the same time, hour after hour: every slot of every
 * schedule is done once, every event gets one place without a gap, and what readers of the journal
 * leave is left once. Then the same while calls of one of them fail on their way to the database.
 */
#include "app_fixture.h"

#include "job/job.h"
#include "journal/journal.h"
#include "testing/wire.h"

#include <pthread.h>
#include <stdatomic.h>

#include <stdlib.h>

#define STEP_MS (5 * MINUTE_MS)
#define STEPS 36
#define EVENING INT64_C(1795446000000) /* Monday 23/11/2026, 22:00: midnight is among them */
#define LOCAL_OFFSET_MS (7 * HOUR_MS)
#define KINDS_MAX 64
#define JOBS_MAX 4000
#define NODES 2
#define WIRE_STEPS 25
#define TRIES 5 /* of a node whose calls fail now and then: one fails in each step */

/* On SQLite a data folder belongs to one process: nothing is made ready. */
static int start_pair(void **t)
{
    return getenv("TINHSO_TEST_DATABASE") ? start(t) : 0;
}

static int end_pair(void **t)
{
    return getenv("TINHSO_TEST_DATABASE") ? testing_end(t) : 0;
}

/* ---- the jobs of the program, counted ---- */

static const struct job_kind *const *kinds;
static bool tells; /* each job that ended leaves an event, in the same transaction */
static struct job_kind counted[KINDS_MAX];
static const struct job_kind *counted_list[KINDS_MAX + 1];
static size_t kinds_n;
/* Every job that was begun: which kind, which row, by which node. */
static struct {
    size_t kind;
    int64_t id;
} begun[JOBS_MAX];
static atomic_size_t begun_n;

static size_t kind_of(const struct job *j)
{
    size_t i = 0;
    while (i < kinds_n && !str_eq(j->kind, str_c(kinds[i]->name)))
        i++;
    return i;
}

static enum err count_act(struct cx *cx, const struct job *j, void **result)
{
    const size_t i = kind_of(j);
    const size_t at = atomic_fetch_add(&begun_n, 1);
    MUST(i < kinds_n && at < JOBS_MAX);
    begun[at].kind = i;
    begun[at].id = j->id;
    return kinds[i]->act ? kinds[i]->act(cx, j, result) : OK;
}

static enum err tell_after(struct cx *cx, const struct job *j, enum err acted, void *result)
{
    const struct job_kind *k = kinds[kind_of(j)];
    TRY(k->after ? k->after(cx, j, acted, result) : acted);
    return journal_write(cx, &(struct event){.kind = S("test.job.ended"),
                                             .subject_kind = S("test.job"),
                                             .subject_id = j->id,
                                             .subject_code = j->kind});
}

static void count_kinds(struct cx *cx)
{
    kinds = module_jobs(cx->arena, app_modules);
    for (kinds_n = 0; kinds[kinds_n]; kinds_n++) {
        MUST(kinds_n < KINDS_MAX);
        counted[kinds_n] = *kinds[kinds_n];
        if (!counted[kinds_n].turn && !counted[kinds_n].on_each_node)
            counted[kinds_n].act = count_act;
        if (tells && counted[kinds_n].act == count_act)
            counted[kinds_n].after = tell_after;
        counted_list[kinds_n] = &counted[kinds_n];
    }
}

static int64_t begun_of(const char *name)
{
    int64_t n = 0;
    for (size_t i = 0; i < begun_n; i++)
        n += strcmp(kinds[begun[i].kind]->name, name) == 0;
    return n;
}

/* ---- two nodes ---- */

struct node {
    struct env env; /* of its own, but for the database and what lies beside it */
    struct cx cx;
    pthread_t thread;
    enum err came;
    int64_t unit;
    int tries; /* what fails on the way is asked again */
    struct wire *wire;
    struct db_store *store; /* at its other end */
};

/* Any event of a unit: its readers leave a job for it. */
static enum err write_event(struct cx *cx, void *unit)
{
    return journal_write(cx, &(struct event){.kind = S("org.unit.ended"),
                                             .subject_kind = S("org.unit"),
                                             .subject_id = *(int64_t *)unit});
}

static enum err run_jobs(struct node *n)
{
    enum err e = ERR_BUSY;
    int ran;
    for (int i = 0; e != OK && i < n->tries; i++)
        e = jobs_run_due(&n->cx, &ran);
    return e;
}

static void *take_turns(void *arg)
{
    struct node *n = arg;
    n->cx.now = n->env.clock(&n->env);
    n->came = ERR_BUSY;
    for (int i = 0; n->came != OK && i < n->tries; i++)
        n->came = lane_call(n->env.lanes, LANE_WRITE, &n->cx, write_event, &n->unit);
    for (int i = 0; n->came == OK && i < 2; i++)
        n->came = run_jobs(n);
    return NULL;
}

static void take_turns_together(struct node *nodes)
{
    for (int i = 0; i < NODES; i++)
        MUST(pthread_create(&nodes[i].thread, NULL, take_turns, &nodes[i]) == 0);
    for (int i = 0; i < NODES; i++)
        pthread_join(nodes[i].thread, NULL);
    for (int i = 0; i < NODES; i++)
        if (nodes[i].came != OK)
            fail_msg("node %d: %s %.*s", i, err_name(nodes[i].came), F(nodes[i].cx.why));
}

/* Connections and lanes of its own, through a wire. */
static void lay_wire(struct node *n)
{
    n->wire = wire_start(testing_url(&n->cx).p);
    assert_non_null(n->wire);
    assert_ok(db_open(&n->cx, &(struct db_config){.url = str_c(wire_url(n->wire)), .readers = 2},
                      &n->store));
    assert_ok(lanes_start(&n->cx, &(struct lanes_config){.store = n->store, .write_threads = 2},
                          &n->env.lanes));
    n->tries = TRIES;
}

static void take_wire(struct node *n)
{
    if (!n->wire)
        return;
    lanes_stop(n->env.lanes);
    db_close(n->store);
    wire_end(n->wire);
    n->wire = NULL;
}

static void open_nodes(struct cx *cx, struct node *nodes, int64_t unit, bool wired)
{
    for (int i = 0; i < NODES; i++) {
        struct node *n = &nodes[i];
        n->env = *cx->env;
        n->unit = unit;
        n->tries = 1;
        n->cx = (struct cx){.arena = arena_new((size_t)256 << 20),
                            .env = &n->env,
                            .actor = &actor_program,
                            .scope = {.kind = SCOPE_ALL},
                            .now = cx->now,
                            .lang = S("vi")};
        if (wired && i == 0)
            lay_wire(n);
        assert_ok(jobs_start(&n->cx, counted_list, &n->env.jobs));
    }
}

/* One node may have ended its turns before the other wrote; by now its leases have ended too. */
static void end_turns(struct cx *cx, struct node *nodes)
{
    testing_advance(cx, MINUTE_MS);
    for (int i = 0; i < NODES; i++)
        assert_ok(run_jobs(&nodes[i]));
    for (int i = 0; i < NODES; i++)
        assert_ok(run_jobs(&nodes[i]));
}

static void close_nodes(struct node *nodes)
{
    for (int i = 0; i < NODES; i++) {
        jobs_stop(nodes[i].env.jobs);
        take_wire(&nodes[i]);
        cx_close_all(&nodes[i].cx);
        arena_free(nodes[i].cx.arena);
    }
}

/* ---- what came of it ---- */

#define NUMBER(cx, ...)                                                                            \
    ({                                                                                             \
        int64_t n_ = -1;                                                                           \
        assert_ok(db_one_int((cx), &n_, __VA_ARGS__));                                             \
        n_;                                                                                        \
    })

static int64_t slots_of(const struct job_kind *k, int64_t from, int64_t to)
{
    return (to + LOCAL_OFFSET_MS) / k->every_ms - (from + LOCAL_OFFSET_MS) / k->every_ms;
}

static void check_journal(struct cx *cx)
{
    assert_int_equal(NUMBER(cx, "select count(*) from journal_event e where not exists"
                                " (select 1 from journal_position p where p.event_id = e.id)"),
                     0);
    assert_int_equal(NUMBER(cx, "select max(position) - count(*) + 1 - min(position)"
                                " from journal_position"),
                     0);
    assert_int_equal(NUMBER(cx, "select count(*) - count(distinct event_id) from journal_position"),
                     0);
    assert_int_equal(NUMBER(cx, "select count(*) from job where state = 3"), 0);
}

static void check_schedules(int64_t from, int64_t to)
{
    int schedules = 0;
    for (size_t i = 0; i < kinds_n; i++) {
        const struct job_kind *k = kinds[i];
        if (k->every_ms == 0 || k->turn || k->on_each_node)
            continue;
        const int64_t slots = slots_of(k, from, to);
        if (begun_of(k->name) != slots)
            fail_msg("%s: %lld slots, done %lld times", k->name, (long long)slots,
                     (long long)begun_of(k->name));
        schedules++;
    }
    assert_true(schedules >= 6);
}

static void check_no_job_was_begun_twice(void)
{
    for (size_t i = 0; i < begun_n; i++)
        for (size_t k = i + 1; k < begun_n; k++)
            if (begun[i].id == begun[k].id)
                fail_msg("job %lld of %s was begun twice", (long long)begun[i].id,
                         kinds[begun[i].kind]->name);
}

static void two_nodes_do_everything_once(void **t)
{
    static struct node nodes[NODES];
    if (!getenv("TINHSO_TEST_DATABASE"))
        skip();
    struct cx *cx = test_cx(t);
    testing_set_now(cx, EVENING);
    const int64_t unit = NUMBER(cx, "select min(id) from org_unit");
    count_kinds(cx);
    open_nodes(cx, nodes, unit, false);
    testing_let_go(cx);
    take_turns_together(nodes); /* what waits since the beginning */
    end_turns(cx, nodes);
    atomic_store(&begun_n, 0);
    const int64_t from = cx->now;
    for (int i = 0; i < STEPS; i++) {
        testing_advance(cx, STEP_MS);
        take_turns_together(nodes);
    }
    print_message("%zu jobs in %d steps\n", begun_n, STEPS);
    check_schedules(from, cx->now);
    end_turns(cx, nodes);
    check_no_job_was_begun_twice();
    assert_int_equal(begun_of("identity.follow"), STEPS * NODES);
    testing_hold(cx);
    check_journal(cx);
    close_nodes(nodes);
}

/* ---- while calls of one node fail ---- */

static int64_t ended_of(struct cx *cx, const char *kind)
{
    return NUMBER(cx,
                  "select count(*) from journal_event where kind = 'test.job.ended'"
                  " and subject_code = $1",
                  V(str_c(kind)));
}

/* What a failure put off is late, never left out, where a slot is longer than that. */
static void check_schedules_ended(struct cx *cx, int64_t from, int64_t to)
{
    for (size_t i = 0; i < kinds_n; i++) {
        const struct job_kind *k = kinds[i];
        if (k->every_ms == 0 || k->turn || k->on_each_node)
            continue;
        const int64_t ended = ended_of(cx, k->name), slots = slots_of(k, from, to);
        if (ended > slots || (k->every_ms >= HOUR_MS && ended < slots) || ended < slots / 2)
            fail_msg("%s: %lld slots, ended %lld times", k->name, (long long)slots,
                     (long long)ended);
    }
}

/* Three commits, or one call, of the first node; the second is never disturbed. Not both: who could
 * not learn in which life of the server a commit began does not find out what became of it. */
static void disturb(struct node *n, int i)
{
    static const enum wire_cut cuts[] = {WIRE_AFTER_COMMIT, WIRE_AT_COMMIT, WIRE_BEFORE_COMMIT};
    if (i % 2 == 0)
        wire_cut(n->wire, cuts[i / 2 % 3], 3);
    else
        wire_fault(n->wire, (enum wire_fault)(1 + i / 2 % (WIRE_FAULTS - 1)), 1 + i * 37 % 101);
}

/* Every other step; what failed is done in the next. */
static int go_on_with_faults(struct cx *cx, struct node *nodes)
{
    int met = 0;
    for (int i = 0; i < WIRE_STEPS; i++) {
        testing_advance(cx, STEP_MS);
        if (i % 2 == 1)
            disturb(&nodes[0], i / 2);
        take_turns_together(nodes);
        met += (int)wire_met(nodes[0].wire);
        wire_cut(nodes[0].wire, WIRE_AFTER_COMMIT, 0);
        wire_fault(nodes[0].wire, WIRE_SOUND, 0);
    }
    return met + wire_cuts(nodes[0].wire);
}

static void two_nodes_do_everything_once_while_the_calls_of_one_fail(void **t)
{
    static struct node nodes[NODES];
    if (!getenv("TINHSO_TEST_DATABASE"))
        skip();
    struct cx *cx = test_cx(t);
    testing_set_now(cx, EVENING + 30 * MINUTE_MS);
    const int64_t unit = NUMBER(cx, "select min(id) from org_unit");
    tells = false;
    count_kinds(cx);
    open_nodes(cx, nodes, unit, false);
    testing_let_go(cx);
    take_turns_together(nodes); /* what waits since the beginning */
    end_turns(cx, nodes);
    close_nodes(nodes);
    testing_hold(cx);
    const int64_t before =
        NUMBER(cx, "select count(*) from journal_event where kind = 'org.unit.ended'");
    tells = true;
    count_kinds(cx);
    open_nodes(cx, nodes, unit, true);
    testing_let_go(cx);
    const int64_t from = cx->now;
    const int met = go_on_with_faults(cx, nodes);
    print_message("%d faults met\n", met);
    assert_true(met >= WIRE_STEPS / 2);
    const int64_t to = cx->now;
    end_turns(cx, nodes);
    testing_hold(cx);
    check_schedules_ended(cx, from, to);
    assert_int_equal(NUMBER(cx, "select count(*) from journal_event where kind = 'org.unit.ended'"),
                     before +
                         WIRE_STEPS * NODES); /* a commit whose answer was lost is not sent twice */
    assert_int_equal(ended_of(cx, "identity.follow"), WIRE_STEPS * NODES);
    assert_int_equal(NUMBER(cx, "select count(*) - count(distinct subject_id) from journal_event"
                                " where kind = 'test.job.ended'"),
                     0);
    check_journal(cx);
    close_nodes(nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_nodes_do_everything_once, start_pair, end_pair),
        cmocka_unit_test_setup_teardown(two_nodes_do_everything_once_while_the_calls_of_one_fail,
                                        start_pair, end_pair)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
