/* onestop_jobs.c - what happens later: signing an approved result, cancelling the unanswered,
 * voiding numbers nobody used. */
#include "crypto/crypto.h"
#include "file/file.h"
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "lane/lane.h"
#include "onestop_inside.h"
#include "org/org.h"
#include "pdf/pdf.h"
#include "vault/vault.h"

/* ---- signing: transaction 1 was the approval; act renders and signs; after attaches ---- */

struct signing {
    int64_t dossier_id, result_id, supplement_id, version; /* of the payload */
    struct dossier d;
    struct result_view r;
    struct org_unit unit;
    struct str signer_name, owner_key_bytes, cert, ca;
    struct key *key; /* cx closes it */
    struct closer closer;
    struct str pdf;        /* unsigned */
    struct str sha256_hex; /* of the signed file */
    struct file_upload *upload;
};

static enum err read_payload(struct cx *cx, const struct job *j, struct signing *s)
{
    const struct json *v;
    struct json_error error;
    if (json_read(cx->arena, j->payload, &v, &error) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, error.what);
    s->dossier_id = json_int(json_get(v, S("dossier")), 0);
    s->result_id = json_int(json_get(v, S("result")), 0);
    s->supplement_id = json_int(json_get(v, S("supplement")), 0);
    s->version = json_int(json_get(v, S("version")), 0);
    return OK;
}

static bool still_approved(const struct signing *s)
{
    return s->r.id == s->result_id && s->r.version == s->version &&
           str_eq(s->r.state, S("da_duyet"));
}

static enum err gather(struct cx *cx, void *arg)
{
    struct signing *s = arg;
    int64_t signer;
    TRY(onestop_store_any(cx, s->dossier_id, &s->d));
    TRY(onestop_result(cx, &s->d, &s->r));
    if (!still_approved(s))
        return OK; /* done by an earlier attempt, or not wanted any more */
    TRY(onestop_store_result_signer(cx, s->r.id, &signer));
    TRY(account_name(cx, signer, &s->signer_name));
    TRY(identity_signer(cx, signer, &s->key, &s->cert, &s->ca));
    TRY(org_unit_find(cx, s->d.competent_unit, &s->unit));
    TRY(vault_subject_key(cx, s->d.owner_key, &s->owner_key_bytes));
    return onestop_render_result(cx, &s->d, &s->r, false, &s->pdf);
}

static void drop_upload(void *upload)
{
    file_upload_drop(upload);
}

static enum err sign_and_store(struct cx *cx, struct signing *s)
{
    struct pdf_signer who = {
        .key = s->key,
        .cert_der = s->cert,
        .chain_der = &s->ca,
        .chain_n = 1,
        .name = s->signer_name,
        .reason = S("Phê duyệt kết quả giải quyết thủ tục hành chính"),
        .place = s->unit.name,
        .at = cx->now,
        .caption = str_fmt(cx->arena, "Ký bởi: %.*s\nCơ quan: %.*s\nThời gian: %.*s",
                           F(s->signer_name), F(s->unit.name), F(time_vi(cx->arena, cx->now))),
    };
    struct str signed_pdf;
    TRY(pdf_sign(cx, s->pdf, &who, &signed_pdf));
    struct hash h = sha256(signed_pdf);
    s->sha256_hex = str_hex(cx->arena, HASH_STR(h));
    struct str name = str_fmt(cx->arena, "%.*s.pdf", F(s->d.code));
    TRY(file_put(cx, s->d.owner_key, s->owner_key_bytes, name, signed_pdf, &s->upload));
    cx_register(cx, &s->closer, drop_upload, s->upload); /* after transaction 2, however it ends */
    return OK;
}

static enum err act_sign(struct cx *cx, const struct job *j, void **result)
{
    struct signing *s = NEW(cx->arena, struct signing);
    TRY(read_payload(cx, j, s));
    *result = s;
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, gather, s));
    return still_approved(s) ? sign_and_store(cx, s) : OK;
}

/* Signed, and still steps to go (a seal, a book): the result waits with the next one. */
static enum err signed_on_the_way(struct cx *cx, const struct signing *s, struct dossier *d)
{
    d->assignee = 0;
    TRY(onestop_enter_step(cx, d, d->step + 1));
    return onestop_moved(
        cx, d, MOVE_PASS,
        &(struct moved){.kind = "onestop.result.signed",
                        .note = tr_keep(cx->arena, T("Đã ký kết quả số %.*s"), F(s->r.number))});
}

