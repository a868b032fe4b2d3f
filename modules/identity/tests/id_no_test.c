/* id_no_test.c - personal numbers and card QR texts. */
#include "identity/identity.h"

#include <cmocka.h>

static struct arena *arena;

static void a_number_says_place_sex_and_year(void **state)
{
    (void)state;
    struct id_no id;
    assert_true(id_no_parse(arena, S("087 084 000999"), &id));
    assert_string_equal(id.digits.p, "087084000999");
    assert_false(id.female);
    assert_int_equal(id.birth_year, 1984);
    assert_true(str_eq(id.province, S("87")));
    assert_true(id_no_parse(arena, S("026.301.012.345"), &id));
    assert_true(id.female);
    assert_int_equal(id.birth_year, 2001);
}

static void what_is_not_twelve_digits_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "02630101234", "0263010123456", "02630101234a",
                                      "０２６３０１０１２３４５"};
    struct id_no id;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(id_no_parse(arena, str_c(bad[i]), &id));
}

static void a_pasted_card_is_read(void **state)
{
    (void)state;
    struct card card = {0};
    assert_true(card_parse(
        arena,
        S("020301001234|082345678|Phan Thị Diệu Linh|14052001|Nữ|27 Ngô Quyền, Kỳ Lừa|01062021"),
        &card));
    assert_string_equal(str_z(arena, card.name), "Phan Thị Diệu Linh");
    assert_string_equal(str_z(arena, card.sex), "nữ");
    assert_int_equal(card.born_on, civil_day(2001, 5, 14));
    assert_false(card_parse(arena, S("020301001234"), &card));
    assert_false(card_parse(arena, S("020301001234||Phan Thị Diệu Linh|31022001|Nữ|x|y"), &card));
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new((size_t)1 << 20);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_says_place_sex_and_year),
        cmocka_unit_test(what_is_not_twelve_digits_is_refused),
        cmocka_unit_test(a_pasted_card_is_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
