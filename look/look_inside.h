/* look_inside.h - between the files of this folder. */
#pragma once
#include "look.h"

/* What differs between two pages of one kind; behind them the counts of the menu. */
enum look_value {
    LOOK_TITLE,
    LOOK_PERSON,
    LOOK_INITIALS,
    LOOK_UNIT,
    LOOK_NORMAL, /* addresses of the same page, from here ... */
    LOOK_BIG,
    LOOK_VI,
    LOOK_EN, /* ... to here */
    LOOK_BELL,
    LOOK_MAIN,
    LOOK_COUNTS,
};

/* look_frame.c: draws the frame of a page with these values. Nothing else of the frame depends on
 * the page's title, person, unit name, address, main part and counts. */
void look_draw_frame(struct cx *cx, struct html *out, const struct web_page *page,
                     const struct str *values);
/* look_kept.c: the same from what was kept of such a frame. False: of this page nothing is kept,
 * and nothing is drawn. */
bool look_kept_frame(struct cx *cx, struct html *out, const struct web_page *page,
                     const struct str *values);
