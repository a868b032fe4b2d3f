/* onestop_bad_input_test.c - what people and others send wrongly: a sentence in Vietnamese that
 * says what to do, and nothing typed or stored is lost. */
#include "onestop_fixture.h"

#define WAY "/nop-ho-so/" BIRTH
#define PAPER_FIELD "giay_to." BORN_PAPER

/* Bodies of 20 MB and more pass through a test's context. */
static int start_wide(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(world_modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world,
                                                     .arena_bytes = (size_t)1 << 30});
}

static struct str bytes_of(struct cx *cx, const char *head, size_t n)
{
    char *p = arena_alloc(cx->arena, n);
    memset(p, ' ', n);
    memcpy(p, head, strlen(head));
    return (struct str){p, n};
}

static struct str value_of(struct browser *b, const char *name)
{
    const struct page *p = browser_page(b);
    for (size_t i = 0; i < p->forms_n; i++)
        for (size_t k = 0; k < p->forms[i].fields_n; k++)
            if (str_eq(p->forms[i].fields[k].name, str_c(name)))
                return p->forms[i].fields[k].value;
    return S("");
}

/* ---- filing by browser ---- */

static void fill_child(struct browser *b, const char *name)
{
    assert_opens(b, WAY "/khai/2", 200);
    browser_fill(b, "ho_ten_nguoi_duoc_khai_sinh", name);
    browser_fill(b, "ngay_sinh_nguoi_duoc_khai_sinh-ngay", "12");
    browser_fill(b, "ngay_sinh_nguoi_duoc_khai_sinh-thang", "11");
    browser_fill(b, "ngay_sinh_nguoi_duoc_khai_sinh-nam", "2026");
    browser_fill(b, "gioi_tinh", "Nam");
    browser_fill(b, "dan_toc", "Tày");
    browser_fill(b, "noi_sinh", "Bệnh viện Đa khoa tỉnh Lạng Sơn");
    browser_fill(b, "que_quan", "Phường Kỳ Lừa");
}

static void fill_form(struct browser *b)
{
    assert_opens(b, WAY "/khai/1", 200);
    browser_fill(b, "quan_he_voi_nguoi_duoc_khai_sinh", "Mẹ");
    assert_true(browser_press(b, "Tiếp tục"));
    fill_child(b, CHILD);
    assert_true(browser_press(b, "Tiếp tục"));
    browser_fill(b, "ho_ten_me", "Hoàng Thị Mai");
    assert_true(browser_press(b, "Tiếp tục"));
    assert_true(browser_press(b, "Tiếp tục"));
    assert_true(browser_press(b, "Tiếp tục"));
    browser_fill(b, "de_nghi_cap_ban_sao", "Không");
    assert_true(browser_press(b, "Tiếp tục"));
    assert_str(browser_page(b)->target, WAY "/giay-to");
}

static int attach(struct browser *b, const char *field, const char *name, struct str bytes)
{
    assert_opens(b, WAY "/giay-to", 200);
    assert_true(browser_attach(b, field, name, bytes));
    assert_true(browser_press(b, "Tải lên"));
    return browser_page(b)->status;
}

static struct browser *ready_to_send(struct cx *cx)
{
    struct browser *b = signed_in_as(cx, MAI);
    fill_form(b);
    assert_int_equal(attach(b, PAPER_FIELD, "giay-chung-sinh.pdf", S(SMALL_PDF)), 200);
    assert_opens(b, WAY "/kiem-tra", 200);
    browser_fill(b, "noi_nop", "H37.114.01");
    browser_fill(b, "tra", "dien_tu");
    browser_fill(b, "cam_doan", "1");
    return b;
}

static struct str send_by_browser(struct cx *cx, struct browser *b)
{
    struct dossier d;
    assert_true(browser_press(b, "Gửi hồ sơ"));
    assert_sees(b, "Đã gửi hồ sơ");
    int64_t id;
    assert_ok(db_one_int(cx, &id, "select max(id) from onestop_dossier"));
    assert_ok(onestop_store_any(cx, id, &d));
    return d.request_code;
}

/* ---- files ---- */

