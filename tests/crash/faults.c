/* faults.c - arms a fault before each request, and judges the answer. */
#include "faults.h"

#include "testing/cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define SLOTS_MAX 64
#define DOSSIERS_MAX 200
/* Every n up to here; beyond, so much more each time. A request that comes through in spite of the
 * fault takes a dossier for each n. */
#define EVERY_N_REFUSED 100
#define EVERY_N_FINE 8
#define SHARE_MORE 8

static const char *const names[FAULT_KINDS] = {
    [FAULT_WRITE] = "write fails",
    [FAULT_SHORT] = "write falls short",
    [FAULT_FULL] = "disk is full",
    [FAULT_FSYNC] = "fsync fails",
    [FAULT_NAME] = "rename, unlink, new file fail",
    [FAULT_MEMORY] = "no memory for us",
    [FAULT_MEMORY_OF_DATABASE] = "no memory for the database",
};
_Static_assert((int)WIRE_FAULTS <= (int)FAULT_KINDS, "they have one table");

/* One kind of request: "POST /viec/ * /xu-ly/trinh". */
struct slot {
    char key[100];
    int64_t n; /* the next call to fail */
    bool done;
};
struct faulting {
    const struct faults_asked *asked;
    struct faults_report *out;
    struct fault_control *control;
    struct cluster *cluster; /* PostgreSQL, and the way to it; NULL: SQLite */
    struct wire *wire;
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load;
    int kind; /* of enum fault_kind or, with a wire, enum wire_fault */
    struct slot slots[SLOTS_MAX];
    int slots_n;
    struct slot *now; /* armed */
};

/* ---- which request it is ---- */

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

static void key_of(bool post, struct str target, char out[100])
{
    struct str path, query, piece;
    str_cut(target, '?', &path, &query);
    size_t n = (size_t)snprintf(out, 100, "%s", post ? "POST" : "GET");
    for (struct str rest = str_from(path, 1); rest.n && n < 80;) {
        str_cut(rest, '/', &piece, &rest);
        bool code = (has_digit(piece) && piece.n > 9) || str_starts(piece, S("YC-"));
        n += (size_t)snprintf(out + n, 100 - n, "/%.*s", F(code ? S("*") : str_until(piece, 40)));
    }
}

static struct slot *slot_of(struct faulting *f, bool post, struct str target)
{
    char key[100];
    key_of(post, target, key);
    for (int i = 0; i < f->slots_n; i++)
        if (strcmp(f->slots[i].key, key) == 0)
            return &f->slots[i];
    if (f->slots_n == SLOTS_MAX)
        return NULL;
    struct slot *s = &f->slots[f->slots_n++];
    *s = (struct slot){.n = f->asked->n_first ? f->asked->n_first : 1};
    memcpy(s->key, key, sizeof key);
    return s;
}

/* ---- around a request ---- */

static const char *name_of(const struct faulting *f, int kind)
{
    return f->asked->postgres ? wire_fault_name((enum wire_fault)kind) : names[kind];
}

static void arm(struct faulting *f, int64_t n)
{
    if (f->wire) {
        wire_fault(f->wire, (enum wire_fault)f->kind, n);
        return;
    }
    atomic_store(&f->control->met, 0);
    atomic_store(&f->control->seen, 0);
    atomic_store(&f->control->in, n);
    atomic_store(&f->control->kind, f->kind);
}

/* How often it was met meanwhile. */
static int64_t disarm(struct faulting *f)
{
    if (!f->wire) {
        atomic_store(&f->control->kind, FAULT_NONE);
        return atomic_load(&f->control->met);
    }
    const int64_t met = wire_met(f->wire);
    wire_fault(f->wire, WIRE_SOUND, 0);
    return met;
}

/* Many passwords in a minute are refused: here the minutes go by. */
static void pass_time(struct client *c, bool post, struct str target)
{
    struct faulting *f = c->load->state;
    if (post && str_starts(target, S("/xac-nhan-lai")))
        atomic_fetch_add(&f->control->clock_ms, 3 * SECOND_MS);
}

static void before(struct client *c, bool post, struct str target)
{
    struct faulting *f = c->load->state;
    pass_time(c, post, target);
    f->now = slot_of(f, post, target);
    if (f->now && !f->now->done)
        arm(f, f->now->n);
    else
        f->now = NULL;
}

