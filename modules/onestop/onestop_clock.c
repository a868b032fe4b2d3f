/* onestop_clock.c - due instants, always counted anew from their rows; the days as people see them.
 */
#include "onestop_inside.h"

#include "calendar/calendar.h"

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

enum err onestop_recount(struct cx *cx, struct dossier *d)
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
    drop_before(began, pauses, asked, &n);
    TRY(load(cx, d, p, &c));
    enum err e = onestop_store_decision(cx, d, S("gia_han"), &extension);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && extension.new_due && extension.at >= began) {
        TRY(extended(cx, c, &extension, pauses, n, &d->due_shown_at));
        /* An apology after the term was over does not make it in time (section 8.1 rule 5). */
        if (extension.at <= extension.old_due)
            d->due_at = d->due_shown_at;
        return OK;
    }
    int64_t from = p->resume == RESUME_RESET ? begin_anew(cx, d->clock_from, pauses, asked, &n)
                                             : d->clock_from;
    TRY(calendar_due(cx, c, from, &p->term, p->due_mode, pauses, n, RESUME_CONTINUE, &d->due_at));
    return calendar_due(cx, c, from, &p->term, TERM_BY_HOUR, pauses, n, RESUME_CONTINUE,
                        &d->due_shown_at);
}

enum err onestop_due_now(struct cx *cx, const struct procedure *p, int64_t unit, int64_t *due)
{
    struct calendar *c;
    int64_t today = day_of(cx->now);
    TRY(calendar_load(cx, unit, today, today + span_of(&p->term, 0), &c));
    return calendar_due(cx, c, cx->now, &p->term, TERM_BY_HOUR, NULL, 0, p->resume, due);
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
