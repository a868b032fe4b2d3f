/* procedure_desk_test.c - what officers decide about procedures: terms in words are settled before
 * an opening, proof-reading holds for one version, new crawls are taken over record by record. */
#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "org/org.h"
#include "testing/browser.h"
#include "testing/world.h"
#include "work/work.h"

#include "../procedure_import.h"

static const struct module *const modules[] = {
    &journal_module,  &org_module,       &calendar_module,
    &identity_module, &form_module,      &work_module,
    &notify_module,   &procedure_module, NULL};
static const char *const packs[] = {"roles", "quoc-gia", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .frame = look_frame, .demo = true};

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

static struct pack_report load(struct cx *cx, const char *kind, const char *lines)
{
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    for (const struct pack_kind *k = procedure_module.packs; k->name; k++) {
        size_t next = 0;
        if (strcmp(k->name, kind) != 0)
            continue;
        do
            assert_ok(test_write(cx, k->load(cx, S("ban-thang-12"), str_c(lines), &next, &r)));
        while (next);
    }
    return r;
}

#define IN_WORDS                                                                                                   \
    "{\"code\":\"9.000001\",\"name\":\"Thủ tục ghi bằng lời\",\"levels\":[\"xa\"],"                        \
    "\"channels\":[{\"kind\":\"truc_tiep\",\"duration\":{\"n\":1,\"unit\":\"khac\",\"text\":\"1\"},\"fees\":[]}]," \
    "\"services\":[{\"code\":\"9.000001.01\",\"name\":\"Dịch vụ\",\"n\":5,\"unit\":\"ngay_lam_viec\"}]}\n"
#define COUNTED                                                                                                                 \
    "{\"code\":\"9.000002\",\"name\":\"Thủ tục đếm được\",\"levels\":[\"tinh\"],"                                    \
    "\"channels\":[{\"kind\":\"truc_tiep\",\"duration\":{\"n\":7,\"unit\":\"ngay_lam_viec\",\"text\":\"7 ngày làm việc\"}," \
    "\"fees\":[{\"text\":\"20.000 VNĐ\",\"amount_dong\":20000}],\"note\":\"Tại nhà\"},"                                     \
    "{\"kind\":\"truc_tiep\",\"duration\":{\"n\":9,\"unit\":\"ngay\",\"text\":\"9 ngày\"},\"fees\":[],\"note\":\"Tại trụ sở\"}]}\n"

static struct browser *officer(struct cx *cx, const char *path)
{
    struct browser *b = testing_person(cx, "kiemsoat", IDENTITY_DEMO_PASSWORD);
    assert_opens(b, path, 200);
    return b;
}

static const struct procedure *now(struct cx *cx, const char *code)
{
    const struct procedure *p;
    assert_ok(procedure_find(cx, str_c(code), &p));
    return p;
}

static struct opening_act usual(struct cx *cx)
{
    return (struct opening_act){.level = S("toan_trinh"),
                                .intake_kind = S("ttpvhcc_xa"),
                                .deciding_kind = S("ubnd_xa"),
                                .due_mode = S("ngay"),
                                .resume = S("reset"),
                                .fee_dong = -1,
                                .from_day = day_of(cx->now)};
}

static void a_term_in_words_waits_for_an_officer_before_the_procedure_can_open(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, "procedure-list", IN_WORDS COUNTED);
    struct opening_act act = usual(cx);
    assert_err(test_write(cx, procedure_open_as(cx, S("9.000001"), &act)), ERR_INVALID);
    assert_false(now(cx, "9.000001")->open);
    struct browser *b = officer(cx, "/quan-tri/thu-tuc?loai=thoi-han");
    assert_sees(b, "Thủ tục ghi bằng lời");
    assert_not_sees(b, "Thủ tục đếm được");
    assert_opens(b, "/quan-tri/thu-tuc/9.000001", 200);
    assert_sees(b, "Thời hạn ghi bằng lời, máy không đếm được");
    assert_true(browser_press(b, "Nhận: 5 ngày làm việc"));
    assert_sees(b, "Thời hạn đã xác định: 5 ngày làm việc");
    assert_opens(b, "/quan-tri/thu-tuc?loai=thoi-han", 200);
    assert_not_sees(b, "Thủ tục ghi bằng lời");
    assert_ok(test_write(cx, procedure_open_as(cx, S("9.000001"), &act)));
    const struct procedure *p = now(cx, "9.000001");
    assert_true(p->open);
    assert_int_equal(p->term.unit, TERM_WORKING_DAYS);
    assert_int_equal(p->term.n_half, 10);
    assert_str(p->form_code, PROCEDURE_GENERAL_FORM);
}

