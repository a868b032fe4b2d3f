/* merkle_test.c - the log's tree against RFC 6962 vectors and a naive recursion of RFC 9162. */
#include "seeded.h"

#define SIZES 130
#define LEVELS 9

struct store {
    struct hash at[LEVELS][SIZES + 1];
    bool has[LEVELS][SIZES + 1];
    struct hash leaves[SIZES];
    int stored, refused_from; /* fetches of this level and above fail, when not 0 */
};

static enum err fetch(void *from, int level, uint64_t index, struct hash *out)
{
    const struct store *s = from;
    if (s->refused_from && level >= s->refused_from)
        return ERR_BUSY;
    assert_true(level < LEVELS && index <= SIZES && s->has[level][index]);
    *out = s->at[level][index];
    return OK;
}

static enum err store(void *to, int level, uint64_t index, const struct hash *h)
{
    struct store *s = to;
    assert_true(level < LEVELS && index <= SIZES);
    assert_false(s->has[level][index]);
    s->at[level][index] = *h;
    s->has[level][index] = true;
    s->stored++;
    return OK;
}

static struct store *store_of(size_t size)
{
    struct store *s = calloc(1, sizeof *s);
    assert_non_null(s);
    for (size_t i = 0; i < size; i++) {
        char entry[32];
        int n = snprintf(entry, sizeof entry, "sự kiện %zu", i);
        s->leaves[i] = merkle_leaf((struct str){entry, (size_t)n});
        assert_ok(merkle_append(i, &s->leaves[i], fetch, store, s));
    }
    return s;
}

static struct hash root_of(struct store *s, uint64_t size)
{
    struct hash h;
    assert_ok(merkle_root(size, fetch, s, &h));
    return h;
}

/* ---- the RFC's own words, slowly ---- */

