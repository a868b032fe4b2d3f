/*
 * identity.h - people, accounts, roles at units, rights (đăng nhập, phân quyền).
 *
 * A person is a subject of data (vault key, personal number by look-up); an account signs in. An
 * account has roles at units for a time; a role has rights, each with how far it reaches. Roles are
 * data (pack "role"); rights are code (each module's table).
 */
#pragma once
#include "base/base.h"
#include "web/web.h"

struct person {
    int64_t id;
    int64_t subject; /* vault subject */
    struct str kind; /* "cong_dan", "doanh_nghiep", "to_chuc", "co_quan" */
    struct str name;
    struct str id_no; /* 12 digits, or tax code */
    int64_t born_on;  /* day number; INT64_MIN unknown */
    struct str sex;   /* "nam", "nu", "" */
    struct str phone, email, address;
    int64_t version;
    const struct str *tokens; /* of the name, when person_make_ready put them; else none */
    size_t tokens_n;
};
/* What of adding this person can be done before the WRITE lane; the name stays as it is then. */
void person_make_ready(struct cx *cx, struct person *p);
/* WRITE lane. Finds by id number, else adds; *p gets id and subject. */
enum err person_put(struct cx *cx, struct person *p);
/* Opens personal fields: writes a read event when the person is another (decision 6): the caller's
 * cx->purpose must be stated. */
enum err person_find(struct cx *cx, int64_t id, struct person *out);
/* The same, with nothing but id, subject, kind, version and name. */
enum err person_find_name(struct cx *cx, int64_t id, struct person *out);
enum err person_by_id_no(struct cx *cx, struct str id_no, struct person *out); /* ERR_NOT_FOUND */
/* Name only, for lists in which the reader's scope already holds. */
enum err person_name(struct cx *cx, int64_t id, struct str *name);
/* Persons whose name has the words (blind index); ids, newest first. */
enum err person_search(struct cx *cx, struct str words, int64_t *ids, size_t max, size_t *n);

/* Personal number: 12 digits PPP G YY NNNNNN (other-systems.md 1.3). */
struct id_no {
    struct str digits;
    bool female;
    int birth_year;
    struct str province;
};
bool id_no_parse(struct arena *a, struct str typed, struct id_no *out); /* spaces, dots ignored */
/* The QR of a chip card: "id|old id|name|ddmmyyyy|sex|address|issued"; false: not one. */
struct card {
    struct str id_no, name, sex, address;
    int64_t born_on;
};
bool card_parse(struct arena *a, struct str pasted, struct card *out);

/* WRITE. The person changed phone, mail, address or name; ERR_CONFLICT: p->version is old. */
enum err person_update(struct cx *cx, struct person *p);

/* WRITE. Erases a person by a legal order: accounts are closed, the key is destroyed
 * (journal_erase), a job takes away what finds the person. ERR_CONFLICT: holds a role today, or is
 * erased already. */
enum err identity_erase(struct cx *cx, int64_t person, struct str order_no);

struct account {
    int64_t id, person;
    struct str login, name;
    bool closed;
    int64_t version;
};
enum err account_add(struct cx *cx, struct str login, struct str password_encoded, int64_t person,
                     struct str name, int64_t *id);
enum err account_by_login(struct cx *cx, struct str login, struct account *out);
enum err account_person(struct cx *cx, int64_t account, int64_t *person);
enum err account_name(struct cx *cx, int64_t account, struct str *name);
enum err account_find(struct cx *cx, int64_t id, struct account *out); /* ERR_NOT_FOUND */
/* The vault subject whose key seals what this account brings: its person's. */
enum err account_subject(struct cx *cx, int64_t account, int64_t *subject);
enum err account_set_password(struct cx *cx, int64_t account,
                              struct str password_encoded); /* ends its sessions */
/* What is asked of a new password (NIST SP 800-63B): length, and that it is not made of digits,
 * rows of keys, words that everybody tries, the login, names in `about`, and not on the list of
 * breached ones (setting "password.breached"). NULL: it is fine. Reads files: not for READ. */
const char *identity_password_fault(struct cx *cx, struct str password, struct str login,
                                    struct str about);
/* The name of the account and of the units where it has posts. */
struct str identity_password_about(struct cx *cx, const struct account *a);
enum err account_close(struct cx *cx, int64_t account); /* likewise */

/* ---- one-time links: how a person gets a first password, or another one ---- */

