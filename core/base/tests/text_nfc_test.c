/* text_nfc_test.c - NFC of every character and of random sequences, with ICU as the judge. */
#include "icu_judge.h"

static struct str icu_nfc(struct str s)
{
    struct utf16 u = to_utf16(s), out;
    UErrorCode e = U_ZERO_ERROR;
    out.n = unorm2_normalize(unorm2_getNFCInstance(&e), u.p, u.n, out.p, UNITS, &e);
    check_icu(e);
    return from_utf16(&out);
}

static void check_nfc(struct str s)
{
    struct str ours, theirs = icu_nfc(s);
    assert_true(text_nfc(arena, s, &ours));
    if (!str_eq(ours, theirs))
        fail_msg("NFC of %s is %s, not %s", str_hex(arena, s).p, str_hex(arena, theirs).p,
                 str_hex(arena, ours).p);
}

static void every_character_has_the_nfc_of_icu(void **)
{
    struct arena_mark mark = arena_here(arena);
    for (uint32_t c = 0; c < 0x110000; c++) {
        if (U_IS_SURROGATE(c))
            continue;
        struct buf b = {.arena = arena, .limit = 32};
        utf8_add(&b, c);
        check_nfc(buf_str(&b));
        utf8_add(&b, 0x301); /* and between others */
        utf8_add(&b, c);
        utf8_add(&b, 0x323);
        check_nfc(buf_str(&b));
        arena_back(arena, mark);
    }
}

/* Characters that normalisation has something to do with, and a few letters. */
static size_t interesting(uint32_t *out)
{
    size_t n = 0;
    for (uint32_t c = 0; c < 0x110000; c++) {
        if (U_IS_SURROGATE(c) || (c >= 0xAC00 && c < 0xD7A4 && c % 97))
            continue;
        bool quick = u_getIntPropertyValue((UChar32)c, UCHAR_NFC_QUICK_CHECK) != UNORM_YES;
        bool apart = u_getIntPropertyValue((UChar32)c, UCHAR_NFD_QUICK_CHECK) != UNORM_YES;
        if (quick || apart || u_getCombiningClass((UChar32)c) || (c >= 'a' && c <= 'z') ||
            (c >= 0x1100 && c < 0x1200))
            out[n++] = c;
    }
    return n;
}

static void random_sequences_have_the_nfc_of_icu(void **)
{
    static uint32_t points[20000];
    size_t n = interesting(points);
    assert_true(n > 3000);
    struct arena_mark mark = arena_here(arena);
    for (int round = 0; round < ROUNDS(200000); round++) {
        struct buf b = {.arena = arena, .limit = 128};
        size_t length = 1 + dice(9);
        uint32_t narrow = dice(3), around = dice((uint32_t)n); /* neighbours meet more often */
        for (size_t i = 0; i < length; i++)
            utf8_add(&b, points[narrow ? (around + dice(60)) % n : dice((uint32_t)n)]);
        check_nfc(buf_str(&b));
        arena_back(arena, mark);
    }
}

static void vietnamese_typed_in_either_form_becomes_one(void **)
{
    struct str out;
    assert_true(text_nfc(
        arena, S("Nguye\xCC\x82\xCC\x83n Thi\xCC\xA3 Hu\xCC\x9B\xCC\xA3 d\xCC\xA3"), &out));
    assert_text(out, "Nguyễn Thị Hự ḍ");
    assert_true(text_nfc(arena, S("ệ ệ ệ"), &out));
    assert_text(out, "ệ ệ ệ");
}

static void text_in_nfc_is_not_copied(void **)
{
    struct str s = S("Đã ở dạng này"), out;
    assert_true(text_nfc(arena, s, &out));
    assert_ptr_equal(out.p, s.p);
}

static void what_is_no_text_is_refused(void **)
{
    struct str out;
    assert_false(text_nfc(arena, S("\xC1\x80"), &out));
    assert_false(text_nfc(arena, S("\xED\xA0\x80"), &out));
    assert_false(text_nfc(
        arena, (struct str){str_fmt(arena, "%*d", (4 << 20) + 1, 1).p, (4 << 20) + 1}, &out));
}

/* 2 MiB of marks in the worst order: refused at once, not sorted for minutes. */
static void a_tower_of_marks_is_refused(void **)
{
    struct buf b = {.arena = arena, .limit = 3 << 20};
    buf_byte(&b, 'a');
    while (b.n < (2 << 20)) {
        utf8_add(&b, 0x301);
        utf8_add(&b, 0x323);
    }
    struct str out;
    assert_false(text_nfc(arena, buf_str(&b), &out));
    b.n = 1 + 4 * 500; /* but a lower one is put in order */
    assert_true(text_nfc(arena, buf_str(&b), &out));
    assert_true(str_starts(out, S("ạ\xCC\xA3\xCC\xA3")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_character_has_the_nfc_of_icu),
        TEST(random_sequences_have_the_nfc_of_icu),
        TEST(vietnamese_typed_in_either_form_becomes_one),
        TEST(text_in_nfc_is_not_copied),
        TEST(what_is_no_text_is_refused),
        TEST(a_tower_of_marks_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
