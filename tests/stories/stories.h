/* stories.h - what the runners of stories share: each *.story of a folder is one test, each event
 * of it is proved afterwards. */
#pragma once
#include <glob.h>

#include "app.h"
#include "journal/journal.h"
#include "testing/story.h"
#include "testing/world.h"

#define STORIES_MAX 200

static const char *story; /* the one that runs */

static inline bool stories_verify(struct cx *cx, struct str *finding)
{
    struct journal_report r;
    if (db_is_postgres(cx))
        assert_ok(test_write(cx, journal_sequence(cx)));
    assert_ok(journal_verify(cx, &(struct journal_check){.skip_payloads = false}, &r));
    *finding = r.what;
    return r.sound && r.size > 0;
}

/* A database of its own; *t is the path of the story, cmocka's initial state. */
static inline int stories_start(void **t, enum err (*open)(struct cx *cx))
{
    story = *t;
    return testing_start(t, &(struct testing_config){.roots = testing_roots(app_modules),
                                                     .start = open,
                                                     .stop = testing_close_world,
                                                     .arena_bytes = (size_t)1 << 30});
}

static inline int stories_main(const char *pattern, const char *title, CMUnitTestFunction tell,
                               CMFixtureFunction start)
{
    static struct CMUnitTest tests[STORIES_MAX];
    static char names[STORIES_MAX][64];
    glob_t found;
    size_t n = 0;
    if (glob(pattern, 0, NULL, &found) != 0)
        return 1; /* a runner that finds no story shows nothing */
    for (; n < found.gl_pathc && n < STORIES_MAX; n++) {
        const char *base = strrchr(found.gl_pathv[n], '/') + 1;
        snprintf(names[n], sizeof names[n], "%.*s", (int)(strlen(base) - 6), base);
        tests[n] = (struct CMUnitTest){names[n], tell, start, testing_end, found.gl_pathv[n]};
    }
    const int failed = _cmocka_run_group_tests(title, tests, n, NULL, NULL);
    globfree(&found);
    return failed;
}
