/* pdf_read.c - finding a PDF's objects by its cross-reference tables. */
#include "pdf_read.h"

#define FOLLOW_MAX 8
#define TAIL_N 2048 /* startxref stands within the last bytes */

static enum err unreadable(struct cx *cx, const char *what)
{
    return fail(cx, ERR_INVALID, T("Không đọc được tệp PDF (%s). Xuất lại tệp PDF rồi gửi lại."),
                what);
}

/* ---- the cross-reference table ---- */

static bool word(struct str s, size_t *at, const char *expected)
{
    struct str v = pdf_value(s, at);
    return str_eq(v, str_c(expected));
}

static bool whole_number(struct str s, size_t *at, int64_t most, int64_t *out)
{
    struct str v = pdf_value(s, at);
    return pdf_int(v, out) && *out >= 0 && *out <= most;
}

/* The part of the file in which the next word of a table must stand: no comment of megabytes. */
static struct str near(const struct pdf_doc *d, size_t at)
{
    return str_until(d->bytes, at + 256);
}

/* Ten digits, blank, five digits, blank, n or f. Read with the lexer, which is laxer about
 * blanks: "0000000016 00000 n". */
static bool read_entry(struct pdf_doc *d, size_t *at, int64_t number)
{
    int64_t offset, generation;
    struct str s = near(d, *at);
    if ((size_t)number >= d->xref_room || d->entries_left-- == 0 ||
        !whole_number(s, at, (int64_t)d->bytes.n, &offset) ||
        !whole_number(s, at, 65535, &generation))
        return false;
    struct str kind = pdf_value(s, at);
    bool in_use = str_eq(kind, S("n"));
    if (!in_use && !str_eq(kind, S("f")))
        return false;
    struct pdf_xref *x = &d->xref[number];
    if (!x->seen)
        *x = (struct pdf_xref){in_use ? (uint32_t)offset : 0, (uint32_t)generation, true};
    if ((size_t)number >= d->xref_n)
        d->xref_n = (size_t)number + 1;
    return true;
}

/* From behind "xref" to behind "trailer". */
static bool read_sections(struct pdf_doc *d, size_t *at)
{
    for (;;) {
        int64_t first, count;
        size_t here = *at;
        struct str s = near(d, *at);
        if (word(s, &here, "trailer")) {
            *at = here;
            return true;
        }
        if (d->entries_left-- == 0 || !whole_number(s, at, PDF_OBJECTS_MAX - 1, &first) ||
            !whole_number(s, at, PDF_OBJECTS_MAX - first, &count))
            return false;
        for (int64_t i = 0; i < count; i++)
            if (!read_entry(d, at, first + i))
                return false;
    }
}

static bool find_start(struct pdf_doc *d, size_t *start)
{
    size_t from = d->bytes.n > TAIL_N ? d->bytes.n - TAIL_N : 0, at = 0, last = 0;
    struct str tail = str_from(d->bytes, from);
    bool found = false;
    for (size_t base = 0; str_find(str_from(tail, base), S("startxref"), &at); base = last) {
        last = base + at + 9;
        found = true;
    }
    int64_t offset;
    if (!found || !whole_number(tail, &last, (int64_t)d->bytes.n - 1, &offset))
        return false;
    *start = (size_t)offset;
    return true;
}

static enum err read_tables(struct cx *cx, struct pdf_doc *d)
{
    size_t at;
    if (!find_start(d, &at))
        return unreadable(cx, T("thiếu startxref"));
    d->last_xref = at;
    for (int revision = 0; revision < PDF_REVISIONS_MAX; revision++) {
        if (!word(near(d, at), &at, "xref"))
            return unreadable(cx, T("bảng tham chiếu nén hoặc hỏng"));
        if (!read_sections(d, &at))
            return unreadable(cx, T("bảng tham chiếu hỏng"));
        struct str trailer = pdf_value(str_until(d->bytes, at + PDF_VALUE_MAX), &at);
        if (!pdf_is_dict(trailer) || pdf_get(trailer, "XRefStm").n)
            return unreadable(cx, T("phần cuối tệp hỏng"));
        if (revision == 0)
            d->trailer = trailer;
        struct str previous = pdf_get(trailer, "Prev");
        int64_t offset;
        if (previous.n == 0)
            return OK;
        if (!pdf_int(previous, &offset) || offset < 0 || (size_t)offset >= d->bytes.n)
            return unreadable(cx, T("bảng tham chiếu hỏng"));
        at = (size_t)offset;
    }
    return unreadable(cx, T("quá nhiều lần cập nhật"));
}

