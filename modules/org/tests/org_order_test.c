/* org_order_test.c - merging, splitting, renaming, dissolving: with a basis, on a day, in the
 * journal; who takes the work over. */
#include "job/job.h"
#include "journal/journal.h"
#include "org/org.h"

#include "testing/world.h"

static const struct module *const modules[] = {&journal_module, &org_module, NULL};
static const char *const packs[] = {"lang-son", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs};

#define TODAY day_of(cx->now)

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

static struct org_unit unit(struct cx *cx, const char *code)
{
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, str_c(code), TODAY, &u));
    return u;
}

static struct org_order order(enum org_act act, const char *from, int64_t on_day)
{
    return (struct org_order){.act = act,
                              .on_day = on_day,
                              .basis = S("Nghị quyết 01/NQ-HĐND ngày 20/11/2026"),
                              .from = {str_c(from)},
                              .from_n = 1};
}

static struct org_order merge_of(struct cx *cx, int64_t on_day)
{
    (void)cx;
    struct org_order o = order(ORG_MERGE, "H37.115", on_day);
    o.into[0] = (struct org_into){.code = S("H37.114")};
    o.into_n = 1;
    return o;
}

static int64_t events(struct cx *cx, const char *kind)
{
    int64_t n;
    assert_ok(
        db_one_int(cx, &n, "select count(*) from journal_event where kind = $1", V(str_c(kind))));
    return n;
}

static void a_merged_unit_ends_and_its_agencies_go_to_those_of_the_heir(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit tam_thanh = unit(cx, "H37.115"), ky_lua = unit(cx, "H37.114"),
                    centre = unit(cx, "H37.115.01"), heir, gone;
    struct org_unit_change steps[4];
    size_t n;
    struct org_order o = merge_of(cx, TODAY);
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_str(o.state, "xong");
    assert_err(org_unit_by_code(cx, S("H37.115"), TODAY, &gone), ERR_NOT_FOUND);
    assert_ok(org_unit_by_code(cx, S("H37.115"), TODAY - 1, &gone)); /* what was, was */
    assert_ok(org_unit_heir(cx, tam_thanh.id, &heir));
    assert_int_equal(heir.id, ky_lua.id);
    assert_ok(org_unit_heir(cx, centre.id, &heir));
    assert_str(heir.code, "H37.114.01");
    assert_ok(org_unit_changes(cx, ky_lua.id, steps, 4, &n));
    assert_int_equal(n, 1);
    assert_str(steps[0].kind, "nhap");
    assert_int_equal(steps[0].from.id, tam_thanh.id);
    assert_contains(steps[0].basis, "01/NQ-HĐND");
    assert_int_equal(events(cx, "org.unit.ended"), 3); /* it, its centre, its police */
    assert_int_equal(events(cx, "org.order.made"), 1);
    assert_int_equal(events(cx, "org.order.done"), 1);
}

static void a_failed_call_leaves_no_half_of_a_merger(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t before = events(cx, "org.unit.ended");
    enum err e = ERR_IO;
    int calls = 0;
    while (e != OK) {
        struct org_order o = merge_of(cx, TODAY);
        assert_int_equal(rows_of(cx, "org_order"), 0);
        assert_int_equal(rows_of(cx, "org_unit_change"), 0);
        assert_int_equal(events(cx, "org.unit.ended"), before);
        assert_int_equal(unit(cx, "H37.115.01").valid_to, 0);
        db_fail_at(cx, ++calls);
        e = test_write(cx, org_order_make(cx, &o));
    }
    db_fail_at(cx, 0);
    assert_true(calls > 12);
    assert_int_equal(rows_of(cx, "org_unit_change"), 3);
}

