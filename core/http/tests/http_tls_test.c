/* http_tls_test.c - TLS, unix and inherited sockets, and our own client against our own server. */
#include "http_try.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/stat.h>

static char folder[] = "/tmp/http-test-XXXXXX";
static struct str cert_path, key_path;

static struct str path_of(const char *name)
{
    return str_fmt(try.arena, "%s/%s", folder, name);
}

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
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(folder));
    cert_path = path_of("cert.pem");
    key_path = path_of("key.pem");
    make_certificate("one", 1);
    return 0;
}

static int teardown(void **t)
{
    unlink(cert_path.p);
    unlink(key_path.p);
    unlink(path_of("access.log").p);
    rmdir(folder);
    return try_teardown(t);
}

static struct str url(const char *scheme, const char *host, const char *path)
{
    return str_fmt(try.arena, "%s://%s:%d%s", scheme, host, try.port, path);
}

static void serve_tls(void)
{
    try_serve((struct http_config){.tls_cert_path = cert_path, .tls_key_path = key_path});
}

static enum err call(struct http_call c, struct http_reply *r)
{
    if (c.timeout_ms == 0)
        c.timeout_ms = 10000;
    return http_do(&try.cx, &c, r);
}

/* ---- TLS ---- */

static void a_call_over_tls_is_answered(void **)
{
    serve_tls();
    struct http_reply r;
    assert_int_equal(call((struct http_call){.url = url("https", "127.0.0.1", "/hello"),
                                             .tls_ca_path = cert_path},
                          &r),
                     OK);
    assert_int_equal(r.status, 200);
    assert_true(str_eq(r.body, S("hello")));
    char body[900];
    memset(body, 'b', sizeof body);
    assert_int_equal(call((struct http_call){.url = url("https", "127.0.0.1", "/echo"),
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
    assert_int_equal(
        call((struct http_call){.url = url("https", "127.0.0.1", "/big"), .tls_ca_path = cert_path},
             &r),
        OK);
    assert_int_equal(r.body.n, BIG);
    assert_int_equal(call((struct http_call){.url = url("https", "127.0.0.1", "/stream"),
                                             .tls_ca_path = cert_path},
                          &r),
                     OK);
    assert_int_equal(r.body.n, PULLED);
    assert_int_equal(call((struct http_call){.url = url("https", "127.0.0.1", "/count"),
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
    assert_int_equal(call((struct http_call){.url = url("https", "127.0.0.1", "/hello")}, &r),
                     ERR_BUSY);
    assert_true(str_find(try.cx.why, S("certificate"), NULL));
    assert_int_equal(atomic_load(&try.heads), 0);
}

static void a_certificate_for_another_name_is_not_accepted(void **)
{
    serve_tls();
    struct http_reply r;
    struct http_call c = {.url = url("https", "localhost", "/hello"), .tls_ca_path = cert_path};
    assert_int_equal(call(c, &r), ERR_BUSY);
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

static void a_handshake_that_dawdles_is_closed(void **)
{
    try_serve((struct http_config){
        .tls_cert_path = cert_path, .tls_key_path = key_path, .limits.head_ms = 60});
    int fd = try_connect();
    try_send(fd, S("\x16\x03\x01"));
    assert_int_equal(try_read_all(fd).n, 0);
    close(fd);
}

/* ---- other sockets ---- */

static void a_unix_socket_serves_like_any_other(void **)
{
    struct str listen = str_fmt(try.arena, "unix:%s/http.sock", folder);
    try_serve((struct http_config){.listen = &listen, .listen_n = 1, .loops = 2});
    struct http_reply r;
    struct http_call c = {.url = str_fmt(try.arena, "%.*s:/hello", F(listen))};
    for (int i = 0; i < 10; i++) {
        assert_int_equal(call(c, &r), OK);
        assert_true(str_eq(r.body, S("hello")));
    }
    struct stat st;
    assert_int_equal(stat(listen.p + 5, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    struct http_server *second;
    struct http_config same = {
        .listen = &listen, .listen_n = 1, .loops = 1, .hooks.head = try_head};
    assert_int_equal(http_serve(&try.cx, &same, &second), ERR_BUSY);
    http_stop(try.server, 1000);
    try.server = NULL;
    assert_int_equal(stat(listen.p + 5, &st), -1);
}

static void the_socket_file_of_a_dead_server_is_replaced(void **)
{
    struct str listen = str_fmt(try.arena, "unix:%s/http.sock", folder);
    struct sockaddr_un u = {.sun_family = AF_UNIX};
    memcpy(u.sun_path, listen.p + 5, listen.n - 5);
    int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(dead, (struct sockaddr *)&u, sizeof u), 0);
    close(dead);
    try_serve((struct http_config){.listen = &listen, .listen_n = 1});
    struct http_reply r;
    assert_int_equal(
        call((struct http_call){.url = str_fmt(try.arena, "%.*s:/hello", F(listen))}, &r), OK);
}

static void an_inherited_socket_is_served_and_left_open(void **)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    struct str address = str_fmt(try.arena, "fd:%d", fd);
    struct http_server *none;
    struct http_config early = {
        .listen = &address, .listen_n = 1, .loops = 1, .hooks.head = try_head};
    assert_int_equal(http_serve(&try.cx, &early, &none), ERR_INVALID); /* it does not listen yet */
    assert_int_equal(listen(fd, 16), 0);
    try_serve((struct http_config){.listen = &address, .listen_n = 1, .loops = 2});
    struct http_reply r;
    assert_int_equal(call((struct http_call){.url = url("http", "127.0.0.1", "/hello")}, &r), OK);
    http_stop(try.server, 1000);
    /* Between two servers: the connection waits in the queue and is served by the next. */
    int waiting = try_connect();
    try_send(waiting, S("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    try_serve((struct http_config){.listen = &address, .listen_n = 1});
    assert_int_equal(try_status(try_read_all(waiting)), 200);
    close(waiting);
    close(fd);
}

static void an_address_that_is_taken_is_named(void **)
{
    try_serve((struct http_config){.loops = 2});
    struct str listen = str_fmt(try.arena, "127.0.0.1:%d", try.port);
    struct http_config same = {
        .listen = &listen, .listen_n = 1, .loops = 2, .hooks.head = try_head};
    struct http_server *second;
    assert_int_equal(http_serve(&try.cx, &same, &second), ERR_BUSY);
    assert_true(str_find(try.cx.why, listen, NULL));
    static const struct str wrong[] = {{"127.0.0.1", 9}, {"here:80", 7}, {"127.0.0.1:99999", 15},
                                       {"[::1:80", 7},   {":80", 3},     {"", 0},
                                       {"unix:", 5},     {"fd:x", 4}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        same.listen = &wrong[i];
        assert_int_equal(http_serve(&try.cx, &same, &second), ERR_INVALID);
    }
}

/* ---- the client ---- */

/* A server that says just this, once. */
static pthread_t liar;
static int liar_fd;
static struct str liar_says;

static void *lie(void *)
{
    int fd = accept(liar_fd, NULL, NULL);
    char request[10000];
    if (recv(fd, request, sizeof request, 0) > 0)
        try_send(fd, liar_says);
    shutdown(fd, SHUT_WR);
    while (recv(fd, request, sizeof request, 0) > 0)
        ;
    close(fd);
    return NULL;
}

static enum err call_liar(struct str says, size_t limit, struct http_reply *r)
{
    liar_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    assert_int_equal(bind(liar_fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(liar_fd, 1), 0);
    getsockname(liar_fd, (struct sockaddr *)&at, &n);
    try.port = ntohs(at.sin_port);
    liar_says = says;
    assert_int_equal(pthread_create(&liar, NULL, lie, NULL), 0);
    enum err e =
        call((struct http_call){.url = url("http", "127.0.0.1", "/"), .answer_limit = limit}, r);
    pthread_join(liar, NULL);
    close(liar_fd);
    return e;
}

static void answers_that_break_the_rules_are_not_believed(void **)
{
    /* clang-format off */
    static const struct { enum err err; struct str says; } cases[] = {
#define R(err, text) {err, {text, sizeof(text) - 1}}
        R(OK, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        R(OK, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        R(OK, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        R(OK, "HTTP/1.0 200 OK\r\n\r\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"),
        R(ERR_INVALID, "HTTP/1.1 200 OK\r\nConte"),
        R(ERR_INVALID, "SSH-2.0-OpenSSH\r\n\r\n"),
        R(ERR_BUSY, ""),
        R(ERR_LIMIT, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"),
#undef R
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_reply r = {0};
        enum err e = call_liar(cases[i].says, 10, &r);
        if (e != cases[i].err)
            fail_msg("case %zu: %s, %.*s", i, err_name(e), F(try.cx.why));
        if (e == OK)
            assert_true(str_eq(r.body, S("hello")));
    }
}

static void a_call_has_one_deadline(void **)
{
    try_serve((struct http_config){0});
    struct http_reply r;
    struct http_call c = {.url = url("http", "127.0.0.1", "/later"), .timeout_ms = 50};
    assert_int_equal(call(c, &r), ERR_BUSY);
    try_release();
    c.url = S("http://127.0.0.1:1/"); /* nobody listens there */
    assert_int_equal(call(c, &r), ERR_BUSY);
    c.url = S("gopher://127.0.0.1/");
    assert_int_equal(call(c, &r), ERR_INVALID);
    const struct http_header bad = {S("A"), S("b\r\nC: d")};
    c = (struct http_call){
        .url = url("http", "127.0.0.1", "/hello"), .headers = &bad, .headers_n = 1};
    assert_int_equal(call(c, &r), ERR_INVALID);
}

/* ---- what operators see ---- */

static struct str file_text(struct str path)
{
    char *p = arena_alloc(try.arena, 100000);
    FILE *f = fopen(path.p, "r");
    assert_non_null(f);
    size_t n = fread(p, 1, 99999, f);
    fclose(f);
    return (struct str){p, n};
}

static void the_access_log_has_one_line_a_request_and_no_values(void **)
{
    try_serve((struct http_config){.access_log_path = path_of("access.log"),
                                   .trusted_front = S("127.0.0.1")});
    try_say(S(
        "GET /hello?ten=Nguyen&so=0123&co HTTP/1.1\r\nHost: X\r\nX-Forwarded-For: 10.0.0.1, 203.0.113.9\r\n\r\n"
        "GET /a%22b\"=c HTTP/1.1\r\nHost: x\r\n\r\n"));
    http_stop(try.server, 1000);
    try.server = NULL;
    struct str log = file_text(path_of("access.log"));
    assert_int_equal(try_times(log, S("\n")), 2);
    assert_true(str_starts(
        log, S("time=1994-11-06T15:49:37.000+07:00 peer=203.0.113.9 method=GET host=x path=/hello "
               "query=ten&so&co status=200 bytes=")));
    assert_false(str_find(log, S("Nguyen"), NULL));
    assert_false(str_find(log, S("0123"), NULL));
    assert_true(str_find(log, S(" peer=127.0.0.1 status=400 bytes=0 "), NULL));
}

static void only_the_trusted_front_may_speak_for_others(void **)
{
    try_serve((struct http_config){.access_log_path = path_of("access.log"),
                                   .trusted_front = S("10.9.9.9")});
    try_say(S(
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"));
    http_stop(try.server, 1000);
    try.server = NULL;
    assert_true(str_find(file_text(path_of("access.log")), S(" peer=127.0.0.1 "), NULL));
}

static void metrics_count_what_happened(void **)
{
    try_serve((struct http_config){.loops = 2});
    for (int i = 0; i < 5; i++)
        try_say(S("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    try_say(S("bad\r\n\r\n"));
    TRY_UNTIL(atomic_load(&try.sent) == 5);
    struct buf b = {.arena = try.arena, .limit = 1 << 20};
    http_metrics(try.server, &b);
    static const char *const want[] = {"tinhso_http_requests_total 5\n",
                                       "tinhso_http_connections_total 6\n",
                                       "tinhso_http_answers_total{code=\"200\"} 5\n",
                                       "tinhso_http_answers_total{code=\"400\"} 1\n",
                                       "tinhso_http_malformed_total 1\n",
                                       "tinhso_http_request_seconds_count 6\n",
                                       "tinhso_http_request_seconds_bucket{le=\"+Inf\"} 6\n"};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        if (!str_find(buf_str(&b), str_c(want[i]), NULL))
            fail_msg("no %s in:\n%.*s", want[i], F(buf_str(&b)));
}

#define T_(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T_(a_call_over_tls_is_answered),
        T_(large_bodies_pass_through_tls_whole),
        T_(a_certificate_nobody_vouches_for_is_not_accepted),
        T_(a_certificate_for_another_name_is_not_accepted),
        T_(tls_1_2_and_1_3_are_spoken_and_older_ones_not),
        T_(a_new_certificate_is_taken_up_without_restart),
        T_(a_handshake_that_dawdles_is_closed),
        T_(a_unix_socket_serves_like_any_other),
        T_(the_socket_file_of_a_dead_server_is_replaced),
        T_(an_inherited_socket_is_served_and_left_open),
        T_(an_address_that_is_taken_is_named),
        T_(answers_that_break_the_rules_are_not_believed),
        T_(a_call_has_one_deadline),
        T_(the_access_log_has_one_line_a_request_and_no_values),
        T_(only_the_trusted_front_may_speak_for_others),
        T_(metrics_count_what_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
