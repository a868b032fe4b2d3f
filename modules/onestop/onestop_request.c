/* onestop_request.c - what the person does: send, answer a supplement, withdraw, rate. */
#include "file/file.h"
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "onestop_inside.h"
#include "org/org.h"
#include "vault/vault.h"

static struct str text_of(const struct json *v, struct str key)
{
    return json_text(json_get(v, key));
}

/* ---- whom the dossier is about ---- */

/* A child has no number yet: a person of its own, whose key seals the whole form. */
static struct person child_of(struct cx *cx, const struct procedure *p, const struct json *form)
{
    struct person child = {
        .kind = S("cong_dan"),
        .name = text_of(form, p->subject_name_field),
        .sex = text_lower(cx->arena, text_of(form, p->subject_sex_field)),
        .born_on = INT64_MIN,
    };
    int64_t day;
    if (date_parse(text_of(form, p->subject_born_field), &day))
        child.born_on = day;
    person_make_ready(cx, &child);
    return child;
}

enum err onestop_make_ready(struct cx *cx, const struct procedure *p, struct dossier_new *n)
{
    struct json_error error;
    if (json_read(cx->arena, n->form_json, &n->form, &error) != OK)
        return fail(cx, ERR_INVALID,
                    T("Tờ khai bị hỏng khi gửi. Quay lại trang kiểm tra rồi gửi lại."));
    n->form_of = p->version_id;
    if (str_eq(p->subject_kind, S("tre_em")))
        n->child = child_of(cx, p, n->form);
    return OK;
}

static enum err set_people(struct cx *cx, const struct procedure *p, const struct dossier_new *n,
                           struct dossier *d)
{
    struct person who;
    TRY(person_find_name(cx, n->submitter, &who));
    d->submitter = who.id;
    d->submitter_name = who.name;
    d->owner_key = who.subject;
    d->acts = ACTS_FOR_SELF;
    d->subject = who.id;
    d->subject_name = who.name;
    d->subject_key = who.subject;
    if (!str_eq(p->subject_kind, S("tre_em")))
        return OK;
    struct person child = n->child;
    if (child.name.n == 0)
        return fail(cx, ERR_INVALID, T("Nhập họ, chữ đệm, tên của trẻ."));
    TRY(person_put(cx, &child));
    d->acts = ACTS_FOR_CHILD;
    d->acts_words = text_of(n->form, p->acts_field);
    d->subject = child.id;
    d->subject_name = child.name;
    d->subject_key = child.subject;
    return OK;
}

/* ---- where it goes ---- */

/* The deciding unit is of the stated kind: the unit of intake itself, one directly below it, or the
 * same of the nearest unit above: the committee over a commune's centre, the police beside it, a
 * department of the province. */
static enum err find_deciding(struct cx *cx, const struct procedure *p, const struct org_unit *from,
                              struct org_unit *out)
{
    for (struct org_unit at = *from;;) {
        enum err e = org_unit_of_kind_at(cx, p->deciding_kind, &at, out);
        if (e != ERR_NOT_FOUND)
            return e;
        if (at.parent == 0)
            return fail(cx, ERR_CONFLICT,
                        T("Chưa có cơ quan giải quyết thủ tục này cho %.*s. Báo người quản trị."),
                        F(from->name));
        TRY(org_unit_find(cx, at.parent, &at));
    }
}

static enum err set_units(struct cx *cx, const struct procedure *p, int64_t receiving,
                          struct dossier *d)
{
    struct org_unit intake, deciding = {0};
    TRY(org_unit_find(cx, receiving, &intake));
    if (!str_eq(intake.kind, p->intake_kind))
        return fail_field(cx, ERR_INVALID, S("noi_nop"),
                          T("%.*s không tiếp nhận thủ tục này. Chọn nơi nộp khác."),
                          F(intake.name));
    TRY(find_deciding(cx, p, &intake, &deciding));
    d->helping_unit = d->receiving_unit = d->returning_unit = intake.id;
    d->receiving_path = intake.path;
    d->competent_unit = deciding.id;
    d->competent_path = deciding.path;
    return onestop_hand_to(cx, d, intake.id);
}

/* ---- papers ---- */

static const struct procedure_component *component_of(const struct procedure *p, struct str code)
{
    for (size_t i = 0; i < p->components_n; i++)
        if (str_eq(p->components[i].code, code))
            return &p->components[i];
    return NULL;
}

