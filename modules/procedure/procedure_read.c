/* procedure_read.c - from stored JSON to struct procedure. */
#include "procedure_inside.h"

static struct str text_of(const struct json *v, struct str key)
{
    return json_text(json_get(v, key));
}

static const struct str *texts(struct cx *cx, const struct json *list, size_t *n)
{
    struct str *out = NEW_N(cx->arena, struct str, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        out[i] = json_text(json_at(list, i));
    *n = list->n;
    return out;
}

static void read_legal(struct cx *cx, const struct json *list, struct procedure *p)
{
    struct procedure_legal *out = NEW_N(cx->arena, struct procedure_legal, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        out[i] = (struct procedure_legal){text_of(json_at(list, i), S("no")),
                                          text_of(json_at(list, i), S("title"))};
    p->legal = out;
    p->legal_n = list->n;
}

/* The published steps, when the province wrote no shorter ones. */
static void read_order(struct cx *cx, const struct json *list, const char *heading,
                       struct procedure *p)
{
    struct procedure_line *out = NEW_N(cx->arena, struct procedure_line, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        out[i] = (struct procedure_line){text_of(json_at(list, i), str_c(heading)),
                                         text_of(json_at(list, i), S("text"))};
    p->order = out;
    p->order_n = list->n;
}

/* The catalogue gives many components no code, and one code several times. Counted from the front:
 * a version never changes, so neither do these. */
static void name_components(struct cx *cx, struct procedure_component *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool again = c[i].code.n == 0;
        for (size_t k = 0; k < i && !again; k++)
            again = str_eq(c[k].code, c[i].code);
        if (again)
            c[i].code = str_fmt(cx->arena, "tp-%zu", i + 1);
    }
}

static void read_published_components(struct cx *cx, const struct json *cases, struct procedure *p)
{
    VEC(struct procedure_component) all = {0};
    for (uint32_t c = 0; c < cases->n; c++) {
        const struct json *list = json_get(json_at(cases, c), S("components"));
        for (uint32_t i = 0; i < list->n; i++) {
            const struct json *v = json_at(list, i);
            *vec_add(cx->arena, &all) = (struct procedure_component){
                .code = text_of(v, S("doc_code")),
                .name = text_of(v, S("name")),
                .when = text_of(json_at(cases, c), S("name")),
                .originals = (int)json_int(json_get(v, S("originals")), 0),
                .copies = (int)json_int(json_get(v, S("copies")), 0),
            };
        }
    }
    p->components = all.p;
    p->components_n = all.n;
    name_components(cx, all.p, all.n);
}

static void read_record(struct cx *cx, const struct json *v, struct procedure *p)
{
    p->record = v;
    p->publisher = text_of(v, S("publisher"));
    p->decision = text_of(v, S("decision"));
    p->kind = text_of(v, S("kind"));
    p->conditions = text_of(v, S("conditions"));
    p->subjects = texts(cx, json_get(v, S("subjects")), &p->subjects_n);
    p->executors = texts(cx, json_get(v, S("executors")), &p->executors_n);
    read_legal(cx, json_get(v, S("legal_basis")), p);
    read_order(cx, json_get(v, S("steps")), "group", p);
    read_published_components(cx, json_get(v, S("cases")), p);
    p->result_name = json_text(json_at(json_get(v, S("results")), 0));
}

/* ---- what the province decided ---- */

static struct str or_else(struct str given, struct str usual)
{
    return given.n ? given : usual;
}

static void read_components(struct cx *cx, const struct json *list, struct procedure *p)
{
    struct procedure_component *out = NEW_N(cx->arena, struct procedure_component, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct json *v = json_at(list, i);
        out[i] = (struct procedure_component){
            .code = text_of(v, S("code")),
            .name = text_of(v, S("name")),
            .hint = text_of(v, S("hint")),
            .required = json_true(json_get(v, S("required"))),
            .when = text_of(v, S("when")),
            .originals = (int)json_int(json_get(v, S("originals")), 0),
            .copies = (int)json_int(json_get(v, S("copies")), 0),
            .source = text_of(v, S("source")),
        };
    }
    p->components = out;
    p->components_n = list->n;
}

static void read_fees(struct cx *cx, const struct json *list, struct procedure *p)
{
    struct procedure_fee *out = NEW_N(cx->arena, struct procedure_fee, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct json *v = json_at(list, i);
        out[i] = (struct procedure_fee){
            .code = text_of(v, S("code")),
            .name = text_of(v, S("name")),
            .kind = text_of(v, S("kind")),
            .amount_dong = json_int(json_get(v, S("amount_dong")), 0),
            .per_field = text_of(v, S("per_field")),
            .when_field = text_of(json_get(v, S("when")), S("field")),
            .when_value = text_of(json_get(v, S("when")), S("is")),
            .basis = text_of(v, S("basis")),
            .note = text_of(v, S("note")),
        };
    }
    p->fees = out;
    p->fees_n = list->n;
}

/* A draft is for somebody to sign; what is left at the end is signed or confirmed. */
static bool steps_lead_to_an_end(const struct procedure_step *s, size_t n)
{
    bool drafted = false;
    for (size_t i = 0; i < n; i++) {
        bool drafts = str_eq(s[i].kind, S("tham_tra")), signs = str_eq(s[i].kind, S("ky"));
        if (!drafts && !signs && !str_eq(s[i].kind, S("xac_nhan")))
            return false;
        if (s[i].title.n == 0 || s[i].key.n == 0 || (signs && !drafted))
            return false;
        drafted = signs ? false : drafted || drafts;
    }
    return n > 0 && !drafted;
}

static enum err read_steps(struct cx *cx, const struct json *list, struct procedure *p)
{
    static const struct procedure_step usual[] = {
        {.key = S("tham_tra"),
         .title = S("Thẩm tra, soạn kết quả"),
         .kind = S("tham_tra"),
         .right = S("onestop.process")},
        {.key = S("ky"),
         .title = S("Phê duyệt và ký"),
         .kind = S("ky"),
         .right = S("onestop.sign")},
    };
    p->steps = usual;
    p->steps_n = sizeof usual / sizeof *usual;
    if (list->n == 0)
        return OK;
    struct procedure_step *out = NEW_N(cx->arena, struct procedure_step, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct json *v = json_at(list, i);
        out[i] = (struct procedure_step){text_of(v, S("key")), text_of(v, S("title")),
                                         text_of(v, S("kind")), text_of(v, S("right")),
                                         text_of(v, S("unit"))};
    }
    p->steps = out;
    p->steps_n = list->n;
    return steps_lead_to_an_end(out, list->n)
               ? OK
               : fail(
                     cx, ERR_INVALID,
                     T("Thủ tục %.*s: mỗi bước cần key, title và kind tham_tra, xac_nhan hoặc ky; sau tham_tra phải có ky."),
                     F(p->code));
}

static enum err read_term(struct cx *cx, const struct json *v, struct procedure *p)
{
    p->term_words = text_of(v, S("words"));
    p->term = procedure_term_of(&(struct term_row){.unit = text_of(v, S("unit")),
                                                   .cutoff = text_of(v, S("cutoff")),
                                                   .n_half = 2 * json_int(json_get(v, S("n")), 0) +
                                                             json_int(json_get(v, S("half")), 0)});
    bool good =
        p->term.unit && (p->term.n_half > 0 || p->term.unit == TERM_SAME_DAY) && p->term_words.n;
    return good
               ? OK
               : fail(
                     cx, ERR_INVALID,
                     T("Thủ tục %.*s: thời hạn phải có unit, n và words. Cán bộ phải xác định thời hạn."),
                     F(p->code));
}

static enum err read_opening(struct cx *cx, const struct json *v, struct procedure *p)
{
    const struct json *subject = json_get(v, S("subject")), *result = json_get(v, S("result"));
    p->open = true;
    /* Read before the opening: a version that came later has not been. */
    p->proofread = json_has(v, S("proofread")) && p->version_from <= p->open_from;
    p->level = text_of(v, S("level"));
    p->summary = text_of(v, S("summary"));
    p->form_code = or_else(text_of(v, S("form")), S(PROCEDURE_GENERAL_FORM));
    p->intake_kind = text_of(v, S("intake_kind"));
    p->deciding_kind = text_of(v, S("deciding_kind"));
    p->acts_field = text_of(v, S("acts_field"));
    p->subject_kind = text_of(subject, S("kind"));
    p->subject_name_field = text_of(subject, S("name_field"));
    p->subject_born_field = text_of(subject, S("born_field"));
    p->subject_sex_field = text_of(subject, S("sex_field"));
    p->result_name = or_else(or_else(text_of(result, S("name")), p->result_name),
                             S("Kết quả giải quyết thủ tục hành chính"));
    p->result_template = or_else(text_of(result, S("template")), S("ket-qua-chung"));
    p->result_register = or_else(text_of(result, S("register")), S("KQ"));
    p->due_mode = str_eq(text_of(v, S("due_mode")), S("gio")) ? TERM_BY_HOUR : TERM_BY_DAY;
    p->resume = str_eq(text_of(v, S("resume")), S("continue")) ? RESUME_CONTINUE : RESUME_RESET;
    p->supplement_days = (int)json_int(json_get(v, S("supplement_days")), 5);
    p->answer_hours = (int)json_int(json_get(v, S("answer_hours")), 0);
    if (json_has(v, S("components"))) /* else those of the catalogue */
        read_components(cx, json_get(v, S("components")), p);
    read_fees(cx, json_get(v, S("fees")), p);
    TRY(read_steps(cx, json_get(v, S("steps")), p));
    p->counter_place = (int)json_int(json_get(v, S("counter_place")), 1000);
    if (json_get(v, S("order"))->n)
        read_order(cx, json_get(v, S("order")), "heading", p);
    if (p->intake_kind.n == 0 || p->deciding_kind.n == 0)
        return fail(cx, ERR_INVALID,
                    T("Thủ tục %.*s: mở thủ tục cần intake_kind và deciding_kind."), F(p->code));
    return read_term(cx, json_get(v, S("term")), p);
}

enum err procedure_from_rows(struct cx *cx, const struct version_row *v,
                             const struct opening_row *o, struct procedure **out)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, v->record, &root, &error) != OK)
        return fail(cx, ERR_IO, "procedure %.*s: stored record: %s", F(v->code), error.what);
    struct procedure *p = NEW(cx->arena, struct procedure);
    *p = (struct procedure){
        .id = v->procedure,
        .version_id = v->id,
        .version_from = v->valid_from,
        .code = v->code,
        .name = v->name,
        .field_code = v->field_code,
        .field_name = v->field_name,
    };
    read_record(cx, root, p);
    if (o) {
        if (json_read(cx->arena, o->settings, &root, &error) != OK)
            return fail(cx, ERR_IO, "procedure %.*s: stored opening: %s", F(v->code), error.what);
        p->opening_id = o->id;
        p->open_from = o->valid_from;
        if (json_true(json_get(root, S("closed")))) {
            *out = p;
            return OK;
        }
        TRY(read_opening(cx, root, p));
    }
    *out = p;
    return OK;
}
