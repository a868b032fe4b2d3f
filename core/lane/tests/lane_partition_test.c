/*
 * lane_partition_test.c - the primary vanishes from the network without a word, in the middle of
 * work: a standby takes over, and the old one is back later, alive and taking writes.
 *
 * Both servers stand in network namespaces of their own, so this needs root, and it waits about ten
 * seconds for the silence to be noticed: part of `make crash PG=1` (TINHSO_NETNS=1).
 */
#include "people.h"

#include "testing/cluster.h"

#include <sys/wait.h>
#include <unistd.h>

static const char *const roots[] = {"core/db/tests", NULL};
static struct cluster *primary, *standby;
static char names[2][24];

static int start(void **state)
{
    return testing_start(
        state, &(struct testing_config){.roots = roots, .schema = true, .lanes.write_threads = 4});
}

static bool shell(const char *command)
{
    const pid_t pid = fork();
    int status = -1;
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A room of its own: 10.77.N.2, reached from here through a pair of wires. */
static bool make_room(int i)
{
    char command[600];
    snprintf(names[i], sizeof names[i], "ts%d%c", (int)getpid() % 100000, 'a' + i);
    const char *n = names[i];
    snprintf(command, sizeof command,
             "ip netns add %s && ip link add %sv type veth peer name eth0 netns %s &&"
             " ip addr add 10.77.%d.1/24 dev %sv && ip link set %sv up &&"
             " ip -n %s addr add 10.77.%d.2/24 dev eth0 && ip -n %s link set eth0 up &&"
             " ip -n %s link set lo up",
             n, n, n, i + 1, n, n, n, i + 1, n, n);
    return shell(command);
}

static int make_rooms([[maybe_unused]] void **state)
{
    if (!getenv("TINHSO_NETNS"))
        return 0;
    if (!make_room(0) || !make_room(1))
        return -1;
    primary = cluster_new(&(struct cluster_place){names[0], "10.77.1.2"});
    standby =
        primary ? cluster_copy(primary, &(struct cluster_place){names[1], "10.77.2.2"}) : NULL;
    if (!standby)
        return -1;
    setenv(
        "TINHSO_TEST_DATABASE",
        "postgresql://tinhso@/tinhso?host=10.77.1.2,10.77.2.2&target_session_attrs=read-write&sslmode=disable",
        1);
    return 0;
}

static int end_rooms([[maybe_unused]] void **state)
{
    char command[64];
    cluster_end(primary);
    cluster_end(standby);
    for (int i = 0; i < 2 && names[i][0]; i++) {
        snprintf(command, sizeof command, "ip netns del %s", names[i]);
        shell(command);
    }
    return 0;
}

static void set_wire(const char *how)
{
    char command[64];
    snprintf(command, sizeof command, "ip -n %s link set eth0 %s", names[0], how);
    MUST(shell(command));
}

static void a_primary_that_falls_silent_is_replaced_and_nothing_is_lost(void **t)
{
    struct cx *cx = test_cx(t);
    if (!primary)
        skip();
    assert_true(cluster_wait_for_standby(primary));
    struct people *all = people_start(cx);
    wait_for(&all->acknowledged, 50);
    set_wire("down");
    MUST(cluster_promote(standby));
    wait_for(&all->acknowledged, atomic_load(&all->acknowledged) + 50);
    people_end(all);
    /* It was alive all the time, and takes writes. */
    set_wire("up");
    struct db_host hosts[4] = {0};
    for (int i = 0; i < 200 && hosts[0].state != DB_HOST_LEFT; i++) {
        assert_int_equal(db_hosts(cx, testing_store(cx), hosts, 4), 2);
        nanosleep(&(struct timespec){.tv_nsec = 20'000'000}, NULL);
    }
    assert_int_equal(hosts[0].state, DB_HOST_LEFT);
    assert_int_equal(hosts[1].state, DB_HOST_PRIMARY);
    testing_restart(cx);
    struct str text = S("after");
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, pay, &text));
    assert_int_equal(times_of(cx, "after"), 1);
    cluster_kill(
        primary); /* what ends the test would go there, and wait for its standby for ever */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_primary_that_falls_silent_is_replaced_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, make_rooms, end_rooms);
}
