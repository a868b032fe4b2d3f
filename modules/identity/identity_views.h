/* identity_views.h - what the pages of signing in and of the account are drawn from. */
#pragma once
#include "html/html.h"
#include "list/list.h"
#include "look/look.h"

struct identity_demo_row {
    struct str login, name, does;
};
struct identity_sign_in_view {
    struct look_errors_view errors;
    struct look_field_view login, password;
    struct look_button_view enter;
    struct str return_to;
    bool demo;
    struct str demo_password;
    const struct identity_demo_row *people;
    size_t people_n;
};
void identity_sign_in_html(struct html *out, const struct identity_sign_in_view *v);

/* The lock page and the page that asks for the password again. */
struct identity_password_view {
    struct str title, text, action, return_to, name;
    struct look_errors_view errors;
    struct look_field_view password, code;
    bool asks_code;
    struct look_button_view enter;
};
void identity_password_html(struct html *out, const struct identity_password_view *v);

/* Signing in, second page. */
struct identity_code_view {
    struct look_errors_view errors;
    struct look_field_view code;
    struct look_button_view enter;
    struct str return_to;
};
void identity_code_html(struct html *out, const struct identity_code_view *v);

/* The second factor of one's own account. */
struct identity_factor_view {
    bool on, wanted, owed, few; /* wanted: a role asks for it */
    struct str since;
    int64_t left; /* recovery codes */
};
void identity_factor_html(struct html *out, const struct identity_factor_view *v);

struct identity_factor_begun_view {
    struct look_errors_view errors;
    struct markup qr, open;
    struct str secret, address; /* in groups of four; otpauth: */
    struct look_field_view code;
    struct look_button_view save;
};
void identity_factor_begun_html(struct html *out, const struct identity_factor_begun_view *v);

struct identity_factor_codes_view {
    struct str done;
    const struct str *codes;
    size_t codes_n;
};
void identity_factor_codes_html(struct html *out, const struct identity_factor_codes_view *v);

struct identity_factor_sure_view {
    struct str title, text, action;
    struct look_errors_view errors;
    struct look_field_view password, code;
    struct look_button_view enter;
};
void identity_factor_sure_html(struct html *out, const struct identity_factor_sure_view *v);

/* The administrator takes it away; no question: there is none. */
struct identity_factor_take_view {
    struct str id, name;
    struct look_confirm_view confirm;
};
void identity_factor_take_html(struct html *out, const struct identity_factor_take_view *v);

struct identity_unit_row {
    struct str id, name, roles;
    bool current;
};
struct identity_units_view {
    const struct identity_unit_row *units;
    size_t units_n;
    struct str return_to;
};
void identity_units_html(struct html *out, const struct identity_units_view *v);

struct identity_account_view {
    struct str name, login;
    const struct identity_unit_row *units;
    size_t units_n;
    bool has_person;
};
void identity_account_html(struct html *out, const struct identity_account_view *v);

struct identity_change_view {
    struct look_errors_view errors;
    struct look_field_view old, fresh, again;
    struct look_button_view save;
};
void identity_change_html(struct html *out, const struct identity_change_view *v);

struct identity_read_row {
    struct str at_label, at, who, unit, purpose, record;
};
struct identity_reads_view {
    const struct identity_read_row *rows;
    size_t rows_n;
    struct str more; /* address of the older ones; empty: no more */
};
void identity_reads_html(struct html *out, const struct identity_reads_view *v);

/* One's own open sessions. */
struct identity_session_row {
    struct str id, device, unit; /* unit: where it acts; empty: as a citizen */
    struct str began, began_label, seen, seen_label;
    bool current;
};
struct identity_sessions_view {
    const struct identity_session_row *rows;
    size_t rows_n;
    bool others; /* there are some besides this one */
};
void identity_sessions_html(struct html *out, const struct identity_sessions_view *v);