static enum err add_paper(struct cx *cx, const struct dossier *d, const struct procedure *p,
                          const struct dossier_paper *paper, int64_t supplement)
{
    const struct procedure_component *c = component_of(p, paper->component);
    if (!c)
        return fail(cx, ERR_INVALID,
                    T("Thủ tục này không có thành phần hồ sơ đó. Tải lại trang rồi chọn lại."));
    struct paper_row row = {.component = c->code,
                            .name = c->name,
                            .originals = paper->originals,
                            .copies = paper->copies};
    if (paper->upload) {
        struct stored_file f;
        TRY(file_add(cx, paper->upload->upload, d->owner_key, paper->upload->name, &f));
        row.file = f.id;
    }
    if (paper->file) {
        int64_t owner;
        TRY(file_owner(cx, paper->file, &owner));
        if (owner != d->owner_key)
            return fail(cx, ERR_DENIED, T("Tệp này không phải của người nộp. Chọn lại tệp."));
        row.file = paper->file;
    }
    return onestop_store_paper_add(cx, d->id, &row, supplement);
}

static enum err check_required(struct cx *cx, const struct procedure *p,
                               const struct dossier_new *n)
{
    for (size_t i = 0; i < p->components_n; i++) {
        if (!p->components[i].required ||
            (n->channel == CHANNEL_ONLINE && !str_eq(p->components[i].source, S("nop"))))
            continue; /* what is only shown, or stands in a database, cannot be sent */
        bool there = false;
        for (size_t k = 0; k < n->papers_n; k++)
            there = there || str_eq(n->papers[k].component, p->components[i].code);
        if (!there)
            return fail_field(
                cx, ERR_INVALID, str_fmt(cx->arena, "giay_to.%.*s", F(p->components[i].code)),
                T("Thêm %.*s: chụp ảnh hoặc chọn tệp PDF, JPEG, PNG."), F(p->components[i].name));
    }
    return OK;
}

/* ---- sending ---- */

static enum err set_fee(struct cx *cx, const struct procedure *p, const struct json *form,
                        struct dossier *d)
{
    struct procedure_charge charges[16];
    size_t n;
    return procedure_charges(cx, p, form, charges, 16, &n, &d->fee_dong);
}

static enum err prepare_dossier(struct cx *cx, const struct dossier_new *given,
                                const struct procedure *p, struct dossier *d)
{
    struct dossier_new own = *given, *n = &own;
    int64_t form_version;
    if (!n->form || n->form_of != p->version_id)
        TRY(onestop_make_ready(cx, p, n));
    TRY(form_in_force(cx, p->form_code, &form_version));
    *d = (struct dossier){
        .request_code =
            str_fmt(cx->arena, "YC-%.*s-%.*s", F(random_code(cx, 4)), F(random_code(cx, 6))),
        .track_token = random_code(cx, 20),
        .procedure_version = p->version_id,
        .opening = p->opening_id,
        .form_version = form_version,
        .procedure_code = p->code,
        .procedure_name = p->name,
        .state = DOSSIER_WAITING,
        .channel = n->channel,
        .account = n->account,
        .sent_at = cx->now,
        .delivery = n->delivery.n ? n->delivery : S("quay"),
    };
    TRY(set_people(cx, p, n, d));
    TRY(set_units(cx, p, n->receiving_unit, d));
    return set_fee(cx, p, n->form, d);
}

enum err onestop_send(struct cx *cx, const struct dossier_new *n, struct dossier *out)
{
    const struct procedure *p;
    TRY(procedure_find(cx, n->procedure_code, &p));
    if (!p->open || (n->channel == CHANNEL_ONLINE && str_eq(p->level, S("khong_truc_tuyen"))))
        return fail(cx, ERR_CONFLICT,
                    T("Thủ tục này chưa nhận hồ sơ. Xem nơi nộp ở trang thủ tục."));
    if (!n->incomplete)
        TRY(check_required(cx, p, n));
    TRY(prepare_dossier(cx, n, p, out));
    TRY(onestop_store_add(cx, out));
    TRY(onestop_store_form_put(cx, out, n->form_json));
    for (size_t i = 0; i < n->papers_n; i++)
        TRY(add_paper(cx, out, p, &n->papers[i], 0));
    TRY(journal_write(cx, &(struct event){
                              .kind = S("onestop.dossier.sent"),
                              .subject_kind = SUBJECT_KIND,
                              .subject_code = out->request_code,
                              .subject_id = out->id,
                              .unit = out->unit,
                              .to_state = str_c(onestop_state(out->state)->name),
                              .note_public = S("Đã gửi hồ sơ"),
                          }));
    return onestop_tell(
        cx, out, S("Đã nhận được hồ sơ bạn gửi"),
        tr_keep(cx->arena,
                T("Mã yêu cầu %.*s. Cán bộ sẽ kiểm tra và tiếp nhận trong giờ làm việc."),
                F(out->request_code)));
}

