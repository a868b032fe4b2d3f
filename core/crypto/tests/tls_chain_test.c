/* tls_chain_test.c - certificates of servers as authorities send them: what is taken, what is
 * refused and with which sentence; keys; requests. */
#include "seeded.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#define HOST S("dichvucong.langson.test")

/* An authority, its delegate, a server: root signs middle signs leaf. */
struct world {
    struct seeded *s;
    struct cx *cx;
    struct key *root_key, *middle_key, *leaf_key;
    struct str root, middle, leaf;
};

static struct str made(struct world *w, enum cert_use use, struct str name,
                       const struct key *subject, const struct key *issuer, struct str issuer_cert,
                       int64_t days)
{
    struct str der;
    const struct cert_request rq = {
        .common_name = name,
        .country = S("VN"),
        .valid_from = w->cx->now - DAY_MS,
        .valid_to = w->cx->now + days * DAY_MS,
        .use = use,
        .dns_names = use == CERT_TLS ? str_fmt(w->cx->arena, "%.*s, 127.0.0.1", F(name)) : S(""),
    };
    assert_ok(cert_make(w->cx, &rq, subject, issuer, issuer_cert, &der));
    return der;
}

static struct world begin(void)
{
    struct world w = {.s = seeded_new(7)};
    w.cx = &w.s->cx;
    assert_ok(key_generate(w.cx, &w.root_key));
    assert_ok(key_generate(w.cx, &w.middle_key));
    assert_ok(key_generate(w.cx, &w.leaf_key));
    w.root = made(&w, CERT_CA, S("Gốc"), w.root_key, w.root_key, S(""), 900);
    w.middle = made(&w, CERT_CA, S("Trung gian"), w.middle_key, w.root_key, w.root, 800);
    w.leaf = made(&w, CERT_TLS, HOST, w.leaf_key, w.middle_key, w.middle, 90);
    return w;
}

static void end(struct world *w)
{
    key_free(w->root_key);
    key_free(w->middle_key);
    key_free(w->leaf_key);
    seeded_free(w->s);
}

static struct str text(struct world *w, struct str a, struct str b, struct str c)
{
    const struct str parts[] = {pem(w->cx->arena, "CERTIFICATE", a),
                                b.n ? pem(w->cx->arena, "CERTIFICATE", b) : S(""),
                                c.n ? pem(w->cx->arena, "CERTIFICATE", c) : S("")};
    return str_join(w->cx->arena, parts, 3, S(""));
}

static struct str key_text(struct world *w, const struct key *k)
{
    struct str der;
    assert_ok(key_private_der(w->cx, k, &der));
    return pem(w->cx->arena, "PRIVATE KEY", der);
}

#define assert_refused(call, sentence)                                                             \
    do {                                                                                           \
        assert_int_equal((call), ERR_INVALID);                                                     \
        if (!str_find(w.cx->why, S(sentence), NULL))                                               \
            fail_msg("%.*s", F(w.cx->why));                                                        \
    } while (0)

static void a_chain_in_order_is_taken_with_its_key(void **)
{
    struct world w = begin();
    struct tls_chain c;
    struct str key;
    const struct str whole = text(&w, w.leaf, w.middle, w.root);
    const struct str noisy = str_fmt(w.cx->arena, "Bag Attributes\n  x: y\n%.*s", F(whole));
    assert_ok(tls_chain_read(w.cx, noisy, HOST, w.cx->now, &c));
    assert_true(str_eq(c.pem, whole)); /* what is no certificate is left out */
    assert_int_equal(c.n, 3);
    assert_str(c.names, S("dichvucong.langson.test"));
    assert_str(c.key_title, S("P-256"));
    assert_str(c.leaf.issuer_name, S("Trung gian"));
    assert_false(c.self_signed);
    assert_ok(tls_key_read(w.cx, key_text(&w, w.leaf_key), &c, &key));
    assert_true(str_eq(key, key_text(&w, w.leaf_key)));
    /* an address is a name too */
    assert_ok(tls_chain_read(w.cx, whole, S("127.0.0.1"), w.cx->now, &c));
    assert_ok(tls_chain_read(w.cx, text(&w, w.leaf, S(""), S("")), HOST, w.cx->now, &c));
    end(&w);
}

