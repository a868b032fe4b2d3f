/* run_test.c - make run in a tree that is built: the page is there, and the words say where and
 * who. */
#include "base/base.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static pid_t begin(struct arena *a, int port, const char *root, int out)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setenv("PORT", str_fmt(a, "%d", port).p, 1);
    setenv("DATA", str_fmt(a, "%s/demo", root).p, 1);
    execl("tools/run", "run", (char *)NULL);
    _exit(127);
}

/* What it says until it has said `part`, or has ended. */
static struct str said_until(struct arena *a, int fd, const char *part)
{
    struct buf b = {.arena = a, .limit = 1 << 20};
    char piece[4096];
    for (ssize_t n;
         !str_find(buf_str(&b), str_c(part), NULL) && (n = read(fd, piece, sizeof piece)) > 0;)
        buf_add(&b, (struct str){piece, (size_t)n});
    return buf_str(&b);
}

static void assert_says(struct str said, const char *part)
{
    if (!str_find(said, str_c(part), NULL))
        fail_msg("not \"%s\" in:\n%.*s", part, F(said));
}

static void run_once(struct arena *a, const char *root)
{
    int ends[2], status, port = free_port();
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = begin(a, port, root, ends[1]);
    close(ends[1]);
    struct str said = said_until(a, ends[0], "Ctrl-C stops it");
    assert_says(said, str_fmt(a, "Tỉnh Số: http://localhost:%d\n", port).p);
    assert_says(said, "020192999101");
    assert_says(said, "motcua.kylua");
    assert_says(said, "tinhso-2026");
    assert_says(said, "this machine only");
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    close(fd);
    assert_int_equal(kill(pid, SIGTERM), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(
        connect(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&at, sizeof at),
        -1);
    close(ends[0]);
}

static void make_run_says_where_it_is_and_whom_to_sign_in_as([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(8 << 20);
    char root[] = "/tmp/tinhso-make-run.XXXXXX";
    assert_non_null(mkdtemp(root));
    run_once(a, root);
    run_once(a, root); /* the demo is there already; how fast it is, the bare root measures */
    pid_t pid = fork();
    if (pid == 0)
        execlp("rm", "rm", "-rf", root, (char *)NULL);
    waitpid(pid, NULL, 0);
    arena_free(a);
}

int main(void)
{
    unsetenv("MAKEFLAGS");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(make_run_says_where_it_is_and_whom_to_sign_in_as),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
