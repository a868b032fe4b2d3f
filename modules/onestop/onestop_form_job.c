/* onestop_form_job.c - forms 01 to 05 are signed by whoever issues them, outside of the writer, and
 * kept. An officer without a certificate signs the printed form by hand. */
#include "crypto/crypto.h"
#include "file/file.h"
#include "identity/identity.h"
#include "job/job.h"
#include "lane/lane.h"
#include "onestop_ledger.h"
#include "org/org.h"
#include "pdf/pdf.h"
#include "vault/vault.h"

struct issued {
    int64_t dossier, reason, signer;
    int form;
    bool wanted; /* not signed yet, and there is a certificate to sign with */
    struct dossier d;
    struct org_unit unit;
    struct str signer_name, cert, ca, owner_key_bytes, pdf, sha256_hex;
    struct key *key; /* cx closes it */
    struct closer closer;
    struct file_upload *upload;
};

enum err onestop_issue_form(struct cx *cx, const struct dossier *d, int form, int64_t reason)
{
    struct str key = str_fmt(cx->arena, "%lld.%d.%lld", (long long)d->id, form, (long long)reason);
    return job_add(
        cx, "onestop.form", key, S(""),
        str_fmt(cx->arena, "{\"dossier\":%lld,\"form\":%d,\"reason\":%lld,\"signer\":%lld}",
                (long long)d->id, form, (long long)reason, (long long)cx->actor->account),
        0);
}

static enum err read_payload(struct cx *cx, const struct job *j, struct issued *s)
{
    const struct json *v;
    struct json_error error;
    if (json_read(cx->arena, j->payload, &v, &error) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, error.what);
    s->dossier = json_int(json_get(v, S("dossier")), 0);
    s->form = (int)json_int(json_get(v, S("form")), 0);
    s->reason = json_int(json_get(v, S("reason")), 0);
    s->signer = json_int(json_get(v, S("signer")), 0);
    return OK;
}

static enum err gather(struct cx *cx, void *arg)
{
    struct issued *s = arg;
    int64_t file;
    TRY(onestop_store_any(cx, s->dossier, &s->d));
    enum err e = onestop_store_form_file(cx, s->dossier, s->form, s->reason, &file);
    if (e != ERR_NOT_FOUND)
        return e; /* an earlier attempt signed it */
    e = identity_signer(cx, s->signer, &s->key, &s->cert, &s->ca);
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    TRY(account_name(cx, s->signer, &s->signer_name));
    TRY(org_unit_find(cx, s->form <= 3 ? s->d.receiving_unit : s->d.competent_unit, &s->unit));
    TRY(vault_subject_key(cx, s->d.owner_key, &s->owner_key_bytes));
    TRY(onestop_form_pdf(cx, &s->d, s->form, s->form == 2 ? s->reason : 0, &s->pdf));
    s->wanted = true;
    return OK;
}

static void drop_upload(void *upload)
{
    file_upload_drop(upload);
}

static struct str file_name(struct cx *cx, const struct issued *s)
{
    return str_fmt(cx->arena, "mau-%02d-%.*s.pdf", s->form,
                   F(s->d.code.n ? s->d.code : s->d.request_code));
}

static enum err sign_and_store(struct cx *cx, struct issued *s)
{
    struct str signed_pdf;
    const struct pdf_signer who = {
        .key = s->key,
        .cert_der = s->cert,
        .chain_der = &s->ca,
        .chain_n = 1,
        .name = s->signer_name,
        .reason = S("Ban hành văn bản trong giải quyết thủ tục hành chính"),
        .place = s->unit.name,
        .at = cx->now,
        .caption = str_fmt(cx->arena, "Ký số: %.*s\n%.*s", F(s->signer_name),
                           F(time_vi(cx->arena, cx->now))),
    };
    TRY(pdf_sign(cx, s->pdf, &who, &signed_pdf));
    struct hash h = sha256(signed_pdf);
    s->sha256_hex = str_hex(cx->arena, HASH_STR(h));
    TRY(file_put(cx, s->d.owner_key, s->owner_key_bytes, file_name(cx, s), signed_pdf, &s->upload));
    cx_register(cx, &s->closer, drop_upload, s->upload);
    return OK;
}

static enum err act_issue(struct cx *cx, const struct job *j, void **result)
{
    struct issued *s = NEW(cx->arena, struct issued);
    TRY(read_payload(cx, j, s));
    *result = s;
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, gather, s));
    return s->wanted ? sign_and_store(cx, s) : OK;
}

static enum err after_issue(struct cx *cx, [[maybe_unused]] const struct job *j, enum err acted,
                            void *result)
{
    struct issued *s = result;
    struct stored_file f;
    if (acted != OK)
        return acted;
    if (!s->upload)
        return OK;
    TRY(file_add(cx, s->upload, s->d.owner_key, file_name(cx, s), &f));
    return onestop_store_form_file_add(cx, s->dossier, s->form, s->reason, f.id, s->sha256_hex,
                                       s->signer);
}

const struct job_kind onestop_form_job = {.name = "onestop.form",
                                          .title = "Ký phiếu, giấy hẹn đã ban hành",
                                          .act = act_issue,
                                          .after = after_issue};

/* ---- what a page serves: the signed file of the newest reason, if there is one ---- */

static enum err newest_reason(struct cx *cx, const struct dossier *d, int form, int64_t *reason)
{
    static const char *const kinds[] = {[3] = "tu_choi", [4] = "gia_han", [5] = "dung"};
    struct supplement asked;
    struct decision x;
    size_t n;
    *reason = 0;
    if (form == 1)
        return OK;
    if (form == 2) {
        TRY(onestop_store_supplements(cx, d, &asked, 1, &n));
        *reason = n ? asked.id : 0;
        return OK;
    }
    enum err e = onestop_store_decision(cx, d, str_c(kinds[form]), &x);
    *reason = e == OK ? x.id : 0;
    return e;
}

enum err onestop_issued_form(struct cx *cx, const struct dossier *d, int form, int64_t *file)
{
    int64_t reason;
    *file = 0;
    if (form < 1 || form > 5)
        return ERR_NOT_FOUND;
    TRY(newest_reason(cx, d, form, &reason));
    return onestop_store_form_file(cx, d->id, form, reason, file);
}
