/* space.c - no room, no names, a disk that is read-only: under load, one after another. */
#include "space.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "fault.h"

#define SIZE "size=64m,nr_inodes=6000,mode=0700"
#define LEFT_BYTES ((off_t)512 << 10) /* of room when a phase begins */
#define LEFT_NAMES 4
#define REFUSALS 20
#define AGAIN 20 /* acknowledged after it, to say that work goes on */
#define WAIT_MS 180000

struct space {
    const struct space_asked *asked;
    struct space_report *out;
    struct fault_control *control;
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load, reading;
    _Atomic int64_t mute; /* refusals without a word */
    bool mounted;
};

/* ---- a file system of our own ---- */

static bool write_text(const char *path, const char *text)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    const bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return good;
}

/* Whoever is not root becomes one of their own. */
static bool enter_namespace(void)
{
    char map[2][40];
    if (geteuid() == 0)
        return unshare(CLONE_NEWNS) == 0;
    snprintf(map[0], sizeof map[0], "0 %u 1", geteuid());
    snprintf(map[1], sizeof map[1], "0 %u 1", getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", map[0]) &&
           write_text("/proc/self/gid_map", map[1]);
}

static bool mount_small(struct space *s)
{
    const char *data = s->server.data;
    if (!enter_namespace()) {
        snprintf(s->out->skipped, sizeof s->out->skipped,
                 "this machine gives no mount namespace: %s", strerror(errno));
        return false;
    }
    /* In a chroot that is no mount point there is nothing to make private. */
    (void)mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
    s->mounted = mkdir(data, 0700) == 0 && mount("tinhso-space", data, "tmpfs", 0, SIZE) == 0;
    if (!s->mounted)
        snprintf(s->out->skipped, sizeof s->out->skipped, "this machine mounts no tmpfs: %s",
                 strerror(errno));
    return s->mounted;
}

static struct statvfs room(const struct space *s)
{
    struct statvfs v = {0};
    (void)statvfs(s->server.data, &v);
    return v;
}

/* ---- filling and emptying ---- */

static void ballast_path(const struct space *s, int i, char path[160])
{
    snprintf(path, 160, "%s/ballast-%d", s->server.data, i);
}

/* Others write meanwhile: what was free a moment ago may be less now. */
static void fill_bytes(struct space *s)
{
    char path[160];
    int why = ENOSPC;
    ballast_path(s, 0, path);
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (int i = 0; fd >= 0 && why == ENOSPC && i < 20; i++) {
        const struct statvfs v = room(s);
        const off_t free_bytes = (off_t)(v.f_bfree * v.f_frsize);
        why = free_bytes > LEFT_BYTES ? posix_fallocate(fd, 0, free_bytes - LEFT_BYTES) : 0;
    }
    if (fd < 0 || why != 0)
        crash_found(&s->findings, "the disk cannot be filled: %s", strerror(why));
    close(fd);
}

static void fill_names(struct space *s)
{
    char path[160];
    const int64_t n = (int64_t)room(s).f_ffree - LEFT_NAMES;
    for (int i = 0; i < n; i++) {
        ballast_path(s, i, path);
        close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    }
}

static void empty(struct space *s)
{
    char path[400];
    DIR *d = opendir(s->server.data);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (strncmp(e->d_name, "ballast-", 8) == 0) {
            snprintf(path, sizeof path, "%s/%s", s->server.data, e->d_name);
            unlink(path);
        }
    if (d)
        closedir(d);
}

static void make_read_only(struct space *s)
{
    atomic_store(&s->control->in, 1);
    atomic_store(&s->control->kind, FAULT_READ_ONLY);
}

static void make_writable(struct space *s)
{
    atomic_store(&s->control->kind, FAULT_NONE);
}

/* ---- one phase ---- */

static int64_t acknowledged(struct space *s)
{
    pthread_mutex_lock(&s->load.lock);
    const int64_t n = (int64_t)s->load.acks.n;
    pthread_mutex_unlock(&s->load.lock);
    return n;
}

static int64_t refused(struct space *s)
{
    return atomic_load(&s->load.busy);
}

static bool wait_for(struct space *s, int64_t (*count)(struct space *s), int64_t wanted,
                     const char *what)
{
    const int64_t end = crash_now_ms() + WAIT_MS;
    while (count(s) < wanted && crash_now_ms() < end && s->findings.n == 0)
        crash_sleep_us(10'000);
    if (count(s) < wanted)
        crash_found(&s->findings, "%s: %lld of %lld", what, (long long)count(s), (long long)wanted);
    return s->findings.n == 0;
}

/* A visitor and an officer who has signed in read while nothing can be written. */
static void read_pages(struct space *s, const char *phase)
{
    static const char *const pages[] = {"/", "/thu-tuc", "/viec", "/ho-so-mot-cua"};
    struct client *c = &s->reading.clients[0];
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const struct arena_mark here = arena_here(c->cx.arena);
        struct browser *b = client_browser(c, &c->sessions[0]);
        const int status = browser_open(b, pages[i]);
        if (status != 200)
            crash_found(&s->findings, "%s: %s answers %d to a reader", phase, pages[i], status);
        arena_back(c->cx.arena, here);
        s->out->read++;
    }
}

struct phase {
    const char *name;
    void (*begin)(struct space *s), (*end)(struct space *s);
};

static void run_phase(struct space *s, const struct phase *p)
{
    const int64_t wanted = s->asked->refusals ? s->asked->refusals : REFUSALS;
    const int64_t before = refused(s);
    p->begin(s);
    if (wait_for(s, refused, before + wanted, "refused"))
        read_pages(s, p->name);
    p->end(s);
    const int64_t then = acknowledged(s);
    if (!wait_for(s, acknowledged, then + AGAIN, "acknowledged when there is room again"))
        return;
    if (atomic_load(&s->mute))
        crash_found(&s->findings, "%s: %lld refusals without a word", p->name,
                    (long long)atomic_load(&s->mute));
    s->out->phases++;
    if (s->asked->say)
        printf("%-28s %6lld refused, %6lld acknowledged so far\n", p->name,
               (long long)(refused(s) - before), (long long)acknowledged(s));
    fflush(stdout);
}

/* ---- before and after ---- */

static void after_request(struct client *c, struct browser *b)
{
    struct space *s = c->load->state;
    const struct page *p = browser_page(b);
    if ((p->status == 503 || p->status == 500) && p->h1.n == 0)
        atomic_fetch_add(&s->mute, 1);
}

static bool share_control(struct space *s)
{
    struct server *v = &s->server;
    snprintf(v->control, sizeof v->control, "%s/control", v->root);
    const int fd = open(v->control, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const bool good = ftruncate(fd, sizeof *s->control) == 0;
    s->control = mmap(NULL, sizeof *s->control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (good && s->control != MAP_FAILED && realpath(s->asked->library, v->faults))
        return true;
    crash_found(&s->findings, "%s: %s", s->asked->library, strerror(errno));
    return false;
}

static bool prepare(struct space *s)
{
    struct server *v = &s->server;
    char said[2000];
    const char *base = getenv("TMPDIR");
    if (!server_place(v, base ? base : "/tmp") || !mount_small(s))
        return false;
    if (server_run(v, (const char *const[]){"demo", "--empty", "--data", v->data, NULL}, said,
                   sizeof said) != 0) {
        crash_found(&s->findings, "demo: %s", said);
        return false;
    }
    return share_control(s) && server_start(v) && server_ready(v) && load_prepare(&s->reading, v) &&
           client_enter(&s->reading.clients[0], &s->reading.clients[0].sessions[0]);
}

/* A folder that can only be read is not served, and whoever starts it is told why. */
static void start_read_only(struct space *s)
{
    char said[2000];
    const char *data = s->server.data;
    if (mount("tinhso-space", data, NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0) {
        crash_found(&s->findings, "cannot be mounted read-only: %s", strerror(errno));
        return;
    }
    const int code = server_run(
        &s->server, (const char *const[]){"serve", "--data", data, "--listen", "127.0.0.1:0", NULL},
        said, sizeof said);
    if (code == 0 || !strstr(said, "chỉ đọc"))
        crash_found(&s->findings, "a read-only folder is served: %d %s", code, said);
    if (s->asked->say)
        printf("started on a read-only folder: %d, %s", code, said);
    if (mount("tinhso-space", data, NULL, MS_REMOUNT, NULL) != 0)
        crash_found(&s->findings, "cannot be mounted again: %s", strerror(errno));
}

static void look(struct space *s)
{
    struct crash_report r = {0};
    struct checked checked = {0};
    load_stop(&s->load);
    check_all(&s->load, &checked);
    check_again(&s->load, &r);
    check_all(&s->load, &checked); /* sending again did nothing */
    if (!server_stop(&s->server))
        crash_found(&s->findings, "the server did not end well");
    start_read_only(s);
    if (server_start(&s->server) && server_ready(&s->server))
        read_pages(s, "afterwards");
}

static void end(struct space *s)
{
    atomic_store(&s->load.stop, true);
    server_kill(&s->server);
    if (s->reading.clients)
        load_free(&s->reading);
    s->out->lost = s->findings.n;
    snprintf(s->out->what, sizeof s->out->what, "%s", s->findings.first);
    if (s->findings.n)
        fprintf(stderr, "what the server said lies in %s\n", s->server.log);
    if (s->mounted)
        umount2(s->server.data, MNT_DETACH);
    if (s->findings.n == 0 && s->server.root[0])
        server_remove(&s->server);
}

bool space_run(const struct space_asked *asked, struct space_report *out)
{
    static const struct phase phases[] = {{"no room", fill_bytes, empty},
                                          {"no names", fill_names, empty},
                                          {"read-only", make_read_only, make_writable}};
    struct space s = {.asked = asked, .out = out};
    *out = (struct space_report){0};
    s.config =
        (struct crash_config){.program = asked->program, .kills = 1, .counters = 1, .citizens = 2};
    s.server = (struct server){.config = &s.config, .findings = &s.findings, .luck = 1};
    pthread_mutex_init(&s.findings.lock, NULL);
    s.server.goes_on = true;
    const bool began = prepare(&s) && load_prepare(&s.load, &s.server);
    s.load.state = &s;
    s.load.after = after_request;
    if (began)
        load_go(&s.load);
    if (began && wait_for(&s, acknowledged, AGAIN, "acknowledged"))
        for (size_t i = 0; i < sizeof phases / sizeof *phases && s.findings.n == 0; i++)
            run_phase(&s, &phases[i]);
    if (began) {
        out->acknowledged = acknowledged(&s);
        out->refused = refused(&s);
        look(&s);
        load_free(&s.load);
    }
    end(&s);
    return began || out->skipped[0];
}