static void the_order_of_a_chain_counts(void **)
{
    struct world w = begin();
    struct tls_chain c;
    assert_refused(tls_chain_read(w.cx, text(&w, w.middle, w.leaf, w.root), HOST, w.cx->now, &c),
                   "Chứng thư đầu tiên là của nơi cấp");
    assert_refused(tls_chain_read(w.cx, text(&w, w.leaf, w.root, w.middle), HOST, w.cx->now, &c),
                   "Chứng thư thứ 2 không phải của nơi ký chứng thư thứ 1");
    /* the same name with another key */
    struct key *other;
    assert_ok(key_generate(w.cx, &other));
    const struct str false_middle =
        made(&w, CERT_CA, S("Trung gian"), other, w.root_key, w.root, 800);
    assert_refused(tls_chain_read(w.cx, text(&w, w.leaf, false_middle, S("")), HOST, w.cx->now, &c),
                   "Chứng thư thứ 2 không phải");
    key_free(other);
    assert_refused(tls_chain_read(w.cx, S("không có gì"), HOST, w.cx->now, &c), "dạng PEM");
    assert_refused(tls_chain_read(w.cx, S(""), HOST, w.cx->now, &c), "dạng PEM");
    end(&w);
}

static void name_and_term_count(void **)
{
    struct world w = begin();
    struct tls_chain c;
    const struct str whole = text(&w, w.leaf, w.middle, S(""));
    assert_refused(tls_chain_read(w.cx, whole, S("khac.langson.test"), w.cx->now, &c),
                   "địa chỉ của hệ thống là khac.langson.test");
    assert_refused(tls_chain_read(w.cx, whole, HOST, w.cx->now + 90 * DAY_MS, &c),
                   "Chứng thư thứ 1 đã hết hạn");
    assert_int_equal(c.leaf_der.n, w.leaf.n); /* what it is can be shown all the same */
    assert_refused(tls_chain_read(w.cx, whole, HOST, w.cx->now - 2 * DAY_MS, &c), "chưa đến ngày");
    assert_refused(tls_chain_read(w.cx, text(&w, w.root, S(""), S("")), HOST, w.cx->now, &c),
                   "không cấp cho máy chủ web");
    end(&w);
}

/* ---- what only OpenSSL itself makes ---- */

static struct str drained(struct world *w, BIO *b)
{
    char *p;
    const long n = BIO_get_mem_data(b, &p);
    struct str s = str_dup(w->cx->arena, (struct str){p, (size_t)n});
    BIO_free(b);
    return s;
}

static struct str self_signed(struct world *w, EVP_PKEY *key, const EVP_MD *hash)
{
    X509 *c = X509_new();
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 5);
    ASN1_TIME_set(X509_getm_notBefore(c), (time_t)(w->cx->now / 1000 - 60));
    ASN1_TIME_set(X509_getm_notAfter(c), (time_t)(w->cx->now / 1000 + 86400));
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8,
                               (const unsigned char *)HOST.p, -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(c));
    X509_set_pubkey(c, key);
    assert_true(X509_sign(c, key, hash) > 0);
    BIO *b = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509(b, c), 1);
    X509_free(c);
    return drained(w, b);
}

static void weak_keys_and_signatures_are_refused(void **)
{
    struct world w = begin();
    struct tls_chain c;
    EVP_PKEY *small = EVP_RSA_gen(1024), *good = EVP_RSA_gen(2048), *odd = EVP_EC_gen("secp256k1");
    assert_refused(tls_chain_read(w.cx, self_signed(&w, small, EVP_sha256()), HOST, w.cx->now, &c),
                   "(RSA 1024) quá ngắn");
    assert_refused(tls_chain_read(w.cx, self_signed(&w, good, EVP_sha1()), HOST, w.cx->now, &c),
                   "SHA-1");
    assert_refused(tls_chain_read(w.cx, self_signed(&w, odd, EVP_sha256()), HOST, w.cx->now, &c),
                   "loại khóa mà trình duyệt không nhận");
    assert_ok(tls_chain_read(w.cx, self_signed(&w, good, EVP_sha256()), HOST, w.cx->now, &c));
    assert_str(c.key_title, S("RSA 2048"));
    assert_true(c.self_signed);
    EVP_PKEY_free(small);
    EVP_PKEY_free(good);
    EVP_PKEY_free(odd);
    end(&w);
}

