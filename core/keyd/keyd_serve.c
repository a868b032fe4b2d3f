/* keyd_serve.c - the process that holds private keys: one thread, a few connections, a log. */
#include "keyd_inside.h"

#include "guard/guard.h"
#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define PEERS_MAX 32
#define LOCKED_HEAP 32768 /* OpenSSL keeps private numbers there; ulimit -l may be 64 KiB */
#define REQUEST_ARENA ((size_t)1 << 20)
#define BURST 20 /* seconds of the rate, at once */

struct peer {
    int fd;
    unsigned uid;
    int pid;
};

struct server {
    const struct keyd_config *config;
    struct env env;
    struct cx cx;
    struct keyd_box *box;
    struct peer peers[PEERS_MAX];
    size_t peers_n;
    struct {
        int64_t left, at; /* signatures, in thousandths; ms */
    } bucket[KEYD_PAPER + 1];
};

static volatile sig_atomic_t told_to_end;

static void end_soon(int sig)
{
    (void)sig;
    told_to_end = 1;
}

/* ---- what keeps the keys in here ---- */

static bool shut_in(void)
{
    const struct rlimit none = {0, 0};
    (void)prctl(PR_SET_NAME, "tinhso-keyd");
    return prctl(PR_SET_DUMPABLE, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0 &&
           (CRYPTO_secure_malloc_initialized() || CRYPTO_secure_malloc_init(LOCKED_HEAP, 32) != 0);
}

/* OpenSSL reads its settings when it is first used; afterwards no file can be opened. */
static enum err ready_to_be_shut_in(struct cx *cx)
{
    struct key *k;
    struct str signature;
    TRY(key_generate(cx, &k));
    const struct str sealed = seal(cx, S("0123456789abcdef0123456789abcdef"), S("x"), S("x"));
    enum err e = key_sign_digest(cx, k, sha256(sealed), &signature);
    key_free(k);
    return e;
}

/* ---- how often ---- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool within_rate(struct server *s, enum keyd_use use)
{
    const int64_t now = now_ms(), most = s->config->rate * BURST * 1000;
    int64_t *left = &s->bucket[use].left, *at = &s->bucket[use].at;
    if (*at == 0)
        *left = most;
    else
        *left += (now - *at) * s->config->rate;
    *at = now;
    if (*left > most)
        *left = most;
    if (*left < 1000)
        return false;
    *left -= 1000;
    return true;
}

/* ---- one request ---- */

static const char *status_name(enum keyd_status s)
{
    static const char *const names[] = {"done", "refused", "malformed", "too_many", "fault"};
    return names[s];
}

static void note(struct server *s, const struct peer *p, const struct keyd_request *rq,
                 enum keyd_status status, const struct hash *print)
{
    struct arena *a = s->cx.arena;
    if (status == KEYD_DONE && (s->config->quiet || rq->op == KEYD_OP_PUBLIC))
        return;
    struct str of = str_hex(a, (struct str){(const char *)print->b, 8});
    struct str digest = rq->op == KEYD_OP_SIGN ? str_hex(a, HASH_STR(rq->digest)) : S("");
    log_event(status == KEYD_DONE ? LOG_INFO : LOG_WARN, keyd_op_name(rq->op),
              K("use", str_c(keyd_use_name(rq->use))), K("key", of), K("digest", digest),
              K("status", str_c(status_name(status))), KN("uid", p->uid), KN("pid", p->pid));
}

static struct str answer_to(struct server *s, const struct peer *p, struct str packet, bool *stay)
{
    struct keyd_request rq;
    struct hash print = {0};
    struct str answer = S("");
    *stay = keyd_parse(packet, &rq);
    if (!*stay) {
        log_event(LOG_WARN, "keyd.malformed", KN("uid", p->uid), KN("pid", p->pid));
        return keyd_refusal(&s->cx, KEYD_MALFORMED);
    }
    enum keyd_status status = KEYD_TOO_MANY;
    if (rq.op == KEYD_OP_PUBLIC || within_rate(s, rq.use))
        status = box_answer(&s->cx, s->box, &rq, &answer, &print);
    else
        answer = keyd_refusal(&s->cx, status);
    note(s, p, &rq, status, &print);
    return answer;
}

/* False: the connection has ended or is to end. */
static bool serve_peer(struct server *s, const struct peer *p)
{
    char bytes[KEYD_PACKET_MAX + 1];
    ssize_t n = recv(p->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n <= 0)
        return n < 0 && (errno == EAGAIN || errno == EINTR);
    struct arena_mark here = arena_here(s->cx.arena);
    bool stay;
    struct str said = answer_to(s, p, (struct str){bytes, (size_t)n}, &stay);
    /* Nobody who does not read may hold the others up. */
    bool sent = send(p->fd, said.p, said.n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)said.n;
    wipe(bytes, sizeof bytes);
    arena_back(s->cx.arena, here);
    return sent && stay;
}

/* ---- connections ---- */

static void drop_peer(struct server *s, size_t i)
{
    close(s->peers[i].fd);
    s->peers[i] = s->peers[--s->peers_n];
}

static void take_peer(struct server *s)
{
    struct ucred who = {0};
    socklen_t n = sizeof who;
    int fd = accept4(s->config->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    bool known = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
                 (who.uid == s->config->allowed || who.uid == geteuid() || who.uid == 0);
    if (!known)
        log_event(LOG_WARN, "keyd.stranger", KN("uid", who.uid), KN("pid", who.pid));
    if (!known) {
        close(fd);
        return;
    }
    if (s->peers_n == PEERS_MAX)
        drop_peer(s, 0); /* the oldest asks again when it needs to */
    s->peers[s->peers_n++] = (struct peer){fd, who.uid, who.pid};
}

static void serve_all(struct server *s)
{
    struct pollfd fds[PEERS_MAX + 2] = {{.fd = s->config->listen_fd, .events = POLLIN},
                                        {.fd = s->config->lifeline_fd, .events = POLLIN}};
    const size_t n = s->peers_n;
    for (size_t i = 0; i < n; i++)
        fds[i + 2] = (struct pollfd){.fd = s->peers[i].fd, .events = POLLIN};
    if (poll(fds, n + 2, -1) < 0)
        return;
    if (fds[1].revents)
        told_to_end = 1;
    for (size_t i = n; i-- > 0;)
        if (fds[i + 2].revents && !serve_peer(s, &s->peers[i]))
            drop_peer(s, i);
    if (fds[0].revents)
        take_peer(s);
}

static void hear(const struct keyd_config *c)
{
    struct sigaction end = {.sa_handler = end_soon}, not = {.sa_handler = SIG_IGN};
    /* A child of the server ends with it: it is still needed while the server stops. */
    sigaction(SIGTERM, c->lifeline_fd >= 0 ? &not : &end, NULL);
    sigaction(SIGINT, c->lifeline_fd >= 0 ? &not : &end, NULL);
    sigaction(SIGHUP, &not, NULL);
    sigaction(SIGPIPE, &not, NULL);
}

int keyd_serve(const struct keyd_config *c)
{
    struct server s = {.config = c, .env = {.clock = clock_system, .random = random_system}};
    told_to_end = 0;
    hear(c);
    (void)fcntl(c->listen_fd, F_SETFL, O_NONBLOCK); /* who asked may be gone before we accept */
    s.cx = (struct cx){.arena = arena_new(REQUEST_ARENA),
                       .env = &s.env,
                       .actor = &actor_program,
                       .lang = S("vi"),
                       .request_id = S("")};
    MUST(s.cx.arena != NULL);
    enum err e = shut_in() ? box_open(&s.cx, c->folder, &s.box)
                           : fail(&s.cx, ERR_IO, "cannot shut itself in: %s", strerror(errno));
    if (e != OK) {
        log_event(LOG_ERROR, "keyd.cannot_start", K("why", s.cx.why));
        return EX_CONFIG;
    }
    e = ready_to_be_shut_in(&s.cx);
    if (e == OK)
        e = guard_begin(&s.cx, GUARD_KEYD, &(const struct guard_folders){0});
    if (e != OK) {
        log_event(LOG_ERROR, "keyd.cannot_start", K("why", s.cx.why));
        return EX_OSERR;
    }
    log_event(c->quiet ? LOG_DEBUG : LOG_INFO, "keyd.started", KN("allowed_uid", c->allowed));
    while (!told_to_end)
        serve_all(&s);
    box_close(s.box);
    arena_free(s.cx.arena);
    return EX_OK;
}

/* ---- the address ---- */

enum err keyd_listen(struct cx *cx, struct str path, unsigned mode, int *out)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (path.n == 0 || path.n >= sizeof at.sun_path)
        return fail(cx, ERR_LIMIT, T("Đường dẫn %.*s quá dài cho ổ cắm của tiến trình giữ khóa."),
                    F(path));
    memcpy(at.sun_path, path.p, path.n);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    unlink(at.sun_path);
    mode_t mask = umask(0177);
    bool good = fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof at) == 0 &&
                chmod(at.sun_path, (mode_t)mode) == 0 && listen(fd, PEERS_MAX) == 0;
    umask(mask);
    if (good) {
        *out = fd;
        return OK;
    }
    enum err e = fail(cx, ERR_IO, "%s: %s", at.sun_path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return e;
}
