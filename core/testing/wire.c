/* wire.c - passes bytes between the program and PostgreSQL, and cuts where a test says. */
#include "wire.h"

#include "base/base.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
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
    atomic_bool ended;
    bool greeted; /* the program has said whom it wants */
    char *call;   /* what the program has said so far and the server was not told */
    size_t n, room;
};
struct wire {
    char folder[32], url[128], host[80], port[8];
    int listening;
    pthread_t thread;
    atomic_bool ending;
    atomic_int how, left, cuts;
    atomic_int fault;
    _Atomic int64_t in, met;
    struct strand strands[WIRES_MAX];
    int strands_n;
};

const char *wire_fault_name(enum wire_fault kind)
{
    static const char *const names[WIRE_ALL_FAULTS] = {
        [WIRE_SOUND] = "undisturbed",
        [WIRE_FAILS] = "the statement fails",
        [WIRE_AGAIN] = "serialisation failure",
        [WIRE_DEADLOCK] = "deadlock",
        [WIRE_UNASKED] = "cut before the server heard it",
        [WIRE_UNHEARD] = "cut before its answer came",
        [WIRE_UNAWAITED] = "cut while the server did it",
        [WIRE_DIES] = "killed before the server heard it",
    };
    return names[kind];
}

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

/* ---- what the program says ---- */

/* The length of the message at p, its type included; 0: it is not whole. */
static size_t message(const struct strand *s, size_t at)
{
    const size_t head = s->greeted ? 1 : 0; /* the first has no type */
    uint32_t length;
    if (s->n < at + head + 4)
        return 0;
    memcpy(&length, s->call + at + head, 4);
    return s->n < at + head + ntohl(length) ? 0 : head + ntohl(length);
}

/* The program waits for an answer to 'Q' and 'S'; all else but the parts of an 'S' goes on at once.
 */
static bool ends_call(char type)
{
    return type == 'Q' || type == 'S';
}

static bool waits_for_more(char type)
{
    return type == 'P' || type == 'B' || type == 'D' || type == 'E' || type == 'C';
}

