/* procedure_views.h - what the pages of the catalogue are drawn from. */
#pragma once
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
    struct look_search_view search;
    const struct procedure_result *results;
    size_t results_n;
    struct look_empty_view empty;
};
void procedure_search_html(struct html *out, const struct procedure_search_view *v);

struct procedure_need {
    struct str icon, name, text;
    struct look_badge_view badge;
};
struct procedure_page_view {
    struct str name, summary, start_href, promise, promise_at, promise_note;
    struct look_badge_view level, field, unchecked;
    struct str time, time_note, fee, fee_note, place, place_note;
    const struct procedure_need *needs;
    size_t needs_n;
    const struct procedure_need *others;
    size_t others_n;
    const struct look_row *order;
    size_t order_n;
    const struct look_row *legal;
    size_t legal_n;
    const struct look_row *more_legal; /* folded */
    size_t more_legal_n;
    struct str conditions, code, publisher, decision;
    struct look_note_view closed; /* not opened: where to go */
};
void procedure_page_html(struct html *out, const struct procedure_page_view *v);
