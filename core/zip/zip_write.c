/* zip_write.c - an archive as it is written: entries are deflated at once, sizes follow the data.
 */
#include "zip_inside.h"

#define PIECE 16384
#define ENTRIES_MAX 65000
#define BYTES_MAX (INT64_C(4) << 30)
#define NAME_BYTES 512
#define MADE_BY 20 /* version 2.0: deflate */

struct written {
    struct str name;
    uint32_t crc;
    int64_t packed, size, at;
};

struct zip_out {
    struct cx *cx;
    zip_sink *sink;
    void *state;
    z_stream z;
    VEC(struct written) entries;
    int64_t at;    /* bytes written so far */
    uint32_t when; /* MS-DOS date and time */
    bool open;
    struct buf record; /* the one that is being put together */
    char piece[PIECE];
};

static uint32_t dos_time(int64_t utc_ms)
{
    const struct civil c = civil_at(utc_ms);
    const int year = c.year < 1980 ? 0 : c.year > 2107 ? 127 : c.year - 1980;
    return (uint32_t)(year << 25 | c.month << 21 | c.day << 16 | c.hour << 11 | c.minute << 5 |
                      c.second / 2);
}

struct zip_out *zip_out_start(struct cx *cx, zip_sink *sink, void *state)
{
    struct zip_out *o = NEW(cx->arena, struct zip_out);
    o->cx = cx;
    o->sink = sink;
    o->state = state;
    o->when = dos_time(cx->now);
    o->record = (struct buf){.arena = cx->arena, .limit = CENTRAL_BYTES + NAME_BYTES};
    o->z.zalloc = zip_alloc;
    o->z.zfree = zip_no_free;
    o->z.opaque = cx->arena;
    MUST(deflateInit2(&o->z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    return o;
}

static enum err put(struct zip_out *o, struct str s)
{
    o->at += (int64_t)s.n;
    return s.n == 0 ? OK : o->sink(o->cx, o->state, s);
}

/* A record is its fields, each of two or four bytes, low byte first. */
static void put16(struct buf *b, uint32_t v)
{
    buf_byte(b, (char)(v & 0xff));
    buf_byte(b, (char)(v >> 8 & 0xff));
}

static void put32(struct buf *b, uint32_t v)
{
    put16(b, v & 0xffff);
    put16(b, v >> 16);
}

/* What local header and directory have alike. */
static void put_shared(struct zip_out *o, struct buf *b, const struct written *w, bool sizes)
{
    put16(b, MADE_BY);
    put16(b, FLAG_LATER | FLAG_UTF8);
    put16(b, Z_DEFLATED);
    put32(b, o->when);
    put32(b, sizes ? w->crc : 0);
    put32(b, sizes ? (uint32_t)w->packed : 0);
    put32(b, sizes ? (uint32_t)w->size : 0);
    put16(b, (uint32_t)w->name.n);
    put16(b, 0); /* no extra field */
}

static struct buf *new_record(struct zip_out *o, struct str magic)
{
    o->record.n = 0;
    buf_add(&o->record, magic);
    return &o->record;
}

static enum err put_record(struct zip_out *o)
{
    MUST(!o->record.full);
    return put(o, buf_str(&o->record));
}

static enum err deflate_some(struct zip_out *o, struct str s, int flush)
{
    struct written *w = &o->entries.p[o->entries.n - 1];
    o->z.next_in = (Bytef *)(uintptr_t)s.p;
    o->z.avail_in = (uInt)s.n;
    do {
        o->z.next_out = (Bytef *)o->piece;
        o->z.avail_out = PIECE;
        MUST(deflate(&o->z, flush) != Z_STREAM_ERROR);
        const size_t n = PIECE - o->z.avail_out;
        w->packed += (int64_t)n;
        TRY(put(o, (struct str){o->piece, n}));
    } while (o->z.avail_out == 0);
    return OK;
}

enum err zip_out_add(struct zip_out *o, struct str piece)
{
    MUST(o->open && piece.n < UINT32_MAX);
    struct written *w = &o->entries.p[o->entries.n - 1];
    w->crc = (uint32_t)crc32(w->crc, (const Bytef *)piece.p, (uInt)piece.n);
    w->size += (int64_t)piece.n;
    return deflate_some(o, piece, Z_NO_FLUSH);
}

static enum err end_entry(struct zip_out *o)
{
    if (!o->open)
        return OK;
    o->open = false;
    TRY(deflate_some(o, S(""), Z_FINISH));
    const struct written *w = &o->entries.p[o->entries.n - 1];
    if (w->size >= BYTES_MAX || o->at >= BYTES_MAX)
        return fail(o->cx, ERR_LIMIT, T("Tệp xuất ra lớn quá 4 GB. Lọc bớt rồi xuất lại."));
    struct buf *b = new_record(o, S("PK\x07\x08"));
    put32(b, w->crc);
    put32(b, (uint32_t)w->packed);
    put32(b, (uint32_t)w->size);
    return put_record(o);
}

enum err zip_out_entry(struct zip_out *o, struct str name)
{
    TRY(end_entry(o));
    MUST(name.n > 0 && name.n <= NAME_BYTES);
    if (o->entries.n >= ENTRIES_MAX)
        return fail(o->cx, ERR_LIMIT, T("Tệp nén có quá nhiều phần. Chia thành nhiều tệp."));
    struct written *w = vec_add(o->cx->arena, &o->entries);
    *w = (struct written){.name = str_dup(o->cx->arena, name), .at = o->at};
    struct buf *b = new_record(o, S("PK\x03\x04"));
    put_shared(o, b, w, false);
    buf_add(b, name);
    MUST(deflateReset(&o->z) == Z_OK);
    o->open = true;
    return put_record(o);
}

static enum err put_directory_entry(struct zip_out *o, const struct written *w)
{
    struct buf *b = new_record(o, S("PK\x01\x02"));
    put16(b, MADE_BY);
    put_shared(o, b, w, true);
    put16(b, 0); /* no comment */
    put16(b, 0); /* first disk */
    put16(b, 0);
    put32(b, 0);
    put32(b, (uint32_t)w->at);
    buf_add(b, w->name);
    return put_record(o);
}

enum err zip_out_end(struct zip_out *o)
{
    TRY(end_entry(o));
    const int64_t directory_at = o->at;
    for (size_t i = 0; i < o->entries.n; i++)
        TRY(put_directory_entry(o, &o->entries.p[i]));
    if (o->at >= BYTES_MAX)
        return fail(o->cx, ERR_LIMIT, T("Tệp xuất ra lớn quá 4 GB. Lọc bớt rồi xuất lại."));
    struct buf *b = new_record(o, S("PK\x05\x06"));
    put32(b, 0); /* one disk */
    put16(b, (uint32_t)o->entries.n);
    put16(b, (uint32_t)o->entries.n);
    put32(b, (uint32_t)(o->at - directory_at));
    put32(b, (uint32_t)directory_at);
    put16(b, 0);
    return put_record(o);
}

enum err zip_to_buf(struct cx *cx, void *buf, struct str piece)
{
    struct buf *b = buf;
    buf_add(b, piece);
    return b->full ? fail(cx, ERR_LIMIT, T("Tệp xuất ra quá lớn. Lọc bớt rồi xuất lại.")) : OK;
}
