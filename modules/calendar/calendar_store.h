/* calendar_store.h - the only SQL about calendar_* tables. */
#pragma once
#include "calendar/calendar.h"

struct session_row {
    int64_t unit; /* 0: the whole country */
    int weekday, from_minute, to_minute;
    int64_t valid_from, valid_to;
};
struct day_row {
    int64_t unit, day;
    struct str kind, note, basis;
};
/* Of the units on this path ("/1/7/") and of the country. */
enum err calendar_store_sessions(struct cx *cx, struct str unit_path, struct session_row *out,
                                 size_t max, size_t *n);
enum err calendar_store_days(struct cx *cx, struct str unit_path, int64_t from, int64_t to,
                             struct day_row *out, size_t max, size_t *n);
/* Of this unit alone, without what it inherits; 0: the country's. */
enum err calendar_store_own_sessions(struct cx *cx, int64_t unit, struct session_row *out,
                                     size_t max, size_t *n);
enum err calendar_store_own_days(struct cx *cx, int64_t unit, int64_t from, int64_t to,
                                 struct day_row *out, size_t max, size_t *n);
/* A pack replaces what it speaks of: sessions of a unit, days of a unit within a year. */
enum err calendar_store_drop_sessions(struct cx *cx, int64_t unit);
enum err calendar_store_drop_days(struct cx *cx, int64_t unit, int64_t from, int64_t to);
/* A unit's own sessions hold until the day before; those that would begin later go. */
enum err calendar_store_end_sessions(struct cx *cx, int64_t unit, int64_t from_day);
enum err calendar_store_session_add(struct cx *cx, const struct session_row *s);
enum err calendar_store_day_add(struct cx *cx, const struct day_row *d);
