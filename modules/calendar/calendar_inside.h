/* calendar_inside.h - a loaded calendar: pure data that the counting works on. */
#pragma once
#include "calendar/calendar.h"

struct calendar {
    int64_t first, last; /* day numbers, both inside */
    struct calendar_day *days;
};

#define MINUTES_A_DAY 480 /* one working day of an hour count: 8 hours */
