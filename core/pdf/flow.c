/* flow.c - blocks to boxes. */
#include "flow.h"

#include "fonts.h"

#define DEPTH_MAX 12
#define LINE_SPACING 1.12
#define PARAGRAPH_GAP 0.25 /* of the size, between two paragraphs */
#define CELL_PAD 4.0
#define COLUMN_GAP 8.0
#define RULE_H 0.7
#define QR_SIDE 72.0
#define SIGNATURE_H 64.0

static struct box *add_box(struct typeset *t, struct flow *f, struct box box)
{
    struct box *b = vec_add(t->cx->arena, &f->boxes);
    *b = box;
    f->h += box.h;
    return b;
}

static void free_layout(void *layout)
{
    g_object_unref(layout);
}

static PangoLayout *new_layout(struct typeset *t)
{
    PangoLayout *layout = pango_layout_new(t->pango);
    cx_register(t->cx, NEW(t->cx->arena, struct closer), free_layout, layout);
    return layout;
}

static PangoFontDescription *font_of(const struct typeset *t, const struct pdf_block *b)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, t->spec->sans ? PDF_SANS "," PDF_SERIF
                                                                 : PDF_SERIF "," PDF_SANS);
    pango_font_description_set_size(font, (int)((b->size > 0 ? b->size : t->size) * PANGO_SCALE));
    if (b->bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    if (b->italic)
        pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
    return font;
}

enum err flow_layout(struct typeset *t, const struct pdf_block *b, double w, PangoLayout **out)
{
    if (!g_utf8_validate(b->text.p, (gssize)b->text.n, NULL))
        return fail(t->cx, ERR_INVALID, T("Nội dung của trang in không phải là chữ UTF-8."));
    static const PangoAlignment aligns[] = {
        [PDF_LEFT] = PANGO_ALIGN_LEFT,
        [PDF_CENTRE] = PANGO_ALIGN_CENTER,
        [PDF_RIGHT] = PANGO_ALIGN_RIGHT,
        [PDF_JUSTIFY] = PANGO_ALIGN_LEFT,
    };
    PangoLayout *layout = new_layout(t);
    PangoAttrList *attributes = pango_attr_list_new();
    struct str text = markup_read(t->cx->arena, b->text, attributes);
    PangoFontDescription *font = font_of(t, b);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text.p, (int)text.n);
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_width(layout, (int)(w * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, aligns[b->align]);
    pango_layout_set_justify(layout, b->align == PDF_JUSTIFY);
    pango_layout_set_indent(layout, (int)(b->indent * PANGO_SCALE));
    pango_layout_set_auto_dir(layout, FALSE);
    pango_font_description_free(font);
    pango_attr_list_unref(attributes);
    *out = layout;
    return OK;
}

/* The first two lines stay together, and the last two. */
static void keep_lines(struct flow *f, size_t first)
{
    size_t n = f->boxes.n - first;
    if (n < 2)
        return;
    f->boxes.p[first].keep_next = true;
    f->boxes.p[f->boxes.n - 2].keep_next = true;
}

static enum err add_text(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                         double w)
{
    PangoLayout *layout = NULL;
    TRY(flow_layout(t, b, w, &layout));
    double size = b->size > 0 ? b->size : t->size;
    if (f->boxes.n && f->boxes.p[f->boxes.n - 1].kind == BOX_LINE)
        add_box(t, f,
                (struct box){.kind = BOX_SPACE, .h = PARAGRAPH_GAP * size, .skip_at_top = true});
    size_t first = f->boxes.n;
    PangoLayoutIter *i = pango_layout_get_iter(layout);
    do {
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(i, NULL, &logical);
        double top = logical.y * POINT, h = logical.height * POINT;
        double baseline = pango_layout_iter_get_baseline(i) * POINT - top;
        double more = h * (LINE_SPACING - 1);
        add_box(t, f,
                (struct box){.kind = BOX_LINE,
                             .x = x + logical.x * POINT,
                             .w = logical.width * POINT,
                             .h = h + more,
                             .baseline = baseline + more / 2,
                             .line = pango_layout_iter_get_line_readonly(i)});
    } while (pango_layout_iter_next_line(i));
    pango_layout_iter_free(i);
    keep_lines(f, first);
    return OK;
}

/* Where something of this width stands within w. */
static double shift(enum pdf_align align, double w, double own)
{
    return align == PDF_RIGHT ? w - own : align == PDF_CENTRE ? (w - own) / 2 : 0;
}

static void add_rule(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                     double w)
{
    double own = b->width > 0 && b->width < 1 ? w * b->width : w;
    double h = b->height > 0 ? b->height : RULE_H;
    add_box(t, f,
            (struct box){.kind = BOX_RULE, .x = x + shift(b->align, w, own), .w = own, .h = h});
}

static enum err add_qr(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                       double w)
{
    double side = b->height > 0 ? b->height : QR_SIDE;
    struct box box = {.kind = BOX_QR, .x = x + shift(b->align, w, side), .w = side, .h = side};
    if (qr_make(t->cx->arena, b->text, &box.qr) != OK)
        return fail(t->cx, ERR_LIMIT, T("Nội dung mã QR dài quá %zu byte."), b->text.n);
    add_box(t, f, box);
    return OK;
}

