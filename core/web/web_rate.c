/* web_rate.c - how often one address may ask: counts a minute, in a table of fixed size. */
#include "web_inside.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define SLOTS 8192 /* a power of two */
#define PROBES 8
#define SHARDS 16

struct slot {
    uint64_t key;
    int64_t minute;
    int count;
};

struct rates {
    pthread_mutex_t locks[SHARDS];
    struct slot slots[SHARDS][SLOTS / SHARDS];
};

struct rates *rates_new(void)
{
    struct rates *r = calloc(1, sizeof *r);
    for (int i = 0; r && i < SHARDS; i++)
        pthread_mutex_init(&r->locks[i], NULL);
    return r;
}

void rates_free(struct rates *r)
{
    for (int i = 0; r && i < SHARDS; i++)
        pthread_mutex_destroy(&r->locks[i]);
    free(r);
}

/* Whoever has one address of IPv6 has 64 bits of them: the network counts (RFC 6177). */
static struct str network_of(struct str peer, char *room, size_t cap)
{
    struct in6_addr a;
    if (peer.n >= cap || !memchr(peer.p, ':', peer.n))
        return peer;
    memcpy(room, peer.p, peer.n);
    room[peer.n] = 0;
    if (inet_pton(AF_INET6, room, &a) != 1)
        return peer;
    const size_t bytes = IN6_IS_ADDR_V4MAPPED(&a) ? sizeof a : 8;
    memcpy(room, &a, bytes);
    return (struct str){room, bytes};
}

static uint64_t key_of(struct str address, uint64_t kind)
{
    char room[INET6_ADDRSTRLEN];
    const struct str peer = network_of(address, room, sizeof room);
    uint64_t h = UINT64_C(14695981039346656037) ^ kind * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < peer.n; i++)
        h = (h ^ (unsigned char)peer.p[i]) * UINT64_C(1099511628211);
    h ^= h >> 29;
    return h ? h : 1;
}

/* This key's slot, else the one that has been quiet longest among its neighbours. */
static struct slot *slot_of(struct slot *slots, uint64_t key)
{
    size_t n = SLOTS / SHARDS;
    struct slot *oldest = NULL;
    for (size_t i = 0; i < PROBES; i++) {
        struct slot *s = &slots[((key >> 8) + i) & (n - 1)];
        if (s->key == key)
            return s;
        if (!oldest || s->minute < oldest->minute)
            oldest = s;
    }
    *oldest = (struct slot){.key = key};
    return oldest;
}

bool rate_take(struct rates *r, struct str peer, uint64_t kind, int per_minute, int64_t now)
{
    uint64_t key = key_of(peer, kind);
    size_t shard = key % SHARDS;
    int64_t minute = now / MINUTE_MS;
    pthread_mutex_lock(&r->locks[shard]);
    struct slot *s = slot_of(r->slots[shard], key);
    if (s->minute != minute) {
        s->minute = minute;
        s->count = 0;
    }
    bool within = s->count < per_minute;
    if (within)
        s->count++;
    pthread_mutex_unlock(&r->locks[shard]);
    return within;
}
