/* make.c - pdf_make: pages by cairo, then one revision with what cairo cannot write. */
#include "pdf/pdf.h"

#include <cairo-pdf.h>
#include <math.h>

#include "draft.h"
#include "flow.h"
#include "fonts.h"
#include "pdf_string.h"
#include "pdf_update.h"

#define MM (72.0 / 25.4)
#define SIZE 13.0
#define FOOT_SIZE 9.0
#define FOOT_GREY 0.35
#define WATERMARK_GREY 0.9
#define PDF_BYTES_MAX ((size_t)48 << 20)
#define FIELDS_MAX 8

/* ---- the sheet ---- */

static double or_rule(double given, double rule)
{
    return given > 0 ? given : rule;
}

static void set_sheet(struct typeset *t, const struct pdf_page_spec *s)
{
    bool a5 = s->paper == PDF_A5;
    t->paper_w = (a5 ? 148 : 210) * MM;
    t->paper_h = (a5 ? 210 : 297) * MM;
    if (s->wide) {
        double side = t->paper_w;
        t->paper_w = t->paper_h;
        t->paper_h = side;
    }
    t->top = or_rule(s->margin_top, (a5 ? 15 : 20) * MM);
    t->bottom = or_rule(s->margin_bottom, (a5 ? 15 : 20) * MM);
    t->left = or_rule(s->margin_left, (a5 ? 15 : 30) * MM);
    t->right = or_rule(s->margin_right, 15 * MM);
    t->size = or_rule(s->size, SIZE);
}

static void free_object(void *object)
{
    g_object_unref(object);
}

/* Text is laid out in the units of the page, without the rounding that screens want. */
static enum err set_pango(struct typeset *t)
{
    PangoFontMap *map;
    TRY(pdf_fonts(t->cx, &map));
    t->pango = pango_font_map_create_context(map);
    cx_register(t->cx, NEW(t->cx->arena, struct closer), free_object, t->pango);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(t->pango, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(t->pango, 72);
    pango_context_set_round_glyph_positions(t->pango, FALSE);
    pango_context_set_language(t->pango, pango_language_from_string("vi"));
    return OK;
}

/* ---- what stands on every page ---- */

static struct str replaced(struct arena *a, struct str text, struct str what, int number)
{
    size_t at;
    if (!str_find(text, what, &at))
        return text;
    return str_fmt(a, "%.*s%d%.*s", (int)at, text.p, number, F(str_from(text, at + what.n)));
}

static enum err draw_foot(struct typeset *t, cairo_t *cr, int page, int pages)
{
    struct str text = replaced(t->cx->arena, t->spec->foot, S("{page}"), page + 1);
    text = replaced(t->cx->arena, text, S("{pages}"), pages);
    if (text.n == 0)
        return OK;
    PangoLayout *layout;
    const struct pdf_block b = {
        .kind = PDF_TEXT, .align = PDF_CENTRE, .size = FOOT_SIZE, .text = text};
    TRY(flow_layout(t, &b, t->paper_w - t->left - t->right, &layout));
    pango_layout_set_height(layout, 0); /* one line */
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    cairo_set_source_rgb(cr, FOOT_GREY, FOOT_GREY, FOOT_GREY);
    cairo_move_to(cr, t->left, t->paper_h - t->bottom / 2 - FOOT_SIZE / 2);
    pango_cairo_show_layout(cr, layout);
    cairo_set_source_rgb(cr, 0, 0, 0);
    return OK;
}

/* As outlines: searching and copying the text of the page must not meet it. */
static enum err draw_watermark(struct typeset *t, cairo_t *cr)
{
    if (t->spec->watermark.n == 0)
        return OK;
    PangoLayout *layout;
    int w, h;
    double diagonal = hypot(t->paper_w, t->paper_h), size = 100;
    const struct pdf_block b = {
        .kind = PDF_TEXT, .size = size, .bold = true, .text = t->spec->watermark};
    TRY(flow_layout(t, &b, 100 * diagonal, &layout));
    pango_layout_get_size(layout, &w, &h);
    double scale = w > 0 ? 0.62 * diagonal / (w * POINT) : 1;
    cairo_save(cr);
    cairo_translate(cr, t->paper_w / 2, t->paper_h / 2);
    cairo_rotate(cr, -atan2(t->paper_h, t->paper_w));
    cairo_scale(cr, scale, scale);
    cairo_move_to(cr, -w * POINT / 2, -h * POINT / 2);
    pango_cairo_layout_path(cr, layout);
    cairo_set_source_rgb(cr, WATERMARK_GREY, WATERMARK_GREY, WATERMARK_GREY);
    cairo_fill(cr);
    cairo_restore(cr);
    cairo_set_source_rgb(cr, 0, 0, 0);
    return OK;
}

static enum err draw_pages(struct typeset *t, cairo_t *cr, const struct pages *pages)
{
    size_t at = 0;
    for (int page = 0; page < pages->n; page++) {
        cairo_set_source_rgb(cr, 0, 0, 0);
        TRY(draw_watermark(t, cr));
        for (; at < pages->placed.n && pages->placed.p[at].page == page; at++) {
            const struct placed *p = &pages->placed.p[at];
            flow_draw(t, cr, page, p->box, t->left, t->top + p->y);
        }
        TRY(draw_foot(t, cr, page, pages->n));
        cairo_show_page(cr);
    }
    return OK;
}

/* ---- cairo ---- */

/* Outside of the arena: cairo calls this from deep inside, where nothing may unwind. */
struct growing {
    char *p;
    size_t n, cap;
};

static cairo_status_t take(void *to, const unsigned char *data, unsigned length)
{
    struct growing *g = to;
    if (length > PDF_BYTES_MAX - g->n)
        return CAIRO_STATUS_WRITE_ERROR;
    if (g->n + length > g->cap) {
        size_t cap = 2 * (g->n + length) + 65536;
        char *wider = realloc(g->p, cap);
        if (!wider)
            return CAIRO_STATUS_NO_MEMORY;
        g->p = wider;
        g->cap = cap;
    }
    memcpy(g->p + g->n, data, length);
    g->n += length;
    return CAIRO_STATUS_SUCCESS;
}

static void free_growing(void *growing)
{
    struct growing *g = growing;
    free(g->p);
    free(g);
}

static void free_surface(void *surface)
{
    cairo_surface_destroy(surface);
}

static void free_cairo(void *cr)
{
    cairo_destroy(cr);
}

static void set_metadata(struct cx *cx, cairo_surface_t *s, const struct pdf_page_spec *spec)
{
    struct arena *a = cx->arena;
    const char *now = time_iso(a, cx->now).p; /* or cairo would ask the clock */
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, now);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, now);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Tỉnh Số");
    if (spec->title.n)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, str_z(a, spec->title));
    if (spec->author.n)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, str_z(a, spec->author));
    if (spec->subject.n)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_SUBJECT, str_z(a, spec->subject));
}