/* ---- answering a supplement ---- */

/* By the state: before acceptance the counter looks again; later the clock goes on. */
enum err onestop_answer(struct cx *cx, struct dossier *d, struct str note,
                        const struct dossier_paper *papers, size_t n)
{
    enum dossier_move m = d->state == DOSSIER_SUPPLEMENT_FIRST ? MOVE_ANSWER_FIRST : MOVE_ANSWER;
    TRY(onestop_allowed(cx, d, m));
    if (n == 0 && str_trim(note).n == 0)
        return fail(cx, ERR_INVALID,
                    T("Thêm giấy tờ còn thiếu, hoặc viết câu trả lời cho cán bộ."));
    const struct procedure *p;
    struct supplement open[SUPPLEMENTS_MAX];
    size_t open_n;
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_store_supplements(cx, d, open, SUPPLEMENTS_MAX, &open_n));
    if (open_n == 0 || open[0].answered_at)
        return fail(cx, ERR_CONFLICT,
                    T("Yêu cầu bổ sung này đã được trả lời. Tải lại trang để xem."));
    for (size_t i = 0; i < n; i++)
        TRY(add_paper(cx, d, p, &papers[i], open[0].id));
    TRY(onestop_store_supplement_answer(cx, open[0].id));
    if (m == MOVE_ANSWER) {
        TRY(onestop_store_pause_close(cx, d->id));
        TRY(onestop_enter_step(cx, d, d->step));
        TRY(onestop_recount(cx, d));
    } else {
        TRY(job_cancel(cx, "onestop.expire", str_fmt(cx->arena, "%lld", (long long)open[0].id)));
    }
    struct buf payload = {.arena = cx->arena, .limit = 32768};
    struct json_out o = {.to = &payload};
    json_open_object(&o);
    json_str(&o, S("note"), note);
    json_num(&o, S("papers"), (int64_t)n);
    json_close_object(&o);
    return onestop_moved(cx, d, m,
                         &(struct moved){.kind = "onestop.dossier.supplemented",
                                         .note = S("Đã nộp bổ sung"),
                                         .payload = buf_str(&payload)});
}

/* ---- withdrawing and rating ---- */

enum err onestop_withdraw(struct cx *cx, struct dossier *d, struct str reason)
{
    TRY(onestop_allowed(cx, d, MOVE_WITHDRAW));
    TRY(onestop_not_signing(cx, d, T("rút hồ sơ")));
    TRY(onestop_reason(cx, reason));
    TRY(onestop_store_pause_close(cx, d->id));
    struct decision x = {.kind = S("rut"), .no = S(""), .reason = reason};
    TRY(onestop_store_decision_add(cx, d, &x));
    TRY(onestop_moved(
        cx, d, MOVE_WITHDRAW,
        &(struct moved){.kind = "onestop.dossier.withdrawn", .note = S("Người nộp rút hồ sơ")}));
    return onestop_tell(cx, d, S("Bạn đã rút hồ sơ"),
                        S("Hồ sơ dừng lại. Tiền đã nộp được xử lý theo quy định của thủ tục."));
}

enum err onestop_rate(struct cx *cx, struct dossier *d, int grade, struct str words)
{
    const struct actor *a = cx->actor;
    if (!(a->account && a->account == d->account) && !(a->person && a->person == d->submitter))
        return fail(cx, ERR_DENIED, T("Chỉ người nộp hồ sơ được đánh giá."));
    if (d->state != DOSSIER_RELEASED && d->state != DOSSIER_RETURNED)
        return fail(cx, ERR_CONFLICT, T("Hồ sơ chưa có kết quả, chưa thể đánh giá."));
    if (grade < 1 || grade > 3)
        return fail_field(cx, ERR_INVALID, S("muc"), T("Chọn mức hài lòng."));
    if (utf8_count(words) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("y_kien"), T("Ý kiến dài quá %d ký tự. Viết ngắn lại."),
                          REASON_MAX);
    TRY(onestop_store_rating_put(cx, d, grade, words));
    return journal_write(cx, &(struct event){
                                 .kind = S("onestop.dossier.rated"),
                                 .subject_kind = SUBJECT_KIND,
                                 .subject_code = d->code,
                                 .subject_id = d->id,
                                 .unit = d->unit,
                                 .payload = str_fmt(cx->arena, "{\"grade\":%d}", grade),
                                 .note_public = S("Đã đánh giá"),
                             });
}
