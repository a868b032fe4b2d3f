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

/* ---- each fsync alone ---- */

struct row {
    char pattern[200];
    int64_t of[SINGLE_VERDICTS], all;
};

static void count_row(struct row *rows, size_t *n, const struct single *s)
{
    char pattern[200] = "";
    size_t i = 0;
    states_pattern(str_c(s->path), pattern);
    while (i < *n && strcmp(rows[i].pattern, pattern) != 0)
        i++;
    if (i == KINDS_MAX)
        return;
    if (i == *n)
        memcpy(rows[(*n)++].pattern, pattern, sizeof pattern);
    rows[i].all++;
    rows[i].of[s->verdict]++;
}

static bool is_like(const struct single *a, const struct single *b)
{
    return strcmp(a->path, b->path) == 0 && a->verdict == b->verdict && a->told_at == b->told_at;
}

static void list_single(FILE *f, const struct single *first, const struct single *s, size_t times)
{
    fprintf(f, "%s\t%llu\t%zu\t%s\t%s\t%s\t%llu\t", s->path, (unsigned long long)first->place,
            times, s->kept, single_says(s->verdict), s->told, (unsigned long long)s->told_at);
    if (s->verdict == SINGLE_NEEDED)
        fprintf(f, "%s\n", s->what);
    else
        fprintf(f, "%llu\n", (unsigned long long)s->again_at);
}

static void list_singles(const struct singles *all, const char *path)
{
    FILE *f = path ? fopen(path, "we") : NULL;
    if (!f)
        return;
    fprintf(
        f,
        "# Every fsync of one walk, left out alone (tests/crash/README.md, written by make crash).\n"
        "# times: one after the other with the same answer; places are bytes of the record\n"
        "fsync of\tat\ttimes\tthe last keeps\twithout it\tnext acknowledgement\tat\tlost, or covered at\n");
    for (size_t i = 0, first = 0; i < all->n; i++)
        if (i + 1 == all->n || !is_like(&all->p[first], &all->p[i + 1])) {
            list_single(f, &all->p[first], &all->p[i], i - first + 1);
            first = i + 1;
        }
    fclose(f);
}

/* How many nobody can say more of; -1: it could not run. */
static int table_of_singles(struct walked *w, int workers)
{
    static struct row rows[KINDS_MAX];
    struct singles all;
    size_t n = 0;
    if (!states_singles(w, NULL, workers, &all))
        return -1;
    for (size_t i = 0; i < all.n; i++)
        count_row(rows, &n, &all.p[i]);
    printf("%-28s %6s %6s %6s %6s %6s %6s\n", "fsync of, left out alone", "calls", "needed",
           "empty", "again", "gone", "untold");
    for (size_t i = 0; i < n; i++)
        printf("%-28s %6lld %6lld %6lld %6lld %6lld %6lld\n", rows[i].pattern,
               (long long)rows[i].all, (long long)rows[i].of[SINGLE_NEEDED],
               (long long)rows[i].of[SINGLE_EMPTY], (long long)rows[i].of[SINGLE_AGAIN],
               (long long)rows[i].of[SINGLE_GONE], (long long)rows[i].of[SINGLE_UNTOLD]);
    int64_t unexplained = all.of[SINGLE_FAILED];
    for (size_t i = 0; i < n; i++) {
        const char *why = states_untold(rows[i].pattern);
        if (rows[i].of[SINGLE_UNTOLD])
            printf("untold: %s: %s\n", rows[i].pattern, why ? why : "NOBODY CAN SAY WHY");
        unexplained += why ? 0 : rows[i].of[SINGLE_UNTOLD];
    }
    printf("%zu single fsyncs:\n", all.n);
    for (int v = SINGLE_NEEDED; v < SINGLE_VERDICTS; v++)
        printf("%6lld %s\n", (long long)all.of[v], single_says((enum single_verdict)v));
    list_singles(&all, getenv("FSYNCS"));
    printf("fsync\t%zu\t%lld\t%lld\n\n", all.n, (long long)all.of[SINGLE_NEEDED],
           (long long)unexplained);
    return (int)unexplained;
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
        unexplained = table_of_kinds(&w, workers) | table_of_singles(&w, workers);
    return end(&w, &seen, unexplained);
}
