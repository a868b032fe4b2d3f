/* look_test.c - components say what they are given, safely; instants and amounts read as written.
 */
#include "look/look.h"
#include "testing/testing.h"

#include "embed/embed.h"

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){0});
}

static struct str drawn_field(struct cx *cx, const struct look_field_view *f)
{
    struct html out = html_start(cx);
    look_field_html(&out, f);
    return html_done(&out).bytes;
}

#define ASSERT_BADGE(v, kind_, icon_, text_)                                                       \
    do {                                                                                           \
        struct look_due_badge_view b_ = (v);                                                       \
        assert_str(b_.kind, kind_);                                                                \
        assert_str(b_.icon, icon_);                                                                \
        assert_str(b_.text, text_);                                                                \
    } while (0)

/* The test's clock stands at 09:00 on Monday 23/11/2026. */
static void a_due_badge_says_what_is_left_or_late(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t now = cx->now;
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, now + 2 * DAY_MS, 0), "", "cal", "T4, 25/11");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, now + 8 * HOUR_MS + 30 * MINUTE_MS, 0), "warn",
                 "clock", "Trước 17:30");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, now - 5 * MINUTE_MS, 0), "err", "oct",
                 "Quá 5 phút");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, now - 3 * HOUR_MS, 0), "err", "oct", "Quá 3 giờ");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, now - 2 * DAY_MS, 0), "err", "oct", "Quá 2 ngày");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, now + 60 * DAY_MS, 0), "", "cal", "T6, 22/01/2027");
}

static void a_due_badge_near_midnight_counts_hours(void **t)
{
    struct cx *cx = test_cx(t);
    cx->now += 14 * HOUR_MS; /* 23:00 */
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, cx->now + 2 * HOUR_MS, 0), "warn", "clock",
                 "Còn 2 giờ");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, cx->now + HOUR_MS + 20 * MINUTE_MS, 0), "warn",
                 "clock", "Còn 1 giờ");
    cx->now += 45 * MINUTE_MS; /* 23:45 */
    ASSERT_BADGE(look_due(cx, LOOK_DUE_RUNNING, cx->now + 30 * MINUTE_MS, 0), "warn", "clock",
                 "Còn 30 phút");
}

static void a_stopped_or_ended_clock_is_not_late(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t now = cx->now;
    ASSERT_BADGE(look_due(cx, LOOK_DUE_PAUSED, now - 9 * DAY_MS, 0), "tim", "pause", "Tạm dừng");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_DONE, now - DAY_MS, now - 2 * DAY_MS), "ok", "check",
                 "Sớm 1 ngày");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_DONE, now, now), "ok", "check", "Đúng hạn");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_DONE, now - 3 * DAY_MS, now - DAY_MS), "err", "oct",
                 "Xong trễ 2 ngày");
    ASSERT_BADGE(look_due(cx, LOOK_DUE_NONE, now, 0), "", "", "");
}

static void a_badge_in_english_keeps_its_number(void **t)
{
    struct cx *cx = test_cx(t);
    cx->lang = S("en");
    struct look_due_badge_view v = look_due(cx, LOOK_DUE_RUNNING, cx->now - 2 * DAY_MS, 0);
    assert_contains(v.text, "2");
    assert_lacks(v.text, "Quá");
    assert_lacks(v.text, "{1}");
    assert_str(look_day_short(cx, cx->now + 2 * DAY_MS), "Wed, 25/11");
    assert_str(look_weekday_short(cx, 0), "Sun");
    cx->lang = S("vi");
    assert_str(look_weekday_short(cx, 0), "CN");
}

