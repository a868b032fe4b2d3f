/*
 * statistic.h - what happened to dossiers, counted (thống kê; administrative-procedures.md 14).
 *
 * A reader of the journal keeps counts by unit, procedure, day and month, so that no page walks
 * through dossiers. Each dossier's place in the counts depends only on what it is now and on when
 * it ended; so counting event by event and counting all anew come to the same, and both can be
 * compared with the dossiers themselves (statistic_check).
 *
 * A dossier counts from its acceptance on, at the unit that decides. On time is judged on the
 * release: before the day it was due "sớm", on that day and not after the hour "đúng hạn".
 */
#pragma once
#include "base/base.h"
#include "onestop/onestop.h"

/* What a period counts, in the order of the columns. */
enum statistic_flow {
    FLOW_COUNTER, /* tiếp nhận trực tiếp */
    FLOW_ONLINE,
    FLOW_POST,
    FLOW_AWAY, /* of these three: phi địa giới */
    FLOW_EARLY,
    FLOW_ON_TIME,
    FLOW_LATE,
    FLOW_WITHDRAWN,
    FLOW_REFUSED, /* after acceptance */
    FLOW_RETURNED,
    FLOWS
};
struct statistic_flows {
    int64_t n[FLOWS];
};
int64_t statistic_received(const struct statistic_flows *f);
int64_t statistic_resolved(const struct statistic_flows *f);
/* Resolved, withdrawn, refused: what left the hands of the administration. */
int64_t statistic_ended(const struct statistic_flows *f);
/* In tenths of a percent, rounded down: 986 is 98,6 %. of 0: -1. */
int statistic_share(int64_t n, int64_t of);

enum statistic_standing {
    STANDING_BEFORE = 0, /* not accepted, or never was */
    STANDING_OPEN,       /* the clock runs */
    STANDING_PAUSED,     /* DVCQG 5, 6, 8 */
    STANDING_RESOLVED,
    STANDING_WITHDRAWN,
    STANDING_REFUSED
};
struct statistic_now {
    int64_t open, late, soon; /* late and soon (due later today) are among open */
    int64_t paused, waiting;  /* waiting: for acceptance */
    int64_t to_return;        /* resolved, not fetched */
};

/* Months are 202611. Both ends count. */
struct statistic_query {
    int64_t unit;
    bool alone; /* without the units below */
    int from, to;
};
/* One line of the table of section 14. */
struct statistic_line {
    int64_t unit, area;    /* of a table by units */
    struct str code, name; /* of a unit, procedure or field */
    struct str path;       /* of a unit */
    struct str procedures; /* of statistic_late: codes with commas; empty: too many */
    int64_t carried;       /* tồn kỳ trước: unended before `from` */
    struct statistic_flows in;
    struct statistic_now now;
};
enum statistic_by { BY_PROCEDURE, BY_FIELD };
enum err statistic_total(struct cx *cx, const struct statistic_query *q,
                         struct statistic_line *out);
enum err statistic_table(struct cx *cx, const struct statistic_query *q, enum statistic_by by,
                         struct statistic_line *out, size_t max, size_t *n);
/* Units that decided something, each with all below it, by id. */
enum err statistic_units(struct cx *cx, int from, int to, struct statistic_line *out, size_t max,
                         size_t *n);
/* The same without what is carried and what stands now, but for late and soon: for dashboards. */
enum err statistic_units_brief(struct cx *cx, int from, int to, struct statistic_line *out,
                               size_t max, size_t *n);
/* By field: resolved late in the period (in) and overdue now (now.late); only fields with either.
 */
enum err statistic_late(struct cx *cx, const struct statistic_query *q, struct statistic_line *out,
                        size_t max, size_t *n);
/* What a unit did in a period. */
enum err statistic_in(struct cx *cx, const struct statistic_query *q, struct statistic_flows *out);
/* Received, resolved, in time of each of the n months that end with `last`, oldest first. */
enum err statistic_months(struct cx *cx, int64_t unit, bool alone, int last, size_t n,
                          struct statistic_flows *out);
/* The same of weeks (Monday first); the last one holds this day. */
enum err statistic_weeks(struct cx *cx, int64_t unit, bool alone, int64_t last_day, size_t n,
                         struct statistic_flows *out);
/* The same of days; the last one is this day. */
enum err statistic_days(struct cx *cx, int64_t unit, bool alone, int64_t last_day, size_t n,
                        struct statistic_flows *out);
/* How many stand in each state now; by_state[enum dossier_state]. */
enum err statistic_states(struct cx *cx, int64_t unit, bool alone,
                          int64_t by_state[DOSSIER_CANCELLED + 1]);
/* The instant the counts stand for: now, or the last event counted when others wait. */
enum err statistic_as_of(struct cx *cx, int64_t *at);

/* Counts against each other and against the dossiers: tồn + tiếp nhận = đã giải quyết + đang giải
 * quyết + tạm dừng + từ chối sau tiếp nhận + rút, for each unit and procedure; sớm + đúng + trễ =
 * đã giải quyết; a unit with all below it is the sum of what it is made of; what the dossiers say
 * now is what was counted. *finding: the first that is not so, empty when all is. To be called when
 * nothing waits to be counted. Walks through every dossier: checks and tests only. */
enum err statistic_check(struct cx *cx, struct str *finding);

extern const struct right statistic_watch; /* xem số liệu của đơn vị */
extern const struct right statistic_close_right; /* chốt số liệu của kỳ; asks for the password */

struct module;
extern const struct module statistic_module;
