/* print.c - print markup, as a template made it, into the blocks that pdf.h typesets. */
#include "html/html.h"

#include "print_names.h"

#include <stdio.h>
#include <stdlib.h>

#define ATTRS_MAX 8
#define CELLS_MAX 32

/* The markup is well formed and its elements stand where they may: the parser of templates saw
 * to that. What values put into attributes is checked here. */
struct reader {
    struct arena *arena;
    struct str s;
    size_t at;
    struct html_error *error;
    bool failed;
};

struct tag {
    struct str name;
    struct {
        struct str name, value;
    } attrs[ATTRS_MAX];
    size_t attrs_n;
    bool closes, empty;
};

[[gnu::format(printf, 2, 3)]] static void refuse(struct reader *r, const char *format, ...)
{
    if (r->failed)
        return;
    r->failed = true;
    va_list args;
    va_start(args, format);
    *r->error = (struct html_error){str_vfmt(r->arena, format, args), 0, 0};
    va_end(args);
}

/* ---- tags ---- */

static size_t name_bytes(struct str s)
{
    size_t n = 0;
    while (n < s.n && !memchr(" =>/\t\n", s.p[n], 6))
        n++;
    return n;
}

static void read_attr(struct reader *r, struct tag *t, struct str *rest)
{
    size_t n = name_bytes(*rest), end = 0;
    struct str name = str_until(*rest, n), value = S("");
    *rest = str_from(*rest, n);
    if (str_starts(*rest, S("="))) {
        char quote = rest->n > 1 ? rest->p[1] : 0;
        bool quoted = quote == '"' || quote == '\'';
        *rest = str_from(*rest, quoted ? 2 : 1);
        while (end < rest->n && (quoted ? rest->p[end] != quote : !memchr(" >/", rest->p[end], 3)))
            end++;
        value = html_unescaped(r->arena, str_until(*rest, end));
        *rest = str_from(*rest, end + quoted);
    }
    if (t->attrs_n == ATTRS_MAX || n == 0) {
        refuse(r, "<%.*s> has too many attributes", F(t->name));
        *rest = S("");
        return;
    }
    t->attrs[t->attrs_n].name = name;
    t->attrs[t->attrs_n++].value = value;
}

/* The tag at r->at, which stands on its "<". */
static struct tag read_tag(struct reader *r)
{
    struct tag t = {0};
    struct str rest = str_from(r->s, r->at + 1);
    t.closes = str_starts(rest, S("/"));
    rest = str_from(rest, t.closes);
    size_t n = name_bytes(rest);
    t.name = str_until(rest, n);
    rest = str_trim(str_from(rest, n));
    while (rest.n && rest.p[0] != '>' && rest.p[0] != '/') {
        read_attr(r, &t, &rest);
        while (rest.n && (rest.p[0] == ' ' || rest.p[0] == '\n'))
            rest = str_from(rest, 1);
    }
    t.empty = str_starts(rest, S("/"));
    rest = str_from(rest, t.empty ? 2 : 1);
    r->at = r->s.n - rest.n;
    return t;
}

static bool has(const struct tag *t, const char *name, struct str *value)
{
    for (size_t i = 0; i < t->attrs_n; i++) {
        if (!str_eq(t->attrs[i].name, str_c(name)))
            continue;
        *value = t->attrs[i].value;
        return true;
    }
    *value = S("");
    return false;
}

static bool flag(const struct tag *t, const char *name)
{
    return has(t, name, &(struct str){0});
}

static double number_of(struct reader *r, struct str s)
{
    char text[24] = {0}, *end = text;
    if (s.n && s.n < sizeof text)
        memcpy(text, s.p, s.n);
    bool plain = s.n && s.n < sizeof text && strspn(text, "0123456789.") == s.n;
    double v = plain ? strtod(text, &end) : 0;
    if (!plain || *end || v > 10000)
        refuse(r, "\"%.*s\" is no number of points or shares", F(s));
    return v;
}

static double number(struct reader *r, const struct tag *t, const char *name)
{
    struct str value;
    return has(t, name, &value) ? number_of(r, value) : 0;
}

