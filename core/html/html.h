/*
 * html.h - pages that cannot be made unsafe: compiled views, templates as data, two languages.
 *
 * A page is drawn by a view, `modules/M/views/V.html`, which tools/mkview compiles into
 *     void M_V_html(struct html *out, const struct M_V_view *v);
 * declared with its struct in M/M_views.h (look/views: look_, core/web/views: web_). Print forms
 * and mails are pack data: the same language, run by the interpreter below over a JSON value.
 * The language is described in README.md beside this file.
 *
 * What escapes a value is its type: text is escaped, `struct markup` (made by code: a QR picture,
 * a chart, a drawn page) is not, anything else does not compile.
 */
#pragma once
#include "base/base.h"
#include "json/json.h"
#include "pdf/pdf.h"

/* A page being written. Start with html_start; only views and the functions here add to it. */
struct html {
    struct buf to;
    struct str lang; /* "vi", or "en": literal text of views is looked up in the catalogue */
    bool english;    /* lang is "en" */
    struct cx *cx;
};
#define HTML_LIMIT ((size_t)4 << 20)
struct html html_start(struct cx *cx); /* in cx->arena, in cx->lang, up to HTML_LIMIT */

/* A piece of a page made by code that escaped what it took in. {{x}} writes it as it is. */
struct markup {
    struct str bytes;
};
struct markup html_done(const struct html *page); /* what was written so far */

/* A JSON text for scripts, as <script type="application/json" id="ID">. What json_out wrote is
 * safe there; MUST hold no '<'. */
struct markup html_json_script(struct arena *a, struct str id, struct str json);

/* ---- what compiled views call; code that writes markup by hand may use them too ---- */

void html_text(struct html *out, struct str s); /* escaped for text and quoted attributes */
/* The same between elements. In an English page a value that is a text of the catalogue is said in
 * English (titles in tables of C, words of packs), and what is Vietnamese then stands in
 * <span lang="vi">. */
void html_words(struct html *out, struct str s);
void html_label(struct html *out,
                struct str s); /* where no element can stand: <option>, title="" */
void html_int(struct html *out, int64_t n);
void html_uint(struct html *out, uint64_t n);
void html_markup(struct html *out, struct markup m);
void html_url(struct html *out, struct str piece); /* percent-encoded: a piece of an address */
void html_link(struct html *out,
               struct str address); /* "/path", http(s)://; anything else is "#" */
/* Markup of the compiler, or a literal of ours. Never a variable. */
#define html_lit(out, literal) buf_add(&(out)->to, S(literal))

/* A literal Vietnamese text of a view, already escaped. In English: its translation, if any. */
void html_tr(struct html *out, struct str escaped);
struct str html_tr_arg(struct html *out, struct str text); /* plain text for a partial */
/* A sentence with values: "Quá hạn {1} ngày." Each round writes text up to the next hole. */
struct html_message {
    struct html *out;
    struct str rest;
    bool escaped;
    int hole;
};
struct html_message html_message(struct html *out, struct str escaped);
bool html_message_next(struct html_message *m); /* false: written to its end */

/* By the type of the field. */
#define HTML_NUMBERS_(signed_, unsigned_)                                                          \
    short : signed_,                                                                               \
            int : signed_,                                                                         \
                  long : signed_,                                                                  \
                         long long : signed_,                                                      \
                                     unsigned char : unsigned_,                                    \
                                                     unsigned short : unsigned_,                   \
                                                                      unsigned : unsigned_,        \
                                                                                 unsigned long     \
        : unsigned_,                                                                               \
          unsigned long long : unsigned_
#define html_put(out, x)                                                                           \
    _Generic((x), HTML_NUMBERS_(html_int, html_uint), struct str : html_words,                   \
             const char * : html_words_z, char * : html_words_z, struct markup : html_markup)((out), (x))
#define html_put_attr(out, x)                                                                      \
    _Generic((x), HTML_NUMBERS_(html_int, html_uint), struct str : html_text,                    \
             const char * : html_text_z, char * : html_text_z)((out), (x))
#define html_put_label(out, x)                                                                     \
    _Generic((x), HTML_NUMBERS_(html_int, html_uint), struct str : html_label,                   \
             const char * : html_label_z, char * : html_label_z)((out), (x))
#define html_put_url(out, x)                                                                       \
    _Generic((x), HTML_NUMBERS_(html_int, html_uint), struct str : html_url,                     \
             const char * : html_url_z, char * : html_url_z)((out), (x))
#define html_put_link(out, x)                                                                      \
    _Generic((x), struct str : html_link, const char * : html_link_z, char * : html_link_z)((out), (x))
