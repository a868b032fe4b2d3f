/* onestop_store_ledger.c - SQL about the books of a counter: register, hand-overs, one day. */
#include "identity/identity.h"
#include "onestop_ledger.h"
#include "vault/vault.h"

#define PERSONS_MAX 40

/* ---- the register ---- */

enum err onestop_store_ledger_add(struct cx *cx, const struct dossier *d)
{
    int64_t n;
    int year = civil_at(cx->now).year;
    TRY(onestop_store_next(cx, d->receiving_unit, S("STD"), str_fmt(cx->arena, "%d", year), &n));
    return db_exec(
        cx, "insert into onestop_ledger (dossier, unit, year, n, at) values ($1, $2, $3, $4, $5)",
        V(d->id), V(d->receiving_unit), V(year), V(n), V(cx->now));
}

/* unscoped: of a dossier that was found by scope */
enum err onestop_store_ledger(struct cx *cx, int64_t dossier, int64_t *n, int *year)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select n, year from onestop_ledger where dossier = $1", V(dossier)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *n = db_int(&r, 0);
    *year = (int)db_int(&r, 1);
    return OK;
}

#define LINE_COLUMNS "l.id, l.unit, l.year, l.n, l.at, " ONESTOP_DOSSIER_COLUMNS
#define LINE_FROM " from onestop_ledger l join onestop_dossier d on d.id = l.dossier"

static struct ledger_row line_from(struct db_rows *r, int at)
{
    return (struct ledger_row){.id = db_int(r, at),
                               .unit = db_int(r, at + 1),
                               .year = (int)db_int(r, at + 2),
                               .n = db_int(r, at + 3),
                               .at = db_int(r, at + 4),
                               .r.d = onestop_store_row(r, at + 5)};
}

static enum err all_lines(struct cx *cx, struct db_rows *r, struct ledger_row *out, size_t max,
                          size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = line_from(r, 0);
    if (r->err)
        return r->err;
    db_rows_close(r);
    for (size_t i = 0; i < *n; i++)
        TRY(onestop_store_open_names(cx, &out[i].r.d));
    return OK;
}

enum err onestop_store_ledger_lines(struct cx *cx, int64_t unit, int year, int64_t from,
                                    struct ledger_row *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " LINE_COLUMNS LINE_FROM
                 " where l.unit = $1 and l.year = $2 and l.n >= $3 order by l.n limit $4",
                 V(unit), V(year), V(from), V(max)));
    return all_lines(cx, &r, out, max, n);
}

static void add_scope(struct cx *cx, struct db_text *q)
{
    db_scope(cx, q,
             &(struct db_scope_columns){
                 .unit = "l.unit", .unit_path = "d.receiving_path", .area_path = "d.area_path"});
}

/* A number of the register, the beginning of a code, or the name of whoever filed. */
static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    int64_t number, persons[PERSONS_MAX];
    size_t n;
    if (str_int(words, &number)) {
        DB_ADD(q, " and l.n = $", V(number));
        return OK;
    }
    struct str upper = text_upper(cx->arena, words);
    if (str_find(upper, S("-"), NULL) || str_find(upper, S("."), NULL)) {
        struct str end = str_fmt(cx->arena, "%.*s~", F(upper));
        DB_ADD(q, " and d.code >= $ and d.code < $", V(upper), V(end));
        return OK;
    }
    TRY(person_search(cx, words, persons, PERSONS_MAX, &n));
    DB_ADD(q, " and d.submitter in (-1");
    for (size_t i = 0; i < n; i++)
        DB_ADD(q, ", $", V(persons[i]));
    DB_ADD(q, ")");
    return OK;
}

static void add_year(struct cx *cx, struct db_text *q, struct str value)
{
    int64_t year;
    (void)cx;
    if (str_int(value, &year))
        DB_ADD(q, " and l.year = $", V(year));
}

static void add_given(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("roi")))
        DB_ADD(q, " and d.returned_at > 0");
    else if (str_eq(value, S("chua")))
        DB_ADD(q, " and d.returned_at = 0");
    else if (str_eq(value, S("tre")))
        DB_ADD(q, " and d.due_at > 0 and d.due_at < coalesce(nullif(d.released_at, 0), $)",
               V(cx->now));
}

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct ledger_row *row = NEW(cx->arena, struct ledger_row);
    *row = line_from(r, at);
    return row;
}

