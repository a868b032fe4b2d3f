/* xlsx_read.c - rows and cells of a sheet, one row in memory at a time. */
#include "xlsx_inside.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define SERIAL_MAX 2958466.0 /* 31/12/9999 */
#define DAY_SECONDS 86400

struct str xlsx_column_name(struct arena *a, size_t i)
{
    char letters[8];
    size_t at = sizeof letters;
    for (i++; i > 0 && at > 0; i = (i - 1) / 26)
        letters[--at] = (char)('A' + (i - 1) % 26);
    return str_dup(a, (struct str){letters + at, sizeof letters - at});
}

enum err xlsx_sheet(struct cx *cx, struct xlsx *x, size_t i)
{
    if (i >= x->sheets_n)
        return fail(cx, ERR_NOT_FOUND, T("Bảng tính không có trang thứ %zu."), i + 1);
    x->in_sheet = false;
    x->row = 0;
    arena_back(x->arena, x->before_sheet);
    TRY(xlsx_part(cx, x, x->sheets[i].part));
    for (;;) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind == XML_END)
            return OK; /* a sheet without rows */
        if (x->xml.kind == XML_OPEN && x->xml.depth == 2 && str_eq(x->xml.name, S("sheetData"))) {
            x->in_sheet = true;
            return OK;
        }
    }
}

enum err xlsx_sheet_named(struct cx *cx, struct xlsx *x, struct str name)
{
    const struct str wanted = text_compare_key(cx->arena, name);
    for (size_t i = 0; i < x->sheets_n; i++)
        if (str_eq(text_compare_key(cx->arena, x->sheets[i].name), wanted))
            return xlsx_sheet(cx, x, i);
    return fail(cx, ERR_NOT_FOUND, T("Tệp không có trang tên “%.*s”."), F(name));
}

/* ---- what a cell holds ---- */

static bool number_of(struct str s, double *out)
{
    char digits[64];
    if (s.n == 0 || s.n >= sizeof digits)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!memchr("0123456789+-.eE", s.p[i], 15))
            return false;
    memcpy(digits, s.p, s.n);
    digits[s.n] = 0;
    char *end;
    *out = strtod(digits, &end);
    return end == digits + s.n && isfinite(*out);
}

/* What the program shows, not the last bits of a binary fraction: 0.1, not 0.10000000000000001. */
static struct str number_text(struct arena *a, double v)
{
    const double whole = nearbyint(v);
    if (whole == v && fabs(v) < 1e15)
        return str_fmt(a, "%lld", (long long)v);
    return str_fmt(a, "%.15g", v);
}

/* Day 60 of the calendar from 1900 is the 29th of February, which was not; what is before it counts
 * one less. */
static bool date_of(const struct xlsx *x, double serial, struct xlsx_cell *c)
{
    if (!(serial >= 0) || serial >= SERIAL_MAX)
        return false;
    double day = floor(serial);
    double seconds = nearbyint((serial - day) * DAY_SECONDS);
    if (seconds >= DAY_SECONDS) {
        seconds = 0;
        day++;
    }
    if (!x->from_1904 && day == 60)
        return false;
    const int64_t zero = x->from_1904 ? civil_day(1904, 1, 1)
                         : day < 60   ? civil_day(1899, 12, 31)
                                      : civil_day(1899, 12, 30);
    c->day = zero + (int64_t)day;
    c->ms = (int64_t)seconds * 1000;
    return true;
}

static void date_cell(struct cx *cx, struct xlsx_cell *c)
{
    c->kind = XLSX_DATE;
    const int minutes = (int)(c->ms / MINUTE_MS);
    c->text = date_iso(cx->arena, c->day);
    if (c->ms > 0)
        c->text = str_fmt(cx->arena, "%.*sT%02d:%02d", F(c->text), minutes / 60, minutes % 60);
}

static enum err number_cell(struct cx *cx, struct xlsx *x, struct str raw, size_t style,
                            struct xlsx_cell *c)
{
    if (!number_of(raw, &c->number))
        return xlsx_broken(cx);
    const bool dated = style < x->styles_n && x->styles[style] == STYLE_DATE;
    if (dated && date_of(x, c->number, c)) {
        date_cell(cx, c);
        return OK;
    }
    c->kind = XLSX_NUMBER;
    c->text = number_text(cx->arena, c->number);
    return OK;
}

static enum err shared_cell(struct cx *cx, struct xlsx *x, struct str raw, struct xlsx_cell *c)
{
    int64_t i;
    if (!str_int(raw, &i) || i < 0 || (size_t)i >= x->shared.n)
        return xlsx_broken(cx);
    c->kind = XLSX_TEXT;
    c->text = str_trim(x->shared.p[i]);
    return OK;
}

/* raw is the <v> of the cell. */
static enum err value_cell(struct cx *cx, struct xlsx *x, struct str type, struct str raw,
                           size_t style, struct xlsx_cell *c)
{
    if (str_eq(type, S("s")))
        return shared_cell(cx, x, raw, c);
    if (str_eq(type, S("")) || str_eq(type, S("n")))
        return number_cell(cx, x, raw, style, c);
    c->text = raw;
    c->kind = str_eq(type, S("str"))                                            ? XLSX_TEXT
              : str_eq(type, S("e"))                                            ? XLSX_ERROR
              : str_eq(type, S("b"))                                            ? XLSX_BOOL
              : str_eq(type, S("d")) && date_parse(str_until(raw, 10), &c->day) ? XLSX_DATE
                                                                                : XLSX_EMPTY;
    if (c->kind == XLSX_BOOL)
        c->number = str_eq(raw, S("1"));
    return c->kind != XLSX_EMPTY ? OK : xlsx_broken(cx);
}

