/* vault_inside.h - what the files of this room share; nobody else includes it. */
#pragma once
#include "vault.h"

#include <pthread.h>
#include <stdatomic.h>

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

/* A master key that was read from its file. More are never asked for at once than one that goes,
 * one that is in use and one that comes. */
struct master {
    int64_t generation; /* 0: empty */
    unsigned char key[KEY_BYTES];
};
#define MASTERS_MAX 4

struct vault {
    struct master masters[MASTERS_MAX]; /* wrap subject keys */
    _Atomic int64_t current;            /* what new keys were last seen to be wrapped by: a guess */
    unsigned char derive[KEY_BYTES];    /* look-ups, blind indexes, secrets: never rotated */
    pthread_mutex_t lock;               /* of the cache and the master keys */
    struct cached_key *cache;           /* CACHE_SLOTS, locked into memory where allowed */
    bool many;                          /* PostgreSQL: there may be other nodes */
    struct str node;                    /* this life of the process; empty: it told nobody yet */
    char node_text[2 * TAG_BYTES];
    int64_t told, told_at; /* what it told the others that it holds, and when */
};

struct vault *vault_of(struct cx *cx); /* MUST be open */
struct str vault_derived(const struct vault *v, struct str use, struct str value, struct hash *out);
/* The same in two steps, for many values of one use: vault_derived is hmac_sha256(key, value). The
 * key is wiped by whoever asked for it. */
struct hash vault_use_key(const struct vault *v, struct str use);

/* ---- files of keys (files.c) ---- */

/* data_dir/keys. ERR_NOT_FOUND: it is not there. */
enum err key_dir(struct cx *cx, bool make, int *dir);
/* ERR_NOT_FOUND; ERR_IO: damaged, or open to others. */
enum err key_read(struct cx *cx, int dir, const char *name, unsigned char key[KEY_BYTES]);
/* A new one, fsynced with its name. Never over one that is there: ERR_CONFLICT. */
enum err key_write(struct cx *cx, int dir, const char *name);
/* One that is there outlasts a power cut, whoever wrote it. */
enum err key_settle(struct cx *cx, int dir, const char *name);
const char *master_name(struct cx *cx, int64_t generation);
int64_t master_newest(int dir); /* 0: there is none */

/* ---- master keys in memory (master.c) ---- */

/* From memory, else from its file. The caller wipes. ERR_IO: its file is not there. */
enum err master_get(struct cx *cx, int64_t generation, unsigned char key[KEY_BYTES]);
void master_forget(struct vault *v, int64_t generation);
struct str master_print(struct cx *cx, const unsigned char key[KEY_BYTES]);

/* erasures: of the reader's snapshot; 0: it has none. */
bool cache_get(struct vault *v, struct env *env, int64_t subject, int64_t erasures,
               unsigned char key[KEY_BYTES]);
void cache_put(struct vault *v, struct env *env, int64_t subject, int64_t erasures,
               const unsigned char key[KEY_BYTES]);
void cache_drop(struct vault *v, int64_t subject);
bool cache_open(struct vault *v);
void cache_close(struct vault *v);

/* A wrapped key as its row has it. */
struct wrapped {
    int64_t subject, generation; /* 0: the column is null, which is the first */
    struct str tag, bytes;
};
#define GENERATION_OF(w) ((w).generation ? (w).generation : 1)
/* Binds it to its row: it cannot be moved to another subject. */
struct str wrap_about(struct cx *cx, int64_t subject, struct str tag);
enum err wrap(struct cx *cx, const struct wrapped *row, struct str key, struct str *bytes);
enum err unwrap(struct cx *cx, const struct wrapped *w, unsigned char key[KEY_BYTES]);
enum err destroy_key(struct cx *cx, int64_t subject, struct str tag, struct str order_no,
                     int64_t at);
