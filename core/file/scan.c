/* scan.c - asks clamd over its socket (INSTREAM); clamd is a program of its own (decision 20). */
#include "file_inside.h"

#include "log/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_SECONDS 60
#define ANSWER_BYTES 1024

struct str clamd_socket(struct cx *cx)
{
    return cx->env->settings ? str_trim(setting(cx->env->settings, S("clamd.socket"), S("")))
                             : S("");
}

static enum err no_answer(struct cx *cx, const char *step)
{
    return fail(cx, ERR_BUSY, "clamd: no answer at %s: %s", step, strerror(errno));
}

static enum err call(struct cx *cx, int *fd)
{
    struct str path = clamd_socket(cx);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path.n == 0 || path.n >= sizeof to.sun_path)
        return fail(cx, ERR_BUSY, "clamd.socket is not set or too long");
    memcpy(to.sun_path, path.p, path.n);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval wait = {.tv_sec = ANSWER_SECONDS};
    bool good = *fd >= 0 && setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
                setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) == 0 &&
                connect(*fd, (struct sockaddr *)&to, sizeof to) == 0;
    if (good)
        return OK;
    enum err e = no_answer(cx, "connect");
    if (*fd >= 0)
        close(*fd);
    return e;
}

static bool send_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_from(bytes, (size_t)n);
    }
    return true;
}

static bool send_piece(int fd, struct str piece)
{
    uint32_t n = htonl((uint32_t)piece.n);
    return send_all(fd, (struct str){(char *)&n, sizeof n}) && send_all(fd, piece);
}

/* clamd may answer and close before all is sent: a refused send is not yet a failure. */
static enum err send_stream(struct cx *cx, int fd, scan_next *next, void *state)
{
    if (!send_all(fd, (struct str){"zINSTREAM", sizeof "zINSTREAM"}))
        return no_answer(cx, "command");
    for (;;) {
        struct str piece;
        TRY(next(state, &piece));
        if (!send_piece(fd, piece) || piece.n == 0)
            return OK;
    }
}

static enum err read_answer(struct cx *cx, int fd, struct str *answer)
{
    char *p = arena_alloc(cx->arena, ANSWER_BYTES);
    size_t n = 0;
    while (n < ANSWER_BYTES) {
        ssize_t got = recv(fd, p + n, ANSWER_BYTES - n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
        if (memchr(p, 0, n))
            break;
    }
    const char *end = memchr(p, 0, n);
    if (!end)
        return no_answer(cx, "result");
    *answer = (struct str){p, (size_t)(end - p)};
    return OK;
}

/* "stream: OK", "stream: NAME FOUND", "... ERROR". */
static enum err judge(struct cx *cx, struct str answer, struct str *infected)
{
    struct str verdict = str_starts(answer, S("stream: ")) ? str_from(answer, 8) : answer;
    *infected = S("");
    if (str_eq(verdict, S("OK")))
        return OK;
    if (!str_ends(verdict, S(" FOUND")))
        return fail(cx, ERR_BUSY, "clamd: %.*s", F(answer));
    *infected = str_until(verdict, verdict.n - 6);
    return OK;
}

enum err scan_stream(struct cx *cx, scan_next *next, void *state, struct str *infected)
{
    int fd = -1;
    struct str answer = S("");
    TRY(call(cx, &fd));
    enum err e = send_stream(cx, fd, next, state);
    if (e == OK)
        e = read_answer(cx, fd, &answer);
    close(fd);
    TRY(e);
    return judge(cx, answer, infected);
}
