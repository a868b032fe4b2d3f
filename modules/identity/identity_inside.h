/* identity_inside.h - what the rules and the pages of this module share. */
#pragma once
#include "identity.h"

#define POSTS_MAX 64
#define RIGHTS_MAX 400
#define ROLES_MAX 64

/* ---- signing in (identity_account.c) ---- */

enum sign_in_verdict { SIGN_IN_RIGHT = 1, SIGN_IN_WRONG, SIGN_IN_WAIT /* too many wrong ones */ };
struct sign_in {
    enum sign_in_verdict verdict;
    int64_t account; /* 0: no such account */
    int64_t unit;    /* where to begin */
    int failures;
    int64_t wait_until;
};
/* SLOW: takes as long for an unknown login as for a wrong password. */
enum err sign_in_check(struct cx *cx, struct str login, struct str password, struct sign_in *out);
enum err sign_in_check_account(struct cx *cx, int64_t account, struct str password,
                               struct sign_in *out);
/* WRITE: counts failures, writes the event; begins the session when right. */
enum err sign_in_finish(struct cx *cx, struct web_req *rq, struct web_res *rs,
                        const struct sign_in *s, int assurance);
struct str sign_in_sentence(struct cx *cx, const struct sign_in *s);

/* WRITE: an event about an account. */
enum err identity_note(struct cx *cx, struct str kind, int64_t account);

/* The same after a locked screen or for a step-up: the session stays in its unit. */
enum err sign_in_finish_again(struct cx *cx, struct web_req *rq, struct web_res *rs,
                              const struct sign_in *s, int assurance);
enum err identity_acts_in(struct cx *cx, int64_t unit); /* WRITE: remembered for the next time */

/* The account of a link that is still good. ERR_NOT_FOUND: used, replaced, over, or never was. */
struct invite_row;
enum err identity_invite_find(struct cx *cx, struct str token, struct invite_row *out);
/* WRITE: the link is used up, the password set. ERR_CONFLICT: somebody was faster. */
enum err identity_invite_use(struct cx *cx, const struct invite_row *i, struct str encoded);

/* The notify_address of this program; for the program itself as actor. */
enum err identity_address(struct cx *cx, int64_t account, struct str *email, struct str *name);

/* ---- pages ---- */
extern const struct route identity_routes[];
extern const struct right identity_admin;
struct identity_unit_row;
size_t identity_unit_rows(struct cx *cx, struct identity_unit_row *out, size_t max);
struct str identity_scope_title(struct str word); /* "Đơn vị"; empty: no such scope */
web_handler identity_show_account, identity_show_change, identity_check_change, identity_change,
    identity_show_reads;
web_handler identity_show_matrix, identity_show_users, identity_show_user, identity_check_give,
    identity_give, identity_take_back, identity_make_invite;
web_handler identity_show_activate, identity_check_activate, identity_activate;

/* ---- packs ---- */
struct pack_report;
enum err identity_load_roles(struct cx *cx, struct str file_name, struct str bytes, size_t *next,
                             struct pack_report *report);

struct job_kind;
extern const struct job_kind identity_follow_feed, identity_follow_job;

enum err identity_demo(struct cx *cx);
