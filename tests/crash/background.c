/* background.c - for each n a copy of the folder, a disturbed process, one that goes on, a look. */
#include "background.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVERY_N 40
#define SHARE_MORE 8
#define FACTS_MAX ((size_t)256 << 10)
#define PYTHON "/usr/bin/python3" /* Debian's, whose aiosmtpd this is */
#define MAIL_SERVER "modules/notify/tests/smtp_server.py"

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
};

const char *background_name(enum fault_kind kind)
{
    return names[kind];
}

struct facts {
    char text[FACTS_MAX];
    size_t n;
    int64_t jobs, sent, uncertain, mails; /* mails: that the mail server took */
    bool twice;
};
struct background {
    const struct background_asked *asked;
    struct background_report *out;
    struct fault_control *control;
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load;
    char made[112], taken[112]; /* the folder after the walk; what the mail server took */
    int64_t made_at;
    pid_t mail_server;
    struct facts *sound, *now;
};

/* ---- the mail server ---- */

static bool start_mail_server(struct background *b)
{
    int ends[2];
    char port[32] = "", url[64];
    snprintf(b->taken, sizeof b->taken, "%s/mails", b->server.root);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    b->mail_server = fork();
    if (b->mail_server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], 1);
        execl(PYTHON, "python3", MAIL_SERVER, b->taken, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    bool good = f && fgets(port, sizeof port, f);
    if (f)
        fclose(f);
    if (!good)
        crash_found(&b->findings, "no mail server answers (Debian: python3-aiosmtpd): make deps");
    snprintf(url, sizeof url, "smtp://127.0.0.1:%d", (int)strtol(port, NULL, 10));
    setenv("TINHSO_SMTP_URL", url, 1);
    setenv("TINHSO_SMTP_FROM", "tinhso@example.vn", 1);
    setenv("TINHSO_SMTP_TLS", "none", 1);
    setenv("TINHSO_JOB_THREADS", "0", 1); /* who does the jobs is a process of ours */
    return good;
}

static off_t taken_so_far(const struct background *b)
{
    struct stat st;
    return stat(b->taken, &st) == 0 ? st.st_size : 0;
}

/* One line of JSON a mail; "id" is its Message-ID. */
static void count_mails(struct background *b, off_t from, struct facts *f)
{
    static char line[65536], ids[64][200];
    FILE *in = fopen(b->taken, "re");
    if (in && fseek(in, from, SEEK_SET) != 0)
        from = 0;
    while (in && fgets(line, sizeof line, in) && f->mails < 64) {
        const char *id = strstr(line, "\"id\": \"");
        snprintf(ids[f->mails], sizeof ids[0], "%.*s", id ? (int)strcspn(id + 7, "\"") : 0,
                 id ? id + 7 : "");
        for (int64_t i = 0; i < f->mails; i++)
            f->twice |= strcmp(ids[i], ids[f->mails]) == 0;
        f->mails++;
    }
    if (in)
        fclose(in);
}

/* ---- what came of it ---- */

static const char *const questions[] = {
    "select 'event', kind, coalesce(subject_code, ''), count(*) from journal_event group by 2, 3 order by 2, 3",
    "select 'result', state, '', count(*) from onestop_result group by 2 order by 2",
    "select 'number', state, '', count(*) from onestop_number group by 2 order by 2",
    "select 'job', kind, state, count(*) from job group by 2, 3 order by 2, 3",
    "select 'notice', '', '', count(*) from notify_notice",
    "select 'mail', state in (3, 4), '', count(*) from notify_mail group by 2 order by 2",
    "select 'work', job, state, count(*) from work_item group by 2, 3 order by 2, 3",
    "select 'file', '', '', count(*) from file_stored where state <> 4",
    "select 'counted', '', '', count(*) from statistic_case",
    "select 'counted', day, '', sum(counter) + 1000 * sum(online) + 1000000 * sum(on_time + early) from statistic_day group by 2 order by 2",
};

static void ask(struct background *b, sqlite3 *db, const char *sql, struct facts *f)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        for (int i = 0; i < 4 && f->n < FACTS_MAX; i++)
            f->n += (size_t)snprintf(f->text + f->n, FACTS_MAX - f->n, "%s%c",
                                     (const char *)sqlite3_column_text(st, i), i < 3 ? ' ' : '\n');
    }
    if (rc != SQLITE_DONE || f->n >= FACTS_MAX)
        crash_found(&b->findings, "%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(st);
}

