/* zip_kind.c - which office document an archive is, by its central directory only. */
#include "file_inside.h"

#define EOCD_BYTES 22
#define ENTRY_BYTES 46
#define ENTRIES_MAX 4096
#define UNPACKED_MAX (INT64_C(1) << 30)
#define RATIO_MAX 200 /* of the whole archive: office XML packs about 10 to 1 */

static uint32_t u16(struct str s, size_t i)
{
    return (uint32_t)(unsigned char)s.p[i] | (uint32_t)(unsigned char)s.p[i + 1] << 8;
}

static uint32_t u32(struct str s, size_t i)
{
    return u16(s, i) | u16(s, i + 2) << 16;
}

/* The end record carries a comment whose length must reach exactly the end of the file. */
bool zip_at_end(struct str tail, size_t *eocd)
{
    if (tail.n < EOCD_BYTES)
        return false;
    size_t lowest = tail.n > EOCD_BYTES + 65535 ? tail.n - EOCD_BYTES - 65535 : 0;
    for (size_t i = tail.n - EOCD_BYTES + 1; i-- > lowest;)
        if (memcmp(tail.p + i, "PK\x05\x06", 4) == 0 &&
            i + EOCD_BYTES + u16(tail, i + 20) == tail.n) {
            *eocd = i;
            return true;
        }
    return false;
}

struct found {
    bool word, sheet, text, macro;
    int64_t unpacked;
};

static void look_at(struct found *f, struct str name, uint32_t unpacked)
{
    f->unpacked += unpacked;
    f->word |= str_eq(name, S("word/document.xml"));
    f->sheet |= str_eq(name, S("xl/workbook.xml"));
    f->text |= str_eq(name, S("content.xml"));
    f->macro |= str_ends(name, S("vbaProject.bin")) || str_starts(name, S("Basic/")) ||
                str_starts(name, S("Scripts/"));
}

/* Walks the directory, which must lie whole in the tail and end where the end record begins. */
static bool walk(struct str dir, uint32_t entries, struct found *f)
{
    size_t i = 0;
    for (uint32_t n = 0; n < entries; n++) {
        if (dir.n - i < ENTRY_BYTES || memcmp(dir.p + i, "PK\x01\x02", 4) != 0)
            return false;
        uint32_t name_n = u16(dir, i + 28), extra_n = u16(dir, i + 30),
                 comment_n = u16(dir, i + 32);
        size_t whole = (size_t)ENTRY_BYTES + name_n + extra_n + comment_n;
        if (dir.n - i < whole)
            return false;
        look_at(f, (struct str){dir.p + i + ENTRY_BYTES, name_n}, u32(dir, i + 24));
        i += whole;
    }
    return i == dir.n;
}

/* ODF says its kind in its first entry, stored plain, named "mimetype". */
static bool is_odt(struct str head)
{
    static const struct str kind = {"mimetypeapplication/vnd.oasis.opendocument.text", 47};
    return head.n > 30 + kind.n && u16(head, 8) == 0 && u16(head, 26) == 8 && u16(head, 28) == 0 &&
           str_starts(str_from(head, 30), kind) && u32(head, 22) == 39;
}

static struct str kind_of(const struct found *f, struct str head)
{
    if (f->word && !f->sheet)
        return MIME_DOCX;
    if (f->sheet && !f->word)
        return MIME_XLSX;
    if (f->text && is_odt(head))
        return MIME_ODT;
    return S("");
}

enum err zip_kind(struct cx *cx, const struct sniffed *s, struct str *mime)
{
    size_t end;
    *mime = S("");
    if (!zip_at_end(s->tail, &end))
        return fail(cx, ERR_INVALID, T("Tệp bị cụt phần cuối. Lưu hoặc tải lại tệp rồi chọn lại."));
    uint32_t entries = u16(s->tail, end + 10), dir_n = u32(s->tail, end + 12),
             dir_at = u32(s->tail, end + 16);
    int64_t tail_at = s->size - (int64_t)s->tail.n;
    struct found f = {0};
    bool good = entries > 0 && entries <= ENTRIES_MAX && dir_n <= end &&
                dir_at == tail_at + (int64_t)(end - dir_n) &&
                walk((struct str){s->tail.p + end - dir_n, dir_n}, entries, &f);
    if (!good)
        return OK; /* no archive of an office program */
    if (f.macro)
        return fail(
            cx, ERR_INVALID,
            T("Tệp có macro nên không nhận được. Lưu lại không có macro, hoặc xuất ra PDF."));
    if (f.unpacked > UNPACKED_MAX || f.unpacked / s->size > RATIO_MAX)
        return fail(cx, ERR_INVALID,
                    T("Tệp nén bung ra quá lớn nên không nhận được. Xuất ra PDF rồi chọn lại."));
    *mime = kind_of(&f, s->head);
    return OK;
}
