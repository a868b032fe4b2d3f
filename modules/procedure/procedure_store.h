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
enum err procedure_store_next_codes(struct cx *cx, struct str after, struct str *out, size_t max,
                                    size_t *n);
/* Loaded by a release that made no cards. */
enum err procedure_store_without_card(struct cx *cx, struct str *out, size_t max, size_t *n);
/* Of the newest version. ERR_NOT_FOUND without a sentence. */
enum err procedure_store_sha256_of(struct cx *cx, struct str code, struct str *out);

/* The search index. */
enum err procedure_store_counter_add(struct cx *cx, int64_t procedure, struct str intake_kind,
                                     int place);
enum err procedure_store_index_drop(struct cx *cx, int64_t procedure);
enum err procedure_store_words_add(struct cx *cx, struct str words, int64_t procedure, int weight);
struct search_row {
    int64_t procedure, open_from;
    struct str code, body;
    bool ended;
    int score; /* the search's own */
};
enum err procedure_store_text_add(struct cx *cx, const struct search_row *t);
/* How many have a word that begins so; counted up to a thousand. */
enum err procedure_store_how_many(struct cx *cx, struct str word, int64_t *n);
/* All of them. */
enum err procedure_store_candidates(struct cx *cx, struct str word, struct search_row **out,
                                    size_t *n);

/* Cards: one line of every list. */
struct card_row {
    int64_t procedure, open_from, fee_dong;
    struct str code, name, sort_key, field_name, publisher, kind, levels, subjects, place, level,
        intake_kind, term_words;
    bool fee_known, free_term, proofread, ended;
};
enum err procedure_store_card_put(struct cx *cx, const struct card_row *c);
enum err procedure_store_card(struct cx *cx, int64_t procedure, struct card_row *out);
enum err procedure_store_cards(struct cx *cx, const struct procedure_filter *f, int64_t skip,
                               struct card_row *out, size_t max, size_t *n);
/* What a unit of this kind takes in, in the order of its counter. */
enum err procedure_store_at_counter(struct cx *cx, struct str intake_kind, struct card_row *out,
                                    size_t max, size_t *n);
enum err procedure_store_card_count(struct cx *cx, const struct procedure_filter *f, int64_t *n);
/* What there is to choose from: fields or publishers with how many procedures each. */
struct card_group {
    struct str name;
    int64_t n, open;
};
enum err procedure_store_fields(struct cx *cx, struct card_group *out, size_t max, size_t *n);
enum err procedure_store_publishers(struct cx *cx, struct card_group *out, size_t max, size_t *n);

/* What officers decided; the newest row of each. ERR_NOT_FOUND without a sentence: none. */
struct term_row {
    int64_t at;
    struct str unit, cutoff, words, basis;
    int64_t n_half;
};
enum err procedure_store_term(struct cx *cx, int64_t procedure, struct term_row *out);
enum err procedure_store_term_add(struct cx *cx, int64_t procedure, const struct term_row *t);
struct proof_row {
    int64_t at;
    struct str basis;
};
enum err procedure_store_proof(struct cx *cx, int64_t version, struct proof_row *out);
enum err procedure_store_proof_add(struct cx *cx, int64_t procedure, int64_t version,
                                   struct str basis);
enum err procedure_store_is_off(struct cx *cx, int64_t procedure, bool *off);
enum err procedure_store_is_off_of(struct cx *cx, struct str code, bool *off);
/* Newest first: id, valid_from, name, sha256. */
enum err procedure_store_versions(struct cx *cx, int64_t procedure, struct version_row *out,
                                  size_t max, size_t *n);
enum err procedure_store_switch(struct cx *cx, int64_t procedure, bool off);
