/* states_walk.c - one whole walk under the recorder, and what was acknowledged on its way. */
#include "states.h"
#include "power_record.h"

#include "app.h"
#include "journal/journal.h"
#include "lane/lane.h"
#include "vault/vault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ORDER "QĐ-01/THU"           /* by which somebody is erased */
#define CHECKPOINT_COMES_US 400'000 /* the writer was idle for a while */

static void hold(struct walked *w, struct held h)
{
    if (!h.place)
        h.place = server_recorded(&w->server);
    h.text = str_dup(w->arena, h.text);
    h.step = w->step;
    *vec_add(w->arena, &w->held) = h;
}

/* ---- files that a command said it had written ---- */

static bool digest_of(const char *path, struct hash *out)
{
    static char piece[1 << 16];
    struct hash_stream *s = hash_stream_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? 1 : -1;
    while (n > 0) {
        n = read(fd, piece, sizeof piece);
        if (n > 0)
            hash_stream_add(s, (struct str){piece, (size_t)n});
    }
    if (fd >= 0)
        close(fd);
    *out = hash_stream_end(s);
    return n == 0;
}

static void hold_file(struct walked *w, struct str path)
{
    struct held h = {.kind = HELD_FILE, .text = path};
    const char *whole = str_fmt(w->arena, "%s/%.*s", w->server.recorded, F(path)).p;
    if (digest_of(whole, &h.digest))
        hold(w, h);
    else
        crash_found(&w->findings, "%s: %s", whole, strerror(errno));
}

static void hold_files(struct walked *w, struct str folder)
{
    DIR *d = opendir(str_fmt(w->arena, "%s/%.*s", w->server.recorded, F(folder)).p);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        struct str path = str_fmt(w->arena, "%.*s/%s", F(folder), e->d_name);
        if (e->d_name[0] != '.' && e->d_type == DT_DIR)
            hold_files(w, path);
        else if (e->d_type == DT_REG)
            hold_file(w, path);
    }
    if (d)
        closedir(d);
}

/* ---- the steps ---- */

static bool runs(struct walked *w, const char *const *words)
{
    char said[1000];
    int code = server_run(&w->server, words, said, sizeof said);
    if (code != 0)
        crash_found(&w->findings, "%s: %d: %s", words[0], code, said);
    return code == 0;
}

static bool install(struct walked *w)
{
    w->step = "install";
    if (!runs(w, (const char *const[]){"demo", "--empty", "--data", w->server.data, NULL}))
        return false;
    w->installed = server_recorded(&w->server);
    hold(w, (struct held){.kind = HELD_FOLDER, .text = S("data")});
    hold_file(w, S("data/tinhso.conf"));
    hold_files(w, S("data/keys"));
    return true;
}

/* Nobody read an answer before it went out: acknowledged was it with the last that went out until
 * the client had it, not when the client came to look how far the record is. */
static void tell_when_said(const struct walked *w, struct load *l)
{
    struct power_entry e;
    uint64_t at = 0, said = 0;
    size_t i = 0;
    FILE *f = fopen(w->server.record, "re");
    while (f && i < l->acks.n && fread(&e, sizeof e, 1, f) == 1) {
        for (at += sizeof e + e.n; i < l->acks.n && l->acks.p[i].place < at; i++)
            l->acks.p[i].place = said ? said : l->acks.p[i].place;
        if (e.call == POWER_SAID)
            said = at;
        if (fseek(f, (long)at, SEEK_SET) != 0)
            break;
    }
    for (; i < l->acks.n && said; i++)
        l->acks.p[i].place = said;
    if (f)
        fclose(f);
}

static void hold_acks(struct walked *w, struct load *l)
{
    tell_when_said(w, l);
    int64_t answers = 0;
    for (size_t i = 0; i < l->acks.n; i++) {
        const struct ack *a = &l->acks.p[i];
        if (a->paper.n) {
            hold(w,
                 (struct held){
                     .kind = HELD_PAPER, .place = a->place, .digest = a->digest, .text = a->paper});
            continue;
        }
        hold(w, (struct held){.kind = HELD_ANSWERS, .place = a->place, .n = ++answers});
        if (a->kind)
            hold(w, (struct held){
                        .kind = HELD_EVENT, .place = a->place, .name = a->kind, .text = a->code});
    }
}

static bool walk_with(struct load *l)
{
    struct client *counter = &l->clients[0], *citizen = &l->clients[1];
    bool good = client_enter(citizen, &citizen->sessions[0]) && walk_online(citizen);
    crash_sleep_us(CHECKPOINT_COMES_US);
    for (int i = 0; good && i < 3; i++)
        good = client_enter(counter, &counter->sessions[i]);
    good = good && walk_at_the_counter(counter);
    crash_sleep_us(CHECKPOINT_COMES_US);
    return good && walk_online(citizen);
}

static bool serve(struct walked *w)
{
    struct load l;
    w->step = "serve";
    if (!server_start(&w->server) || !server_ready(&w->server) || !load_prepare(&l, &w->server))
        return false;
    bool good = walk_with(&l);
    good = server_stop(&w->server) && good;
    if (good) {
        hold_acks(w, &l);
        hold_file(w, S("data/witness/heads.log"));
    }
    atomic_store(&l.stop, true);
    load_free(&l);
    return good;
}

static bool back_up(struct walked *w)
{
    char to[128];
    w->step = "backup";
    snprintf(to, sizeof to, "%s/backup", w->server.recorded);
    if (!runs(w,
              (const char *const[]){"backup", to, "--with-keys", "--data", w->server.data, NULL}))
        return false;
    hold_files(w, S("backup"));
    return true;
}

