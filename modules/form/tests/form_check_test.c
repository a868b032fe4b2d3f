/* form_check_test.c - what people type, checked by a definition: every kind of field, rules, hidden
 * fields, dates in three boxes, limits. */
#include "form/form.h"
#include "form/form_inside.h"
#include "testing/testing.h"

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = NULL});
}

static const char definition[] =
    "{\"code\":\"thu\",\"version\":\"1\",\"valid_from\":\"2026-01-01\",\"title\":\"Thử\",\"sections\":[{\"title\":\"Một\",\"fields\":["
    "{\"id\":\"ten\",\"label\":\"Họ tên\",\"type\":\"person_name\",\"required\":true},"
    "{\"id\":\"ngay\",\"label\":\"Ngày sinh\",\"type\":\"date\",\"not_after_today\":true},"
    "{\"id\":\"nam\",\"label\":\"Năm sinh\",\"type\":\"date_or_year\"},"
    "{\"id\":\"so\",\"label\":\"Số bản\",\"type\":\"number\",\"min\":1,\"max\":20,\"show_if\":{\"field\":\"can\",\"is\":\"Có\"},\"required\":true,\"suffix\":\"bản\"},"
    "{\"id\":\"tien\",\"label\":\"Số tiền\",\"type\":\"money\"},"
    "{\"id\":\"can\",\"label\":\"Cần bản sao?\",\"type\":\"radio\",\"options\":[\"Không\",\"Có\"],\"required\":true}]},"
    "{\"title\":\"Hai\",\"fields\":["
    "{\"id\":\"cccd\",\"label\":\"Số định danh\",\"type\":\"id_no\"},"
    "{\"id\":\"dt\",\"label\":\"Điện thoại\",\"type\":\"phone\"},"
    "{\"id\":\"thu\",\"label\":\"Thư điện tử\",\"type\":\"email\"},"
    "{\"id\":\"dan_toc\",\"label\":\"Dân tộc\",\"type\":\"select\",\"options\":[{\"value\":\"01\",\"label\":\"Kinh\"},{\"value\":\"02\",\"label\":\"Tày\"}]},"
    "{\"id\":\"nhom\",\"label\":\"Giấy tờ\",\"type\":\"checkbox_group\",\"options\":[\"A\",\"B\",\"C\"]},"
    "{\"id\":\"ma\",\"label\":\"Mã\",\"type\":\"text\",\"pattern\":\"^[A-Z]{2}[0-9]+$\",\"pattern_hint\":\"Hai chữ hoa rồi số.\",\"max_length\":8},"
    "{\"id\":\"ghi\",\"label\":\"Ghi chú\",\"type\":\"textarea\",\"max_length\":10},"
    "{\"id\":\"me\",\"label\":\"Tên mẹ\",\"type\":\"text\"},{\"id\":\"cha\",\"label\":\"Tên cha\",\"type\":\"text\"},"
    "{\"id\":\"tu\",\"label\":\"Từ ngày\",\"type\":\"date\"},{\"id\":\"den\",\"label\":\"Đến ngày\",\"type\":\"date\"}]}],"
    "\"rules\":[{\"kind\":\"one_of\",\"fields\":[\"me\",\"cha\"],\"sentence\":\"Nhập mẹ hoặc cha.\"},"
    "{\"kind\":\"differ\",\"fields\":[\"me\",\"cha\"],\"sentence\":\"Mẹ và cha phải khác nhau.\"},"
    "{\"kind\":\"before\",\"fields\":[\"tu\",\"den\"],\"sentence\":\"Từ ngày phải trước đến ngày.\"}]}";

static struct form *form_of(struct cx *cx, const char *text)
{
    const struct json *v;
    struct json_error error;
    struct form *f = NEW(cx->arena, struct form);
    assert_ok(json_read(cx->arena, str_c(text), &v, &error));
    assert_ok(form_from_json(cx, v, f));
    return f;
}

