/* http_tls_test.c - TLS with a certificate of our own; reload; versions; strangers. */
#include "http_try.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static struct str cert_path, key_path;

/* A certificate of its own for 127.0.0.1 and the given common name. */
static void make_certificate(const char *common_name, long serial)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *c = X509_new();
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), serial);
    X509_gmtime_adj(X509_getm_notBefore(c), -3600);
    X509_gmtime_adj(X509_getm_notAfter(c), 86400);
    X509_NAME *name = X509_get_subject_name(c);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name, -1,
                               -1, 0);
    X509_set_issuer_name(c, name);
    X509_set_pubkey(c, key);
    X509_EXTENSION *alt =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1,DNS:here.test");
    X509_add_ext(c, alt, -1);
    X509_EXTENSION_free(alt);
    assert_true(X509_sign(c, key, EVP_sha256()) > 0);
    FILE *f = fopen(cert_path.p, "w");
    assert_int_equal(PEM_write_X509(f, c), 1);
    fclose(f);
    f = fopen(key_path.p, "w");
    assert_int_equal(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(f);
    X509_free(c);
    EVP_PKEY_free(key);
}

static int setup(void **t)
{
    try_setup(t);
    cert_path = try_path("cert.pem");
    key_path = try_path("key.pem");
    make_certificate("one", 1);
    return 0;
}

static void serve_tls(void)
{
    try_serve((struct http_config){.tls_cert_path = cert_path, .tls_key_path = key_path});
}

static void a_call_over_tls_is_answered(void **)
{
    serve_tls();
    struct http_reply r;
    assert_int_equal(try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/hello"),
                                                 .tls_ca_path = cert_path},
                              &r),
                     OK);
    assert_int_equal(r.status, 200);
    assert_true(str_eq(r.body, S("hello")));
    char body[900];
    memset(body, 'b', sizeof body);
    assert_int_equal(try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/echo"),
                                                 .method = S("POST"),
                                                 .body = {body, sizeof body},
                                                 .tls_ca_path = cert_path},
                              &r),
                     OK);
    assert_int_equal(r.body.n, 900);
}

static void large_bodies_pass_through_tls_whole(void **)
{
    serve_tls();
    struct http_reply r;
    assert_int_equal(try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/big"),
                                                 .tls_ca_path = cert_path},
                              &r),
                     OK);
    assert_int_equal(r.body.n, BIG);
    assert_int_equal(try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/stream"),
                                                 .tls_ca_path = cert_path},
                              &r),
                     OK);
    assert_int_equal(r.body.n, PULLED);
    assert_int_equal(try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/count"),
                                                 .method = S("PUT"),
                                                 .body = {try_big, BIG},
                                                 .tls_ca_path = cert_path},
                              &r),
                     OK);
    assert_true(str_eq(r.body, S("4194304")));
}