/* {{#if x}}: true, not 0, not empty. (For xs[0..xs_n): {{#if xs_n}}.) */
#define html_is(x)                                                                                 \
    _Generic((x), HTML_NUMBERS_(html_is_int, html_is_uint), bool : html_is_int,                  \
             struct str : html_is_str, const char * : html_is_z, char * : html_is_z,             \
             struct markup : html_is_markup)((x))
/* A partial takes a struct by address, everything else (text, numbers, pointers) by value. */
#define HTML_ARG(x)                                                                                \
    __builtin_choose_expr(__builtin_types_compatible_p(__typeof__(x), struct str) ||               \
                              __builtin_types_compatible_p(__typeof__(x), const struct str) ||     \
                              __builtin_classify_type(x) != 12,                                    \
                          (x), &(x))
/* a.b reads through a struct or a pointer to one. */
#define HTML_IN(x) __builtin_choose_expr(__builtin_classify_type(x) == 5, (x), &(x))

/* Values in attributes, and texts no element can stand in: <title lang="vi">. */
#define html_is_foreign(x)                                                                         \
    _Generic((x), HTML_NUMBERS_(html_no_words, html_no_words_u), struct str : html_foreign,     \
             const char * : html_foreign_z, char * : html_foreign_z)((x))

void html_text_z(struct html *out, const char *z);
void html_words_z(struct html *out, const char *z);
void html_label_z(struct html *out, const char *z);
bool html_foreign(struct str s); /* Vietnamese without English */
bool html_foreign_z(const char *z);
static inline bool html_no_words(int64_t)
{
    return false;
}
static inline bool html_no_words_u(uint64_t)
{
    return false;
}
void html_url_z(struct html *out, const char *z);
void html_link_z(struct html *out, const char *z);
static inline bool html_is_int(int64_t n)
{
    return n != 0;
}
static inline bool html_is_uint(uint64_t n)
{
    return n != 0;
}
static inline bool html_is_str(struct str s)
{
    return s.n != 0;
}
static inline bool html_is_z(const char *z)
{
    return z && *z;
}
static inline bool html_is_markup(struct markup m)
{
    return m.bytes.n != 0;
}

/* Text as it was before it was escaped: without the five entities of the compiler of views. */
struct str html_unescaped(struct arena *a, struct str escaped);

/* ---- the other language ---- */

/* The catalogue: every embedded *.en.tsv, lines "Vietnamese<TAB>English"; '#' begins a comment.
 * Text that is not in it stays Vietnamese. For env->english: tr() and its family of base.h ask. */
const struct str *html_english(struct str vietnamese); /* NULL: none */

/* ---- templates as data ---- */

enum html_kind {
    HTML_PAGE = 1, /* HTML, checked like a view */
    HTML_PLAIN,    /* plain text: mails; lines that hold only a {{#...}} tag vanish */
    HTML_PRINT,    /* print markup, see html_print_blocks */
};
struct html_template; /* parsed and checked; lives in its arena */
struct html_error {
    struct str what; /* English, for the author of the template */
    int line, column;
};
/* ERR_INVALID: *error says what and where. `text` must outlive the template. */
enum err html_template_load(struct arena *a, enum html_kind kind, struct str text,
                            const struct html_template **out, struct html_error *error);
/* Print markup over a JSON object, as blocks for pdf_make; both live in cx->arena. Elements and
 * attributes are listed in README.md. ERR_INVALID: *error says what and where. */
enum err html_print_blocks(struct cx *cx, struct str template_text, const struct json *data,
                           const struct pdf_block **blocks, size_t *n, struct html_error *error);
/* Runs over a JSON object. A field the template names and the data lacks is ERR_INVALID, with its
 * line in *error; so is a value of the wrong kind. {{#if x}} of a missing field is false only when
 * the data has x: null. ERR_LIMIT: over HTML_LIMIT. */
enum err html_template_run(struct arena *a, const struct html_template *t, const struct json *data,
                           struct str *out, struct html_error *error);

/* ---- print templates: markup of blocks, typeset by pdf.h ----
 *
 *     <p align="center" size="14" bold>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>
 *     <columns><p>{{agency}}</p><p width="2" align="right"><i>{{place}}</i></p></columns>
 *     <table widths="1 6 2" border head><tr><td>Số</td>...</tr>{{#each
 * rows}}<tr>...</tr>{{/each}}</table> <stack keep indent="20">...</stack> <space height="6"/> <rule
 * width="0.4" align="center"/> <qr text="{{url}}" height="80"/> <signature height="70"/>
 *
 * Which elements hold what, and their attributes: print_names.c. Text is bold and italic with <b>
 * and <i>, and never by what a value holds; <br/> begins another line. ERR_INVALID, ERR_LIMIT: as
 * html_template_run. */
enum err html_print_blocks(struct cx *cx, struct str template_text, const struct json *data,
                           const struct pdf_block **blocks, size_t *n, struct html_error *error);