/* "ten=An&can=Có": names and values as they come from a page. */
static struct form_values typed(struct cx *cx, const char *text)
{
    VEC(struct web_value) all = {0};
    struct str rest = str_c(text), pair, name, value;
    while (rest.n) {
        (void)str_cut(rest, '&', &pair, &rest); /* the last one: all of it */
        if (str_cut(pair, '=', &name, &value))
            *vec_add(cx->arena, &all) = (struct web_value){name, value};
    }
    return (struct form_values){.v = all.p, .n = all.n};
}

#define WHOLE "ten=Hoàng Thị Mai&can=Không&me=Mai&"

static struct form_check checked(struct cx *cx, const char *text, int section)
{
    struct form_check c;
    struct form_values v = typed(cx, text);
    assert_ok(form_check(cx, form_of(cx, definition), &v, section, &c));
    return c;
}

static void right(struct cx *cx, const char *text, const char *json)
{
    struct form_check c = checked(cx, str_fmt(cx->arena, WHOLE "%s", text).p, -1);
    if (c.n)
        fail_msg("%s: %.*s", text, F(c.errors[0].sentence));
    if (!str_find(c.json, str_c(json), NULL))
        fail_msg("%s: %.*s lacks %s", text, F(c.json), json);
}

static void wrong(struct cx *cx, const char *text, const char *field, const char *sentence)
{
    struct form_check c = checked(cx, str_fmt(cx->arena, WHOLE "%s", text).p, -1);
    struct form_error first = c.n ? c.errors[0] : (struct form_error){S(""), S(""), S("")};
    if (c.n != 1 || !str_eq(first.field, str_c(field)) ||
        !str_find(first.sentence, str_c(sentence), NULL))
        fail_msg("%s: %zu errors, first %.*s: %.*s", text, c.n, F(first.field), F(first.sentence));
}

static void every_kind_of_field_has_one_stored_shape(void **t)
{
    struct cx *cx = test_cx(t);
    right(cx, "ngay=5/11/2026", "\"ngay\":\"2026-11-05\"");
    right(cx, "ngay=05/11/2026", "\"ngay\":\"2026-11-05\"");
    right(cx, "ngay=2026-11-05", "\"ngay\":\"2026-11-05\"");
    right(cx, "nam=1998", "\"nam\":\"1998\"");
    right(cx, "nam=14/05/1998", "\"nam\":\"1998-05-14\"");
    right(cx, "tien=1.250.000", "\"tien\":1250000");
    right(cx, "cccd=020 192 999 101", "\"cccd\":\"020192999101\"");
    right(cx, "cccd=020.192.999.101", "\"cccd\":\"020192999101\"");
    right(cx, "dt=+84 987 654 321", "\"dt\":\"0987654321\"");
    right(cx, "dt=0987.654.321", "\"dt\":\"0987654321\"");
    right(cx, "thu=mai@vidu.vn", "\"thu\":\"mai@vidu.vn\"");
    right(cx, "dan_toc=02", "\"dan_toc\":\"02\"");
    right(cx, "nhom=A&nhom=C&nhom=Z", "\"nhom\":[\"A\",\"C\"]");
    right(cx, "ma=AB12", "\"ma\":\"AB12\"");
    right(cx, "ghi=  mười chữ  ", "\"ghi\":\"mười chữ\"");
}

