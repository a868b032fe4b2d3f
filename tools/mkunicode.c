/* mkunicode.c - writes core/base/text_tables.c from the Unicode data of ICU (Debian 12: 15.0).
 *
 *     make unicode       only when a newer Unicode is wanted; the result is kept with the source
 *
 * The product itself does not use ICU: it would add 40 MB for what these tables hold. */
#include "base/text_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define CODEPOINTS 0x110000
#define RECORDS_MAX 8000
#define POOL_MAX 20000
#define BLOCKS_MAX 1000
#define PAIRS_MAX 2000

static struct text_record records[RECORDS_MAX];
static size_t records_n;
static uint32_t pool[POOL_MAX];
static size_t pool_n = 1; /* place 0 means none */
static uint16_t record_of[CODEPOINTS], blocks[BLOCKS_MAX][128], stage1[CODEPOINTS >> 7];
static size_t blocks_n;
static struct text_pair pairs[PAIRS_MAX];
static size_t pairs_n;
static const UNormalizer2 *nfc, *nfd;

static void check(UErrorCode e)
{
    if (U_SUCCESS(e))
        return;
    fprintf(stderr, "mkunicode: ICU says %s\n", u_errorName(e));
    exit(1);
}

static size_t to_points(const UChar *u, int32_t n, uint32_t *out)
{
    size_t k = 0;
    for (int32_t i = 0; i < n;) {
        UChar32 c;
        U16_NEXT(u, i, n, c);
        out[k++] = (uint32_t)c;
    }
    return k;
}

static uint16_t pool_add(const uint32_t *points, size_t n)
{
    for (size_t at = 1; at < pool_n; at += pool[at] + 1)
        if (pool[at] == n && memcmp(pool + at + 1, points, n * 4) == 0)
            return (uint16_t)at;
    uint16_t at = (uint16_t)pool_n;
    pool[pool_n++] = (uint32_t)n;
    memcpy(pool + pool_n, points, n * 4);
    pool_n += n;
    return at;
}

static bool is_hangul(uint32_t c)
{
    return c >= 0xAC00 && c <= 0xD7A3; /* by arithmetic, not by table */
}

static bool is_dropped(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36F) || u_charType((UChar32)c) == U_FORMAT_CHAR;
}

/* Lower case, marks of the Latin script away, what remains composed again; đ is d. */
static void fold_of(uint32_t c, struct text_record *r)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar lower[2], apart[32], kept[32], whole[32];
    int32_t lower_n = 0, kept_n = 0;
    U16_APPEND_UNSAFE(lower, lower_n, u_tolower((UChar32)c));
    int32_t apart_n = unorm2_normalize(nfd, lower, lower_n, apart, 32, &e);
    for (int32_t i = 0; i < apart_n; i++)
        if (!is_dropped(apart[i]))
            kept[kept_n++] = apart[i] == 0x111 ? 'd' : apart[i];
    int32_t whole_n = unorm2_normalize(nfc, kept, kept_n, whole, 32, &e);
    check(e);
    uint32_t points[32];
    size_t n = to_points(whole, whole_n, points);
    if (n == 0 || is_dropped(c)) {
        r->flags |= TEXT_DROP;
    } else if (n == 1) {
        r->fold = (int32_t)points[0] - (int32_t)c;
    } else {
        r->flags |= TEXT_FOLD_MORE;
        r->fold = pool_add(points, n);
    }
}

static struct text_record record_for(uint32_t c)
{
    struct text_record r = {0};
    UErrorCode e = U_ZERO_ERROR;
    UChar apart[32];
    r.ccc = u_getCombiningClass((UChar32)c);
    r.upper = u_toupper((UChar32)c) - (int32_t)c;
    r.lower = u_tolower((UChar32)c) - (int32_t)c;
    int quick = u_getIntPropertyValue((UChar32)c, UCHAR_NFC_QUICK_CHECK);
    r.flags = quick == UNORM_NO ? TEXT_QC_NO : quick == UNORM_MAYBE ? TEXT_QC_MAYBE : 0;
    if (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK))
        r.flags |= TEXT_WORD;
    if (U_IS_SURROGATE(c) || is_hangul(c))
        return r;
    int32_t n = unorm2_getDecomposition(nfd, (UChar32)c, apart, 32, &e);
    check(e);
    if (n > 0) {
        uint32_t points[32];
        r.decomposition = pool_add(points, to_points(apart, n, points));
    }
    fold_of(c, &r);
    return r;
}

