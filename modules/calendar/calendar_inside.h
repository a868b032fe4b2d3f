/* calendar_inside.h - a loaded calendar: pure data that the counting works on. */
#pragma once
#include "calendar/calendar.h"
#include "calendar_store.h"
#include "json/json.h"

struct calendar {
    int64_t first, last; /* day numbers, both inside */
    struct calendar_day *days;
    int *expected; /* years by the law alone */
    size_t expected_n;
};

#define MINUTES_A_DAY 480 /* one working day of an hour count: 8 hours */

/* What a calendar is made from: rows of the database, or of pack files. */
struct calendar_rows {
    struct session_row *sessions;
    size_t sessions_n;
    struct day_row *days;
    size_t days_n;
    int years[64]; /* that the country's files speak of, even of no day in them */
    size_t years_n;
};
enum err calendar_assemble(struct cx *cx, struct str path, const struct calendar_rows *rows,
                           int64_t from_day, int64_t to_day, struct calendar **out);
/* One element of "sessions" and of "days" of a pack file; false: it is not one. */
bool calendar_session_read(const struct json *v, struct session_row *out);
bool calendar_day_read(const struct json *v, struct day_row *out);
