/* pdf_signatures_fuzz.c - PDF files of strangers: found signatures, and signing them ourselves. */
#include "pdf/pdf.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#define INPUT_MAX ((size_t)1 << 20)

static void random_fixed(struct env *, void *p, size_t n)
{
    memset(p, 0x5a, n);
}

struct input {
    struct str pdf, cert;
    const struct key *key;
    struct str cms; /* by this key, of another text */
};

static void make_signer(struct cx *cx, struct input *in)
{
    struct key *key;
    const struct cert_request rq = {
        .common_name = S("x"), .valid_from = 0, .valid_to = 4000 * DAY_MS, .use = CERT_SIGNER};
    MUST(key_generate(cx, &key) == OK);
    MUST(cert_make(cx, &rq, key, key, S(""), &in->cert) == OK);
    MUST(cms_sign(cx, key, in->cert, NULL, 0, sha256(S("x")), &in->cms) == OK);
    in->key = key;
}

/* To sign, and to draw the caption, takes longer than all else together: one file of sixteen is
 * really signed, the others get a signature of another text in the place where theirs belongs. */
static enum err sign(struct cx *cx, const struct input *in, bool really, struct str *out)
{
    const struct pdf_signer who = {.key = in->key,
                                   .cert_der = in->cert,
                                   .name = S("Ưởng"),
                                   .caption = really ? S("x") : S(""),
                                   .at = 1000};
    struct pdf_to_sign prepared;
    if (really)
        return pdf_sign(cx, in->pdf, &who, out);
    TRY(pdf_sign_prepare(cx, in->pdf, &who, &prepared));
    return pdf_sign_finish(cx, &prepared, in->cms, out);
}

/* What can be signed can be read again, and the signature is ours and whole. */
static void sign_and_read(struct cx *cx, const struct input *in)
{
    const bool really = sha256(in->pdf).b[0] % 16 == 0;
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct str out;
    size_t n, ours = 0;
    if (sign(cx, in, really, &out) != OK)
        return;
    MUST(str_starts(out, in->pdf));
    MUST(pdf_signatures(cx, out, &in->cert, 1, r, &n) == OK);
    for (size_t i = 0; i < n; i++)
        ours += r[i].covers_whole_file && str_eq(r[i].name, S("Ưởng")) && r[i].claimed_at == 1000 &&
                r[i].cms.verdict == (really ? CMS_VALID : CMS_BROKEN);
    MUST(ours == 1);
}

/* OpenSSL is built without sanitizers and is not judged: the hundreds of small allocations of each
 * certificate it reads go past the sanitizer, to the C library itself. They were half of a run. */
void *__libc_malloc(size_t n);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static void *openssl_alloc(size_t n, const char *, int)
{
    return __libc_malloc(n);
}

static void *openssl_realloc(void *p, size_t n, const char *, int)
{
    return __libc_realloc(p, n);
}

static void openssl_free(void *p, const char *, int)
{
    __libc_free(p);
}

static enum err feed(struct cx *cx, void *arg)
{
    const struct input *in = arg;
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    size_t n = 0;
    enum err e = pdf_signatures(cx, in->pdf, &in->cert, 1, r, &n);
    if (e != OK && (e != ERR_INVALID && e != ERR_LIMIT))
        abort();
    if (n > PDF_SIGNATURES_MAX)
        abort();
    sign_and_read(cx, in);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena *arena, *ever;
    static struct env env = {.random = random_fixed};
    static struct input in;
    if (size > INPUT_MAX)
        return 0;
    if (!arena) {
        MUST(CRYPTO_set_mem_functions(openssl_alloc, openssl_realloc, openssl_free) == 1);
        arena = arena_new_sized((size_t)128 << 20, (size_t)8 << 20); /* stays over the runs */
        ever = arena_new((size_t)1 << 20);
        struct cx once = {.arena = ever, .env = &env, .actor = &actor_program};
        make_signer(&once, &in);
    }
    struct cx cx = {.arena = arena, .env = &env, .actor = &actor_program, .now = DAY_MS};
    in.pdf = (struct str){(const char *)data, size};
    if (cx_guard(&cx, feed, &in) != OK) {
        fprintf(stderr, "%.*s\n", F(cx.why));
        abort(); /* a MUST that a stranger can break */
    }
    cx_close_all(&cx);
    arena_reset(arena);
    return 0;
}
