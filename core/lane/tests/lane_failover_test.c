/*
 * lane_failover_test.c - PostgreSQL is killed under load, comes back, loses its place to a standby
 * and comes back as an old primary: nothing acknowledged is lost, nothing is done twice.
 */
#include "work.h"

#include "testing/cluster.h"

#include <stdatomic.h>
#include <stdlib.h>

#define CLIENTS 4
#define SENT_MAX 20000

static const char *const roots[] = {"core/db/tests", NULL};
static struct cluster *primary, *standby;

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots, .lanes.write_threads = 4});
}

/* Only where PostgreSQL is tested at all. */
static int make_clusters([[maybe_unused]] void **state)
{
    char url[200];
    if (!getenv("TINHSO_TEST_DATABASE"))
        return 0;
    primary = cluster_new(NULL);
    standby = primary ? cluster_copy(primary, NULL) : NULL;
    if (!standby)
        return -1;
    snprintf(url, sizeof url,
             "postgresql://tinhso@/tinhso?host=%%2Ftmp%%2F%s,%%2Ftmp%%2F%s"
             "&target_session_attrs=read-write",
             cluster_folder(primary) + 5, cluster_folder(standby) + 5);
    setenv("TINHSO_TEST_DATABASE", url, 1);
    return 0;
}

static int end_clusters([[maybe_unused]] void **state)
{
    cluster_end(primary);
    cluster_end(standby);
    return 0;
}

/* ---- people who send again until they are told ---- */

struct people {
    struct cx *cx;
    pthread_t threads[CLIENTS];
    atomic_int next, acknowledged, refused;
    atomic_bool stop;
    _Atomic signed char told[SENT_MAX]; /* 1: done; 2: not done, or not known: sent no more */
};
struct person {
    struct people *all;
    struct cx *cx;
};

static enum err pay(struct cx *cx, void *arg)
{
    return db_exec(cx, "insert into parts_event (text) values ($1)", V(*(struct str *)arg));
}

static void *send(void *arg)
{
    struct person *p = arg;
    struct people *all = p->all;
    while (!atomic_load(&all->stop)) {
        const int n = atomic_fetch_add(&all->next, 1);
        if (n >= SENT_MAX)
            break;
        struct str text = str_fmt(p->cx->arena, "payment %d", n);
        const enum err e = lane_call(p->cx->env->lanes, LANE_WRITE, p->cx, pay, &text);
        if (e == OK)
            atomic_fetch_add(&all->acknowledged, 1);
        else
            atomic_fetch_add(&all->refused, 1);
        const bool unknown = e != OK && str_find(p->cx->why, S("unknown"), NULL);
        atomic_store(&all->told[n], e == OK ? 1 : unknown ? 3 : 2);
        if (e != OK)
            nanosleep(&(struct timespec){.tv_nsec = 5'000'000}, NULL);
    }
    return NULL;
}

static struct people *people_start(struct cx *cx)
{
    static struct person persons[CLIENTS];
    struct people *all = calloc(1, sizeof *all);
    MUST(all != NULL);
    all->cx = cx;
    for (int i = 0; i < CLIENTS; i++) {
        persons[i] = (struct person){all, testing_another(cx)};
        MUST(pthread_create(&all->threads[i], NULL, send, &persons[i]) == 0);
    }
    return all;
}

static void wait_for(const atomic_int *n, int least)
{
    for (int i = 0; atomic_load(n) < least; i++) {
        if (i > 6000)
            fail_msg("only %d of %d", atomic_load(n), least);
        nanosleep(&(struct timespec){.tv_nsec = 5'000'000}, NULL);
    }
}

static enum err count_payments(struct cx *cx, void *arg)
{
    signed char *times = arg;
    memset(times, 0, SENT_MAX);
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select text from parts_event where text like 'payment %'"));
    while (db_next(&rows))
        times[strtol(str_z(cx->arena, str_from(db_str(&rows, 0), 8)), NULL, 10)]++;
    return rows.err;
}

static enum err count_events(struct cx *cx, void *arg)
{
    struct work *w = arg;
    return db_one_int(cx, (int64_t *)w->more, "select count(*) from parts_event where text = $1",
                      V(str_c(w->name)));
}

/* In a lane: its connection is made anew when it was lost. */
static int64_t times_of(struct cx *cx, const char *text)
{
    int64_t n = -1;
    struct work w = {.name = text, .more = &n};
    assert_ok(lane_call(cx->env->lanes, LANE_SLOW, cx, count_events, &w));
    return n;
}

