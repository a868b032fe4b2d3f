/* onestop_store_consult.c - SQL about questions to other agencies; reads are for the two sides. */
#include "db/db.h"
#include "onestop_desk_work.h"
#include "vault/vault.h"

#define QUESTION S("onestop_consult.question")
#define ANSWER S("onestop_consult.answer")
#define COLUMNS                                                                                    \
    "c.id, c.version, c.dossier, c.subject_key, c.asker_unit, c.asked_unit, c.state, c.question,"  \
    " c.asked_by, c.asked_at, c.due_at, c.opinion, c.answer, c.answered_by, c.answered_at,"        \
    " c.code, c.procedure_name, c.silent_at"

static struct consult row_from(struct db_rows *r, int at)
{
    return (struct consult){
        .id = db_int(r, at + 0),
        .version = db_int(r, at + 1),
        .dossier = db_int(r, at + 2),
        .subject_key = db_int(r, at + 3),
        .asker_unit = db_int(r, at + 4),
        .asked_unit = db_int(r, at + 5),
        .state = (enum consult_state)db_int(r, at + 6),
        .question = db_bytes(r, at + 7),
        .asked_by = db_int(r, at + 8),
        .asked_at = db_int(r, at + 9),
        .due_at = db_int(r, at + 10),
        .opinion = db_str(r, at + 11),
        .answer = db_bytes(r, at + 12),
        .answered_by = db_int(r, at + 13),
        .answered_at = db_int(r, at + 14),
        .code = db_str(r, at + 15),
        .procedure_name = db_str(r, at + 16),
        .silent_at = db_int(r, at + 17),
    };
}

