/*
 * vault.h - keys of subjects, and what is sealed under them (architecture decision 5).
 *
 * Every person or organisation whose data we keep has one key, stored wrapped under the master
 * key of the installation (data folder, keys/, mode 0600). Personal columns hold values sealed
 * under the subject's key and bound to "table.column"; look-ups go through keyed HMACs. Erasing a
 * subject destroys the key: every sealed value of theirs, in records, journal and backups, is
 * then noise, and readers show "đã xóa theo quyết định N".
 */
#pragma once
#include "base/base.h"
#include "crypto/crypto.h"
#include "keyd/keyd.h"

/* Opens or makes (at init) the master keys under data_dir/keys. ERR_NOT_FOUND: no keys and !make.
 * ERR_IO: unreadable, damaged, or open to other users of the machine. Needs no database. */
enum err vault_open(struct cx *cx, bool make, struct vault **out);
void vault_close(struct vault *v); /* wipes */
/* At start, with lanes: what vault_check says. A database that names no master key yet hears which
 * it is. */
enum err vault_start(struct cx *cx);
/* ERR_CONFLICT: the database was sealed under other master keys, or one is missing: the sentence
 * names its file. */
enum err vault_check(struct cx *cx);

/* ---- generations of the master key (README: "A new master key") ---- */

enum vault_key_state { VAULT_KEY_HERE = 1, VAULT_KEY_MISSING, VAULT_KEY_OTHER };
struct vault_generation {
    int64_t n;        /* 1, 2, 3 ... */
    struct str print; /* names the key and tells nothing of it */
    int64_t made_at;
    int64_t used_at; /* since when new keys are wrapped by it; 0: not yet */
    enum vault_key_state state;
};
#define VAULT_GENERATIONS_MAX 4
#define VAULT_PRINT_CHARS 16
/* Those that did not retire, oldest first; at most VAULT_GENERATIONS_MAX. */
enum err vault_generations(struct cx *cx, struct vault_generation *out, size_t *n);
const char *vault_master_file(struct cx *cx, int64_t generation); /* its name in keys/ */
/* Of a folder of keys that is not ours yet; print empty: whichever. ERR_IO: damaged. */
enum err vault_file_state(struct cx *cx, const char *folder, int64_t generation, struct str print,
                          enum vault_key_state *out);
bool vault_any_master(const char *folder);

/* The steps of a rotation, each its own transaction; the caller writes their events.
 * make: no transaction; the file is on disk, by name too, when it returns; one that is there is
 * taken. state, use, retire: WRITE. After use: vault_check, so that this process knows. retire: the
 * caller has seen that nothing is wrapped by it (wrapped_by, SLOW: it reads all rows);
 * ERR_CONFLICT: another node wrapped something by it meanwhile. */
enum err vault_master_make(struct cx *cx, int64_t generation, struct str *print);
enum err vault_master_state(struct cx *cx, int64_t generation, struct str print);
enum err vault_master_use(struct cx *cx, int64_t generation);
enum err vault_master_retire(struct cx *cx, int64_t generation);
/* All older than this leave the memory of this process. */
void vault_forget_before(struct cx *cx, int64_t generation);
enum err vault_wrapped_by(struct cx *cx, int64_t generation, int64_t *keys);
/* All keys are wrapped by `to`, so many rows a turn (WRITE, under 20 ms), until `end`. A turn may
 * be undone: the caller goes on from what it had before. Begins with {.to = ...}. */
#define VAULT_REWRAP_MAX 100
struct vault_rewrap {
    int64_t to, after, done;
    bool end;
};
enum err vault_rewrap_some(struct cx *cx, struct vault_rewrap *r);

/* Several nodes on PostgreSQL: which master keys each has (nothing on SQLite). join: when it begins
 * to serve, errors as vault_check; leave: at its end; both with lanes. follow: every second or so,
 * SLOW: takes up keys that came, forgets those that retired; then tell, in WRITE. lacking: nodes
 * that live and do not have it. */
enum err vault_join(struct cx *cx);
enum err vault_leave(struct cx *cx);
enum err vault_keys_follow(struct cx *cx, bool *to_tell);
enum err vault_keys_tell(struct cx *cx);
enum err vault_nodes_lacking(struct cx *cx, int64_t generation, int64_t *nodes);

