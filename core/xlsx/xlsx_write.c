/* xlsx_write.c - a workbook as it is written: sheets first, then the parts that name them. */
#include "xlsx/xlsx.h"

#include <stdlib.h>

#define ROWS_MAX 1'048'576
#define CHARS_MAX 32'767
#define PENDING 16'384 /* bytes of rows before they are packed */
#define ROW_BYTES ((size_t)8 << 20)
#define SHEETS_MAX 64

#define NS "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define NS_R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define NS_P "http://schemas.openxmlformats.org/package/2006"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

/* Places in cellXfs below. */
enum style { PLAIN = 0, TITLE, TEXT_ONLY, DAY, INSTANT, MONEY, BOLD, QUOTED };

static const char styles[] =
    HEAD "<styleSheet xmlns=\"" NS "\"><numFmts count=\"3\">"
         "<numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/>"
         "<numFmt numFmtId=\"165\" formatCode=\"dd/mm/yyyy\\ hh:mm\"/>"
         "<numFmt numFmtId=\"166\" formatCode=\"#,##0\"/></numFmts>"
         "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Times New Roman\"/></font>"
         "<font><b/><sz val=\"11\"/><name val=\"Times New Roman\"/></font></fonts>"
         "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>"
         "<fill><patternFill patternType=\"gray125\"/></fill><fill><patternFill "
         "patternType=\"solid\"><fgColor rgb=\"FFE8ECF1\"/></patternFill></fill></fills>"
         "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
         "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" "
         "borderId=\"0\"/></cellStyleXfs><cellXfs count=\"8\">"
         "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
         "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"2\" borderId=\"0\" xfId=\"0\" "
         "applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyAlignment=\"1\"><alignment "
         "vertical=\"center\" wrapText=\"1\"/></xf>"
         "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
         "applyNumberFormat=\"1\"/>"
         "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
         "applyNumberFormat=\"1\"/>"
         "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
         "applyNumberFormat=\"1\"/>"
         "<xf numFmtId=\"166\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
         "applyNumberFormat=\"1\"/>"
         "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
         "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
         "quotePrefix=\"1\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";

struct xlsx_out {
    struct cx *cx;
    struct zip_out *zip;
    struct buf rows; /* written, not packed yet */
    const struct xlsx_plan *plans[SHEETS_MAX];
    size_t plans_n;
    size_t row, column; /* of the row at hand, from 1; column 0: none begun */
    bool open;
};

struct xlsx_out *xlsx_out_start(struct cx *cx, zip_sink *sink, void *state)
{
    struct xlsx_out *o = NEW(cx->arena, struct xlsx_out);
    o->cx = cx;
    o->zip = zip_out_start(cx, sink, state);
    o->rows = (struct buf){.arena = cx->arena, .limit = ROW_BYTES};
    return o;
}

/* ---- text as XML ---- */

/* "_x0041_" as text would be read as "A": its first line is written as Excel does. */
static bool looks_escaped(struct str s)
{
    if (s.n < 7 || !str_starts(s, S("_x")) || s.p[6] != '_')
        return false;
    for (size_t i = 2; i < 6; i++)
        if (!memchr("0123456789abcdefABCDEF", s.p[i], 22))
            return false;
    return true;
}

static void put_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char c = s.p[i];
        if (c == '&')
            buf_add(b, S("&amp;"));
        else if (c == '<')
            buf_add(b, S("&lt;"));
        else if (c == '>')
            buf_add(b, S("&gt;"));
        else if (c == '"')
            buf_add(b, S("&quot;"));
        else if ((unsigned char)c < 0x20 && c != '\n' && c != '\t')
            buf_fmt(b, "_x%04X_", (unsigned)(unsigned char)c);
        else if (c == '_' && looks_escaped(str_from(s, i)))
            buf_add(b, S("_x005F_"));
        else if (str_starts(str_from(s, i), S("\xEF\xBF\xBE")) ||
                 str_starts(str_from(s, i), S("\xEF\xBF\xBF")))
            i += 2; /* U+FFFE, U+FFFF: XML cannot hold them */
        else
            buf_byte(b, c);
    }
}

/* ---- cells ---- */

static void begin_cell(struct xlsx_out *o, enum style style, const char *type)
{
    MUST(o->open);
    struct buf *b = &o->rows;
    if (o->column++ == 0)
        buf_fmt(b, "<row r=\"%zu\">", o->row);
    struct arena_mark here = arena_here(o->cx->arena);
    const struct str letters = xlsx_column_name(o->cx->arena, o->column - 1);
    char name[16];
    const size_t n = letters.n < sizeof name ? letters.n : sizeof name;
    memcpy(name, letters.p, n);
    arena_back(o->cx->arena, here);
    buf_fmt(b, "<c r=\"%.*s%zu\"", (int)n, name, o->row);
    if (style != PLAIN)
        buf_fmt(b, " s=\"%d\"", (int)style);
    if (type[0])
        buf_fmt(b, " t=\"%s\"", type);
    buf_byte(b, '>');
}

