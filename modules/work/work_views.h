/* work_views.h - what the pages of long work are drawn from. */
#pragma once
#include "look/look.h"

struct work_page_view {
    struct str title, asked, live; /* live: address of its events; empty: it has ended */
    struct str sentence, words;    /* "Đang xuất", "812 / 1.284" */
    struct str value, max;         /* of the bar; max empty: not known */
    struct look_badge_view badge;
    bool running;
    struct look_note_view note;
    struct str here, stop, file, file_label, link; /* link: where what came of it is read */
};
void work_page_html(struct html *out, const struct work_page_view *v);

struct work_list_view {
    struct look_table_view table;
};
void work_list_html(struct html *out, const struct work_list_view *v);
