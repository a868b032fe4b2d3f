/* codelist_views.h - what the pages of this folder are drawn from. */
#pragma once
#include "look/look_views.h"

struct codelist_lists_view {
    struct look_search_view search;
    struct look_table_view table;
};
void codelist_lists_html(struct html *out, const struct codelist_lists_view *v);

struct codelist_list_view {
    struct str code, title, about, csv_href;
    struct look_errors_view errors;
    struct look_search_view search;
    struct look_table_view table;
    struct look_facts_view facts;
    const struct look_link *versions; /* each leads to what it changed */
    size_t versions_n;
    struct str more; /* the next page; empty: none */
    bool may_follow, follows;
    struct look_button_view follow;
};
void codelist_list_html(struct html *out, const struct codelist_list_view *v);

struct codelist_code_view {
    struct str list, list_title, code, name;
    struct look_badge_view state;
    struct look_facts_view facts;
    const struct look_link *up; /* from the top */
    size_t up_n;
    const struct look_row *changes;
    size_t changes_n;
    const struct look_link *now; /* what stands for it today, when that is another */
    size_t now_n;
    bool ended;
    const struct look_link *below;
    size_t below_n;
    const struct look_link *pairs; /* in other lists */
    size_t pairs_n;
};
void codelist_code_html(struct html *out, const struct codelist_code_view *v);

struct codelist_diff_view {
    struct str list, title, from, to;
    struct look_errors_view errors;
    struct look_field_view from_day, to_day;
    struct look_table_view table;
    struct str more;
};
void codelist_diff_html(struct html *out, const struct codelist_diff_view *v);

struct codelist_drafts_view {
    struct look_table_view table;
};
void codelist_drafts_html(struct html *out, const struct codelist_drafts_view *v);

struct codelist_draft_view {
    struct str id, title, counts;
    struct look_facts_view facts;
    const struct str *lines;
    size_t lines_n;
    bool waits;
};
void codelist_draft_html(struct html *out, const struct codelist_draft_view *v);