static void put_string(struct xlsx_out *o, struct str s, enum style style)
{
    if (s.n == 0) {
        xlsx_put_empty(o);
        return;
    }
    begin_cell(o, style, "inlineStr");
    buf_add(&o->rows, S("<is><t xml:space=\"preserve\">"));
    put_escaped(&o->rows, s.n > CHARS_MAX ? text_cut(o->cx->arena, s, CHARS_MAX) : s);
    buf_add(&o->rows, S("</t></is></c>"));
}

/* An inline string is never a formula; the quote keeps it text when a person edits the cell. */
void xlsx_put_text(struct xlsx_out *o, struct str s)
{
    const bool formula = s.n > 0 && memchr("=+-@\t\r", s.p[0], 6);
    const struct xlsx_plan *plan = o->plans[o->plans_n - 1];
    const bool text_only = o->column < plan->columns_n && plan->columns[o->column].text_only;
    put_string(o, s, formula ? QUOTED : text_only ? TEXT_ONLY : PLAIN);
}

void xlsx_put_bold(struct xlsx_out *o, struct str s)
{
    put_string(o, s, BOLD);
}

void xlsx_put_empty(struct xlsx_out *o)
{
    if (o->column++ == 0)
        buf_fmt(&o->rows, "<row r=\"%zu\">", o->row);
}

static void put_whole(struct xlsx_out *o, int64_t v, enum style style)
{
    begin_cell(o, style, "");
    buf_fmt(&o->rows, "<v>%lld</v></c>", (long long)v);
}

void xlsx_put_int(struct xlsx_out *o, int64_t v)
{
    put_whole(o, v, PLAIN);
}

void xlsx_put_money(struct xlsx_out *o, int64_t dong)
{
    put_whole(o, dong, MONEY);
}

void xlsx_put_bool(struct xlsx_out *o, bool v)
{
    begin_cell(o, PLAIN, "b");
    buf_add(&o->rows, v ? S("<v>1</v></c>") : S("<v>0</v></c>"));
}

void xlsx_put_decimal(struct xlsx_out *o, struct str digits)
{
    MUST(digits.n > 0);
    for (size_t i = 0; i < digits.n; i++)
        MUST(memchr("0123456789.-", digits.p[i], 12));
    begin_cell(o, PLAIN, "");
    buf_fmt(&o->rows, "<v>%.*s</v></c>", F(digits));
}

static int64_t serial_of(int64_t day)
{
    return day - civil_day(1899, 12, 30);
}

/* The calendar of spreadsheets begins in 1900; earlier days are text. */
void xlsx_put_day(struct xlsx_out *o, int64_t day)
{
    if (serial_of(day) < 61)
        put_string(o, date_vi(o->cx->arena, day), PLAIN);
    else
        put_whole(o, serial_of(day), DAY);
}

void xlsx_put_instant(struct xlsx_out *o, int64_t utc_ms)
{
    const struct civil c = civil_at(utc_ms);
    const int64_t day = day_of(utc_ms), minute = c.hour * 60 + c.minute;
    if (serial_of(day) < 61) {
        put_string(o, time_vi(o->cx->arena, utc_ms), PLAIN);
        return;
    }
    begin_cell(o, INSTANT, "");
    buf_fmt(&o->rows, "<v>%.10f</v></c>", (double)serial_of(day) + (double)minute / 1440.0);
}

/* ---- rows ---- */

static enum err flush(struct xlsx_out *o)
{
    if (o->rows.full)
        return fail(o->cx, ERR_LIMIT, T("Một dòng xuất ra quá dài."));
    const enum err e = zip_out_add(o->zip, buf_str(&o->rows));
    o->rows.n = 0;
    return e;
}

enum err xlsx_end_row(struct xlsx_out *o)
{
    if (o->column > 0)
        buf_add(&o->rows, S("</row>"));
    o->column = 0;
    if (++o->row > ROWS_MAX)
        return fail(o->cx, ERR_LIMIT,
                    T("Bảng tính chỉ chứa được 1.048.576 dòng. Lọc bớt rồi xuất lại."));
    return o->rows.n > PENDING ? flush(o) : OK;
}

/* ---- sheets ---- */

static void put_columns(struct xlsx_out *o, const struct xlsx_plan *p)
{
    struct buf *b = &o->rows;
    buf_add(b, S("<cols>"));
    for (size_t i = 0; i < p->columns_n; i++) {
        const int width = p->columns[i].width > 0 ? p->columns[i].width : 16;
        buf_fmt(b, "<col min=\"%zu\" max=\"%zu\" width=\"%d\" customWidth=\"1\"", i + 1, i + 1,
                width);
        if (p->columns[i].text_only)
            buf_fmt(b, " style=\"%d\"", (int)TEXT_ONLY);
        buf_add(b, S("/>"));
    }
    buf_add(b, S("</cols>"));
}