/* What a person is told is a page of ours that says in words what happened and what to do. */
static void judge_refusal(struct faulting *f, const struct page *p)
{
    bool plain = p->status == 503 ? str_find(p->words, S("Gửi lại sau vài giây"), NULL) ||
                                        str_find(p->words, S("Mở lại sau vài giây"), NULL)
                                  : str_find(p->words, S("Chưa có gì bị thay đổi"), NULL);
    bool memory = !f->wire && (f->kind == FAULT_MEMORY || f->kind == FAULT_MEMORY_OF_DATABASE);
    if (memory && p->status == 503 && p->body.n == 0) {
        f->out->of[f->kind].bare++; /* there was none to read the request with */
        return;
    }
    if (!plain && p->h1.n == 0)
        crash_found(&f->findings, "%s, %s, call %lld: %d without a word: %.*s", name_of(f, f->kind),
                    f->now->key, (long long)f->now->n, p->status,
                    F(str_until(p->words.n ? p->words : p->body, 300)));
}

static void judge(struct faulting *f, const struct page *p)
{
    struct faults_seen *seen = &f->out->of[f->kind];
    seen->met++;
    seen->busy += p->status == 503;
    seen->broken += p->status == 500;
    seen->gone += p->status == 0;
    seen->unharmed += p->status == 200 || p->status == 303;
    if (p->status == 503 || p->status == 500)
        judge_refusal(f, p);
    /* Nobody's fault: it is done again, or said to be worth another try. */
    if (f->wire && f->kind != WIRE_FAILS && p->status == 500)
        crash_found(&f->findings, "%s, %s, call %lld: 500", name_of(f, f->kind), f->now->key,
                    (long long)f->now->n);
}

static void after(struct client *c, struct browser *b)
{
    struct faulting *f = c->load->state;
    const struct page *p = browser_page(b);
    const int64_t met = disarm(f);
    struct slot *s = f->now;
    if (!s)
        return;
    if (met > 0) {
        judge(f, p);
        bool fine = p->status == 200 || p->status == 303;
        s->n += 1 + (s->n > (fine ? EVERY_N_FINE : EVERY_N_REFUSED) ? s->n / SHARE_MORE : 0);
        if (s->n > f->out->of[f->kind].n_largest)
            f->out->of[f->kind].n_largest = s->n;
    } else if (p->status == 200 || p->status == 303) {
        s->done = true; /* it came through, and there was no n-th call */
    }
    if (f->asked->n_most && s->n > f->asked->n_most)
        s->done = true;
}

/* ---- one kind of fault, to its end ---- */

static bool all_done(const struct faulting *f)
{
    for (int i = 0; i < f->slots_n; i++)
        if (!f->slots[i].done)
            return false;
    return f->slots_n > 0;
}

static bool walk_once(struct faulting *f)
{
    struct client *counter = &f->load.clients[0], *citizen = &f->load.clients[1];
    struct arena_mark a = arena_here(counter->cx.arena), b = arena_here(citizen->cx.arena);
    counter->password_at = 0; /* asked again each time */
    atomic_fetch_add(&f->control->clock_ms, MINUTE_MS + 10 * SECOND_MS);
    bool good = walk_at_the_counter(counter) && walk_online(citizen);
    counter->dossiers++;
    citizen->dossiers++;
    arena_back(counter->cx.arena, a);
    arena_back(citizen->cx.arena, b);
    return good && f->findings.n == 0;
}

static int64_t deaths_of(const struct server *s)
{
    char line[2000];
    int64_t n = 0;
    FILE *log = fopen(s->log, "re");
    while (log && fgets(line, sizeof line, log))
        n += strstr(line, "serve.child_died") != NULL;
    if (log)
        fclose(log);
    return n;
}

static void say(const struct faults_seen *s)
{
    printf("%-30s %6lld %6lld %6lld %6lld %6lld %6lld %6lld %6lld\n", s->name, (long long)s->met,
           (long long)s->n_largest, (long long)s->busy, (long long)s->bare, (long long)s->broken,
           (long long)s->unharmed, (long long)s->gone, (long long)s->deaths);
    fflush(stdout);
}

