/* poison_test.c - a request that breaks a promise or fills its memory, over real HTTP, among people
 * who work: they notice nothing, it leaves nothing, the process goes on. */
#include "web_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#define PEOPLE 4
#define ROUNDS 25
#define TURNS 6

static int port;

/* ---- the poisons ---- */

static void fill_arena(struct cx *cx)
{
    for (;;)
        memset(arena_alloc(cx->arena, 1 << 20), 1, 1 << 20);
}

static enum err fill_show(struct cx *cx, struct web_req *, struct web_res *)
{
    fill_arena(cx);
    return OK;
}

static enum err leave_a_mark(struct cx *cx)
{
    return db_exec(cx,
                   "insert into web_draft (account, form_key, changed_at, content)"
                   " values (1, 'poison', 1, $1)",
                   VB(S("x")));
}

static enum err must_write(struct cx *cx, struct web_req *, struct web_res *)
{
    TRY(leave_a_mark(cx));
    MUST_NOT_HAPPEN("poison");
}

static enum err fill_write(struct cx *cx, struct web_req *, struct web_res *)
{
    TRY(leave_a_mark(cx));
    fill_arena(cx);
    return OK;
}

/* Another statement stands open, and the rows with it. */
static enum err open_rows_write(struct cx *cx, struct web_req *, struct web_res *)
{
    struct db_rows rows = {0};
    TRY(leave_a_mark(cx));
    TRY(db_query(cx, &rows, "select account from web_draft"));
    MUST(!db_next(&rows));
    return OK;
}

/* clang-format off */
static const struct route poisons[] = {
    {GET,  "/doc/day",       "Đầy",  &anyone, READ,  .show = fill_show},
    {GET,  "/doc/hong",      "Hỏng", &anyone, SLOW,  .show = show_must},
    {GET,  "/doc/cham-day",  "Đầy",  &anyone, SLOW,  .show = fill_show},
    {POST, "/doc/chuan-bi",  "Hỏng", &anyone, WRITE, .prepare = show_must, .write = write_form},
    {POST, "/doc/chuan-day", "Đầy",  &anyone, WRITE, .prepare = fill_show, .write = write_form},
    {POST, "/doc/ghi-hong",  "Hỏng", &anyone, WRITE, .write = must_write},
    {POST, "/doc/ghi-day",   "Đầy",  &anyone, WRITE, .write = fill_write},
    {POST, "/doc/ghi-do",    "Dở",   &anyone, WRITE, .write = open_rows_write},
    {0},
};
/* clang-format on */

/* ---- a server ---- */

static enum err open_sockets(struct cx *cx)
{
    static const struct str listen[] = {{"127.0.0.1:0", 11}};
    static const struct web_part parts[] = {{"guest", routes, menu, NULL},
                                            {"poison", poisons, NULL, NULL}};
    struct web *w;
    TRY(open_web(cx));
    web_close(cx->env->web);
    settings_free(cx->env->settings);
    cx->env->settings = settings_new();
    settings_set(cx->env->settings, S("web.rate"), S("1000000"));
    struct web_config c = {.parts = parts, .parts_n = 2};
    c.http = (struct http_config){
        .listen = listen, .listen_n = 1, .loops = 2, .limits = http_limits_default};
    TRY(web_start(cx, &c, &w));
    port = web_port(w, 0);
    return OK;
}

static void close_sockets(struct cx *cx)
{
    web_stop(cx->env->web, 2000);
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
    settings_free(cx->env->settings);
    cx->env->settings = NULL;
}

static int start_sockets(void **t)
{
    static const char *const roots[] = {"core/vault", "core/web", NULL};
    int r = testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_sockets, .stop = close_sockets});
    if (r == 0)
        testing_let_go(test_cx(t)); /* the server writes */
    return r;
}

/* ---- asking: from any thread, so nothing is asserted here ---- */

struct person {
    struct cx *cx;
    struct form form;
    pthread_t thread;
    atomic_bool *end;
    int good, bad;
};

