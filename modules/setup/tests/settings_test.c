/* settings_test.c - the mail server stated on a page: checked, sealed, used at once, tried with a
 * letter; the file and the environment win. */
#include "../setup_settings.h"

#include "smtp.h"

#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "onestop/onestop.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "setup/setup.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {
    &journal_module,   &org_module,    &calendar_module, &identity_module, &form_module,
    &procedure_module, &notify_module, &onestop_module,  &setup_module,    NULL};
static const char *const packs[] = {"roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .demo = true, .frame = look_frame};
static const char *file_name; /* of site.name, likewise */
static const char *file_smtp; /* what tinhso.conf says of smtp.from; NULL: nothing */

static enum err open_world(struct cx *cx)
{
    cx->env->settings = settings_new();
    if (file_smtp)
        settings_set(cx->env->settings, S("smtp.from"), str_c(file_smtp));
    if (file_name)
        settings_set(cx->env->settings, S("site.name"), str_c(file_name));
    return testing_open_world(cx, &world);
}

static void close_world(struct cx *cx)
{
    testing_close_world(cx);
    settings_free(cx->env->settings);
    cx->env->settings = NULL;
}

static int start(void **t)
{
    file_smtp = file_name = NULL;
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = close_world});
}

static int end(void **t)
{
    end_server();
    return testing_end(t);
}
#define SETTINGS_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

static struct browser *administrator(struct cx *cx)
{
    struct browser *b = testing_person(cx, "hethong", IDENTITY_DEMO_PASSWORD);
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    return b;
}

static void state(struct browser *b, const char *url, const char *from)
{
    assert_true(browser_fill(b, "may_chu", url));
    assert_true(browser_fill(b, "nguoi_gui", from));
    assert_true(browser_fill(b, "ma_hoa", "none"));
    assert_true(browser_fill(b, "mat_khau_thu", "mật khẩu thư"));
    assert_true(browser_press(b, "Lưu thiết đặt"));
}

static void run_jobs(struct cx *cx)
{
    int ran;
    assert_ok(jobs_run_due(cx, &ran));
}

static const char *local(struct cx *cx)
{
    return str_fmt(cx->arena, "smtp://127.0.0.1:%.*s", F(str_trim(str_c(port)))).p;
}

static void what_is_stated_is_used_and_tried(void **t)
{
    struct cx *cx = test_cx(t);
    const struct json *m;
    begin_server();
    struct browser *b = administrator(cx);
    state(b, local(cx), "khong-tra-loi@langson.test");
    assert_sees(b, "Đã lưu thiết đặt.");
    run_jobs(cx);
    assert_true(str_eq(setup_setting_now(cx, "smtp.url"), str_c(local(cx))));
    assert_str(setup_setting_now(cx, "smtp.password"), "mật khẩu thư");
    settings_set(cx->env->settings, S("smtp.user"), S("")); /* this server asks for none */
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_lacks(browser_page(b)->body, "mật khẩu thư");
    assert_true(browser_press(b, "Gửi thư thử"));
    run_jobs(cx);
    assert_int_equal(received(cx, 0, &m), 1);
    assert_str(json_text(json_at(json_get(m, S("to")), 0)), "khong-tra-loi@langson.test");
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_sees(b, "Máy chủ thư đã nhận thư thử");
    state(b, "smtp://127.0.0.1:1", "khong-tra-loi@langson.test");
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_true(browser_press(b, "Gửi thư thử")); /* before anybody took what was stated */
    run_jobs(cx);
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_sees(b, "Máy chủ thư không nhận thư thử");
}

static void what_is_stated_stays_after_a_restart_and_sealed(void **t)
{
    struct cx *cx = test_cx(t);
    auto_rows rows = {0};
    struct browser *b = administrator(cx);
    state(b, "smtp://localhost:2525", "khong-tra-loi@langson.test");
    testing_restart(cx);
    assert_str(setup_setting_now(cx, "smtp.url"), "smtp://localhost:2525");
    assert_ok(db_query(cx, &rows, "select value from setup_setting where name = 'smtp.password'"));
    assert_true(db_next(&rows));
    assert_false(str_find(db_bytes(&rows, 0), S("mật khẩu thư"), NULL));
}

/* Left empty the password stays. */
static void an_empty_password_keeps_the_one_there(void **t)
{
    struct cx *cx = test_cx(t);
    struct str kept;
    struct browser *b = administrator(cx);
    state(b, "smtp://localhost:2525", "khong-tra-loi@langson.test");
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_true(browser_press(b, "Lưu thiết đặt"));
    assert_ok(setup_setting_kept(cx, "smtp.password", &kept));
    assert_str(kept, "mật khẩu thư");
}

