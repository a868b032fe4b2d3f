/* identifier_test.c - identifiers with their checks, by the worked examples. */
#include "codelist/codelist.h"

#include "testing/testing.h"

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){0});
}

static const struct {
    const char *what, *typed, *kind, *plain, *says;
} cases[] = {
    {"dinh-danh", "087084000999", "so_dinh_danh", "087084000999", "Nam, sinh năm 1984"},
    {"dinh-danh", "026 301 012 345", "so_dinh_danh", "026301012345", "Nữ, sinh năm 2001"},
    {"dinh-danh", "123456789", "cmnd_9", "123456789", "9 số"},
    {"dinh-danh", "003084000999", NULL, "", "Không có tỉnh mang mã 003"},
    {"dinh-danh", "08708400099", NULL, "", "12 chữ số"},
    {"ma-so-thue", "0100233488", "ma_so_thue_10", "0100233488", "Doanh nghiệp"},
    {"ma-so-thue", "0100112437", "ma_so_thue_10", "0100112437", "Doanh nghiệp"},
    {"ma-so-thue", "0100233480", NULL, "", "kiểm tra"},
    {"ma-so-thue", "0100233488-001", "ma_so_thue_13", "0100233488-001", "phụ thuộc"},
    {"ma-so-thue", "0100233488-000", NULL, "", "000"},
    {"ma-so-thue", "087084000999", "ma_so_thue_ca_nhan", "087084000999", "hộ kinh doanh"},
    {"ma-so-thue", "0000000000", NULL, "", "kiểm tra"},
    {"bhxh", "0123456789", "bhxh", "0123456789", "bảo hiểm xã hội"},
    {"bhyt", "DN4 20 1234567890", "bhyt_15", "DN4201234567890", "mã tỉnh 20"},
    {"bhyt", "DN6201234567890", NULL, "", "từ 1 đến 5"},
    {"dien-thoai", "0912.345.678", "di_dong", "+84912345678", "di động"},
    {"dien-thoai", "+84 912 345 678", "di_dong", "+84912345678", "di động"},
    {"dien-thoai", "02053812345", "co_dinh", "+842053812345", "cố định"},
    {"dien-thoai", "1022", "dich_vu", "1022", "ngắn"},
    {"dien-thoai", "0612345678", NULL, "", "03, 05, 07, 08"},
    {"bien-so", "12A-123.45", "bien_so_o_to", "12A-12345", "Ô tô"},
    {"bien-so", "12-b1 123.45", "bien_so_xe_may", "12-B1 12345", "Xe máy"},
    {"bien-so", "ABC", NULL, "", "12A-123.45"},
    {"thua-dat", " 12 / 345", "thua_dat", "12/345", "đo vẽ"},
    {"thua-dat", "12", NULL, "", "tờ bản đồ"},
    {"ho-so-luu-tru", "H60.02.2026.05.TH", "ho_so_luu_tru", "H60.02.2026.05.TH", "lưu trữ"},
    {"ho-so-luu-tru", "60.02.2026.05", NULL, "", "H60"},
    {"cai-khac", "1", NULL, "", "Không biết"},
};

static void each_identifier_is_checked_by_its_rule(void **t)
{
    struct cx *cx = test_cx(t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct identifier id;
        bool fine = identifier_check(cx->arena, str_c(cases[i].what), str_c(cases[i].typed), &id);
        if (fine != (cases[i].kind != NULL) || (fine && strcmp(id.kind, cases[i].kind) != 0) ||
            !str_eq(id.plain, str_c(cases[i].plain)) ||
            !str_find(id.words, str_c(cases[i].says), NULL))
            fail_msg("%s %s: %s %.*s %.*s", cases[i].what, cases[i].typed, id.kind ? id.kind : "-",
                     F(id.plain), F(id.words));
    }
}

static void a_birth_year_or_sex_that_differs_is_a_warning(void **t)
{
    struct cx *cx = test_cx(t);
    struct str id = S("087084000999");
    assert_str(identifier_doubts(cx->arena, id, civil_day(1984, 3, 2), S("Nam")), "");
    assert_contains(identifier_doubts(cx->arena, id, civil_day(1985, 3, 2), S("Nam")),
                    "năm sinh 1984, tờ khai ghi 1985");
    assert_contains(identifier_doubts(cx->arena, id, civil_day(1984, 3, 2), S("Nữ")),
                    "giới tính nam, tờ khai ghi Nữ");
    assert_str(identifier_doubts(cx->arena, S("12"), 0, S("")), "");
}

static void the_code_of_a_health_card_is_read(void **t)
{
    struct cx *cx = test_cx(t);
    struct health_card c;
    assert_true(
        health_card_parse(cx->arena,
                          S("DN4201234567890|4ec3b46e672056c4836e205468c3a06e68|12/05/1990|1|"
                            "50686fcc9bc6b06e672058|20001|01/01/2026|31/12/2026|-|x"),
                          &c));
    assert_str(c.number, "DN4201234567890");
    assert_str(c.name, "Nông Văn Thành");
    assert_str(c.sex, "nam");
    assert_int_equal(c.born_on, civil_day(1990, 5, 12));
    assert_int_equal(c.to_day, civil_day(2026, 12, 31));
    assert_false(health_card_parse(cx->arena, S("DN4201234567890|zz|1|1|00|2"), &c));
    assert_false(health_card_parse(cx->arena, S("a\nb|c"), &c));
    assert_false(health_card_parse(cx->arena, S(""), &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_identifier_is_checked_by_its_rule),
        TEST(a_birth_year_or_sex_that_differs_is_a_warning),
        TEST(the_code_of_a_health_card_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
