/* onestop_print_result.c - the paper of a result: the form's answers, what the specialist wrote
 * over them, number and check code, for its template. */
#include "identity/identity.h"
#include "journal/journal.h"
#include "onestop_ledger.h"
#include "org/org.h"

#define DATA_MAX ((size_t)256 * 1024)

/* What the office itself puts on a paper; a form's field of the same name stands in its section. */
static bool ours(struct str id)
{
    static const char *const names[] = {"co_quan",
                                        "co_quan_cap_tren",
                                        "dia_chi_co_quan",
                                        "dien_thoai_co_quan",
                                        "ma_ho_so",
                                        "thu_tuc",
                                        "nguoi_nop",
                                        "chu_ho_so",
                                        "ly_do",
                                        "can_cu",
                                        "so",
                                        "ngay",
                                        "nguoi_ky",
                                        "xac_minh",
                                        "ma_xac_minh",
                                        "muc",
                                        "ten_ket_qua"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(id, str_c(names[i])))
            return true;
    return false;
}

/* The form's answers as people read them, under their ids, then what the specialist wrote over
 * them. */
static enum err put_answers(struct cx *cx, struct json_out *o, const struct dossier *d,
                            const struct json *draft)
{
    const struct form *f;
    const struct json *form;
    struct str data;
    struct json_error error;
    TRY(form_version(cx, d->form_version, &f));
    TRY(onestop_store_form(cx, d, &data));
    if (json_read(cx->arena, data, &form, &error) != OK)
        return fail(cx, ERR_IO, "onestop_form %lld: %s", (long long)d->id, error.what);
    for (size_t s = 0; s < f->sections_n; s++)
        for (size_t i = 0; i < f->sections[s].fields_n; i++) {
            const struct form_field *field = &f->sections[s].fields[i];
            if (ours(field->id))
                continue;
            const struct json *from = json_has(draft, field->id) ? draft : form;
            const struct json *v = json_get(from, field->id);
            json_str(o, field->id, form_shown_json(cx, field, v));
            int64_t day;
            if (date_parse(json_text(v), &day)) /* civil status papers write a date in words too */
                json_str(o, str_fmt(cx->arena, "%.*s_chu", F(field->id)),
                         text_date_vi(cx->arena, day));
        }
    if (!form_field_of(f, S("ket_luan"))) /* what the general result prints */
        json_str(o, S("ket_luan"), S(""));
    return OK;
}

static void put_section(struct cx *cx, struct json_out *o, const struct form_section *s,
                        const struct json *draft)
{
    bool begun = false;
    for (size_t i = 0; i < s->fields_n; i++) {
        const struct form_field *field = &s->fields[i];
        struct str shown = form_shown_json(cx, field, json_get(draft, field->id));
        if (shown.n == 0 || field->by_officer)
            continue;
        if (!begun) {
            json_open_object(o);
            json_str(o, S("ten"), s->title);
            json_key(o, S("dong"));
            json_open_array(o);
            begun = true;
        }
        json_open_object(o);
        json_str(o, S("nhan"), field->label);
        json_str(o, S("gia_tri"), shown);
        json_close_object(o);
    }
    if (begun) {
        json_close_array(o);
        json_close_object(o);
    }
}

/* The same answers once more by section, for papers that print whatever the form asks. */
static enum err put_sections(struct cx *cx, struct json_out *o, const struct dossier *d,
                             const struct json *draft)
{
    const struct form *f;
    TRY(form_version(cx, d->form_version, &f));
    json_key(o, S("muc"));
    json_open_array(o);
    for (size_t s = 0; s < f->sections_n; s++)
        put_section(cx, o, &f->sections[s], draft);
    json_close_array(o);
    return OK;
}

enum err onestop_render_result(struct cx *cx, const struct dossier *d, const struct result_view *r,
                               bool draft, struct str *pdf)
{
    const struct procedure *p;
    const struct json *draft_data;
    struct json_error error;
    struct buf b = {.arena = cx->arena, .limit = DATA_MAX};
    struct json_out o = {.to = &b};
    TRY(onestop_procedure(cx, d, &p));
    if (json_read(cx->arena, r->data_json, &draft_data, &error) != OK)
        return fail(cx, ERR_IO, "onestop_result %lld: %s", (long long)r->id, error.what);
    json_open_object(&o);
    TRY(onestop_put_unit(cx, &o, d->competent_unit));
    TRY(put_answers(cx, &o, d, draft_data));
    TRY(put_sections(cx, &o, d, draft_data));
    json_str(&o, S("ten_ket_qua"), text_upper(cx->arena, p->result_name));
    json_str(&o, S("ma_ho_so"), d->code);
    json_str(&o, S("thu_tuc"), d->procedure_name);
    json_str(&o, S("nguoi_nop"), d->submitter_name);
    json_str(&o, S("chu_ho_so"), d->subject_name);
    json_str(&o, S("ly_do"), json_text(json_get(draft_data, S("ly_do"))));
    json_str(&o, S("can_cu"), json_text(json_get(draft_data, S("can_cu"))));
    json_str(&o, S("so"), draft || r->number.n == 0 ? S("…/…") : r->number);
    json_str(&o, S("ngay"), draft ? S("ngày … tháng … năm …") : onestop_long_date(cx, cx->now));
    json_str(&o, S("nguoi_ky"), r->signer_name);
    json_str(
        &o, S("xac_minh"),
        draft ? S("")
              : str_fmt(cx->arena, "%.*s/xac-minh/%.*s", F(cx->env->base_url), F(r->verify_code)));
    json_str(&o, S("ma_xac_minh"), draft ? S("") : r->verify_code);
    json_close_object(&o);
    return onestop_print(cx, r->negative ? S("khong-giai-quyet") : p->result_template, buf_str(&b),
                         pdf);
}

enum err onestop_draft_pdf(struct cx *cx, const struct dossier *d, struct str *pdf)
{
    struct result_view r;
    TRY(onestop_result(cx, d, &r));
    return onestop_render_result(
        cx, d, &r, !str_eq(r.state, S("da_duyet")) && !str_eq(r.state, S("da_ky")), pdf);
}
