/*
 * lane_failover_test.c - PostgreSQL is killed under load, comes back, loses its place to a standby
 * and comes back as an old primary: nothing acknowledged is lost, nothing is done twice.
 */
#include "people.h"

#include "testing/cluster.h"

#include <stdlib.h>

static const char *const roots[] = {"core/db/tests", NULL};
static struct cluster *primary, *standby;

static int start(void **state)
{
    return testing_start(
        state, &(struct testing_config){.roots = roots, .schema = true, .lanes.write_threads = 4});
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