static enum pdf_align align_of(struct reader *r, const struct tag *t)
{
    static const struct {
        const char *name;
        enum pdf_align align;
    } aligns[] = {
        {"left", PDF_LEFT}, {"center", PDF_CENTRE}, {"right", PDF_RIGHT}, {"justify", PDF_JUSTIFY}};
    struct str value;
    if (!has(t, "align", &value))
        return PDF_LEFT;
    for (size_t i = 0; i < sizeof aligns / sizeof *aligns; i++)
        if (str_eq(value, str_c(aligns[i].name)))
            return aligns[i].align;
    refuse(r, "align is left, center, right or justify, not \"%.*s\"", F(value));
    return PDF_LEFT;
}

static struct pdf_block block_of(struct reader *r, const struct tag *t, enum pdf_kind kind)
{
    return (struct pdf_block){
        .kind = kind,
        .align = align_of(r, t),
        .size = number(r, t, "size"),
        .width = number(r, t, "width"),
        .height = number(r, t, "height"),
        .indent = number(r, t, "indent"),
        .bold = flag(t, "bold"),
        .italic = flag(t, "italic"),
        .border = flag(t, "border"),
        .head = flag(t, "head"),
        .keep = flag(t, "keep"),
    };
}

/* ---- text ---- */

/* As pdf_plain: what a person wrote is never a mark. */
static void add_plain(struct reader *r, struct buf *b, struct str markup)
{
    struct str s = html_unescaped(r->arena, markup);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' || s.p[i] == '*' || s.p[i] == '/')
            buf_byte(b, '\\');
        buf_byte(b, s.p[i]);
    }
}

static struct str until_tag(struct reader *r)
{
    size_t n;
    if (!str_find(str_from(r->s, r->at), S("<"), &n))
        n = r->s.n - r->at;
    struct str text = str_until(str_from(r->s, r->at), n);
    r->at += n;
    return text;
}

/* Text with <b>, <i> and <br/>, up to a tag that is none of them. */
static struct str read_text(struct reader *r)
{
    struct buf b = {.arena = r->arena, .limit = r->s.n * 2};
    while (r->at < r->s.n && !r->failed) {
        add_plain(r, &b, until_tag(r));
        size_t before = r->at;
        struct tag t = r->at < r->s.n ? read_tag(r) : (struct tag){.name = S("")};
        if (str_eq(t.name, S("b"))) {
            buf_add(&b, S("**"));
        } else if (str_eq(t.name, S("i"))) {
            /* Behind a colon "//" would be the text of an address: keep them apart, unseen. */
            if (str_ends(buf_str(&b), S(":")))
                buf_add(&b, S("\xE2\x81\xA0"));
            buf_add(&b, S("//"));
        } else if (str_eq(t.name, S("br"))) {
            buf_byte(&b, '\n');
        } else {
            r->at = before;
            break;
        }
    }
    return buf_str(&b);
}

/* ---- blocks ---- */

static void read_blocks(struct reader *r, struct pdf_block *parent);

static void skip_end_tag(struct reader *r)
{
    if (r->at < r->s.n)
        read_tag(r);
}

static bool begins_block(struct reader *r)
{
    size_t before = r->at;
    if (str_trim(until_tag(r)).n || r->at == r->s.n) {
        r->at = before;
        return false;
    }
    struct tag t = read_tag(r);
    r->at = before;
    return !t.closes && !str_eq(t.name, S("b")) && !str_eq(t.name, S("i")) &&
           !str_eq(t.name, S("br"));
}

/* <td>: text, or blocks one under another. */
static struct pdf_block read_cell(struct reader *r, const struct tag *t, bool bold)
{
    struct pdf_block b = block_of(r, t, PDF_TEXT);
    b.bold = b.bold || bold;
    if (begins_block(r)) {
        b.kind = PDF_STACK;
        read_blocks(r, &b);
        return b;
    }
    b.text = str_trim(read_text(r));
    if (r->at < r->s.n && !str_starts(str_from(r->s, r->at), S("</td")))
        refuse(r, "a <td> holds text or blocks, not both");
    skip_end_tag(r);
    return b;
}

