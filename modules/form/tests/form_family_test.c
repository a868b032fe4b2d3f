/* form_family_test.c - a parent is older than the child; what the record says of the filer is
 * offered. */
#include "form/form.h"
#include "form/form_inside.h"
#include "identity/identity.h"
#include "testing/testing.h"

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = NULL});
}

static struct form *form_of(struct cx *cx, const char *text)
{
    const struct json *v;
    struct json_error error;
    struct form *f = NEW(cx->arena, struct form);
    assert_ok(json_read(cx->arena, str_c(text), &v, &error));
    assert_ok(form_from_json(cx, v, f));
    return f;
}

/* "ten=An&can=Có": names and values as they come from a page. */
static struct form_values typed(struct cx *cx, const char *text)
{
    VEC(struct web_value) all = {0};
    struct str rest = str_c(text), pair, name, value;
    while (rest.n) {
        (void)str_cut(rest, '&', &pair, &rest); /* the last one: all of it */
        if (str_cut(pair, '=', &name, &value))
            *vec_add(cx->arena, &all) = (struct web_value){name, value};
    }
    return (struct form_values){.v = all.p, .n = all.n};
}

#define FAMILY(rule)                                                                                             \
    "{\"code\":\"nha\",\"version\":\"1\",\"valid_from\":\"2026-01-01\",\"title\":\"Nhà\",\"sections\":["        \
    "{\"title\":\"Con\",\"fields\":[{\"id\":\"con\",\"label\":\"Ngày sinh con\",\"type\":\"date\"}]},"          \
    "{\"title\":\"Mẹ\",\"fields\":[{\"id\":\"me\",\"label\":\"Năm sinh mẹ\",\"type\":\"date_or_year\"}]}]," \
    "\"rules\":[{\"kind\":\"older\",\"fields\":[\"con\",\"me\"],\"sentence\":\"Mẹ còn nhỏ quá.\"" rule           \
    "}]}"
#define TWELVE ",\"years\":12,\"basis\":\"thử\",\"valid_from\":\"2026-01-01\""

static bool too_young(struct cx *cx, const char *text, const char *answers, bool at_counter)
{
    struct form_check c;
    struct form_values v = typed(cx, answers);
    v.at_counter = at_counter;
    assert_ok(form_check(cx, form_of(cx, text), &v, -1, &c));
    assert_true(c.n == 0 || str_eq(c.errors[0].sentence, S("Mẹ còn nhỏ quá.")));
    assert_true(c.n == 0 || str_eq(c.errors[0].field, S("me")));
    return c.n > 0;
}

