/* arena.c - bump allocation with a limit; one arena for each request, job or test. */
#include "base/base.h"

#include <stdlib.h>

#define BLOCK_MIN ((size_t)16 * 1024)
#define ALIGN 16

/* The address sanitizer knows what malloc gave, not what an arena handed out of it: it is told, so
 * that a byte too far and a use after arena_back are found here as well. Elsewhere it is nothing.
 */
#if defined(__has_feature) && !defined(__SANITIZE_ADDRESS__)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* as gcc says it */
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* memory is closed before it is written */
#endif
#define WATCHED true
#define GAP ((size_t)ALIGN)    /* behind each piece */
#define TAIL_MAX ((size_t)512) /* of what arena_tail_ opens, and the next allocation closes */
#define CLOSE(p, n) __asan_poison_memory_region((p), (n))
#define OPEN(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define WATCHED false
#define GAP ((size_t)0)
#define TAIL_MAX SIZE_MAX
#define CLOSE(p, n) ((void)0)
#define OPEN(p, n) ((void)0)
#endif

struct block {
    struct block *next; /* older */
    size_t cap, used;
    _Alignas(ALIGN) char data[];
};

struct arena {
    struct block *top;
    size_t limit, total; /* total: bytes handed out, as limited */
    size_t first;        /* size of the first block */
};

static size_t rounded_up(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

struct arena *arena_new(size_t limit_bytes)
{
    return arena_new_sized(limit_bytes, BLOCK_MIN);
}

struct arena *arena_new_sized(size_t limit_bytes, size_t first_bytes)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->limit = limit_bytes;
    a->first = first_bytes ? rounded_up(first_bytes) : BLOCK_MIN;
    return a;
}

size_t arena_held(const struct arena *a)
{
    size_t n = sizeof *a;
    for (const struct block *b = a->top; b; b = b->next)
        n += sizeof *b + b->cap;
    return n;
}

static void free_blocks(struct block *b, const struct block *keep)
{
    while (b && b != keep) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    free_blocks(a->top, NULL);
    free(a);
}

static void give_back(struct block *b, size_t to)
{
    CLOSE(b->data + to, b->used - to);
    b->used = to;
}

void arena_reset(struct arena *a)
{
    struct block *first = a->top;
    while (first && first->next)
        first = first->next;
    free_blocks(a->top, first);
    a->top = first;
    a->total = 0;
    if (first)
        give_back(first, 0);
}

/* A block for at least n bytes: blocks double, so a big arena has few of them. False: the machine
 * has no memory left. */
static bool grow(struct arena *a, size_t n)
{
    size_t cap = a->top ? a->top->cap * 2 : a->first;
    if (cap > ((size_t)1 << 22))
        cap = (size_t)1 << 22;
    if (cap < n)
        cap = n;
    struct block *b = malloc(sizeof *b + cap);
    if (!b)
        return false;
    *b = (struct block){.next = a->top, .cap = cap};
    CLOSE(b->data, cap);
    a->top = b;
    return true;
}

static size_t left_in(const struct block *b)
{
    return b ? b->cap - b->used : 0;
}

/* The next n bytes, and nothing behind them. */
static void hand_out(struct block *b, size_t n)
{
    [[maybe_unused]] char *p = b->data + b->used;
    [[maybe_unused]] const size_t left = left_in(b);
    CLOSE(p, left < n + TAIL_MAX ? left : n + TAIL_MAX);
    OPEN(p, n);
    b->used += rounded_up(n) + GAP;
}

void *arena_alloc_raw_(struct arena *a, size_t n)
{
    MUST(n <= a->limit); /* also keeps the rounding below from wrapping */
    size_t rounded = rounded_up(n);
    MUST(a->total <= a->limit && n <= a->limit - a->total);
    struct block *b = a->top;
    if (!b || left_in(b) < rounded + GAP) {
        MUST(grow(a, rounded + GAP));
        b = a->top;
    }
    char *p = b->data + b->used;
    hand_out(b, n);
    a->total += rounded;
    return p;
}

bool arena_ready(struct arena *a, size_t n)
{
    if (a->total > a->limit || n > a->limit - a->total)
        return false;
    const struct block *b = a->top;
    const size_t needs = rounded_up(n) + GAP;
    return (b && left_in(b) >= needs) || grow(a, needs);
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(arena_alloc_raw_(a, n), 0, WATCHED ? n : rounded_up(n));
}

char *arena_tail_(struct arena *a, size_t *room)
{
    struct block *b = a->top;
    size_t left = a->total >= a->limit ? 0 : a->limit - a->total;
    *room = left_in(b) > GAP ? left_in(b) - GAP : 0;
    if (*room > left)
        *room = left;
    if (*room > TAIL_MAX)
        *room = TAIL_MAX;
    if (!b)
        return NULL;
    OPEN(b->data + b->used, *room);
    return b->data + b->used;
}

size_t arena_used(const struct arena *a)
{
    return a->total;
}

size_t arena_room(const struct arena *a)
{
    return a->total >= a->limit ? 0 : a->limit - a->total;
}

struct arena_mark arena_here(const struct arena *a)
{
    return (struct arena_mark){a->top, a->top ? a->top->used : 0, a->total};
}

void arena_back(struct arena *a, struct arena_mark m)
{
    free_blocks(a->top, m.block);
    a->top = m.block;
    if (a->top)
        give_back(a->top, m.used);
    a->total = m.total;
}

size_t size_mul(size_t a, size_t b)
{
    size_t product;
    MUST(!__builtin_mul_overflow(a, b, &product));
    return product;
}

void *vec_grow_(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return p;
    size_t wider = *cap ? *cap * 2 : 8;
    char *q = arena_alloc(a, size_mul(wider, size));
    if (n)
        memcpy(q, p, size_mul(n, size));
    *cap = wider;
    return q;
}

void wipe(void *p, size_t n)
{
    memset(p, 0, n);
    __asm__ __volatile__("" : : "r"(p) : "memory");
}
