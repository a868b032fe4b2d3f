/* seeded.h - a context for tests of crypto and pdf: fixed time, randomness from a seed. */
#pragma once
#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* after base.h: it makes a macro of fail() */
#include <cmocka.h>

/* 2026-11-23T09:14:05+07:00 */
#define SEEDED_NOW INT64_C(1795400045000)

struct seeded {
    struct env env;
    struct cx cx;
    uint64_t seed, drawn;
};

static inline void seeded_random(struct env *env, void *p, size_t n)
{
    struct seeded *s = env->random_state;
    unsigned char *out = p;
    while (n) {
        uint64_t block[2] = {s->seed, s->drawn++};
        struct hash h = sha256((struct str){(const char *)block, sizeof block});
        size_t take = n < HASH_BYTES ? n : HASH_BYTES;
        memcpy(out, h.b, take);
        out += take;
        n -= take;
    }
}

static inline int64_t seeded_clock([[maybe_unused]] struct env *env)
{
    return SEEDED_NOW;
}

static inline struct seeded *seeded_new(uint64_t seed)
{
    struct seeded *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->seed = seed;
    s->env = (struct env){.clock = seeded_clock, .random = seeded_random, .random_state = s};
    s->cx = (struct cx){.arena = arena_new((size_t)256 << 20),
                        .env = &s->env,
                        .actor = &actor_program,
                        .now = SEEDED_NOW,
                        .lang = S("vi")};
    assert_non_null(s->cx.arena);
    return s;
}

static inline void seeded_free(struct seeded *s)
{
    arena_free(s->cx.arena);
    free(s);
}

#define assert_ok(call) assert_int_equal((call), OK)
#define assert_str(a, b)                                                                           \
    do {                                                                                           \
        struct str left_ = (a), right_ = (b);                                                      \
        if (!str_eq(left_, right_))                                                                \
            fail_msg("\"%.*s\" is not \"%.*s\"", F(left_), F(right_));                             \
    } while (0)
