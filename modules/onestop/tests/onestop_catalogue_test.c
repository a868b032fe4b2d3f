/* onestop_catalogue_test.c - every procedure the demo province opened, walked from search to the
 * returned result by the same code: whatever its form asks is answered, whatever its steps are is
 * done. */
#include "onestop_fixture.h"
#include "onestop_walker.h"

static void every_opened_procedure_is_walked_from_search_to_the_returned_result(void **t)
{
    struct cx *cx = test_cx(t);
    struct procedure_hit open[60];
    size_t n;
    assert_ok(procedure_open_list(cx, open, 60, &n));
    assert_int_equal(n, 22);
    for (size_t i = 0; i < n; i++) {
        struct arena_mark here = arena_here(cx->arena);
        walk_procedure(cx, open[i].code);
        arena_back(cx->arena, here);
    }
}

static void every_form_asks_at_least_six_things_and_fills_in_who_is_signed_in(void **t)
{
    struct cx *cx = test_cx(t);
    struct procedure_hit open[60];
    size_t n;
    assert_ok(procedure_open_list(cx, open, 60, &n));
    for (size_t i = 0; i < n; i++) {
        const struct procedure *p;
        const struct form *f;
        size_t asked = 0;
        assert_ok(procedure_find(cx, open[i].code, &p));
        assert_ok(form_find(cx, p->form_code, &f));
        for (size_t s = 0; s < f->sections_n; s++)
            asked += f->sections[s].fields_n;
        if (asked < 6 || str_eq(p->form_code, S(PROCEDURE_GENERAL_FORM)))
            fail_msg("%.*s: form %.*s asks %zu things", F(p->code), F(f->code), asked);
    }
}

/* A wrong answer is refused by each form: a walk that anything passes would show nothing. */
static void what_a_form_requires_cannot_be_left_out(void **t)
{
    struct cx *cx = test_cx(t);
    struct procedure_hit open[60];
    size_t n;
    assert_ok(procedure_open_list(cx, open, 60, &n));
    for (size_t i = 0; i < n; i++) {
        const struct procedure *p;
        const struct form *f;
        struct form_check check;
        assert_ok(procedure_find(cx, open[i].code, &p));
        assert_ok(form_find(cx, p->form_code, &f));
        assert_ok(form_check(cx, f, &(struct form_values){0}, -1, &check));
        if (check.n < 3)
            fail_msg("%.*s: an empty form has only %zu errors", F(p->code), check.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_opened_procedure_is_walked_from_search_to_the_returned_result),
        TEST(every_form_asks_at_least_six_things_and_fills_in_who_is_signed_in),
        TEST(what_a_form_requires_cannot_be_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
