/* merkle.c - RFC 9162 section 2: roots and proofs over a fetcher of complete subtrees.
 *
 * A range [begin, end) below is always one that the RFC's recursion meets: its begin is a
 * multiple of the power of two that covers its length. Such a range is a run of complete
 * subtrees of falling size, and its hash folds them from the right. */
#include "crypto/crypto.h"

#define SIZE_MAX_LOG ((uint64_t)1 << 62) /* keeps every proof within MERKLE_PROOF_MAX */

struct source {
    merkle_fetch *fetch;
    void *from;
};

struct hash merkle_leaf(struct str entry)
{
    return sha256_2(S("\0"), entry);
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
    char pair[1 + 2 * HASH_BYTES] = {1};
    memcpy(pair + 1, left->b, HASH_BYTES);
    memcpy(pair + 1 + HASH_BYTES, right->b, HASH_BYTES);
    return sha256((struct str){pair, sizeof pair});
}

static bool hash_eq(const struct hash *a, const struct hash *b)
{
    return memcmp(a->b, b->b, HASH_BYTES) == 0;
}

/* The largest k with 2^k <= n; n > 0. */
static int log2_floor(uint64_t n)
{
    return 63 - __builtin_clzll(n);
}

/* The RFC's split: the largest power of two smaller than n; n > 1. */
static uint64_t split(uint64_t n)
{
    return (uint64_t)1 << log2_floor(n - 1);
}

static enum err range_hash(const struct source *s, uint64_t begin, uint64_t end, struct hash *out)
{
    struct hash parts[64];
    size_t n = 0;
    while (begin < end) {
        int level = log2_floor(end - begin);
        TRY(s->fetch(s->from, level, begin >> level, &parts[n++]));
        begin += (uint64_t)1 << level;
    }
    MUST(n > 0); /* nobody asks for an empty range */
    *out = parts[--n];
    while (n > 0)
        *out = merkle_node(&parts[--n], out);
    return OK;
}

enum err merkle_append(uint64_t size, const struct hash *leaf, merkle_fetch *fetch,
                       merkle_store *store, void *state)
{
    if (size >= SIZE_MAX_LOG)
        return ERR_LIMIT;
    struct hash h = *leaf;
    uint64_t index = size;
    TRY(store(state, 0, index, &h));
    for (int level = 0; index & 1; level++, index >>= 1) {
        struct hash left;
        TRY(fetch(state, level, index - 1, &left));
        h = merkle_node(&left, &h);
        TRY(store(state, level + 1, index >> 1, &h));
    }
    return OK;
}

enum err merkle_root(uint64_t size, merkle_fetch *fetch, void *from, struct hash *out)
{
    if (size > SIZE_MAX_LOG)
        return ERR_LIMIT;
    if (size == 0) {
        *out = sha256(S(""));
        return OK;
    }
    return range_hash(&(struct source){fetch, from}, 0, size, out);
}

/* Proofs are found from the root down and told from the leaf up. */
static void reverse(struct merkle_proof *p)
{
    for (size_t i = 0, j = p->n; i + 1 < j; i++) {
        struct hash h = p->path[i];
        p->path[i] = p->path[--j];
        p->path[j] = h;
    }
}

enum err merkle_inclusion(uint64_t leaf, uint64_t size, merkle_fetch *fetch, void *from,
                          struct merkle_proof *out)
{
    out->n = 0;
    if (size > SIZE_MAX_LOG)
        return ERR_LIMIT;
    if (leaf >= size)
        return ERR_INVALID;
    const struct source s = {fetch, from};
    uint64_t begin = 0, end = size;
    while (end - begin > 1) {
        uint64_t middle = begin + split(end - begin);
        struct hash *beside = &out->path[out->n++];
        if (leaf < middle) {
            TRY(range_hash(&s, middle, end, beside));
            end = middle;
        } else {
            TRY(range_hash(&s, begin, middle, beside));
            begin = middle;
        }
    }
    reverse(out);
    return OK;
}

enum err merkle_consistency(uint64_t old_size, uint64_t size, merkle_fetch *fetch, void *from,
                            struct merkle_proof *out)
{
    out->n = 0;
    if (size > SIZE_MAX_LOG)
        return ERR_LIMIT;
    if (old_size > size)
        return ERR_INVALID;
    if (old_size == 0 || old_size == size)
        return OK;
    const struct source s = {fetch, from};
    uint64_t begin = 0, end = size;
    while (old_size != end) {
        uint64_t middle = begin + split(end - begin);
        struct hash *beside = &out->path[out->n++];
        if (old_size <= middle) {
            TRY(range_hash(&s, middle, end, beside));
            end = middle;
        } else {
            TRY(range_hash(&s, begin, middle, beside));
            begin = middle;
        }
    }
    if (begin > 0) /* the old tree is not one complete subtree: its last part is told */
        TRY(range_hash(&s, begin, end, &out->path[out->n++]));
    reverse(out);
    return OK;
}

/* One step of a path towards the root; levels at which the right end has no neighbour are passed
 * over. True: what the path says stands on the left. */
static bool go_up(uint64_t *node, uint64_t *last)
{
    const bool left = (*node & 1) || *node == *last;
    while (left && !(*node & 1) && *node != 0) {
        *node >>= 1;
        *last >>= 1;
    }
    *node >>= 1;
    *last >>= 1;
    return left;
}

/* RFC 9162 section 2.1.3.2. */
bool merkle_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
                             const struct merkle_proof *proof, const struct hash *root)
{
    if (index >= size || proof->n > MERKLE_PROOF_MAX)
        return false;
    uint64_t node = index, last = size - 1;
    struct hash r = *leaf;
    for (size_t i = 0; i < proof->n; i++) {
        const struct hash *p = &proof->path[i];
        if (last == 0)
            return false;
        r = go_up(&node, &last) ? merkle_node(p, &r) : merkle_node(&r, p);
    }
    return last == 0 && hash_eq(&r, root);
}

/* RFC 9162 section 2.1.4.2, for 0 < old_size < size. */
static bool verify_growth(uint64_t old_size, const struct hash *old_root, uint64_t size,
                          const struct hash *root, const struct merkle_proof *proof)
{
    bool whole = (old_size & (old_size - 1)) == 0; /* then the old root begins the path */
    if (proof->n == 0 && !whole)
        return false;
    size_t i = whole ? 0 : 1;
    struct hash old_r = whole ? *old_root : proof->path[0], r = old_r;
    uint64_t node = old_size - 1, last = size - 1;
    while (node & 1) {
        node >>= 1;
        last >>= 1;
    }
    for (; i < proof->n; i++) {
        const struct hash *p = &proof->path[i];
        if (last == 0)
            return false;
        if (go_up(&node, &last)) {
            old_r = merkle_node(p, &old_r);
            r = merkle_node(p, &r);
        } else {
            r = merkle_node(&r, p);
        }
    }
    return last == 0 && hash_eq(&old_r, old_root) && hash_eq(&r, root);
}

bool merkle_verify_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                               const struct hash *root, const struct merkle_proof *proof)
{
    if (old_size > size || proof->n > MERKLE_PROOF_MAX)
        return false;
    if (old_size == size)
        return proof->n == 0 && hash_eq(old_root, root);
    if (old_size == 0) {
        struct hash empty = sha256(S(""));
        return proof->n == 0 && hash_eq(old_root, &empty);
    }
    return verify_growth(old_size, old_root, size, root, proof);
}
