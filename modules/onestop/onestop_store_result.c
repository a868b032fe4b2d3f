/* onestop_store_result.c - SQL about results, the numbers they carry, and receipts. */
#include "onestop_store.h"

#include "db/db.h"
#include "vault/vault.h"

#define RESULT_DATA S("onestop_result.data")
#define RESULT_PROPOSAL S("onestop_result.proposal")
#define RESULT_SENT_BACK S("onestop_result.sent_back")

/* ---- results ---- */

#define RESULT_COLUMNS                                                                             \
    "id, version, state, negative, data, proposal, sent_back, number, verify_code, sha256, file, signed_at"

static struct result_view result_from(struct db_rows *r)
{
    return (struct result_view){
        .id = db_int(r, 0),
        .version = db_int(r, 1),
        .state = db_str(r, 2),
        .negative = db_int(r, 3) != 0,
        .data_json = db_bytes(r, 4),
        .proposal = db_bytes(r, 5),
        .send_back_reason = db_bytes(r, 6),
        .number = db_str(r, 7),
        .verify_code = db_str(r, 8),
        .sha256_hex = db_str(r, 9),
        .file = db_int(r, 10),
        .signed_at = db_int(r, 11),
    };
}

enum err onestop_store_result_add(struct cx *cx, const struct dossier *d, bool negative,
                                  struct str data, struct str proposal, int64_t *id)
{
    struct str sealed_data, sealed_proposal, sealed_none;
    TRY(vault_seal(cx, d->subject_key, RESULT_DATA, data, &sealed_data));
    TRY(vault_seal(cx, d->subject_key, RESULT_PROPOSAL, proposal, &sealed_proposal));
    TRY(vault_seal(cx, d->subject_key, RESULT_SENT_BACK, S(""), &sealed_none));
    return db_insert(
        cx, id,
        "insert into onestop_result (version, dossier, state, negative, data, proposal, sent_back, number,"
        " verify_code, sha256, file, signer, signed_at)"
        " values (1, $1, 'du_thao', $2, $3, $4, $5, '', null, '', null, null, 0) returning id",
        V(d->id), V(negative), VB(sealed_data), VB(sealed_proposal), VB(sealed_none));
}

static enum err open_result(struct cx *cx, const struct dossier *d, struct db_rows *r,
                            struct result_view *out)
{
    if (!db_next(r))
        return r->err ? r->err : fail(cx, ERR_NOT_FOUND, T("Hồ sơ này chưa có dự thảo kết quả."));
    *out = result_from(r);
    db_rows_close(r);
    TRY(vault_open_sealed(cx, d->subject_key, RESULT_DATA, out->data_json, &out->data_json));
    TRY(vault_open_sealed(cx, d->subject_key, RESULT_PROPOSAL, out->proposal, &out->proposal));
    return vault_open_sealed(cx, d->subject_key, RESULT_SENT_BACK, out->send_back_reason,
                             &out->send_back_reason);
}

/* unscoped: of a dossier found within the scope */
enum err onestop_store_result(struct cx *cx, const struct dossier *d, struct result_view *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " RESULT_COLUMNS
                 " from onestop_result where dossier = $1 order by id desc limit 1",
                 V(d->id)));
    return open_result(cx, d, &r, out);
}

/* unscoped: of a dossier found within the scope */
enum err onestop_store_result_signed(struct cx *cx, const struct dossier *d,
                                     struct result_view *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select " RESULT_COLUMNS
        " from onestop_result where dossier = $1 and state = 'da_ky' order by id desc limit 1",
        V(d->id)));
    return open_result(cx, d, &r, out);
}

static enum err changed_once(struct cx *cx)
{
    if (db_changed(cx) == 1)
        return OK;
    return fail(cx, ERR_CONFLICT,
                T("Dự thảo vừa được người khác sửa. Tải lại trang, xem lại rồi làm tiếp."));
}

enum err onestop_store_result_draft(struct cx *cx, const struct dossier *d,
                                    const struct result_view *r, struct str data,
                                    struct str proposal)
{
    struct str sealed_data, sealed_proposal;
    TRY(vault_seal(cx, d->subject_key, RESULT_DATA, data, &sealed_data));
    TRY(vault_seal(cx, d->subject_key, RESULT_PROPOSAL, proposal, &sealed_proposal));
    TRY(db_exec(cx,
                "update onestop_result set version = version + 1, data = $1, proposal = $2"
                " where id = $3 and version = $4 and state = 'du_thao'",
                VB(sealed_data), VB(sealed_proposal), V(r->id), V(r->version)));
    return changed_once(cx);
}

enum err onestop_store_result_state(struct cx *cx, const struct dossier *d, struct result_view *r,
                                    struct str state, struct str sent_back)
{
    struct str sealed;
    TRY(vault_seal(cx, d->subject_key, RESULT_SENT_BACK, sent_back, &sealed));
    TRY(db_exec(cx,
                "update onestop_result set version = version + 1, state = $1, sent_back = $2"
                " where id = $3 and version = $4",
                V(state), VB(sealed), V(r->id), V(r->version)));
    TRY(changed_once(cx));
    r->version++;
    r->state = state;
    return OK;
}

