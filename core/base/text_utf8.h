/* text_utf8.h - between text.c and text_valid.c. Inside of core/base only. */
#pragma once
#include "base/base.h"

static inline bool utf8_is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}
/* Bytes of the well-formed character at p, at most n; 0: malformed (RFC 3629 section 4). */
size_t utf8_bytes(const unsigned char *p, size_t n);
bool utf8_is_ascii(struct str s);
