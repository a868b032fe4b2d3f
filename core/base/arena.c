/* arena.c - bump allocation with a limit; one arena for each request, job or test. */
#include "base/base.h"

#include <stdlib.h>

#define BLOCK_MIN ((size_t)16 * 1024)
#define ALIGN 16

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
    a->first = first_bytes ? first_bytes : BLOCK_MIN;
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

void arena_reset(struct arena *a)
{
    struct block *first = a->top;
    while (first && first->next)
        first = first->next;
    free_blocks(a->top, first);
    a->top = first;
    a->total = 0;
    if (first)
        first->used = 0;
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
    a->top = b;
    return true;
}

static size_t rounded_up(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

void *arena_alloc_raw_(struct arena *a, size_t n)
{
    MUST(n <= a->limit); /* also keeps the rounding below from wrapping */
    size_t rounded = rounded_up(n);
    MUST(a->total <= a->limit && n <= a->limit - a->total);
    struct block *b = a->top;
    if (!b || b->cap - b->used < rounded) {
        MUST(grow(a, rounded));
        b = a->top;
    }
    void *p = b->data + b->used;
    b->used += rounded;
    a->total += rounded;
    return p;
}

bool arena_ready(struct arena *a, size_t n)
{
    if (a->total > a->limit || n > a->limit - a->total)
        return false;
    const struct block *b = a->top;
    return (b && b->cap - b->used >= rounded_up(n)) || grow(a, rounded_up(n));
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(arena_alloc_raw_(a, n), 0, rounded_up(n));
}

char *arena_tail_(struct arena *a, size_t *room)
{
    struct block *b = a->top;
    size_t left = a->total >= a->limit ? 0 : a->limit - a->total;
    *room = b ? b->cap - b->used : 0;
    if (*room > left)
        *room = left;
    return b ? b->data + b->used : NULL;
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
        a->top->used = m.used;
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
