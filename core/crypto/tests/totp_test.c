/* totp_test.c - one-time codes against the tables of their RFCs. */
#include "seeded.h"

static const struct str rfc_secret = {"12345678901234567890", 20};

/* RFC 6238, appendix B, the column of SHA-1: eight digits there, the last six are ours. */
static void codes_are_those_of_rfc_6238([[maybe_unused]] void **t)
{
    static const struct {
        int64_t at_s;
        uint32_t eight;
        const char *six;
    } table[] = {{59, 94287082, "287082"},         {1111111109, 7081804, "081804"},
                 {1111111111, 14050471, "050471"}, {1234567890, 89005924, "005924"},
                 {2000000000, 69279037, "279037"}, {20000000000, 65353130, "353130"}};
    struct seeded *s = seeded_new(1);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const int64_t step = totp_step(table[i].at_s * 1000);
        assert_int_equal(totp_number(rfc_secret, step) % 100'000'000, table[i].eight);
        assert_str(totp_code(s->cx.arena, rfc_secret, step), str_c(table[i].six));
    }
    seeded_free(s);
}

/* RFC 4226, appendix D: the truncated numbers of the first ten counters. */
static void numbers_are_those_of_rfc_4226([[maybe_unused]] void **t)
{
    static const uint32_t table[] = {1284755224, 1094287082, 137359152, 1726969429, 1640338314,
                                     868254676,  1918287922, 82162583,  673399871,  645520489};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(totp_number(rfc_secret, (int64_t)i), table[i]);
}

static void a_code_lasts_thirty_seconds([[maybe_unused]] void **t)
{
    assert_int_equal(totp_step(29'999), 0);
    assert_int_equal(totp_step(30'000), 1);
}

/* RFC 4648, section 10, without the filling that apps leave out. */
static void secrets_are_written_in_base32([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(2);
    static const char *const table[][2] = {{"f", "MY"},           {"fo", "MZXQ"},
                                           {"foo", "MZXW6"},      {"foob", "MZXW6YQ"},
                                           {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_str(totp_secret_text(s->cx.arena, str_c(table[i][0])), str_c(table[i][1]));
    assert_str(totp_secret_text(s->cx.arena, rfc_secret), S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    seeded_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_rfc_6238),
        cmocka_unit_test(numbers_are_those_of_rfc_4226),
        cmocka_unit_test(a_code_lasts_thirty_seconds),
        cmocka_unit_test(secrets_are_written_in_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