static const struct list_filter filters[] = {{"nam", NULL, add_year}, {"tra", NULL, add_given}};
static const struct list_sort sorts[] = {{"so", "l.id", false, true, NULL}};
const struct list_source onestop_ledger_source = {
    .columns = LINE_COLUMNS,
    .from = LINE_FROM " where 1 = 1",
    .id = "l.id",
    .scope = add_scope,
    .words = add_words,
    .filters = filters,
    .filters_n = sizeof filters / sizeof *filters,
    .sorts = sorts,
    .sorts_n = sizeof sorts / sizeof *sorts,
    .row = row_of,
    .finish = onestop_fill_rows,
};

/* ---- hand-overs ---- */

enum err onestop_store_handover_add(struct cx *cx, const struct dossier *d, int64_t to_unit)
{
    return db_exec(cx,
                   "insert into onestop_handover (dossier, from_unit, to_unit, by_account, at)"
                   " values ($1, $2, $3, $4, $5)",
                   V(d->id), V(d->unit), V(to_unit), V_OR_NULL(cx->actor->account), V(cx->now));
}

#define HANDOVER_COLUMNS "h.id, h.dossier, h.from_unit, h.to_unit, h.by_account, h.at"

static struct handover_row handover_from(struct db_rows *r)
{
    return (struct handover_row){.id = db_int(r, 0),
                                 .dossier = db_int(r, 1),
                                 .from_unit = db_int(r, 2),
                                 .to_unit = db_int(r, 3),
                                 .by_account = db_int(r, 4),
                                 .at = db_int(r, 5)};
}

/* unscoped: of a dossier that was found by scope */
enum err onestop_store_handovers(struct cx *cx, int64_t dossier, struct handover_row *out,
                                 size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " HANDOVER_COLUMNS
                 " from onestop_handover h where h.dossier = $1 order by h.id limit $2",
                 V(dossier), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = handover_from(&r);
    return r.err;
}

/* ---- forms as they were issued ---- */

/* unscoped: of a dossier that was found by scope, or by its job */
enum err onestop_store_form_file(struct cx *cx, int64_t dossier, int form, int64_t reason,
                                 int64_t *file)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select file from onestop_form_file where dossier = $1 and form = $2 and reason = $3",
        V(dossier), V(form), V(reason)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *file = db_int(&r, 0);
    return OK;
}

enum err onestop_store_form_file_add(struct cx *cx, int64_t dossier, int form, int64_t reason,
                                     int64_t file, struct str sha256, int64_t signer)
{
    return db_exec(
        cx,
        "insert into onestop_form_file (dossier, form, reason, file, sha256, signer, signed_at)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (dossier, form, reason) do nothing",
        V(dossier), V(form), V(reason), V(file), V(sha256), V(signer), V(cx->now));
}

/* ---- one day ---- */

/* Fees and obligations, each read once. unscoped: the unit is bound: that of the counter that asks
 */
static enum err add_cash(struct cx *cx, const struct span *s, struct day_counts *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select count(*), coalesce(sum(amount), 0) from onestop_receipt"
                 " where unit = $1 and taken_at >= $2 and taken_at < $3"
                 " union all"
                 " select count(*), coalesce(sum(amount), 0) from onestop_obligation"
                 " where receipt_n > 0 and receipt_unit = $1 and paid_at >= $2 and paid_at < $3",
                 V(s->unit), V(s->from), V(s->to)));
    while (db_next(&r)) {
        out->receipts += db_int(&r, 0);
        out->dong += db_int(&r, 1);
    }
    return r.err;
}

