/* erase_test.c - a person is erased by a legal order: nothing is read any more, nothing found. */
#include "identity_fixture.h"

#include "crypto/crypto.h"
#include "db/db.h"
#include "job/job.h"

#define CITIZEN "020192999101"
#define NAME "Hoàng Thị Mai"

static int64_t person_of(struct cx *cx)
{
    int64_t person;
    assert_ok(account_person(cx, account_of(cx, CITIZEN), &person));
    return person;
}

static int64_t found_by(struct cx *cx, const char *words)
{
    int64_t ids[8];
    size_t n;
    assert_ok(person_search(cx, str_c(words), ids, 8, &n));
    return (int64_t)n;
}

static void do_jobs(struct cx *cx)
{
    testing_let_go(cx);
    for (int ran = 1; ran > 0;)
        assert_ok(jobs_run_due(cx, &ran));
    testing_hold(cx);
}

static bool fill(struct browser *b, const char *number, const char *name)
{
    assert_opens(b, "/quan-tri/xoa-du-lieu", 200);
    return browser_fill(b, "so_dinh_danh", number) && browser_fill(b, "ho_ten", name) &&
           browser_fill(b, "quyet_dinh", "214/QĐ-UBND") && browser_fill(b, "xac_nhan", "1") &&
           browser_press(b, "Xóa dữ liệu của người này");
}

static void an_erased_person_is_neither_read_nor_found(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t person = person_of(cx);
    struct browser *own = signed_in_as(cx, CITIZEN), *admin = signed_in_as(cx, "hethong");
    struct person out;
    int64_t sealed;
    assert_int_equal(found_by(cx, NAME), 1);
    assert_true(fill(admin, CITIZEN, "hoang thi mai"));
    assert_sees(admin, "Đã xóa dữ liệu theo quyết định 214/QĐ-UBND.");
    do_jobs(cx);

    assert_int_equal(found_by(cx, NAME), 0);
    assert_int_equal(found_by(cx, "mai"), 0);
    assert_err(person_by_id_no(cx, S(CITIZEN), &out), ERR_NOT_FOUND);
    assert_ok(person_find(cx, person, &out));
    assert_contains(out.name, "đã xóa");
    assert_int_equal(out.id_no.n, 0);
    assert_ok(db_one_int(cx, &sealed, "select count(*) from identity_name_token where person = $1",
                         V(person)));
    assert_int_equal(sealed, 0);
    assert_opens(own, "/tai-khoan", 200);
    assert_sees(own, "Mật khẩu"); /* at the sign-in page */
    assert_int_equal(rows_of(cx, "journal_event where kind = 'journal.subject.erased'"), 1);
}

static void others_stay_and_the_number_may_come_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *admin = signed_in_as(cx, "hethong");
    struct person other = {.name = S("Hoàng Thị Mai"),
                           .id_no = S("020301000777"),
                           .born_on = INT64_MIN},
                  again = {.name = S(NAME), .id_no = S(CITIZEN), .born_on = INT64_MIN}, out;
    const int64_t before = person_of(cx);
    assert_ok(test_write(cx, person_put(cx, &other)));
    assert_true(fill(admin, CITIZEN, NAME));
    assert_sees(admin, "Đã xóa dữ liệu");
    do_jobs(cx);
    assert_int_equal(found_by(cx, NAME), 1);
    assert_ok(person_find(cx, other.id, &out));
    assert_str(out.name, "Hoàng Thị Mai");
    assert_ok(test_write(cx, person_put(cx, &again)));
    assert_true(again.id != before);
}

/* As after a restore: the event alone comes, from tombstones. */
static void what_finds_a_person_goes_with_the_event(void **t)
{
    struct cx *cx = test_cx(t);
    struct person p = {.name = S("Lý Thị Bình"), .id_no = S("020301000777"), .born_on = INT64_MIN},
                  out;
    assert_ok(test_write(cx, person_put(cx, &p)));
    assert_ok(test_write(cx, journal_erase(cx, p.subject, S("12/QĐ"))));
    do_jobs(cx);
    assert_int_equal(found_by(cx, "Lý Thị Bình"), 0);
    assert_err(person_by_id_no(cx, S("020301000777"), &out), ERR_NOT_FOUND);
}

static void a_wrong_name_an_officer_and_a_second_time_are_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *admin = signed_in_as(cx, "hethong");
    assert_true(fill(admin, CITIZEN, "Hoàng Thị Mận"));
    assert_sees(admin, "Không có người nào mang số và họ tên này");
    assert_true(fill(admin, "020192999109", NAME));
    assert_sees(admin, "Không có người nào mang số và họ tên này");
    assert_int_equal(rows_of(cx, "journal_event where kind = 'journal.subject.erased'"), 0);

    assert_ok(test_write(cx, role_grant(cx, account_of(cx, CITIZEN), S("chuyen_vien"), 1, 0, 0)));
    assert_true(fill(admin, CITIZEN, NAME));
    assert_sees(admin, "Thu hồi vai trò trước khi xóa");
    assert_int_equal(rows_of(cx, "journal_event where kind = 'journal.subject.erased'"), 0);
}

static void only_who_has_the_right_sees_the_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *officer = signed_in_as(cx, "hotich.kylua"),
                   *users = signed_in_as(cx, "quantri");
    assert_opens(officer, "/quan-tri/xoa-du-lieu", 403);
    assert_opens(users, "/quan-tri/xoa-du-lieu", 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_erased_person_is_neither_read_nor_found),
        TEST(others_stay_and_the_number_may_come_again),
        TEST(what_finds_a_person_goes_with_the_event),
        TEST(a_wrong_name_an_officer_and_a_second_time_are_refused),
        TEST(only_who_has_the_right_sees_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
