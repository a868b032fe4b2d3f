/* empty_test.c - runs the stories of empty/, each on what `tinhso init` leaves: a province, one
 * administrator without a password, {link} to set it. */
#include <glob.h>

#include "app.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "lane/lane.h"
#include "look/look.h"
#include "setup/setup.h"
#include "testing/story.h"
#include "testing/world.h"

#define STORIES_MAX 20

static const char *const packs[] = {"quoc-gia", "roles", "dia-ban", NULL};
static const struct testing_world world = {
    .modules = app_modules, .packs = packs, .frame = look_frame};

/* Nobody signs in beforehand: each has a browser of their own. */
static const struct story_role roles[] = {
    {"khách", NULL},       {"quản trị", NULL}, {"cán bộ một cửa", NULL},
    {"chuyên viên", NULL}, {"lãnh đạo", NULL}, {NULL, NULL},
};

static struct str link; /* of the administrator */

static enum err found(struct cx *cx, void *)
{
    static char kept[200];
    static const struct setup_founding f = {
        .province = {"Tỉnh Lạng Sơn", sizeof "Tỉnh Lạng Sơn" - 1},
        .area = {"20", 2},
        .code = {"H37", 3},
        .login = {"quantri", 7},
        .name = {"Vi Văn Đức", sizeof "Vi Văn Đức" - 1},
    };
    struct invite made;
    TRY(identity_authority_make(cx));
    TRY(setup_found(cx, &f, &made));
    MUST(made.path.n < sizeof kept);
    memcpy(kept, made.path.p, made.path.n);
    link = (struct str){kept, made.path.n};
    return OK;
}

static enum err open_world(struct cx *cx)
{
    struct account known;
    cx->env->demo = false;
    TRY(testing_open_world(cx, &world));
    const enum err e = account_by_login(cx, S("quantri"), &known);
    return e == ERR_NOT_FOUND ? lane_call(cx->env->lanes, LANE_WRITE, cx, found, NULL) : e;
}

static const char *story;

static int start(void **t)
{
    story = *t; /* cmocka's initial state: the path */
    return testing_start(t, &(struct testing_config){.roots = testing_roots(app_modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world,
                                                     .arena_bytes = (size_t)1 << 30});
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

static void tell(void **t)
{
    const struct story_known known[] = {{"link", link}, {NULL, {0}}};
    const struct story_config config = {
        .roles = roles, .verify = verify, .files = "tests/stories/data", .known = known};
    story_run(test_cx(t), story, &config);
}

int main(void)
{
    static struct CMUnitTest tests[STORIES_MAX];
    static char names[STORIES_MAX][64];
    glob_t found_files;
    size_t n = 0;
    if (glob("tests/stories/empty/*.story", 0, NULL, &found_files) != 0)
        return 1; /* a runner that finds no story shows nothing */
    for (; n < found_files.gl_pathc && n < STORIES_MAX; n++) {
        const char *base = strrchr(found_files.gl_pathv[n], '/') + 1;
        snprintf(names[n], sizeof names[n], "%.*s", (int)(strlen(base) - 6), base);
        tests[n] = (struct CMUnitTest){names[n], tell, start, testing_end, found_files.gl_pathv[n]};
    }
    int failed = _cmocka_run_group_tests("stories from empty", tests, n, NULL, NULL);
    globfree(&found_files);
    return failed;
}
