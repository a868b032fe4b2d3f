/* serve.c - the server, and the parent that starts it again when it dies. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app.h"

#include "job/job.h"
#include "journal/journal.h"
#include "lane/lane.h"
#include "log/log.h"
#include "look/look.h"
#include "setup/setup.h"
#include "vault/vault.h"

#define STOP_MS 10000     /* for what was accepted */
#define WAIT_FIRST_MS 200 /* before the first restart; doubled up to ... */
#define WAIT_MOST_MS 30000
#define STEADY_S 60 /* after so long alive, the waiting begins anew */

/* ---- addresses ---- */

bool app_is_loopback(struct str listen)
{
    return str_starts(listen, S("127.")) || str_starts(listen, S("[::1]:")) ||
           str_starts(listen, S("localhost:")) || str_starts(listen, S("unix:")) ||
           str_starts(listen, S("fd:"));
}

static size_t addresses(struct app *a, struct str *out)
{
    size_t n = 0;
    for (int i = 0; i < a->options.listen_n; i++)
        out[n++] = str_c(a->options.listen[i]);
    struct str rest = n ? S("") : setting(a->settings, S("listen"), S("127.0.0.1:8080")), one;
    while (rest.n && n < APP_LISTEN_MAX) {
        str_cut(rest, ',', &one, &rest);
        if (str_trim(one).n)
            out[n++] = str_trim(one);
    }
    return n;
}

static int check_addresses(struct app *a, const struct str *listen, size_t n)
{
    for (size_t i = 0; a->env.demo && i < n; i++)
        if (!app_is_loopback(listen[i]))
            return app_stop(
                a, EX_CONFIG,
                "%.*s là bản thử: chỉ nghe 127.0.0.1 hoặc [::1], không nghe %.*s. Chạy thật: tinhso init.",
                F(a->data_dir), F(listen[i]));
    return EX_OK;
}

/* ---- the server in this process ---- */

/* Files that tinhso.conf names; else, where we are reached by https and no front does it, the
 * certificate of the page, which may come while we serve. */
static void add_tls(struct app *a, struct http_config *c)
{
    c->tls_cert_path = setting(a->settings, S("tls.cert"), S(""));
    c->tls_key_path = setting(a->settings, S("tls.key"), S(""));
    if (c->tls_cert_path.n || c->trusted_front.n || !str_starts(a->env.base_url, S("https://")))
        return;
    c->tls_cert_path = str_fmt(a->arena, "%.*s/" SETUP_TLS_CHAIN, F(a->data_dir));
    c->tls_key_path = str_fmt(a->arena, "%.*s/" SETUP_TLS_KEY, F(a->data_dir));
    c->tls_later = true;
}

static struct http_config http_of(struct app *a, const struct str *listen, size_t n)
{
    struct http_config c = {
        .listen = listen,
        .listen_n = n,
        .limits = http_limits_default,
        .access_log_path = setting(a->settings, S("access.log"), S("")),
        .trusted_front = setting(a->settings, S("front"), S("")),
    };
    add_tls(a, &c);
    return c;
}

static void say_where(struct app *a, const struct str *listen, size_t n)
{
    const struct http_config c = http_of(a, listen, n);
    const bool tls = c.tls_cert_path.n && access(str_z(a->arena, c.tls_cert_path), F_OK) == 0;
    for (size_t i = 0; i < n; i++)
        if (str_starts(listen[i], S("unix:")) || str_starts(listen[i], S("fd:")))
            app_say(a, "Tỉnh Số phục vụ tại %.*s\n", F(listen[i]));
        else
            app_say(a, "Tỉnh Số phục vụ tại %s://%.*s\n", tls ? "https" : "http", F(listen[i]));
}

/* Until somebody says stop. */
static void wait_for_stop(struct app *a, const sigset_t *signals)
{
    for (;;) {
        int sig = 0;
        if (sigwait(signals, &sig) != 0)
            continue;
        if (sig != SIGHUP)
            return;
        enum err e = web_reload(&a->cx, a->env.web);
        log_event(e == OK ? LOG_INFO : LOG_ERROR, "serve.reload",
                  K("why", e == OK ? S("") : a->cx.why));
    }
}