static enum err release(struct cx *cx, struct signing *s, struct dossier *d)
{
    const struct procedure *p;
    TRY(onestop_allowed(cx, d, MOVE_RELEASE));
    TRY(onestop_procedure(cx, d, &p));
    if ((size_t)d->step + 1 < p->steps_n)
        return signed_on_the_way(cx, s, d);
    d->released_at = cx->now;
    d->assignee = 0;
    TRY(onestop_hand_to(cx, d, d->returning_unit));
    TRY(onestop_moved(
        cx, d, MOVE_RELEASE,
        &(struct moved){.kind = "onestop.dossier.released",
                        .note = tr_keep(cx->arena, T("Đã có kết quả số %.*s"), F(s->r.number)),
                        .payload = str_fmt(cx->arena, "{\"sha256\":\"%.*s\"}", F(s->sha256_hex))}));
    return onestop_tell(cx, d, S("Hồ sơ đã có kết quả"),
                        S("Tải bản điện tử đã ký trên trang hồ sơ, hoặc nhận tại quầy."));
}

/* Transaction 2. An attempt that found nothing to do has no file: the job simply ends. */
static enum err after_sign(struct cx *cx, [[maybe_unused]] const struct job *j, enum err acted,
                           void *result)
{
    struct signing *s = result;
    struct dossier d;
    struct stored_file f;
    struct result_view now;
    if (acted != OK)
        return acted;
    if (!s->upload)
        return OK;
    TRY(onestop_store_any(cx, s->dossier_id, &d));
    TRY(onestop_store_result(cx, &d, &now));
    if (now.id != s->r.id || now.version != s->r.version)
        return OK; /* changed while it was signed: that file is not the approved one */
    TRY(file_add(cx, s->upload, d.owner_key, str_fmt(cx->arena, "%.*s.pdf", F(d.code)), &f));
    TRY(onestop_store_result_attach(cx, &s->r, f.id, s->sha256_hex));
    TRY(onestop_store_number_state(cx, s->r.id, S("dung")));
    TRY(onestop_store_correction_done(cx, d.id, s->r.id));
    return release(cx, s, &d);
}

const struct job_kind onestop_sign_job = {
    .name = "onestop.sign", .title = "Ký kết quả đã duyệt", .act = act_sign, .after = after_sign};

/* ---- a supplement asked before acceptance that nobody answered ---- */

static enum err after_expire(struct cx *cx, const struct job *j, [[maybe_unused]] enum err acted,
                             [[maybe_unused]] void *result)
{
    struct signing at = {0};
    struct supplement asked;
    struct dossier d;
    size_t n;
    TRY(read_payload(cx, j, &at));
    TRY(onestop_store_any(cx, at.dossier_id, &d));
    TRY(onestop_store_supplements(cx, &d, &asked, 1, &n));
    if (d.state != DOSSIER_SUPPLEMENT_FIRST || n == 0 || asked.id != at.supplement_id)
        return OK; /* answered or withdrawn meanwhile, and perhaps asked anew */
    TRY(onestop_moved(
        cx, &d, MOVE_EXPIRE,
        &(struct moved){.kind = "onestop.dossier.cancelled", .note = S("Hủy vì quá hạn bổ sung")}));
    return onestop_tell(cx, &d, S("Hồ sơ đã hủy vì quá hạn bổ sung"),
                        S("Bạn có thể nộp hồ sơ mới bất cứ lúc nào."));
}

const struct job_kind onestop_expire_job = {
    .name = "onestop.expire", .title = "Hủy hồ sơ quá hạn bổ sung", .after = after_expire};

/* ---- reserved numbers that no result uses: voided by an event, shown in the register ---- */

enum err onestop_void_number(struct cx *cx, int64_t result, struct str why)
{
    TRY(onestop_store_number_void(cx, result, why));
    return journal_write(cx, &(struct event){
                                 .kind = S("onestop.number.voided"),
                                 .subject_kind = S("onestop.result"),
                                 .subject_id = result,
                             });
}

static enum err after_void(struct cx *cx, [[maybe_unused]] const struct job *j,
                           [[maybe_unused]] enum err acted, [[maybe_unused]] void *result)
{
    int64_t numbers[64];
    size_t n;
    TRY(onestop_store_unused_numbers(cx, cx->now - DAY_MS, numbers, 64, &n));
    for (size_t i = 0; i < n; i++)
        TRY(onestop_void_number(cx, numbers[i], S("khong_dung")));
    return OK;
}

const struct job_kind onestop_void_job = {.name = "onestop.void_numbers",
                                          .title = "Hủy số đã giữ mà không dùng",
                                          .after = after_void,
                                          .every_ms = DAY_MS};
