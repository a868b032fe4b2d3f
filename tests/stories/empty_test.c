/* empty_test.c - runs the stories of empty/, each on what `tinhso init` leaves: a province, one
 * administrator without a password, {link} to set it. */
#include "stories.h"

#include "identity/identity.h"
#include "lane/lane.h"
#include "look/look.h"
#include "setup/setup.h"

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

static int start(void **t)
{
    return stories_start(t, open_world);
}

static void tell(void **t)
{
    const struct story_known known[] = {{"link", link}, {NULL, {0}}};
    const struct story_config config = {
        .roles = roles, .verify = stories_verify, .files = "tests/stories/data", .known = known};
    story_run(test_cx(t), story, &config);
}

int main(void)
{
    return stories_main("tests/stories/empty/*.story", "stories from empty", tell, start);
}
