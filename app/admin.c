/*
 * admin.c - the admin socket: verbs that write are done by the server that holds the data folder.
 *
 * DATA/admin.sock, mode 0600, same user or root. A request is the verb, its words and options, each
 * ended by NUL, an empty one at the end. The answer is what the verb says; its last line is
 * EOT and the exit code.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "app.h"
#include "log/log.h"

#define REQUEST_MAX 16384
#define WORDS_MAX 64
#define EOT '\004'

struct admin {
    struct app *app;
    int fd, wake[2];
    pthread_t thread;
    char path[108];
};

static bool socket_path(struct app *a, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int n = snprintf(out->sun_path, sizeof out->sun_path, "%.*s/admin.sock", F(a->data_dir));
    return n > 0 && (size_t)n < sizeof out->sun_path;
}

/* ---- the server's side ---- */

static bool may_ask(int fd)
{
    struct ucred who;
    socklen_t n = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
           (who.uid == geteuid() || who.uid == 0);
}

/* Reads up to the empty word. */
static int read_words(int fd, char *buf, char **words)
{
    size_t n = 0;
    while (n < 2 || buf[n - 1] != 0 || buf[n - 2] != 0) {
        if (n == REQUEST_MAX)
            return -1;
        ssize_t got = read(fd, buf + n, REQUEST_MAX - n);
        if (got <= 0)
            return -1;
        n += (size_t)got;
    }
    int count = 0;
    for (char *p = buf; *p && count < WORDS_MAX; p += strlen(p) + 1)
        words[count++] = p;
    return count;
}

static void run_here(struct app *server, int fd, int argc, char **argv)
{
    struct app a = *server;
    a.arena = arena_new((size_t)256 << 20);
    MUST(a.arena != NULL);
    a.out_fd = fd;
    a.broken_out = false;
    a.cx = (struct cx){.arena = a.arena,
                       .env = &server->env,
                       .actor = &actor_program,
                       .scope = {.kind = SCOPE_ALL},
                       .now = server->env.clock(&server->env),
                       .lang = S("vi"),
                       .request_id = S("")};
    int code = app_parse(argc, argv, &a.options);
    const struct app_verb *v =
        code == EX_OK && a.options.verb ? app_verb_find(a.options.verb) : NULL;
    if (v && v->needs == APP_WRITES)
        code = v->run(&a);
    else
        code = app_stop(&a, EX_USAGE, "máy chủ không nhận lệnh này qua ổ cắm quản trị.");
    log_event(LOG_INFO, "admin.verb", K("verb", v ? str_c(v->name) : S("?")), KN("code", code));
    app_say(&a, "%c%d\n", EOT, code);
    cx_close_all(&a.cx);
    arena_free(a.arena);
}

static void answer(struct app *server, int fd)
{
    char *buf = calloc(1, REQUEST_MAX + 1), *words[WORDS_MAX + 1] = {(char *)"tinhso"};
    struct timeval limit = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    int n = buf && may_ask(fd) ? read_words(fd, buf, words + 1) : -1;
    if (n > 0)
        run_here(server, fd, n + 1, words);
    free(buf);
}

static void *listen_thread(void *arg)
{
    struct admin *ad = arg;
    struct pollfd fds[2] = {{.fd = ad->fd, .events = POLLIN},
                            {.fd = ad->wake[0], .events = POLLIN}};
    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            break;
        if (fds[1].revents)
            break;
        if (!(fds[0].revents & POLLIN))
            continue;
        int fd = accept4(ad->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        answer(ad->app, fd);
        close(fd);
    }
    return NULL;
}

