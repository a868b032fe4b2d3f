/* vault_inside.h - what the files of this room share; nobody else includes it. */
#pragma once
#include "vault.h"

#include <pthread.h>

#define KEY_BYTES 32
#define TAG_BYTES 16

/* An unwrapped key. For who reads a snapshot it is good while `erasures`, the number of kept.h, is
 * what the snapshot says: an erasure is felt with the next snapshot, on every node. For others, who
 * have no such number, it is good for at most CACHE_MS; a young one for the writer's transaction
 * that read it. */
struct cached_key {
    int64_t subject; /* 0: empty */
    int64_t until;
    int64_t erasures; /* 0: not read in a snapshot; below: of one writer's transaction alone */
    unsigned char key[KEY_BYTES];
};
#define CACHE_SLOTS 4096
#define CACHE_MS SECOND_MS
/* Outside of a snapshot only rows older than this are cached for others. A younger one may belong
 * to a transaction that will be undone, and SQLite would give its id again, to a subject with
 * another key. */
#define CACHE_AGE_MS MINUTE_MS

struct vault {
    unsigned char master[KEY_BYTES]; /* wraps subject keys and signing keys */
    unsigned char derive[KEY_BYTES]; /* look-ups, blind indexes, secrets: never rotated */
    pthread_mutex_t lock;            /* of the cache */
    struct cached_key *cache;        /* CACHE_SLOTS, locked into memory where allowed */
};

struct vault *vault_of(struct cx *cx); /* MUST be open */
struct str vault_derived(const struct vault *v, struct str use, struct str value, struct hash *out);
/* The same in two steps, for many values of one use: vault_derived is hmac_sha256(key, value). The
 * key is wiped by whoever asked for it. */
struct hash vault_use_key(const struct vault *v, struct str use);

/* erasures: of the reader's snapshot; 0: it has none. */
bool cache_get(struct vault *v, struct env *env, int64_t subject, int64_t erasures,
               unsigned char key[KEY_BYTES]);
void cache_put(struct vault *v, struct env *env, int64_t subject, int64_t erasures,
               const unsigned char key[KEY_BYTES]);
void cache_drop(struct vault *v, int64_t subject);
bool cache_open(struct vault *v);
void cache_close(struct vault *v);

/* Binds a wrapped key to its row: it cannot be moved to another subject. */
struct str wrap_about(struct cx *cx, int64_t subject, struct str tag);
enum err destroy_key(struct cx *cx, int64_t subject, struct str tag, struct str order_no,
                     int64_t at);
