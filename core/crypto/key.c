/* key.c - P-256 keys: made from the context's randomness, read, written, signing. */
#include "crypto/crypto.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "ossl.h"

#define SCALAR_N 32
#define POINT_N 65 /* 0x04 x y */

static enum err wrap(struct cx *cx, EVP_PKEY *pkey, bool has_private, struct key **out)
{
    struct key *k = malloc(sizeof *k);
    if (!k) {
        EVP_PKEY_free(pkey);
        return fail(cx, ERR_BUSY, "no memory for a key");
    }
    *k = (struct key){.pkey = pkey, .has_private = has_private};
    *out = k;
    return OK;
}

/* The public point of a scalar; false when the scalar is 0 or not below the group's order. */
static bool public_point(const unsigned char scalar[SCALAR_N], unsigned char point[POINT_N])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    MUST(group != NULL);
    EC_POINT *p = EC_POINT_new(group);
    BIGNUM *d = BN_secure_new();
    bool good = p && d && BN_bin2bn(scalar, SCALAR_N, d) && !BN_is_zero(d) &&
                BN_cmp(d, EC_GROUP_get0_order(group)) < 0;
    if (good)
        BN_set_flags(d, BN_FLG_CONSTTIME);
    good = good && EC_POINT_mul(group, p, d, NULL, NULL, NULL) == 1 &&
           EC_POINT_point2oct(group, p, POINT_CONVERSION_UNCOMPRESSED, point, POINT_N, NULL) ==
               POINT_N;
    BN_clear_free(d);
    EC_POINT_free(p);
    EC_GROUP_free(group);
    return good;
}

static EVP_PKEY *pkey_of(const unsigned char scalar[SCALAR_N], unsigned char point[POINT_N])
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *d = BN_secure_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY *pkey = NULL;
    ossl_auto(EVP_PKEY_CTX) ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    bool good =
        build && d && ctx && BN_bin2bn(scalar, SCALAR_N, d) &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_N) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d);
    if (good)
        params = OSSL_PARAM_BLD_to_param(build);
    if (params && EVP_PKEY_fromdata_init(ctx) == 1)
        (void)EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_clear_free(d);
    return pkey;
}

enum err key_generate(struct cx *cx, struct key **out)
{
    unsigned char scalar[SCALAR_N], point[POINT_N];
    *out = NULL;
    do
        cx->env->random(cx->env, scalar, sizeof scalar);
    while (!public_point(scalar, point)); /* again about once in 2^32 */
    EVP_PKEY *pkey = pkey_of(scalar, point);
    wipe(scalar, sizeof scalar);
    if (!pkey)
        return ossl_fail(cx, ERR_IO, "make a P-256 key");
    return wrap(cx, pkey, true, out);
}

void key_free(struct key *k)
{
    if (!k)
        return;
    EVP_PKEY_free(k->pkey);
    free(k);
}

static bool is_p256(const EVP_PKEY *pkey)
{
    char group[32];
    size_t n;
    return EVP_PKEY_is_a(pkey, "EC") &&
           EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                          &n) == 1 &&
           str_eq(str_c(group), S("prime256v1"));
}

enum err key_private_der(struct cx *cx, const struct key *k, struct str *der)
{
    MUST(k->has_private);
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(k->pkey);
    if (!info)
        return ossl_fail(cx, ERR_IO, "write a private key");
    *der = OSSL_DER(cx, i2d_PKCS8_PRIV_KEY_INFO, info);
    PKCS8_PRIV_KEY_INFO_free(info);
    return der->n ? OK : ossl_fail(cx, ERR_IO, "write a private key");
}

enum err key_from_private_der(struct cx *cx, struct str der, struct key **out)
{
    *out = NULL;
    const unsigned char *p = (const unsigned char *)der.p;
    PKCS8_PRIV_KEY_INFO *info = der.n ? d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.n) : NULL;
    EVP_PKEY *pkey = info ? EVP_PKCS82PKEY(info) : NULL;
    PKCS8_PRIV_KEY_INFO_free(info);
    ERR_clear_error();
    if (!pkey || !is_p256(pkey) || (size_t)(p - (const unsigned char *)der.p) != der.n) {
        EVP_PKEY_free(pkey);
        return fail(cx, ERR_INVALID, T("Khóa riêng không phải là khóa P-256 dạng PKCS#8."));
    }
    return wrap(cx, pkey, true, out);
}

