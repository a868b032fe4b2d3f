/* hash_test.c - hashes against published vectors. */
#include "seeded.h"

static struct str hex(struct seeded *s, struct hash h)
{
    return str_hex(s->cx.arena, HASH_STR(h));
}

static void sha256_gives_the_published_values([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(1);
    assert_str(hex(s, sha256(S(""))),
               S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_str(hex(s, sha256(S("abc"))),
               S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assert_str(hex(s, sha256_2(S("a"), S("bc"))), hex(s, sha256(S("abc"))));
    seeded_free(s);
}

static void a_stream_hashes_like_the_whole([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(2);
    struct str text = random_bytes(&s->cx, 10'000);
    for (size_t step = 1; step < 3000; step = step * 3 + 1) {
        struct hash_stream *h = hash_stream_new();
        for (size_t at = 0; at < text.n; at += step)
            hash_stream_add(h, str_until(str_from(text, at), step));
        assert_str(hex(s, hash_stream_end(h)), hex(s, sha256(text)));
    }
    seeded_free(s);
}

/* RFC 4231, cases 1, 2, 6; and the empty key. */
static void hmac_gives_the_published_values([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(3);
    char b[131];
    memset(b, 0x0b, 20);
    assert_str(hex(s, hmac_sha256((struct str){b, 20}, S("Hi There"))),
               S("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    assert_str(hex(s, hmac_sha256(S("Jefe"), S("what do ya want for nothing?"))),
               S("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    memset(b, 0xaa, sizeof b);
    assert_str(hex(s, hmac_sha256((struct str){b, sizeof b},
                                  S("Test Using Larger Than Block-Size Key - Hash Key First"))),
               S("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    assert_str(hex(s, hmac_sha256(S(""), S(""))),
               S("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
    seeded_free(s);
}

static void comparison_in_constant_time_compares([[maybe_unused]] void **t)
{
    assert_true(equal_in_constant_time(S("abc"), S("abc")));
    assert_true(equal_in_constant_time(S(""), S("")));
    assert_false(equal_in_constant_time(S("abc"), S("abd")));
    assert_false(equal_in_constant_time(S("abc"), S("ab")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_values),
        cmocka_unit_test(a_stream_hashes_like_the_whole),
        cmocka_unit_test(hmac_gives_the_published_values),
        cmocka_unit_test(comparison_in_constant_time_compares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
