/* onestop_views.h - what the pages of dossiers are drawn from. */
#pragma once
#include "look/look.h"
#include "onestop_officer_views.h"

/* ---- filing: one section of the form, the papers, the check ---- */
struct onestop_section_view {
    struct look_stepper_view stepper;
    struct look_errors_view errors;
    struct str back, procedure_name, title, note, saved, action, next;
    const struct look_field_view *fields;
    size_t fields_n;
};
void onestop_section_html(struct html *out, const struct onestop_section_view *v);

struct onestop_papers_view {
    struct look_stepper_view stepper;
    struct look_errors_view errors;
    struct str back, action, saved;
    const struct look_component_view *components;
    size_t components_n;
};
void onestop_papers_html(struct html *out, const struct onestop_papers_view *v);

struct onestop_check_view {
    struct look_stepper_view stepper;
    struct look_errors_view errors;
    struct str back, action, saved;
    const struct look_rows_view *parts;
    size_t parts_n;
    struct look_rows_view papers, fees;
    const struct look_field_view *choices; /* where to hand in, how to get the result */
    size_t choices_n;
    struct look_field_view declaration;
};
void onestop_check_html(struct html *out, const struct onestop_check_view *v);

struct onestop_sent_view {
    struct str code, procedure_name, unit, when, next, href;
};
void onestop_sent_html(struct html *out, const struct onestop_sent_view *v);

/* ---- following ---- */
struct onestop_draft_row {
    struct str name, saved, href;
};
struct onestop_mine_view {
    const struct onestop_draft_row *drafts; /* begun, not sent */
    size_t drafts_n;
    struct look_table_view table;
};
void onestop_mine_html(struct html *out, const struct onestop_mine_view *v);

struct onestop_need {
    struct str name, what;
};
struct onestop_status_view {
    struct look_errors_view errors;
    struct str code, request_code, procedure_name, sent, promise, promise_at, term;
    struct look_badge_view state;
    bool asks; /* a supplement waits for the person */
    bool owes; /* a financial obligation is open */
    struct str owed_title, owed_reason, owed_basis, owed_place;
    struct str ask_title, ask_reason, ask_by, ask_paper, answer_href;
    const struct onestop_need *needs;
    size_t needs_n;
    struct look_note_view outcome; /* refused, stopped, withdrawn, apology */
    struct look_note_view next;    /* who has it now, what happens next */
    bool has_result;
    struct str result_name, result_href, verify_href, fetch_action, result_size;
    bool may_fetch, may_rate;
    struct str rate_action;
    struct look_field_view rate_grade, rate_words;
    struct look_days_view days;
    struct look_timeline_view timeline;
    struct look_facts_view facts;
    const struct look_link *papers;
    size_t papers_n;
    struct str withdraw_href, receipt_href;
};
void onestop_status_html(struct html *out, const struct onestop_status_view *v);

struct onestop_answer_view {
    struct look_errors_view errors;
    struct str back, action, reason, by;
    const struct look_component_view *components;
    size_t components_n;
    struct look_field_view note;
};
void onestop_answer_html(struct html *out, const struct onestop_answer_view *v);

/* ---- without signing in ---- */
struct onestop_track_view {
    struct str code;
    struct look_note_view wrong;
    bool found;
    struct str procedure_name, unit, due;
    struct look_badge_view state;
    struct look_stepper_view stepper;
};
void onestop_track_html(struct html *out, const struct onestop_track_view *v);

struct onestop_verify_view {
    struct str code;
    struct look_note_view verdict;
    struct look_facts_view facts;
};
void onestop_verify_html(struct html *out, const struct onestop_verify_view *v);