#define IDENTITY_NO_PASSWORD S("!") /* as password_encoded of account_add: only a link opens it */
#define IDENTITY_INVITE_HOURS 72

struct invite {
    struct str path; /* "/kich-hoat/TOKEN": known only now, the hash alone is kept */
    int64_t expires_at;
};
/* WRITE. A fresh link; earlier ones of the account end. ERR_CONFLICT: the account is closed. */
enum err identity_invite(struct cx *cx, int64_t account, struct invite *out);
/* Until when a link of the account waits to be used; 0: none does. */
enum err identity_invited(struct cx *cx, int64_t account, int64_t *expires_at);
/* WRITE. A fresh link goes to the mailbox of the account, made when the letter goes; a few tries.
 * ERR_CONFLICT: there is no mailbox. */
enum err identity_invite_by_mail(struct cx *cx, int64_t account);
/* Has a link been used, or a password been given otherwise? */
enum err identity_has_password(struct cx *cx, int64_t account, bool *has);

/* Roles are data: pack "role". A right reaches: own, assigned, unit, unit_tree, area_tree, public.
 */
struct role {
    struct str code, title, about;
    int sort;
    bool two_persons;   /* given and taken back by one, approved by another */
    bool second_factor; /* whoever has it can do nothing before a second factor is on */
};
struct role_right {
    struct str right, scope;
};
enum err identity_roles(struct cx *cx, struct role *out, size_t max, size_t *n);
enum err identity_role_rights(struct cx *cx, struct str role, struct role_right *out, size_t max,
                              size_t *n);

/* A role at a unit for a time. */
struct post {
    int64_t id, account, unit;
    struct str role, role_title;
    int64_t from_day, to_day; /* to_day 0: until changed */
    int64_t acting_for;       /* by delegation: for this account; 0: in one's own name */
    struct str order_no;      /* decision it rests on */
    struct str unit_path;
    int64_t given_at, given_by; /* 0: before this was kept; the program */
    int64_t ended_at, ended_by; /* taken back; 0: it was not; the program */
};
/* Gives a role at a unit from a day on (0: today). */
enum err role_grant(struct cx *cx, int64_t account, struct str role, int64_t unit, int64_t from_day,
                    int64_t to_day);
/* The same for whoever manages roles: account, role, unit, days and ground of *p. Where the role
 * wants two persons it waits for another administrator (*waits), once however often it is asked. */
enum err role_give(struct cx *cx, const struct post *p, bool *waits);
/* Ủy quyền: `to` acts for `from` in this role at this unit. ERR_DENIED: `from` does not have it. */
enum err role_delegate(struct cx *cx, int64_t from, int64_t to, struct str role, int64_t unit,
                       int64_t from_day, int64_t to_day, struct str order_no);
/* Takes it back; from the next request on it is gone. */
enum err role_revoke(struct cx *cx, int64_t post);
enum err identity_posts(struct cx *cx, int64_t account, struct post *out, size_t max,
                        size_t *n); /* today's */
/* How many people hold a role today. */
enum err identity_officers(struct cx *cx, int64_t *n);
/* Accounts with this right at this unit today. */
enum err identity_who_may(struct cx *cx, const struct right *r, int64_t unit, int64_t *accounts,
                          size_t max, size_t *n);
/* An officer's signing key and certificate. The key is with keyd (keyd/keyd.h) and signs there;
 * *key is freed with cx. */
enum err identity_signer(struct cx *cx, int64_t account, struct key **key, struct str *cert_der,
                         struct str *ca_der);

/* Makes the installation's certificate authority if there is none; WRITE. */
enum err identity_authority_make(struct cx *cx);
/* Makes this account's signing key and certificate (again: a new one); WRITE. */
enum err identity_signer_make(struct cx *cx, int64_t account);
/* Keys from before keyd go to it, some at a time; WRITE. */
enum err identity_signers_adopt(struct cx *cx, bool *more);
enum err identity_authority(struct cx *cx, struct str *ca_der); /* ERR_NOT_FOUND */

web_grant identity_grant;
web_load_actor identity_load_actor;
web_actor_subject identity_actor_subject;

/* Invented people of the demo and of stories: all have one password. */
struct demo_account {
    const char *login, *name, *role, *unit_code, *does;
};
extern const struct demo_account identity_demo_accounts[]; /* {0}-ended */
#define IDENTITY_DEMO_PASSWORD "tinhso-2026"

struct module;
extern const struct module identity_module;
