/* onestop_desk_work.h - what officers do around a dossier: consulting, notes, causes, hand-over
 * lists. */
#pragma once
#include "notify/notify.h"
#include "onestop_lists.h"

/* ---- consultation of other agencies (xin ý kiến; 6.2, 8.1.6: the clock does not stop) ---- */

#define CONSULT_OPEN_MAX 10
#define CONSULT_PAPERS_MAX 20
enum consult_state { CONSULT_ASKED = 1, CONSULT_ANSWERED, CONSULT_TAKEN_BACK };
struct consult {
    int64_t id, version, dossier, subject_key, asker_unit, asked_unit, asked_by, asked_at, due_at,
        answered_by, answered_at, silent_at; /* silent_at: when its silence was reported; 0 not */
    enum consult_state state;
    struct str code, procedure_name, question, opinion, answer;
    struct str asker_name, asked_name, asked_by_name, answered_by_name; /* of rows for pages */
    struct str dossier_code;
};
struct consult_new {
    int64_t unit;
    int days; /* working days, 1 to 30 */
    struct str question;
    const int64_t *papers;
    size_t papers_n;
};
/* WRITE. Only while it is being processed, by the deciding unit. */
enum err onestop_consult_ask(struct cx *cx, const struct dossier *d, const struct consult_new *n,
                             struct consult *out);
/* WRITE. opinion: dong_y, khong_dong_y, khac. Also after the due instant. */
enum err onestop_consult_answer(struct cx *cx, struct consult *c, struct str opinion,
                                struct str words);
enum err onestop_consult_take_back(struct cx *cx, struct consult *c);
/* Both sides find it by its code, nobody else. */
enum err onestop_consult_find(struct cx *cx, struct str code, struct consult *out);
/* May this actor answer it, take it back? */
bool onestop_consult_may_answer(struct cx *cx, const struct consult *c);
bool onestop_consult_may_take_back(struct cx *cx, const struct consult *c);
enum err onestop_consults(struct cx *cx, const struct dossier *d, struct consult *out, size_t max,
                          size_t *n);
struct consult_paper {
    int64_t id, file;
    struct str name;
};
enum err onestop_consult_papers(struct cx *cx, const struct consult *c, struct consult_paper *out,
                                size_t max, size_t *n);
/* Names of units and people in rows of these lists. */
enum err onestop_consult_finish(struct cx *cx, void **rows, size_t n);
enum err onestop_batch_finish(struct cx *cx, void **rows, size_t n);
extern const struct list_source onestop_consult_source; /* rows: struct consult */
extern const struct list_def onestop_consult_list;

/* Officers with this right at the unit hear that there is news about it, each once a key. */
enum err onestop_consult_tell(struct cx *cx, const struct consult *c, const struct right *right,
                              int64_t unit, const struct notice *what, size_t *told);
/* Asked, not answered, over its term and not reported yet. Not scoped: the job. */
enum err onestop_store_consults_silent(struct cx *cx, struct consult *out, size_t max, size_t *n);
enum err onestop_store_consult_silence(struct cx *cx, const struct consult *c); /* reported now */
/* Of the reader's own unit: questions that wait for it, and whether one of its own is over its
 * term. */
enum err onestop_store_consult_count(struct cx *cx, int64_t max, int64_t *n, bool *late);
enum err onestop_store_consult_add(struct cx *cx, struct consult *c, struct str asker_path,
                                   struct str asked_path, const int64_t *papers, size_t n);
enum err onestop_store_consult_end(struct cx *cx, struct consult *c);
enum err onestop_store_consult_open(struct cx *cx, int64_t dossier, int64_t *n);

/* ---- notes among officers ---- */

struct note {
    int64_t id, by_account, by_unit, at;
    struct str words, by_name, unit_name;
};
enum err onestop_note_add(struct cx *cx, const struct dossier *d, struct str words);
enum err onestop_notes(struct cx *cx, const struct dossier *d, struct note *out, size_t max,
                       size_t *n); /* newest first */
enum err onestop_store_note_add(struct cx *cx, const struct dossier *d, struct str words);
enum err onestop_store_notes(struct cx *cx, const struct dossier *d, struct note *out, size_t max,
                             size_t *n);

/* ---- why it is late ---- */

struct late_cause {
    const char *code, *title;
};
extern const struct late_cause onestop_causes[];  /* code NULL ends */
const char *onestop_cause_title(struct str code); /* "": none */
enum err onestop_name_cause(struct cx *cx, const struct dossier *d, struct str cause,
                            struct str words);
enum err onestop_store_cause_put(struct cx *cx, const struct dossier *d, struct str cause,
                                 struct str words);
enum err onestop_store_cause(struct cx *cx, const struct dossier *d, struct str *cause,
                             struct str *words); /* ERR_NOT_FOUND: none */
struct late_row {
    struct inbox_row r; /* first: the cells of dossiers take it */
    struct str cause;
};
extern const struct list_source onestop_late_source; /* rows: struct late_row */
extern const struct list_def onestop_late_list;

/* ---- hand-over lists ---- */

#define BULK_MAX 100
struct batch {
    int64_t id, from_unit, to_unit, size, made_by, made_at, received_by, received_at;
    struct str no, from_name, to_name, made_by_name, received_by_name;
};
struct bulk_result {
    int64_t done, refused;
    struct str why; /* the first refusal's sentence */
};
/* WRITE. Each dossier that may be handed over is; one list a deciding unit. */
enum err onestop_hand_over_many(struct cx *cx, struct dossier *all, size_t n,
                                struct bulk_result *out);
enum err onestop_take_many(struct cx *cx, struct dossier *all, size_t n, struct bulk_result *out);
enum err onestop_batch_find(struct cx *cx, int64_t id, struct batch *out); /* scoped */
enum err onestop_batch_receive(struct cx *cx, struct batch *h);
bool onestop_batch_may_receive(struct cx *cx, const struct batch *h);
enum err onestop_batch_rows(struct cx *cx, const struct batch *h, struct inbox_row **out,
                            size_t *n);
extern const struct list_source onestop_batch_source; /* rows: struct batch */
extern const struct list_def onestop_batch_list;
enum err onestop_store_batch_add(struct cx *cx, struct batch *h, struct str from_path,
                                 struct str to_path, const int64_t *dossiers, size_t n);
enum err onestop_store_batch_receive(struct cx *cx, const struct batch *h);
enum err onestop_store_batch_dossiers(struct cx *cx, int64_t batch, struct dossier *out, size_t max,
                                      size_t *n);