enum err admin_start(struct app *a, struct admin **out)
{
    struct cx *cx = &a->cx;
    struct sockaddr_un at;
    *out = NULL;
    if (!socket_path(a, &at))
        return fail(cx, ERR_INVALID,
                    T("Đường dẫn %.*s quá dài cho ổ cắm quản trị (nhiều nhất 90 chữ)."),
                    F(a->data_dir));
    struct admin *ad = calloc(1, sizeof *ad);
    MUST(ad != NULL);
    ad->app = a;
    memcpy(ad->path, at.sun_path, sizeof ad->path);
    unlink(at.sun_path); /* of a server that died: we hold the lock */
    ad->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t mask = umask(0177);
    bool ok = ad->fd >= 0 && bind(ad->fd, (struct sockaddr *)&at, sizeof at) == 0 &&
              listen(ad->fd, 8) == 0 && pipe(ad->wake) == 0;
    umask(mask);
    if (!ok || pthread_create(&ad->thread, NULL, listen_thread, ad) != 0) {
        enum err e = fail(cx, ERR_IO, "%s: %s", at.sun_path, strerror(errno));
        free(ad);
        return e;
    }
    *out = ad;
    return OK;
}

void admin_stop(struct admin *ad)
{
    if (!ad)
        return;
    close(ad->wake[1]);
    pthread_join(ad->thread, NULL);
    close(ad->wake[0]);
    close(ad->fd);
    unlink(ad->path);
    free(ad);
}

/* ---- the side that asks ---- */

static void add_word(struct buf *b, const char *word)
{
    buf_add(b, str_c(word));
    buf_byte(b, 0);
}

static void add_option(struct buf *b, const char *name, const char *value)
{
    if (value) {
        add_word(b, name);
        add_word(b, value);
    }
}

/* A word that is a path here must be one there too. */
static const char *as_path(struct app *a, const char *word)
{
    char *real = realpath(word, NULL);
    if (!real)
        return word;
    const char *kept = str_z(a->arena, str_c(real));
    free(real);
    return kept;
}

/* A folder that is to be made: its parent is a path here. */
static const char *as_new_path(struct app *a, const char *word)
{
    char here[4096];
    if (word[0] == '/' || !getcwd(here, sizeof here))
        return word;
    return str_fmt(a->arena, "%s/%s", here, word).p;
}

static struct str request(struct app *a)
{
    const struct app_options *o = &a->options;
    struct buf b = {.arena = a->arena, .limit = REQUEST_MAX};
    bool backup = strcmp(o->verb, "backup") == 0;
    add_word(&b, o->verb);
    for (int i = 0; i < o->words_n; i++)
        add_word(&b, backup  ? as_new_path(a, o->words[i])
                     : i > 0 ? as_path(a, o->words[i])
                             : o->words[i]);
    add_option(&b, "--kind", o->kind);
    add_option(&b, "--head", o->head);
    add_option(&b, "--to", o->to);
    add_option(&b, "--name", o->name);
    add_option(&b, "--role", o->role);
    add_option(&b, "--unit", o->unit);
    add_option(&b, "--encoded", o->encoded);
    if (o->with_keys)
        add_word(&b, "--with-keys");
    if (o->quick)
        add_word(&b, "--quick");
    if (o->json)
        add_word(&b, "--json");
    buf_byte(&b, 0);
    return buf_str(&b);
}

/* Copies the words to stdout up to EOT; gives the code behind it. */
static int read_answer(struct app *a, int fd)
{
    char piece[4096];
    int code = -1;
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n <= 0)
            break;
        for (ssize_t i = 0; i < n; i++) {
            if (piece[i] == EOT)
                code = 0;
            else if (code < 0)
                app_say(a, "%c", piece[i]);
            else if (piece[i] >= '0' && piece[i] <= '9')
                code = code * 10 + piece[i] - '0';
        }
    }
    return code;
}

int admin_forward(struct app *a)
{
    struct sockaddr_un at;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || !socket_path(a, &at) || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        if (fd >= 0)
            close(fd);
        return app_stop(
            a, EX_UNAVAILABLE,
            "thư mục dữ liệu %.*s đang bận và máy chủ chưa trả lời. Thử lại sau vài giây.",
            F(a->data_dir));
    }
    int fault = EX_OK;
    a->options.encoded = account_encoded(a, &fault);
    if (fault != EX_OK) {
        close(fd);
        return fault;
    }
    struct str words = request(a);
    int code = write(fd, words.p, words.n) == (ssize_t)words.n ? read_answer(a, fd) : -1;
    close(fd);
    return code >= 0 ? code
                     : app_stop(a, EX_UNAVAILABLE, "máy chủ dừng giữa chừng. Chạy lại lệnh này.");
}
