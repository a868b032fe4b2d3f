/* text_words_test.c - numbers and dates in words. */
#include "base/base.h"

#include <cmocka.h>

static void numbers_are_said_as_people_say_them(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *words;
    } rows[] = {
        {0, "không"},
        {5, "năm"},
        {10, "mười"},
        {15, "mười lăm"},
        {21, "hai mươi mốt"},
        {24, "hai mươi bốn"},
        {55, "năm mươi lăm"},
        {101, "một trăm linh một"},
        {110, "một trăm mười"},
        {1005, "một nghìn không trăm linh năm"},
        {2026, "hai nghìn không trăm hai mươi sáu"},
        {16000, "mười sáu nghìn"},
        {1284000, "một triệu hai trăm tám mươi bốn nghìn"},
        {1000000001, "một tỷ không trăm linh một"},
        {-3, "âm ba"},
    };
    struct arena *a = arena_new((size_t)1 << 16);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(str_z(a, text_number_vi(a, rows[i].n)), rows[i].words);
    assert_string_equal(str_z(a, text_date_vi(a, civil_day(2026, 11, 12))),
                        "ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_said_as_people_say_them)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
