/* csv_test.c - rows are read as RFC 4180 says, what others guess at is refused with its place, and
 * no spreadsheet finds a formula in what we write. */
#include "csv/csv.h"

#include <setjmp.h>
#include <cmocka.h>

static struct env env;
static struct cx cx;

static int setup(void **)
{
    cx = (struct cx){.arena = arena_new((size_t)16 << 20), .env = &env, .actor = &actor_anonymous};
    return 0;
}

static int teardown(void **)
{
    arena_free(cx.arena);
    return 0;
}

/* All rows as "[a|b][c|d]"; the error's sentence when there is one. */
static const char *rows(struct str text, enum csv_separator separator,
                        const struct csv_limits *limits)
{
    struct csv c;
    struct buf b = {.arena = cx.arena, .limit = 4096};
    struct str *f;
    size_t n = 1;
    enum err e = csv_open(&cx, text, separator, limits, &c);
    while (e == OK && n > 0) {
        e = csv_next(&cx, &c, &f, &n);
        if (e == OK && n > 0)
            buf_fmt(&b, "[%.*s]", F(str_join(cx.arena, f, n, S("|"))));
    }
    if (e != OK)
        buf_fmt(&b, "%s %.*s", err_name(e), F(cx.why));
    return str_z(cx.arena, buf_str(&b));
}

static void rows_are_read_as_the_rule_says(void **)
{
    assert_string_equal(rows(S("a,b\r\n1,2\r\n"), CSV_COMMA, NULL), "[a|b][1|2]");
    assert_string_equal(rows(S("a,b\n1,"), CSV_COMMA, NULL), "[a|b][1|]");
    assert_string_equal(rows(S("\"a,\"\"b\"\"\",c\r\n\"x\r\ny\",\"\"\r\n"), CSV_COMMA, NULL),
                        "[a,\"b\"|c][x\r\ny|]");
    assert_string_equal(rows(S("\xEF\xBB\xBF\"a\",b\n\n1,2\n"), CSV_COMMA, NULL), "[a|b][1|2]");
    assert_string_equal(rows(S(""), CSV_COMMA, NULL), "");
}

static void text_comes_in_one_form(void **)
{
    /* "Hòa" with its mark apart */
    assert_string_equal(rows(S("Ho\xCC\x80"
                               "a"),
                             CSV_COMMA, NULL),
                        "[Hòa]");
    assert_string_equal(rows(S("a\xff"), CSV_COMMA, NULL),
                        "ERR_INVALID Tệp không ở bảng mã UTF-8. Lưu lại với mục CSV UTF-8 rồi "
                        "chọn lại.");
}

static void the_separator_is_found_when_asked(void **)
{
    assert_string_equal(rows(S("a;b;\"c,d,e,f\"\n1;2;3\n"), CSV_DETECT, NULL),
                        "[a|b|c,d,e,f][1|2|3]");
    assert_string_equal(rows(S("a\tb\n1\t2,5\n"), CSV_DETECT, NULL), "[a|b][1|2,5]");
    assert_string_equal(rows(S("sep=;\r\na,x;b\n"), CSV_DETECT, NULL), "[a,x|b]");
    assert_string_equal(rows(S("a;b\n"), CSV_COMMA, NULL), "[a;b]");
}

static void what_others_guess_at_is_refused_with_its_place(void **)
{
    static const struct {
        struct str text;
        const char *place;
    } bad[] = {
        {S("a,b\nx\"y,2\n"), "Dòng 2, cột 1: dấu nháy kép nằm giữa ô"},
        {S("a,b\n1,\"x\"y\n"), "Dòng 2, cột 2: có chữ đứng sau"},
        {S("a,b\n1,\"x\n"), "Dòng 2, cột 2: dấu nháy kép mở ra mà không đóng"},
        {S("a,b\n\"1\n\",2\n3\n"), "Dòng 4 có 1 ô, trong khi dòng đầu có 2 ô"},
        {S("a,b\rc,d\n"), "Dòng 1, cột 2: có ký tự điều khiển"},
        {S("a,\"b\"\rc"), "Dòng 1, cột 2: có ký tự điều khiển"},
        {{"a,b\0c\n", 6}, "Dòng 1, cột 2: có ký tự điều khiển"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *said = rows(bad[i].text, CSV_COMMA, NULL);
        if (!strstr(said, "ERR_INVALID") || !strstr(said, bad[i].place))
            fail_msg("%s: %s", bad[i].text.p, said);
    }
}

static void limits_hold(void **)
{
    static const struct csv_limits limits = {.rows = 2, .columns = 3, .field_bytes = 4};
    assert_string_equal(rows(S("1,2,3\n4,5,6666\n"), CSV_COMMA, &limits), "[1|2|3][4|5|6666]");
    assert_non_null(
        strstr(rows(S("1\n2\n3\n"), CSV_COMMA, &limits), "ERR_LIMIT Tệp có quá 2 dòng"));
    assert_non_null(
        strstr(rows(S("1,2,3,4\n"), CSV_COMMA, &limits), "ERR_LIMIT Dòng 1 có quá 3 cột"));
    assert_non_null(strstr(rows(S("12345\n"), CSV_COMMA, &limits), "ERR_LIMIT Dòng 1, cột 1"));
    assert_non_null(strstr(rows(S("\"12345\"\n"), CSV_COMMA, &limits), "ERR_LIMIT Dòng 1, cột 1"));
}

static struct str written(struct str s)
{
    struct buf *b = NEW(cx.arena, struct buf);
    *b = (struct buf){.arena = cx.arena, .limit = 4096};
    struct csv_out o = {.to = b};
    csv_put_text(&o, s);
    return buf_str(b);
}

static void formulas_become_text(void **)
{
    static const struct {
        const char *text, *written;
    } all[] = {
        {"=1+1", "\"'=1+1\""},
        {"+84912", "\"'+84912\""},
        {"-2", "\"'-2\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"＝1+1", "\"'＝1+1\""},
        {"a=1", "a=1"},
        {"a;=1", "\"a;=1\""},
        {"a\t=1", "\"a\t=1\""},
        {"a\"b", "\"a\"\"b\""},
        {"Hồ sơ", "Hồ sơ"},
        {"=\"x\"", "\"'=\"\"x\"\"\""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_string_equal(str_z(cx.arena, written(str_c(all[i].text))), all[i].written);
}

static void numbers_stay_numbers(void **)
{
    struct buf b = {.arena = cx.arena, .limit = 4096};
    struct csv_out o = {.to = &b, .separator = ';'};
    csv_put_bom(&o);
    csv_put_int(&o, -5);
    csv_put_decimal(&o, S("-1.50"));
    csv_put_text(&o, S("a"));
    csv_end_row(&o);
    csv_put_int(&o, 1);
    csv_end_row(&o);
    assert_string_equal(str_z(cx.arena, buf_str(&b)), "\xEF\xBB\xBF-5;-1.50;a\r\n1\r\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_read_as_the_rule_says),
        TEST(text_comes_in_one_form),
        TEST(the_separator_is_found_when_asked),
        TEST(what_others_guess_at_is_refused_with_its_place),
        TEST(limits_hold),
        TEST(formulas_become_text),
        TEST(numbers_stay_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
