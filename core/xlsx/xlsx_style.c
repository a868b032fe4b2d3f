/* xlsx_style.c - which cell formats show a number as a date. */
#include "xlsx_inside.h"

/* Formats that need no definition (ECMA-376 part 1, 18.8.30): dates and times. */
static bool builtin_date(int64_t id)
{
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

/* "dd/mm/yyyy" is a date; "0.00", "[Red]0", "#,##0 \"đồng\"" and "General" are not: letters of a
 * date outside of quotes and brackets. */
static bool date_code(struct str code)
{
    if (str_eq_ascii_case(code, S("General")))
        return false;
    char until = 0;
    for (size_t i = 0; i < code.n; i++) {
        const char c = code.p[i];
        if (until) {
            until = c == until ? 0 : until;
            continue;
        }
        if (c == '\\' || c == '_' || c == '*')
            i++;
        else if (c == '"')
            until = '"';
        else if (c == '[')
            until = ']';
        else if (memchr("dDmMyYhHsS", c, 10))
            return true;
    }
    return false;
}

struct codes {
    int64_t dates[256]; /* ids of own formats that are dates */
    size_t n;
};

static void note_format(const struct xlsx *x, struct codes *c)
{
    int64_t id;
    if (str_int(xml_attribute(&x->xml, S("numFmtId")), &id) &&
        date_code(xml_attribute(&x->xml, S("formatCode"))) &&
        c->n < sizeof c->dates / sizeof *c->dates)
        c->dates[c->n++] = id;
}

static bool is_date(const struct codes *c, int64_t id)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->dates[i] == id)
            return true;
    return builtin_date(id);
}

static enum err note_cell_format(struct cx *cx, struct xlsx *x, const struct codes *c)
{
    if (x->styles_n >= STYLES_MAX)
        return fail(cx, ERR_LIMIT, T("Bảng tính có quá nhiều kiểu ô. Chép sang tệp mới."));
    int64_t id = 0;
    if (!str_int(xml_attribute(&x->xml, S("numFmtId")), &id))
        id = 0;
    x->styles[x->styles_n++] = is_date(c, id) ? STYLE_DATE : STYLE_NUMBER;
    return OK;
}

enum err xlsx_read_styles(struct cx *cx, struct xlsx *x, struct str part)
{
    struct codes *c = NEW(x->arena, struct codes);
    x->styles = NEW_N(x->arena, unsigned char, STYLES_MAX);
    bool in_cells = false; /* <cellXfs>: <cellStyleXfs> has the same children */
    TRY(xlsx_part(cx, x, part));
    for (;;) {
        TRY(xml_next(cx, &x->xml));
        const bool opens = x->xml.kind == XML_OPEN;
        if (x->xml.kind == XML_END)
            return OK;
        if (x->xml.kind != XML_TEXT && str_eq(x->xml.name, S("cellXfs")))
            in_cells = opens;
        if (opens && str_eq(x->xml.name, S("numFmt")))
            note_format(x, c);
        if (opens && in_cells && x->xml.depth == 3 && str_eq(x->xml.name, S("xf")))
            TRY(note_cell_format(cx, x, c));
    }
}
