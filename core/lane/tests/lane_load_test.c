/* lane_load_test.c - many at once: nothing is lost, nothing is done twice, copies are whole. */
#include "work.h"

#include "crypto/crypto.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 8
#define ROUNDS 60

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state,
                         &(struct testing_config){.roots = roots, .lanes = {.write_threads = 4}});
}

static enum err read_amount(struct cx *cx, int64_t *amount)
{
    return db_one_int(
        cx, amount,
        "select coalesce(amount, 0) from parts_thing where name = 'the last has no semicolon'");
}

static enum err write_amount(struct cx *cx, int64_t amount)
{
    return db_exec(cx,
                   "update parts_thing set amount = $1 where name = 'the last has no semicolon'",
                   V(amount));
}

/* Reads, then writes what it read and one: two that meet would lose one. */
static enum err add_one(struct cx *cx, [[maybe_unused]] void *arg)
{
    int64_t amount;
    TRY(read_amount(cx, &amount));
    TRY(write_amount(cx, amount + 1));
    TRY(add_event(cx, "one"));
    return add_event(cx, "two");
}

struct caller {
    struct cx *cx;
    pthread_t thread;
    int done, busy;
};

static void *call_often(void *arg)
{
    struct caller *c = arg;
    for (int i = 0; i < ROUNDS; i++) {
        const struct arena_mark mark = arena_here(c->cx->arena);
        const enum err e = lane_call(c->cx->env->lanes, LANE_WRITE, c->cx, add_one, NULL);
        c->done += e == OK;
        c->busy += e == ERR_BUSY;
        arena_back(c->cx->arena, mark);
    }
    return NULL;
}

static enum err backup(struct cx *cx, void *path)
{
    return db_backup(cx, *(struct str *)path);
}

static void start_callers(struct cx *cx, struct caller *c)
{
    for (int i = 0; i < THREADS; i++) {
        c[i] = (struct caller){.cx = testing_another(cx)};
        assert_int_equal(pthread_create(&c[i].thread, NULL, call_often, &c[i]), 0);
    }
}

static int64_t join_callers(struct caller *c)
{
    int64_t done = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(c[i].thread, NULL);
        assert_int_equal(c[i].done + c[i].busy, ROUNDS);
        done += c[i].done;
    }
    return done;
}

static void many_submitters_lose_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct caller c[THREADS];
    testing_let_go(cx);
    start_callers(cx, c);
    const int64_t done = join_callers(c);
    testing_hold(cx);
    int64_t amount = -1;
    assert_ok(read_amount(cx, &amount));
    assert_int_equal(amount, done);
    assert_int_equal(events_of(cx, "one"), done);
    assert_int_equal(events_of(cx, "two"), done);
    assert_int_equal(done, THREADS * ROUNDS); /* also on PostgreSQL, where all meet at one row */
}

/* PostgreSQL's copy comes to life in a schema of its own. */
static struct str another_schema(struct cx *cx)
{
    const char *cluster = getenv("TINHSO_TEST_DATABASE");
    PGconn *pg = PQconnectdb(cluster);
    PGresult *r = PQexec(pg, "drop schema if exists copied cascade; create schema copied");
    assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
    PQclear(r);
    PQfinish(pg);
    return str_fmt(cx->arena, "%s%coptions=-csearch_path%%3Dcopied", cluster,
                   strchr(cluster, '?') ? '&' : '?');
}

static struct hash digest_of(struct cx *cx, struct str path)
{
    char *text = arena_alloc(cx->arena, 8 << 20);
    FILE *f = fopen(path.p, "re");
    assert_non_null(f);
    const size_t n = fread(text, 1, 8 << 20, f);
    assert_true(feof(f));
    fclose(f);
    size_t end; /* the last lines say what the server has counted since */
    assert_true(str_find((struct str){text, n}, S("\nX "), &end));
    return sha256((struct str){text, end});
}

/* Back into an empty database, and copied again: the same bytes. */
static void come_back(struct cx *other, struct str path)
{
    const struct str again = str_fmt(other->arena, "%.*s.again", F(path));
    assert_ok(db_restore(other, path, roots));
    assert_err(db_restore(other, path, roots), ERR_CONFLICT);
    assert_ok(db_backup(other, again));
    const struct hash first = digest_of(other, path), second = digest_of(other, again);
    assert_memory_equal(&first, &second, sizeof first);
}

/* A copy taken in the middle of all that holds whole transactions only. */
static void a_backup_under_load_is_consistent(void **t)
{
    struct cx *cx = test_cx(t);
    struct caller c[THREADS];
    struct str path = str_fmt(cx->arena, "%.*s/copy.db", F(cx->env->data_dir));
    const bool postgres = db_is_postgres(cx);
    testing_let_go(cx);
    start_callers(cx, c);
    assert_ok(lanes_at_barrier(cx->env->lanes, cx, backup, &path));
    join_callers(c);
    testing_hold(cx);

    struct cx *other = testing_another(cx);
    struct db_store *s;
    int64_t amount;
    const struct str url = postgres ? another_schema(cx) : str_fmt(cx->arena, "sqlite:%s", path.p);
    assert_ok(db_open(other, &(struct db_config){.url = url}, &s));
    assert_ok(db_connect(other, s, DB_WRITER, &other->db));
    if (postgres)
        come_back(other, path);
    assert_ok(read_amount(other, &amount));
    assert_int_equal(events_of(other, "one"), amount);
    assert_int_equal(events_of(other, "two"), amount);
    db_disconnect(other->db);
    db_close(s);
}