/* ---- one cell ---- */

struct place {
    struct str type;
    size_t style, column;
};

/* "BC12" in row 12 is column 54; without an address it is the one after. */
static bool place_of(const struct xlsx *x, struct place *p)
{
    const struct str at = xml_attribute(&x->xml, S("r")), style = xml_attribute(&x->xml, S("s"));
    int64_t v = 0;
    size_t letters = 0, column = 0;
    while (letters < at.n && letters < 4 && at.p[letters] >= 'A' && at.p[letters] <= 'Z')
        column = column * 26 + (size_t)(at.p[letters++] - 'A' + 1);
    if (at.n > 0) {
        if (letters == 0 || !str_int(str_from(at, letters), &v) || v != (int64_t)x->row)
            return false;
        if (column <= p->column)
            return false; /* cells go from left to right */
        p->column = column;
    } else {
        p->column++;
    }
    v = 0;
    if (style.n > 0 && (!str_int(style, &v) || v < 0))
        return false;
    p->style = (size_t)v;
    return true;
}

static enum err cell_inside(struct cx *cx, struct xlsx *x, const struct place *p,
                            struct xlsx_cell *c)
{
    bool seen = false;
    const size_t until = x->xml.depth - 1;
    while (x->xml.depth > until) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind != XML_OPEN)
            continue;
        const bool value = str_eq(x->xml.name, S("v")), inside = str_eq(x->xml.name, S("is"));
        if (!value && !inside) {
            TRY(xml_skip(cx, &x->xml)); /* the formula, and what others add */
            continue;
        }
        if (seen)
            return xlsx_broken(cx); /* one cell, one value */
        seen = true;
        struct str raw;
        TRY(xlsx_text(cx, x, cx->arena, &raw));
        raw = str_trim(raw);
        if (value && raw.n > 0)
            TRY(value_cell(cx, x, p->type, raw, p->style, c));
        else if (raw.n > 0)
            *c = (struct xlsx_cell){.kind = XLSX_TEXT, .text = raw};
    }
    if (c->kind == XLSX_TEXT && c->text.n == 0)
        c->kind = XLSX_EMPTY;
    return OK;
}

/* ---- one row ---- */

struct cells {
    struct xlsx_cell *p;
    size_t n, cap;
};

static void put_cell(struct cx *cx, struct cells *all, size_t column, const struct xlsx_cell *c)
{
    while (all->n < column)
        *vec_add(cx->arena, all) = (struct xlsx_cell){0};
    all->p[column - 1] = *c;
}

static enum err row_number(struct cx *cx, struct xlsx *x)
{
    const struct str r = xml_attribute(&x->xml, S("r"));
    int64_t number = (int64_t)x->row + 1;
    if (r.n > 0 && (!str_int(r, &number) || number <= (int64_t)x->row))
        return xlsx_broken(cx);
    if (number > (int64_t)x->limits.rows)
        return fail(cx, ERR_LIMIT, T("Trang tính có quá %zu dòng. Chia thành nhiều tệp."),
                    x->limits.rows);
    x->row = (size_t)number;
    return OK;
}

/* From behind <row> to its end. */
static enum err row_cells(struct cx *cx, struct xlsx *x, struct cells *all)
{
    struct place p = {0};
    const size_t until = x->xml.depth - 1;
    while (x->xml.depth > until) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind != XML_OPEN)
            continue;
        if (!str_eq(x->xml.name, S("c"))) {
            TRY(xml_skip(cx, &x->xml));
            continue;
        }
        if (!place_of(x, &p))
            return xlsx_broken(cx);
        char type[16];
        const struct str t = xml_attribute(&x->xml, S("t"));
        if (t.n > sizeof type)
            return xlsx_broken(cx);
        memcpy(type, t.p, t.n); /* the scanner goes on */
        p.type = (struct str){type, t.n};
        struct xlsx_cell c = {0};
        const struct arena_mark here = arena_here(cx->arena);
        TRY(cell_inside(cx, x, &p, &c));
        if (c.kind == XLSX_EMPTY) {
            arena_back(cx->arena, here); /* formats reach far beyond the last column */
            continue;
        }
        if (p.column > x->limits.columns)
            return fail(cx, ERR_LIMIT, T("Dòng %zu có quá %zu cột."), x->row, x->limits.columns);
        put_cell(cx, all, p.column, &c);
    }
    return OK;
}

enum err xlsx_next(struct cx *cx, struct xlsx *x, struct xlsx_row *row)
{
    *row = (struct xlsx_row){0};
    while (x->in_sheet) {
        TRY(xml_next(cx, &x->xml));
        if (x->xml.kind == XML_CLOSE || x->xml.kind == XML_END) {
            x->in_sheet = false;
            return OK;
        }
        if (x->xml.kind != XML_OPEN)
            continue;
        if (!str_eq(x->xml.name, S("row")))
            return xlsx_broken(cx);
        TRY(row_number(cx, x));
        struct cells all = {0};
        TRY(row_cells(cx, x, &all));
        if (all.n > 0) {
            *row = (struct xlsx_row){.number = x->row, .cells = all.p, .n = all.n};
            return OK;
        }
    }
    return OK;
}