static void what_is_wrong_says_what_would_be_right(void **t)
{
    struct cx *cx = test_cx(t);
    wrong(cx, "ngay=31/02/2026", "ngay", "Ngày sinh phải đủ ngày, tháng, năm");
    wrong(cx, "ngay=24/11/2026", "ngay", "không được sau hôm nay");
    wrong(cx, "ngay=mai", "ngay", "ví dụ");
    wrong(cx, "ngay=1/1/26", "ngay", "ví dụ");
    wrong(cx, "nam=1200", "nam", "ví dụ");
    wrong(cx, "tien=nhiều", "tien", "phải là số");
    wrong(cx, "tien=99999999999999999999", "tien", "phải là số");
    wrong(cx, "cccd=02019299910", "cccd", "12 chữ số");
    wrong(cx, "dt=12345", "dt", "bắt đầu bằng 0");
    wrong(cx, "thu=mai.vidu.vn", "thu", "ten@vidu.vn");
    wrong(cx, "thu=a@b@c.vn", "thu", "ten@vidu.vn");
    wrong(cx, "dan_toc=99", "dan_toc", "Chọn Dân tộc trong danh sách");
    wrong(cx, "ma=ab12", "ma", "Hai chữ hoa rồi số.");
    wrong(cx, "ma=AB1234567", "ma", "dài quá 8 ký tự");
    wrong(cx, "ghi=mười một chữ", "ghi", "dài quá 10 ký tự");
}

static void a_name_has_letters_only(void **t)
{
    struct cx *cx = test_cx(t);
    struct form_check c = checked(cx, "ten=An123&can=Không&me=Mai", -1);
    assert_int_equal(c.n, 1);
    assert_str(c.errors[0].field, "ten");
    c = checked(cx, "ten=Hmông Ê-đê O'Brien&can=Không&me=Mai", -1);
    assert_int_equal(c.n, 0);
    c = checked(cx, "ten=<script>&can=Không&me=Mai", -1);
    assert_int_equal(c.n, 1);
}

static void a_date_comes_in_three_boxes_or_one(void **t)
{
    struct cx *cx = test_cx(t);
    right(cx, "ngay-ngay=5&ngay-thang=11&ngay-nam=2026", "\"ngay\":\"2026-11-05\"");
    right(cx, "ngay-ngay=05/11/2026&ngay-thang=&ngay-nam=", "\"ngay\":\"2026-11-05\"");
    right(cx, "nam-ngay=&nam-thang=&nam-nam=1998", "\"nam\":\"1998\"");
    wrong(cx, "ngay-ngay=5&ngay-thang=&ngay-nam=2026", "ngay", "đủ ngày, tháng, năm");
    wrong(cx, "ngay-ngay=31&ngay-thang=2&ngay-nam=2026", "ngay", "đủ ngày, tháng, năm");
    wrong(cx, "ngay-ngay=a&ngay-thang=b&ngay-nam=c", "ngay", "đủ ngày, tháng, năm");
    wrong(cx, "ngay-ngay=-5&ngay-thang=11&ngay-nam=2026", "ngay", "đủ ngày, tháng, năm");
}

static void a_hidden_field_is_neither_asked_nor_kept(void **t)
{
    struct cx *cx = test_cx(t);
    struct form_check c = checked(cx, WHOLE "so=5", -1);
    assert_int_equal(c.n, 0);
    assert_lacks(c.json, "\"so\"");
    c = checked(cx, "ten=Mai&me=Mai&can=Có", -1);
    assert_int_equal(c.n, 1);
    assert_str(c.errors[0].sentence, "Nhập số bản.");
    c = checked(cx, "ten=Mai&me=Mai&can=Có&so=3", -1);
    assert_contains(c.json, "\"so\":3");
    c = checked(cx, "ten=Mai&me=Mai&can=Có&so=21", -1);
    assert_str(c.errors[0].sentence, "Số bản phải từ 1 đến 20.");
}

static void what_is_missing_is_asked_for_by_its_name(void **t)
{
    struct cx *cx = test_cx(t);
    struct form_check c = checked(cx, "", 0);
    assert_int_equal(c.n, 2);
    assert_str(c.errors[0].sentence, "Nhập họ tên.");
    assert_str(c.errors[1].sentence, "Chọn một câu trả lời cho: Cần bản sao?");
    assert_str(c.json, "{}");
}

