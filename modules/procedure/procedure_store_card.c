/* procedure_store_card.c - SQL about cards and about what officers decided. */
#include "procedure_store.h"

#include "db/db.h"

#define CARD_COLUMNS                                                                               \
    "procedure, code, name, sort_key, field_name, publisher, kind, levels, subjects, place,"       \
    " open_from, level, intake_kind, term_words, fee_known, fee_dong, free_term, proofread, ended"

static struct card_row card_from(struct db_rows *r)
{
    return (struct card_row){
        .procedure = db_int(r, 0),
        .code = db_str(r, 1),
        .name = db_str(r, 2),
        .sort_key = db_str(r, 3),
        .field_name = db_str(r, 4),
        .publisher = db_str(r, 5),
        .kind = db_str(r, 6),
        .levels = db_str(r, 7),
        .subjects = db_str(r, 8),
        .place = db_str(r, 9),
        .open_from = db_int(r, 10),
        .level = db_str(r, 11),
        .intake_kind = db_str(r, 12),
        .term_words = db_str(r, 13),
        .fee_known = db_int(r, 14) != 0,
        .fee_dong = db_int(r, 15),
        .free_term = db_int(r, 16) != 0,
        .proofread = db_int(r, 17) != 0,
        .ended = db_int(r, 18) != 0,
    };
}

enum err procedure_store_card_put(struct cx *cx, const struct card_row *c)
{
    return db_exec(
        cx,
        "insert into procedure_card (" CARD_COLUMNS ")"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
        " on conflict (procedure) do update set"
        " code = excluded.code,"
        " name = excluded.name,"
        " sort_key = excluded.sort_key,"
        " field_name = excluded.field_name,"
        " publisher = excluded.publisher,"
        " kind = excluded.kind,"
        " levels = excluded.levels,"
        " subjects = excluded.subjects,"
        " place = excluded.place,"
        " open_from = excluded.open_from,"
        " level = excluded.level,"
        " intake_kind = excluded.intake_kind,"
        " term_words = excluded.term_words,"
        " fee_known = excluded.fee_known,"
        " fee_dong = excluded.fee_dong,"
        " free_term = excluded.free_term,"
        " proofread = excluded.proofread,"
        " ended = excluded.ended",
        V(c->procedure), V(c->code), V(c->name), V(c->sort_key), V(c->field_name), V(c->publisher),
        V(c->kind), V(c->levels), V(c->subjects), V(c->place), V(c->open_from), V(c->level),
        V(c->intake_kind), V(c->term_words), V(c->fee_known), V(c->fee_dong), V(c->free_term),
        V(c->proofread), V(c->ended));
}

enum err procedure_store_card(struct cx *cx, int64_t procedure, struct card_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " CARD_COLUMNS " from procedure_card where procedure = $1",
                 V(procedure)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Không có thủ tục này."));
    *out = card_from(&r);
    return OK;
}

static void choose(struct cx *cx, struct db_text *q, const struct procedure_filter *f)
{
    DB_ADD(q, " where 1 = 1");
    if (f->field.n)
        DB_ADD(q, " and field_name = $", V(f->field));
    if (f->publisher.n)
        DB_ADD(q, " and publisher = $", V(f->publisher));
    if (f->level.n)
        DB_ADD(q, " and levels like $", V(str_fmt(cx->arena, "%% %.*s %%", F(f->level))));
    if (f->open)
        DB_ADD(q, " and open_from between 1 and $ and ended = 0", V(day_of(cx->now)));
    if (f->free_term)
        DB_ADD(q, " and free_term = 1 and ended = 0");
    if (f->unread)
        DB_ADD(q, " and open_from > 0 and proofread = 0");
    for (struct str word, rest = text_fold(cx->arena, str_until(f->words, 200)); rest.n;) {
        str_cut(rest, ' ', &word, &rest);
        DB_ADD(q,
               " and exists (select 1 from procedure_word w where w.procedure ="
               " procedure_card.procedure and w.word >= $ and w.word < $)",
               V(word), V(str_fmt(cx->arena, "%.*s~", F(word))));
        if (q->n > 40)
            break;
    }
}

enum err procedure_store_cards(struct cx *cx, const struct procedure_filter *f, int64_t skip,
                               struct card_row *out, size_t max, size_t *n)
{
    struct db_text q;
    auto_rows r = {0};
    db_text_start(cx, &q);
    DB_ADD(&q, "select " CARD_COLUMNS " from procedure_card");
    choose(cx, &q, f);
    DB_ADD(&q, " order by sort_key, code limit $ offset $", V(max), V(skip));
    TRY(db_query_text(cx, &r, &q));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = card_from(&r);
    return r.err;
}

