/*
 * kept_lately.c - a small memory of each reading thread, for what is one person's: no lock, and
 * nothing of it outlives the snapshot it was made from.
 *
 * A snapshot's number is the program's own, and a connection has the same one as long as nobody
 * commits. So what is found is what would have been read; the first look at another snapshot wipes
 * all: what an erasure took away is gone from here with the next request.
 */
#include "kept_inside.h"

#define SLOTS 64
#define KEY_MAX 48
#define BYTES_MAX 192

struct slot {
    unsigned char key_n, n;
    char key[KEY_MAX], bytes[BYTES_MAX];
};
static _Thread_local struct {
    int64_t snapshot;
    bool any;
    struct slot slots[SLOTS];
} lately;

/* NULL: nothing is kept for this reader. */
static struct slot *slot_of(struct cx *cx, struct str key)
{
    if (!cx->env->kept || !cx->db || !db_is_reader(cx) || key.n == 0 || key.n > KEY_MAX)
        return NULL;
    if (db_is_postgres(cx)) /* each transaction is another snapshot: nothing would ever be found */
        return NULL;
    const int64_t now = db_snapshot(cx);
    if (lately.any && lately.snapshot != now) {
        wipe(lately.slots, sizeof lately.slots);
        lately.any = false;
    }
    lately.snapshot = now;
    return now ? &lately.slots[str_hash(key) % SLOTS] : NULL;
}

bool kept_lately(struct cx *cx, struct str key, struct str *bytes)
{
    const struct slot *s = slot_of(cx, key);
    if (!s || s->key_n != key.n || memcmp(s->key, key.p, key.n) != 0)
        return false;
    *bytes = str_dup(cx->arena, (struct str){s->bytes, s->n});
    return true;
}

void kept_for_now(struct cx *cx, struct str key, struct str bytes)
{
    struct slot *s = bytes.n <= BYTES_MAX ? slot_of(cx, key) : NULL;
    if (!s)
        return;
    *s = (struct slot){.key_n = (unsigned char)key.n, .n = (unsigned char)bytes.n};
    memcpy(s->key, key.p, key.n);
    if (bytes.n)
        memcpy(s->bytes, bytes.p, bytes.n);
    lately.any = true;
}
