/* form.c - finds forms and checks what people typed against them. No SQL and no HTML in this file.
 */
#include "form.h"

#include <regex.h>

#include "form_inside.h"
#include "form_store.h"
#include "identity/identity.h"

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

enum err form_find(struct cx *cx, struct str code, const struct form **out)
{
    struct form_row row;
    TRY(form_store_in_force(cx, code, day_of(cx->now), &row));
    return from_row(cx, &row, out);
}

enum err form_version(struct cx *cx, int64_t version_id, const struct form **out)
{
    struct form_row row;
    TRY(form_store_by_id(cx, version_id, &row));
    return from_row(cx, &row, out);
}

/* ---- what was typed ---- */

static struct str value_of(const struct form_values *v, struct str name)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eq(v->v[i].name, name))
            return str_trim(v->v[i].value);
    return S("");
}

struct str form_typed(struct cx *cx, const struct form_values *v, const struct form_field *f)
{
    struct str whole = value_of(v, f->id);
    if (whole.n || (f->type != FORM_DATE && f->type != FORM_DATE_OR_YEAR))
        return whole;
    struct str day = value_of(v, str_fmt(cx->arena, "%.*s-ngay", F(f->id)));
    struct str month = value_of(v, str_fmt(cx->arena, "%.*s-thang", F(f->id)));
    struct str year = value_of(v, str_fmt(cx->arena, "%.*s-nam", F(f->id)));
    if (day.n + month.n + year.n == 0)
        return S("");
    /* A whole date pasted into the first box. */
    if (month.n == 0 && year.n == 0 && str_find(day, S("/"), NULL))
        return day;
    if (day.n == 0 && month.n == 0 && f->type == FORM_DATE_OR_YEAR)
        return year;
    return str_fmt(cx->arena, "%.*s/%.*s/%.*s", F(day), F(month), F(year));
}

static bool small_int(struct str s, int *out)
{
    int64_t v;
    if (s.n == 0 || s.n > 4 || !str_int(s, &v) || v < 0)
        return false;
    *out = (int)v;
    return true;
}

/* "5/11/2026", "05/11/2026", "2026-11-05" */
static bool date_typed(struct str s, int64_t *day)
{
    struct str d, m, y, rest;
    int dn, mn, yn;
    if (date_parse(s, day))
        return true;
    if (!str_cut(s, '/', &d, &rest) || !str_cut(rest, '/', &m, &y))
        return false;
    if (!small_int(str_trim(d), &dn) || !small_int(str_trim(m), &mn) ||
        !small_int(str_trim(y), &yn) || y.n != 4)
        return false;
    if (yn < 1850 || !civil_valid(yn, mn, dn))
        return false;
    *day = civil_day(yn, mn, dn);
    return true;
}

/* Digits with the blanks and dots people put between them. */
static struct str digits_only(struct cx *cx, struct str s)
{
    struct buf b = {.arena = cx->arena, .limit = s.n};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '\t')
            buf_byte(&b, s.p[i]);
    return buf_str(&b);
}

/* ---- one field: canonical value, or the sentence beside it ---- */

struct checked {
    struct str canonical;
    bool number;
    struct str sentence; /* empty: right */
};

static struct checked wrong(struct cx *cx, const char *format, struct str label)
{
    struct checked c = {.sentence = S("")};
    struct buf b = {.arena = cx->arena, .limit = 600};
    for (const char *p = format; *p; p++) {
        if (*p == '%')
            buf_add(&b, label);
        else
            buf_byte(&b, *p);
    }
    c.sentence = buf_str(&b);
    return c;
}

static struct checked check_date(struct cx *cx, const struct form_field *f, struct str typed)
{
    int64_t day;
    int year;
    if (f->type == FORM_DATE_OR_YEAR && typed.n == 4 && small_int(typed, &year) && year >= 1850)
        return (struct checked){.canonical = typed};
    if (!date_typed(typed, &day))
        return wrong(cx, T("% phải đủ ngày, tháng, năm, ví dụ 12/11/2026."), f->label);
    if (f->not_after_today && day > day_of(cx->now))
        return wrong(cx, T("% không được sau hôm nay."), f->label);
    return (struct checked){.canonical = date_iso(cx->arena, day)};
}

