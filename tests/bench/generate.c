/*
 * generate.c - a year of a province in a demo's data folder, for `make bench`.
 *
 *     generate DATA DOSSIERS
 *
 * DATA was made by `tinhso demo --empty`. Communes without offices get them; people are added; then
 * dossiers come and go over the year that ends now, in the order of the clock, with their rows,
 * codes, registers, desks and every event in the journal, which `tinhso verify` proves and whose
 * counts `statistic_check` compares. The rows are written as the moves leave them, not by the moves
 * themselves: no page is drawn, no PDF typeset. The same DOSSIERS give the same year.
 */
#include <stdio.h>
#include <stdlib.h>

#include "generate_inside.h"

#include "journal/journal.h"
#include "lane/lane.h"
#include "statistic/statistic.h"
#include "vault/vault.h"

#define BATCH 2000 /* events a transaction */
#define DAYS 360

struct year g;

/* ---- one dossier's way ---- */

static int64_t at_hour(int64_t day, uint32_t minutes)
{
    return day * DAY_MS - 7 * HOUR_MS + (int64_t)minutes * 60'000;
}

static int64_t working_day(int64_t day, int by)
{
    while (by > 0 || (day + 4) % 7 == 0 || (day + 4) % 7 == 6) { /* Sunday is 0 */
        day++;
        if ((day + 4) % 7 != 0 && (day + 4) % 7 != 6)
            by--;
    }
    return day;
}

enum { SENT, ACCEPTED, HANDED, TAKEN, DRAFTED, SUBMITTED, APPROVED, RELEASED, RETURNED };

/* How far it came by now, and when each step was. */
static void live(struct made *d, int64_t from, int64_t now)
{
    const int term = 1 + (int)luck(10);
    const uint32_t fate = luck(1000);
    int64_t day = working_day(from, 0);
    d->times[SENT] = at_hour(day, 450 + luck(400));
    d->times[ACCEPTED] = d->times[SENT] + 60'000 * (1 + (int64_t)luck(60));
    d->due_at = at_hour(working_day(day_of(d->times[ACCEPTED]), term), 17 * 60 + 30);
    /* 98 of 100 are released in time, most before the day. */
    const int taken_days = luck(100) < 98 ? (int)luck((uint32_t)term + 1) : term + 1 + (int)luck(6);
    const int64_t released =
        at_hour(working_day(day_of(d->times[ACCEPTED]), taken_days), 16 * 60 + luck(60));
    const int64_t begun = d->times[ACCEPTED] + 120'000;
    for (int k = HANDED; k <= RELEASED; k++)
        d->times[k] = begun + (released > begun ? (released - begun) : 0) * (k - ACCEPTED) /
                                  (RELEASED - ACCEPTED);
    d->times[RETURNED] = d->times[RELEASED] + HOUR_MS * (1 + (int64_t)luck(60));
    d->events = EVENTS_MAX;
    if (fate < 5)
        d->events = 1; /* still waits, or will be refused */
    else if (fate < 8)
        d->events = 5; /* lies: overdue for long */
    while (d->events > 0 && d->times[d->events - 1] > now)
        d->events--;
    static const enum dossier_state after[] = {
        DOSSIER_WAITING,    DOSSIER_WAITING,    DOSSIER_ACCEPTED,   DOSSIER_PROCESSING,
        DOSSIER_PROCESSING, DOSSIER_PROCESSING, DOSSIER_PROCESSING, DOSSIER_PROCESSING,
        DOSSIER_RELEASED,   DOSSIER_RETURNED};
    d->state = (uint8_t)after[d->events];
}

static int by_time(const void *a, const void *b)
{
    const struct occurrence *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->dossier != y->dossier ? (x->dossier < y->dossier ? -1 : 1) : x->kind - y->kind;
}

