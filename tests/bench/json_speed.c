/*
 * json_speed.c - how fast JSON is read, beside jansson, for `make bench`.
 *
 *     json_speed FILE...      ROUNDS=15
 *
 * Each file is one document. In turns of some MB each reads it into a tree and lets the tree go;
 * jansson refuses equal keys as we do. CPU time of the thread; medians of the rounds, and of the
 * ratios within a round. One line a file: name, bytes, ours MB/s, theirs MB/s, ratio.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "json/json.h"

/* What is needed of jansson 2.14, written out: its header and ours use the same names. */
struct theirs;
struct their_error {
    int line, column, position;
    char source[80];
    char text[160];
};
#define REJECT_DUPLICATES 0x1
struct theirs *json_loadb(const char *text, size_t n, size_t flags, struct their_error *error);
void json_delete(struct theirs *v);

#define TURN_BYTES ((size_t)8 << 20)
#define ROUNDS_MAX 101

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool read_ours(struct arena *a, struct str text)
{
    const struct json *v;
    struct json_error error;
    arena_reset(a);
    return json_read(a, text, &v, &error) == OK && v->n > 0;
}

static bool read_theirs(struct arena *, struct str text)
{
    struct their_error error;
    struct theirs *v = json_loadb(text.p, text.n, REJECT_DUPLICATES, &error);
    json_delete(v);
    return v != NULL;
}

/* MB a second; 0: it was refused. */
static double turn(bool (*read)(struct arena *, struct str), struct arena *a, struct str text)
{
    const size_t times = TURN_BYTES / text.n + 1;
    const double from = cpu_s();
    for (size_t i = 0; i < times; i++)
        if (!read(a, text))
            return 0;
    return (double)(times * text.n) / 1e6 / (cpu_s() - from);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return v[n / 2];
}

static bool compare(const char *path, int rounds)
{
    static char text[(size_t)16 << 20];
    static double ours[ROUNDS_MAX], theirs[ROUNDS_MAX], ratios[ROUNDS_MAX];
    FILE *f = fopen(path, "r");
    const size_t n = f ? fread(text, 1, sizeof text, f) : 0;
    if (f)
        fclose(f);
    struct arena *a = arena_new(n * 40 + ((size_t)1 << 20));
    bool good = n > 0 && a;
    for (int i = -1; good && i < rounds; i++) { /* the first warms */
        double o = turn(read_ours, a, (struct str){text, n});
        double t = turn(read_theirs, NULL, (struct str){text, n});
        good = o > 0 && t > 0;
        if (i < 0 || !good)
            continue;
        ours[i] = o, theirs[i] = t, ratios[i] = o / t;
    }
    arena_free(a);
    if (good)
        printf("%s\t%zu\t%.0f\t%.0f\t%.2f\n", path, n, median(ours, rounds), median(theirs, rounds),
               median(ratios, rounds));
    else
        fprintf(stderr, "json_speed: %s cannot be read\n", path);
    return good;
}

int main(int argc, char **argv)
{
    const char *wanted = getenv("ROUNDS");
    int rounds = wanted ? (int)strtol(wanted, NULL, 10) : 15;
    bool good = argc > 1 && rounds > 0 && rounds <= ROUNDS_MAX;
    for (int i = 1; good && i < argc; i++)
        good = compare(argv[i], rounds);
    return good ? 0 : 70;
}
