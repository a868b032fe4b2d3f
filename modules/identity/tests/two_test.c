/* two_test.c - roles that want two persons; the question who may do what, and why not. */
#include "identity_fixture.h"

static struct str user_page(struct cx *cx, const char *login)
{
    return str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)account_of(cx, login));
}

/* quantri wishes that this person becomes an administrator of Kỳ Lừa. */
static struct browser *wish(struct cx *cx, const char *login)
{
    struct browser *b = signed_in_as(cx, "quantri");
    assert_opens(b, str_fmt(cx->arena, "%.*s/giao", F(user_page(cx, login))).p, 200);
    assert_true(browser_fill(b, "vai_tro", "quan_tri"));
    assert_true(browser_fill(b, "don_vi", "H37.114"));
    assert_true(browser_press(b, "Xem trước"));
    assert_sees(b, "Vai trò này cần hai người");
    assert_true(browser_press(b, "Gửi đề nghị"));
    assert_sees(b, "Một người quản trị khác cần duyệt.");
    return b;
}

static size_t posts_of(struct cx *cx, const char *login)
{
    struct post p[8];
    size_t n;
    assert_ok(identity_posts(cx, account_of(cx, login), p, 8, &n));
    return n;
}

static int64_t events(struct cx *cx, const char *kind)
{
    int64_t n = 0;
    assert_ok(
        db_one_int(cx, &n, "select count(*) from journal_event where kind = $1", V(str_c(kind))));
    return n;
}

static void one_asks_and_another_approves(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *asker = wish(cx, "vanthu.kylua"), *other = signed_in_as(cx, "hethong");
    assert_int_equal(posts_of(cx, "vanthu.kylua"), 1); /* nothing has changed yet */
    wish(cx, "vanthu.kylua");                          /* asked again it is still one */
    assert_int_equal(rows_of(cx, "identity_asked"), 1);
    assert_opens(asker, "/quan-tri/duyet-vai-tro", 200);
    assert_sees(asker, "Bạn là người đề nghị");
    assert_false(browser_press(asker, "Duyệt"));
    assert_opens(other, "/quan-tri/nguoi-dung", 200);
    assert_true(browser_click(other, "1 đề nghị chờ duyệt"));
    assert_sees(other, "Giao vai trò Quản trị tại Ủy ban nhân dân phường Kỳ Lừa");
    assert_true(browser_press(other, "Duyệt"));
    assert_sees(other, "Đã duyệt.");
    assert_int_equal(posts_of(cx, "vanthu.kylua"), 2);
    assert_int_equal(events(cx, "identity.role.asked"), 1);
    assert_int_equal(events(cx, "identity.role.approved"), 1);
    /* Taking it back wants two as well. */
    assert_opens(asker, user_page(cx, "vanthu.kylua").p, 200);
    struct post p[8];
    size_t n;
    assert_ok(identity_posts(cx, account_of(cx, "vanthu.kylua"), p, 8, &n));
    const int64_t post = str_eq(p[0].role, S("quan_tri")) ? p[0].id : p[1].id;
    assert_opens(
        asker,
        str_fmt(cx->arena, "%.*s/thu-hoi/%lld", F(user_page(cx, "vanthu.kylua")), (long long)post)
            .p,
        200);
    assert_sees(asker, "Vai trò này cần hai người");
    assert_sees(asker, "không còn ai giữ vai trò này");
    assert_true(browser_press(asker, "Thu hồi"));
    assert_int_equal(posts_of(cx, "vanthu.kylua"), 2);
    assert_opens(other, "/quan-tri/duyet-vai-tro", 200);
    assert_true(browser_press(other, "Duyệt"));
    assert_int_equal(posts_of(cx, "vanthu.kylua"), 1);
}

static void neither_the_asker_nor_the_one_concerned_decides(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *asker = wish(cx, "hethong"), *concerned = signed_in_as(cx, "hethong");
    assert_opens(concerned, "/quan-tri/duyet-vai-tro", 200);
    assert_sees(concerned, "về chính bạn");
    assert_false(browser_press(concerned, "Duyệt"));
    /* The button of the page is not what holds it. */
    struct page_form *f = browser_form(concerned, S("/quan-tri/duyet-vai-tro/1"));
    assert_non_null(f);
    browser_submit(concerned, f,
                   &(struct page_button){.name = S("quyet_dinh"), .value = S("duyet")});
    assert_int_equal(browser_page(concerned)->status, 403);
    assert_opens(asker, "/quan-tri/duyet-vai-tro", 200);
    f = browser_form(asker, S("/quan-tri/duyet-vai-tro/1"));
    browser_submit(asker, f, &(struct page_button){.name = S("quyet_dinh"), .value = S("duyet")});
    assert_int_equal(browser_page(asker)->status, 403);
    assert_int_equal(posts_of(cx, "hethong"), 1);
    assert_opens(asker, "/quan-tri/duyet-vai-tro", 200);
    assert_true(browser_press(asker, "Rút đề nghị"));
    assert_sees(asker, "Không có đề nghị nào chờ duyệt");
    assert_int_equal(events(cx, "identity.role.withdrawn"), 1);
}

static void what_was_refused_stays_undone_and_may_be_asked_again(void **t)
{
    struct cx *cx = test_cx(t);
    wish(cx, "vanthu.kylua");
    struct browser *other = signed_in_as(cx, "hethong");
    assert_opens(other, "/quan-tri/duyet-vai-tro", 200);
    assert_true(browser_press(other, "Không duyệt"));
    assert_int_equal(posts_of(cx, "vanthu.kylua"), 1);
    assert_int_equal(events(cx, "identity.role.refused"), 1);
    wish(cx, "vanthu.kylua");
    assert_int_equal(rows_of(cx, "identity_asked"), 2);
}

