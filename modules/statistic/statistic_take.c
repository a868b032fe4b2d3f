/* statistic_take.c - the reader of the journal: what an event changes in the counts.
 *
 * A case is looked at once a batch: taken out of the counts as it was counted, put in as it is. The
 * changes of a batch are added up first, so a busy day touches each count once. */
#include "statistic_close.h"

#include "journal/journal.h"
#include "org/org.h"

#define NEVER_DUE INT64_C(900'000'000'000'000) /* no term: never late */

/* ---- what a batch changes ---- */

struct change {
    bool used;
    struct count_key key;
    int64_t n[FLOWS];
};
struct batch {
    struct change *slots; /* open addressing; a power of two, never more than half full */
    size_t size;
};
#define CHANGES_A_CASE 256 /* two times 4 units, 7 rows each, with room */

static bool same_key(const struct count_key *a, const struct count_key *b)
{
    return a->table == b->table && a->unit == b->unit && a->at == b->at && a->tree == b->tree &&
           a->standing == b->standing && str_eq(a->procedure, b->procedure);
}

static size_t hash_of(const struct count_key *k)
{
    uint64_t h = UINT64_C(1469598103934665603);
    const int64_t words[] = {k->table, k->unit, k->at, k->tree, k->standing};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        h = (h ^ (uint64_t)words[i]) * UINT64_C(1099511628211) + (h >> 29);
    for (size_t i = 0; i < k->procedure.n; i++)
        h = (h ^ (unsigned char)k->procedure.p[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ (h >> 32));
}

static int64_t *slot_of(struct batch *b, const struct count_key *k)
{
    size_t at = hash_of(k) & (b->size - 1);
    while (b->slots[at].used && !same_key(&b->slots[at].key, k))
        at = (at + 1) & (b->size - 1);
    b->slots[at].used = true;
    b->slots[at].key = *k;
    return b->slots[at].n;
}

/* Once for all procedures together, once for its own. */
static void add(struct batch *b, struct count_key k, struct str procedure, int column, int64_t n)
{
    k.procedure = S("");
    slot_of(b, &k)[column] += n;
    k.procedure = procedure;
    slot_of(b, &k)[column] += n;
}

static int64_t month_at(int64_t utc_ms)
{
    struct civil c = civil_at(utc_ms);
    return c.year * 100 + c.month;
}

static void flow(struct batch *b, struct count_key k, const struct counted_case *c, int64_t at,
                 enum statistic_flow what, int64_t n)
{
    k.table = IN_DAY;
    k.at = day_of(at);
    k.procedure = S("");
    slot_of(b, &k)[what] += n;
    k.table = IN_MONTH;
    k.at = month_at(at);
    add(b, k, c->procedure, (int)what, n);
}

enum statistic_standing statistic_standing_of(const struct counted_case *c)
{
    if (c->accepted_at == 0)
        return STANDING_BEFORE;
    if (c->state == DOSSIER_WITHDRAWN)
        return STANDING_WITHDRAWN;
    if (c->state == DOSSIER_REFUSED || c->state == DOSSIER_CANCELLED)
        return STANDING_REFUSED;
    if (c->released_at)
        return STANDING_RESOLVED;
    return onestop_state(c->state)->clock_runs ? STANDING_OPEN : STANDING_PAUSED;
}

static enum statistic_flow timing_of(const struct counted_case *c)
{
    if (c->due_at == 0 || day_of(c->released_at) < day_of(c->due_at))
        return FLOW_EARLY;
    return c->released_at <= c->due_at ? FLOW_ON_TIME : FLOW_LATE;
}

/* Puts the case into the counts of one unit (n = 1), or takes it out (n = -1). */
static void count_at(struct batch *b, struct count_key k, const struct counted_case *c, int64_t n)
{
    enum statistic_standing standing = statistic_standing_of(c);
    k.table = IN_NOW;
    k.at = c->state;
    k.standing = (int)standing;
    add(b, k, c->procedure, 0, n);
    k.standing = 0;
    if (standing == STANDING_BEFORE)
        return;
    flow(b, k, c, c->accepted_at,
         c->channel == CHANNEL_ONLINE ? FLOW_ONLINE
         : c->channel == CHANNEL_POST ? FLOW_POST
                                      : FLOW_COUNTER,
         n);
    if (c->away)
        flow(b, k, c, c->accepted_at, FLOW_AWAY, n);
    if (standing == STANDING_RESOLVED)
        flow(b, k, c, c->released_at, timing_of(c), n);
    if (standing == STANDING_WITHDRAWN)
        flow(b, k, c, c->ended_at, FLOW_WITHDRAWN, n);
    if (standing == STANDING_REFUSED)
        flow(b, k, c, c->ended_at, FLOW_REFUSED, n);
    if (c->returned_at)
        flow(b, k, c, c->returned_at, FLOW_RETURNED, n);
    k.table = IN_DUE;
    k.at = c->due_at ? c->due_at : NEVER_DUE;
    if (standing == STANDING_OPEN)
        add(b, k, c->procedure, 0, n);
}

/* The deciding unit alone, and with all below it each unit of its path. */
static void count(struct batch *b, const struct counted_case *c, int64_t n)
{
    int64_t unit = 0;
    for (struct str id, rest = str_from(c->path, 1); rest.n;) {
        str_cut(rest, '/', &id, &rest);
        if (!str_int(id, &unit))
            continue;
        count_at(b, (struct count_key){.unit = unit, .tree = true}, c, n);
    }
    if (unit)
        count_at(b, (struct count_key){.unit = unit}, c, n);
}

/* ---- cases ---- */

static bool other_house(const struct dossier_facts *f)
{
    return !str_starts(f->receiving_path, f->competent_path) &&
           !str_starts(f->competent_path, f->receiving_path);
}

struct counted_case statistic_case_of(const struct dossier_facts *f)
{
    return (struct counted_case){
        .dossier = f->id,
        .path = f->competent_path,
        .procedure = f->procedure_code,
        .state = f->state,
        .channel = f->channel,
        .away = other_house(f),
        .accepted_at = f->accepted_at,
        .due_at = f->due_at,
        .released_at = f->released_at,
        .returned_at = f->returned_at,
        .ended_at = f->accepted_at ? f->given_up_at : 0,
    };
}

bool statistic_same_case(const struct counted_case *a, const struct counted_case *b)
{
    return str_eq(a->path, b->path) && str_eq(a->procedure, b->procedure) && a->state == b->state &&
           a->channel == b->channel && a->away == b->away && a->accepted_at == b->accepted_at &&
           a->due_at == b->due_at && a->released_at == b->released_at &&
           a->returned_at == b->returned_at && a->ended_at == b->ended_at;
}

static enum err name_procedure(struct cx *cx, const struct dossier_facts *f)
{
    bool has;
    const struct procedure *p;
    TRY(statistic_store_has_procedure(cx, f->procedure_code, &has));
    if (has)
        return OK;
    TRY(procedure_pinned(cx, f->procedure_version, f->opening, &p));
    return statistic_store_procedure_put(cx, f->procedure_code, p->name, p->field_code,
                                         p->field_name);
}

static enum err recount(struct cx *cx, struct batch *b, int64_t dossier)
{
    struct counted_case before;
    struct dossier_facts f;
    TRY(statistic_store_case(cx, dossier, &before));
    enum err e = onestop_facts(cx, dossier, &f);
    if (e == ERR_NOT_FOUND)
        return OK; /* an event about something else of this name */
    TRY(e);
    const struct counted_case now = statistic_case_of(&f);
    if (before.path.n && statistic_same_case(&before, &now))
        return OK;
    if (before.path.n == 0)
        TRY(name_procedure(cx, &f));
    else
        count(b, &before, -1);
    count(b, &now, 1);
    return statistic_store_case_put(cx, &now);
}

static enum err write_changes(struct cx *cx, const struct batch *b)
{
    for (size_t i = 0; i < b->size; i++) {
        bool changed = false;
        for (int c = 0; c < FLOWS && b->slots[i].used; c++)
            changed |= b->slots[i].n[c] != 0;
        if (changed)
            TRY(statistic_store_add(cx, &b->slots[i].key, b->slots[i].n));
    }
    return OK;
}

/* ---- the reader ---- */

/* Once a dossier, however many of its events the batch has. */
static void see(int64_t *seen, size_t *n, int64_t dossier)
{
    for (size_t i = 0; i < *n; i++)
        if (seen[i] == dossier)
            return;
    seen[(*n)++] = dossier;
}

static enum err take(struct cx *cx, const struct event_record *events, size_t n)
{
    int64_t *seen = NEW_N(cx->arena, int64_t, n);
    struct batch b = {.size = 1};
    size_t seen_n = 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq(events[i].subject_kind, S("onestop.dossier")))
            see(seen, &seen_n, events[i].subject_id);
    while (b.size < seen_n * CHANGES_A_CASE)
        b.size *= 2;
    b.slots = NEW_N(cx->arena, struct change, b.size);
    for (size_t i = 0; i < seen_n; i++)
        TRY(recount(cx, &b, seen[i]));
    TRY(write_changes(cx, &b));
    return statistic_store_mark(cx, events[n - 1].at);
}

#define CURSOR S("statistic")
#define KINDS S("onestop.")

static enum err turn(struct cx *cx, bool *more)
{
    return journal_feed(cx, CURSOR, KINDS, take, more);
}

static enum err ready(struct cx *cx, bool *behind)
{
    return journal_behind(cx, CURSOR, behind);
}

const struct job_kind statistic_feed = {
    .name = "statistic.feed", .title = "Đếm hồ sơ theo nhật ký", .ready = ready, .turn = turn};

enum err statistic_as_of(struct cx *cx, int64_t *at)
{
    bool behind;
    TRY(journal_behind(cx, CURSOR, &behind));
    TRY(statistic_store_marked(cx, at));
    if (!behind)
        *at = cx->now;
    return OK;
}

enum err statistic_counted_until(struct cx *cx, int64_t at, bool *all)
{
    int64_t next;
    TRY(journal_next_at(cx, CURSOR, &next));
    *all = next == 0 || next >= at;
    return OK;
}

/* The reader counts anew, from the first event, in short turns. */
enum err statistic_rebuild(struct cx *cx)
{
    TRY(statistic_store_wipe(cx));
    return journal_rewind(cx, CURSOR);
}
