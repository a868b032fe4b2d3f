/* org_test.c - agencies and areas through time: found by code, by kind, by a name they had before.
 */
#include "journal/journal.h"
#include "org/org.h"

#include "testing/world.h"

static const struct module *const modules[] = {&journal_module, &org_module, NULL};
static const char *const packs[] = {"lang-son", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static void say_nothing(void *state, struct str line)
{
    (void)state;
    (void)line;
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static struct org_unit unit(struct cx *cx, const char *code)
{
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, str_c(code), day_of(cx->now), &u));
    return u;
}

static void a_unit_has_its_place_in_the_tree(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit province = unit(cx, "H37"), commune = unit(cx, "H37.114"),
                    centre = unit(cx, "H37.114.01"), below[10];
    size_t n;
    assert_int_equal(province.parent, 0);
    assert_int_equal(commune.parent, province.id);
    assert_int_equal(centre.parent, commune.id);
    assert_true(str_starts(centre.path, commune.path));
    assert_true(str_starts(commune.path, province.path));
    assert_int_equal(centre.area, commune.area);
    assert_str(centre.dossier_code, "H37.114");
    assert_ok(org_children(cx, province.id, below, 10, &n));
    assert_int_equal(n, 5); /* two communes, the centre and two departments of the province */
    assert_ok(org_units_of_kind(cx, S("ttpvhcc_xa"), 0, below, 10, &n));
    assert_int_equal(n, 2);
    assert_ok(org_units_of_kind(cx, S("ttpvhcc_xa"), commune.area, below, 10, &n));
    assert_int_equal(n, 1);
    assert_int_equal(below[0].id, centre.id);
}

static void the_unit_that_decides_is_the_unit_itself_or_the_first_of_its_kind_below(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit province = unit(cx, "H37"), commune = unit(cx, "H37.114"),
                    centre = unit(cx, "H37.114.01"), other = unit(cx, "H37.115"), found;
    int64_t id;
    assert_ok(org_unit_of_kind_at(cx, S("ubnd_xa"), &commune, &found));
    assert_int_equal(found.id, commune.id);
    assert_ok(org_unit_of_kind_at(cx, S("ttpvhcc_xa"), &commune, &found));
    assert_int_equal(found.id, centre.id);
    assert_err(org_unit_of_kind_at(cx, S("ubnd_xa"), &centre, &found), ERR_NOT_FOUND);
    const struct org_unit *first = str_cmp(commune.name, other.name) < 0 ? &commune : &other;
    assert_ok(org_unit_of_kind_at(cx, S("ubnd_xa"), &province, &found));
    assert_int_equal(found.id, first->id);
    struct org_unit ended = *first;
    ended.valid_to = civil_day(2026, 12, 31);
    assert_ok(org_unit_put(cx, &ended, &id));
    assert_ok(org_unit_of_kind_at(cx, S("ubnd_xa"), &province, &found));
    assert_int_equal(found.id, first == &commune ? other.id : commune.id);
    assert_err(org_unit_of_kind_at(cx, S("ubnd_xa"), &ended, &found), ERR_NOT_FOUND);
}

static void before_its_first_day_and_under_another_code_there_is_none(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit u;
    assert_err(org_unit_by_code(cx, S("H37.114"), civil_day(2025, 6, 30), &u), ERR_NOT_FOUND);
    assert_ok(org_unit_by_code(cx, S("H37.114"), civil_day(2025, 7, 1), &u));
    assert_err(org_unit_by_code(cx, S("H99"), day_of(cx->now), &u), ERR_NOT_FOUND);
    assert_err(org_unit_by_code(cx, S(""), day_of(cx->now), &u), ERR_NOT_FOUND);
    assert_err(org_unit_find(cx, 4242, &u), ERR_NOT_FOUND);
}

static void a_unit_that_ended_is_found_on_its_days_only(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit u = unit(cx, "H37.115"), found;
    int64_t id;
    u.valid_to = civil_day(2026, 12, 31);
    assert_ok(test_write(cx, org_unit_put(cx, &u, &id)));
    assert_int_equal(id, u.id);
    assert_ok(org_unit_by_code(cx, S("H37.115"), civil_day(2026, 12, 30), &found));
    assert_err(org_unit_by_code(cx, S("H37.115"), civil_day(2027, 1, 2), &found), ERR_NOT_FOUND);
    assert_ok(org_unit_find(cx, u.id, &found)); /* what was decided there still names it */
}

static void a_place_is_found_by_the_name_it_had_without_marks(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_area a[10], province;
    size_t n;
    assert_ok(org_area_by_code(cx, S("20"), day_of(cx->now), &province));
    static const char *const ways[] = {"Đông Kinh", "dong kinh", "vinh trai", "Xã Mai Pha"};
    for (size_t i = 0; i < 4; i++) {
        assert_ok(org_area_search(cx, str_c(ways[i]), province.id, a, 10, &n));
        if (n != 1 || !str_eq(a[0].name, S("Phường Đông Kinh")))
            fail_msg("%s: %zu", ways[i], n);
    }
    assert_ok(org_area_search(cx, S("không có nơi này"), province.id, a, 10, &n));
    assert_int_equal(n, 0);
    assert_ok(org_area_search(cx, S("%"), province.id, a, 10, &n));
    assert_int_equal(n, 0);
}

static void the_same_pack_again_changes_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack p;
    int64_t areas = rows_of(cx, "org_area"), units = rows_of(cx, "org_unit"),
            names = rows_of(cx, "org_area_alias"), versions, after;
    assert_ok(db_one_int(cx, &versions, "select sum(version) from org_unit"));
    assert_ok(pack_open(cx, S("lang-son"), &p));
    assert_ok(pack_load(cx, &p, say_nothing, NULL));
    assert_int_equal(rows_of(cx, "org_area"), areas);
    assert_int_equal(rows_of(cx, "org_unit"), units);
    assert_int_equal(rows_of(cx, "org_area_alias"), names);
    assert_ok(db_one_int(cx, &after, "select sum(version) from org_unit"));
    assert_int_equal(after, versions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_unit_has_its_place_in_the_tree),
        TEST(the_unit_that_decides_is_the_unit_itself_or_the_first_of_its_kind_below),
        TEST(before_its_first_day_and_under_another_code_there_is_none),
        TEST(a_unit_that_ended_is_found_on_its_days_only),
        TEST(a_place_is_found_by_the_name_it_had_without_marks),
        TEST(the_same_pack_again_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
