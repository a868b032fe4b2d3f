/*
 * lane_habit.c - which kinds of reads were lately over their time in READ, so that they need not be
 * begun there, stopped and begun again.
 *
 * One word a slot, changed by compare and exchange: the loops share it without a lock. A kind that
 * meets another one's slot takes it: what is forgotten is learned again at the price of one read.
 */
#include "lane_inside.h"

#define TICK_MS 100
#define FIRST_TICKS INT64_C(10) /* a second; twice as long each time, up to a minute */
#define LAST_TICKS INT64_C(600)
#define STRIKES_MAX 15

#define UNTIL_BITS 36 /* in ticks since 1970: up to the year 2187 */
#define STRIKE_BITS 4
#define TAG_SHIFT (UNTIL_BITS + STRIKE_BITS)

struct habit {
    uint64_t tag;
    int strikes;   /* how often it was over its time, one after the other */
    int64_t until; /* straight to SLOW so long */
};

static struct habit unpacked(uint64_t word)
{
    return (struct habit){
        .tag = word >> TAG_SHIFT,
        .strikes = (int)(word >> UNTIL_BITS & ((1u << STRIKE_BITS) - 1)),
        .until = (int64_t)(word & ((UINT64_C(1) << UNTIL_BITS) - 1)),
    };
}

static uint64_t packed(struct habit h)
{
    return h.tag << TAG_SHIFT | (uint64_t)h.strikes << UNTIL_BITS | (uint64_t)h.until;
}

static _Atomic uint64_t *slot_of(struct lanes *l, uint64_t kind)
{
    return &l->habits[kind % HABITS];
}

/* Never 0, so that an empty slot is nobody's. */
static uint64_t tag_of(uint64_t kind)
{
    const uint64_t tag = kind >> TAG_SHIFT;
    return tag ? tag : 1;
}

static int64_t ticks_for(int strikes)
{
    const int64_t ticks = FIRST_TICKS << (strikes - 1);
    return ticks < LAST_TICKS ? ticks : LAST_TICKS;
}

/* When its time is over one of them is let through; the others wait in SLOW for what comes of it. A
 * clock that was set back does not make it last. */
bool lane_habit_slow(struct lanes *l, uint64_t kind, int64_t now_ms)
{
    _Atomic uint64_t *slot = slot_of(l, kind);
    uint64_t word = atomic_load_explicit(slot, memory_order_relaxed);
    struct habit h = unpacked(word);
    const int64_t now = now_ms / TICK_MS;
    if (h.tag != tag_of(kind))
        return false;
    if (now < h.until && h.until - now <= LAST_TICKS)
        return true;
    h.until = now + FIRST_TICKS;
    return !atomic_compare_exchange_strong(slot, &word, packed(h));
}

void lane_habit_note(struct lanes *l, uint64_t kind, int64_t now_ms, bool over)
{
    _Atomic uint64_t *slot = slot_of(l, kind);
    struct habit h = unpacked(atomic_load_explicit(slot, memory_order_relaxed));
    const bool known = h.tag == tag_of(kind);
    if (!over) {
        if (known)
            atomic_store_explicit(slot, 0, memory_order_relaxed);
        return;
    }
    h.strikes = !known ? 1 : h.strikes < STRIKES_MAX ? h.strikes + 1 : STRIKES_MAX;
    h.tag = tag_of(kind);
    h.until = now_ms / TICK_MS + ticks_for(h.strikes);
    atomic_store_explicit(slot, packed(h), memory_order_relaxed);
}
