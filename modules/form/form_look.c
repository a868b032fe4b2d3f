/* form_look.c - a field of a form as the field of a page. */
#include "form.h"

#include "form_inside.h"
#include "identity/identity.h"
#include "look/look.h"

static enum look_field_kind kind_of(const struct form_field *f)
{
    static const enum look_field_kind kinds[] = {
        [FORM_TEXT] = LOOK_TEXT,        [FORM_TEXTAREA] = LOOK_AREA,
        [FORM_DATE] = LOOK_DATE,        [FORM_DATE_OR_YEAR] = LOOK_TEXT,
        [FORM_NUMBER] = LOOK_NUMBER,    [FORM_MONEY] = LOOK_MONEY,
        [FORM_SELECT] = LOOK_SELECT,    [FORM_RADIO] = LOOK_RADIO,
        [FORM_CHECKBOX] = LOOK_CHECK,   [FORM_CHECKBOX_GROUP] = LOOK_CHECKS,
        [FORM_PHONE] = LOOK_PHONE,      [FORM_EMAIL] = LOOK_EMAIL,
        [FORM_ID_NO] = LOOK_ID_NO,      [FORM_ADDRESS] = LOOK_AREA,
        [FORM_PERSON_NAME] = LOOK_TEXT,
    };
    return kinds[f->type];
}

/* Nothing answered yet: the usual answer stands ready. */
static bool usual(const struct form_field *f, const struct form_values *v, struct str value)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eq(v->v[i].name, f->id) && v->v[i].value.n)
            return false;
    return f->default_value.n && str_eq(f->default_value, value);
}

static bool is_on(const struct form_values *v, struct str name, struct str value)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eq(v->v[i].name, name) && str_eq(v->v[i].value, value))
            return true;
    return false;
}

static void set_options(struct cx *cx, const struct form_field *f, const struct form_values *v,
                        struct look_field_view *out)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, f->options_n);
    for (size_t i = 0; i < f->options_n; i++)
        o[i] = (struct look_option){f->options[i].value, tr(cx, f->options[i].label), S(""),
                                    is_on(v, f->id, f->options[i].value) ||
                                        usual(f, v, f->options[i].value)};
    out->options = o;
    out->options_n = f->options_n;
}

/* "12/11/2026" or "2026-11-12" into three boxes; anything else stays in the first, as typed. */
static void set_date(struct str typed, struct look_field_view *out)
{
    struct str a, b, c, rest;
    bool iso = typed.n == 10 && typed.p[4] == '-';
    if (str_cut(typed, iso ? '-' : '/', &a, &rest) && str_cut(rest, iso ? '-' : '/', &b, &c)) {
        out->day = iso ? c : a;
        out->month = b;
        out->year = iso ? a : c;
        return;
    }
    out->day = typed;
}

static struct str width_of(const struct form_field *f)
{
    if (f->type == FORM_NUMBER)
        return S("4");
    if (f->type == FORM_ID_NO || f->type == FORM_PHONE || f->type == FORM_DATE_OR_YEAR)
        return S("12");
    return f->type == FORM_SELECT ? S("20") : S("");
}

static struct str show_words(struct cx *cx, const struct form_field *f)
{
    if (f->show_field.n == 0)
        return S("");
    struct str values = str_join(cx->arena, f->show_values, f->show_values_n, S("|"));
    return str_fmt(cx->arena, "%.*s=%.*s", F(f->show_field), F(values));
}

