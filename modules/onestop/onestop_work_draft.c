/* onestop_work_draft.c - the draft of a result on the officer's desk: as it would be signed, its
 * fields to make or mend it, saving it. */
#include "onestop_work.h"

#define VALUES_MAX 600 /* answers of one form */

/* The fields of the form as the specialist may correct them for the paper. */
static enum err set_editor(struct cx *cx, struct web_req *rq, const struct work *w,
                           struct onestop_work_view *v)
{
    const struct json *data, *draft = NULL;
    struct json_error error;
    struct web_value *values = NEW_N(cx->arena, struct web_value, VALUES_MAX);
    size_t values_n = 0;
    TRY(onestop_form_data(cx, &w->d, &data));
    if (w->has_result && json_read(cx->arena, w->r.data_json, &draft, &error) != OK)
        return fail(cx, ERR_IO, "onestop_result %lld: %s", (long long)w->r.id, error.what);
    for (size_t s = 0; s < w->f->sections_n; s++)
        for (size_t i = 0; i < w->f->sections[s].fields_n; i++) {
            const struct form_field *f = &w->f->sections[s].fields[i];
            const struct json *from = draft && json_has(draft, f->id) ? draft : data;
            form_typed_again(cx, f, json_get(from, f->id), values, VALUES_MAX, &values_n);
        }
    struct form_values typed = {.v = values, .n = values_n, .by_officer = true};
    if (web_again(rq))
        typed.v = web_form_values(rq, &typed.n);
    struct onestop_counter_part *parts =
        NEW_N(cx->arena, struct onestop_counter_part, w->f->sections_n);
    for (size_t s = 0; s < w->f->sections_n; s++) {
        const struct form_section *section = &w->f->sections[s];
        struct look_field_view *fields =
            NEW_N(cx->arena, struct look_field_view, section->fields_n);
        for (size_t i = 0; i < section->fields_n; i++) {
            fields[i] = form_look_field(cx, &section->fields[i], &typed,
                                        web_error_of(rq, section->fields[i].id));
            fields[i].hint = S("");
            fields[i].optional = false; /* said to the person; here all may be mended */
        }
        parts[s] = (struct onestop_counter_part){section->title, fields, section->fields_n};
    }
    v->edits = true;
    v->draft_version = str_fmt(cx->arena, "%lld", (long long)w->d.version);
    v->draft_action = str_fmt(cx->arena, "%.*s/du-thao", F(w->path));
    v->edit_parts = parts;
    v->edit_parts_n = w->f->sections_n;
    v->proposal = (struct look_field_view){.kind = LOOK_AREA,
                                           .name = S("de_xuat"),
                                           .label = tr(cx, S(T("Đề xuất gửi lãnh đạo"))),
                                           .optional = true,
                                           .value = web_again(rq)   ? web_form(rq, "de_xuat")
                                                    : w->has_result ? w->r.proposal
                                                                    : S(""),
                                           .max = REASON_MAX};
    return OK;
}

/* The draft as it would be signed; its fields only to make or to mend it. */
enum err onestop_work_set_draft(struct cx *cx, struct web_req *rq, const struct work *w,
                                struct onestop_work_view *v)
{
    bool may_edit = onestop_work_drafting(cx, w) && !(w->has_result && w->r.negative);
    if (may_edit && (!w->has_result || web_again(rq) || web_query(rq, "sua").n))
        return set_editor(cx, rq, w, v);
    if (w->has_result) {
        v->frame_title = tr(cx, S(T("Dự thảo kết quả")));
        v->frame_href =
            str_fmt(cx->arena, "%.*s/%s", F(w->path), w->r.file ? "ket-qua" : "du-thao.pdf");
        v->edit_href = may_edit ? onestop_work_href(cx, w, S("xem=du-thao&sua=1")) : S("");
    }
    if (!w->has_result)
        v->empty = (struct look_empty_view){
            tr(cx, S(T("Chưa có dự thảo"))),
            tr(cx, S(T("Dự thảo hiện ở đây khi chuyên viên soạn xong."))), S(""), S("")};
    return OK;
}

/* ---- saving the draft ---- */

struct drafting {
    struct str data;
};

/* The pinned form checks the specialist's corrections like the person's own answers. */
enum err onestop_check_draft(struct cx *cx, struct web_req *rq, [[maybe_unused]] struct web_res *rs)
{
    struct work *w = NEW(cx->arena, struct work);
    struct form_check check;
    size_t n;
    web_on_refusal(rq, onestop_show_work);
    TRY(onestop_work_load(cx, rq, w));
    struct form_values typed = {.v = web_form_values(rq, &n), .by_officer = true};
    typed.n = n;
    TRY(form_check(cx, w->f, &typed, -1, &check));
    for (size_t i = 0; i < check.n; i++)
        web_error_add(cx, rq, check.errors[i].field, check.errors[i].sentence);
    struct drafting *d = NEW(cx->arena, struct drafting);
    d->data = check.json;
    web_keep(rq, d);
    return web_refuse(cx, rq);
}

enum err onestop_write_draft(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct drafting *w = web_kept(rq);
    struct dossier d;
    struct queue queue;
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_same_version(cx, rq, &d));
    TRY(onestop_draft(cx, &d, w->data, web_form(rq, "de_xuat")));
    onestop_queue_of(cx, rq, &queue);
    rs->see_other = onestop_queue_href(
        cx, &queue, str_fmt(cx->arena, "/viec/%.*s", F(d.code.n ? d.code : d.request_code)),
        S("xem=du-thao"));
    rs->toast = tr(cx, S(T("Đã lưu dự thảo.")));
    return OK;
}
