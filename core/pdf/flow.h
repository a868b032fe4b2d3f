/* flow.h - from blocks to boxes to pages; for this room only.
 *
 * A block becomes boxes: things of known height that stand one under another and are not cut.
 * A paragraph is one box a line, a table one box a row. Paging then fills pages with boxes, and
 * drawing puts them on paper. */
#pragma once
#include "pdf/pdf.h"

#include <pango/pangocairo.h>

enum box_kind { BOX_LINE = 1, BOX_SPACE, BOX_RULE, BOX_QR, BOX_ROW, BOX_GROUP, BOX_SIGNATURE };

struct box {
    enum box_kind kind;
    double x, w, h;
    double baseline;        /* LINE: from the top */
    PangoLayoutLine *line;  /* LINE: owned by the typesetter's layouts */
    struct qr qr;           /* QR */
    struct row *row;        /* ROW */
    struct flow *inside;    /* GROUP: kept together */
    const struct box *head; /* ROW: what is repeated above it on a new page */
    bool skip_at_top;       /* white space that a page does not begin with */
    bool keep_next;         /* the next box stands on the same page */
};
struct flow {
    VEC(struct box) boxes;
    double h;
};
struct row {
    struct flow *cells;
    double *x, *w; /* of each cell, inside of its padding */
    size_t n;
    double left, width, pad;
    bool border;
};

/* Where a box stands. */
struct placed {
    int page; /* from 0 */
    double y;
    const struct box *box;
};
struct pages {
    VEC(struct placed) placed;
    int n;
};

struct signature_place {
    int page;
    double x, y, w, h; /* from the top left of the page */
};

struct typeset {
    struct cx *cx;
    const struct pdf_page_spec *spec;
    double paper_w, paper_h, left, right, top, bottom, size;
    PangoContext *pango;
    VEC(struct signature_place) signatures;
    int depth;
};

#define POINT (1.0 / PANGO_SCALE)

enum err flow_add(struct typeset *t, struct flow *f, const struct pdf_block *b, double x, double w);
enum err flow_paginate(struct typeset *t, const struct flow *f, double height, struct pages *out);
void flow_draw(struct typeset *t, cairo_t *cr, int page, const struct box *b, double x, double y);

/* A paragraph with marks resolved; ERR_INVALID: not UTF-8. Owned by t. */
enum err flow_layout(struct typeset *t, const struct pdf_block *b, double w, PangoLayout **out);

/* **bold**, //italic//, backslash before a mark: the plain text and its attributes. */
struct str markup_read(struct arena *a, struct str marked, PangoAttrList *attributes);
