/* stories_test.c - runs the stories of this folder, each on a database of its own. */
#include "stories.h"

#include "identity/identity.h"
#include "look/look.h"
#include "statistic/statistic.h"

static const char *const packs[] = {"quoc-gia", "roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = app_modules, .packs = packs, .demo = true, .frame = look_frame};

/* Whom a story may name. */
static const struct story_role roles[] = {
    {"khách", NULL},
    {"khách khác", NULL},
    {"người dân", "020192999101"},
    {"người dân khác", "020090999102"},
    {"cán bộ một cửa", "motcua.kylua"},
    {"cán bộ một cửa thứ hai", "motcua.kylua"},
    {"chuyên viên", "hotich.kylua"},
    {"chuyên viên thứ hai", "hotich.kylua"},
    {"lãnh đạo", "chutich.kylua"},
    {"văn thư", "vanthu.kylua"},
    {"cán bộ một cửa Tam Thanh", "motcua.tamthanh"},
    {"chuyên viên Tam Thanh", "hotich.tamthanh"},
    {"lãnh đạo Tam Thanh", "chutich.tamthanh"},
    {"quản trị", "quantri"},
    {"thanh tra", "thanhtra"},
    {NULL, NULL},
};

static bool sign_in(struct browser *b, const char *login)
{
    return testing_sign_in(b, login, IDENTITY_DEMO_PASSWORD);
}

static const struct story_config config = {
    .roles = roles, .sign_in = sign_in, .verify = stories_verify, .files = "tests/stories/data"};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return stories_start(t, open_world);
}

/* Statistics of section 14 hold after every story, counted event by event and counted anew. */
static void check_statistics(struct cx *cx)
{
    struct str finding = {0};
    int ran;
    assert_ok(jobs_run_due(cx, &ran));
    assert_ok(test_write(cx, statistic_check(cx, &finding)));
    assert_str(finding, "");
    assert_ok(test_write(cx, statistic_module.rebuild(cx)));
    assert_ok(jobs_run_due(cx, &ran));
    assert_ok(test_write(cx, statistic_check(cx, &finding)));
    assert_str(finding, "");
}

static void tell(void **t)
{
    story_run(test_cx(t), story, &config);
    check_statistics(test_cx(t));
}

int main(void)
{
    return stories_main("tests/stories/*.story", "stories", tell, start);
}