/* ---- subjects ---- */

/* A new subject with a fresh key; its id is what records refer to. WRITE lane. */
enum err vault_subject_new(struct cx *cx, int64_t *subject);
/* Seals text for a `$sealed` column of this subject. about: "onestop_request.form_data". Empty
 * plain gives empty. ERR_NOT_FOUND: the subject is erased. */
enum err vault_seal(struct cx *cx, int64_t subject, struct str about, struct str plain,
                    struct str *sealed);
/* ERR_NOT_FOUND: erased (*plain is empty; cx->why names the order). Empty sealed gives empty. */
enum err vault_open_sealed(struct cx *cx, int64_t subject, struct str about, struct str sealed,
                           struct str *plain);
/* The subject's key for files (file/file.h). ERR_NOT_FOUND: erased. */
enum err vault_subject_key(struct cx *cx, int64_t subject, struct str *key);
/* The order that erased the subject; empty: it is not erased. ERR_NOT_FOUND: no such subject. */
enum err vault_erased_by(struct cx *cx, int64_t subject, struct str *order_no);

/* Erased subjects with an id above `after`, in order: for rooms that keep bytes elsewhere. */
enum err vault_erased_after(struct cx *cx, int64_t after, int64_t *subjects, size_t max, size_t *n);

/* Destroys the key by a legal order. WRITE lane. Modules call journal_erase, which also writes the
 * event. ERR_CONFLICT: erased before. The caller has vault_tombstones run after the commit (the
 * journal's job does). */
enum err vault_erase(struct cx *cx, int64_t subject, struct str order_no);
/* Appends to data_dir/tombstones.log, fsynced, the erased subjects it lacks. The file lives outside
 * of backups. Reads the database; not in WRITE. Run after an erasure, and at start. */
enum err vault_tombstones(struct cx *cx);
/* After a restore: destroys again the keys that tombstones name. WRITE lane. `each` (may be NULL)
 * hears of every one. ERR_IO: the file is damaged (the line is named); nothing was done. */
typedef enum err vault_erased_again(struct cx *cx, void *state, int64_t subject,
                                    struct str order_no);
enum err vault_apply_tombstones(struct cx *cx, vault_erased_again *each, void *state,
                                int64_t *erased);

/* Keyed HMAC of an exact value (a personal number): for `$lookup` columns. kind separates uses. */
struct str vault_lookup(struct cx *cx, struct str kind, struct str value);
/* Blind index of a name: tokens of each folded word and of its prefixes from two letters on. */
size_t vault_name_tokens(struct cx *cx, struct str name, struct str *tokens, size_t max);
/* The tokens to look for when somebody types words: one a word, as a beginning of it. A record
 * matches when it has them all. Single letters find only words of one letter. */
size_t vault_name_query(struct cx *cx, struct str words, struct str *tokens, size_t max);
#define VAULT_TOKEN_BYTES 16
/* A commitment for the journal: HMAC with a fresh salt kept beside the sealed payload. */
struct hash vault_commit(struct str salt, struct str payload);

/* Signing keys of the installation, by name: "journal", "ca". Their private halves are with keyd
 * (keyd/keyd.h); here is the handle. The caller frees with key_free. make: WRITE lane;
 * ERR_CONFLICT: exists. vault_key: ERR_NOT_FOUND: not made yet. Errors of keyd come when it signs.
 */
enum err vault_key_make(struct cx *cx, struct str name, struct key **out);
enum err vault_key(struct cx *cx, struct str name, struct key **out);
/* Does keyd answer and know this key? Errors of keyd/keyd.h. */
enum err vault_key_usable(struct cx *cx, struct str name);
/* Keys of an installation older than keyd go to it, once; WRITE lane. vault_adopt: one that another
 * room had sealed under `key`; it stores the handle. */
enum err vault_keys_adopt(struct cx *cx);
enum err vault_adopt(struct cx *cx, enum keyd_use use, struct str key, struct str about,
                     struct str sealed, struct str *handle);
/* 32 bytes derived for a purpose: form tokens, codes. */
struct str vault_secret(struct cx *cx, struct str purpose);
