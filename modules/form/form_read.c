/* form_read.c - from a stored definition to struct form; checks the definition when a pack brings
 * it. */
#include "form_inside.h"

#include <regex.h>

static const struct {
    const char *name;
    enum form_type type;
} types[] = {
    {"text", FORM_TEXT},
    {"textarea", FORM_TEXTAREA},
    {"date", FORM_DATE},
    {"date_or_year", FORM_DATE_OR_YEAR},
    {"number", FORM_NUMBER},
    {"money", FORM_MONEY},
    {"select", FORM_SELECT},
    {"radio", FORM_RADIO},
    {"checkbox", FORM_CHECKBOX},
    {"checkbox_group", FORM_CHECKBOX_GROUP},
    {"phone", FORM_PHONE},
    {"email", FORM_EMAIL},
    {"id_no", FORM_ID_NO},
    {"address", FORM_ADDRESS},
    {"person_name", FORM_PERSON_NAME},
};

static bool type_of(struct str name, enum form_type *out)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(name, str_c(types[i].name))) {
            *out = types[i].type;
            return true;
        }
    return false;
}

/* Ids become field names, element ids and JSON keys. */
static bool id_valid(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '0' && id.p[i] <= '9') ||
              id.p[i] == '_'))
            return false;
    return id.n > 0 && id.n <= 60 && id.p[0] >= 'a' && id.p[0] <= 'z';
}

static struct str text_of(const struct json *v, struct str key)
{
    return json_text(json_get(v, key));
}

/* An option is a text, or {"value": .., "label": ..}. */
static void read_options(struct cx *cx, const struct json *list, struct form_field *f)
{
    struct form_option *o = NEW_N(cx->arena, struct form_option, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct json *v = json_at(list, i);
        o[i] = v->kind == JSON_STRING
                   ? (struct form_option){json_text(v), json_text(v)}
                   : (struct form_option){text_of(v, S("value")), text_of(v, S("label"))};
    }
    f->options = o;
    f->options_n = list->n;
}

/* {"field": .., "is": "A"} or {"field": .., "is": ["A", "B"]}: one of these values. */
static size_t read_condition(struct cx *cx, const struct json *v, struct str *field,
                             const struct str **out)
{
    const struct json *is = json_get(v, S("is"));
    size_t n = is->kind == JSON_ARRAY ? is->n : 1;
    struct str *values = NEW_N(cx->arena, struct str, n + 1);
    values[0] = json_text(is);
    for (uint32_t i = 0; is->kind == JSON_ARRAY && i < is->n; i++)
        values[i] = json_text(json_at(is, i));
    *field = text_of(v, S("field"));
    *out = values;
    return field->n ? n : 0;
}

/* {"from": "person.name", "if": {"field": .., "is": ..}} */
static void read_offer(struct cx *cx, const struct json *v, struct form_field *f)
{
    f->offer = text_of(v, S("from"));
    f->offer_values_n = read_condition(cx, json_get(v, S("if")), &f->offer_field, &f->offer_values);
}

static bool needs_options(enum form_type t)
{
    return t == FORM_SELECT || t == FORM_RADIO || t == FORM_CHECKBOX_GROUP;
}