/* unscoped: the unit is bound: that of the counter that asks */
enum err onestop_store_day_counts(struct cx *cx, const struct span *s, struct day_counts *out)
{
    *out = (struct day_counts){0};
    TRY(db_one_int(cx, &out->accepted,
                   "select count(*) from onestop_ledger where unit = $1 and at >= $2 and at < $3",
                   V(s->unit), V(s->from), V(s->to)));
    TRY(db_one_int(
        cx, &out->online,
        "select count(*) from onestop_ledger l join onestop_dossier d on d.id = l.dossier"
        " where l.unit = $1 and l.at >= $2 and l.at < $3 and d.channel = 2",
        V(s->unit), V(s->from), V(s->to)));
    TRY(db_one_int(cx, &out->refused,
                   "select count(*) from onestop_decision"
                   " where by_unit = $1 and at >= $2 and at < $3 and kind = 'tu_choi'",
                   V(s->unit), V(s->from), V(s->to)));
    TRY(db_one_int(cx, &out->asked,
                   "select count(*) from onestop_supplement"
                   " where asked_unit = $1 and asked_at >= $2 and asked_at < $3",
                   V(s->unit), V(s->from), V(s->to)));
    TRY(db_one_int(cx, &out->handed_over,
                   "select count(*) from onestop_handover"
                   " where from_unit = $1 and at >= $2 and at < $3",
                   V(s->unit), V(s->from), V(s->to)));
    TRY(db_one_int(cx, &out->returned,
                   "select count(*) from onestop_dossier where returning_unit = $1"
                   " and returned_at > 0 and returned_at >= $2 and returned_at < $3",
                   V(s->unit), V(s->from), V(s->to)));
    TRY(db_one_int(
        cx, &out->returned_digital,
        "select count(*) from onestop_dossier d where d.returning_unit = $1"
        " and d.returned_at > 0 and d.returned_at >= $2 and d.returned_at < $3 and exists"
        " (select 1 from onestop_delivery x where x.dossier = d.id and x.way = 'dien_tu')",
        V(s->unit), V(s->from), V(s->to)));
    return add_cash(cx, s, out);
}

enum err onestop_store_day_accepted(struct cx *cx, const struct span *s, struct ledger_row *out,
                                    size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " LINE_COLUMNS LINE_FROM
                 " where l.unit = $1 and l.at >= $2 and l.at < $3 order by l.n limit $4",
                 V(s->unit), V(s->from), V(s->to), V(max)));
    return all_lines(cx, &r, out, max, n);
}

/* Fees and obligations take their numbers from one book.
 * unscoped: the unit is bound */
enum err onestop_store_day_receipts(struct cx *cx, const struct span *s, struct day_receipt *out,
                                    size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select b.n, b.year, b.amount, b.taken_by, b.at, coalesce(d.code, d.request_code) from"
        " (select dossier, n, year, amount, taken_by, taken_at as at from onestop_receipt"
        "  where unit = $1 and taken_at >= $2 and taken_at < $3"
        "  union all select dossier, receipt_n, receipt_year, amount, taken_by, paid_at"
        "  from onestop_obligation where receipt_n > 0 and receipt_unit = $1"
        "  and paid_at >= $2 and paid_at < $3) b join onestop_dossier d on d.id = b.dossier"
        " order by b.year, b.n limit $4",
        V(s->unit), V(s->from), V(s->to), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct day_receipt){.n = db_int(&r, 0),
                                       .year = db_int(&r, 1),
                                       .amount = db_int(&r, 2),
                                       .taken_by = db_int(&r, 3),
                                       .at = db_int(&r, 4),
                                       .code = db_str(&r, 5)};
    return r.err;
}

/* unscoped: the unit is bound */
enum err onestop_store_day_handovers(struct cx *cx, const struct span *s, struct handover_row *out,
                                     size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " HANDOVER_COLUMNS
                 ", coalesce(d.code, d.request_code), d.procedure_name from onestop_handover h"
                 " join onestop_dossier d on d.id = h.dossier"
                 " where h.from_unit = $1 and h.at >= $2 and h.at < $3 order by h.id limit $4",
                 V(s->unit), V(s->from), V(s->to), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n) {
        out[*n] = handover_from(&r);
        out[*n].code = db_str(&r, 6);
        out[*n].procedure_name = db_str(&r, 7);
    }
    return r.err;
}

/* unscoped: the unit is bound */
enum err onestop_store_day_returned(struct cx *cx, const struct span *s, struct dossier *out,
                                    size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ONESTOP_DOSSIER_COLUMNS " from onestop_dossier d"
                 " where d.returning_unit = $1 and d.returned_at > 0 and d.returned_at >= $2"
                 " and d.returned_at < $3 order by d.returned_at, d.id limit $4",
                 V(s->unit), V(s->from), V(s->to), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = onestop_store_row(&r, 0);
    if (r.err)
        return r.err;
    db_rows_close(&r);
    for (size_t i = 0; i < *n; i++)
        TRY(onestop_store_open_names(cx, &out[i]));
    return OK;
}