static enum err render(struct typeset *t, const struct pages *pages, struct str *pdf)
{
    struct cx *cx = t->cx;
    struct growing *g = calloc(1, sizeof *g);
    MUST(g != NULL);
    cx_register(cx, NEW(cx->arena, struct closer), free_growing, g);
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(take, g, t->paper_w, t->paper_h);
    cx_register(cx, NEW(cx->arena, struct closer), free_surface, s);
    set_metadata(cx, s, t->spec);
    cairo_t *cr = cairo_create(s);
    cx_register(cx, NEW(cx->arena, struct closer), free_cairo, cr);
    TRY(draw_pages(t, cr, pages));
    cairo_surface_finish(s);
    if (cairo_status(cr) != CAIRO_STATUS_SUCCESS || cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
        return fail(cx, ERR_IO, "cairo: %s", cairo_status_to_string(cairo_surface_status(s)));
    *pdf = str_dup(cx->arena, (struct str){g->p, g->n});
    return OK;
}

/* Closes what was registered since; layouts and surfaces need not wait for the request's end. */
static void close_since(struct cx *cx, const struct closer *before)
{
    while (cx->closers && cx->closers != before) {
        struct closer *c = cx->closers;
        cx->closers = c->next;
        c->close(c->thing);
    }
}

static enum err typeset(struct typeset *t, const struct pdf_block *blocks, size_t n, int *pages_n,
                        struct str *pdf)
{
    struct flow f = {0};
    struct pages pages;
    TRY(set_pango(t));
    for (size_t i = 0; i < n; i++)
        TRY(flow_add(t, &f, &blocks[i], 0, t->paper_w - t->left - t->right));
    TRY(flow_paginate(t, &f, t->paper_h - t->top - t->bottom, &pages));
    *pages_n = pages.n;
    return render(t, &pages, pdf);
}

enum err draft_typeset(struct typeset *t, const struct pdf_block *blocks, size_t n, int *pages,
                       struct str *pdf)
{
    const struct closer *before = t->cx->closers;
    enum err e = typeset(t, blocks, n, pages, pdf);
    close_since(t->cx, before);
    return e;
}

/* ---- what cairo cannot write: language, signature fields, the file's identity ---- */

static struct str rect_of(const struct typeset *t, const struct signature_place *p)
{
    return str_fmt(t->cx->arena, "[%.2f %.2f %.2f %.2f]", p->x, t->paper_h - p->y - p->h,
                   p->x + p->w, t->paper_h - p->y);
}

static enum err add_fields(struct typeset *t, const struct pdf_doc *d, struct pdf_update *u,
                           struct str *fields)
{
    struct arena *a = t->cx->arena;
    if (t->signatures.n > FIELDS_MAX)
        return fail(t->cx, ERR_LIMIT, T("Mẫu in có quá %d chỗ ký."), FIELDS_MAX);
    for (size_t i = 0; i < t->signatures.n; i++) {
        const struct signature_place *p = &t->signatures.p[i];
        uint32_t page, number = pdf_update_new(u);
        TRY(draft_page(t->cx, d, p->page, &page));
        struct str place = rect_of(t, p);
        pdf_update_put(u, number,
                       str_fmt(a,
                               "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature%zu) /F 4 "
                               "/Rect %.*s /P %u 0 R >>",
                               i + 1, F(place), page));
        *fields = pdf_array_with(a, *fields, pdf_ref_to(a, number));
    }
    return OK;
}

/* Every page that carries fields, once. */
static enum err annotate_pages(struct typeset *t, const struct pdf_doc *d, struct pdf_update *u,
                               struct str fields)
{
    struct arena *a = t->cx->arena;
    int last = -1;
    for (size_t i = 0; i < t->signatures.n; i++) {
        int page = t->signatures.p[i].page;
        if (page == last)
            continue; /* places come in the order of pages */
        last = page;
        struct str on_page = S(""), item;
        size_t at = 0;
        for (size_t k = 0; k < t->signatures.n && pdf_item(fields, &at, &item); k++)
            if (t->signatures.p[k].page == page)
                on_page = pdf_array_with(a, on_page, item);
        uint32_t number;
        TRY(draft_page(t->cx, d, page, &number));
        pdf_update_put(
            u, number,
            pdf_with(a, pdf_object(d, number, NULL), &(struct pdf_entry){"Annots", on_page}, 1));
    }
    return OK;
}

static enum err finish(struct typeset *t, struct str made, struct str *pdf)
{
    struct arena *a = t->cx->arena;
    struct pdf_doc d;
    TRY(pdf_open(t->cx, made, &d));
    struct pdf_update u = pdf_update_begin(a, &d, (size_t)64 << 10);
    struct str fields = S("");
    uint32_t root;
    MUST(pdf_ref(d.root_ref, &root));
    TRY(add_fields(t, &d, &u, &fields));
    TRY(annotate_pages(t, &d, &u, fields));
    struct str language = t->spec->language.n ? t->spec->language : S("vi-VN");
    const struct pdf_entry entries[] = {
        {"Version", S("/1.7")},
        {"Lang", pdf_text(a, language)},
        {"ViewerPreferences", S("<< /DisplayDocTitle true >>")},
        {"Extensions", S("<< /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >>")},
        {"AcroForm", fields.n ? str_fmt(a, "<< /Fields %.*s /SigFlags 3 >>", F(fields)) : S("")},
    };
    pdf_update_put(&u, root, pdf_with(a, pdf_object(&d, root, NULL), entries, 5));
    struct hash h = sha256(made);
    struct str id = str_hex(a, str_until(HASH_STR(h), 16));
    *pdf = pdf_update_end(&u, str_fmt(a, "/ID [<%.*s> <%.*s>]", F(id), F(id)));
    return OK;
}

enum err pdf_make(struct cx *cx, const struct pdf_page_spec *spec, const struct pdf_block *blocks,
                  size_t n, struct str *pdf)
{
    struct typeset t = {.cx = cx, .spec = spec};
    struct str made = S("");
    int pages;
    *pdf = S("");
    set_sheet(&t, spec);
    if (t.paper_w - t.left - t.right < 72 || t.paper_h - t.top - t.bottom < 72)
        return fail(cx, ERR_INVALID, T("Lề trang quá rộng, không còn chỗ cho nội dung."));
    TRY(draft_typeset(&t, blocks, n, &pages, &made));
    return finish(&t, made, pdf);
}
