/* notify_pages_test.c - the list behind the bell, and whose address a mail goes to. */
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "org/org.h"
#include "testing/browser.h"
#include "testing/world.h"

#define MAI "020192999101"

static enum err show_home(struct cx *, struct web_req *, struct web_res *rs)
{
    html_lit(&rs->body, "<h1>Trang chủ</h1>");
    return OK;
}

/* clang-format off */
static const struct route home_routes[] = {{GET, "/", "Trang chủ", &anyone, READ, .show = show_home}, {0}};
/* clang-format on */
static const struct module home_module = {
    .name = "home", .title = "Trang chủ", .routes = home_routes};
static const struct module *const modules[] = {&journal_module,  &notify_module, &org_module,
                                               &identity_module, &home_module,   NULL};
static const char *const packs[] = {"roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .demo = true, .frame = look_frame};

static enum err open_world(struct cx *cx)
{
    cx->env->settings = settings_new();
    return testing_open_world(cx, &world);
}

static void close_world(struct cx *cx)
{
    testing_close_world(cx);
    settings_free(cx->env->settings);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = close_world});
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

static int64_t account_of(struct cx *cx, const char *login)
{
    struct account a;
    assert_ok(account_by_login(cx, str_c(login), &a));
    return a.id;
}

static void tell(struct cx *cx, const char *login, const char *title)
{
    struct notice n = {
        .account = account_of(cx, login),
        .kind = S("test.news"),
        .title = str_c(title),
        .body = S("Trung tâm đang giữ hồ sơ."),
        .link = S("/ho-so/YC-1"),
    };
    assert_ok(test_write(cx, notify_send(cx, &n)));
}

static void a_person_reads_and_marks_what_is_new(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, MAI);
    assert_opens(b, "/thong-bao", 200);
    assert_sees(b, "Chưa có thông báo");
    tell(cx, MAI, "Hồ sơ đã tiếp nhận");
    tell(cx, MAI, "Hồ sơ <b>đã xong</b>");
    tell(cx, "hotich.kylua", "Của người khác");
    assert_opens(b, "/thong-bao", 200);
    assert_sees(b, "Có 2 thông báo chưa đọc.");
    assert_sees(b, "Hồ sơ đã tiếp nhận");
    assert_contains(browser_page(b)->body, "&lt;b&gt;đã xong");
    assert_not_sees(b, "Của người khác");
    tell(cx, MAI, "Tin đến sau khi mở trang");
    assert_true(browser_press(b, "Đánh dấu đã đọc"));
    assert_sees(b, "Có 1 thông báo chưa đọc.");
    assert_true(browser_press(b, "Đánh dấu đã đọc"));
    assert_not_sees(b, "chưa đọc");
    assert_sees(b, "Tin đến sau khi mở trang");
}

static void older_ones_are_a_page_further(void **t)
{
    struct cx *cx = test_cx(t);
    for (int i = 1; i <= 31; i++)
        tell(cx, MAI, str_fmt(cx->arena, "Tin số %d.", i).p);
    struct browser *b = signed_in_as(cx, MAI);
    assert_opens(b, "/thong-bao", 200);
    assert_not_sees(b, "Tin số 1.");
    assert_true(browser_click(b, "Xem các thông báo trước đó"));
    assert_sees(b, "Tin số 1.");
    assert_not_sees(b, "Tin số 2.");
}

static int64_t mails_in_state(struct cx *cx, int state)
{
    int64_t n;
    assert_ok(db_one_int(cx, &n, "select count(*) from notify_mail where state = $1", V(state)));
    return n;
}

static void give_address(struct cx *cx, const char *login, const char *email)
{
    int64_t person;
    struct person p;
    assert_ok(account_person(cx, account_of(cx, login), &person));
    assert_ok(person_find(cx, person, &p));
    p.email = str_c(email);
    assert_ok(test_write(cx, person_update(cx, &p)));
}

static void a_mail_goes_to_the_address_that_identity_keeps(void **t)
{
    struct cx *cx = test_cx(t);
    int ran;
    settings_set(cx->env->settings, S("smtp.url"), S("smtp://127.0.0.1:1")); /* nobody there */
    settings_set(cx->env->settings, S("smtp.from"), S("khong-tra-loi@langson.test"));
    give_address(cx, MAI, "mai@nhan.test");
    give_address(cx, "hotich.kylua", "");
    tell(cx, MAI, "Hồ sơ đã tiếp nhận");
    tell(cx, "hotich.kylua", "Hồ sơ đã tiếp nhận");
    assert_ok(jobs_run_due(cx, &ran));
    assert_int_equal(mails_in_state(cx, 1), 1); /* tried, the server is away */
    assert_int_equal(mails_in_state(cx, 6), 1); /* no address: the notice inside is all */
}

static void a_stranger_is_asked_to_sign_in(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    browser_open(b, "/thong-bao");
    assert_sees(b, "Đăng nhập");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_person_reads_and_marks_what_is_new),
        TEST(older_ones_are_a_page_further),
        TEST(a_mail_goes_to_the_address_that_identity_keeps),
        TEST(a_stranger_is_asked_to_sign_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
