/* view_views.h - what the page of kept views is drawn from. */
#pragma once
#include "look/look.h"

struct view_row {
    struct str title, href, shows, field, rename, drop, wrong;
};
struct view_list_view {
    struct look_errors_view errors;
    const struct view_row *rows;
    size_t rows_n;
    bool again; /* a save was refused: asked again here */
    struct str save_list, save_address;
    struct look_field_view name;
    struct look_empty_view empty;
};
void view_list_html(struct html *out, const struct view_list_view *v);
