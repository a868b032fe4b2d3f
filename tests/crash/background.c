/* background.c - for each n a copy of the folder, a disturbed process, one that goes on, a look. */
#include "background_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVERY_N 40
#define SHARE_MORE 8

static const char *const names[FAULT_ALL_KINDS] = {
    [FAULT_WRITE] = "write fails",
    [FAULT_SHORT] = "write falls short",
    [FAULT_FULL] = "disk is full",
    [FAULT_FSYNC] = "fsync fails",
    [FAULT_NAME] = "rename, unlink, new file fail",
    [FAULT_MEMORY] = "no memory for us",
    [FAULT_MEMORY_OF_DATABASE] = "no memory for the database",
    [FAULT_NETWORK] = "connection to the mail server reset",
    [FAULT_KEYD_GONE] = "keyd dies",
    [FAULT_KEYD_SHORT] = "half an answer of keyd",
    [FAULT_KEYD_LATE] = "keyd answers too late",
    [FAULT_KILL] = "the process is killed",
    [FAULT_DATABASE] = "call of the database fails",
    [FAULT_GIVEN_UP] = "the job gives up",
    [FAULT_READ_ONLY] = "disk is read-only",
};

static const char *name_of(int fault)
{
    return fault < FAULT_ALL_KINDS ? names[fault]
                                   : wire_fault_name((enum wire_fault)(fault - FAULT_ALL_KINDS));
}

/* ---- one run ---- */

bool copy_folder_to(struct background *b, const char *from, const char *to)
{
    int status = -1;
    struct server old = {0};
    snprintf(old.root, sizeof old.root, "%.60s", to);
    server_remove(&old);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("cp", "cp", "-a", from, to, (char *)NULL);
        _exit(127);
    }
    bool good = waitpid(pid, &status, 0) == pid && status == 0;
    if (!good)
        crash_found(&b->findings, "cannot copy %s", from);
    return good && copy_database(b, from, to);
}

int step(struct background *b, const char *which, char *said, size_t room)
{
    const char *program = b->config.program;
    b->config.program = b->asked->self;
    int code = server_run(&b->server, (const char *const[]){which, b->server.data, b->job, NULL},
                          said, room);
    b->config.program = program;
    return code;
}

static bool may_die(int k)
{
    return k == FAULT_KILL || k == FAULT_ALL_KINDS + (int)WIRE_DIES || k == FAULT_MEMORY ||
           k == FAULT_MEMORY_OF_DATABASE;
}

void set_clock(struct background *b, int64_t at)
{
    atomic_store(&b->control->clock_ms, at - clock_system(NULL));
}

static bool disturb(struct background *b, int kind, int64_t n)
{
    char said[1000];
    struct fault_control *c = b->control;
    atomic_store(&c->kind, FAULT_NONE);
    set_clock(b, b->at); /* each run on the same minute */
    atomic_store(&c->pid, -1);
    atomic_store(&c->met, 0);
    atomic_store(&c->in, n);
    atomic_store(&c->kind, kind);
    int code = step(b, "--act", said, sizeof said);
    atomic_store(&c->kind, FAULT_NONE);
    b->out->of[kind].died += code < 0;
    if (code != 0 && !(code < 0 && may_die(kind)))
        crash_found(&b->findings, "%s%s%s, call %lld: the process ended with %d: %s",
                    b->job ? b->job : "", b->job ? ": " : "", name_of(kind), (long long)n, code,
                    said);
    return atomic_load(&c->met) > 0 || code < 0;
}

/* A job that waits because keyd gave no whole answer tells operators so. */
static void see_what_waits(struct background *b, int kind, int64_t n)
{
    if (atomic_load(&b->control->waits) != 1)
        crash_found(&b->findings, "%s, call %lld: no job says that it waits for keyd",
                    name_of(kind), (long long)n);
}

