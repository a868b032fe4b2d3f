/*
 * crypto.h - hashes, seals, keys, certificates, CMS, password hashes, the Merkle log.
 *
 * One algorithm for each job: SHA-256; HMAC-SHA-256; AES-256-GCM; P-256 with ECDSA; Argon2id.
 * (SHA-1 is within one-time codes alone: authenticator apps know nothing else.)
 * All by OpenSSL 3 and libargon2; this room only narrows them. Slices called `bytes` are binary.
 * Randomness comes from cx->env->random (nonces, keys), so tests are repeatable.
 */
#pragma once
#include "base/base.h"

#define HASH_BYTES 32
struct hash {
    unsigned char b[HASH_BYTES];
};

struct hash sha256(struct str bytes);
struct hash sha256_2(struct str a, struct str b); /* of the concatenation */
struct hash_stream; /* for files; free with hash_stream_end, which also gives the result */
struct hash_stream *hash_stream_new(void);
void hash_stream_add(struct hash_stream *h, struct str bytes);
struct hash hash_stream_end(struct hash_stream *h);
struct hash hmac_sha256(struct str key, struct str bytes);
bool equal_in_constant_time(struct str a, struct str b);
#define HASH_STR(h) ((struct str){(const char *)(h).b, HASH_BYTES})

/* ---- sealing: AES-256-GCM, random 96-bit nonce, layout 0x01 nonce ciphertext tag ---- */
#define SEAL_KEY_BYTES 32
#define SEAL_OVERHEAD (1 + 12 + 16)
/* `about` is authenticated, not stored (table, column, row): a value moved elsewhere fails. */
struct str seal(struct cx *cx, struct str key, struct str about, struct str plain);
/* ERR_IO: it was changed, moved, or the key is another. */
enum err unseal(struct cx *cx, struct str key, struct str about, struct str sealed,
                struct str *plain);

/* A file stream sealed in chunks of 64 KiB, each authenticated with its number and whether it
 * is the last, so that cutting, reordering and appending are found. Format on disk: README. */
struct seal_writer;
struct seal_reader;
struct seal_writer *seal_writer_new(struct env *env, struct str key, int fd); /* NULL: no memory */
enum err seal_writer_add(struct seal_writer *w, struct str plain); /* ERR_IO: the write failed */
enum err seal_writer_end(struct seal_writer *w);                   /* last chunk; does not fsync */
void seal_writer_free(struct seal_writer *w);
struct seal_reader *seal_reader_new(struct str key, int fd);
/* Up to 64 KiB a call; out->n == 0 at the end. ERR_IO: changed or cut. */
enum err seal_reader_next(struct seal_reader *r, struct str *out);
void seal_reader_free(struct seal_reader *r);

/* ---- passwords: Argon2id, 19 MiB, t = 2, p = 1 (OWASP); two at once in the process ---- */
enum err password_hash(struct cx *cx, struct str password, struct str *encoded); /* PHC text */
bool password_matches(struct str password, struct str encoded);
/* Spends the time of one check: for an unknown account, so that timing tells nothing. */
void password_burn(struct str password);
int64_t password_count(void); /* hashes of this process so far, whatever for */
/* Is it on the list of breached passwords in the file `path`: hashes (SHA-1) in hexadecimal,
 * sorted, one a line, ":count" behind each or not? ERR_IO: the list cannot be read, has a bad line
 * or is not sorted, as far as it was looked at. Bounded memory, reads of a line; not for the READ
 * lane. */
enum err password_breached(struct cx *cx, const char *path, struct str password, bool *found);
/* Looks at the first, the last and some hundred lines between. ERR_IO: likewise. */
enum err password_breached_judge(struct cx *cx, const char *path, int64_t *bytes);

/* ---- one-time codes of authenticator apps: RFC 6238, HMAC-SHA-1, six digits, 30 seconds ---- */
#define TOTP_SECRET_BYTES 20
int64_t totp_step(int64_t at);                         /* of an instant: UTC ms */
uint32_t totp_number(struct str secret, int64_t step); /* 31 bits: their last digits are the code */
struct str totp_code(struct arena *a, struct str secret, int64_t step); /* "094287" */
struct str totp_secret_text(struct arena *a, struct str secret); /* base32, as apps take it */

/* ---- P-256 keys and X.509 ---- */
struct key; /* private or public; opaque */
enum err key_generate(struct cx *cx, struct key **out);
void key_free(struct key *k);
bool key_pair(const struct key *a, const struct key *b); /* the same public key */
/* PKCS#8 DER (private) and SubjectPublicKeyInfo DER. */
enum err key_private_der(struct cx *cx, const struct key *k, struct str *der);
enum err key_from_private_der(struct cx *cx, struct str der, struct key **out);
enum err key_public_der(struct cx *cx, const struct key *k, struct str *der);
enum err key_from_public_der(struct cx *cx, struct str der, struct key **out);
/* A private key that is kept elsewhere (keyd/keyd.h): its public half here, and who signs there.
 * `state` must outlive the key. MUST not: key_private_der. */
typedef enum err key_sign_there(struct cx *cx, void *state, struct hash digest,
                                struct str *signature);
enum err key_elsewhere(struct cx *cx, struct str public_der, key_sign_there *sign, void *state,
                       struct key **out);
/* ECDSA over SHA-256, DER signature. Kept elsewhere: its errors too. */
enum err key_sign(struct cx *cx, const struct key *k, struct str bytes, struct str *signature);
/* The same where the hash is all that is known. Only of a key that is here. */
enum err key_sign_digest(struct cx *cx, const struct key *k, struct hash digest,
                         struct str *signature);
bool key_verify(const struct key *k, struct str bytes, struct str signature);

