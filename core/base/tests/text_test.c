/* text_test.c - Vietnamese and other text, with ICU as the judge. */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

/* Fewer rounds where a sanitizer makes each slow. */
#ifdef __clang__
#define SLOW __has_feature(address_sanitizer)
#elif defined __SANITIZE_ADDRESS__
#define SLOW 1
#else
#define SLOW 0
#endif
#define ROUNDS(n) (SLOW ? (n) / 8 : (n))

static struct arena *arena;
static uint64_t seed;

static int setup(void **)
{
    arena = arena_new((size_t)64 << 20);
    seed = 20261123;
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % sides);
}

#define assert_text(s, expected) assert_string_equal(str_z(arena, (s)), (expected))

static void check_icu(UErrorCode e)
{
    if (U_FAILURE(e))
        fail_msg("ICU says %s", u_errorName(e));
}

#define UNITS 512
struct utf16 {
    UChar p[UNITS];
    int32_t n;
};

static struct utf16 to_utf16(struct str s)
{
    struct utf16 u;
    UErrorCode e = U_ZERO_ERROR;
    u_strFromUTF8(u.p, UNITS, &u.n, s.p, (int32_t)s.n, &e);
    check_icu(e);
    return u;
}

static struct str from_utf16(const struct utf16 *u)
{
    char *p = arena_alloc(arena, UNITS * 4);
    int32_t n;
    UErrorCode e = U_ZERO_ERROR;
    u_strToUTF8(p, UNITS * 4, &n, u->p, u->n, &e);
    check_icu(e);
    return (struct str){p, (size_t)n};
}

/* ---- UTF-8 ---- */

/* ICU's macros convert as they like. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
static UChar32 icu_next(struct str s, int32_t *i)
{
    UChar32 c;
    U8_NEXT(s.p, *i, (int32_t)s.n, c);
    return c;
}
#pragma GCC diagnostic pop

static void every_byte_string_is_judged_as_icu_judges_it(void **)
{
    static const unsigned char bytes[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                          0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFE, 0xFF};
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
    static const char *const parts[] = {"a", "abcdefghijklmnop", "đ", "ấ", "😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xE0\xA0\x80",
                                        "\xF0\x90\x80\x80", "\xEF\xBF\xBF", "\xC2\x80", "\xDF\xBF"};
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

/* ---- NFC ---- */

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
        fail_msg("NFC of %s is %s, not %s", str_hex(arena, s).p, str_hex(arena, theirs).p, str_hex(arena, ours).p);
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
        if (quick || apart || u_getCombiningClass((UChar32)c) || (c >= 'a' && c <= 'z') || (c >= 0x1100 && c < 0x1200))
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
    assert_true(text_nfc(arena, S("Nguye\xCC\x82\xCC\x83n Thi\xCC\xA3 Hu\xCC\x9B\xCC\xA3 d\xCC\xA3"), &out));
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
    assert_false(text_nfc(arena, (struct str){str_fmt(arena, "%*d", (4 << 20) + 1, 1).p, (4 << 20) + 1}, &out));
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

/* ---- fold ---- */

static void folding_is_as_the_rule_says(void **)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"Hồ sơ  (Đất)", "ho so dat"},
        {"  Quyết định số 45/2020/NĐ-CP. ", "quyet dinh so 45 2020 nd cp"},
        {"Đăng ký khai sinh", "dang ky khai sinh"},
        {"ĐĂNG KÝ", "dang ky"},
        {"d\xCC\xA3" "ang K\xE2\x84\xAA", "dang kk"}, /* marks typed apart; the Kelvin sign */
        {"a\xC2\xAD" "b \xE2\x80\x8B", "ab"},      /* soft hyphen, zero width space */
        {"", ""},
        {"—…!", ""},
        {"Ａ", "ａ"},
        {"straße Ελλάδα Мой 漢字 ไทย", "straße ελλαδα мои 漢字 ไทย"},
        {"한국 각", "한국 각"},
        {"x\xFFy", "x y"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_text(text_fold(arena, str_c(rows[i].in)), rows[i].out);
}

static struct str icu_translit(UTransliterator *t, struct str s)
{
    struct utf16 u = to_utf16(s);
    int32_t limit = u.n;
    UErrorCode e = U_ZERO_ERROR;
    utrans_transUChars(t, u.p, &u.n, UNITS, 0, &limit, &e);
    check_icu(e);
    u.n = limit;
    return from_utf16(&u);
}

static UTransliterator *open_translit(const char *id)
{
    struct utf16 u = to_utf16(str_c(id));
    UErrorCode e = U_ZERO_ERROR;
    UTransliterator *t = utrans_openU(u.p, u.n, UTRANS_FORWARD, NULL, 0, NULL, &e);
    check_icu(e);
    return t;
}

