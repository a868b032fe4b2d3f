/* onestop_store.c - SQL about onestop_dossier: finding, listing, writing, always within the scope.
 */
#include "onestop_store.h"

#include "db/db.h"
#include "vault/vault.h"

#define COLUMNS ONESTOP_DOSSIER_COLUMNS
#define SUBMITTER_NAME S("onestop_dossier.submitter_name")
#define SUBJECT_NAME S("onestop_dossier.subject_name")

/* A name whose key was destroyed by law reads as empty; anything else is an error. */
static enum err open_name(struct cx *cx, int64_t key, struct str about, struct str *name)
{
    enum err e = vault_open_sealed(cx, key, about, *name, name);
    if (e == ERR_NOT_FOUND)
        *name = S("");
    return e == ERR_NOT_FOUND ? OK : e;
}

struct dossier onestop_store_row(struct db_rows *r, int at)
{
    return (struct dossier){
        .id = db_int(r, at + 0),
        .version = db_int(r, at + 1),
        .request_code = db_str(r, at + 2),
        .code = db_str(r, at + 3),
        .track_token = db_str(r, at + 4),
        .procedure_version = db_int(r, at + 5),
        .opening = db_int(r, at + 6),
        .form_version = db_int(r, at + 7),
        .procedure_code = db_str(r, at + 8),
        .procedure_name = db_str(r, at + 9),
        .state = (enum dossier_state)db_int(r, at + 10),
        .channel = (enum channel)db_int(r, at + 11),
        .account = db_int(r, at + 12),
        .submitter = db_int(r, at + 13),
        .subject = db_int(r, at + 14),
        .acts = (enum subject_role)db_int(r, at + 15),
        .acts_words = db_str(r, at + 16),
        .subject_key = db_int(r, at + 17),
        .owner_key = db_int(r, at + 18),
        .submitter_name = db_bytes(r, at + 19),
        .subject_name = db_bytes(r, at + 20),
        .unit = db_int(r, at + 21),
        .unit_path = db_str(r, at + 22),
        .area_path = db_str(r, at + 23),
        .helping_unit = db_int(r, at + 24),
        .receiving_unit = db_int(r, at + 25),
        .competent_unit = db_int(r, at + 26),
        .returning_unit = db_int(r, at + 27),
        .sent_at = db_int(r, at + 28),
        .accepted_at = db_int(r, at + 29),
        .clock_from = db_int(r, at + 30),
        .due_at = db_int(r, at + 31),
        .due_shown_at = db_int(r, at + 32),
        .original_due_at = db_int(r, at + 33),
        .released_at = db_int(r, at + 34),
        .returned_at = db_int(r, at + 35),
        .step = (int)db_int(r, at + 36),
        .assignee = db_int(r, at + 37),
        .delivery = db_str(r, at + 38),
        .fee_dong = db_int(r, at + 39),
        .apologised_at = db_int(r, at + 40),
        .receiving_path = db_str(r, at + 41),
        .competent_path = db_str(r, at + 42),
    };
}

enum err onestop_store_open_names(struct cx *cx, struct dossier *d)
{
    TRY(open_name(cx, d->owner_key, SUBMITTER_NAME, &d->submitter_name));
    return open_name(cx, d->subject_key, SUBJECT_NAME, &d->subject_name);
}

static enum err nothing_found(struct cx *cx, const struct db_rows *r)
{
    if (r->err)
        return r->err;
    return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy hồ sơ này. Kiểm tra lại mã trên giấy hẹn."));
}

static enum err one(struct cx *cx, struct db_rows *r, struct dossier *out)
{
    if (!db_next(r))
        return nothing_found(cx, r);
    *out = onestop_store_row(r, 0);
    db_rows_close(r);
    return onestop_store_open_names(cx, out);
}

static enum err many(struct cx *cx, struct db_rows *r, struct dossier *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = onestop_store_row(r, 0);
    if (r->err)
        return r->err;
    db_rows_close(r);
    for (size_t i = 0; i < *n; i++)
        TRY(onestop_store_open_names(cx, &out[i]));
    return OK;
}

/* Who may see a dossier at all: its people; the units that help, receive, decide or return it; of
 * an ended one who took over one of them (onestop_store_readers.c). */
static void add_scope(struct cx *cx, struct db_text *q)
{
    const struct scope *s = &cx->scope;
    if (s->kind == SCOPE_UNIT) {
        DB_ADD(
            q,
            " and ($ in (d.unit, d.receiving_unit, d.competent_unit, d.returning_unit, d.helping_unit)"
            " or exists (select 1 from onestop_desk k where k.dossier = d.id and k.reader = $"
            " and k.reach = 1 and k.turn = 0))",
            V(s->unit), V(s->unit));
        return;
    }
    if (s->kind == SCOPE_UNIT_TREE) {
        struct str below = str_fmt(cx->arena, "%.*s%%", F(s->unit_path));
        DB_ADD(q,
               " and (d.unit_path like $ or d.receiving_path like $ or d.competent_path like $"
               " or exists (select 1 from onestop_desk k where k.dossier = d.id and k.reader = $"
               " and k.reach = 2 and k.turn = 0))",
               V(below), V(below), V(below), V(onestop_last_of(s->unit_path)));
        return;
    }
    db_scope(cx, q,
             &(struct db_scope_columns){.owner_account = "d.account",
                                        .owner_person = "d.submitter",
                                        .assignee = "d.assignee",
                                        .area_path = "d.area_path"});
}

/* What lies in somebody's hands now; an index serves what is somebody's own (lists of units:
 * onestop_desk). */
