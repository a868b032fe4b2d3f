/* http_listen.c - from "127.0.0.1:8080", "unix:/path" and "fd:3" to listening sockets. */
#include "http_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

static bool unix_address(struct str path, struct sockaddr_storage *out, socklen_t *n)
{
    struct sockaddr_un *u = (struct sockaddr_un *)out;
    if (path.n == 0 || path.n >= sizeof u->sun_path)
        return false;
    u->sun_family = AF_UNIX;
    memcpy(u->sun_path, path.p, path.n);
    *n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.n + 1);
    return true;
}

/* Numbers only: no name is looked up for a socket of our own. */
bool http_address(struct str text, struct sockaddr_storage *out, socklen_t *n)
{
    memset(out, 0, sizeof *out);
    if (str_starts(text, S("unix:")))
        return unix_address(str_from(text, 5), out, n);
    size_t colon = text.n;
    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    int64_t port;
    struct str port_text = str_from(text, colon);
    if (colon < 2 || port_text.n > 5 || !str_int(port_text, &port) || port < 0 || port > 65535)
        return false;
    struct str host = str_until(text, colon - 1);
    bool six = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    if (six)
        host = (struct str){host.p + 1, host.n - 2};
    char z[PEER_BYTES];
    if (host.n >= sizeof z)
        return false;
    memcpy(z, host.p, host.n);
    z[host.n] = 0;
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    if (six) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        *n = sizeof *v6;
        return inet_pton(AF_INET6, z, &v6->sin6_addr) == 1;
    }
    v4->sin_family = AF_INET;
    v4->sin_port = htons((uint16_t)port);
    *n = sizeof *v4;
    return inet_pton(AF_INET, z, &v4->sin_addr) == 1;
}

void http_peer_text(const struct sockaddr_storage *from, char out[PEER_BYTES])
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
    if (from->ss_family == AF_INET)
        inet_ntop(AF_INET, &v4->sin_addr, out, PEER_BYTES);
    else if (from->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], out, PEER_BYTES);
    else if (from->ss_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, out, PEER_BYTES);
    else
        memcpy(out, "unix", 5);
}

/* Whether somebody answers at this address already. SO_REUSEPORT would let us share a port with
 * another server of the same user unnoticed, so the first bind goes without it. */
static bool taken(const struct sockaddr_storage *at, socklen_t n)
{
    int fd = socket(at->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    int one = 1, r;
    if (at->ss_family == AF_UNIX) {
        r = connect(fd, (const struct sockaddr *)at, n) == 0 || errno == EAGAIN;
    } else {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
        r = bind(fd, (const struct sockaddr *)at, n) != 0 && errno == EADDRINUSE;
    }
    close(fd);
    return r;
}

static int bound_port(int fd)
{
    struct sockaddr_storage at = {0};
    socklen_t n = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &n) != 0)
        return 0;
    if (at.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)&at)->sin_port);
    return at.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&at)->sin6_port) : 0;
}

/* -1: errno says why. */
static int listening(const struct sockaddr_storage *at, socklen_t n)
{
    int fd = socket(at->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int one = 1;
    bool is_unix = at->ss_family == AF_UNIX;
    if (!is_unix) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    }
    /* Between bind and chmod nobody can connect: it does not listen yet. */
    if (bind(fd, (const struct sockaddr *)at, n) == 0 &&
        (!is_unix || chmod(((const struct sockaddr_un *)at)->sun_path, 0660) == 0) &&
        listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static void give(struct loop *l, int fd, bool is_unix, bool shared)
{
    l->listeners[l->listeners_n++] = (struct listener){
        .source = SOURCE_LISTENER, .fd = fd, .is_unix = is_unix, .shared = shared};
}

/* A socket for all loops: each closes its own descriptor of it, so none closes another's. */
static bool share(struct http_server *s, int fd, bool is_unix)
{
    for (int k = 0; k < s->loops_n; k++) {
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (copy < 0)
            return false;
        give(s->loops[k], copy, is_unix, true);
    }
    return true;
}

/* "fd:3": a socket that the supervisor holds open across restarts. */
static enum err inherit(struct cx *cx, struct http_server *s, size_t i, struct str text)
{
    int64_t fd;
    int listens = 0;
    socklen_t n = sizeof listens;
    if (!str_int(str_from(text, 3), &fd) || fd < 0 || fd > 65535 ||
        getsockopt((int)fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) != 0 || !listens)
        return fail(cx, ERR_INVALID, "%.*s is no listening socket", F(text));
    fcntl((int)fd, F_SETFL, fcntl((int)fd, F_GETFL) | O_NONBLOCK);
    struct sockaddr_storage at = {0};
    socklen_t at_n = sizeof at;
    getsockname((int)fd, (struct sockaddr *)&at, &at_n);
    s->ports[i] = bound_port((int)fd);
    if (!share(s, (int)fd, at.ss_family == AF_UNIX))
        return fail(cx, ERR_IO, "cannot use %.*s: %s", F(text), strerror(errno));
    return OK;
}

static enum err refused(struct cx *cx, struct str text)
{
    if (errno == EADDRINUSE)
        return fail(cx, ERR_BUSY, "cannot listen on %.*s: another program already does", F(text));
    if (errno == EACCES || errno == EPERM)
        return fail(cx, ERR_DENIED, "cannot listen on %.*s: this user may not", F(text));
    return fail(cx, ERR_IO, "cannot listen on %.*s: %s", F(text), strerror(errno));
}

/* A socket file left by a server that died is in the way; anything else there is not ours. */
static void remove_stale(const struct sockaddr_storage *at)
{
    const char *path = ((const struct sockaddr_un *)at)->sun_path;
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
        unlink(path);
}

static enum err listen_unix(struct cx *cx, struct http_server *s, struct str text,
                            const struct sockaddr_storage *at, socklen_t n)
{
    remove_stale(at);
    int fd = listening(at, n);
    if (fd < 0)
        return refused(cx, text);
    bool shared = share(s, fd, true);
    close(fd);
    return shared ? OK : refused(cx, text);
}

/* One socket a loop, so that the kernel spreads connections. */
static enum err listen_tcp(struct cx *cx, struct http_server *s, size_t i, struct str text,
                           struct sockaddr_storage *at, socklen_t n)
{
    for (int k = 0; k < s->loops_n; k++) {
        int fd = listening(at, n);
        if (fd < 0)
            return refused(cx, text);
        give(s->loops[k], fd, false, false);
        s->ports[i] = bound_port(fd);
        /* Port 0: the others join the port that the first one got. IPv6 has it at the same place.
         */
        ((struct sockaddr_in *)at)->sin_port = htons((uint16_t)s->ports[i]);
    }
    return OK;
}

static enum err listen_one(struct cx *cx, struct http_server *s, size_t i, struct str text)
{
    struct sockaddr_storage at;
    socklen_t n;
    if (str_starts(text, S("fd:")))
        return inherit(cx, s, i, text);
    if (!http_address(text, &at, &n))
        return fail(cx, ERR_INVALID, "%.*s is no address to listen on", F(text));
    if (taken(&at, n)) {
        errno = EADDRINUSE;
        return refused(cx, text);
    }
    if (at.ss_family == AF_UNIX)
        return listen_unix(cx, s, text, &at, n);
    return listen_tcp(cx, s, i, text, &at, n);
}

enum err http_listen_all(struct cx *cx, struct http_server *s)
{
    if (s->config.listen_n == 0)
        return fail(cx, ERR_INVALID, "no address to listen on");
    for (size_t i = 0; i < s->config.listen_n; i++)
        TRY(listen_one(cx, s, i, s->config.listen[i]));
    return OK;
}
