/* codelist_test.c - versions of a list, the codes of a day, what became of a code, who is told. */
#include "codelist/codelist.h"

#include "codelist/codelist_inside.h"
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "notify/notify.h"
#include "org/org.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {&journal_module,  &org_module,      &notify_module,
                                               &identity_module, &codelist_module, NULL};
static const char *const packs[] = {"roles", "lang-son", "danh-muc", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs, .demo = true};

#define DAY_1 civil_day(2026, 1, 1)
#define DAY_2 civil_day(2026, 7, 1)

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static const char first_version[] =
    "{\"list\":\"nghe\",\"title\":\"Nghề thử\",\"owner\":\"Tỉnh\",\"version\":\"1\",\"from\":\"2026-01-01\","
    "\"basis\":\"Quyết định 1\",\"codes\":[{\"code\":\"A\",\"name\":\"Nông nghiệp\"},"
    "{\"code\":\"A1\",\"name\":\"Trồng trọt\",\"parent\":\"A\"},{\"code\":\"A2\",\"name\":\"Chăn nuôi\",\"parent\":\"A\"},"
    "{\"code\":\"B\",\"name\":\"Dịch vụ\"},{\"code\":\"C\",\"name\":\"Khác\"},{\"code\":\"D\",\"name\":\"Cũ\"}]}";
/* A1 and A2 join in A3; C is divided into C (goes on) and E; B is renamed; D ends. */
static const char second_version[] =
    "{\"list\":\"nghe\",\"title\":\"Nghề thử\",\"owner\":\"Tỉnh\",\"version\":\"2\",\"from\":\"2026-07-01\","
    "\"basis\":\"Quyết định 2\",\"codes\":[{\"code\":\"A\",\"name\":\"Nông nghiệp\"},"
    "{\"code\":\"A3\",\"name\":\"Trồng trọt, chăn nuôi\",\"parent\":\"A\"},"
    "{\"code\":\"B\",\"name\":\"Thương mại, dịch vụ\"},{\"code\":\"C\",\"name\":\"Khác\"},{\"code\":\"E\",\"name\":\"Số\"}],"
    "\"changes\":[{\"kind\":\"merge\",\"from\":\"A1\",\"to\":\"A3\"},{\"kind\":\"merge\",\"from\":\"A2\",\"to\":\"A3\"},"
    "{\"kind\":\"split\",\"from\":\"C\",\"to\":\"C\"},{\"kind\":\"split\",\"from\":\"C\",\"to\":\"E\"}]}";

static enum err load(struct cx *cx, const char *text, bool draft, struct pack_report *report)
{
    size_t next = 0;
    enum err e;
    *report = (struct pack_report){.lines = {.arena = cx->arena, .limit = 10000}};
    do
        e = test_write(cx, (draft ? codelist_load_draft
                                  : codelist_load)(cx, S("nghe.json"), str_c(text), &next, report));
    while (e == OK && next);
    return e;
}

static void load_both(struct cx *cx, struct codelist *l)
{
    struct pack_report r;
    assert_ok(load(cx, first_version, false, &r));
    assert_int_equal(r.added, 6);
    assert_ok(load(cx, second_version, false, &r));
    assert_int_equal(r.added, 2);   /* A3, E */
    assert_int_equal(r.changed, 4); /* B renamed; A1, A2, D ended */
    assert_ok(codelist_find(cx, S("nghe"), DAY_2, l));
}

static struct str codes_on(struct cx *cx, const struct codelist *l, int64_t day)
{
    struct codelist_query q = {.day = day, .after = -1};
    struct codelist_code c[20];
    struct buf b = {.arena = cx->arena, .limit = 1000};
    size_t n;
    assert_ok(codelist_codes(cx, l, &q, c, 20, &n));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s%.*s", i ? " " : "", F(c[i].code));
    return buf_str(&b);
}

static struct str became(struct cx *cx, const struct codelist *l, const char *code, int64_t then,
                         int64_t day)
{
    struct codelist_code c[20];
    struct buf b = {.arena = cx->arena, .limit = 1000};
    size_t n;
    assert_ok(codelist_became(cx, l, str_c(code), then, day, c, 20, &n));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s%.*s", i ? " " : "", F(c[i].code));
    return buf_str(&b);
}

