/* onestop_ledger.h - the books of a counter: the register of dossiers, hand-overs, one day of work.
 */
#pragma once
#include "onestop_lists.h"

/* A line of the register; the row of the dossier comes first, so that cells are shared. */
struct ledger_row {
    struct inbox_row r;
    int64_t id, unit, n, at;
    int year;
    struct str address, phone; /* only where asked for: who reads them is noted */
    struct str to_name;        /* who fetched the result; empty: nobody yet */
    int64_t given_at;
    struct str way;
};
extern const struct list_source onestop_ledger_source;
extern const struct list_def onestop_ledger_list; /* the page and its exports */
enum err onestop_store_ledger_add(struct cx *cx, const struct dossier *d);
/* Its line in the register; ERR_NOT_FOUND: taken in before there was one. */
enum err onestop_store_ledger(struct cx *cx, int64_t dossier, int64_t *n, int *year);
/* Lines of one unit and year from number `from` on. */
enum err onestop_store_ledger_lines(struct cx *cx, int64_t unit, int year, int64_t from,
                                    struct ledger_row *out, size_t max, size_t *n);

struct handover_row {
    int64_t id, dossier, from_unit, to_unit, by_account, at;
    struct str code, procedure_name; /* of lists over many dossiers */
};
enum err onestop_store_handover_add(struct cx *cx, const struct dossier *d, int64_t to_unit);
enum err onestop_store_handovers(struct cx *cx, int64_t dossier, struct handover_row *out,
                                 size_t max, size_t *n);

/* ---- forms as they were issued ---- */
/* In the transaction that issues it: a job renders, signs by the acting officer, keeps the file.
 * reason: id of the supplement (02) or decision (03 to 05) it says; 0 for 01. */
enum err onestop_issue_form(struct cx *cx, const struct dossier *d, int form, int64_t reason);
/* The signed file of the newest one; ERR_NOT_FOUND: not signed (yet). */
enum err onestop_issued_form(struct cx *cx, const struct dossier *d, int form, int64_t *file);
enum err onestop_store_form_file(struct cx *cx, int64_t dossier, int form, int64_t reason,
                                 int64_t *file); /* ERR_NOT_FOUND */
enum err onestop_store_form_file_add(struct cx *cx, int64_t dossier, int form, int64_t reason,
                                     int64_t file, struct str sha256, int64_t signer);

/* ---- one day of a counter ---- */
struct span {
    int64_t unit, from, to; /* from <= at < to */
};
struct day_receipt {
    int64_t n, year, amount, taken_by, at;
    struct str code;
};
struct day_counts {
    int64_t accepted, online, refused, asked, handed_over, returned, returned_digital;
    int64_t receipts, dong;
};
/* ---- a day that is closed (khóa sổ): what comes later stands in the next working day's book ----
 */
struct day_closing {
    int64_t id, unit, day, begins_at, closed_at, closed_by, reopened_at, reopened_by;
    int64_t accepted, returned, receipts, dong; /* as they were closed */
    struct str reason;                          /* of opening it again */
};
/* WRITE. ERR_INVALID: a day ahead, or long past; ERR_CONFLICT: it is closed, or it is a day of rest
 * and has no book. */
enum err onestop_day_close(struct cx *cx, int64_t unit, int64_t day);
/* WRITE. ERR_CONFLICT: it is open, or the next one is closed; ERR_INVALID: field ly_do. */
enum err onestop_day_reopen(struct cx *cx, int64_t unit, int64_t day, struct str reason);
/* From when to when the book of this day goes; of a day of rest nothing. */
enum err onestop_day_span(struct cx *cx, int64_t unit, int64_t day, struct span *out);
/* The day whose book holds this one: itself, or of a day of rest the next working day of the unit.
 */
enum err onestop_day_of_book(struct cx *cx, int64_t unit, int64_t day, int64_t *out);
/* The days whose books stand before and after the book of this day. */
enum err onestop_day_around(struct cx *cx, int64_t unit, int64_t day, int64_t *before,
                            int64_t *after);
enum err onestop_store_day_closed(struct cx *cx, int64_t unit, int64_t day,
                                  struct day_closing *out); /* ERR_NOT_FOUND: open */
/* Those that are closed from one day to another, both counted, in order. */
enum err onestop_store_days_closed(struct cx *cx, int64_t unit, int64_t from, int64_t to,
                                   struct day_closing *out, size_t max, size_t *n);
/* Every closing of this day, the newest first. */
enum err onestop_store_day_closings(struct cx *cx, int64_t unit, int64_t day,
                                    struct day_closing *out, size_t max, size_t *n);
enum err onestop_store_day_close(struct cx *cx, struct day_closing *c);
enum err onestop_store_day_reopen(struct cx *cx, const struct day_closing *c);

enum err onestop_store_day_counts(struct cx *cx, const struct span *s, struct day_counts *out);
enum err onestop_store_day_accepted(struct cx *cx, const struct span *s, struct ledger_row *out,
                                    size_t max, size_t *n);
enum err onestop_store_day_receipts(struct cx *cx, const struct span *s, struct day_receipt *out,
                                    size_t max, size_t *n);
enum err onestop_store_day_handovers(struct cx *cx, const struct span *s, struct handover_row *out,
                                     size_t max, size_t *n);
enum err onestop_store_day_returned(struct cx *cx, const struct span *s, struct dossier *out,
                                    size_t max, size_t *n);

/* The whole of it, names opened; day: a day number. At most DAY_ROWS rows of each kind. */
#define DAY_ROWS 400
#define DAY_CLOSINGS 10
struct day_book {
    int64_t day, from;
    struct day_closing closings[DAY_CLOSINGS]; /* the newest first */
    size_t closings_n;
    bool closed;
    struct day_counts counts;
    struct ledger_row *accepted;
    struct day_receipt *receipts;
    struct handover_row *handovers;
    struct dossier *returned;
    size_t accepted_n, receipts_n, handovers_n, returned_n;
};
enum err onestop_day_book(struct cx *cx, int64_t unit, int64_t day, struct day_book *out);

/* SLOW: the papers. Form 06 of one dossier, form 07 of a unit and year from a number on, the
 * closing of a day. */
enum err onestop_put_form_06(struct cx *cx, struct json_out *o, const struct dossier *d);
enum err onestop_ledger_pdf(struct cx *cx, int64_t unit, int year, int64_t from, struct str *pdf);
enum err onestop_day_pdf(struct cx *cx, const struct day_book *b, int64_t unit, struct str *pdf);
/* From onestop_print.c. */
struct str onestop_long_date(struct cx *cx, int64_t at); /* "ngày 21 tháng 11 năm 2026" */
enum err onestop_put_unit(struct cx *cx, struct json_out *o, int64_t unit);
enum err onestop_print(struct cx *cx, struct str template, struct str data, struct str *pdf);
