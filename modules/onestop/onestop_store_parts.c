/* onestop_store_parts.c - SQL about what hangs on a dossier: papers, pauses, results, numbers. */
#include "onestop_store.h"

#include "db/db.h"
#include "vault/vault.h"

#define FORM_DATA S("onestop_form.data")
#define SUPPLEMENT_REASON S("onestop_supplement.reason")
#define SUPPLEMENT_ITEMS S("onestop_supplement.items")
#define DECISION_REASON S("onestop_decision.reason")
#define RESULT_DATA S("onestop_result.data")
#define RESULT_PROPOSAL S("onestop_result.proposal")
#define RESULT_SENT_BACK S("onestop_result.sent_back")
#define DELIVERY_NAME S("onestop_delivery.to_name")
#define DELIVERY_EVIDENCE S("onestop_delivery.evidence")
#define RATING_WORDS S("onestop_rating.words")

/* ---- the form ---- */

enum err onestop_store_form_put(struct cx *cx, const struct dossier *d, struct str json)
{
    struct str sealed;
    TRY(vault_seal(cx, d->subject_key, FORM_DATA, json, &sealed));
    return db_exec(cx,
                   "insert into onestop_form (dossier, data) values ($1, $2)"
                   " on conflict (dossier) do update set data = excluded.data",
                   V(d->id), VB(sealed));
}

enum err onestop_store_form(struct cx *cx, const struct dossier *d, struct str *json)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select data from onestop_form where dossier = $1", V(d->id)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Hồ sơ này không có tờ khai."));
    struct str sealed = db_bytes(&r, 0);
    db_rows_close(&r);
    return vault_open_sealed(cx, d->subject_key, FORM_DATA, sealed, json);
}

/* ---- papers ---- */

enum err onestop_store_paper_add(struct cx *cx, int64_t dossier, const struct paper_row *p,
                                 int64_t supplement)
{
    return db_exec(
        cx,
        "insert into onestop_paper (dossier, component, name, file, originals, copies, added_at, supplement)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        V(dossier), V(p->component), V(p->name), V_OR_NULL(p->file), V(p->originals), V(p->copies),
        V(cx->now), V_OR_NULL(supplement));
}

enum err onestop_store_papers(struct cx *cx, int64_t dossier, struct paper_row *out, size_t max,
                              size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select id, file, added_at, component, name, originals, copies from onestop_paper"
                 " where dossier = $1 order by id limit $2",
                 V(dossier), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct paper_row){
            .id = db_int(&r, 0),
            .file = db_int(&r, 1),
            .added_at = db_int(&r, 2),
            .component = db_str(&r, 3),
            .name = db_str(&r, 4),
            .originals = (int)db_int(&r, 5),
            .copies = (int)db_int(&r, 6),
        };
    return r.err;
}

/* ---- supplements and pauses ---- */

enum err onestop_store_supplement_add(struct cx *cx, const struct dossier *d, struct str no,
                                      struct str reason, struct str items_json, int64_t answer_by,
                                      int64_t *id)
{
    struct str sealed_reason, sealed_items;
    TRY(vault_seal(cx, d->subject_key, SUPPLEMENT_REASON, reason, &sealed_reason));
    TRY(vault_seal(cx, d->subject_key, SUPPLEMENT_ITEMS, items_json, &sealed_items));
    return db_insert(
        cx, id,
        "insert into onestop_supplement (dossier, no, reason, items, asked_at, asked_by, asked_unit,"
        " answer_by, answered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 0) returning id",
        V(d->id), V(no), VB(sealed_reason), VB(sealed_items), V(cx->now), V(cx->actor->account),
        V(d->unit), V(answer_by));
}

