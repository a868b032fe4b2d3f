/* identity_factor.h - the second factor: codes of an app and recovery codes; rows and rules. */
#pragma once
#include "identity_inside.h"

#define RECOVERY_CODES 10
#define RECOVERY_DIGITS 16 /* the first says which of the ten it is */

/* ---- rules (identity_factor.c) ---- */

enum code_verdict { CODE_RIGHT = 1, CODE_WRONG, CODE_USED, CODE_WAIT };
struct code_check {
    enum code_verdict verdict;
    int64_t account;
    int64_t step; /* of a code of the app */
    bool recovery;
    int slot; /* of a recovery code */
    int64_t wait_until;
};
/* Is it asked of this account at sign-in? */
enum err factor_is_on(struct cx *cx, int64_t account, bool *on);
/* SLOW. What a typed code is worth; factor_take says so for good. Of an account without one:
 * CODE_WRONG. */
enum err factor_check(struct cx *cx, int64_t account, struct str typed, struct code_check *c);
/* WRITE. Uses the code up, or counts a wrong one; c->verdict may become worse. An answer, no error:
 * what it counts must be committed. */
enum err factor_take(struct cx *cx, struct code_check *c);
struct str code_sentence(struct cx *cx, const struct code_check *c);

/* WRITE. A fresh secret, which nothing asks for yet. ERR_CONFLICT: one is on. */
enum err factor_begin(struct cx *cx, int64_t account);
/* The secret that waits for its first code. ERR_NOT_FOUND: none does. */
enum err factor_begun(struct cx *cx, int64_t account, struct str *secret);
/* SLOW. The first code. ERR_INVALID with a sentence: it is not right. */
enum err factor_first_code(struct cx *cx, int64_t account, struct str typed, int64_t *step);
/* SLOW: ten codes and their hashes; shown once. */
struct recovery_codes {
    struct str plain[RECOVERY_CODES], hash[RECOVERY_CODES];
};
enum err recovery_make(struct cx *cx, struct recovery_codes *r);
/* WRITE. From now on it is asked for. ERR_CONFLICT: another secret was made meanwhile. */
enum err factor_turn_on(struct cx *cx, int64_t account, int64_t step,
                        const struct recovery_codes *r);
enum err factor_new_codes(struct cx *cx, int64_t account, const struct recovery_codes *r);
enum err factor_turn_off(struct cx *cx, int64_t account);
/* The administrator, with a reason: the phone is lost. Its sessions end too. */
enum err factor_take_away(struct cx *cx, int64_t account, struct str reason);
/* Does a role that this account has today ask for one that is not on? */
enum err factor_owed(struct cx *cx, int64_t account, bool *owed);
/* Does such a role ask, whether one is on or not? */
enum err factor_wanted(struct cx *cx, int64_t account, bool *wanted);

/* ---- rows (identity_store_factor.c) ---- */

struct factor_row {
    int64_t account, version, made_at, on_at, last_step, failed_at;
    int failures;
    struct str secret; /* sealed */
};
enum err factor_store_find(struct cx *cx, int64_t account, struct factor_row *out);
enum err factor_store_begin(struct cx *cx, int64_t account, struct str secret); /* ERR_CONFLICT */
enum err factor_store_on(struct cx *cx, int64_t account, int64_t version, int64_t step);
/* Only if the code is newer than the last one, and none is made to wait: *took. step 0: a recovery
 * code. */
enum err factor_store_take(struct cx *cx, int64_t account, int64_t step, int free_failures,
                           int64_t failed_before, bool *took);
enum err factor_store_wrong(struct cx *cx, int64_t account);
enum err factor_store_drop(struct cx *cx, int64_t account); /* with its recovery codes */
enum err factor_store_wanted(struct cx *cx, int64_t account, bool *wanted);

enum err recovery_store_add(struct cx *cx, int64_t account, int slot, struct str hash);
enum err recovery_store_drop(struct cx *cx, int64_t account);
/* One that is still good. ERR_NOT_FOUND: there is none. */
enum err recovery_store_find(struct cx *cx, int64_t account, int slot, struct str *hash);
enum err recovery_store_use(struct cx *cx, int64_t account, int slot, bool *used);
enum err recovery_store_left(struct cx *cx, int64_t account, int64_t *n);
