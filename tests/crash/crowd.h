/*
 * crowd.h - what many at once cost of our own memory: uploads that stand still, streams followed.
 *
 * Counted is the memory of the server's processes that is theirs alone (RssAnon), before and while
 * the crowd is there, divided by the heads. No time is measured.
 */
#pragma once
#include "inside.h"

struct crowd_asked {
    const char *program;
    int streams, uploads; /* how many of each */
};
struct crowd_report {
    int64_t idle_bytes, stream_bytes, upload_bytes; /* in all; of one stream; of one upload */
    int64_t streams, uploads;                       /* that were taken in */
    bool served;                                    /* others were, meanwhile and afterwards */
    char what[1000];
};
/* False: it could not run. */
bool crowd_run(const struct crowd_asked *asked, struct crowd_report *out);
