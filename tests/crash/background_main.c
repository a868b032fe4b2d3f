/* background_main.c - `make crash`: every call inside the background jobs fails once, as a table.
 */
#include "background.h"

#include <stdlib.h>

static int number(const char *text)
{
    return text ? (int)strtol(text, NULL, 10) : 0;
}

/* background PROGRAM LIBRARY [N_MOST]; EVERY, ONLY of the environment. */
int main(int argc, char **argv)
{
    if (argc >= 3 && strncmp(argv[1], "--", 2) == 0)
        return background_step(argv[1], argv[2], argv[3]);
    if (argc < 3) {
        fprintf(stderr, "background PROGRAM LIBRARY [N_MOST]\n");
        return 64;
    }
    /* 0: all of them; every one up to EVERY, beyond an eighth more each time. ONLY: by its number.
     */
    const struct background_asked asked = {.program = argv[1],
                                           .library = argv[2],
                                           .self = "/proc/self/exe",
                                           .n_most = number(argc > 3 ? argv[3] : NULL),
                                           .every = number(getenv("EVERY")),
                                           .kinds =
                                               getenv("ONLY") ? 1U << number(getenv("ONLY")) : 0,
                                           .say = true};
    struct background_report r;
    printf("%-38s %6s %6s  %6s %6s\n", "inside jobs", "met", "n to", "died", "unsure");
    bool ran = background_run(&asked, &r);
    if (r.what[0])
        fprintf(stderr, "%s\n", r.what);
    printf("jobs\t%lld\t%lld\t%lld\n", (long long)r.met, (long long)r.acknowledged,
           (long long)r.lost);
    return !ran ? 70 : r.lost ? 1 : 0;
}