static void each_wrong_answer_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = administrator(cx);
    assert_true(browser_fill(b, "nhan_chung", "thanh tra"));
    state(b, "http://mail", "không phải thư");
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Máy chủ thư phải có dạng");
    assert_sees(b, "Địa chỉ gửi phải có dạng");
    assert_sees(b, "Thư của nhân chứng phải có dạng");
    assert_sees(b, "Chỉ bỏ mã hóa khi máy chủ thư ở chính máy này.");
    assert_int_equal(rows_of(cx, "setup_setting"), 0);
    state(b, "smtp://mail.langson.test:587\r\nX: y", "a@langson.test");
    assert_int_equal(browser_page(b)->status, 422);
}

static void the_file_wins(void **t)
{
    struct cx *cx = test_cx(t);
    file_smtp = "tep@langson.test";
    testing_restart(cx); /* the settings of the file are there from the start */
    struct browser *b = administrator(cx);
    assert_sees(b, "đặt trong tinhso.conf");
    assert_sees(b, "tep@langson.test");
    assert_true(browser_fill(b, "may_chu", "smtp://localhost:2525"));
    assert_true(browser_fill(b, "ma_hoa", "none"));
    assert_true(browser_press(b, "Lưu thiết đặt"));
    assert_sees(b, "Đã lưu thiết đặt.");
    run_jobs(cx);
    assert_str(setup_setting_now(cx, "smtp.from"), "tep@langson.test");
    assert_str(setup_setting_now(cx, "smtp.url"), "smtp://localhost:2525");
}

static void name_and_hours_stand_on_every_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = administrator(cx), *visitor = browser_new(cx);
    assert_opens(visitor, "/dang-nhap", 200);
    assert_sees(visitor, "Dịch vụ công Lạng Sơn");
    assert_sees(visitor, "Tổng đài 1022");
    assert_true(browser_fill(b, "ten_trang", "Dịch vụ công <thử>"));
    assert_true(browser_fill(b, "gio_lam_viec", "Thứ Hai đến thứ Sáu, 08:00–17:00"));
    assert_true(browser_fill(b, "lien_he", "Số 1 Hùng Vương"));
    assert_true(browser_fill(b, "tong_dai", "0205 3812 345"));
    assert_true(browser_press(b, "Lưu thiết đặt"));
    assert_sees(b, "Đã lưu thiết đặt.");
    run_jobs(cx);
    assert_opens(visitor, "/dang-nhap", 200);
    assert_sees(visitor, "Dịch vụ công <thử>"); /* as text */
    assert_lacks(browser_page(visitor)->body, "<thử>");
    assert_sees(visitor, "Thứ Hai đến thứ Sáu, 08:00–17:00");
    assert_sees(visitor, "Số 1 Hùng Vương");
    assert_sees(visitor, "Tổng đài 0205 3812 345");
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_true(browser_fill(b, "ten_trang", ""));
    assert_true(browser_fill(b, "tong_dai", ""));
    assert_true(browser_press(b, "Lưu thiết đặt"));
    run_jobs(cx);
    assert_opens(visitor, "/dang-nhap", 200);
    assert_sees(visitor, "Dịch vụ công Lạng Sơn"); /* not an empty head */
    assert_sees(visitor, "Tổng đài 1022");
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_true(browser_fill(b, "tong_dai", "gọi tôi"));
    assert_true(browser_fill(b, "gio_lam_viec", "sáng | chiều"));
    assert_true(browser_press(b, "Lưu thiết đặt"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Số tổng đài chỉ gồm chữ số");
    assert_sees(b, "Giờ làm việc chỉ một dòng");
}

/* `tinhso init` writes a first name into the file: the administrator may say another. */
static void of_the_name_the_page_wins_and_the_file_comes_back(void **t)
{
    struct cx *cx = test_cx(t);
    file_name = "Tên trong tệp";
    testing_restart(cx);
    struct browser *b = administrator(cx);
    assert_true(browser_press(b, "Lưu thiết đặt")); /* nothing was changed, nothing is kept */
    run_jobs(cx);
    struct str kept;
    assert_ok(setup_setting_kept(cx, "site.name", &kept));
    assert_int_equal(kept.n, 0);
    assert_opens(b, "/quan-tri/thiet-dat", 200);
    assert_true(browser_fill(b, "ten_trang", "Tên trên trang"));
    assert_true(browser_press(b, "Lưu thiết đặt"));
    run_jobs(cx);
    assert_str(setup_setting_now(cx, "site.name"), "Tên trên trang");
    testing_restart(cx);
    assert_str(setup_setting_now(cx, "site.name"), "Tên trên trang");
    b = administrator(cx);
    assert_true(browser_fill(b, "ten_trang", ""));
    assert_true(browser_press(b, "Lưu thiết đặt"));
    run_jobs(cx);
    assert_str(setup_setting_now(cx, "site.name"), "Tên trong tệp");
}

/* The link goes to the mailbox of the newcomer and nowhere else; it opens once. */
static void a_newcomer_gets_the_link_by_mail(void **t)
{
    struct cx *cx = test_cx(t);
    const struct json *m;
    int64_t account;
    size_t at, stop;
    struct person p = {.kind = S("cong_dan"),
                       .name = S("Hứa Thị Mới"),
                       .born_on = INT64_MIN,
                       .email = S("moi@langson.test")};
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, S("H37.114"), day_of(cx->now), &u));
    assert_ok(test_write(cx, person_put(cx, &p)));
    assert_ok(test_write(
        cx, account_add(cx, S("moi.kylua"), IDENTITY_NO_PASSWORD, p.id, p.name, &account)));
    assert_ok(test_write(cx, role_grant(cx, account, S("chuyen_vien"), u.id, 0, 0)));
    begin_server();
    struct browser *b = administrator(cx), *newcomer = browser_new(cx), *late = browser_new(cx);
    state(b, local(cx), "khong-tra-loi@langson.test");
    run_jobs(cx);
    settings_set(cx->env->settings, S("smtp.user"), S(""));
    assert_opens(b, str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)account).p, 200);
    assert_true(browser_press(b, "Gửi đường dẫn qua thư"));
    assert_sees(b, "Đang gửi đường dẫn");
    assert_lacks(browser_page(b)->body, "/kich-hoat/");
    assert_int_equal(rows_of(cx, "identity_invite"), 0); /* made when the letter goes */
    run_jobs(cx);
    assert_int_equal(received(cx, 0, &m), 1);
    assert_str(json_text(json_at(json_get(m, S("to")), 0)), "moi@langson.test");
    const struct str text = json_text(json_get(m, S("body")));
    assert_contains(text, "moi.kylua");
    assert_true(str_find(text, S("/kich-hoat/"), &at));
    const struct str rest = str_from(text, at);
    for (stop = 0; stop < rest.n && (unsigned char)rest.p[stop] > ' ';)
        stop++;
    const char *link = str_z(cx->arena, str_until(rest, stop));
    assert_opens(newcomer, link, 200);
    assert_true(browser_fill(newcomer, "mat_khau_moi", "bốn từ ghép lại"));
    assert_true(browser_fill(newcomer, "mat_khau_lai", "bốn từ ghép lại"));
    assert_true(browser_press(newcomer, "Đặt mật khẩu và đăng nhập"));
    assert_sees(newcomer, "Đã đặt mật khẩu.");
    assert_opens(late, link, 404);
}

