/*
 * handshakes.c - full TLS 1.3 handshakes, one request each, for `make bench`.
 *
 *     handshakes PORT PATH SECONDS
 *
 * Each of CLIENTS threads connects, shakes hands without a session to resume, asks once, reads to
 * the end and closes, again and again. Prints how many were answered; a resumed session, another
 * protocol or another answer than 200 is the end. (wrk resumes its sessions.)
 */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS 16

static int port;
static char request[512];
static SSL_CTX *tls;
static double end_s;
static atomic_long answered;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(int good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "handshakes: %s\n", what);
    exit(70);
}

static void once(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char answer[4096];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), got = 0;
    must(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "no connection");
    SSL *s = SSL_new(tls);
    must(s && SSL_set_fd(s, fd) == 1 && SSL_connect(s) == 1, "no handshake");
    must(SSL_version(s) == TLS1_3_VERSION && !SSL_session_reused(s), "not a full TLS 1.3 one");
    must(SSL_write(s, request, (int)strlen(request)) > 0, "nothing can be sent");
    for (int n = 1; n > 0 && got<(int)sizeof answer; got += n> 0 ? n : 0)
        n = SSL_read(s, answer + got, (int)sizeof answer - got);
    must(got > 12 && memcmp(answer, "HTTP/1.1 200", 12) == 0, "another answer");
    SSL_shutdown(s);
    SSL_free(s);
    close(fd);
    atomic_fetch_add(&answered, 1);
}

static void *client(void *)
{
    while (now_s() < end_s)
        once();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[CLIENTS];
    if (argc < 4)
        return 64;
    port = (int)strtol(argv[1], NULL, 10);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", argv[2]);
    tls = SSL_CTX_new(TLS_client_method());
    must(tls && SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) == 1, "no TLS 1.3");
    SSL_CTX_set_options(tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
    const double from = now_s();
    end_s = from + strtod(argv[3], NULL);
    for (int i = 0; i < CLIENTS; i++)
        must(pthread_create(&threads[i], NULL, client, NULL) == 0, "no thread");
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    printf("%ld\t%.3f\n", atomic_load(&answered), now_s() - from);
    SSL_CTX_free(tls);
    return 0;
}