/* widths="1 3 2" */
static size_t widths_of(struct reader *r, const struct tag *t, double *widths)
{
    struct str rest, word;
    size_t n = 0;
    has(t, "widths", &rest);
    while (rest.n && n < CELLS_MAX) {
        str_cut(rest, ' ', &word, &rest);
        if (word.n)
            widths[n++] = number_of(r, word);
    }
    return n;
}

static struct pdf_block read_row(struct reader *r, const struct tag *t, const double *widths,
                                 size_t widths_n)
{
    struct pdf_block row = block_of(r, t, PDF_COLUMNS);
    VEC(struct pdf_block) cells = {0};
    bool bold = row.bold;
    row.bold = false;
    for (until_tag(r); r->at < r->s.n && !r->failed; until_tag(r)) {
        struct tag cell = read_tag(r);
        if (cell.closes)
            break;
        size_t i = cells.n;
        *vec_add(r->arena, &cells) = read_cell(r, &cell, bold);
        if (cells.p[i].width == 0 && i < widths_n)
            cells.p[i].width = widths[i];
    }
    if (widths_n && cells.n != widths_n)
        refuse(r, "a row has %zu cells where widths names %zu", cells.n, widths_n);
    row.children = cells.p;
    row.children_n = cells.n;
    return row;
}

static struct pdf_block read_table(struct reader *r, const struct tag *t)
{
    struct pdf_block table = block_of(r, t, PDF_ROWS);
    double widths[CELLS_MAX];
    size_t widths_n = widths_of(r, t, widths);
    VEC(struct pdf_block) rows = {0};
    for (until_tag(r); r->at < r->s.n && !r->failed; until_tag(r)) {
        struct tag row = read_tag(r);
        if (row.closes)
            break;
        *vec_add(r->arena, &rows) = read_row(r, &row, widths, widths_n);
    }
    table.children = rows.p;
    table.children_n = rows.n;
    return table;
}

static struct pdf_block read_block(struct reader *r, const struct tag *t)
{
    static const struct {
        const char *name;
        enum pdf_kind kind;
    } empties[] = {
        {"space", PDF_SPACE}, {"rule", PDF_RULE}, {"qr", PDF_QR}, {"signature", PDF_SIGNATURE}};
    if (str_eq(t->name, S("table")))
        return read_table(r, t);
    if (str_eq(t->name, S("p"))) {
        struct pdf_block b = block_of(r, t, PDF_TEXT);
        b.text = str_trim(read_text(r));
        skip_end_tag(r);
        return b;
    }
    for (size_t i = 0; i < sizeof empties / sizeof *empties; i++) {
        if (!str_eq(t->name, str_c(empties[i].name)))
            continue;
        struct pdf_block b = block_of(r, t, empties[i].kind);
        has(t, "text", &b.text);
        return b;
    }
    struct pdf_block b = block_of(r, t, str_eq(t->name, S("columns")) ? PDF_COLUMNS : PDF_STACK);
    read_blocks(r, &b);
    return b;
}

/* The children of parent, through its end tag. */
static void read_blocks(struct reader *r, struct pdf_block *parent)
{
    VEC(struct pdf_block) blocks = {0};
    for (until_tag(r); r->at < r->s.n && !r->failed; until_tag(r)) {
        struct tag t = read_tag(r);
        if (t.closes)
            break;
        struct pdf_block b = read_block(r, &t);
        *vec_add(r->arena, &blocks) = b;
    }
    parent->children = blocks.p;
    parent->children_n = blocks.n;
}

enum err html_print_blocks(struct cx *cx, struct str template_text, const struct json *data,
                           const struct pdf_block **blocks, size_t *n, struct html_error *error)
{
    const struct html_template *t;
    struct str markup;
    *error = (struct html_error){.what = S("")};
    TRY(html_template_load(cx->arena, HTML_PRINT, template_text, &t, error));
    TRY(html_template_run(cx->arena, t, data, &markup, error));
    struct reader r = {.arena = cx->arena, .s = markup, .error = error};
    struct pdf_block top = {0};
    read_blocks(&r, &top);
    if (r.failed)
        return ERR_INVALID;
    *blocks = top.children;
    *n = top.children_n;
    return OK;
}
