/* role_test.c - roles as data, how far rights reach, what is taken back, whom to ask. */
#include "identity_fixture.h"

#include "../identity_inside.h"

static struct str scope_of(struct browser *b)
{
    assert_opens(b, "/so/pham-vi", 200);
    return browser_page(b)->body;
}

static void a_right_reaches_as_far_as_the_role_says(void **t)
{
    struct cx *cx = test_cx(t);
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, S("H37.114"), day_of(cx->now), &u));
    struct str unit = str_fmt(cx->arena, "kind=%d unit=%lld path=", SCOPE_UNIT, (long long)u.id);
    struct str tree = str_fmt(cx->arena, "kind=%d unit=%lld path=%.*s", SCOPE_UNIT_TREE,
                              (long long)u.id, F(u.path));
    assert_true(str_eq(scope_of(signed_in_as(cx, "hotich.kylua")), unit));
    assert_true(str_eq(scope_of(signed_in_as(cx, "chutich.kylua")), tree));
}

static void of_two_roles_the_wider_reach_counts(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(test_write(cx, role_grant(cx, account_of(cx, "hotich.kylua"), S("lanh_dao"),
                                        unit_of(cx, "H37.114"), 0, 0)));
    assert_contains(scope_of(signed_in_as(cx, "hotich.kylua")), "kind=4");
}

static void a_role_taken_back_is_gone_at_the_next_request(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    struct post p;
    size_t n;
    assert_opens(b, "/so", 200);
    assert_ok(identity_posts(cx, account_of(cx, "hotich.kylua"), &p, 1, &n));
    assert_ok(test_write(cx, role_revoke(cx, p.id)));
    assert_opens(b, "/so", 403);
    assert_err(test_write(cx, role_revoke(cx, p.id)), ERR_CONFLICT);
}

static void a_role_holds_from_its_first_to_its_last_day(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t today = day_of(cx->now), account = account_of(cx, "020192999101");
    assert_ok(test_write(cx, role_grant(cx, account, S("chuyen_vien"), unit_of(cx, "H37.114"),
                                        today + 1, today + 2)));
    struct post p[4];
    size_t n;
    assert_ok(identity_posts(cx, account, p, 4, &n));
    assert_int_equal(n, 0);
    testing_advance(cx, DAY_MS);
    assert_ok(identity_posts(cx, account, p, 4, &n));
    assert_int_equal(n, 1);
    testing_advance(cx, DAY_MS);
    assert_ok(identity_posts(cx, account, p, 4, &n));
    assert_int_equal(n, 1);
    testing_advance(cx, DAY_MS);
    assert_ok(identity_posts(cx, account, p, 4, &n));
    assert_int_equal(n, 0);
}

static void who_lacks_a_right_hears_why_and_whom_to_ask(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    assert_opens(b, "/ky", 403);
    assert_sees(b, "“Ký sổ”");
    assert_sees(b, "Hỏi Vi Văn Đức (UBND tỉnh)");
    b = signed_in_as(cx, "020192999101");
    assert_opens(b, "/so", 403);
    assert_sees(b, "dành cho cán bộ được giao");
}

static void a_closed_account_is_out_at_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    assert_ok(test_write(cx, account_close(cx, account_of(cx, "hotich.kylua"))));
    browser_open(b, "/so");
    assert_sees(b, "Số định danh cá nhân hoặc tên đăng nhập");
    browser_fill(b, "tai_khoan", "hotich.kylua");
    browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD);
    browser_press(b, "Đăng nhập");
    assert_int_equal(browser_page(b)->status, 422);
}

static void delegation_needs_the_role_an_order_and_an_end(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t leader = account_of(cx, "chutich.kylua"), clerk = account_of(cx, "hotich.kylua"),
            unit = unit_of(cx, "H37.114");
    int64_t today = day_of(cx->now);
    assert_err(test_write(cx, role_delegate(cx, clerk, leader, S("lanh_dao"), unit, 0, today + 5,
                                            S("214/QĐ"))),
               ERR_DENIED);
    assert_err(
        test_write(cx, role_delegate(cx, leader, clerk, S("lanh_dao"), unit, 0, 0, S("214/QĐ"))),
        ERR_INVALID);
    assert_err(
        test_write(cx, role_delegate(cx, leader, clerk, S("lanh_dao"), unit, 0, today + 5, S(""))),
        ERR_INVALID);
    assert_ok(test_write(
        cx, role_delegate(cx, leader, clerk, S("lanh_dao"), unit, 0, today + 5, S("214/QĐ"))));
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    assert_opens(b, "/ky", 200);
    /* What one has by delegation cannot be passed on. */
    assert_err(test_write(cx, role_delegate(cx, clerk, leader, S("lanh_dao"), unit, 0, today + 5,
                                            S("215/QĐ"))),
               ERR_DENIED);
}

