/* cms_test.c - detached CMS signatures, against the openssl program in both directions. */
#include "seeded.h"

#include <sys/stat.h>
#include <unistd.h>

/* A CA, an intermediate and an officer's certificate under it. */
struct office {
    struct seeded *s;
    struct key *root_key, *middle_key, *key;
    struct str root, middle, cert;
    const char *dir;
};

static struct str certify(struct seeded *s, const char *name, enum cert_use use,
                          const struct key *k, const struct key *issuer, struct str issuer_cert)
{
    struct str cert;
    const struct cert_request rq = {.common_name = str_c(name),
                                    .country = S("VN"),
                                    .valid_from = SEEDED_NOW - DAY_MS,
                                    .valid_to = SEEDED_NOW + 365 * DAY_MS,
                                    .use = use};
    assert_ok(cert_make(&s->cx, &rq, k, issuer, issuer_cert, &cert));
    return cert;
}

static struct office *office_new(uint64_t seed)
{
    struct office *o = calloc(1, sizeof *o);
    struct seeded *s = o->s = seeded_new(seed);
    assert_ok(key_generate(&s->cx, &o->root_key));
    assert_ok(key_generate(&s->cx, &o->middle_key));
    assert_ok(key_generate(&s->cx, &o->key));
    o->root = certify(s, "Gốc thử", CERT_CA, o->root_key, o->root_key, S(""));
    o->middle = certify(s, "CA thử", CERT_CA, o->middle_key, o->root_key, o->root);
    o->cert = certify(s, "Nguyễn Văn Ưởng", CERT_SIGNER, o->key, o->middle_key, o->middle);
    o->dir = str_fmt(s->cx.arena, "/tmp/tinhso-cms-test.%d", (int)getpid()).p;
    mkdir(o->dir, 0700);
    return o;
}

static void office_free(struct office *o)
{
    rmdir(o->dir);
    key_free(o->root_key);
    key_free(o->middle_key);
    key_free(o->key);
    seeded_free(o->s);
    free(o);
}

