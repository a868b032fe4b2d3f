/* guard_test.c - a process that has shut itself in cannot do what it must not. */
#include "guard/guard.h"

#include "log/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char ours[64], theirs[64];

static int start(void **)
{
    snprintf(ours, sizeof ours, "/tmp/tinhso-guard.XXXXXX");
    snprintf(theirs, sizeof theirs, "/tmp/tinhso-guard.XXXXXX");
    log_from(LOG_ERROR);
    return mkdtemp(ours) && mkdtemp(theirs) ? 0 : -1;
}

static int end(void **)
{
    char path[100];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/file", i ? ours : theirs);
        unlink(path);
        rmdir(i ? ours : theirs);
    }
    return 0;
}

/* ---- what is tried: 0, it could be done; else errno ---- */

static int tried(long got)
{
    return got < 0 ? errno : 0;
}

static int run_a_program(void)
{
    char *const argv[] = {(char *)"true", NULL};
    return tried(execv("/bin/true", argv));
}

static int start_a_process(void)
{
    const pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return tried(pid);
}

static int new_namespace(void)
{
    return tried(unshare(CLONE_NEWNS));
}

static int trace_another(void)
{
    return tried(ptrace(PTRACE_ATTACH, getppid(), 0, 0));
}

static int signal_another(void)
{
    return tried(kill(getppid(), 0));
}

static int mount_something(void)
{
    return tried(mount("none", theirs, "tmpfs", 0, ""));
}

static int raw_socket(void)
{
    return tried(socket(AF_PACKET, SOCK_RAW, 0));
}

static int add_key(void)
{
    return tried(syscall(SYS_add_key, "user", "x", "x", 1, -3));
}

static int load_bpf(void)
{
    return tried(syscall(SYS_bpf, 0, NULL, 0));
}

static int other_users(void)
{
    return tried(setuid(getuid()));
}

static int write_in(const char *folder)
{
    char path[100];
    snprintf(path, sizeof path, "%s/file", folder);
    return tried(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
}

static int write_elsewhere(void)
{
    return write_in(theirs);
}

static int write_at_home(void)
{
    return write_in(ours);
}

static int read_elsewhere(void)
{
    return tried(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int new_socket(void)
{
    return tried(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static void *nothing(void *)
{
    return NULL;
}

static int start_a_thread(void)
{
    pthread_t t;
    const int failed = pthread_create(&t, NULL, nothing, NULL);
    return failed ? failed : pthread_join(t, NULL);
}

/* ---- in a child that has shut itself in ---- */

static int in_guard(enum guard_program program, int (*what)(void))
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        struct env env = {.clock = clock_system, .random = random_system};
        struct cx cx = {.arena = arena_new(1 << 20), .env = &env, .actor = &actor_anonymous};
        const struct guard_folders folders = {.write = {ours}, .read_all = program == GUARD_SERVER};
        if (guard_begin(&cx, program, &folders) != OK)
            _exit(255);
        _exit(what());
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool complete(void)
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        struct env env = {.clock = clock_system, .random = random_system};
        struct cx cx = {.arena = arena_new(1 << 20), .env = &env, .actor = &actor_anonymous};
        const enum err e = guard_begin(&cx, GUARD_KEYD, &(const struct guard_folders){0});
        const struct guard_state g = guard_now();
        MUST(e == OK);
        MUST((g.seccomp && g.landlock) == (g.why_not == NULL)); /* it says what is missing */
        _exit(g.seccomp && g.landlock ? 1 : 2);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) > 0 && WEXITSTATUS(status) < 3);
    return WEXITSTATUS(status) == 1;
}

struct trial {
    const char *name;
    int (*what)(void);
    int server, keyd; /* errno */
    bool free;        /* without a guard it can be done by anybody */
};
/* clang-format off */
static const struct trial trials[] = {
    {"run a program",     run_a_program,   EPERM,  EPERM, false},
    {"start a process",   start_a_process, EPERM,  EPERM, true},
    {"new namespace",     new_namespace,   EPERM,  EPERM, false},
    {"trace another",     trace_another,   EPERM,  EPERM, false},
    {"signal another",    signal_another,  EPERM,  EPERM, true},
    {"mount",             mount_something, EPERM,  EPERM, false},
    {"raw socket",        raw_socket,      EPERM,  EPERM, false},
    {"kernel keys",       add_key,         EPERM,  EPERM, false},
    {"bpf",               load_bpf,        EPERM,  EPERM, false},
    {"another user",      other_users,     EPERM,  EPERM, true},
    {"write elsewhere",   write_elsewhere, EACCES, EPERM, true},
    {"write at home",     write_at_home,   0,      EPERM, true},
    {"read elsewhere",    read_elsewhere,  0,      EPERM, true},
    {"a socket of IP",    new_socket,      0,      EPERM, true},
    {"start a thread",    start_a_thread,  0,      EPERM, true},
};
/* clang-format on */
#define TRIALS (sizeof trials / sizeof *trials)

static void what_a_program_may_not_is_refused_and_its_work_goes_on(void **)
{
    if (!complete())
        skip();
    for (size_t i = 0; i < TRIALS; i++) {
        const struct trial *t = &trials[i];
        const int server = in_guard(GUARD_SERVER, t->what), keyd = in_guard(GUARD_KEYD, t->what);
        if (server != t->server || keyd != t->keyd)
            fail_msg("%s: server %d, keyd %d", t->name, server, keyd);
    }
}

/* Otherwise a refusal would show nothing. */
static void without_a_guard_the_same_can_be_done(void **)
{
    for (size_t i = 0; i < TRIALS; i++)
        if (trials[i].free && trials[i].what() != 0)
            fail_msg("%s: %s", trials[i].name, strerror(errno));
}

static void a_guard_is_never_given_back(void **)
{
    if (!complete())
        skip();
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        struct env env = {.clock = clock_system, .random = random_system};
        struct cx cx = {.arena = arena_new(1 << 20), .env = &env, .actor = &actor_anonymous};
        const struct guard_folders folders = {.write = {ours}, .read_all = true};
        const enum err first = guard_begin(&cx, GUARD_SERVER, &folders);
        const struct guard_folders wider = {.write = {"/"}, .read_all = true};
        IGNORE(guard_begin(&cx, GUARD_SERVER, &wider));
        _exit(first == OK ? write_elsewhere() : 255);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EACCES);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_program_may_not_is_refused_and_its_work_goes_on),
        TEST(without_a_guard_the_same_can_be_done),
        TEST(a_guard_is_never_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