enum err pdf_open(struct cx *cx, struct str pdf, struct pdf_doc *d)
{
    *d = (struct pdf_doc){.bytes = pdf};
    if (pdf.n > PDF_FILE_MAX)
        return fail(cx, ERR_INVALID, T("Tệp PDF lớn quá %zu MB."), PDF_FILE_MAX >> 20);
    if (!str_starts(pdf, S("%PDF-")))
        return unreadable(cx, T("không phải PDF"));
    /* An object and its entry take more than 16 bytes; some numbers may be left out. */
    d->xref_room = 1024 + pdf.n / 16;
    if (d->xref_room > PDF_OBJECTS_MAX)
        d->xref_room = PDF_OBJECTS_MAX;
    d->entries_left = 2 * d->xref_room;
    d->xref = NEW_N(cx->arena, struct pdf_xref, d->xref_room);
    TRY(read_tables(cx, d));
    uint32_t root;
    d->root_ref = pdf_get(d->trailer, "Root");
    if (pdf_get(d->trailer, "Encrypt").n)
        return unreadable(cx, T("tệp đặt mật khẩu"));
    if (!pdf_ref(d->root_ref, &root) || !pdf_is_dict(pdf_object(d, root, NULL)))
        return unreadable(cx, T("thiếu mục gốc"));
    return OK;
}

/* ---- objects ---- */

/* "12 0 obj" at the place the table tells; *at moves behind it. */
static bool object_begins(const struct pdf_doc *d, uint32_t number, size_t *at)
{
    if (number >= d->xref_n || d->xref[number].offset == 0)
        return false;
    *at = d->xref[number].offset;
    struct str s = near(d, *at);
    int64_t n, generation;
    return whole_number(s, at, PDF_OBJECTS_MAX, &n) && n == number &&
           whole_number(s, at, 65535, &generation) && generation == d->xref[number].generation &&
           word(s, at, "obj");
}

static bool stream_length(const struct pdf_doc *d, struct str dict, int64_t *length)
{
    uint32_t number;
    size_t at;
    struct str v = pdf_get(dict, "Length");
    if (pdf_ref(v, &number)) {
        if (!object_begins(d, number, &at))
            return false;
        v = pdf_value(near(d, at), &at);
    }
    return pdf_int(v, length) && *length >= 0;
}

/* Behind "stream": one line end. The length must lead to "endstream". */
static struct str stream_body(const struct pdf_doc *d, struct str dict, size_t at)
{
    struct str s = d->bytes;
    if (at < s.n && s.p[at] == '\r')
        at++;
    if (at < s.n && s.p[at] == '\n')
        at++;
    int64_t length;
    if (!stream_length(d, dict, &length) || (size_t)length > s.n - at)
        return S("");
    size_t end = at + (size_t)length;
    return word(near(d, end), &end, "endstream") ? (struct str){s.p + at, (size_t)length} : S("");
}

struct str pdf_object(const struct pdf_doc *d, uint32_t number, struct str *body)
{
    size_t at;
    if (body)
        *body = S("");
    if (!object_begins(d, number, &at))
        return S("");
    struct str value = pdf_value(str_until(d->bytes, at + PDF_VALUE_MAX), &at);
    if (body && pdf_is_dict(value) && word(near(d, at), &at, "stream"))
        *body = stream_body(d, value, at);
    return value;
}

struct str pdf_follow(const struct pdf_doc *d, struct str value)
{
    uint32_t number;
    for (int i = 0; i < FOLLOW_MAX && pdf_ref(value, &number); i++)
        value = pdf_object(d, number, NULL);
    return pdf_ref(value, &number) ? S("") : value;
}

struct str pdf_get_followed(const struct pdf_doc *d, struct str dict, const char *key)
{
    return pdf_follow(d, pdf_get(dict, key));
}
