/* crash.c - `make crash`: kills the server many times, and writes down what came of it. */
#include "crash.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long number(const char *text, long otherwise)
{
    return text && text[0] ? strtol(text, NULL, 10) : otherwise;
}

/* crash PROGRAM KILLS [POWER_LIBRARY [DROP]]; SEED, CLIENTS of the environment. */
int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "crash PROGRAM KILLS [POWER_LIBRARY [DROP]]\n");
        return 64;
    }
    const struct crash_config c = {
        .program = argv[1],
        .kills = (int)number(argv[2], 20),
        .power = argc > 3 && argv[3][0] ? argv[3] : NULL,
        .drop = argc > 4 ? argv[4] : NULL,
        .counters = (int)number(getenv("CLIENTS"), 4),
        .citizens = 2,
        .seed = (uint64_t)number(getenv("SEED"), (long)time(NULL)) * UINT64_C(0x9E3779B97F4A7C15),
        .say = true,
    };
    struct crash_report r;
    bool ran = crash_run(&c, &r);
    printf(
        "%lld forms sent again for want of an answer, %lld times \"try again\"; at the end %lld forms sent again, %lld "
        "papers fetched\n",
        (long long)r.sent_again, (long long)r.busy, (long long)r.replayed, (long long)r.papers);
    printf("%s\t%d\t%lld\t%lld\n", c.power ? "power" : "kill", r.kills, (long long)r.acknowledged,
           (long long)r.lost);
    if (r.what[0])
        fprintf(stderr, "%s\n", r.what);
    return !ran ? 70 : r.lost ? 1 : 0;
}
