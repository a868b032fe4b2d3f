/* sniff.c - what a file is, by its bytes; a file that is two things at once is refused. */
#include "file_inside.h"

#define ALLOWED                                                                                    \
    T("Chỉ nhận PDF, ảnh JPEG, PNG, WebP, HEIC, tệp DOCX, XLSX, ODT không có macro, và văn bản thuần.")

static bool at(struct str s, size_t where, struct str what)
{
    return str_starts(str_from(s, where), what);
}

static bool is_png(struct str h)
{
    return at(h, 0, S("\x89PNG\r\n\x1a\n")) && at(h, 12, S("IHDR"));
}

static bool is_jpeg(struct str h)
{
    return at(h, 0, S("\xff\xd8\xff")) && h.n > 3 && (unsigned char)h.p[3] >= 0xc0;
}

static bool is_webp(struct str h)
{
    return at(h, 0, S("RIFF")) && at(h, 8, S("WEBPVP8"));
}

static bool is_heic(struct str h)
{
    static const struct str brands[] = {{"heic", 4}, {"heix", 4}, {"heim", 4},
                                        {"heis", 4}, {"mif1", 4}, {"msf1", 4}};
    if (!at(h, 4, S("ftyp")))
        return false;
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
        if (at(h, 8, brands[i]))
            return true;
    return false;
}

static bool is_pdf(struct str h)
{
    return at(h, 0, S("%PDF-1.")) || at(h, 0, S("%PDF-2."));
}

struct str sniff_head(struct str head)
{
    if (is_pdf(head))
        return S("application/pdf");
    if (is_jpeg(head))
        return S("image/jpeg");
    if (is_png(head))
        return S("image/png");
    if (is_webp(head))
        return S("image/webp");
    if (is_heic(head))
        return S("image/heic");
    if (at(head, 0, S("PK\x03\x04")))
        return S("application/zip");
    return S("");
}

struct str file_sniff(struct str head, struct str name)
{
    struct str mime = sniff_head(head);
    if (!str_eq(mime, S("application/zip")))
        return mime;
    if (str_ends(name, S(".docx")))
        return MIME_DOCX;
    if (str_ends(name, S(".xlsx")))
        return MIME_XLSX;
    return str_ends(name, S(".odt")) ? MIME_ODT : mime;
}

/* A picture or PDF that a second program would read as something else: a PDF header in the first
 * kilobyte (PDF readers look there), an archive directory at the very end, markup in the head. */
static bool is_two_things(const struct sniffed *s, struct str mime)
{
    struct str first = str_until(s->head, 1024);
    size_t eocd;
    if (!str_eq(mime, S("application/pdf")) && str_find(first, S("%PDF-"), NULL))
        return true;
    if (!str_eq(mime, S("application/zip")) && zip_at_end(s->tail, &eocd))
        return true;
    return str_starts(mime, S("image/")) &&
           (str_find(first, S("<html"), NULL) || str_find(first, S("<script"), NULL));
}

/* A scan or download that broke off lacks its last lines. */
static bool pdf_is_whole(const struct sniffed *s)
{
    return str_find(s->tail, S("%%EOF"), NULL);
}

/* Markup in plain clothes: we serve text as text, but whoever saves it may open it as a page. */
static bool is_markup(struct str head)
{
    struct str s = str_trim(str_starts(head, S("\xef\xbb\xbf")) ? str_from(head, 3) : head);
    return str_starts(s, S("<"));
}

static struct str kind_of(const struct sniffed *s)
{
    struct str mime = sniff_head(s->head);
    return mime.n == 0 && s->text && !is_markup(s->head) ? S("text/plain") : mime;
}

enum err sniff_whole(struct cx *cx, const struct sniffed *s, struct str *mime)
{
    if (s->size == 0)
        return fail(cx, ERR_INVALID, T("Tệp rỗng. Chọn lại tệp có nội dung."));
    *mime = kind_of(s);
    if (mime->n && is_two_things(s, *mime))
        return fail(
            cx, ERR_INVALID,
            T("Tệp có hai nội dung lồng nhau nên không nhận được. Xuất lại tệp rồi chọn lại."));
    if (str_eq(*mime, S("application/pdf")) && !pdf_is_whole(s))
        return fail(cx, ERR_INVALID,
                    T("Tệp PDF bị cụt phần cuối. Xuất hoặc tải lại tệp rồi chọn lại."));
    if (str_eq(*mime, S("application/zip")))
        TRY(zip_kind(cx, s, mime));
    return mime->n ? OK : fail(cx, ERR_INVALID, "%s", ALLOWED);
}

/* ---- text, as it streams by ---- */

static void lead_byte(struct text_check *t, unsigned char c)
{
    t->low = 0x80;
    t->high = 0xbf;
    if (c < 0x80)
        t->broken |= c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
    else if (c >= 0xc2 && c <= 0xdf)
        t->need = 1;
    else if (c >= 0xe0 && c <= 0xef)
        t->need = 2;
    else if (c >= 0xf0 && c <= 0xf4)
        t->need = 3;
    else
        t->broken = true;
    /* no overlong forms, no surrogates, nothing past U+10FFFF */
    if (c == 0xe0)
        t->low = 0xa0;
    if (c == 0xed)
        t->high = 0x9f;
    if (c == 0xf0)
        t->low = 0x90;
    if (c == 0xf4)
        t->high = 0x8f;
}

void text_check_add(struct text_check *t, struct str piece)
{
    for (size_t i = 0; i < piece.n && !t->broken; i++) {
        unsigned char c = (unsigned char)piece.p[i];
        if (t->need == 0) {
            lead_byte(t, c);
            continue;
        }
        t->broken = c < t->low || c > t->high;
        t->low = 0x80;
        t->high = 0xbf;
        t->need--;
    }
}

bool text_check_end(const struct text_check *t)
{
    return !t->broken && t->need == 0;
}