static bool run_kind(struct faulting *f, int kind)
{
    struct faults_seen *seen = &f->out->of[kind];
    struct checked checked = {0};
    int64_t deaths = deaths_of(&f->server);
    f->kind = kind;
    f->slots_n = 0;
    seen->name = name_of(f, kind);
    bool good = true;
    for (int i = 0; good && i < DOSSIERS_MAX && !all_done(f); i++)
        good = walk_once(f);
    for (int i = 0; i < f->slots_n; i++)
        seen->requests += f->slots[i].done;
    f->load.before = NULL; /* looking is not disturbed */
    if (good && server_ready(&f->server))
        check_all(&f->load, &checked);
    f->load.before = before;
    seen->deaths = deaths_of(&f->server) - deaths;
    f->out->met += seen->met;
    for (int i = 0; good && i < f->slots_n; i++)
        if (!f->slots[i].done)
            crash_found(&f->findings, "%s: %s still meets it at call %lld", seen->name,
                        f->slots[i].key, (long long)f->slots[i].n);
    if (f->asked->say)
        say(seen);
    return good && f->findings.n == 0;
}

/* ---- all of it ---- */

static bool share_control(struct faulting *f)
{
    struct server *s = &f->server;
    snprintf(s->control, sizeof s->control, "%s/control", s->root);
    int fd = open(s->control, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool good = ftruncate(fd, sizeof *f->control) == 0;
    void *p = mmap(NULL, sizeof *f->control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (!good || p == MAP_FAILED || !realpath(f->asked->library, s->faults)) {
        crash_found(&f->findings, "%s: %s", f->asked->library, strerror(errno));
        return false;
    }
    f->control = p;
    return true;
}

static bool lay_wire(struct faulting *f)
{
    struct server *s = &f->server;
    if (!f->asked->postgres)
        return true;
    f->cluster = cluster_new(NULL);
    if (f->cluster)
        snprintf(s->database, sizeof s->database, "host=%s user=tinhso dbname=tinhso",
                 cluster_folder(f->cluster));
    f->wire = f->cluster ? wire_start(s->database) : NULL;
    if (!f->wire)
        crash_found(&f->findings, "PostgreSQL cannot be started");
    else
        setenv("TINHSO_DATABASE", wire_url(f->wire), 1);
    return f->wire;
}

static void take_wire(struct faulting *f)
{
    if (f->wire)
        wire_end(f->wire);
    cluster_end(f->cluster);
    unsetenv("TINHSO_DATABASE");
}

static bool begin(struct faulting *f)
{
    struct server *s = &f->server;
    if (!lay_wire(f) || !server_make(s) || !share_control(f) || !server_start(s) ||
        !server_ready(s) || !load_prepare(&f->load, s))
        return false;
    f->load.state = f;
    bool good = true;
    for (int i = 0; good && i < 3; i++)
        good = client_enter(&f->load.clients[0], &f->load.clients[0].sessions[i]);
    return good && client_enter(&f->load.clients[1], &f->load.clients[1].sessions[0]);
}

static void run_all(struct faulting *f)
{
    struct crash_report again = {0};
    struct checked checked = {0};
    f->load.before = before;
    f->load.after = after;
    bool good = true;
    const int kinds = f->wire ? WIRE_FAULTS : FAULT_KINDS;
    for (int k = 1; good && k < kinds; k++)
        if (f->asked->only == 0 || f->asked->only == k)
            good = run_kind(f, k);
    f->load.before = NULL;
    f->load.after = NULL;
    if (good) {
        check_again(&f->load, &again);
        check_all(&f->load, &checked); /* sending again did nothing */
    }
    if (good && !server_stop(&f->server))
        crash_found(&f->findings, "the server did not end well");
}

bool faults_run(const struct faults_asked *asked, struct faults_report *out)
{
    struct faulting f = {.asked = asked, .out = out};
    *out = (struct faults_report){0};
    f.config =
        (struct crash_config){.program = asked->program, .kills = 1, .counters = 1, .citizens = 1};
    f.server = (struct server){.config = &f.config, .findings = &f.findings, .luck = 1};
    pthread_mutex_init(&f.findings.lock, NULL);
    bool began = begin(&f);
    if (began)
        run_all(&f);
    server_kill(&f.server);
    out->acknowledged = (int64_t)f.load.acks.n;
    out->lost = f.findings.n;
    snprintf(out->what, sizeof out->what, "%s", f.findings.first);
    if (began) {
        atomic_store(&f.load.stop, true);
        load_free(&f.load);
    }
    take_wire(&f);
    if (f.findings.n == 0)
        server_remove(&f.server);
    else
        fprintf(stderr, "what is left lies in %s\n", f.server.root);
    return began;
}