static void a_file_too_large_is_named_and_the_others_stay(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    fill_form(b);
    assert_int_equal(attach(b, PAPER_FIELD, "nho.pdf", S(SMALL_PDF)), 200);
    assert_int_equal(
        attach(b, "giay_to." PROXY_PAPER, "to.pdf", bytes_of(cx, "%PDF-1.7\n", (20 << 20) + 1)),
        422);
    assert_sees(b, "Tệp lớn hơn 20 MB. Giảm kích thước rồi chọn lại.");
    assert_sees(b, "nho.pdf");
    assert_opens(b, WAY "/giay-to", 200);
    assert_sees(b, "nho.pdf");
    assert_not_sees(b, "to.pdf");
}

static void a_body_too_large_is_refused_and_the_draft_stays(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    fill_form(b);
    struct str long_text = bytes_of(cx, "noi_sinh=x", 400000);
    memset((char *)(uintptr_t)long_text.p + 9, 'x', long_text.n - 9);
    browser_send(b, S(WAY "/khai/2"), S("application/x-www-form-urlencoded"), long_text);
    assert_int_equal(browser_page(b)->status, 413);
    assert_sees(b, "quá lớn");
    assert_opens(b, WAY "/khai/2", 200);
    assert_str(value_of(b, "ho_ten_nguoi_duoc_khai_sinh"), CHILD);
}

static void a_file_is_what_its_content_is_whatever_its_name_says(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    static const struct {
        const char *name, *bytes;
        size_t n;
    } wrong[] = {
        {"giay-chung-sinh.pdf", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", 14},
        {"anh.png", "<html><script>alert(1)</script></html>", 38},
        {"anh.jpg",
         "\x7f"
         "ELF\x02\x01\x01\x00\x00\x00\x00\x00",
         12},
        {"giay.pdf", "#!/bin/sh\nrm -rf /\n%PDF-1.7\n%%EOF\n", 35},
        {"rong.pdf", "", 0},
        {"hinh.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", 59},
    };
    fill_form(b);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int status =
            attach(b, PAPER_FIELD, wrong[i].name, (struct str){wrong[i].bytes, wrong[i].n});
        if (wrong[i].n == 0) {
            assert_true(status == 422 || status == 200);
        } else {
            if (status != 422)
                fail_msg("%s: %d", wrong[i].name, status);
            assert_sees(b, "PDF");
        }
        assert_int_equal(rows_of(cx, "file_stored"), 0);
    }
}

/* A page behind a picture's head is stored as the picture it begins as, and is given out as that.
 */
static void a_file_of_two_kinds_is_never_given_out_as_a_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = ready_to_send(cx);
    static const char two[] = "\xff\xd8\xff\xe0\x00\x10JFIF\x00<script>alert(1)</script>\xff\xd9";
    int status = attach(b, PAPER_FIELD, "x.html", (struct str){two, sizeof two - 1});
    if (status == 200) {
        assert_opens(b, WAY "/giay-to", 200);
        assert_sees(b, "x.html.jpg");
        int64_t pages;
        assert_ok(
            db_one_int(cx, &pages, "select count(*) from file_stored where mime like 'text/%'"));
        assert_int_equal(pages, 0);
    } else {
        assert_int_equal(status, 422);
    }
}

static void a_file_for_a_paper_that_does_not_exist_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    fill_form(b);
    struct page_form *f = browser_form(b, S(WAY "/giay-to"));
    assert_non_null(f);
    for (size_t i = 0; i < f->fields_n; i++)
        if (str_eq(f->fields[i].name, S(PAPER_FIELD))) {
            f->fields[i].name = S("giay_to.KQ-khong-co");
            f->fields[i].file_name = S("a.pdf");
            f->fields[i].file_bytes = S(SMALL_PDF);
        }
    browser_submit(b, f, NULL);
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "không có thành phần hồ sơ đó");
    assert_int_equal(rows_of(cx, "file_stored"), 0);
}

/* ---- forms ---- */

