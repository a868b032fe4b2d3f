/*
 * copies.c - `make crash`: backups while clients file, decide and upload; each restored into an
 * empty folder (and an empty PostgreSQL), compared with the source, verified and used.
 */
#include "app.h"
#include "copies.h"

#include "journal/journal.h"
#include "lane/lane.h"
#include "testing/cluster.h"
#include "vault/vault.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COPIES_MAX 20
#define BETWEEN_MS 1500
#define WARM_UP_MS 180000

extern char **environ;

struct copied {
    struct log_point before, after;
    size_t acks; /* acknowledged before it began */
};
struct run {
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load;
    struct arena *arena;
    struct cluster *from, *to; /* PostgreSQL */
    struct place source;
    struct copied copies[COPIES_MAX];
    int copies_n;
    struct crash_report out;
};

static const char *in(struct run *r, const char *name)
{
    return str_fmt(r->arena, "%s/%s", r->server.root, name).p;
}

static const char *numbered(struct run *r, const char *name, int i)
{
    return str_fmt(r->arena, "%s/%s%d", r->server.root, name, i).p;
}

static bool shell(struct run *r, const char *command)
{
    int status = -1;
    const pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    if (status != 0)
        crash_found(&r->findings, "%s: %d", command, status);
    return status == 0;
}

static bool program(struct run *r, const char *const *words)
{
    char said[2000];
    const int code = server_run(&r->server, words, said, sizeof said);
    if (code != 0)
        crash_found(&r->findings, "%s: %d, %s", words[0], code, said);
    return code == 0;
}
#define RUN(r, ...) program((r), (const char *const[]){__VA_ARGS__, NULL})

/* ---- PostgreSQL ---- */

static const char *address(struct run *r, const struct cluster *c)
{
    return str_fmt(r->arena, "host=%s user=tinhso dbname=tinhso", cluster_folder(c)).p;
}

/* The program and its verbs, from now on. */
static void use(struct run *r, const struct cluster *c)
{
    if (c)
        setenv("TINHSO_DATABASE",
               str_fmt(r->arena, "postgresql://tinhso@/tinhso?host=%%2Ftmp%%2F%s",
                       cluster_folder(c) + 5)
                   .p,
               1);
}

static bool open_source(struct run *r)
{
    r->source = (struct place){.findings = &r->findings};
    return place_open(&r->source, r->from ? address(r, r->from) : in(r, "data/core.db"),
                      r->from != NULL);
}

/* ---- under load ---- */

static size_t acks_of(struct run *r)
{
    pthread_mutex_lock(&r->load.lock);
    const size_t n = r->load.acks.n;
    pthread_mutex_unlock(&r->load.lock);
    return n;
}

