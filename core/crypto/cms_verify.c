/* cms_verify.c - is this detached CMS signature whole, whose is it, do we trust the signer. */
#include "crypto/crypto.h"

#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/x509v3.h>

#include "ossl.h"

#define CMS_DER_MAX ((size_t)1 << 20)
#define STRENGTH 2 /* OpenSSL's level: 112 bits, so no SHA-1 and no RSA below 2048 */

/* What was signed: a known SHA-256, or the bytes themselves in parts. */
struct content {
    const struct hash *hash;
    const struct str *parts;
    size_t parts_n;
};

/* One signature and what is found about it. */
struct check {
    CMS_ContentInfo *cms;
    CMS_SignerInfo *signer;
    STACK_OF(X509) * certs; /* all that came along */
    X509 *cert;             /* the signer's, owned by cms; NULL: did not come along */
};

static const EVP_MD *digest_of(CMS_SignerInfo *signer)
{
    X509_ALGOR *algorithm;
    const ASN1_OBJECT *oid;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &algorithm, NULL);
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    switch (OBJ_obj2nid(oid)) {
    case NID_sha256:
        return ossl_sha256();
    case NID_sha384:
        return EVP_sha384();
    case NID_sha512:
        return EVP_sha512();
    default:
        return NULL;
    }
}

/* The content's hash in the signature's algorithm; 0: we do not have it in this one. */
static unsigned hash_content(const struct content *c, const EVP_MD *md,
                             unsigned char out[EVP_MAX_MD_SIZE])
{
    if (!md)
        return 0;
    if (c->hash) {
        memcpy(out, c->hash->b, HASH_BYTES);
        return EVP_MD_get_type(md) == NID_sha256 ? HASH_BYTES : 0;
    }
    unsigned n = 0;
    ossl_auto(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
    if (!ctx || EVP_DigestInit_ex(ctx, md, NULL) != 1)
        return 0;
    for (size_t i = 0; i < c->parts_n; i++)
        if (EVP_DigestUpdate(ctx, c->parts[i].p, c->parts[i].n) != 1)
            return 0;
    return EVP_DigestFinal_ex(ctx, out, &n) == 1 ? n : 0;
}

/* The value of a signed attribute that must stand there once, with one value. */
static void *attribute(CMS_SignerInfo *signer, int nid, int type)
{
    return CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(nid), -3, type);
}

static bool content_matches(const struct check *k, const struct content *c)
{
    unsigned char expected[EVP_MAX_MD_SIZE];
    unsigned n = hash_content(c, digest_of(k->signer), expected);
    const ASN1_OCTET_STRING *told =
        attribute(k->signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
    const ASN1_OBJECT *type = attribute(k->signer, NID_pkcs9_contentType, V_ASN1_OBJECT);
    return n && told && type && OBJ_obj2nid(type) == NID_pkcs7_data &&
           ASN1_STRING_length(told) == (int)n &&
           memcmp(ASN1_STRING_get0_data(told), expected, n) == 0;
}

enum ess { ESS_ABSENT, ESS_MATCHES, ESS_WRONG };

/* signing-certificate-v2 ties the signature to one certificate: another with the same key does
 * not do. */
static enum ess certificate_is_tied(const struct check *k)
{
    if (CMS_signed_get_attr_by_NID(k->signer, NID_id_smime_aa_signingCertificateV2, -1) < 0)
        return ESS_ABSENT;
    const ASN1_STRING *value =
        attribute(k->signer, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
    const unsigned char *p = value ? ASN1_STRING_get0_data(value) : NULL;
    ESS_SIGNING_CERT_V2 *ess =
        value ? d2i_ESS_SIGNING_CERT_V2(NULL, &p, ASN1_STRING_length(value)) : NULL;
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool ready = ess && chain && sk_X509_push(chain, k->cert);
    for (int i = 0; ready && i < sk_X509_num(k->certs); i++)
        ready = X509_cmp(sk_X509_value(k->certs, i), k->cert) == 0 ||
                sk_X509_push(chain, sk_X509_value(k->certs, i));
    bool good = ready && OSSL_ESS_check_signing_certs(NULL, ess, chain, 1) > 0;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(ess);
    return good ? ESS_MATCHES : ESS_WRONG;
}

static bool may_sign(X509 *cert)
{
    uint32_t usage = X509_get_key_usage(cert); /* all ones when nothing is said */
    return usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
}

static X509_STORE *store_of(const struct str *trusted_der, size_t n)
{
    X509_STORE *store = X509_STORE_new();
    MUST(store != NULL);
    for (size_t i = 0; i < n; i++) {
        ossl_auto(X509) cert = ossl_cert(trusted_der[i]);
        if (cert)
            X509_STORE_add_cert(store, cert);
    }
    return store;
}

/* A chain from the signer to one of the trusted certificates, all valid at that time. Any of
 * them is an anchor, roots or not. */
static bool is_trusted(const struct check *k, const struct str *trusted_der, size_t n, int64_t at)
{
    X509_STORE *store = store_of(trusted_der, n);
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    bool good = ctx && X509_STORE_CTX_init(ctx, store, k->cert, k->certs) == 1;
    if (good) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
        X509_VERIFY_PARAM_set_time(param, (time_t)(at / SECOND_MS));
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
        X509_VERIFY_PARAM_set_auth_level(param, STRENGTH);
        good = X509_verify_cert(ctx) == 1 && may_sign(k->cert);
    }
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return good;
}

static bool parse(struct str der, struct check *k)
{
    const unsigned char *p = (const unsigned char *)der.p, *end = p + der.n;
    if (der.n == 0 || der.n > CMS_DER_MAX)
        return false;
    k->cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.n);
    if (!k->cms)
        return false;
    while (p < end && *p == 0)
        p++; /* a hole in a PDF is filled up with zeros */
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(k->cms);
    if (p != end || sk_CMS_SignerInfo_num(signers) != 1)
        return false;
    k->signer = sk_CMS_SignerInfo_value(signers, 0);
    k->certs = CMS_get1_certs(k->cms);
    if (CMS_set1_signers_certs(k->cms, NULL, 0) == 1)
        CMS_SignerInfo_get0_algs(k->signer, NULL, &k->cert, NULL, NULL);
    return true;
}