static void a_key_that_is_locked_or_of_another_is_refused(void **)
{
    struct world w = begin();
    struct tls_chain c;
    struct str key;
    assert_ok(tls_chain_read(w.cx, text(&w, w.leaf, w.middle, S("")), HOST, w.cx->now, &c));
    EVP_PKEY *rsa = EVP_RSA_gen(2048);
    BIO *b = BIO_new(BIO_s_mem());
    assert_int_equal(
        PEM_write_bio_PKCS8PrivateKey(b, rsa, EVP_aes_256_cbc(), "mat khau", 8, NULL, NULL), 1);
    assert_refused(tls_key_read(w.cx, drained(&w, b), &c, &key), "openssl pkey -in");
    b = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PrivateKey_traditional(b, rsa, EVP_aes_128_cbc(),
                                                          (const unsigned char *)"mat khau", 8,
                                                          NULL, NULL),
                     1);
    assert_refused(tls_key_read(w.cx, drained(&w, b), &c, &key), "khóa bằng mật khẩu");
    b = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PrivateKey(b, rsa, NULL, NULL, 0, NULL, NULL), 1);
    assert_refused(tls_key_read(w.cx, drained(&w, b), &c, &key), "không phải của chứng thư này");
    assert_refused(tls_key_read(w.cx, S("x"), &c, &key), "đúng một khóa riêng");
    const struct str one = key_text(&w, w.leaf_key);
    assert_refused(tls_key_read(w.cx, str_fmt(w.cx->arena, "%.*s%.*s", F(one), F(one)), &c, &key),
                   "đúng một khóa riêng");
    assert_true(tls_key_inside(one));
    assert_false(tls_key_inside(c.pem));
    assert_int_equal(key.n, 0);
    EVP_PKEY_free(rsa);
    end(&w);
}

static void a_request_names_all_and_is_signed_by_its_key(void **)
{
    struct world w = begin();
    struct str der;
    struct cert_request rq = {.common_name = HOST,
                              .organisation = S("Ủy ban nhân dân tỉnh Lạng Sơn"),
                              .country = S("VN"),
                              .dns_names = S("dichvucong.langson.test,api.langson.test")};
    assert_ok(cert_ask(w.cx, &rq, w.leaf_key, &der));
    const unsigned char *p = (const unsigned char *)der.p;
    X509_REQ *ask = d2i_X509_REQ(NULL, &p, (long)der.n);
    assert_non_null(ask);
    assert_int_equal(X509_REQ_verify(ask, X509_REQ_get0_pubkey(ask)), 1);
    char cn[100];
    X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(ask), NID_commonName, cn, sizeof cn);
    assert_string_equal(cn, "dichvucong.langson.test");
    STACK_OF(X509_EXTENSION) *all = X509_REQ_get_extensions(ask);
    GENERAL_NAMES *names = X509V3_get_d2i(all, NID_subject_alt_name, NULL, NULL);
    assert_int_equal(sk_GENERAL_NAME_num(names), 2);
    GENERAL_NAMES_free(names);
    sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
    X509_REQ_free(ask);
    rq.dns_names = S("");
    assert_int_equal(cert_ask(w.cx, &rq, w.leaf_key, &der), ERR_INVALID);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_in_order_is_taken_with_its_key),
        cmocka_unit_test(the_order_of_a_chain_counts),
        cmocka_unit_test(name_and_term_count),
        cmocka_unit_test(weak_keys_and_signatures_are_refused),
        cmocka_unit_test(a_key_that_is_locked_or_of_another_is_refused),
        cmocka_unit_test(a_request_names_all_and_is_signed_by_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
