/* org_pages_test.c - areas through time as people and programs ask for them. */
#include "journal/journal.h"
#include "org/org.h"

#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {&journal_module, &org_module, NULL};
static const char *const packs[] = {"dia-ban", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world,
                                                     .arena_bytes = (size_t)256 << 20});
}

static void an_address_of_before_leads_to_the_commune_of_today(struct browser *b)
{
    assert_opens(b, "/dia-ban", 200);
    assert_sees(b, "34 tỉnh, thành phố");
    assert_true(browser_fill(b, "q", "xa mai pha, tp lang son"));
    assert_true(browser_press(b, "Tìm"));
    assert_sees(b, "Xã Mai Pha Tỉnh Lạng Sơn · đến hết ngày 30/06/2025 nay thuộc Phường Đông Kinh");
    assert_true(browser_click(b, "Phường Đông Kinh"));
    assert_sees(b, "Đang hiệu lực");
    assert_sees(b, "01/07/2025: gồm Xã Mai Pha");
    assert_opens(b, "/dia-ban?q=12+ph%E1%BB%91", 200);
    assert_sees(b, "Không thấy xã, phường nào");
}

static void an_area_is_shown_as_on_the_day_that_is_asked_for(struct browser *b)
{
    assert_opens(b, "/dia-ban/26", 200); /* Vĩnh Phúc ended */
    assert_sees(b, "Đến hết 30/06/2025");
    assert_sees(b, "ở đây là Tỉnh Phú Thọ");
    assert_opens(b, "/dia-ban/75?ngay=2026-01-01", 200);
    assert_sees(b, "Tỉnh Đồng Nai");
    assert_opens(b, "/dia-ban/75", 200);
    assert_sees(b, "30/04/2026: đổi tên, trước là Tỉnh Đồng Nai");
    assert_opens(b, "/dia-ban/75?ngay-ngay=31&ngay-thang=2&ngay-nam=2026", 200);
    assert_sees(b, "Ngày phải có thật");
    assert_opens(b, "/dia-ban/98765", 404);
    assert_opens(b, "/dia-ban/01", 200); /* 126 communes: two pages */
    assert_sees(b, "Gồm nhiều xã, phường");
    assert_true(browser_click(b, "Xem tiếp"));
    assert_sees(b, "Gồm 6 xã, phường, đặc khu");
}

static void programs_get_the_same_as_json(struct browser *b)
{
    assert_opens(b, "/api/dia-ban/00007/tro-thanh", 200);
    assert_contains(browser_page(b)->body, "\"code\":\"00025\"");
    assert_contains(browser_page(b)->body, "\"whole\":false");
    assert_opens(b, "/api/dia-ban/00004?ngay=2025-06-30", 200);
    assert_contains(browser_page(b)->body, "Phường Trúc Bạch");
    assert_opens(b, "/api/dia-ban/25/tro-thanh?den=2025-06-30", 200);
    assert_contains(browser_page(b)->body, "Tỉnh Vĩnh Phúc");
    assert_opens(b, "/api/dia-ban?trong=20", 200);
    assert_contains(browser_page(b)->body, "Phường Kỳ Lừa");
    assert_opens(b, "/api/dia-chi?q=mai+pha", 200);
    assert_contains(browser_page(b)->body, "\"code\":\"05977\"");
    assert_opens(b, "/api/dia-ban/20?ngay=hôm-nay", 422);
    assert_opens(b, "/api/dia-ban/98765", 404);
    assert_opens(b, "/tra-dia-ban", 303); /* officers sign in */
}

static void areas_are_asked_for_on_pages_and_as_json(void **t)
{
    struct browser *b = browser_new(test_cx(t));
    an_address_of_before_leads_to_the_commune_of_today(b);
    an_area_is_shown_as_on_the_day_that_is_asked_for(b);
    browser_follow(b, false);
    programs_get_the_same_as_json(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(areas_are_asked_for_on_pages_and_as_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