static enum err read_items(struct cx *cx, struct str json, struct supplement *s)
{
    const struct json *list;
    struct json_error error;
    if (json.n == 0)
        return OK;
    if (json_read(cx->arena, json, &list, &error) != OK)
        return fail(cx, ERR_IO, "onestop_supplement %lld: %s", (long long)s->id, error.what);
    for (; s->items_n < list->n && s->items_n < sizeof s->items / sizeof *s->items; s->items_n++) {
        const struct json *v = json_at(list, s->items_n);
        s->items[s->items_n] = (struct supplement_item){json_text(json_get(v, S("component"))),
                                                        json_text(json_get(v, S("what")))};
    }
    return OK;
}

enum err onestop_store_supplements(struct cx *cx, const struct dossier *d, struct supplement *out,
                                   size_t max, size_t *n)
{
    struct str *items = NEW_N(cx->arena, struct str, max);
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select id, no, reason, items, asked_at, answered_at, answer_by from onestop_supplement"
        " where dossier = $1 order by id desc limit $2",
        V(d->id), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n) {
        out[*n] = (struct supplement){
            .id = db_int(&r, 0),
            .no = db_str(&r, 1),
            .reason = db_bytes(&r, 2),
            .asked_at = db_int(&r, 4),
            .answered_at = db_int(&r, 5),
            .answer_by = db_int(&r, 6),
        };
        items[*n] = db_bytes(&r, 3);
    }
    if (r.err)
        return r.err;
    db_rows_close(&r);
    for (size_t i = 0; i < *n; i++) {
        TRY(vault_open_sealed(cx, d->subject_key, SUPPLEMENT_REASON, out[i].reason,
                              &out[i].reason));
        TRY(vault_open_sealed(cx, d->subject_key, SUPPLEMENT_ITEMS, items[i], &items[i]));
        TRY(read_items(cx, items[i], &out[i]));
    }
    return OK;
}

enum err onestop_store_supplement_answer(struct cx *cx, int64_t id)
{
    return db_exec(
        cx, "update onestop_supplement set answered_at = $1 where id = $2 and answered_at = 0",
        V(cx->now), V(id));
}

enum err onestop_store_pause_open(struct cx *cx, int64_t dossier, struct str cause,
                                  struct str basis)
{
    return db_exec(
        cx,
        "insert into onestop_pause (dossier, cause, from_at, to_at, basis) values ($1, $2, $3, 0, $4)",
        V(dossier), V(cause), V(cx->now), V(basis));
}

enum err onestop_store_pause_close(struct cx *cx, int64_t dossier)
{
    return db_exec(cx, "update onestop_pause set to_at = $1 where dossier = $2 and to_at = 0",
                   V(cx->now), V(dossier));
}

enum err onestop_store_pauses(struct cx *cx, int64_t dossier, struct pause *out, bool *asked,
                              size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select from_at, to_at, cause from onestop_pause where dossier = $1 order by from_at limit $2",
        V(dossier), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n) {
        out[*n] = (struct pause){db_int(&r, 0), db_int(&r, 1)};
        asked[*n] = str_eq(db_str(&r, 2), S("bo_sung"));
    }
    return r.err;
}

/* ---- decisions ---- */

enum err onestop_store_decision_add(struct cx *cx, const struct dossier *d, struct decision *x)
{
    struct str sealed;
    TRY(vault_seal(cx, d->subject_key, DECISION_REASON, x->reason, &sealed));
    x->at = cx->now;
    x->by_account = cx->actor->account;
    x->by_unit = cx->actor->unit;
    return db_insert(
        cx, &x->id,
        "insert into onestop_decision (dossier, kind, no, reason, basis, old_due, new_due, by_account,"
        " by_unit, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id",
        V(d->id), V(x->kind), V_TEXT(x->no), VB(sealed), V_TEXT(x->basis), V(x->old_due),
        V(x->new_due), V_OR_NULL(x->by_account), V_OR_NULL(x->by_unit), V(x->at));
}