static void plan(int64_t now)
{
    g.dossiers = calloc(g.dossiers_n, sizeof *g.dossiers);
    g.events = calloc(g.dossiers_n * EVENTS_MAX, sizeof *g.events);
    MUST(g.dossiers && g.events);
    const int64_t first = day_of(now) - DAYS;
    for (size_t i = 0; i < g.dossiers_n; i++) {
        struct made *d = &g.dossiers[i];
        uint32_t big = luck(4); /* some communes are larger */
        d->house =
            (uint16_t)(big ? luck((uint32_t)g.houses_n) : luck((uint32_t)g.houses_n / 5 + 1));
        d->procedure = (uint16_t)luck((uint32_t)g.procedures_n);
        d->person = luck((uint32_t)g.people_n);
        d->channel = luck(100) < 80 ? CHANNEL_ONLINE : CHANNEL_COUNTER;
        do
            live(d, first + (int64_t)luck(DAYS), now);
        while (d->events == 0);
        for (uint8_t k = 0; k < d->events; k++)
            g.events[g.events_n++] = (struct occurrence){d->times[k], (uint32_t)i, k};
    }
    qsort(g.events, g.events_n, sizeof *g.events, by_time);
}

/* ---- writing ---- */

static int64_t time_of(const struct made *d, int step)
{
    return d->events > step ? d->times[step] : 0;
}

static struct str code_now(struct cx *cx, struct house *h, int64_t at)
{
    struct civil c = civil_at(at);
    int64_t day = day_of(at);
    h->last = h->day == day ? h->last + 1 : 1;
    h->day = day;
    return str_fmt(cx->arena, "%.*s-%02d%02d%02d-%04lld", F(h->receives.dossier_code), c.year % 100,
                   c.month, c.day, (long long)h->last);
}

static enum err count_code(struct cx *cx, const struct house *h, int64_t at)
{
    struct civil c = civil_at(at);
    return db_exec(
        cx,
        "insert into onestop_counter (unit, register, period, last) values ($1, 'HS', $2, $3)"
        " on conflict (unit, register, period) do update set last = excluded.last",
        V(h->receives.id), V(str_fmt(cx->arena, "%02d%02d%02d", c.year % 100, c.month, c.day)),
        V(h->last));
}

/* What it will have become stands there from its first event on; the clock moves past it. */
static enum err add_dossier(struct cx *cx, struct made *m)
{
    const struct procedure *p = g.procedures[m->procedure];
    struct house *h = &g.houses[m->house];
    const struct person *who = &g.people[m->person];
    struct str name, data;
    const int64_t accepted = time_of(m, ACCEPTED);
    const struct org_unit *hand = m->state == DOSSIER_PROCESSING ? &h->decides : &h->receives;
    m->request = str_fmt(cx->arena, "YC-%.*s", F(random_code(cx, 10)));
    TRY(vault_seal(cx, who->subject, S("onestop_dossier.submitter_name"), who->name, &name));
    TRY(db_insert(
        cx, &m->id,
        "insert into onestop_dossier (version, request_code, track_token, procedure_version, opening,"
        " form_version, procedure_code, procedure_name, state, channel, submitter, subject, acts,"
        " acts_words, subject_key, owner_key, submitter_name, subject_name, unit, unit_path,"
        " area_path, receiving_path, competent_path, helping_unit, receiving_unit, competent_unit,"
        " returning_unit, sent_at, accepted_at, clock_from, due_at, due_shown_at, original_due_at,"
        " released_at, returned_at, step, assignee, delivery, fee_dong, apologised_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, 1, '', $12, $12, $13, $14, $15,"
        " $16, $17, $18, $19, $20, $20, $21, $20, $22, $23, $23, $24, $24, $24, $25, $26, 0, $27,"
        " 'quay', 0, 0) returning id",
        V(m->events), V(m->request), V(random_code(cx, 20)), V(p->version_id), V(p->opening_id),
        V(g.form_version), V(p->code), V(p->name), V(m->state), V(m->channel), V(who->id),
        V(who->subject), VB(name), VB(S("")), V(hand->id), V(hand->path), V(hand->area_path),
        V(h->receives.path), V(h->decides.path), V(h->receives.id), V(h->decides.id),
        V(m->times[SENT]), V(accepted), V(accepted ? m->due_at : 0), V(time_of(m, RELEASED)),
        V(time_of(m, RETURNED)), m->events > TAKEN ? V(g.clerk) : V_NULL));
    struct buf json = {.arena = cx->arena, .limit = 4096};
    buf_fmt(&json, "{\"ho_ten\":\"%.*s\",\"noi_dung\":\"", F(who->name));
    for (int i = 0; i < 12; i++) {
        const struct str whom = any_name(cx, i % 2); /* F takes its value twice */
        buf_fmt(&json, "%.*s, tổ %d, phường xã; ", F(whom), i);
    }
    buf_add(&json, S("\"}"));
    TRY(vault_seal(cx, who->subject, S("onestop_form.data"), buf_str(&json), &data));
    TRY(db_exec(cx, "insert into onestop_form (dossier, data) values ($1, $2)", V(m->id),
                VB(data)));
    return db_exec(
        cx,
        "insert into onestop_paper (dossier, component, name, originals, copies, added_at)"
        " values ($1, 'GT', 'Giấy tờ kèm theo', 1, 0, $2)",
        V(m->id), V(m->times[SENT]));
}

