/* procedure_store.h - the only SQL about procedure_* tables. */
#pragma once
#include "procedure/procedure.h"

struct version_row {
    int64_t id, procedure, valid_from;
    struct str code, name, field_code, field_name, record, sha256;
};
struct opening_row {
    int64_t id, procedure, valid_from;
    struct str settings, sha256;
};

enum err procedure_store_put(struct cx *cx, struct str code, int64_t *id); /* finds or adds */
enum err procedure_store_version(struct cx *cx, struct str code, int64_t on_day,
                                 struct version_row *out); /* ERR_NOT_FOUND */
enum err procedure_store_version_by_id(struct cx *cx, int64_t id, struct version_row *out);
enum err procedure_store_version_add(struct cx *cx, struct version_row *v);
/* ERR_NOT_FOUND without a sentence: not opened. */
enum err procedure_store_opening(struct cx *cx, int64_t procedure, int64_t on_day,
                                 struct opening_row *out);
enum err procedure_store_opening_by_id(struct cx *cx, int64_t id, struct opening_row *out);
enum err procedure_store_opening_add(struct cx *cx, struct opening_row *o);
/* Codes of all opened procedures, by field and name. */
enum err procedure_store_open_codes(struct cx *cx, int64_t on_day, struct str *out, size_t max,
                                    size_t *n);
enum err procedure_store_next_codes(struct cx *cx, struct str after, struct str *out, size_t max,
                                    size_t *n);

/* The search index. */
enum err procedure_store_at_counter(struct cx *cx, struct str intake_kind, struct str *out,
                                    size_t max, size_t *n);
enum err procedure_store_counter_add(struct cx *cx, int64_t procedure, struct str intake_kind,
                                     int place);
enum err procedure_store_index_drop(struct cx *cx, int64_t procedure);
enum err procedure_store_word_add(struct cx *cx, struct str word, int64_t procedure, int weight);
enum err procedure_store_search_add(struct cx *cx, int64_t procedure, struct str name,
                                    struct str aliases);
/* What has a word beginning with each of these, once: name and aliases folded, the sum of each
 * word's heaviest place. */
struct search_row {
    int64_t procedure;
    struct str code, name, aliases;
    int64_t weight;
    int score; /* the search's own */
};
enum err procedure_store_candidates(struct cx *cx, const struct str *words, size_t words_n,
                                    struct search_row **out, size_t *n);
