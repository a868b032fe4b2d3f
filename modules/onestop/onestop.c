/* onestop.c - what every move does: write the dossier, the event, tell the person. */
#include "onestop.h"

#include "journal/journal.h"
#include "notify/notify.h"
#include "onestop_ledger.h"
#include "org/org.h"

enum err onestop_reason(struct cx *cx, struct str reason)
{
    if (str_trim(reason).n == 0)
        return fail_field(cx, ERR_INVALID, S("ly_do"),
                          T("Nhập lý do, để người dân biết vì sao và phải làm gì."));
    if (utf8_count(reason) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("ly_do"), T("Lý do dài quá %d ký tự. Viết ngắn lại."),
                          REASON_MAX);
    return OK;
}

enum err onestop_basis(struct cx *cx, struct str basis, const char *missing)
{
    if (str_trim(basis).n == 0)
        return fail_field(cx, ERR_INVALID, S("can_cu"), "%s", missing);
    if (utf8_count(basis) > BASIS_MAX)
        return fail_field(cx, ERR_LIMIT, S("can_cu"), T("Căn cứ dài quá %d ký tự. Viết ngắn lại."),
                          BASIS_MAX);
    return OK;
}

enum err onestop_not_signing(struct cx *cx, const struct dossier *d, const char *doing)
{
    struct result_view r;
    enum err e = onestop_store_result(cx, d, &r);
    if (e == OK && str_eq(r.state, S("da_duyet")))
        return fail(
            cx, ERR_CONFLICT,
            T("Chưa thể %s: kết quả đã được duyệt và đang ký. Tải lại trang sau ít phút để xem."),
            doing);
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err onestop_procedure(struct cx *cx, const struct dossier *d, const struct procedure **out)
{
    return procedure_pinned(cx, d->procedure_version, d->opening, out);
}

enum err onestop_hand_to(struct cx *cx, struct dossier *d, int64_t unit)
{
    struct org_unit u;
    TRY(org_unit_heir(cx, unit, &u)); /* it may have ended while the dossier was elsewhere */
    if (d->id && d->unit != u.id)
        TRY(onestop_store_handover_add(cx, d, u.id));
    d->unit = u.id;
    d->unit_path = u.path;
    d->area_path = u.area_path;
    return OK;
}

enum err onestop_form_number(struct cx *cx, int64_t unit, const char *sign, struct str *no)
{
    int64_t n;
    struct str year = str_fmt(cx->arena, "%d", civil_at(cx->now).year);
    TRY(onestop_store_next(cx, unit, str_c(sign), year, &n));
    *no = str_fmt(cx->arena, "%02lld/%s", (long long)n, sign);
    return OK;
}

enum err onestop_moved(struct cx *cx, struct dossier *d, enum dossier_move m,
                       const struct moved *how)
{
    const struct state_info *from = onestop_state(d->state);
    d->state = onestop_after(m, d->state);
    TRY(onestop_store_update(cx, d));
    return journal_write(cx, &(struct event){
                                 .kind = str_c(how->kind),
                                 .subject_kind = SUBJECT_KIND,
                                 .subject_code = d->code.n ? d->code : d->request_code,
                                 .subject_id = d->id,
                                 .unit = d->unit,
                                 .from_state = str_c(from->name),
                                 .to_state = str_c(onestop_state(d->state)->name),
                                 .payload_subject = how->payload.n ? d->subject_key : 0,
                                 .payload = how->payload,
                                 .note_public = how->note,
                             });
}

enum err onestop_tell(struct cx *cx, const struct dossier *d, struct str title, struct str body)
{
    if (d->account == 0)
        return OK; /* a walk-in without an account: the paper in hand says it */
    return notify_send(
        cx, &(struct notice){
                .account = d->account,
                .kind = S("onestop.dossier"),
                .key = str_fmt(cx->arena, "%lld.%lld", (long long)d->id, (long long)d->version),
                .title = title,
                .body = body,
                .link = str_fmt(cx->arena, "/ho-so/%.*s", F(d->request_code)),
            });
}
