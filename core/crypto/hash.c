/* hash.c - SHA-256, HMAC, comparison in constant time; the fetched algorithms. */
#include "crypto/crypto.h"

#include <openssl/crypto.h>
#include <openssl/params.h>
#include <pthread.h>

#include "ossl.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256_md;
static EVP_CIPHER *gcm_cipher;
static pthread_key_t workers; /* of each thread; they end with it */

static void end_worker(void *md)
{
    EVP_MD_CTX_free(md);
}

static void fetch_all(void)
{
    MUST(pthread_key_create(&workers, end_worker) == 0);
    sha256_md = EVP_MD_fetch(NULL, "SHA256", NULL);
    gcm_cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
}

const EVP_MD *ossl_sha256(void)
{
    pthread_once(&once, fetch_all);
    MUST(sha256_md != NULL);
    return sha256_md;
}

const EVP_CIPHER *ossl_aes256gcm(void)
{
    pthread_once(&once, fetch_all);
    MUST(gcm_cipher != NULL);
    return gcm_cipher;
}

enum err ossl_fail(struct cx *cx, enum err e, const char *what)
{
    char reason[160] = "no reason given";
    unsigned long code = ERR_peek_last_error();
    if (code)
        ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    return fail(cx, e, "%s: %s", what, reason);
}

struct hash_stream {
    EVP_MD_CTX *md;
};

struct hash_stream *hash_stream_new(void)
{
    struct hash_stream *h = calloc(1, sizeof *h);
    MUST(h != NULL);
    h->md = EVP_MD_CTX_new();
    MUST(h->md != NULL);
    MUST(EVP_DigestInit_ex(h->md, ossl_sha256(), NULL) == 1);
    return h;
}

void hash_stream_add(struct hash_stream *h, struct str bytes)
{
    MUST(EVP_DigestUpdate(h->md, bytes.p, bytes.n) == 1);
}

struct hash hash_stream_end(struct hash_stream *h)
{
    struct hash out;
    MUST(EVP_DigestFinal_ex(h->md, out.b, NULL) == 1);
    EVP_MD_CTX_free(h->md);
    free(h);
    return out;
}

struct hash sha256(struct str bytes)
{
    return sha256_2(bytes, S(""));
}

/* One a thread: made for each short hash it costs more than the hash. Final has wiped what it held.
 */
static EVP_MD_CTX *worker(void)
{
    static _Thread_local EVP_MD_CTX *mine;
    if (mine)
        return mine;
    const EVP_MD *sha = ossl_sha256();
    mine = EVP_MD_CTX_new();
    MUST(mine != NULL && EVP_DigestInit_ex(mine, sha, NULL) == 1);
    MUST(pthread_setspecific(workers, mine) == 0);
    return mine;
}

struct hash sha256_2(struct str a, struct str b)
{
    struct hash out;
    EVP_MD_CTX *md = worker();
    MUST(EVP_DigestInit_ex(md, NULL, NULL) == 1);
    MUST(EVP_DigestUpdate(md, a.p, a.n) == 1 && EVP_DigestUpdate(md, b.p, b.n) == 1);
    MUST(EVP_DigestFinal_ex(md, out.b, NULL) == 1);
    return out;
}

#define BLOCK 64 /* of SHA-256 */

/* RFC 2104 by two plain hashes: OpenSSL's own way sets up a provider for each, half of the cost. */
struct hash hmac_sha256(struct str key, struct str bytes)
{
    unsigned char inner[BLOCK], outer[BLOCK];
    struct hash short_key = {0};
    if (key.n > BLOCK) {
        short_key = sha256(key);
        key = HASH_STR(short_key);
    }
    for (size_t i = 0; i < BLOCK; i++) {
        const unsigned char k = i < key.n ? (unsigned char)key.p[i] : 0;
        inner[i] = k ^ 0x36;
        outer[i] = k ^ 0x5c;
    }
    const struct hash first = sha256_2((struct str){(const char *)inner, BLOCK}, bytes);
    const struct hash out = sha256_2((struct str){(const char *)outer, BLOCK}, HASH_STR(first));
    wipe(inner, sizeof inner);
    wipe(outer, sizeof outer);
    wipe(&short_key, sizeof short_key);
    return out;
}

bool equal_in_constant_time(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}
