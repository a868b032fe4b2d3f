/* cert.c - X.509 certificates: made for the installation's own keys, read from anybody. */
#include "crypto/crypto.h"

#include <openssl/x509v3.h>

#include "ossl.h"

#define SERIAL_N 16
#define NAME_PART_MAX 256

X509 *ossl_cert(struct str der)
{
    const unsigned char *p = (const unsigned char *)der.p;
    if (der.n == 0 || der.n > CERT_DER_MAX)
        return NULL;
    X509 *cert = d2i_X509(NULL, &p, (long)der.n);
    if (cert && (size_t)(p - (const unsigned char *)der.p) == der.n)
        return cert;
    X509_free(cert);
    ERR_clear_error();
    return NULL;
}

/* ---- making ---- */

/* The type is given outright: OpenSSL's own table would refuse an organisation of more than 64
 * characters, and the names of agencies are longer than that. */
static bool add_name(X509_NAME *name, int nid, int type, struct str value)
{
    return value.n == 0 ||
           X509_NAME_add_entry_by_NID(name, nid, type, (const unsigned char *)value.p, (int)value.n,
                                      -1, 0) == 1;
}

bool ossl_subject(X509_NAME *name, const struct cert_request *rq)
{
    return add_name(name, NID_countryName, V_ASN1_PRINTABLESTRING, rq->country) &&
           add_name(name, NID_localityName, V_ASN1_UTF8STRING, rq->locality) &&
           add_name(name, NID_organizationName, V_ASN1_UTF8STRING, rq->organisation) &&
           add_name(name, NID_commonName, V_ASN1_UTF8STRING, rq->common_name) &&
           add_name(name, NID_serialNumber, V_ASN1_PRINTABLESTRING, rq->serial_text);
}

static bool set_serial(struct cx *cx, X509 *cert)
{
    unsigned char bytes[SERIAL_N];
    cx->env->random(cx->env, bytes, sizeof bytes);
    bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, always 16 bytes */
    BIGNUM *n = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool good = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
    BN_free(n);
    return good;
}

static bool extend(X509 *cert, X509V3_CTX *ctx, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
    bool good = e && X509_add_ext(cert, e, -1) == 1;
    X509_EXTENSION_free(e);
    return good;
}

static bool add_alternative(GENERAL_NAMES *names, const char *text)
{
    GENERAL_NAME *g = GENERAL_NAME_new();
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(text);
    ASN1_IA5STRING *dns = address ? NULL : ASN1_IA5STRING_new();
    if (!g || (!address && (!dns || !ASN1_STRING_set(dns, text, -1)))) {
        GENERAL_NAME_free(g);
        ASN1_STRING_free(dns);
        ASN1_OCTET_STRING_free(address);
        return false;
    }
    GENERAL_NAME_set0_value(g, address ? GEN_IPADD : GEN_DNS, address ? address : dns);
    if (sk_GENERAL_NAME_push(names, g))
        return true;
    GENERAL_NAME_free(g);
    return false;
}

GENERAL_NAMES *ossl_alternatives(struct cx *cx, struct str list)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    bool good = names != NULL;
    while (good && list.n) {
        struct str one;
        str_cut(list, ',', &one, &list);
        one = str_trim(one);
        if (one.n)
            good = add_alternative(names, str_z(cx->arena, one));
    }
    if (good && sk_GENERAL_NAME_num(names) > 0)
        return names;
    GENERAL_NAMES_free(names);
    return NULL;
}

static bool add_alternatives(struct cx *cx, X509 *cert, struct str list)
{
    GENERAL_NAMES *names = ossl_alternatives(cx, list);
    const bool good = names && X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0) == 1;
    GENERAL_NAMES_free(names);
    return good;
}

static bool add_extensions(struct cx *cx, X509 *cert, X509 *issuer, const struct cert_request *rq)
{
    static const char *const usage[] = {
        [CERT_CA] = "critical,keyCertSign,cRLSign",
        [CERT_SIGNER] = "critical,digitalSignature,nonRepudiation",
        [CERT_TLS] = "critical,digitalSignature",
    };
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    bool good = extend(cert, &ctx, NID_basic_constraints,
                       rq->use == CERT_CA ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
                extend(cert, &ctx, NID_key_usage, usage[rq->use]) &&
                extend(cert, &ctx, NID_subject_key_identifier, "hash") &&
                extend(cert, &ctx, NID_authority_key_identifier, "keyid:always");
    if (rq->use == CERT_TLS)
        good = good && extend(cert, &ctx, NID_ext_key_usage, "serverAuth,clientAuth") &&
               add_alternatives(cx, cert, rq->dns_names);
    return good;
}

static bool fill(struct cx *cx, X509 *cert, X509 *issuer_cert, const struct cert_request *rq,
                 const struct key *subject)
{
    X509 *issuer_names = issuer_cert ? issuer_cert : cert;
    return X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cx, cert) &&
           ossl_subject(X509_get_subject_name(cert), rq) &&
           X509_set_issuer_name(cert, X509_get_subject_name(issuer_names)) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(rq->valid_from / SECOND_MS)) &&
           ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(rq->valid_to / SECOND_MS)) &&
           X509_set_pubkey(cert, subject->pkey) == 1 && add_extensions(cx, cert, issuer_names, rq);
}

/* The parts that stand in both places of a certificate, and the signature, are set through what
 * OpenSSL lends for reading: it has no other way for a signature that was made elsewhere. */
static bool set_algorithm(X509 *cert)
{
    const X509_ALGOR *outer;
    X509_get0_signature(NULL, &outer, cert);
    X509_ALGOR *both[] = {(X509_ALGOR *)(uintptr_t)outer,
                          (X509_ALGOR *)(uintptr_t)X509_get0_tbs_sigalg(cert)};
    return X509_ALGOR_set0(both[0], OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, NULL) == 1 &&
           X509_ALGOR_set0(both[1], OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, NULL) == 1;
}

