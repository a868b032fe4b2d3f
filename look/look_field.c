/* look_field.c - one question of any kind: what its view needs beside the struct. */
#include "look.h"

#define RADIOS_MAX 7   /* more become a select */
#define SHORT_LABEL 24 /* characters: such options stand two in a row */

struct text_kind {
    const char *type, *mode, *autocomplete, *script;
};
/* clang-format off */
static const struct text_kind text_kinds[] = {
    [LOOK_TEXT]     = {"text",     "",        "", ""},
    [LOOK_NUMBER]   = {"text",     "decimal", "off", "number"},
    [LOOK_MONEY]    = {"text",     "numeric", "off", "number"},
    [LOOK_PHONE]    = {"tel",      "tel",     "tel", ""},
    [LOOK_EMAIL]    = {"email",    "email",   "email", ""},
    [LOOK_ID_NO]    = {"text",     "numeric", "off", ""},
    [LOOK_PASSWORD] = {"password", "",        "current-password", ""},
    [LOOK_QR]       = {"text",     "",        "off", "qr"},
};
/* clang-format on */

static struct str described_by(struct cx *cx, const struct look_field_view *f)
{
    if (f->hint.n && f->wrong.n)
        return str_fmt(cx->arena, "f-%.*s-wrong f-%.*s-hint", F(f->name), F(f->name));
    if (f->hint.n || f->wrong.n)
        return str_fmt(cx->arena, "f-%.*s-%s", F(f->name), f->hint.n ? "hint" : "wrong");
    return S("");
}

static bool short_options(const struct look_field_view *f)
{
    for (size_t i = 0; i < f->options_n; i++)
        if (f->options[i].hint.n || utf8_count(f->options[i].label) > SHORT_LABEL)
            return false;
    return f->options_n > 1;
}

static struct look_field_parts parts_of(struct cx *cx, const struct look_field_view *f)
{
    struct look_field_parts p = {
        .described = described_by(cx, f),
        .mode = f->mode,
        .autocomplete = f->autocomplete,
        .css = f->width.n ? str_fmt(cx->arena, " w-%.*s", F(f->width)) : S(""),
        .value = f->value.n ? f->value : S("1"),
        .two_columns = short_options(f),
    };
    if (f->kind == LOOK_CHECK && f->options_n)
        p.value = f->options[0].value;
    p.on = f->kind == LOOK_CHECK && f->options_n && f->options[0].on;
    return p;
}

static void text_parts(struct cx *cx, const struct look_field_view *f, struct look_field_parts *p)
{
    const struct text_kind *k = &text_kinds[f->kind];
    p->type = str_c(k->type);
    p->kind = str_c(k->script);
    if (p->mode.n == 0)
        p->mode = str_c(k->mode);
    if (p->autocomplete.n == 0)
        p->autocomplete = str_c(k->autocomplete);
    if (f->kind == LOOK_MONEY || f->kind == LOOK_NUMBER)
        p->css = str_fmt(cx->arena, "%.*s num", F(p->css));
    p->wrap = f->kind == LOOK_QR ? S("qr-field") : S("plain-field");
    if (f->unit.n)
        p->wrap = str_fmt(cx->arena, "with-unit%.*s", F(p->css));
    if (f->kind == LOOK_QR)
        p->icon = S("qr");
}

static void date_parts(struct cx *cx, const struct look_field_view *f, struct look_field_parts *p)
{
    p->name_day = str_fmt(cx->arena, "%.*s-ngay", F(f->name));
    p->name_month = str_fmt(cx->arena, "%.*s-thang", F(f->name));
    p->name_year = str_fmt(cx->arena, "%.*s-nam", F(f->name));
}

#define DRAW(view) look_field_##view##_html(out, &(const struct look_field_##view##_view){f, p})

void look_field_html(struct html *out, const struct look_field_view *f)
{
    struct cx *cx = out->cx;
    struct look_field_parts p = parts_of(cx, f);
    switch (f->kind) {
    case LOOK_TEXT:
    case LOOK_NUMBER:
    case LOOK_MONEY:
    case LOOK_PHONE:
    case LOOK_EMAIL:
    case LOOK_ID_NO:
    case LOOK_PASSWORD:
    case LOOK_QR:
        text_parts(cx, f, &p);
        DRAW(text);
        return;
    case LOOK_DATE:
        date_parts(cx, f, &p);
        DRAW(date);
        return;
    case LOOK_RADIO:
        if (f->options_n > RADIOS_MAX)
            DRAW(select);
        else
            DRAW(radio);
        return;
    case LOOK_SELECT:
        DRAW(select);
        return;
    case LOOK_CHECKS:
        DRAW(checks);
        return;
    case LOOK_CHECK:
        DRAW(check);
        return;
    case LOOK_AREA:
        DRAW(area);
        return;
    case LOOK_PREFILLED:
        DRAW(prefilled);
        return;
    case LOOK_FILE:
        DRAW(file);
        return;
    case LOOK_HIDDEN:
        DRAW(hidden);
        return;
    }
}

struct look_errors_view look_errors_of(struct cx *cx, struct web_req *rq)
{
    size_t n;
    const struct web_error *errors = web_errors(rq, &n);
    struct look_error_item *items = NEW_N(cx->arena, struct look_error_item, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct look_error_item){errors[i].field, errors[i].sentence};
    /* A rule refused with one fail(): its sentence is in cx. */
    if (n == 0 && web_again(rq) && cx->why.n && cx->err <= ERR_LIMIT)
        items[n++] = (struct look_error_item){cx->field, cx->why};
    return (struct look_errors_view){items, n};
}
