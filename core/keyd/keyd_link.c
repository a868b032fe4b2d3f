/* keyd_link.c - the side that asks: one connection a process, made again when it breaks. */
#include "keyd_inside.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_WITHIN_S 5

struct keyd {
    struct sockaddr_un at;
    pthread_mutex_t lock;
    int fd;               /* -1: not connected */
    struct keyd_box *box; /* tests: no process */
};

static enum err new_link(struct cx *cx, struct keyd **out)
{
    struct keyd *k = calloc(1, sizeof *k);
    if (!k)
        return fail(cx, ERR_IO, "no memory for a link to keyd");
    k->fd = -1;
    pthread_mutex_init(&k->lock, NULL);
    *out = k;
    return OK;
}

enum err keyd_at(struct cx *cx, struct str socket_path, struct keyd **out)
{
    if (socket_path.n == 0 || socket_path.n >= sizeof(*out)->at.sun_path)
        return fail(cx, ERR_LIMIT, T("Đường dẫn %.*s quá dài cho ổ cắm của tiến trình giữ khóa."),
                    F(socket_path));
    TRY(new_link(cx, out));
    (*out)->at.sun_family = AF_UNIX;
    memcpy((*out)->at.sun_path, socket_path.p, socket_path.n);
    return OK;
}

enum err keyd_here(struct cx *cx, struct str folder, struct keyd **out)
{
    struct keyd_box *box;
    TRY(box_open(cx, folder, &box));
    enum err e = new_link(cx, out);
    if (e == OK)
        (*out)->box = box;
    else
        box_close(box);
    return e;
}

void keyd_close(struct keyd *k)
{
    if (!k)
        return;
    if (k->fd >= 0)
        close(k->fd);
    box_close(k->box);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

/* ---- one question ---- */

static bool connect_again(struct keyd *k)
{
    const struct timeval limit = {.tv_sec = ANSWER_WITHIN_S};
    if (k->fd >= 0)
        return true;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, (const struct sockaddr *)&k->at, sizeof k->at) != 0) {
        close(fd);
        return false;
    }
    k->fd = fd;
    return true;
}

/* What was said too late must not be taken for the answer to another question. */
static void hang_up(struct keyd *k)
{
    int why = errno;
    if (k->fd >= 0)
        close(k->fd);
    k->fd = -1;
    errno = why;
}

static ssize_t ask_once(struct keyd *k, struct str packet, char *answer)
{
    if (!connect_again(k))
        return -1;
    ssize_t n = send(k->fd, packet.p, packet.n, MSG_NOSIGNAL);
    n = n == (ssize_t)packet.n ? recv(k->fd, answer, KEYD_PACKET_MAX, 0) : -1;
    if (n == 0)
        errno = ECONNRESET; /* it ended */
    if (n <= 0)
        hang_up(k);
    return n;
}

/* Once more when the connection broke: what was asked may be asked twice. */
static ssize_t ask(struct keyd *k, struct str packet, char *answer)
{
    pthread_mutex_lock(&k->lock);
    ssize_t n = ask_once(k, packet, answer);
    if (n <= 0 && (errno == ECONNRESET || errno == EPIPE))
        n = ask_once(k, packet, answer);
    int why = errno;
    pthread_mutex_unlock(&k->lock);
    errno = why;
    return n;
}

static ssize_t ask_box(struct cx *cx, struct keyd *k, struct str packet, char *answer)
{
    struct keyd_request rq;
    struct str said;
    struct hash print;
    pthread_mutex_lock(&k->lock);
    if (keyd_parse(packet, &rq))
        (void)box_answer(cx, k->box, &rq, &said, &print);
    else
        said = keyd_refusal(cx, KEYD_MALFORMED);
    pthread_mutex_unlock(&k->lock);
    memcpy(answer, said.p, said.n);
    return (ssize_t)said.n;
}

