/* form_look_test.c - a field of a form on the page: nothing is chosen for the person. */
#include "form/form.h"

#include "html/html.h"
#include "look/look.h"
#include "testing/testing.h"

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){0});
}

static const struct form_option peoples[] = {
    {S("Kinh"), S("Kinh")}, {S("Tày"), S("Tày")}, {S("Nùng"), S("Nùng")}};

static struct str drawn(struct cx *cx, enum form_type type, const struct form_values *v)
{
    const struct form_field f = {.id = S("dan_toc"),
                                 .label = S("Dân tộc"),
                                 .type = type,
                                 .options = peoples,
                                 .options_n = 3};
    struct look_field_view view = form_look_field(cx, &f, v, S(""));
    struct html page = html_start(cx);
    look_field_html(&page, &view);
    return buf_str(&page.to);
}

static void a_list_that_is_passed_over_sends_no_answer(void **t)
{
    struct cx *cx = test_cx(t);
    struct str list = drawn(cx, FORM_SELECT, &(struct form_values){0});
    assert_contains(list, "<option value=\"\">Chọn</option><option value=\"Kinh\">");
    assert_lacks(list, "selected");
    assert_lacks(drawn(cx, FORM_RADIO, &(struct form_values){0}), "checked");
}

static void what_was_chosen_stays_chosen(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_value one[] = {{S("dan_toc"), S("Tày")}};
    struct form_values v = {.v = one, .n = 1};
    assert_contains(drawn(cx, FORM_SELECT, &v), "<option value=\"Tày\" selected>");
    assert_contains(drawn(cx, FORM_RADIO, &v), "value=\"Tày\" checked");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_that_is_passed_over_sends_no_answer),
        TEST(what_was_chosen_stays_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
