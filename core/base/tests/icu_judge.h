/* icu_judge.h - for the tests of text: ICU as the judge, dice, an arena. */
#pragma once
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

[[maybe_unused]] static struct arena *arena;
[[maybe_unused]] static uint64_t seed;

[[maybe_unused]] static int setup(void **)
{
    arena = arena_new((size_t)64 << 20);
    seed = 20261123;
    return 0;
}

[[maybe_unused]] static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

[[maybe_unused]] static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % sides);
}

#define assert_text(s, expected) assert_string_equal(str_z(arena, (s)), (expected))

[[maybe_unused]] static void check_icu(UErrorCode e)
{
    if (U_FAILURE(e))
        fail_msg("ICU says %s", u_errorName(e));
}

#define UNITS 512
struct utf16 {
    UChar p[UNITS];
    int32_t n;
};

[[maybe_unused]] static struct utf16 to_utf16(struct str s)
{
    struct utf16 u;
    UErrorCode e = U_ZERO_ERROR;
    u_strFromUTF8(u.p, UNITS, &u.n, s.p, (int32_t)s.n, &e);
    check_icu(e);
    return u;
}

[[maybe_unused]] static struct str from_utf16(const struct utf16 *u)
{
    char *p = arena_alloc(arena, UNITS * 4);
    int32_t n;
    UErrorCode e = U_ZERO_ERROR;
    u_strToUTF8(p, UNITS * 4, &n, u->p, u->n, &e);
    check_icu(e);
    return (struct str){p, (size_t)n};
}

/* ICU's macros convert as they like. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
[[maybe_unused]] static UChar32 icu_next(struct str s, int32_t *i)
{
    UChar32 c;
    U8_NEXT(s.p, *i, (int32_t)s.n, c);
    return c;
}
#pragma GCC diagnostic pop

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
