/* onestop_store_readers.c - SQL about onestop_desk: who may see which dossier, kept with every
 * write of it. */
#include "onestop_lists.h"
#include "onestop_store.h"
#include "org/org.h"

#define READERS_MAX 95 /* a multiple of ROWS_AT_ONCE */
#define PATHS_KEPT 3   /* of whoever holds, received and decides: those above them read too */
#define REBUILD_TURN 200

struct reader {
    int64_t unit;
    int reach;
    bool hand;
};
struct readers {
    struct reader v[READERS_MAX];
    size_t n;
};

static void add_reader(struct readers *r, int64_t unit, int reach, bool hand)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->v[i].unit == unit && r->v[i].reach == reach) {
            r->v[i].hand = r->v[i].hand || hand;
            return;
        }
    MUST(r->n < READERS_MAX);
    if (unit)
        r->v[r->n++] = (struct reader){unit, reach, hand};
}

/* "/1/7/": the unit and all above it. */
static void add_path(struct readers *r, struct str path, bool hand)
{
    int64_t id;
    for (struct str rest = path, piece; rest.n;) {
        str_cut(rest, '/', &piece, &rest);
        if (str_int(piece, &id))
            add_reader(r, id, 2, hand);
    }
}

/* An ended dossier stays with the units that had it; who took one of them over reads it too, and
 * what stands above it now. Whom a decision of a split does not name reads nothing more. */
static enum err add_heirs(struct cx *cx, const struct dossier *d, struct readers *r)
{
    const int64_t units[] = {d->unit, d->receiving_unit, d->competent_unit, d->returning_unit,
                             d->helping_unit};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct org_unit heir;
        TRY(org_unit_heir(cx, units[i], &heir));
        if (heir.id != units[i])
            add_reader(r, heir.id, 1, false);
        if (i < PATHS_KEPT)
            add_path(r, heir.path, false);
    }
    return OK;
}

static enum err readers_of(struct cx *cx, const struct dossier *d, struct readers *r)
{
    *r = (struct readers){.n = 0};
    add_reader(r, d->unit, 1, true);
    add_reader(r, d->receiving_unit, 1, false);
    add_reader(r, d->competent_unit, 1, false);
    add_reader(r, d->returning_unit, 1, false);
    add_reader(r, d->helping_unit, 1, false);
    add_path(r, d->unit_path, true);
    add_path(r, d->receiving_path, false);
    add_path(r, d->competent_path, false);
    return onestop_turn(d->state) == TURN_ENDED ? add_heirs(cx, d, r) : OK;
}

enum desk_turn onestop_turn(enum dossier_state s)
{
    static const enum desk_turn turns[] = {
        [DOSSIER_WAITING] = TURN_TO_DO,    [DOSSIER_SUPPLEMENT_FIRST] = TURN_WAITS,
        [DOSSIER_ACCEPTED] = TURN_TO_DO,   [DOSSIER_PROCESSING] = TURN_TO_DO,
        [DOSSIER_SUPPLEMENT] = TURN_WAITS, [DOSSIER_PAYMENT] = TURN_WAITS,
        [DOSSIER_STOPPED] = TURN_WAITS,    [DOSSIER_RELEASED] = TURN_TO_DO,
    };
    return (size_t)s < sizeof turns / sizeof *turns ? turns[s] : TURN_ENDED;
}

/* Most urgent first: what waits to be taken in, by arrival; what the clock runs for, by its due
 * instant; what waits to be returned. */
int64_t onestop_due_key(const struct dossier *d)
{
    if (d->state == DOSSIER_WAITING)
        return d->sent_at - DESK_FAR;
    if (d->state == DOSSIER_ACCEPTED || d->state == DOSSIER_PROCESSING)
        return d->due_at ? d->due_at : DESK_NO_TERM;
    return d->state == DOSSIER_RELEASED ? d->released_at + DESK_FAR : d->sent_at;
}

/* In the order of codes: without one yet, behind those that have. */
static struct str place_of(const struct dossier *d)
{
    return d->code.n ? d->code : S("YC");
}

#define ROWS_AT_ONCE 5 /* of a dossier in a commune: its centre, the commune, the province */

/* So many in one statement; what was put in before is passed over. */
static enum err put_some(struct cx *cx, const struct dossier *d, int need,
                         const struct reader r[ROWS_AT_ONCE])
{
    return db_exec(
        cx,
        "insert into onestop_desk (dossier, turn, state, due_key, sent_at, code, procedure_code,"
        " assignee, need, reader, reach, hand) values"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12),"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $13, $14, $15),"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $16, $17, $18),"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $19, $20, $21),"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $22, $23, $24)"
        " on conflict (dossier, reader, reach) do nothing",
        V(d->id), V(onestop_turn(d->state)), V(d->state), V(onestop_due_key(d)), V(d->sent_at),
        V(place_of(d)), V(d->procedure_code), V(d->assignee), V(need), V(r[0].unit), V(r[0].reach),
        V(r[0].hand), V(r[1].unit), V(r[1].reach), V(r[1].hand), V(r[2].unit), V(r[2].reach),
        V(r[2].hand), V(r[3].unit), V(r[3].reach), V(r[3].hand), V(r[4].unit), V(r[4].reach),
        V(r[4].hand));
}

