/* procedure_views.h - what the pages of the catalogue are drawn from. */
#pragma once
#include "list/list.h"
#include "look/look.h"

struct procedure_home_event {
    struct str icon, title, text, href;
};
struct procedure_home_view {
    struct look_search_view search;
    const struct look_link *often;
    size_t often_n;
    const struct procedure_home_event *events;
    size_t events_n;
    struct str all_label;
};
void procedure_home_html(struct html *out, const struct procedure_home_view *v);

struct procedure_result {
    struct str name, href, code, field, subjects, time, fee, place;
    struct look_badge_view level;
};
struct procedure_search_view {
    struct str heading, count, words; /* words: what was looked for, empty for the whole list */
    bool near;                        /* none has every word; these are nearest */
    struct look_search_view search;
    const struct procedure_result *results;
    size_t results_n;
    struct look_empty_view empty;
    struct look_pager_view pager;
};
void procedure_search_html(struct html *out, const struct procedure_search_view *v);

struct procedure_need {
    struct str icon, name, text;
    struct look_badge_view badge;
};
/* A text that may be very long: the whole of it folded under its beginning then. */
struct procedure_text {
    struct str head, text; /* head empty: the text is short */
};
/* One row of channel × duration × fees. */
struct procedure_channel {
    struct str kind, time;
    struct procedure_text fees;
    struct str note;
};
struct procedure_order {
    struct str title;
    struct procedure_text text;
};
/* One case (trường hợp) of the published record with its papers. */
struct procedure_case {
    struct str name, count;
    const struct procedure_need *needs;
    size_t needs_n;
    bool open; /* unfolded */
};
struct procedure_page_view {
    struct str name, summary, start_href, promise, promise_at, promise_note;
    struct look_badge_view level, field, unchecked;
    struct str time, time_note, fee, fee_note, place, place_note;
    const struct procedure_need *needs;
    size_t needs_n;
    const struct procedure_need *others;
    size_t others_n;
    const struct procedure_case *cases; /* not opened: as published */
    size_t cases_n;
    const struct procedure_channel *channels;
    size_t channels_n;
    const struct procedure_order *order;
    size_t order_n;
    const struct look_row *legal;
    size_t legal_n;
    const struct look_row *more_legal; /* folded */
    size_t more_legal_n;
    struct procedure_text conditions;
    struct str code, publisher, decision;
    struct look_note_view closed; /* not opened: where to go */
};
void procedure_page_html(struct html *out, const struct procedure_page_view *v);

/* ---- officers' and publicity pages ---- */

struct procedure_desk_list_view {
    struct str title;
    struct look_tabs_view tabs;
    struct list_box_view list;
};
void procedure_desk_list_html(struct html *out, const struct procedure_desk_list_view *v);

/* A term that an online service of the same procedure states. */
struct procedure_term_hint {
    struct str number, unit, words, basis;
};
struct procedure_desk_view {
    struct str code, name, version, settled, settled_basis, settled_at, read_words, open_title;
    struct look_badge_view state, proof;
    struct look_errors_view errors;
    const struct procedure_channel *channels;
    size_t channels_n;
    struct look_table_view versions;
    struct look_note_view in_words, no_open;
    const struct procedure_term_hint *hints;
    size_t hints_n;
    bool open_term, can_close, again;
    struct look_field_view number, unit, cutoff, basis, against;
    struct look_field_view level, reason, intake, deciding, term, mode, resume, form, fee_name, fee,
        fee_basis, from, close_reason;
    struct look_button_view save;
};
void procedure_desk_html(struct html *out, const struct procedure_desk_view *v);

struct procedure_imports_view {
    struct look_table_view table;
};
void procedure_imports_html(struct html *out, const struct procedure_imports_view *v);
struct procedure_changes_view {
    struct str name, summary, id, kind;
    struct look_button_view take_all; /* no label: nothing waits that may be taken unseen */
    struct look_tabs_view tabs;
    struct list_box_view list;
};
void procedure_changes_html(struct html *out, const struct procedure_changes_view *v);
struct procedure_change_line {
    struct str text;
};
struct procedure_change_field {
    struct str title;
    const struct procedure_change_line *gone, *come;
    size_t gone_n, come_n;
};
struct procedure_change_view {
    struct str id, code, name, back, import_name, kind;
    struct look_badge_view badge;
    struct look_note_view note;
    const struct procedure_change_field *fields;
    size_t fields_n;
    struct look_button_view take, leave;
    bool can_take;
};
void procedure_change_html(struct html *out, const struct procedure_change_view *v);

struct procedure_public_group {
    struct str name, href, words;
};
struct procedure_public_groups_view {
    struct str count;
    struct look_tabs_view tabs;
    const struct procedure_public_group *groups;
    size_t groups_n;
    struct look_empty_view empty;
};
void procedure_public_groups_html(struct html *out, const struct procedure_public_groups_view *v);
struct procedure_public_list_view {
    struct str heading, count;
    struct look_search_view search;
    const struct procedure_result *results;
    size_t results_n;
    struct look_empty_view empty;
    struct look_pager_view pager;
};
void procedure_public_list_html(struct html *out, const struct procedure_public_list_view *v);
