/* crash_run.c - kill after kill: start, load, look, kill at a random moment. */
#include "inside.h"

#include <stdlib.h>

#define LOAD_MOST_MS 900  /* between the look and the next kill */
#define EARLY_MOST_MS 150 /* a kill while it starts */
#define WARM_UP_MS 180000

struct run {
    const struct crash_config *config;
    struct crash_report *out;
    struct crash_findings findings;
    struct server server;
    struct load load;
};

static void say(const struct run *r, const struct checked *c)
{
    if (r->config->say)
        printf(
            "kill %3d: %6zu acknowledged, %lld dossiers, %lld events, %lld files, %lld sent again, %lld wrong\n",
            r->out->kills, r->load.acks.n, (long long)c->dossiers, (long long)c->events,
            (long long)c->files, (long long)atomic_load(&r->load.sent_again),
            (long long)r->findings.n);
    fflush(stdout);
}

/* Sometimes again while it starts, or only the child, which the supervisor replaces. */
static bool kill_once(struct run *r)
{
    struct server *s = &r->server;
    uint32_t way = server_roll(s, 4);
    r->out->kills++;
    if (way == 0 && !r->config->power) {
        server_kill_child(s);
        return true;
    }
    if (!server_kill(s) || !server_start(s))
        return false;
    if (way == 1 && r->out->kills < r->config->kills) {
        crash_sleep_us((int64_t)server_roll(s, EARLY_MOST_MS) * 1000);
        r->out->kills++;
        return server_kill(s) && server_start(s);
    }
    return true;
}

static bool look(struct run *r)
{
    struct checked c = {0};
    if (!server_ready(&r->server))
        return false;
    atomic_store(&r->load.easy, true);
    check_all(&r->load, &c);
    atomic_store(&r->load.easy, false);
    say(r, &c);
    return r->findings.n == 0;
}

static bool kill_often(struct run *r)
{
    while (r->out->kills < r->config->kills) {
        crash_sleep_us((int64_t)server_roll(&r->server, LOAD_MOST_MS) * 1000);
        if (!kill_once(r) || !look(r))
            return false;
    }
    return true;
}

/* All clients are in before the first kill: there is something to lose. */
static bool warm_up(struct run *r)
{
    const int64_t end = crash_now_ms() + WARM_UP_MS;
    size_t wanted = (size_t)r->load.clients_n * 4, n = 0;
    while (n < wanted && crash_now_ms() < end && r->findings.n == 0) {
        crash_sleep_us(10'000);
        pthread_mutex_lock(&r->load.lock);
        n = r->load.acks.n;
        pthread_mutex_unlock(&r->load.lock);
    }
    if (n < wanted)
        crash_found(&r->findings, "the clients get nowhere: %zu acknowledged", n);
    return r->findings.n == 0;
}

static void end(struct run *r, bool good)
{
    if (good && server_ready(&r->server)) {
        load_stop(&r->load);
        look(r);
        check_again(&r->load, r->out);
        look(r); /* sending again did nothing */
        if (!server_stop(&r->server))
            crash_found(&r->findings, "the server did not end well");
        return;
    }
    atomic_store(&r->load.stop, true);
    if (server_kill(&r->server) && server_start(&r->server))
        (void)server_ready(&r->server); /* so that clients in the middle get an answer */
    load_stop(&r->load);
    server_kill(&r->server);
}

bool crash_run(const struct crash_config *c, struct crash_report *out)
{
    struct run r = {.config = c, .out = out};
    *out = (struct crash_report){0};
    pthread_mutex_init(&r.findings.lock, NULL);
    r.findings.quiet = c->drop && c->drop[0];
    r.server = (struct server){.config = c, .findings = &r.findings, .luck = c->seed ? c->seed : 1};
    bool began = server_make(&r.server) && server_start(&r.server) && server_ready(&r.server) &&
                 load_start(&r.load, &r.server);
    if (began) {
        end(&r, warm_up(&r) && kill_often(&r));
        out->acknowledged = (int64_t)r.load.acks.n;
        out->sent_again = atomic_load(&r.load.sent_again);
        out->busy = atomic_load(&r.load.busy);
        load_free(&r.load);
    } else {
        server_kill(&r.server);
    }
    out->lost = began ? r.findings.n : 0;
    snprintf(out->what, sizeof out->what, "%s", r.findings.first);
    if (r.findings.n == 0 || c->drop)
        server_remove(&r.server);
    else
        fprintf(stderr, "what is left lies in %s\n", r.server.root);
    return began;
}