static int64_t one(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t n = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static void gather(struct background *b, off_t mails_from, struct facts *f)
{
    char path[128];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/core.db", b->server.data);
    f->n = 0;
    f->mails = 0;
    f->twice = false;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        crash_found(&b->findings, "%s: %s", path, sqlite3_errmsg(db));
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        ask(b, db, questions[i], f);
    f->sent = one(db, "select count(*) from notify_mail where state = 3");
    f->uncertain = one(db, "select count(*) from notify_mail where state = 4");
    sqlite3_close(db);
    count_mails(b, mails_from, f);
}

static void first_difference(const struct facts *a, const struct facts *b, char out[400])
{
    size_t i = 0;
    while (i < a->n && i < b->n && a->text[i] == b->text[i])
        i++;
    while (i > 0 && a->text[i - 1] != '\n')
        i--;
    snprintf(out, 400, "\"%.*s\" instead of \"%.*s\"", (int)strcspn(b->text + i, "\n"), b->text + i,
             (int)strcspn(a->text + i, "\n"), a->text + i);
}

/* ---- one run ---- */

static bool copy_made(struct background *b)
{
    int status = -1;
    struct server old = {0};
    snprintf(old.root, sizeof old.root, "%.60s", b->server.data);
    server_remove(&old);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("cp", "cp", "-a", b->made, b->server.data, (char *)NULL);
        _exit(127);
    }
    bool good = waitpid(pid, &status, 0) == pid && status == 0;
    if (!good)
        crash_found(&b->findings, "cannot copy %s", b->made);
    return good;
}

/* The exit code; -1: it died. */
static int step(struct background *b, const char *which, char *said, size_t room)
{
    const char *program = b->config.program;
    b->config.program = b->asked->self;
    int code =
        server_run(&b->server, (const char *const[]){which, b->server.data, NULL}, said, room);
    b->config.program = program;
    return code;
}

static bool may_die(enum fault_kind k)
{
    return k == FAULT_KILL || k == FAULT_MEMORY || k == FAULT_MEMORY_OF_DATABASE;
}

static bool disturb(struct background *b, enum fault_kind kind, int64_t n)
{
    char said[1000];
    struct fault_control *c = b->control;
    const int64_t late = b->made_at + MINUTE_MS - clock_system(NULL);
    atomic_store(&c->kind, FAULT_NONE);
    atomic_store(&c->clock_ms, late); /* each run on the same minute */
    atomic_store(&c->pid, -1);
    atomic_store(&c->met, 0);
    atomic_store(&c->in, n);
    atomic_store(&c->kind, (int32_t)kind);
    int code = step(b, "--act", said, sizeof said);
    atomic_store(&c->kind, FAULT_NONE);
    b->out->of[kind].died += code < 0;
    if (code != 0 && !(code < 0 && may_die(kind)))
        crash_found(&b->findings, "%s, call %lld: the process ended with %d: %s", names[kind],
                    (long long)n, code, said);
    return atomic_load(&c->met) > 0;
}

/* A job that waits because keyd gave no whole answer tells operators so. */
static void see_what_waits(struct background *b, enum fault_kind kind, int64_t n)
{
    if (atomic_load(&b->control->waits) != 1)
        crash_found(&b->findings, "%s, call %lld: no job says that it waits for keyd", names[kind],
                    (long long)n);
}

static void settle(struct background *b)
{
    char said[1000];
    int code = step(b, "--settle", said, sizeof said);
    if (code != 0)
        crash_found(&b->findings, "afterwards the jobs end with %d: %s", code, said);
}

static void judge(struct background *b, enum fault_kind kind, int64_t n)
{
    const struct facts *sound = b->sound, *now = b->now;
    char difference[400];
    if (sound->n != now->n || memcmp(sound->text, now->text, now->n) != 0) {
        first_difference(sound, now, difference);
        crash_found(&b->findings, "%s, call %lld: %s", names[kind], (long long)n, difference);
    }
    if (now->twice || now->mails < now->sent || now->mails > now->sent + now->uncertain)
        crash_found(&b->findings, "%s, call %lld: %lld mails taken%s, %lld sent, %lld uncertain",
                    names[kind], (long long)n, (long long)now->mails,
                    now->twice ? ", one twice" : "", (long long)now->sent,
                    (long long)now->uncertain);
}

/* False: there is no n-th call. */
static bool run_once(struct background *b, enum fault_kind kind, int64_t n)
{
    struct checked checked = {0};
    const off_t mails_from = taken_so_far(b);
    if (!copy_made(b) || !disturb(b, kind, n))
        return false;
    if (kind == FAULT_KEYD_LATE || kind == FAULT_KEYD_SHORT)
        see_what_waits(b, kind, n);
    settle(b);
    gather(b, mails_from, b->now);
    judge(b, kind, n);
    check_all(&b->load, &checked);
    b->out->of[kind].met++;
    b->out->of[kind].uncertain += b->now->uncertain;
    b->out->of[kind].n_largest = n;
    return true;
}