static bool wait_for_acks(struct run *r, size_t wanted)
{
    const int64_t end = crash_now_ms() + WARM_UP_MS;
    while (acks_of(r) < wanted && crash_now_ms() < end && r->findings.n == 0)
        crash_sleep_us(10'000);
    if (acks_of(r) < wanted)
        crash_found(&r->findings, "the clients get nowhere: %zu acknowledged", acks_of(r));
    return r->findings.n == 0;
}

static bool copy_once(struct run *r)
{
    struct copied *c = &r->copies[r->copies_n];
    c->acks = acks_of(r);
    c->before = log_here(&r->source);
    if (!RUN(r, "backup", numbered(r, "copy", r->copies_n), "--data", r->server.data))
        return false;
    c->after = log_here(&r->source);
    r->copies_n++;
    return true;
}

static bool copy_under_load(struct run *r, int n)
{
    bool good = wait_for_acks(r, (size_t)r->load.clients_n * 4);
    while (good && r->copies_n < n) {
        const size_t before = acks_of(r);
        good = copy_once(r) && wait_for_acks(r, before + 4); /* they went on meanwhile */
        crash_sleep_us(BETWEEN_MS * 1000);
    }
    return good;
}

/* ---- somebody is erased after the copies were made ---- */

static enum err erase(struct cx *cx, void *)
{
    int64_t subject;
    /* An officer of the demo who does nothing here. */
    TRY(db_one_int(cx, &subject, "select max(subject) from identity_account"));
    return journal_erase(cx, subject, S("12/QĐ-UBND"));
}

static enum err write_tombstones(struct cx *cx, void *)
{
    return vault_tombstones(cx);
}

static int erase_one(const char *data)
{
    static struct app a;
    const struct app_options o = {.verb = "verify", .data = data};
    int code = app_begin(&a, &o, environ);
    if (code == EX_OK)
        code = app_lock(&a, false);
    enum err e = code == EX_OK ? app_open(&a, false) : ERR_IO;
    if (e == OK)
        e = lane_call(a.env.lanes, LANE_WRITE, &a.cx, erase, NULL);
    if (e == OK)
        e = lane_call(a.env.lanes, LANE_SLOW, &a.cx, write_tombstones, NULL);
    if (e != OK)
        (void)app_failed(&a, e);
    app_close(&a);
    app_end(&a);
    return e == OK ? 0 : 1;
}

static bool erase_somebody(struct run *r)
{
    int status = -1;
    const pid_t pid = fork();
    if (pid == 0)
        _exit(erase_one(r->server.data));
    waitpid(pid, &status, 0);
    if (status != 0)
        crash_found(&r->findings, "nobody could be erased: %d", status);
    return status == 0;
}

/* ---- one copy ---- */

/* PostgreSQL's is rows in a file: it comes back without anybody opening it. */
static bool bring_back(struct run *r, const char *copy)
{
    struct env env = {.clock = clock_system, .random = random_system};
    struct cx cx = {.arena = r->arena, .env = &env, .actor = &actor_program};
    struct db_store *s;
    enum err e = db_open(&cx, &(struct db_config){.url = str_c(getenv("TINHSO_DATABASE"))}, &s);
    if (e == OK)
        e = db_connect(&cx, s, DB_WRITER, &cx.db);
    if (e == OK)
        e = db_restore(&cx, str_fmt(r->arena, "%s/" APP_COPY_POSTGRES, copy),
                       module_schema_roots(r->arena, app_modules));
    db_disconnect(cx.db);
    db_close(s);
    if (e != OK)
        crash_found(&r->findings, "%s: %.*s", copy, F(cx.why));
    return e == OK;
}

static void compare(struct run *r, const struct copied *c, const char *copy)
{
    struct place p = {.findings = &r->findings};
    int64_t must = c->before.below;
    use(r, r->to);
    if (!place_open(&p, r->to ? address(r, r->to) : in(r, "probe.db"), r->to != NULL))
        return;
    if (r->to ? log_expect(&p) && bring_back(r, copy) : true) {
        if (!r->to) /* one writer: everything up to the barrier, without a gap */
            must = place_number(&p, "select max(unit) + 1 from barrier_log");
        if (must < c->before.below)
            crash_found(&r->findings, "%s ends before it was begun", copy);
        log_check(&p, &r->source, must, c->after.next);
        if (r->to)
            (void)log_expect(&p); /* empty again, for the program's own restore */
    }
    place_close(&p);
}

/* Restored as an operator does it; then people go on with it. */
static void use_again(struct run *r, const struct copied *c, const char *copy, const char *data)
{
    struct server source = r->server;
    const char *keys = str_fmt(r->arena, "%s/keys", source.data).p;
    if (!shell(r, str_fmt(r->arena, "mkdir -m 700 %s && cp %s/tombstones.log %s", data, source.data,
                          data)
                      .p) ||
        !RUN(r, "restore", copy, "--data", data, "--keys", keys) ||
        !RUN(r, "verify", "--data", data))
        return;
    snprintf(r->server.data, sizeof r->server.data, "%s", data);
    struct place p = {.findings = &r->findings};
    if (place_open(&p, r->to ? address(r, r->to) : str_fmt(r->arena, "%s/core.db", data).p,
                   r->to != NULL) &&
        place_number(&p, "select count(*) from vault_subject where erased_at > 0") != 1)
        crash_found(&r->findings, "%s: who was erased is there again", copy);
    place_close(&p);
    const size_t acks = r->load.acks.n;
    if (server_start(&r->server) && server_ready(&r->server)) {
        r->load.acks.n = c->acks;
        check_again(&r->load, &r->out);
        r->load.acks.n = acks;
        if (!server_stop(&r->server))
            crash_found(&r->findings, "the restored server did not end well");
    }
    r->server = source;
}

/* Every stored file is the source's, byte for byte. */
static void compare_files(struct run *r, const char *copy)
{
    (void)shell(r, str_fmt(r->arena,
                           "[ ! -d %s/files ] || cd %s/files && find . -type f | while read f; do"
                           " cmp \"$f\" %s/files/\"$f\" || exit 1; done",
                           copy, copy, r->server.data)
                       .p);
}

static void look_at(struct run *r, int i)
{
    const char *copy = numbered(r, "copy", i), *data = numbered(r, "again", i);
    if (!r->to)
        (void)shell(r, str_fmt(r->arena, "cp %s/core.db %s", copy, in(r, "probe.db")).p);
    compare(r, &r->copies[i], copy);
    compare_files(r, copy);
    use_again(r, &r->copies[i], copy, data);
    printf("copy %d: %zu acknowledged before it, %lld sent again and %lld papers fetched so far, "
           "%lld wrong\n",
           i + 1, r->copies[i].acks, (long long)r->out.replayed, (long long)r->out.papers,
           (long long)r->findings.n);
    fflush(stdout);
}

/* ---- all of it ---- */

static bool begin(struct run *r, bool postgres)
{
    if (postgres && (!(r->from = cluster_new(NULL)) || !(r->to = cluster_new(NULL)))) {
        crash_found(&r->findings, "PostgreSQL cannot be started");
        return false;
    }
    use(r, r->from);
    if (!server_make(&r->server) || !open_source(r) || !log_install(&r->source))
        return false;
    return server_start(&r->server) && server_ready(&r->server) && load_start(&r->load, &r->server);
}

static void run(struct run *r, int n)
{
    bool good = copy_under_load(r, n);
    load_stop(&r->load);
    good = server_stop(&r->server) && good && erase_somebody(r);
    for (int i = 0; good && i < r->copies_n; i++)
        look_at(r, i);
    if (good && n > 1 && r->out.papers == 0)
        crash_found(&r->findings, "no copy had a paper in it");
}

/* copies PROGRAM N [postgresql] */
int main(int argc, char **argv)
{
    static struct run r;
    if (argc < 3)
        return 64;
    const long n = strtol(argv[2], NULL, 10);
    r.config = (struct crash_config){.program = argv[1], .counters = 3, .citizens = 2, .kills = 1};
    r.arena = arena_new((size_t)1 << 30);
    pthread_mutex_init(&r.findings.lock, NULL);
    r.server = (struct server){.config = &r.config, .findings = &r.findings, .luck = 1};
    const bool postgres = argc > 3 && strcmp(argv[3], "postgresql") == 0;
    const bool began = begin(&r, postgres);
    size_t acks = 0;
    if (began) {
        run(&r, (int)(n > COPIES_MAX ? COPIES_MAX : n));
        acks = r.load.acks.n;
        place_close(&r.source);
        load_free(&r.load);
    }
    server_kill(&r.server);
    printf("%s\t%d\t%zu\t%lld\n", postgres ? "pgcopy" : "copy", r.copies_n, acks,
           (long long)r.findings.n);
    if (began && r.findings.n == 0)
        server_remove(&r.server);
    else
        fprintf(stderr, "%s\nwhat is left lies in %s\n", r.findings.first, r.server.root);
    cluster_end(r.from);
    cluster_end(r.to);
    return !began ? 70 : r.findings.n ? 1 : 0;
}
