/* text_nfc.c - Unicode normalisation form C (UAX 15), for the whole of Unicode. */
#include "base/base.h"

#include "text_tables.h"

#define NFC_BYTES_MAX ((size_t)4 << 20)
/* Characters that hang together; text made by people has fewer than ten. */
#define CLUSTER_MAX 1024
#define SMALL_RUN 24

enum {
    S_BASE = 0xAC00,
    L_BASE = 0x1100,
    V_BASE = 0x1161,
    T_BASE = 0x11A7,
    L_N = 19,
    V_N = 21,
    T_N = 28,
    S_N = L_N * V_N * T_N
};

struct mark {
    uint32_t c;
    uint8_t ccc;
};
struct cluster {
    size_t n;
    bool full;
    struct mark p[CLUSTER_MAX], spare[CLUSTER_MAX];
};

static void put(struct cluster *k, uint32_t c)
{
    k->full = k->full || k->n == CLUSTER_MAX;
    if (!k->full)
        k->p[k->n++] = (struct mark){c, text_record_of(c)->ccc};
}

static void take_apart(struct cluster *k, uint32_t c)
{
    const struct text_record *r = text_record_of(c);
    uint32_t s = c - S_BASE;
    if (s < S_N) {
        put(k, L_BASE + s / (V_N * T_N));
        put(k, V_BASE + s % (V_N * T_N) / T_N);
        if (s % T_N)
            put(k, T_BASE + s % T_N);
    } else if (r->decomposition) {
        const uint32_t *part = &text_pool[r->decomposition];
        for (uint32_t i = 1; i <= part[0]; i++)
            put(k, part[i]);
    } else {
        put(k, c);
    }
}

/* Stable by class. A long run is counted, not compared: it may come from an enemy. */
static void sort_run(struct mark *p, size_t n, struct mark *spare)
{
    if (n <= SMALL_RUN) {
        for (size_t i = 1; i < n; i++) {
            struct mark m = p[i];
            size_t at = i;
            for (; at > 0 && p[at - 1].ccc > m.ccc; at--)
                p[at] = p[at - 1];
            p[at] = m;
        }
        return;
    }
    size_t starts[257] = {0};
    for (size_t i = 0; i < n; i++)
        starts[p[i].ccc + 1]++;
    for (size_t i = 1; i < 257; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < n; i++)
        spare[starts[p[i].ccc]++] = p[i];
    memcpy(p, spare, n * sizeof *p);
}

static void order_marks(struct cluster *k)
{
    for (size_t i = 0; i < k->n;) {
        size_t end = i;
        while (end < k->n && k->p[end].ccc != 0)
            end++;
        if (end > i)
            sort_run(k->p + i, end - i, k->spare);
        i = end > i ? end : i + 1;
    }
}

/* What a and b make together; 0: nothing. */
static uint32_t together(uint32_t a, uint32_t b)
{
    if (a - L_BASE < L_N && b - V_BASE < V_N)
        return S_BASE + ((a - L_BASE) * V_N + (b - V_BASE)) * T_N;
    if (a - S_BASE < S_N && (a - S_BASE) % T_N == 0 && b - T_BASE - 1 < T_N - 1)
        return a + (b - T_BASE);
    uint64_t parts = (uint64_t)a << 32 | b;
    size_t low = 0, high = text_pairs_n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (text_pairs[middle].parts < parts)
            low = middle + 1;
        else
            high = middle;
    }
    return low < text_pairs_n && text_pairs[low].parts == parts ? text_pairs[low].whole : 0;
}

/* A mark joins the last starter unless one of its class or higher stands between. */
static void put_together(struct cluster *k)
{
    size_t starter = SIZE_MAX, kept = 0;
    for (size_t i = 0; i < k->n; i++) {
        struct mark m = k->p[i];
        bool near = starter != SIZE_MAX && kept == starter + 1;
        bool free = starter != SIZE_MAX &&
                    (near || (k->p[kept - 1].ccc < m.ccc && k->p[kept - 1].ccc != 0));
        uint32_t whole = free ? together(k->p[starter].c, m.c) : 0;
        if (whole) {
            k->p[starter].c = whole;
            continue;
        }
        if (m.ccc == 0)
            starter = kept;
        k->p[kept++] = m;
    }
    k->n = kept;
}

static void flush(struct cluster *k, struct buf *out)
{
    order_marks(k);
    put_together(k);
    for (size_t i = 0; i < k->n; i++)
        utf8_add(out, k->p[i].c);
    k->n = 0;
}

/* Nothing before it changes when it comes, and it changes nothing before it. */
static bool begins_cluster(const struct text_record *r)
{
    return r->ccc == 0 && !(r->flags & (TEXT_QC_NO | TEXT_QC_MAYBE));
}

/* Where NFC is no longer certain: the start of that cluster; s.n when all is NFC. */
static size_t certain_until(struct str s)
{
    size_t start = 0;
    uint8_t last = 0;
    for (size_t i = 0; i < s.n;) {
        if ((unsigned char)s.p[i] < 0x80) {
            start = i++;
            last = 0;
            continue;
        }
        size_t at = i;
        const struct text_record *r = text_record_of(utf8_next(s, &i));
        if (begins_cluster(r))
            start = at;
        if (r->flags & (TEXT_QC_NO | TEXT_QC_MAYBE) || (r->ccc && r->ccc < last))
            return start;
        last = r->ccc;
    }
    return s.n;
}

static bool normalise(struct str s, size_t from, struct buf *out)
{
    struct cluster k; /* 16 KiB, so its arrays are not cleared */
    k.n = 0;
    k.full = false;
    buf_add(out, str_until(s, from));
    for (size_t i = from; i < s.n && !k.full;) {
        uint32_t c = utf8_next(s, &i);
        if (begins_cluster(text_record_of(c)))
            flush(&k, out);
        take_apart(&k, c);
    }
    flush(&k, out);
    return !k.full;
}

bool text_nfc(struct arena *a, struct str s, struct str *out)
{
    *out = s;
    if (s.n > NFC_BYTES_MAX || !utf8_valid(s))
        return false;
    size_t from = certain_until(s);
    if (from == s.n)
        return true;
    struct buf b = {.arena = a, .limit = size_mul(s.n, 3)};
    bool done = normalise(s, from, &b);
    if (done)
        *out = buf_str(&b);
    return done;
}
