/* app_fixture.h - the whole program as people of the demo meet it: every module, roles and packs.
 */
#pragma once
#include "app.h"
#include "look/look.h"
#include "testing/world.h"

static const char *const packs[] = {"quoc-gia", "roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = app_modules, .packs = packs, .demo = true, .frame = look_frame};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(app_modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world,
                                                     .arena_bytes = (size_t)2 << 30});
}