/* Words whose key was destroyed by law read as empty. */
static enum err open_one(struct cx *cx, int64_t key, struct str about, struct str *words)
{
    enum err e = vault_open_sealed(cx, key, about, *words, words);
    if (e == ERR_NOT_FOUND)
        *words = S("");
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err open_words(struct cx *cx, struct consult *c)
{
    TRY(open_one(cx, c->subject_key, QUESTION, &c->question));
    return open_one(cx, c->subject_key, ANSWER, &c->answer);
}

enum err onestop_store_consult_add(struct cx *cx, struct consult *c, struct str asker_path,
                                   struct str asked_path, const int64_t *papers, size_t n)
{
    struct str question, none;
    TRY(vault_seal(cx, c->subject_key, QUESTION, c->question, &question));
    TRY(vault_seal(cx, c->subject_key, ANSWER, S(""), &none));
    TRY(db_insert(
        cx, &c->id,
        "insert into onestop_consult (code, version, dossier, subject_key, procedure_name, asker_unit,"
        " asker_path, asked_unit, asked_path, state, question, asked_by, asked_at, due_at, opinion,"
        " answer, answered_by, answered_at)"
        " values ($1, 1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, '', $13, null, 0)"
        " returning id",
        V(c->code), V(c->dossier), V(c->subject_key), V(c->procedure_name), V(c->asker_unit),
        V(asker_path), V(c->asked_unit), V(asked_path), VB(question), V(c->asked_by),
        V(c->asked_at), V(c->due_at), VB(none)));
    for (size_t i = 0; i < n; i++)
        TRY(db_exec(cx,
                    "insert into onestop_consult_paper (consult, paper) values ($1, $2)"
                    " on conflict (consult, paper) do nothing",
                    V(c->id), V(papers[i])));
    return OK;
}

enum err onestop_store_consult_end(struct cx *cx, struct consult *c)
{
    struct str answer;
    TRY(vault_seal(cx, c->subject_key, ANSWER, c->answer, &answer));
    TRY(db_exec(cx,
                "update onestop_consult set version = version + 1, state = $1, opinion = $2,"
                " answer = $3, answered_by = $4, answered_at = $5"
                " where id = $6 and version = $7 and state = 1",
                V(c->state), V_TEXT(c->opinion), VB(answer), V_OR_NULL(c->answered_by),
                V(c->answered_at), V(c->id), V(c->version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT,
                    T("Việc xin ý kiến này vừa được người khác cập nhật. Tải lại trang để xem."));
    c->version++;
    return OK;
}

/* unscoped: a count, asked about a dossier that was found by scope */
enum err onestop_store_consult_open(struct cx *cx, int64_t dossier, int64_t *n)
{
    return db_one_int(
        cx, n, "select count(*) from onestop_consult where dossier = $1 and state = 1", V(dossier));
}

/* The two sides, each as far as its right reaches; the dossier itself is no way to it. */
static void add_sides(struct cx *cx, struct db_text *q, bool asked, bool asker)
{
    static const struct db_scope_columns to = {.unit = "c.asked_unit", .unit_path = "c.asked_path"},
                                         from = {.unit = "c.asker_unit",
                                                 .unit_path = "c.asker_path"};
    DB_ADD(q, " and (1 = 0");
    if (asked) {
        DB_ADD(q, " or (1 = 1");
        db_scope(cx, q, &to);
        DB_ADD(q, ")");
    }
    if (asker) {
        DB_ADD(q, " or (1 = 1");
        db_scope(cx, q, &from);
        DB_ADD(q, ")");
    }
    DB_ADD(q, ")");
}

/* unscoped: add_sides binds the scope of either side */
enum err onestop_consult_find(struct cx *cx, struct str code, struct consult *out)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from onestop_consult c where c.code = $", V(code));
    add_sides(cx, &q, true, true); /* the reader's scope, from either side */
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    if (!db_next(&r))
        return r.err
                   ? r.err
                   : fail(cx, ERR_NOT_FOUND, T("Không tìm thấy việc xin ý kiến này ở đơn vị bạn."));
    *out = row_from(&r, 0);
    db_rows_close(&r);
    void *one[] = {out};
    TRY(open_words(cx, out));
    return onestop_consult_source.finish(cx, one, 1);
}

/* unscoped: the caller found the dossier by scope; the deciding side sees all its questions */
enum err onestop_consults(struct cx *cx, const struct dossier *d, struct consult *out, size_t max,
                          size_t *n)
{
    auto_rows r = {0};
    void **rows = NEW_N(cx->arena, void *, max);
    TRY(db_query(cx, &r,
                 "select " COLUMNS
                 " from onestop_consult c where c.dossier = $1 order by c.id desc limit $2",
                 V(d->id), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n) {
        out[*n] = row_from(&r, 0);
        rows[*n] = &out[*n];
    }
    if (r.err)
        return r.err;
    db_rows_close(&r);
    for (size_t i = 0; i < *n; i++)
        TRY(open_words(cx, &out[i]));
    return onestop_consult_source.finish(cx, rows, *n);
}

/* unscoped: the caller found the question by scope */
enum err onestop_consult_papers(struct cx *cx, const struct consult *c, struct consult_paper *out,
                                size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r,
        "select p.id, p.file, p.name from onestop_consult_paper x"
        " join onestop_paper p on p.id = x.paper where x.consult = $1 order by p.id limit $2",
        V(c->id), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct consult_paper){db_int(&r, 0), db_int(&r, 1), db_str(&r, 2)};
    return r.err;
}

/* ---- silence ---- */

/* unscoped: the job that reports it */
enum err onestop_store_consults_silent(struct cx *cx, struct consult *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from onestop_consult c where c.state = 1 and c.silent_at = 0"
                 " and c.due_at < $1 order by c.due_at, c.id limit $2",
                 V(cx->now), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = row_from(&r, 0);
    return r.err;
}

enum err onestop_store_consult_silence(struct cx *cx, const struct consult *c)
{
    return db_exec(cx,
                   "update onestop_consult set version = version + 1, silent_at = $1 where id = $2"
                   " and silent_at = 0 and state = 1",
                   V(cx->now), V(c->id));
}

/* unscoped: of the unit the reader acts in, which is theirs whatever the reach of their right */
enum err onestop_store_consult_count(struct cx *cx, int64_t max, int64_t *n, bool *late)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select (select count(*) from (select 1 from onestop_consult where asked_unit = $1"
                 " and state = 1 limit $2) as few), (select count(*) from (select 1 from"
                 " onestop_consult where asker_unit = $1 and state = 1 and due_at < $3 limit 1)"
                 " as one)",
                 V(cx->actor->unit), V(max), V(cx->now)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_IO;
    *n = db_int(&r, 0);
    *late = db_int(&r, 1) > 0;
    return OK;
}

/* ---- the list ---- */

/* "tra-loi": what we are asked; "hoi": what we asked. */
static void add_side(struct cx *cx, struct db_text *q, struct str value)
{
    const bool asker = str_eq(value, S("hoi"));
    add_sides(cx, q, !asker, asker);
}

static void add_state(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("cho")))
        DB_ADD(q, " and c.state = 1");
    else if (str_eq(value, S("qua")))
        DB_ADD(q, " and c.state = 1 and c.due_at < $", V(cx->now));
    else if (str_eq(value, S("xong")))
        DB_ADD(q, " and c.state in (2, 3)");
}

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct consult *c = NEW(cx->arena, struct consult);
    *c = row_from(r, at);
    c->question = c->answer = S(""); /* a list shows no words */
    return c;
}

/* unscoped: narrows a list whose scope is bound */
static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    struct str upper = text_upper(cx->arena, words);
    DB_ADD(q, " and c.dossier in (select id from onestop_dossier where code >= $ and code < $)",
           V(upper), V(str_fmt(cx->arena, "%.*s~", F(upper))));
    return OK;
}

/* The scope stands in the side that is asked for, and there is always one. */
static void no_more(struct cx *, struct db_text *)
{
}

static const struct list_filter filters[] = {{"ben", "tra-loi", add_side},
                                             {"tinh-trang", "cho", add_state}};
static const struct list_sort sorts[] = {{"han", "c.due_at", false, false, NULL}};
const struct list_source onestop_consult_source = {
    .columns = COLUMNS,
    .from = " from onestop_consult c where 1 = 1",
    .id = "c.id",
    .scope = no_more,
    .words = add_words,
    .filters = filters,
    .filters_n = 2,
    .sorts = sorts,
    .sorts_n = 1,
    .row = row_of,
    .finish = onestop_consult_finish,
};