static enum err accept(struct cx *cx, struct made *m)
{
    struct house *h = &g.houses[m->house];
    m->code = code_now(cx, h, cx->now);
    return db_exec(cx, "update onestop_dossier set code = $1 where id = $2", V(m->code), V(m->id));
}

/* The signed result with its number. */
static enum err release(struct cx *cx, struct made *m)
{
    struct house *h = &g.houses[m->house];
    const struct person *who = &g.people[m->person];
    const int year = civil_at(cx->now).year;
    struct str data;
    int64_t result;
    h->numbers = h->year == year ? h->numbers + 1 : 1;
    h->year = year;
    TRY(vault_seal(
        cx, who->subject, S("onestop_result.data"),
        S("{\"ket_qua\":\"Đủ điều kiện; nội dung như tờ khai, đã đối chiếu với sổ gốc.\"}"),
        &data));
    TRY(db_insert(cx, &result,
                  "insert into onestop_result (version, dossier, state, negative, data, proposal,"
                  " sent_back, number, verify_code, sha256, signer, signed_at)"
                  " values (3, $1, 'da_ky', 0, $2, $3, $3, $4, $5, $6, $7, $8) returning id",
                  V(m->id), VB(data), VB(S("")),
                  V(str_fmt(cx->arena, "%lld/%d", (long long)h->numbers, year)),
                  V(random_code(cx, 12)), V(random_code(cx, 64)), V(g.leader), V(cx->now)));
    TRY(db_exec(cx,
                "insert into onestop_number (unit, register, year, n, state, result, at, unit_path,"
                " area_path, code) select $1, 'BENCH', $2, $3, 'dung', $4, $5, competent_path,"
                " area_path, code from onestop_dossier where id = $6",
                V(h->decides.id), V(year), V(h->numbers), V(result), V(cx->now), V(m->id)));
    return db_exec(cx,
                   "insert into onestop_counter (unit, register, period, last)"
                   " values ($1, 'BENCH', $2, $3) on conflict (unit, register, period)"
                   " do update set last = excluded.last",
                   V(h->decides.id), V(str_fmt(cx->arena, "%d", year)), V(h->numbers));
}

