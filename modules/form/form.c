/* form.c - finds forms and checks what people typed against them. No SQL and no HTML in this file.
 */
#include "form.h"

#include "form_inside.h"
#include "form_store.h"
#include "identity/identity.h"
#include "kept/kept.h"

static enum err from_row(struct cx *cx, const struct form_row *row, const struct form **out)
{
    const struct json *v;
    struct json_error error;
    if (json_read(cx->arena, row->definition, &v, &error) != OK)
        return fail(cx, ERR_IO, "form %.*s %.*s: stored definition: %s", F(row->code),
                    F(row->version), error.what);
    struct form *f = NEW(cx->arena, struct form);
    TRY(form_from_json(cx, v, f));
    f->version_id = row->id;
    *out = f;
    return OK;
}

/* A definition is some 25 kB of JSON: read once, until a pack brings another. */
static const char *const moves[] = {"form", NULL};
#define ABOUT_BYTES ((size_t)64 * 1024)

static enum err make_of_today(struct cx *cx, void *code, const void **out)
{
    struct form_row row;
    const struct form *f;
    TRY(form_store_in_force(cx, *(const struct str *)code, day_of(cx->now), &row));
    TRY(from_row(cx, &row, &f));
    *out = f;
    return OK;
}

enum err form_find(struct cx *cx, struct str code, const struct form **out)
{
    const void *found;
    TRY(kept_find(cx,
                  &(struct kept_wish){.key = str_fmt(cx->arena, "form.of_day %lld %.*s",
                                                     (long long)day_of(cx->now), F(code)),
                                      .of = moves,
                                      .make = make_of_today,
                                      .arg = &code,
                                      .about_bytes = ABOUT_BYTES},
                  &found));
    *out = found;
    return OK;
}

enum err form_in_force(struct cx *cx, struct str code, int64_t *version_id)
{
    return form_store_in_force_id(cx, code, day_of(cx->now), version_id);
}

static enum err make_version(struct cx *cx, void *id, const void **out)
{
    struct form_row row;
    const struct form *f;
    TRY(form_store_by_id(cx, *(const int64_t *)id, &row));
    TRY(from_row(cx, &row, &f));
    *out = f;
    return OK;
}

enum err form_version(struct cx *cx, int64_t version_id, const struct form **out)
{
    const void *found;
    TRY(kept_find(
        cx,
        &(struct kept_wish){.key = str_fmt(cx->arena, "form.version %lld", (long long)version_id),
                            .of = moves,
                            .make = make_version,
                            .arg = &version_id,
                            .about_bytes = ABOUT_BYTES},
        &found));
    *out = found;
    return OK;
}

bool form_asks(struct cx *cx, const struct form *f, const struct form_values *v,
               const struct form_field *field)
{
    const struct form_field *on = form_field_of(f, field->show_field);
    if (field->by_officer && !v->by_officer)
        return false;
    if (field->show_field.n == 0)
        return true;
    if (!on || !form_asks(cx, f, v, on))
        return false; /* what hangs on a question that is not asked is not asked either */
    struct str typed = form_typed(cx, v, on);
    for (size_t i = 0; i < field->show_values_n; i++)
        if (str_eq(typed, field->show_values[i]))
            return true;
    return false;
}

/* ---- the whole ---- */

typedef VEC(struct form_error) error_vec;

static void add_error(struct cx *cx, error_vec *errors, const struct form_field *f,
                      struct str sentence)
{
    *vec_add(cx->arena, errors) = (struct form_error){f->id, f->label, sentence};
}

static bool any_option(const struct form_field *f, const struct form_values *v)
{
    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; str_eq(v->v[i].name, f->id) && k < f->options_n; k++)
            if (str_eq(v->v[i].value, f->options[k].value))
                return true;
    return false;
}

static void put_group(struct json_out *o, const struct form_field *f, const struct form_values *v)
{
    json_key(o, f->id);
    json_open_array(o);
    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; str_eq(v->v[i].name, f->id) && k < f->options_n; k++)
            if (str_eq(v->v[i].value, f->options[k].value))
                json_put_str(o, v->v[i].value);
    json_close_array(o);
}

static void check_field(struct cx *cx, const struct form *f, const struct form_values *v,
                        const struct form_field *field, error_vec *errors, struct json_out *o)
{
    if (!form_asks(cx, f, v, field))
        return;
    struct str typed = form_typed(cx, v, field);
    if (typed.n == 0) {
        if (field->required)
            add_error(cx, errors, field, form_missing(cx, field));
        return;
    }
    if (field->type == FORM_CHECKBOX_GROUP) {
        if (field->required && !any_option(field, v))
            add_error(cx, errors, field, form_missing(cx, field));
        else
            put_group(o, field, v);
        return;
    }
    struct checked c = form_check_value(cx, field, typed);
    if (c.sentence.n) {
        add_error(cx, errors, field, c.sentence);
        return;
    }
    json_key(o, field->id);
    if (c.number)
        json_put_decimal(o, c.canonical);
    else
        json_put_str(o, c.canonical);
}