static void a_malformed_form_changes_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    static const char url[] = "application/x-www-form-urlencoded";
    fill_form(b);
    assert_opens(b, WAY "/khai/2", 200);
    struct {
        const char *type, *body;
        int status;
    } const wrong[] = {
        {url, "ho_ten_nguoi_duoc_khai_sinh=%ff%fe", 400},
        {url, "%zz=1&ho_ten=%4", 400},
        {"multipart/form-data; boundary=x",
         "--x\r\nContent-Disposition: form-data; name=\"ho_ten\"\r\n\r\nAn", 400},
        {"multipart/form-data", "x", 400},
        {"text/xml", "<a/>", 415},
        {url, "ho_ten_nguoi_duoc_khai_sinh=An", 403}, /* no token */
        {url, "", 403},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        browser_send(b, S(WAY "/khai/2"), str_c(wrong[i].type), str_c(wrong[i].body));
        int got = browser_page(b)->status;
        if (got != wrong[i].status)
            fail_msg("%s (%s): %d", wrong[i].body, wrong[i].type, got);
        assert_true(browser_page(b)->h1.n > 0);
    }
    assert_opens(b, WAY "/khai/2", 200);
    assert_str(value_of(b, "ho_ten_nguoi_duoc_khai_sinh"), CHILD);
}

static void what_was_typed_stays_when_something_is_wrong(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    assert_opens(b, WAY "/khai/2", 200);
    fill_child(b, "An123");
    browser_fill(b, "ngay_sinh_nguoi_duoc_khai_sinh-ngay", "31");
    browser_fill(b, "ngay_sinh_nguoi_duoc_khai_sinh-thang", "02");
    assert_true(browser_press(b, "Tiếp tục"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_str(value_of(b, "ho_ten_nguoi_duoc_khai_sinh"), "An123");
    assert_str(value_of(b, "ngay_sinh_nguoi_duoc_khai_sinh-ngay"), "31");
    assert_str(value_of(b, "que_quan"), "Phường Kỳ Lừa");
    assert_true(str_starts(browser_page(b)->title, S("Lỗi: ")));
}

/* What the state holds is not taken from the form, whoever edits it there. */
static void a_prefilled_number_cannot_be_edited(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    assert_opens(b, WAY "/khai/1", 200);
    struct page_form *f = browser_form(b, S(WAY "/khai/1"));
    struct page_field *wider = NEW_N(cx->arena, struct page_field, f->fields_n + 2);
    memcpy(wider, f->fields, f->fields_n * sizeof *wider);
    wider[f->fields_n] =
        (struct page_field){.name = S("giay_to_tuy_than_so"), .value = S(THANH), .type = S("text")};
    wider[f->fields_n + 1] = (struct page_field){
        .name = S("ho_ten_nguoi_yeu_cau"), .value = S("Nông Văn Thành"), .type = S("text")};
    f->fields = wider;
    f->fields_n += 2;
    browser_submit(b, f, &f->buttons[0]);
    assert_opens(b, WAY "/kiem-tra", 200);
    assert_sees(b, "Hoàng Thị Mai");
    assert_not_sees(b, "Nông Văn Thành");
    assert_not_sees(b, "020090999102");
}

/* ---- tokens ---- */

static void the_same_token_with_other_content_gets_the_first_answer_and_no_second_dossier(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = ready_to_send(cx);
    struct page_form *f = browser_form(b, S(WAY "/gui"));
    struct page_form kept = *f;
    browser_submit(b, f, NULL);
    assert_sees(b, "Đã gửi hồ sơ");
    struct str first = browser_page(b)->target;
    for (size_t i = 0; i < kept.fields_n; i++)
        if (str_eq(kept.fields[i].name, S("noi_nop")))
            kept.fields[i].on = str_eq(kept.fields[i].value, S("H37.115.01"));
    browser_submit(b, &kept, NULL);
    assert_sees(b, "Đã gửi hồ sơ");
    assert_true(str_eq(browser_page(b)->target, first));
    assert_int_equal(rows_of(cx, "onestop_dossier"), 1);
    int64_t elsewhere;
    assert_ok(db_one_int(cx, &elsewhere,
                         "select count(*) from onestop_dossier where receiving_unit = $1",
                         V(unit_of(cx, "H37.115.01"))));
    assert_int_equal(elsewhere, 0);
}

static void a_token_of_another_session_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *mai = ready_to_send(cx), *thanh = signed_in_as(cx, THANH);
    struct page_form *f = browser_form(mai, S(WAY "/gui"));
    browser_submit(thanh, f, NULL);
    assert_int_equal(browser_page(thanh)->status, 403);
    assert_int_equal(rows_of(cx, "onestop_dossier"), 0);
    browser_submit(mai, f, NULL);
    assert_sees(mai, "Đã gửi hồ sơ");
}

/* ---- hidden and chosen values ---- */

static void choose_unit(struct page_form *f, const char *unit)
{
    bool first = true;
    for (size_t i = 0; i < f->fields_n; i++)
        if (str_eq(f->fields[i].name, S("noi_nop"))) {
            f->fields[i].on = first;
            if (first)
                f->fields[i].value = str_c(unit);
            first = false;
        }
}

static void a_place_no_page_offers_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = ready_to_send(cx);
    static const char *const units[] = {"H99.114.01", "H37.114", "H37", "",
                                        "1; drop table onestop_dossier"};
    for (size_t i = 0; i < 5; i++) {
        struct page_form *f = browser_form(b, S(WAY "/gui"));
        choose_unit(f, units[i]);
        browser_submit(b, f, NULL);
        if (browser_page(b)->status != 422)
            fail_msg("%s: %d", units[i], browser_page(b)->status);
        assert_true(browser_sees(b, S("Chọn nơi nộp")));
    }
    assert_int_equal(rows_of(cx, "onestop_dossier"), 0);
    assert_opens(b, WAY "/kiem-tra", 200);
    assert_sees(b, "giay-chung-sinh.pdf");
}

