/* sample.h - papers and signers for the tests of this room; everything in them is invented. */
#pragma once
#include "pdf/pdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* after base.h: it makes a macro of fail() */
#include <cmocka.h>

#define assert_ok(call) assert_int_equal((call), OK)
#define assert_str(a, b)                                                                           \
    do {                                                                                           \
        struct str left_ = (a), right_ = (b);                                                      \
        if (!str_eq(left_, right_))                                                                \
            fail_msg("\"%.*s\" is not \"%.*s\"", F(left_), F(right_));                             \
    } while (0)

#define TEXT(...) ((struct pdf_block){.kind = PDF_TEXT, __VA_ARGS__})
#define STACK(...)                                                                                 \
    ((struct pdf_block){.kind = PDF_STACK,                                                         \
                        .children = (const struct pdf_block[]){__VA_ARGS__},                       \
                        .children_n = sizeof((const struct pdf_block[]){__VA_ARGS__}) /            \
                                      sizeof(struct pdf_block)})
#define COLUMNS(...)                                                                               \
    ((struct pdf_block){.kind = PDF_COLUMNS,                                                       \
                        .children = (const struct pdf_block[]){__VA_ARGS__},                       \
                        .children_n = sizeof((const struct pdf_block[]){__VA_ARGS__}) /            \
                                      sizeof(struct pdf_block)})
#define SPACE(points) ((struct pdf_block){.kind = PDF_SPACE, .height = (points)})

/* 2026-11-23T09:14:05+07:00 */
#define SEEDED_NOW INT64_C(1795400045000)

/* A context with fixed time, randomness from a seed, and a new data folder below /tmp. */
struct desk {
    struct env env;
    struct cx cx;
    uint64_t state;
};

static inline void desk_random(struct env *env, void *p, size_t n)
{
    struct desk *d = env->random_state;
    for (unsigned char *out = p; n--; out++) {
        d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        *out = (unsigned char)(d->state >> 56);
    }
}

static inline struct desk *desk_new(uint64_t seed)
{
    struct desk *d = calloc(1, sizeof *d);
    assert_non_null(d);
    d->state = seed;
    d->env = (struct env){.random = desk_random, .random_state = d};
    d->cx = (struct cx){.arena = arena_new((size_t)256 << 20),
                        .env = &d->env,
                        .actor = &actor_program,
                        .now = SEEDED_NOW,
                        .lang = S("vi")};
    assert_non_null(d->cx.arena);
    char *dir = (char *)str_fmt(d->cx.arena, "/tmp/tinhso-pdf-test.XXXXXX").p;
    assert_non_null(mkdtemp(dir));
    d->env.data_dir = str_c(dir);
    return d;
}

/* Runs in the data folder; what it prints stands in the file "out". */
static inline bool runs(struct desk *s, const char *command)
{
    FILE *p = popen(
        str_fmt(s->cx.arena, "cd %.*s && ( %s ) >out 2>&1", F(s->env.data_dir), command).p, "r");
    assert_non_null(p);
    return pclose(p) == 0;
}

static inline void desk_free(struct desk *s)
{
    cx_close_all(&s->cx);
    runs(s, "rm -rf ./* && rmdir \"$PWD\"");
    arena_free(s->cx.arena);
    free(s);
}

static inline void spill(struct desk *s, const char *name, struct str bytes)
{
    FILE *f = fopen(str_fmt(s->cx.arena, "%.*s/%s", F(s->env.data_dir), name).p, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

static inline struct str slurp(struct desk *s, const char *name)
{
    size_t room = (size_t)4 << 20;
    char *p = arena_alloc(s->cx.arena, room);
    FILE *f = fopen(str_fmt(s->cx.arena, "%.*s/%s", F(s->env.data_dir), name).p, "r");
    assert_non_null(f);
    size_t n = fread(p, 1, room, f);
    fclose(f);
    return (struct str){p, n};
}

/* A short paper with two places to sign. */
static inline struct str sample_paper(struct desk *s)
{
    static const struct pdf_block blocks[] = {
        {.kind = PDF_TEXT,
         .align = PDF_CENTRE,
         .bold = true,
         .text = {"QUYẾT ĐỊNH", sizeof "QUYẾT ĐỊNH" - 1}},
        {.kind = PDF_SPACE, .height = 20},
        {.kind = PDF_TEXT,
         .text = {"Cấp cho ông Nguyễn Văn Ưởng", sizeof "Cấp cho ông Nguyễn Văn Ưởng" - 1}},
        {.kind = PDF_SIGNATURE, .height = 60},
        {.kind = PDF_SIGNATURE, .height = 60},
    };
    const struct pdf_page_spec spec = {.paper = PDF_A5,
                                       .title = S("Quyết định"),
                                       .author = S("UBND xã thử"),
                                       .foot = S("{page}/{pages}")};
    struct str pdf;
    assert_ok(pdf_make(&s->cx, &spec, blocks, 5, &pdf));
    return pdf;
}

/* ---- who signs ---- */

struct officer {
    struct key *ca_key, *key;
    struct str ca, cert;
    struct pdf_signer signer;
};

/* Valid for as long as the oracles' own clocks may say. */
static inline struct str certificate(struct desk *s, struct str name, enum cert_use use,
                                     const struct key *k, const struct key *issuer,
                                     struct str issuer_cert)
{
    struct str cert;
    const struct cert_request rq = {.common_name = name,
                                    .organisation = S("UBND xã thử"),
                                    .country = S("VN"),
                                    .valid_from = SEEDED_NOW - 2000 * DAY_MS,
                                    .valid_to = SEEDED_NOW + 9000 * DAY_MS,
                                    .use = use};
    assert_ok(cert_make(&s->cx, &rq, k, issuer, issuer_cert, &cert));
    return cert;
}

static inline struct officer officer_new(struct desk *s, struct str name)
{
    struct officer o = {0};
    assert_ok(key_generate(&s->cx, &o.ca_key));
    assert_ok(key_generate(&s->cx, &o.key));
    o.ca = certificate(s, S("CA thử"), CERT_CA, o.ca_key, o.ca_key, S(""));
    o.cert = certificate(s, name, CERT_SIGNER, o.key, o.ca_key, o.ca);
    o.signer = (struct pdf_signer){.key = o.key,
                                   .cert_der = o.cert,
                                   .name = name,
                                   .reason = S("Phê duyệt"),
                                   .place = S("Lạng Sơn"),
                                   .at = SEEDED_NOW - MINUTE_MS};
    return o;
}

static inline void officer_free(struct officer *o)
{
    key_free(o->ca_key);
    key_free(o->key);
}
