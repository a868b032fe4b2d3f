/* crowd_main.c - `make crash`: 2,000 streams and 1,000 uploads at once, their memory. */
#include "crowd.h"

#include <stdlib.h>

/* crowd PROGRAM [STREAMS UPLOADS] */
int main(int argc, char **argv)
{
    struct crowd_report r;
    if (argc < 2) {
        fprintf(stderr, "crowd PROGRAM [STREAMS UPLOADS]\n");
        return 64;
    }
    const struct crowd_asked asked = {
        .program = argv[1],
        .streams = argc > 3 ? (int)strtol(argv[2], NULL, 10) : 2000,
        .uploads = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1000,
    };
    const bool ran = crowd_run(&asked, &r);
    const bool good =
        ran && !r.what[0] && r.served && r.streams == asked.streams && r.uploads == asked.uploads;
    printf("%lld streams: %lld bytes each; %lld uploads: %lld bytes each; idle %lld kB; others "
           "served: %s %s\n",
           (long long)r.streams, (long long)r.stream_bytes, (long long)r.uploads,
           (long long)r.upload_bytes, (long long)(r.idle_bytes >> 10), r.served ? "yes" : "no",
           r.what);
    printf("crowd\t%lld\t%lld\t%d\n", (long long)(r.streams + r.uploads),
           (long long)(r.streams + r.uploads), !good);
    return !ran ? 70 : !good;
}
