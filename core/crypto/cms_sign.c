/* cms_sign.c - a detached CMS signature over a hash, as PAdES baseline B wants it.
 *
 * Written by hand: OpenSSL 3.0 always adds signing-time, which PAdES forbids (the time stands in
 * the PDF), and it wants the content where a token or a service signs a hash. */
#include "crypto/crypto.h"

#include "der.h"
#include "ossl.h"

#define VERSION_1 S("\x02\x01\x01")

static struct str attribute(struct arena *a, struct str oid, struct str value)
{
    return DER(a, DER_SEQUENCE, oid, DER(a, DER_SET, value));
}

/* ESSCertIDv2 with its default algorithm, SHA-256, left out as DER wants. */
static struct str signing_certificate(struct arena *a, struct str cert_der)
{
    struct hash h = sha256(cert_der);
    struct str id = DER(a, DER_SEQUENCE, DER(a, DER_OCTETS, HASH_STR(h)));
    return DER(a, DER_SEQUENCE, DER(a, DER_SEQUENCE, id));
}

/* As a SET OF, which is what is signed; inside of the signer it stands under another tag. */
static struct str signed_attributes(struct arena *a, int tag, struct str cert_der,
                                    const struct hash *content)
{
    struct str parts[] = {
        attribute(a, OID_CONTENT_TYPE, OID_DATA),
        attribute(a, OID_MESSAGE_DIGEST, DER(a, DER_OCTETS, HASH_STR(*content))),
        attribute(a, OID_SIGNING_CERTIFICATE_V2, signing_certificate(a, cert_der)),
    };
    return der_set(a, tag, parts, sizeof parts / sizeof *parts);
}

static struct str certificates(struct arena *a, struct str cert_der, const struct str *chain,
                               size_t chain_n)
{
    struct str *all = NEW_N(a, struct str, chain_n + 1);
    all[0] = cert_der;
    for (size_t i = 0; i < chain_n; i++)
        all[i + 1] = chain[i];
    return der_set(a, DER_CONTEXT_0, all, chain_n + 1);
}

static enum err issuer_and_serial(struct cx *cx, struct str cert_der, struct str *out)
{
    ossl_auto(X509) cert = ossl_cert(cert_der);
    if (!cert)
        return fail(cx, ERR_INVALID, T("Tệp không phải là chứng thư số X.509."));
    struct str issuer = OSSL_DER(cx, i2d_X509_NAME, X509_get_issuer_name(cert));
    struct str serial = OSSL_DER(cx, i2d_ASN1_INTEGER, X509_get0_serialNumber(cert));
    if (issuer.n == 0 || serial.n == 0)
        return ossl_fail(cx, ERR_IO, "write a certificate's names");
    *out = DER(cx->arena, DER_SEQUENCE, issuer, serial);
    return OK;
}

static enum err check_signer(struct cx *cx, const struct key *k, struct str cert_der)
{
    struct key *of_cert;
    TRY(cert_key(cx, cert_der, &of_cert));
    bool pair = key_pair(k, of_cert);
    key_free(of_cert);
    return pair ? OK : fail(cx, ERR_INVALID, T("Chứng thư số không đi cùng khóa ký."));
}

enum err cms_sign(struct cx *cx, const struct key *k, struct str cert_der, const struct str *chain,
                  size_t chain_n, struct hash content, struct str *cms_der)
{
    *cms_der = S("");
    TRY(check_signer(cx, k, cert_der));
    for (size_t i = 0; i < chain_n; i++) {
        ossl_auto(X509) cert = ossl_cert(chain[i]);
        if (!cert)
            return fail(cx, ERR_INVALID, T("Chuỗi chứng thư số có phần không đọc được."));
    }
    struct arena *a = cx->arena;
    struct str id, signature;
    TRY(issuer_and_serial(cx, cert_der, &id));
    TRY(key_sign(cx, k, signed_attributes(a, DER_SET, cert_der, &content), &signature));

    struct str digest = DER(a, DER_SEQUENCE, OID_SHA256);
    struct str signer = DER(a, DER_SEQUENCE, VERSION_1, id, digest,
                            signed_attributes(a, DER_CONTEXT_0, cert_der, &content),
                            DER(a, DER_SEQUENCE, OID_ECDSA_SHA256), DER(a, DER_OCTETS, signature));
    struct str data =
        DER(a, DER_SEQUENCE, VERSION_1, DER(a, DER_SET, digest), DER(a, DER_SEQUENCE, OID_DATA),
            certificates(a, cert_der, chain, chain_n), DER(a, DER_SET, signer));
    *cms_der = DER(a, DER_SEQUENCE, OID_SIGNED_DATA, DER(a, DER_CONTEXT_0, data));
    return OK;
}
