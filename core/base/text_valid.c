/* text_valid.c - is it UTF-8? Everything from outside passes here, so it is made fast. */
#include "base/base.h"

#include "text_utf8.h"

size_t utf8_bytes(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4 || n < 2)
        return 0;
    if (c < 0xE0)
        return utf8_is_tail(p[1]) ? 2 : 0;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high || n < 3 || !utf8_is_tail(p[2]))
        return 0;
    if (c < 0xF0)
        return 3;
    return n >= 4 && utf8_is_tail(p[3]) ? 4 : 0;
}

static size_t ascii_run(const unsigned char *p, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

bool utf8_is_ascii(struct str s)
{
    return ascii_run((const unsigned char *)s.p, s.n) == s.n;
}

static bool valid_by_bytes(const unsigned char *p, size_t size)
{
    for (size_t i = 0; i < size;) {
        if (p[i] < 0x80) {
            i += ascii_run(p + i, size - i);
            continue;
        }
        size_t n = utf8_bytes(p + i, size - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

#ifdef __x86_64__
#include <immintrin.h>

/* Sixteen bytes at once, as Keiser and Lemire, "Validating UTF-8 in less than one instruction per
 * byte" (2021): three look-ups by the halves of a byte and its neighbour give the mistakes that
 * this pair of bytes could be part of; what all three agree on is one. */
enum {
    TOO_SHORT = 1, /* a lead without its tail */
    TOO_LONG = 2,  /* a tail behind ASCII */
    OVERLONG_3 = 4,
    TOO_LARGE = 8,
    SURROGATE = 16,
    OVERLONG_2 = 32,
    LARGE_OR_OVERLONG_4 = 64,
    TWO_TAILS = 128, /* right only as 3rd or 4th byte */
    CARRY = TOO_SHORT | TOO_LONG | TWO_TAILS,
};

#define EACH4(x) (char)(x), (char)(x), (char)(x), (char)(x)

__attribute__((target("ssse3"))) static inline __m128i mistakes_of(__m128i x, __m128i before)
{
    const __m128i first_high = _mm_setr_epi8(
        EACH4(TOO_LONG), EACH4(TOO_LONG), EACH4(TWO_TAILS), TOO_SHORT | OVERLONG_2, TOO_SHORT,
        TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | LARGE_OR_OVERLONG_4);
    const char large = (char)(CARRY | TOO_LARGE | LARGE_OR_OVERLONG_4);
    const __m128i first_low = _mm_setr_epi8(
        (char)(CARRY | OVERLONG_3 | OVERLONG_2 | LARGE_OR_OVERLONG_4), (char)(CARRY | OVERLONG_2),
        (char)CARRY, (char)CARRY, (char)(CARRY | TOO_LARGE), large, large, large, large, large,
        large, large, large, (char)(large | SURROGATE), large, large);
    const char tail = (char)(TOO_LONG | OVERLONG_2 | TWO_TAILS);
    const __m128i second_high = _mm_setr_epi8(
        EACH4(TOO_SHORT), EACH4(TOO_SHORT), (char)(tail | OVERLONG_3 | LARGE_OR_OVERLONG_4),
        (char)(tail | OVERLONG_3 | TOO_LARGE), (char)(tail | SURROGATE | TOO_LARGE),
        (char)(tail | SURROGATE | TOO_LARGE), EACH4(TOO_SHORT));
    const __m128i low4 = _mm_set1_epi8(0x0F);
    __m128i first = _mm_alignr_epi8(x, before, 15);
    __m128i pair = _mm_and_si128(
        _mm_and_si128(_mm_shuffle_epi8(first_high, _mm_and_si128(_mm_srli_epi16(first, 4), low4)),
                      _mm_shuffle_epi8(first_low, _mm_and_si128(first, low4))),
        _mm_shuffle_epi8(second_high, _mm_and_si128(_mm_srli_epi16(x, 4), low4)));
    /* Where a third or fourth byte is due, two tails in a row are right and anything else is not.
     */
    __m128i third =
        _mm_subs_epu8(_mm_alignr_epi8(x, before, 14), _mm_set1_epi8((char)(0xE0 - 0x80)));
    __m128i fourth =
        _mm_subs_epu8(_mm_alignr_epi8(x, before, 13), _mm_set1_epi8((char)(0xF0 - 0x80)));
    __m128i due = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8((char)0x80));
    return _mm_xor_si128(due, pair);
}

__attribute__((target("ssse3"))) static bool valid_by_blocks(const unsigned char *p, size_t size)
{
    __m128i before = _mm_setzero_si128(), mistakes = before;
    size_t i = 0;
    for (; size - i >= 16; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        if (_mm_movemask_epi8(_mm_or_si128(x, before)) != 0)
            mistakes = _mm_or_si128(mistakes, mistakes_of(x, before));
        before = x;
    }
    unsigned char rest[16] = {0}; /* zeros behind the end show a character that is cut */
    memcpy(rest, p + i, size - i);
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)rest);
    mistakes = _mm_or_si128(mistakes, mistakes_of(x, before));
    return _mm_movemask_epi8(_mm_cmpeq_epi8(mistakes, _mm_setzero_si128())) == 0xFFFF;
}

bool utf8_valid(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (s.n >= 32 && __builtin_cpu_supports("ssse3"))
        return valid_by_blocks(p, s.n);
    return valid_by_bytes(p, s.n);
}
#else
bool utf8_valid(struct str s)
{
    return valid_by_bytes((const unsigned char *)s.p, s.n);
}
#endif
