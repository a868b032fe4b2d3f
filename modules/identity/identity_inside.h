/* identity_inside.h - what the rules and the pages of this module share. */
#pragma once
#include "identity.h"

#define POSTS_MAX 64
#define RIGHTS_MAX 400
#define ROLES_MAX 64

/* ---- signing in (identity_account.c) ---- */

#define SIGN_IN_FREE 5                  /* wrong passwords, or codes, in a row without waiting */
#define SIGN_IN_WAIT_MS (5 * MINUTE_MS) /* then so long between two tries */

enum sign_in_verdict { SIGN_IN_RIGHT = 1, SIGN_IN_WRONG, SIGN_IN_WAIT /* too many wrong ones */ };
struct sign_in {
    enum sign_in_verdict verdict;
    int64_t account; /* 0: no such account */
    int64_t unit;    /* where to begin */
    int64_t wait_until;
};
/* SLOW: takes as long for an unknown login as for a wrong password. */
enum err sign_in_check(struct cx *cx, struct str login, struct str password, struct sign_in *out);
enum err sign_in_check_account(struct cx *cx, int64_t account, struct str password,
                               struct sign_in *out);
/* WRITE: counts failures, writes the event. When right: begins the session and leads to `then`; or,
 * where the account has a second factor, to the page that asks for its code first. */
enum err sign_in_finish(struct cx *cx, struct web_req *rq, struct web_res *rs,
                        const struct sign_in *s, struct str then);
enum err sign_in_wrong(struct cx *cx, const struct sign_in *s); /* WRITE: counts a failure */
struct str sign_in_sentence(struct cx *cx, const struct sign_in *s);

/* WRITE: an event about an account. */
enum err identity_note(struct cx *cx, struct str kind, int64_t account);

/* The same after a locked screen or for a step-up: the session stays in its unit. `start` says how
 * it goes on. */
enum err sign_in_finish_again(struct cx *cx, struct web_req *rq, struct web_res *rs,
                              const struct sign_in *s, const struct session_start *start);
enum err identity_acts_in(struct cx *cx, int64_t unit); /* WRITE: remembered for the next time */

/* The account of a link that is still good. ERR_NOT_FOUND: used, replaced, over, or never was. */
struct invite_row;
enum err identity_invite_find(struct cx *cx, struct str token, struct invite_row *out);
/* WRITE: the link is used up, the password set. ERR_CONFLICT: somebody was faster. */
enum err identity_invite_use(struct cx *cx, const struct invite_row *i, struct str encoded);

/* The notify_address of this program; for the program itself as actor. */
enum err identity_address(struct cx *cx, int64_t account, struct str *email, struct str *name);

/* ---- giving roles by two persons (identity_give.c) ---- */

struct asked_row;
enum err identity_wants_two(struct cx *cx, struct str role, bool *two);
/* WRITE. Takes a post back, or asks for it where the role wants two persons. */
enum err identity_take(struct cx *cx, const struct post *p, bool *waits);
/* WRITE. ERR_DENIED: by who asked, or whom it is about. */
enum err identity_approve(struct cx *cx, int64_t asked);
enum err identity_refuse(struct cx *cx, int64_t asked); /* by who asked: withdraws */

/* ---- the actor of a session (identity_actor.c) ---- */

/* What an actor may: cx->actor->grants. */
struct identity_grants {
    struct role_right *rights;
    size_t n;
};
/* A name as identity_account holds it; of a person who was erased: a word that says so. */
enum err account_open_name(struct cx *cx, int64_t subject, struct str sealed, struct str *name);

/* What a role given or taken would change for an account at a unit (identity_effect.c). */
struct effect {
    const struct right *right;
    struct str before, after; /* words of scope; empty: not at all */
};
/* role: more; post: less one. Only what changes; at most max. */
enum err identity_effect(struct cx *cx, const struct post *p, bool giving, struct effect *out,
                         size_t max, size_t *n);
/* The wider of two scopes; an empty one is none. */
struct str identity_wider(struct str a, struct str b);

struct str identity_login_lookup(struct cx *cx, struct str login); /* of a whole login */

/* Has the account a mailbox? For the program, which shows it to nobody. */
enum err identity_has_mail(struct cx *cx, int64_t account, struct str *mail, struct str *name);

/* ---- pages ---- */
extern const struct route identity_routes[];
extern const struct right identity_admin, identity_eraser;
/* For whoever manages roles. */
bool identity_reaches(struct cx *cx, int64_t unit);
#define PASSWORD_MAX 200 /* bytes */
/* Does a role at the unit of this path give the right, if it has it? (`whole` in web.h) */
bool identity_counts_at(const struct right *r, struct str unit_path);
/* The account of the path and its posts in reach, past ones too. ERR_NOT_FOUND: there are none. */
enum err identity_user_of(struct cx *cx, struct web_req *rq, struct account *a, struct post *posts,
                          size_t *n);
struct look_errors_view;
struct look_errors_view identity_one_error(struct cx *cx, struct str field, struct str sentence);
struct str identity_unit_name(struct cx *cx, int64_t unit);
struct str identity_name_of(struct cx *cx, int64_t account); /* 0: the program */
struct look_field_view;
struct look_field_view identity_role_field(struct cx *cx, struct web_req *rq, struct str chosen);
/* The password in use, and the code of the second factor. */
struct look_field_view identity_password_field(struct cx *cx, struct str wrong);
struct look_field_view identity_code_field(struct cx *cx, struct str wrong, bool focus);
struct identity_unit_row;
size_t identity_unit_rows(struct cx *cx, struct identity_unit_row *out, size_t max);
struct str identity_scope_title(struct str word); /* "Đơn vị"; empty: no such scope */
int identity_reach(struct str word);              /* how far: more is wider; -1: no such scope */
web_handler identity_show_account, identity_show_change, identity_check_change, identity_change,
    identity_show_reads, identity_show_sessions, identity_end_session;
web_handler identity_show_matrix, identity_show_users, identity_show_user, identity_make_invite,
    identity_mail_invite, identity_end_sessions;
web_handler identity_show_give, identity_check_give, identity_do_give, identity_show_take,
    identity_take_back, identity_show_asked, identity_decide, identity_show_question;
web_handler identity_show_erase, identity_check_erase, identity_do_erase;
web_handler identity_show_code, identity_check_code, identity_take_code;
web_handler identity_show_factor, identity_begin_factor, identity_show_begun, identity_check_begun,
    identity_turn_on, identity_show_off, identity_show_new_codes, identity_check_off,
    identity_check_new_codes, identity_turn_off, identity_renew_codes, identity_show_take_factor,
    identity_check_take_factor, identity_take_factor;
web_handler identity_show_activate, identity_check_activate, identity_activate;

/* ---- packs ---- */
struct pack_report;
enum err identity_load_roles(struct cx *cx, struct str file_name, struct str bytes, size_t *next,
                             struct pack_report *report);

struct job_kind;
extern const struct job_kind identity_follow_feed, identity_follow_job, identity_invite_mail_job,
    identity_forget_feed, identity_forget_job;

enum err identity_demo(struct cx *cx);
