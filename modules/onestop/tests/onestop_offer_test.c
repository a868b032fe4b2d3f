/* onestop_offer_test.c - what helps those who file: nothing is asked that the account says, dates
 * that cannot be are asked about, and the day is named until when papers are waited for. */
#include "onestop_fixture.h"

#define WAY "/nop-ho-so/" BIRTH
#define OFFERED "Lấy từ tài khoản của bạn. Khác thì sửa lại."

static struct str value_of(struct browser *b, const char *name)
{
    const struct page *p = browser_page(b);
    for (size_t i = 0; i < p->forms_n; i++)
        for (size_t k = 0; k < p->forms[i].fields_n; k++)
            if (str_eq(p->forms[i].fields[k].name, str_c(name)))
                return p->forms[i].fields[k].value;
    return S("");
}

static void say_relation(struct browser *b, const char *relation)
{
    assert_opens(b, WAY "/khai/1", 200);
    assert_true(browser_fill(b, "quan_he_voi_nguoi_duoc_khai_sinh", relation));
    assert_true(browser_press(b, "Tiếp tục"));
}

static void say_child(struct browser *b, const char *year)
{
    static const char *const answers[][2] = {{"ho_ten_nguoi_duoc_khai_sinh", CHILD},
                                             {"ngay_sinh_nguoi_duoc_khai_sinh-ngay", "12"},
                                             {"ngay_sinh_nguoi_duoc_khai_sinh-thang", "11"},
                                             {"gioi_tinh", "Nam"},
                                             {"dan_toc", "Tày"},
                                             {"noi_sinh", "Bệnh viện Đa khoa tỉnh Lạng Sơn"},
                                             {"que_quan", "Phường Kỳ Lừa"}};
    assert_opens(b, WAY "/khai/2", 200);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        assert_true(browser_fill(b, answers[i][0], answers[i][1]));
    assert_true(browser_fill(b, "ngay_sinh_nguoi_duoc_khai_sinh-nam", year));
    assert_true(browser_press(b, "Tiếp tục"));
    assert_int_equal(browser_page(b)->status, 200);
}

static void a_mother_finds_what_her_account_says_and_may_change_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    say_relation(b, "Mẹ");
    assert_opens(b, WAY "/khai/3", 200);
    assert_sees(b, OFFERED);
    assert_str(value_of(b, "ho_ten_me"), "Hoàng Thị Mai");
    assert_str(value_of(b, "nam_sinh_me"), "21/04/1992");
    assert_str(value_of(b, "so_dinh_danh_ca_nhan_me"), MAI);
    browser_fill(b, "ho_ten_me", "Hoàng Thị Thanh Mai");
    assert_true(browser_press(b, "Tiếp tục"));
    assert_opens(b, WAY "/khai/3", 200);
    assert_str(value_of(b, "ho_ten_me"), "Hoàng Thị Thanh Mai");
    assert_opens(b, WAY "/khai/4", 200);
    assert_str(value_of(b, "ho_ten_cha"), ""); /* she is not the father */
    assert_not_sees(b, OFFERED);
}

static void a_grandmother_is_asked_for_the_mother(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    say_relation(b, "Bà");
    assert_opens(b, WAY "/khai/3", 200);
    assert_not_sees(b, OFFERED);
    assert_str(value_of(b, "ho_ten_me"), "");
    assert_str(value_of(b, "so_dinh_danh_ca_nhan_me"), "");
}

/* Nothing of the account stays behind as the data of another person. */
static void what_was_offered_goes_when_the_filer_turns_out_to_be_another(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    say_relation(b, "Mẹ");
    assert_opens(b, WAY "/khai/3", 200);
    browser_fill(b, "ho_ten_me", "Nông Thị Lan");
    assert_true(browser_press(b, "Tiếp tục"));
    say_relation(b, "Bà");
    assert_opens(b, WAY "/khai/3", 200);
    assert_str(value_of(b, "ho_ten_me"), "Nông Thị Lan"); /* typed, so it stays */
    assert_str(value_of(b, "so_dinh_danh_ca_nhan_me"), "");
    assert_str(value_of(b, "nam_sinh_me"), "");
}

static void what_was_taken_out_is_not_put_back_while_the_page_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    say_relation(b, "Mẹ");
    assert_opens(b, WAY "/khai/3", 200);
    browser_fill(b, "ho_ten_me", "");
    browser_fill(b, "nam_sinh_me", "hôm qua");
    browser_fill(b, "so_dinh_danh_ca_nhan_me", "");
    assert_true(browser_press(b, "Tiếp tục"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_str(value_of(b, "ho_ten_me"), "");
    assert_str(value_of(b, "nam_sinh_me"), "hôm qua");
    assert_str(value_of(b, "so_dinh_danh_ca_nhan_me"), "");
}

static void a_mother_born_after_her_child_is_asked_about(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    say_relation(b, "Bà");
    say_child(b, "2026");
    assert_opens(b, WAY "/khai/3", 200);
    browser_fill(b, "ho_ten_me", "Nông Thị Lan");
    browser_fill(b, "nam_sinh_me", "14/05/2019");
    assert_true(browser_press(b, "Tiếp tục"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Mẹ phải sinh trước trẻ ít nhất 12 năm.");
    browser_fill(b, "nam_sinh_me", "14/05/1999");
    assert_true(browser_press(b, "Tiếp tục"));
    assert_int_equal(browser_page(b)->status, 200);
}

static void the_list_says_until_when_papers_are_waited_for(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct supplement asked[2];
    size_t n;
    struct browser *b = signed_in_as(cx, MAI);
    bring_to(cx, &d, DOSSIER_SUPPLEMENT_FIRST);
    act_as(cx, MAI);
    assert_ok(onestop_supplements(cx, &d, asked, 2, &n));
    const struct str until =
        str_fmt(cx->arena, "Bổ sung trước %.*s", F(time_vi(cx->arena, asked[0].answer_by)));
    assert_opens(b, "/ho-so", 200);
    assert_true(str_find(browser_page(b)->words, until, NULL));
    bring_to(cx, &d, DOSSIER_ACCEPTED); /* another one: its due day, no such words */
    assert_opens(b, "/ho-so", 200);
    const struct str page = browser_page(b)->words;
    size_t at;
    assert_true(str_find(page, S("Bổ sung trước"), &at));
    assert_false(str_find(str_from(page, at + 1), S("Bổ sung trước"), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mother_finds_what_her_account_says_and_may_change_it),
        TEST(a_grandmother_is_asked_for_the_mother),
        TEST(what_was_offered_goes_when_the_filer_turns_out_to_be_another),
        TEST(what_was_taken_out_is_not_put_back_while_the_page_is_refused),
        TEST(the_list_says_until_when_papers_are_waited_for),
        TEST(a_mother_born_after_her_child_is_asked_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