static const char *spill(struct office *o, const char *name, struct str bytes)
{
    const char *path = str_fmt(o->s->cx.arena, "%s/%s", o->dir, name).p;
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

static struct str slurp(struct office *o, const char *name)
{
    char *p = arena_alloc(o->s->cx.arena, 65536);
    FILE *f = fopen(str_fmt(o->s->cx.arena, "%s/%s", o->dir, name).p, "r");
    assert_non_null(f);
    size_t n = fread(p, 1, 65536, f);
    fclose(f);
    return (struct str){p, n};
}

static bool runs(struct office *o, const char *command)
{
    FILE *p = popen(str_fmt(o->s->cx.arena, "cd %s && %s >out.txt 2>&1", o->dir, command).p, "r");
    assert_non_null(p);
    return pclose(p) == 0;
}

static void clean(struct office *o)
{
    assert_true(runs(o, "rm -f ./*"));
    unlink(str_fmt(o->s->cx.arena, "%s/out.txt", o->dir).p);
}

static struct str sign(struct office *o, struct str text)
{
    struct str cms;
    assert_ok(cms_sign(&o->s->cx, o->key, o->cert, &o->middle, 1, sha256(text), &cms));
    return cms;
}

static struct cms_report verdict(struct office *o, struct str cms, struct str text, struct str root)
{
    struct cms_report r;
    assert_ok(cms_verify(&o->s->cx, cms, sha256(text), &root, root.n > 0, SEEDED_NOW, &r));
    return r;
}

static void a_signature_is_valid_and_names_its_signer([[maybe_unused]] void **t)
{
    struct office *o = office_new(1);
    struct str text = S("Giấy khai sinh số 12/2026");
    struct cms_report r = verdict(o, sign(o, text), text, o->root);
    assert_int_equal(r.verdict, CMS_VALID);
    assert_true(r.is_pades);
    assert_str(r.signer.common_name, S("Nguyễn Văn Ưởng"));
    assert_str(r.signer.issuer_name, S("CA thử"));
    office_free(o);
}

static void another_text_or_anchor_or_time_is_not_valid([[maybe_unused]] void **t)
{
    struct office *o = office_new(2), *other = office_new(3);
    struct str cms = sign(o, S("a"));
    struct cms_report r;
    assert_int_equal(verdict(o, cms, S("b"), o->root).verdict, CMS_BROKEN);
    assert_int_equal(verdict(o, cms, S("a"), other->root).verdict, CMS_UNTRUSTED);
    assert_int_equal(verdict(o, cms, S("a"), S("")).verdict, CMS_UNTRUSTED);
    assert_int_equal(verdict(o, cms, S("a"), o->middle).verdict, CMS_VALID); /* any anchor */
    assert_ok(
        cms_verify(&o->s->cx, cms, sha256(S("a")), &o->root, 1, SEEDED_NOW + 366 * DAY_MS, &r));
    assert_int_equal(r.verdict, CMS_UNTRUSTED);
    office_free(other);
    office_free(o);
}

/* CMS itself leaves open its two version numbers (1 byte each), the list of digests (an OID of 9)
 * and the signature's algorithm name (an OID of 8). Nothing else may change. */
static void no_changed_byte_that_matters_leaves_it_valid([[maybe_unused]] void **t)
{
    int unsigned_bytes = 0;
    struct office *o = office_new(4);
    struct str cms = sign(o, S("a"));
    struct cms_report r;
    for (size_t i = 0; i < cms.n; i++) {
        char *copy = (char *)str_z(o->s->cx.arena, cms);
        copy[i] ^= 0x01;
        enum err e = cms_verify(&o->s->cx, (struct str){copy, cms.n}, sha256(S("a")), &o->root, 1,
                                SEEDED_NOW, &r);
        if (e == ERR_INVALID || r.verdict != CMS_VALID)
            continue;
        assert_true(r.is_pades);
        assert_str(r.signer.common_name, S("Nguyễn Văn Ưởng"));
        unsigned_bytes++;
    }
    for (size_t n = 0; n < cms.n; n++)
        assert_int_equal(
            cms_verify(&o->s->cx, str_until(cms, n), sha256(S("a")), &o->root, 1, SEEDED_NOW, &r),
            ERR_INVALID);
    office_free(o);
}

static void zeros_behind_are_the_hole_and_other_bytes_are_not([[maybe_unused]] void **t)
{
    struct office *o = office_new(5);
    struct str cms = sign(o, S("a"));
    struct str padded = str_join(o->s->cx.arena, (struct str[]){cms, S("\0\0\0")}, 2, S(""));
    struct str more = str_join(o->s->cx.arena, (struct str[]){cms, S("\0x")}, 2, S(""));
    struct cms_report r;
    assert_int_equal(verdict(o, padded, S("a"), o->root).verdict, CMS_VALID);
    assert_int_equal(cms_verify(&o->s->cx, more, sha256(S("a")), &o->root, 1, SEEDED_NOW, &r),
                     ERR_INVALID);
    office_free(o);
}

/* The intermediate issues a second certificate for the same key: the signature is tied to the
 * first, so swapping the certificates must not pass. */
static void a_swapped_certificate_of_the_same_key_breaks_it([[maybe_unused]] void **t)
{
    struct office *o = office_new(6);
    struct str cms = sign(o, S("a"));
    struct key *same;
    struct str der;
    assert_ok(key_public_der(&o->s->cx, o->key, &der));
    assert_ok(key_from_public_der(&o->s->cx, der, &same));
    struct str twin;
    do /* signatures differ in length by a byte or two */
        twin = certify(o->s, "Nguyễn Văn Ường", CERT_SIGNER, same, o->middle_key, o->middle);
    while (twin.n != o->cert.n);
    key_free(same);
    char *copy = (char *)str_z(o->s->cx.arena, cms);
    size_t at;
    assert_true(str_find(cms, o->cert, &at));
    memcpy(copy + at, twin.p, twin.n);
    /* also the serial number in the signer's identifier */
    struct cert_info a, b;
    struct str old_serial, new_serial;
    assert_ok(cert_read(&o->s->cx, o->cert, &a));
    assert_ok(cert_read(&o->s->cx, twin, &b));
    assert_true(str_unhex(o->s->cx.arena, a.serial_hex, &old_serial));
    assert_true(str_unhex(o->s->cx.arena, b.serial_hex, &new_serial));
    assert_true(str_find((struct str){copy, cms.n}, old_serial, &at));
    memcpy(copy + at, new_serial.p, new_serial.n);
    struct cms_report r = verdict(o, (struct str){copy, cms.n}, S("a"), o->root);
    assert_str(r.signer.common_name, S("Nguyễn Văn Ường"));
    assert_int_equal(r.verdict, CMS_BROKEN);
    assert_false(r.is_pades);
    office_free(o);
}

static void a_certificate_of_another_key_cannot_sign([[maybe_unused]] void **t)
{
    struct office *o = office_new(7);
    struct str cms;
    assert_int_equal(cms_sign(&o->s->cx, o->root_key, o->cert, NULL, 0, sha256(S("a")), &cms),
                     ERR_INVALID);
    assert_int_equal(cms_sign(&o->s->cx, o->key, S("x"), NULL, 0, sha256(S("a")), &cms),
                     ERR_INVALID);
    assert_int_equal(
        cms_sign(&o->s->cx, o->key, o->cert, (struct str[]){S("x")}, 1, sha256(S("a")), &cms),
        ERR_INVALID);
    office_free(o);
}

static void openssl_finds_our_signature_valid_as_cades([[maybe_unused]] void **t)
{
    struct office *o = office_new(8);
    struct str text = S("Giấy khai sinh\n");
    spill(o, "text", text);
    spill(o, "cms.der", sign(o, text));
    spill(o, "root.pem", pem(o->s->cx.arena, "CERTIFICATE", o->root));
    assert_true(runs(o, "openssl cms -verify -cades -binary -inform DER -in cms.der -content text "
                        "-CAfile root.pem -attime 1795400045"));
    assert_true(runs(o, "openssl cms -cmsout -print -inform DER -in cms.der -noout"));
    struct str print = slurp(o, "out.txt");
    assert_true(str_find(print, S("id-smime-aa-signingCertificateV2"), NULL));
    assert_false(str_find(print, S("signingTime"), NULL));
    spill(o, "text", S("Giấy khai tử\n"));
    assert_false(runs(o, "openssl cms -verify -cades -binary -inform DER -in cms.der -content text "
                         "-CAfile root.pem -attime 1795400045"));
    clean(o);
    office_free(o);
}

static void we_find_the_signatures_of_openssl_valid([[maybe_unused]] void **t)
{
    struct office *o = office_new(9);
    struct str text = S("Công văn đến\n"), der;
    assert_ok(key_private_der(&o->s->cx, o->key, &der));
    spill(o, "text", text);
    spill(o, "key.pem", pem(o->s->cx.arena, "PRIVATE KEY", der));
    spill(o, "cert.pem", pem(o->s->cx.arena, "CERTIFICATE", o->cert));
    spill(o, "middle.pem", pem(o->s->cx.arena, "CERTIFICATE", o->middle));
    static const struct {
        const char *options;
        bool is_pades;
    } cases[] = {{"-cades -md sha256", true}, {"-md sha384", false}, {"-md sha512 -cades", true}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(
            runs(o, str_fmt(o->s->cx.arena,
                            "openssl cms -sign -binary -in text -signer cert.pem -inkey key.pem "
                            "-certfile middle.pem -outform DER -out cms.der %s",
                            cases[i].options)
                        .p));
        const struct str parts[] = {str_until(text, 5), str_from(text, 5)};
        struct cms_report r;
        assert_ok(cms_verify_parts(&o->s->cx, slurp(o, "cms.der"), parts, 2, &o->root, 1,
                                   SEEDED_NOW, &r));
        assert_int_equal(r.verdict, CMS_VALID);
        assert_int_equal(r.is_pades, cases[i].is_pades);
        assert_ok(cms_verify_parts(&o->s->cx, slurp(o, "cms.der"), parts, 1, &o->root, 1,
                                   SEEDED_NOW, &r));
        assert_int_equal(r.verdict, CMS_BROKEN);
        if (i > 0) /* a SHA-256 says nothing about a SHA-384 */
            assert_int_equal(verdict(o, slurp(o, "cms.der"), text, o->root).verdict, CMS_BROKEN);
    }
    clean(o);
    office_free(o);
}

static void sha1_and_certificates_that_may_not_sign_are_not_valid([[maybe_unused]] void **t)
{
    struct office *o = office_new(10);
    struct str text = S("x"), cms, ca_cms;
    struct str der;
    assert_ok(key_private_der(&o->s->cx, o->key, &der));
    spill(o, "text", text);
    spill(o, "key.pem", pem(o->s->cx.arena, "PRIVATE KEY", der));
    spill(o, "cert.pem", pem(o->s->cx.arena, "CERTIFICATE", o->cert));
    assert_true(runs(o,
                     "openssl cms -sign -binary -in text -signer cert.pem -inkey key.pem -md sha1 "
                     "-outform DER -out cms.der"));
    cms = slurp(o, "cms.der");
    struct cms_report r;
    assert_ok(cms_verify_parts(&o->s->cx, cms, &text, 1, &o->root, 1, SEEDED_NOW, &r));
    assert_int_equal(r.verdict, CMS_BROKEN);
    /* a CA's certificate is for certificates, not for papers */
    assert_ok(cms_sign(&o->s->cx, o->middle_key, o->middle, NULL, 0, sha256(text), &ca_cms));
    assert_int_equal(verdict(o, ca_cms, text, o->root).verdict, CMS_UNTRUSTED);
    clean(o);
    office_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_valid_and_names_its_signer),
        cmocka_unit_test(another_text_or_anchor_or_time_is_not_valid),
        cmocka_unit_test(no_changed_byte_that_matters_leaves_it_valid),
        cmocka_unit_test(zeros_behind_are_the_hole_and_other_bytes_are_not),
        cmocka_unit_test(a_swapped_certificate_of_the_same_key_breaks_it),
        cmocka_unit_test(a_certificate_of_another_key_cannot_sign),
        cmocka_unit_test(openssl_finds_our_signature_valid_as_cades),
        cmocka_unit_test(we_find_the_signatures_of_openssl_valid),
        cmocka_unit_test(sha1_and_certificates_that_may_not_sign_are_not_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
