/* pdf_signatures_fuzz.c - PDF files of strangers: found signatures, and signing them ourselves. */
#include "pdf/pdf.h"

#include <stdio.h>
#include <stdlib.h>

#define INPUT_MAX ((size_t)1 << 20)

static void random_fixed(struct env *, void *p, size_t n)
{
    memset(p, 0x5a, n);
}

struct input {
    struct str pdf;
    const struct key *key;
    struct str cert;
};

static void make_signer(struct cx *cx, struct input *in)
{
    struct key *key;
    const struct cert_request rq = {
        .common_name = S("x"), .valid_from = 0, .valid_to = 4000 * DAY_MS, .use = CERT_SIGNER};
    MUST(key_generate(cx, &key) == OK);
    MUST(cert_make(cx, &rq, key, key, S(""), &in->cert) == OK);
    in->key = key;
}

/* What can be signed can be read again, and the signature is ours and whole. */
static void sign_and_read(struct cx *cx, const struct input *in, size_t before)
{
    const struct pdf_signer who = {
        .key = in->key, .cert_der = in->cert, .name = S("Ưởng"), .caption = S("x"), .at = 1};
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct str out;
    size_t n;
    if (before == PDF_SIGNATURES_MAX || pdf_sign(cx, in->pdf, &who, &out) != OK)
        return;
    MUST(str_starts(out, in->pdf));
    enum err e = pdf_signatures(cx, out, &in->cert, 1, r, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        MUST(r[i].cms.verdict == CMS_BROKEN || r[i].cms.signer.fingerprint.n == HASH_BYTES);
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
    sign_and_read(cx, in, n);
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
        arena = arena_new((size_t)128 << 20);
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
