/* look_pages_test.c - the component sheet as people open it; size of text and language kept. */
#include "look/look.h"
#include "module/module.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {&look_module, NULL};
static const struct testing_world world = {.modules = modules, .frame = look_frame};

static enum err open_world(struct cx *cx)
{
    TRY(testing_open_world(cx, &world));
    cx->env->demo = true;
    return OK;
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static void the_sheet_is_drawn_in_both_densities(void **t)
{
    struct browser *b = browser_new(test_cx(t));
    assert_opens(b, "/giao-dien", 200);
    assert_sees(b, "mẫu thành phần");
    assert_contains(browser_page(b)->body, "<body class=\"citizen\">");
    assert_opens(b, "/giao-dien/can-bo", 200);
    assert_contains(browser_page(b)->body, "<body class=\"officer\">");
}

static void only_the_demo_shows_the_sheet(void **t)
{
    struct cx *cx = test_cx(t);
    cx->env->demo = false;
    struct browser *b = browser_new(cx);
    assert_opens(b, "/giao-dien", 404);
}

static void larger_text_stays_until_it_is_changed_back(void **t)
{
    struct browser *b = browser_new(test_cx(t));
    assert_opens(b, "/giao-dien", 200);
    assert_lacks(browser_page(b)->body, "class=\"big\"");
    assert_opens(b, "/giao-dien?chu=lon", 200);
    assert_contains(browser_page(b)->body, "class=\"big\"");
    assert_opens(b, "/giao-dien", 200);
    assert_contains(browser_page(b)->body, "class=\"big\"");
    assert_opens(b, "/giao-dien?chu=thuong", 200);
    assert_lacks(browser_page(b)->body, "class=\"big\"");
    assert_opens(b, "/giao-dien?chu=rat-lon", 200);
    assert_lacks(browser_page(b)->body, "class=\"big\"");
}

static void the_frame_speaks_english_when_asked(void **t)
{
    struct browser *b = browser_new(test_cx(t));
    assert_opens(b, "/giao-dien?lang=en", 200);
    assert_contains(browser_page(b)->body, "<html lang=\"en\"");
    assert_sees(b, "Text size");
    assert_opens(b, "/giao-dien", 200);
    assert_sees(b, "Text size");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_sheet_is_drawn_in_both_densities),
        TEST(only_the_demo_shows_the_sheet),
        TEST(larger_text_stays_until_it_is_changed_back),
        TEST(the_frame_speaks_english_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
