/*
 * xlsx.h - spreadsheets (Office Open XML, .xlsx): a strict bounded reader of one sheet, row by row,
 * and a streaming writer.
 *
 * The reader takes what Excel, LibreOffice and openpyxl write: shared and inline strings, numbers,
 * dates by their number format, truth values; of a formula its stored value. It never evaluates,
 * follows no link, knows no macro. The writer keeps one row in memory; its text cells are inline
 * strings, which no program takes for a formula.
 */
#pragma once
#include "base/base.h"
#include "zip/zip.h"

struct xlsx_limits {
    size_t rows;         /* 100,000: the number of the last row */
    size_t columns;      /* 256 */
    size_t cell_bytes;   /* 32,768 of UTF-8 */
    size_t shared_bytes; /* 32 MiB: all shared strings together */
    struct zip_limits zip;
};
extern const struct xlsx_limits xlsx_limits_default;

enum xlsx_kind {
    XLSX_EMPTY = 0,
    XLSX_TEXT,
    XLSX_NUMBER,
    XLSX_DATE, /* a day, with or without a time of it */
    XLSX_BOOL,
    XLSX_ERROR, /* "#N/A": what the formula's program left */
};

struct xlsx_cell {
    enum xlsx_kind kind;
    struct str text; /* trimmed, NFC; "12", "0.5", "2026-11-23", "2026-11-23T09:14", "1", "#N/A" */
    double number;   /* XLSX_NUMBER, XLSX_BOOL */
    int64_t day;     /* XLSX_DATE: days since 1970-01-01 */
    int64_t ms;      /* XLSX_DATE: of that day, to the second */
};

struct xlsx_row {
    size_t number;                 /* as the program shows it, from 1 */
    const struct xlsx_cell *cells; /* from column A; what lies between is XLSX_EMPTY */
    size_t n;
};

/* ---- reading ---- */

struct xlsx; /* memory of its own, given back by xlsx_close and when cx unwinds */

/* The bytes must outlive it. limits NULL: the default. ERR_INVALID: no workbook, damaged, or with
 * what it may not hold; ERR_LIMIT. The sentences are for the person who brought the file. */
enum err xlsx_open(struct cx *cx, struct str bytes, const struct xlsx_limits *limits,
                   struct xlsx **out);
void xlsx_close(struct xlsx *x);
size_t xlsx_sheets(const struct xlsx *x);
struct str xlsx_sheet_name(const struct xlsx *x, size_t i);
/* Begins to read sheet i from its first row. */
enum err xlsx_sheet(struct cx *cx, struct xlsx *x, size_t i);
/* ERR_NOT_FOUND: no sheet has this name (case does not count). */
enum err xlsx_sheet_named(struct cx *cx, struct xlsx *x, struct str name);
/* The next row that has a cell with content; row->n = 0 at the end. Cells live in cx->arena. */
enum err xlsx_next(struct cx *cx, struct xlsx *x, struct xlsx_row *row);
/* "A", "Z", "AA": how a spreadsheet names column i (from 0). */
struct str xlsx_column_name(struct arena *a, size_t i);

/* ---- writing ---- */

struct xlsx_column {
    struct str title;
    int width;      /* in characters; 0: 16 */
    bool text_only; /* what people type there stays text: codes keep their leading zeros */
};
struct xlsx_plan {
    struct str name; /* of the sheet; what may not stand in one becomes a blank, at most 31 chars */
    const struct xlsx_column *columns;
    size_t columns_n; /* 0: no head row */
    bool filter;      /* buttons to filter on the head row */
};

struct xlsx_out;
/* All in cx->arena (some 400 KiB); the same cx for all calls; the sink as in zip.h. */
struct xlsx_out *xlsx_out_start(struct cx *cx, zip_sink *sink, void *state);
/* Ends the sheet before; the head row is bold, filled and stays in sight. Plans must outlive it. */
enum err xlsx_out_sheet(struct xlsx_out *o, const struct xlsx_plan *plan);
/* Cells from left to right. What XML cannot hold is written as Excel does; over 32,767 characters
 * the text is cut. */
void xlsx_put_text(struct xlsx_out *o, struct str s);
void xlsx_put_bold(struct xlsx_out *o, struct str s);
void xlsx_put_int(struct xlsx_out *o, int64_t v);
void xlsx_put_money(struct xlsx_out *o, int64_t dong);        /* shown as 1.234.567 */
void xlsx_put_decimal(struct xlsx_out *o, struct str digits); /* MUST be a plain decimal number */
void xlsx_put_day(struct xlsx_out *o, int64_t day);           /* shown as 23/11/2026 */
void xlsx_put_instant(struct xlsx_out *o, int64_t utc_ms);    /* shown as 23/11/2026 09:14 */
void xlsx_put_bool(struct xlsx_out *o, bool v);
void xlsx_put_empty(struct xlsx_out *o);
/* ERR_LIMIT: over 1,048,576 rows. */
enum err xlsx_end_row(struct xlsx_out *o);
enum err xlsx_out_end(struct xlsx_out *o);
