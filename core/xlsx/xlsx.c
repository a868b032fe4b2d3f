/* xlsx.c - opening a workbook: which parts it has, its sheets, its table of strings. */
#include "xlsx_inside.h"

#define ARENA_BYTES ((size_t)96 << 20)
#define STRINGS_MAX 2'000'000

const struct xlsx_limits xlsx_limits_default = {
    .rows = 100'000,
    .columns = 256,
    .cell_bytes = 32'768,
    .shared_bytes = (size_t)32 << 20,
    .zip = {.entries = 4096, .unpacked_bytes = INT64_C(256) << 20, .ratio = 200},
};

enum err xlsx_broken(struct cx *cx)
{
    return fail(
        cx, ERR_INVALID,
        T("Tệp không phải là bảng tính Excel (.xlsx), hoặc bị hỏng. Lưu lại tệp rồi chọn lại."));
}

static enum err more(struct cx *cx, void *state, struct str *piece)
{
    struct xlsx *x = state;
    return zip_read(cx, x->reader, piece);
}

enum err xlsx_part(struct cx *cx, struct xlsx *x, struct str part)
{
    const struct zip_entry *e = zip_find(&x->zip, part);
    if (!e)
        return xlsx_broken(cx);
    x->reader = zip_read_start(x->arena, &x->zip, e);
    xml_start(&x->xml, more, x);
    return OK;
}

/* ---- text of cells ---- */

/* Excel writes a character that XML cannot hold as _x000D_; those few are undone. */
static struct str undo_escapes(struct arena *a, struct str s)
{
    if (!str_find(s, S("_x"), NULL))
        return s;
    struct buf b = {.arena = a, .limit = s.n + 1};
    for (size_t i = 0; i < s.n; i++) {
        struct str bytes, here = str_from(s, i);
        const bool escape = here.n >= 7 && str_starts(here, S("_x")) && here.p[6] == '_' &&
                            str_unhex(a, (struct str){here.p + 2, 4}, &bytes);
        if (escape && bytes.p[0] == 0 && (unsigned char)bytes.p[1] < 0x80 && bytes.p[1] != 0) {
            buf_byte(&b, bytes.p[1]);
            i += 6;
        } else {
            buf_byte(&b, s.p[i]);
        }
    }
    return buf_str(&b);
}

enum err xlsx_text(struct cx *cx, struct xlsx *x, struct arena *a, struct str *out)
{
    struct buf b = {.arena = a, .limit = x->limits.cell_bytes};
    const size_t until = x->xml.depth - 1;
    while (x->xml.depth > until) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind == XML_OPEN && str_eq(x->xml.name, S("rPh")))
            TRY(xml_skip(cx, &x->xml));
        else if (x->xml.kind == XML_TEXT)
            buf_add(&b, x->xml.text);
    }
    if (b.full)
        return fail(cx, ERR_LIMIT, T("Một ô trong bảng tính dài quá %zu byte."),
                    x->limits.cell_bytes);
    return text_nfc(a, undo_escapes(a, buf_str(&b)), out) ? OK : xlsx_broken(cx);
}

enum err xlsx_read_shared(struct cx *cx, struct xlsx *x, struct str part)
{
    TRY(xlsx_part(cx, x, part));
    for (size_t bytes = 0;;) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind == XML_END)
            return OK;
        if (x->xml.kind != XML_OPEN || x->xml.depth != 2 || !str_eq(x->xml.name, S("si")))
            continue;
        struct str s;
        TRY(xlsx_text(cx, x, x->arena, &s));
        bytes += s.n;
        if (bytes > x->limits.shared_bytes || x->shared.n >= STRINGS_MAX ||
            arena_room(x->arena) < ARENA_BYTES / 8)
            return fail(cx, ERR_LIMIT, T("Bảng tính có quá nhiều chữ. Chia thành nhiều tệp."));
        *vec_add(x->arena, &x->shared) = s;
    }
}

/* ---- the parts of a workbook ---- */

struct relation {
    struct str id, type, target;
};
struct relations {
    struct relation all[SHEETS_MAX + 32];
    size_t n;
};

/* "xl/workbook.xml" and "worksheets/sheet1.xml" give "xl/worksheets/sheet1.xml"; "../" steps out.
 */
static struct str resolve(struct arena *a, struct str part, struct str target)
{
    if (str_starts(target, S("/")))
        return str_dup(a, str_from(target, 1));
    size_t n = part.n;
    while (n > 0 && part.p[n - 1] != '/')
        n--;
    while (str_starts(target, S("../")) && n > 0) {
        for (n--; n > 0 && part.p[n - 1] != '/'; n--)
            ;
        target = str_from(target, 3);
    }
    return str_fmt(a, "%.*s%.*s", (int)n, part.p, F(target));
}

static struct str relations_name(struct arena *a, struct str part)
{
    size_t n = part.n;
    while (n > 0 && part.p[n - 1] != '/')
        n--;
    return str_fmt(a, "%.*s_rels/%.*s.rels", (int)n, part.p, F(str_from(part, n)));
}

