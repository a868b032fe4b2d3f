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

static void a_day_that_was_kept_is_shown_as_people_write_it(void **t)
{
    struct cx *cx = test_cx(t);
    const struct form_field f = {.id = S("mat"), .label = S("Ngày mất"), .type = FORM_DATE_OR_YEAR};
    static const char *const pairs[][2] = {
        {"2026-11-17", "17/11/2026"}, {"1941", "1941"}, {"17/11", "17/11"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct web_value kept[] = {{S("mat"), str_c(pairs[i][0])}};
        struct form_values v = {.v = kept, .n = 1};
        assert_true(str_eq(form_look_field(cx, &f, &v, S("")).value, str_c(pairs[i][1])));
    }
}

static void the_usual_answer_stands_ready_until_another_is_given(void **t)
{
    struct cx *cx = test_cx(t);
    const struct form_option options[] = {{S("a"), S("Chính tôi")}, {S("b"), S("Người khác")}};
    const struct form_field f = {.id = S("ai"),
                                 .label = S("Cho ai"),
                                 .type = FORM_RADIO,
                                 .options = options,
                                 .options_n = 2,
                                 .default_value = S("a"),
                                 .max_length = 200};
    struct web_value other[] = {{S("ai"), S("b")}};
    struct form_values given = {.v = other, .n = 1};
    struct look_field_view fresh = form_look_field(cx, &f, &(struct form_values){0}, S(""));
    struct look_field_view changed = form_look_field(cx, &f, &given, S(""));
    assert_true(fresh.options[0].on && !fresh.options[1].on);
    assert_true(changed.options[1].on && !changed.options[0].on);
}

/* Where scripts run, the browser says the same before sending as the server says after. */
static void the_page_carries_the_sentences_of_the_server(void **t)
{
    struct cx *cx = test_cx(t);
    const struct str one = S("1");
    struct form_field fields[] = {
        {.id = S("sinh"),
         .label = S("Ngày sinh"),
         .type = FORM_DATE,
         .required = true,
         .max_length = 200},
        {.id = S("so"), .label = S("Số định danh"), .type = FORM_ID_NO, .max_length = 200},
        {.id = S("ban"),
         .label = S("Số bản"),
         .type = FORM_NUMBER,
         .required = true,
         .max_length = 200,
         .min = INT64_MIN,
         .max = INT64_MAX,
         .show_field = S("so"),
         .show_values = &one,
         .show_values_n = 1},
    };
    const struct form_section section = {.fields = fields, .fields_n = 3};
    const struct form form = {.sections = &section, .sections_n = 1};
    struct form_check nothing, rubbish;
    struct web_value typed[] = {{S("sinh"), S("hôm qua")}, {S("so"), S("1")}};
    assert_ok(form_check(cx, &form, &(struct form_values){0}, -1, &nothing));
    assert_ok(form_check(cx, &form, &(struct form_values){.v = typed, .n = 2}, -1, &rubbish));
    assert_int_equal(nothing.n, 1);
    assert_int_equal(rubbish.n, 3); /* the copies are asked for now */

    struct look_field_view born = form_look_field(cx, &fields[0], &(struct form_values){0}, S(""));
    struct look_field_view number =
        form_look_field(cx, &fields[1], &(struct form_values){0}, S(""));
    struct look_field_view copies =
        form_look_field(cx, &fields[2], &(struct form_values){0}, S(""));
    assert_true(str_eq(born.missing, nothing.errors[0].sentence));
    assert_true(str_eq(born.bad, rubbish.errors[0].sentence));
    assert_str(born.check, "date");
    assert_str(number.missing, "");
    assert_true(str_eq(number.bad, rubbish.errors[1].sentence));
    assert_str(copies.show, "so=1");
    assert_str(copies.missing, ""); /* shown only sometimes: the server knows when */
}

/* The words are those of the birth form; its answers stay what they are. */
static void an_english_reader_is_asked_in_english(void **t)
{
    struct cx *cx = test_cx(t);
    const struct form_option whom[] = {{S("Cha"), S("Cha")}, {S("Mẹ"), S("Mẹ")}};
    const struct form_field child = {.id = S("ten"),
                                     .label = S("Họ, chữ đệm, tên của trẻ"),
                                     .hint = S("Viết đủ dấu, ví dụ: Hoàng Minh An"),
                                     .type = FORM_PERSON_NAME,
                                     .required = true,
                                     .max_length = 200};
    const struct form_field who = {.id = S("la"),
                                   .label = S("Bạn là gì của trẻ?"),
                                   .type = FORM_RADIO,
                                   .required = true,
                                   .options = whom,
                                   .options_n = 2};
    const struct form_field copies = {
        .id = S("so"), .label = S("Số bản sao"), .type = FORM_NUMBER, .suffix = S("bản")};
    struct web_value typed[] = {{S("la"), S("Cha")}};
    struct form_values v = {.v = typed, .n = 1};
    assert_str(form_said(cx, &who, S("Cha")), "Cha");
    cx->lang = S("en");
    struct look_field_view name = form_look_field(cx, &child, &(struct form_values){0}, S(""));
    assert_str(name.label, "Full name of the child");
    assert_str(name.hint, "Write it with all its marks, for example Hoàng Minh An");
    assert_str(name.missing, "Enter full name of the child.");
    assert_contains(name.bad, "Full name of the child holds only letters");
    struct look_field_view parent = form_look_field(cx, &who, &v, S(""));
    assert_str(parent.options[0].label, "Father");
    assert_str(parent.options[0].value, "Cha");
    assert_true(parent.options[0].on);
    assert_str(parent.missing, "Choose an answer for: How are you related to the child?");
    assert_str(form_said(cx, &who, S("Cha")), "Father");
    assert_str(form_said(cx, &copies, S("2 bản")), "2 copies");
    assert_str(form_said(cx, &child, S("Cha")), "Cha"); /* what they wrote themselves */
}

static void several_answers_are_said_each_for_itself(void **t)
{
    struct cx *cx = test_cx(t);
    const struct form_option kinds[] = {{S("Vợ"), S("Vợ")}, {S("Con"), S("Con")}};
    const struct form_field f = {.id = S("ai"),
                                 .label = S("Ai"),
                                 .type = FORM_CHECKBOX_GROUP,
                                 .options = kinds,
                                 .options_n = 2};
    assert_str(form_said(cx, &f, S("Vợ; Con")), "Vợ; Con");
    cx->lang = S("en");
    assert_str(form_said(cx, &f, S("Vợ; Con")), "Wife; Child");
    assert_str(form_said(cx, &f, S("")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_that_is_passed_over_sends_no_answer),
        TEST(what_was_chosen_stays_chosen),
        TEST(a_day_that_was_kept_is_shown_as_people_write_it),
        TEST(the_usual_answer_stands_ready_until_another_is_given),
        TEST(the_page_carries_the_sentences_of_the_server),
        TEST(an_english_reader_is_asked_in_english),
        TEST(several_answers_are_said_each_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
