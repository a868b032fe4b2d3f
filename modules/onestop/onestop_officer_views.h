/* onestop_officer_views.h - what the officers' pages are drawn from. */
#pragma once
#include "list/list.h"
#include "look/look.h"

struct onestop_inbox_view {
    struct str title, subtitle, counter_href;
    struct look_tabs_view tabs; /* no items: none */
    struct list_box_view list;
};
void onestop_inbox_html(struct html *out, const struct onestop_inbox_view *v);

/* A section of a form as fields. */
struct onestop_counter_part {
    struct str title;
    const struct look_field_view *fields;
    size_t fields_n;
};
struct onestop_work_paper {
    struct str name, icon, href, note, note_kind, note_icon;
    bool current;
};
struct onestop_work_button {
    struct str label, href, kind, key;
};
struct onestop_next_view {
    struct str words, name, code, person, href,
        list_href; /* words: it is offered; name: there is one */
    struct look_due_badge_view due;
};
struct onestop_work_view {
    struct look_errors_view errors;
    struct str procedure_name, code, request_code, person, acts, clock_words, purpose, here;
    struct str list_href, queue_view; /* the view of the inbox it was opened from */
    struct onestop_next_view next;
    struct look_badge_view state;
    struct look_due_badge_view due;
    struct look_process_view process;
    struct look_tabs_view tabs;
    const struct onestop_work_paper *papers;
    size_t papers_n;
    struct look_note_view note; /* sent back, waiting, signing */
    bool refresh;               /* the signature is being made: look again in two seconds */
    /* the middle: one of these */
    struct str frame_href, frame_title, edit_href; /* a PDF, or a picture */
    bool picture;
    const struct look_rows_view *parts; /* the answers, section by section */
    size_t parts_n;
    struct look_timeline_view timeline;
    struct look_table_view consults; /* caption: this tab is open */
    struct str note_action;          /* the tab of notes is open */
    struct look_field_view note_field;
    struct look_empty_view empty;
    bool edits;
    struct str draft_action, draft_version;
    const struct onestop_counter_part *edit_parts;
    size_t edit_parts_n;
    struct look_field_view proposal;
    /* the right */
    struct str step_title, step_text;
    const struct onestop_work_button *buttons;
    size_t buttons_n;
    const struct look_link *prints;
    size_t prints_n;
    struct look_facts_view people;
};
void onestop_work_html(struct html *out, const struct onestop_work_view *v);

struct onestop_consult_view {
    struct look_errors_view errors;
    struct str title, code, question, answer, work_href;
    struct look_badge_view state;
    struct look_due_badge_view due;
    struct look_facts_view facts;
    const struct look_link *papers;
    size_t papers_n;
    struct str answer_action, back_action; /* empty: not for this reader */
    struct look_field_view opinion, words;
};
void onestop_consult_html(struct html *out, const struct onestop_consult_view *v);

struct onestop_batch_view {
    struct str title, from, from_by, to, to_by, made, received, receive_action;
    struct look_badge_view state;
    struct look_table_view table;
};
void onestop_batch_html(struct html *out, const struct onestop_batch_view *v);

struct onestop_act_view {
    struct look_errors_view errors;
    struct str back, code, title, text, action, confirm, version;
    struct str queue_view, queue_next;       /* carried through the form */
    struct str procedure_name, person, acts; /* whose paper this is about */
    bool danger;
    const struct look_field_view *fields;
    size_t fields_n;
};
void onestop_act_html(struct html *out, const struct onestop_act_view *v);

struct onestop_counter_paper {
    struct str code, name, need, originals_field, originals;
    bool on;
};
struct onestop_counter_view {
    struct look_errors_view errors;
    struct str unit, waiting_href, waiting, action;
    struct look_field_view person_box;
    struct onestop_found {
        struct str name, id_no, born, sex, address;
        struct look_badge_view badge;
    } found; /* from the card or from what is on record; no name: nobody yet */
    const struct look_field_view *person;
    size_t person_n;
    struct str procedure_name, procedure_code, term;
    struct str words, not_found; /* searched for among the procedures */
    const struct look_link *often;
    size_t often_n;
    const struct onestop_counter_part *parts;
    size_t parts_n;
    const struct onestop_counter_paper *papers;
    size_t papers_n;
    struct look_field_view delivery;
    struct str fee_note, due;
    bool paid, forward;
};
void onestop_counter_html(struct html *out, const struct onestop_counter_view *v);

struct onestop_taken_view {
    struct str code, procedure_name, person, due, receipt, print_href, work_href, fee_href, fee;
};
void onestop_taken_html(struct html *out, const struct onestop_taken_view *v);

/* ---- the books of a counter ---- */
struct onestop_ledger_view {
    struct str unit, year, print_href;
    struct list_box_view list;
};
void onestop_ledger_html(struct html *out, const struct onestop_ledger_view *v);

struct onestop_day_closing {
    struct str closed, reopened; /* sentences; reopened empty: it holds */
};
struct onestop_day_view {
    struct look_errors_view errors;
    struct look_badge_view state;
    struct look_note_view note;
    const struct onestop_day_closing *closings;
    size_t closings_n;
    struct str close_action, reopen_action,
        iso; /* actions empty: not now, or not for this reader */
    struct look_field_view reason;
    bool again;
    struct str unit, day, print_href, before, before_href, after, after_href, rows_max;
    struct str since, next; /* since: when it begins, if not at its midnight */
    const struct look_stat_view *stats;
    size_t stats_n;
    struct look_table_view accepted, receipts, handovers, returned;
    bool cut; /* more happened than the tables show */
};
void onestop_day_html(struct html *out, const struct onestop_day_view *v);

/* ---- appointments counted anew ---- */
struct onestop_redates_view {
    struct look_errors_view errors;
    struct look_field_view number, day, issuer, unit, from, to, earlier;
    struct look_table_view table;
};
void onestop_redates_html(struct html *out, const struct onestop_redates_view *v);

struct onestop_redate_view {
    struct str title, work_href, go_action, go, drop_action;
    struct look_badge_view state;
    struct look_facts_view facts;
    const struct look_stat_view *stats;
    size_t stats_n;
    struct look_note_view note;
    struct list_box_view list;
};
void onestop_redate_html(struct html *out, const struct onestop_redate_view *v);
