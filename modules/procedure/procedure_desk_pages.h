/* procedure_desk_pages.h - pages of officers and of publicity, and what they share. Inside of this
 * folder. */
#pragma once
#include "procedure_desk.h"
#include "procedure_views.h"
#include "web/web.h"

struct look_badge_view procedure_state_badge(const struct cx *cx, bool ended, int64_t open_from);
struct look_badge_view procedure_proof_badge(bool proofread);
/* Channels with their durations, fees and notes, as published; settled: the words of the term that
 * stands for a duration without a unit, empty for whoever must see the source. */
const struct procedure_channel *procedure_channels(struct cx *cx, const struct procedure *p,
                                                   struct str settled, size_t *n);
struct procedure_text procedure_text_of(struct cx *cx, struct str text);
/* The papers as published, case by case; the first unfolded when there are few. */
const struct procedure_case *procedure_cases(struct cx *cx, const struct procedure *p, size_t *n);
/* One line of a result, for people. */
struct procedure_result procedure_result_of(struct cx *cx, const struct procedure_hit *h);

web_handler procedure_show_desk_list, procedure_show_desk, procedure_check_act,
    procedure_write_term, procedure_write_read, procedure_write_open, procedure_write_close;
web_handler procedure_show_imports, procedure_show_changes, procedure_show_change,
    procedure_write_changes, procedure_write_all_changes;
web_handler procedure_show_public, procedure_show_public_list;
