/* web_json.c - answers in JSON: one object, bounded, with an ETag of what it says. */
#include "crypto/crypto.h"
#include "web.h"

#define ETAG_HEX 32

struct str web_etag(struct cx *cx, struct str bytes)
{
    struct hash h = sha256(bytes);
    return str_until(str_hex(cx->arena, HASH_STR(h)), ETAG_HEX);
}

struct json_out web_json_begin(struct cx *cx, struct buf *b, size_t limit)
{
    *b = (struct buf){.arena = cx->arena, .limit = limit};
    struct json_out o = {.to = b};
    json_open_object(&o);
    return o;
}

enum err web_json_end(struct cx *cx, struct json_out *o, struct web_res *rs)
{
    json_close_object(o);
    MUST(!o->to->full);
    rs->bytes = buf_str(o->to);
    rs->etag = web_etag(cx, rs->bytes);
    return OK;
}
