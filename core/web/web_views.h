/* web_views.h - what the pages of this room are drawn from. */
#pragma once
#include "web/web.h"

struct web_bare_view {
    struct str lang, title;
    struct markup main;
    struct str toast;
};

void web_bare_html(struct html *out, const struct web_bare_view *v);

struct web_hidden {
    struct str name, value;
};

struct web_error_view {
    struct str title, sentence, todo;
    struct str incident, at_label;
    struct str search; /* empty: no search box */
    struct str help;   /* telephone of the help desk */
    bool resend;       /* what was sent may be sent again, under the same token */
    struct str path;
    const struct web_hidden *fields;
    size_t fields_n;
};

void web_error_html(struct html *out, const struct web_error_view *v);

struct web_resend_view {
    struct str title, path; /* of the form that waits */
    bool lost_files;
    const struct web_hidden *fields;
    size_t fields_n;
};
void web_resend_html(struct html *out, const struct web_resend_view *v);
