/*
 * world.h - modules as they run: keys, files, jobs, pages, packs and the demo's people, over the
 * database of testing_start.
 *
 *   static const struct testing_world world = {.modules = modules, .packs = packs, .demo = true};
 *   static enum err open_world(struct cx *cx) { return testing_open_world(cx, &world); }
 *   static int start(void **t)
 *   {
 *       return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
 *                                                        .start = open_world,
 *                                                        .stop = testing_close_world});
 *   }
 */
#pragma once
#include "module/module.h"
#include "testing/browser.h"
#include "testing/testing.h"

struct testing_world {
    const struct module *const *modules; /* NULL-ended */
    const char *const *packs;            /* of the binary, in order; NULL-ended; may be NULL */
    bool demo;                           /* calls every demo */
    web_draw_frame *frame;               /* NULL: bare pages */
};
const char *const *testing_roots(const struct module *const *modules);
/*
 * The packs are loaded once: after testing_restart everything stands as it was, and the next tests
 * of a program with the same start begin with a copy. So a start writes nothing before this.
 */
enum err testing_open_world(struct cx *cx, const struct testing_world *w);
void testing_close_world(struct cx *cx);

/* At /dang-nhap; false: it does not let them in. */
bool testing_sign_in(struct browser *b, const char *login, const char *password);
/* Somebody at a browser of their own, signed in. */
struct browser *testing_person(struct cx *cx, const char *login, const char *password);