static void a_parent_is_older_than_the_child_by_what_the_pack_says(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct {
        const char *answers;
        bool wrong;
    } cases[] = {
        {"con=12/11/2026&me=12/11/2014", false},
        {"con=12/11/2026&me=13/11/2014", true},
        {"con=12/11/2026&me=2014", false}, /* a year alone: its first day */
        {"con=12/11/2026&me=2015", true},
        {"con=12/11/2026&me=2026", true},
        {"con=12/11/2026&me=12/11/2030", true},
        {"con=12/11/2026", false},
        {"me=2015", false},
        {"con=29/02/2024&me=29/02/2012", false},
        {"con=28/02/2024&me=29/02/2012", true},
        {"con-ngay=12&con-thang=11&con-nam=2026&me=2015", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (too_young(cx, FAMILY(TWELVE), cases[i].answers, false) != cases[i].wrong)
            fail_msg("%s", cases[i].answers);
    static const char thirteen[] =
        FAMILY(",\"years\":13,\"basis\":\"thử\",\"valid_from\":\"2026-01-01\"");
    assert_false(too_young(cx, thirteen, "con=28/02/2025&me=29/02/2012", false));
    assert_true(too_young(cx, thirteen, "con=27/02/2025&me=29/02/2012", false));
}

static void a_decision_holds_from_its_day_to_its_day(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const child = "con=12/11/2026&me=2015";
#define SINCE ",\"years\":12,\"basis\":\"thử\",\"valid_from\":"
    assert_true(too_young(cx, FAMILY(SINCE "\"2026-11-23\""), child, false));
    assert_false(too_young(cx, FAMILY(SINCE "\"2026-11-24\""), child, false));
    assert_true(too_young(cx, FAMILY(TWELVE ",\"valid_to\":\"2026-11-23\""), child, false));
    assert_false(too_young(cx, FAMILY(TWELVE ",\"valid_to\":\"2026-11-22\""), child, false));
}

static void what_no_law_says_binds_nobody_at_a_counter(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const child = "con=12/11/2026&me=2015";
    assert_true(too_young(cx, FAMILY(TWELVE), child, true));
    assert_true(too_young(cx, FAMILY(TWELVE ",\"assumed\":true"), child, false));
    assert_false(too_young(cx, FAMILY(TWELVE ",\"assumed\":true"), child, true));
}

static void a_number_of_years_says_since_when_and_whose_it_is(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const bad[] = {
        FAMILY(""),
        FAMILY(",\"years\":12,\"valid_from\":\"2026-01-01\""),
        FAMILY(",\"years\":12,\"basis\":\"thử\""),
        FAMILY(",\"years\":0,\"basis\":\"thử\",\"valid_from\":\"2026-01-01\""),
        FAMILY(TWELVE ",\"valid_to\":\"mai\""),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct json *v;
        struct json_error error;
        struct form f;
        assert_ok(json_read(cx->arena, str_c(bad[i]), &v, &error));
        assert_int_equal(form_from_json(cx, v, &f), ERR_INVALID);
    }
}

#define OFFER(offer)                                                                                           \
    "{\"code\":\"nha\",\"version\":\"1\",\"valid_from\":\"2026-01-01\",\"title\":\"Nhà\",\"sections\":["      \
    "{\"title\":\"Ai\",\"fields\":[{\"id\":\"la\",\"label\":\"Là\",\"type\":\"radio\",\"options\":[\"Mẹ\"," \
    "\"Bà\"]},{\"id\":\"ten\",\"label\":\"Tên mẹ\",\"type\":\"person_name\"" offer "}]}]}"

static void what_the_record_says_is_offered_to_whoever_says_it_is_them(void **t)
{
    struct cx *cx = test_cx(t);
    const struct person p = {.name = S("Hoàng Thị Mai"), .born_on = INT64_MIN};
    const struct form *f = form_of(
        cx, OFFER(",\"offer\":{\"from\":\"person.name\",\"if\":{\"field\":\"la\",\"is\":\"Mẹ\"}}"));
    const struct form_field *name = form_field_of(f, S("ten"));
    struct form_values mother = typed(cx, "la=Mẹ"), other = typed(cx, "la=Bà"), none = {0};
    assert_true(str_eq(form_offer(cx, f, &mother, name, &p), p.name));
    assert_int_equal(form_offer(cx, f, &other, name, &p).n, 0);
    assert_int_equal(form_offer(cx, f, &none, name, &p).n, 0);
    assert_int_equal(form_offer(cx, f, &mother, name, NULL).n, 0);
    assert_int_equal(form_prefill(cx, name, &p).n, 0); /* it is asked all the same */
    static const char *const bad[] = {
        OFFER(",\"offer\":{\"from\":\"person.secret\"}"),
        OFFER(",\"offer\":{\"if\":{\"field\":\"la\",\"is\":\"Mẹ\"}}"),
        OFFER(",\"offer\":{\"from\":\"person.name\",\"if\":{\"field\":\"lo\",\"is\":\"Mẹ\"}}"),
        OFFER(",\"offer\":{\"from\":\"person.name\",\"if\":{\"field\":\"la\",\"is\":\"Ông\"}}"),
        OFFER(",\"prefill\":\"person.name\",\"offer\":{\"from\":\"person.name\"}"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct json *v;
        struct json_error error;
        struct form refused;
        assert_ok(json_read(cx->arena, str_c(bad[i]), &v, &error));
        if (form_from_json(cx, v, &refused) != ERR_INVALID)
            fail_msg("%s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_parent_is_older_than_the_child_by_what_the_pack_says),
        TEST(a_decision_holds_from_its_day_to_its_day),
        TEST(what_no_law_says_binds_nobody_at_a_counter),
        TEST(a_number_of_years_says_since_when_and_whose_it_is),
        TEST(what_the_record_says_is_offered_to_whoever_says_it_is_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