static enum err start(struct app *a, const struct str *listen, size_t n)
{
    size_t parts_n;
    struct web_config web = {.http = http_of(a, listen, n)};
    web.parts = module_web_parts(a->arena, app_modules, &parts_n);
    web.parts_n = parts_n;
    web_set_frame(look_frame);
    TRY(app_open(a, false));
    TRY(vault_join(&a->cx));
    TRY(jobs_start(&a->cx, module_jobs(a->arena, app_modules), &a->env.jobs));
    return web_start(&a->cx, &web, &a->env.web);
}

static void stop(struct app *a, struct admin *admin)
{
    admin_stop(admin);
    if (a->env.web)
        web_stop(a->env.web, STOP_MS);
    if (a->env.jobs)
        jobs_stop(a->env.jobs);
    a->env.jobs = NULL;
    if (a->env.lanes && a->env.vault) {
        IGNORE(journal_stop(&a->cx));
        IGNORE(vault_leave(&a->cx));
    }
    app_close(a);
}

int serve_here(struct app *a)
{
    struct str listen[APP_LISTEN_MAX];
    size_t n = addresses(a, listen);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct admin *admin = NULL;
    int code = app_guard(a, listen, n);
    if (code != EX_OK)
        return code;
    enum err e = start(a, listen, n);
    if (e == OK)
        e = admin_start(a, &admin);
    if (e == OK) {
        say_where(a, listen, n);
        log_event(LOG_INFO, "serve.started", K("version", S(TINHSO_VERSION)));
        wait_for_stop(a, &signals);
        log_event(LOG_INFO, "serve.stopping");
    } else {
        code = app_failed(a, e);
    }
    stop(a, admin);
    return code;
}

/* ---- the parent ---- */

static volatile sig_atomic_t child_pid;
static volatile sig_atomic_t stopping;

static void pass_on(int sig)
{
    if (sig != SIGHUP)
        stopping = 1;
    if (child_pid > 0)
        kill((pid_t)child_pid, sig);
}

static void hear_signals(void)
{
    struct sigaction sa = {.sa_handler = pass_on};
    sigemptyset(&sa.sa_mask);
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGHUP, &sa, NULL);
}

static void unhear_signals(void)
{
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
}

static int wait_child(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    child_pid = 0;
    return status;
}

static int64_t seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static void wait_ms(int ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    while (!stopping && nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

static void log_death(int status, int wait)
{
    log_event(LOG_ERROR, "serve.child_died",
              KN("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
              KN("code", WIFEXITED(status) ? WEXITSTATUS(status) : 0), KN("again_in_ms", wait));
}

/* Runs the child; starts it again when it dies. What it says about its configuration is final. */
static int watch(struct app *a)
{
    int wait = WAIT_FIRST_MS;
    bool first = true;
    hear_signals();
    for (;;) {
        int64_t began = seconds();
        pid_t pid = fork();
        if (pid < 0)
            return app_stop(a, EX_OSERR, "fork: %s", strerror(errno));
        if (pid == 0) {
            unhear_signals();
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            return serve_here(a);
        }
        child_pid = pid;
        if (stopping)
            kill(pid, SIGTERM);
        int status = wait_child(pid);
        int64_t lived = seconds() - began;
        if (stopping || (WIFEXITED(status) && WEXITSTATUS(status) == EX_OK))
            return WIFEXITED(status) ? WEXITSTATUS(status) : EX_OK;
        if (WIFEXITED(status) && first && lived < 5)
            return WEXITSTATUS(status);
        first = false;
        wait = lived > STEADY_S ? WAIT_FIRST_MS : wait;
        log_death(status, wait);
        wait_ms(wait);
        if (stopping)
            return EX_OK;
        wait = wait * 2 > WAIT_MOST_MS ? WAIT_MOST_MS : wait * 2;
    }
}

int verb_serve(struct app *a)
{
    struct str listen[APP_LISTEN_MAX];
    size_t n = addresses(a, listen);
    int code = check_addresses(a, listen, n);
    if (code == EX_OK)
        code = app_lock(a, false);
    if (code == EX_TEMPFAIL)
        return app_stop(a, code, "thư mục dữ liệu %.*s đang được một máy chủ khác dùng.",
                        F(a->data_dir));
    if (code == EX_OK)
        code = app_keyd(a, false);
    if (code != EX_OK)
        return code;
    return a->options.single ? serve_here(a) : watch(a);
}
