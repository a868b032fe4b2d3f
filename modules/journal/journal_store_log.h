/* journal_store_log.h - the Merkle log's rows, for the files of this folder. */
#pragma once
#include "journal.h"

merkle_fetch journal_store_log_fetch; /* from: struct cx */
/* ERR_NOT_FOUND: no such node. Level 0 reads journal_position. */
enum err journal_store_log_hash(struct cx *cx, int level, uint64_t index, struct hash *out);
enum err journal_store_log_size(struct cx *cx, int64_t *size);
/* Gives positions to at most `max` events; *n: to how many. */
enum err journal_sequence_some(struct cx *cx, size_t max, size_t *n);

/* What is stored of one level of nodes. */
struct level_count {
    int64_t level, n, last_index;
};
#define LEVELS_MAX 128
enum err journal_store_log_levels(struct cx *cx, struct level_count out[LEVELS_MAX], size_t *n);

/* Heads in order of size: larger than `after` and signed later than `since`. */
enum err journal_store_log_heads(struct cx *cx, int64_t after, int64_t since,
                                 struct journal_head *out, size_t max, size_t *n);
enum err journal_head_store(struct cx *cx, const struct journal_head *h);