static void a_decision_waits_for_its_day_and_can_be_cancelled_until_then(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_order o = merge_of(cx, TODAY + 10), other, all[4];
    struct org_unit heir;
    int64_t tam_thanh = unit(cx, "H37.115").id;
    size_t n;
    int ran;
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_str(o.state, "cho");
    assert_int_equal(unit(cx, "H37.115").valid_to, 0);
    other = order(ORG_RENAME, "H37.114", TODAY + 5);
    other.into[0].name = S("Ủy ban nhân dân phường Kỳ Lừa mới");
    other.into_n = 1;
    assert_ok(test_write(cx, org_order_make(cx, &other)));
    assert_ok(org_orders(cx, 0, all, 4, &n));
    assert_int_equal(n, 2);
    assert_int_equal(all[0].id, other.id);
    assert_ok(test_write(cx, org_order_cancel(cx, &all[0], S("Nhập nhầm ngày"))));
    assert_err(test_write(cx, org_order_cancel(cx, &all[0], S("Lần nữa"))), ERR_CONFLICT);
    testing_advance(cx, 9 * DAY_MS);
    assert_ok(jobs_run_due(cx, &ran));
    assert_int_equal(unit(cx, "H37.115").id, tam_thanh);
    testing_advance(cx, DAY_MS);
    assert_ok(jobs_run_due(cx, &ran));
    assert_ok(org_unit_heir(cx, tam_thanh, &heir));
    assert_str(heir.code, "H37.114");
    assert_ok(org_order_find(cx, o.id, &other));
    assert_str(other.state, "xong");
    assert_str(unit(cx, "H37.114").name, "Ủy ban nhân dân phường Kỳ Lừa"); /* was cancelled */
}

static void what_cannot_be_done_any_more_on_its_day_is_cancelled_and_says_why(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_order later = merge_of(cx, TODAY + 10), now = merge_of(cx, TODAY), found;
    int ran;
    assert_ok(test_write(cx, org_order_make(cx, &later)));
    assert_ok(test_write(cx, org_order_make(cx, &now)));
    testing_advance(cx, 11 * DAY_MS);
    assert_ok(jobs_run_due(cx, &ran));
    assert_ok(org_order_find(cx, later.id, &found));
    assert_str(found.state, "huy");
    assert_contains(found.note, "Không có đơn vị nào đang hoạt động mang mã H37.115");
}

static void into_a_new_unit_the_first_agency_moves_and_the_others_join_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit heir, centre = unit(cx, "H37.114.01");
    int64_t other = unit(cx, "H37.115.01").id;
    struct org_order o = order(ORG_MERGE, "H37.114", TODAY);
    o.from[o.from_n++] = S("H37.115");
    o.into[0] = (struct org_into){
        .code = S("H37.200"), .name = S("Ủy ban nhân dân phường Đồng Đăng"), .area = S("06184")};
    o.into_n = 1;
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    struct org_unit made = unit(cx, "H37.200");
    assert_str(made.kind, "ubnd_xa");
    centre = unit(cx, "H37.114.01"); /* keeps its code and name until it is renamed */
    assert_int_equal(centre.parent, made.id);
    assert_true(str_starts(centre.path, made.path));
    assert_ok(org_unit_heir(cx, other, &heir));
    assert_int_equal(heir.id, centre.id);
    assert_int_equal(events(cx, "org.unit.moved"), 2); /* centre and police of Kỳ Lừa */
}

static void a_split_says_who_takes_the_running_work(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit heir;
    int64_t ky_lua = unit(cx, "H37.114").id;
    struct org_order o = order(ORG_SPLIT, "H37.114", TODAY);
    o.into[0] = (struct org_into){.code = S("H37.201"), .name = S("UBND phường Một")};
    o.into[1] = (struct org_into){.code = S("H37.202"), .name = S("UBND phường Hai")};
    o.into_n = 2;
    o.takes_over = S("H37.202");
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_ok(org_unit_heir(cx, ky_lua, &heir));
    assert_str(heir.code, "H37.202");
    assert_int_equal(unit(cx, "H37.114.01").parent, heir.id);
    /* And one that gives a part away stays. */
    o = order(ORG_SPLIT, "H37.115", TODAY);
    o.into[0] = (struct org_into){.code = S("H37.115")};
    o.into[1] = (struct org_into){.code = S("H37.203"), .name = S("UBND phường Ba")};
    o.into_n = 2;
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_int_equal(unit(cx, "H37.115").valid_to, 0);
    assert_ok(org_unit_heir(cx, unit(cx, "H37.115").id, &heir));
    assert_str(heir.code, "H37.115");
}

static void a_dissolved_unit_leaves_its_work_to_the_one_above_unless_another_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit heir;
    int64_t centre = unit(cx, "H37.114.01").id, other = unit(cx, "H37.115.01").id;
    struct org_order o = order(ORG_DISSOLVE, "H37.114.01", TODAY);
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_ok(org_unit_heir(cx, centre, &heir));
    assert_str(heir.code, "H37.114");
    o = order(ORG_DISSOLVE, "H37.115.01", TODAY);
    o.takes_over = S("H37.114");
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_ok(org_unit_heir(cx, other, &heir));
    assert_str(heir.code, "H37.114");
}