static void an_administrator_below_sees_and_decides_only_below(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(test_write(cx, role_grant(cx, account_of(cx, "hotich.tamthanh"), S("quan_tri"),
                                        unit_of(cx, "H37.115"), 0, 0)));
    wish(cx, "vanthu.kylua");
    struct browser *b = signed_in_as(cx, "hotich.tamthanh");
    assert_opens(b, "/quan-tri/duyet-vai-tro", 200);
    assert_sees(b, "Không có đề nghị nào chờ duyệt");
}

static void a_failed_call_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    const struct post p = {.account = account_of(cx, "vanthu.kylua"),
                           .role = S("quan_tri"),
                           .unit = unit_of(cx, "H37.114")};
    const struct actor who = {.account = account_of(cx, "quantri"), .unit = unit_of(cx, "H37")};
    enum err e = ERR_IO;
    int calls = 0;
    bool waits = false;
    cx->actor = &who;
    while (e != OK) {
        assert_int_equal(rows_of(cx, "identity_asked"), 0);
        db_fail_at(cx, ++calls);
        e = test_write(cx, role_give(cx, &p, &waits));
    }
    db_fail_at(cx, 0);
    cx->actor = &actor_program;
    assert_true(waits && calls >= 4);
    assert_int_equal(rows_of(cx, "identity_asked"), 1);
}

/* ---- the question ---- */

static void asked(struct cx *cx, struct browser *b, const char *who, const char *what,
                  const char *where)
{
    assert_opens(
        b,
        str_fmt(cx->arena, "/quan-tri/thu-hoi-quyen?ai=%s&lam=%s&don_vi=%s&hoi=1", who, what, where)
            .p,
        200);
}

static void the_question_is_answered_with_reasons(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "quantri");
    asked(cx, b, "hotich.kylua", "note.write", "H37.114");
    assert_sees(b, "Đàm Thu Hà được “Ghi sổ” tại Ủy ban nhân dân phường Kỳ Lừa");
    assert_sees(b, "Vai trò Chuyên viên, từ 23/11/2026, cho quyền này trong phạm vi: Đơn vị.");
    asked(cx, b, "hotich.kylua", "note.sign", "H37.114");
    assert_sees(b, "Đàm Thu Hà không được “Ký sổ”");
    assert_sees(b, "Vai trò Chuyên viên không có quyền này.");
    assert_sees(b, "Ai làm được: Bế Văn Lâm");
    asked(cx, b, "hotich.kylua", "note.write", "H37.115");
    assert_sees(b, "không giữ vai trò nào tại");
    asked(cx, b, "ai-do", "note.fly", "H99");
    assert_sees(b, "Không có người mang tên đăng nhập này");
    assert_sees(b, "Chọn việc.");
    assert_sees(b, "Không có đơn vị mang mã này");
    /* What ended, what has not begun, an account that is closed. */
    const int64_t account = account_of(cx, "vanthu.kylua"), unit = unit_of(cx, "H37.114");
    assert_ok(test_write(cx, role_grant(cx, account, S("lanh_dao"), unit, day_of(cx->now) + 3, 0)));
    asked(cx, b, "vanthu.kylua", "note.sign", "H37.114");
    assert_sees(b, "từ ngày 26/11/2026 mới có hiệu lực");
    struct post p;
    size_t n;
    assert_ok(identity_posts(cx, account_of(cx, "chutich.kylua"), &p, 1, &n));
    assert_ok(test_write(cx, role_revoke(cx, p.id)));
    asked(cx, b, "chutich.kylua", "note.sign", "H37.114");
    assert_sees(b, "nhưng đã thu hồi lúc 09:00, 23/11/2026.");
    assert_ok(test_write(cx, account_close(cx, account_of(cx, "hotich.kylua"))));
    asked(cx, b, "hotich.kylua", "note.write", "H37.114");
    assert_sees(b, "Tài khoản đã đóng");
    assert_sees(b, "Đàm Thu Hà không được");
}

/* The answer is the rule itself: for everybody, everything, everywhere it says what the gate does.
 */
static void the_answer_is_what_the_gate_does(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "quantri");
    static const char *const logins[] = {"motcua.kylua", "hotich.kylua", "chutich.kylua"};
    const struct right *const rights[] = {&note_write, &note_sign};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 2; k++) {
            struct actor a;
            struct scope s;
            const int64_t unit = unit_of(cx, "H37.114");
            assert_ok(identity_load_actor(cx, account_of(cx, logins[i]), unit, &a));
            const bool may = identity_grant(cx, &a, rights[k], &s, NULL);
            asked(cx, b, logins[i], rights[k]->name, "H37.114");
            assert_true(browser_sees(b, S(" không được “")) == !may);
        }
}

static void who_holds_a_role_is_shown(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = signed_in_as(cx, "quantri");
    assert_opens(b, "/quan-tri/vai-tro?vai_tro=lanh_dao&don_vi=H37.114", 200);
    assert_sees(b, "1 người giữ vai trò này tại Ủy ban nhân dân phường Kỳ Lừa");
    assert_sees(b, "Bế Văn Lâm, từ 23/11/2026 đến khi thay đổi");
    assert_opens(b, "/quan-tri/vai-tro?vai_tro=lanh_dao&don_vi=H37.998", 200);
    assert_sees(b, "Không có đơn vị mang mã này");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_asks_and_another_approves),
        TEST(neither_the_asker_nor_the_one_concerned_decides),
        TEST(what_was_refused_stays_undone_and_may_be_asked_again),
        TEST(an_administrator_below_sees_and_decides_only_below),
        TEST(a_failed_call_leaves_nothing_behind),
        TEST(the_question_is_answered_with_reasons),
        TEST(the_answer_is_what_the_gate_does),
        TEST(who_holds_a_role_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
