/* onestop_clock.c - due instants, always counted anew from their rows; the days as people see them.
 */
#include "onestop_inside.h"

#include "calendar/calendar.h"
#include "journal/journal.h"

#define SOON_MS (24 * HOUR_MS) /* "sắp hạn" */

/* Enough days to hold the term with its pauses and the longest holidays. */
static int64_t span_of(const struct term *t, int64_t paused_days)
{
    int64_t n = t->n_half / 2 + 1;
    int64_t days = t->unit == TERM_YEARS ? n * 366 : t->unit == TERM_MONTHS ? n * 31 : n * 2;
    return days + paused_days + 60;
}

static enum err load(struct cx *cx, const struct dossier *d, const struct procedure *p,
                     struct calendar **out)
{
    int64_t from = day_of(d->clock_from) - 1;
    int64_t today = day_of(cx->now);
    int64_t waited = today > from ? today - from : 0;
    return calendar_load(cx, d->competent_unit, from, from + waited + span_of(&p->term, waited),
                         out);
}

/* The promised day has become a day of rest since: then it is the next working day (8.1 rule 8). */
static enum err not_at_rest(struct cx *cx, const struct calendar *c, int64_t *due)
{
    const struct term same_day = {TERM_SAME_DAY, 0, 0};
    const int64_t day = day_of(*due);
    if (!calendar_at(c, day) || calendar_is_working(c, day))
        return OK;
    return calendar_due(cx, c, day * DAY_MS - 7 * HOUR_MS, &same_day, TERM_BY_DAY, NULL, 0,
                        RESUME_RESET, due);
}

/* After an extension the new appointment holds, stretched by what was paused after it was given. */
static enum err extended(struct cx *cx, const struct calendar *c, const struct decision *x,
                         const struct pause *p, size_t n, int64_t *due)
{
    int64_t minutes = 0;
    for (size_t i = 0; i < n; i++)
        if (p[i].from >= x->at)
            minutes += calendar_minutes(c, p[i].from, p[i].to ? p[i].to : cx->now);
    *due = x->new_due;
    return minutes ? calendar_add(cx, c, x->new_due, minutes, due) : not_at_rest(cx, c, due);
}

/* A supplement lets the term begin anew where the procedure says so; stops and obligations only
 * stretch it (section 8.1 rule 4). What a new beginning leaves behind is dropped from p. */
static int64_t begin_anew(const struct cx *cx, int64_t start, struct pause *p, const bool *asked,
                          size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        int64_t end = p[i].to ? p[i].to : cx->now;
        if (asked[i] && end > start)
            start = end;
        if (!asked[i])
            p[kept++] = p[i];
    }
    *n = kept;
    return start;
}

/* A correction has a clock of its own: what was paused or put off before it is another one's. */
static enum err correction_began(struct cx *cx, const struct dossier *d, int64_t *at)
{
    struct correction c;
    enum err e = onestop_store_correction(cx, d, &c);
    *at = e == OK ? c.asked_at : 0;
    return e == ERR_NOT_FOUND ? OK : e;
}

static void drop_before(int64_t began, struct pause *p, bool *asked, size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (p[i].from >= began) {
            asked[kept] = asked[i];
            p[kept++] = p[i];
        }
    *n = kept;
}

/* What is written down after an instant is not there yet, what is open then ends with it. */
static void rows_before(const struct cx *cx, int64_t at, struct pause *p, bool *asked, size_t *n)
{
    size_t kept = 0;
    if (at >= cx->now)
        return;
    for (size_t i = 0; i < *n; i++) {
        if (p[i].from >= at)
            continue;
        asked[kept] = asked[i];
        p[kept] = p[i];
        if (p[i].to == 0 || p[i].to > at)
            p[kept].to = at;
        kept++;
    }
    *n = kept;
}

/* As the rows stood at an instant; now: as they stand. */
static enum err recount_at(struct cx *cx, struct dossier *d, int64_t at)
{
    const struct procedure *p;
    struct pause pauses[PAUSES_MAX];
    bool asked[PAUSES_MAX];
    struct decision extension;
    struct calendar *c;
    int64_t began;
    size_t n;
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_store_pauses(cx, d->id, pauses, asked, PAUSES_MAX, &n));
    TRY(correction_began(cx, d, &began));
    if (began > at) { /* the first clock still ran */
        began = 0;
        d->clock_from = d->accepted_at;
    }
    rows_before(cx, at, pauses, asked, &n);
    drop_before(began, pauses, asked, &n);
    TRY(load(cx, d, p, &c));
    enum err e = onestop_store_decision(cx, d, S("gia_han"), &extension);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && extension.new_due && extension.at >= began && extension.at <= at) {
        TRY(extended(cx, c, &extension, pauses, n, &d->due_shown_at));
        /* An apology after the term was over does not make it in time (section 8.1 rule 5). */
        if (extension.at <= extension.old_due) {
            d->due_at = d->due_shown_at;
            return OK;
        }
        if (at >= cx->now)
            return OK;
    }
    int64_t from = p->resume == RESUME_RESET ? begin_anew(cx, d->clock_from, pauses, asked, &n)
                                             : d->clock_from;
    TRY(calendar_due(cx, c, from, &p->term, p->due_mode, pauses, n, RESUME_CONTINUE, &d->due_at));
    return calendar_due(cx, c, from, &p->term, TERM_BY_HOUR, pauses, n, RESUME_CONTINUE,
                        &d->due_shown_at);
}

enum err onestop_recount(struct cx *cx, struct dossier *d)
{
    return recount_at(cx, d, cx->now);
}