static enum err put_desk(struct cx *cx, const struct made *m)
{
    const struct house *h = &g.houses[m->house];
    const struct org_unit *hand = m->state == DOSSIER_PROCESSING ? &h->decides : &h->receives;
    const struct procedure *p = g.procedures[m->procedure];
    const struct dossier d = {.id = m->id,
                              .request_code = m->request,
                              .code = m->code,
                              .procedure_code = p->code,
                              .procedure_version = p->version_id,
                              .opening = p->opening_id,
                              .state = (enum dossier_state)m->state,
                              .helping_unit = h->receives.id,
                              .receiving_unit = h->receives.id,
                              .competent_unit = h->decides.id,
                              .returning_unit = h->receives.id,
                              .unit = hand->id,
                              .unit_path = hand->path,
                              .area_path = hand->area_path,
                              .receiving_path = h->receives.path,
                              .competent_path = h->decides.path,
                              .sent_at = m->times[SENT],
                              .accepted_at = time_of(m, ACCEPTED),
                              .due_at = time_of(m, ACCEPTED) ? m->due_at : 0,
                              .released_at = time_of(m, RELEASED),
                              .returned_at = time_of(m, RETURNED),
                              .assignee = m->events > TAKEN ? g.clerk : 0};
    return onestop_store_desk_put(cx, &d);
}

static const struct step {
    const char *kind, *note;
    enum dossier_state from, to;
} steps[] = {
    {"onestop.dossier.sent", "Đã gửi hồ sơ", DOSSIER_WAITING, DOSSIER_WAITING},
    {"onestop.dossier.accepted", "Đã tiếp nhận", DOSSIER_WAITING, DOSSIER_ACCEPTED},
    {"onestop.dossier.handed_over", "Đã chuyển xử lý", DOSSIER_ACCEPTED, DOSSIER_PROCESSING},
    {"onestop.dossier.taken", "Cán bộ đã nhận xử lý", DOSSIER_PROCESSING, DOSSIER_PROCESSING},
    {"onestop.result.drafted", "Đã soạn dự thảo kết quả", DOSSIER_PROCESSING, DOSSIER_PROCESSING},
    {"onestop.result.submitted", "Đã trình lãnh đạo duyệt", DOSSIER_PROCESSING, DOSSIER_PROCESSING},
    {"onestop.result.approved", "Lãnh đạo đã duyệt", DOSSIER_PROCESSING, DOSSIER_PROCESSING},
    {"onestop.dossier.released", "Đã có kết quả", DOSSIER_PROCESSING, DOSSIER_RELEASED},
    {"onestop.dossier.returned", "Đã trả kết quả", DOSSIER_RELEASED, DOSSIER_RETURNED},
};

static enum err happen(struct cx *cx, const struct occurrence *o)
{
    struct made *m = &g.dossiers[o->dossier];
    const struct step *s = &steps[o->kind];
    cx->now = o->at;
    if (o->kind == SENT)
        TRY(add_dossier(cx, m));
    if (o->kind == ACCEPTED) {
        TRY(accept(cx, m));
        TRY(count_code(cx, &g.houses[m->house], o->at));
    }
    if (o->kind == RELEASED)
        TRY(release(cx, m));
    if (o->kind == m->events - 1)
        TRY(put_desk(cx, m));
    return journal_write(cx, &(struct event){.kind = str_c(s->kind),
                                             .subject_kind = S("onestop.dossier"),
                                             .subject_code = m->code.n ? m->code : m->request,
                                             .subject_id = m->id,
                                             .unit = g.houses[m->house].decides.id,
                                             .from_state = str_c(onestop_state(s->from)->name),
                                             .to_state = str_c(onestop_state(s->to)->name),
                                             .note_public = str_c(s->note)});
}

/* Codes outlive the batch. */
static void keep(struct made *m)
{
    m->code = str_dup(g.app.arena, m->code);
    m->request = str_dup(g.app.arena, m->request);
}

static enum err write_batch(struct cx *cx, void *)
{
    size_t end = g.done + BATCH < g.events_n ? g.done + BATCH : g.events_n;
    for (size_t i = g.done; i < end; i++)
        TRY(happen(cx, &g.events[i]));
    return OK;
}