static void each_day_has_the_codes_of_its_version(void **t)
{
    struct cx *cx = test_cx(t);
    struct codelist l;
    struct codelist_code c;
    load_both(cx, &l);
    assert_str(l.version, "2");
    assert_int_equal(l.codes, 5);
    assert_str(codes_on(cx, &l, DAY_1 - 1), "");
    assert_str(codes_on(cx, &l, DAY_1), "A A1 A2 B C D");
    assert_str(codes_on(cx, &l, DAY_2 - 1), "A A1 A2 B C D");
    assert_str(codes_on(cx, &l, DAY_2), "A A3 B C E");
    assert_ok(codelist_code(cx, &l, S("B"), DAY_2 - 1, &c));
    assert_str(c.name, "Dịch vụ");
    assert_ok(codelist_code(cx, &l, S("B"), DAY_2, &c));
    assert_str(c.name, "Thương mại, dịch vụ");
    assert_err(codelist_code(cx, &l, S("D"), DAY_2, &c), ERR_NOT_FOUND);
    struct codelist_query q = {.words = S("trong trot"), .day = DAY_2, .after = -1};
    size_t n;
    assert_ok(codelist_codes(cx, &l, &q, &c, 1, &n));
    assert_int_equal(n, 1);
    assert_str(c.code, "A3");
}

static void what_became_of_a_code_follows_mergers_and_divisions(void **t)
{
    struct cx *cx = test_cx(t);
    struct codelist l;
    load_both(cx, &l);
    assert_str(became(cx, &l, "A1", DAY_1, DAY_2), "A3");
    assert_str(became(cx, &l, "A1", DAY_1, DAY_2 - 1), "A1");
    assert_str(became(cx, &l, "C", DAY_1, DAY_2), "C E");
    assert_str(became(cx, &l, "B", DAY_1, DAY_2), "B");
    assert_str(became(cx, &l, "D", DAY_1, DAY_2), "");
}

static void the_difference_of_two_days_is_what_happened_between(void **t)
{
    struct cx *cx = test_cx(t);
    struct codelist l;
    struct codelist_change c[20];
    int64_t after = 0;
    size_t n, seen = 0;
    load_both(cx, &l);
    do { /* in pages */
        assert_ok(codelist_diff(cx, &l, DAY_1, DAY_2, &after, c, 3, &n));
        seen += n;
    } while (n == 3);
    assert_int_equal(seen, 10); /* new A3 E; rename B; retire A1 A2 D; merge 2; split 2 */
    after = 0;
    assert_ok(codelist_diff(cx, &l, DAY_2, DAY_2 + 100, &after, c, 20, &n));
    assert_int_equal(n, 0);
    assert_ok(codelist_changes(cx, &l, S("B"), c, 20, &n));
    assert_int_equal(n, 1);
    assert_str(c[0].from_name, "Dịch vụ");
    assert_str(c[0].to_name, "Thương mại, dịch vụ");
}

static void loading_again_adds_nothing_and_an_older_version_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct codelist l;
    struct pack_report r;
    load_both(cx, &l);
    int64_t codes = rows_of(cx, "codelist_code"), changes = rows_of(cx, "codelist_change");
    assert_ok(load(cx, second_version, false, &r));
    assert_int_equal(r.added + r.changed, 0);
    assert_int_equal(r.same, 5);
    assert_ok(load(cx, first_version, false, &r));
    assert_int_equal(r.added + r.changed, 0);
    assert_int_equal(rows_of(cx, "codelist_code"), codes);
    assert_int_equal(rows_of(cx, "codelist_change"), changes);
    static const char older[] =
        "{\"list\":\"nghe\",\"title\":\"Nghề thử\",\"version\":\"0\","
        "\"from\":\"2025-01-01\",\"basis\":\"x\",\"codes\":[{\"code\":\"A\",\"name\":\"a\"}]}";
    assert_err(load(cx, older, false, &r), ERR_CONFLICT);
    assert_why(cx, "đã có bản mới hơn");
    assert_err(load(cx, "{\"list\":\"nghe\"}", false, &r), ERR_INVALID);
    assert_err(load(cx, "{", false, &r), ERR_INVALID);
}

static void the_shipped_lists_are_whole(void **t)
{
    struct cx *cx = test_cx(t);
    struct codelist l[10];
    struct codelist_code c;
    size_t n;
    assert_ok(codelist_lists(cx, S(""), day_of(cx->now), l, 10, &n));
    assert_int_equal(n, 3);
    assert_ok(codelist_find(cx, S("dan-toc"), day_of(cx->now), l));
    assert_int_equal(l->codes, 56);
    assert_ok(codelist_code(cx, l, S("54"), day_of(cx->now), &c));
    assert_str(c.name, "Rơ Măm");
    assert_ok(codelist_find(cx, S("quoc-gia"), day_of(cx->now), l));
    assert_int_equal(l->codes, 249);
    assert_ok(codelist_code(cx, l, S("VN"), day_of(cx->now), &c));
    assert_contains(c.attrs, "VNM");
}

static int64_t notices(struct cx *cx)
{
    int64_t n;
    assert_ok(
        db_one_int(cx, &n, "select count(*) from notify_notice where kind = 'codelist.version'"));
    return n;
}

static struct browser *signed_in_as(struct cx *cx, const char *login)
{
    struct browser *b = browser_new(cx);
    assert_opens(b, "/dang-nhap", 200);
    assert_true(browser_fill(b, "tai_khoan", login));
    assert_true(browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD));
    assert_true(browser_press(b, "Đăng nhập"));
    return b;
}

