/* calendar_desk.h - what an officer says about a unit's working time. Inside of this folder. */
#pragma once
#include "calendar_store.h"
#include "web/web.h"

extern const struct right calendar_manage;

/* The country (unit 0) is said by whoever manages a unit that has none above it. ERR_DENIED. */
enum err calendar_may(struct cx *cx, int64_t unit);

/* WRITE, each with its event. A day that is said again is replaced. ERR_INVALID: field ngay, loai,
 * ten or can_cu. */
enum err calendar_say_day(struct cx *cx, const struct day_row *d);
enum err calendar_unsay_day(struct cx *cx, int64_t unit, int64_t day); /* ERR_NOT_FOUND */

/* From this day on the unit works so; n = 0: as the units above it. What was before stays true for
 * the days before. */
struct sessions_act {
    int64_t unit, from_day;
    const struct session_row *rows; /* weekday and minutes */
    size_t n;
    struct str basis;
};
enum err calendar_say_sessions(struct cx *cx, const struct sessions_act *act);
/* The country's year by the law alone, as rows that can be mended. ERR_CONFLICT: it has rows. */
enum err calendar_say_year(struct cx *cx, int year);

web_handler calendar_show_desk, calendar_check_act, calendar_write_day, calendar_write_unsay,
    calendar_write_sessions, calendar_write_year;
extern const struct route calendar_routes[];
extern const struct menu_item calendar_menu[];
