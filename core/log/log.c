/* log.c - one logfmt line per event in one write, escaped so that no line can be forged. */
#include "log/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* The whole line; what is longer is cut, never split: a line is one write(2). */
#define LINE_MAX_BYTES 8192
#define VALUE_MAX_BYTES 2048

/* The process has one log; these three are set at the start and read by every thread. */
static _Atomic int log_fd = 2;
static _Atomic int log_least = LOG_INFO;
static struct env *_Atomic log_env;

void log_to_fd(int fd)
{
    atomic_store(&log_fd, fd);
}

void log_from(enum log_level least)
{
    atomic_store(&log_least, (int)least);
}

void log_clock(struct env *env)
{
    atomic_store(&log_env, env);
}

struct line {
    char p[LINE_MAX_BYTES];
    size_t n;
};

/* Keeps room for the line end. */
static void add(struct line *l, const char *p, size_t n)
{
    size_t room = sizeof l->p - 1 - l->n;
    if (n > room)
        n = room;
    memcpy(l->p + l->n, p, n);
    l->n += n;
}

static void add_z(struct line *l, const char *z)
{
    add(l, z, strlen(z));
}

static void add_time(struct line *l)
{
    struct env *env = atomic_load(&log_env);
    int64_t now = env ? env->clock(env) : clock_system(NULL);
    struct civil c = civil_at(now);
    char text[64];
    int n = snprintf(text, sizeof text, "time=%04d-%02d-%02dT%02d:%02d:%02d.%03d+07:00", c.year,
                     c.month, c.day, c.hour, c.minute, c.second, c.ms);
    add(l, text, (size_t)n);
}

/* Bytes of the well-formed UTF-8 character at p that a terminal shows as it is; 0: escape it.
 * Left out are the C1 controls and the marks that turn the direction of text or break a line:
 * with them a value could look like something else. */
static size_t plain_bytes(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return p[0] >= 0x20 && p[0] != 0x7f;
    size_t want = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || want > n)
        return 0;
    uint32_t c = p[0] & (0xffu >> (want + 1));
    for (size_t i = 1; i < want; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[want] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    bool tricky = c < 0xa0 || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
                  (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
    return tricky ? 0 : want;
}

static bool needs_quotes(struct str s)
{
    if (s.n == 0)
        return true;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7f)
            return true;
    }
    return false;
}

static void add_escaped(struct line *l, unsigned char c)
{
    char hex[8];
    if (c == '\n')
        add_z(l, "\\n");
    else if (c == '\r')
        add_z(l, "\\r");
    else if (c == '\t')
        add_z(l, "\\t");
    else
        add(l, hex, (size_t)snprintf(hex, sizeof hex, "\\x%02x", c));
}

static void add_value(struct line *l, struct str s)
{
    if (!needs_quotes(s) && s.n <= VALUE_MAX_BYTES) {
        add(l, s.p, s.n);
        return;
    }
    bool cut = s.n > VALUE_MAX_BYTES;
    s = str_until(s, VALUE_MAX_BYTES);
    add_z(l, "\"");
    for (size_t i = 0; i < s.n;) {
        const unsigned char *p = (const unsigned char *)s.p + i;
        size_t plain = plain_bytes(p, s.n - i);
        if (l->n + 16 > sizeof l->p) /* the closing quote must fit */
            break;
        if (*p == '"' || *p == '\\')
            add_z(l, "\\");
        if (plain)
            add(l, s.p + i, plain);
        else
            add_escaped(l, *p);
        i += plain ? plain : 1;
    }
    add_z(l, cut ? "…\"" : "\"");
}

static void write_line(struct line *l)
{
    l->p[l->n++] = '\n';
    const char *p = l->p;
    size_t n = l->n;
    int fd = atomic_load(&log_fd);
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return; /* a log that cannot be written has nobody to tell */
        p += done;
        n -= (size_t)done;
    }
}

void log_write_(enum log_level level, const char *event, const struct log_pair *pairs, size_t n)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < atomic_load(&log_least))
        return;
    struct line l;
    l.n = 0;
    add_time(&l);
    add_z(&l, " level=");
    add_z(&l, names[level]);
    add_z(&l, " event=");
    add_z(&l, event);
    for (size_t i = 0; i < n; i++) {
        /* A pair that might not fit whole is left out, so that a line never ends in half of one. */
        if (!pairs[i].key || l.n + 64 > sizeof l.p)
            continue;
        add_z(&l, " ");
        add_z(&l, pairs[i].key);
        add_z(&l, "=");
        char digits[24];
        if (pairs[i].is_number)
            add(&l, digits,
                (size_t)snprintf(digits, sizeof digits, "%lld", (long long)pairs[i].number));
        else
            add_value(&l, pairs[i].text);
    }
    write_line(&l);
}