static enum err add_children(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                             double w)
{
    for (size_t i = 0; i < b->children_n; i++)
        TRY(flow_add(t, f, &b->children[i], x, w));
    return OK;
}

static double share_of(const struct pdf_block *b)
{
    return b->width > 0 ? b->width : 1;
}

/* Children side by side. */
static enum err add_row(struct typeset *t, struct flow *f, const struct pdf_block *b, bool border,
                        double x, double w)
{
    struct arena *a = t->cx->arena;
    if (b->children_n == 0)
        return OK;
    struct row *r = NEW(a, struct row);
    *r = (struct row){.cells = NEW_N(a, struct flow, b->children_n),
                      .x = NEW_N(a, double, b->children_n),
                      .w = NEW_N(a, double, b->children_n),
                      .n = b->children_n,
                      .left = x,
                      .width = w,
                      .pad = border ? CELL_PAD : 0,
                      .border = border};
    double shares = 0, gap = border ? 0 : COLUMN_GAP, tallest = 0;
    for (size_t i = 0; i < r->n; i++)
        shares += share_of(&b->children[i]);
    double each = (w - gap * (double)(r->n - 1)) / shares;
    for (size_t i = 0; i < r->n; i++) {
        double own = each * share_of(&b->children[i]);
        r->x[i] = x + r->pad;
        r->w[i] = own - 2 * r->pad;
        if (r->w[i] < 1)
            r->w[i] = 1;
        TRY(flow_add(t, &r->cells[i], &b->children[i], r->x[i], r->w[i]));
        tallest = r->cells[i].h > tallest ? r->cells[i].h : tallest;
        x += own + gap;
    }
    add_box(t, f, (struct box){.kind = BOX_ROW, .row = r, .h = tallest + 2 * r->pad});
    return OK;
}

static enum err add_rows(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                         double w)
{
    struct box *head = NULL;
    for (size_t i = 0; i < b->children_n; i++) {
        const struct pdf_block *row = &b->children[i];
        if (row->kind != PDF_COLUMNS)
            return fail(t->cx, ERR_INVALID, T("Bảng trong mẫu in có dòng không phải là dãy cột."));
        size_t before = f->boxes.n;
        TRY(add_row(t, f, row, b->border || row->border, x, w));
        if (f->boxes.n == before)
            continue;
        struct box *box = &f->boxes.p[before];
        if (i == 0 && (b->head || row->head)) {
            head = NEW(t->cx->arena, struct box);
            *head = *box;
            box->keep_next = true; /* a head does not end a page */
        } else {
            box->head = head;
        }
    }
    return OK;
}

/* Together on one page, when one page can hold them. */
static enum err add_kept(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                         double w)
{
    struct flow *inside = NEW(t->cx->arena, struct flow);
    TRY(add_children(t, inside, b, x, w));
    if (inside->h <= t->paper_h - t->top - t->bottom) {
        add_box(t, f, (struct box){.kind = BOX_GROUP, .inside = inside, .h = inside->h});
        return OK;
    }
    for (size_t i = 0; i < inside->boxes.n; i++)
        add_box(t, f, inside->boxes.p[i]);
    return OK;
}

static enum err add_stack(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                          double w)
{
    x += b->indent;
    w -= b->indent;
    if (b->border) { /* a frame is a row of one cell */
        struct pdf_block inside = *b;
        inside.border = false;
        inside.indent = 0;
        return add_row(
            t, f, &(struct pdf_block){.kind = PDF_COLUMNS, .children = &inside, .children_n = 1},
            true, x, w);
    }
    return b->keep ? add_kept(t, f, b, x, w) : add_children(t, f, b, x, w);
}

static enum err add_block(struct typeset *t, struct flow *f, const struct pdf_block *b, double x,
                          double w)
{
    switch (b->kind) {
    case PDF_TEXT:
        return add_text(t, f, b, x, w);
    case PDF_COLUMNS:
        return add_row(t, f, b, b->border, x, w);
    case PDF_ROWS:
        return add_rows(t, f, b, x, w);
    case PDF_SPACE:
        add_box(t, f, (struct box){.kind = BOX_SPACE, .h = b->height, .skip_at_top = true});
        return OK;
    case PDF_RULE:
        add_rule(t, f, b, x, w);
        return OK;
    case PDF_QR:
        return add_qr(t, f, b, x, w);
    case PDF_STACK:
        return add_stack(t, f, b, x, w);
    case PDF_SIGNATURE:
        add_box(t, f,
                (struct box){.kind = BOX_SIGNATURE,
                             .x = x,
                             .w = w,
                             .h = b->height > 0 ? b->height : SIGNATURE_H});
        return OK;
    }
    return fail(t->cx, ERR_INVALID, T("Mẫu in có phần không rõ loại."));
}

enum err flow_add(struct typeset *t, struct flow *f, const struct pdf_block *b, double x, double w)
{
    if (t->depth == DEPTH_MAX)
        return fail(t->cx, ERR_LIMIT, T("Mẫu in lồng nhau quá %d bậc."), DEPTH_MAX);
    t->depth++;
    enum err e = add_block(t, f, b, x, w);
    t->depth--;
    return e;
}