static void another_persons_file_is_neither_removed_nor_read(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *mai = ready_to_send(cx);
    struct str code = send_by_browser(cx, mai);
    int64_t paper, file;
    assert_ok(db_one_int(cx, &paper, "select max(id) from onestop_paper"));
    assert_ok(db_one_int(cx, &file, "select max(file) from onestop_paper"));
    struct browser *thanh = signed_in_as(cx, THANH);
    assert_opens(thanh, str_fmt(cx->arena, "/ho-so/%.*s/giay-to/%lld", F(code), (long long)paper).p,
                 404);
    assert_opens(thanh, str_fmt(cx->arena, "/ho-so/%.*s/ket-qua", F(code)).p, 404);
    assert_opens(thanh, str_fmt(cx->arena, "/ho-so/%.*s/mau/1", F(code)).p, 404);
    assert_opens(thanh, WAY "/giay-to", 200);
    struct page_form *f = browser_form(thanh, S(WAY "/giay-to"));
    browser_submit(thanh, f,
                   &(struct page_button){.name = S("bo"),
                                         .value = str_fmt(cx->arena, "%lld", (long long)file)});
    assert_int_equal(browser_page(thanh)->status, 200);
    assert_opens(mai, str_fmt(cx->arena, "/ho-so/%.*s/giay-to/%lld", F(code), (long long)paper).p,
                 200);
    assert_str(browser_page(mai)->content_type, "application/pdf");
    assert_opens(
        mai, str_fmt(cx->arena, "/ho-so/%.*s/giay-to/%lld", F(code), (long long)paper + 7).p, 404);
    assert_sees(mai, "không có tệp đó");
}

static void an_edited_version_is_refused_and_what_was_typed_stays(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *mai = ready_to_send(cx), *officer = signed_in_as(cx, COUNTER);
    struct str code = send_by_browser(cx, mai);
    struct str path = str_fmt(cx->arena, "/viec/%.*s/mot-cua/tu-choi", F(code));
    static const struct {
        const char *version;
        int status;
    } wrong[] = {{"0", 409}, {"99", 409},       {"-1", 409},
                 {"", 422},  {"1 or 1=1", 422}, {"99999999999999999999", 422}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_opens(officer, path.p, 200);
        browser_fill(officer, "ly_do", "Trẻ đã được khai sinh.");
        browser_fill(officer, "can_cu", "Điều 16");
        struct page_form *f = browser_form(officer, path);
        for (size_t k = 0; k < f->fields_n; k++)
            if (str_eq(f->fields[k].name, S("phien_ban")))
                f->fields[k].value = str_c(wrong[i].version);
        browser_submit(officer, f, NULL);
        if (browser_page(officer)->status != wrong[i].status)
            fail_msg("%s: %d", wrong[i].version, browser_page(officer)->status);
        assert_str(value_of(officer, "ly_do"), "Trẻ đã được khai sinh.");
        assert_str(value_of(officer, "can_cu"), "Điều 16");
    }
    assert_int_equal(rows_of(cx, "onestop_decision"), 0);
}

