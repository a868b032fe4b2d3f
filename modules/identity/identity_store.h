/* identity_store.h - the rows of people, accounts, roles, posts, signers. */
#pragma once
#include "identity.h"

/* ERR_NOT_FOUND without a sentence where nothing is. */

struct person_row {
    int64_t id, version, subject;
    struct str kind, id_lookup, id_no, name, details; /* the last four sealed or hashed */
};
enum err person_store_add(struct cx *cx, struct person_row *p);
enum err person_store_find(struct cx *cx, int64_t id, struct person_row *out);
enum err person_store_by_id(struct cx *cx, struct str id_lookup, struct person_row *out);
/* 0: nobody has the number. Opens nothing. */
enum err person_id_of_number(struct cx *cx, struct str id_no, int64_t *id);
enum err person_store_update(struct cx *cx,
                             struct person_row *p); /* sealed columns; ERR_CONFLICT */
enum err person_store_tokens_add(struct cx *cx, const struct str *tokens, size_t n, int64_t person);
enum err person_store_token_drop(struct cx *cx, struct str token, int64_t person);
/* Persons that have all tokens. */
enum err person_store_search(struct cx *cx, const struct str *tokens, size_t tokens_n, int64_t *ids,
                             size_t max, size_t *n);

/* Of an erased person: what finds it. One slice of the tokens, of `of`. */
enum err person_store_of_subject(struct cx *cx, int64_t subject, int64_t *id);
enum err person_store_forget_number(struct cx *cx, int64_t person);
enum err person_store_tokens_forget(struct cx *cx, int64_t person, int slice, int of);
enum err account_store_of_person(struct cx *cx, int64_t person, int64_t *ids, size_t max,
                                 size_t *n);
enum err account_store_forget_login(struct cx *cx, int64_t account, struct str lookup);

struct account_row {
    int64_t id, version, person, subject, failed_at, last_unit;
    struct str login_lookup, login, name, password;
    bool closed;
    int failures;
};
enum err account_store_add(struct cx *cx, struct account_row *a);
enum err account_store_find(struct cx *cx, int64_t id, struct account_row *out);
enum err account_store_by_login(struct cx *cx, struct str login_lookup, struct account_row *out);
enum err account_store_wrong(struct cx *cx, int64_t id); /* one more in a row */
enum err account_store_right(struct cx *cx, int64_t id);
enum err account_store_entered(struct cx *cx, int64_t id, int64_t unit);
enum err account_store_password(struct cx *cx, int64_t id, int64_t version, struct str password);
enum err account_store_close(struct cx *cx, int64_t id, int64_t version);

enum err role_store_put(struct cx *cx, const struct role *r, bool *changed);
enum err role_store_right_put(struct cx *cx, struct str role, struct str right, struct str scope,
                              bool *changed);
enum err role_store_right_drop(struct cx *cx, struct str role, struct str right);
enum err role_store_rights(struct cx *cx, struct str role, struct role_right *out, size_t max,
                           size_t *n);
enum err role_store_list(struct cx *cx, struct role *out, size_t max, size_t *n);

enum err post_store_add(struct cx *cx, struct post *p);
enum err post_store_end(struct cx *cx, int64_t id);
/* Every post of an account in the reach of cx->scope, also past and coming ones; newest first. */
enum err post_store_history(struct cx *cx, int64_t account, struct post *out, size_t max,
                            size_t *n);
/* Those that are in force or begin later; in the reach of cx->scope. */
enum err post_store_current(struct cx *cx, int64_t account, struct post *out, size_t max,
                            size_t *n);
/* What was given or taken back last, in the reach of cx->scope; newest first. */
enum err post_store_changes(struct cx *cx, struct post *out, size_t max, size_t *n);
/* Who holds a role at a unit today; in the reach of cx->scope. */
enum err post_store_holders(struct cx *cx, struct str role, int64_t unit, struct post *out,
                            size_t max, size_t *n);
/* The unit has another place in the tree. */
enum err post_store_moved(struct cx *cx, int64_t unit, struct str path);

/* What waits for a second administrator; all in the reach of cx->scope. */
struct asked_row {
    int64_t id, version, asked_by, asked_at, decided_by, decided_at;
    int state;        /* 1 waits, 2 approved, 3 refused, 4 withdrawn */
    struct post post; /* id: the one to take back; 0: to give */
};
enum err asked_store_add(struct cx *cx, const struct post *p, bool *fresh);
enum err asked_store_list(struct cx *cx, struct asked_row *out, size_t max, size_t *n);
enum err asked_store_find(struct cx *cx, int64_t id, struct asked_row *out);
enum err asked_store_decide(struct cx *cx, const struct asked_row *a, int state);
enum err post_store_at(struct cx *cx, int64_t unit, struct post *out, size_t max, size_t *n);
/* Today's posts: of one account (unit 0: anywhere), in the order of units. */
enum err post_store_of(struct cx *cx, int64_t account, int64_t unit, struct post *out, size_t max,
                       size_t *n);
/* What an account may in a unit today, with the rights everybody has. */
enum err post_store_rights(struct cx *cx, int64_t account, int64_t unit, struct role_right *out,
                           size_t max, size_t *n);
enum err post_store_who_may(struct cx *cx, struct str right, int64_t unit, int64_t *accounts,
                            size_t max, size_t *n);
enum err post_store_with_role(struct cx *cx, struct str role, int64_t unit, int64_t *accounts,
                              size_t max, size_t *n);

enum err authority_store_add(struct cx *cx, struct str cert);
enum err authority_store_find(struct cx *cx, struct str *cert);
enum err signer_store_add(struct cx *cx, int64_t account, struct str cert, struct str private);
struct signer_row {
    int64_t account;
    struct str private;
};
enum err signer_store_old(struct cx *cx, struct signer_row *out, size_t max, size_t *n);
enum err signer_store_adopted(struct cx *cx, int64_t account, struct str was, struct str handle);
enum err signer_store_find(struct cx *cx, int64_t account, struct str *cert, struct str *private);

struct invite_row {
    int64_t id, account, expires_at, used_at;
    struct str token_hash;
};
enum err invite_store_add(struct cx *cx, const struct invite_row *i);
enum err invite_store_end_all(struct cx *cx, int64_t account);
enum err invite_store_find(struct cx *cx, struct str token_hash, struct invite_row *out);
enum err invite_store_use(struct cx *cx, int64_t id); /* ERR_CONFLICT: used before */
/* When the link that waits ends; 0: none waits. */
enum err invite_store_waiting(struct cx *cx, int64_t account, int64_t *expires_at);
