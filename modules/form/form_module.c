/* form_module.c - what form brings: the pack kind "form". */
#include "form.h"

#include "crypto/crypto.h"
#include "form_inside.h"
#include "form_store.h"
#include "form_template.h"
#include "module/module.h"

/* A landed version never changes: dossiers have pinned it. */
static enum err put_form(struct cx *cx, const struct json *v, struct pack_report *report)
{
    struct form f;
    if (form_from_json(cx, v, &f) != OK) {
        report->refused++;
        buf_fmt(&report->lines, "%.*s: %.*s\n", F(json_text(json_get(v, S("code")))), F(cx->why));
        return OK;
    }
    struct buf text = {.arena = cx->arena, .limit = (size_t)1 << 20};
    struct json_out o = {.to = &text};
    json_put(&o, v);
    struct hash h = sha256(buf_str(&text));
    struct form_row row = {.code = f.code,
                           .version = f.version,
                           .definition = buf_str(&text),
                           .sha256 = str_hex(cx->arena, HASH_STR(h))};
    struct form_row known;
    enum err e = form_store_by_version(cx, f.code, f.version, &known);
    if (e == OK && str_eq(known.sha256, row.sha256)) {
        report->same++;
        return OK;
    }
    if (e == OK) {
        report->refused++;
        buf_fmt(&report->lines,
                "%.*s %.*s: phiên bản này đã nạp với nội dung khác; đặt version mới\n", F(f.code),
                F(f.version));
        return OK;
    }
    if (e != ERR_NOT_FOUND)
        return e;
    if (!date_parse(json_text(json_get(v, S("valid_from"))), &row.valid_from))
        return fail(cx, ERR_INVALID, T("Biểu mẫu %.*s thiếu ngày valid_from."), F(f.code));
    TRY(form_store_add(cx, &row));
    report->added++;
    return OK;
}

static enum err load_forms(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                           size_t *next, struct pack_report *report)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, bytes, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Gói biểu mẫu hỏng ở dòng %zu: %s."), error.line,
                    error.what);
    const struct json *list = json_get(root, S("forms"));
    if (*next < list->n)
        TRY(put_form(cx, json_at(list, *next), report));
    *next = *next + 1 < list->n ? *next + 1 : 0;
    return OK;
}

static const struct pack_kind packs[] = {
    {"form", "Biểu mẫu điện tử", load_forms},
    {"template", "Mẫu in", form_template_load},
    {0},
};

const struct module form_module = {
    .name = "form",
    .title = "Biểu mẫu điện tử",
    .needs = (const char *const[]){"identity", NULL},
    .packs = packs,
};
