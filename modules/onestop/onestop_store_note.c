/* onestop_store_note.c - SQL about notes and causes of lateness; the list of what is late. */
#include "db/db.h"
#include "onestop_desk_work.h"
#include "vault/vault.h"

#define NOTE_WORDS S("onestop_note.words")
#define LATE_WORDS S("onestop_late.words")

/* Words whose key was destroyed by law read as empty. */
static enum err open_words(struct cx *cx, const struct dossier *d, struct str about,
                           struct str *words)
{
    enum err e = vault_open_sealed(cx, d->subject_key, about, *words, words);
    if (e == ERR_NOT_FOUND)
        *words = S("");
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err onestop_store_note_add(struct cx *cx, const struct dossier *d, struct str words)
{
    struct str sealed;
    TRY(vault_seal(cx, d->subject_key, NOTE_WORDS, words, &sealed));
    return db_exec(cx,
                   "insert into onestop_note (dossier, words, by_account, by_unit, at)"
                   " values ($1, $2, $3, $4, $5)",
                   V(d->id), VB(sealed), V(cx->actor->account), V(cx->actor->unit), V(cx->now));
}

/* unscoped: the caller found the dossier by scope */
enum err onestop_store_notes(struct cx *cx, const struct dossier *d, struct note *out, size_t max,
                             size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select id, words, by_account, by_unit, at from onestop_note where dossier = $1"
                 " order by id desc limit $2",
                 V(d->id), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct note){.id = db_int(&r, 0),
                                .words = db_bytes(&r, 1),
                                .by_account = db_int(&r, 2),
                                .by_unit = db_int(&r, 3),
                                .at = db_int(&r, 4)};
    if (r.err)
        return r.err;
    db_rows_close(&r);
    for (size_t i = 0; i < *n; i++)
        TRY(open_words(cx, d, NOTE_WORDS, &out[i].words));
    return OK;
}

enum err onestop_store_cause_put(struct cx *cx, const struct dossier *d, struct str cause,
                                 struct str words)
{
    struct str sealed;
    TRY(vault_seal(cx, d->subject_key, LATE_WORDS, words, &sealed));
    return db_exec(cx,
                   "insert into onestop_late (dossier, cause, words, by_account, at)"
                   " values ($1, $2, $3, $4, $5) on conflict (dossier) do update set"
                   " cause = excluded.cause, words = excluded.words,"
                   " by_account = excluded.by_account, at = excluded.at",
                   V(d->id), V(cause), VB(sealed), V(cx->actor->account), V(cx->now));
}

/* unscoped: the caller found the dossier by scope */
enum err onestop_store_cause(struct cx *cx, const struct dossier *d, struct str *cause,
                             struct str *words)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select cause, words from onestop_late where dossier = $1", V(d->id)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *cause = db_str(&r, 0);
    *words = db_bytes(&r, 1);
    db_rows_close(&r);
    return open_words(cx, d, LATE_WORDS, words);
}

/* ---- the list of what is late, or will be soon ---- */

/* "sap": due within two days, while an apology may still be made in time (NĐ 61/2018 art. 19.9). */
static void add_when(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("qua")))
        DB_ADD(q, " and k.turn = 1 and k.due_key >= 0 and k.due_key < $", V(cx->now));
    else
        DB_ADD(q, " and k.turn = 1 and k.due_key >= $ and k.due_key < $", V(cx->now),
               V(cx->now + 2 * DAY_MS));
}

static void add_cause(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    if (str_eq(value, S("chua")))
        DB_ADD(q, " and l.cause is null");
    else
        DB_ADD(q, " and l.cause = $", V(value));
}

static void add_apology(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    if (str_eq(value, S("roi")))
        DB_ADD(q, " and d.apologised_at > 0");
    else if (str_eq(value, S("chua")))
        DB_ADD(q, " and d.apologised_at = 0");
}

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct late_row *row = NEW(cx->arena, struct late_row);
    row->cause = db_str(r, at);
    row->r.d = onestop_store_row(r, at + 1);
    return row;
}

static void add_scope(struct cx *cx, struct db_text *q)
{
    onestop_work_source.scope(cx, q);
}

static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    return onestop_work_source.words(cx, q, words);
}

static const struct list_filter filters[] = {
    {"luc", "qua", add_when}, {"nguyen-nhan", NULL, add_cause}, {"xin-loi", NULL, add_apology}};
static const struct list_sort sorts[] = {{"han", "k.due_key", false, false, NULL}};
const struct list_source onestop_late_source = {
    .columns = "l.cause, " ONESTOP_DOSSIER_COLUMNS,
    .from = " from onestop_desk k left join onestop_dossier d on d.id = k.dossier"
            " left join onestop_late l on l.dossier = k.dossier where 1 = 1",
    .id = "k.dossier",
    .scope = add_scope,
    .words = add_words,
    .filters = filters,
    .filters_n = 3,
    .sorts = sorts,
    .sorts_n = 1,
    .row = row_of,
    .finish = onestop_fill_rows, /* a late_row begins with an inbox_row */
};
