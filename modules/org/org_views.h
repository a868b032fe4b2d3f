/* org_views.h - what the pages of this folder are drawn from. */
#pragma once
#include "look/look_views.h"

/* One area an address may mean, and what stands there. */
struct org_found {
    struct str name, href, province, ended; /* ended: "đến 30/06/2025"; empty: in force */
    struct str lead;                        /* "nay là", "nay thuộc một trong" */
    const struct look_link *now;
    size_t now_n;
};
struct org_areas_view {
    bool officer;
    struct str base; /* "/dia-ban" or "/tra-dia-ban" */
    struct str words, on;
    struct look_errors_view errors;
    struct look_search_view search;
    bool asked;
    const struct org_found *found;
    size_t found_n;
    struct look_empty_view empty;
    const struct look_link *provinces;
    size_t provinces_n;
};
void org_areas_html(struct html *out, const struct org_areas_view *v);

struct org_step_view {
    struct str day, name, href, code, how, basis;
};
struct org_area_view {
    bool officer;
    struct str base, name, code, on, kind;
    struct look_link above; /* no href: none */
    struct look_badge_view state;
    struct look_facts_view facts;
    struct look_errors_view errors;
    struct look_field_view day;
    struct str before_href, today_href;
    bool there;                       /* it stands on that day */
    const struct look_link *standing; /* what stands there instead */
    size_t standing_n;
    const struct org_step_view *came;
    size_t came_n;
    const struct org_step_view *went;
    size_t went_n;
    const struct look_link *inside;
    size_t inside_n;
    struct str inside_count, inside_next;
};
void org_area_html(struct html *out, const struct org_area_view *v);

/* ---- decisions ---- */

struct org_orders_view {
    struct look_table_view table;
    const struct look_link *ways; /* what may be done */
    size_t ways_n;
    struct str older;
};
void org_orders_html(struct html *out, const struct org_orders_view *v);

struct org_order_form_view {
    struct str title, lead, action;
    struct look_errors_view errors;
    struct look_field_view of, from, into, takes, basis, day, sure;
    bool asks_into, asks_takes;
    struct look_button_view button;
};
void org_order_form_html(struct html *out, const struct org_order_form_view *v);

struct org_order_view {
    struct str title, id;
    struct look_badge_view state;
    struct look_rows_view rows;
    bool waits;
    struct look_errors_view errors;
    struct look_field_view why;
};
void org_order_html(struct html *out, const struct org_order_view *v);

/* ---- one agency, or the tops of the tree ---- */

struct org_unit_view {
    bool top; /* no agency: those that have none above them */
    struct str name;
    struct look_link above, heir;
    bool ended;
    struct look_facts_view facts;
    const struct org_step_view *came;
    size_t came_n;
    const struct org_step_view *went;
    size_t went_n;
    const struct look_link *below;
    size_t below_n;
};
void org_unit_html(struct html *out, const struct org_unit_view *v);
