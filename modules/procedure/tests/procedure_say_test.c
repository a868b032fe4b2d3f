/* procedure_say_test.c - terms, subjects and papers of a record in the reader's language. */
#include "procedure/procedure.h"

#include "testing/testing.h"

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){0});
}

static void a_term_is_said_in_the_readers_language(void **t)
{
    struct cx *cx = test_cx(t);
    const char *const same = "Trong ngày; nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo";
    static const char *const terms[][2] = {
        {"10 ngày làm việc", "10 working days"},
        {"1 ngày làm việc", "1 working day"},
        {"2,5 ngày", "2,5 days"},
        {"30 giờ", "30 hours"},
        {"Trong ngày", "The same day"},
        {"Trong ngày; nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo",
         "The same day; when received after 15:00, the next working day"},
        {"Trong ngày; nhận sau 14:30 thì trả vào ngày làm việc tiếp theo",
         "The same day; when received after 14:30, the next working day"},
        {"45 ngày kể từ ngày nhận", "45 ngày kể từ ngày nhận"}, /* no English: as it stands */
        {"", ""},
    };
    assert_true(str_eq(procedure_term_said(cx, str_c(same)), str_c(same)));
    cx->lang = S("en");
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        assert_true(str_eq(procedure_term_said(cx, str_c(terms[i][0])), str_c(terms[i][1])));
}

static void whom_a_procedure_is_for_is_said_in_one_language(void **t)
{
    struct cx *cx = test_cx(t);
    const struct str two = S("Tổ chức (không bao gồm doanh nghiệp, HTX), Công dân Việt Nam");
    assert_true(str_eq(procedure_subjects_said(cx, two), two));
    cx->lang = S("en");
    assert_str(procedure_subjects_said(cx, two),
               "organisations (not enterprises or cooperatives), Vietnamese citizens");
    /* What has no English leaves the whole list as it is. */
    assert_str(procedure_subjects_said(cx, S("Công dân Việt Nam, Hộ ở đảo")),
               "Công dân Việt Nam, Hộ ở đảo");
    assert_str(procedure_subjects_said(cx, S("(, ")), "(,");
    assert_str(procedure_subjects_said(cx, S("")), "");
}

static void when_a_paper_is_needed_is_said_in_the_readers_language(void **t)
{
    struct cx *cx = test_cx(t);
    const struct procedure_component c = {.when = S("Khi trẻ bị bỏ rơi"),
                                          .hint = S("Do cơ quan có thẩm quyền lập.")};
    assert_str(procedure_component_said(cx, &c),
               "Khi trẻ bị bỏ rơi. Do cơ quan có thẩm quyền lập.");
    cx->lang = S("en");
    assert_str(procedure_component_said(cx, &c),
               "When the child was abandoned. Made by the competent agency.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_term_is_said_in_the_readers_language),
        TEST(whom_a_procedure_is_for_is_said_in_one_language),
        TEST(when_a_paper_is_needed_is_said_in_the_readers_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
