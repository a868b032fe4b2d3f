/* cert_ask.c - a request for a certificate (PKCS#10, RFC 2986), which an authority outside signs.
 */
#include "crypto/crypto.h"

#include "ossl.h"

static bool add_names(struct cx *cx, X509_REQ *ask, struct str list)
{
    GENERAL_NAMES *names = ossl_alternatives(cx, list);
    STACK_OF(X509_EXTENSION) *all = NULL;
    const bool good = names && X509V3_add1_i2d(&all, NID_subject_alt_name, names, 0, 0) == 1 &&
                      X509_REQ_add_extensions(ask, all) == 1;
    sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
    GENERAL_NAMES_free(names);
    return good;
}

enum err cert_ask(struct cx *cx, const struct cert_request *rq, const struct key *subject,
                  struct str *der)
{
    MUST(subject->has_private);
    *der = S("");
    ossl_auto(X509_REQ) ask = X509_REQ_new();
    if (!ask || X509_REQ_set_version(ask, X509_REQ_VERSION_1) != 1 ||
        !ossl_subject(X509_REQ_get_subject_name(ask), rq) || !add_names(cx, ask, rq->dns_names) ||
        X509_REQ_set_pubkey(ask, subject->pkey) != 1 ||
        X509_REQ_sign(ask, subject->pkey, ossl_sha256()) <= 0)
        return ossl_fail(cx, ERR_INVALID,
                         T("Tên trong yêu cầu cấp chứng thư không dùng được. Sửa tên rồi làm lại"));
    *der = OSSL_DER(cx, i2d_X509_REQ, ask);
    return der->n ? OK : ossl_fail(cx, ERR_IO, "write a certificate request");
}
