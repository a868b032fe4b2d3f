/* paginate.c - boxes to pages: what stands together, what is repeated, what must be cut. */
#include "flow.h"

#define PAGES_MAX 200
#define HAIR 0.01 /* sums of heights are not exact */

struct pager {
    struct typeset *t;
    struct pages *out;
    double height; /* of a page's inside */
    double y, top; /* top: below a repeated head */
};

static void put(struct pager *p, const struct box *b)
{
    *vec_add(p->t->cx->arena, &p->out->placed) =
        (struct placed){.page = p->out->n - 1, .y = p->y, .box = b};
    p->y += b->h;
}

static enum err turn_page(struct pager *p, const struct box *head)
{
    if (p->out->n == PAGES_MAX)
        return fail(p->t->cx, ERR_LIMIT, T("Tài liệu dài quá %d trang."), PAGES_MAX);
    p->out->n++;
    p->y = 0;
    if (head && head->h < p->height / 2)
        put(p, head);
    p->top = p->y;
    return OK;
}

static bool fits(const struct pager *p, double h)
{
    return p->y + h <= p->height + HAIR;
}

static bool at_top(const struct pager *p)
{
    return p->y <= p->top + HAIR;
}

/* The height of box i with all that must stand beside it, as far as a page can hold that. */
static double needed(const struct pager *p, const struct flow *f, size_t i)
{
    double sum = 0;
    for (size_t k = i; k < f->boxes.n; k++) {
        sum += f->boxes.p[k].h;
        if (sum > p->height)
            return f->boxes.p[i].h;
        if (!f->boxes.p[k].keep_next)
            break;
    }
    return sum;
}

/* Moves the boxes that fit into `room` from the beginning of `from` to `to`. */
static void move_boxes(struct arena *a, struct flow *from, struct flow *to, double room, bool force)
{
    size_t n = 0;
    while (n < from->boxes.n && (to->h + from->boxes.p[n].h <= room + HAIR || (force && n == 0))) {
        *vec_add(a, &to->boxes) = from->boxes.p[n];
        to->h += from->boxes.p[n].h;
        n++;
    }
    from->boxes.p += n;
    from->boxes.n -= n;
    from->boxes.cap = from->boxes.n; /* it grows elsewhere, if ever */
    from->h -= to->h;
}

static double tallest(const struct row *r)
{
    double h = 0;
    for (size_t i = 0; i < r->n; i++)
        h = r->cells[i].h > h ? r->cells[i].h : h;
    return h + 2 * r->pad;
}

static bool is_empty(const struct row *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->cells[i].boxes.n)
            return false;
    return true;
}

/* A row of its own of what fits; the rest stays in `rest`. */
static struct box *cut_row(struct pager *p, struct row *rest, double room, bool force)
{
    struct arena *a = p->t->cx->arena;
    struct row *part = NEW(a, struct row);
    *part = *rest;
    part->cells = NEW_N(a, struct flow, rest->n);
    for (size_t i = 0; i < rest->n; i++)
        move_boxes(a, &rest->cells[i], &part->cells[i], room - 2 * rest->pad, force);
    struct box *b = NEW(a, struct box);
    *b = (struct box){.kind = BOX_ROW, .row = part, .h = tallest(part)};
    return b;
}

/* A row taller than a page goes over several, its lines uncut. */
static enum err put_long_row(struct pager *p, const struct box *b)
{
    struct arena *a = p->t->cx->arena;
    struct row *rest = NEW(a, struct row);
    *rest = *b->row;
    rest->cells = NEW_N(a, struct flow, rest->n);
    memcpy(rest->cells, b->row->cells, rest->n * sizeof *rest->cells);
    for (;;) {
        struct box *part = cut_row(p, rest, p->height - p->y, at_top(p));
        if (!is_empty(part->row))
            put(p, part);
        if (is_empty(rest))
            return OK;
        TRY(turn_page(p, b->head));
    }
}

static enum err place(struct pager *p, const struct flow *f, size_t i)
{
    const struct box *b = &f->boxes.p[i];
    if (b->skip_at_top && at_top(p) && p->out->n > 1)
        return OK;
    if (b->skip_at_top && !fits(p, b->h))
        return OK; /* the next box turns the page, and white space does not begin one */
    if (b->kind == BOX_ROW && b->h > p->height)
        return put_long_row(p, b);
    if (!fits(p, needed(p, f, i)) && !at_top(p))
        TRY(turn_page(p, b->head));
    if (b->kind == BOX_ROW && !fits(p, b->h))
        return put_long_row(p, b); /* it would have fitted without the repeated head */
    put(p, b);
    return OK;
}

enum err flow_paginate(struct typeset *t, const struct flow *f, double height, struct pages *out)
{
    struct pager p = {.t = t, .out = out, .height = height};
    *out = (struct pages){0};
    TRY(turn_page(&p, NULL));
    for (size_t i = 0; i < f->boxes.n; i++)
        TRY(place(&p, f, i));
    return OK;
}