static void every_letter_folds_as_icu_transliterates(void **)
{
    UTransliterator *t = open_translit("NFD; [\\u0300-\\u036F] Remove; NFC");
    struct arena_mark mark = arena_here(arena);
    for (uint32_t c = 0x80; c < 0x110000; c++) {
        if (U_IS_SURROGATE(c) || !(U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_N_MASK)))
            continue;
        struct buf b = {.arena = arena, .limit = 8};
        utf8_add(&b, c == 0x110 || c == 0x111 ? 'd' : (uint32_t)u_tolower((UChar32)c));
        struct str theirs = icu_translit(t, buf_str(&b));
        b.n = 0;
        utf8_add(&b, c);
        struct str ours = text_fold(arena, buf_str(&b));
        if (!str_eq(ours, theirs))
            fail_msg("U+%04X folds to %s, not %s", c, str_hex(arena, theirs).p, str_hex(arena, ours).p);
        arena_back(arena, mark);
    }
    utrans_close(t);
}

/* ---- words made at random ---- */

static const char *const rhymes[] = {"a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "oa", "oe", "uy", "ươ", "iê", "uô", "ia", "ưa"};
static const char *const heads[] = {"", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x", "f", "j", "w", "z"};
static const char *const tails[] = {"", "", "n", "ng", "m", "t", "c", "ch", "p", "nh", "i", "o", "u"};
static const uint32_t tones[] = {0, 0x300, 0x309, 0x303, 0x301, 0x323};
static const char *const gaps[] = {" ", " ", " ", "-", "", ", ", ". ", "/", " (", ") ", "1", "20 "};

/* A few letters only, so that texts differ in tones and case as often as in letters. */
static struct str random_text(bool few)
{
    struct buf b = {.arena = arena, .limit = 400};
    for (uint32_t words = 1 + dice(3); words; words--) {
        struct buf w = {.arena = arena, .limit = 64};
        buf_add(&w, str_c(heads[few ? 1 + dice(2) : dice(sizeof heads / sizeof *heads)]));
        buf_add(&w, str_c(rhymes[few ? dice(3) : dice(sizeof rhymes / sizeof *rhymes)]));
        uint32_t tone = tones[dice(6)];
        if (tone)
            utf8_add(&w, tone);
        buf_add(&w, str_c(tails[few ? 0 : dice(sizeof tails / sizeof *tails)]));
        buf_add(&b, dice(5) == 0 ? text_upper(arena, buf_str(&w)) : buf_str(&w));
        if (words > 1)
            buf_add(&b, str_c(gaps[few ? dice(4) : dice(sizeof gaps / sizeof *gaps)]));
    }
    return buf_str(&b);
}

static void random_vietnamese_folds_as_icu_transliterates(void **)
{
    UTransliterator *t = open_translit("NFD; [\\u0300-\\u036F] Remove; Lower; NFC");
    struct arena_mark mark = arena_here(arena);
    for (int round = 0; round < ROUNDS(20000); round++) {
        struct str s = random_text(false), theirs = icu_translit(t, s);
        struct buf b = {.arena = arena, .limit = 400};
        for (size_t i = 0; i < theirs.n;) {
            uint32_t c = utf8_next(theirs, &i);
            if (u_isalnum((UChar32)c))
                utf8_add(&b, c == 0x111 ? 'd' : c);
            else if (b.n && b.p[b.n - 1] != ' ')
                buf_byte(&b, ' ');
        }
        assert_text(text_fold(arena, s), str_z(arena, str_trim(buf_str(&b))));
        arena_back(arena, mark);
    }
    utrans_close(t);
}

/* ---- comparing names ---- */

static bool same_name(const char *a, const char *b)
{
    return str_eq(text_compare_key(arena, str_c(a)), text_compare_key(arena, str_c(b)));
}

static void both_places_of_the_tone_are_the_same_name(void **)
{
    assert_true(same_name("Thanh Hoá", "Thanh Hóa"));
    assert_true(same_name("KHÁNH HOÀ", "Khánh  Hòa"));
    assert_true(same_name("Thuỷ", "Thủy"));
    assert_true(same_name("Khoẻ", "khỏe"));
    assert_true(same_name("Quý", "Qúy"));
    assert_true(same_name("Hoa\xCC\x80 Bi\xCC\x80nh", "Hòa Bình"));
    assert_true(same_name("Bà Rịa – Vũng Tàu", "Bà Rịa-Vũng Tàu"));
    assert_true(same_name("Hoà\xE2\x80\x8B", "hòa"));
}

static void marks_make_names_differ(void **)
{
    assert_false(same_name("Hoà", "Hoá"));
    assert_false(same_name("Hoa", "Hòa"));
    assert_false(same_name("Hoan", "Hoăn"));
    assert_false(same_name("Dương", "Đương"));
    assert_false(same_name("Hưng", "Hung"));
    assert_false(same_name("Hoà Bình", "Hòa Binh"));
    assert_false(same_name("An Hòa", "Àn Hoa"));
    assert_false(same_name("Xã 1", "Xã 2"));
}

static void a_compare_key_is_text_in_nfc(void **)
{
    assert_text(text_compare_key(arena, S("Xã HOÀ Thuận (Đức)")), "xã hoà thuâṇ đưć");
    for (int round = 0; round < 5000; round++) {
        struct str key = text_compare_key(arena, random_text(false)), nfc;
        assert_true(text_nfc(arena, key, &nfc));
        assert_true(str_eq(nfc, key));
        assert_true(str_eq(text_compare_key(arena, key), key)); /* and is its own key */
    }
}

/* ---- order ---- */

static int sign(int n)
{
    return n < 0 ? -1 : n > 0;
}

static void check_order(UCollator *coll, struct str a, struct str b)
{
    struct utf16 x = to_utf16(a), y = to_utf16(b);
    int theirs = (int)ucol_strcoll(coll, x.p, x.n, y.p, y.n);
    struct str key_a = text_sort_key(arena, a), key_b = text_sort_key(arena, b);
    if (sign(str_cmp(key_a, key_b)) != sign(theirs))
        fail_msg("ICU: \"%.*s\" %c \"%.*s\", keys %.*s and %.*s", F(a), "<=>"[sign(theirs) + 1], F(b), F(key_a), F(key_b));
}

static void texts_sort_as_the_vietnamese_collation_of_icu(void **)
{
    UErrorCode e = U_ZERO_ERROR;
    UCollator *coll = ucol_open("vi", &e);
    check_icu(e);
    struct arena_mark mark = arena_here(arena);
    for (int round = 0; round < ROUNDS(100000); round++) {
        bool few = dice(2);
        check_order(coll, random_text(few), random_text(few));
        arena_back(arena, mark);
    }
    for (int a = ' '; a < 127; a++) {
        for (int b = ' '; b < 127; b++) {
            check_order(coll, str_fmt(arena, "%c", a), str_fmt(arena, "%c", b));
            arena_back(arena, mark);
        }
    }
    ucol_close(coll);
}

static void sort_keys_are_printable_ascii(void **)
{
    for (int round = 0; round < ROUNDS(20000); round++) {
        char p[40];
        struct str s = {p, dice(sizeof p)};
        for (size_t i = 0; i < s.n; i++)
            p[i] = (char)dice(256);
        struct str key = text_sort_key(arena, dice(2) ? s : random_text(false));
        for (size_t i = 0; i < key.n; i++)
            assert_true(key.p[i] > ' ' && key.p[i] < 127);
    }
}

static void people_sort_by_given_name_then_family_name(void **)
{
    static const char *const names[] = {"An", "Hà Văn An", "NGUYỄN THỊ AN", "Trần An", "Trần Ân", "Đỗ Bình", "Lê Văn Dũng", "Lê  Đào", "Bùi Đông"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
        struct str before = text_name_key(arena, str_c(names[i - 1])), after = text_name_key(arena, str_c(names[i]));
        if (str_cmp(before, after) >= 0)
            fail_msg("%s does not sort before %s", names[i - 1], names[i]);
    }
    assert_true(str_eq(text_name_key(arena, S("Lê An ")), text_name_key(arena, S("LÊ AN"))));
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
    assert_text(text_cut(arena, S("ab\xCC\xA5" "cde"), 4), "ab\xCC\xA5…");
    assert_text(text_cut(arena, S("ab\xCC\xA5" "cde"), 3), "a…"); /* b does not lose its ring */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_byte_string_is_judged_as_icu_judges_it),
        TEST(every_character_is_written_and_read_back),
        TEST(long_text_is_valid_wherever_its_one_bad_byte_is_not),
        TEST(long_text_is_judged_as_icu_judges_it),
        TEST(characters_are_counted),
        TEST(every_character_has_the_nfc_of_icu),
        TEST(random_sequences_have_the_nfc_of_icu),
        TEST(vietnamese_typed_in_either_form_becomes_one),
        TEST(text_in_nfc_is_not_copied),
        TEST(what_is_no_text_is_refused),
        TEST(a_tower_of_marks_is_refused),
        TEST(every_character_changes_case_as_in_icu),
        TEST(folding_is_as_the_rule_says),
        TEST(every_letter_folds_as_icu_transliterates),
        TEST(random_vietnamese_folds_as_icu_transliterates),
        TEST(both_places_of_the_tone_are_the_same_name),
        TEST(marks_make_names_differ),
        TEST(a_compare_key_is_text_in_nfc),
        TEST(texts_sort_as_the_vietnamese_collation_of_icu),
        TEST(sort_keys_are_printable_ascii),
        TEST(people_sort_by_given_name_then_family_name),
        TEST(text_is_cut_at_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