enum err onestop_store_result_reserve(struct cx *cx, struct result_view *r, struct str number,
                                      struct str verify_code, int64_t signer)
{
    TRY(db_exec(
        cx,
        "update onestop_result set version = version + 1, state = 'da_duyet', number = $1, verify_code = $2,"
        " signer = $3 where id = $4 and version = $5 and state = 'trinh'",
        V(number), V(verify_code), V(signer), V(r->id), V(r->version)));
    TRY(changed_once(cx));
    r->version++;
    r->number = number;
    r->verify_code = verify_code;
    return OK;
}

enum err onestop_store_result_unreserve(struct cx *cx, struct result_view *r)
{
    TRY(db_exec(
        cx,
        "update onestop_result set version = version + 1, state = 'trinh', number = '', verify_code = null,"
        " signer = null where id = $1 and version = $2 and state = 'da_duyet'",
        V(r->id), V(r->version)));
    TRY(changed_once(cx));
    r->version++;
    r->number = r->verify_code = S("");
    return OK;
}

enum err onestop_store_result_attach(struct cx *cx, const struct result_view *r, int64_t file,
                                     struct str sha256)
{
    TRY(db_exec(
        cx,
        "update onestop_result set version = version + 1, state = 'da_ky', file = $1, sha256 = $2, signed_at = $3"
        " where id = $4 and version = $5 and state = 'da_duyet'",
        V(file), V(sha256), V(cx->now), V(r->id), V(r->version)));
    return changed_once(cx);
}

/* unscoped: of a dossier whose place on the desk is written */
enum err onestop_store_signing(struct cx *cx, int64_t dossier, bool *yes)
{
    int64_t n;
    TRY(db_one_int(cx, &n,
                   "select count(*) from onestop_result where dossier = $1 and state = 'da_duyet'",
                   V(dossier)));
    *yes = n > 0;
    return OK;
}

/* unscoped: of a result of a dossier found within the scope */
enum err onestop_store_result_signer(struct cx *cx, int64_t result, int64_t *signer)
{
    return db_one_int(cx, signer, "select signer from onestop_result where id = $1", V(result));
}

/* unscoped: by a random code of a paper; what is personal stays sealed */
enum err onestop_store_result_by_verify(struct cx *cx, struct str verify_code, int64_t *dossier,
                                        struct result_view *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " RESULT_COLUMNS ", dossier from onestop_result where verify_code = $1",
                 V(verify_code)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Không có văn bản nào mang mã này."));
    *out = result_from(&r);
    *dossier = db_int(&r, 12);
    out->data_json = out->proposal = out->send_back_reason = S("");
    return OK;
}

/* ---- numbers ---- */

enum err onestop_store_next(struct cx *cx, int64_t unit, struct str reg, struct str period,
                            int64_t *n)
{
    return db_one_int(
        cx, n,
        "insert into onestop_counter (unit, register, period, last) values ($1, $2, $3, 1)"
        " on conflict (unit, register, period) do update set last = onestop_counter.last + 1"
        " returning last",
        V(unit), V(reg), V(period));
}

/* unscoped: of the result that is being approved */
enum err onestop_store_number_reserve(struct cx *cx, int64_t unit, struct str reg, int year,
                                      int64_t n, int64_t result)
{
    return db_exec(cx,
                   "insert into onestop_number (unit, register, year, n, state, result, at,"
                   " unit_path, area_path, code)"
                   " select $1, $2, $3, $4, 'giu', r.id, $6, d.competent_path, d.area_path,"
                   " coalesce(d.code, '') from onestop_result r"
                   " join onestop_dossier d on d.id = r.dossier where r.id = $5",
                   V(unit), V(reg), V(year), V(n), V(result), V(cx->now));
}

enum err onestop_store_number_state(struct cx *cx, int64_t result, struct str state)
{
    return db_exec(cx, "update onestop_number set state = $1 where result = $2 and state = 'giu'",
                   V(state), V(result));
}

/* unscoped: a daily job */
enum err onestop_store_unused_numbers(struct cx *cx, int64_t before, int64_t *results, size_t max,
                                      size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select n.result from onestop_number n join onestop_result r on r.id = n.result"
        " where n.state = 'giu' and n.at < $1 and r.state not in ('da_duyet', 'da_ky') limit $2",
        V(before), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        results[*n] = db_int(&r, 0);
    return r.err;
}

enum err onestop_store_receipt_add(struct cx *cx, int64_t dossier, const struct receipt *r)
{
    return db_exec(
        cx,
        "insert into onestop_receipt (dossier, unit, year, n, amount, lines, taken_by, taken_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        V(dossier), V(r->unit), V(r->year), V(r->n), V(r->amount), V(r->lines), V(r->taken_by),
        V(cx->now));
}

/* unscoped: of a dossier found within the scope */
enum err onestop_store_receipt(struct cx *cx, int64_t dossier, struct receipt *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select unit, year, n, amount, lines, taken_by, taken_at from onestop_receipt where dossier = $1",
        V(dossier)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Hồ sơ này chưa thu tiền."));
    *out = (struct receipt){
        .unit = db_int(&r, 0),
        .year = db_int(&r, 1),
        .n = db_int(&r, 2),
        .amount = db_int(&r, 3),
        .lines = db_str(&r, 4),
        .taken_by = db_int(&r, 5),
        .taken_at = db_int(&r, 6),
    };
    return OK;
}
