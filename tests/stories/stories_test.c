/* stories_test.c - runs the stories of this folder, each on a database of its own. */
#include <glob.h>

#include "app.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "statistic/statistic.h"
#include "testing/story.h"
#include "testing/world.h"

#define STORIES_MAX 200

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
    browser_open(b, "/dang-nhap");
    return browser_fill(b, "tai_khoan", login) &&
           browser_fill(b, "mat_khau", IDENTITY_DEMO_PASSWORD) && browser_press(b, "Đăng nhập") &&
           browser_page(b)->status == 200;
}

static bool verify(struct cx *cx, struct str *finding)
{
    struct journal_report r;
    if (db_is_postgres(cx))
        assert_ok(test_write(cx, journal_sequence(cx)));
    assert_ok(journal_verify(cx, &(struct journal_check){.skip_payloads = false}, &r));
    *finding = r.what;
    return r.sound && r.size > 0;
}

static const struct story_config config = {
    .roles = roles, .sign_in = sign_in, .verify = verify, .files = "tests/stories/data"};

static const char *story; /* the one that runs */

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    story = *t; /* cmocka's initial state: the path */
    return testing_start(t, &(struct testing_config){.roots = testing_roots(app_modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world,
                                                     .arena_bytes = (size_t)1 << 30});
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
    static struct CMUnitTest tests[STORIES_MAX];
    static char names[STORIES_MAX][64];
    glob_t found;
    size_t n = 0;
    if (glob("tests/stories/*.story", 0, NULL, &found) != 0)
        return 1; /* a runner that finds no story shows nothing */
    for (; n < found.gl_pathc && n < STORIES_MAX; n++) {
        const char *base = strrchr(found.gl_pathv[n], '/') + 1;
        snprintf(names[n], sizeof names[n], "%.*s", (int)(strlen(base) - 6), base);
        tests[n] = (struct CMUnitTest){names[n], tell, start, testing_end, found.gl_pathv[n]};
    }
    int failed = _cmocka_run_group_tests("stories", tests, n, NULL, NULL);
    globfree(&found);
    return failed;
}