/* Types are addresses; two editions of the standard have two hosts, the last word is the same. */
static struct str last_word(struct str s)
{
    size_t n = s.n;
    while (n > 0 && s.p[n - 1] != '/')
        n--;
    return str_from(s, n);
}

static enum err read_relations(struct cx *cx, struct xlsx *x, struct str part, struct relations *r)
{
    r->n = 0;
    TRY(xlsx_part(cx, x, relations_name(x->arena, part)));
    for (;;) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind == XML_END)
            return OK;
        if (x->xml.kind != XML_OPEN || !str_eq(x->xml.name, S("Relationship")) ||
            str_eq(xml_attribute(&x->xml, S("TargetMode")), S("External")))
            continue;
        if (r->n >= sizeof r->all / sizeof *r->all)
            return xlsx_broken(cx);
        r->all[r->n++] = (struct relation){
            .id = str_dup(x->arena, xml_attribute(&x->xml, S("Id"))),
            .type = str_dup(x->arena, last_word(xml_attribute(&x->xml, S("Type")))),
            .target = resolve(x->arena, part, xml_attribute(&x->xml, S("Target"))),
        };
    }
}

static struct str related(const struct relations *r, struct str id, struct str type)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->all[i].type, type) && (id.n == 0 || str_eq(r->all[i].id, id)))
            return r->all[i].target;
    return S("");
}

static enum err note_sheet(struct cx *cx, struct xlsx *x, const struct relations *r)
{
    const struct str part = related(r, xml_attribute(&x->xml, S("id")), S("worksheet"));
    if (part.n == 0)
        return OK; /* a chart, or a sheet of macros */
    if (x->sheets_n >= SHEETS_MAX)
        return fail(cx, ERR_LIMIT, T("Bảng tính có quá %d trang."), SHEETS_MAX);
    x->sheets[x->sheets_n++] = (struct sheet_ref){
        .name = str_dup(x->arena, xml_attribute(&x->xml, S("name"))),
        .part = part,
    };
    return OK;
}

static enum err read_workbook(struct cx *cx, struct xlsx *x, struct str part,
                              const struct relations *r)
{
    TRY(xlsx_part(cx, x, part));
    for (;;) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind == XML_END)
            return OK;
        if (x->xml.kind != XML_OPEN)
            continue;
        const struct str on = xml_attribute(&x->xml, S("date1904"));
        if (str_eq(x->xml.name, S("workbookPr")))
            x->from_1904 = str_eq(on, S("1")) || str_eq(on, S("true"));
        if (str_eq(x->xml.name, S("sheet")) && x->xml.depth == 3)
            TRY(note_sheet(cx, x, r));
    }
}

static enum err open_parts(struct cx *cx, struct xlsx *x)
{
    struct relations *r = NEW(x->arena, struct relations);
    TRY(read_relations(cx, x, S(""), r));
    const struct str book = related(r, S(""), S("officeDocument"));
    if (book.n == 0)
        return xlsx_broken(cx);
    TRY(read_relations(cx, x, book, r));
    TRY(read_workbook(cx, x, book, r));
    if (x->sheets_n == 0)
        return xlsx_broken(cx);
    const struct str styles = related(r, S(""), S("styles")),
                     strings = related(r, S(""), S("sharedStrings"));
    if (styles.n > 0)
        TRY(xlsx_read_styles(cx, x, styles));
    return strings.n > 0 ? xlsx_read_shared(cx, x, strings) : OK;
}

/* ---- open and close ---- */

static void close_it(void *thing)
{
    struct xlsx *x = thing;
    arena_free(x->arena);
}

void xlsx_close(struct xlsx *x)
{
    if (!x)
        return;
    cx_release(x->cx, &x->closer);
    close_it(x);
}

enum err xlsx_open(struct cx *cx, struct str bytes, const struct xlsx_limits *limits,
                   struct xlsx **out)
{
    *out = NULL;
    struct arena *a = arena_new(ARENA_BYTES);
    if (!a)
        return fail(cx, ERR_IO, "no memory for a workbook");
    struct xlsx *x = NEW(a, struct xlsx);
    x->arena = a;
    x->cx = cx;
    x->limits = limits ? *limits : xlsx_limits_default;
    cx_register(cx, &x->closer, close_it, x);
    enum err e = zip_open(cx, bytes, &x->limits.zip, &x->zip);
    if (e == OK)
        e = open_parts(cx, x);
    x->before_sheet = arena_here(a);
    if (e != OK)
        xlsx_close(x);
    else
        *out = x;
    return e;
}

size_t xlsx_sheets(const struct xlsx *x)
{
    return x->sheets_n;
}

struct str xlsx_sheet_name(const struct xlsx *x, size_t i)
{
    return i < x->sheets_n ? x->sheets[i].name : S("");
}