/* Everything they were told, against what is there. */
static void people_end(struct people *all)
{
    struct cx *cx = all->cx;
    int wrong = 0, unknown = 0;
    atomic_store(&all->stop, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(all->threads[i], NULL);
    signed char *times = calloc(SENT_MAX, 1);
    MUST(times != NULL);
    assert_ok(lane_call(cx->env->lanes, LANE_SLOW, cx, count_payments, times));
    for (int i = 0; i < SENT_MAX; i++) {
        const int told = atomic_load(&all->told[i]);
        unknown += told == 3;
        wrong += told == 1 ? times[i] != 1 : told == 3 ? times[i] > 1 : times[i] != 0;
    }
    print_message("%d acknowledged, %d refused, %d of them unknown; %d wrong\n",
                  atomic_load(&all->acknowledged), atomic_load(&all->refused), unknown, wrong);
    free(times);
    free(all);
    assert_int_equal(wrong, 0);
}

/* ---- the tests, in this order: each begins where the one before ended ---- */

static void a_server_killed_under_load_loses_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    if (!primary)
        skip();
    struct people *all = people_start(cx);
    for (int i = 1; i <= 3; i++) {
        wait_for(&all->acknowledged, atomic_load(&all->acknowledged) + 50);
        cluster_kill(primary);
        const int refused = atomic_load(&all->refused);
        wait_for(&all->refused, refused + CLIENTS);
        MUST(cluster_start(primary));
    }
    wait_for(&all->acknowledged, atomic_load(&all->acknowledged) + 50);
    people_end(all);
}

static void a_standby_takes_over_and_nothing_acknowledged_is_lost(void **t)
{
    struct cx *cx = test_cx(t);
    if (!primary)
        skip();
    assert_true(cluster_wait_for_standby(primary));
    struct people *all = people_start(cx);
    wait_for(&all->acknowledged, 50);
    cluster_kill(primary);
    wait_for(&all->refused, atomic_load(&all->refused) + 1);
    struct db_host hosts[4] = {0};
    (void)db_hosts(cx, testing_store(cx), hosts, 4);
    MUST(cluster_promote(standby));
    wait_for(&all->acknowledged, atomic_load(&all->acknowledged) + 50);
    people_end(all);
    assert_int_equal(hosts[0].state, DB_HOST_AWAY);
    assert_int_equal(hosts[1].state, DB_HOST_STANDBY);
}

static enum err say(struct cx *cx, void *arg)
{
    return add_event(cx, arg);
}

static void break_connections(struct cluster *c)
{
    assert_true(cluster_ask(c,
                            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                            " where application_name = 'tinhso'",
                            NULL));
}

/* What people are told while only the old primary answers. */
static enum err try_to_write(struct cx *cx, const char *text)
{
    return lane_call(cx->env->lanes, LANE_WRITE, cx, say, (void *)(uintptr_t)text);
}

static void an_old_primary_that_returns_is_left_alone(void **t)
{
    struct cx *cx = test_cx(t);
    if (!primary)
        skip();
    assert_ok(try_to_write(cx, "before"));
    /* It comes back in its old history and takes writes; it is the first in the address. */
    assert_true(cluster_ask(standby, "select 1", NULL));
    assert_true(cluster_start(primary));
    assert_true(cluster_ask(primary, "alter system reset synchronous_standby_names", NULL));
    assert_true(cluster_ask(primary, "select pg_reload_conf()", NULL));
    break_connections(standby);
    assert_ok(try_to_write(cx, "after"));
    assert_int_equal(times_of(cx, "after"), 1);
    struct db_host hosts[4];
    assert_int_equal(db_hosts(cx, testing_store(cx), hosts, 4), 2);
    assert_int_equal(hosts[0].state, DB_HOST_LEFT);
    assert_int_equal(hosts[1].state, DB_HOST_PRIMARY);
    testing_restart(cx);
    assert_int_equal(times_of(cx, "after"), 1);
    assert_ok(try_to_write(cx, "after a restart"));

    cluster_kill(standby);
    struct cx *other = testing_another(cx);
    for (int i = 0; i < 3; i++)
        assert_err(try_to_write(other, "lost"), ERR_BUSY);
    long long n = -1;
    assert_true(
        cluster_ask(primary,
                    "select count(*) from pg_stat_activity where application_name = 'tinhso'"
                    " and query like 'insert into parts%'",
                    &n));
    assert_int_equal(n, 0);
    assert_true(cluster_start(standby));
    for (int i = 0; i < 100 && try_to_write(other, "found again") != OK; i++)
        nanosleep(&(struct timespec){.tv_nsec = 20'000'000}, NULL);
    assert_int_equal(times_of(cx, "found again"), 1);
    assert_int_equal(times_of(cx, "lost"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_killed_under_load_loses_nothing),
        TEST(a_standby_takes_over_and_nothing_acknowledged_is_lost),
        TEST(an_old_primary_that_returns_is_left_alone),
    };
    return cmocka_run_group_tests(tests, make_clusters, end_clusters);
}
