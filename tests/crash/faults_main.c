/* faults_main.c - `make crash`: every call of the walk fails once, as a table. */
#include "faults.h"

#include <stdlib.h>

static int number(const char *text)
{
    return text ? (int)strtol(text, NULL, 10) : 0;
}

/* faults PROGRAM LIBRARY [N_MOST [postgresql]]; ONLY of the environment: one kind of fault by its
 * number. */
int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "faults PROGRAM LIBRARY [N_MOST]\n");
        return 64;
    }
    const struct faults_asked asked = {.program = argv[1],
                                       .library = argv[2],
                                       .n_most = number(argc > 3 ? argv[3] : NULL),
                                       .only = number(getenv("ONLY")),
                                       .postgres = argc > 4,
                                       .say = true};
    struct faults_report r;
    printf("%-30s %6s %6s %6s %6s %6s %6s %6s %6s\n", "fault", "met", "n to", "503", "bare", "500",
           "fine", "gone", "deaths");
    bool ran = faults_run(&asked, &r);
    if (r.what[0])
        fprintf(stderr, "%s\n", r.what);
    printf("%s\t%lld\t%lld\t%lld\n", asked.postgres ? "pgfault" : "fault", (long long)r.met,
           (long long)r.acknowledged, (long long)r.lost);
    return !ran ? 70 : r.lost ? 1 : 0;
}
