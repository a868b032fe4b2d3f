/* crowd.c - many connections that each hold something of the server's. */
#include "crowd.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 120000
#define PIECE_BYTES ((size_t)300 << 10) /* more than an upload keeps of its file's end */
#define FILES_OPEN 20000

struct crowd {
    const struct crowd_asked *asked;
    struct crowd_report *out;
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load;
    int *fds;
    int n;
};

/* ---- what the server's processes hold ---- */

static int64_t anonymous_kb(const char *pid)
{
    char path[64], line[200];
    long long kb = 0;
    snprintf(path, sizeof path, "/proc/%.20s/status", pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "RssAnon: %lld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

static int64_t held_bytes(const struct crowd *c)
{
    int64_t kb = 0;
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        const pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
        if (pid > 0 && getpgid(pid) == c->server.pid)
            kb += anonymous_kb(e->d_name);
    }
    if (d)
        closedir(d);
    return kb << 10;
}

/* ---- sockets ---- */

static int connect_one(const struct crowd *c)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)c->server.port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool send_all(int fd, struct str bytes)
{
    while (bytes.n) {
        const ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes = str_from(bytes, (size_t)n);
    }
    return true;
}

static void leave(struct crowd *c)
{
    for (int i = 0; i < c->n; i++)
        close(c->fds[i]);
    c->n = 0;
}

/* ---- the crowds ---- */

static bool is_stream(int fd)
{
    char answer[4096];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    const ssize_t n = poll(&p, 1, WAIT_MS) == 1 ? recv(fd, answer, sizeof answer - 1, 0) : 0;
    answer[n > 0 ? n : 0] = 0;
    return strncmp(answer, "HTTP/1.1 200", 12) == 0 && strstr(answer, "text/event-stream");
}

static int64_t follow(struct crowd *c, const struct session *s, struct str work)
{
    struct client *k = &c->load.clients[0];
    const struct str ask = str_fmt(k->cx.arena,
                                   "GET %.*s/dien-bien HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                                   "Accept: text/event-stream\r\nCookie: %.*s\r\n\r\n",
                                   F(work), c->server.port, F(s->cookies));
    int64_t taken = 0;
    for (int i = 0; i < c->asked->streams; i++) {
        const int fd = connect_one(c);
        if (fd < 0)
            break;
        c->fds[c->n++] = fd;
        taken += send_all(fd, ask) && is_stream(fd);
    }
    return taken;
}

/* The form's fields, then a file of which only the beginning comes. */
static struct str begun_upload(struct crowd *c, struct browser *b, const struct session *s)
{
    struct arena *a = c->load.clients[0].cx.arena;
    const struct page_form *f = browser_form(b, S("/quan-tri/nhap/don-vi"));
    struct buf body = {.arena = a, .limit = PIECE_BYTES + (1 << 16)};
    for (size_t i = 0; f && i < f->fields_n; i++)
        if (!str_eq(f->fields[i].type, S("file")))
            buf_fmt(&body,
                    "--giua\r\nContent-Disposition: form-data; name=\"%.*s\"\r\n\r\n%.*s\r\n",
                    F(f->fields[i].name), F(f->fields[i].value));
    buf_fmt(&body, "--giua\r\nContent-Disposition: form-data; name=\"tep\"; "
                   "filename=\"don-vi.xlsx\"\r\nContent-Type: application/octet-stream\r\n\r\n");
    for (size_t i = 0; i < PIECE_BYTES / 4; i++)
        buf_add(&body, S("PK\3\4"));
    return str_fmt(a,
                   "POST /quan-tri/nhap/don-vi HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                   "Origin: %s\r\nCookie: %.*s\r\nContent-Length: %zu\r\n"
                   "Content-Type: multipart/form-data; boundary=giua\r\n\r\n%.*s",
                   c->server.port, c->server.origin, F(s->cookies), buf_str(&body).n + 1000000,
                   F(buf_str(&body)));
}