static enum err read_field(struct cx *cx, const struct json *v, struct form_field *f)
{
    *f = (struct form_field){
        .id = text_of(v, S("id")),
        .label = text_of(v, S("label")),
        .label_officer = text_of(v, S("label_officer")),
        .hint = text_of(v, S("hint")),
        .pattern = text_of(v, S("pattern")),
        .pattern_hint = text_of(v, S("pattern_hint")),
        .suffix = text_of(v, S("suffix")),
        .required = json_true(json_get(v, S("required"))),
        .min = json_int(json_get(v, S("min")), INT64_MIN),
        .max = json_int(json_get(v, S("max")), INT64_MAX),
        .default_value = text_of(v, S("default")),
        .prefill = text_of(v, S("prefill")),
        .decimals = (int)json_int(json_get(v, S("decimals")), 0),
        .by_officer = str_eq(text_of(v, S("by")), S("officer")),
        .not_after_today = json_true(json_get(v, S("not_after_today"))),
    };
    if (!id_valid(f->id) || f->label.n == 0)
        return fail(cx, ERR_INVALID,
                    T("Trường \"%.*s\" thiếu nhãn, hoặc mã không chỉ gồm chữ thường, số và _."),
                    F(f->id));
    if (!type_of(text_of(v, S("type")), &f->type))
        return fail(cx, ERR_INVALID, T("Trường \"%.*s\" có kiểu không biết."), F(f->id));
    read_options(cx, json_get(v, S("options")), f);
    f->show_values_n =
        read_condition(cx, json_get(v, S("show_if")), &f->show_field, &f->show_values);
    read_offer(cx, json_get(v, S("offer")), f);
    if (needs_options(f->type) && f->options_n == 0)
        return fail(cx, ERR_INVALID, T("Trường \"%.*s\" phải có danh sách lựa chọn."), F(f->id));
    regex_t re;
    if (f->pattern.n) {
        if (regcomp(&re, str_z(cx->arena, f->pattern), REG_EXTENDED | REG_NOSUB) != 0)
            return fail(cx, ERR_INVALID, T("Trường \"%.*s\" có mẫu (pattern) không đọc được."),
                        F(f->id));
        regfree(&re);
    }
    int64_t longest = json_int(json_get(v, S("max_length")), f->type == FORM_TEXTAREA ? 2000 : 200);
    f->max_length = longest < 1 || longest > 10000 ? 200 : (int)longest;
    return OK;
}

