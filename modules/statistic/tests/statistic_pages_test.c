/* statistic_pages_test.c - what leaders and everybody see; how far a right reaches; a figure and
 * its list say the same. */
#include "kept/kept.h"
#include "statistic_fixture.h"

/* Two late and one paused in Kỳ Lừa, one late and one done in time in Tam Thanh. */
static void put_some(struct cx *cx)
{
    const int64_t due = cx->now - 24 * HOUR_MS, from = due - 48 * HOUR_MS;
    const struct put all[] = {
        {KY_LUA, DOSSIER_PROCESSING, CHANNEL_ONLINE, from, due, 0, 0, 0},
        {KY_LUA, DOSSIER_ACCEPTED, CHANNEL_COUNTER, from, due, 0, 0, 0},
        {KY_LUA, DOSSIER_SUPPLEMENT, CHANNEL_ONLINE, from, due, 0, 0, 0},
        {TAM_THANH, DOSSIER_PROCESSING, CHANNEL_ONLINE, from, due, 0, 0, 0},
        {TAM_THANH, DOSSIER_RETURNED, CHANNEL_ONLINE, from, due, due - 30 * HOUR_MS, due, 0},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        put(cx, &all[i]);
    count_all(cx);
    assert_ok(test_write(cx, onestop_module.rebuild(cx))); /* the lists */
}

static void a_leader_sees_the_own_unit_and_all_below_and_no_other(void **t)
{
    struct cx *cx = test_cx(t);
    put_some(cx);
    struct browser *b = sign_in(cx, "chutich.kylua");
    assert_opens(b, "/dieu-hanh", 200);
    assert_sees(b, "Tình hình UBND phường Kỳ Lừa");
    assert_sees(b, "trong 2 đang giải quyết");
    assert_sees(b, "1 đang tạm dừng");
    assert_opens(b, "/dieu-hanh?don-vi=H37.115", 403);
    assert_sees(b, "Bạn chưa có quyền xem số liệu của đơn vị này");
    assert_opens(b, "/dieu-hanh/thong-ke?don-vi=H37", 403);
    assert_opens(b, "/dieu-hanh/thong-ke.csv?don-vi=H37", 403);

    struct browser *clerk = sign_in(cx, "hotich.kylua");
    assert_opens(clerk, "/dieu-hanh", 403);
    struct browser *visitor = browser_new(cx);
    browser_follow(visitor, false);
    assert_opens(visitor, "/dieu-hanh", 303);
}

static void the_province_sees_every_commune_on_its_map(void **t)
{
    struct cx *cx = test_cx(t);
    put_some(cx);
    struct browser *b = sign_in(cx, "thanhtra");
    assert_opens(b, "/dieu-hanh", 200);
    assert_sees(b, "Tình hình tỉnh");
    assert_sees(b, "UBND phường Tam Thanh: 100% đúng hạn, 0 trễ trong 1 đã giải quyết");
    assert_sees(b, "Phường Lương Văn Tri: chưa có số liệu");
    assert_sees(b, "Nhật ký hồ sơ · số liệu lúc 09:00, 23/11/2026");
    assert_sees(b, "2 quá hạn");
    assert_opens(b, "/dieu-hanh/thong-ke", 200);
    assert_sees(b, "UBND phường Tam Thanh");
    assert_opens(b, "/dieu-hanh/thong-ke?theo=thu-tuc", 200);
    assert_sees(b, "Thủ tục đăng ký khai sinh");
    assert_opens(b, "/dieu-hanh/thong-ke?theo=linh-vuc&ky=thang-truoc", 200);
    assert_opens(b, "/dieu-hanh/thong-ke.csv", 200);
    assert_contains(browser_page(b)->body, "H37.115,UBND phường Tam Thanh,0,2,");

    struct str picture = browser_page(b)->body;
    assert_opens(b, "/ban-do/20.svg", 200);
    picture = browser_page(b)->body;
    size_t paths = 0, at;
    for (struct str rest = picture; str_find(rest, S("<path "), &at); paths++)
        rest = str_from(rest, at + 1);
    assert_int_equal(paths, 65);
    assert_opens(b, "/ban-do/99.svg", 404);
}

static void a_figure_leads_to_the_list_of_what_it_counts(void **t)
{
    struct cx *cx = test_cx(t);
    put_some(cx);
    struct browser *b = sign_in(cx, "thanhtra");
    const struct {
        const char *page, *figure, *list, *count;
    } ways[] = {
        {"/dieu-hanh", "3", "/ho-so-mot-cua?han=qua&don-vi=H37", "3 "},
        {"/dieu-hanh?don-vi=H37.114", "2", "/ho-so-mot-cua?han=qua&don-vi=H37.114", "2 "},
        {"/dieu-hanh", "Chờ bổ sung", "/ho-so-mot-cua?trang-thai=cho_bo_sung&don-vi=H37", "1 "},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        bool there = false;
        browser_open(b, ways[i].page);
        const struct page *p = browser_page(b);
        for (size_t k = 0; k < p->links_n; k++)
            there |= str_eq(p->links[k].text, str_c(ways[i].figure)) &&
                     str_eq(p->links[k].href, str_c(ways[i].list));
        assert_true(there);
        browser_open(b, ways[i].list);
        assert_int_equal(browser_page(b)->status, 200);
        /* One line of the table a dossier. */
        size_t lines = 0, at;
        for (struct str rest = browser_page(b)->body; str_find(rest, S("href=\"/viec/YC-"), &at);
             lines++)
            rest = str_from(rest, at + 1);
        assert_int_equal(lines, ways[i].count[0] - '0');
    }
}

static int64_t figures_made(struct cx *cx)
{
    struct buf b = {.arena = cx->arena, .limit = 4096};
    struct str line, rest;
    int64_t n = -1;
    kept_metrics(cx->env->kept, &b);
    for (rest = buf_str(&b); rest.n;) {
        str_cut(rest, '\n', &line, &rest);
        if (str_starts(line, S("tinhso_kept_made_total ")))
            assert_true(str_int(str_from(line, 23), &n));
    }
    return n;
}

static void figures_are_made_once_until_somebody_counts(void **t)
{
    struct cx *cx = test_cx(t);
    put_some(cx);
    struct browser *b = sign_in(cx, "chutich.kylua"), *all = sign_in(cx, "thanhtra");
    assert_opens(b, "/dieu-hanh", 200);
    int64_t made = figures_made(cx);
    assert_opens(b, "/dieu-hanh", 200);
    assert_int_equal(figures_made(cx), made);
    assert_opens(all, "/dieu-hanh", 200); /* another scope: never the same page */
    assert_sees(all, "Tình hình tỉnh");
    assert_sees(all, "trong 3 đang giải quyết");
    made = figures_made(cx);
    const int64_t due = cx->now - 24 * HOUR_MS;
    put(cx, &(const struct put){KY_LUA, DOSSIER_PROCESSING, CHANNEL_ONLINE, due - 48 * HOUR_MS, due,
                                0, 0, 0});
    count_all(cx);
    assert_opens(b, "/dieu-hanh", 200);
    assert_sees(b, "trong 3 đang giải quyết");
    assert_int_equal(figures_made(cx), made + 1);
    testing_advance(cx, MINUTE_MS); /* the page says when it was true */
    assert_opens(b, "/dieu-hanh", 200);
    assert_int_equal(figures_made(cx), made + 2);
}

static void everybody_sees_figures_of_agencies_and_nothing_of_a_person(void **t)
{
    struct cx *cx = test_cx(t);
    put_some(cx);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/cong-khai", 200);
    assert_sees(b, "UBND phường Kỳ Lừa");
    assert_sees(b, "Tỷ lệ đúng hạn");
    assert_lacks(browser_page(b)->body, "YC-");
    assert_lacks(browser_page(b)->body, "/viec");
    assert_opens(b, "/cong-khai?ky=nam-truoc", 200);
    assert_opens(b, "/cong-khai?ky=%27%22", 200);
    assert_opens(b, "/cong-khai.csv?ky=thang", 200);
    assert_contains(browser_page(b)->body, "H37.114");
    assert_opens(b, "/cong-khai?lang=en", 200);
    assert_not_sees(b, "Tiếp nhận");
}

static void the_large_screen_shows_the_figures_of_the_day_and_nothing_of_a_person(void **t)
{
    struct cx *cx = test_cx(t);
    put_some(cx);
    put(cx, &(struct put){.unit = TAM_THANH,
                          .state = DOSSIER_PROCESSING,
                          .channel = CHANNEL_ONLINE,
                          .accepted_at = cx->now,
                          .due_at = cx->now + HOUR_MS});
    put(cx, &(struct put){.unit = KY_LUA,
                          .state = DOSSIER_RELEASED,
                          .channel = CHANNEL_COUNTER,
                          .accepted_at = cx->now,
                          .due_at = cx->now - HOUR_MS,
                          .released_at = cx->now});
    count_all(cx);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/bang-lon", 200);
    assert_sees(b, "Hồ sơ nhận hôm nay 2 trực tuyến 1 0 cùng ngày tuần trước");
    assert_sees(b, "Giải quyết xong hôm nay 1 đã trả 0 1 trễ");
    assert_sees(b, "Đang giải quyết 4 1 đang tạm dừng 1 hạn hôm nay");
    assert_sees(b, "Đang quá hạn 3 trong 4 đang giải quyết");
    assert_sees(b, "Đúng hạn từ đầu năm 50% 2 đã giải quyết 1 trễ");
    assert_sees(b, "hạn hôm nay 2 UBND phường Kỳ Lừa2 quá hạn UBND phường Tam Thanh1 quá hạn · 1");
    assert_sees(b, "số liệu lúc 09:00, 23/11/2026 · làm mới 30 giây");
    assert_contains(browser_page(b)->body, "role=\"status\" hidden");
    struct str screen = browser_page(b)->body;
    assert_lacks(screen, "YC-");
    assert_lacks(screen, "href=\"/viec");
    assert_int_equal(browser_cookies(b).n, 0);
    assert_opens(b, "/bang-lon?lang=en", 200);
    assert_sees(b, "Received today 2");
    assert_not_sees(b, "hồ sơ");
}

static void figures_that_grow_old_say_so_on_the_large_screen(void **t)
{
    struct cx *cx = test_cx(t);
    put_some(cx);
    put(cx, &(struct put){.unit = KY_LUA, .state = DOSSIER_WAITING, .channel = CHANNEL_ONLINE});
    sequence(cx); /* in the log, and nobody counts it */
    testing_advance(cx, 60'000);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/bang-lon", 200);
    assert_contains(browser_page(b)->body, "role=\"status\" hidden");
    testing_advance(cx, 60'000);
    assert_opens(b, "/bang-lon", 200);
    assert_lacks(browser_page(b)->body, "role=\"status\" hidden");
    assert_sees(b, "Số liệu cũ từ 09:00, 23/11/2026");
}

static void before_the_first_dossier_the_pages_say_so(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = sign_in(cx, "thanhtra");
    assert_opens(b, "/dieu-hanh", 200);
    assert_sees(b, "Không có hồ sơ trễ hạn trong kỳ.");
    assert_sees(b, "Không có hồ sơ nào đang mở.");
    assert_opens(b, "/dieu-hanh/thong-ke", 200);
    assert_sees(b, "Chưa có hồ sơ nào trong kỳ này");
    assert_opens(b, "/cong-khai", 200);
    assert_sees(b, "Chưa có hồ sơ nào trong kỳ này");
    assert_opens(b, "/bang-lon", 200);
    assert_sees(b, "Không nơi nào có hồ sơ quá hạn");
    assert_sees(b, "Chưa có hồ sơ nào trong năm.");
}

static enum err load_map(struct cx *cx, struct str json, struct pack_report *report)
{
    size_t next = 0;
    const struct pack_kind *kind = statistic_module.packs;
    return kind->load(cx, S("map.json"), json, &next, report);
}

static void a_map_whose_path_is_no_path_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    assert_ok(test_write(
        cx,
        load_map(cx,
                 S("{\"province\":\"21\",\"width\":10,\"height\":10,\"source\":\"x\",\"areas\":["
                   "{\"code\":\"00001\",\"path\":\"M0 0l1 1z\"},"
                   "{\"code\":\"00002\",\"path\":\"M0 0\\\"/><script>\"},"
                   "{\"code\":\"a\\\"b\",\"path\":\"M0 0z\"}]}"),
                 &r)));
    assert_int_equal(r.added, 1);
    assert_int_equal(r.refused, 2);
    assert_err(test_write(cx, load_map(cx, S("{\"areas\":[]}"), &r)), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_leader_sees_the_own_unit_and_all_below_and_no_other),
        TEST(the_province_sees_every_commune_on_its_map),
        TEST(a_figure_leads_to_the_list_of_what_it_counts),
        TEST(figures_are_made_once_until_somebody_counts),
        TEST(everybody_sees_figures_of_agencies_and_nothing_of_a_person),
        TEST(the_large_screen_shows_the_figures_of_the_day_and_nothing_of_a_person),
        TEST(figures_that_grow_old_say_so_on_the_large_screen),
        TEST(before_the_first_dossier_the_pages_say_so),
        TEST(a_map_whose_path_is_no_path_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