struct look_field_view form_look_field(struct cx *cx, const struct form_field *f,
                                       const struct form_values *v, struct str wrong)
{
    struct str typed = form_typed(cx, v, f);
    struct form_words words = form_words_of(cx, f);
    struct look_field_view out = {
        .missing = words.missing,
        .check = words.check,
        .bad = words.bad,
        .kind = kind_of(f),
        .name = f->id,
        .label = tr(cx, f->label),
        .hint = tr(cx, f->hint),
        .wrong = wrong,
        .value = typed.n ? typed : f->default_value,
        .optional = !f->required,
        .unit = tr(cx, f->suffix),
        .max = f->max_length,
        .width = width_of(f),
        .show = show_words(cx, f),
    };
    if (f->type == FORM_DATE)
        set_date(typed, &out);
    if (f->type == FORM_DATE_OR_YEAR && typed.n)
        out.value = form_shown(cx, f, typed); /* stored as 1998-05-14, typed as 14/05/1998 */
    if (f->options_n)
        set_options(cx, f, v, &out);
    /* A list begins with no answer: a browser would send its first one for whoever passes it over.
     */
    if (f->type == FORM_SELECT || f->type == FORM_RADIO)
        out.placeholder = tr(cx, S(T("Chọn")));
    if (f->type == FORM_CHECKBOX && f->options_n == 0) {
        struct look_option *o = NEW(cx->arena, struct look_option);
        *o = (struct look_option){.value = S("1"), .on = typed.n > 0};
        out.options = o;
        out.options_n = 1;
    }
    if (f->type == FORM_DATE_OR_YEAR && out.hint.n == 0)
        out.hint = S("Ví dụ 14/05/1998, hoặc 1998 nếu chỉ biết năm");
    return out;
}

/* One answer of a list, or a number with its unit. */
static struct str one_said(struct cx *cx, const struct form_field *f, struct str shown)
{
    if (f->options_n || f->type == FORM_CHECKBOX)
        return tr(cx, shown);
    if (f->suffix.n == 0 || !str_ends(shown, f->suffix))
        return shown;
    struct str unit = tr(cx, f->suffix);
    return str_fmt(cx->arena, "%.*s%.*s", F(str_until(shown, shown.n - f->suffix.n)), F(unit));
}

struct str form_said(struct cx *cx, const struct form_field *f, struct str shown)
{
    struct buf b = {.arena = cx->arena, .limit = 16384};
    size_t at;
    if (!str_eq(cx->lang, S("en")) || shown.n == 0)
        return shown;
    while (f->type == FORM_CHECKBOX_GROUP && str_find(shown, S("; "), &at)) {
        buf_add(&b, one_said(cx, f, str_until(shown, at)));
        buf_add(&b, S("; "));
        shown = str_from(shown, at + 2);
    }
    buf_add(&b, one_said(cx, f, shown));
    return buf_str(&b);
}

/* ---- what the state already holds is shown, not asked ---- */

/* The record says "nu"; the form's own list says "Nữ". */
static struct str option_like(struct cx *cx, const struct form_field *f, struct str known)
{
    for (size_t i = 0; i < f->options_n; i++)
        if (str_eq(text_fold(cx->arena, f->options[i].value), text_fold(cx->arena, known)))
            return f->options[i].value;
    return f->options_n ? S("") : known;
}

static struct str known_of(struct cx *cx, const struct form_field *f, struct str what,
                           const struct person *p)
{
    if (!p || what.n == 0)
        return S("");
    if (str_eq(what, S("person.name")))
        return p->name;
    if (str_eq(what, S("person.id_no")))
        return p->id_no;
    if (str_eq(what, S("person.born_on")))
        return p->born_on == INT64_MIN ? S("") : date_vi(cx->arena, p->born_on);
    if (str_eq(what, S("person.sex")))
        return option_like(cx, f, p->sex);
    if (str_eq(what, S("person.address")))
        return p->address;
    if (str_eq(what, S("person.phone")))
        return p->phone;
    return str_eq(what, S("person.email")) ? p->email : S("");
}

struct str form_prefill(struct cx *cx, const struct form_field *f, const struct person *p)
{
    return known_of(cx, f, f->prefill, p);
}

struct str form_offer(struct cx *cx, const struct form *f, const struct form_values *v,
                      const struct form_field *field, const struct person *p)
{
    const struct form_field *on = form_field_of(f, field->offer_field);
    for (size_t i = 0; on && i < field->offer_values_n; i++)
        if (is_on(v, on->id, field->offer_values[i]))
            return known_of(cx, field, field->offer, p);
    return field->offer_field.n ? S("") : known_of(cx, field, field->offer, p);
}
