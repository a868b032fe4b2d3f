/* onestop_store_redate.c - SQL about onestop_redate and onestop_redate_item. */
#include "identity/identity.h"
#include "onestop_redate.h"
#include "onestop_store.h"
#include "org/org.h"

#define COLUMNS                                                                                    \
    "r.id, r.code, r.version, r.state, r.unit, r.unit_path, r.tree, r.from_day, r.to_day,"         \
    " r.earlier, r.basis_no, r.basis_on, r.basis_by, r.asked_by, r.asked_unit, r.asked_at,"        \
    " r.done_at, r.work, r.at_state, r.at_sent, r.at_dossier, r.seen, r.later, r.sooner, r.kept,"  \
    " r.unlate, r.moved, r.left_out"

static struct redate row_from(struct db_rows *r)
{
    return (struct redate){
        .id = db_int(r, 0),
        .code = db_str(r, 1),
        .version = db_int(r, 2),
        .state = (enum redate_state)db_int(r, 3),
        .unit = db_int(r, 4),
        .unit_path = db_str(r, 5),
        .tree = db_int(r, 6) != 0,
        .from_day = db_int(r, 7),
        .to_day = db_int(r, 8),
        .earlier = db_int(r, 9) != 0,
        .basis_no = db_str(r, 10),
        .basis_on = db_int(r, 11),
        .basis_by = db_str(r, 12),
        .asked_by = db_int(r, 13),
        .asked_unit = db_int(r, 14),
        .asked_at = db_int(r, 15),
        .done_at = db_int(r, 16),
        .work = db_str(r, 17),
        .at_state = db_int(r, 18),
        .at_sent = db_int(r, 19),
        .at_dossier = db_int(r, 20),
        .seen = db_int(r, 21),
        .later = db_int(r, 22),
        .sooner = db_int(r, 23),
        .kept = db_int(r, 24),
        .unlate = db_int(r, 25),
        .moved = db_int(r, 26),
        .left_out = db_int(r, 27),
    };
}

enum err onestop_store_redate_add(struct cx *cx, struct redate *r)
{
    r->version = 1;
    return db_insert(
        cx, &r->id,
        "insert into onestop_redate (code, version, state, unit, unit_path, tree, from_day, to_day,"
        " earlier, basis_no, basis_on, basis_by, asked_by, asked_unit, asked_at, done_at, work,"
        " at_state, at_sent, at_dossier, seen, later, sooner, kept, unlate, moved, left_out)"
        " values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, '', 0, 0, 0,"
        " 0, 0, 0, 0, 0, 0, 0) returning id",
        V(r->code), V(r->state), V(r->unit), V(r->unit_path), V(r->tree), V(r->from_day),
        V(r->to_day), V(r->earlier), V(r->basis_no), V(r->basis_on), V(r->basis_by), V(r->asked_by),
        V(r->asked_unit), V(r->asked_at));
}

