/* caption.c - what is seen in the place of a signature, as a form object with its own fonts.
 *
 * cairo sets the caption as a page of its own, exactly as large as the place; that page's
 * objects are then copied into the revision that signs, under new numbers. */
#include "caption.h"

#include "draft.h"

#define PAD 4.0
#define SIZE_MOST 10.0
#define SIZE_LEAST 4.0
#define COPIES_MAX 400

/* As large as it may be, and small enough for the place. */
static enum err set_caption(struct cx *cx, struct str caption, double w, double h, struct str *pdf)
{
    const struct pdf_page_spec spec = {.title = S("")};
    struct typeset t = {
        .cx = cx, .spec = &spec, .paper_w = w, .paper_h = h, .left = PAD, .right = PAD, .top = PAD};
    for (double size = SIZE_MOST;; size -= 0.5) {
        const struct pdf_block b = {.kind = PDF_TEXT, .text = caption, .size = size};
        int pages;
        TRY(draft_typeset(&t, &b, 1, &pages, pdf));
        if (pages == 1 || size <= SIZE_LEAST)
            return OK;
    }
}

/* ---- copying ---- */

struct copy {
    struct cx *cx;
    const struct pdf_doc *from;
    struct pdf_update *to;
    uint32_t *numbers; /* by old number; 0: not met yet */
    VEC(uint32_t) waiting;
};

static uint32_t copied(struct copy *c, uint32_t old)
{
    if (old >= c->from->xref_n)
        return 0;
    if (c->numbers[old] == 0) {
        c->numbers[old] = pdf_update_new(c->to);
        *vec_add(c->cx->arena, &c->waiting) = old;
    }
    return c->numbers[old];
}

/* The value with the numbers of the new file. */
static void renumber(struct copy *c, struct buf *b, struct str value, int depth)
{
    uint32_t old;
    struct str key, item;
    MUST(depth < PDF_DEPTH_MAX); /* the reader lets nothing deeper through */
    if (pdf_ref(value, &old)) {
        buf_fmt(b, "%u 0 R", copied(c, old));
    } else if (pdf_is_dict(value)) {
        buf_add(b, S("<<"));
        for (size_t at = 0; pdf_pair(value, &at, &key, &item);) {
            buf_fmt(b, " %.*s ", F(key));
            renumber(c, b, item, depth + 1);
        }
        buf_add(b, S(" >>"));
    } else if (pdf_is_array(value)) {
        buf_byte(b, '[');
        for (size_t at = 0; pdf_item(value, &at, &item);) {
            buf_byte(b, ' ');
            renumber(c, b, item, depth + 1);
        }
        buf_add(b, S(" ]"));
    } else {
        buf_add(b, value);
    }
}

static struct str renumbered(struct copy *c, struct str value)
{
    struct buf b = {.arena = c->cx->arena, .limit = 4 * value.n + 64};
    renumber(c, &b, value, 0);
    MUST(!b.full);
    return buf_str(&b);
}

/* /Length stands in an object of its own behind the stream: here it is known. */
static struct str with_length(struct copy *c, struct str dict, struct str body)
{
    struct str length = str_fmt(c->cx->arena, "%zu", body.n);
    return pdf_with(c->cx->arena, dict, &(struct pdf_entry){"Length", length}, 1);
}

static enum err copy_waiting(struct copy *c)
{
    for (size_t i = 0; i < c->waiting.n; i++) {
        uint32_t old = c->waiting.p[i], number = c->numbers[old];
        struct str body, value = pdf_object(c->from, old, &body);
        if (i == COPIES_MAX || value.n == 0)
            return fail(c->cx, ERR_IO, "a caption's object %u cannot be copied", old);
        if (body.n)
            pdf_update_put_stream(c->to, number, renumbered(c, with_length(c, value, body)), body);
        else
            pdf_update_put(c->to, number, renumbered(c, value));
    }
    return OK;
}

static enum err copy_page(struct cx *cx, const struct pdf_doc *d, struct pdf_update *u, double w,
                          double h, uint32_t form)
{
    uint32_t page, content;
    TRY(draft_page(cx, d, 0, &page));
    struct str dict = pdf_object(d, page, NULL), body = S(""), stream = S("");
    if (pdf_ref(pdf_get(dict, "Contents"), &content))
        stream = pdf_object(d, content, &body);
    struct str resources = pdf_get_followed(d, dict, "Resources");
    if (body.n == 0 || resources.n == 0)
        return fail(cx, ERR_IO, "a caption's page is not as cairo writes it");
    struct copy c = {.cx = cx, .from = d, .to = u};
    c.numbers = NEW_N(cx->arena, uint32_t, d->xref_n);
    const struct pdf_entry entries[] = {
        {"Type", S("/XObject")},
        {"Subtype", S("/Form")},
        {"BBox", str_fmt(cx->arena, "[0 0 %.2f %.2f]", w, h)},
        {"Resources", renumbered(&c, resources)},
        {"Length", str_fmt(cx->arena, "%zu", body.n)},
    };
    pdf_update_put_stream(u, form, pdf_with(cx->arena, stream, entries, 5), body);
    return copy_waiting(&c);
}

enum err caption_add(struct cx *cx, struct pdf_update *u, struct str caption, double w, double h,
                     uint32_t *form)
{
    struct str pdf;
    struct pdf_doc d;
    TRY(set_caption(cx, caption, w, h, &pdf));
    TRY(pdf_open(cx, pdf, &d));
    *form = pdf_update_new(u);
    return copy_page(cx, &d, u, w, h, *form);
}
