/* zip_read.c - unpacking one entry, never more than its directory record says. */
#include "zip_inside.h"

#define PIECE 16384

struct zip_reader {
    const struct zip_entry *entry;
    struct str packed; /* of a stored entry: what is left */
    z_stream z;
    int64_t given;
    uLong crc;
    bool ended; /* the deflate stream is over */
    char piece[PIECE];
};

struct zip_reader *zip_read_start(struct arena *a, const struct zip *z, const struct zip_entry *e)
{
    struct zip_reader *r = NEW(a, struct zip_reader);
    const size_t at = (size_t)e->at;
    const size_t data = at + LOCAL_BYTES + le16(z->bytes, at + 26) + le16(z->bytes, at + 28);
    r->entry = e;
    r->packed = str_until(str_from(z->bytes, data), (size_t)e->packed);
    r->crc = crc32(0, NULL, 0);
    r->z.zalloc = zip_alloc;
    r->z.zfree = zip_no_free;
    r->z.opaque = a;
    if (e->deflated)
        MUST(inflateInit2(&r->z, -MAX_WBITS) == Z_OK);
    r->z.next_in = (Bytef *)(uintptr_t)r->packed.p;
    r->z.avail_in = (uInt)r->packed.n;
    return r;
}

static enum err damaged(struct cx *cx)
{
    return fail(cx, ERR_INVALID,
                T("Một phần của tệp nén bị hỏng nên không đọc được. Lưu lại tệp rồi chọn lại."));
}

static bool inflate_some(struct zip_reader *r, struct str *piece)
{
    r->z.next_out = (Bytef *)r->piece;
    r->z.avail_out = PIECE;
    const int rc = r->ended ? Z_STREAM_END : inflate(&r->z, Z_NO_FLUSH);
    *piece = (struct str){r->piece, PIECE - r->z.avail_out};
    r->ended = rc == Z_STREAM_END;
    return r->ended || (rc == Z_OK && piece->n > 0);
}

enum err zip_read(struct cx *cx, struct zip_reader *r, struct str *piece)
{
    if (r->entry->deflated) {
        if (!inflate_some(r, piece))
            return damaged(cx);
    } else {
        *piece = str_until(r->packed, PIECE);
        r->packed = str_from(r->packed, piece->n);
    }
    r->given += (int64_t)piece->n;
    r->crc = crc32(r->crc, (const Bytef *)piece->p, (uInt)piece->n);
    if (r->given > r->entry->size)
        return damaged(cx);
    const bool whole = r->given == r->entry->size && r->crc == r->entry->crc &&
                       (!r->entry->deflated || (r->ended && r->z.avail_in == 0));
    return piece->n > 0 || whole ? OK : damaged(cx);
}

enum err zip_read_all(struct cx *cx, const struct zip *z, const struct zip_entry *e, size_t max,
                      struct str *out)
{
    if (e->size > (int64_t)max)
        return fail(cx, ERR_LIMIT, T("Một phần của tệp nén lớn quá %zu byte."), max);
    struct buf b = {.arena = cx->arena, .limit = max + 1};
    struct zip_reader *r = zip_read_start(cx->arena, z, e);
    struct str piece = S("-");
    while (piece.n > 0) {
        TRY(zip_read(cx, r, &piece));
        buf_add(&b, piece);
    }
    *out = buf_str(&b);
    return OK;
}
