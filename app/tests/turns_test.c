/*
 * turns_test.c - two nodes take their turns at the same time, hour after hour: every slot of every
 * schedule is done once, every event gets one place without a gap, and what readers of the journal
 * leave is left once.
 */
#include "app_fixture.h"

#include "job/job.h"
#include "journal/journal.h"

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
static struct job_kind counted[KINDS_MAX];
static const struct job_kind *counted_list[KINDS_MAX + 1];
static size_t kinds_n;
/* Every job that was begun: which kind, which row, by which node. */
static struct {
    size_t kind;
    int64_t id;
} begun[JOBS_MAX];
static atomic_size_t begun_n;

static enum err count_act(struct cx *cx, const struct job *j, void **result)
{
    size_t i = 0;
    while (i < kinds_n && !str_eq(j->kind, str_c(kinds[i]->name)))
        i++;
    const size_t at = atomic_fetch_add(&begun_n, 1);
    MUST(i < kinds_n && at < JOBS_MAX);
    begun[at].kind = i;
    begun[at].id = j->id;
    return kinds[i]->act ? kinds[i]->act(cx, j, result) : OK;
}

static void count_kinds(struct cx *cx)
{
    kinds = module_jobs(cx->arena, app_modules);
    for (kinds_n = 0; kinds[kinds_n]; kinds_n++) {
        MUST(kinds_n < KINDS_MAX);
        counted[kinds_n] = *kinds[kinds_n];
        if (!counted[kinds_n].turn && !counted[kinds_n].on_each_node)
            counted[kinds_n].act = count_act;
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
};

/* Any event of a unit: its readers leave a job for it. */
static enum err write_event(struct cx *cx, void *unit)
{
    return journal_write(cx, &(struct event){.kind = S("org.unit.ended"),
                                             .subject_kind = S("org.unit"),
                                             .subject_id = *(int64_t *)unit});
}

static void *take_turns(void *arg)
{
    struct node *n = arg;
    int ran;
    n->cx.now = n->env.clock(&n->env);
    n->came = lane_call(n->env.lanes, LANE_WRITE, &n->cx, write_event, &n->unit);
    for (int i = 0; n->came == OK && i < 2; i++)
        n->came = jobs_run_due(&n->cx, &ran);
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

static void open_nodes(struct cx *cx, struct node *nodes, int64_t unit)
{
    for (int i = 0; i < NODES; i++) {
        struct node *n = &nodes[i];
        n->env = *cx->env;
        n->unit = unit;
        n->cx = (struct cx){.arena = arena_new((size_t)256 << 20),
                            .env = &n->env,
                            .actor = &actor_program,
                            .scope = {.kind = SCOPE_ALL},
                            .now = cx->now,
                            .lang = S("vi")};
        assert_ok(jobs_start(&n->cx, counted_list, &n->env.jobs));
    }
}

static void close_nodes(struct node *nodes)
{
    for (int i = 0; i < NODES; i++) {
        jobs_stop(nodes[i].env.jobs);
        cx_close_all(&nodes[i].cx);
        arena_free(nodes[i].cx.arena);
    }
}

/* ---- what came of it ---- */

#define NUMBER(cx, sql)                                                                            \
    ({                                                                                             \
        int64_t n_ = -1;                                                                           \
        assert_ok(db_one_int((cx), &n_, sql));                                                     \
        n_;                                                                                        \
    })

static void check_schedules(int64_t from, int64_t to)
{
    int schedules = 0;
    for (size_t i = 0; i < kinds_n; i++) {
        const struct job_kind *k = kinds[i];
        if (k->every_ms == 0 || k->turn || k->on_each_node)
            continue;
        const int64_t slots =
            (to + LOCAL_OFFSET_MS) / k->every_ms - (from + LOCAL_OFFSET_MS) / k->every_ms;
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
    open_nodes(cx, nodes, unit);
    testing_let_go(cx);
    take_turns_together(nodes); /* what waits since the beginning */
    atomic_store(&begun_n, 0);
    const int64_t from = cx->now;
    for (int i = 0; i < STEPS; i++) {
        testing_advance(cx, STEP_MS);
        take_turns_together(nodes);
    }
    print_message("%zu jobs in %d steps\n", begun_n, STEPS);
    check_schedules(from, cx->now);
    check_no_job_was_begun_twice();
    assert_int_equal(begun_of("identity.follow"), STEPS * NODES);
    testing_hold(cx);
    assert_int_equal(NUMBER(cx, "select count(*) from journal_event e where not exists"
                                " (select 1 from journal_position p where p.event_id = e.id)"),
                     0);
    assert_int_equal(NUMBER(cx, "select max(position) - count(*) + 1 - min(position)"
                                " from journal_position"),
                     0);
    assert_int_equal(NUMBER(cx, "select count(*) - count(distinct event_id) from journal_position"),
                     0);
    assert_int_equal(NUMBER(cx, "select count(*) from job where state = 3"), 0);
    close_nodes(nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_nodes_do_everything_once, start_pair, end_pair)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