static void add_scope_in_hand(struct cx *cx, struct db_text *q)
{
    db_scope(cx, q,
             &(struct db_scope_columns){.owner_account = "d.account",
                                        .owner_person = "d.submitter",
                                        .assignee = "d.assignee",
                                        .unit = "d.unit",
                                        .unit_path = "d.unit_path",
                                        .area_path = "d.area_path"});
}

enum err onestop_store_find(struct cx *cx, int64_t id, struct dossier *out)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from onestop_dossier d where d.id = $", V(id));
    add_scope(cx, &q);
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    return one(cx, &r, out);
}

static void add_code(struct cx *cx, struct db_text *q, struct str code)
{
    if (str_starts(code, S("YC-")))
        DB_ADD(q, " from onestop_dossier d where d.request_code = $", V(code));
    else
        DB_ADD(q, " from onestop_dossier d where d.code = $", V(code));
    add_scope(cx, q);
}

enum err onestop_store_by_code(struct cx *cx, struct str code, struct dossier *out)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS);
    add_code(cx, &q, code);
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    return one(cx, &r, out);
}

/* Four columns of forty: the page after sending is asked for most. */
enum err onestop_store_sent(struct cx *cx, struct str code, struct sent_dossier *out)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select d.request_code, d.procedure_name, d.receiving_unit, d.sent_at");
    add_code(cx, &q, code);
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    if (!db_next(&r))
        return nothing_found(cx, &r);
    *out = (struct sent_dossier){.request_code = db_str(&r, 0),
                                 .procedure_name = db_str(&r, 1),
                                 .receiving_unit = db_int(&r, 2),
                                 .sent_at = db_int(&r, 3)};
    return OK;
}

/* unscoped: jobs, and whoever holds a verify code */
enum err onestop_store_any(struct cx *cx, int64_t id, struct dossier *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from onestop_dossier d where d.id = $1", V(id)));
    return one(cx, &r, out);
}

/* unscoped: by a random token of a paper, or a code; progress only */
enum err onestop_store_by_token(struct cx *cx, struct str token_or_code, struct dossier *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from onestop_dossier d"
                 " where d.track_token = $1 or d.code = $1 or d.request_code = $1",
                 V(token_or_code)));
    return one(cx, &r, out);
}

enum err onestop_store_mine(struct cx *cx, struct dossier *out, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from onestop_dossier d where 1 = 1");
    add_scope_in_hand(cx, &q);
    DB_ADD(&q, " order by d.sent_at desc limit $", V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    return many(cx, &r, out, max, n);
}

/* ---- writing ---- */

enum err onestop_store_add(struct cx *cx, struct dossier *d)
{
    struct str submitter, subject;
    TRY(vault_seal(cx, d->owner_key, SUBMITTER_NAME, d->submitter_name, &submitter));
    TRY(vault_seal(cx, d->subject_key, SUBJECT_NAME, d->subject_name, &subject));
    d->version = 1;
    TRY(db_insert(
        cx, &d->id,
        "insert into onestop_dossier (version, request_code, track_token, procedure_version, opening, form_version,"
        " procedure_code, procedure_name, state, channel, account, submitter, subject, acts, acts_words,"
        " subject_key, owner_key, submitter_name, subject_name, unit, unit_path, area_path, helping_unit,"
        " receiving_unit, competent_unit, returning_unit, sent_at, accepted_at, clock_from, due_at, due_shown_at,"
        " original_due_at, released_at, returned_at, step, assignee, delivery, fee_dong, apologised_at,"
        " receiving_path, competent_path)"
        " values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,"
        " $22, $23, $24, $25, $26, 0, 0, 0, 0, 0, 0, 0, 0, null, $27, $28, 0, $29, $30) returning id",
        V(d->request_code), V(d->track_token), V(d->procedure_version), V(d->opening),
        V(d->form_version), V(d->procedure_code), V(d->procedure_name), V(d->state), V(d->channel),
        V_OR_NULL(d->account), V(d->submitter), V(d->subject), V(d->acts), V_TEXT(d->acts_words),
        V(d->subject_key), V(d->owner_key), VB(submitter), VB(subject), V(d->unit), V(d->unit_path),
        V(d->area_path), V(d->helping_unit), V(d->receiving_unit), V(d->competent_unit),
        V(d->returning_unit), V(d->sent_at), V(d->delivery), V(d->fee_dong), V(d->receiving_path),
        V(d->competent_path)));
    return onestop_store_desk_new(cx, d);
}

enum err onestop_store_update(struct cx *cx, struct dossier *d)
{
    TRY(db_exec(
        cx,
        "update onestop_dossier set version = version + 1, code = $1, state = $2, unit = $3, unit_path = $4,"
        " area_path = $5, accepted_at = $6, clock_from = $7, due_at = $8, due_shown_at = $9,"
        " original_due_at = $10, released_at = $11, returned_at = $12, step = $13, assignee = $14,"
        " fee_dong = $15, apologised_at = $16, delivery = $17,"
        " given_up_at = case when given_up_at > 0 then given_up_at else $18 end"
        " where id = $19 and version = $20",
        d->code.n ? V(d->code) : V_NULL, V(d->state), V(d->unit), V(d->unit_path), V(d->area_path),
        V(d->accepted_at), V(d->clock_from), V(d->due_at), V(d->due_shown_at),
        V(d->original_due_at), V(d->released_at), V(d->returned_at), V(d->step),
        V_OR_NULL(d->assignee), V(d->fee_dong), V(d->apologised_at), V(d->delivery),
        V(onestop_given_up(d->state) ? cx->now : 0), V(d->id), V(d->version)));
    if (db_changed(cx) != 1)
        return fail(
            cx, ERR_CONFLICT,
            T("Hồ sơ vừa được người khác cập nhật. Tải lại trang, xem thay đổi rồi làm tiếp."));
    d->version++;
    return onestop_store_desk_put(cx, d);
}