enum err onestop_due_now(struct cx *cx, const struct procedure *p, int64_t unit, int64_t *due)
{
    struct calendar *c;
    int64_t today = day_of(cx->now);
    TRY(calendar_load(cx, unit, today, today + span_of(&p->term, 0), &c));
    return calendar_due(cx, c, cx->now, &p->term, TERM_BY_HOUR, NULL, 0, p->resume, due);
}

#define ANSWER_SPAN_DAYS 40 /* the longest holidays and the hours after them */

/* What was sent back and answered waits anew from its answer. */
static enum err waits_since(struct cx *cx, const struct dossier *d, int64_t *at)
{
    struct supplement asked;
    size_t n = 0;
    if (d->version > 1)
        TRY(onestop_store_supplements(cx, d, &asked, 1, &n));
    *at = n && asked.answered_at ? asked.answered_at : d->sent_at;
    return OK;
}

enum err onestop_answer_calendar(struct cx *cx, int64_t unit, int64_t since, struct calendar **c)
{
    return calendar_load(cx, unit, day_of(since), day_of(cx->now) + ANSWER_SPAN_DAYS, c);
}

enum err onestop_answer_by(struct cx *cx, const struct dossier *d, struct calendar *c, int64_t *at)
{
    const struct procedure *p;
    int64_t since;
    *at = 0;
    if (d->state != DOSSIER_WAITING)
        return OK;
    TRY(onestop_procedure(cx, d, &p));
    if (p->answer_hours == 0)
        return OK;
    TRY(waits_since(cx, d, &since));
    if (!c)
        TRY(onestop_answer_calendar(cx, d->receiving_unit, since, &c));
    enum err e = calendar_add(cx, c, since, p->answer_hours * (HOUR_MS / MINUTE_MS), at);
    if (e != ERR_LIMIT)
        return e;
    *at = 0;
    cx->err = OK;
    return OK;
}

enum due_class onestop_due_class(const struct dossier *d, int64_t now)
{
    const struct state_info *s = onestop_state(d->state);
    if (d->released_at)
        return d->due_at && d->released_at > d->due_at ? DUE_DONE_LATE : DUE_DONE_IN_TIME;
    if (s->ended || d->due_at == 0)
        return d->state == DOSSIER_SUPPLEMENT_FIRST ? DUE_PAUSED : DUE_NONE;
    if (!s->clock_runs)
        return DUE_PAUSED;
    if (now > d->due_at)
        return DUE_LATE;
    return d->due_at - now <= SOON_MS ? DUE_SOON : DUE_OPEN;
}

/* ---- as it stood at a past instant ---- */

#define EVENTS_PAGE 64

static enum dossier_state state_named(struct str name)
{
    for (int s = DOSSIER_WAITING; s <= DOSSIER_CANCELLED; s++)
        if (str_eq(str_c(onestop_state((enum dossier_state)s)->name), name))
            return (enum dossier_state)s;
    return (enum dossier_state)0;
}

/* The last state that an event before the instant led to; stays what it is when none did. */
static enum err state_before(struct cx *cx, int64_t id, int64_t before, enum dossier_state *state)
{
    struct event_record *e = NEW_N(cx->arena, struct event_record, EVENTS_PAGE);
    int64_t after = 0;
    for (size_t n = EVENTS_PAGE; n == EVENTS_PAGE;) {
        TRY(journal_of(cx, SUBJECT_KIND, id, after, false, e, EVENTS_PAGE, &n));
        for (size_t i = 0; i < n; i++) {
            enum dossier_state to = state_named(e[i].to_state);
            after = e[i].id;
            if (e[i].at < before && to)
                *state = to;
        }
    }
    return OK;
}

enum err onestop_stood(struct cx *cx, int64_t dossier, int64_t before, struct dossier_past *out)
{
    struct dossier_facts f;
    bool changed;
    TRY(onestop_facts(cx, dossier, &f));
    TRY(onestop_store_clock_touched(cx, dossier, before, &changed));
    struct dossier d = {.id = dossier, .state = f.state, .due_at = f.due_at};
    if (changed) {
        TRY(onestop_store_any(cx, dossier, &d));
        TRY(recount_at(cx, &d, before));
    }
    TRY(state_before(cx, dossier, before, &d.state));
    d.released_at = 0; /* asked about what stood open */
    *out = (struct dossier_past){d.state, d.due_at, onestop_due_class(&d, before)};
    return OK;
}

/* ---- the day strip ---- */

static bool paused_on(int64_t day, int64_t now, const struct pause *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (day > day_of(p[i].from) && day <= day_of(p[i].to ? p[i].to : now))
            return true;
    return false;
}

enum err onestop_clock(struct cx *cx, const struct dossier *d, struct clock_day *out, size_t max,
                       size_t *n)
{
    *n = 0;
    if (d->clock_from == 0)
        return OK;
    const struct procedure *p;
    struct pause pauses[PAUSES_MAX];
    bool asked[PAUSES_MAX];
    struct calendar *c;
    size_t pauses_n;
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_store_pauses(cx, d->id, pauses, asked, PAUSES_MAX, &pauses_n));
    TRY(load(cx, d, p, &c));
    int number = 0;
    int64_t last = day_of(d->due_at);
    for (int64_t day = day_of(d->clock_from); day <= last && *n < max; day++) {
        const struct calendar_day *at = calendar_at(c, day);
        struct clock_day *cell = &out[(*n)++];
        *cell = (struct clock_day){
            .day = day,
            .rest = !at || at->sessions_n == 0,
            .paused = paused_on(day, cx->now, pauses, pauses_n),
            .today = day == day_of(cx->now),
            .due = day == last,
            .note = at ? at->note : S(""),
        };
        cell->counted = !cell->rest && !cell->paused &&
                        (day > day_of(d->clock_from) || p->term.unit == TERM_SAME_DAY);
        if (cell->counted)
            cell->number = ++number;
    }
    return OK;
}