static void a_certificate_nobody_vouches_for_is_not_accepted(void **)
{
    serve_tls();
    struct http_reply r;
    assert_int_equal(
        try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/hello")}, &r), ERR_BUSY);
    assert_true(str_find(try.cx.why, S("certificate"), NULL));
    assert_int_equal(atomic_load(&try.heads), 0);
}

static void a_certificate_for_another_name_is_not_accepted(void **)
{
    serve_tls();
    struct http_reply r;
    struct http_call c = {.url = try_url("https", "localhost", "/hello"), .tls_ca_path = cert_path};
    assert_int_equal(try_call(c, &r), ERR_BUSY);
    assert_true(str_find(try.cx.why, S("ostname"), NULL));
}

/* One connection at the OpenSSL level: settings of the client vary. */
struct peer {
    SSL_CTX *tls;
    SSL *ssl;
    int fd;
    bool open;
};

static struct peer peer_open(int version_max)
{
    struct peer p = {.tls = SSL_CTX_new(TLS_client_method()), .fd = try_connect()};
    SSL_CTX_set_min_proto_version(p.tls, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(p.tls, version_max);
    SSL_CTX_set_security_level(p.tls, 0);
    SSL_CTX_set_alpn_protos(p.tls, (const unsigned char *)"\x02h2\x08http/1.1", 12);
    p.ssl = SSL_new(p.tls);
    SSL_set_fd(p.ssl, p.fd);
    p.open = SSL_connect(p.ssl) == 1;
    return p;
}

static void peer_close(struct peer *p)
{
    SSL_free(p->ssl);
    SSL_CTX_free(p->tls);
    close(p->fd);
}

static void tls_1_2_and_1_3_are_spoken_and_older_ones_not(void **)
{
    serve_tls();
    static const int versions[] = {TLS1_3_VERSION, TLS1_2_VERSION};
    for (int i = 0; i < 2; i++) {
        struct peer p = peer_open(versions[i]);
        assert_true(p.open);
        assert_int_equal(SSL_version(p.ssl), versions[i]);
        const unsigned char *protocol;
        unsigned n;
        SSL_get0_alpn_selected(p.ssl, &protocol, &n);
        assert_int_equal(n, 8);
        assert_memory_equal(protocol, "http/1.1", 8);
        peer_close(&p);
    }
    struct peer old = peer_open(TLS1_1_VERSION);
    assert_false(old.open);
    peer_close(&old);
    /* Clear text on the port of TLS: closed, and nobody is hurt. */
    int fd = try_connect();
    try_send(fd, S("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    char byte[1000];
    while (recv(fd, byte, sizeof byte, 0) > 0)
        ;
    close(fd);
    struct peer again = peer_open(TLS1_3_VERSION);
    assert_true(again.open);
    peer_close(&again);
}

static struct str common_name(struct peer *p)
{
    X509 *c = SSL_get1_peer_certificate(p->ssl);
    char text[100] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(c), NID_commonName, text, sizeof text);
    X509_free(c);
    return str_dup(try.arena, str_c(text));
}

static void a_new_certificate_is_taken_up_without_restart(void **)
{
    serve_tls();
    struct peer first = peer_open(TLS1_3_VERSION);
    assert_true(str_eq(common_name(&first), S("one")));
    make_certificate("two", 2);
    assert_int_equal(http_reload_tls(&try.cx, try.server), OK);
    struct peer second = peer_open(TLS1_3_VERSION);
    assert_true(str_eq(common_name(&second), S("two")));
    /* Who was connected stays connected. */
    static const char text[] = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
    char got[1000];
    assert_int_equal(SSL_write(first.ssl, text, sizeof text - 1), sizeof text - 1);
    assert_true(SSL_read(first.ssl, got, sizeof got) > 0);
    /* A broken file changes nothing. */
    FILE *f = fopen(cert_path.p, "w");
    fputs("no certificate", f);
    fclose(f);
    assert_int_equal(http_reload_tls(&try.cx, try.server), ERR_INVALID);
    struct peer third = peer_open(TLS1_3_VERSION);
    assert_true(str_eq(common_name(&third), S("two")));
    peer_close(&first);
    peer_close(&second);
    peer_close(&third);
}

static void a_server_without_a_certificate_turns_to_tls_when_one_comes(void **)
{
    unlink(cert_path.p);
    try_serve((struct http_config){
        .tls_cert_path = cert_path, .tls_key_path = key_path, .tls_later = true});
    struct http_reply r;
    assert_int_equal(http_reload_tls(&try.cx, try.server), OK); /* there is none yet */
    assert_int_equal(
        try_call((struct http_call){.url = try_url("http", "127.0.0.1", "/hello")}, &r), OK);
    make_certificate("one", 1);
    assert_int_equal(http_reload_tls(&try.cx, try.server), OK);
    assert_int_equal(try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/hello"),
                                                 .tls_ca_path = cert_path},
                              &r),
                     OK);
    /* From now on a lost file is an error, not a way back to clear text. */
    unlink(cert_path.p);
    assert_int_equal(http_reload_tls(&try.cx, try.server), ERR_INVALID);
    assert_int_equal(
        try_call((struct http_call){.url = try_url("https", "127.0.0.1", "/hello")}, &r), ERR_BUSY);
    assert_true(str_find(try.cx.why, S("certificate"), NULL)); /* it is TLS still */
}

static void a_handshake_that_dawdles_is_closed(void **)
{
    try_serve((struct http_config){
        .tls_cert_path = cert_path, .tls_key_path = key_path, .limits.head_ms = 60});
    int fd = try_connect();
    try_send(fd, S("\x16\x03\x01"));
    assert_int_equal(try_read_all(fd).n, 0);
    close(fd);
}

#define T_(f) cmocka_unit_test_setup_teardown(f, setup, try_teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T_(a_call_over_tls_is_answered),
        T_(large_bodies_pass_through_tls_whole),
        T_(a_certificate_nobody_vouches_for_is_not_accepted),
        T_(a_certificate_for_another_name_is_not_accepted),
        T_(tls_1_2_and_1_3_are_spoken_and_older_ones_not),
        T_(a_new_certificate_is_taken_up_without_restart),
        T_(a_server_without_a_certificate_turns_to_tls_when_one_comes),
        T_(a_handshake_that_dawdles_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
