/* statistic_close.h - periods that are over: their figures, frozen by a person, signed, compared.
 */
#pragma once
#include "org/org.h"
#include "statistic_inside.h"

/* The numbers of section 14 that are kept; the others are sums of these. */
enum frozen_number {
    FROZEN_CARRIED,
    FROZEN_ONLINE,
    FROZEN_COUNTER,
    FROZEN_POST,
    FROZEN_AWAY,
    FROZEN_EARLY,
    FROZEN_ON_TIME,
    FROZEN_LATE,
    FROZEN_OPEN, /* open at the end: time enough, due soon, overdue */
    FROZEN_SOON,
    FROZEN_OVERDUE,
    FROZEN_PAUSED,
    FROZEN_REFUSED,
    FROZEN_WITHDRAWN,
    FROZEN_TO_RETURN,
    FROZEN_RETURNED,
    FROZEN_NUMBERS
};
struct frozen_line {
    struct str kind; /* "tong", "thu-tuc", "don-vi" */
    struct str code, name, field_code, field_name;
    int64_t n[FROZEN_NUMBERS];
};
int64_t statistic_frozen_received(const struct frozen_line *l);
int64_t statistic_frozen_resolved(const struct frozen_line *l);

/* A month, a quarter or a year: "2026-10", "2026-Q3", "2026". */
struct closing {
    struct str name, label;
    int from, to;    /* months, both count */
    int64_t ends_at; /* the first instant after it */
};
bool statistic_closing_named(struct cx *cx, struct str name, struct closing *out);
/* The n-th (0: the last) period of a kind ("thang", "quy", "nam") that is over. */
struct closing statistic_closing_before(struct cx *cx, struct str kind, int n);

struct frozen_sheet {
    struct frozen_line *lines; /* the first is the whole */
    size_t n;
    int64_t counted_at;
};
#define FROZEN_LINES_MAX 2000
/* What the counts say of the period of this unit and all below it, each open dossier in the class
 * its clock had at the end. SLOW. ERR_CONFLICT: it is not over (for a minute at least), or not all
 * of it is counted. */
enum err statistic_figures(struct cx *cx, const struct org_unit *unit, const struct closing *c,
                           struct frozen_sheet *out);
/* The figures as text, and what names it in the journal. */
struct str statistic_figures_sha256(struct cx *cx, int64_t unit, const struct closing *c,
                                    const struct frozen_sheet *s);

struct closed_period {
    int64_t id, unit, counted_at, closed_at, closed_by, signed_at;
    int from, to;
    struct str unit_code, unit_name, closed_by_name, sha256, file_sha256;
};
/* Has every event before this instant been counted? */
enum err statistic_counted_until(struct cx *cx, int64_t at, bool *all);
/* ERR_CONFLICT, with the sentence: the actor has no certificate to sign with. */
enum err statistic_may_sign(struct cx *cx);
/* WRITE: keeps the figures for good, with their event; a job signs them in the actor's name.
 * ERR_CONFLICT: this period of this unit is closed already. */
enum err statistic_close(struct cx *cx, const struct org_unit *unit, const struct closing *c,
                         const struct frozen_sheet *s, struct closed_period *out);
enum err statistic_closed(struct cx *cx, int64_t unit, const struct closing *c,
                          struct closed_period *out, struct frozen_sheet *s); /* ERR_NOT_FOUND */
/* Do the rows still say what was closed, by their own sum and by the journal's? */
enum err statistic_closed_sound(struct cx *cx, const struct closed_period *p,
                                const struct closing *c, const struct frozen_sheet *s, bool *sound);
extern const struct job_kind statistic_sign_job;

/* ---- SQL: statistic_store_close.c ---- */
enum err statistic_store_period_add(struct cx *cx, struct closed_period *p, int64_t ends_at);
enum err statistic_store_frozen_add(struct cx *cx, int64_t period, size_t line,
                                    const struct frozen_line *l);
enum err statistic_store_period(struct cx *cx, int64_t unit, int from, int to,
                                struct closed_period *out); /* ERR_NOT_FOUND */
enum err statistic_store_period_by_id(struct cx *cx, int64_t id, struct closed_period *out);
/* The newest first. */
enum err statistic_store_periods(struct cx *cx, int64_t unit, struct closed_period *out, size_t max,
                                 size_t *n);
enum err statistic_store_frozen(struct cx *cx, int64_t period, struct frozen_line *out, size_t max,
                                size_t *n);
enum err statistic_store_period_signed(struct cx *cx, int64_t id, struct str pdf,
                                       struct str sha256);
enum err statistic_store_period_file(struct cx *cx, int64_t id, struct str *pdf);
/* Cases of a unit and all below it that at this instant were accepted and neither ended nor
 * returned, by dossier, after this one. */
enum err statistic_store_stood(struct cx *cx, struct str path, int64_t at, int64_t after,
                               struct counted_case *out, size_t max, size_t *n);
