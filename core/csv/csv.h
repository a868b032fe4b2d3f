/*
 * csv.h - comma-separated values (RFC 4180): a strict bounded reader and a writer.
 *
 * The reader takes UTF-8 with or without a BOM, lines ended by CRLF or LF, and refuses what other
 * readers guess at: a quote inside a plain field, text behind a closing quote, an open quote at the
 * end, rows of another length than the first. The writer makes what spreadsheets open as it is
 * meant: with a BOM, and text that a spreadsheet would take for a formula is made plain text.
 */
#pragma once
#include "base/base.h"

struct csv_limits {
    size_t rows;        /* 100,000 */
    size_t columns;     /* 256 */
    size_t field_bytes; /* 32,768 */
};
extern const struct csv_limits csv_limits_default;

enum csv_separator {
    CSV_COMMA = 0,
    CSV_SEMICOLON,
    CSV_TAB,
    CSV_DETECT, /* "sep=;" on a line of its own, or whichever of the three the first line has most
                   of */
};

struct csv {
    struct str text;
    struct csv_limits limits;
    char separator;
    size_t at;
    size_t columns; /* of the first row; 0 before it */
    size_t row;     /* of the row read last, from 1 */
    size_t line;    /* where that row began, from 1; a quoted field may hold several lines */
    size_t line_next;
};

/* The text must outlive it. limits NULL: the default. ERR_INVALID: not UTF-8. */
enum err csv_open(struct cx *cx, struct str text, enum csv_separator separator,
                  const struct csv_limits *limits, struct csv *out);
/* The next row: *fields of *n in cx->arena, in NFC; *n = 0 at the end. Lines without a character
 * are passed over. ERR_INVALID, ERR_LIMIT: the sentence names line and column. */
enum err csv_next(struct cx *cx, struct csv *c, struct str **fields, size_t *n);

/* Writing adds to a buf, which the caller may empty between rows. */
struct csv_out {
    struct buf *to;
    char separator; /* 0: a comma */
    bool inside;    /* a row has begun */
};
void csv_put_bom(struct csv_out *o); /* first of all, for Excel */
/* Text: what begins with = + - @ TAB or CR (also in their full width) gets an apostrophe before. */
void csv_put_text(struct csv_out *o, struct str s);
void csv_put_int(struct csv_out *o, int64_t v);
void csv_put_decimal(struct csv_out *o, struct str digits); /* MUST be a plain decimal number */
void csv_end_row(struct csv_out *o);
/* Would a spreadsheet take this text for a formula? */
bool csv_is_formula(struct str s);
