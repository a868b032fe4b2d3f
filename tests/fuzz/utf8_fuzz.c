/* utf8_fuzz.c - any bytes as text, judged by ICU; keys keep their promises. */
#include "base/base.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BYTES_MAX 1024
#define UNITS (BYTES_MAX * 18) /* no character becomes more by being taken apart */

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

static bool walk_as_icu(struct str s)
{
    bool valid = true;
    size_t ours = 0;
    for (int32_t i = 0; i < (int32_t)s.n;) {
        UChar32 c = icu_next(s, &i);
        uint32_t got = utf8_next(s, &ours);
        MUST(ours == (size_t)i && got == (c < 0 ? 0xFFFD : (uint32_t)c));
        valid = valid && c >= 0;
    }
    return valid;
}

static struct str icu_form(struct arena *a, struct str s, const UNormalizer2 *form)
{
    static UChar from[UNITS], to[UNITS];
    static char p[UNITS * 3];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n, bytes;
    u_strFromUTF8(from, UNITS, &n, s.p, (int32_t)s.n, &e);
    n = unorm2_normalize(form, from, n, to, UNITS, &e);
    u_strToUTF8(p, UNITS * 3, &bytes, to, n, &e);
    MUST(U_SUCCESS(e));
    return str_dup(a, (struct str){p, (size_t)bytes});
}

static void must_be_nfc(struct arena *a, struct str s)
{
    struct str again;
    MUST(!text_nfc(a, s, &again) || str_eq(s, again)); /* false: a tower of marks */
}

static void check_text(struct arena *a, struct str s)
{
    UErrorCode e = U_ZERO_ERROR;
    struct str nfc, apart = icu_form(a, s, unorm2_getNFDInstance(&e));
    if (!text_nfc(a, s, &nfc))
        return; /* a tower of marks */
    MUST(str_eq(nfc, icu_form(a, s, unorm2_getNFCInstance(&e))));
    /* However it was typed, it is found, compared and sorted the same. */
    MUST(str_eq(text_fold(a, s), text_fold(a, apart)));
    MUST(str_eq(text_compare_key(a, s), text_compare_key(a, apart)));
    MUST(str_eq(text_sort_key(a, s), text_sort_key(a, apart)));
    MUST(utf8_count(s) <= s.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > BYTES_MAX)
        return 0;
    static struct arena *a; /* its first block stays over the runs */
    if (!a)
        a = arena_new_sized((size_t)8 << 20, (size_t)256 << 10);
    struct str s = {(const char *)data, size};
    bool valid = walk_as_icu(s);
    MUST(utf8_valid(s) == valid);
    if (valid)
        check_text(a, s);
    struct str fold = text_fold(a, s), compare = text_compare_key(a, s);
    if (fold.n)
        must_be_nfc(a, fold);
    MUST(str_eq(text_fold(a, fold), fold));
    if (compare.n)
        must_be_nfc(a, compare);
    MUST(utf8_valid(text_upper(a, s)) && utf8_valid(text_lower(a, s)));
    struct str cut = text_cut(a, s, size / 2);
    MUST(valid ? utf8_valid(cut) && utf8_count(cut) <= size / 2 + (size == 0) : true);
    (void)text_name_key(a, s);
    arena_reset(a);
    return 0;
}
