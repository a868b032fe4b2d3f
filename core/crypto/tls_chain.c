/* tls_chain.c - the certificates a server shows, as an authority sent them: read, judged. */
#include "crypto/crypto.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "ossl.h"

#define SECURITY_BITS 112 /* RSA 2048, SHA-224 and up: NIST SP 800-57 */

struct chain {
    X509 *all[TLS_CHAIN_MAX + 1];
    size_t n;
};

static void chain_free(struct chain *c)
{
    for (size_t i = 0; i < c->n; i++)
        X509_free(c->all[i]);
}

/* Everything that is no certificate between them is passed over. */
static void read_all(struct str text, struct chain *c)
{
    ossl_auto(BIO) in = BIO_new_mem_buf(text.p, (int)text.n);
    X509 *one;
    while (in && c->n <= TLS_CHAIN_MAX && (one = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL)
        c->all[c->n++] = one;
    ERR_clear_error();
}

/* ---- words ---- */

static struct str names_of(struct cx *cx, X509 *cert)
{
    struct buf b = {.arena = cx->arena, .limit = 2000};
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);
        if (g->type != GEN_DNS)
            continue;
        if (b.n)
            buf_add(&b, S(", "));
        buf_add(&b, (struct str){(const char *)ASN1_STRING_get0_data(g->d.dNSName),
                                 (size_t)ASN1_STRING_length(g->d.dNSName)});
    }
    GENERAL_NAMES_free(names);
    struct str said = buf_str(&b);
    return utf8_valid(said) ? said : S("");
}

/* "RSA 2048", "P-256"; empty: a kind that browsers do not take. */
static struct str key_title(struct cx *cx, const EVP_PKEY *key)
{
    char group[32] = "";
    if (EVP_PKEY_is_a(key, "RSA"))
        return str_fmt(cx->arena, "RSA %d", EVP_PKEY_get_bits(key));
    if (!EVP_PKEY_is_a(key, "EC") || EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME,
                                                                    group, sizeof group, NULL) != 1)
        return S("");
    const struct str name = str_c(group);
    return str_eq(name, S("prime256v1"))  ? S("P-256")
           : str_eq(name, S("secp384r1")) ? S("P-384")
           : str_eq(name, S("secp521r1")) ? S("P-521")
                                          : S("");
}

/* ---- judging ---- */

static bool signed_by(X509 *cert, X509 *issuer)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    return X509_check_issued(issuer, cert) == X509_V_OK && key && X509_verify(cert, key) == 1;
}

static enum err judge_order(struct cx *cx, const struct chain *c)
{
    if (c->n > 1 && X509_check_ca(c->all[0]) == 1)
        return fail(cx, ERR_INVALID,
                    T("Chứng thư đầu tiên là của nơi cấp. Xếp chứng thư của máy chủ lên đầu, rồi "
                      "đến nơi cấp nó."));
    for (size_t i = 1; i < c->n; i++)
        if (!signed_by(c->all[i - 1], c->all[i]))
            return fail(cx, ERR_INVALID,
                        T("Chứng thư thứ %zu không phải của nơi ký chứng thư thứ %zu. Xếp theo thứ "
                          "tự: máy chủ, nơi cấp, nơi cấp của nơi cấp."),
                        i + 1, i);
    return OK;
}

static enum err judge_term(struct cx *cx, const struct chain *c, int64_t now)
{
    time_t at = (time_t)(now / SECOND_MS);
    for (size_t i = 0; i < c->n; i++) {
        if (X509_cmp_time(X509_get0_notAfter(c->all[i]), &at) <= 0)
            return fail(cx, ERR_INVALID,
                        T("Chứng thư thứ %zu đã hết hạn. Xin nơi cấp chứng thư mới."), i + 1);
        if (X509_cmp_time(X509_get0_notBefore(c->all[i]), &at) > 0)
            return fail(cx, ERR_INVALID,
                        T("Chứng thư thứ %zu chưa đến ngày có hiệu lực. Xem lại đồng hồ của máy "
                          "chủ, hoặc chờ đến ngày đó."),
                        i + 1);
    }
    return OK;
}

/* How a root signed itself does not matter: it is trusted for other reasons. */
static enum err judge_strength(struct cx *cx, const struct chain *c)
{
    for (size_t i = 0; i < c->n; i++) {
        int bits = 0;
        const EVP_PKEY *key = X509_get0_pubkey(c->all[i]);
        const struct str title = key ? key_title(cx, key) : S("");
        if (title.n == 0)
            return fail(cx, ERR_INVALID,
                        T("Chứng thư thứ %zu có loại khóa mà trình duyệt không nhận. Dùng khóa RSA "
                          "từ 2048 bit hoặc P-256."),
                        i + 1);
        if (EVP_PKEY_get_security_bits(key) < SECURITY_BITS)
            return fail(cx, ERR_INVALID,
                        T("Khóa của chứng thư thứ %zu (%.*s) quá ngắn. Dùng khóa RSA từ 2048 bit "
                          "hoặc P-256."),
                        i + 1, F(title));
        const bool root = i > 0 && X509_self_signed(c->all[i], 0) == 1;
        if (!root && X509_get_signature_info(c->all[i], NULL, NULL, &bits, NULL) == 1 &&
            bits < SECURITY_BITS)
            return fail(cx, ERR_INVALID,
                        T("Chữ ký trên chứng thư thứ %zu dùng cách băm đã bị phá (như SHA-1). Xin "
                          "nơi cấp chứng thư mới."),
                        i + 1);
    }
    return OK;
}