static uint16_t record_add(struct text_record r)
{
    for (size_t i = 0; i < records_n; i++)
        if (memcmp(&records[i], &r, sizeof r) == 0)
            return (uint16_t)i;
    records[records_n] = r;
    return (uint16_t)records_n++;
}

static uint16_t block_add(const uint16_t *block)
{
    for (size_t i = 0; i < blocks_n; i++)
        if (memcmp(blocks[i], block, sizeof blocks[i]) == 0)
            return (uint16_t)i;
    memcpy(blocks[blocks_n], block, sizeof blocks[0]);
    return (uint16_t)blocks_n++;
}

static void add_pair(uint32_t c)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar raw[8];
    if (is_hangul(c) || U_IS_SURROGATE(c))
        return;
    int32_t n = unorm2_getRawDecomposition(nfc, (UChar32)c, raw, 8, &e);
    check(e);
    uint32_t parts[8];
    if (n <= 0 || to_points(raw, n, parts) != 2)
        return;
    if (unorm2_composePair(nfc, (UChar32)parts[0], (UChar32)parts[1]) != (UChar32)c)
        return; /* excluded from composition */
    pairs[pairs_n++] = (struct text_pair){(uint64_t)parts[0] << 32 | parts[1], c};
}

static int by_parts(const void *a, const void *b)
{
    const struct text_pair *x = a, *y = b;
    return x->parts < y->parts ? -1 : x->parts > y->parts;
}

/* ---- writing ---- */

static void write_u16(const char *head, const uint16_t *p, size_t n)
{
    printf("%s = {\n", head);
    for (size_t i = 0; i < n; i++)
        printf("%u,%s", p[i], i % 32 == 31 || i + 1 == n ? "\n" : "");
    printf("};\n\n");
}

static void write_tables(void)
{
    printf("/* text_tables.c - properties of Unicode %s. Made by tools/mkunicode: do not edit. */\n"
           "#include \"text_tables.h\"\n\n/* clang-format off */\n\n",
           U_UNICODE_VERSION);
    write_u16("const uint16_t text_stage1[0x110000 >> 7]", stage1, CODEPOINTS >> 7);
    write_u16("const uint16_t text_stage2[]", blocks[0], blocks_n * 128);
    printf("const struct text_record text_records[] = {\n");
    for (size_t i = 0; i < records_n; i++) {
        const struct text_record *r = &records[i];
        printf("{%u,%u,%u,%d,%d,%d},%s", r->decomposition, r->ccc, r->flags, r->upper, r->lower,
               r->fold, i % 8 == 7 || i + 1 == records_n ? "\n" : "");
    }
    printf("};\n\nconst uint32_t text_pool[] = {\n");
    for (size_t i = 0; i < pool_n; i++)
        printf("%u,%s", pool[i], i % 24 == 23 || i + 1 == pool_n ? "\n" : "");
    printf("};\n\nconst struct text_pair text_pairs[] = {\n");
    for (size_t i = 0; i < pairs_n; i++)
        printf("{0x%llx,0x%x},%s", (unsigned long long)pairs[i].parts, pairs[i].whole,
               i % 8 == 7 || i + 1 == pairs_n ? "\n" : "");
    printf("};\nconst size_t text_pairs_n = %zu;\n", pairs_n);
}

int main(void)
{
    UErrorCode e = U_ZERO_ERROR;
    nfc = unorm2_getNFCInstance(&e);
    nfd = unorm2_getNFDInstance(&e);
    check(e);
    for (uint32_t c = 0; c < CODEPOINTS; c++)
        record_of[c] = record_add(record_for(c));
    for (uint32_t i = 0; i < CODEPOINTS >> 7; i++)
        stage1[i] = block_add(record_of + ((size_t)i << 7));
    for (uint32_t c = 0; c < CODEPOINTS; c++)
        add_pair(c);
    qsort(pairs, pairs_n, sizeof *pairs, by_parts);
    write_tables();
    fprintf(stderr, "mkunicode: %zu records, %zu blocks, %zu in the pool, %zu pairs\n", records_n,
            blocks_n, pool_n, pairs_n);
    return 0;
}
