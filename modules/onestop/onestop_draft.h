/* onestop_draft.h - a dossier being filled in: answers, files, place; kept sealed until it is sent.
 */
#pragma once
#include "onestop_inside.h"

struct draft_file {
    int64_t id;
    struct str component, name;
    int64_t size_bytes;
};
struct draft {
    VEC(struct web_value) values; /* as typed */
    VEC(struct draft_file) files; /* stored, of the account's subject */
    struct str unit, delivery;    /* as typed: unit code, "quay" or "dien_tu" */
    int64_t saved_at;
};
/* Nobody's draft is ever found for another account (web_draft). An absent one is empty. */
enum err draft_load(struct cx *cx, struct str procedure, struct draft *out);
enum err draft_save(struct cx *cx, struct str procedure, const struct draft *d); /* WRITE */
enum err draft_drop(struct cx *cx, struct str procedure);                        /* WRITE */
/* Replaces the values of these names; names of check boxes may come several times. */
void draft_set(struct cx *cx, struct draft *d, const struct web_value *v, size_t n);
struct form_values draft_values(const struct draft *d);