static void a_term_typed_wrong_is_refused_beside_its_field(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct {
        struct term_typed typed;
        const char *field;
    } bad[] = {
        {{S(""), S("ngay"), S(""), S("QĐ 1")}, "so"},
        {{S("0"), S("ngay"), S(""), S("QĐ 1")}, "so"},
        {{S("1,3"), S("ngay"), S(""), S("QĐ 1")}, "so"},
        {{S("5"), S("tuan"), S(""), S("QĐ 1")}, "don_vi"},
        {{S("5"), S("ngay"), S("25:00"), S("QĐ 1")}, "gio"},
        {{S("5"), S("ngay"), S(""), S("")}, "can_cu"},
    };
    struct term_row row;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(procedure_term_read(cx, &bad[i].typed, &row), ERR_INVALID);
        assert_true(str_eq(cx->field, str_c(bad[i].field)));
    }
    assert_ok(procedure_term_read(
        cx, &(struct term_typed){S("2,5"), S("ngay_lam_viec"), S("15:00"), S("QĐ 1")}, &row));
    assert_int_equal(row.n_half, 5);
    assert_str(row.words, "2,5 ngày làm việc");
    assert_ok(procedure_term_read(
        cx, &(struct term_typed){S(""), S("trong_ngay"), S("15:00"), S("QĐ 1")}, &row));
}

static void an_officer_opens_by_the_page_and_closes_again(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, "procedure-list", COUNTED);
    struct browser *b = officer(cx, "/quan-tri/thu-tuc/9.000002");
    assert_sees(b, "20.000 VNĐ");
    assert_sees(b, "Tại trụ sở");
    assert_true(browser_press(b, "Mở tiếp nhận"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Chọn mức độ trực tuyến.");
    assert_true(browser_fill(b, "muc_do", "khong_truc_tuyen"));
    assert_true(browser_fill(b, "noi_nhan", "ttpvhcc_xa"));
    assert_true(browser_fill(b, "noi_giai_quyet", "ubnd_xa"));
    assert_true(browser_fill(b, "thoi_han", "1"));
    assert_true(browser_fill(b, "cach_tinh", "ngay"));
    assert_true(browser_fill(b, "bo_sung", "continue"));
    assert_true(browser_fill(b, "ten_phi", "Lệ phí mẫu"));
    assert_true(browser_fill(b, "tien", "20.000"));
    assert_sees(b, "Tờ khai chung, nhận được mọi thủ tục"); /* chosen, not typed */
    assert_sees(b, "Tờ khai đăng ký khai sinh (khai-sinh)");
    assert_false(browser_fill(b, "bieu_mau", "khong-co"));
    assert_true(browser_fill(b, "bieu_mau", "khai-sinh"));
    assert_true(browser_press(b, "Mở tiếp nhận"));
    assert_int_equal(browser_page(b)->status, 200);
    const struct procedure *p = now(cx, "9.000002");
    assert_true(p->open);
    assert_str(p->form_code, "khai-sinh");
    assert_int_equal(p->term.unit, TERM_DAYS);
    assert_int_equal(p->resume, RESUME_CONTINUE);
    assert_int_equal(p->fees[0].amount_dong, 20000);
    int64_t opening = p->opening_id;
    assert_opens(b, "/thu-tuc?trang=2", 200);
    assert_sees(b, "Thủ tục đếm được");
    assert_err(test_write(cx, procedure_close(cx, S("9.000002"), S(""))), ERR_INVALID);
    assert_ok(test_write(cx, procedure_close(cx, S("9.000002"), S("Chờ nghị quyết mới"))));
    assert_false(now(cx, "9.000002")->open);
    assert_err(test_write(cx, procedure_close(cx, S("9.000002"), S("Nữa"))), ERR_CONFLICT);
    const struct procedure *pinned; /* what was received goes on */
    assert_ok(procedure_pinned(cx, p->version_id, opening, &pinned));
    assert_true(pinned->open);
}

static void whoever_lacks_the_right_sees_none_of_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    browser_follow(b, false);
    static const char *const pages[] = {"/quan-tri/thu-tuc", "/quan-tri/thu-tuc/1.001193",
                                        "/quan-tri/ban-moi"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_opens(b, pages[i], 303);
}

static void proof_reading_holds_for_the_version_that_was_read(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, "procedure-list", COUNTED);
    struct browser *b = officer(cx, "/thu-tuc/9.000002");
    assert_sees(b, "Chưa đối chiếu");
    assert_opens(b, "/quan-tri/thu-tuc/9.000002", 200);
    assert_true(browser_fill(b, "van_ban", "123/2015/NĐ-CP"));
    assert_true(browser_press(b, "Đánh dấu đã đối chiếu"));
    assert_sees(b, "123/2015/NĐ-CP");
    assert_opens(b, "/thu-tuc/9.000002", 200);
    assert_not_sees(b, "Chưa đối chiếu");
    int64_t read = now(cx, "9.000002")->version_id;
    struct pack_report r =
        load(cx, "procedure-list", "{\"code\":\"9.000002\",\"name\":\"Tên khác\"}\n");
    assert_int_equal(r.same, 1); /* a list does not replace what was read */
    (void)load(cx, "procedure-crawl", "{\"code\":\"9.000002\",\"name\":\"Tên khác\"}\n");
    struct change_row change;
    struct import_row import;
    size_t n;
    assert_ok(procedure_imports(cx, &import, 1, &n));
    assert_ok(procedure_change(cx, import.id, S("9.000002"), &change));
    assert_ok(test_write(cx, procedure_accept(cx, &change)));
    assert_false(now(cx, "9.000002")->proofread);
    assert_err(test_write(cx, procedure_mark_read(cx, S("9.000002"), read, S("cũ"))), ERR_CONFLICT);
}

