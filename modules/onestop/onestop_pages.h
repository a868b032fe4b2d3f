/* onestop_pages.h - handlers of this folder, for the route table; and what pages share. */
#pragma once
#include "look/look.h"
#include "onestop_inside.h"

/* filing (onestop_filing_pages.c, onestop_filing_papers.c, onestop_filing_send.c) */
web_handler onestop_show_start, onestop_show_section, onestop_check_section, onestop_save_section;
web_handler onestop_show_papers, onestop_check_papers, onestop_save_papers, onestop_show_check,
    onestop_check_send, onestop_write_send, onestop_show_sent;
/* following (onestop_follow_pages.c, onestop_status_pages.c, onestop_public_pages.c) */
web_handler onestop_show_mine, onestop_show_status, onestop_show_answer, onestop_check_answer,
    onestop_write_answer;
web_handler onestop_show_withdraw, onestop_write_withdraw, onestop_write_rate, onestop_write_fetch;
web_handler onestop_show_track, onestop_show_track_token, onestop_show_verify,
    onestop_show_verify_code;
/* files and papers (onestop_file_pages.c); {code} is the request code or the dossier code */
web_handler onestop_get_paper, onestop_get_form, onestop_get_result, onestop_get_draft;

/* The dossier of {code} in the path, within the scope. */
enum err onestop_of_path(struct cx *cx, struct web_req *rq, struct dossier *out);
/* "/ho-so/YC-..." with the rest: where its person reads it. */
struct str onestop_person_path(struct cx *cx, const struct dossier *d, const char *rest);
/* The code itself when the procedure has no such component. */
struct str onestop_component_name(const struct procedure *p, struct str code);
/* "phien_ban" of the form is still the dossier's: ERR_CONFLICT, ERR_INVALID. */
enum err onestop_same_version(struct cx *cx, struct web_req *rq, const struct dossier *d);
struct look_badge_view onestop_state_badge(struct cx *cx, const struct dossier *d, bool for_person);
struct look_due_badge_view onestop_due_badge(struct cx *cx, const struct dossier *d);
/* The error summary of a form drawn again. */
struct look_errors_view onestop_errors(struct cx *cx, struct web_req *rq);
enum err onestop_days(struct cx *cx, const struct dossier *d, struct look_days_view *out);
enum err onestop_moments(struct cx *cx, const struct dossier *d, struct look_timeline_view *out);

/* officers (onestop_inbox_pages.c, onestop_work_pages.c, onestop_act_pages.c,
 * onestop_counter_pages.c) */
web_handler onestop_write_export_work, onestop_write_export_all, onestop_write_export_late,
    onestop_write_export_consult, onestop_write_export_batch, onestop_write_export_ledger;
/* consulting (onestop_consult_pages.c), lateness and notes (onestop_late_pages.c), several at once
 * (onestop_batch_pages.c) */
web_handler onestop_show_consults, onestop_show_consult, onestop_write_consult_answer,
    onestop_write_consult_back, onestop_get_consult_paper;
web_handler onestop_show_late, onestop_write_note;
web_handler onestop_write_many_counter, onestop_write_many_process, onestop_show_batches,
    onestop_show_batch, onestop_write_batch;
enum err onestop_consult_tab(struct cx *cx, const struct dossier *d, struct look_table_view *out);
enum err onestop_notes_tab(struct cx *cx, const struct dossier *d, struct look_timeline_view *out);

web_handler onestop_show_inbox, onestop_show_all, onestop_show_work, onestop_check_draft,
    onestop_write_draft;
web_handler onestop_show_act_counter, onestop_write_act_counter, onestop_show_act_process,
    onestop_write_act_process;
web_handler onestop_show_ledger, onestop_get_ledger, onestop_show_day, onestop_get_day,
    onestop_write_day_close,
    onestop_write_day_reopen; /* onestop_ledger_pages.c, onestop_day_pages.c */
void onestop_give_pdf(struct web_res *rs, struct str bytes); /* shown inside our own pages too */
web_handler onestop_show_redates, onestop_check_redate, onestop_write_redate, onestop_show_redate,
    onestop_write_redate_go, onestop_write_redate_drop; /* onestop_redate_pages.c */
web_handler onestop_show_register;                      /* onestop_register_pages.c */
web_handler onestop_show_act_sign, onestop_write_act_sign;
web_handler onestop_show_counter, onestop_check_counter, onestop_write_counter, onestop_show_taken;