/* A server that takes no letters is asked five times; then nobody is mailed any more. */
static void mails_that_do_not_go_end(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t account, n = 0;
    struct person p = {.kind = S("cong_dan"),
                       .name = S("Hứa Thị Mới"),
                       .born_on = INT64_MIN,
                       .email = S("moi@langson.test")};
    assert_ok(test_write(cx, person_put(cx, &p)));
    assert_ok(test_write(
        cx, account_add(cx, S("moi.kylua"), IDENTITY_NO_PASSWORD, p.id, p.name, &account)));
    settings_set(cx->env->settings, S("smtp.url"), S("smtp://127.0.0.1:1"));
    settings_set(cx->env->settings, S("smtp.from"), S("a@langson.test"));
    assert_ok(test_write(cx, identity_invite_by_mail(cx, account)));
    assert_ok(test_write(cx, identity_invite_by_mail(cx, account))); /* once is enough */
    for (int i = 0; i < 10; i++) {
        run_jobs(cx);
        testing_advance(cx, 7 * HOUR_MS);
    }
    assert_ok(db_one_int(cx, &n, "select count(*) from identity_invite"));
    assert_int_equal(n, 5);
    assert_ok(db_one_int(
        cx, &n, "select count(*) from job where kind = 'identity.invite_mail' and state = 3"));
    assert_int_equal(n, 1);
    struct person none = {.kind = S("cong_dan"), .name = S("Hứa Văn Không"), .born_on = INT64_MIN};
    assert_ok(test_write(cx, person_put(cx, &none)));
    assert_ok(test_write(
        cx, account_add(cx, S("khong.kylua"), IDENTITY_NO_PASSWORD, none.id, none.name, &account)));
    assert_err(test_write(cx, identity_invite_by_mail(cx, account)), ERR_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SETTINGS_TEST(what_is_stated_is_used_and_tried),
        SETTINGS_TEST(what_is_stated_stays_after_a_restart_and_sealed),
        SETTINGS_TEST(an_empty_password_keeps_the_one_there),
        SETTINGS_TEST(each_wrong_answer_is_named),
        SETTINGS_TEST(the_file_wins),
        SETTINGS_TEST(name_and_hours_stand_on_every_page),
        SETTINGS_TEST(of_the_name_the_page_wins_and_the_file_comes_back),
        SETTINGS_TEST(a_newcomer_gets_the_link_by_mail),
        SETTINGS_TEST(mails_that_do_not_go_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
