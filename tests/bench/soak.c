/*
 * soak.c - a server under the walks of tests/crash for a long time, without a kill, for `make
 * bench`.
 *
 *     soak PROGRAM SECONDS
 *
 * Prints the process of the server as soon as it is ready, so that others may watch it, and at the
 * end how many acts were acknowledged. Its folder is gone afterwards, but for what was found.
 */
#include "tests/crash/inside.h"

#include <stdlib.h>

/* What was acknowledged is counted and forgotten: in half an hour it is more than our memory. */
static int64_t forget(struct load *l)
{
    pthread_mutex_lock(&l->lock);
    const size_t n = l->acks.n;
    l->acks.p = NULL;
    l->acks.n = l->acks.cap = 0;
    arena_reset(l->arena);
    pthread_mutex_unlock(&l->lock);
    return (int64_t)n;
}

static bool walk_for(struct server *s, int64_t ms, int64_t *acts)
{
    struct load l;
    if (!load_start(&l, s))
        return false;
    printf("%d\n", (int)s->pid);
    fflush(stdout);
    for (const int64_t end = crash_now_ms() + ms; s->findings->n == 0 && crash_now_ms() < end;) {
        crash_sleep_us(200'000);
        *acts += forget(&l);
    }
    load_stop(&l);
    *acts += forget(&l);
    load_free(&l);
    return s->findings->n == 0;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    const struct crash_config config = {.program = argv[1], .counters = 2, .citizens = 2};
    struct crash_findings findings = {0};
    struct server s = {.config = &config, .findings = &findings, .luck = 1};
    int64_t acts = 0;
    pthread_mutex_init(&findings.lock, NULL);
    bool good = server_make(&s) && server_start(&s) && server_ready(&s) &&
                walk_for(&s, strtol(argv[2], NULL, 10) * 1000, &acts);
    if (good)
        printf("%lld\n", (long long)acts);
    else
        fprintf(stderr, "soak: see %s: %s\n", s.log, findings.first);
    server_kill(&s);
    if (good)
        server_remove(&s);
    return good ? 0 : 70;
}
