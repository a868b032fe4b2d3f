/* codelist_store.h - the only SQL about codelist_* tables. */
#pragma once
#include "codelist.h"

struct codelist_row { /* a code to be written */
    int64_t id;
    struct codelist_code c;
};
enum err codelist_store_lists(struct cx *cx, struct str folded, struct codelist *out, size_t max,
                              size_t *n);
enum err codelist_store_list(struct cx *cx, struct str code, struct codelist *out);
enum err codelist_store_list_of(struct cx *cx, int64_t id, struct codelist *out);
enum err codelist_store_list_put(struct cx *cx, struct codelist *l, bool *added);
/* The version in force and how many codes, into *l. */
enum err codelist_store_state(struct cx *cx, int64_t day, struct codelist *l);
enum err codelist_store_codes(struct cx *cx, int64_t list, const struct codelist_query *q,
                              struct str folded, struct codelist_code *out, size_t max, size_t *n);
enum err codelist_store_code(struct cx *cx, int64_t list, struct str code, int64_t day,
                             struct codelist_row *out); /* ERR_NOT_FOUND, no sentence */
enum err codelist_store_code_add(struct cx *cx, int64_t list, const struct codelist_code *c);
enum err codelist_store_code_update(struct cx *cx, int64_t id, const struct codelist_code *c);
enum err codelist_store_code_end(struct cx *cx, int64_t id, int64_t last_day);
enum err codelist_store_change_add(struct cx *cx, int64_t list, const struct codelist_change *c);
enum err codelist_store_changes(struct cx *cx, int64_t list, struct str code,
                                struct codelist_change *out, size_t max, size_t *n);
enum err codelist_store_steps(struct cx *cx, int64_t list, struct str code, int64_t from,
                              int64_t to, struct codelist_change *out, size_t max, size_t *n);
enum err codelist_store_diff(struct cx *cx, int64_t list, int64_t from, int64_t to, int64_t *after,
                             struct codelist_change *out, size_t max, size_t *n);
enum err codelist_store_versions(struct cx *cx, int64_t list, struct codelist_version *out,
                                 size_t max, size_t *n);
enum err codelist_store_drafts(struct cx *cx, struct codelist_version *out, size_t max, size_t *n);
enum err codelist_store_version(struct cx *cx, int64_t id, struct codelist_version *out,
                                struct str *body);
enum err codelist_store_version_named(struct cx *cx, int64_t list, struct str name,
                                      struct codelist_version *out);
enum err codelist_store_version_add(struct cx *cx, struct codelist_version *v, struct str body);
/* From one of these states to another. ERR_CONFLICT: it is in neither. */
enum err codelist_store_version_state(struct cx *cx, const struct codelist_version *v,
                                      struct str from, struct str to);
enum err codelist_store_version_count(struct cx *cx, int64_t id, int64_t added, int64_t changed,
                                      int64_t ended);
enum err codelist_store_version_done(struct cx *cx, int64_t id);
enum err codelist_store_newest(struct cx *cx, int64_t list, int64_t *valid_from); /* 0: none */
enum err codelist_store_subscribe(struct cx *cx, int64_t list, int64_t account, bool on);
enum err codelist_store_subscribers(struct cx *cx, int64_t list, int64_t after, int64_t *out,
                                    size_t max, size_t *n);

enum err codelist_store_pair_put(struct cx *cx, int64_t a, int64_t b, const struct codelist_pair *p,
                                 bool *changed);
enum err codelist_store_crossed(struct cx *cx, int64_t list, bool *crossed);
enum err codelist_store_pair_drop(struct cx *cx, int64_t id);
enum err codelist_store_pairs_between(struct cx *cx, int64_t a, int64_t b,
                                      struct codelist_pair *out, size_t max, size_t *n);
enum err codelist_store_pairs_of(struct cx *cx, int64_t list, struct str code,
                                 struct codelist_pair *out, size_t max, size_t *n);
