/* onestop_store_facts.c - what statistics count of a dossier: nothing that is sealed is opened. */
#include "onestop_store.h"

#define FACTS                                                                                      \
    "id, procedure_version, opening, competent_unit, procedure_code, receiving_path,"              \
    " competent_path, state, channel, accepted_at, due_at, released_at, returned_at,"              \
    " given_up_at"

static struct dossier_facts facts_from(struct db_rows *r)
{
    return (struct dossier_facts){
        .id = db_int(r, 0),
        .procedure_version = db_int(r, 1),
        .opening = db_int(r, 2),
        .competent_unit = db_int(r, 3),
        .procedure_code = db_str(r, 4),
        .receiving_path = db_str(r, 5),
        .competent_path = db_str(r, 6),
        .state = (enum dossier_state)db_int(r, 7),
        .channel = (enum channel)db_int(r, 8),
        .accepted_at = db_int(r, 9),
        .due_at = db_int(r, 10),
        .released_at = db_int(r, 11),
        .returned_at = db_int(r, 12),
        .given_up_at = db_int(r, 13),
    };
}

/* unscoped: nothing personal, for counting */
enum err onestop_facts(struct cx *cx, int64_t id, struct dossier_facts *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " FACTS " from onestop_dossier where id = $1", V(id)));
    if (!db_next(&r))
        return r.err ? r.err : fail(cx, ERR_NOT_FOUND, T("Không có hồ sơ này."));
    *out = facts_from(&r);
    return OK;
}

/* unscoped: nothing personal, for counting */
enum err onestop_facts_after(struct cx *cx, int64_t after, struct dossier_facts *out, size_t max,
                             size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " FACTS " from onestop_dossier where id > $1 order by id limit $2",
                 V(after), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = facts_from(&r);
    return r.err;
}

/* unscoped: nothing personal, for counting */
enum err onestop_store_clock_touched(struct cx *cx, int64_t dossier, int64_t at, bool *yes)
{
    int64_t n;
    TRY(db_one_int(cx, &n,
                   "select (select count(*) from onestop_pause where dossier = $1"
                   "   and (from_at >= $2 or to_at = 0 or to_at > $2))"
                   " + (select count(*) from onestop_decision where dossier = $1"
                   "   and kind = 'gia_han' and at >= $2)"
                   " + (select count(*) from onestop_correction where dossier = $1"
                   "   and asked_at >= $2)",
                   V(dossier), V(at)));
    *yes = n > 0;
    return OK;
}
