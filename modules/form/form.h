/*
 * form.h - electronic forms as data (biểu mẫu điện tử).
 *
 * A form is a versioned JSON record of a pack: sections of fields with types, options, conditions
 * and rules. The same definition draws the page (one question on phones, a section on desktops),
 * checks what was sent, and gives the canonical JSON that is stored and printed. A dossier pins
 * the version it was filled with. No field of a procedure is known to C.
 */
#pragma once
#include "base/base.h"
#include "json/json.h"
#include "web/web.h"

enum form_type {
    FORM_TEXT = 1,
    FORM_TEXTAREA,
    FORM_DATE,
    FORM_DATE_OR_YEAR,
    FORM_NUMBER,
    FORM_MONEY,
    FORM_SELECT,
    FORM_RADIO,
    FORM_CHECKBOX,
    FORM_CHECKBOX_GROUP,
    FORM_PHONE,
    FORM_EMAIL,
    FORM_ID_NO,
    FORM_ADDRESS,
    FORM_PERSON_NAME,
};
struct form_option {
    struct str value, label;
};
struct form_field {
    struct str id, label, hint, pattern, pattern_hint, suffix;
    struct str label_officer; /* "Người nộp là gì của trẻ?"; empty: the label itself */
    enum form_type type;
    bool required;
    int64_t min, max; /* numbers; INT64_MIN, INT64_MAX: none */
    int max_length;   /* characters; 0: 200, textarea 2000 */
    const struct form_option *options;
    size_t options_n;
    struct str default_value;
    struct str prefill;    /* "person.name", "person.id_no", "person.born_on", "person.sex",
                              "person.address", "person.phone", "person.email" */
    struct str show_field; /* shown only when that field has one of these values */
    const struct str *show_values;
    size_t show_values_n;
    bool not_after_today;
    int decimals;           /* numbers: so many digits after the comma; 0: whole */
    bool by_officer;        /* asked of the specialist who drafts the result, not of the person */
    struct str offer;       /* like prefill, but offered: it can be changed; empty: nothing is */
    struct str offer_field; /* only when that field has one of these values */
    const struct str *offer_values;
    size_t offer_values_n;
};
struct form_section {
    struct str title, note;
    const struct form_field *fields;
    size_t fields_n;
};
/* "one_of": at least one of the fields is filled. "differ": no two are equal. "before": fields[0]
 * is a date before fields[1]. "older": who was born on fields[1] is at least `years` older than who
 * was born on fields[0]; a year alone counts in the person's favour. */
struct form_rule {
    struct str kind;
    const struct str *fields;
    size_t fields_n;
    struct str sentence;
    int years;
    int64_t valid_from, valid_to; /* days on which it holds; to INT64_MAX: until changed */
    bool assumed; /* no law says so: it holds for those who file from afar, not at a counter */
};
struct form {
    int64_t version_id;
    struct str code, version, title, basis;
    const struct form_section *sections;
    size_t sections_n;
    const struct form_rule *rules;
    size_t rules_n;
};
enum err form_find(struct cx *cx, struct str code,
                   const struct form **out); /* in force today; ERR_NOT_FOUND */
/* The codes of all forms in force today, in order: for whoever chooses one. */
enum err form_codes(struct cx *cx, struct str *out, size_t max, size_t *n);
/* Which version that is, without reading it. */
enum err form_in_force(struct cx *cx, struct str code, int64_t *version_id);
enum err form_version(struct cx *cx, int64_t version_id,
                      const struct form **out);                              /* a pinned one */
const struct form_field *form_field_of(const struct form *f, struct str id); /* NULL: none */

/* The same form as an officer is asked it and reads it: its labels speak of the person, not to
 * them. Lives in cx->arena. */
const struct form *form_for_officer(struct cx *cx, const struct form *f);

/* What was typed: by field name. A date sent as three boxes comes as NAME-ngay, NAME-thang,
 * NAME-nam, or one NAME as dd/mm/yyyy. */
struct form_values {
    const struct web_value *v;
    size_t n;
    bool by_officer; /* the specialist types: the fields kept for officers are asked too */
    bool at_counter; /* an officer has the papers at hand: what is only assumed does not hold */
};
struct str form_typed(struct cx *cx, const struct form_values *v, const struct form_field *f);
/* What was typed, as people read it; several boxes ticked: all of them. */
struct str form_typed_shown(struct cx *cx, const struct form_values *v, const struct form_field *f);
/* Is this field asked, given what was typed elsewhere? */
bool form_asks(struct cx *cx, const struct form *f, const struct form_values *v,
               const struct form_field *field);
/* Checks one section (index) or all (-1): adds errors for each field; *json is the canonical object
 * of what is right so far: dates yyyy-mm-dd, numbers without dots, ID without blanks; hidden
 * fields dropped. */
struct form_error {
    struct str field, label, sentence;
};
struct form_check {
    const struct form_error *errors;
    size_t n;
    struct str json;
};
enum err form_check(struct cx *cx, const struct form *f, const struct form_values *v, int section,
                    struct form_check *out);
/* A stored value as people read it (date dd/mm/yyyy, option label). */
struct str form_shown(struct cx *cx, const struct form_field *f, struct str stored);
/* The same of a value of the stored JSON: numbers and lists of options too; empty: nothing. */
struct str form_shown_json(struct cx *cx, const struct form_field *f, const struct json *stored);
/* What they gave, in the reader's language: for pages, while papers are Vietnamese. */
struct str form_said(struct cx *cx, const struct form_field *f, struct str shown);
/* Stored values as if they had been typed: a list gives several. Adds to *n. */
void form_typed_again(struct cx *cx, const struct form_field *f, const struct json *stored,
                      struct web_value *out, size_t max, size_t *n);

/* ---- on a page ---- */
struct look_field_view; /* look/look.h */
struct person;          /* identity/identity.h */
/* The field with what was typed; `wrong`: its error's sentence or empty. */
struct look_field_view form_look_field(struct cx *cx, const struct form_field *f,
                                       const struct form_values *v, struct str wrong);
/* What the person's record already says for this field; empty: it must be asked. */
struct str form_prefill(struct cx *cx, const struct form_field *f, const struct person *p);
/* What the record has to offer for this field after these answers; empty: nothing. */
struct str form_offer(struct cx *cx, const struct form *f, const struct form_values *v,
                      const struct form_field *field, const struct person *p);

/* ---- printed forms: templates of the pack kind "template" ---- */
struct template_row {
    bool wide; /* "paper: A4 ngang" */
    int64_t id, valid_from;
    struct str code, version, paper, title, basis, body, sha256;
};
enum err form_template_in_force(struct cx *cx, struct str code, int64_t on_day,
                                struct template_row *out); /* ERR_NOT_FOUND */
/* SLOW: typesets. The same row, data and cx->now give the same bytes; in the demo BẢN THỬ is across
 * the page. A field the template names and data lacks is ERR_IO: our mistake. */
enum err form_print(struct cx *cx, const struct template_row *t, const struct json *data,
                    struct str *pdf);

struct module;
extern const struct module form_module;
