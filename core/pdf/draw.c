/* draw.c - boxes on paper. */
#include "flow.h"

#define BORDER_W 0.5
#define QR_QUIET 4 /* modules */

static void fill_box(cairo_t *cr, double x, double y, double w, double h)
{
    cairo_rectangle(cr, x, y, w, h);
    cairo_fill(cr);
}

/* One path of runs, so that no hair lines show between neighbours. */
static void draw_qr(cairo_t *cr, const struct box *b, double x, double y)
{
    const struct qr *q = &b->qr;
    double module = b->w / (q->side + 2 * QR_QUIET);
    x += b->x + QR_QUIET * module;
    y += QR_QUIET * module;
    for (int row = 0; row < q->side; row++) {
        for (int from = 0; from < q->side;) {
            int to = from;
            while (to < q->side && q->dark[row * q->side + to])
                to++;
            if (to > from)
                cairo_rectangle(cr, x + from * module, y + row * module, (to - from) * module,
                                module);
            from = to + 1;
        }
    }
    cairo_fill(cr);
}

static void draw_flow(struct typeset *t, cairo_t *cr, int page, const struct flow *f, double x,
                      double y)
{
    for (size_t i = 0; i < f->boxes.n; i++) {
        flow_draw(t, cr, page, &f->boxes.p[i], x, y);
        y += f->boxes.p[i].h;
    }
}

static void draw_row(struct typeset *t, cairo_t *cr, int page, const struct box *b, double x,
                     double y)
{
    const struct row *r = b->row;
    for (size_t i = 0; i < r->n; i++)
        draw_flow(t, cr, page, &r->cells[i], x, y + r->pad);
    if (!r->border)
        return;
    cairo_set_line_width(cr, BORDER_W);
    cairo_rectangle(cr, x + r->left, y, r->width, b->h);
    for (size_t i = 1; i < r->n; i++) {
        cairo_move_to(cr, x + r->x[i] - r->pad, y);
        cairo_line_to(cr, x + r->x[i] - r->pad, y + b->h);
    }
    cairo_stroke(cr);
}

void flow_draw(struct typeset *t, cairo_t *cr, int page, const struct box *b, double x, double y)
{
    switch (b->kind) {
    case BOX_LINE:
        cairo_move_to(cr, x + b->x, y + b->baseline);
        pango_cairo_show_layout_line(cr, b->line);
        break;
    case BOX_RULE:
        fill_box(cr, x + b->x, y, b->w, b->h);
        break;
    case BOX_QR:
        draw_qr(cr, b, x, y);
        break;
    case BOX_ROW:
        draw_row(t, cr, page, b, x, y);
        break;
    case BOX_GROUP:
        draw_flow(t, cr, page, b->inside, x, y);
        break;
    case BOX_SIGNATURE:
        *vec_add(t->cx->arena, &t->signatures) =
            (struct signature_place){page, x + b->x, y, b->w, b->h};
        break;
    case BOX_SPACE:
        break;
    }
}