static enum err judge_name(struct cx *cx, X509 *leaf, struct str names, struct str host)
{
    const char *text = str_z(cx->arena, host);
    if (X509_check_purpose(leaf, X509_PURPOSE_SSL_SERVER, 0) != 1)
        return fail(cx, ERR_INVALID,
                    T("Chứng thư này không cấp cho máy chủ web. Xin loại chứng thư SSL/TLS máy "
                      "chủ."));
    if (host.n == 0 || X509_check_host(leaf, text, host.n, 0, NULL) == 1 ||
        X509_check_ip_asc(leaf, text, 0) == 1)
        return OK;
    return fail(cx, ERR_INVALID,
                T("Chứng thư cấp cho %.*s, còn địa chỉ của hệ thống là %.*s. Xin chứng thư mang "
                  "tên này."),
                F(names.n ? names : S("–")), F(host));
}

static enum err judge(struct cx *cx, const struct chain *c, struct str host, int64_t now,
                      struct tls_chain *out)
{
    if (c->n == 0)
        return fail(cx, ERR_INVALID,
                    T("Tệp không có chứng thư dạng PEM (-----BEGIN CERTIFICATE-----). Xuất lại "
                      "chứng thư ở dạng PEM."));
    if (c->n > TLS_CHAIN_MAX)
        return fail(cx, ERR_INVALID,
                    T("Chuỗi có quá %d chứng thư. Chỉ giữ các nơi cấp trung gian."), TLS_CHAIN_MAX);
    out->leaf_der = OSSL_DER(cx, i2d_X509, c->all[0]);
    TRY(cert_read(cx, out->leaf_der, &out->leaf));
    out->names = names_of(cx, c->all[0]);
    TRY(judge_order(cx, c));
    TRY(judge_term(cx, c, now));
    TRY(judge_strength(cx, c));
    TRY(judge_name(cx, c->all[0], out->names, host));
    out->n = c->n;
    out->key_title = key_title(cx, X509_get0_pubkey(c->all[0]));
    out->self_signed = X509_self_signed(c->all[0], 0) == 1;
    struct str parts[TLS_CHAIN_MAX];
    for (size_t i = 0; i < c->n; i++)
        parts[i] = pem(cx->arena, "CERTIFICATE", OSSL_DER(cx, i2d_X509, c->all[i]));
    out->pem = str_join(cx->arena, parts, c->n, S(""));
    return OK;
}

enum err tls_chain_read(struct cx *cx, struct str text, struct str host, int64_t now,
                        struct tls_chain *out)
{
    struct chain c = {0};
    *out = (struct tls_chain){0};
    if (text.n > 0 && text.n <= TLS_CHAIN_MAX * CERT_DER_MAX)
        read_all(text, &c);
    const enum err e = judge(cx, &c, host, now, out);
    chain_free(&c);
    ERR_clear_error();
    return e;
}

/* ---- the key ---- */

bool tls_key_inside(struct str text)
{
    return str_find(text, S("PRIVATE KEY-----"), NULL);
}

static int no_password(char *, int, int, void *)
{
    return -1;
}

static EVP_PKEY *one_key(struct str text, bool *more)
{
    ossl_auto(BIO) in = BIO_new_mem_buf(text.p, (int)text.n);
    EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_password, NULL) : NULL;
    ossl_auto(EVP_PKEY) second = key ? PEM_read_bio_PrivateKey(in, NULL, no_password, NULL) : NULL;
    *more = second != NULL;
    ERR_clear_error();
    return key;
}

enum err tls_key_read(struct cx *cx, struct str text, const struct tls_chain *chain,
                      struct str *key_pem)
{
    bool more = false;
    *key_pem = S("");
    if (str_find(text, S("BEGIN ENCRYPTED PRIVATE KEY"), NULL) ||
        str_find(text, S("Proc-Type: 4,ENCRYPTED"), NULL))
        return fail(
            cx, ERR_INVALID,
            T("Khóa đang khóa bằng mật khẩu; máy chủ khởi động lúc không có ai gõ mật khẩu. "
              "Bỏ mật khẩu trên máy của bạn: openssl pkey -in khoa.pem -out khoa-mo.pem, "
              "rồi chọn tệp khoa-mo.pem."));
    ossl_auto(EVP_PKEY) key = text.n && text.n <= CERT_DER_MAX * 2 ? one_key(text, &more) : NULL;
    ossl_auto(X509) leaf = ossl_cert(chain->leaf_der);
    if (!key || more)
        return fail(cx, ERR_INVALID,
                    T("Tệp khóa phải có đúng một khóa riêng dạng PEM (-----BEGIN PRIVATE "
                      "KEY-----)."));
    if (!leaf || X509_check_private_key(leaf, key) != 1) {
        ERR_clear_error();
        return fail(cx, ERR_INVALID,
                    T("Khóa không phải của chứng thư này. Chọn khóa đã dùng khi xin chứng thư."));
    }
    const struct key k = {.pkey = key, .has_private = true};
    struct str der;
    TRY(key_private_der(cx, &k, &der));
    *key_pem = pem(cx->arena, "PRIVATE KEY", der);
    return OK;
}
