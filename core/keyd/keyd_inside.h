/* keyd_inside.h - what the files of this room share; nobody else includes it. */
#pragma once
#include "keyd/keyd.h"

/* One packet a request, one an answer:
 *   request  'K' 1 op use, then  PUBLIC: handle; SIGN: hash of 32, handle; MAKE: nothing;
 *                                ADOPT: PKCS#8
 *   answer   'K' 1 status 0, length of the first part (2 bytes, big endian), first part, second
 *                                PUBLIC: public key; SIGN: signature; MAKE, ADOPT: handle, public
 */
#define KEYD_PACKET_MAX 1024
#define KEYD_HEAD 4
enum keyd_op { KEYD_OP_PUBLIC = 1, KEYD_OP_SIGN, KEYD_OP_MAKE, KEYD_OP_ADOPT };
enum keyd_status {
    KEYD_DONE = 0,
    KEYD_REFUSED,   /* no handle of ours, or of another use */
    KEYD_MALFORMED, /* the connection is closed after it */
    KEYD_TOO_MANY,  /* over the rate */
    KEYD_FAULT,
};

struct keyd_request {
    enum keyd_op op;
    enum keyd_use use;
    struct hash digest;
    struct str rest; /* handle, or PKCS#8 */
};
bool keyd_parse(struct str packet, struct keyd_request *out);
const char *keyd_use_name(enum keyd_use use);
const char *keyd_op_name(enum keyd_op op);

/* ---- the box: sign.key and the keys that were opened lately ---- */

#define BOX_KEYS 64
struct box_key {
    struct hash of; /* use and handle */
    struct hash public_print;
    struct key *key; /* NULL: free */
};
struct keyd_box {
    unsigned char seal[SEAL_KEY_BYTES];
    size_t next; /* whose place is taken next */
    struct box_key keys[BOX_KEYS];
};
enum err box_open(struct cx *cx, struct str folder, struct keyd_box **out);
void box_close(struct keyd_box *b);
/* The answer's bytes, in cx->arena; *print: of the public key, zeros when there is none. */
enum keyd_status box_answer(struct cx *cx, struct keyd_box *b, const struct keyd_request *rq,
                            struct str *answer, struct hash *print);
struct str keyd_refusal(struct cx *cx, enum keyd_status status);
