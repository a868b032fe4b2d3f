/* http_metrics.c - what the loops counted, as Prometheus text. */
#include "http_inside.h"

/* Upper bounds of the duration histogram, microseconds. */
static const int64_t bounds[DURATIONS] = {250,   1000,   2500,   5000,    10000,   25000,
                                          50000, 100000, 250000, 1000000, 2500000, 10000000};
static const char *const bound_names[DURATIONS] = {"0.00025", "0.001", "0.0025", "0.005",
                                                   "0.01",    "0.025", "0.05",   "0.1",
                                                   "0.25",    "1",     "2.5",    "10"};

void http_count_answer(struct loop *l, int status, int64_t us)
{
    struct counters *c = &l->counters;
    int at = 0;
    while (at < DURATIONS && us > bounds[at])
        at++;
    count(&c->duration[at], 1);
    count(&c->duration_us, us > 0 ? (uint64_t)us : 0);
    count(&c->status[status > 0 && status < STATUS_MAX ? status : 0], 1);
}

/* The sum of one counter, told by its place in the struct, over all loops. */
static uint64_t sum(const struct http_server *s, size_t offset)
{
    uint64_t n = 0;
    for (int i = 0; i < s->loops_n; i++) {
        const char *at = (const char *)&s->loops[i]->counters + offset;
        n += atomic_load_explicit((const _Atomic uint64_t *)(const void *)at, memory_order_relaxed);
    }
    return n;
}

static void put_durations(const struct http_server *s, struct buf *out)
{
    uint64_t n = 0;
    buf_add(out, S("# TYPE tinhso_http_request_seconds histogram\n"));
    for (size_t i = 0; i <= DURATIONS; i++) {
        n += sum(s, offsetof(struct counters, duration) + i * sizeof(uint64_t));
        buf_fmt(out, "tinhso_http_request_seconds_bucket{le=\"%s\"} %llu\n",
                i < DURATIONS ? bound_names[i] : "+Inf", (unsigned long long)n);
    }
    buf_fmt(out, "tinhso_http_request_seconds_sum %.6f\ntinhso_http_request_seconds_count %llu\n",
            (double)sum(s, offsetof(struct counters, duration_us)) / 1e6, (unsigned long long)n);
}

static void put_statuses(const struct http_server *s, struct buf *out)
{
    buf_add(out, S("# TYPE tinhso_http_answers_total counter\n"));
    for (size_t i = 0; i < STATUS_MAX; i++) {
        uint64_t n = sum(s, offsetof(struct counters, status) + i * sizeof(uint64_t));
        if (n)
            buf_fmt(out, "tinhso_http_answers_total{code=\"%zu\"} %llu\n", i,
                    (unsigned long long)n);
    }
}

void http_metrics(const struct http_server *s, struct buf *out)
{
    /* clang-format off */
    static const struct { const char *name; size_t offset; } plain[] = {
        {"requests",              offsetof(struct counters, requests)},
        {"connections",           offsetof(struct counters, accepted)},
        {"connections_refused",   offsetof(struct counters, refused)},
        {"received_bytes",        offsetof(struct counters, bytes_in)},
        {"sent_bytes",            offsetof(struct counters, bytes_out)},
        {"tls_handshakes",        offsetof(struct counters, handshakes)},
        {"tls_handshakes_failed", offsetof(struct counters, handshakes_failed)},
        {"timeouts",              offsetof(struct counters, timeouts)},
        {"malformed",             offsetof(struct counters, malformed)},
        {"peers_vanished",        offsetof(struct counters, vanished)},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        buf_fmt(out, "# TYPE tinhso_http_%s_total counter\ntinhso_http_%s_total %llu\n",
                plain[i].name, plain[i].name, (unsigned long long)sum(s, plain[i].offset));
    buf_fmt(out, "# TYPE tinhso_http_connections_open gauge\ntinhso_http_connections_open %zu\n",
            atomic_load(&s->conns_n));
    put_statuses(s, out);
    put_durations(s, out);
}