static void areas_are_merged_renamed_and_dissolved_the_same_way(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_area tam_thanh, found;
    struct org_stead now[4];
    size_t n;
    assert_ok(org_area_by_code(cx, S("05986"), TODAY, &tam_thanh));
    struct org_order o = order(ORG_MERGE, "05986", TODAY);
    o.of_areas = true;
    o.into[0] = (struct org_into){.code = S("06187")};
    o.into_n = 1;
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_ok(org_area_on(cx, tam_thanh.id, TODAY, now, 4, &n));
    assert_int_equal(n, 1);
    assert_str(now[0].area.name, "Phường Kỳ Lừa");
    assert_int_equal(unit(cx, "H37.115").area, now[0].area.id); /* the agency works there now */
    o = order(ORG_RENAME, "06187", TODAY);
    o.of_areas = true;
    o.into[0] = (struct org_into){.name = S("Phường Lạng Sơn")};
    o.into_n = 1;
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_ok(org_area_of_code(cx, S("06187"), TODAY, &found));
    assert_str(found.name, "Phường Lạng Sơn");
    assert_ok(org_area_of_code(cx, S("06187"), TODAY - 1, &found));
    assert_str(found.name, "Phường Kỳ Lừa");
    o = order(ORG_DISSOLVE, "20", TODAY);
    o.of_areas = true;
    assert_err(org_order_check(cx, &o), ERR_CONFLICT);
    assert_why(cx, "còn xã, phường bên trong");
    o = order(ORG_DISSOLVE, "06001", TODAY);
    o.of_areas = true;
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_err(org_area_by_code(cx, S("06001"), TODAY, &found), ERR_NOT_FOUND);
}

/* Lạng Sơn joins another province: its communes keep their codes, its agencies follow; what ended
 * before stays where it was. */
static void a_province_is_merged_with_all_its_communes(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_area province, commune, heir, after, ended;
    struct org_area inside[200];
    int ran;
    size_t n, moved;
    assert_ok(org_area_by_code(cx, S("20"), TODAY, &province));
    assert_ok(org_area_by_code(cx, S("05986"), TODAY, &commune));
    assert_ok(org_areas_below(cx, province.id, inside, 200, &n));
    assert_true(n > 60);
    struct org_order rename = order(ORG_DISSOLVE, "20", TODAY);
    rename.of_areas = true;
    assert_err(org_order_check(cx, &rename), ERR_CONFLICT);
    struct org_order o = order(ORG_MERGE, "20", TODAY);
    o.of_areas = true;
    o.into[0] = (struct org_into){.code = S("05986")};
    o.into_n = 1;
    assert_err(org_order_check(cx, &o), ERR_INVALID); /* a commune is no heir of a province */
    o.into[0] = (struct org_into){.code = S("97"), .name = S("Tỉnh Bắc Mới")};
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    assert_ok(org_area_by_code(cx, S("97"), TODAY, &heir));
    assert_ok(org_areas_below(cx, heir.id, inside, 200, &moved));
    assert_int_equal(moved, n);
    assert_ok(org_area_by_code(cx, S("05986"), TODAY, &after));
    assert_int_equal(after.id, commune.id);
    assert_int_equal(after.parent, heir.id);
    assert_true(str_starts(after.path, heir.path));
    assert_true(str_starts(unit(cx, "H37.114").area_path, heir.path));
    assert_true(str_starts(unit(cx, "H37").area_path, heir.path)); /* in the province itself */
    assert_err(org_area_by_code(cx, S("20"), TODAY, &ended), ERR_NOT_FOUND);
    assert_ok(org_area_by_code(cx, S("20"), TODAY - 1, &ended));
    assert_int_equal(events(cx, "org.area.moved"), (int64_t)n);
    const int64_t told = events(cx, "org.unit.moved");
    testing_let_go(cx);
    assert_ok(jobs_run_due(cx, &ran));
    testing_hold(cx);
    assert_true(events(cx, "org.unit.moved") > told); /* dossiers of the communes hear of it */
}