enum err onestop_store_decision(struct cx *cx, const struct dossier *d, struct str kind,
                                struct decision *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select id, kind, no, reason, basis, old_due, new_due, by_account, by_unit, at from onestop_decision"
        " where dossier = $1 and kind = $2 order by id desc limit 1",
        V(d->id), V(kind)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Hồ sơ này không có văn bản đó."));
    *out = (struct decision){
        .id = db_int(&r, 0),
        .kind = db_str(&r, 1),
        .no = db_str(&r, 2),
        .reason = db_bytes(&r, 3),
        .basis = db_str(&r, 4),
        .old_due = db_int(&r, 5),
        .new_due = db_int(&r, 6),
        .by_account = db_int(&r, 7),
        .by_unit = db_int(&r, 8),
        .at = db_int(&r, 9),
    };
    db_rows_close(&r);
    return vault_open_sealed(cx, d->subject_key, DECISION_REASON, out->reason, &out->reason);
}

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

enum err onestop_store_result(struct cx *cx, const struct dossier *d, struct result_view *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " RESULT_COLUMNS
                 " from onestop_result where dossier = $1 order by id desc limit 1",
                 V(d->id)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Hồ sơ này chưa có dự thảo kết quả."));
    *out = result_from(&r);
    db_rows_close(&r);
    TRY(vault_open_sealed(cx, d->subject_key, RESULT_DATA, out->data_json, &out->data_json));
    TRY(vault_open_sealed(cx, d->subject_key, RESULT_PROPOSAL, out->proposal, &out->proposal));
    return vault_open_sealed(cx, d->subject_key, RESULT_SENT_BACK, out->send_back_reason,
                             &out->send_back_reason);
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

enum err onestop_store_result_signer(struct cx *cx, int64_t result, int64_t *signer)
{
    return db_one_int(cx, signer, "select signer from onestop_result where id = $1", V(result));
}

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

enum err onestop_store_number_reserve(struct cx *cx, int64_t unit, struct str reg, int year,
                                      int64_t n, int64_t result)
{
    return db_exec(cx,
                   "insert into onestop_number (unit, register, year, n, state, result, at)"
                   " values ($1, $2, $3, $4, 'giu', $5, $6)",
                   V(unit), V(reg), V(year), V(n), V(result), V(cx->now));
}

enum err onestop_store_number_state(struct cx *cx, int64_t result, struct str state)
{
    return db_exec(cx, "update onestop_number set state = $1 where result = $2 and state = 'giu'",
                   V(state), V(result));
}

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

/* ---- delivery and rating ---- */

enum err onestop_store_delivery_add(struct cx *cx, const struct dossier *d, struct str way,
                                    struct str to_name, struct str evidence)
{
    struct str sealed_name, sealed_evidence;
    TRY(vault_seal(cx, d->owner_key, DELIVERY_NAME, to_name, &sealed_name));
    TRY(vault_seal(cx, d->owner_key, DELIVERY_EVIDENCE, evidence, &sealed_evidence));
    return db_exec(cx,
                   "insert into onestop_delivery (dossier, way, to_name, evidence, by_account, at)"
                   " values ($1, $2, $3, $4, $5, $6)",
                   V(d->id), V(way), VB(sealed_name), VB(sealed_evidence),
                   V_OR_NULL(cx->actor->account), V(cx->now));
}

enum err onestop_store_rating_put(struct cx *cx, const struct dossier *d, int grade,
                                  struct str words)
{
    struct str sealed;
    TRY(vault_seal(cx, d->owner_key, RATING_WORDS, words, &sealed));
    TRY(db_exec(cx,
                "insert into onestop_rating (dossier, grade, words, at) values ($1, $2, $3, $4)"
                " on conflict (dossier) do nothing",
                V(d->id), V(grade), VB(sealed), V(cx->now)));
    return db_changed(cx) == 1
               ? OK
               : fail(cx, ERR_CONFLICT, T("Bạn đã đánh giá hồ sơ này rồi. Cảm ơn bạn."));
}

enum err onestop_store_rating(struct cx *cx, int64_t dossier, int *grade)
{
    int64_t v;
    TRY(db_one_int(cx, &v, "select grade from onestop_rating where dossier = $1", V(dossier)));
    *grade = (int)v;
    return OK;
}
