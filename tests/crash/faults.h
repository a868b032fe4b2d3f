/*
 * faults.h - the n-th call fails: of the disk, of the memory; for every n of every request.
 *
 * One client walks dossiers from intake to return and files online. Before each request one fault
 * is armed in the server (fault.h): its first write fails, then the second ... until the request
 * comes through without having met it. What the person sees meanwhile is an answer of ours in
 * plain Vietnamese (503: nobody knows, send it again; 500: nothing was changed), never a lost
 * effect and never two: a refused form is sent again with its token. After each kind of fault all
 * that was acknowledged is looked for and the journal verified.
 *
 * On PostgreSQL the calls are those of the database: between the program and its server lies a wire
 * on which the n-th statement, begin or commit is refused or the connection cut (testing/wire.h).
 */
#pragma once
#include "fault.h"
#include "inside.h"
#include "testing/wire.h"

struct faults_asked {
    const char *program, *library; /* tinhso; fault.so */
    int n_first, n_most;           /* of each request and kind; 0: from the first; to the last */
    int only;                      /* of enum fault_kind or enum wire_fault; 0: all kinds */
    bool postgres;
    bool say; /* a line for each kind */
};
struct faults_seen {
    const char *name;
    int64_t met, busy, broken, unharmed, gone; /* faults; 503; 500; answered as ever; no answer */
    int64_t bare;                              /* 503 without a page */
    int64_t requests;                          /* kinds of request that came to their end */
    int64_t n_largest;
    int64_t deaths; /* of the server's child */
};
struct faults_report {
    struct faults_seen of[FAULT_KINDS]; /* PostgreSQL: by enum wire_fault */
    int64_t met, acknowledged, lost;
    char what[1000];
};
/* False: it could not run. */
bool faults_run(const struct faults_asked *asked, struct faults_report *out);