static enum err end_sheet(struct xlsx_out *o)
{
    if (!o->open)
        return OK;
    const struct xlsx_plan *p = o->plans[o->plans_n - 1];
    buf_add(&o->rows, S("</sheetData>"));
    if (p->filter && p->columns_n > 0 && o->row > 2)
        buf_fmt(&o->rows, "<autoFilter ref=\"A1:%.*s%zu\"/>",
                F(xlsx_column_name(o->cx->arena, p->columns_n - 1)), o->row - 1);
    buf_add(&o->rows, S("</worksheet>"));
    o->open = false;
    return flush(o);
}

enum err xlsx_out_sheet(struct xlsx_out *o, const struct xlsx_plan *p)
{
    TRY(end_sheet(o));
    MUST(o->plans_n < SHEETS_MAX);
    o->plans[o->plans_n++] = p;
    TRY(zip_out_entry(o->zip, str_fmt(o->cx->arena, "xl/worksheets/sheet%zu.xml", o->plans_n)));
    buf_add(&o->rows, S(HEAD "<worksheet xmlns=\"" NS "\"><sheetViews><sheetView "));
    buf_add(&o->rows, o->plans_n == 1 ? S("tabSelected=\"1\" ") : S(""));
    buf_add(&o->rows, S("workbookViewId=\"0\">"));
    if (p->columns_n > 0)
        buf_add(&o->rows, S("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" "
                            "state=\"frozen\"/>"));
    buf_add(&o->rows, S("</sheetView></sheetViews>"));
    if (p->columns_n > 0)
        put_columns(o, p);
    buf_add(&o->rows, S("<sheetData>"));
    o->open = true;
    o->row = 1;
    o->column = 0;
    for (size_t i = 0; i < p->columns_n; i++)
        put_string(o, p->columns[i].title, TITLE);
    return p->columns_n > 0 ? xlsx_end_row(o) : OK;
}

/* ---- the parts around them ---- */

static struct str sheet_name(struct xlsx_out *o, size_t i)
{
    struct str name = str_dup(o->cx->arena, text_cut(o->cx->arena, o->plans[i]->name, 31));
    for (size_t k = 0; k < name.n; k++)
        if (memchr("[]:*?/\\'", name.p[k], 8))
            ((char *)(uintptr_t)name.p)[k] = ' ';
    return name.n > 0 ? name : str_fmt(o->cx->arena, "Trang %zu", i + 1);
}

static void put_workbook(struct xlsx_out *o, struct buf *b)
{
    buf_add(b, S(HEAD "<workbook xmlns=\"" NS "\" xmlns:r=\"" NS_R "\"><sheets>"));
    for (size_t i = 0; i < o->plans_n; i++) {
        buf_add(b, S("<sheet name=\""));
        put_escaped(b, sheet_name(o, i));
        buf_fmt(b, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i + 1, i + 1);
    }
    buf_add(b, S("</sheets></workbook>"));
}

static void put_relations(struct xlsx_out *o, struct buf *b)
{
    buf_add(b, S(HEAD "<Relationships xmlns=\"" NS_P "/relationships\">"));
    for (size_t i = 1; i <= o->plans_n; i++)
        buf_fmt(b,
                "<Relationship Id=\"rId%zu\" Type=\"" NS_R "/worksheet\" "
                "Target=\"worksheets/sheet%zu.xml\"/>",
                i, i);
    buf_fmt(b,
            "<Relationship Id=\"rId%zu\" Type=\"" NS_R "/styles\" Target=\"styles.xml\"/>"
            "</Relationships>",
            o->plans_n + 1);
}

#define KIND_OF "application/vnd.openxmlformats-officedocument.spreadsheetml."
static void put_types(struct xlsx_out *o, struct buf *b)
{
    buf_add(b,
            S(HEAD "<Types xmlns=\"" NS_P "/content-types\"><Default Extension=\"rels\" "
                   "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                   "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                   "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" KIND_OF
                   "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" KIND_OF
                   "styles+xml\"/>"));
    for (size_t i = 1; i <= o->plans_n; i++)
        buf_fmt(b,
                "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"" KIND_OF
                "worksheet+xml\"/>",
                i);
    buf_add(b, S("</Types>"));
}

static void put_root(struct xlsx_out *, struct buf *b)
{
    buf_add(b, S(HEAD "<Relationships xmlns=\"" NS_P "/relationships\"><Relationship Id=\"rId1\" "
                      "Type=\"" NS_R "/officeDocument\" Target=\"xl/workbook.xml\"/>"
                      "</Relationships>"));
}

static void put_styles(struct xlsx_out *, struct buf *b)
{
    buf_add(b, str_c(styles));
}

enum err xlsx_out_end(struct xlsx_out *o)
{
    static const struct {
        const char *name;
        void (*put)(struct xlsx_out *o, struct buf *b);
    } parts[] = {
        {"xl/workbook.xml", put_workbook}, {"xl/_rels/workbook.xml.rels", put_relations},
        {"xl/styles.xml", put_styles},     {"[Content_Types].xml", put_types},
        {"_rels/.rels", put_root},
    };
    MUST(o->plans_n > 0);
    TRY(end_sheet(o));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        TRY(zip_out_entry(o->zip, str_c(parts[i].name)));
        parts[i].put(o, &o->rows);
        TRY(flush(o));
    }
    return zip_out_end(o->zip);
}
