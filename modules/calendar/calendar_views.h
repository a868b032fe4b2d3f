/* calendar_views.h - what the page of a unit's working time is drawn from. */
#pragma once
#include "look/look.h"

struct calendar_day_line {
    struct str date, weekday, note, basis, from, unsay; /* unsay: day number; empty: not of here */
    struct look_badge_view badge;
};
struct calendar_desk_view {
    struct str title, unit, year, expected;
    struct look_errors_view errors;
    struct look_field_view pick_unit, pick_year;
    struct str sessions_from;
    const struct look_row *sessions;
    size_t sessions_n;
    const struct calendar_day_line *days;
    size_t days_n;
    bool may, may_year;
    bool again; /* drawn after a refusal: the forms are unfolded */
    struct look_field_view day, kind, name, basis;
    struct look_field_view weekdays, morning_from, morning_to, afternoon_from, afternoon_to,
        from_day, sessions_basis;
    struct look_empty_view empty;
};
void calendar_desk_html(struct html *out, const struct calendar_desk_view *v);