static void loading_roles_again_takes_away_what_the_file_no_longer_gives(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "hotich.kylua");
    assert_opens(b, "/so", 200);
    static const char less[] =
        "{\"roles\": [{\"code\": \"chuyen_vien\", \"title\": \"Chuyên viên\", \"rights\": {}}]}";
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0;
    assert_ok(
        test_write(cx, identity_module.packs[0].load(cx, S("x.json"), str_c(less), &next, &r)));
    assert_int_equal(r.changed, 1);
    assert_opens(b, "/so", 403);
}

static void unknown_rights_and_scopes_of_a_pack_are_refused_one_by_one(void **t)
{
    struct cx *cx = test_cx(t);
    static const char odd[] =
        "{\"roles\": [{\"code\": \"x\", \"title\": \"X\", \"rights\": "
        "{\"note.write\": \"everywhere\", \"note.fly\": \"unit\", \"note.sign\": \"unit\"}}, {\"code\": \"\"}]}";
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0, n;
    assert_ok(
        test_write(cx, identity_module.packs[0].load(cx, S("x.json"), str_c(odd), &next, &r)));
    assert_int_equal(r.refused, 3);
    struct role_right rights[4];
    assert_ok(identity_role_rights(cx, S("x"), rights, 4, &n));
    assert_int_equal(n, 1);
}

static void who_may_at_a_unit_is_known(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t accounts[8];
    size_t n;
    assert_ok(identity_who_may(cx, &note_sign, unit_of(cx, "H37.114"), accounts, 8, &n));
    assert_int_equal(n, 1);
    assert_int_equal(accounts[0], account_of(cx, "chutich.kylua"));
}

/* ---- the pages of whoever manages roles ---- */

static void an_administrator_gives_and_takes_back_roles(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *admin = signed_in_as(cx, "quantri"), *clerk = signed_in_as(cx, "vanthu.kylua");
    assert_opens(clerk, "/so", 403);
    assert_opens(admin, "/quan-tri/nguoi-dung", 200);
    assert_true(browser_click(admin, "Hà Văn Quyết"));
    assert_true(browser_click(admin, "Giao vai trò"));
    assert_true(browser_fill(admin, "vai_tro", "chuyen_vien"));
    assert_true(browser_fill(admin, "don_vi", "H37.999"));
    assert_true(browser_fill(admin, "den_ngay", "31/02/2027"));
    assert_true(browser_press(admin, "Xem trước"));
    assert_sees(admin, "Không có đơn vị nào mang mã này hôm nay.");
    assert_sees(admin, "Đến ngày phải có dạng ngày/tháng/năm");
    assert_true(browser_fill(admin, "don_vi", "H37.114"));
    assert_true(browser_fill(admin, "den_ngay", "31/12/2026"));
    assert_true(browser_fill(admin, "can_cu", "214/QĐ-UBND"));
    assert_true(browser_press(admin, "Xem trước"));
    /* What it changes is seen before it is done. */
    assert_sees(admin,
                "Chuyên viên tại Ủy ban nhân dân phường Kỳ Lừa, từ 23/11/2026 đến 31/12/2026");
    assert_sees(admin, "Ghi sổ Không Đơn vị");
    assert_opens(clerk, "/so", 403);
    assert_true(browser_press(admin, "Giao vai trò"));
    assert_sees(admin, "Đã giao vai trò.");
    assert_sees(admin, "214/QĐ-UBND Vi Văn Đức giao lúc 09:00, 23/11/2026");
    assert_opens(clerk, "/so", 200);
    const struct page *p = browser_page(admin); /* the new one stands before văn thư */
    struct str first = S("");
    for (size_t i = 0; i < p->links_n && first.n == 0; i++)
        if (str_find(p->links[i].href, S("/thu-hoi/"), NULL))
            first = p->links[i].href;
    assert_opens(admin, str_z(cx->arena, first), 200);
    assert_sees(admin, "Ghi sổ Đơn vị Không");
    assert_not_sees(admin, "Thử lại");
    assert_true(browser_press(admin, "Thu hồi"));
    assert_sees(admin, "Đã thu hồi vai trò.");
    assert_sees(admin, "Thu hồi lúc 09:00, 23/11/2026, bởi Vi Văn Đức.");
    assert_opens(clerk, "/so", 403);
    assert_opens(admin, "/quan-tri/vai-tro", 200);
    assert_sees(admin, "Vi Văn Đức thu hồi vai trò Chuyên viên của Hà Văn Quyết");
}