/* The committees of communes below a province's committee join nobody. */
static void committees_of_communes_go_to_the_heir_of_the_province_whole(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit root = unit(cx, "H37"), other = root, heir;
    other.id = 0;
    other.parent = 0;
    other.code = other.dossier_code = S("H98");
    other.name = S("Ủy ban nhân dân tỉnh khác");
    other.short_name = S("UBND tỉnh khác");
    assert_ok(test_write(cx, org_unit_put(cx, &other, &other.id)));
    struct org_unit below = unit(cx, "H37.114");
    below.id = 0;
    below.parent = other.id;
    below.code = below.dossier_code = S("H98.1");
    below.name = S("Ủy ban nhân dân xã của tỉnh khác");
    assert_ok(test_write(cx, org_unit_put(cx, &below, &below.id)));
    struct org_order o = order(ORG_MERGE, "H37", TODAY);
    o.into[0] = (struct org_into){.code = S("H98")};
    o.into_n = 1;
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    const struct org_unit ky_lua = unit(cx, "H37.114");
    assert_int_equal(ky_lua.parent, other.id);
    assert_int_equal(ky_lua.valid_to, 0);
    assert_ok(org_unit_heir(cx, root.id, &heir));
    assert_int_equal(heir.id, other.id);
}

static void expect(struct cx *cx, struct org_order o, enum err e, const char *field,
                   const char *sentence)
{
    assert_err(org_order_check(cx, &o), e);
    if (!str_eq(cx->field, str_c(field)) || !str_find(cx->why, str_c(sentence), NULL))
        fail_msg("%.*s: %.*s, not %s", F(cx->field), F(cx->why), sentence);
}

static void each_mistake_names_its_field_and_says_what_to_do(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_order o = merge_of(cx, TODAY);
    o.basis = S(" ");
    expect(cx, o, ERR_INVALID, "can_cu", "Nhập căn cứ");
    o = merge_of(cx, TODAY + 5000);
    expect(cx, o, ERR_INVALID, "ngay", "không quá mười năm");
    o = merge_of(cx, civil_day(2025, 7, 1));
    expect(cx, o, ERR_INVALID, "ngay", "hoạt động từ 01/07/2025");
    o = merge_of(cx, TODAY);
    o.from[0] = S("H99");
    expect(cx, o, ERR_INVALID, "tu", "Không có đơn vị nào");
    o = merge_of(cx, TODAY);
    o.from[o.from_n++] = S("H37.115");
    expect(cx, o, ERR_INVALID, "tu", "hai lần");
    o = merge_of(cx, TODAY);
    o.into_n = 0;
    expect(cx, o, ERR_INVALID, "vao", "Nhập nơi kế tiếp");
    o = merge_of(cx, TODAY);
    o.into[0].name = S("Tên mới"); /* but the code is taken */
    expect(cx, o, ERR_INVALID, "vao", "mã chưa ai dùng");
    o = merge_of(cx, TODAY);
    o.into[0].code = S("H37.115.01");
    expect(cx, o, ERR_INVALID, "vao", "là đơn vị con của");
    o = order(ORG_SPLIT, "H37.114", TODAY);
    o.into[0] = (struct org_into){.code = S("H37.115")};
    o.into_n = 1;
    expect(cx, o, ERR_INVALID, "vao", "ít nhất hai nơi");
    o = order(ORG_DISSOLVE, "H37", TODAY);
    expect(cx, o, ERR_INVALID, "nhan_viec", "Nhập mã đơn vị");
    o = order(ORG_DISSOLVE, "H37.114", TODAY);
    o.takes_over = S("H37.114.01");
    expect(cx, o, ERR_INVALID, "nhan_viec", "ở ngoài đơn vị");
    o = merge_of(cx, TODAY);
    cx->scope = (struct scope){.kind = SCOPE_UNIT_TREE, .unit_path = unit(cx, "H37.114").path};
    expect(cx, o, ERR_DENIED, "", "Bạn không quản lý");
    cx->scope = (struct scope){.kind = SCOPE_ALL};
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_merged_unit_ends_and_its_agencies_go_to_those_of_the_heir),
        TEST(a_failed_call_leaves_no_half_of_a_merger),
        TEST(a_decision_waits_for_its_day_and_can_be_cancelled_until_then),
        TEST(what_cannot_be_done_any_more_on_its_day_is_cancelled_and_says_why),
        TEST(into_a_new_unit_the_first_agency_moves_and_the_others_join_it),
        TEST(a_split_says_who_takes_the_running_work),
        TEST(a_dissolved_unit_leaves_its_work_to_the_one_above_unless_another_is_named),
        TEST(areas_are_merged_renamed_and_dissolved_the_same_way),
        TEST(a_province_is_merged_with_all_its_communes),
        TEST(committees_of_communes_go_to_the_heir_of_the_province_whole),
        TEST(each_mistake_names_its_field_and_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