/* Dead letters say what they were to do and why they gave up, and are run again. */
static void run_again(struct background *b)
{
    static char said[1 << 16]; /* some kinds leave a letter for each commune */
    char answer[400], *line = said;
    if (server_run(&b->server, (const char *const[]){"jobs", "--data", b->server.data, NULL}, said,
                   sizeof said) != 0 ||
        !strstr(said, ", máy, đĩa hoặc nơi gửi tới báo lỗi.\n") || !strstr(said, b->job) ||
        strstr(said, "Việc của bản khác"))
        crash_found(&b->findings, "%s: dead letters are told as: %s", b->job, said);
    set_clock(b, b->at); /* only this kind lived through those days */
    for (; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
        char number[24];
        snprintf(number, sizeof number, "%.*s", (int)strspn(line, "0123456789"), line);
        if (number[0] && server_run(&b->server,
                                    (const char *const[]){"jobs", "retry", number, "--data",
                                                          b->server.data, NULL},
                                    answer, sizeof answer) != 0)
            crash_found(&b->findings, "%s: jobs retry %s: %s", b->job, number, answer);
    }
}

static void settle(struct background *b)
{
    char said[1000];
    int code = step(b, "--settle", said, sizeof said);
    if (code != 0)
        crash_found(&b->findings, "afterwards the jobs end with %d: %s", code, said);
}

/* Letters of the program itself go at least once: their kinds say so. */
static bool sends_letters(const struct background *b)
{
    static const char *const kinds[] = {"identity.invite_mail", "setup.witness", "setup.mail_test"};
    for (size_t i = 0; b->job && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(b->job, kinds[i]) == 0)
            return true;
    return false;
}

static void judge_mails(struct background *b, int kind, int64_t n)
{
    const struct facts *now = b->now;
    const int64_t mails = now->mails - (b->sound->mails - b->sound->sent);
    /* A letter that tries the mail server is not sent again: that it failed is what is told. */
    const bool tries = b->job && strcmp(b->job, "setup.mail_test") == 0;
    const bool enough = mails + tries >= now->sent;
    if (!enough || (!sends_letters(b) && (now->twice || mails > now->sent + now->uncertain)))
        crash_found(
            &b->findings, "%s: %s, call %lld: %lld mails taken%s, %lld sent, %lld uncertain",
            b->job ? b->job : "all", name_of(kind), (long long)n, (long long)mails,
            now->twice ? ", one twice" : "", (long long)now->sent, (long long)now->uncertain);
}

static void judge(struct background *b, int kind, int64_t n)
{
    const struct facts *sound = b->sound, *now = b->now;
    char difference[400];
    if (sound->n != now->n || memcmp(sound->text, now->text, now->n) != 0) {
        first_difference(sound, now, difference);
        crash_found(&b->findings, "%s: %s, call %lld: %s", b->job ? b->job : "all", name_of(kind),
                    (long long)n, difference);
    }
    judge_mails(b, kind, n);
}

/* False: there is no n-th call. */
static bool run_once(struct background *b, int kind, int64_t n)
{
    struct checked checked = {0};
    const off_t mails_from = mails_so_far(b);
    if ((kind == FAULT_GIVEN_UP && (!b->job || n > 1)) ||
        !copy_folder_to(b, b->made, b->server.data) || !disturb(b, kind, n))
        return false;
    if (!b->job && (kind == FAULT_KEYD_LATE || kind == FAULT_KEYD_SHORT))
        see_what_waits(b, kind, n);
    if (kind == FAULT_GIVEN_UP)
        run_again(b);
    settle(b);
    gather(b, mails_from, b->now);
    judge(b, kind, n);
    check_all(&b->load, &checked);
    b->out->of[kind].met++;
    b->out->met++;
    b->out->of[kind].uncertain += b->now->uncertain;
    b->out->of[kind].n_largest = n;
    return true;
}

