/* notify_views.h - what the page of notices is drawn from. */
#pragma once
#include "html/html.h"
#include "look/look.h"

struct notify_list_row {
    struct str at, day, time, title, body, link;
    bool read;
};
struct notify_list_view {
    const struct notify_list_row *rows;
    size_t rows_n;
    int64_t unread;
    struct str newest; /* id up to which the button marks */
    struct str more;   /* address of the older ones; empty: no more */
};
void notify_list_html(struct html *out, const struct notify_list_view *v);
