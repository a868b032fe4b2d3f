/* crash_server.c - starts the server on a demo folder, kills it, starts it on what is left. */
#include "fault.h"
#include "inside.h"
#include "power.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_MS 300000 /* at the end of the line, behind other work */
/* Below those that the system gives away by itself, of which another may take ours while the server
 * is gone, and a client that asks itself may too. */
#define PORT_FIRST 15000
#define PORTS 16000
#define SAID_MOST 20 /* findings */
#define END_MS 60000 /* with sanitizers, beside other work */

void crash_sleep_us(int64_t us)
{
    struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&t, NULL);
}

int64_t crash_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void crash_found(struct crash_findings *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&f->lock);
    char *to = f->n == 0 ? f->first : f->later;
    vsnprintf(to, sizeof f->first, format, args);
    if (f->n++ < SAID_MOST && !f->quiet)
        fprintf(stderr, "found: %s\n", to);
    pthread_mutex_unlock(&f->lock);
    va_end(args);
}

uint32_t server_roll(struct server *s, uint32_t sides)
{
    s->luck ^= s->luck << 13;
    s->luck ^= s->luck >> 7;
    s->luck ^= s->luck << 17;
    return (uint32_t)(s->luck >> 33) % sides;
}

/* ---- folders ---- */

static void remove_tree(const char *path)
{
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char inner[4096];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (unlink(inner) != 0)
            remove_tree(inner);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

void server_remove(struct server *s)
{
    remove_tree(s->root);
}

/* ---- running the program ---- */

static void child_runs(struct server *s, const char *const *words, int out)
{
    const char *argv[16] = {s->config->program};
    size_t n = 1;
    for (; words[n - 1] && n < 15; n++)
        argv[n] = words[n - 1];
    argv[n] = NULL;
    if (s->config->kills)
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a run that is given up leaves no server */
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setenv("TINHSO_WEB_RATE", "1000000000", 1); /* all clients have one address */
    execv(s->config->program, (char *const *)(uintptr_t)argv);
    _exit(127);
}

static void set_faults(struct server *s)
{
    setenv("LD_PRELOAD", s->faults, 1);
    setenv(FAULT_CONTROL, s->control, 1);
    setenv(FAULT_FOLDER, s->data, 1);
}

static void set_power(struct server *s)
{
    const struct crash_config *c = s->config;
    if (s->faults[0])
        set_faults(s);
    if (!c->power)
        return;
    setenv("LD_PRELOAD", s->power, 1);
    setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
    setenv(POWER_FOLDER, s->recorded, 1);
    setenv(POWER_RECORD, s->record, 1);
    setenv(POWER_DROP, c->drop ? c->drop : "", 1);
    if (s->goes_on)
        setenv(POWER_MORE, "1", 1);
}

static void unset_power(void)
{
    unsetenv("LD_PRELOAD");
    unsetenv("ASAN_OPTIONS");
    unsetenv(POWER_FOLDER);
    unsetenv(POWER_RECORD);
    unsetenv(POWER_DROP);
    unsetenv(POWER_MORE);
    unsetenv(FAULT_CONTROL);
    unsetenv(FAULT_FOLDER);
}

static pid_t run(struct server *s, const char *const *words, int out)
{
    pid_t pid = fork();
    setpgid(pid, pid); /* on both sides: whoever is first, a kill finds the group */
    if (pid == 0)
        child_runs(s, words, out);
    return pid;
}

int server_run(struct server *s, const char *const *words, char *said, size_t room)
{
    char path[128];
    snprintf(path, sizeof path, "%s/said", s->root);
    int out = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), status = -1;
    if (s->goes_on)
        set_power(s);
    pid_t pid = run(s, words, out);
    unset_power();
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    off_t size = lseek(out, 0, SEEK_END);
    ssize_t n = pread(out, said, room - 1, size > (off_t)room - 1 ? size - (off_t)room + 1 : 0);
    said[n > 0 ? n : 0] = 0;
    close(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A folder like it, made as after a power cut in which nothing was going on. */
static bool copy_folder(struct server *s, const char *from, const char *to)
{
    struct cx cx = {.arena = arena_new((size_t)1 << 20)};
    char nothing[128];
    snprintf(nothing, sizeof nothing, "%s/nothing", s->root);
    close(open(nothing, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    bool good = power_image(&cx, from, nothing, 0, 0, to) == OK;
    if (!good)
        crash_found(s->findings, "%.*s", F(cx.why));
    arena_free(cx.arena);
    return good;
}

static bool is_free(int port)
{
    const struct sockaddr_in at = {.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .sin_port = htons((uint16_t)port)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool good = bind(fd, (const struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return good;
}

static int lasting_port(void)
{
    for (int i = 0; i < 100; i++) {
        uint16_t dice;
        random_system(NULL, &dice, sizeof dice);
        if (is_free(PORT_FIRST + dice % PORTS))
            return PORT_FIRST + dice % PORTS;
    }
    return 0;
}

bool server_place(struct server *s, const char *base)
{
    snprintf(s->root, sizeof s->root, "%.30s/tinhso-crash-XXXXXX", base);
    if (!mkdtemp(s->root)) {
        crash_found(s->findings, "%s: %s", s->root, strerror(errno));
        return false;
    }
    snprintf(s->data, sizeof s->data, "%s/data", s->root);
    snprintf(s->recorded, sizeof s->recorded, "%s", s->data);
    snprintf(s->before, sizeof s->before, "%s/before", s->root);
    snprintf(s->record, sizeof s->record, "%s/record", s->root);
    snprintf(s->log, sizeof s->log, "%s/log", s->root);
    s->port = lasting_port();
    snprintf(s->origin, sizeof s->origin, "http://127.0.0.1:%d", s->port);
    if (s->config->power && !realpath(s->config->power, s->power)) {
        crash_found(s->findings, "%s: %s", s->config->power, strerror(errno));
        return false;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* we bury the server's child too */
    return true;
}

bool server_make(struct server *s)
{
    char said[2000];
    const char *base = getenv("TMPDIR");
    if (!server_place(s, base ? base : "/tmp"))
        return false;
    if (server_run(s, (const char *const[]){"demo", "--empty", "--data", s->data, NULL}, said,
                   sizeof said) != 0) {
        crash_found(s->findings, "%s demo: %s", s->config->program, said);
        return false;
    }
    return !s->config->power || copy_folder(s, s->data, s->before);
}

uint64_t server_recorded(const struct server *s)
{
    struct stat st;
    return stat(s->record, &st) == 0 ? (uint64_t)st.st_size : 0;
}

bool server_start(struct server *s)
{
    char listen[32];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", s->port);
    int log = open(s->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (!s->goes_on) /* what is recorded is of the life before */
        close(open(s->record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    set_power(s);
    s->pid =
        run(s, (const char *const[]){"serve", "--data", s->data, "--listen", listen, NULL}, log);
    unset_power();
    close(log);
    return s->pid > 0;
}

static bool has_ended(struct server *s)
{
    int status;
    if (s->pid > 0 && waitpid(s->pid, &status, WNOHANG) != s->pid)
        return false;
    s->pid = 0;
    return true;
}

bool server_ready(struct server *s)
{
    struct cx cx = {.arena = arena_new((size_t)1 << 20)};
    struct str url = str_fmt(cx.arena, "%s/readyz", s->origin);
    const int64_t end = crash_now_ms() + READY_MS;
    struct http_reply got = {0};
    for (bool up = false; !up;) {
        struct arena_mark here = arena_here(cx.arena);
        up = http_do(&cx, &(struct http_call){.url = url, .method = S("GET"), .timeout_ms = 2000},
                     &got) == OK &&
             got.status == 200;
        arena_back(cx.arena, here);
        if (up) {
            atomic_store(&s->back_at, crash_now_ms());
            break;
        }
        if (has_ended(s) || crash_now_ms() > end) {
            crash_found(s->findings, "the server does not come back, see %s", s->log);
            arena_free(cx.arena);
            return false;
        }
        crash_sleep_us(10'000);
    }
    arena_free(cx.arena);
    return true;
}

/* ---- ending it ---- */

static void bury(pid_t group)
{
    while (waitpid(-group, NULL, 0) > 0 || errno == EINTR)
        ;
}

/* What the disk holds takes the place of what the process saw. */
static bool lose_power(struct server *s)
{
    char next[128];
    struct cx cx = {.arena = arena_new((size_t)1 << 20)};
    snprintf(next, sizeof next, "%s/next", s->root);
    uint64_t seed = server_roll(s, 2) ? s->luck : 0;
    bool good = power_image(&cx, s->before, s->record, 0, seed, next) == OK;
    if (!good)
        crash_found(s->findings, "%.*s", F(cx.why));
    arena_free(cx.arena);
    remove_tree(s->data);
    remove_tree(s->before);
    return good && rename(next, s->data) == 0 && copy_folder(s, s->data, s->before);
}

bool server_kill(struct server *s)
{
    if (s->pid <= 0)
        return true;
    atomic_store(&s->back_at, INT64_MAX);
    kill(-s->pid, SIGKILL);
    bury(s->pid);
    s->pid = 0;
    return !s->config->power || lose_power(s);
}

void server_kill_child(struct server *s)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", s->pid, s->pid);
    FILE *f = fopen(path, "re");
    if (f && fscanf(f, "%d", &child) == 1 && child > 0)
        kill(child, SIGKILL);
    if (f)
        fclose(f);
}

bool server_stop(struct server *s)
{
    int status = -1;
    pid_t pid = s->pid;
    if (pid <= 0)
        return false;
    kill(pid, SIGTERM);
    const int64_t end = crash_now_ms() + END_MS;
    while (waitpid(pid, &status, WNOHANG) == 0 && crash_now_ms() < end)
        crash_sleep_us(10'000);
    kill(-pid, SIGKILL);
    bury(pid);
    s->pid = 0;
    const bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean)
        fprintf(stderr, "the server ended with status %#x, %lld ms after it was told\n",
                (unsigned)status, (long long)(crash_now_ms() - end + END_MS));
    return clean;
}