static void a_draft_is_approved_by_the_province_and_subscribers_are_told_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct codelist l;
    struct pack_report r;
    int ran;
    assert_ok(load(cx, first_version, false, &r));
    assert_ok(jobs_run_due(cx, &ran));
    struct browser *b = signed_in_as(cx, "motcua.kylua");
    assert_opens(b, "/danh-muc/nghe", 200);
    assert_true(browser_press(b, "Báo tôi khi có bản mới"));
    assert_sees(b, "Bạn sẽ được báo");
    assert_sees(b, "Thôi theo dõi");
    assert_ok(load(cx, second_version, true, &r));
    assert_ok(codelist_find(cx, S("nghe"), DAY_2, &l));
    assert_str(l.version, "1"); /* a draft changes nothing */
    assert_opens(b, "/quan-tri/danh-muc", 403);
    struct browser *admin = signed_in_as(cx, "quantri");
    assert_opens(admin, "/quan-tri/danh-muc", 200);
    assert_true(browser_click(admin, "nghe"));
    assert_sees(admin, "Thêm 2, đổi 1, bỏ 3 mã.");
    assert_sees(admin, "~ B Dịch vụ → Thương mại, dịch vụ");
    assert_true(browser_press(admin, "Duyệt"));
    assert_sees(admin, "Đã duyệt");
    assert_ok(jobs_run_due(cx, &ran));
    assert_ok(codelist_find(cx, S("nghe"), DAY_2, &l));
    assert_str(l.version, "2");
    assert_int_equal(notices(cx), 1);
    assert_ok(load(cx, second_version, false, &r));
    assert_ok(jobs_run_due(cx, &ran));
    assert_int_equal(notices(cx), 1);
    assert_opens(b, "/thong-bao", 200);
    assert_sees(b, "Danh mục Nghề thử có bản mới, từ ngày 01/07/2026");
    assert_sees(b, "Thêm 2, đổi 1, bỏ 3 mã");
}

static void people_browse_search_and_compare_and_programs_ask_for_json(void **t)
{
    struct cx *cx = test_cx(t);
    struct codelist l;
    load_both(cx, &l);
    struct browser *b = browser_new(cx);
    assert_opens(b, "/danh-muc?q=dan+toc", 200);
    assert_true(browser_click(b, "Dân tộc"));
    assert_true(browser_fill(b, "q", "ro mam"));
    assert_true(browser_press(b, "Tìm"));
    assert_sees(b, "Rơ Măm");
    assert_not_sees(b, "Kinh");
    assert_opens(b, "/danh-muc/nghe/ma/A1?ngay=2026-01-01", 200);
    assert_sees(b, "Đã thôi dùng");
    assert_sees(b, "Nay là A3 Trồng trọt, chăn nuôi");
    assert_opens(b, "/danh-muc/nghe/so-sanh?tu=2026-06-30&den=2026-07-01", 200);
    assert_sees(b, "đổi tên Dịch vụ → Thương mại, dịch vụ");
    assert_opens(b, "/danh-muc/khong-co", 404);
    assert_opens(b, "/api/danh-muc", 200);
    assert_contains(browser_page(b)->body, "\"list\":\"dan-toc\"");
    assert_opens(b, "/api/danh-muc/nghe?ngay=2026-03-01", 200);
    assert_contains(browser_page(b)->body, "\"version\":\"1\"");
    assert_opens(b, "/api/danh-muc/nghe?cha=A", 200);
    assert_lacks(browser_page(b)->body, "\"code\":\"B\"");
    assert_opens(b, "/api/danh-muc/nghe/ma/A3", 200);
    assert_contains(browser_page(b)->body, "\"ancestors\":[{\"code\":\"A\"");
    assert_opens(b, "/api/danh-muc/nghe/ma/A1/tro-thanh?ngay=2026-01-01", 200);
    assert_contains(browser_page(b)->body, "\"code\":\"A3\"");
    assert_opens(b, "/api/danh-muc/nghe/khac-biet?tu=2026-01-01&den=2026-07-01", 200);
    assert_contains(browser_page(b)->body, "\"kind\":\"retire\"");
    assert_opens(b, "/api/danh-muc/nghe/khac-biet?tu=xa", 422);
    assert_opens(b, "/api/danh-muc/nghe/tat-ca.csv", 200);
    assert_contains(browser_page(b)->body, "A3,A,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_day_has_the_codes_of_its_version),
        TEST(what_became_of_a_code_follows_mergers_and_divisions),
        TEST(the_difference_of_two_days_is_what_happened_between),
        TEST(loading_again_adds_nothing_and_an_older_version_is_refused),
        TEST(the_shipped_lists_are_whole),
        TEST(a_draft_is_approved_by_the_province_and_subscribers_are_told_once),
        TEST(people_browse_search_and_compare_and_programs_ask_for_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