static size_t naive_split(size_t n)
{
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static struct hash naive_root(const struct hash *d, size_t n)
{
    if (n == 0)
        return sha256(S(""));
    if (n == 1)
        return d[0];
    size_t k = naive_split(n);
    struct hash left = naive_root(d, k), right = naive_root(d + k, n - k);
    return merkle_node(&left, &right);
}

static void naive_path(size_t m, const struct hash *d, size_t n, struct merkle_proof *out)
{
    if (n <= 1)
        return;
    size_t k = naive_split(n);
    naive_path(m < k ? m : m - k, m < k ? d : d + k, m < k ? k : n - k, out);
    out->path[out->n++] = m < k ? naive_root(d + k, n - k) : naive_root(d, k);
}

static void naive_subproof(size_t m, const struct hash *d, size_t n, bool b,
                           struct merkle_proof *out)
{
    if (m == n) {
        if (!b)
            out->path[out->n++] = naive_root(d, n);
        return;
    }
    size_t k = naive_split(n);
    if (m <= k) {
        naive_subproof(m, d, k, b, out);
        out->path[out->n++] = naive_root(d + k, n - k);
    } else {
        naive_subproof(m - k, d + k, n - k, false, out);
        out->path[out->n++] = naive_root(d, k);
    }
}

static bool hash_is(const struct hash *a, const struct hash *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static bool proof_is(const struct merkle_proof *a, const struct merkle_proof *b)
{
    return a->n == b->n && memcmp(a->path, b->path, a->n * sizeof *a->path) == 0;
}

/* ---- tests ---- */

/* The eight entries and roots known from the reference implementation of RFC 6962. */
static void roots_are_those_of_the_published_vectors([[maybe_unused]] void **t)
{
    static const char *const entries[] = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    struct seeded *c = seeded_new(1);
    struct store *s = calloc(1, sizeof *s);
    for (size_t i = 0; i <= 8; i++) {
        struct hash h = root_of(s, i);
        assert_str(str_hex(c->cx.arena, HASH_STR(h)), str_c(roots[i]));
        if (i == 8)
            break;
        struct str entry;
        assert_true(str_unhex(c->cx.arena, str_c(entries[i]), &entry));
        h = merkle_leaf(entry);
        assert_ok(merkle_append(i, &h, fetch, store, s));
    }
    free(s);
    seeded_free(c);
}

static void every_root_is_that_of_the_recursion([[maybe_unused]] void **t)
{
    struct store *s = store_of(SIZES);
    for (size_t n = 0; n <= SIZES; n++) {
        struct hash expected = naive_root(s->leaves, n), h = root_of(s, n);
        assert_true(hash_is(&h, &expected));
    }
    free(s);
}

static void an_append_stores_each_complete_subtree_once([[maybe_unused]] void **t)
{
    struct store *s = store_of(128);
    assert_int_equal(s->stored, 255);
    for (int level = 0; level < 8; level++)
        for (size_t i = 0; i < (size_t)128 >> level; i++) {
            struct hash expected = naive_root(s->leaves + (i << level), (size_t)1 << level);
            assert_true(s->has[level][i] && hash_is(&s->at[level][i], &expected));
        }
    free(s);
}

static void every_inclusion_is_proved_as_the_recursion_does([[maybe_unused]] void **t)
{
    struct store *s = store_of(SIZES);
    for (size_t n = 1; n <= SIZES; n++) {
        struct hash root = root_of(s, n);
        for (size_t m = 0; m < n; m++) {
            struct merkle_proof proof, expected = {.n = 0};
            naive_path(m, s->leaves, n, &expected);
            assert_ok(merkle_inclusion(m, n, fetch, s, &proof));
            assert_true(proof_is(&proof, &expected));
            assert_true(merkle_verify_inclusion(&s->leaves[m], m, n, &proof, &root));
            if (n > 1) {
                size_t other = m ? m - 1 : m + 1;
                assert_false(merkle_verify_inclusion(&s->leaves[other], m, n, &proof, &root));
                assert_false(merkle_verify_inclusion(&s->leaves[m], other, n, &proof, &root));
            }
        }
    }
    free(s);
}

static void every_growth_is_proved_as_the_recursion_does([[maybe_unused]] void **t)
{
    struct store *s = store_of(SIZES);
    for (size_t n = 1; n <= SIZES; n++) {
        struct hash root = root_of(s, n);
        for (size_t m = 1; m < n; m++) {
            struct merkle_proof proof, expected = {.n = 0};
            struct hash old_root = root_of(s, m), wrong = root_of(s, m - 1);
            naive_subproof(m, s->leaves, n, true, &expected);
            assert_ok(merkle_consistency(m, n, fetch, s, &proof));
            assert_true(proof_is(&proof, &expected));
            assert_true(merkle_verify_consistency(m, &old_root, n, &root, &proof));
            assert_false(merkle_verify_consistency(m, &wrong, n, &root, &proof));
            assert_false(merkle_verify_consistency(m, &old_root, n, &wrong, &proof));
        }
    }
    free(s);
}

static void a_changed_shorter_or_longer_proof_is_refused([[maybe_unused]] void **t)
{
    struct store *s = store_of(77);
    struct hash root = root_of(s, 77), old_root = root_of(s, 39);
    struct merkle_proof inclusion, growth, bad;
    assert_ok(merkle_inclusion(50, 77, fetch, s, &inclusion));
    assert_ok(merkle_consistency(39, 77, fetch, s, &growth));
    for (size_t i = 0; i < inclusion.n * HASH_BYTES; i++) {
        bad = inclusion;
        bad.path[i / HASH_BYTES].b[i % HASH_BYTES] ^= 1;
        assert_false(merkle_verify_inclusion(&s->leaves[50], 50, 77, &bad, &root));
    }
    for (size_t i = 0; i < growth.n * HASH_BYTES; i++) {
        bad = growth;
        bad.path[i / HASH_BYTES].b[i % HASH_BYTES] ^= 1;
        assert_false(merkle_verify_consistency(39, &old_root, 77, &root, &bad));
    }
    for (int by = -1; by <= 1; by += 2) {
        bad = inclusion;
        bad.n += (size_t)by;
        assert_false(merkle_verify_inclusion(&s->leaves[50], 50, 77, &bad, &root));
        bad = growth;
        bad.n += (size_t)by;
        assert_false(merkle_verify_consistency(39, &old_root, 77, &root, &bad));
    }
    bad.n = MERKLE_PROOF_MAX + 1;
    assert_false(merkle_verify_inclusion(&s->leaves[50], 50, 77, &bad, &root));
    free(s);
}

static void an_empty_or_equal_old_log_needs_an_empty_proof([[maybe_unused]] void **t)
{
    struct store *s = store_of(5);
    struct hash empty = root_of(s, 0), root = root_of(s, 5);
    struct merkle_proof proof;
    assert_ok(merkle_consistency(0, 5, fetch, s, &proof));
    assert_int_equal(proof.n, 0);
    assert_true(merkle_verify_consistency(0, &empty, 5, &root, &proof));
    assert_false(merkle_verify_consistency(0, &root, 5, &root, &proof));
    assert_ok(merkle_consistency(5, 5, fetch, s, &proof));
    assert_true(proof.n == 0 && merkle_verify_consistency(5, &root, 5, &root, &proof));
    assert_false(merkle_verify_consistency(5, &empty, 5, &root, &proof));
    assert_int_equal(merkle_consistency(6, 5, fetch, s, &proof), ERR_INVALID);
    assert_int_equal(merkle_inclusion(5, 5, fetch, s, &proof), ERR_INVALID);
    assert_false(merkle_verify_inclusion(&s->leaves[0], 5, 5, &proof, &root));
    assert_false(merkle_verify_consistency(6, &root, 5, &root, &proof));
    free(s);
}

static void an_error_of_the_fetcher_comes_through([[maybe_unused]] void **t)
{
    struct store *s = store_of(9);
    struct merkle_proof proof;
    struct hash h;
    s->refused_from = 1;
    assert_int_equal(merkle_root(9, fetch, s, &h), ERR_BUSY);
    assert_int_equal(merkle_inclusion(8, 9, fetch, s, &proof), ERR_BUSY);
    assert_int_equal(merkle_consistency(8, 9, fetch, s, &proof), OK); /* one leaf only */
    assert_int_equal(merkle_consistency(5, 9, fetch, s, &proof), ERR_BUSY);
    free(s);
}

/* Any subtree of a tree of equal leaves is known by its level alone: huge logs can be walked. */
static enum err fetch_equal(void *from, int level, uint64_t, struct hash *out)
{
    struct hash h = *(const struct hash *)from;
    for (int i = 0; i < level; i++)
        h = merkle_node(&h, &h);
    *out = h;
    return OK;
}

static void proofs_of_the_largest_log_fit([[maybe_unused]] void **t)
{
    const uint64_t most = (uint64_t)1 << 62, size = most - 1;
    struct hash leaf = merkle_leaf(S("x")), root, old_root;
    struct merkle_proof proof;
    assert_ok(merkle_root(size, fetch_equal, &leaf, &root));
    assert_ok(merkle_inclusion(12345, size, fetch_equal, &leaf, &proof));
    assert_true(proof.n == 62 && merkle_verify_inclusion(&leaf, 12345, size, &proof, &root));
    assert_ok(merkle_root(size / 3, fetch_equal, &leaf, &old_root));
    assert_ok(merkle_consistency(size / 3, size, fetch_equal, &leaf, &proof));
    assert_true(proof.n <= MERKLE_PROOF_MAX);
    assert_true(merkle_verify_consistency(size / 3, &old_root, size, &root, &proof));
    assert_int_equal(merkle_root(most + 1, fetch_equal, &leaf, &root), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_the_published_vectors),
        cmocka_unit_test(every_root_is_that_of_the_recursion),
        cmocka_unit_test(an_append_stores_each_complete_subtree_once),
        cmocka_unit_test(every_inclusion_is_proved_as_the_recursion_does),
        cmocka_unit_test(every_growth_is_proved_as_the_recursion_does),
        cmocka_unit_test(a_changed_shorter_or_longer_proof_is_refused),
        cmocka_unit_test(an_empty_or_equal_old_log_needs_an_empty_proof),
        cmocka_unit_test(an_error_of_the_fetcher_comes_through),
        cmocka_unit_test(proofs_of_the_largest_log_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
