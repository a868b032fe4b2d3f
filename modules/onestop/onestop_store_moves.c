/* onestop_store_moves.c - SQL about what some moves leave: obligations, corrections, opinions.
 *
 * That there is none is the common case: ERR_NOT_FOUND without a sentence, so that asking leaves
 * what a refused form is drawn again with. */
#include "onestop_store.h"

#include "db/db.h"
#include "org/org.h"
#include "vault/vault.h"

#define OBLIGATION_REASON S("onestop_obligation.reason")
#define OBLIGATION_EVIDENCE S("onestop_obligation.evidence")
#define CORRECTION_REASON S("onestop_correction.reason")
#define OPINION_WORDS S("onestop_opinion.words")

/* ---- obligations ---- */

enum err onestop_store_obligation_add(struct cx *cx, const struct dossier *d, struct obligation *o)
{
    struct str reason, none;
    TRY(vault_seal(cx, d->subject_key, OBLIGATION_REASON, o->reason, &reason));
    TRY(vault_seal(cx, d->subject_key, OBLIGATION_EVIDENCE, S(""), &none));
    TRY(db_exec(cx,
                "update onestop_obligation set state = 'thay' where dossier = $1 and state = 'cho'",
                V(d->id)));
    return db_insert(
        cx, &o->id,
        "insert into onestop_obligation (dossier, state, no, reason, basis, amount, asked_at, asked_by,"
        " asked_unit, paid_at, evidence, receipt_unit, receipt_year, receipt_n, taken_by)"
        " values ($1, 'cho', $2, $3, $4, $5, $6, $7, $8, 0, $9, null, 0, 0, null) returning id",
        V(d->id), V(o->no), VB(reason), V(o->basis), V(o->amount), V(cx->now),
        V(cx->actor->account), V(cx->actor->unit), VB(none));
}

/* unscoped: of a dossier found within the scope */
enum err onestop_store_obligation(struct cx *cx, const struct dossier *d, struct obligation *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select id, state, no, reason, basis, amount, asked_at, paid_at, evidence,"
                 " receipt_unit, receipt_year, receipt_n from onestop_obligation"
                 " where dossier = $1 order by id desc limit 1",
                 V(d->id)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct obligation){
        .id = db_int(&r, 0),
        .state = db_str(&r, 1),
        .no = db_str(&r, 2),
        .reason = db_bytes(&r, 3),
        .basis = db_str(&r, 4),
        .amount = db_int(&r, 5),
        .asked_at = db_int(&r, 6),
        .paid_at = db_int(&r, 7),
        .evidence = db_bytes(&r, 8),
        .receipt = {.unit = db_int(&r, 9), .year = db_int(&r, 10), .n = db_int(&r, 11)},
    };
    db_rows_close(&r);
    TRY(vault_open_sealed(cx, d->subject_key, OBLIGATION_REASON, out->reason, &out->reason));
    return vault_open_sealed(cx, d->subject_key, OBLIGATION_EVIDENCE, out->evidence,
                             &out->evidence);
}

enum err onestop_store_obligation_met(struct cx *cx, const struct dossier *d,
                                      const struct obligation *o)
{
    struct str evidence;
    TRY(vault_seal(cx, d->subject_key, OBLIGATION_EVIDENCE, o->evidence, &evidence));
    TRY(db_exec(cx,
                "update onestop_obligation set state = 'da_nop', paid_at = $1, evidence = $2,"
                " receipt_unit = $3, receipt_year = $4, receipt_n = $5, taken_by = $6"
                " where id = $7 and state = 'cho'",
                V(cx->now), VB(evidence), V_OR_NULL(o->receipt.unit), V(o->receipt.year),
                V(o->receipt.n), V(cx->actor->account), V(o->id)));
    return db_changed(cx) == 1
               ? OK
               : fail(cx, ERR_CONFLICT, T("Khoản này vừa được xác nhận. Tải lại trang để xem."));
}

/* ---- corrections ---- */

enum err onestop_store_correction_add(struct cx *cx, const struct dossier *d, struct correction *c)
{
    struct str reason;
    TRY(vault_seal(cx, d->subject_key, CORRECTION_REASON, c->reason, &reason));
    return db_insert(
        cx, &c->id,
        "insert into onestop_correction (dossier, old_result, new_result, reason, asked_by, asked_unit,"
        " asked_at, done_at, was_due_at, was_released_at, was_returned_at)"
        " values ($1, $2, null, $3, $4, $5, $6, 0, $7, $8, $9) returning id",
        V(d->id), V(c->old_result), VB(reason), V(cx->actor->account), V(cx->actor->unit),
        V(cx->now), V(d->due_at), V(d->released_at), V(d->returned_at));
}

