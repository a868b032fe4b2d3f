/* password_test.c - Argon2id with the stated cost, two at once. */
#include "seeded.h"

#include <argon2.h>
#include <pthread.h>

static void a_password_matches_its_hash_and_no_other([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(1);
    struct str encoded;
    assert_ok(password_hash(&s->cx, S("mật khẩu dài và dễ nhớ"), &encoded));
    assert_true(str_starts(encoded, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_true(password_matches(S("mật khẩu dài và dễ nhớ"), encoded));
    assert_false(password_matches(S("mật khẩu dài và dễ nhơ"), encoded));
    assert_false(password_matches(S(""), encoded));
    seeded_free(s);
}

static void the_same_password_is_salted_differently([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(2);
    struct str a, b;
    assert_ok(password_hash(&s->cx, S("giống nhau"), &a));
    assert_ok(password_hash(&s->cx, S("giống nhau"), &b));
    assert_false(str_eq(a, b));
    seeded_free(s);
}

/* From the test suite of the reference implementation: m=256 KiB, t=2, p=1. */
static void a_published_hash_is_understood([[maybe_unused]] void **t)
{
    struct str known =
        S("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    assert_true(password_matches(S("password"), known));
    assert_false(password_matches(S("passwore"), known));
}

static void what_is_no_hash_matches_nothing([[maybe_unused]] void **t)
{
    const struct str bad[] = {
        S(""), S("x"), S("$argon2id$"), S("$argon2id$v=19$m=19456,t=2,p=1$"),
        S("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(password_matches(S("password"), bad[i]));
}

static void empty_and_endless_passwords_are_refused([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(3);
    struct str encoded;
    assert_int_equal(password_hash(&s->cx, S(""), &encoded), ERR_INVALID);
    assert_int_equal(password_hash(&s->cx, random_bytes(&s->cx, 1025), &encoded), ERR_LIMIT);
    assert_false(password_matches(
        random_bytes(&s->cx, 100'000),
        S("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")));
    seeded_free(s);
}

/* Counts who is inside by standing between this room and the library. */
static int now_inside, most_inside;
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

static void count(int by)
{
    pthread_mutex_lock(&counting);
    now_inside += by;
    most_inside = now_inside > most_inside ? now_inside : most_inside;
    pthread_mutex_unlock(&counting);
}

int argon2id_hash_raw(const uint32_t passes, const uint32_t memory, const uint32_t lanes,
                      const void *password, const size_t password_n, const void *salt,
                      const size_t salt_n, void *out, const size_t n)
{
    count(1);
    int rc = argon2_hash(passes, memory, lanes, password, password_n, salt, salt_n, out, n, NULL, 0,
                         Argon2_id, ARGON2_VERSION_13);
    count(-1);
    return rc;
}

static void *burn(void *)
{
    for (int i = 0; i < 3; i++)
        password_burn(S("không có tài khoản này"));
    return NULL;
}

static void at_most_two_are_computed_at_once([[maybe_unused]] void **t)
{
    pthread_t threads[6];
    for (int i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, burn, NULL), 0);
    for (int i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(now_inside, 0);
    assert_int_equal(most_inside, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_matches_its_hash_and_no_other),
        cmocka_unit_test(the_same_password_is_salted_differently),
        cmocka_unit_test(a_published_hash_is_understood),
        cmocka_unit_test(what_is_no_hash_matches_nothing),
        cmocka_unit_test(empty_and_endless_passwords_are_refused),
        cmocka_unit_test(at_most_two_are_computed_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
