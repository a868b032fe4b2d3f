/* key_test.c - P-256 keys and certificates, checked with the openssl program as well. */
#include "seeded.h"

#include <unistd.h>

static struct key *new_key(struct seeded *s)
{
    struct key *k = NULL;
    assert_ok(key_generate(&s->cx, &k));
    return k;
}

static void a_signature_is_verified_by_the_public_key_alone([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(1);
    struct key *k = new_key(s), *other = new_key(s), *public;
    struct str der, signature;
    assert_ok(key_public_der(&s->cx, k, &der));
    assert_ok(key_from_public_der(&s->cx, der, &public));
    assert_ok(key_sign(&s->cx, k, S("đơn đăng ký"), &signature));
    assert_true(key_verify(public, S("đơn đăng ký"), signature));
    assert_false(key_verify(public, S("đơn đăng kí"), signature));
    assert_false(key_verify(other, S("đơn đăng ký"), signature));
    assert_false(key_verify(public, S("đơn đăng ký"), S("")));
    assert_false(key_verify(public, S("đơn đăng ký"), str_until(signature, signature.n - 1)));
    assert_true(key_pair(k, public));
    assert_false(key_pair(k, other));
    key_free(public);
    key_free(other);
    key_free(k);
    seeded_free(s);
}

static void a_private_key_survives_writing_and_reading([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(2);
    struct key *k = new_key(s), *back;
    struct str der, again, signature;
    assert_ok(key_private_der(&s->cx, k, &der));
    assert_ok(key_from_private_der(&s->cx, der, &back));
    assert_ok(key_private_der(&s->cx, back, &again));
    assert_str(str_hex(s->cx.arena, again), str_hex(s->cx.arena, der));
    assert_ok(key_sign(&s->cx, back, S("x"), &signature));
    assert_true(key_verify(k, S("x"), signature));
    key_free(back);
    key_free(k);
    seeded_free(s);
}

static void the_same_randomness_makes_the_same_key([[maybe_unused]] void **t)
{
    struct seeded *a = seeded_new(3), *b = seeded_new(3), *c = seeded_new(4);
    struct key *ka = new_key(a), *kb = new_key(b), *kc = new_key(c);
    assert_true(key_pair(ka, kb));
    assert_false(key_pair(ka, kc));
    key_free(ka);
    key_free(kb);
    key_free(kc);
    seeded_free(a);
    seeded_free(b);
    seeded_free(c);
}

/* NIST P-256 has order n: draws of 0 and n must be drawn again. */
static void random_zero_and_order(struct env *env, void *p, size_t n)
{
    struct seeded *s = env->random_state;
    struct str order;
    assert_true(str_unhex(s->cx.arena,
                          S("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
                          &order));
    assert_int_equal(n, 32);
    memset(p, 0, n);
    if (s->drawn == 1)
        memcpy(p, order.p, n);
    if (s->drawn == 2)
        ((unsigned char *)p)[31] = 1; /* the key 1: its public point is the generator */
    s->drawn++;
}

static void numbers_outside_of_the_group_are_drawn_again([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(5);
    s->env.random = random_zero_and_order;
    struct key *k = new_key(s);
    assert_int_equal(s->drawn, 3);
    struct str der, generator;
    assert_ok(key_public_der(&s->cx, k, &der));
    assert_true(str_unhex(s->cx.arena,
                          S("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
                          &generator));
    assert_true(str_find(der, generator, NULL));
    key_free(k);
    seeded_free(s);
}

static void what_is_no_p256_key_is_refused([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(6);
    struct key *k = new_key(s), *back;
    struct str der, longer;
    assert_ok(key_private_der(&s->cx, k, &der));
    assert_int_equal(key_from_private_der(&s->cx, S(""), &back), ERR_INVALID);
    assert_int_equal(key_from_private_der(&s->cx, S("không phải khóa"), &back), ERR_INVALID);
    longer = str_fmt(s->cx.arena, "%*s", (int)der.n + 1, "");
    memcpy((char *)longer.p, der.p, der.n);
    assert_int_equal(key_from_private_der(&s->cx, longer, &back), ERR_INVALID);
    assert_int_equal(key_from_public_der(&s->cx, der, &back), ERR_INVALID);
    assert_ok(key_public_der(&s->cx, k, &der));
    for (size_t i = 0; i < der.n; i++)
        assert_int_equal(key_from_public_der(&s->cx, str_until(der, i), &back), ERR_INVALID);
    key_free(k);
    seeded_free(s);
}

/* ---- certificates ---- */

static const struct cert_request ca_request = {
    .common_name = {"CA thử nghiệm", 18},
    .organisation = {"UBND tỉnh Lạng Sơn", 23},
    .country = {"VN", 2},
    .valid_from = SEEDED_NOW - DAY_MS,
    .valid_to = SEEDED_NOW + 3650 * DAY_MS,
    .use = CERT_CA,
};

static void a_certificate_tells_what_was_asked([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(7);
    struct key *ca_key = new_key(s), *k = new_key(s), *of_cert;
    struct str ca, cert;
    struct cert_info info;
    struct cert_request rq = ca_request;
    rq.common_name = str_c("CA thử nghiệm");
    rq.organisation = str_c("UBND tỉnh Lạng Sơn");
    assert_ok(cert_make(&s->cx, &rq, ca_key, ca_key, S(""), &ca));
    rq.use = CERT_SIGNER;
    rq.common_name = S("Nguyễn Văn Ưởng");
    rq.organisation = S("Trung tâm Phục vụ hành chính công phường Lương Văn Tri, tỉnh Lạng Sơn");
    rq.locality = S("Lạng Sơn");
    rq.serial_text = S("CB-0007");
    assert_ok(cert_make(&s->cx, &rq, k, ca_key, ca, &cert));
    assert_ok(cert_read(&s->cx, cert, &info));
    assert_str(info.common_name, rq.common_name);
    assert_str(info.organisation, rq.organisation);
    assert_str(info.issuer_name, S("CA thử nghiệm"));
    assert_int_equal(info.valid_from, rq.valid_from / 1000 * 1000);
    assert_int_equal(info.valid_to, rq.valid_to / 1000 * 1000);
    assert_int_equal(info.serial_hex.n, 32);
    assert_int_equal(info.fingerprint.n, HASH_BYTES);
    assert_ok(cert_key(&s->cx, cert, &of_cert));
    assert_true(key_pair(of_cert, k));
    key_free(of_cert);
    key_free(k);
    key_free(ca_key);
    seeded_free(s);
}

static const char *spill(struct seeded *s, const char *name, struct str der)
{
    const char *path =
        str_fmt(s->cx.arena, "/tmp/tinhso-key-test.%d.%s.pem", (int)getpid(), name).p;
    struct str text = pem(s->cx.arena, "CERTIFICATE", der);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

static bool runs(struct seeded *s, const char *format, const char *a, const char *b)
{
    char command[512];
    (void)s;
    snprintf(command, sizeof command, format, a, b);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    return pclose(p) == 0;
}

static void openssl_trusts_what_the_ca_signed_for_its_use([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(8);
    struct key *ca_key = new_key(s), *k = new_key(s);
    struct str ca, signer, tls;
    struct cert_request rq = ca_request;
    rq.common_name = S("CA");
    rq.organisation = S("");
    assert_ok(cert_make(&s->cx, &rq, ca_key, ca_key, S(""), &ca));
    rq.common_name = S("Ký");
    rq.use = CERT_SIGNER;
    assert_ok(cert_make(&s->cx, &rq, k, ca_key, ca, &signer));
    rq.common_name = S("máy chủ");
    rq.use = CERT_TLS;
    rq.dns_names = S("localhost, 127.0.0.1, ::1");
    assert_ok(cert_make(&s->cx, &rq, k, ca_key, ca, &tls));
    const char *a = spill(s, "ca", ca), *b = spill(s, "signer", signer), *c = spill(s, "tls", tls);
    assert_true(runs(
        s,
        "openssl verify -attime 1795400045 -x509_strict -purpose smimesign -CAfile %s %s >/dev/null 2>&1",
        a, b));
    assert_true(runs(
        s,
        "openssl verify -attime 1795400045 -x509_strict -purpose sslserver -verify_hostname localhost -CAfile %s %s >/dev/null 2>&1",
        a, c));
    assert_true(runs(
        s,
        "openssl verify -attime 1795400045 -x509_strict -purpose sslserver -verify_ip ::1 -CAfile %s %s >/dev/null 2>&1",
        a, c));
    assert_false(runs(
        s,
        "openssl verify -attime 1795400045 -purpose sslserver -verify_hostname example.org -CAfile %s %s >/dev/null 2>&1",
        a, c));
    assert_false(runs(s, "openssl verify -attime 2195400045 -CAfile %s %s >/dev/null 2>&1", a, b));
    assert_false(runs(s, "openssl verify -attime 1795400045 -CAfile %s %s >/dev/null 2>&1", b, c));
    unlink(a);
    unlink(b);
    unlink(c);
    key_free(k);
    key_free(ca_key);
    seeded_free(s);
}

static void unsound_requests_are_refused([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(9);
    struct key *ca_key = new_key(s), *k = new_key(s);
    struct str ca, cert;
    struct cert_request rq = ca_request, bad;
    rq.common_name = S("CA");
    rq.organisation = S("");
    assert_ok(cert_make(&s->cx, &rq, ca_key, ca_key, S(""), &ca));
    bad = rq, bad.common_name = S("");
    assert_int_equal(cert_make(&s->cx, &bad, k, ca_key, ca, &cert), ERR_INVALID);
    bad = rq, bad.valid_to = bad.valid_from;
    assert_int_equal(cert_make(&s->cx, &bad, k, ca_key, ca, &cert), ERR_INVALID);
    bad = rq, bad.use = CERT_TLS; /* without a name */
    assert_int_equal(cert_make(&s->cx, &bad, k, ca_key, ca, &cert), ERR_INVALID);
    assert_int_equal(cert_make(&s->cx, &rq, k, k, ca, &cert), ERR_INVALID); /* not the CA's key */
    assert_int_equal(cert_make(&s->cx, &rq, k, ca_key, S("x"), &cert), ERR_INVALID);
    struct cert_info info;
    assert_int_equal(cert_read(&s->cx, S("x"), &info), ERR_INVALID);
    assert_int_equal(cert_read(&s->cx, str_until(ca, ca.n - 1), &info), ERR_INVALID);
    key_free(k);
    key_free(ca_key);
    seeded_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_verified_by_the_public_key_alone),
        cmocka_unit_test(a_private_key_survives_writing_and_reading),
        cmocka_unit_test(the_same_randomness_makes_the_same_key),
        cmocka_unit_test(numbers_outside_of_the_group_are_drawn_again),
        cmocka_unit_test(what_is_no_p256_key_is_refused),
        cmocka_unit_test(a_certificate_tells_what_was_asked),
        cmocka_unit_test(openssl_trusts_what_the_ca_signed_for_its_use),
        cmocka_unit_test(unsound_requests_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