/* unscoped: of a dossier found within the scope */
enum err onestop_store_correction(struct cx *cx, const struct dossier *d, struct correction *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select id, old_result, new_result, reason, asked_at, done_at"
                 " from onestop_correction where dossier = $1 order by id desc limit 1",
                 V(d->id)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct correction){
        .id = db_int(&r, 0),
        .old_result = db_int(&r, 1),
        .new_result = db_int(&r, 2),
        .reason = db_bytes(&r, 3),
        .asked_at = db_int(&r, 4),
        .done_at = db_int(&r, 5),
    };
    db_rows_close(&r);
    return vault_open_sealed(cx, d->subject_key, CORRECTION_REASON, out->reason, &out->reason);
}

enum err onestop_store_correction_done(struct cx *cx, int64_t dossier, int64_t new_result)
{
    return db_exec(cx,
                   "update onestop_correction set new_result = $1, done_at = $2"
                   " where dossier = $3 and done_at = 0",
                   V(new_result), V(cx->now), V(dossier));
}

/* unscoped: a number alone, of a public check */
enum err onestop_store_replaced_by(struct cx *cx, int64_t old_result, struct str *number)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select r.number from onestop_correction c"
                 " join onestop_result r on r.id = c.new_result where c.old_result = $1",
                 V(old_result)));
    *number = db_next(&r) ? db_str(&r, 0) : S("");
    return r.err;
}

/* ---- opinions ---- */

enum err onestop_store_opinion_add(struct cx *cx, const struct dossier *d, struct str step,
                                   struct str words)
{
    struct str sealed;
    int64_t id;
    TRY(vault_seal(cx, d->subject_key, OPINION_WORDS, words, &sealed));
    return db_insert(cx, &id,
                     "insert into onestop_opinion (dossier, step, words, by_account, by_unit, at)"
                     " values ($1, $2, $3, $4, $5, $6) returning id",
                     V(d->id), V(step), VB(sealed), V(cx->actor->account), V(cx->actor->unit),
                     V(cx->now));
}

/* unscoped: of a dossier found within the scope */
enum err onestop_store_opinion(struct cx *cx, const struct dossier *d, struct opinion *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select step, words, by_unit, at from onestop_opinion where dossier = $1"
                 " order by id desc limit 1",
                 V(d->id)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct opinion){.step = db_str(&r, 0),
                            .words = db_bytes(&r, 1),
                            .by_unit = db_int(&r, 2),
                            .at = db_int(&r, 3)};
    db_rows_close(&r);
    return vault_open_sealed(cx, d->subject_key, OPINION_WORDS, out->words, &out->words);
}

/* ---- units that ended or moved ---- */

/* Running dossiers that this unit receives, decides, returns or holds. */
/* unscoped: ids alone, for the program when a unit changes */
enum err onestop_store_running_of(struct cx *cx, int64_t unit, int64_t *ids, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select k.dossier from onestop_desk k where k.reader = $1 and k.reach = 1"
                 " and k.hand in (0, 1) and k.turn in (1, 2) limit $2",
                 V(unit), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        ids[*n] = db_int(&r, 0);
    return r.err;
}

/* Those among them that still have the path or the area the unit had before. */
/* unscoped: ids alone, for the program when a unit changes */
enum err onestop_store_astray(struct cx *cx, const struct org_unit *u, int64_t *ids, size_t max,
                              size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select k.dossier from onestop_desk k join onestop_dossier d on d.id = k.dossier"
                 " where k.reader = $1 and k.reach = 1 and k.hand in (0, 1) and k.turn in (1, 2)"
                 " and ((d.unit = $1 and (d.unit_path <> $2 or d.area_path <> $3))"
                 " or (d.receiving_unit = $1 and d.receiving_path <> $2)"
                 " or (d.competent_unit = $1 and d.competent_path <> $2)) limit $4",
                 V(u->id), V(u->path), V(u->area_path), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        ids[*n] = db_int(&r, 0);
    return r.err;
}

/* unscoped: of the dossier that follows its unit */
enum err onestop_store_follow(struct cx *cx, struct dossier *d)
{
    TRY(db_exec(cx,
                "update onestop_dossier set version = version + 1, unit = $1, unit_path = $2,"
                " area_path = $3, helping_unit = $4, receiving_unit = $5, competent_unit = $6,"
                " returning_unit = $7, receiving_path = $8, competent_path = $9, assignee = $10"
                " where id = $11 and version = $12",
                V(d->unit), V(d->unit_path), V(d->area_path), V(d->helping_unit),
                V(d->receiving_unit), V(d->competent_unit), V(d->returning_unit),
                V(d->receiving_path), V(d->competent_path), V_OR_NULL(d->assignee), V(d->id),
                V(d->version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT, T("Hồ sơ vừa được người khác cập nhật."));
    d->version++;
    TRY(db_exec(cx,
                "update onestop_number set unit_path = $1, area_path = $2"
                " where result in (select id from onestop_result where dossier = $3)",
                V(d->competent_path), V(d->area_path), V(d->id)));
    TRY(db_exec(cx, "delete from onestop_desk where dossier = $1", V(d->id))); /* made anew */
    return onestop_store_desk_put(cx, d);
}
