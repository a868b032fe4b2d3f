/* keyd_child.c - where nobody else starts keyd: a child of ours, and who starts it again. */
#include "keyd_inside.h"

#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sysexits.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGAIN_MS 200

/* 3 is where it listens, 4 its lifeline; of what else was open it must hold nothing: a lock of the
 * data folder, a pipe that somebody waits to see closed. */
static bool keep_two(int listen_fd, int lifeline_fd)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int high_listen = fcntl(listen_fd, F_DUPFD, 10), high_life = fcntl(lifeline_fd, F_DUPFD, 10);
    bool good = nothing >= 0 && high_listen >= 0 && high_life >= 0 && dup2(nothing, 0) == 0 &&
                dup2(nothing, 1) == 1 && dup2(high_listen, 3) == 3 && dup2(high_life, 4) == 4;
    return good && close_range(5, ~0U, 0) == 0;
}

static bool lifeline_ended(int fd, int wait_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, wait_ms) > 0;
}

/* Starts it again when it dies, until the lifeline ends. */
_Noreturn static void keep_alive(const struct keyd_config *c)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (;;) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(keyd_serve(c));
        int status = 0;
        while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        bool meant = WIFEXITED(status) && WEXITSTATUS(status) == EX_OK;
        if (meant || lifeline_ended(c->lifeline_fd, AGAIN_MS))
            _exit(0);
        log_event(LOG_ERROR, "keyd.died", KN("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
                  KN("code", WIFEXITED(status) ? WEXITSTATUS(status) : 0));
    }
}

/* Twice, so that the parent has no child it does not know of. */
static bool fork_away(const struct keyd_config *c)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (fork() != 0)
            _exit(0);
        if (keep_two(c->listen_fd, c->lifeline_fd))
            keep_alive(&(const struct keyd_config){.folder = c->folder,
                                                   .listen_fd = 3,
                                                   .lifeline_fd = 4,
                                                   .allowed = c->allowed,
                                                   .rate = c->rate,
                                                   .quiet = c->quiet});
        _exit(EX_OSERR);
    }
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return pid > 0;
}

enum err keyd_child(struct cx *cx, struct str socket_path, struct keyd_config c)
{
    int life[2];
    TRY(keyd_listen(cx, socket_path, 0600, &c.listen_fd));
    if (pipe2(life, O_CLOEXEC) != 0) {
        close(c.listen_fd);
        return fail(cx, ERR_IO, "pipe: %s", strerror(errno));
    }
    c.lifeline_fd = life[0];
    bool good = fork_away(&c);
    close(c.listen_fd);
    close(life[0]);
    /* life[1] stays open, here and in whatever is forked here, to the end of the last of them. */
    return good ? OK : fail(cx, ERR_IO, "fork: %s", strerror(errno));
}
