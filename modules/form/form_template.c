/* form_template.c - printed forms: templates of packs, filled with JSON, typeset as PDF. */
#include "form_template.h"

#include "crypto/crypto.h"
#include "form_store.h"
#include "html/html.h"
#include "pdf/pdf.h"

/* ---- the pack kind: lines "name: value", an empty line, the body ---- */

static void take_header(struct template_row *t, struct str name, struct str value)
{
    struct str way;
    if (str_eq(name, S("code")))
        t->code = value;
    else if (str_eq(name, S("version")))
        t->version = value;
    else if (str_eq(name, S("paper")))
        t->wide = str_cut(value, ' ', &t->paper, &way) && str_eq(way, S("ngang"));
    else if (str_eq(name, S("title")))
        t->title = value;
    else if (str_eq(name, S("basis")))
        t->basis = value;
    else if (str_eq(name, S("valid_from")) && !date_parse(value, &t->valid_from))
        t->valid_from = 0;
}

static bool read_template(struct str bytes, struct template_row *t)
{
    struct str line, rest = bytes, name, value;
    *t = (struct template_row){.paper = S("A4")};
    while (str_cut(rest, '\n', &line, &rest) && str_trim(line).n) {
        if (!str_cut(line, ':', &name, &value))
            return false;
        take_header(t, str_trim(name), str_trim(value));
    }
    t->body = rest;
    return t->code.n && t->version.n && t->title.n && t->valid_from && t->body.n &&
           (str_eq(t->paper, S("A4")) || str_eq(t->paper, S("A5")));
}

static enum err refuse(struct pack_report *report, struct str file, struct str why)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s: %.*s\n", F(file), F(why));
    return OK;
}

enum err form_template_load(struct cx *cx, struct str name, struct str bytes,
                            [[maybe_unused]] size_t *next, struct pack_report *report)
{
    struct template_row t, known;
    const struct html_template *parsed;
    struct html_error error;
    if (!read_template(bytes, &t))
        return refuse(report, name,
                      S("thiếu code, version, title, valid_from, paper hoặc nội dung"));
    if (html_template_load(cx->arena, HTML_PRINT, t.body, &parsed, &error) != OK)
        return refuse(
            report, name,
            str_fmt(cx->arena, "dòng %d cột %d: %.*s", error.line, error.column, F(error.what)));
    struct hash h = sha256(bytes);
    t.sha256 = str_hex(cx->arena, HASH_STR(h));
    enum err e = form_store_template(cx, t.code, t.version, &known);
    if (e == OK && str_eq(known.sha256, t.sha256)) {
        report->same++;
        return OK;
    }
    if (e == OK)
        return refuse(report, name, S("phiên bản này đã nạp với nội dung khác; đặt version mới"));
    if (e != ERR_NOT_FOUND)
        return e;
    report->added++;
    return form_store_template_add(cx, &t);
}

/* ---- printing ---- */

enum err form_print(struct cx *cx, const struct template_row *t, const struct json *data,
                    struct str *pdf)
{
    const struct pdf_block *blocks;
    struct html_error error;
    size_t n;
    if (html_print_blocks(cx, t->body, data, &blocks, &n, &error) != OK)
        return fail(cx, ERR_IO, "template %.*s %.*s line %d: %.*s", F(t->code), F(t->version),
                    error.line, F(error.what));
    struct pdf_page_spec spec = {
        .wide = t->wide,
        .paper = str_eq(t->paper, S("A5")) ? PDF_A5 : PDF_A4,
        .size = str_eq(t->paper, S("A5")) ? 10.5 : 13,
        .title = t->title,
        .author = S("Tỉnh Số"),
        .subject = t->basis,
        .language = S("vi-VN"),
        .watermark = cx->env->demo ? S("BẢN THỬ") : S(""),
    };
    return pdf_make(cx, &spec, blocks, n, pdf);
}