static enum err judge(struct cx *cx, struct str answer, struct str *first, struct str *second)
{
    if (answer.n < KEYD_HEAD + 2 || answer.p[0] != 'K' || answer.p[1] != 1)
        return fail(cx, ERR_IO, "keyd: an answer that cannot be read");
    size_t n = (size_t)(unsigned char)answer.p[4] << 8 | (unsigned char)answer.p[5];
    struct str rest = str_from(answer, KEYD_HEAD + 2);
    switch ((enum keyd_status)answer.p[2]) {
    case KEYD_DONE:
        if (n > rest.n)
            break;
        *first = str_dup(cx->arena, str_until(rest, n));
        *second = str_dup(cx->arena, str_from(rest, n));
        return OK;
    case KEYD_REFUSED:
        return fail(
            cx, ERR_DENIED,
            T("Tiến trình giữ khóa không nhận khóa này: khóa được niêm bằng sign.key khác."));
    case KEYD_TOO_MANY:
        return fail(cx, ERR_BUSY, "keyd: too many signatures in a short time (keyd.rate)");
    case KEYD_MALFORMED:
    case KEYD_FAULT:
        break;
    }
    return fail(cx, ERR_IO, "keyd: it failed, its log says why");
}

static enum err question(struct cx *cx, enum keyd_op op, enum keyd_use use, struct str digest,
                         struct str rest, struct str *first, struct str *second)
{
    struct keyd *k = cx->env->keyd;
    struct buf b = {.arena = cx->arena, .limit = KEYD_PACKET_MAX};
    char answer[KEYD_PACKET_MAX];
    if (!k)
        return fail(cx, ERR_IO, "no keyd: private keys are not at hand here");
    buf_add(&b, S("K\x01"));
    buf_byte(&b, (char)op);
    buf_byte(&b, (char)use);
    buf_add(&b, digest);
    buf_add(&b, rest);
    if (b.full)
        return fail(cx, ERR_DENIED, T("Khóa này không phải của tiến trình giữ khóa."));
    ssize_t n = k->box ? ask_box(cx, k, buf_str(&b), answer) : ask(k, buf_str(&b), answer);
    if (op == KEYD_OP_ADOPT)
        wipe(b.p, b.n);
    if (n <= 0)
        return fail(cx, ERR_BUSY, "keyd does not answer at %s: %s (systemctl start tinhso-keyd)",
                    k->at.sun_path, strerror(errno));
    return judge(cx, (struct str){answer, (size_t)n}, first, second);
}

/* ---- keys ---- */

struct there {
    enum keyd_use use;
    struct str handle;
};

static enum err sign_there(struct cx *cx, void *state, struct hash digest, struct str *signature)
{
    const struct there *t = state;
    struct str none;
    return question(cx, KEYD_OP_SIGN, t->use, HASH_STR(digest), t->handle, signature, &none);
}

enum err keyd_key(struct cx *cx, enum keyd_use use, struct str handle, struct str public_der,
                  struct key **out)
{
    struct there *t = NEW(cx->arena, struct there);
    *t = (struct there){use, str_dup(cx->arena, handle)};
    return key_elsewhere(cx, public_der, sign_there, t, out);
}

enum err keyd_public(struct cx *cx, enum keyd_use use, struct str handle, struct str *public_der)
{
    struct str none;
    return question(cx, KEYD_OP_PUBLIC, use, S(""), handle, public_der, &none);
}

enum err keyd_make(struct cx *cx, enum keyd_use use, struct str *handle, struct key **out)
{
    struct str public_der;
    TRY(question(cx, KEYD_OP_MAKE, use, S(""), S(""), handle, &public_der));
    return keyd_key(cx, use, *handle, public_der, out);
}

enum err keyd_adopt(struct cx *cx, enum keyd_use use, struct str private_der, struct str *handle,
                    struct key **out)
{
    struct str public_der;
    TRY(question(cx, KEYD_OP_ADOPT, use, S(""), private_der, handle, &public_der));
    return keyd_key(cx, use, *handle, public_der, out);
}
