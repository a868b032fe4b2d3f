/* ossl.h - what this room's files share about OpenSSL; not a door. */
#pragma once
#include "crypto/crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

struct key {
    EVP_PKEY *pkey;
    bool has_private;
    key_sign_there *sign; /* NULL: it signs here */
    void *sign_state;
};

static inline bool key_can_sign(const struct key *k)
{
    return k->has_private || k->sign != NULL;
}

/* Fetched once: a fetch by name at each call would cost more than a small hash. */
const EVP_MD *ossl_sha256(void);
const EVP_CIPHER *ossl_aes256gcm(void);

/* fail() with OpenSSL's own reason behind `what`; empties the thread's error queue, which TLS
 * connections of the same thread look at. */
enum err ossl_fail(struct cx *cx, enum err e, const char *what);

/* i2d into the arena: OSSL_DER(cx, i2d_X509, x). Empty slice: it failed. */
#define OSSL_DER(cx, i2d, thing)                                                                   \
    ({                                                                                             \
        int der_n_ = i2d((thing), NULL);                                                           \
        unsigned char *der_p_ = NULL;                                                              \
        struct str der_ = S("");                                                                   \
        if (der_n_ > 0) {                                                                          \
            der_p_ = arena_alloc((cx)->arena, (size_t)der_n_);                                     \
            der_ = (struct str){(const char *)der_p_, (size_t)der_n_};                             \
            if (i2d((thing), &der_p_) != der_n_)                                                   \
                der_ = S("");                                                                      \
        }                                                                                          \
        der_;                                                                                      \
    })

/* One certificate and nothing behind it; NULL otherwise. Ends with X509_free. */
X509 *ossl_cert(struct str der);
/* Names of a request; alternatives ("a.vn, 10.0.0.1") end with GENERAL_NAMES_free, NULL: wrong. */
bool ossl_subject(X509_NAME *name, const struct cert_request *rq);
GENERAL_NAMES *ossl_alternatives(struct cx *cx, struct str list);

#define OSSL_AUTO(type, free_fn)                                                                   \
    static inline void ossl_close_##type(type **p)                                                 \
    {                                                                                              \
        free_fn(*p);                                                                               \
    }
OSSL_AUTO(X509, X509_free)
OSSL_AUTO(X509_REQ, X509_REQ_free)
OSSL_AUTO(BIO, BIO_free_all)
OSSL_AUTO(EVP_PKEY, EVP_PKEY_free)
OSSL_AUTO(EVP_MD_CTX, EVP_MD_CTX_free)
OSSL_AUTO(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
OSSL_AUTO(EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
#define ossl_auto(type) __attribute__((cleanup(ossl_close_##type))) type *
