/* journal_head.h - the witness file's lines, for the files of this folder. */
#pragma once
#include "journal.h"

#include <stdio.h>

/* Signs the tree as it is; out->size 0: it has a head already. Reads only. */
enum err journal_make_head(struct cx *cx, struct journal_head *out);

struct witness_line {
    bool is_head; /* else a key: head.key_id and public_der */
    struct journal_head head;
    struct str public_der;
};
bool witness_line_read(struct cx *cx, struct str line, struct witness_line *out);
/* Calls fn for each whole line; what fn needs later it copies. *whole: where the last one ends.
 * ERR_INVALID: a line that is none of ours. */
typedef enum err witness_fn(struct cx *cx, void *state, int64_t number,
                            const struct witness_line *line);
enum err witness_each(struct cx *cx, FILE *f, off_t *whole, witness_fn *fn, void *state);
