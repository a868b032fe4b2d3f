/* cache.c - unwrapped subject keys, few, until an erasure moves or for a second; wiped when they
 * leave. */
#include "vault_inside.h"

#include <sys/mman.h>

static struct cached_key *slot_of(struct vault *v, int64_t subject)
{
    return &v->cache[(uint64_t)subject % CACHE_SLOTS];
}

static bool is_good(const struct cached_key *slot, int64_t erasures, int64_t now)
{
    if (erasures)
        return slot->erasures == erasures;
    return slot->erasures >= 0 && now < slot->until && slot->until - now <= CACHE_MS;
}

bool cache_get(struct vault *v, struct env *env, int64_t subject, int64_t erasures,
               unsigned char key[KEY_BYTES])
{
    int64_t now = erasures ? 0 : env->clock(env);
    pthread_mutex_lock(&v->lock);
    struct cached_key *slot = slot_of(v, subject);
    bool found = slot->subject == subject && is_good(slot, erasures, now);
    if (found)
        memcpy(key, slot->key, KEY_BYTES);
    pthread_mutex_unlock(&v->lock);
    return found;
}

void cache_put(struct vault *v, struct env *env, int64_t subject, int64_t erasures,
               const unsigned char key[KEY_BYTES])
{
    int64_t until = env->clock(env) + CACHE_MS;
    pthread_mutex_lock(&v->lock);
    struct cached_key *slot = slot_of(v, subject);
    slot->subject = subject;
    slot->until = until;
    slot->erasures = erasures;
    memcpy(slot->key, key, KEY_BYTES);
    pthread_mutex_unlock(&v->lock);
}

void cache_drop(struct vault *v, int64_t subject)
{
    pthread_mutex_lock(&v->lock);
    struct cached_key *slot = slot_of(v, subject);
    if (slot->subject == subject)
        wipe(slot, sizeof *slot);
    pthread_mutex_unlock(&v->lock);
}

/* Pages of their own: kept out of swap and core dumps where the machine allows it. */
bool cache_open(struct vault *v)
{
    size_t n = CACHE_SLOTS * sizeof *v->cache;
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return false;
    (void)mlock(p, n);
    (void)madvise(p, n, MADV_DONTDUMP);
    v->cache = p;
    return true;
}

void cache_close(struct vault *v)
{
    size_t n = CACHE_SLOTS * sizeof *v->cache;
    wipe(v->cache, n);
    munmap(v->cache, n);
}