enum err onestop_store_redate_put(struct cx *cx, struct redate *r)
{
    TRY(db_exec(cx,
                "update onestop_redate set version = version + 1, state = $1, done_at = $2,"
                " work = $3, at_state = $4, at_sent = $5, at_dossier = $6, seen = $7, later = $8,"
                " sooner = $9, kept = $10, unlate = $11, moved = $12, left_out = $13"
                " where id = $14 and version = $15",
                V(r->state), V(r->done_at), V(r->work), V(r->at_state), V(r->at_sent),
                V(r->at_dossier), V(r->seen), V(r->later), V(r->sooner), V(r->kept), V(r->unlate),
                V(r->moved), V(r->left_out), V(r->id), V(r->version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT,
                    T("Đợt tính lại này vừa được người khác cập nhật. Tải lại trang để xem."));
    r->version++;
    return OK;
}

/* unscoped: the job */
enum err onestop_store_redate_any(struct cx *cx, int64_t id, struct redate *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from onestop_redate r where r.id = $1", V(id)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = row_from(&r);
    return OK;
}

/* ---- for people ---- */

static const struct db_scope_columns reach = {.unit = "r.unit", .unit_path = "r.unit_path"};

static enum err name_them(struct cx *cx, struct redate *r)
{
    struct org_unit u;
    TRY(org_unit_find(cx, r->unit, &u));
    r->unit_name = u.name;
    return account_name(cx, r->asked_by, &r->asked_by_name);
}

enum err onestop_redate_find(struct cx *cx, struct str code, struct redate *out)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from onestop_redate r where r.code = $", V(code));
    db_scope(cx, &q, &reach);
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Không tìm thấy đợt tính lại này trong phạm vi của bạn."));
    *out = row_from(&r);
    db_rows_close(&r);
    return name_them(cx, out);
}

enum err onestop_redates(struct cx *cx, struct redate *out, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from onestop_redate r where 1 = 1");
    db_scope(cx, &q, &reach);
    DB_ADD(&q, " order by r.id desc limit $", V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = row_from(&r);
    if (r.err)
        return r.err;
    db_rows_close(&r);
    for (size_t i = 0; i < *n; i++)
        TRY(name_them(cx, &out[i]));
    return OK;
}

/* ---- what the job goes through ---- */

/* The desk of the unit has each of its dossiers once, in an order that no move of a dossier and no
 * new appointment changes: by state and arrival. */
/* unscoped: the reach of the order itself */
static enum err next_of_state(struct cx *cx, const struct redate *r, int64_t state, int64_t sent,
                              int64_t after, int64_t *ids, int64_t *sents, size_t max, size_t *n)
{
    struct db_text q;
    auto_rows rows = {0};
    const struct str end =
        str_fmt(cx->arena, "%.*s0", F(str_until(r->unit_path, r->unit_path.n - 1)));
    db_text_start(cx, &q);
    DB_ADD(
        &q,
        "select k.dossier, k.sent_at from onestop_desk k"
        " join onestop_dossier d on d.id = k.dossier"
        " where k.reader = $ and k.reach = $ and k.state = $ and (k.sent_at, k.dossier) > ($, $)",
        V(r->unit), V(r->tree ? 2 : 1), V(state), V(sent), V(after));
    if (r->tree)
        DB_ADD(&q, " and d.competent_path >= $ and d.competent_path < $", V(r->unit_path), V(end));
    else
        DB_ADD(&q, " and d.competent_unit = $", V(r->unit));
    DB_ADD(&q,
           " and d.clock_from > 0 and d.clock_from < $ and d.due_at >= $"
           " order by k.sent_at, k.dossier limit $",
           V((r->to_day + 1) * DAY_MS - 7 * HOUR_MS), V(r->from_day * DAY_MS - 7 * HOUR_MS),
           V(max));
    TRY(db_query_text(cx, &rows, &q));
    for (*n = 0; *n < max && db_next(&rows); ++*n) {
        ids[*n] = db_int(&rows, 0);
        sents[*n] = db_int(&rows, 1);
    }
    return rows.err;
}

enum err onestop_store_redate_next(struct cx *cx, struct redate *r, int64_t *ids, size_t max,
                                   size_t *n)
{
    static const int64_t states[] = {DOSSIER_ACCEPTED, DOSSIER_PROCESSING};
    int64_t *sents = NEW_N(cx->arena, int64_t, max);
    *n = 0;
    for (size_t i = 0; i < 2 && *n < max; i++) {
        size_t got;
        if (states[i] < r->at_state)
            continue;
        const bool goes_on = states[i] == r->at_state;
        TRY(next_of_state(cx, r, states[i], goes_on ? r->at_sent : INT64_MIN,
                          goes_on ? r->at_dossier : 0, ids + *n, sents, max - *n, &got));
        *n += got;
        if (got == 0)
            continue;
        r->at_state = states[i];
        r->at_sent = sents[got - 1];
        r->at_dossier = ids[*n - 1];
    }
    return OK;
}

/* A dossier that changes its state while others are tried is met again: its first try stands. */
enum err onestop_store_redate_item_add(struct cx *cx, int64_t redate, const struct redate_item *i,
                                       bool *added)
{
    TRY(db_exec(cx,
                "insert into onestop_redate_item (redate, dossier, way, state, old_due, new_due,"
                " old_shown, new_shown) values ($1, $2, $3, $4, $5, $6, $7, $8)"
                " on conflict (redate, dossier) do nothing",
                V(redate), V(i->dossier), V(i->way), V(i->state), V(i->old_due), V(i->new_due),
                V(i->old_shown), V(i->new_shown)));
    *added = db_changed(cx) == 1;
    return OK;
}

#define ITEM_COLUMNS "i.dossier, i.way, i.state, i.old_due, i.new_due, i.old_shown, i.new_shown"

static struct redate_item item_from(struct db_rows *r, int at)
{
    return (struct redate_item){
        .dossier = db_int(r, at),
        .way = (enum redate_way)db_int(r, at + 1),
        .state = (enum redate_item_state)db_int(r, at + 2),
        .old_due = db_int(r, at + 3),
        .new_due = db_int(r, at + 4),
        .old_shown = db_int(r, at + 5),
        .new_shown = db_int(r, at + 6),
    };
}

/* unscoped: the job */
enum err onestop_store_redate_items(struct cx *cx, const struct redate *r, struct redate_item *out,
                                    size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select " ITEM_COLUMNS " from onestop_redate_item i where i.redate = $1"
                 " and i.dossier > $2 and i.state = 1 and i.way in (1, 2) order by i.dossier"
                 " limit $3",
                 V(r->id), V(r->at_dossier), V(max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        out[*n] = item_from(&rows, 0);
    return rows.err;
}

enum err onestop_store_redate_item_end(struct cx *cx, int64_t redate, const struct redate_item *i)
{
    return db_exec(cx,
                   "update onestop_redate_item set state = $1 where redate = $2 and dossier = $3"
                   " and state = 1",
                   V(i->state), V(redate), V(i->dossier));
}

/* ---- the list of one order ---- */

static void add_scope(struct cx *cx, struct db_text *q)
{
    db_scope(cx, q, &reach);
}

/* The address always names an order: without one there are no rows. */
static void add_order(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    DB_ADD(q, " and r.code = $", V(value));
}

static void add_way(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    const int way = str_eq(value, S("muon")) ? 1 : str_eq(value, S("som")) ? 2 : 3;
    DB_ADD(q, " and i.way = $", V(way));
}

/* unscoped: narrows a list whose scope is bound */
static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    struct str upper = text_upper(cx->arena, words);
    DB_ADD(q, " and d.code >= $ and d.code < $", V(upper),
           V(str_fmt(cx->arena, "%.*s~", F(upper))));
    return OK;
}

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct redate_item *i = NEW(cx->arena, struct redate_item);
    *i = item_from(r, at);
    i->code = db_str(r, at + 7);
    i->procedure_name = db_str(r, at + 8);
    return i;
}

static const struct list_filter filters[] = {{"dot", "-", add_order}, {"chieu", NULL, add_way}};
static const struct list_sort sorts[] = {{"hen", "i.new_shown", false, false, NULL}};
const struct list_source onestop_redate_source = {
    .columns = ITEM_COLUMNS ", d.code, d.procedure_name",
    .from = " from onestop_redate r join onestop_redate_item i on i.redate = r.id"
            " join onestop_dossier d on d.id = i.dossier where 1 = 1",
    .id = "i.dossier",
    .scope = add_scope,
    .words = add_words,
    .filters = filters,
    .filters_n = 2,
    .sorts = sorts,
    .sorts_n = 1,
    .row = row_of,
};
