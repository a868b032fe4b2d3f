/*
 * steady.c - asks a server at a steady rate and says how long people wait, for `make bench`.
 *
 *     steady PORT PATH RATE SECONDS [COOKIE]
 *
 * Requests begin on the clock, whether the ones before are answered or not: a slow answer makes the
 * next ones late too, and their waiting counts from when they should have begun. Prints one line:
 * answered, wrong answers, then milliseconds within which 50 and 99 of 100 were answered, the most.
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
#define HEAD_MAX 8192

static struct line {
    int fd;
    double begun; /* 0: free */
    char head[HEAD_MAX];
    size_t head_n;
    long body_left; /* -1: the head is not whole yet */
} lines[CONNECTIONS];
static char request[2048];
static size_t request_n;
static double *took;
static long answered, wrong;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool connect_to(struct line *l, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return l->fd >= 0 && connect(l->fd, (struct sockaddr *)&to, sizeof to) == 0 &&
           fcntl(l->fd, F_SETFL, O_NONBLOCK) == 0;
}

static void ended(struct line *l, bool good)
{
    wrong += !good;
    took[answered++] = now_s() - l->begun;
    l->begun = 0;
}

/* The head: its status, and how long its body is. */
static void read_head(struct line *l, size_t end)
{
    l->head[end] = 0;
    const char *length = strcasestr(l->head, "\r\ncontent-length:");
    bool good = strncmp(l->head, "HTTP/1.1 200", 12) == 0 && length;
    if (!good)
        wrong++;
    l->body_left = length ? strtol(length + 17, NULL, 10) : 0;
    l->body_left -= (long)(l->head_n - end - 4);
    if (l->body_left <= 0)
        ended(l, true);
}

static void read_some(struct line *l)
{
    static char rest[65536];
    if (l->body_left >= 0) {
        ssize_t n = recv(l->fd, rest, sizeof rest, 0);
        if (n > 0)
            l->body_left -= n;
        if (l->body_left <= 0)
            ended(l, true);
        return;
    }
    ssize_t n = recv(l->fd, l->head + l->head_n, HEAD_MAX - 1 - l->head_n, 0);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            exit(70);
        return;
    }
    l->head_n += (size_t)n;
    l->head[l->head_n] = 0;
    const char *end = strstr(l->head, "\r\n\r\n");
    if (end)
        read_head(l, (size_t)(end - l->head));
}

static bool begin(double at)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        struct line *l = &lines[i];
        if (l->begun > 0)
            continue;
        l->begun = at;
        l->head_n = 0;
        l->body_left = -1;
        if (send(l->fd, request, request_n, MSG_NOSIGNAL) != (ssize_t)request_n)
            exit(70);
        return true;
    }
    return false; /* all wait: this one is late already */
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void wait_for_answers(double until)
{
    struct pollfd waits[CONNECTIONS];
    int n = 0, of[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++)
        if (lines[i].begun > 0) {
            of[n] = i;
            waits[n++] = (struct pollfd){.fd = lines[i].fd, .events = POLLIN};
        }
    double left = until - now_s();
    struct timespec t = {.tv_sec = 0, .tv_nsec = left > 0 ? (long)(left * 1e9) % 999'999'999 : 0};
    if (ppoll(waits, (nfds_t)n, &t, NULL) <= 0)
        return;
    for (int i = 0; i < n; i++)
        if (waits[i].revents)
            read_some(&lines[of[i]]);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 64;
    const double rate = strtod(argv[3], NULL), seconds = strtod(argv[4], NULL);
    const long total = (long)(rate * seconds);
    request_n = (size_t)snprintf(
        request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s%s%s\r\n", argv[2],
        argc > 5 ? "Cookie: " : "", argc > 5 ? argv[5] : "", argc > 5 ? "\r\n" : "");
    took = calloc((size_t)total + 1, sizeof *took);
    for (int i = 0; i < CONNECTIONS; i++)
        if (!connect_to(&lines[i], (int)strtol(argv[1], NULL, 10)))
            return 69;
    const double start = now_s();
    long begun = 0;
    while (answered < total && now_s() < start + seconds + 20) {
        double due = start + (double)begun / rate;
        if (begun < total && now_s() >= due && begin(due))
            begun++;
        else
            wait_for_answers(begun < total && now_s() < due ? due : now_s() + 0.005);
    }
    if (answered == 0)
        return 70;
    qsort(took, (size_t)answered, sizeof *took, by_size);
    printf("%ld\t%ld\t%.2f\t%.2f\t%.2f\n", answered, wrong, took[answered / 2] * 1e3,
           took[answered * 99 / 100] * 1e3, took[answered - 1] * 1e3);
    return 0;
}