static void a_form_sent_past_the_preview_is_judged_all_the_same(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *admin = signed_in_as(cx, "quantri");
    struct str path =
        str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)account_of(cx, "vanthu.kylua"));
    assert_opens(admin,
                 str_fmt(cx->arena,
                         "%.*s/giao?vai_tro=chuyen_vien&don_vi=H37.114&tu_ngay=&den_ngay="
                         "&can_cu=&xem=1",
                         F(path))
                     .p,
                 200);
    struct page_form *f = browser_form(admin, str_fmt(cx->arena, "%.*s/vai-tro", F(path)));
    assert_non_null(f);
    for (size_t i = 0; i < f->fields_n; i++)
        if (str_eq(f->fields[i].name, S("vai_tro")))
            f->fields[i].value = S("cong_dan");
    browser_submit(admin, f, NULL);
    assert_int_equal(browser_page(admin)->status, 422);
    assert_sees(admin, "Chọn vai trò.");
}

static void an_administrator_ends_what_a_person_has_open(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *admin = signed_in_as(cx, "quantri"), *clerk = signed_in_as(cx, "hotich.kylua");
    assert_opens(clerk, "/so", 200);
    assert_opens(
        admin,
        str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)account_of(cx, "hotich.kylua"))
            .p,
        200);
    assert_true(browser_press(admin, "Kết thúc mọi phiên đăng nhập"));
    assert_sees(admin, "Đã kết thúc mọi phiên đăng nhập của người này.");
    assert_opens(clerk, "/so", 200);
    assert_sees(clerk, "Mật khẩu"); /* at the sign-in page again */
}

static void a_right_of_the_whole_province_counts_at_its_head_alone(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t account = account_of(cx, "vanthu.kylua");
    struct actor a;
    struct scope scope;
    struct str why;
    const struct right whole = {.name = "identity.admin", .title = "Việc chung", .whole = true};
    const int64_t below = unit_of(cx, "H37.114"), head = unit_of(cx, "H37");
    assert_ok(test_write(cx, role_grant(cx, account, S("quan_tri"), below, 0, 0)));
    assert_ok(test_write(cx, role_grant(cx, account, S("quan_tri"), head, 0, 0)));
    assert_ok(identity_load_actor(cx, account, below, &a));
    assert_true(identity_grant(cx, &a, &identity_admin, &scope, &why));
    assert_false(identity_grant(cx, &a, &whole, &scope, &why));
    assert_ok(identity_load_actor(cx, account, head, &a));
    assert_true(identity_grant(cx, &a, &whole, &scope, &why));
}

static void an_administrator_of_a_commune_does_not_reach_beyond_it(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(test_write(cx, role_grant(cx, account_of(cx, "vanthu.kylua"), S("quan_tri"),
                                        unit_of(cx, "H37.114"), 0, 0)));
    struct browser *b = signed_in_as(cx, "vanthu.kylua");
    assert_opens(b, "/quan-tri/nguoi-dung", 200);
    assert_sees(b, "Đàm Thu Hà");
    assert_not_sees(b, "Triệu Văn Sơn");
    assert_opens(b, "/quan-tri/nguoi-dung?q=trieu+van+son", 200);
    assert_not_sees(b, "Triệu Văn Sơn");
    assert_opens(b, "/quan-tri/nguoi-dung?q=hotich.tamthanh", 200);
    assert_not_sees(b, "Triệu Văn Sơn");
    struct str foreign = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld",
                                 (long long)account_of(cx, "hotich.tamthanh"));
    assert_opens(b, foreign.p, 404);
    assert_opens(b, str_fmt(cx->arena, "%.*s/giao", F(foreign)).p, 404);
    struct str own = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld/giao",
                             (long long)account_of(cx, "hotich.kylua"));
    assert_opens(b, own.p, 200);
    browser_fill(b, "vai_tro", "chuyen_vien");
    browser_fill(b, "don_vi", "H37.115");
    browser_press(b, "Xem trước");
    assert_int_equal(browser_page(b)->status, 403);
    assert_opens(b, "/quan-tri/vai-tro", 200);
    assert_sees(b, "Đơn vị và cấp dưới");
    assert_not_sees(b, "Triệu Văn Sơn");
}