static void keep_batch(void)
{
    size_t end = g.done + BATCH < g.events_n ? g.done + BATCH : g.events_n;
    for (; g.done < end; g.done++)
        if (g.events[g.done].kind <= ACCEPTED)
            keep(&g.dossiers[g.events[g.done].dossier]);
}

/* In the writer's place, without a savepoint: inside of one SQLite goes through all that was
 * changed before at the end of each statement. */
static enum err in_writer(enum err (*fn)(struct cx *, void *))
{
    struct cx cx = g.app.cx;
    cx.arena = arena_new((size_t)512 << 20);
    enum err e = lane_hold(g.app.env.lanes, &cx);
    if (e == OK)
        e = db_begin(&cx);
    if (e == OK)
        e = lane_end_held(g.app.env.lanes, &cx, fn(&cx, NULL));
    if (e == OK)
        e = db_checkpoint(&cx, false);
    lane_let_go(g.app.env.lanes, &cx);
    if (e == OK && fn == write_batch)
        keep_batch();
    if (e != OK)
        fprintf(stderr, "generate: %.*s\n", F(cx.why));
    cx_close_all(&cx);
    arena_free(cx.arena);
    return e;
}

static enum err make_permanent(struct cx *cx, void *arg)
{
    TRY(make_houses(cx, arg));
    for (size_t i = 0; i < g.houses_n; i++) {
        struct org_unit *const both[] = {&g.houses[i].decides, &g.houses[i].receives};
        for (size_t k = 0; k < 2; k++) {
            both[k]->path = str_dup(g.app.arena, both[k]->path);
            both[k]->area_path = str_dup(g.app.arena, both[k]->area_path);
            both[k]->dossier_code = str_dup(g.app.arena, both[k]->dossier_code);
        }
    }
    return OK;
}

/* Procedures live in an arena of the program's own. */
static enum err find_procedures(struct cx *cx, void *arg)
{
    struct cx lasting = *cx;
    lasting.arena = g.app.arena;
    return load_procedures(&lasting, arg);
}

/* SQLite does it before each commit. */
static enum err give_places(struct cx *cx, void *)
{
    return journal_sequence(cx);
}

static enum err generate(void)
{
    TRY(in_writer(make_permanent));
    TRY(in_writer(find_procedures));
    g.people_max = g.dossiers_n / DOSSIERS_A_PERSON + 1;
    g.people = calloc(g.people_max, sizeof *g.people);
    MUST(g.people != NULL);
    while (g.people_n < g.people_max)
        TRY(in_writer(make_people));
    plan(g.app.cx.now);
    fprintf(stderr, "%zu dossiers of %zu procedures at %zu communes, %zu events\n", g.dossiers_n,
            g.procedures_n, g.houses_n, g.events_n);
    while (g.done < g.events_n) {
        TRY(in_writer(write_batch));
        if (str_starts(app_database(&g.app), S("postgres")))
            TRY(in_writer(give_places));
        if (g.done % (BATCH * 100) == 0)
            fprintf(stderr, "\r%3zu%%", g.done * 100 / g.events_n);
    }
    fprintf(stderr, "\r100%%\n");
    return OK;
}

static enum err check(struct cx *cx, void *)
{
    struct str finding;
    TRY(statistic_check(cx, &finding));
    return finding.n ? fail(cx, ERR_IO, "statistics: %.*s", F(finding)) : OK;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    struct app_options options = {.data = argv[1]};
    char *none[] = {NULL};
    g.dossiers_n = (size_t)strtoul(argv[2], NULL, 10);
    g.seed = 20260101;
    if (app_begin(&g.app, &options, none) != 0 || app_lock(&g.app, false) != 0 ||
        app_open(&g.app, false) != OK)
        return 70;
    enum err e = generate();
    if (e == OK)
        e = app_rebuild(&g.app, &statistic_module);
    if (e == OK)
        e = in_writer(check);
    app_close(&g.app);
    return e == OK ? 0 : 70;
}
