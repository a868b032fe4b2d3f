/* wire.c - passes bytes between the program and PostgreSQL, and cuts where a test says. */
#include "wire.h"

#include "base/base.h"

#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PIECE 65536
#define WIRES_MAX 128

struct strand {
    struct wire *wire;
    pthread_t thread;
    int ours, theirs; /* to the program, to the server */
};
struct wire {
    char folder[32], url[128], host[80], port[8];
    int listening;
    pthread_t thread;
    atomic_bool ending;
    atomic_int how, left, cuts;
    struct strand strands[WIRES_MAX];
    int strands_n;
};

static int connect_unix(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int connect_tcp(const char *host, const char *port)
{
    struct addrinfo *found = NULL, how = {.ai_socktype = SOCK_STREAM};
    if (getaddrinfo(host, port, &how, &found) != 0)
        return -1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static int connect_server(const struct wire *w)
{
    char path[100];
    if (w->host[0] != '/')
        return connect_tcp(w->host, w->port);
    snprintf(path, sizeof path, "%s/.s.PGSQL.%s", w->host, w->port);
    return connect_unix(path);
}

static bool pass(int to, const char *p, ssize_t n)
{
    for (ssize_t done = 0; done < n;) {
        const ssize_t m = send(to, p + done, (size_t)(n - done), MSG_NOSIGNAL);
        if (m <= 0)
            return false;
        done += m;
    }
    return true;
}

/* A simple query: 'Q', its length, its text. The program waits for its answer, so it stands at the
 * beginning of what was read. */
static bool is_commit(const char *p, ssize_t n)
{
    return n >= 11 && p[0] == 'Q' && memcmp(p + 5, "commit", 6) == 0;
}

/* True: this one is to be cut. */
static bool take_cut(struct wire *w)
{
    int left = atomic_load(&w->left);
    while (left > 0 && !atomic_compare_exchange_weak(&w->left, &left, left - 1))
        ;
    if (left > 0)
        atomic_fetch_add(&w->cuts, 1);
    return left > 0;
}

static void cut(struct strand *s, char *piece, ssize_t n)
{
    const enum wire_cut how = (enum wire_cut)atomic_load(&s->wire->how);
    if (how == WIRE_BEFORE_COMMIT)
        return;
    if (pass(s->theirs, piece, n) && how == WIRE_AFTER_COMMIT)
        (void)recv(s->theirs, piece, PIECE, 0); /* it has committed */
}

/* False: the strand is at its end. */
static bool carry(struct strand *s, char *piece, int from, int to)
{
    const ssize_t n = recv(from, piece, PIECE, 0);
    if (n <= 0)
        return false;
    if (from == s->ours && is_commit(piece, n) && take_cut(s->wire)) {
        cut(s, piece, n);
        return false;
    }
    return pass(to, piece, n);
}

static void *run(void *arg)
{
    struct strand *s = arg;
    char *piece = malloc(PIECE);
    MUST(piece != NULL);
    for (bool whole = true; whole;) {
        struct pollfd p[] = {{.fd = s->ours, .events = POLLIN},
                             {.fd = s->theirs, .events = POLLIN}};
        if (poll(p, 2, -1) < 0)
            continue;
        if (p[0].revents)
            whole = carry(s, piece, s->ours, s->theirs);
        if (whole && p[1].revents)
            whole = carry(s, piece, s->theirs, s->ours);
    }
    shutdown(s->ours, SHUT_RDWR);
    shutdown(s->theirs, SHUT_RDWR);
    free(piece);
    return NULL;
}

static void *take_in(void *arg)
{
    struct wire *w = arg;
    for (;;) {
        const int fd = accept4(w->listening, NULL, NULL, SOCK_CLOEXEC);
        if (atomic_load(&w->ending))
            break;
        if (fd < 0)
            continue;
        const int theirs = connect_server(w);
        MUST(w->strands_n < WIRES_MAX);
        if (theirs < 0) {
            close(fd);
            continue;
        }
        struct strand *s = &w->strands[w->strands_n++];
        *s = (struct strand){.wire = w, .ours = fd, .theirs = theirs};
        MUST(pthread_create(&s->thread, NULL, run, s) == 0);
    }
    return NULL;
}

/* Where the server is, and the same address through us. */
static bool read_url(struct wire *w, const char *url)
{
    PQconninfoOption *all = PQconninfoParse(url, NULL);
    const char *user = "tinhso", *name = "tinhso";
    snprintf(w->port, sizeof w->port, "5432");
    for (PQconninfoOption *o = all; o && o->keyword; o++) {
        if (!o->val)
            continue;
        if (strcmp(o->keyword, "host") == 0)
            snprintf(w->host, sizeof w->host, "%s", o->val);
        else if (strcmp(o->keyword, "port") == 0)
            snprintf(w->port, sizeof w->port, "%s", o->val);
        else if (strcmp(o->keyword, "user") == 0)
            user = o->val;
        else if (strcmp(o->keyword, "dbname") == 0)
            name = o->val;
    }
    snprintf(w->url, sizeof w->url, "postgresql://%s@/%s?host=%%2Ftmp%%2F%s", user, name,
             w->folder + 5);
    PQconninfoFree(all);
    return w->host[0] != 0;
}

static bool listen_at(struct wire *w)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s/.s.PGSQL.5432", w->folder);
    w->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return w->listening >= 0 && bind(w->listening, (struct sockaddr *)&at, sizeof at) == 0 &&
           listen(w->listening, 64) == 0;
}

struct wire *wire_start(const char *url)
{
    struct wire *w = calloc(1, sizeof *w);
    MUST(w != NULL);
    snprintf(w->folder, sizeof w->folder, "/tmp/tinhso-wire.XXXXXX");
    if (!mkdtemp(w->folder) || !read_url(w, url) || !listen_at(w) ||
        pthread_create(&w->thread, NULL, take_in, w) != 0) {
        free(w);
        return NULL;
    }
    return w;
}

const char *wire_url(const struct wire *w)
{
    return w->url;
}

void wire_cut(struct wire *w, enum wire_cut how, int times)
{
    atomic_store(&w->how, (int)how);
    atomic_store(&w->left, times);
}

int wire_cuts(const struct wire *w)
{
    return atomic_load(&w->cuts);
}

void wire_end(struct wire *w)
{
    char path[64];
    atomic_store(&w->ending, true);
    shutdown(w->listening, SHUT_RDWR); /* wakes accept */
    pthread_join(w->thread, NULL);
    for (int i = 0; i < w->strands_n; i++) {
        struct strand *s = &w->strands[i];
        shutdown(s->ours, SHUT_RDWR);
        pthread_join(s->thread, NULL);
        close(s->ours);
        close(s->theirs);
    }
    close(w->listening);
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", w->folder);
    unlink(path);
    rmdir(w->folder);
    free(w);
}
