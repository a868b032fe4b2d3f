/* text_vietnamese_test.c - folding, comparing and ordering Vietnamese text, with ICU as the judge.
 */
#include "icu_judge.h"

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
        {"d\xCC\xA3"
         "ang K\xE2\x84\xAA",
         "dang kk"}, /* marks typed apart; the Kelvin sign */
        {"a\xC2\xAD"
         "b \xE2\x80\x8B",
         "ab"}, /* soft hyphen, zero width space */
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
            fail_msg("U+%04X folds to %s, not %s", c, str_hex(arena, theirs).p,
                     str_hex(arena, ours).p);
        arena_back(arena, mark);
    }
    utrans_close(t);
}

/* ---- words made at random ---- */

static const char *const rhymes[] = {"a", "ă", "â",  "e",  "ê",  "i",  "o",  "ô",  "ơ",  "u",
                                     "ư", "y", "oa", "oe", "uy", "ươ", "iê", "uô", "ia", "ưa"};
static const char *const heads[] = {"",  "b",  "c",  "ch", "d", "đ",  "g",  "gh", "gi", "h",
                                    "k", "kh", "l",  "m",  "n", "ng", "nh", "ph", "qu", "r",
                                    "s", "t",  "th", "tr", "v", "x",  "f",  "j",  "w",  "z"};
static const char *const tails[] = {"",   "",  "n",  "ng", "m", "t", "c",
                                    "ch", "p", "nh", "i",  "o", "u"};
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
        fail_msg("ICU: \"%.*s\" %c \"%.*s\", keys %.*s and %.*s", F(a), "<=>"[sign(theirs) + 1],
                 F(b), F(key_a), F(key_b));
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
    static const char *const names[] = {"An",          "Hà Văn An", "NGUYỄN THỊ AN",
                                        "Trần An",     "Trần Ân",   "Đỗ Bình",
                                        "Lê Văn Dũng", "Lê  Đào",   "Bùi Đông"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
        struct str before = text_name_key(arena, str_c(names[i - 1])),
                   after = text_name_key(arena, str_c(names[i]));
        if (str_cmp(before, after) >= 0)
            fail_msg("%s does not sort before %s", names[i - 1], names[i]);
    }
    assert_true(str_eq(text_name_key(arena, S("Lê An ")), text_name_key(arena, S("LÊ AN"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(folding_is_as_the_rule_says),
        TEST(every_letter_folds_as_icu_transliterates),
        TEST(random_vietnamese_folds_as_icu_transliterates),
        TEST(both_places_of_the_tone_are_the_same_name),
        TEST(marks_make_names_differ),
        TEST(a_compare_key_is_text_in_nfc),
        TEST(texts_sort_as_the_vietnamese_collation_of_icu),
        TEST(sort_keys_are_printable_ascii),
        TEST(people_sort_by_given_name_then_family_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