static void a_new_crawl_says_what_is_new_changed_and_ended(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, "procedure-list", IN_WORDS COUNTED);
    int64_t before = rows_of(cx, "procedure");
    struct pack_report r = load(
        cx, "procedure-crawl",
        COUNTED
        "{\"code\":\"9.000003\",\"name\":\"Thủ tục mới\"}\n"
        "{\"code\":\"9.000001\",\"name\":\"Thủ tục ghi bằng lời, sửa\",\"levels\":[\"xa\"]}\n");
    assert_int_equal(r.added, 1);
    assert_int_equal(r.changed, 1);
    assert_int_equal(r.same, 1);
    assert_int_equal(rows_of(cx, "procedure"), before); /* nothing is taken over by itself */
    struct browser *b = officer(cx, "/quan-tri/ban-moi");
    assert_true(browser_click(b, "ban-thang-12"));
    assert_sees(b, "Thủ tục mới");
    assert_true(browser_fill(b, "chon", "9.000003"));
    assert_true(browser_press(b, "Nhận vào danh mục"));
    assert_sees(b, "Đã nhận 1 thủ tục");
    assert_str(now(cx, "9.000003")->name, "Thủ tục mới");
    struct import_row import;
    size_t n;
    assert_ok(procedure_imports(cx, &import, 1, &n));
    assert_int_equal(import.ended, before - 2); /* the crawl of this test has three */
    struct str path = str_fmt(cx->arena, "/quan-tri/ban-moi/%lld/9.000001", (long long)import.id);
    assert_opens(b, path.p, 200);
    assert_sees(b, "Thủ tục ghi bằng lời, sửa");
    assert_sees(b, "Cách nộp, thời hạn, lệ phí"); /* the channels are gone */
    assert_true(browser_press(b, "Không nhận"));
    assert_str(now(cx, "9.000001")->name, "Thủ tục ghi bằng lời");
    struct change_row ended;
    assert_ok(procedure_change(cx, import.id, S("1.001193"), &ended));
    assert_str(ended.change, "het");
    assert_ok(test_write(cx, procedure_accept(cx, &ended)));
    assert_true(now(cx, "1.001193")->ended);
    assert_false(now(cx, "1.001193")->open);
    assert_err(test_write(cx, procedure_accept(cx, &ended)), ERR_CONFLICT);
}

static void a_whole_crawl_is_taken_over_but_for_what_was_proof_read(void **t)
{
    enum { NEW_ONES = 30 };
    struct cx *cx = test_cx(t);
    struct buf lines = {.arena = cx->arena, .limit = 65536};
    int64_t version;
    int ran;
    (void)load(cx, "procedure-list", IN_WORDS COUNTED);
    version = now(cx, "9.000002")->version_id;
    assert_ok(test_write(cx, procedure_mark_read(cx, S("9.000002"), version, S("QĐ 1/2026"))));
    buf_add(&lines, S("{\"code\":\"9.000001\",\"name\":\"Sửa một\"}\n"
                      "{\"code\":\"9.000002\",\"name\":\"Sửa hai\"}\n"));
    for (int i = 0; i < NEW_ONES; i++)
        buf_fmt(&lines, "{\"code\":\"9.1%05d\",\"name\":\"Thủ tục mới số %d\"}\n", i, i);
    (void)load(cx, "procedure-crawl", str_z(cx->arena, buf_str(&lines)));
    const int64_t before = rows_of(cx, "procedure");
    struct browser *b = officer(cx, "/quan-tri/ban-moi");
    assert_true(browser_click(b, "ban-thang-12"));
    assert_true(browser_press(b, "Nhận cả 30 thủ tục loại này"));
    assert_ok(jobs_run_due(cx, &ran));
    assert_int_equal(rows_of(cx, "procedure"), before + NEW_ONES);
    assert_str(now(cx, "9.100029")->name, "Thủ tục mới số 29");
    assert_opens(b, "/quan-tri/ban-moi", 200);
    assert_true(browser_click(b, "ban-thang-12"));
    assert_not_sees(b, "thủ tục loại này");
    assert_true(browser_click(b, "Đổi"));
    assert_true(browser_press(b, "Nhận cả 1 thủ tục loại này"));
    assert_ok(jobs_run_due(cx, &ran));
    assert_str(now(cx, "9.000001")->name, "Sửa một");
    assert_str(now(cx, "9.000002")->name, "Thủ tục đếm được"); /* proof-read: one by one */
    assert_true(now(cx, "9.000002")->proofread);
}