static bool erase(struct walked *w, const char *self)
{
    const char *program = w->config.program;
    w->step = "erase";
    w->config.program = self;
    bool good = runs(w, (const char *const[]){"--erase", w->server.data, NULL});
    w->config.program = program;
    if (!good)
        return false;
    hold_file(w, S("data/tombstones.log"));
    hold(w, (struct held){.kind = HELD_EVENT,
                          .name = "journal.subject.erased",
                          .text = S(ORDER),
                          .only = "data"});
    return good;
}

/* Two, one after the other: the first is kept as the one before. */
static bool bring_certificates(struct walked *w, const char *self)
{
    const char *program = w->config.program;
    w->step = "certificates";
    w->config.program = self;
    bool good = runs(w, (const char *const[]){"--certify", w->server.data, NULL});
    w->config.program = program;
    static const char *const files[] = {"current.pem", "before.pem"};
    for (size_t i = 0; good && i < sizeof files / sizeof *files; i++)
        hold_file(w, str_fmt(w->arena, "data/tls/%s", files[i]));
    return good;
}

/* Whatever the cut leaves, the keys that the rows want are there: else the folder does not open. */
static bool replace_key(struct walked *w)
{
    w->step = "key";
    if (!runs(w, (const char *const[]){"key", "rotate", "--data", w->server.data, NULL}))
        return false;
    hold_files(w, S("data/keys"));
    hold(w, (struct held){.kind = HELD_EVENT, .name = "vault.master.retired", .only = "data"});
    return true;
}

static bool restore(struct walked *w)
{
    char from[128], to[128];
    w->step = "restore";
    snprintf(from, sizeof from, "%s/backup", w->server.recorded);
    snprintf(to, sizeof to, "%s/restored", w->server.recorded);
    if (!runs(w, (const char *const[]){"restore", from, "--data", to, NULL}))
        return false;
    hold(w, (struct held){.kind = HELD_FOLDER, .text = S("restored")});
    hold(w, (struct held){.kind = HELD_EVENT, .name = "journal.restored", .only = "restored"});
    hold_files(w, S("restored/keys"));
    hold_files(w, S("restored/files"));
    hold_file(w, S("restored/tinhso.conf"));
    return true;
}

static const char *memory_if_any(void)
{
    struct statvfs v;
    bool memory = statvfs("/dev/shm", &v) == 0 && v.f_bavail * v.f_frsize > (size_t)1 << 30 &&
                  access("/dev/shm", W_OK | X_OK) == 0;
    return memory ? "/dev/shm" : "/tmp";
}

bool walk_all(struct walked *w, const char *self)
{
    struct server *s = &w->server;
    w->arena = arena_new((size_t)1 << 30);
    MUST(w->arena != NULL);
    pthread_mutex_init(&w->findings.lock, NULL);
    w->config.kills = 1; /* servers end with us */
    w->config.counters = w->config.citizens = 1;
    *s = (struct server){.config = &w->config, .findings = &w->findings, .luck = 1};
    if (!server_place(s, memory_if_any()))
        return false;
    s->goes_on = true;
    snprintf(s->recorded, sizeof s->recorded, "%s/world", s->root);
    snprintf(s->data, sizeof s->data, "%.80s/data", s->recorded);
    if (mkdir(s->recorded, 0700) != 0 || mkdir(s->before, 0700) != 0)
        crash_found(&w->findings, "%s: %s", s->recorded, strerror(errno));
    return install(w) && serve(w) && back_up(w) && erase(w, self) && bring_certificates(w, self) &&
           replace_key(w) && restore(w) && w->findings.n == 0;
}

void walk_remove(struct walked *w)
{
    server_remove(&w->server);
    arena_free(w->arena);
}

/* ---- steps that no command of the program takes ---- */

static enum err new_subject(struct cx *cx, void *subject)
{
    return vault_subject_new(cx, subject);
}

static enum err erase_subject(struct cx *cx, void *subject)
{
    return journal_erase(cx, *(int64_t *)subject, S(ORDER));
}

static enum err tombstones(struct cx *cx, void *)
{
    return vault_tombstones(cx);
}

static enum err erase_somebody(struct app *a)
{
    int64_t subject = 0;
    struct lanes *l = a->env.lanes;
    TRY(lane_call(l, LANE_WRITE, &a->cx, new_subject, &subject));
    TRY(lane_call(l, LANE_WRITE, &a->cx, erase_subject, &subject));
    return lane_call(l, LANE_SLOW, &a->cx, tombstones, NULL);
}

/* Of modules/setup/setup_tls.h, which is not a door: what its job does when a certificate was
 * brought. What is in it is nobody's business here. */
struct tls_pair {
    struct str name, chain, key;
};
enum err tls_files_take(struct cx *cx, const struct tls_pair *p);

static enum err certify(struct app *a)
{
    struct str first = str_hex(a->arena, random_bytes(&a->cx, 32)),
               second = str_hex(a->arena, random_bytes(&a->cx, 32));
    TRY(tls_files_take(&a->cx, &(struct tls_pair){first, S("chain 1\n"), S("key 1\n")}));
    return tls_files_take(&a->cx, &(struct tls_pair){second, S("chain 2\n"), S("key 2\n")});
}

int walk_step(const char *step, const char *folder)
{
    static struct app a;
    static char *const none[] = {NULL};
    const struct app_options o = {.verb = "verify", .data = folder};
    int code = app_begin(&a, &o, (char **)(uintptr_t)none);
    if (code == EX_OK)
        code = app_lock(&a, false);
    enum err e = code == EX_OK ? app_open(&a, false) : ERR_IO;
    if (e == OK)
        e = strcmp(step, "--erase") == 0 ? erase_somebody(&a) : certify(&a);
    if (e != OK)
        code = app_failed(&a, e);
    app_close(&a);
    app_end(&a);
    return code;
}
