/* guide_test.c - life events lead to real procedures; the kiosk shows progress and keeps nothing.
 */
#include "calendar/calendar.h"
#include "form/form.h"
#include "guide/guide.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "onestop/onestop.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {
    &journal_module,   &org_module,    &calendar_module, &identity_module, &form_module,
    &procedure_module, &notify_module, &onestop_module,  &guide_module,    NULL};
static const char *const packs[] = {"quoc-gia", "roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .demo = true, .frame = look_frame};

static enum err open_world(struct cx *cx)
{
    cx->env->base_url = S("http://localhost:8080");
    cx->env->demo = true;
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static void a_life_event_leads_to_real_procedures_in_order(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/su-kien", 200);
    assert_sees(b, "Khai sinh, cư trú, căn cước cho trẻ.");
    assert_opens(b, "/su-kien/sinh-con", 200);
    assert_sees(b, "Đăng ký khai sinh");
    assert_sees(b, "1.001193");
    assert_true(browser_click(b, "Thủ tục đăng ký khai sinh"));
    assert_sees(b, "Giấy chứng sinh");
    assert_opens(b, "/su-kien/khong-co", 404);
}

/* Each event of the pack opens, and each of its links too: a procedure, or a search for its name.
 */
static void no_link_of_a_life_event_is_dead(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    size_t events = 0, links = 0;
    browser_open(b, "/su-kien");
    const struct page list = *browser_page(b);
    for (size_t i = 0; i < list.links_n; i++) {
        if (!str_starts(list.links[i].href, S("/su-kien/")))
            continue;
        events++;
        browser_open(b, str_z(cx->arena, list.links[i].href));
        assert_int_equal(browser_page(b)->status, 200);
        const struct page event = *browser_page(b);
        for (size_t k = 0; k < event.links_n; k++) {
            if (!str_starts(event.links[k].href, S("/thu-tuc/")) &&
                !str_starts(event.links[k].href, S("/tim?")))
                continue;
            links++;
            browser_open(b, str_z(cx->arena, event.links[k].href));
            assert_int_equal(browser_page(b)->status, 200);
        }
    }
    assert_int_equal(events, 10);
    assert_true(links >= 20);
}

/* Five steps in order; no link is dead; the phone is the province's; the other language is whole.
 */
static void guidance_tells_the_way_in_five_steps_and_no_link_is_dead(void **t)
{
    static const char *const steps[] = {"Tìm thủ tục", "Nộp hồ sơ", "Theo dõi",
                                        "Bổ sung khi được yêu cầu", "Nhận kết quả"};
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/huong-dan", 200);
    struct str rest = browser_page(b)->body;
    for (size_t i = 0, at; i < sizeof steps / sizeof *steps; i++) {
        struct str heading = str_fmt(cx->arena, "<li><h2>%s</h2>", steps[i]);
        assert_true(str_find(rest, heading, &at));
        rest = str_from(rest, at + heading.n);
    }
    assert_lacks(rest, "<li><h2>");
    assert_sees(b, "Được biết lý do bằng văn bản khi hồ sơ bị từ chối");
    assert_sees(b, "Gọi 1022, miễn phí");
    const struct page page = *browser_page(b);
    size_t links = 0;
    for (size_t i = 0; i < page.links_n; i++) {
        if (!str_starts(page.links[i].href, S("/")) ||
            str_starts(page.links[i].href, S("/cong-khai")))
            continue; /* of a module that this test has not */
        links++;
        browser_open(b, str_z(cx->arena, page.links[i].href));
        assert_int_equal(browser_page(b)->status, 200);
    }
    assert_true(links >= 5);
    assert_opens(b, "/huong-dan?lang=en", 200);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_false(str_find(browser_page(b)->body, str_c(steps[i]), NULL));
}

static void the_kiosk_shows_progress_and_not_what_was_typed(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/ki-ot", 200);
    assert_opens(b, "/ki-ot/tra-cuu?ma=H37.114-261109-9999", 404);
    assert_sees(b, "Không tìm thấy hồ sơ có mã này");
    assert_lacks(browser_page(b)->body, "9999");
    assert_opens(b, "/ki-ot/tim?q=khai+sinh", 200);
    assert_sees(b, "Thủ tục đăng ký khai sinh");
    assert_opens(b, "/ki-ot/su-kien/sinh-con", 200);
    assert_opens(b, "/ki-ot/thu-tuc/1.001193", 200);
    assert_sees(b, "Quét mã để đọc tiếp");
    assert_contains(browser_page(b)->body, "<svg");
    assert_contains(browser_page(b)->body, "data-idle=\"60\"");
    bool kept_nowhere = false;
    for (size_t i = 0; i < browser_page(b)->reply.headers_n; i++)
        kept_nowhere |= str_eq(browser_page(b)->reply.headers[i].value, S("no-store"));
    assert_true(kept_nowhere);
    assert_int_equal(browser_cookies(b).n, 0); /* nobody is known here */
}

static struct web_reply ask_at(struct cx *cx, struct str target, const char *peer)
{
    struct web_reply reply;
    testing_let_go(cx);
    enum err e = web_do(
        cx, cx->env->web,
        &(const struct web_call){
            .method = S("GET"), .target = target, .peer = str_c(peer), .host = S("localhost")},
        &reply);
    testing_hold(cx);
    assert_ok(e);
    return reply;
}

static struct web_reply ask(struct cx *cx, const char *place, int number, const char *peer)
{
    return ask_at(cx, str_fmt(cx->arena, "%s%04d", place, number), peer);
}

static void guessing_codes_is_slowed_down_for_that_address_with_a_plain_sentence(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const places[] = {"/ki-ot/tra-cuu?ma=H37.114-261109-",
                                         "/tra-cuu?ma=H37.114-261109-"};
    for (size_t p = 0; p < 2; p++) {
        for (int i = 0; i < 30; i++)
            assert_int_equal(ask(cx, places[p], i, "203.0.113.9").status, 404);
        const struct web_reply slowed = ask(cx, places[p], 30, "203.0.113.9");
        assert_int_equal(slowed.status, 429);
        assert_contains(slowed.body, "Chờ một phút rồi làm tiếp");
        assert_int_equal(ask(cx, places[p], 31, "203.0.113.10").status, 404);
        testing_advance(cx, 60'000);
        assert_int_equal(ask(cx, places[p], 32, "203.0.113.9").status, 404);
    }
}

/* A whole hall of people behind one address opens the page: only what is looked up counts. */
static void opening_the_page_of_a_look_up_does_not_count_as_looking_up(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const pages[] = {"/tra-cuu", "/ki-ot/tra-cuu", "/xac-minh"};
    static const char *const empty[] = {"", "?ma=", "?ma=%20+", "?lang=vi"};
    for (size_t p = 0; p < 3; p++) {
        for (int i = 0; i < 40; i++)
            assert_int_equal(
                ask_at(cx, str_fmt(cx->arena, "%s%s", pages[p], empty[i % 4]), "203.0.113.9")
                    .status,
                200);
        const struct str look_up = str_fmt(cx->arena, "%s?ma=H37.114-261109-9999", pages[p]);
        for (int i = 0; i < 30; i++)
            assert_int_equal(ask_at(cx, look_up, "203.0.113.9").status, 404);
        assert_int_equal(ask_at(cx, look_up, "203.0.113.9").status, 429);
        assert_int_equal(ask_at(cx, str_c(pages[p]), "203.0.113.9").status, 200);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_life_event_leads_to_real_procedures_in_order),
        TEST(no_link_of_a_life_event_is_dead),
        TEST(guidance_tells_the_way_in_five_steps_and_no_link_is_dead),
        TEST(the_kiosk_shows_progress_and_not_what_was_typed),
        TEST(guessing_codes_is_slowed_down_for_that_address_with_a_plain_sentence),
        TEST(opening_the_page_of_a_look_up_does_not_count_as_looking_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