static void a_rule_belongs_to_the_section_of_its_last_field(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(checked(cx, "ten=Mai&can=Không", 0).n, 0);
    struct form_check c = checked(cx, "", 1);
    assert_int_equal(c.n, 1);
    assert_str(c.errors[0].sentence, "Nhập mẹ hoặc cha.");
    assert_str(c.errors[0].field, "cha");
    assert_int_equal(checked(cx, "cha=An", 1).n, 0);
    assert_str(checked(cx, "cha=An&me=An", 1).errors[0].sentence, "Mẹ và cha phải khác nhau.");
    assert_str(checked(cx, "cha=An&tu=02/01/2026&den=01/01/2026", 1).errors[0].sentence,
               "Từ ngày phải trước đến ngày.");
    assert_int_equal(checked(cx, "cha=An&tu=01/01/2026&den=02/01/2026", 1).n, 0);
}

static void what_is_not_a_field_is_not_kept(void **t)
{
    struct cx *cx = test_cx(t);
    struct form_check c = checked(cx, WHOLE "admin=1&_token=x&__proto__=y", -1);
    assert_int_equal(c.n, 0);
    assert_str(c.json, "{\"ten\":\"Hoàng Thị Mai\",\"can\":\"Không\",\"me\":\"Mai\"}");
}

static void stored_values_are_shown_as_people_read_them(void **t)
{
    struct cx *cx = test_cx(t);
    struct form *f = form_of(cx, definition);
    assert_str(form_shown(cx, form_field_of(f, S("ngay")), S("2026-11-05")), "05/11/2026");
    assert_str(form_shown(cx, form_field_of(f, S("nam")), S("1998")), "1998");
    assert_str(form_shown(cx, form_field_of(f, S("dan_toc")), S("02")), "Tày");
    assert_str(form_shown(cx, form_field_of(f, S("so")), S("3")), "3 bản");
}

static const char branches[] =
    "{\"code\":\"re\",\"version\":\"1\",\"valid_from\":\"2026-01-01\",\"title\":\"Rẽ\",\"sections\":[{\"title\":\"Một\",\"fields\":["
    "{\"id\":\"nha\",\"label\":\"Hộ\",\"type\":\"radio\",\"options\":[\"Một người\",\"Cả nhà\"]},"
    "{\"id\":\"so\",\"label\":\"Số người\",\"type\":\"select\",\"options\":[\"1\",\"2\",\"3\"],\"show_if\":{\"field\":\"nha\",\"is\":\"Cả nhà\"}},"
    "{\"id\":\"ten_2\",\"label\":\"Tên người thứ hai\",\"type\":\"text\",\"required\":true,\"show_if\":{\"field\":\"so\",\"is\":[\"2\",\"3\"]}},"
    "{\"id\":\"dt\",\"label\":\"Diện tích\",\"type\":\"number\",\"decimals\":2,\"min\":1,\"suffix\":\"m²\"},"
    "{\"id\":\"ket_luan\",\"label\":\"Kết luận\",\"type\":\"textarea\",\"required\":true,\"by\":\"officer\"}]}]}";

static struct str branch_of(struct cx *cx, const char *text, bool by_officer, size_t *errors_n)
{
    struct form_check c;
    struct form_values v = typed(cx, text);
    v.by_officer = by_officer;
    assert_ok(form_check(cx, form_of(cx, branches), &v, -1, &c));
    *errors_n = c.n;
    return c.json;
}

static void a_question_may_hang_on_several_answers_and_on_one_that_hangs_itself(void **t)
{
    struct cx *cx = test_cx(t);
    size_t n;
    assert_str(branch_of(cx, "nha=Cả nhà&so=3&ten_2=Mai&", false, &n),
               "{\"nha\":\"Cả nhà\",\"so\":\"3\",\"ten_2\":\"Mai\"}");
    assert_int_equal(n, 0);
    (void)branch_of(cx, "nha=Cả nhà&so=2&", false, &n);
    assert_int_equal(n, 1);
    assert_str(branch_of(cx, "nha=Một người&so=3&ten_2=Mai&", false, &n),
               "{\"nha\":\"Một người\"}");
    assert_int_equal(n, 0);
}

