/* states_main.c - `make crash`: the states of the walk and the fsyncs it stands on, as a table. */
#include "states.h"

#include <stdlib.h>

static long number(const char *text, long otherwise)
{
    return text && text[0] ? strtol(text, NULL, 10) : otherwise;
}

/* How many kinds nothing was lost without though nobody can say why; -1: it could not run. */
static int table_of_kinds(struct walked *w, int workers)
{
    struct fsync_kind kinds[KINDS_MAX];
    size_t n = states_kinds(w, kinds);
    int unexplained = 0;
    printf("%-28s %5s  without it\n", "fsync of", "times");
    for (size_t i = 0; i < n; i++) {
        struct states_seen seen;
        const char *needless = states_needless(kinds[i].pattern);
        struct states_asked asked = {
            .dropped = kinds[i].pattern, .ends_only = true, .until_red = true, .workers = workers};
        if (!states_look(w, &asked, &seen))
            return -1;
        printf("%-28s %5lld  %.100s\n", kinds[i].pattern, (long long)kinds[i].fsyncs,
               seen.red   ? seen.what
               : needless ? needless
                          : "NOTHING IS LOST");
        unexplained += !seen.red && !needless;
        fflush(stdout);
    }
    printf("%zu kinds of fsync; %d of them without effect and without a reason\n\n", n,
           unexplained);
    return unexplained;
}

static int end(struct walked *w, const struct states_seen *seen, int unexplained)
{
    bool ran = w->findings.n == 0;
    if (!ran)
        fprintf(stderr, "%s\n", w->findings.first);
    if (seen->red)
        fprintf(stderr, "%s\nthe record lies in %s\n", seen->what, w->server.root);
    printf("%lld places of the record, %lld states tried\n", (long long)seen->places,
           (long long)seen->tried);
    printf("states\t%lld\t%zu\t%lld\n", (long long)seen->distinct, w->held.n, (long long)seen->red);
    if (ran && !seen->red)
        walk_remove(w);
    return !ran ? 70 : seen->red || unexplained ? 1 : 0;
}

/* states PROGRAM POWER_LIBRARY [STATES]; SEED, WORKERS of the environment. */
int main(int argc, char **argv)
{
    if (argc == 3 && strncmp(argv[1], "--", 2) == 0)
        return walk_step(argv[1], argv[2]);
    if (argc < 3) {
        fprintf(stderr, "states PROGRAM POWER_LIBRARY [STATES]\n");
        return 64;
    }
    struct walked w = {.config = {.program = argv[1], .power = argv[2]}};
    struct states_seen seen = {0};
    const int workers = (int)number(getenv("WORKERS"), 2);
    const struct states_asked asked = {.at_most = (size_t)number(argc > 3 ? argv[3] : NULL, 2000),
                                       .seed = (uint64_t)number(getenv("SEED"), 1),
                                       .workers = workers};
    int unexplained = 0;
    if (walk_all(&w, "/proc/self/exe") && states_look(&w, &asked, &seen))
        unexplained = table_of_kinds(&w, workers);
    return end(&w, &seen, unexplained);
}
