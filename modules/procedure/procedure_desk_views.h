/* procedure_desk_views.h - what the officers' and the publicity pages of this folder are drawn from. */
#pragma once
#include "procedure_views.h"

struct procedure_desk_list_view {
    struct str title;
    struct look_tabs_view tabs;
    struct look_filter_view filter;
    struct look_table_view table;
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
    struct look_table_view channels, versions;
    struct look_note_view free, no_open;
    const struct procedure_term_hint *hints;
    size_t hints_n;
    bool open_term, can_close;
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
    struct str id, name, summary, kind, page;
    struct look_errors_view errors;
    struct look_tabs_view tabs;
    struct look_table_view table;
    struct look_button_view take, leave;
    bool can_take;
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