static void everybody_leafs_through_the_catalogue_by_field_level_and_agency(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, "procedure-list", IN_WORDS COUNTED);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/cong-khai/thu-tuc", 200);
    assert_sees(b, "Hộ tịch");
    assert_opens(b, "/cong-khai/thu-tuc?theo=co-quan", 200);
    assert_sees(b, "Bộ Tư pháp");
    assert_opens(b, "/cong-khai/thu-tuc?theo=cap", 200);
    assert_true(browser_click(b, "Cấp tỉnh"));
    assert_sees(b, "Thủ tục đếm được");
    assert_not_sees(b, "Thủ tục ghi bằng lời");
    assert_opens(b, "/thu-tuc/9.000002", 200);
    assert_sees(b, "Trực tiếp: 7 ngày làm việc"); /* one channel twice, told apart by its note */
    assert_sees(b, "Trực tiếp: 9 ngày");
    assert_sees(b, "Tại trụ sở");
}

/* As the longest of the catalogue: 224 papers in 14 cases, texts of thousands of letters. */
static struct str long_record(struct cx *cx)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    buf_add(&b, S("{\"code\":\"9.000224\",\"name\":\"Thủ tục rất dài\",\"cases\":["));
    for (int i = 0; i < 14; i++) {
        buf_fmt(&b, "%s{\"name\":\"Trường hợp %d\",\"components\":[", i ? "," : "", i + 1);
        for (int k = 0; k < 16; k++)
            buf_fmt(&b, "%s{\"name\":\"Giấy tờ %d.%d\",\"originals\":1,\"copies\":2}", k ? "," : "",
                    i + 1, k + 1);
        buf_add(&b, S("]}"));
    }
    buf_add(&b, S("],\"steps\":[{\"text\":\""));
    for (int i = 0; i < 4000; i++)
        buf_add(&b, S("từng bước một, "));
    buf_add(&b, S("hết.\"}]}\n"));
    return buf_str(&b);
}

static void a_very_long_record_is_folded_case_by_case(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, "procedure-list", str_z(cx->arena, long_record(cx)));
    struct browser *b = browser_new(cx);
    assert_opens(b, "/thu-tuc/9.000224", 200);
    assert_sees(b, "Trường hợp 14 (16)");
    assert_sees(b, "Giấy tờ 14.16");
    assert_sees(b, "1 bản chính, 2 bản sao");
    assert_contains(browser_page(b)->body,
                    "<details class=\"why after-line\"><summary>Trường hợp 14");
    assert_contains(browser_page(b)->body, "<summary class=\"small\">từng bước một");
}

static void no_act_is_left_half_done(void **t)
{
    struct cx *cx = test_cx(t);
    (void)load(cx, "procedure-list", COUNTED);
    int64_t openings = rows_of(cx, "procedure_opening"), events = rows_of(cx, "journal_event");
    struct opening_act act = usual(cx);
    enum err e = ERR_IO;
    for (int calls = 1; e != OK; calls++) {
        assert_int_equal(rows_of(cx, "procedure_opening"), openings);
        assert_int_equal(rows_of(cx, "journal_event"), events);
        db_fail_at(cx, calls);
        e = test_write(cx, procedure_open_as(cx, S("9.000002"), &act));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "procedure_opening"), openings + 1);
    assert_int_equal(rows_of(cx, "journal_event"), events + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_term_in_words_waits_for_an_officer_before_the_procedure_can_open),
        TEST(a_term_typed_wrong_is_refused_beside_its_field),
        TEST(an_officer_opens_by_the_page_and_closes_again),
        TEST(whoever_lacks_the_right_sees_none_of_it),
        TEST(proof_reading_holds_for_the_version_that_was_read),
        TEST(a_new_crawl_says_what_is_new_changed_and_ended),
        TEST(a_whole_crawl_is_taken_over_but_for_what_was_proof_read),
        TEST(everybody_leafs_through_the_catalogue_by_field_level_and_agency),
        TEST(a_very_long_record_is_folded_case_by_case),
        TEST(no_act_is_left_half_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
