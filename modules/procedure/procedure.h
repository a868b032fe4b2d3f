/*
 * procedure.h - the catalogue of administrative procedures (thủ tục hành chính).
 *
 * A procedure has dated versions (the record as published, whole); a province opens some of them
 * with its own settings: level, form, units, term, fees, steps, templates. A dossier pins version
 * and opening at acceptance, so a change of the catalogue never moves a received dossier.
 */
#pragma once
#include "base/base.h"
#include "calendar/calendar.h"
#include "json/json.h"

struct procedure_component {
    struct str code, name, hint;
    bool required;   /* else "tùy trường hợp" */
    struct str when; /* for whom, when not required */
    int originals, copies;
    struct str source; /* "nop" handed in, "xuat_trinh" shown, "csdl" from a database */
};
struct procedure_fee {
    struct str code, name, kind; /* "phi" or "le_phi" */
    int64_t amount_dong;
    struct str per_field;              /* multiplied by this number of the form; empty: once */
    struct str when_field, when_value; /* only when the form says so */
    struct str basis, note;
};
struct procedure_step {
    struct str key, title;
    struct str
        kind; /* "tham_tra" drafts, "xac_nhan" confirms and passes on, "ky" approves, signs */
    struct str right; /* right's name */
    struct str unit; /* whose step: empty or "noi_giai_quyet", "noi_tiep_nhan", or a kind of unit */
};
struct procedure_legal {
    struct str no, title;
};
struct procedure_line {
    struct str heading, text;
};

/* The form of procedures that have none of their own: a person, a request in words. */
#define PROCEDURE_GENERAL_FORM "to-khai-chung"

/* What the province decided; absent (open = false): shown, but cannot be filed. */
struct procedure {
    int64_t id, version_id, opening_id;
    struct str code, name, field_code, field_name, publisher, decision, kind;
    bool open, proofread;
    bool ended;                      /* no longer in the national list: shown, cannot be filed */
    int64_t open_from, version_from; /* day numbers */
    int counter_place;               /* in the counter's list of procedures: lower first */
    struct str level;                /* "toan_trinh", "mot_phan", "khong_truc_tuyen" */
    struct str form_code;
    struct str result_name, result_template,
        result_register;     /* register: sign of the number, "KS" */
    struct str subject_kind; /* "tre_em": the subject is the child named in these form fields */
    struct str acts_field;   /* the form field that says what the submitter is to the subject */
    struct str subject_name_field, subject_born_field, subject_sex_field;
    struct str intake_kind, deciding_kind; /* kinds of units that take in and decide */
    struct term term;      /* of the opening, or settled by an officer; unit 0: not settled */
    struct str term_words; /* "Trong ngày; nhận sau 15:00 trả ngày làm việc tiếp theo" */
    enum term_mode due_mode; /* what "quá hạn" is judged by */
    enum resume_policy resume;
    int supplement_days; /* for the citizen to answer; working days */
    int answer_hours; /* for the counter to take in or answer what came online, working hours; 0: no
                         term */
    const struct procedure_component *components;
    size_t components_n;
    const struct procedure_fee *fees;
    size_t fees_n;
    const struct procedure_step *steps;
    size_t steps_n;
    const struct procedure_legal *legal;
    size_t legal_n;
    const struct procedure_line *order;
    size_t order_n; /* trình tự thực hiện */
    const struct str *subjects;
    size_t subjects_n;
    const struct str *executors;
    size_t executors_n;
    struct str conditions, summary;
    const struct json *record; /* as published */
};
enum err procedure_find(struct cx *cx, struct str code,
                        const struct procedure **out); /* today's; ERR_NOT_FOUND */
enum err procedure_pinned(struct cx *cx, int64_t version_id, int64_t opening_id,
                          const struct procedure **out);

struct procedure_hit {
    struct str code, name, field_name, level, term_words, subjects, place, intake_kind;
    bool open, ended;
    int64_t fee_dong;
    bool fee_known;
    int rank;
};
/* Ranked: name and alias before body; marks do not matter. The same on both databases. */
enum err procedure_search(struct cx *cx, struct str words, struct procedure_hit *out, size_t max,
                          size_t *n, size_t *total);
/* The same from the skip-th on. */
enum err procedure_search_from(struct cx *cx, struct str words, size_t skip,
                               struct procedure_hit *out, size_t max, size_t *n, size_t *total);
/* When no procedure has every word: those whose name or alias has two neighbouring ones, best
 * first. For people who ask in a sentence; a filter of a list has no use for it. */
enum err procedure_search_near(struct cx *cx, struct str words, struct procedure_hit *out,
                               size_t max, size_t *n);
/* The catalogue as people leaf through it; empty members do not choose. By name. */
struct procedure_filter {
    struct str field, publisher, level; /* level: "bo", "tinh", "xa", "khac" */
    struct str words;                   /* in the name, folded */
    bool open, free_term, unread;       /* unread: opened and not proof-read */
};
enum err procedure_list(struct cx *cx, const struct procedure_filter *f, int64_t skip,
                        struct procedure_hit *out, size_t max, size_t *n, int64_t *total);
/* All open ones, by name. */
enum err procedure_open_list(struct cx *cx, struct procedure_hit *out, size_t max, size_t *n);

/* What a unit of this kind takes in, the most usual first. */
enum err procedure_at_counter(struct cx *cx, struct str intake_kind, struct procedure_hit *out,
                              size_t max, size_t *n);

/* Terms, for whom ("Công dân Việt Nam, Doanh nghiệp") and when a paper is needed, in the reader's
 * language; what has no English stays. For pages: papers say what stands in the record. */
struct str procedure_term_said(struct cx *cx, struct str words);
struct str procedure_subjects_said(struct cx *cx, struct str list);
struct str procedure_component_said(struct cx *cx, const struct procedure_component *c);

/* The fee of one case: rows with amounts, from the form's values. */
struct procedure_charge {
    struct str code, name, kind;
    int64_t n, each_dong, total_dong;
    struct str basis;
};
enum err procedure_charges(struct cx *cx, const struct procedure *p, const struct json *form_data,
                           struct procedure_charge *out, size_t max, size_t *n,
                           int64_t *total_dong);

struct module;
extern const struct module procedure_module;
