/* org_time_test.c - the whole country, before and after 01/07/2025: what became of what. */
#include "journal/journal.h"
#include "org/org.h"

#include "testing/world.h"

static const struct module *const modules[] = {&journal_module, &org_module, NULL};
static const char *const packs[] = {"lang-son", "dia-ban", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs};

#define BEFORE civil_day(2025, 6, 30)
#define TODAY day_of(cx->now)

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

static struct org_area area(struct cx *cx, const char *code, int64_t day)
{
    struct org_area a;
    assert_ok(org_area_of_code(cx, str_c(code), day, &a));
    return a;
}

static int64_t current(struct cx *cx, int digits)
{
    int64_t n;
    assert_ok(db_one_int(cx, &n,
                         "select count(*) from org_area where valid_to = 0 and length(code) = $1",
                         V(digits)));
    return n;
}

static void the_country_has_34_provinces_and_3321_communes_and_remembers_the_10047_before(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t n;
    assert_int_equal(current(cx, 2), 34);
    assert_int_equal(current(cx, 5), 3321);
    assert_ok(db_one_int(cx, &n, "select count(*) from org_area where valid_to <> 0"));
    assert_int_equal(n, 63 + 10047);
    assert_ok(db_one_int(cx, &n, "select count(*) from org_area where path = ''"));
    assert_int_equal(n, 0);
    /* 10,599 lines, one of which names a successor in a province that did not take it over. */
    assert_ok(
        db_one_int(cx, &n, "select count(*) from org_area_change where kind in ('nhap', 'chia')"));
    assert_int_equal(n, 63 + 10598);
}

static void say_nothing(void *state, struct str line)
{
    (void)line;
    ++*(int *)state;
}

static void loading_the_country_again_adds_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack p;
    struct pack_loaded *rows = NEW_N(cx->arena, struct pack_loaded, 20);
    size_t n;
    int lines = 0;
    int64_t versions, after, areas = rows_of(cx, "org_area"),
                             steps = rows_of(cx, "org_area_change");
    assert_ok(db_one_int(cx, &versions, "select sum(version) from org_area"));
    assert_ok(pack_open(cx, S("dia-ban"), &p));
    assert_ok(pack_load(cx, &p, say_nothing, &lines));
    assert_int_equal(rows_of(cx, "org_area"), areas);
    assert_int_equal(rows_of(cx, "org_area_change"), steps);
    assert_ok(db_one_int(cx, &after, "select sum(version) from org_area"));
    assert_int_equal(after, versions);
    assert_ok(pack_list(cx, rows, 20, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].pack, S("dia-ban"))) {
            assert_int_equal(rows[i].added, 0);
            assert_int_equal(rows[i].changed, 0);
        }
}

static void a_commune_that_was_divided_lies_in_several_now(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_stead now[8];
    size_t n;
    struct org_area old = area(cx, "00007", BEFORE); /* phường Cống Vị, Hà Nội */
    assert_str(old.name, "Phường Cống Vị");
    assert_ok(org_area_on(cx, old.id, TODAY, now, 8, &n));
    assert_int_equal(n, 2);
    assert_str(now[0].area.name, "Phường Ngọc Hà");
    assert_str(now[1].area.name, "Phường Giảng Võ");
    assert_false(now[0].whole);
    old = area(cx, "00001", BEFORE);
    assert_ok(org_area_on(cx, old.id, TODAY, now, 8, &n));
    assert_int_equal(n, 1);
    assert_true(now[0].whole);
    assert_str(now[0].area.code, "00097");
}

static void the_same_code_is_another_place_on_another_day(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(area(cx, "00004", BEFORE).name, "Phường Trúc Bạch");
    assert_str(area(cx, "00004", TODAY).name, "Phường Ba Đình");
    assert_str(area(cx, "26", TODAY).name, "Tỉnh Vĩnh Phúc"); /* ended: the last that had it */
    struct org_area none;
    assert_err(org_area_of_code(cx, S("99999"), TODAY, &none), ERR_NOT_FOUND);
}

static void a_province_tells_what_stood_there_before(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_stead then[8];
    size_t n;
    struct org_area phu_tho = area(cx, "25", TODAY);
    assert_ok(org_area_on(cx, phu_tho.id, BEFORE, then, 8, &n));
    assert_int_equal(n, 3);
    assert_str(then[0].area.name, "Tỉnh Hòa Bình");
    assert_str(then[1].area.name, "Tỉnh Phú Thọ");
    assert_str(then[2].area.name, "Tỉnh Vĩnh Phúc");
    assert_ok(org_area_on(cx, then[2].area.id, TODAY, then, 8, &n));
    assert_int_equal(n, 1);
    assert_int_equal(then[0].area.id, phu_tho.id);
}

