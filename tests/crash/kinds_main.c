/* kinds_main.c - `make crash`: every call of every kind of job alone fails once, as a table. */
#include "kinds.h"

#include <stdlib.h>

static int number(const char *text)
{
    return text ? (int)strtol(text, NULL, 10) : 0;
}

/* kinds PROGRAM LIBRARY [postgresql] [KIND ...]; EVERY, FAULTS (1 << kind of each), MOST of the
 * environment. */
int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--make") == 0)
        return kinds_make(argv[2]);
    if (argc >= 3 && strncmp(argv[1], "--", 2) == 0)
        return background_step(argv[1], argv[2], argv[3]);
    if (argc < 3) {
        fprintf(stderr, "kinds PROGRAM LIBRARY [postgresql] [KIND ...]\n");
        return 64;
    }
    const bool postgres = argc > 3 && strcmp(argv[3], "postgresql") == 0;
    const int only = postgres ? 4 : 3;
    const struct kinds_asked asked = {
        .of = {.program = argv[1],
               .library = argv[2],
               .self = "/proc/self/exe",
               .every = number(getenv("EVERY")) ? number(getenv("EVERY")) : 3,
               .share_more = 1, /* each n twice the one before: there are thirty kinds */
               .kinds = (unsigned)number(getenv("FAULTS")),
               .n_most = number(getenv("MOST")),
               .postgres = postgres,
               .say = true},
        .only = argc > only ? (const char *const *)argv + only : NULL,
    };
    struct kinds_report r;
    const bool ran = kinds_run(&asked, &r);
    if (r.of.what[0])
        fprintf(stderr, "%s\n", r.of.what);
    printf("%lld of %lld kinds of job\n", (long long)r.walked, (long long)r.registered);
    printf("%s\t%lld\t%lld\t%lld\n", postgres ? "pgkinds" : "kinds", (long long)r.of.met,
           (long long)r.walked, (long long)r.of.lost);
    return !ran ? 70 : r.of.lost ? 1 : 0;
}
