/* seal.c - values sealed with AES-256-GCM: 0x01 nonce ciphertext tag. */
#include "crypto/crypto.h"

#include "ossl.h"

#define VERSION 0x01
#define NONCE_N 12
#define TAG_N 16

/* The version is authenticated too, so that a later format cannot be read as this one. */
static bool bind(EVP_CIPHER_CTX *c, struct str about)
{
    unsigned char both[128] = {VERSION}; /* one call where they fit: names of columns are short */
    int n;
    if (about.n < sizeof both) {
        if (about.n)
            memcpy(both + 1, about.p, about.n);
        return EVP_CipherUpdate(c, NULL, &n, both, (int)about.n + 1) == 1;
    }
    return EVP_CipherUpdate(c, NULL, &n, both, 1) == 1 &&
           EVP_CipherUpdate(c, NULL, &n, (const unsigned char *)about.p, (int)about.n) == 1;
}

struct str seal(struct cx *cx, struct str key, struct str about, struct str plain)
{
    MUST(key.n == SEAL_KEY_BYTES);
    MUST(plain.n < INT32_MAX - SEAL_OVERHEAD && about.n < INT32_MAX);
    unsigned char *out = arena_alloc(cx->arena, plain.n + SEAL_OVERHEAD);
    unsigned char *nonce = out + 1, *body = nonce + NONCE_N, *tag = body + plain.n;
    out[0] = VERSION;
    cx->env->random(cx->env, nonce, NONCE_N);

    ossl_auto(EVP_CIPHER_CTX) c = EVP_CIPHER_CTX_new();
    int n = 0;
    MUST(c != NULL);
    MUST(EVP_EncryptInit_ex2(c, ossl_aes256gcm(), (const unsigned char *)key.p, nonce, NULL) == 1);
    MUST(bind(c, about));
    MUST(plain.n == 0 ||
         EVP_EncryptUpdate(c, body, &n, (const unsigned char *)plain.p, (int)plain.n) == 1);
    MUST(EVP_EncryptFinal_ex(c, tag, &n) == 1);
    MUST(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_N, tag) == 1);
    return (struct str){(const char *)out, plain.n + SEAL_OVERHEAD};
}

static bool open_sealed(struct str key, struct str about, struct str sealed, unsigned char *plain)
{
    const unsigned char *in = (const unsigned char *)sealed.p;
    const unsigned char *nonce = in + 1, *body = nonce + NONCE_N;
    size_t body_n = sealed.n - SEAL_OVERHEAD;
    unsigned char tag[TAG_N];
    memcpy(tag, body + body_n, TAG_N);

    ossl_auto(EVP_CIPHER_CTX) c = EVP_CIPHER_CTX_new();
    int n = 0;
    MUST(c != NULL);
    MUST(EVP_DecryptInit_ex2(c, ossl_aes256gcm(), (const unsigned char *)key.p, nonce, NULL) == 1);
    MUST(bind(c, about));
    MUST(body_n == 0 || EVP_DecryptUpdate(c, plain, &n, body, (int)body_n) == 1);
    MUST(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_N, tag) == 1);
    bool good = EVP_DecryptFinal_ex(c, plain + body_n, &n) == 1;
    if (!good)
        ERR_clear_error();
    return good;
}

enum err unseal(struct cx *cx, struct str key, struct str about, struct str sealed,
                struct str *plain)
{
    MUST(key.n == SEAL_KEY_BYTES);
    *plain = S("");
    if (sealed.n < SEAL_OVERHEAD || sealed.n >= INT32_MAX || sealed.p[0] != VERSION)
        return fail(cx, ERR_IO, "a sealed value of %zu bytes is not in the known format", sealed.n);
    size_t n = sealed.n - SEAL_OVERHEAD;
    unsigned char *p = arena_alloc(cx->arena, n + 1);
    if (!open_sealed(key, about, sealed, p)) {
        wipe(p, n);
        return fail(cx, ERR_IO, "a sealed value does not open: changed, moved, or another key");
    }
    p[n] = 0;
    *plain = (struct str){(const char *)p, n};
    return OK;
}
