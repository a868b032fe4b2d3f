/* form_template.c - printed forms: templates of packs, filled with JSON, typeset as PDF. */
#include "form_template.h"

#include "crypto/crypto.h"
#include "db/db.h"
#include "html/html.h"
#include "pdf/pdf.h"

#define COLUMNS "id, code, version, valid_from, paper, title, basis, body, sha256"

static struct template_row row_from(struct db_rows *r)
{
    return (struct template_row){
        .id = db_int(r, 0),
        .code = db_str(r, 1),
        .version = db_str(r, 2),
        .valid_from = db_int(r, 3),
        .paper = db_str(r, 4),
        .title = db_str(r, 5),
        .basis = db_str(r, 6),
        .body = db_str(r, 7),
        .sha256 = db_str(r, 8),
    };
}

enum err form_template_in_force(struct cx *cx, struct str code, int64_t on_day, struct template_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from form_template where code = $1 and valid_from <= $2"
                 " order by valid_from desc, id desc limit 1",
                 V(code), V(on_day)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Chưa có mẫu in này. Báo quản trị nạp gói mẫu in."));
    *out = row_from(&r);
    return OK;
}

static enum err by_version(struct cx *cx, struct str code, struct str version, struct template_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from form_template where code = $1 and version = $2", V(code), V(version)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = row_from(&r);
    return OK;
}

static enum err add(struct cx *cx, const struct template_row *t)
{
    return db_exec(cx,
                   "insert into form_template (code, version, valid_from, paper, title, basis, body, sha256)"
                   " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                   V(t->code), V(t->version), V(t->valid_from), V(t->paper), V(t->title), V(t->basis), V(t->body),
                   V(t->sha256));
}

/* ---- the pack kind: lines "name: value", an empty line, the body ---- */

static void take_header(struct template_row *t, struct str name, struct str value)
{
    if (str_eq(name, S("code")))
        t->code = value;
    else if (str_eq(name, S("version")))
        t->version = value;
    else if (str_eq(name, S("paper")))
        t->paper = value;
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

enum err form_template_load(struct cx *cx, struct str name, struct str bytes, [[maybe_unused]] size_t *next,
                            struct pack_report *report)
{
    struct template_row t, known;
    const struct html_template *parsed;
    struct html_error error;
    if (!read_template(bytes, &t))
        return refuse(report, name, S("thiếu code, version, title, valid_from, paper hoặc nội dung"));
    if (html_template_load(cx->arena, HTML_PRINT, t.body, &parsed, &error) != OK)
        return refuse(report, name,
                      str_fmt(cx->arena, "dòng %d cột %d: %.*s", error.line, error.column, F(error.what)));
    struct hash h = sha256(bytes);
    t.sha256 = str_hex(cx->arena, HASH_STR(h));
    enum err e = by_version(cx, t.code, t.version, &known);
    if (e == OK && str_eq(known.sha256, t.sha256)) {
        report->same++;
        return OK;
    }
    if (e == OK)
        return refuse(report, name, S("phiên bản này đã nạp với nội dung khác; đặt version mới"));
    if (e != ERR_NOT_FOUND)
        return e;
    report->added++;
    return add(cx, &t);
}

/* ---- printing ---- */

enum err form_print(struct cx *cx, const struct template_row *t, const struct json *data, struct str *pdf)
{
    const struct pdf_block *blocks;
    struct html_error error;
    size_t n;
    if (html_print_blocks(cx, t->body, data, &blocks, &n, &error) != OK)
        return fail(cx, ERR_IO, "template %.*s %.*s line %d: %.*s", F(t->code), F(t->version), error.line, F(error.what));
    struct pdf_page_spec spec = {
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