static enum err read_section(struct cx *cx, const struct json *v, struct form_section *s)
{
    const struct json *list = json_get(v, S("fields"));
    struct form_field *fields = NEW_N(cx->arena, struct form_field, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        TRY(read_field(cx, json_at(list, i), &fields[i]));
    *s = (struct form_section){text_of(v, S("title")), text_of(v, S("note")), fields, list->n};
    return OK;
}

static void read_rule(struct cx *cx, const struct json *v, struct form_rule *r)
{
    const struct json *list = json_get(v, S("fields"));
    struct str *fields = NEW_N(cx->arena, struct str, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        fields[i] = json_text(json_at(list, i));
    *r = (struct form_rule){.kind = text_of(v, S("kind")),
                            .fields = fields,
                            .fields_n = list->n,
                            .sentence = text_of(v, S("sentence")),
                            .years = (int)json_int(json_get(v, S("years")), 0),
                            .valid_from = INT64_MIN,
                            .valid_to = INT64_MAX,
                            .assumed = json_true(json_get(v, S("assumed")))};
}

/* A number of years is somebody's decision: since when, and whose. */
static bool decision_stated(const struct json *v, struct form_rule *r)
{
    const struct str to = text_of(v, S("valid_to"));
    return r->years > 0 && r->years < 100 && text_of(v, S("basis")).n > 0 &&
           date_parse(text_of(v, S("valid_from")), &r->valid_from) &&
           (to.n == 0 || date_parse(to, &r->valid_to));
}

static bool rule_valid(const struct form_rule *r)
{
    if (r->sentence.n == 0)
        return false;
    if (str_eq(r->kind, S("one_of")))
        return r->fields_n > 0;
    return r->fields_n == 2 && (str_eq(r->kind, S("differ")) || str_eq(r->kind, S("before")) ||
                                str_eq(r->kind, S("older")));
}

/* A question that hangs on itself, through others, would never be asked. */
static bool in_circle(const struct form *f, const struct form_field *field)
{
    const struct form_field *on = field;
    for (size_t i = 0; on && on->show_field.n; i++) {
        on = form_field_of(f, on->show_field);
        if (on == field || i == 8)
            return true;
    }
    return false;
}

/* A value that cannot be chosen would hide the field for ever, or never offer it. */
static enum err check_values(struct cx *cx, const struct form_field *field,
                             const struct form_field *on, const struct str *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool there = on->options_n == 0;
        for (size_t k = 0; k < on->options_n; k++)
            there = there || str_eq(on->options[k].value, values[i]);
        if (!there)
            return fail(cx, ERR_INVALID, T("Trường \"%.*s\" phụ thuộc lựa chọn \"%.*s\" không có."),
                        F(field->id), F(values[i]));
    }
    return OK;
}

static enum err check_condition(struct cx *cx, const struct form *f, const struct form_field *field)
{
    const struct form_field *on = form_field_of(f, field->show_field);
    if (field->show_field.n == 0)
        return OK;
    if (!on || in_circle(f, field))
        return fail(cx, ERR_INVALID,
                    T("Trường \"%.*s\" phụ thuộc trường không có hoặc phụ thuộc chính nó."),
                    F(field->id));
    return check_values(cx, field, on, field->show_values, field->show_values_n);
}

/* What is known of a person: as offered, so prefilled. */
static enum err check_offer(struct cx *cx, const struct form *f, const struct form_field *field)
{
    static const char *const known[] = {"name",    "id_no", "born_on", "sex",
                                        "address", "phone", "email"};
    const struct form_field *on = form_field_of(f, field->offer_field);
    bool there = field->offer.n == 0 && field->offer_field.n == 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        there = there || str_eq(field->offer, str_fmt(cx->arena, "person.%s", known[i]));
    if (!there || (field->prefill.n && field->offer.n) ||
        (field->offer_field.n && (!on || on == field)))
        return fail(cx, ERR_INVALID,
                    T("Trường \"%.*s\" có điều đề nghị sẵn (offer) không biết lấy từ đâu."),
                    F(field->id));
    return check_values(cx, field, on, field->offer_values, field->offer_values_n);
}

/* Every id once, every mention of a field an existing one. */
static enum err check_ids(struct cx *cx, const struct form *f)
{
    for (size_t s = 0; s < f->sections_n; s++)
        for (size_t i = 0; i < f->sections[s].fields_n; i++) {
            const struct form_field *field = &f->sections[s].fields[i];
            if (form_field_of(f, field->id) != field)
                return fail(cx, ERR_INVALID, T("Mã trường \"%.*s\" có hai lần."), F(field->id));
            TRY(check_condition(cx, f, field));
            TRY(check_offer(cx, f, field));
        }
    for (size_t r = 0; r < f->rules_n; r++) {
        if (!rule_valid(&f->rules[r]))
            return fail(cx, ERR_INVALID,
                        T("Quy tắc %zu có loại không biết, thiếu câu báo hoặc sai số trường."),
                        r + 1);
        for (size_t i = 0; i < f->rules[r].fields_n; i++)
            if (!form_field_of(f, f->rules[r].fields[i]))
                return fail(cx, ERR_INVALID, T("Quy tắc %zu nhắc trường không có: %.*s."), r + 1,
                            F(f->rules[r].fields[i]));
    }
    return OK;
}

enum err form_from_json(struct cx *cx, const struct json *v, struct form *f)
{
    const struct json *sections = json_get(v, S("sections")), *rules = json_get(v, S("rules"));
    struct form_section *list = NEW_N(cx->arena, struct form_section, sections->n);
    for (uint32_t i = 0; i < sections->n; i++)
        TRY(read_section(cx, json_at(sections, i), &list[i]));
    struct form_rule *rule = NEW_N(cx->arena, struct form_rule, rules->n);
    for (uint32_t i = 0; i < rules->n; i++) {
        read_rule(cx, json_at(rules, i), &rule[i]);
        if (str_eq(rule[i].kind, S("older")) && !decision_stated(json_at(rules, i), &rule[i]))
            return fail(cx, ERR_INVALID,
                        T("Quy tắc %u so tuổi phải có years, valid_from và basis."), i + 1);
    }
    *f = (struct form){
        .code = text_of(v, S("code")),
        .version = text_of(v, S("version")),
        .title = text_of(v, S("title")),
        .basis = text_of(v, S("basis")),
        .sections = list,
        .sections_n = sections->n,
        .rules = rule,
        .rules_n = rules->n,
    };
    if (f->code.n == 0 || f->version.n == 0 || f->sections_n == 0)
        return fail(cx, ERR_INVALID, T("Biểu mẫu phải có code, version và ít nhất một phần."));
    return check_ids(cx, f);
}

const struct form_field *form_field_of(const struct form *f, struct str id)
{
    for (size_t s = 0; s < f->sections_n; s++)
        for (size_t i = 0; i < f->sections[s].fields_n; i++)
            if (str_eq(f->sections[s].fields[i].id, id))
                return &f->sections[s].fields[i];
    return NULL;
}
