/* testing.c - the context of a test: environment, database, lanes, clock, randomness. */
#include "testing_inside.h"

#include "html/html.h"
#include "kept/kept.h"
#include "keyd/keyd.h"
#include "log/log.h"

#define MORNING INT64_C(1795399200000) /* Monday 23/11/2026, 09:00 in Lạng Sơn */

static struct testing *of(const struct cx *cx)
{
    MUST(cx->env->testing);
    return cx->env->testing;
}

/* ---- time and randomness ---- */

static int64_t still_clock(struct env *env)
{
    return atomic_load(&env->testing->now);
}

/* splitmix64, from the seed: the same in every run. */
static uint64_t next_random(struct testing *t)
{
    uint64_t z =
        atomic_fetch_add(&t->random, UINT64_C(0x9E3779B97F4A7C15)) + UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void seeded_random(struct env *env, void *p, size_t n)
{
    unsigned char *out = p;
    uint64_t have = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 8 == 0)
            have = next_random(env->testing);
        out[i] = (unsigned char)(have >> (i % 8 * 8));
    }
}

void testing_set_now(struct cx *cx, int64_t utc_ms)
{
    atomic_store(&of(cx)->now, utc_ms);
    cx->now = utc_ms;
}

void testing_advance(struct cx *cx, int64_t ms)
{
    testing_set_now(cx, atomic_load(&of(cx)->now) + ms);
}

/* ---- contexts ---- */

static void new_context(struct testing *t, struct cx *cx, size_t arena_bytes)
{
    *cx = (struct cx){
        .arena = arena_new(arena_bytes),
        .env = &t->env,
        .actor = &actor_program,
        .scope = {.kind = SCOPE_ALL},
        .now = atomic_load(&t->now),
        .lang = S("vi"),
        .request_id = S("0123456789abcdef"),
    };
    MUST(cx->arena != NULL);
}

struct cx *testing_another(struct cx *cx)
{
    struct testing *t = of(cx);
    MUST(t->others_n < TESTING_OTHERS_MAX);
    struct cx *other = &t->others[t->others_n++];
    new_context(t, other, (size_t)64 << 20);
    return other;
}

struct cx *test_cx(void **state)
{
    struct testing *t = *state;
    return &t->cx;
}

struct db_store *testing_store(struct cx *cx)
{
    return of(cx)->store;
}

/* ---- the writer's place ---- */

void testing_hold(struct cx *cx)
{
    testing_ok_(lane_hold(cx->env->lanes, cx), "lane_hold", __FILE__, __LINE__);
}

void testing_let_go(struct cx *cx)
{
    lane_let_go(cx->env->lanes, cx);
}

/* ---- start and end ---- */

static enum err open_lanes(struct testing *t)
{
    struct cx *cx = &t->cx;
    TRY(db_open(cx, &(struct db_config){.url = t->url, .may_create = true, .readers = 2},
                &t->store));
    struct lanes_config lanes = t->config.lanes;
    lanes.store = t->store;
    if (!lanes.write_threads)
        lanes.write_threads = 2;
    TRY(lanes_start(cx, &lanes, &t->env.lanes));
    return lane_hold(t->env.lanes, cx);
}

static void close_lanes(struct testing *t)
{
    if (t->env.lanes) {
        if (t->cx.db)
            lane_let_go(t->env.lanes, &t->cx);
        lanes_stop(t->env.lanes);
        t->env.lanes = NULL;
    }
    db_close(t->store);
    t->store = NULL;
}

enum err testing_keep(struct cx *cx, bool filled)
{
    struct testing *t = of(cx);
    close_lanes(t);
    TRY(testing_template_keep(t, filled));
    return open_lanes(t);
}

static enum err begin(struct testing *t)
{
    static const char *const none[] = {NULL};
    struct cx *cx = &t->cx;
    t->env.kept = kept_new((size_t)8 << 20);
    TRY(testing_make_database(t));
    TRY(open_lanes(t));
    if (!t->from_template) {
        TRY(db_migrate(cx, t->config.roots ? t->config.roots : none));
        if (!t->config.schema)
            TRY(testing_keep(cx, false));
    }
    return t->config.start ? t->config.start(cx) : OK;
}

int testing_start(void **state, const struct testing_config *c)
{
    struct testing *t = calloc(1, sizeof *t);
    MUST(t != NULL);
    *state = t;
    t->config = *c;
    t->env =
        (struct env){.clock = still_clock, .random = seeded_random, .testing = t, .demo = true};
    t->env.english = html_english;
    t->env.base_url = S("http://localhost:8080");
    atomic_store(&t->now, c->now ? c->now : MORNING);
    atomic_store(&t->random, c->seed ? c->seed : 1);
    new_context(t, &t->cx, c->arena_bytes ? c->arena_bytes : (size_t)64 << 20);
    testing_make_folder(t);
    log_from(getenv("TINHSO_TEST_LOG") ? LOG_DEBUG : LOG_ERROR); /* tests fail on purpose */
    const enum err e = begin(t);
    if (e == OK)
        return 0;
    print_error("testing_start: %s: %.*s\n", err_name(e), F(t->cx.why));
    testing_end(state);
    *state = NULL;
    return -1;
}

enum err testing_keyd(struct cx *cx)
{
    struct env *env = cx->env;
    struct str folder = str_fmt(cx->arena, "%.*s/keys", F(env->data_dir));
    return env->keyd ? OK : keyd_here(cx, folder, &env->keyd);
}

int testing_end(void **state)
{
    struct testing *t = *state;
    if (!t)
        return 0;
    cx_close_all(&t->cx);
    for (int i = 0; i < t->others_n; i++)
        cx_close_all(&t->others[i]);
    if (t->config.stop && t->env.lanes)
        t->config.stop(&t->cx);
    close_lanes(t);
    keyd_close(t->env.keyd);
    testing_drop_database(t);
    kept_free(t->env.kept); /* in use until now: restarts leave it */
    for (int i = 0; i < t->others_n; i++)
        arena_free(t->others[i].arena);
    arena_free(t->cx.arena);
    free(t);
    return 0;
}

void testing_restart(struct cx *cx)
{
    struct testing *t = of(cx);
    if (t->config.stop)
        t->config.stop(cx);
    close_lanes(t);
    testing_ok_(open_lanes(t), "open_lanes", __FILE__, __LINE__);
    if (t->config.start)
        testing_ok_(t->config.start(cx), "start", __FILE__, __LINE__);
}
