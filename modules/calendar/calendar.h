/*
 * calendar.h - working time of units and deadlines (lịch làm việc, thời hạn).
 *
 * Working sessions per unit and weekday, holidays, make-up days: data with dates (pack "calendar"),
 * inherited from the parent unit. Counting: administrative-procedures.md section 8. A due instant
 * is always computed anew from its rows (start, term, pauses), never adjusted.
 */
#pragma once
#include "base/base.h"

enum term_unit {
    TERM_WORKING_DAYS = 1,
    TERM_DAYS,
    TERM_HOURS,
    TERM_MONTHS,
    TERM_YEARS,
    TERM_SAME_DAY
};
enum term_mode { TERM_BY_DAY = 1, TERM_BY_HOUR };         /* 8.3, modes A and B */
enum resume_policy { RESUME_CONTINUE = 1, RESUME_RESET }; /* 8.1 rule 4 */
struct term {
    enum term_unit unit;
    int64_t n_half;    /* in half units: 3 days is 6 */
    int cutoff_minute; /* of the day; 0 none: what comes later, or on a day of rest, counts as come
                          at the opening of the next working day */
};
struct pause {
    int64_t from, to; /* to 0: still open */
};

/* One unit's calendar over a range, loaded once and then pure. */
struct calendar;
enum err calendar_load(struct cx *cx, int64_t unit, int64_t from_day, int64_t to_day,
                       struct calendar **out);
/* The same from texts of pack files ("calendar"), without a database: the first that speaks of a
 * year or of the country's sessions is believed; a file with a unit stands over them. ERR_INVALID:
 * not such a file. */
enum err calendar_of_files(struct cx *cx, const struct str *texts, size_t n, int64_t from_day,
                           int64_t to_day, struct calendar **out);
struct calendar_day {
    int64_t day;
    int sessions[8];
    int sessions_n; /* pairs of minutes */
    struct str note;
};
const struct calendar_day *calendar_at(const struct calendar *c, int64_t day);
bool calendar_is_working(const struct calendar *c, int64_t day);

/* ERR_LIMIT: it falls outside of what is loaded or planned. */
enum err calendar_due(struct cx *cx, const struct calendar *c, int64_t start, const struct term *t,
                      enum term_mode mode, const struct pause *pauses, size_t pauses_n,
                      enum resume_policy policy, int64_t *due);
/* Working minutes between two instants. */
int64_t calendar_minutes(const struct calendar *c, int64_t from, int64_t to);
/* `minutes` working minutes after `at`. */
enum err calendar_add(struct cx *cx, const struct calendar *c, int64_t at, int64_t minutes,
                      int64_t *due);
/* The next minute that is open, at or after. */
enum err calendar_open_at(struct cx *cx, const struct calendar *c, int64_t at, int64_t *open);

/* ---- the lunar calendar at UTC+7, and what the law fixes without a notice ---- */

#define CALENDAR_YEAR_MIN 1900
#define CALENDAR_YEAR_MAX 2199
#define CALENDAR_HOLIDAYS_MAX 32
/* The day number of a lunar date, leap months apart: (2026, 1, 1) is Tết, (2026, 3, 10) Giỗ Tổ. */
int64_t calendar_lunar_day(int year, int month, int day);
struct calendar_holiday {
    int64_t day;
    struct str note;
};
/* The holidays of a year as the law sets them and, where the Prime Minister chooses, as usually
 * chosen; with days off in lieu. What a calendar counts by until the year's notice is loaded. */
size_t calendar_statutory(int year, struct calendar_holiday out[static CALENDAR_HOLIDAYS_MAX]);
/* No calendar of the country is loaded for this year: its holidays are the statutory ones. */
bool calendar_is_expected(const struct calendar *c, int year);

struct module;
extern const struct module calendar_module;
