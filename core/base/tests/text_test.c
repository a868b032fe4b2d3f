/* text_test.c - UTF-8 and case of every character, with ICU as the judge. */
#include "icu_judge.h"

static void every_byte_string_is_judged_as_icu_judges_it(void **)
{
    static const unsigned char bytes[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                          0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                          0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFE, 0xFF};
    for (int round = 0; round < ROUNDS(300000); round++) {
        char p[24];
        struct str s = {p, dice(sizeof p)};
        for (size_t i = 0; i < s.n; i++)
            p[i] = dice(4) == 0 ? 'a' : (char)bytes[dice(sizeof bytes)];
        bool valid = true;
        size_t ours = 0;
        for (int32_t i = 0; i < (int32_t)s.n;) {
            UChar32 c = icu_next(s, &i);
            uint32_t got = utf8_next(s, &ours);
            valid = valid && c >= 0;
            assert_int_equal(got, c < 0 ? 0xFFFD : (uint32_t)c);
            assert_int_equal(ours, i);
        }
        assert_int_equal(utf8_valid(s), valid);
    }
}

static void every_character_is_written_and_read_back(void **)
{
    struct arena_mark mark = arena_here(arena);
    for (uint32_t c = 0; c < 0x110000; c++) {
        if (U_IS_SURROGATE(c))
            continue;
        struct buf b = {.arena = arena, .limit = 8};
        utf8_add(&b, c);
        size_t at = 0;
        assert_int_equal(utf8_next(buf_str(&b), &at), c);
        assert_int_equal(at, b.n);
        assert_true(utf8_valid(buf_str(&b)));
        arena_back(arena, mark);
    }
}

static void long_text_is_valid_wherever_its_one_bad_byte_is_not(void **)
{
    char p[64];
    for (size_t n = 1; n <= sizeof p; n++) {
        for (size_t bad = 0; bad < n; bad++) {
            memset(p, 'x', n);
            assert_true(utf8_valid((struct str){p, n}));
            p[bad] = (char)0xC3;
            assert_int_equal(utf8_valid((struct str){p, n}), false);
        }
    }
}

/* Any character whole or spoilt, at any place of long text: by blocks of bytes as byte by byte. */
static void long_text_is_judged_as_icu_judges_it(void **)
{
    static const char *const parts[] = {"a",
                                        "abcdefghijklmnop",
                                        "đ",
                                        "ấ",
                                        "😀",
                                        "\xF4\x8F\xBF\xBF",
                                        "\xED\x9F\xBF",
                                        "\xE0\xA0\x80",
                                        "\xF0\x90\x80\x80",
                                        "\xEF\xBF\xBF",
                                        "\xC2\x80",
                                        "\xDF\xBF"};
    int valid_n = 0;
    for (int round = 0; round < ROUNDS(200000); round++) {
        char p[160];
        struct str s = {p, 0};
        while (s.n < 33 + dice(100)) {
            struct str part = str_c(parts[dice(sizeof parts / sizeof *parts)]);
            memcpy(p + s.n, part.p, part.n);
            s.n += part.n;
        }
        for (uint32_t spoilt = dice(3); spoilt; spoilt--)
            p[dice((uint32_t)s.n)] ^= (char)(1 << dice(8));
        s.n -= dice(2) ? 0 : dice(4);
        bool valid = true;
        for (int32_t i = 0; i < (int32_t)s.n;)
            valid = icu_next(s, &i) >= 0 && valid;
        assert_int_equal(utf8_valid(s), valid);
        valid_n += valid;
    }
    assert_in_range(valid_n, ROUNDS(20000), ROUNDS(180000));
}

static void characters_are_counted(void **)
{
    assert_int_equal(utf8_count(S("")), 0);
    assert_int_equal(utf8_count(S("Nguyễn Ấn")), 9);
}

/* ---- case ---- */

static void every_character_changes_case_as_in_icu(void **)
{
    struct arena_mark mark = arena_here(arena);
    for (uint32_t c = 0; c < 0x110000; c++) {
        if (U_IS_SURROGATE(c))
            continue;
        struct buf b = {.arena = arena, .limit = 8};
        utf8_add(&b, c);
        size_t at = 0;
        assert_int_equal(utf8_next(text_upper(arena, buf_str(&b)), &at), u_toupper((UChar32)c));
        at = 0;
        assert_int_equal(utf8_next(text_lower(arena, buf_str(&b)), &at), u_tolower((UChar32)c));
        arena_back(arena, mark);
    }
    assert_text(text_upper(arena, S("ủy ban nhân dân xã đồng văn")), "ỦY BAN NHÂN DÂN XÃ ĐỒNG VĂN");
    assert_text(text_lower(arena, S("ĐẶNG THỊ ƯỚC 1 ß")), "đặng thị ước 1 ß");
}

/* ---- cutting ---- */

static void text_is_cut_at_characters(void **)
{
    assert_text(text_cut(arena, S("Đăng ký khai sinh"), 20), "Đăng ký khai sinh");
    assert_text(text_cut(arena, S("Đăng ký"), 7), "Đăng ký");
    assert_text(text_cut(arena, S("Đăng ký"), 6), "Đăng…");
    assert_text(text_cut(arena, S("Đăng ký khai"), 8), "Đăng ký…");
    assert_text(text_cut(arena, S("Đăng"), 2), "Đ…");
    assert_text(text_cut(arena, S("Đăng"), 1), "…");
    assert_text(text_cut(arena, S("Đăng"), 0), "");
    assert_text(text_cut(arena, S(""), 0), "");
    assert_text(text_cut(arena,
                         S("ab\xCC\xA5"
                           "cde"),
                         4),
                "ab\xCC\xA5…");
    assert_text(text_cut(arena,
                         S("ab\xCC\xA5"
                           "cde"),
                         3),
                "a…"); /* b does not lose its ring */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_byte_string_is_judged_as_icu_judges_it),
        TEST(every_character_is_written_and_read_back),
        TEST(long_text_is_valid_wherever_its_one_bad_byte_is_not),
        TEST(long_text_is_judged_as_icu_judges_it),
        TEST(characters_are_counted),
        TEST(every_character_changes_case_as_in_icu),
        TEST(text_is_cut_at_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
