/*
 * prepare.c - a server with a demo folder in which some people have worked, for `make bench`.
 *
 *     prepare PROGRAM DOSSIERS
 *
 * Starts the server and leaves it running. Prints lines for a shell: where it is, its process,
 * cookies of a citizen and of a clerk who are signed in, a dossier of each.
 */
#include "tests/crash/inside.h"

#include <stdlib.h>

static size_t acknowledged(struct load *l, const char *kind)
{
    size_t n = 0;
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < l->acks.n; i++)
        n += l->acks.p[i].kind && strcmp(l->acks.p[i].kind, kind) == 0;
    pthread_mutex_unlock(&l->lock);
    return n;
}

static struct str last_code(struct load *l, const char *kind, int client)
{
    struct str code = S("");
    for (size_t i = 0; i < l->acks.n; i++)
        if (l->acks.p[i].kind && strcmp(l->acks.p[i].kind, kind) == 0 &&
            l->acks.p[i].session == &l->clients[client].sessions[0])
            code = l->acks.p[i].code;
    return code;
}

static void tell(struct server *s, struct load *l)
{
    printf("ORIGIN='%s'\nSERVER=%d\nROOT='%s'\n", s->origin, (int)s->pid, s->root);
    printf("CLERK='%.*s'\nCODE='%.*s'\n", F(l->clients[0].sessions[0].cookies),
           F(last_code(l, "onestop.dossier.accepted", 0)));
    printf("CITIZEN='%.*s'\nREQUEST='%.*s'\n", F(l->clients[1].sessions[0].cookies),
           F(last_code(l, "onestop.dossier.sent", 1)));
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    const size_t wanted = (size_t)strtoul(argv[2], NULL, 10);
    const struct crash_config config = {.program = argv[1], .counters = 1, .citizens = 1};
    struct crash_findings findings = {0};
    struct server s = {.config = &config, .findings = &findings, .luck = 1};
    struct load l;
    pthread_mutex_init(&findings.lock, NULL);
    if (!server_make(&s) || !server_start(&s) || !server_ready(&s) || !load_start(&l, &s)) {
        fprintf(stderr, "prepare: %s\n", findings.first);
        return 70;
    }
    while (findings.n == 0 && (acknowledged(&l, "onestop.dossier.accepted") < wanted / 2 ||
                               acknowledged(&l, "onestop.dossier.sent") < wanted / 2))
        crash_sleep_us(10'000);
    load_stop(&l);
    if (findings.n) {
        fprintf(stderr, "prepare: %s\n", findings.first);
        server_kill(&s);
        return 70;
    }
    tell(&s, &l);
    load_free(&l);
    return 0;
}
