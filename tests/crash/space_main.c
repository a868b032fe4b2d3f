/* space_main.c - `make crash`: a disk that really is full, without names, read-only. */
#include "space.h"

/* space PROGRAM LIBRARY */
int main(int argc, char **argv)
{
    struct space_report r;
    if (argc < 3) {
        fprintf(stderr, "space PROGRAM LIBRARY\n");
        return 64;
    }
    const bool ran =
        space_run(&(struct space_asked){.program = argv[1], .library = argv[2], .say = true}, &r);
    if (r.skipped[0]) {
        printf("not tried: %s\n", r.skipped);
        return 0;
    }
    if (r.what[0])
        fprintf(stderr, "%s\n", r.what);
    printf("full\t%lld\t%lld\t%lld\n", (long long)r.refused, (long long)r.acknowledged,
           (long long)r.lost);
    return !ran ? 70 : r.lost ? 1 : 0;
}