static struct http_reply call(struct cx *cx, const char *method, const char *path,
                              struct str cookie, struct str body)
{
    const struct http_header h[] = {{S("Content-Type"), S("application/x-www-form-urlencoded")},
                                    {S("Cookie"), cookie}};
    struct http_reply r = {0};
    struct http_call c = {.url = str_fmt(cx->arena, "http://127.0.0.1:%d%s", port, path),
                          .method = str_c(method),
                          .headers = h,
                          .headers_n = cookie.n ? 2 : 1,
                          .body = body,
                          .timeout_ms = 20'000};
    if (http_do(cx, &c, &r) != OK)
        r.status = 0;
    return r;
}

static struct form form_of(struct cx *cx)
{
    struct http_reply r = call(cx, "GET", "/ghi", S(""), S(""));
    struct str pair = S(""), rest;
    for (size_t i = 0; i < r.headers_n; i++)
        if (str_eq_ascii_case(r.headers[i].name, S("Set-Cookie")))
            str_cut(r.headers[i].value, ';', &pair, &rest);
    return (struct form){str_dup(cx->arena, pair), token_in(cx, r.body)};
}

static int post_form(struct cx *cx, const struct form *f, const char *path)
{
    struct http_reply r =
        call(cx, "POST", path, f->cookie, str_fmt(cx->arena, "_token=%.*s&chu=a", F(f->token)));
    return r.status;
}

static void *work(void *arg)
{
    struct person *p = arg;
    for (int i = 0; i < ROUNDS || !atomic_load(p->end); i++) {
        struct arena_mark here = arena_here(p->cx->arena);
        struct http_reply page = call(p->cx, "GET", "/so/ba", S(""), S(""));
        bool good = page.status == 200 && str_find(page.body, S("<p>trang ba</p>"), NULL);
        good = good && call(p->cx, "GET", "/so/ba/xem", S(""), S("")).status == 200;
        struct form f = form_of(p->cx);
        good = good && post_form(p->cx, &f, "/ghi") == 303;
        p->good += good;
        p->bad += !good;
        arena_back(p->cx->arena, here);
    }
    return NULL;
}

/* ---- tests ---- */

static void poison_once(struct cx *cx)
{
    for (const struct route *r = poisons; r->path; r++) {
        struct arena_mark here = arena_here(cx->arena);
        struct form f = form_of(cx);
        struct http_reply got = {0};
        if (r->method == GET)
            got = call(cx, "GET", r->path, S(""), S(""));
        else
            got.status = post_form(cx, &f, r->path);
        if (got.status != 500)
            fail_msg("%s came to %d", r->path, got.status);
        if (r->method == GET)
            assert_contains(got.body, "Chưa có gì bị thay đổi");
        arena_back(cx->arena, here);
    }
}

static void poisoned_requests_harm_nobody_else(void **t)
{
    struct cx *cx = test_cx(t);
    struct person people[PEOPLE];
    atomic_bool end = false;
    int good = 0, bad = 0;
    for (int i = 0; i < PEOPLE; i++) {
        people[i] = (struct person){.cx = testing_another(cx), .end = &end};
        pthread_create(&people[i].thread, NULL, work, &people[i]);
    }
    for (int i = 0; i < TURNS; i++)
        poison_once(cx);
    atomic_store(&end, true);
    for (int i = 0; i < PEOPLE; i++) {
        pthread_join(people[i].thread, NULL);
        good += people[i].good;
        bad += people[i].bad;
    }
    testing_hold(cx);
    assert_int_equal(bad, 0);
    assert_true(good >= PEOPLE * ROUNDS);
    int64_t kept = 0; /* each once, however a batch was undone and run again */
    assert_ok(db_one_int(cx, &kept, "select count(*) from web_answer where status = 303"));
    assert_int_equal(kept, good);
    assert_int_equal(rows_of(cx, "web_draft"), 0);
    testing_let_go(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(poisoned_requests_harm_nobody_else, start_sockets,
                                        testing_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
