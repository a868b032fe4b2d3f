/* world.c - modules as they run, for tests of whole ways. */
#include "world.h"

#include "testing_inside.h"

#include "file/file.h"
#include "job/job.h"
#include "vault/vault.h"

static struct arena *roots_arena;

/* The same list each time it is asked for: by it the tests know whose schemas are kept. */
const char *const *testing_roots(const struct module *const *modules)
{
    static const struct module *const *last;
    static const char *const *roots;
    if (!roots_arena)
        roots_arena = arena_new((size_t)1 << 20); /* for the life of the test program */
    if (modules != last)
        roots = module_schema_roots(roots_arena, modules);
    last = modules;
    return roots;
}

static void say_refused(void *state, struct str line)
{
    (void)state;
    if (getenv("TINHSO_TEST_LOG"))
        print_message("%.*s\n", F(line));
}

static enum err load_packs(struct cx *cx, const char *const *packs)
{
    for (; packs && *packs; packs++) {
        struct pack p;
        TRY(pack_open(cx, str_c(*packs), &p));
        TRY(pack_load(cx, &p, say_refused, NULL));
    }
    return OK;
}

static enum err run_demo(struct cx *cx, void *module)
{
    return ((const struct module *)module)->demo(cx);
}

static enum err run_demos(struct cx *cx, const struct module *const *modules)
{
    for (; *modules; modules++)
        if ((*modules)->demo)
            TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, run_demo, (void *)*modules));
    return OK;
}

static enum err is_filled(struct cx *cx, void *arg)
{
    struct pack_loaded one;
    return pack_list(cx, &one, 1, arg);
}

static enum err open_rooms(struct cx *cx, const struct testing_world *w)
{
    struct env *env = cx->env;
    TRY(testing_keyd(cx));
    TRY(vault_open(cx, true, &env->vault));
    TRY(file_store_open(cx, &env->files));
    return module_start_all(cx, w->modules);
}

static void close_rooms(struct env *env)
{
    if (env->files)
        file_store_close(env->files);
    env->files = NULL;
    if (env->vault)
        vault_close(env->vault);
    env->vault = NULL;
}

/* The packs and people of a world; the tests after this one begin with a copy. */
static enum err fill(struct cx *cx, const struct testing_world *w)
{
    TRY(load_packs(cx, w->packs));
    if (w->demo)
        TRY(run_demos(cx, w->modules));
    close_rooms(cx->env);
    TRY(testing_keep(cx, true));
    return open_rooms(cx, w);
}

enum err testing_open_world(struct cx *cx, const struct testing_world *w)
{
    struct env *env = cx->env;
    struct web *web;
    size_t loaded = 0;
    env->modules = w->modules;
    TRY(open_rooms(cx, w));
    web_set_frame(w->frame);
    TRY(lane_call(env->lanes, LANE_SLOW, cx, is_filled, &loaded));
    if (loaded == 0 && w->packs)
        TRY(fill(cx, w));
    TRY(jobs_start(cx, module_jobs(cx->arena, w->modules), &env->jobs));
    return web_open(cx, w->modules, &web);
}

void testing_close_world(struct cx *cx)
{
    struct env *env = cx->env;
    web_close(env->web);
    if (env->jobs)
        jobs_stop(env->jobs);
    env->jobs = NULL;
    close_rooms(env);
}

/* ---- people ---- */

bool testing_sign_in(struct browser *b, const char *login, const char *password)
{
    return browser_open(b, "/dang-nhap") == 200 && browser_fill(b, "tai_khoan", login) &&
           browser_fill(b, "mat_khau", password) && browser_press(b, "Đăng nhập") &&
           browser_page(b)->status == 200;
}

struct browser *testing_person(struct cx *cx, const char *login, const char *password)
{
    struct browser *b = browser_new(cx);
    if (!testing_sign_in(b, login, password))
        fail_msg("%s cannot sign in", login);
    return b;
}
