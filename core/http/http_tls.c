/* http_tls.c - TLS 1.2 and 1.3 by OpenSSL, without waiting. */
#include "http_inside.h"

#include <errno.h>
#include <openssl/err.h>
#include <unistd.h>

/* Chosen by the server; only "http/1.1" is spoken. Others get no answer to the extension. */
static int choose_protocol(SSL *, const unsigned char **out, unsigned char *out_n,
                           const unsigned char *offered, unsigned int offered_n, void *)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;
    int r = SSL_select_next_proto(&chosen, out_n, ours, sizeof ours - 1, offered, offered_n);
    *out = chosen;
    return r == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/* The last thing OpenSSL complained of; and forgets the rest. */
static const char *complaint(void)
{
    static _Thread_local char text[200];
    unsigned long e = ERR_peek_last_error();
    ERR_error_string_n(e, text, sizeof text);
    ERR_clear_error();
    return e ? text : "no reason given";
}

static bool configure(SSL_CTX *t)
{
    static const unsigned char id[] = "tinhso";
    SSL_CTX_set_options(t, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(t, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(t, choose_protocol, NULL);
    return SSL_CTX_set_min_proto_version(t, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(t, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
           SSL_CTX_set_session_id_context(t, id, sizeof id - 1) == 1;
}

enum err http_tls_load(struct cx *cx, struct str cert_path, struct str key_path, SSL_CTX **out)
{
    SSL_CTX *t = SSL_CTX_new(TLS_server_method());
    const char *what = "cannot set up TLS";
    bool good = t && configure(t);
    if (good) {
        what = "cannot use the certificate";
        good = SSL_CTX_use_certificate_chain_file(t, str_z(cx->arena, cert_path)) == 1;
    }
    if (good) {
        what = "cannot use the key";
        good = SSL_CTX_use_PrivateKey_file(t, str_z(cx->arena, key_path), SSL_FILETYPE_PEM) == 1 &&
               SSL_CTX_check_private_key(t) == 1;
    }
    if (good) {
        *out = t;
        return OK;
    }
    SSL_CTX_free(t);
    return fail(cx, ERR_INVALID, "%s (%.*s, %.*s): %s", what, F(cert_path), F(key_path),
                complaint());
}

SSL *http_tls_accept(struct http_server *s, int fd)
{
    pthread_mutex_lock(&s->tls_lock);
    SSL *ssl = SSL_new(s->tls);
    pthread_mutex_unlock(&s->tls_lock);
    if (!ssl)
        return NULL;
    if (SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    SSL_set_accept_state(ssl);
    return ssl;
}

enum err http_reload_tls(struct cx *cx, struct http_server *s)
{
    const struct http_config *c = &s->config;
    if (c->tls_cert_path.n == 0 ||
        (c->tls_later && !atomic_load(&s->tls_on) && access(c->tls_cert_path.p, F_OK) != 0))
        return OK;
    SSL_CTX *fresh = NULL, *old;
    TRY(http_tls_load(cx, c->tls_cert_path, c->tls_key_path, &fresh));
    pthread_mutex_lock(&s->tls_lock);
    old = s->tls;
    s->tls = fresh;
    atomic_store(&s->tls_on, true);
    pthread_mutex_unlock(&s->tls_lock);
    SSL_CTX_free(old); /* connections made with it keep their reference */
    return OK;
}

/* What an unfinished call means: 0 wait, -1 broken, -2 the peer said good-bye. */
static int result_of(struct conn *c, int r)
{
    int why = SSL_get_error(c->ssl, r);
    if (why == SSL_ERROR_WANT_READ) {
        c->can_read = false;
        return 0;
    }
    if (why == SSL_ERROR_WANT_WRITE) {
        c->can_write = false;
        return 0;
    }
    if (why == SSL_ERROR_ZERO_RETURN)
        return -2;
    ERR_clear_error();
    c->hung_up = true; /* no good-bye may be sent after a failure */
    return -1;
}

int http_tls_handshake(struct conn *c)
{
    int r = SSL_do_handshake(c->ssl);
    if (r == 1) {
        c->shaken = true;
        count(&c->loop->counters.handshakes, 1);
        return 1;
    }
    r = result_of(c, r);
    if (r == 0)
        return 0;
    count(&c->loop->counters.handshakes_failed, 1);
    return -1;
}

ssize_t http_tls_read(struct conn *c, char *p, size_t n)
{
    int r = SSL_read(c->ssl, p, (int)n);
    return r > 0 ? r : result_of(c, r);
}

ssize_t http_tls_write(struct conn *c, const char *p, size_t n)
{
    if (n > INT32_MAX)
        n = INT32_MAX;
    int r = SSL_write(c->ssl, p, (int)n);
    if (r > 0)
        return r;
    r = result_of(c, r);
    return r ? -1 : 0;
}
