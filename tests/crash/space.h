/*
 * space.h - a disk that really has no more room while people work.
 *
 * The data folder is a small file system of its own, in a mount namespace of this process. People
 * file and decide over HTTP; then the space runs out, the names (inodes) run out, and the disk is
 * read-only. Meanwhile sending answers 503 with words, reading answers as ever; when there is room
 * again the work goes on by itself, and nothing acknowledged is lost.
 */
#pragma once
#include "inside.h"

struct space_asked {
    const char *program, *library; /* tinhso; fault.so */
    int refusals;                  /* to wait for in each phase; 0: 20 */
    bool say;
};
struct space_report {
    int64_t refused, read, acknowledged, lost;
    int phases;
    char skipped[200]; /* why it cannot be tried on this machine; empty: it was */
    char what[1000];
};
/* Before any thread of this process. False: it could not run. */
bool space_run(const struct space_asked *asked, struct space_report *out);
