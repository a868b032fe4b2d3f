/* zip_inside.h - the records of a ZIP archive, and zlib in an arena. */
#pragma once
#include "zip/zip.h"

#include <zlib.h>

#define LOCAL_BYTES 30
#define CENTRAL_BYTES 46
#define END_BYTES 22
#define FLAG_ENCRYPTED 0x0001
#define FLAG_LATER 0x0008 /* sizes stand after the data */
#define FLAG_UTF8 0x0800
#define FLAGS_KNOWN (0x0006 | FLAG_LATER | FLAG_UTF8) /* 0x0006: how hard it was packed */

static inline uint32_t le16(struct str s, size_t i)
{
    return (uint32_t)(unsigned char)s.p[i] | (uint32_t)(unsigned char)s.p[i + 1] << 8;
}

static inline uint32_t le32(struct str s, size_t i)
{
    return le16(s, i) | le16(s, i + 2) << 16;
}

/* zlib asks only when a stream begins; the arena takes it all back. */
void *zip_alloc(void *arena, unsigned n, unsigned size);
void zip_no_free(void *arena, void *p);
