/* lane_test.c - who shares a commit, who is left alone, and what everybody is told. */
#include "testing/testing.h"

#include <pthread.h>
#include <unistd.h>

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static struct lanes *lanes_of(struct cx *cx)
{
    return cx->env->lanes;
}

/* ---- tasks that a test submits ---- */

#define TASKS_MAX 64

struct work {
    struct lane_task task;
    struct cx *cx;
    const char *name;
    int n;
    enum err outcome;
    int runs;
    bool ended;
};

static pthread_mutex_t ended_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended_changed = PTHREAD_COND_INITIALIZER;

static void work_done(struct lane_task *t, enum err outcome)
{
    struct work *w = (struct work *)t;
    pthread_mutex_lock(&ended_lock);
    w->outcome = outcome;
    w->ended = true;
    pthread_cond_broadcast(&ended_changed);
    pthread_mutex_unlock(&ended_lock);
}

static void wait_for(struct work *w)
{
    pthread_mutex_lock(&ended_lock);
    while (!w->ended)
        pthread_cond_wait(&ended_changed, &ended_lock);
    pthread_mutex_unlock(&ended_lock);
}

static enum err add(struct cx *cx, const char *text)
{
    return db_exec(cx, "insert into parts_event (text) values ($1)", V(str_c(text)));
}

static enum err run_add(struct lane_task *t, struct cx *cx)
{
    struct work *w = (struct work *)t;
    w->runs++;
    return add(cx, w->name);
}

static enum err run_refuse(struct lane_task *t, struct cx *cx)
{
    struct work *w = (struct work *)t;
    w->runs++;
    TRY(add(cx, w->name));
    return fail(cx, ERR_CONFLICT, "Không được.");
}

static enum err run_break(struct lane_task *t, struct cx *cx)
{
    struct work *w = (struct work *)t;
    w->runs++;
    TRY(add(cx, w->name));
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select id from parts_event"));
    MUST(db_next(&rows));
    MUST(w->n == 4711);
    return OK;
}

static enum err run_fill_arena(struct lane_task *t, struct cx *cx)
{
    struct work *w = (struct work *)t;
    w->runs++;
    TRY(add(cx, w->name));
    for (;;)
        arena_alloc(cx->arena, 1 << 20);
}

static void submit(struct cx *cx, struct work *w, enum lane lane, const char *name,
                   enum err (*run)(struct lane_task *t, struct cx *cx))
{
    *w = (struct work){.task = {.cx = testing_another(cx), .run = run, .done = work_done}, .name = name};
    w->cx = w->task.cx;
    assert_ok(lane_submit(lanes_of(cx), lane, &w->task));
}

/* Lets the lanes work until all have ended, then takes the writer's place again. */
static void let_them_end(struct cx *cx, struct work *w, int n)
{
    testing_let_go(cx);
    for (int i = 0; i < n; i++)
        wait_for(&w[i]);
    testing_hold(cx);
}

static int64_t metric(struct cx *cx, const char *name)
{
    struct buf out = {.arena = cx->arena, .limit = 1 << 16};
    lanes_metrics(lanes_of(cx), &out);
    const struct str mark = str_fmt(cx->arena, "\n%s{store=\"core\"} ", name);
    size_t at;
    assert_true(str_find(buf_str(&out), mark, &at));
    return strtoll(out.p + at + mark.n, NULL, 10);
}

static int64_t events(struct cx *cx, const char *text)
{
    int64_t n = -1;
    assert_ok(db_one_int(cx, &n, "select count(*) from parts_event where text = $1", V(str_c(text))));
    return n;
}

/* ---- WRITE ---- */

static void tasks_that_wait_share_one_commit(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        skip();
    static struct work w[50];
    const int64_t fsyncs = db_fsyncs(), commits = metric(cx, "tinhso_write_commits_total");
    for (int i = 0; i < 50; i++)
        submit(cx, &w[i], LANE_WRITE, "shared", run_add);
    let_them_end(cx, w, 50);
    for (int i = 0; i < 50; i++)
        assert_int_equal(w[i].outcome, OK);
    assert_int_equal(events(cx, "shared"), 50);
    assert_true(metric(cx, "tinhso_write_commits_total") - commits < 10);
    assert_true(db_fsyncs() - fsyncs < 20);
    assert_true(db_fsyncs() > fsyncs); /* durable all the same */
}

static void a_refused_task_leaves_its_neighbours_alone(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[3];
    submit(cx, &w[0], LANE_WRITE, "before", run_add);
    submit(cx, &w[1], LANE_WRITE, "refused", run_refuse);
    submit(cx, &w[2], LANE_WRITE, "after", run_add);
    let_them_end(cx, w, 3);
    assert_int_equal(w[1].outcome, ERR_CONFLICT);
    assert_contains(w[1].cx->why, "Không được.");
    assert_int_equal(events(cx, "before") + events(cx, "after"), 2);
    assert_int_equal(events(cx, "refused"), 0);
}

static void a_poisoned_task_harms_nobody_else(void **t)
{
    struct cx *cx = test_cx(t);
    static struct work w[4];
    submit(cx, &w[0], LANE_WRITE, "before", run_add);
    submit(cx, &w[1], LANE_WRITE, "poison", run_break);
    submit(cx, &w[2], LANE_WRITE, "poison", run_fill_arena);
    submit(cx, &w[3], LANE_WRITE, "after", run_add);
    let_them_end(cx, w, 4);
    assert_int_equal(w[1].outcome, ERR_IO);
    assert_contains(w[1].cx->why, "MUST(w->n == 4711)");
    assert_int_equal(w[2].outcome, ERR_IO);
    assert_int_equal(w[0].outcome, OK);
    assert_int_equal(w[3].outcome, OK);
    assert_int_equal(events(cx, "before") + events(cx, "after"), 2);
    assert_int_equal(events(cx, "poison"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tasks_that_wait_share_one_commit),
        TEST(a_refused_task_leaves_its_neighbours_alone),
        TEST(a_poisoned_task_harms_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
