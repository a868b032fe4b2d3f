/*
 * background.h - the n-th call fails inside the work of background jobs, for every n.
 *
 * A server without job threads takes in dossiers, an approval and an asked export, so that what is
 * left to do lies in the database: signing, papers, notices, mails, the file, counting. Then, on a
 * copy of that folder each time, one process does all of it with one fault armed (fault.h), and
 * another, without, an hour later, what was put off. What came of it must be what comes of it
 * undisturbed: each event once, each result signed once, each file whole, no job left over; each
 * mail accepted at most once, and where nobody can know, its state says so. Nothing acknowledged
 * is lost.
 *
 * On PostgreSQL that process lies on a wire of its own, on which the n-th call of the database
 * fails or is where the process dies (testing/wire.h), and a copy is a folder and its database.
 */
#pragma once
#include "fault.h"
#include "inside.h"
#include "testing/wire.h"

/* Of enum fault_kind; then, on PostgreSQL, what becomes of a call: FAULT_ALL_KINDS + enum
 * wire_fault.
 */
#define BACKGROUND_FAULTS ((int)FAULT_ALL_KINDS + (int)WIRE_ALL_FAULTS)
#define ON_WIRE(kind) (1U << ((int)FAULT_ALL_KINDS + (int)(kind)))

struct background_asked {
    const char *program, *library; /* tinhso; fault.so */
    const char *self;        /* this program, which is run with --act FOLDER, --settle FOLDER */
    int64_t n_first, n_most; /* of each kind; 0: from the first, to the last */
    int64_t every;           /* up to here every n; beyond, an eighth more each time; 0: 40 */
    int64_t share_more;      /* beyond: this share of n more; 0: 8, an eighth */
    unsigned kinds;          /* 1 << kind of each that is wanted; 0: all */
    bool postgres;           /* on a server of its own */
    bool say;                /* a line for each kind */
};
struct background_seen {
    int64_t met, n_largest, died, uncertain; /* faults; processes; mails nobody knows of */
    bool to_the_end;                         /* there was no n-th call any more */
};
struct background_report {
    struct background_seen of[BACKGROUND_FAULTS];
    int64_t met, acknowledged, lost;
    int64_t jobs, mails; /* done by the undisturbed run */
    char what[1000];
};
/* False: it could not run. */
bool background_run(const struct background_asked *asked, struct background_report *out);
/* A process that works on the folder; an exit code. job: the kind that --act does alone and
 * --before leaves undone; NULL: all. */
int background_step(const char *step, const char *folder, const char *job);
/* Everybody can be written to: notify_address. */
enum err background_address(struct cx *cx, int64_t account, struct str *email, struct str *name);
