/*
 * crash.h - kills the server under load and looks whether everything it acknowledged is there.
 *
 * Clients walk real dossiers through the counter, the desk, the leader's signature and back, and
 * file online with a paper, over HTTP. Whatever was answered 303 is acknowledged: it goes into a
 * ledger on disk before the client goes on. A request without an answer is sent again with the
 * same form token until there is one, as a person would. In the middle of that the server is
 * killed (SIGKILL, child and supervisor, or the child alone), or its machine loses its power
 * (power.h), and started again on what is left.
 *
 * After each time: every acknowledged act has its event exactly once, the journal verifies, the
 * database is whole, no row points into nothing. At the end: every acknowledged form sent again
 * gets the same answer and does nothing, every paper comes back byte for byte.
 */
#pragma once
#include "base/base.h"

struct crash_config {
    const char *program; /* the tinhso to be killed */
    const char *power;  /* library of power.c: a kill is a power cut; NULL: only the process dies */
    const char *drop;   /* with power: fsyncs of this pattern are passed over; "": none */
    const char *ledger; /* where acknowledgements are kept; NULL: in the folder of the run */
    int kills, counters, citizens;
    uint64_t seed;
    bool say; /* a line for each kill */
};
struct crash_report {
    int kills;
    int64_t acknowledged, sent_again, busy, replayed, papers;
    int64_t lost;    /* acknowledged, and not there, or there twice, or damaged */
    char what[1000]; /* the first thing wrong, or why it could not run */
};
/* False: it could not run at all. A run that found a loss gives true and lost > 0. */
bool crash_run(const struct crash_config *c, struct crash_report *out);
