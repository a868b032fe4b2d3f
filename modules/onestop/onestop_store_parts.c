/* onestop_store_parts.c - SQL about what hangs on a dossier: papers, supplements, pauses,
 * decisions, delivery. */
#include "onestop_store.h"

#include "db/db.h"
#include "vault/vault.h"

#define FORM_DATA S("onestop_form.data")
#define SUPPLEMENT_REASON S("onestop_supplement.reason")
#define SUPPLEMENT_ITEMS S("onestop_supplement.items")
#define DECISION_REASON S("onestop_decision.reason")
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

/* unscoped: of a dossier found within the scope */
enum err onestop_store_form(struct cx *cx, const struct dossier *d, struct str *json)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select data from onestop_form where dossier = $1", V(d->id)));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Hồ sơ này không có tờ khai. Quay lại trang hồ sơ."));
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

/* unscoped: of a dossier found within the scope */
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

/* unscoped: of a dossier found within the scope */
enum err onestop_store_answer_by(struct cx *cx, const struct dossier *d, int64_t *at)
{
    const enum err e = db_one_int(cx, at,
                                  "select answer_by from onestop_supplement where dossier = $1"
                                  " and answered_at = 0 order by id desc limit 1",
                                  V(d->id));
    *at = e == OK ? *at : 0;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* unscoped: of a dossier found within the scope */
enum err onestop_store_supplements(struct cx *cx, const struct dossier *d, struct supplement *out,
                                   size_t max, size_t *n)
{
    struct str *items = NEW_N(cx->arena, struct str, max);
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select id, no, reason, items, asked_at, answered_at, answer_by, asked_by from onestop_supplement"
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
            .asked_by = db_int(&r, 7),
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

/* unscoped: of a dossier found within the scope */
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

/* unscoped: of a dossier found within the scope */
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
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Hồ sơ này không có văn bản đó. Quay lại trang hồ sơ."));
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

/* unscoped: of a dossier found within the scope */
enum err onestop_store_rating(struct cx *cx, int64_t dossier, int *grade)
{
    int64_t v;
    TRY(db_one_int(cx, &v, "select grade from onestop_rating where dossier = $1", V(dossier)));
    *grade = (int)v;
    return OK;
}
