/* poison_test.c - a request that breaks a promise or fills its memory, over real HTTP, among people
 * who work: they notice nothing, it leaves nothing, the process goes on. */
#include "socket_fixture.h"

#include <stdatomic.h>

#define PEOPLE 4
#define ROUNDS 25
#define TURNS 6

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

static int start_poisoned(void **t)
{
    static const struct served poisoned = {poisons, 2, {{"web.rate", 8}, {"1000000", 7}}};
    return start_served(t, &poisoned, open_sockets);
}

/* ---- people who work ---- */

struct person {
    struct cx *cx;
    struct form form;
    pthread_t thread;
    atomic_bool *end;
    int good, bad;
};

static void *work(void *arg)
{
    struct person *p = arg;
    for (int i = 0; i < ROUNDS || !atomic_load(p->end); i++) {
        struct arena_mark here = arena_here(p->cx->arena);
        struct http_reply page = call(p->cx, "GET", "/so/ba", S(""), S(""));
        bool good = page.status == 200 && str_find(page.body, S("<p>trang ba</p>"), NULL);
        good = good && call(p->cx, "GET", "/so/ba/xem", S(""), S("")).status == 200;
        struct form f = socket_form(p->cx);
        good = good && send_form(p->cx, f, "/ghi", "chu=a").status == 303;
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
        struct form f = socket_form(cx);
        struct http_reply got;
        if (r->method == GET)
            got = call(cx, "GET", r->path, S(""), S(""));
        else
            got = send_form(cx, f, r->path, "chu=a");
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
        cmocka_unit_test_setup_teardown(poisoned_requests_harm_nobody_else, start_poisoned,
                                        testing_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
