/* breached.c - is a password on a list of those known from breaches? Such a list has tens of
 * gigabytes: it is never read as a whole, a look-up is some thirty reads of one line's length. */
#include "crypto/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ossl.h"

#define SHA1_N 20
#define HEX_N ((off_t)2 * SHA1_N)
#define LINE_N 64   /* hash, colon, count, end of line */
#define SAMPLES 512 /* of a judgement: a moment on a slow disk too */

struct list {
    int fd;
    off_t size;
    const char *why; /* it is of no use */
};
struct line {
    unsigned char hash[SHA1_N];
    off_t from, to; /* to: where the next one begins */
};

static bool spoilt(struct list *l, const char *why)
{
    l->why = why;
    return false;
}

/* Up to n bytes at `at`; fewer at the end of the file alone. */
static bool bytes_at(struct list *l, off_t at, char *to, size_t n, size_t *got)
{
    for (*got = 0; *got < n;) {
        const ssize_t r = pread(l->fd, to + *got, n - *got, at + (off_t)*got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return spoilt(l, strerror(errno));
        if (r == 0)
            break;
        *got += (size_t)r;
    }
    return true;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* 40 hexadecimal digits, then nothing or ":12"; a carriage return may end it. */
static bool take(struct list *l, struct str s, struct line *out)
{
    if (s.n && s.p[s.n - 1] == '\r')
        s.n--;
    if (s.n < (size_t)HEX_N)
        return spoilt(l, "a line is no SHA-1 hash");
    for (size_t i = 0; i < SHA1_N; i++) {
        const int high = hex(s.p[2 * i]), low = hex(s.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return spoilt(l, "a line is no SHA-1 hash");
        out->hash[i] = (unsigned char)(high << 4 | low);
    }
    struct str rest = str_from(s, (size_t)HEX_N);
    if (rest.n == 1 || (rest.n && rest.p[0] != ':'))
        return spoilt(l, "a line has more than a hash and a count");
    for (size_t i = 1; i < rest.n; i++)
        if (rest.p[i] < '0' || rest.p[i] > '9')
            return spoilt(l, "a line has more than a hash and a count");
    return true;
}

/* The line in which the byte `at` stands; none begins before `least`. */
static bool line_at(struct list *l, off_t least, off_t at, struct line *out)
{
    char p[2 * LINE_N];
    const off_t from = at - least < LINE_N ? least : at - LINE_N;
    size_t n, first = 0, end = (size_t)(at - from);
    if (!bytes_at(l, from, p, sizeof p, &n))
        return false;
    if (n <= end)
        return spoilt(l, "it became shorter meanwhile");
    for (size_t i = 0; i < end; i++)
        first = p[i] == '\n' ? i + 1 : first;
    if (first == 0 && from > least)
        return spoilt(l, "a line is too long");
    while (end < n && p[end] != '\n')
        end++;
    if (end == n && from + (off_t)n < l->size)
        return spoilt(l, "a line is too long");
    out->from = from + (off_t)first;
    out->to = from + (off_t)end + (end < n);
    return take(l, (struct str){p + first, end - first}, out);
}

static bool list_open(struct list *l, const char *path)
{
    struct stat st;
    *l = (struct list){.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (l->fd < 0)
        return spoilt(l, strerror(errno));
    if (fstat(l->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return spoilt(l, "it is no file");
    l->size = st.st_size;
    return l->size > 0 || spoilt(l, "it is empty");
}

static void list_close(struct list *l)
{
    if (l->fd >= 0)
        close(l->fd);
}

static bool sha1_of(struct list *l, struct str s, unsigned char *out)
{
    unsigned n = 0;
    if (EVP_Digest(s.p, s.n, out, &n, EVP_sha1(), NULL) == 1 && n == SHA1_N)
        return true;
    ERR_clear_error();
    return spoilt(l, "SHA-1 is not offered here");
}

/* Each line that is met has to lie between the nearest two of before, or the order is wrong. */
static bool search(struct list *l, const unsigned char *wanted, bool *found)
{
    unsigned char below[SHA1_N] = {0}, above[SHA1_N];
    struct line x;
    memset(above, 0xff, sizeof above);
    for (off_t low = 0, high = l->size; low < high && !*found;) {
        if (!line_at(l, low, low + (high - low) / 2, &x))
            return false;
        if (memcmp(x.hash, below, SHA1_N) < 0 || memcmp(x.hash, above, SHA1_N) > 0)
            return spoilt(l, "its lines are not in order");
        const int way = memcmp(x.hash, wanted, SHA1_N);
        *found = way == 0;
        memcpy(way < 0 ? below : above, x.hash, SHA1_N);
        low = way < 0 ? x.to : low;
        high = way > 0 ? x.from : high;
    }
    return true;
}

static enum err end(struct cx *cx, struct list *l, const char *path, bool good)
{
    list_close(l);
    return good ? OK : fail(cx, ERR_IO, "%s: %s", path, l->why);
}

enum err password_breached(struct cx *cx, const char *path, struct str password, bool *found)
{
    struct list l;
    unsigned char wanted[SHA1_N];
    *found = false;
    const bool good =
        list_open(&l, path) && sha1_of(&l, password, wanted) && search(&l, wanted, found);
    wipe(wanted, sizeof wanted);
    return end(cx, &l, path, good);
}

/* First, last, and so many between them as a moment allows: all good, each after the one before. */
static bool sample(struct list *l)
{
    unsigned char before[SHA1_N] = {0};
    off_t next = 0;
    struct line x;
    for (int64_t i = 0; i <= SAMPLES; i++) {
        const off_t at = (off_t)((double)(l->size - 1) * (double)i / SAMPLES);
        if (at < next)
            continue; /* that line was read */
        if (!line_at(l, next, at, &x))
            return false;
        if (memcmp(x.hash, before, SHA1_N) < 0)
            return spoilt(l, "its lines are not in order");
        memcpy(before, x.hash, SHA1_N);
        next = x.to;
    }
    return true;
}

enum err password_breached_judge(struct cx *cx, const char *path, int64_t *bytes)
{
    struct list l;
    const bool good = list_open(&l, path) && sample(&l);
    *bytes = (int64_t)l.size;
    return end(cx, &l, path, good);
}