static void run_kind(struct background *b, enum fault_kind kind)
{
    struct background_seen *seen = &b->out->of[kind];
    const int64_t every = b->asked->every ? b->asked->every : EVERY_N;
    for (int64_t n = b->asked->n_first ? b->asked->n_first : 1;
         !b->findings.n && (!b->asked->n_most || n <= b->asked->n_most);
         n += 1 + (n >= every ? n / SHARE_MORE : 0))
        if (!run_once(b, kind, n)) {
            seen->to_the_end = b->findings.n == 0;
            break;
        }
    b->out->met += seen->met;
    if (b->asked->say)
        printf("%-38s %6lld %6lld%s %6lld %6lld\n", names[kind], (long long)seen->met,
               (long long)seen->n_largest, seen->to_the_end ? " " : "+", (long long)seen->died,
               (long long)seen->uncertain);
    fflush(stdout);
}

/* ---- before ---- */

static bool share_control(struct background *b)
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

static bool walk(struct background *b)
{
    struct client *counter = &b->load.clients[0], *citizen = &b->load.clients[1];
    bool good = client_enter(citizen, &citizen->sessions[0]) && walk_online(citizen);
    for (int i = 0; good && i < 3; i++)
        good = client_enter(counter, &counter->sessions[i]);
    return good && walk_to_approval(counter) && walk_ask_export(counter);
}

static bool prepare(struct background *b)
{
    struct server *s = &b->server;
    if (!server_make(s) || !start_mail_server(b) || !server_start(s) || !server_ready(s) ||
        !load_prepare(&b->load, s) || !walk(b) || !server_stop(s))
        return false;
    b->made_at = clock_system(NULL);
    snprintf(b->made, sizeof b->made, "%s/made", s->root);
    if (rename(s->data, b->made) != 0 || !share_control(b))
        return false;
    s->goes_on = true; /* what runs beside it is disturbed too */
    return true;
}

/* Undisturbed: what is to come of it. */
static bool run_sound(struct background *b)
{
    struct checked checked = {0};
    const off_t mails_from = taken_so_far(b);
    if (!copy_made(b))
        return false;
    (void)disturb(b, FAULT_NONE, 0);
    settle(b);
    gather(b, mails_from, b->sound);
    check_all(&b->load, &checked);
    b->out->mails = b->sound->mails;
    if (getenv("FACTS"))
        fprintf(stderr, "%s", b->sound->text);
    const char *signed_one = strstr(b->sound->text, "result da_ky  1\n");
    if (!signed_one || b->sound->mails == 0 || b->sound->mails != b->sound->sent)
        crash_found(&b->findings, "undisturbed: %lld mails taken, %lld sent; %.1500s",
                    (long long)b->sound->mails, (long long)b->sound->sent, b->sound->text);
    return b->findings.n == 0;
}

static void end(struct background *b)
{
    server_kill(&b->server);
    if (b->mail_server > 0) {
        kill(b->mail_server, SIGTERM);
        waitpid(b->mail_server, NULL, 0);
    }
    unsetenv("TINHSO_JOB_THREADS");
    unsetenv("TINHSO_SMTP_URL");
    if (b->findings.n == 0)
        server_remove(&b->server);
    else
        fprintf(stderr, "what is left lies in %s\n", b->server.root);
    free(b->sound);
    free(b->now);
}

bool background_run(const struct background_asked *asked, struct background_report *out)
{
    struct background b = {.asked = asked, .out = out};
    *out = (struct background_report){0};
    b.config =
        (struct crash_config){.program = asked->program, .kills = 1, .counters = 1, .citizens = 1};
    b.server = (struct server){.config = &b.config, .findings = &b.findings, .luck = 1};
    b.sound = calloc(1, sizeof *b.sound);
    b.now = calloc(1, sizeof *b.now);
    MUST(b.sound && b.now);
    pthread_mutex_init(&b.findings.lock, NULL);
    bool began = prepare(&b) && run_sound(&b);
    for (int k = FAULT_WRITE; began && b.findings.n == 0 && k < FAULT_ALL_KINDS; k++)
        if (!asked->kinds || asked->kinds >> k & 1)
            run_kind(&b, (enum fault_kind)k);
    if (b.load.clients) {
        out->acknowledged = (int64_t)b.load.acks.n;
        atomic_store(&b.load.stop, true);
        load_free(&b.load);
    }
    out->lost = b.findings.n;
    snprintf(out->what, sizeof out->what, "%s", b.findings.first);
    end(&b);
    return began;
}
