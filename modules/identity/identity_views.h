/* identity_views.h - what the pages of signing in and of the account are drawn from. */
#pragma once
#include "html/html.h"
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
    struct look_field_view password;
    struct look_button_view enter;
};
void identity_password_html(struct html *out, const struct identity_password_view *v);

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

struct identity_cell {
    struct str title; /* "Đơn vị", "Không" */
    bool yes;
};
struct identity_matrix_row {
    struct str title, name;
    const struct identity_cell *cells;
    size_t cells_n;
};
struct identity_matrix_view {
    const struct identity_cell *roles; /* titles of the columns */
    size_t roles_n;
    const struct identity_matrix_row *rows;
    size_t rows_n;
};
void identity_matrix_html(struct html *out, const struct identity_matrix_view *v);

struct identity_post_row {
    struct str id, role, unit, from_label, to_label, order;
};
struct identity_user_row {
    struct str id, name, login, posts;
    bool closed;
};
struct identity_users_view {
    const struct identity_user_row *rows;
    size_t rows_n;
    struct str more;
};
void identity_users_html(struct html *out, const struct identity_users_view *v);

struct identity_user_view {
    struct str id, name, login;
    bool closed;
    struct look_errors_view errors;
    const struct identity_post_row *posts;
    size_t posts_n;
    struct look_field_view role, unit, from_day, to_day;
    struct look_button_view give;
    struct str waiting; /* until when a one-time link waits; empty: none does */
    bool has_password;
};
void identity_user_html(struct html *out, const struct identity_user_view *v);

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