static void an_act_of_another_group_or_none_is_not_found(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *mai = ready_to_send(cx), *officer = signed_in_as(cx, COUNTER);
    struct str code = send_by_browser(cx, mai);
    assert_opens(officer, str_fmt(cx->arena, "/viec/%.*s/mot-cua/duyet", F(code)).p, 404);
    assert_sees(officer, "Không có việc này");
    assert_opens(officer, str_fmt(cx->arena, "/viec/%.*s/ky/duyet", F(code)).p, 403);
    assert_opens(officer, str_fmt(cx->arena, "/viec/%.*s/xu-ly/trinh", F(code)).p, 403);
    assert_opens(mai, str_fmt(cx->arena, "/viec/%.*s", F(code)).p, 403);
}

/* ---- unknown ---- */

static void what_does_not_exist_says_so_and_what_to_do(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI), *officer = signed_in_as(cx, COUNTER);
    static const struct {
        const char *path, *word;
    } mine[] = {
        {"/ho-so/YC-9999-XXXXXX", "Không tìm thấy hồ sơ"},
        {"/ho-so/%27%20or%201%3D1%20--", "Không tìm thấy"},
        {"/ho-so/YC-9999-XXXXXX/rut", "Không tìm thấy hồ sơ"},
        {"/nop-ho-so/9.999999/khai/1", "Không"},
        {WAY "/khai/99", "Tờ khai không có phần này"},
        {WAY "/khai/0", "Tờ khai không có phần này"},
        {"/tra-cuu?ma=H37.114-261123-9999", "Không tìm thấy hồ sơ có mã này"},
        {"/tra-cuu/ABCDEFGHJK", "Không tìm thấy hồ sơ có mã này"},
        {"/xac-minh/ABCDEFGHJKMN", "Không có văn bản nào mang mã này"},
        {"/thu-tuc/9.999999", "Không"},
    };
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) {
        int status = browser_open(b, mine[i].path);
        if (status != 404 || !browser_sees(b, str_c(mine[i].word)))
            fail_msg("%s: %d: %.*s", mine[i].path, status, F(browser_page(b)->words));
    }
    assert_opens(officer, "/viec/H37.114-261123-9999", 404);
    assert_opens(officer, "/viec/H37.114-261123-9999/mau/1", 404);
    assert_opens(officer, "/quay?thu-tuc=9.999999", 404);
    assert_opens(officer, "/quay/xong/H37.114-261123-9999", 404);
}

static void a_rating_that_is_none_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_RELEASED);
    struct browser *b = signed_in_as(cx, MAI);
    struct str path = str_fmt(cx->arena, "/ho-so/%.*s", F(d.request_code));
    static const char *const grades[] = {"9", "0", "-1", "rất tốt", "99999999999999999999"};
    for (size_t i = 0; i < 5; i++) {
        assert_opens(b, path.p, 200);
        struct page_form *f = browser_form(b, str_fmt(cx->arena, "%.*s/danh-gia", F(path)));
        assert_non_null(f);
        bool first = true;
        for (size_t k = 0; k < f->fields_n; k++)
            if (str_eq(f->fields[k].name, S("muc"))) {
                f->fields[k].on = first;
                f->fields[k].value = str_c(grades[i]);
                first = false;
            }
        browser_submit(b, f, NULL);
        assert_int_equal(browser_page(b)->status, 422);
        assert_sees(b, "Chọn mức hài lòng");
    }
    assert_int_equal(rows_of(cx, "onestop_rating"), 0);
}

#define WIDE(f) cmocka_unit_test_setup_teardown(f, start_wide, testing_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        WIDE(a_file_too_large_is_named_and_the_others_stay),
        WIDE(a_body_too_large_is_refused_and_the_draft_stays),
        TEST(a_file_is_what_its_content_is_whatever_its_name_says),
        TEST(a_file_of_two_kinds_is_never_given_out_as_a_page),
        TEST(a_file_for_a_paper_that_does_not_exist_is_refused),
        TEST(a_malformed_form_changes_nothing),
        TEST(what_was_typed_stays_when_something_is_wrong),
        TEST(a_prefilled_number_cannot_be_edited),
        TEST(the_same_token_with_other_content_gets_the_first_answer_and_no_second_dossier),
        TEST(a_token_of_another_session_is_refused),
        TEST(a_place_no_page_offers_is_refused),
        TEST(another_persons_file_is_neither_removed_nor_read),
        TEST(an_edited_version_is_refused_and_what_was_typed_stays),
        TEST(an_act_of_another_group_or_none_is_not_found),
        TEST(what_does_not_exist_says_so_and_what_to_do),
        TEST(a_rating_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
