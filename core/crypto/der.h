/* der.h - writing DER, as much as a CMS signature needs; not a door. */
#pragma once
#include "base/base.h"

#define DER_INTEGER 0x02
#define DER_OCTETS 0x04
#define DER_SEQUENCE 0x30
#define DER_SET 0x31
#define DER_CONTEXT_0 0xa0 /* constructed */

/* Ready made: tag, length, content. */
#define OID_DATA S("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
#define OID_SIGNED_DATA S("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define OID_CONTENT_TYPE S("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03")
#define OID_MESSAGE_DIGEST S("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04")
#define OID_SIGNING_CERTIFICATE_V2 S("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f")
#define OID_SHA256 S("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01")
#define OID_ECDSA_SHA256 S("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02")

struct str der_wrap(struct arena *a, int tag, const struct str *parts, size_t n);
/* A SET OF: its parts in the order of their bytes. Sorts `parts`. */
struct str der_set(struct arena *a, int tag, struct str *parts, size_t n);

/* DER(arena, DER_SEQUENCE, part, part...) */
#define DER(a, tag, ...)                                                                           \
    der_wrap((a), (tag), (const struct str[]){__VA_ARGS__},                                        \
             sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