struct identity_cell {
    struct str title; /* "Đơn vị", "Không" */
    bool yes;
};
struct identity_matrix_row {
    struct str title, name;
    const struct identity_cell *cells;
    size_t cells_n;
};
struct identity_holder_row {
    struct str id, name, from_label, to_label;
};
struct identity_change_row {
    struct str at_label, text;
};
struct identity_matrix_view {
    struct look_errors_view errors;
    struct look_field_view role, unit; /* whose holders are asked for */
    struct str holders;                /* "3 người giữ vai trò ..."; empty: not asked */
    const struct identity_holder_row *people;
    size_t people_n;
    const struct identity_cell *roles; /* titles of the columns */
    size_t roles_n;
    const struct identity_matrix_row *rows;
    size_t rows_n;
    const struct identity_change_row *changes;
    size_t changes_n;
};
void identity_matrix_html(struct html *out, const struct identity_matrix_view *v);

/* "Thử hỏi": may this person do this, and why, or why not. */
struct identity_question_view {
    struct look_errors_view errors;
    struct look_field_view who, what, where;
    bool answered, yes;
    struct str answer;
    const struct look_link *reasons; /* sentences */
    size_t reasons_n;
    const struct look_link *others; /* who may there */
    size_t others_n;
};
void identity_question_html(struct html *out, const struct identity_question_view *v);

/* A role at a unit: for whom, from when to when, on which ground, by whom. */
struct identity_post_row {
    struct str id, role, unit, from_label, to_label, order;
    struct str by; /* "Vi Văn Đức giao, 09:00, 23/11/2026"; empty: before it was kept */
    struct str state; /* "Thu hồi bởi ..., 09:00, 23/11/2026"; "từ 01/12/2026"; empty: in force */
    bool delegated, may_take;
};
struct identity_users_view {
    struct list_box_view list;
    struct str asked; /* "2 đề nghị chờ duyệt"; empty: none */
};
void identity_users_html(struct html *out, const struct identity_users_view *v);

struct identity_user_view {
    struct str id, name, login;
    bool closed;
    const struct identity_post_row *posts, *past;
    size_t posts_n, past_n;
    struct str waiting; /* until when a one-time link waits; empty: none does */
    bool has_password, may_mail;
    struct str factor_since; /* the second factor is on since; empty: it is not */
};
void identity_user_html(struct html *out, const struct identity_user_view *v);

/* What changes for the person, before it is done. */
struct identity_effect_row {
    struct str title, before, after;
};
struct identity_effects_view {
    const struct identity_effect_row *rows;
    size_t rows_n;
};
void identity_effects_html(struct html *out, const struct identity_effects_view *v);

struct identity_give_view {
    struct str id, name;
    struct look_errors_view errors;
    struct look_field_view role, unit, from_day, to_day, order;
    bool ready;          /* everything is right: the effect is shown and may be confirmed */
    struct str sentence; /* "Giao vai trò Chuyên viên tại ..., từ ... đến ..." */
    struct identity_effects_view effects;
    struct look_note_view note; /* two persons, or nothing changes */
    struct str role_code, unit_code, from_typed, to_typed, order_typed;
    struct look_button_view confirm;
};
void identity_give_html(struct html *out, const struct identity_give_view *v);

struct identity_take_view {
    struct str id, name, post, sentence;
    struct identity_effects_view effects;
    struct look_note_view note, last; /* last: nobody else holds the role there */
};
void identity_take_html(struct html *out, const struct identity_take_view *v);

struct identity_erase_view {
    struct look_errors_view errors;
    struct look_field_view number, name, order, sure;
    struct look_button_view erase;
};
void identity_erase_html(struct html *out, const struct identity_erase_view *v);

struct identity_asked_row {
    struct str id, account, name, what, ground, by,
        why_not; /* why_not: this reader may not decide */
    bool own;
};
struct identity_asked_view {
    const struct identity_asked_row *rows;
    size_t rows_n;
    struct look_empty_view empty;
};
void identity_asked_html(struct html *out, const struct identity_asked_view *v);

struct identity_activate_view {
    struct str name, login, token, until;
    struct look_errors_view errors;
    struct look_field_view fresh, again;
    struct look_button_view save;
};
void identity_activate_html(struct html *out, const struct identity_activate_view *v);

struct identity_invite_view {
    struct str id, name, link, until;
};
void identity_invite_html(struct html *out, const struct identity_invite_view *v);
