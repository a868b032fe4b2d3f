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

/* Opens or makes (at init) the master keys under data_dir/keys. ERR_NOT_FOUND: no keys and !make. */
enum err vault_open(struct cx *cx, bool make, struct vault **out);
void vault_close(struct vault *v);

/* A new subject with a fresh key; its id is what records refer to. WRITE lane. */
enum err vault_subject_new(struct cx *cx, int64_t *subject);
/* Seals text for a `$sealed` column of this subject. about: "onestop_request.form_data". */
enum err vault_seal(struct cx *cx, int64_t subject, struct str about, struct str plain, struct str *sealed);
/* ERR_NOT_FOUND: erased (*plain is empty; cx->why names the order). Empty sealed gives empty. */
enum err vault_open_sealed(struct cx *cx, int64_t subject, struct str about, struct str sealed, struct str *plain);
/* The subject's key for files (file/file.h). */
enum err vault_subject_key(struct cx *cx, int64_t subject, struct str *key);
/* Destroys the key by a legal order. WRITE lane; the tombstone file outside backups gets a line. */
enum err vault_erase(struct cx *cx, int64_t subject, struct str order_no);

/* Keyed HMAC of an exact value (a personal number): for `$lookup` columns. kind separates uses. */
struct str vault_lookup(struct cx *cx, struct str kind, struct str value);
/* Blind index of a name: tokens of each folded word and of its prefixes from two letters on. */
size_t vault_name_tokens(struct cx *cx, struct str name, struct str *tokens, size_t max);
/* A commitment for the journal: HMAC with a fresh salt kept beside the sealed payload. */
struct hash vault_commit(struct str salt, struct str payload);

/* Installation keys, generated at init, sealed under the master key: signing keys by name
 * ("journal", "ca", ...). ERR_NOT_FOUND: not made yet. */
enum err vault_key_make(struct cx *cx, struct str name, struct key **out);
enum err vault_key(struct cx *cx, struct str name, struct key **out);
struct str vault_secret(struct cx *cx, struct str purpose); /* 32 bytes derived for a purpose: form tokens, codes */
