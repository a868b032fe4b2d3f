/* onestop_catalogue_test.c - every procedure the demo province opened, walked from search to the
 * returned result by the same code: whatever its form asks is answered, whatever its steps are is
 * done. */
#include "module/module.h"
#include "onestop_fixture.h"
#include "onestop_walker.h"

static void every_opened_procedure_is_walked_from_search_to_the_returned_result(void **t)
{
    struct cx *cx = test_cx(t);
    struct procedure_hit open[60];
    size_t n;
    assert_ok(procedure_open_list(cx, open, 60, &n));
    assert_int_equal(n, 23);
    for (size_t i = 0; i < n; i++) {
        struct arena_mark here = arena_here(cx->arena);
        walk_procedure(cx, open[i].code);
        arena_back(cx->arena, here);
    }
}

static void every_form_asks_at_least_six_things_and_fills_in_who_is_signed_in(void **t)
{
    struct cx *cx = test_cx(t);
    struct procedure_hit open[60];
    size_t n, own = 0;
    assert_ok(procedure_open_list(cx, open, 60, &n));
    for (size_t i = 0; i < n; i++) {
        const struct procedure *p;
        const struct form *f;
        size_t asked = 0;
        assert_ok(procedure_find(cx, open[i].code, &p));
        assert_ok(form_find(cx, p->form_code, &f));
        for (size_t s = 0; s < f->sections_n; s++)
            asked += f->sections[s].fields_n;
        own += !str_eq(p->form_code, S(PROCEDURE_GENERAL_FORM));
        if (asked < 6)
            fail_msg("%.*s: form %.*s asks %zu things", F(p->code), F(f->code), asked);
    }
    assert_int_equal(own, 22);
}

/* A wrong answer is refused by each form: a walk that anything passes would show nothing. */
static void what_a_form_requires_cannot_be_left_out(void **t)
{
    struct cx *cx = test_cx(t);
    struct procedure_hit open[60];
    size_t n;
    assert_ok(procedure_open_list(cx, open, 60, &n));
    for (size_t i = 0; i < n; i++) {
        const struct procedure *p;
        const struct form *f;
        struct form_check check;
        assert_ok(procedure_find(cx, open[i].code, &p));
        assert_ok(form_find(cx, p->form_code, &f));
        assert_ok(form_check(cx, f, &(struct form_values){0}, -1, &check));
        if (check.n < 3)
            fail_msg("%.*s: an empty form has only %zu errors", F(p->code), check.n);
    }
}

/* ---- whatever else stands in the catalogue ---- */

static void load(struct cx *cx, const char *kind, struct str bytes, struct pack_report *report)
{
    size_t next = 0;
    *report = (struct pack_report){.lines = {.arena = cx->arena, .limit = 65536}};
    for (const struct pack_kind *k = procedure_module.packs; k->name; k++)
        if (str_eq(str_c(k->name), str_c(kind)))
            assert_ok(test_write(cx, k->load(cx, S("thu"), bytes, &next, report)));
    assert_int_equal(next, 0);
}

/* A published record with so many components, as the catalogue has them: some without a code, one
 * code several times. */
static void publish(struct cx *cx, const char *code, int components)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    struct pack_report r;
    buf_fmt(
        &b,
        "{\"code\":\"%s\",\"name\":\"Việc thử số %s\",\"field\":{\"code\":\"\",\"name\":\"Việc thử\"},"
        "\"results\":[\"Giấy xác nhận\"],\"steps\":[],\"channels\":[],\"cases\":[",
        code, code);
    if (components)
        buf_add(&b, S("{\"name\":\"Trường hợp chung\",\"components\":["));
    for (int i = 0; i < components; i++)
        buf_fmt(&b, "%s{\"name\":\"Giấy tờ %d\",%s\"originals\":1,\"copies\":0}", i ? "," : "",
                i + 1, i % 3 == 0 ? "\"doc_code\":\"G-1\"," : "");
    buf_add(&b, components ? S("]}]}\n") : S("]}\n"));
    load(cx, "procedure-list", buf_str(&b), &r);
    assert_int_equal(r.added, 1);
}

static void open_least(struct cx *cx, const char *code, struct pack_report *report)
{
    load(
        cx, "opening",
        str_fmt(
            cx->arena,
            "{\"openings\":[{\"code\":\"%s\",\"opening\":{\"valid_from\":\"2026-07-18\","
            "\"level\":\"khong_truc_tuyen\",\"intake_kind\":\"ttpvhcc_xa\",\"deciding_kind\":\"ubnd_xa\","
            "\"term\":{\"unit\":\"ngay_lam_viec\",\"n\":5,\"words\":\"5 ngày làm việc\"}}}]}",
            code),
        report);
}

static void any_procedure_is_taken_in_with_the_general_form_once_it_is_opened(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct {
        const char *code;
        int components;
    } some[] = {{"9.000001", 0}, {"9.000002", 7}, {"9.000003", 224}};
    act_as_program(cx);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        struct pack_report r;
        publish(cx, some[i].code, some[i].components);
        open_least(cx, some[i].code, &r);
        assert_int_equal(r.added, 1);
        walk_procedure(cx, str_c(some[i].code));
    }
}

static void what_cannot_be_opened_is_said_and_loading_twice_changes_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r;
    act_as_program(cx);
    open_least(cx, "9.000009", &r);
    assert_int_equal(r.refused, 1);
    assert_contains(buf_str(&r.lines), "danh mục chưa có");
    publish(cx, "9.000004", 2);
    load(cx, "opening",
         S("{\"openings\":[{\"code\":\"9.000004\",\"opening\":{\"intake_kind\":\"ttpvhcc_xa\","
           "\"deciding_kind\":\"ubnd_xa\"}}]}"),
         &r);
    assert_int_equal(r.refused, 1);
    assert_contains(buf_str(&r.lines), "thời hạn");
    open_least(cx, "9.000004", &r);
    assert_int_equal(r.added, 1);
    open_least(cx, "9.000004", &r);
    assert_int_equal(r.same, 1);
}

static void a_counter_shows_what_its_kind_of_unit_takes_in(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *commune = signed_in_as(cx, COUNTER),
                   *province = signed_in_as(cx, "motcua.tinh");
    assert_opens(commune, "/quay", 200);
    assert_sees(commune, "Thủ tục đăng ký khai sinh"); /* the first: counter_place 1 */
    assert_not_sees(commune, "doanh nghiệp tư nhân");
    assert_opens(province, "/quay", 200);
    assert_sees(province, "Đăng ký thành lập doanh nghiệp tư nhân");
    assert_not_sees(province, "khai sinh");
    assert_true(browser_fill(commune, "tim", "sao y ban chinh"));
    assert_true(browser_press(commune, "Tìm thủ tục"));
    assert_sees(commune, "Chứng thực bản sao từ bản chính");
    assert_opens(commune, "/quay?tim=doanh+nghiep+tu+nhan", 200);
    assert_sees(commune, "Tìm bằng từ khác");
    assert_sees(commune, "Thủ tục đăng ký khai sinh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_opened_procedure_is_walked_from_search_to_the_returned_result),
        TEST(every_form_asks_at_least_six_things_and_fills_in_who_is_signed_in),
        TEST(what_a_form_requires_cannot_be_left_out),
        TEST(any_procedure_is_taken_in_with_the_general_form_once_it_is_opened),
        TEST(what_cannot_be_opened_is_said_and_loading_twice_changes_nothing),
        TEST(a_counter_shows_what_its_kind_of_unit_takes_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