enum err procedure_store_card_count(struct cx *cx, const struct procedure_filter *f, int64_t *n)
{
    struct db_text q;
    auto_rows r = {0};
    db_text_start(cx, &q);
    DB_ADD(&q, "select count(*) from procedure_card");
    choose(cx, &q, f);
    TRY(db_query_text(cx, &r, &q));
    *n = db_next(&r) ? db_int(&r, 0) : 0;
    return r.err;
}

enum err procedure_store_at_counter(struct cx *cx, struct str intake_kind, struct card_row *out,
                                    size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " CARD_COLUMNS " from procedure_card join"
                 " (select procedure as taken, place as at_place from procedure_at_counter"
                 " where intake_kind = $1) c on c.taken = procedure"
                 " where open_from between 1 and $2 and ended = 0"
                 " order by at_place, procedure limit $3",
                 V(intake_kind), V(day_of(cx->now)), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = card_from(&r);
    return r.err;
}

static enum err groups(struct db_rows *r, struct card_group *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = (struct card_group){db_str(r, 0), db_int(r, 1), db_int(r, 2)};
    return r->err;
}

enum err procedure_store_fields(struct cx *cx, struct card_group *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select field_name, count(*),"
                 " sum(case when open_from between 1 and $1 and ended = 0 then 1 else 0 end)"
                 " from procedure_card group by field_name order by field_name limit $2",
                 V(day_of(cx->now)), V(max)));
    return groups(&r, out, max, n);
}

enum err procedure_store_publishers(struct cx *cx, struct card_group *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select publisher, count(*),"
                 " sum(case when open_from between 1 and $1 and ended = 0 then 1 else 0 end)"
                 " from procedure_card group by publisher order by publisher limit $2",
                 V(day_of(cx->now)), V(max)));
    return groups(&r, out, max, n);
}

/* ---- what officers decided ---- */

/* unscoped: what an officer decided about a procedure is public */
enum err procedure_store_term(struct cx *cx, int64_t procedure, struct term_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select at, unit, n_half, cutoff, words, basis from procedure_term"
                 " where procedure = $1 order by id desc limit 1",
                 V(procedure)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct term_row){
        .at = db_int(&r, 0),
        .unit = db_str(&r, 1),
        .n_half = db_int(&r, 2),
        .cutoff = db_str(&r, 3),
        .words = db_str(&r, 4),
        .basis = db_str(&r, 5),
    };
    return OK;
}

enum err procedure_store_term_add(struct cx *cx, int64_t procedure, const struct term_row *t)
{
    return db_exec(
        cx,
        "insert into procedure_term (procedure, at, account, unit, n_half, cutoff, words, basis)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        V(procedure), V(cx->now), V_OR_NULL(cx->actor->account), V(t->unit), V(t->n_half),
        V(t->cutoff), V(t->words), V(t->basis));
}

/* unscoped: what an officer decided about a procedure is public */
enum err procedure_store_proof(struct cx *cx, int64_t version, struct proof_row *out)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r, "select at, basis from procedure_proof where version = $1 order by id desc limit 1",
        V(version)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct proof_row){db_int(&r, 0), db_str(&r, 1)};
    return OK;
}

enum err procedure_store_proof_add(struct cx *cx, int64_t procedure, int64_t version,
                                   struct str basis)
{
    return db_exec(cx,
                   "insert into procedure_proof (procedure, version, at, account, basis)"
                   " values ($1, $2, $3, $4, $5)",
                   V(procedure), V(version), V(cx->now), V_OR_NULL(cx->actor->account), V(basis));
}

enum err procedure_store_is_off(struct cx *cx, int64_t procedure, bool *off)
{
    auto_rows r = {0};
    TRY(db_query(
        cx, &r, "select is_off from procedure_switch where procedure = $1 order by id desc limit 1",
        V(procedure)));
    *off = db_next(&r) && db_int(&r, 0) != 0;
    return r.err;
}

enum err procedure_store_switch(struct cx *cx, int64_t procedure, bool off)
{
    return db_exec(cx, "insert into procedure_switch (procedure, day, is_off) values ($1, $2, $3)",
                   V(procedure), V(day_of(cx->now)), V(off));
}

enum err procedure_store_is_off_of(struct cx *cx, struct str code, bool *off)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select s.is_off from procedure_switch s join procedure p on p.id = s.procedure"
                 " where p.code = $1 order by s.id desc limit 1",
                 V(code)));
    *off = db_next(&r) && db_int(&r, 0) != 0;
    return r.err;
}

enum err procedure_store_versions(struct cx *cx, int64_t procedure, struct version_row *out,
                                  size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select id, valid_from, name, sha256 from procedure_version where procedure = $1"
                 " order by valid_from desc, id desc limit $2",
                 V(procedure), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct version_row){.id = db_int(&r, 0),
                                       .valid_from = db_int(&r, 1),
                                       .name = db_str(&r, 2),
                                       .sha256 = db_str(&r, 3)};
    return r.err;
}