struct cert_request {
    struct str common_name, organisation, locality; /* UTF-8 */
    struct str country;                             /* "VN" */
    struct str serial_text;                         /* OID 2.5.4.5, optional */
    int64_t valid_from, valid_to;                   /* UTC ms */
    enum cert_use { CERT_CA = 1, CERT_SIGNER, CERT_TLS } use;
    struct str dns_names; /* CERT_TLS: comma separated names and addresses */
};
/* Makes a certificate for `subject`, signed by `issuer` (self-signed when issuer_cert is empty). */
enum err cert_make(struct cx *cx, const struct cert_request *rq, const struct key *subject,
                   const struct key *issuer, struct str issuer_cert_der, struct str *cert_der);
struct cert_info {
    struct str common_name, organisation, issuer_name, serial_hex;
    int64_t valid_from, valid_to;
    struct str fingerprint; /* SHA-256, binary */
};
enum err cert_read(struct cx *cx, struct str der, struct cert_info *out); /* ERR_INVALID */
#define CERT_DER_MAX (64 * 1024)
/* The public key of a certificate. ERR_INVALID: no certificate, or its key is not P-256. */
enum err cert_key(struct cx *cx, struct str cert_der, struct key **out);
struct str pem(struct arena *a, const char *label, struct str der);

/* ---- what a server shows to browsers: certificates and a key that others made (PEM) ---- */
#define TLS_CHAIN_MAX 8
struct tls_chain {
    struct str pem; /* the server's certificate, then each by whose key the one before was signed */
    size_t n;
    struct cert_info leaf;
    struct str leaf_der;
    struct str names;     /* "dichvucong.tinh.gov.vn, *.tinh.gov.vn" */
    struct str key_title; /* "RSA 2048", "P-256" */
    bool self_signed;     /* nobody vouches for it */
};
/* Reads and judges: order, signatures, term at `now`, use, strength, name. host empty: any name
 * will do. ERR_INVALID: the sentence says which is wrong and what to do. */
enum err tls_chain_read(struct cx *cx, struct str text, struct str host, int64_t now,
                        struct tls_chain *out);
/* The one private key of the text, which must be the chain's; as PKCS#8. ERR_INVALID: the same;
 * an encrypted key is refused, for nobody types its password when the server starts. */
enum err tls_key_read(struct cx *cx, struct str text, const struct tls_chain *chain,
                      struct str *key_pem);
bool tls_key_inside(struct str text); /* does a PEM text hold a private key? */
/* A request for a certificate (PKCS#10, DER), signed by its own key: names as of cert_request. */
enum err cert_ask(struct cx *cx, const struct cert_request *rq, const struct key *subject,
                  struct str *der);

/* ---- CMS, as PAdES baseline B wants it (ETSI EN 319 142-1): detached, signed attributes
 * content-type, message-digest, signing-certificate-v2; no signing-time ---- */
/* ERR_INVALID: a certificate cannot be read, or cert_der is not of this key. */
enum err cms_sign(struct cx *cx, const struct key *k, struct str cert_der, const struct str *chain,
                  size_t chain_n, struct hash content, struct str *cms_der);
enum cms_verdict { CMS_VALID = 1, CMS_UNTRUSTED, CMS_BROKEN };
struct cms_report {
    enum cms_verdict verdict;
    struct cert_info signer;
    bool is_pades; /* signing-certificate-v2 present and matching */
};
/* ERR_INVALID: no CMS with one signer. Zeros behind it are allowed (the hole of a PDF). Trusted
 * means: a chain to any of trusted_der, valid at `at`, at least 112 bits strong. */
enum err cms_verify(struct cx *cx, struct str cms_der, struct hash content,
                    const struct str *trusted_der, size_t trusted_n, int64_t at,
                    struct cms_report *out);
/* The same for signatures of strangers, who may have used SHA-384 or SHA-512: content in parts. */
enum err cms_verify_parts(struct cx *cx, struct str cms_der, const struct str *parts,
                          size_t parts_n, const struct str *trusted_der, size_t trusted_n,
                          int64_t at, struct cms_report *out);

/* ---- Merkle log, RFC 9162 section 2: leaf 0x00, node 0x01. Pure functions over a fetcher of
 * complete subtree hashes, so that the journal stores them where it likes ---- */
struct hash merkle_leaf(struct str entry);
struct hash merkle_node(const struct hash *left, const struct hash *right);
/* The hash of the complete subtree that covers leaves [index << level, (index + 1) << level). */
typedef enum err merkle_fetch(void *from, int level, uint64_t index, struct hash *out);
/* Appends leaf number `size` (from 0): calls `store` for every subtree that becomes complete. */
typedef enum err merkle_store(void *to, int level, uint64_t index, const struct hash *h);
enum err merkle_append(uint64_t size, const struct hash *leaf, merkle_fetch *fetch,
                       merkle_store *store, void *state);
enum err merkle_root(uint64_t size, merkle_fetch *fetch, void *from, struct hash *out);
/* Proofs. ERR_INVALID: the leaf or the old size lies outside; ERR_LIMIT: over 2^62 entries. */
#define MERKLE_PROOF_MAX 64
struct merkle_proof {
    struct hash path[MERKLE_PROOF_MAX];
    size_t n;
};
enum err merkle_inclusion(uint64_t leaf, uint64_t size, merkle_fetch *fetch, void *from,
                          struct merkle_proof *out);
enum err merkle_consistency(uint64_t old_size, uint64_t size, merkle_fetch *fetch, void *from,
                            struct merkle_proof *out);
bool merkle_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
                             const struct merkle_proof *proof, const struct hash *root);
bool merkle_verify_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                               const struct hash *root, const struct merkle_proof *proof);
