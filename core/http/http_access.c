/* http_access.c - the access log: one line a request, no query values; buffered in the loop. */
#include "http_inside.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The longest line: a path of 8 KiB, each byte escaped at worst, is cut before that. */
#define PATH_SHOWN 512
#define LINE_BYTES ((size_t)4 * (PATH_SHOWN + 256) + 512)

void http_access_flush(struct loop *l)
{
    const char *p = l->log;
    size_t n = l->log_n;
    l->log_n = 0;
    l->log_flushed = l->now;
    while (n) {
        ssize_t done = write(l->server->access_fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return; /* a full disk must not stop the service */
        p += done;
        n -= (size_t)done;
    }
}

static void add(struct loop *l, const char *p, size_t n)
{
    memcpy(l->log + l->log_n, p, n);
    l->log_n += n;
}
#define ADD(l, literal) add((l), "" literal "", sizeof(literal) - 1)

static void add_number(struct loop *l, int64_t v)
{
    l->log_n += http_digits(l->log + l->log_n, v < 0 ? 0 : (uint64_t)v);
}

/* Quoted where needed, so that a path cannot forge a field. */
static void add_text(struct loop *l, struct str s, size_t most)
{
    s = str_until(s, most);
    bool plain = s.n > 0;
    for (size_t i = 0; i < s.n && plain; i++)
        plain = s.p[i] > ' ' && s.p[i] < 0x7f && s.p[i] != '"' && s.p[i] != '=' && s.p[i] != '\\';
    if (plain) {
        add(l, s.p, s.n);
        return;
    }
    ADD(l, "\"");
    for (size_t i = 0; i < s.n; i++) {
        static const char hex[] = "0123456789abcdef";
        unsigned char c = (unsigned char)s.p[i];
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
            add(l, s.p + i, 1);
            continue;
        }
        ADD(l, "\\x");
        add(l, &hex[c >> 4], 1);
        add(l, &hex[c & 15], 1);
    }
    ADD(l, "\"");
}

/* One piece of a path that is long and random is a secret: whoever has it may do what it opens,
 * a one-time link for one. Our own words have no capitals, numbers of dossiers have dots. Its first
 * signs are enough to find the request again. */
#define SECRET_BYTES 20
#define SECRET_SHOWN 6

static bool is_secret(struct str piece)
{
    size_t n = 0;
    bool capital = false;
    for (; n < piece.n; n++) {
        const unsigned char c = (unsigned char)piece.p[n];
        if (!isalnum(c) && !(c && strchr("-_%~", c)))
            return false;
        capital = capital || isupper(c);
    }
    return n >= SECRET_BYTES && capital;
}

static struct str without_secrets(char *room, size_t room_n, struct str path)
{
    size_t n = 0;
    struct str one;
    if (path.n < SECRET_BYTES)
        return path;
    for (bool more = true; more && n + 2 < room_n;) {
        more = str_cut(path, '/', &one, &path);
        const bool secret = is_secret(one);
        one = str_until(one, secret ? SECRET_SHOWN : one.n);
        one = str_until(one, room_n - 2 - n);
        memcpy(room + n, one.p, one.n);
        n += one.n;
        if (secret)
            room[n++] = '*';
        if (more)
            room[n++] = '/';
    }
    return (struct str){room, n};
}

/* The names of the query only: values may be a person's name or number. */
static void add_query(struct loop *l, struct str query)
{
    char names[128];
    size_t n = 0;
    struct str one;
    while (query.n && n < sizeof names) {
        bool more = str_cut(query, '&', &one, &query);
        struct str name, value;
        str_cut(one, '=', &name, &value);
        name = str_until(name, sizeof names - n);
        memcpy(names + n, name.p, name.n);
        n += name.n;
        if (more && n < sizeof names)
            names[n++] = '&';
    }
    ADD(l, " query=");
    add_text(l, (struct str){names, n}, sizeof names);
}

/* "time=2026-11-23T09:14:05" is made once a second. */
static void add_time(struct loop *l)
{
    if (l->log_second != l->wall_second || l->log_time[0] == 0) {
        struct civil c = civil_at(l->wall_ms);
        snprintf(l->log_time, sizeof l->log_time, "%04u-%02u-%02uT%02u:%02u:%02u",
                 (unsigned)c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100,
                 (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100);
        l->log_second = l->wall_second;
    }
    ADD(l, "time=");
    add(l, l->log_time, 19);
    int ms = (int)((l->wall_ms % 1000 + 1000) % 1000);
    const char part[] = {'.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
                         (char)('0' + ms % 10)};
    add(l, part, sizeof part);
    ADD(l, "+07:00");
}

void http_access_line(struct loop *l, const struct http_exchange *x, const struct conn *c,
                      int status, int64_t us)
{
    if (l->server->access_fd < 0)
        return;
    if (OUT_BYTES - l->log_n < LINE_BYTES)
        http_access_flush(l);
    if (l->log_n == 0)
        l->log_flushed = l->now; /* a second from the first line on */
    add_time(l);
    ADD(l, " peer=");
    add_text(l, x ? x->request.peer : str_c(c->peer), PEER_BYTES);
    if (x) {
        ADD(l, " method=");
        add_text(l, x->request.method_text, 32);
        ADD(l, " host=");
        add_text(l, x->request.host, 128);
        ADD(l, " path=");
        char shown[PATH_SHOWN];
        add_text(l, without_secrets(shown, sizeof shown, x->request.path), PATH_SHOWN);
        if (x->request.query.n)
            add_query(l, x->request.query);
    }
    ADD(l, " status=");
    add_number(l, status);
    ADD(l, " bytes=");
    add_number(l, x ? x->bytes_sent : 0);
    ADD(l, " us=");
    add_number(l, us);
    ADD(l, "\n");
}