static bool is_detached(CMS_ContentInfo *cms)
{
    ASN1_OCTET_STRING **inside = CMS_get0_content(cms);
    return OBJ_obj2nid(CMS_get0_eContentType(cms)) == NID_pkcs7_data && inside && !*inside;
}

static enum err judge(struct cx *cx, const struct check *k, const struct content *c,
                      const struct str *trusted_der, size_t trusted_n, int64_t at,
                      struct cms_report *out)
{
    if (!k->cert)
        return OK; /* nobody can say whose it is */
    TRY(cert_read(cx, OSSL_DER(cx, i2d_X509, k->cert), &out->signer));
    enum ess ess = certificate_is_tied(k);
    out->is_pades = ess == ESS_MATCHES;
    bool whole = is_detached(k->cms) && content_matches(k, c) && ess != ESS_WRONG &&
                 CMS_SignerInfo_verify(k->signer) == 1;
    if (!whole)
        return OK;
    out->verdict = is_trusted(k, trusted_der, trusted_n, at) ? CMS_VALID : CMS_UNTRUSTED;
    return OK;
}

static enum err verify(struct cx *cx, struct str cms_der, const struct content *c,
                       const struct str *trusted_der, size_t trusted_n, int64_t at,
                       struct cms_report *out)
{
    *out = (struct cms_report){.verdict = CMS_BROKEN};
    struct check k = {0};
    enum err e = parse(cms_der, &k) ? judge(cx, &k, c, trusted_der, trusted_n, at, out)
                                    : fail(cx, ERR_INVALID, T("Chữ ký số không đọc được (CMS)."));
    sk_X509_pop_free(k.certs, X509_free);
    CMS_ContentInfo_free(k.cms);
    ERR_clear_error();
    return e;
}

enum err cms_verify(struct cx *cx, struct str cms_der, struct hash content,
                    const struct str *trusted_der, size_t trusted_n, int64_t at,
                    struct cms_report *out)
{
    return verify(cx, cms_der, &(struct content){.hash = &content}, trusted_der, trusted_n, at,
                  out);
}

enum err cms_verify_parts(struct cx *cx, struct str cms_der, const struct str *parts,
                          size_t parts_n, const struct str *trusted_der, size_t trusted_n,
                          int64_t at, struct cms_report *out)
{
    return verify(cx, cms_der, &(struct content){.parts = parts, .parts_n = parts_n}, trusted_der,
                  trusted_n, at, out);
}