static struct checked check_number(struct cx *cx, const struct form_field *f, struct str typed)
{
    int64_t v;
    struct str digits = digits_only(cx, typed);
    if (!str_int(digits, &v))
        return wrong(cx, T("% phải là số, ví dụ 2."), f->label);
    if ((f->min != INT64_MIN && v < f->min) || (f->max != INT64_MAX && v > f->max))
        return (struct checked){.sentence =
                                    str_fmt(cx->arena, T("%.*s phải từ %lld đến %lld."),
                                            F(f->label), (long long)f->min, (long long)f->max)};
    return (struct checked){.canonical = str_fmt(cx->arena, "%lld", (long long)v), .number = true};
}

static struct checked check_option(struct cx *cx, const struct form_field *f, struct str typed)
{
    for (size_t i = 0; i < f->options_n; i++)
        if (str_eq(f->options[i].value, typed))
            return (struct checked){.canonical = typed};
    return wrong(cx, T("Chọn % trong danh sách."), f->label);
}

static struct checked check_id_no(struct cx *cx, const struct form_field *f, struct str typed)
{
    struct id_no id;
    if (!id_no_parse(cx->arena, typed, &id))
        return wrong(cx, T("% phải có đúng 12 chữ số, ví dụ 020 301 001 234."), f->label);
    return (struct checked){.canonical = id.digits};
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static struct checked check_phone(struct cx *cx, const struct form_field *f, struct str typed)
{
    struct str d = digits_only(cx, typed);
    if (str_starts(d, S("+84")))
        d = str_fmt(cx->arena, "0%.*s", F(str_from(d, 3)));
    if (!all_digits(d) || d.p[0] != '0' || d.n < 10 || d.n > 11)
        return wrong(cx, T("% phải có 10 hoặc 11 chữ số và bắt đầu bằng 0, ví dụ 0987 654 321."),
                     f->label);
    return (struct checked){.canonical = d};
}

static struct checked check_email(struct cx *cx, const struct form_field *f, struct str typed)
{
    struct str user, host;
    bool good = str_cut(typed, '@', &user, &host) && user.n && host.n > 2 &&
                str_find(host, S("."), NULL) && !str_find(typed, S(" "), NULL) &&
                !str_find(host, S("@"), NULL);
    if (!good)
        return wrong(cx, T("% phải có dạng ten@vidu.vn."), f->label);
    return (struct checked){.canonical = typed};
}

/* A name is written with letters; digits and signs in it are slips of the hand. */
static struct checked check_name(struct cx *cx, const struct form_field *f, struct str typed)
{
    for (size_t at = 0; at < typed.n;) {
        uint32_t c = utf8_next(typed, &at);
        bool plain = c == ' ' || c == '-' || c == '\'' || c == '.' || (c >= 'A' && c <= 'Z') ||
                     (c >= 'a' && c <= 'z');
        if (!plain && c < 0xC0)
            return wrong(cx, T("% chỉ gồm chữ cái và dấu cách, ví dụ Hoàng Minh An."), f->label);
    }
    return (struct checked){.canonical = typed};
}

static struct checked check_pattern(struct cx *cx, const struct form_field *f, struct str typed)
{
    regex_t re;
    if (f->pattern.n == 0 ||
        regcomp(&re, str_z(cx->arena, f->pattern), REG_EXTENDED | REG_NOSUB) != 0)
        return (struct checked){.canonical = typed};
    bool matches = regexec(&re, str_z(cx->arena, typed), 0, NULL, 0) == 0;
    regfree(&re);
    if (matches)
        return (struct checked){.canonical = typed};
    if (f->pattern_hint.n)
        return (struct checked){.sentence = f->pattern_hint};
    return wrong(cx, T("% chưa đúng mẫu. Xem ví dụ ở trên rồi nhập lại."), f->label);
}

static struct checked check_value(struct cx *cx, const struct form_field *f, struct str typed)
{
    if (utf8_count(typed) > (size_t)f->max_length)
        return (struct checked){.sentence =
                                    str_fmt(cx->arena, T("%.*s dài quá %d chữ. Viết ngắn lại."),
                                            F(f->label), f->max_length)};
    switch (f->type) {
    case FORM_DATE:
    case FORM_DATE_OR_YEAR:
        return check_date(cx, f, typed);
    case FORM_NUMBER:
    case FORM_MONEY:
        return check_number(cx, f, typed);
    case FORM_SELECT:
    case FORM_RADIO:
        return check_option(cx, f, typed);
    case FORM_ID_NO:
        return check_id_no(cx, f, typed);
    case FORM_PHONE:
        return check_phone(cx, f, typed);
    case FORM_EMAIL:
        return check_email(cx, f, typed);
    case FORM_PERSON_NAME:
        return check_name(cx, f, typed);
    case FORM_TEXT:
    case FORM_TEXTAREA:
    case FORM_ADDRESS:
    case FORM_CHECKBOX:
    case FORM_CHECKBOX_GROUP:
        break;
    }
    return check_pattern(cx, f, typed);
}

static struct str missing(struct cx *cx, const struct form_field *f)
{
    if (str_ends(f->label, S("?")))
        return str_fmt(cx->arena, T("Chọn một câu trả lời cho: %.*s"), F(f->label));
    bool choose = f->type == FORM_SELECT || f->type == FORM_RADIO || f->type == FORM_CHECKBOX_GROUP;
    const char *verb = choose ? T("Chọn") : f->type == FORM_CHECKBOX ? T("Đánh dấu") : T("Nhập");
    return str_fmt(cx->arena, "%s %.*s.", verb, F(text_lower(cx->arena, f->label)));
}

/* The sentences come from the checks themselves: each is asked about something that cannot be. */
struct form_words form_words_of(struct cx *cx, const struct form_field *f)
{
    static const char *const checks[] = {
        [FORM_DATE] = "date",     [FORM_DATE_OR_YEAR] = "date-or-year",
        [FORM_NUMBER] = "number", [FORM_MONEY] = "number",
        [FORM_ID_NO] = "id-no",   [FORM_PHONE] = "phone",
        [FORM_EMAIL] = "email",   [FORM_PERSON_NAME] = "name",
    };
    struct form_words w = {0};
    /* What is shown only sometimes may be empty at other times: that the server knows. */
    if (f->required && f->show_field.n == 0)
        w.missing = missing(cx, f);
    const char *check = (size_t)f->type < sizeof checks / sizeof *checks ? checks[f->type] : NULL;
    if (check) {
        w.check = str_c(check);
        w.bad = check_value(cx, f, S("1?")).sentence;
    }
    return w;
}

static bool shown(struct cx *cx, const struct form *f, const struct form_values *v,
                  const struct form_field *field)
{
    if (field->show_field.n == 0)
        return true;
    const struct form_field *on = form_field_of(f, field->show_field);
    return on && str_eq(form_typed(cx, v, on), field->show_value);
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
    if (!shown(cx, f, v, field))
        return;
    struct str typed = form_typed(cx, v, field);
    if (typed.n == 0) {
        if (field->required)
            add_error(cx, errors, field, missing(cx, field));
        return;
    }
    if (field->type == FORM_CHECKBOX_GROUP) {
        if (field->required && !any_option(field, v))
            add_error(cx, errors, field, missing(cx, field));
        else
            put_group(o, field, v);
        return;
    }
    struct checked c = check_value(cx, field, typed);
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
        return !date_typed(a, &first) || !date_typed(b, &second) || first < second;
    return true;
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
        if (rule_applies(f, &f->rules[r], section) && !rule_holds(cx, f, v, &f->rules[r]))
            add_error(cx, &errors, form_field_of(f, f->rules[r].fields[f->rules[r].fields_n - 1]),
                      f->rules[r].sentence);
    if (json.full)
        return fail(cx, ERR_LIMIT, T("Tờ khai dài quá. Viết ngắn lại các mục ghi tự do."));
    *out = (struct form_check){errors.p, errors.n, buf_str(&json)};
    return OK;
}

struct str form_shown(struct cx *cx, const struct form_field *f, struct str stored)
{
    int64_t day;
    if ((f->type == FORM_DATE || f->type == FORM_DATE_OR_YEAR) && date_parse(stored, &day))
        return date_vi(cx->arena, day);
    for (size_t i = 0; i < f->options_n; i++)
        if (str_eq(f->options[i].value, stored))
            return f->options[i].label;
    if (f->suffix.n && stored.n)
        return str_fmt(cx->arena, "%.*s %.*s", F(stored), F(f->suffix));
    return stored;
}