/* The page holds a hundred times what a commune has: its own people still come first. */
static void the_list_of_people_is_searched_filtered_and_paged(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "quantri");
    assert_opens(b, "/quan-tri/nguoi-dung?q=dam+ha", 200);
    assert_sees(b, "Đàm Thu Hà");
    assert_not_sees(b, "Bế Văn Lâm");
    assert_opens(b, "/quan-tri/nguoi-dung?q=chutich.kylua", 200);
    assert_sees(b, "Bế Văn Lâm");
    assert_not_sees(b, "Đàm Thu Hà");
    assert_opens(b, "/quan-tri/nguoi-dung?vai-tro=van_thu", 200);
    assert_sees(b, "Hà Văn Quyết");
    assert_not_sees(b, "Đàm Thu Hà");
    assert_not_sees(b, "Hoàng Thị Mai"); /* citizens are nobody's officers */
    struct post p;
    size_t n;
    assert_ok(identity_posts(cx, account_of(cx, "vanthu.kylua"), &p, 1, &n));
    assert_ok(test_write(cx, role_revoke(cx, p.id)));
    assert_opens(b, "/quan-tri/nguoi-dung", 200);
    assert_not_sees(b, "Hà Văn Quyết");
    assert_opens(b, "/quan-tri/nguoi-dung?con=thoi", 200);
    assert_sees(b, "Hà Văn Quyết");
    assert_not_sees(b, "Đàm Thu Hà");
    /* Who left can be given a role again, but no link to become them. */
    assert_true(browser_click(b, "Hà Văn Quyết"));
    assert_sees(b, "Vai trò đã thôi");
    assert_not_sees(b, "Cấp đường dẫn đặt mật khẩu");
}

static void a_unit_that_moved_takes_its_people_along(void **t)
{
    struct cx *cx = test_cx(t);
    struct post p;
    size_t n;
    int ran;
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, S("H37.114"), day_of(cx->now), &u));
    assert_ok(identity_posts(cx, account_of(cx, "hotich.kylua"), &p, 1, &n));
    assert_true(str_eq(p.unit_path, u.path));
    assert_ok(db_exec(cx, "update identity_post set unit_path = '/0/' where unit = $1", V(u.id)));
    assert_ok(test_write(cx, journal_write(cx, &(struct event){.kind = S("org.unit.moved"),
                                                               .subject_kind = S("org.unit"),
                                                               .subject_id = u.id,
                                                               .unit = u.id})));
    testing_let_go(cx);
    assert_ok(jobs_run_due(cx, &ran));
    testing_hold(cx);
    assert_ok(identity_posts(cx, account_of(cx, "hotich.kylua"), &p, 1, &n));
    assert_true(str_eq(p.unit_path, u.path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_reaches_as_far_as_the_role_says),
        TEST(of_two_roles_the_wider_reach_counts),
        TEST(a_role_taken_back_is_gone_at_the_next_request),
        TEST(a_role_holds_from_its_first_to_its_last_day),
        TEST(who_lacks_a_right_hears_why_and_whom_to_ask),
        TEST(a_closed_account_is_out_at_once),
        TEST(delegation_needs_the_role_an_order_and_an_end),
        TEST(loading_roles_again_takes_away_what_the_file_no_longer_gives),
        TEST(unknown_rights_and_scopes_of_a_pack_are_refused_one_by_one),
        TEST(who_may_at_a_unit_is_known),
        TEST(an_administrator_gives_and_takes_back_roles),
        TEST(a_form_sent_past_the_preview_is_judged_all_the_same),
        TEST(an_administrator_ends_what_a_person_has_open),
        TEST(a_right_of_the_whole_province_counts_at_its_head_alone),
        TEST(an_administrator_of_a_commune_does_not_reach_beyond_it),
        TEST(the_list_of_people_is_searched_filtered_and_paged),
        TEST(a_unit_that_moved_takes_its_people_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