static bool is_text(const struct strand *s, const char *text)
{
    return s->call[0] == 'Q' && s->n >= 5 + strlen(text) &&
           memcmp(s->call + 5, text, strlen(text)) == 0;
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

static enum wire_fault take_fault(struct wire *w)
{
    const enum wire_fault kind = (enum wire_fault)atomic_load(&w->fault);
    if (kind == WIRE_SOUND || atomic_fetch_sub(&w->in, 1) != 1)
        return WIRE_SOUND;
    atomic_fetch_add(&w->met, 1);
    return kind;
}

/* Until the server is ready for the next: whatever it had to do is done. */
static void wait_for_server(const struct strand *s)
{
    static const char ready[5] = {'Z', 0, 0, 0, 5};
    char last[6] = "", piece[4096];
    for (ssize_t n; (n = recv(s->theirs, piece, sizeof piece, 0)) > 0;) {
        const size_t kept = n < 6 ? 6 - (size_t)n : 0, taken = 6 - kept;
        memmove(last, last + taken, kept);
        memcpy(last + kept, piece + n - taken, taken);
        if (memcmp(last, ready, 5) == 0)
            return;
    }
}

static bool pass_call(struct strand *s)
{
    const bool good = pass(s->theirs, s->call, (ssize_t)s->n);
    s->n = 0;
    return good;
}

/* The server itself fails in its place: its transaction is what it would be then. */
static bool fail_instead(struct strand *s, const char *code)
{
    char text[128];
    const int n = snprintf(text + 5, sizeof text - 5,
                           "do $$ begin raise exception 'wire' using errcode = '%s'; end $$", code);
    const uint32_t length = htonl((uint32_t)n + 5);
    text[0] = 'Q';
    memcpy(text + 1, &length, 4);
    s->n = 0;
    return pass(s->theirs, text, n + 6);
}

/* False: the strand is at its end. */
static bool cut_commit(struct strand *s)
{
    const enum wire_cut how = (enum wire_cut)atomic_load(&s->wire->how);
    if (how != WIRE_BEFORE_COMMIT && pass_call(s) && how == WIRE_AFTER_COMMIT)
        wait_for_server(s);
    return false;
}

static void remove_folder(const struct wire *w)
{
    char path[64];
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", w->folder);
    unlink(path);
    rmdir(w->folder);
}

static bool meet(struct strand *s, enum wire_fault kind)
{
    switch (kind) {
    case WIRE_FAILS:
        return fail_instead(s, "XX000");
    case WIRE_AGAIN:
        return fail_instead(s, "40001");
    case WIRE_DEADLOCK:
        return fail_instead(s, "40P01");
    case WIRE_UNASKED:
        return false;
    case WIRE_UNHEARD:
        if (pass_call(s))
            wait_for_server(s);
        return false;
    case WIRE_UNAWAITED:
        (void)pass_call(s);
        return false;
    case WIRE_DIES:
        remove_folder(s->wire);
        kill(getpid(), SIGKILL);
        return false;
    case WIRE_SOUND:
    case WIRE_ALL_FAULTS:
        break;
    }
    return pass_call(s);
}

static bool whole_call(struct strand *s)
{
    if (is_text(s, "commit") && take_cut(s->wire))
        return cut_commit(s);
    return meet(s, is_text(s, "rollback") ? WIRE_SOUND : take_fault(s->wire));
}

/* ---- strands ---- */

static bool hear_program(struct strand *s)
{
    if (s->room - s->n < PIECE) {
        s->room += 2 * PIECE;
        s->call = realloc(s->call, s->room);
        MUST(s->call != NULL);
    }
    const ssize_t got = recv(s->ours, s->call + s->n, PIECE, 0);
    if (got <= 0)
        return false;
    s->n += (size_t)got;
    size_t at = 0, n;
    bool waits = true; /* for the rest of a call */
    char last = 0;
    for (; (n = message(s, at)) > 0; at += n) {
        last = s->greeted ? s->call[at] : 0;
        waits = s->greeted && waits_for_more(last);
        s->greeted = true;
    }
    if (waits || at < s->n)
        return true;
    return ends_call(last) ? whole_call(s) : pass_call(s);
}

static bool hear_server(const struct strand *s, char *piece)
{
    const ssize_t n = recv(s->theirs, piece, PIECE, 0);
    return n > 0 && pass(s->ours, piece, n);
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
            whole = hear_program(s);
        if (whole && p[1].revents)
            whole = hear_server(s, piece);
    }
    shutdown(s->ours, SHUT_RDWR);
    shutdown(s->theirs, SHUT_RDWR);
    free(piece);
    atomic_store(&s->ended, true);
    return NULL;
}

static void bury(struct strand *s)
{
    pthread_join(s->thread, NULL);
    close(s->ours);
    close(s->theirs);
    free(s->call);
}

/* A place of its own, or that of one which has ended. */
static struct strand *new_strand(struct wire *w)
{
    for (int i = 0; i < w->strands_n; i++)
        if (atomic_load(&w->strands[i].ended)) {
            bury(&w->strands[i]);
            return &w->strands[i];
        }
    MUST(w->strands_n < WIRES_MAX);
    return &w->strands[w->strands_n++];
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
        if (theirs < 0) {
            close(fd);
            continue;
        }
        struct strand *s = new_strand(w);
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

void wire_fault(struct wire *w, enum wire_fault kind, int64_t n)
{
    atomic_store(&w->fault, WIRE_SOUND);
    atomic_store(&w->met, 0);
    atomic_store(&w->in, n);
    atomic_store(&w->fault, (int)kind);
}

int64_t wire_met(const struct wire *w)
{
    return atomic_load(&w->met);
}

void wire_end(struct wire *w)
{
    atomic_store(&w->ending, true);
    shutdown(w->listening, SHUT_RDWR); /* wakes accept */
    pthread_join(w->thread, NULL);
    for (int i = 0; i < w->strands_n; i++) {
        struct strand *s = &w->strands[i];
        shutdown(s->ours, SHUT_RDWR);
        bury(s);
    }
    close(w->listening);
    remove_folder(w);
    free(w);
}