/* Two statements: only a snapshot makes them agree. */
static enum err count_both(struct cx *cx, void *arg)
{
    int64_t *const *both = arg;
    TRY(db_one_int(cx, both[0], "select count(*) from parts_event where text = $1", V(S("one"))));
    return db_one_int(cx, both[1], "select count(*) from parts_event where text = $1", V(S("two")));
}

static void *read_often(void *arg)
{
    struct caller *c = arg;
    for (int i = 0; i < ROUNDS; i++) {
        const struct arena_mark mark = arena_here(c->cx->arena);
        int64_t ones = 0, twos = 0;
        bool again = false;
        struct lanes *l = c->cx->env->lanes;
        int64_t *both[2] = {&ones, &twos};
        enum err e = lane_read(l, c->cx, count_both, both, &again);
        if (again)
            e = lane_call(l, LANE_SLOW, c->cx, count_both, both);
        lane_turn_end(l);
        c->done += e == OK && ones == twos;
        arena_back(c->cx->arena, mark);
    }
    return NULL;
}

static void readers_see_whole_transactions(void **t)
{
    struct cx *cx = test_cx(t);
    struct caller writers[THREADS], readers[2];
    testing_let_go(cx);
    start_callers(cx, writers);
    for (int i = 0; i < 2; i++) {
        readers[i] = (struct caller){.cx = testing_another(cx)};
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_often, &readers[i]), 0);
    }
    join_callers(writers);
    for (int i = 0; i < 2; i++) {
        pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].done, ROUNDS);
    }
    testing_hold(cx);
}

/* ---- PostgreSQL: what meets runs again ---- */

struct meeting {
    sem_t read, go;
};

static void meet(struct work *w)
{
    struct meeting *m = w->more;
    if (w->runs > 1)
        return;
    sem_post(&m->read);
    sem_wait(&m->go);
}

static enum err run_add_one_after_meeting(struct lane_task *t, struct cx *cx)
{
    int64_t amount;
    work_of(t)->runs++;
    TRY(read_amount(cx, &amount));
    meet(work_of(t));
    return write_amount(cx, amount + 1);
}

static enum err run_insert_after_meeting(struct lane_task *t, struct cx *cx)
{
    int64_t id;
    work_of(t)->runs++;
    const enum err e = db_one_int(cx, &id, "select id from parts_thing where name = 'contested'");
    meet(work_of(t));
    if (e == OK)
        return fail(cx, ERR_CONFLICT, "Đã có rồi.");
    return db_insert(cx, &id, "insert into parts_thing (name) values ('contested') returning id");
}

/* Runs the task up to the meeting, lets `between` happen, then lets it go on. */
static void run_with_meeting(struct cx *cx, struct work *w, work_fn *run,
                             enum err (*between)(struct cx *cx))
{
    struct meeting m;
    sem_init(&m.read, 0, 0);
    sem_init(&m.go, 0, 0);
    work_new(cx, w, "", run);
    w->more = &m;
    assert_ok(lane_submit(cx->env->lanes, LANE_WRITE, &w->task));
    sem_wait(&m.read);
    assert_ok(test_write(cx, between(cx)));
    sem_post(&m.go);
    work_wait(w, 1);
    sem_destroy(&m.read);
    sem_destroy(&m.go);
}

static enum err set_hundred(struct cx *cx)
{
    return write_amount(cx, 100);
}

static enum err insert_contested(struct cx *cx)
{
    return db_exec(cx, "insert into parts_thing (name) values ('contested')");
}

static void a_serialisation_failure_runs_again(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        return; /* one writer: nobody to meet */
    static struct work w;
    run_with_meeting(cx, &w, run_add_one_after_meeting, set_hundred);
    assert_int_equal(w.outcome, OK);
    assert_int_equal(w.runs, 2);
    assert_int_equal(metric(cx, "tinhso_write_retries_total"), 1);
    int64_t amount;
    assert_ok(read_amount(cx, &amount));
    assert_int_equal(amount, 101);
}

static void a_key_that_a_neighbour_inserted_is_seen_by_the_second_run(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        return;
    static struct work w;
    run_with_meeting(cx, &w, run_insert_after_meeting, insert_contested);
    assert_int_equal(w.outcome, ERR_CONFLICT);
    assert_why(w.cx, "Đã có rồi.");
    assert_int_equal(w.runs, 2);
}

static enum err run_lose_connection(struct lane_task *t, struct cx *cx)
{
    work_of(t)->runs++;
    TRY(add_event(cx, "kept once"));
    if (work_of(t)->runs > 1)
        return OK;
    int64_t n;
    return db_one_int(
        cx, &n, "/* postgresql */ select cast(pg_terminate_backend(pg_backend_pid()) as integer)");
}

static void a_connection_lost_before_the_commit_is_made_anew(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        return;
    static struct work w[1];
    work_submit(cx, &w[0], LANE_WRITE, "", run_lose_connection);
    work_wait(w, 1);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(w[0].runs, 2);
    assert_int_equal(events_of(cx, "kept once"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_submitters_lose_nothing),
        TEST(a_backup_under_load_is_consistent),
        TEST(readers_see_whole_transactions),
        TEST(a_serialisation_failure_runs_again),
        TEST(a_key_that_a_neighbour_inserted_is_seen_by_the_second_run),
        TEST(a_connection_lost_before_the_commit_is_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