static void amounts_read_as_vietnamese_write_them(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(look_number(cx, 0), "0");
    assert_str(look_number(cx, 999), "999");
    assert_str(look_number(cx, 1284), "1.284");
    assert_str(look_number(cx, 9999999999), "9.999.999.999");
    assert_str(look_number(cx, -1000), "−1.000");
    assert_str(look_number(cx, INT64_MIN), "−9.223.372.036.854.775.808");
    assert_str(look_money(cx, 75000), "75.000\u00a0₫");
    assert_str(look_size(cx, 212'300), "212\u00a0kB");
    assert_str(look_size(cx, 2'449'000), "2,4\u00a0MB");
    assert_str(look_size(cx, 999), "999\u00a0byte");
}

static void names_and_numbers_of_people_are_shortened(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(look_initials(cx, S("Hoàng Thị Mai Anh")), "MA");
    assert_str(look_initials(cx, S("  đàm   thu  hà ")), "TH");
    assert_str(look_initials(cx, S("Ẳnh")), "Ẳ");
    assert_str(look_initials(cx, S("")), "");
    assert_str(look_id_masked(cx, S("020301001234")), "020\u00a0301\u00a000x\u00a0xxx");
    assert_str(look_id_masked(cx, S("123")), "xxx");
    assert_str(look_id_grouped(cx, S("020301001234")), "020\u00a0301\u00a0001\u00a0234");
}

static void what_was_typed_is_shown_as_text(void **t)
{
    struct cx *cx = test_cx(t);
    const struct look_field_view f = {
        .name = S("ten"), .label = S("<b>"), .value = S("\"><script>"), .wrong = S("<i>")};
    struct str page = drawn_field(cx, &f);
    assert_lacks(page, "<script>");
    assert_lacks(page, "<b>");
    assert_lacks(page, "<i>");
    assert_contains(page, "value=\"&quot;&gt;&lt;script&gt;\"");
}

static void an_error_is_tied_to_its_field(void **t)
{
    struct cx *cx = test_cx(t);
    const struct look_field_view f = {
        .name = S("so"), .label = S("Số"), .hint = S("12 chữ số"), .wrong = S("Nhập đủ")};
    struct str page = drawn_field(cx, &f);
    assert_contains(page, "aria-invalid=\"true\"");
    assert_contains(page, "aria-describedby=\"f-so-wrong f-so-hint\"");
    assert_contains(page, "id=\"f-so-wrong\"");
    assert_contains(page, "id=\"f-so-hint\"");
    assert_contains(page, "id=\"f-so\"");
}

static void a_date_has_three_named_boxes(void **t)
{
    struct cx *cx = test_cx(t);
    const struct look_field_view f = {
        .kind = LOOK_DATE, .name = S("sinh"), .label = S("Ngày sinh"), .year = S("2026")};
    struct str page = drawn_field(cx, &f);
    assert_contains(page, "name=\"sinh-ngay\"");
    assert_contains(page, "name=\"sinh-thang\"");
    assert_contains(page, "name=\"sinh-nam\" value=\"2026\"");
    assert_contains(page, "<legend");
}

static void more_than_seven_answers_become_a_list(void **t)
{
    struct cx *cx = test_cx(t);
    struct look_option options[8];
    for (int i = 0; i < 8; i++)
        options[i] = (struct look_option){
            .value = str_fmt(cx->arena, "v%d", i), .label = S("Tày"), .on = i == 3};
    struct look_field_view f = {.kind = LOOK_RADIO,
                                .name = S("d"),
                                .label = S("Dân tộc"),
                                .options = options,
                                .options_n = 7};
    assert_contains(drawn_field(cx, &f), "type=\"radio\"");
    f.options_n = 8;
    struct str page = drawn_field(cx, &f);
    assert_lacks(page, "type=\"radio\"");
    assert_contains(page, "<option value=\"v3\" selected>");
}

static void no_answer_that_binds_is_chosen_beforehand(void **t)
{
    struct cx *cx = test_cx(t);
    const struct look_field_view f = {
        .kind = LOOK_CHECK, .name = S("cam_doan"), .label = S("Tôi cam đoan")};
    assert_lacks(drawn_field(cx, &f), "checked");
}

static void a_pager_knows_its_ends(void **t)
{
    struct cx *cx = test_cx(t);
    struct look_pager_view v = look_pages(cx, S("?trang="), 1, 50, 1284, false);
    assert_str(v.shown, "1–50 trong 1.284");
    assert_str(v.prev, "");
    assert_str(v.next, "?trang=2");
    v = look_pages(cx, S("?trang="), 26, 50, 1284, false);
    assert_str(v.shown, "1.251–1.284 trong 1.284");
    assert_str(v.next, "");
    v = look_pages(cx, S("?trang="), 99, 50, 1284, false);
    assert_str(v.page, "26");
    v = look_pages(cx, S("?trang="), 1, 50, 0, true);
    assert_str(v.shown, "");
    assert_int_equal(v.numbers_n, 0);
}

static struct str numbers(struct cx *cx, int64_t page, int64_t pages)
{
    struct look_pager_view v = look_pages(cx, S("?t="), page, 1, pages, true);
    struct buf b = {.arena = cx->arena, .limit = 200};
    for (size_t i = 0; i < v.numbers_n; i++)
        buf_fmt(&b, "%s%.*s%s", i ? " " : "", F(v.numbers[i].label.n ? v.numbers[i].label : S("…")),
                v.numbers[i].current ? "*" : "");
    return buf_str(&b);
}

static void a_pager_shows_the_ends_and_the_neighbours(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(numbers(cx, 1, 3), "1* 2 3");
    assert_str(numbers(cx, 1, 12), "1* 2 … 12");
    assert_str(numbers(cx, 6, 12), "1 … 5 6* 7 … 12");
    assert_str(numbers(cx, 12, 12), "1 … 11 12*");
    assert_str(numbers(cx, 4, 5), "1 … 3 4* 5");
}

static void an_empty_table_says_what_will_be_here(void **t)
{
    struct cx *cx = test_cx(t);
    struct html out = html_start(cx);
    look_table_html(&out,
                    &(const struct look_table_view){.empty = {.title = S("Chưa có việc nào")}});
    assert_contains(html_done(&out).bytes, "Chưa có việc nào");
    assert_lacks(html_done(&out).bytes, "<table");
}

static void the_sheet_draws_every_component(void **t)
{
    struct cx *cx = test_cx(t);
    struct look_sheet_view sheet = look_sheet_sample(cx);
    struct html out = html_start(cx);
    look_sheet_html(&out, &sheet);
    assert_false(out.to.full);
    struct str page = html_done(&out).bytes;
    static const char *const parts[] = {
        "class=\"badge",     "class=\"btn",     "class=\"note",           "class=\"errors",
        "class=\"field",     "class=\"days",    "class=\"timeline",       "class=\"stepper",
        "class=\"process",   "class=\"tabs",    "class=\"filter",         "class=\"table",
        "class=\"pager",     "class=\"answers", "class=\"card component", "class=\"card stat",
        "class=\"signature", "class=\"empty"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_true(str_find(page, str_c(parts[i]), NULL));
}

/* An icon that is named but not drawn would be a hole in the page. */
static void every_icon_that_is_named_is_in_the_sprite(void **t)
{
    struct cx *cx = test_cx(t);
    const struct embed_file *sprite = embed_find(S("look/assets/icons.svg"));
    assert_non_null(sprite);
    struct look_sheet_view sheet = look_sheet_sample(cx);
    assert_int_equal(sheet.icons_n, 78);
    for (size_t i = 0; i < sheet.icons_n; i++)
        assert_true(str_find(sprite->bytes,
                             str_fmt(cx->arena, "<symbol id=\"%.*s\"", F(sheet.icons[i])), NULL));
    assert_true(sprite->brotli.n > 0 && sprite->brotli.n < 8192);
}

static void the_frame_holds_the_page_and_links_only_to_what_is_there(void **t)
{
    struct cx *cx = test_cx(t);
    const struct web_menu_entry menu[] = {
        {.title = S("Thủ tục"), .path = S("/thu-tuc"), .icon = S("file"), .current = true}};
    struct html main = html_start(cx), out = html_start(cx);
    html_text(&main, S("<phần chính>"));
    look_frame(cx, &out,
               &(const struct web_page){
                   .frame = WEB_FRAME_CITIZEN,
                   .title = S("Lỗi: Ngày sinh"),
                   .main = html_done(&main),
                   .lang = S("vi"),
                   .path = S("/thu-tuc"),
                   .return_to = S("/thu-tuc?q=a&lang=vi&b=%3C"),
                   .demo = true,
                   .menu = menu,
                   .menu_n = 1,
               });
    struct str page = html_done(&out).bytes;
    assert_contains(page, "<title>Lỗi: Ngày sinh – ");
    assert_contains(page, "&lt;phần chính&gt;");
    assert_contains(page, "aria-current=\"page\"");
    assert_contains(page, "href=\"/thu-tuc?lang=en&amp;q=a&amp;b=%3C\"");
    assert_contains(page, "Bản thử");
    assert_lacks(page, "/dang-nhap"); /* no module brings it here */
    assert_lacks(page, "style=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_due_badge_says_what_is_left_or_late),
        TEST(a_due_badge_near_midnight_counts_hours),
        TEST(a_stopped_or_ended_clock_is_not_late),
        TEST(a_badge_in_english_keeps_its_number),
        TEST(amounts_read_as_vietnamese_write_them),
        TEST(names_and_numbers_of_people_are_shortened),
        TEST(what_was_typed_is_shown_as_text),
        TEST(an_error_is_tied_to_its_field),
        TEST(a_date_has_three_named_boxes),
        TEST(more_than_seven_answers_become_a_list),
        TEST(no_answer_that_binds_is_chosen_beforehand),
        TEST(a_pager_knows_its_ends),
        TEST(a_pager_shows_the_ends_and_the_neighbours),
        TEST(an_empty_table_says_what_will_be_here),
        TEST(the_sheet_draws_every_component),
        TEST(every_icon_that_is_named_is_in_the_sprite),
        TEST(the_frame_holds_the_page_and_links_only_to_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
