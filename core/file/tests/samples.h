/* samples.h - the smallest files of each kind, made in the test. */
#pragma once
#include "testing/testing.h"

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
#define JPEG "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
#define WEBP "RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0"
#define HEIC                                                                                       \
    "\0\0\0\x18"                                                                                   \
    "ftypheic\0\0\0\0mif1heic"
#define PDF "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

static inline void put16(struct buf *b, uint32_t v)
{
    buf_byte(b, (char)(v & 0xff));
    buf_byte(b, (char)(v >> 8 & 0xff));
}

static inline void put32(struct buf *b, uint32_t v)
{
    put16(b, v & 0xffff);
    put16(b, v >> 16);
}

struct zip_entry {
    const char *name, *content;
    uint32_t unpacked; /* as the directory claims; 0: the truth */
};

/* An archive of stored entries; sums are left zero, nobody here looks at them. */
static inline struct str zip_of(struct cx *cx, const struct zip_entry *entries, size_t n)
{
    struct buf b = {.arena = cx->arena, .limit = 1 << 20}, dir = b;
    for (size_t i = 0; i < n; i++) {
        struct str name = str_c(entries[i].name), content = str_c(entries[i].content);
        uint32_t at = (uint32_t)b.n,
                 size = entries[i].unpacked ? entries[i].unpacked : (uint32_t)content.n;
        buf_add(&b, S("PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0"));
        put32(&b, (uint32_t)content.n);
        put32(&b, (uint32_t)content.n);
        put16(&b, (uint32_t)name.n);
        put16(&b, 0);
        buf_add(&b, name);
        buf_add(&b, content);
        buf_add(&dir, S("PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0"));
        put32(&dir, (uint32_t)content.n);
        put32(&dir, size);
        put16(&dir, (uint32_t)name.n);
        buf_add(&dir, S("\0\0\0\0\0\0\0\0\0\0\0\0"));
        put32(&dir, at);
        buf_add(&dir, name);
    }
    uint32_t dir_at = (uint32_t)b.n;
    buf_add(&b, buf_str(&dir));
    buf_add(&b, S("PK\x05\x06\0\0\0\0"));
    put16(&b, (uint32_t)n);
    put16(&b, (uint32_t)n);
    put32(&b, (uint32_t)dir.n);
    put32(&b, dir_at);
    put16(&b, 0);
    MUST(!b.full);
    return buf_str(&b);
}

static inline struct str docx(struct cx *cx)
{
    static const struct zip_entry e[] = {{"[Content_Types].xml", "<Types/>", 0},
                                         {"word/document.xml", "<w:document/>", 0}};
    return zip_of(cx, e, 2);
}

static inline struct str xlsx(struct cx *cx)
{
    static const struct zip_entry e[] = {{"[Content_Types].xml", "<Types/>", 0},
                                         {"xl/workbook.xml", "<workbook/>", 0}};
    return zip_of(cx, e, 2);
}

static inline struct str odt(struct cx *cx)
{
    static const struct zip_entry e[] = {{"mimetype", "application/vnd.oasis.opendocument.text", 0},
                                         {"content.xml", "<office/>", 0}};
    return zip_of(cx, e, 2);
}

static inline struct str joined(struct cx *cx, struct str a, struct str b)
{
    return str_join(cx->arena, (struct str[]){a, b}, 2, S(""));
}
