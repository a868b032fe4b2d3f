/* setup_views.h - what the pages of this folder are drawn from. */
#pragma once
#include "look/look.h"

struct setup_start_view {
    struct look_rows_view steps;
    struct look_note_view note;
    struct str left; /* "Còn 3 việc" */
};
void setup_start_html(struct html *out, const struct setup_start_view *v);

struct setup_upload_view {
    struct look_errors_view errors;
    struct str title, kind, lead;
    struct look_field_view file;
    struct look_rows_view columns;
};
void setup_upload_html(struct html *out, const struct setup_upload_view *v);

struct setup_import_view {
    struct str title, kind, id, file_name;
    struct look_note_view note;
    struct look_facts_view facts;
    struct look_table_view faults; /* no lines: none */
    bool was_read;                 /* false: no table in it that could be judged, note says why */
    bool has_faults, waiting, running, ended, officers, mail; /* mail: a mail server is set */
    struct str bring; /* the button's words; empty: nothing to bring in */
    struct str next_href, next;
};
void setup_import_html(struct html *out, const struct setup_import_view *v);

struct setup_links_view {
    struct str id, until;
    struct look_rows_view links;
    bool more;
};
void setup_links_html(struct html *out, const struct setup_links_view *v);

struct setup_tls_view {
    struct look_errors_view errors;
    struct look_note_view said, closed;
    bool there, asked, before;
    struct look_rows_view now;
    struct look_empty_view none;
    struct str host;
    struct look_field_view cert, between, key;
};
void setup_tls_html(struct html *out, const struct setup_tls_view *v);

struct setup_tls_ask_view {
    struct look_errors_view errors;
    struct str csr; /* PEM of the one that waits; empty: none */
    struct look_field_view names, organisation, place;
};
void setup_tls_ask_html(struct html *out, const struct setup_tls_ask_view *v);

struct setup_settings_view {
    struct look_errors_view errors;
    struct look_note_view tried;
    const struct look_field_view *fields;
    size_t fields_n;
    bool may_try;
};
void setup_settings_html(struct html *out, const struct setup_settings_view *v);
