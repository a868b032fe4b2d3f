/*
 * wire.h - a wire between the program and PostgreSQL that can be cut in the middle of a commit, and
 * on which the n-th call fails.
 *
 * A thread listens at a unix socket of its own and passes what is said on to the server that `url`
 * names, each connection in a thread of its own, until a test wants otherwise.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

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
/* What becomes of one call: a statement, a preparation, the begin or the end of a transaction; all
 * but "rollback", which no server refuses. */
enum wire_fault {
    WIRE_SOUND = 0,
    WIRE_FAILS,              /* the server refuses it for a reason of its own (XX000) */
    WIRE_AGAIN,              /* serialisation failure (40001) */
    WIRE_DEADLOCK,           /* deadlock (40P01) */
    WIRE_UNASKED,            /* the connection is cut before it arrives */
    WIRE_UNHEARD,            /* the connection is cut after it was done */
    WIRE_UNAWAITED,          /* the connection is cut while the server does it */
    WIRE_FAULTS,             /* the last is for a process that lies on a wire of its own */
    WIRE_DIES = WIRE_FAULTS, /* the process is killed before it arrives */
    WIRE_ALL_FAULTS,
};
const char *wire_fault_name(enum wire_fault kind);
/* The n-th call from now on, of whichever connection. */
void wire_fault(struct wire *w, enum wire_fault kind, int64_t n);
int64_t wire_met(const struct wire *w); /* since then */
void wire_end(struct wire *w);