/* Those files that the server has begun to write. */
static int64_t begun_files(const struct crowd *c)
{
    char path[128];
    int64_t n = 0;
    snprintf(path, sizeof path, "%s/files/tmp", c->server.data);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static bool wait_files(const struct crowd *c, int64_t wanted)
{
    const int64_t end = crash_now_ms() + WAIT_MS;
    while (begun_files(c) != wanted && crash_now_ms() < end)
        crash_sleep_us(10'000);
    return begun_files(c) == wanted;
}

static int64_t begin_uploads(struct crowd *c, struct str bytes)
{
    for (int i = 0; i < c->asked->uploads; i++) {
        const int fd = connect_one(c);
        if (fd < 0)
            break;
        c->fds[c->n++] = fd;
        if (!send_all(fd, bytes))
            break;
    }
    (void)wait_files(c, c->asked->uploads);
    return begun_files(c);
}

static bool is_served(struct crowd *c)
{
    struct client *k = &c->load.clients[0];
    return browser_open(client_browser(k, &k->sessions[0]), "/thu-tuc") == 200;
}

/* ---- the run ---- */

static bool prepare(struct crowd *c)
{
    struct server *s = &c->server;
    const struct rlimit files = {FILES_OPEN, FILES_OPEN};
    (void)setrlimit(RLIMIT_NOFILE, &files);  /* of ours, and of the server that inherits it */
    setenv("TINHSO_JOB_THREADS", "0", 1);    /* what is followed does not come to its end */
    setenv("TINHSO_WEB_STREAMS", "4000", 1); /* a thousand is usual, the others look again later */
    c->fds = calloc((size_t)(c->asked->streams + c->asked->uploads), sizeof *c->fds);
    MUST(c->fds != NULL);
    if (!server_make(s) || !server_start(s) || !server_ready(s) || !load_prepare(&c->load, s))
        return false;
    struct client *k = &c->load.clients[0], *admin = &c->load.clients[1];
    admin->sessions[0].login = "hethong";
    bool good = client_enter(admin, &admin->sessions[0]);
    for (int i = 0; good && i < 3; i++)
        good = client_enter(k, &k->sessions[i]);
    return good && walk_to_approval(k) && walk_ask_export(k);
}

static void stream_crowd(struct crowd *c)
{
    const struct ack *last = &c->load.acks.p[c->load.acks.n - 1]; /* the export asked for */
    const int64_t before = c->out->idle_bytes = held_bytes(c);
    c->out->streams = follow(c, &c->load.clients[0].sessions[1], last->location);
    if (c->out->streams)
        c->out->stream_bytes = (held_bytes(c) - before) / c->out->streams;
    c->out->served = is_served(c);
    leave(c);
}

static void upload_crowd(struct crowd *c)
{
    struct client *admin = &c->load.clients[1];
    struct browser *b = client_browser(admin, &admin->sessions[0]);
    if (browser_open(b, "/quan-tri/nhap/don-vi") != 200)
        crash_found(&c->findings, "no form for a file: %d", browser_page(b)->status);
    const struct str bytes = begun_upload(c, b, &admin->sessions[0]);
    const int64_t before = held_bytes(c);
    c->out->uploads = begin_uploads(c, bytes);
    if (c->out->uploads)
        c->out->upload_bytes = (held_bytes(c) - before) / c->out->uploads;
    c->out->served &= is_served(c);
    leave(c);
    if (!wait_files(c, 0))
        crash_found(&c->findings, "of %lld uploads that went away %lld files are left",
                    (long long)c->out->uploads, (long long)begun_files(c));
}

bool crowd_run(const struct crowd_asked *asked, struct crowd_report *out)
{
    struct crowd c = {.asked = asked, .out = out};
    *out = (struct crowd_report){0};
    c.config =
        (struct crash_config){.program = asked->program, .kills = 1, .counters = 1, .citizens = 1};
    c.server = (struct server){.config = &c.config, .findings = &c.findings, .luck = 1};
    pthread_mutex_init(&c.findings.lock, NULL);
    const bool began = prepare(&c);
    if (began) {
        stream_crowd(&c);
        upload_crowd(&c);
        out->served &= is_served(&c);
        if (!server_stop(&c.server))
            crash_found(&c.findings, "the server did not end well");
    }
    server_kill(&c.server);
    unsetenv("TINHSO_JOB_THREADS");
    unsetenv("TINHSO_WEB_STREAMS");
    snprintf(out->what, sizeof out->what, "%s", c.findings.first);
    if (c.load.clients)
        load_free(&c.load);
    free(c.fds);
    server_remove(&c.server);
    return began;
}
