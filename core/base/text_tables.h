/*
 * text_tables.h - properties of Unicode characters, made by tools/mkunicode (see there).
 * Inside of core/base only.
 */
#pragma once
#include "base/base.h"

enum {
    TEXT_QC_NO = 1,      /* never stands in NFC */
    TEXT_QC_MAYBE = 2,   /* may compose with what stands before */
    TEXT_WORD = 4,       /* letter, mark or number: part of a word */
    TEXT_DROP = 8,       /* disappears when folded: tone and vowel marks, format characters */
    TEXT_FOLD_MORE = 16, /* folds into several characters: fold is their place in the pool */
};

struct text_record {
    uint16_t decomposition; /* place in the pool: a length, then so many characters; 0: none */
    uint8_t ccc;            /* canonical combining class */
    uint8_t flags;
    int32_t upper, lower, fold; /* to be added to the character */
};
struct text_pair {
    uint64_t parts; /* first << 32 | second */
    uint32_t whole;
};

extern const uint16_t text_stage1[0x110000 >> 7];
extern const uint16_t text_stage2[];
extern const struct text_record text_records[];
extern const uint32_t text_pool[];
extern const struct text_pair text_pairs[]; /* ordered by parts */
extern const size_t text_pairs_n;

static inline const struct text_record *text_record_of(uint32_t c)
{
    return &text_records[text_stage2[((size_t)text_stage1[c >> 7] << 7) + (c & 127)]];
}
