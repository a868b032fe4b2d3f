/* look_pages_test.c - the component sheet as people open it; size of text and language kept. */
#include "look/look.h"
#include "kept/kept.h"
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

static int64_t frames_found(struct cx *cx)
{
    struct buf b = {.arena = cx->arena, .limit = 4096};
    struct str line = S("\ntinhso_kept_found_total "), number, rest;
    size_t at;
    int64_t n;
    kept_metrics(cx->env->kept, &b);
    assert_true(str_find(buf_str(&b), line, &at));
    str_cut(str_from(buf_str(&b), at + line.n), '\n', &number, &rest);
    assert_true(str_int(number, &n));
    return n;
}

/* (That a found frame is the same as one drawn anew is held by a check in each test of a page.) */
static void a_frame_is_drawn_once_and_filled_for_each_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/giao-dien?a=1", 200);
    const int64_t before = frames_found(cx);
    assert_contains(browser_page(b)->body, "href=\"/giao-dien?lang=en&amp;a=1\"");
    assert_opens(b, "/giao-dien?b=%22%3E", 200);
    assert_int_equal(frames_found(cx), before + 1);
    assert_contains(browser_page(b)->body, "href=\"/giao-dien?lang=en&amp;b=%22%3E\"");
    assert_lacks(browser_page(b)->body, "a=1");
    assert_lacks(browser_page(b)->body, "~hole~");
}

/* A name that an administrator may give the site, and that looks like a mark of ours. */
static void words_like_our_marks_stand_as_they_were_typed(void **t)
{
    struct cx *cx = test_cx(t);
    struct settings *own = settings_new(), *before = cx->env->settings;
    cx->env->settings = own;
    settings_set(own, S("site.owner"), S("Ủy ban ~hole~01~ và ~hole~99~"));
    struct browser *b = browser_new(cx);
    for (int i = 0; i < 2; i++) {
        assert_opens(b, "/giao-dien", 200);
        assert_sees(b, "Ủy ban ~hole~01~ và ~hole~99~");
    }
    cx->env->settings = before;
    settings_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_sheet_is_drawn_in_both_densities),
        TEST(only_the_demo_shows_the_sheet),
        TEST(larger_text_stays_until_it_is_changed_back),
        TEST(the_frame_speaks_english_when_asked),
        TEST(a_frame_is_drawn_once_and_filled_for_each_page),
        TEST(words_like_our_marks_stand_as_they_were_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
