/* statistic_store.c - writing the counts: cases as they were counted, and adding to a count. */
#include "statistic_store.h"

#define CASE_COLUMNS                                                                               \
    "dossier, path, procedure, state, channel, away, accepted_at, due_at, released_at,"            \
    " returned_at, ended_at"

static struct counted_case case_from(struct db_rows *r)
{
    return (struct counted_case){
        .dossier = db_int(r, 0),
        .path = db_str(r, 1),
        .procedure = db_str(r, 2),
        .state = (enum dossier_state)db_int(r, 3),
        .channel = (enum channel)db_int(r, 4),
        .away = db_int(r, 5) != 0,
        .accepted_at = db_int(r, 6),
        .due_at = db_int(r, 7),
        .released_at = db_int(r, 8),
        .returned_at = db_int(r, 9),
        .ended_at = db_int(r, 10),
    };
}

enum err statistic_store_case(struct cx *cx, int64_t dossier, struct counted_case *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " CASE_COLUMNS " from statistic_case where dossier = $1",
                 V(dossier)));
    *out = db_next(&r) ? case_from(&r) : (struct counted_case){.dossier = dossier};
    return r.err;
}

enum err statistic_store_cases(struct cx *cx, int64_t after, struct counted_case *out, size_t max,
                               size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " CASE_COLUMNS
                 " from statistic_case where dossier > $1 order by dossier limit $2",
                 V(after), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = case_from(&r);
    return r.err;
}

enum err statistic_store_case_put(struct cx *cx, const struct counted_case *c)
{
    return db_exec(
        cx,
        "insert into statistic_case (" CASE_COLUMNS
        ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " on conflict (dossier) do update set path = excluded.path, procedure = excluded.procedure,"
        " state = excluded.state, channel = excluded.channel, away = excluded.away,"
        " accepted_at = excluded.accepted_at, due_at = excluded.due_at,"
        " released_at = excluded.released_at, returned_at = excluded.returned_at,"
        " ended_at = excluded.ended_at",
        V(c->dossier), V(c->path), V(c->procedure), V(c->state), V(c->channel), V(c->away),
        V(c->accepted_at), V(c->due_at), V(c->released_at), V(c->returned_at), V(c->ended_at));
}

/* ---- adding to a count ---- */

#define FLOW_COLUMNS                                                                               \
    "counter, online, post, away, early, on_time, late, withdrawn, refused, returned"
#define FLOW_SUMS(t)                                                                               \
    "counter = " t ".counter + excluded.counter, online = " t ".online + excluded.online,"         \
    " post = " t ".post + excluded.post, away = " t ".away + excluded.away, early = " t            \
    ".early + excluded.early, on_time = " t ".on_time + excluded.on_time, late = " t               \
    ".late + excluded.late, withdrawn = " t ".withdrawn + excluded.withdrawn, refused = " t        \
    ".refused + excluded.refused, returned = " t ".returned + excluded.returned"
#define FLOW_VALUES(n)                                                                             \
    V(n[0]), V(n[1]), V(n[2]), V(n[3]), V(n[4]), V(n[5]), V(n[6]), V(n[7]), V(n[8]), V(n[9])

enum err statistic_store_add(struct cx *cx, const struct count_key *k, const int64_t n[FLOWS])
{
    switch (k->table) {
    case IN_DAY:
        return db_exec(cx,
                       "insert into statistic_day (unit, tree, day, " FLOW_COLUMNS
                       ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                       " on conflict (unit, tree, day) do update set " FLOW_SUMS("statistic_day"),
                       V(k->unit), V(k->tree), V(k->at), FLOW_VALUES(n));
    case IN_MONTH:
        return db_exec(cx,
                       "insert into statistic_month (unit, tree, month, procedure, " FLOW_COLUMNS
                       ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
                       " on conflict (unit, tree, procedure, month)"
                       " do update set " FLOW_SUMS("statistic_month"),
                       V(k->unit), V(k->tree), V(k->at), V(k->procedure), FLOW_VALUES(n));
    case IN_NOW:
        return db_exec(
            cx,
            "insert into statistic_now (unit, tree, procedure, state, standing, n)"
            " values ($1, $2, $3, $4, $5, $6) on conflict (unit, tree, procedure, state, standing)"
            " do update set n = statistic_now.n + excluded.n",
            V(k->unit), V(k->tree), V(k->procedure), V(k->at), V(k->standing), V(n[0]));
    case IN_DUE:
        TRY(db_exec(cx,
                    "insert into statistic_due (unit, tree, procedure, due_at, n)"
                    " values ($1, $2, $3, $4, $5) on conflict (unit, tree, procedure, due_at)"
                    " do update set n = statistic_due.n + excluded.n",
                    V(k->unit), V(k->tree), V(k->procedure), V(k->at), V(n[0])));
        return db_exec(cx,
                       "delete from statistic_due where unit = $1 and tree = $2 and procedure = $3"
                       " and due_at = $4 and n = 0",
                       V(k->unit), V(k->tree), V(k->procedure), V(k->at));
    }
    MUST(!"every table of counts is above");
    return ERR_IO;
}

enum err statistic_store_wipe(struct cx *cx)
{
    TRY(db_exec(cx, "delete from statistic_case"));
    TRY(db_exec(cx, "delete from statistic_day"));
    TRY(db_exec(cx, "delete from statistic_month"));
    TRY(db_exec(cx, "delete from statistic_now"));
    TRY(db_exec(cx, "delete from statistic_due"));
    TRY(db_exec(cx, "delete from statistic_procedure"));
    return db_exec(cx, "delete from statistic_mark");
}

/* ---- what goes with the counts ---- */

enum err statistic_store_mark(struct cx *cx, int64_t at)
{
    return db_exec(cx,
                   "insert into statistic_mark (id, at) values (1, $1)"
                   " on conflict (id) do update set at = excluded.at",
                   V(at));
}

enum err statistic_store_marked(struct cx *cx, int64_t *at)
{
    *at = 0;
    enum err e = db_one_int(cx, at, "select at from statistic_mark where id = 1");
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err statistic_store_has_procedure(struct cx *cx, struct str code, bool *has)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select 1 from statistic_procedure where code = $1", V(code)));
    *has = db_next(&r);
    return r.err;
}

enum err statistic_store_procedure_put(struct cx *cx, struct str code, struct str name,
                                       struct str field_code, struct str field_name)
{
    return db_exec(cx,
                   "insert into statistic_procedure (code, name, field_code, field_name)"
                   " values ($1, $2, $3, $4) on conflict (code) do nothing",
                   V(code), V(name), V(field_code), V(field_name));
}
