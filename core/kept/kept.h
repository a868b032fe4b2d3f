/*
 * kept.h - what was made from the database, kept until what it was made from moves.
 *
 * A schema says `$moves org org_unit;`: from then on every insert, update and delete of the table,
 * by whomever, counts up the number that stands beside "org" in kept_moves, in the same
 * transaction. The number is read in the reader's own snapshot, so equal numbers mean equal rows:
 * what is kept is never older than what the reader would have made itself, on both databases and
 * with several nodes. (`$moves org org_unit name path;`: only updates of these columns, for tables
 * that change all day in others.)
 *
 * Only readers put something in: what a writer sees may still be undone. One makes, the others who
 * want the same wait for it. The memory is bounded; what nobody asked for longest goes first.
 */
#pragma once
#include "base/base.h"
#include "db/db.h"

struct kept_shelf;
struct kept_shelf *kept_new(size_t bytes_max);
void kept_free(struct kept_shelf *k); /* nothing of it is in use any more */

/* Makes the thing in cx->arena, which is then one of the thing's own: all that *out points to must
 * lie there (or be const in the program), nothing that another kept_find gave. */
typedef enum err kept_make(struct cx *cx, void *arg, const void **out);

struct kept_wish {
    struct str key; /* names it among all things: "procedure.pinned 12 7" */
    /* What it is made from: names of `$moves`, NULL-ended; none: of the key alone. */
    const char *const *of;
    kept_make *make;
    void *arg;
    size_t about_bytes; /* how large it will be, more or less; 0: 16 kB */
};
/* *out stays as it is until cx is closed (or its lane rewinds). Without env->kept, and in a writer
 * that finds nothing, it is made in the request's own arena. Errors are those of make. */
enum err kept_find(struct cx *cx, const struct kept_wish *w, const void **out);

/* One number as the snapshot says it; 0: nothing is kept here (no env->kept), or no reader asks. */
enum err kept_number(struct cx *cx, const char *name, int64_t *n);
/* What a reader's snapshot says: the numbers of these names, as text for keys and tags. */
enum err kept_version(struct cx *cx, const char *const *of, struct str *out);

/* The small memory of a reading thread, for a few bytes (192, a key of 48) that are one person's:
 * what was made from the snapshot that cx reads, as long as nobody commits anything. True: *bytes
 * is a copy in cx->arena. The thread wipes it all with its next look at another snapshot, so that
 * nothing that was taken away lives on. What depends on the clock is not to be put here; on
 * PostgreSQL, and in a writer, nothing is found. */
bool kept_lately(struct cx *cx, struct str key, struct str *bytes);
void kept_for_now(struct cx *cx, struct str key, struct str bytes);

/* Prometheus text: things, bytes, found, made. */
void kept_metrics(struct kept_shelf *k, struct buf *out);
