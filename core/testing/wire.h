/*
 * wire.h - a wire between the program and PostgreSQL that can be cut in the middle of a commit.
 *
 * A thread listens at a unix socket of its own and passes bytes on to the server that `url` names,
 * each connection in a thread of its own, until a test wants otherwise.
 */
#pragma once
#include <stdbool.h>

enum wire_cut {
    WIRE_BEFORE_COMMIT, /* the commit never reaches the server */
    WIRE_AFTER_COMMIT,  /* the server has committed; its answer is lost */
    WIRE_AT_COMMIT,     /* the commit is sent, and nobody waits for the answer */
};
struct wire;
/* NULL: it cannot be made. */
struct wire *wire_start(const char *url);
const char *wire_url(const struct wire *w); /* the way through it */
/* Cuts the next `times` connections that send a commit. */
void wire_cut(struct wire *w, enum wire_cut how, int times);
int wire_cuts(const struct wire *w); /* how often it did since it began */
void wire_end(struct wire *w);
