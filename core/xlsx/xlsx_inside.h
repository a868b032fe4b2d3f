/* xlsx_inside.h - a workbook that is being read. */
#pragma once
#include "xlsx/xlsx.h"
#include "xlsx_xml.h"

#define SHEETS_MAX 64
#define STYLES_MAX 4096
#define PART_NAME_BYTES 256

enum style_kind { STYLE_NUMBER = 0, STYLE_DATE };

struct sheet_ref {
    struct str name, part;
};

struct xlsx {
    struct arena *arena; /* its own: whole tables of strings must not fill a request's */
    struct cx *cx;       /* of the opening: only to be released from it */
    struct closer closer;
    struct xlsx_limits limits;
    struct zip zip;
    struct sheet_ref sheets[SHEETS_MAX];
    size_t sheets_n;
    bool from_1904;
    VEC(struct str) shared;
    unsigned char *styles; /* enum style_kind of each cell format */
    size_t styles_n;
    /* the sheet at hand */
    struct zip_reader *reader;
    struct xml xml;
    bool in_sheet; /* between <sheetData> and its end */
    size_t row;    /* number of the row read last */
    struct arena_mark before_sheet;
};

/* Begins to scan a part; x->xml is then before its root. ERR_INVALID: there is none. */
enum err xlsx_part(struct cx *cx, struct xlsx *x, struct str part);
/* Text of everything inside the element that was opened last, up to its end; what stands in
 * phonetic hints (rPh) is left out. In `a`, NFC, with Excel's _x000D_ undone. */
enum err xlsx_text(struct cx *cx, struct xlsx *x, struct arena *a, struct str *out);
enum err xlsx_read_styles(struct cx *cx, struct xlsx *x, struct str part);
enum err xlsx_read_shared(struct cx *cx, struct xlsx *x, struct str part);
enum err xlsx_broken(struct cx *cx);