static enum err put_readers(struct cx *cx, const struct dossier *d)
{
    struct readers r;
    int need;
    TRY(onestop_need(cx, d, &need));
    TRY(readers_of(cx, d, &r));
    while (r.n % ROWS_AT_ONCE) { /* the last once more: no room is left empty */
        r.v[r.n] = r.v[r.n - 1];
        r.n++;
    }
    for (size_t i = 0; i < r.n; i += ROWS_AT_ONCE)
        TRY(put_some(cx, d, need, &r.v[i]));
    return OK;
}

/* It ended between the end of its unit and the turn in which it would have followed. */
static enum err ends_astray(struct cx *cx, const struct dossier *d, bool *astray)
{
    struct org_unit heir;
    *astray = false;
    if (onestop_turn(d->state) != TURN_ENDED)
        return OK;
    TRY(org_unit_heir(cx, d->unit, &heir));
    *astray = heir.id != d->unit;
    return OK;
}

/* Of a dossier that has none yet. */
enum err onestop_store_desk_new(struct cx *cx, const struct dossier *d)
{
    return put_readers(cx, d);
}

/* Few moves change hands: those make the rows anew, the others change what stands in them. */
/* unscoped: keeps its own rows of one dossier */
enum err onestop_store_desk_put(struct cx *cx, const struct dossier *d)
{
    int64_t hand = 0;
    int need;
    bool astray;
    enum err e = db_one_int(
        cx, &hand, "select reader from onestop_desk where dossier = $1 and reach = 1 and hand = 1",
        V(d->id));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (hand == d->unit) {
        TRY(onestop_need(cx, d, &need));
        TRY(db_exec(cx,
                    "update onestop_desk set turn = $1, state = $2, due_key = $3, code = $4,"
                    " assignee = $5, need = $6 where dossier = $7",
                    V(onestop_turn(d->state)), V(d->state), V(onestop_due_key(d)), V(place_of(d)),
                    V(d->assignee), V(need), V(d->id)));
        TRY(ends_astray(cx, d, &astray));
        return astray ? put_readers(cx, d) : OK;
    }
    if (hand)
        TRY(db_exec(cx, "delete from onestop_desk where dossier = $1", V(d->id)));
    return put_readers(cx, d);
}

/* unscoped: a rebuild walks through all */
static enum err dossiers_after(struct cx *cx, int64_t id, struct dossier *out, size_t max,
                               size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ONESTOP_DOSSIER_COLUMNS
                 " from onestop_dossier d where d.id > $1 order by d.id limit $2",
                 V(id), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = onestop_store_row(&r, 0);
    return r.err;
}

/* Derived: dropped and made again from the dossiers. */
enum err onestop_desk_rebuild(struct cx *cx)
{
    struct dossier *some = NEW_N(cx->arena, struct dossier, REBUILD_TURN);
    int64_t last = 0;
    size_t n;
    TRY(db_exec(cx, "delete from onestop_desk"));
    do {
        struct arena_mark here = arena_here(cx->arena);
        TRY(dossiers_after(cx, last, some, REBUILD_TURN, &n));
        for (size_t i = 0; i < n; i++)
            TRY(onestop_store_desk_put(cx, &some[i]));
        last = n ? some[n - 1].id : last;
        arena_back(cx->arena, here);
    } while (n == REBUILD_TURN);
    return OK;
}

/* ---- a unit that ended or moved: who reads its ended dossiers ---- */

/* Some more of them, after the one named by *at. */
/* unscoped: keeps its own rows, for the program when a unit changes */
enum err onestop_store_reach(struct cx *cx, int64_t unit, struct reach_cursor *at, size_t max,
                             size_t *n)
{
    struct dossier *some = NEW_N(cx->arena, struct dossier, max);
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ONESTOP_DOSSIER_COLUMNS
                 " from onestop_desk k join onestop_dossier d on d.id = k.dossier"
                 " where k.reader = $1 and k.reach = 1 and k.turn = 0"
                 " and (k.sent_at, k.dossier) > ($2, $3) order by k.sent_at, k.dossier limit $4",
                 V(unit), V(at->sent_at), V(at->dossier), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        some[*n] = onestop_store_row(&r, 0);
    TRY(r.err);
    db_rows_close(&r);
    for (size_t i = 0; i < *n; i++)
        TRY(put_readers(cx, &some[i]));
    if (*n)
        *at = (struct reach_cursor){some[*n - 1].sent_at, some[*n - 1].id};
    return OK;
}
