/* kept_test.c - a page that is kept: for all whom it says the same to, and for nobody else. */
#include "web_fixture.h"

static int drawn;

static enum err show_kept(struct cx *cx, struct web_req *, struct web_res *rs)
{
    drawn++;
    html_lit(&rs->body, "<p>tài khoản ");
    html_int(&rs->body, cx->scope.kind == SCOPE_OWN ? cx->actor->account : 0);
    html_lit(&rs->body, "</p>");
    return OK;
}

static const char *const nothing[] = {NULL};
static const struct web_kept for_good = {nothing, NULL};
static const struct route kept_routes[] = {
    {GET, "/chung", "Chung", &anyone, READ, .show = show_kept, .kept = &for_good},
    {GET, "/rieng", "Riêng", &signed_in, READ, .show = show_kept, .kept = &for_good},
    {0},
};
static const struct module keeper = {.name = "keeper", .title = "Giữ", .routes = kept_routes};
static const struct module *const both[] = {&guest, &keeper, NULL};

static enum err open_kept(struct cx *cx)
{
    struct web *w;
    TRY(open_web(cx));
    web_close(cx->env->web);
    drawn = 0;
    return web_open(cx, both, &w);
}

static int start_kept(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault", "core/web", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_kept, .stop = close_web});
}
#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, start_kept, testing_end)

static void what_says_the_same_to_all_is_kept_for_all(void **t)
{
    struct cx *cx = test_cx(t);
    assert_non_null(cx->env->kept);
    assert_contains(GET_(cx, "/chung").body, "tài khoản 0");
    const int once = drawn;
    assert_contains(ASK(cx, .target = "/chung", .cookie = enter(cx, 8)).body, "tài khoản 0");
    assert_int_equal(drawn, once + 1); /* by the check of tests, which draws what it finds anew */
}

static void what_reaches_ones_own_is_kept_for_oneself_alone(void **t)
{
    struct cx *cx = test_cx(t);
    struct str seven = enter(cx, 7), eight = enter(cx, 8);
    for (int i = 0; i < 2; i++) {
        assert_contains(ASK(cx, .target = "/rieng", .cookie = seven).body, "tài khoản 7");
        assert_contains(ASK(cx, .target = "/rieng", .cookie = eight).body, "tài khoản 8");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_says_the_same_to_all_is_kept_for_all),
        TEST(what_reaches_ones_own_is_kept_for_oneself_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