static void a_province_that_became_a_city_keeps_its_record_and_its_former_name(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_area before = area(cx, "75", civil_day(2026, 4, 29)),
                    after = area(cx, "75", civil_day(2026, 4, 30));
    assert_int_equal(before.id, after.id);
    assert_str(before.name, "Tỉnh Đồng Nai");
    assert_str(before.kind, "tinh");
    assert_str(after.name, "Thành phố Đồng Nai");
    assert_str(after.kind, "thanh_pho");
    struct org_area recoded = area(cx, "06970", civil_day(2026, 1, 1)); /* Ba Chẽ */
    assert_str(recoded.name, "Xã Ba Chẽ");
    assert_str(recoded.code, "06970");
    assert_str(area(cx, "06978", TODAY).name, "Xã Ba Chẽ");
    assert_int_equal(area(cx, "06978", TODAY).id, recoded.id);
}

static void communes_of_a_province_on_a_day_come_in_pages(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_area page[50];
    struct str after = S("");
    size_t n, all = 0;
    int64_t lang_son = area(cx, "20", TODAY).id;
    do {
        assert_ok(org_areas_on(cx, lang_son, TODAY, after, page, 50, &n));
        all += n;
        after = n ? page[n - 1].code : S("");
    } while (n == 50);
    assert_int_equal(all, 65);
    assert_ok(org_areas_on(cx, 0, TODAY, S(""), page, 50, &n));
    assert_int_equal(n, 34);
    assert_ok(org_areas_on(cx, lang_son, BEFORE, S(""), page, 50, &n));
    assert_int_equal(n, 0); /* that record began on 01/07/2025 */
}

static void an_old_address_leads_to_the_commune_of_today(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct {
        const char *address, *now;
        size_t named;
    } cases[] = {
        {"Thôn Khòn Khuyên, xã Mai Pha, thành phố Lạng Sơn, tỉnh Lạng Sơn", "Phường Đông Kinh", 1},
        {"so 5 duong Ba Trieu, p. Vinh Trai, TP Lang Son, Lang Son", "Phường Đông Kinh", 1},
        {"thị trấn Cao Lộc, huyện Cao Lộc, Lạng Sơn", "Phường Kỳ Lừa", 1},
        {"xã Hòa Cư Cao Lộc Lạng Sơn", "Xã Công Sơn", 1},
        {"Phường Phúc Xá, Ba Đình, Hà Nội", "Phường Hồng Hà", 1},
        {"Vĩnh Trại, Lạng Sơn", "Phường Đông Kinh", 1},
        {"Phường Khai Quang, TP Vĩnh Yên, Phú Thọ", "Phường Vĩnh Phúc", 1}, /* the new province */
        {"12 phố không tên", "", 0},
        {"", "", 0},
    };
    struct org_address *found = NEW_N(cx->arena, struct org_address, 20);
    size_t n;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(org_address_on(cx, str_c(cases[i].address), TODAY, found, 20, &n));
        if (n < cases[i].named || (n && !cases[i].named) ||
            (n && !str_eq(found[0].now[0].area.name, str_c(cases[i].now))))
            fail_msg("%s: %zu found", cases[i].address, n);
    }
    /* Four communes of Lạng Sơn had this name: all are offered, none is chosen for the person. */
    assert_ok(org_address_on(cx, S("xã Hòa Bình, tỉnh Lạng Sơn"), TODAY, found, 20, &n));
    assert_int_equal(n, 4);
    static char endless[2000];
    memset(endless, 'a', sizeof endless - 1);
    assert_err(org_address_on(cx, str_c(endless), TODAY, found, 20, &n), ERR_LIMIT);
}

static void a_search_inside_the_province_also_knows_what_came_into_a_commune(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_area found[10];
    size_t n;
    assert_ok(org_area_search(cx, S("khai quang"), area(cx, "25", TODAY).id, found, 10, &n));
    assert_int_equal(n, 1);
    assert_str(found[0].name, "Phường Vĩnh Phúc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_country_has_34_provinces_and_3321_communes_and_remembers_the_10047_before),
        TEST(loading_the_country_again_adds_nothing),
        TEST(a_commune_that_was_divided_lies_in_several_now),
        TEST(the_same_code_is_another_place_on_another_day),
        TEST(a_province_tells_what_stood_there_before),
        TEST(a_province_that_became_a_city_keeps_its_record_and_its_former_name),
        TEST(communes_of_a_province_on_a_day_come_in_pages),
        TEST(an_old_address_leads_to_the_commune_of_today),
        TEST(a_search_inside_the_province_also_knows_what_came_into_a_commune),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
