/*
 * sends.c - many people, each with one request, as fast as 64 connections carry it, for `make
 * bench`.
 *
 *     sends PORT get PATH <COOKIES          prints "cookie TAB form token" of each page
 *     sends PORT post PATH FIELDS <LINES    of such lines; prints what came out
 *
 * The fields are urlencoded and without the token. Each line is used once. post prints one line:
 * answered 303, seconds, milliseconds within which 50 and 99 of 100 were answered; another answer
 * is the end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS 64
#define ANSWER_MAX ((size_t)512 * 1024)

struct job {
    char *cookie, *token;
};
static struct line {
    int fd;
    struct job *job; /* NULL: free */
    double begun;
    size_t n, whole; /* received; the answer's length, 0: not known yet */
    char *answer;
} lines[CONNECTIONS];
static struct job *jobs;
static size_t jobs_n, next_job, answered;
static double *took;
static const char *path, *fields; /* fields NULL: get */

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

[[gnu::noreturn]] static void give_up(const char *what, const char *more)
{
    fprintf(stderr, "sends: %s: %.600s\n", what, more);
    exit(70);
}

static void read_jobs(void)
{
    char *text = NULL;
    size_t cap = 0, room = 0;
    for (ssize_t n; (n = getline(&text, &cap, stdin)) > 0;) {
        text[n - (text[n - 1] == '\n')] = 0;
        char *tab = strchr(text, '\t');
        if (tab)
            *tab = 0;
        if (jobs_n == room) {
            room = room * 2 + 1024;
            jobs = realloc(jobs, room * sizeof *jobs);
        }
        jobs[jobs_n++] = (struct job){strdup(text), tab ? strdup(tab + 1) : NULL};
    }
    free(text);
    took = calloc(jobs_n + 1, sizeof *took);
}

static void connect_to(struct line *l, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    l->answer = malloc(ANSWER_MAX + 1);
    if (l->fd < 0 || !l->answer || connect(l->fd, (struct sockaddr *)&to, sizeof to) != 0)
        give_up("no connection", strerror(errno));
    fcntl(l->fd, F_SETFL, O_NONBLOCK);
}

static void begin(struct line *l)
{
    char text[4096];
    int n;
    l->job = next_job < jobs_n ? &jobs[next_job++] : NULL;
    if (!l->job)
        return;
    l->n = l->whole = 0;
    l->begun = now_s();
    if (fields)
        n = snprintf(text, sizeof text,
                     "POST %s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n"
                     "Content-Type: application/x-www-form-urlencoded\r\n"
                     "Content-Length: %zu\r\n\r\n_token=%s&%s",
                     path, l->job->cookie, strlen(l->job->token) + strlen(fields) + 8,
                     l->job->token, fields);
    else
        n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n\r\n",
                     path, l->job->cookie);
    if (n >= (int)sizeof text || send(l->fd, text, (size_t)n, MSG_NOSIGNAL) != n)
        give_up("cannot be sent", path);
}

static void print_token(const struct line *l)
{
    static const char before[] = "name=\"_token\" value=\"";
    const char *at = strstr(l->answer, before), *end = at ? strchr(at + sizeof before, '"') : NULL;
    if (!end)
        give_up("a page without a form token", l->answer);
    at += sizeof before - 1;
    printf("%s\t%.*s\n", l->job->cookie, (int)(end - at), at);
}

static void ended(struct line *l)
{
    const char *wanted = fields ? "HTTP/1.1 303" : "HTTP/1.1 200";
    if (strncmp(l->answer, wanted, strlen(wanted)) != 0)
        give_up("another answer", l->answer);
    took[answered++] = now_s() - l->begun;
    if (!fields)
        print_token(l);
    begin(l);
}

static void read_some(struct line *l)
{
    ssize_t n = recv(l->fd, l->answer + l->n, ANSWER_MAX - l->n, 0);
    if (n <= 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        give_up("the connection ended", l->answer);
    l->n += (size_t)n;
    l->answer[l->n] = 0;
    const char *end = l->whole ? NULL : strstr(l->answer, "\r\n\r\n");
    if (end) {
        const char *length = strcasestr(l->answer, "\r\ncontent-length:");
        l->whole = (size_t)(end - l->answer) + 4;
        l->whole += length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    }
    if (l->whole && l->n >= l->whole)
        ended(l);
}

static void turn(void)
{
    struct pollfd waits[CONNECTIONS];
    int n = 0, of[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++)
        if (lines[i].job) {
            of[n] = i;
            waits[n++] = (struct pollfd){.fd = lines[i].fd, .events = POLLIN};
        }
    if (poll(waits, (nfds_t)n, 30'000) <= 0)
        give_up("no answer", path);
    for (int i = 0; i < n; i++)
        if (waits[i].revents)
            read_some(&lines[of[i]]);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 64;
    path = argv[3];
    fields = argc > 4 ? argv[4] : NULL;
    read_jobs();
    for (int i = 0; i < CONNECTIONS; i++)
        connect_to(&lines[i], (int)strtol(argv[1], NULL, 10));
    const double from = now_s();
    for (int i = 0; i < CONNECTIONS; i++)
        begin(&lines[i]);
    while (answered < jobs_n)
        turn();
    const double seconds = now_s() - from;
    qsort(took, answered, sizeof *took, by_size);
    if (fields && answered)
        printf("%zu\t%.3f\t%.2f\t%.2f\n", answered, seconds, took[answered / 2] * 1e3,
               took[answered * 99 / 100] * 1e3);
    return answered ? 0 : 70;
}