static bool set_signature(X509 *cert, struct str signature)
{
    const ASN1_BIT_STRING *lent;
    X509_get0_signature(&lent, NULL, cert);
    ASN1_BIT_STRING *bits = (ASN1_BIT_STRING *)(uintptr_t)lent;
    if (ASN1_STRING_set(bits, signature.p, (int)signature.n) != 1)
        return false;
    bits->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07);
    bits->flags |= ASN1_STRING_FLAG_BITS_LEFT; /* no bits left over */
    return true;
}

static enum err sign(struct cx *cx, X509 *cert, const struct key *issuer)
{
    if (!issuer->sign)
        return X509_sign(cert, issuer->pkey, ossl_sha256()) > 0
                   ? OK
                   : ossl_fail(cx, ERR_INVALID, "sign a certificate");
    if (!set_algorithm(cert))
        return ossl_fail(cx, ERR_IO, "make a certificate");
    struct str tbs = OSSL_DER(cx, i2d_re_X509_tbs, cert), signature;
    if (tbs.n == 0)
        return ossl_fail(cx, ERR_IO, "make a certificate");
    TRY(key_sign(cx, issuer, tbs, &signature));
    return set_signature(cert, signature) ? OK : ossl_fail(cx, ERR_IO, "make a certificate");
}

static bool request_is_sound(const struct cert_request *rq)
{
    return rq->common_name.n && rq->use >= CERT_CA && rq->use <= CERT_TLS &&
           rq->valid_from < rq->valid_to && (rq->country.n == 0 || rq->country.n == 2) &&
           rq->common_name.n <= NAME_PART_MAX && rq->organisation.n <= NAME_PART_MAX &&
           rq->locality.n <= NAME_PART_MAX && rq->serial_text.n <= 64;
}

enum err cert_make(struct cx *cx, const struct cert_request *rq, const struct key *subject,
                   const struct key *issuer, struct str issuer_cert_der, struct str *cert_der)
{
    *cert_der = S("");
    MUST(key_can_sign(issuer));
    if (!request_is_sound(rq))
        return fail(cx, ERR_INVALID,
                    T("Yêu cầu chứng thư số thiếu tên, sai thời hạn hoặc quá dài."));
    ossl_auto(X509) issuer_cert = issuer_cert_der.n ? ossl_cert(issuer_cert_der) : NULL;
    if (issuer_cert_der.n &&
        (!issuer_cert || EVP_PKEY_eq(X509_get0_pubkey(issuer_cert), issuer->pkey) != 1)) {
        ERR_clear_error();
        return fail(cx, ERR_INVALID, T("Chứng thư của nơi cấp không khớp với khóa của nơi cấp."));
    }
    ossl_auto(X509) cert = X509_new();
    if (!cert || !fill(cx, cert, issuer_cert, rq, subject))
        return ossl_fail(cx, ERR_INVALID, "make a certificate");
    TRY(sign(cx, cert, issuer));
    *cert_der = OSSL_DER(cx, i2d_X509, cert);
    return cert_der->n ? OK : ossl_fail(cx, ERR_IO, "write a certificate");
}

/* ---- reading ---- */

/* The first entry of this kind as UTF-8; empty when there is none. */
static struct str name_part(struct cx *cx, const X509_NAME *name, int nid)
{
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0)
        return S("");
    unsigned char *text = NULL;
    int n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    struct str s = n > 0 ? str_dup(cx->arena, (struct str){(const char *)text, (size_t)n}) : S("");
    OPENSSL_free(text);
    return s;
}

static bool time_ms(const ASN1_TIME *t, int64_t *out)
{
    struct tm tm;
    if (ASN1_TIME_to_tm(t, &tm) != 1)
        return false;
    int64_t seconds = civil_day(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 +
                      tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
    *out = seconds * SECOND_MS;
    return true;
}

enum err cert_read(struct cx *cx, struct str der, struct cert_info *out)
{
    *out = (struct cert_info){0};
    ossl_auto(X509) cert = ossl_cert(der);
    if (!cert || !time_ms(X509_get0_notBefore(cert), &out->valid_from) ||
        !time_ms(X509_get0_notAfter(cert), &out->valid_to))
        return ossl_fail(cx, ERR_INVALID, T("Tệp không phải là chứng thư số X.509."));
    const X509_NAME *subject = X509_get_subject_name(cert), *issuer = X509_get_issuer_name(cert);
    out->common_name = name_part(cx, subject, NID_commonName);
    out->organisation = name_part(cx, subject, NID_organizationName);
    out->issuer_name = name_part(cx, issuer, NID_commonName);
    if (out->issuer_name.n == 0)
        out->issuer_name = name_part(cx, issuer, NID_organizationName);
    const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
    out->serial_hex = str_hex(cx->arena, (struct str){(const char *)ASN1_STRING_get0_data(serial),
                                                      (size_t)ASN1_STRING_length(serial)});
    struct hash print = sha256(der);
    out->fingerprint = str_dup(cx->arena, HASH_STR(print));
    ERR_clear_error();
    return OK;
}

struct str pem(struct arena *a, const char *label, struct str der)
{
    struct str text = str_base64(a, der);
    struct buf b = {.arena = a, .limit = text.n + text.n / 64 + 2 * strlen(label) + 64};
    buf_fmt(&b, "-----BEGIN %s-----\n", label);
    for (size_t at = 0; at < text.n; at += 64) {
        buf_add(&b, str_until(str_from(text, at), 64));
        buf_byte(&b, '\n');
    }
    buf_fmt(&b, "-----END %s-----\n", label);
    MUST(!b.full);
    return buf_str(&b);
}
