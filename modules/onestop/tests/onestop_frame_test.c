/* onestop_frame_test.c - what stands around every page: the officer's desk, what waits behind its
 * places, and the bell. */
#include "onestop_fixture.h"

static bool drawn(struct browser *b, const char *text)
{
    return str_find(browser_page(b)->body, str_c(text), NULL);
}

static void an_officers_own_pages_are_drawn_at_the_desk(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const own[] = {"/thong-bao", "/tai-khoan", "/tai-khoan/ai-da-doc",
                                      "/tai-khoan/mat-khau"};
    struct browser *officer = signed_in_as(cx, COUNTER), *mai = signed_in_as(cx, MAI);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        assert_opens(officer, own[i], 200);
        assert_true(drawn(officer, "<body class=\"officer\">"));
        assert_true(drawn(officer, "href=\"/viec\""));
        assert_opens(mai, own[i], 200);
        assert_true(drawn(mai, "<body class=\"citizen\">"));
    }
    assert_opens(officer, "/khong-co-trang-nay", 404);
    assert_true(drawn(officer, "<body class=\"officer\">"));
    assert_opens(mai, "/khong-co-trang-nay", 404);
    assert_true(drawn(mai, "<body class=\"citizen\">"));
}

static void the_rail_counts_what_is_to_be_done_and_marks_what_is_late(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct browser *counter = signed_in_as(cx, COUNTER), *clerk = signed_in_as(cx, CLERK),
                   *other = signed_in_as(cx, OTHER_COUNTER);
    assert_opens(counter, "/viec", 200);
    assert_false(drawn(counter, "Việc của tôi</span><span class=\"count"));
    send_one(cx, &d);
    send_one(cx, &d);
    assert_opens(counter, "/thong-bao", 200); /* on every page of the desk */
    assert_true(drawn(counter, "Việc của tôi</span><span class=\"count\">2</span>"));
    assert_opens(other, "/viec", 200);
    assert_false(drawn(other, "Việc của tôi</span><span class=\"count"));

    accept_one(cx, &d);
    hand_over_one(cx, &d);
    assert_opens(clerk, "/viec", 200);
    assert_true(drawn(clerk, "Việc của tôi</span><span class=\"count\">1</span>"));
    testing_set_now(cx, d.due_at + MINUTE_MS);
    clerk = signed_in_as(cx, CLERK);
    assert_opens(clerk, "/viec", 200);
    assert_true(drawn(clerk, "Việc của tôi</span><span class=\"count hot\">1</span>"));
    act_as(cx, CLERK); /* what waits for the person is not to be done */
    assert_ok(test_write(cx, onestop_ask_payment(cx, &d, 1000, S("Phí."), S("Điều 1"))));
    assert_opens(clerk, "/viec", 200);
    assert_false(drawn(clerk, "Việc của tôi</span><span class=\"count"));
}

static void the_count_ends_at_ninety_nine(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    for (int i = 0; i < 101; i++)
        send_one(cx, &d);
    struct browser *counter = signed_in_as(cx, COUNTER);
    assert_opens(counter, "/viec", 200);
    assert_true(drawn(counter, "Việc của tôi</span><span class=\"count\">99+</span>"));
}

static void the_bell_says_how_much_is_new(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct browser *mai = signed_in_as(cx, MAI);
    assert_opens(mai, "/ho-so", 200);
    assert_false(drawn(mai, "Thông báo ("));
    send_one(cx, &d);
    accept_one(cx, &d);
    assert_opens(mai, "/ho-so", 200);
    assert_true(drawn(mai, "Thông báo (2)"));
    assert_opens(mai, "/thong-bao", 200);
    assert_true(browser_press(mai, "Đánh dấu đã đọc"));
    assert_opens(mai, "/ho-so", 200);
    assert_false(drawn(mai, "Thông báo ("));
}

/* What code says, not only what views say. */
static void pages_speak_english_to_whoever_asks_for_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    static const char *const left[] = {
        "Chờ nghĩa vụ", "Bạn cần nộp", "Việc của bạn", "Nơi giải quyết", "Hẹn trả", "Tờ khai",
        "Trạng thái",   "Người nộp",   "Giấy tờ",      "Xác nhận đã",    "Chứng từ"};
    bring_to(cx, &d, DOSSIER_PAYMENT);
    struct browser *mai = signed_in_as(cx, MAI), *counter = signed_in_as(cx, COUNTER);
    const char *status = str_fmt(cx->arena, "/ho-so/%.*s?lang=en", F(d.request_code)).p,
               /* not the tab of the form, whose words are Vietnamese */
        *work = str_fmt(cx->arena, "/viec/%.*s?xem=ghi-chu&lang=en", F(d.code)).p,
               *paid = str_fmt(cx->arena, "/viec/%.*s/mot-cua/da-nop?lang=en", F(d.code)).p;
    assert_opens(mai, status, 200);
    assert_sees(mai, "You need to pay");
    assert_sees(mai, "Pay in cash at");
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        if (browser_sees(mai, str_c(left[i])))
            fail_msg("%s: %s", status, left[i]);
    assert_opens(counter, paid, 200);
    assert_sees(counter, "Confirm the payment");
    assert_sees(counter, "Where did the person pay?");
    assert_opens(counter, work, 200);
    assert_sees(counter, "Payment asked");
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        if (browser_sees(counter, str_c(left[i])))
            fail_msg("%s: %s", work, left[i]);
    assert_opens(mai, "/ho-so?lang=en", 200);
    assert_sees(mai, "Dossiers you sent");
}

/* One journal, read by two: its sentences are kept once, with their values. */
static void the_timeline_and_notices_are_said_in_the_language_of_their_reader(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PAYMENT);
    struct browser *mai = signed_in_as(cx, MAI);
    const char *status = str_fmt(cx->arena, "/ho-so/%.*s", F(d.request_code)).p;
    assert_opens(mai, status, 200);
    assert_true(browser_sees(mai, str_fmt(cx->arena, "Đã tiếp nhận, mã hồ sơ %.*s", F(d.code))));
    assert_opens(mai, str_fmt(cx->arena, "%s?lang=en", status).p, 200);
    assert_true(browser_sees(mai, str_fmt(cx->arena, "Accepted, dossier code %.*s", F(d.code))));
    assert_sees(mai, "Handed over to");
    assert_opens(mai, "/thong-bao?lang=en", 200);
    assert_sees(mai, "The dossier was accepted");
    assert_true(browser_sees(mai, str_fmt(cx->arena, "Dossier code %.*s. Due", F(d.code))));
    assert_opens(mai, "/thong-bao?lang=vi", 200);
    assert_sees(mai, "Hồ sơ đã được tiếp nhận");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_officers_own_pages_are_drawn_at_the_desk),
        TEST(the_rail_counts_what_is_to_be_done_and_marks_what_is_late),
        TEST(the_count_ends_at_ninety_nine),
        TEST(pages_speak_english_to_whoever_asks_for_it),
        TEST(the_timeline_and_notices_are_said_in_the_language_of_their_reader),
        TEST(the_bell_says_how_much_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