static void run_fault(struct background *b, int kind)
{
    struct background_seen *seen = &b->out->of[kind];
    const int64_t every = b->asked->every ? b->asked->every : EVERY_N;
    const int64_t share = b->asked->share_more ? b->asked->share_more : SHARE_MORE;
    for (int64_t n = b->asked->n_first ? b->asked->n_first : 1;
         !b->findings.n && (!b->asked->n_most || n <= b->asked->n_most);
         n += 1 + (n >= every ? n / share : 0))
        if (!run_once(b, kind, n)) {
            seen->to_the_end = b->findings.n == 0;
            break;
        }
    if (b->asked->say && !b->job)
        printf("%-38s %6lld %6lld%s %6lld %6lld\n", name_of(kind), (long long)seen->met,
               (long long)seen->n_largest, seen->to_the_end ? " " : "+", (long long)seen->died,
               (long long)seen->uncertain);
    fflush(stdout);
}

/* On PostgreSQL what its calls come to, and a job that gives up; files are the same there. */
static bool is_there(const struct background_asked *asked, int kind)
{
    if (asked->postgres)
        return kind == FAULT_GIVEN_UP || kind > FAULT_ALL_KINDS + (int)WIRE_SOUND;
    return kind > FAULT_NONE && kind < FAULT_ALL_KINDS;
}

void run_faults(struct background *b)
{
    for (int k = 0; k < BACKGROUND_FAULTS && b->findings.n == 0; k++)
        if (is_there(b->asked, k) && (!b->asked->kinds || b->asked->kinds >> k & 1))
            run_fault(b, k);
}

/* ---- the file that the fault is armed in ---- */

bool share_control(struct background *b)
{
    struct server *s = &b->server;
    snprintf(s->control, sizeof s->control, "%s/control", s->root);
    int fd = open(s->control, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool good = ftruncate(fd, sizeof *b->control) == 0;
    b->control = mmap(NULL, sizeof *b->control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (good && b->control != MAP_FAILED && realpath(b->asked->library, s->faults))
        return true;
    crash_found(&b->findings, "%s: %s", b->asked->library, strerror(errno));
    return false;
}

/* ---- undisturbed ---- */

bool run_sound(struct background *b)
{
    struct checked checked = {0};
    const off_t mails_from = mails_so_far(b);
    if (!copy_folder_to(b, b->made, b->server.data))
        return false;
    (void)disturb(b, FAULT_NONE, 0);
    gather(b, mails_from, b->acted);
    settle(b);
    gather(b, mails_from, b->sound);
    check_all(&b->load, &checked);
    b->out->mails = b->sound->mails;
    if (getenv("FACTS"))
        fprintf(stderr, "%s", b->sound->text);
    return b->findings.n == 0;
}

/* ---- beginning and end ---- */

void background_begin(struct background *b, const struct background_asked *asked,
                      struct background_report *out)
{
    *out = (struct background_report){0};
    *b = (struct background){.asked = asked, .out = out};
    b->config =
        (struct crash_config){.program = asked->program, .kills = 1, .counters = 1, .citizens = 1};
    b->server = (struct server){.config = &b->config, .findings = &b->findings, .luck = 1};
    b->sound = calloc(1, sizeof *b->sound);
    b->acted = calloc(1, sizeof *b->acted);
    b->now = calloc(1, sizeof *b->now);
    MUST(b->sound && b->acted && b->now);
    pthread_mutex_init(&b->findings.lock, NULL);
}

void background_end(struct background *b)
{
    server_kill(&b->server);
    end_database(b);
    if (b->mail_server > 0) {
        kill(b->mail_server, SIGTERM);
        waitpid(b->mail_server, NULL, 0);
    }
    unsetenv("TINHSO_JOB_THREADS");
    unsetenv("TINHSO_SMTP_URL");
    if (b->load.clients) {
        b->out->acknowledged = (int64_t)b->load.acks.n;
        atomic_store(&b->load.stop, true);
        load_free(&b->load);
    }
    b->out->lost = b->findings.n;
    snprintf(b->out->what, sizeof b->out->what, "%s", b->findings.first);
    if (b->findings.n == 0)
        server_remove(&b->server);
    else
        fprintf(stderr, "what is left lies in %s\n", b->server.root);
    free(b->sound);
    free(b->acted);
    free(b->now);
}