enum err key_public_der(struct cx *cx, const struct key *k, struct str *der)
{
    *der = OSSL_DER(cx, i2d_PUBKEY, k->pkey);
    return der->n ? OK : ossl_fail(cx, ERR_IO, "write a public key");
}

enum err key_from_public_der(struct cx *cx, struct str der, struct key **out)
{
    *out = NULL;
    const unsigned char *p = (const unsigned char *)der.p;
    EVP_PKEY *pkey = der.n ? d2i_PUBKEY(NULL, &p, (long)der.n) : NULL;
    ERR_clear_error();
    if (!pkey || !is_p256(pkey) || (size_t)(p - (const unsigned char *)der.p) != der.n) {
        EVP_PKEY_free(pkey);
        return fail(cx, ERR_INVALID, T("Khóa công khai không phải là khóa P-256."));
    }
    return wrap(cx, pkey, false, out);
}

enum err cert_key(struct cx *cx, struct str cert_der, struct key **out)
{
    *out = NULL;
    ossl_auto(X509) cert = ossl_cert(cert_der);
    EVP_PKEY *pkey = cert ? X509_get_pubkey(cert) : NULL;
    ERR_clear_error();
    if (!pkey || !is_p256(pkey)) {
        EVP_PKEY_free(pkey);
        return fail(cx, ERR_INVALID, T("Chứng thư số không chứa khóa P-256."));
    }
    return wrap(cx, pkey, false, out);
}

bool key_pair(const struct key *a, const struct key *b)
{
    return EVP_PKEY_eq(a->pkey, b->pkey) == 1;
}

enum err key_elsewhere(struct cx *cx, struct str public_der, key_sign_there *sign, void *state,
                       struct key **out)
{
    TRY(key_from_public_der(cx, public_der, out));
    (*out)->sign = sign;
    (*out)->sign_state = state;
    return OK;
}

#define SIGNATURE_MAX 80 /* DER of two numbers of 32 bytes: 72 at most */

enum err key_sign_digest(struct cx *cx, const struct key *k, struct hash digest,
                         struct str *signature)
{
    MUST(k->has_private);
    unsigned char out[SIGNATURE_MAX];
    size_t n = sizeof out;
    ossl_auto(EVP_PKEY_CTX) ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
    if (!ctx || EVP_PKEY_sign_init(ctx) != 1 ||
        EVP_PKEY_CTX_set_signature_md(ctx, ossl_sha256()) != 1 ||
        EVP_PKEY_sign(ctx, out, &n, digest.b, sizeof digest.b) != 1)
        return ossl_fail(cx, ERR_IO, "sign");
    *signature = str_dup(cx->arena, (struct str){(const char *)out, n});
    return OK;
}

enum err key_sign(struct cx *cx, const struct key *k, struct str bytes, struct str *signature)
{
    MUST(key_can_sign(k));
    if (k->sign)
        return k->sign(cx, k->sign_state, sha256(bytes), signature);
    unsigned char out[SIGNATURE_MAX];
    size_t n = sizeof out;
    ossl_auto(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
    if (!ctx || EVP_DigestSignInit(ctx, NULL, ossl_sha256(), NULL, k->pkey) != 1 ||
        EVP_DigestSign(ctx, out, &n, (const unsigned char *)bytes.p, bytes.n) != 1)
        return ossl_fail(cx, ERR_IO, "sign");
    *signature = str_dup(cx->arena, (struct str){(const char *)out, n});
    return OK;
}

bool key_verify(const struct key *k, struct str bytes, struct str signature)
{
    ossl_auto(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
    bool good = ctx && EVP_DigestVerifyInit(ctx, NULL, ossl_sha256(), NULL, k->pkey) == 1 &&
                EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
                                 (const unsigned char *)bytes.p, bytes.n) == 1;
    ERR_clear_error();
    return good;
}
