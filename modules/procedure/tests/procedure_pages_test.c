/* procedure_pages_test.c - a procedure is found as people type it, and its page says what they
 * need. */
#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {
    &journal_module,   &org_module, &calendar_module, &identity_module, &form_module,
    &procedure_module, NULL};
static const char *const packs[] = {"quoc-gia", "lang-son", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs, .frame = look_frame};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static struct browser *searched(struct cx *cx, const char *words)
{
    struct browser *b = browser_new(cx);
    assert_opens(b, str_fmt(cx->arena, "/tim?q=%.*s", F(url_encode(cx->arena, str_c(words)))).p,
                 200);
    return b;
}

static void the_procedure_is_found_however_it_is_typed(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const ways[] = {
        "dang ky khai sinh",      "Đăng ký khai sinh", "ĐĂNG KÝ KHAI SINH", "khai sinh",
        "  khai   sinh cho con ", "lam khai sinh",     "1.001193"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct browser *b = searched(cx, ways[i]);
        if (!str_find(browser_page(b)->body, S("href=\"/thu-tuc/1.001193\""), NULL))
            fail_msg("not found by \"%s\": %.*s", ways[i], F(browser_page(b)->words));
    }
}

static void what_is_not_there_is_said_with_a_way_on(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = searched(cx, "zzz qqq");
    assert_lacks(browser_page(b)->body, "/thu-tuc/1.001193");
    assert_contains(browser_page(b)->body, "zzz qqq");
    b = searched(cx, "<b>khai");
    assert_lacks(browser_page(b)->body, "<b>khai");
    assert_opens(b, "/thu-tuc/9.999999", 404);
}

static void the_page_says_steps_papers_fee_time_place_and_law(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/thu-tuc/1.001193", 200);
    static const char *const says[] = {
        "Thủ tục đăng ký khai sinh",
        "Thời hạn",
        "Nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo", /* time */
        "Lệ phí",
        "Miễn phí",
        "8.000",          /* fee */
        "Nơi giải quyết", /* place */
        "Bạn cần chuẩn bị",
        "Giấy chứng sinh",
        "Văn bản ủy quyền", /* components */
        "Các bước",
        "Kiểm tra và tiếp nhận",
        "Ký và trả kết quả", /* steps */
        "Căn cứ pháp lý",
        "03/2023/TT-BTP",
        "66.7/2025/NQ-CP", /* legal basis */
        "1.001193",
        "163/QĐ-BTP",
        "Bắt đầu nộp hồ sơ",
    };
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        if (!str_find(browser_page(b)->words, str_c(says[i]), NULL))
            fail_msg("no \"%s\" in: %.*s", says[i], F(browser_page(b)->words));
}

static void a_page_without_words_typed_is_a_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/", 200);
    assert_opens(b, "/thu-tuc", 200);
    assert_sees(b, "Thủ tục đăng ký khai sinh");
    assert_opens(b, "/tim", 200);
}

static void each_event_of_life_leads_to_something(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/", 200);
    struct str page = browser_page(b)->body, href, rest = page;
    int links = 0;
    for (size_t at; str_find(rest, S("href=\"/tim?q="), &at);) {
        str_cut(str_from(rest, at + 6), '"', &href, &rest);
        assert_opens(b, str_dup(cx->arena, href).p, 200);
        assert_contains(browser_page(b)->body, "class=\"result\"");
        links++;
    }
    assert_int_equal(links, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_procedure_is_found_however_it_is_typed),
        TEST(what_is_not_there_is_said_with_a_way_on),
        TEST(the_page_says_steps_papers_fee_time_place_and_law),
        TEST(a_page_without_words_typed_is_a_page),
        TEST(each_event_of_life_leads_to_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