static void numbers_with_a_comma_are_kept_exactly_and_shown_as_they_are_written(void **t)
{
    struct cx *cx = test_cx(t);
    const struct form_field *area = form_field_of(form_of(cx, branches), S("dt"));
    size_t n;
    assert_str(branch_of(cx, "dt=1.284,5&", false, &n), "{\"dt\":1284.5}");
    assert_str(form_shown(cx, area, S("1284.5")), "1.284,5 m²");
    (void)branch_of(cx, "dt=2,555&", false, &n);
    assert_int_equal(n, 1);
    (void)branch_of(cx, "dt=0,5&", false, &n);
    assert_int_equal(n, 1);
}

static void what_the_specialist_writes_is_asked_of_no_one_else(void **t)
{
    struct cx *cx = test_cx(t);
    size_t n;
    assert_str(branch_of(cx, "ket_luan=Tự phê duyệt&", false, &n), "{}");
    assert_int_equal(n, 0);
    assert_str(branch_of(cx, "ket_luan=Đủ điều kiện&", true, &n),
               "{\"ket_luan\":\"Đủ điều kiện\"}");
    (void)branch_of(cx, "", true, &n);
    assert_int_equal(n, 1);
}

static void a_definition_that_cannot_hold_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const bad[] = {
        "{\"id\":\"A\",\"label\":\"A\",\"type\":\"text\"}",
        "{\"id\":\"a\",\"label\":\"\",\"type\":\"text\"}",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"video\"}",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"select\"}",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\",\"pattern\":\"([\"}",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\",\"show_if\":{\"field\":\"b\",\"is\":\"1\"}}",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\",\"show_if\":{\"field\":\"a\",\"is\":\"1\"}}",
        ("{\"id\":\"b\",\"label\":\"B\",\"type\":\"radio\",\"options\":[\"1\",\"2\"]},"
         "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\",\"show_if\":{\"field\":\"b\",\"is\":[\"1\",\"3\"]}}"),
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\"},{\"id\":\"a\",\"label\":\"B\",\"type\":\"text\"}",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\"}]}],\"rules\":[{\"kind\":\"one_of\",\"fields\":[],\"sentence\":\"x\"}],\"x\":[{\"y\":[1",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\"}]}],\"rules\":[{\"kind\":\"fly\",\"fields\":[\"a\"],\"sentence\":\"x\"}],\"x\":[{\"y\":[1",
        "{\"id\":\"a\",\"label\":\"A\",\"type\":\"text\"}]}],\"rules\":[{\"kind\":\"one_of\",\"fields\":[\"z\"],\"sentence\":\"x\"}],\"x\":[{\"y\":[1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct json *v;
        struct json_error error;
        struct form f;
        struct str text = str_fmt(
            cx->arena,
            "{\"code\":\"x\",\"version\":\"1\",\"sections\":[{\"title\":\"T\",\"fields\":[%s]}]}",
            bad[i]);
        assert_ok(json_read(cx->arena, text, &v, &error));
        enum err e = form_from_json(cx, v, &f);
        if (e != ERR_INVALID)
            fail_msg("%s: %s", bad[i], err_name(e));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_field_has_one_stored_shape),
        TEST(what_is_wrong_says_what_would_be_right),
        TEST(a_name_has_letters_only),
        TEST(a_date_comes_in_three_boxes_or_one),
        TEST(a_hidden_field_is_neither_asked_nor_kept),
        TEST(what_is_missing_is_asked_for_by_its_name),
        TEST(a_rule_belongs_to_the_section_of_its_last_field),
        TEST(what_is_not_a_field_is_not_kept),
        TEST(stored_values_are_shown_as_people_read_them),
        TEST(a_question_may_hang_on_several_answers_and_on_one_that_hangs_itself),
        TEST(numbers_with_a_comma_are_kept_exactly_and_shown_as_they_are_written),
        TEST(what_the_specialist_writes_is_asked_of_no_one_else),
        TEST(a_definition_that_cannot_hold_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