/* A year alone may be its first day or its last. */
static bool born_typed(struct str s, bool latest, int64_t *day)
{
    int64_t year;
    if (s.n != 4 || !str_int(s, &year) || year < 1850)
        return form_date_typed(s, day);
    *day = latest ? civil_day((int)year, 12, 31) : civil_day((int)year, 1, 1);
    return true;
}

static bool is_older(struct str younger, struct str older, int years)
{
    int64_t child, parent;
    if (!born_typed(younger, true, &child) || !born_typed(older, false, &parent))
        return true; /* what is no date is said of its own field */
    int y, m, d;
    civil_from_day(parent, &y, &m, &d);
    const bool leap = !civil_valid(y + years, m, d); /* born on 29 February */
    return civil_day(y + years, m, leap ? 28 : d) <= child;
}

static bool rule_holds(struct cx *cx, const struct form *f, const struct form_values *v,
                       const struct form_rule *r)
{
    if (str_eq(r->kind, S("one_of"))) {
        for (size_t i = 0; i < r->fields_n; i++)
            if (form_typed(cx, v, form_field_of(f, r->fields[i])).n)
                return true;
        return false;
    }
    if (r->fields_n != 2)
        return true;
    struct str a = form_typed(cx, v, form_field_of(f, r->fields[0]));
    struct str b = form_typed(cx, v, form_field_of(f, r->fields[1]));
    int64_t first, second;
    if (str_eq(r->kind, S("differ")))
        return a.n == 0 || !str_eq(a, b);
    if (str_eq(r->kind, S("before")))
        return !form_date_typed(a, &first) || !form_date_typed(b, &second) || first < second;
    if (str_eq(r->kind, S("older")))
        return is_older(a, b, r->years);
    return true;
}

/* What is only assumed binds nobody who has the papers at hand. */
static bool rule_in_force(struct cx *cx, const struct form_rule *r, const struct form_values *v)
{
    const int64_t today = day_of(cx->now);
    return today >= r->valid_from && today <= r->valid_to &&
           !(r->assumed && (v->at_counter || v->by_officer));
}

/* A rule belongs to the section of its last field: there it can be answered. */
static bool rule_applies(const struct form *f, const struct form_rule *r, int section)
{
    if (section < 0)
        return true;
    const struct form_section *s = &f->sections[section];
    for (size_t i = 0; r->fields_n && i < s->fields_n; i++)
        if (str_eq(s->fields[i].id, r->fields[r->fields_n - 1]))
            return true;
    return false;
}

enum err form_check(struct cx *cx, const struct form *f, const struct form_values *v, int section,
                    struct form_check *out)
{
    MUST(section < (int)f->sections_n);
    error_vec errors = {0};
    struct buf json = {.arena = cx->arena, .limit = (size_t)256 * 1024};
    struct json_out o = {.to = &json};
    json_open_object(&o);
    for (size_t s = 0; s < f->sections_n; s++)
        for (size_t i = 0; (section < 0 || (size_t)section == s) && i < f->sections[s].fields_n;
             i++)
            check_field(cx, f, v, &f->sections[s].fields[i], &errors, &o);
    json_close_object(&o);
    for (size_t r = 0; r < f->rules_n; r++)
        if (rule_in_force(cx, &f->rules[r], v) && rule_applies(f, &f->rules[r], section) &&
            !rule_holds(cx, f, v, &f->rules[r]))
            add_error(cx, &errors, form_field_of(f, f->rules[r].fields[f->rules[r].fields_n - 1]),
                      tr(cx, f->rules[r].sentence));
    if (json.full)
        return fail(cx, ERR_LIMIT, T("Tờ khai dài quá. Viết ngắn lại các mục ghi tự do."));
    *out = (struct form_check){errors.p, errors.n, buf_str(&json)};
    return OK;
}

enum err form_codes(struct cx *cx, struct str *out, size_t max, size_t *n)
{
    return form_store_codes(cx, day_of(cx->now), out, max, n);
}

/* ---- the officer's side of the counter ---- */

static struct form_section section_for_officer(struct cx *cx, const struct form_section *s)
{
    struct form_field *fields = NEW_N(cx->arena, struct form_field, s->fields_n);
    struct form_section out = *s;
    for (size_t i = 0; i < s->fields_n; i++) {
        fields[i] = s->fields[i];
        if (fields[i].label_officer.n)
            fields[i].label = fields[i].label_officer;
    }
    out.fields = fields;
    return out;
}

const struct form *form_for_officer(struct cx *cx, const struct form *f)
{
    struct form *out = NEW(cx->arena, struct form);
    struct form_section *sections = NEW_N(cx->arena, struct form_section, f->sections_n);
    for (size_t i = 0; i < f->sections_n; i++)
        sections[i] = section_for_officer(cx, &f->sections[i]);
    *out = *f;
    out->sections = sections;
    return out;
}
